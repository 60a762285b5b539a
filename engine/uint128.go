package engine

import (
	"crypto/md5"
	"encoding/binary"
	"math/bits"
)

// Uint128 is a number of the hash space of a Kinesis stream.
type Uint128 struct{ Hi, Lo uint64 }

// maxHash is the end of the hash space: 2^128 - 1.
var maxHash = Uint128{^uint64(0), ^uint64(0)}

// HashKey is the MD5 of a partition key, as a number (KIN-HASH-1).
func HashKey(key string) Uint128 {
	sum := md5.Sum([]byte(key))
	return Uint128{binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:])}
}

// Less compares two hashes.
func (u Uint128) Less(v Uint128) bool { return u.Hi < v.Hi || u.Hi == v.Hi && u.Lo < v.Lo }

// String writes the number in decimal, as AWS does.
func (u Uint128) String() string {
	if u == (Uint128{}) {
		return "0"
	}
	var b [40]byte
	i := len(b)
	for u != (Uint128{}) {
		var r uint64
		u.Hi, r = u.Hi/10, u.Hi%10
		u.Lo, r = bits.Div64(r, u.Lo, 10)
		i--
		b[i] = byte('0' + r)
	}
	return string(b[i:])
}

// Mod is the remainder of u divided by n.
func (u Uint128) Mod(n uint64) int {
	_, r := bits.Div64(u.Hi%n, u.Lo, n)
	return int(r)
}

// evenRange is the hash range of shard i of n: the space cut into n parts of
// floor(2^128/n), the last one up to the end, as CreateStream does it.
func evenRange(i, n int) (lo, hi Uint128) {
	part := func(k int) Uint128 { // floor((2^128-1)/n)*k, rounded the way AWS's ranges are: start = part*k
		qh, r := maxHash.Hi/uint64(n), maxHash.Hi%uint64(n)
		ql, r2 := bits.Div64(r, maxHash.Lo, uint64(n))
		if r2 == uint64(n)-1 { // 2^128 is divisible by n
			ql++
			if ql == 0 {
				qh++
			}
		}
		h, l := bits.Mul64(ql, uint64(k))
		return Uint128{qh*uint64(k) + h, l}
	}
	lo = part(i)
	if i == n-1 {
		return lo, maxHash
	}
	next := part(i + 1)
	l, borrow := bits.Sub64(next.Lo, 1, 0)
	return lo, Uint128{next.Hi - borrow, l}
}
