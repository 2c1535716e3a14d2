// go-touch: one call site makes nearly all resident memory, in Go.
package main

import (
	"runtime"

	"heapscale/support/gotelemetry"
)

const page = 4096

// The known call site: every page of the slice becomes resident here. The runtime does not clear fresh memory.
//
//go:noinline
func touchEveryPage(block []byte) {
	for at := 0; at < len(block); at += page {
		block[at] = byte(at / page % 251)
	}
}

func sumOf(block []byte) uint64 {
	sum := uint64(0)
	for at := 0; at < len(block); at += page {
		sum += uint64(block[at])
	}
	return sum
}

func main() {
	count := gotelemetry.Start()
	size, idle := gotelemetry.Int("size"), gotelemetry.Int("idle")
	expected := uint64(0)
	for at := 0; at < size; at += page {
		expected += uint64(at / page % 251)
	}

	gotelemetry.Phase(gotelemetry.Steady)
	block := make([]byte, size)
	count.Allocated(size)
	touchEveryPage(block)
	answer := sumOf(block)
	gotelemetry.Phase(gotelemetry.Drain)
	block = nil
	count.Freed(size)
	runtime.GC()
	gotelemetry.Idle(idle)
	gotelemetry.Exit(answer, expected)
}
