// Package random draws numbers as a function of a seed, a purpose, who draws
// and a count. It keeps no state: a draw does not depend on how many others
// were made before it, so a changed setting does not shift the luck of
// everything else, and a branch of history has the same luck as its past.
package random

import "math/bits"

// Mix is splitmix64's finalizer: a bijection of 64 bits that scatters well.
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// Draw gives 64 random bits for the count-th use of a purpose by who.
func Draw(seed, purpose, who, count uint64) uint64 {
	return Mix(Mix(Mix(Mix(seed)^purpose)^who) ^ count)
}

// Below turns 64 random bits into a number in [0, n); n is at least 1.
func Below(b, n uint64) uint64 {
	hi, _ := bits.Mul64(b, n)
	return hi
}

// Float64 turns 64 random bits into a number in [0, 1).
func Float64(b uint64) float64 { return float64(b>>11) / (1 << 53) }

// UUID gives a version 4 UUID that follows from the seed.
func UUID(seed, purpose, who, count uint64) string {
	const hex = "0123456789abcdef"
	hi, lo := Draw(seed, purpose, who, 2*count), Draw(seed, purpose, who, 2*count+1)
	hi = hi&^0xf000 | 0x4000
	lo = lo&^(3<<62) | 1<<63
	var b [36]byte
	j := 0
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			b[j] = '-'
			j++
		}
		x := hi
		if i >= 16 {
			x = lo
		}
		b[j] = hex[x>>(60-4*(uint(i)%16))&15]
		j++
	}
	return string(b[:])
}
