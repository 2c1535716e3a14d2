// go-cgo: goroutines replace blocks of C.malloc and objects of Go side by side.
package main

/*
#include <stddef.h>
#include <stdlib.h>

// A block with its first byte in every page and its last byte written; NULL when there is no memory.
static void *block_new(size_t size, unsigned char value) {
	volatile unsigned char *bytes = malloc(size);
	if (!bytes) return NULL;
	for (size_t i = 0; i < size; i += 4096) bytes[i] = value;
	bytes[size - 1] = value;
	return (void *)bytes;
}

// Frees a block; 0 when it is not as it was written.
static int block_free(void *block, size_t size, unsigned char value) {
	const unsigned char *bytes = block;
	int intact = bytes[0] == value && bytes[size - 1] == value;
	free(block);
	return intact;
}
*/
import "C"

import (
	"runtime"
	"runtime/debug"
	"unsafe"

	"heapscale/support/gotelemetry"
)

// One slot of a worker: a block of C, and a slice of Go beside it.
type pair struct {
	block unsafe.Pointer
	size  int
	tag   uint64
	owned []byte
}

type worker struct {
	count  gotelemetry.Counter
	random gotelemetry.Random
	pairs  []pair
	serial uint64
	made   uint64 // the sum of what was allocated
	seen   uint64 // the sum of what was found again
}

func newWorker(seed, index uint64, slots int) *worker {
	w := &worker{
		count: gotelemetry.NewCounter(), random: gotelemetry.NewRandom(seed, index), pairs: make([]pair, slots),
	}
	w.count.Allocated(slots * int(unsafe.Sizeof(pair{})))
	for slot := range w.pairs {
		w.fill(slot)
	}
	return w
}

// 15 of 16 blocks have 16 B to 1 KiB, the others up to 64 KiB, each octave as likely as the next. The slice has an
// eighth of the block's size.
func (w *worker) fill(slot int) {
	shift := uint64(4)
	if w.random.Below(16) == 0 {
		shift = 10
	}
	low := uint64(1) << (shift + w.random.Below(6))
	size := int(w.random.Between(low, 2*low))
	w.serial++
	tag := w.serial * 0x9E3779B97F4A7C15 >> 32
	block := C.block_new(C.size_t(size), C.uchar(byte(tag)))
	if block == nil {
		gotelemetry.OutOfMemory(size)
	}
	w.count.Allocated(size)
	owned := make([]byte, size/8)
	w.count.Allocated(len(owned))
	owned[0] = byte(tag)
	w.pairs[slot] = pair{block, size, tag, owned}
	w.made += tag * uint64(size)
}

func (w *worker) empty(slot int) {
	old := w.pairs[slot]
	w.count.Freed(len(old.owned))
	w.count.Freed(old.size)
	intact := C.block_free(old.block, C.size_t(old.size), C.uchar(byte(old.tag)))
	if intact == 0 || old.owned[0] != byte(old.tag) {
		gotelemetry.Wrong("a block was damaged")
	}
	w.seen += old.tag * uint64(old.size)
	w.pairs[slot] = pair{}
}

func (w *worker) churn(operations int) {
	for range operations {
		slot := int(w.random.Below(uint64(len(w.pairs))))
		w.empty(slot)
		w.fill(slot)
	}
}

func (w *worker) drain() {
	for slot := range w.pairs {
		w.empty(slot)
	}
	w.count.Freed(len(w.pairs) * int(unsafe.Sizeof(pair{})))
	w.pairs = nil
	w.count.Close()
}

func main() {
	gotelemetry.Start()
	goroutines, slots := gotelemetry.Int("goroutines"), gotelemetry.Int("slots")
	operations, seed := gotelemetry.Int("operations"), uint64(gotelemetry.Int("seed"))
	idle := gotelemetry.Int("idle")

	gotelemetry.Phase(gotelemetry.Warmup)
	workers := make([]*worker, goroutines)
	for index := range workers {
		workers[index] = newWorker(seed, uint64(index), slots)
	}
	gotelemetry.Phase(gotelemetry.Steady)
	gotelemetry.All(workers, func(w *worker) { w.churn(operations) })
	gotelemetry.Phase(gotelemetry.Drain)
	gotelemetry.All(workers, (*worker).drain)
	answer, expected := uint64(0), uint64(0)
	for _, w := range workers {
		answer, expected = answer+w.seen, expected+w.made
	}
	// Go gives back what it can, so that what stays is the C allocator's.
	runtime.GC()
	debug.FreeOSMemory()
	gotelemetry.Idle(idle)
	gotelemetry.Exit(answer, expected)
}
