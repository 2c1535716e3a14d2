package gotelemetry

import (
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// The phases of a workload, as in telemetry_layout.h.
const (
	// Warmup fills slots and caches; it is not measured as throughput.
	Warmup = 1
	// Steady is the measured work.
	Steady = 2
	// Drain frees everything.
	Drain = 3

	idle = 4
	done = 5
)

// Clocks of linux/time.h, and FUTEX_WAIT of linux/futex.h.
const (
	clockMonotonic  = 1
	clockProcessCPU = 2
	futexWait       = 0
)

// Phase ends the current phase and begins another. Main calls it while no other goroutine allocates.
func Phase(phase uint32) {
	ended, endedCPU := clock(clockMonotonic), clock(clockProcessCPU)
	written := shared.marksWritten
	if written >= maximumMarks {
		fail(verdictWrongAnswer, exitUsage, "more phases than the telemetry page has marks")
	}
	own.flush()
	next := &shared.marks[written]
	next.phase = phase
	next.endedNs, next.endedCPUNs = ended, endedCPU
	next.operations, next.liveBytes, next.liveObjects = sum()
	next.goHeapInuse, next.goHeapReleased = heap()
	shared.phase = phase
	atomic.StoreUint32(&shared.marksWritten, written+1)
	if shared.flags&flagHold != 0 {
		hold(written + 1)
	}
	next.resumedCPUNs = clock(clockProcessCPU)
	next.resumedNs = clock(clockMonotonic)
}

// Idle begins the idle phase and does nothing for so many milliseconds.
func Idle(milliseconds int) {
	Phase(idle)
	time.Sleep(time.Duration(milliseconds) * time.Millisecond)
}

// Tells the harness, and waits until it has read so many marks. The runtime's own threads go on working.
func hold(written uint32) {
	one := uint64(1)
	count, _, _ := syscall.Syscall(syscall.SYS_WRITE, uintptr(notify), uintptr(unsafe.Pointer(&one)), 8)
	if notify < 0 || count != 8 {
		return
	}
	for {
		read := atomic.LoadUint32(&shared.marksRead)
		if read >= written {
			return
		}
		syscall.Syscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(&shared.marksRead)), futexWait, uintptr(read),
			0, 0, 0)
	}
}

func sum() (operations uint64, bytes, objects int64) {
	bytes = atomic.LoadInt64(&shared.liveFlushed)
	for index := range shared.threadsPeak {
		each := &shared.slots[index]
		operations += each.allocations + each.frees + each.reallocations
		objects += int64(each.allocations) - int64(each.frees)
		if each.pending != 0 {
			bytes += each.pending - flushBytes
		}
	}
	return operations, bytes, objects
}

// Nanoseconds of a clock.
func clock(id uintptr) uint64 {
	var now syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, id, uintptr(unsafe.Pointer(&now)), 0)
	return uint64(now.Nano())
}
