package main

import (
	"runtime/metrics"
	"strconv"
)

// A sample of runtime/metrics, by its name.
func metric(name string) (value, reason string) {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	switch read := sample[0].Value; read.Kind() {
	case metrics.KindUint64:
		return strconv.FormatUint(read.Uint64(), 10), ""
	case metrics.KindFloat64:
		return strconv.FormatFloat(read.Float64(), 'g', -1, 64), ""
	case metrics.KindFloat64Histogram:
		return "", "the metric is a histogram"
	default:
		return "", "this runtime has no such metric"
	}
}
