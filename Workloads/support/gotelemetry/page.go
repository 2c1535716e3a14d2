package gotelemetry

// The structs of support/telemetry_layout.h, field by field, each with its name there. A test has the C compiler compare
// every offset; change the two together, and raise the version.

const (
	magic   = 0x656c616373706168 // "hapscale" in memory order
	version = 3

	descriptorVariable = "HEAPSCALE_TELEMETRY_FD"
	notifyVariable     = "HEAPSCALE_NOTIFY_FD"

	flagHold = 1

	verdictOK          = 1
	verdictWrongAnswer = 2
	verdictOutOfMemory = 3

	goMarks  = 1
	goTotals = 2

	maximumMarks     = 128
	maximumSlots     = 1024
	textBytes        = 256
	flushBytes       = 32768
	latencySlots     = 64
	histogramBuckets = 64 + 34*32
)

type mark struct {
	phase          uint32 `c:"phase"`
	reserved       uint32 `c:"reserved"`
	endedNs        uint64 `c:"ended_ns"`
	endedCPUNs     uint64 `c:"ended_cpu_ns"`
	resumedNs      uint64 `c:"resumed_ns"`
	resumedCPUNs   uint64 `c:"resumed_cpu_ns"`
	operations     uint64 `c:"operations"`
	liveBytes      int64  `c:"live_bytes"`
	liveObjects    int64  `c:"live_objects"`
	goHeapInuse    uint64 `c:"go_heap_inuse"`
	goHeapReleased uint64 `c:"go_heap_released"`
}

type slot struct {
	allocations   uint64    `c:"allocations"`
	frees         uint64    `c:"frees"`
	reallocations uint64    `c:"reallocations"`
	pending       int64     `c:"pending"`
	more          uint64    `c:"more"`
	less          uint64    `c:"less"`
	owned         uint32    `c:"owned"`
	reserved      [3]uint32 `c:"reserved"`
}

type histogram struct {
	maximumNs uint64                   `c:"maximum_ns"`
	count     uint64                   `c:"count"`
	buckets   [histogramBuckets]uint32 `c:"buckets"`
}

type page struct {
	magic        uint64                  `c:"magic"`
	version      uint32                  `c:"version"`
	flags        uint32                  `c:"flags"`
	attached     uint32                  `c:"attached"`
	phase        uint32                  `c:"phase"`
	marksWritten uint32                  `c:"marks_written"`
	marksRead    uint32                  `c:"marks_read"`
	liveFlushed  int64                   `c:"live_flushed"`
	peakLive     int64                   `c:"peak_live"`
	answer       uint64                  `c:"answer"`
	expected     uint64                  `c:"expected"`
	verdict      uint32                  `c:"verdict"`
	threadsPeak  uint32                  `c:"threads_peak"`
	timerCostNs  uint64                  `c:"timer_cost_ns"`
	message      [textBytes]byte         `c:"message"`
	mallocFile   [textBytes]byte         `c:"malloc_file"`
	freeFile     [textBytes]byte         `c:"free_file"`
	goState      uint32                  `c:"go_state"`
	goReserved   uint32                  `c:"go_reserved"`
	goGCCycles   uint64                  `c:"go_gc_cycles"`
	goGCCPUNs    uint64                  `c:"go_gc_cpu_ns"`
	goCPUNs      uint64                  `c:"go_cpu_ns"`
	goPauseP99Ns uint64                  `c:"go_gc_pause_p99_ns"`
	marks        [maximumMarks]mark      `c:"marks"`
	_            [8]byte                 // the slots begin on a cache line
	slots        [maximumSlots]slot      `c:"slots"`
	malloc       [latencySlots]histogram `c:"malloc_latency"`
	free         [latencySlots]histogram `c:"free_latency"`
}
