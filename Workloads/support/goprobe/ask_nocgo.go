//go:build !cgo

package main

// Without cgo there is no malloc to ask about.
func askC(string) (value, reason string) { return "", "a Go program without cgo holds no malloc" }
