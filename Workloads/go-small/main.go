// go-small: goroutines replace small linked objects at random, again and again.
package main

import (
	"runtime"

	"heapscale/support/gotelemetry"
)

type node struct {
	payload []byte
	tag     uint64
}

// What a node asks for beside its payload.
const nodeBytes = 24 + 8

type worker struct {
	count  gotelemetry.Counter
	random gotelemetry.Random
	nodes  []*node
	serial uint64
	made   uint64 // the sum of what was allocated
	seen   uint64 // the sum of what was found again
}

func newWorker(seed, index uint64, slots int) *worker {
	w := &worker{
		count: gotelemetry.NewCounter(), random: gotelemetry.NewRandom(seed, index), nodes: make([]*node, slots),
	}
	w.count.Allocated(8 * slots)
	for slot := range w.nodes {
		w.nodes[slot] = w.allocate()
	}
	return w
}

// 8 to 256 bytes.
func (w *worker) allocate() *node {
	size := int(w.random.Between(8, 256))
	w.serial++
	made := &node{payload: make([]byte, size), tag: w.serial * 0x9E3779B97F4A7C15 >> 32}
	w.count.Allocated(size + nodeBytes)
	made.payload[0], made.payload[size-1] = byte(made.tag), byte(made.tag)
	w.made += made.tag * uint64(size)
	return made
}

func (w *worker) drop(slot int) {
	old := w.nodes[slot]
	size := len(old.payload)
	if want := byte(old.tag); old.payload[0] != want || old.payload[size-1] != want {
		gotelemetry.Wrong("an object was damaged")
	}
	w.seen += old.tag * uint64(size)
	w.count.Freed(size + nodeBytes)
	w.nodes[slot] = nil
}

func (w *worker) churn(operations int) {
	for range operations {
		slot := int(w.random.Below(uint64(len(w.nodes))))
		w.drop(slot)
		w.nodes[slot] = w.allocate()
	}
}

func (w *worker) drain() {
	for slot := range w.nodes {
		w.drop(slot)
	}
	w.count.Freed(8 * len(w.nodes))
	w.nodes = nil
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
	runtime.GC()
	gotelemetry.Idle(idle)
	gotelemetry.Exit(answer, expected)
}
