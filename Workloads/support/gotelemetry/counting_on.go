//go:build !hs_without_counters

package gotelemetry

const counting = true
