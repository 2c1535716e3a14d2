// go-burst: bursts of allocation, each dropped as a whole, with nothing to do between them.
package main

import (
	"runtime"

	"heapscale/support/gotelemetry"
)

type block struct {
	next  *block
	bytes []byte
}

// What a block asks for beside its bytes: a pointer and the header of the slice.
const blockBytes = 8 + 24

func tag(serial uint64) uint64 { return (serial + 1) * 0x9E3779B97F4A7C15 >> 32 }

// 64 B to 64 KiB, each octave as likely as the next.
func draw(random *gotelemetry.Random) int {
	low := uint64(64) << random.Below(10)
	return int(random.Between(low, 2*low))
}

func touch(bytes []byte, value byte) {
	for i := 0; i < len(bytes); i += 4096 {
		bytes[i] = value
	}
	bytes[len(bytes)-1] = value
}

// A list through the blocks themselves, newest first: no table of the program's own clouds the curve.
func burst(count gotelemetry.Counter, random gotelemetry.Random, size int) (*block, uint64) {
	var first *block
	serial := uint64(0)
	for bytes := 0; bytes < size; serial++ {
		length := draw(&random)
		made := &block{next: first, bytes: make([]byte, length)}
		count.Allocated(length + blockBytes)
		touch(made.bytes, byte(tag(serial)))
		first = made
		bytes += length
	}
	return first, serial
}

func drain(count gotelemetry.Counter, first *block, blocks uint64) uint64 {
	sum := uint64(0)
	for serial := blocks; first != nil; first = first.next {
		serial--
		length := len(first.bytes)
		if want := byte(tag(serial)); first.bytes[0] != want || first.bytes[length-1] != want {
			gotelemetry.Wrong("a block was damaged")
		}
		count.Freed(length + blockBytes)
		sum += tag(serial) * uint64(length)
	}
	return sum
}

// What drain must answer, without allocating.
func replay(random gotelemetry.Random, size int) uint64 {
	sum := uint64(0)
	for serial, bytes := uint64(0), 0; bytes < size; serial++ {
		length := draw(&random)
		bytes += length
		sum += tag(serial) * uint64(length)
	}
	return sum
}

func main() {
	count := gotelemetry.Start()
	size, bursts, collect := gotelemetry.Int("burst"), gotelemetry.Int("bursts"), gotelemetry.Int("collect")
	seed, idle := uint64(gotelemetry.Int("seed")), gotelemetry.Int("idle")
	answer, expected := uint64(0), uint64(0)
	for each := range bursts {
		expected += replay(gotelemetry.NewRandom(seed, uint64(each)), size)
	}
	for each := range bursts {
		// The first burst is into memory that the process never had: not what later ones cost.
		if each == 0 && bursts > 1 {
			gotelemetry.Phase(gotelemetry.Warmup)
		} else {
			gotelemetry.Phase(gotelemetry.Steady)
		}
		first, blocks := burst(count, gotelemetry.NewRandom(seed, uint64(each)), size)
		gotelemetry.Phase(gotelemetry.Drain)
		answer += drain(count, first, blocks)
		first = nil
		for range collect {
			runtime.GC()
		}
		gotelemetry.Idle(idle)
	}
	gotelemetry.Exit(answer, expected)
}
