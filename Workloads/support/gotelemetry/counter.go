package gotelemetry

import "sync/atomic"

// Counter counts the allocations of one goroutine at a time, in one cache line of the page.
//
// What counts: an allocation that the workload asks for by make, new, append or C.malloc, with the bytes it asked for;
// and the moment it frees a block of C, or gives up its last reference to one of Go. The collector comes later: live
// bytes are what the program still uses, resident minus live is what collector and allocator make of it.
type Counter struct{ slot *slot }

// NewCounter claims a counter; every goroutine but main calls it before its first allocation.
func NewCounter() Counter {
	for index := range shared.slots {
		claimed := &shared.slots[index]
		if atomic.LoadUint32(&claimed.owned) != 0 || !atomic.CompareAndSwapUint32(&claimed.owned, 0, 1) {
			continue
		}
		if claimed.pending == 0 {
			claimed.pending = flushBytes
		}
		raise32(&shared.threadsPeak, uint32(index+1))
		return Counter{claimed}
	}
	fail(verdictWrongAnswer, exitUsage, "more goroutines at a time than the telemetry page has slots")
	return Counter{}
}

// Close gives the counter back, after the goroutine's last allocation.
func (c Counter) Close() {
	c.flush()
	atomic.StoreUint32(&c.slot.owned, 0)
}

// Allocated counts a new block of so many bytes, after its allocation.
func (c Counter) Allocated(size int) {
	if counting {
		c.slot.allocations++
		c.flushWhenDue()
		c.slot.pending += int64(size)
	}
}

// Freed counts a block that was asked for with so many bytes, before it is freed or dropped.
func (c Counter) Freed(size int) {
	if counting {
		c.slot.frees++
		c.flushWhenDue()
		c.slot.pending -= int64(size)
	}
}

// Resized counts a block that moved to another size, as append does when it grows a slice.
func (c Counter) Resized(old, size int) {
	if counting {
		c.slot.reallocations++
		c.flushWhenDue()
		c.slot.pending += int64(size - old)
	}
}

// A pending change is due when it is not between -flushBytes and flushBytes, by one test as in workload.h.
func (c Counter) flushWhenDue() {
	if uint64(c.slot.pending)&^(2*flushBytes-1) != 0 {
		c.flush()
	}
}

func (c Counter) flush() {
	change := c.slot.pending - flushBytes
	c.slot.pending = flushBytes
	now := atomic.AddInt64(&shared.liveFlushed, change)
	for {
		peak := atomic.LoadInt64(&shared.peakLive)
		if now <= peak || atomic.CompareAndSwapInt64(&shared.peakLive, peak, now) {
			return
		}
	}
}

func raise32(address *uint32, value uint32) {
	for {
		old := atomic.LoadUint32(address)
		if value <= old || atomic.CompareAndSwapUint32(address, old, value) {
			return
		}
	}
}
