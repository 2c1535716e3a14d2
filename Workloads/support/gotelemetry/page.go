package gotelemetry

// The structs of support/telemetry_layout.h, field by field. A test compares every offset with the C compiler's;
// change the two together, and raise the version.

const (
	magic   = 0x656c616373706168 // "hapscale" in memory order
	version = 2

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
	phase          uint32
	reserved       uint32
	endedNs        uint64
	endedCPUNs     uint64
	resumedNs      uint64
	resumedCPUNs   uint64
	operations     uint64
	liveBytes      int64
	liveObjects    int64
	goHeapInuse    uint64
	goHeapReleased uint64
}

type slot struct {
	allocations   uint64
	frees         uint64
	reallocations uint64
	pending       int64
	owned         uint32
	reserved      [7]uint32
}

type histogram struct {
	maximumNs uint64
	count     uint64
	buckets   [histogramBuckets]uint32
}

type page struct {
	magic        uint64
	version      uint32
	flags        uint32
	attached     uint32
	phase        uint32
	marksWritten uint32
	marksRead    uint32
	liveFlushed  int64
	peakLive     int64
	answer       uint64
	expected     uint64
	verdict      uint32
	threadsPeak  uint32
	timerCostNs  uint64
	message      [textBytes]byte
	mallocFile   [textBytes]byte
	freeFile     [textBytes]byte
	goState      uint32
	goReserved   uint32
	goGCCycles   uint64
	goGCCPUNs    uint64
	goCPUNs      uint64
	goPauseP99Ns uint64
	marks        [maximumMarks]mark
	_            [8]byte // the slots begin on a cache line
	slots        [maximumSlots]slot
	malloc       [latencySlots]histogram
	free         [latencySlots]histogram
}
