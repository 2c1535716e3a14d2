package gotelemetry

import (
	"math"
	"runtime/metrics"
	"sync"
	"testing"
)

func TestCountersOfGoroutinesAddUp(t *testing.T) {
	shared = new(page)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			count := NewCounter()
			for range 1000 {
				count.Allocated(1000)
			}
			for range 400 {
				count.Freed(1000)
			}
			count.Resized(1000, 500)
			count.Close()
		})
	}
	group.Wait()
	operations, bytes, objects := sum()
	if operations != 8*1401 || bytes != 8*599_500 || objects != 8*600 {
		t.Errorf("%d operations, %d bytes, %d objects", operations, bytes, objects)
	}
	if shared.peakLive < bytes || shared.peakLive > 8*1_000_000 {
		t.Errorf("the peak is %d", shared.peakLive)
	}
}

func TestAPercentileIsTheUpperEndOfItsBucket(t *testing.T) {
	for _, each := range []struct {
		counts  []uint64
		buckets []float64
		want    float64
	}{
		{[]uint64{98, 1, 1}, []float64{0, 1, 2, 4}, 2},
		{[]uint64{0, 0, 1}, []float64{0, 1, 2, math.Inf(1)}, 2},
		{[]uint64{0, 0}, []float64{0, 1, 2}, 0},
	} {
		if got := percentile(&metrics.Float64Histogram{Counts: each.counts, Buckets: each.buckets}, 0.99); got != each.want {
			t.Errorf("%v: %v instead of %v", each.counts, got, each.want)
		}
	}
}
