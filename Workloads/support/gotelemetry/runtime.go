package gotelemetry

import (
	"math"
	"runtime/metrics"
)

// Kept between readings, so that a mark allocates nothing.
var heapSamples = []metrics.Sample{
	{Name: "/memory/classes/heap/objects:bytes"},
	{Name: "/memory/classes/heap/unused:bytes"},
	{Name: "/memory/classes/heap/released:bytes"},
}

// The heap's bytes in use, as HeapInuse of runtime.MemStats, and those that went back to the system. Unlike
// runtime.ReadMemStats this stops nothing.
func heap() (inuse, released uint64) {
	metrics.Read(heapSamples)
	return heapSamples[0].Value.Uint64() + heapSamples[1].Value.Uint64(), heapSamples[2].Value.Uint64()
}

// Puts the totals of the run on the page.
func stateTotals() {
	samples := []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/cpu/classes/gc/total:cpu-seconds"},
		{Name: "/cpu/classes/total:cpu-seconds"},
		{Name: "/sched/pauses/total/gc:seconds"},
	}
	metrics.Read(samples)
	shared.goGCCycles = samples[0].Value.Uint64()
	shared.goGCCPUNs = nanoseconds(samples[1].Value.Float64())
	shared.goCPUNs = nanoseconds(samples[2].Value.Float64())
	shared.goPauseP99Ns = nanoseconds(percentile(samples[3].Value.Float64Histogram(), 0.99))
	shared.goState = goMarks | goTotals
}

// The upper end of the bucket in which a share of the values is reached; 0 for an empty histogram.
func percentile(histogram *metrics.Float64Histogram, share float64) float64 {
	total := uint64(0)
	for _, count := range histogram.Counts {
		total += count
	}
	seen := uint64(0)
	for index, count := range histogram.Counts {
		seen += count
		if count > 0 && float64(seen) >= share*float64(total) {
			if upper := histogram.Buckets[index+1]; !math.IsInf(upper, 1) {
				return upper
			}
			return histogram.Buckets[index]
		}
	}
	return 0
}

func nanoseconds(seconds float64) uint64 { return uint64(math.Round(seconds * 1e9)) }
