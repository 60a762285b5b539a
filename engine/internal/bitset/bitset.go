// Package bitset is a set of small numbers that finds its next member quickly.
package bitset

import "math/bits"

// Set is a set of numbers from 0 on. The zero value is empty. A slice copy is
// a copy of the set.
type Set []uint64

// Add puts i into the set.
func (b *Set) Add(i int32) {
	for len(*b) <= int(i/64) {
		*b = append(*b, 0)
	}
	(*b)[i/64] |= 1 << (i % 64)
}

// Remove takes i out of the set, if it is a member.
func (b Set) Remove(i int32) {
	if int(i/64) < len(b) {
		b[i/64] &^= 1 << (i % 64)
	}
}

// Has tells whether i is a member.
func (b Set) Has(i int32) bool { return int(i/64) < len(b) && b[i/64]&(1<<(i%64)) != 0 }

// Next gives the lowest member that is at least i, -1 if there is none.
func (b Set) Next(i int32) int32 {
	for k := i / 64; int(k) < len(b); k++ {
		w := b[k]
		if k == i/64 {
			w &= ^uint64(0) << (i % 64)
		}
		if w != 0 {
			return k*64 + int32(bits.TrailingZeros64(w))
		}
	}
	return -1
}

// Empty tells whether the set has no member.
func (b Set) Empty() bool { return b.Next(0) < 0 }
