package gotelemetry

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

// Compiles a C program against the headers of support, runs it and returns what it printed.
func runC(t *testing.T, source string) string {
	t.Helper()
	folder := t.TempDir()
	file, program := filepath.Join(folder, "check.c"), filepath.Join(folder, "check")
	if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	support, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	if output, err := exec.Command("cc", "-I", support, "-pthread", file, "-o", program).CombinedOutput(); err != nil {
		t.Fatalf("page.go and telemetry_layout.h differ: %v\n%s", err, output)
	}
	output, err := exec.Command(program).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(output)
}

// One assertion for each field's place and size, and one for the whole.
func assertions(goType reflect.Type, cType string) string {
	var lines strings.Builder
	for index := range goType.NumField() {
		field := goType.Field(index)
		name, found := field.Tag.Lookup("c")
		if !found {
			continue
		}
		fmt.Fprintf(&lines, "_Static_assert(offsetof(struct %s, %s) == %d, \"place of %s.%s\");\n",
			cType, name, field.Offset, cType, name)
		fmt.Fprintf(&lines, "_Static_assert(sizeof(((struct %s *)0)->%s) == %d, \"size of %s.%s\");\n",
			cType, name, field.Type.Size(), cType, name)
	}
	fmt.Fprintf(&lines, "_Static_assert(sizeof(struct %s) == %d, \"size of %s\");\n", cType, goType.Size(), cType)
	return lines.String()
}

func TestThePageIsTheSameInGoAndC(t *testing.T) {
	source := "#include <stddef.h>\n#include \"telemetry_layout.h\"\n"
	source += assertions(reflect.TypeFor[mark](), "hs_mark")
	source += assertions(reflect.TypeFor[slot](), "hs_slot")
	source += assertions(reflect.TypeFor[histogram](), "hs_histogram")
	source += assertions(reflect.TypeFor[page](), "hs_page")
	for name, value := range map[string]uint64{
		"HS_TELEMETRY_MAGIC": magic, "HS_TELEMETRY_VERSION": version, "HS_FLUSH_BYTES": flushBytes,
		"HS_FLAG_HOLD": flagHold, "HS_MARKS": maximumMarks, "HS_SLOTS": maximumSlots,
		"HS_VERDICT_OK": verdictOK, "HS_VERDICT_WRONG_ANSWER": verdictWrongAnswer,
		"HS_VERDICT_OUT_OF_MEMORY": verdictOutOfMemory, "HS_GO_MARKS": goMarks, "HS_GO_TOTALS": goTotals,
		"HS_PHASE_WARMUP": Warmup, "HS_PHASE_STEADY": Steady, "HS_PHASE_DRAIN": Drain, "HS_PHASE_IDLE": idle,
		"HS_PHASE_DONE": done,
	} {
		source += fmt.Sprintf("_Static_assert(%s == %dull, \"%s\");\n", name, value, name)
	}
	source += "int main(void) { return 0; }\n"
	runC(t, source)
}

func TestTheVariablesHaveTheSameNames(t *testing.T) {
	names := runC(t, `#include <stdio.h>
#include "telemetry_layout.h"
int main(void) { printf("%s %s", HS_TELEMETRY_FD_VARIABLE, HS_NOTIFY_FD_VARIABLE); }`)
	if want := descriptorVariable + " " + notifyVariable; names != want {
		t.Errorf("%s instead of %s", want, names)
	}
}

func TestRandomNumbersAreThoseOfC(t *testing.T) {
	numbers := runC(t, `#include "workload.h"
int main(void) {
  struct hs_random random = hs_random_seeded(7, 3);
  printf("%llu ", (unsigned long long)hs_random_next(&random));
  printf("%llu ", (unsigned long long)hs_random_below(&random, 1000));
  printf("%llu", (unsigned long long)hs_random_between(&random, 5, 500));
}`)
	random := NewRandom(7, 3)
	if own := fmt.Sprint(random.Next(), " ", random.Below(1000), " ", random.Between(5, 500)); own != numbers {
		t.Errorf("%s instead of %s", own, numbers)
	}
}

func TestSlotsBeginOnCacheLines(t *testing.T) {
	if offset := unsafe.Offsetof(page{}.slots); offset%64 != 0 {
		t.Errorf("the slots begin at byte %d", offset)
	}
}
