package engine

import "math/bits"

// entry is a thing and where it stands: key first, then seq.
type entry struct {
	key int64
	seq uint64
	id  int32
}

func (e entry) before(f entry) bool { return e.key < f.key || e.key == f.key && e.seq < f.seq }

// entries is a binary heap. What is no longer true of a thing stays in it
// until it comes up; whoever takes it looks.
type entries []entry

func (h *entries) push(e entry) {
	q := append(*h, e)
	i := len(q) - 1
	for i > 0 {
		p := (i - 1) / 2
		if !e.before(q[p]) {
			break
		}
		q[i] = q[p]
		i = p
	}
	q[i] = e
	*h = q
}

func (h *entries) pop() entry {
	q := *h
	top, last := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	i := 0
	for {
		c := 2*i + 1
		if c >= len(q) {
			break
		}
		if c+1 < len(q) && q[c+1].before(q[c]) {
			c++
		}
		if !q[c].before(last) {
			break
		}
		q[i] = q[c]
		i = c
	}
	if len(q) > 0 {
		q[i] = last
	}
	*h = q
	return top
}

// bitset is a set of small numbers that knows its lowest.
type bitset []uint64

func (b *bitset) add(i int32) {
	for len(*b) <= int(i/64) {
		*b = append(*b, 0)
	}
	(*b)[i/64] |= 1 << (i % 64)
}

func (b bitset) remove(i int32) {
	if int(i/64) < len(b) {
		b[i/64] &^= 1 << (i % 64)
	}
}

// from gives the lowest member that is at least i, -1 where there is none.
func (b bitset) from(i int32) int32 {
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
