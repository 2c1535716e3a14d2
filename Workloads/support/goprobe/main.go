// goprobe answers what is asked about the Go runtime it runs on, and passes on what is asked about malloc.
//
// Each argument is a request, and its answer one line on standard error, written at once:
//
//	heapscale-probe<TAB>REQUEST<TAB>ok<TAB>VALUE
//	heapscale-probe<TAB>REQUEST<TAB>none<TAB>REASON
package main

import (
	"os"
	"strings"
)

func main() {
	// Some settings show, or end the program, only once the heap was collected.
	growAndRelease()
	for _, request := range os.Args[1:] {
		value, reason := answer(request)
		kind := "ok"
		if reason != "" {
			kind, value = "none", reason
		}
		line := strings.Join([]string{"heapscale-probe", request, kind, oneLine(value)}, "\t") + "\n"
		if _, err := os.Stderr.WriteString(line); err != nil {
			os.Exit(1)
		}
	}
}

func answer(request string) (value, reason string) {
	words := strings.Fields(request)
	switch {
	case len(words) == 2 && words[0] == "metric":
		return metric(words[1])
	case len(words) == 3 && words[0] == "process":
		// Huge pages are asked for by malloc's settings, so malloc's memory is looked at where there is one; what
		// was freed lazily is the Go heap's.
		if words[2] != "LazyFree" {
			if value, reason := askC(request); reason == "" {
				return value, ""
			}
		}
		return processField(words[1], words[2])
	default:
		return askC(request)
	}
}

func oneLine(text string) string {
	return strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(text)
}
