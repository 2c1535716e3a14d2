package gotelemetry

import "math/bits"

// Random is xorshift64* (Vigna 2016, ACM TOMS 42, 30), the same streams as hs_random of workload.h.
type Random struct{ state uint64 }

// NewRandom keeps the streams of different goroutines apart by mixing the index in (splitmix64's finaliser).
func NewRandom(seed, stream uint64) Random {
	z := seed + (stream+1)*0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return Random{(z ^ z>>31) | 1}
}

// Next is the next number.
func (r *Random) Next() uint64 {
	x := r.state
	x ^= x >> 12
	x ^= x << 25
	x ^= x >> 27
	r.state = x
	return x * 2685821657736338717
}

// Below is uniform in 0 ..< bound, by multiplication: the bias is below 2^-32.
func (r *Random) Below(bound uint64) uint64 {
	high, _ := bits.Mul64(r.Next(), bound)
	return high
}

// Between is uniform in low ... high.
func (r *Random) Between(low, high uint64) uint64 { return low + r.Below(high-low+1) }
