// Package uint128 is the unsigned 128-bit arithmetic that the hash space of a
// Kinesis stream needs.
package uint128

import (
	"encoding/binary"
	"math/bits"
)

// Int is an unsigned 128-bit integer.
type Int struct{ Hi, Lo uint64 }

// Max is the largest Int: 2^128 - 1.
var Max = Int{^uint64(0), ^uint64(0)}

// FromBytes reads 16 bytes, the most significant first.
func FromBytes(b [16]byte) Int {
	return Int{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// Less tells whether u is smaller than v.
func (u Int) Less(v Int) bool { return u.Hi < v.Hi || u.Hi == v.Hi && u.Lo < v.Lo }

// String writes the number in decimal.
func (u Int) String() string {
	if u == (Int{}) {
		return "0"
	}
	var b [40]byte
	i := len(b)
	for u != (Int{}) {
		var r uint64
		u.Hi, r = u.Hi/10, u.Hi%10
		u.Lo, r = bits.Div64(r, u.Lo, 10)
		i--
		b[i] = byte('0' + r)
	}
	return string(b[i:])
}

// Next is u + 1, wrapping around.
func (u Int) Next() Int {
	lo, carry := bits.Add64(u.Lo, 1, 0)
	return Int{u.Hi + carry, lo}
}

// Middle is the number halfway between lo and hi, rounded down; lo is not
// larger than hi.
func Middle(lo, hi Int) Int {
	spanLo, borrow := bits.Sub64(hi.Lo, lo.Lo, 0)
	spanHi := hi.Hi - lo.Hi - borrow
	sum, carry := bits.Add64(lo.Lo, spanLo>>1|spanHi<<63, 0)
	return Int{lo.Hi + spanHi>>1 + carry, sum}
}

// Part is the i-th of n equal parts of all numbers, first and last included:
// each has floor(2^128/n), and the last one what remains.
func Part(i, n int) (first, last Int) {
	start := func(k int) Int {
		qh, r := Max.Hi/uint64(n), Max.Hi%uint64(n)
		ql, r2 := bits.Div64(r, Max.Lo, uint64(n))
		if r2 == uint64(n)-1 { // 2^128 is divisible by n
			ql++
			if ql == 0 {
				qh++
			}
		}
		h, l := bits.Mul64(ql, uint64(k))
		return Int{qh*uint64(k) + h, l}
	}
	if i == n-1 {
		return start(i), Max
	}
	next := start(i + 1)
	lo, borrow := bits.Sub64(next.Lo, 1, 0)
	return start(i), Int{next.Hi - borrow, lo}
}
