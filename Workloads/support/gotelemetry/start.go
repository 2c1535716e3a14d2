// Package gotelemetry is what every Go workload is written with: parameters, counted allocations, phases, random
// numbers. It writes the page of support/telemetry_layout.h with the protocol of support/workload.h.
//
// A workload is one program: Start, then Phase(Warmup), Phase(Steady), Phase(Drain), Idle, and Exit with the answer.
// Goroutines other than main count in a Counter of their own.
package gotelemetry

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// Exit codes, as in workload.h.
const (
	exitWrongAnswer = 3
	exitOutOfMemory = 4
	exitUsage       = 64
)

var (
	shared *page
	notify = -1
	own    Counter
)

// Start finds the telemetry page, or makes a private one when the program is run by hand. It comes first in main and
// returns main's own counter.
func Start() Counter {
	fd := descriptor(descriptorVariable)
	notify = descriptor(notifyVariable)
	flags := syscall.MAP_SHARED
	if fd < 0 {
		flags = syscall.MAP_PRIVATE | syscall.MAP_ANON
	}
	bytes, err := syscall.Mmap(fd, 0, int(unsafe.Sizeof(page{})), syscall.PROT_READ|syscall.PROT_WRITE, flags)
	if err != nil {
		usage("the telemetry page cannot be mapped: " + err.Error())
	}
	shared = (*page)(unsafe.Pointer(unsafe.SliceData(bytes)))
	if fd >= 0 {
		if shared.magic != magic || shared.version != version {
			usage("the telemetry page has another version than this program: rebuild it")
		}
		syscall.Close(fd)
	}
	stateAllocator()
	shared.goState = goMarks
	own = NewCounter()
	atomic.StoreUint32(&shared.attached, 1)
	return own
}

// Exit is the last call of main: it states the answer, waits for the harness and ends the program.
func Exit(answer, expected uint64) {
	shared.answer, shared.expected = answer, expected
	code, verdict := 0, uint32(verdictOK)
	if answer != expected {
		code, verdict = exitWrongAnswer, verdictWrongAnswer
		message := fmt.Sprintf("wrong answer: %d instead of %d", answer, expected)
		putText(&shared.message, message)
		fmt.Fprintln(os.Stderr, message)
	}
	stateTotals()
	atomic.StoreUint32(&shared.verdict, verdict)
	Phase(done)
	os.Exit(code)
}

// Wrong ends the program because a block's contents are not what was written there.
func Wrong(message string) { fail(verdictWrongAnswer, exitWrongAnswer, message) }

// OutOfMemory ends the program because the C allocator returned NULL for so many bytes.
func OutOfMemory(size int) {
	fail(verdictOutOfMemory, exitOutOfMemory,
		fmt.Sprintf("out of memory: the allocator returned NULL for %d bytes", size))
}

// Int is the value of NAME=VALUE among the arguments. The harness passes every parameter of workload.yaml and has
// checked type and range.
func Int(name string) int {
	for _, argument := range os.Args[1:] {
		if text, found := strings.CutPrefix(argument, name+"="); found {
			value, err := strconv.Atoi(text)
			if err != nil {
				usage("parameter " + name + " is not a whole number: " + argument)
			}
			return value
		}
	}
	usage("parameter " + name + "=N is missing; workload.yaml lists all parameters")
	return 0
}

func fail(verdict uint32, code int, message string) {
	putText(&shared.message, message)
	atomic.StoreUint32(&shared.verdict, verdict)
	fmt.Fprintln(os.Stderr, message)
	os.Exit(code)
}

func usage(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(exitUsage)
}

func descriptor(variable string) int {
	number, err := strconv.Atoi(os.Getenv(variable))
	if err != nil {
		return -1
	}
	return number
}

// The last byte stays NUL.
func putText(field *[textBytes]byte, text string) { copy(field[:textBytes-1], text) }
