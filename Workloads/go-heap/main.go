// go-heap: a map of byte slices grows to a peak, a part is deleted, everything is dropped and collected.
package main

import (
	"runtime"
	"runtime/debug"

	"heapscale/support/gotelemetry"
)

// What a map entry asks for beside its bytes: the key and the header of the slice.
const entryBytes = 8 + 24

type heap struct {
	entries map[uint64][]byte
	keys    []uint64
}

func tag(serial uint64) uint64 { return (serial + 1) * 0x9E3779B97F4A7C15 >> 32 }

// 127 of 128 slices have 16 B to 1 KiB, the others up to 64 KiB, each octave as likely as the next: a third of the
// bytes is in the few large ones.
func draw(random *gotelemetry.Random) int {
	shift := uint64(4)
	if random.Below(128) == 0 {
		shift = 10
	}
	low := uint64(1) << (shift + random.Below(6))
	return int(random.Between(low, 2*low))
}

func grow(count gotelemetry.Counter, random gotelemetry.Random, peak int) *heap {
	made := &heap{entries: map[uint64][]byte{}}
	for serial, bytes := uint64(0), 0; bytes < peak; serial++ {
		size := draw(&random)
		block := make([]byte, size)
		count.Allocated(size + entryBytes)
		touch(block, byte(tag(serial)))
		made.entries[serial] = block
		before := cap(made.keys)
		made.keys = append(made.keys, serial)
		if after := cap(made.keys); after != before {
			count.Resized(8*before, 8*after)
		}
		bytes += size + entryBytes
	}
	return made
}

// Writes one byte in every page of a block, and its last byte.
func touch(block []byte, value byte) {
	for i := 0; i < len(block); i += 4096 {
		block[i] = value
	}
	block[len(block)-1] = value
}

func release(count gotelemetry.Counter, made *heap, serial uint64) uint64 {
	block := made.entries[serial]
	if want := byte(tag(serial)); len(block) == 0 || block[0] != want || block[len(block)-1] != want {
		gotelemetry.Wrong("a slice was damaged")
	}
	count.Freed(len(block) + entryBytes)
	delete(made.entries, serial)
	return tag(serial) * uint64(len(block))
}

// Deletes a share of the entries, spread over all of them.
func thin(count gotelemetry.Counter, made *heap, percent int) uint64 {
	sum := uint64(0)
	kept := made.keys[:0]
	for _, serial := range made.keys {
		if tag(serial)%100 < uint64(percent) {
			sum += release(count, made, serial)
		} else {
			kept = append(kept, serial)
		}
	}
	made.keys = kept
	return sum
}

func drain(count gotelemetry.Counter, made *heap) uint64 {
	sum := uint64(0)
	for _, serial := range made.keys {
		sum += release(count, made, serial)
	}
	count.Resized(8*cap(made.keys), 0)
	made.entries, made.keys = nil, nil
	return sum
}

// What thin and drain must answer together, without allocating.
func replay(random gotelemetry.Random, peak int) uint64 {
	sum := uint64(0)
	for serial, bytes := uint64(0), 0; bytes < peak; serial++ {
		size := draw(&random)
		bytes += size + entryBytes
		sum += tag(serial) * uint64(size)
	}
	return sum
}

func main() {
	count := gotelemetry.Start()
	peak, cycles, percent := gotelemetry.Int("peak"), gotelemetry.Int("cycles"), gotelemetry.Int("delete")
	freeOS, seed, idle := gotelemetry.Int("free_os"), uint64(gotelemetry.Int("seed")), gotelemetry.Int("idle")
	answer, expected := uint64(0), uint64(0)
	for cycle := range cycles {
		expected += replay(gotelemetry.NewRandom(seed, uint64(cycle)), peak)
	}
	for cycle := range cycles {
		// The first growth is into memory that the process never had: not what later ones cost.
		if cycle == 0 && cycles > 1 {
			gotelemetry.Phase(gotelemetry.Warmup)
		} else {
			gotelemetry.Phase(gotelemetry.Steady)
		}
		made := grow(count, gotelemetry.NewRandom(seed, uint64(cycle)), peak)
		answer += thin(count, made, percent)
		gotelemetry.Phase(gotelemetry.Drain)
		answer += drain(count, made)
		runtime.GC()
		if freeOS != 0 {
			debug.FreeOSMemory()
		}
		gotelemetry.Idle(idle)
	}
	gotelemetry.Exit(answer, expected)
}
