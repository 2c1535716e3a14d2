//go:build hs_without_counters

package gotelemetry

// Only for measuring what the counters cost.
const counting = false
