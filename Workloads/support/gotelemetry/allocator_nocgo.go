//go:build !cgo

package gotelemetry

// Without cgo there is no malloc.
func stateAllocator() {}
