package engine

// chunkLen is how many elements a List keeps together.
const chunkLen = 256

// List is a list that only grows at its end and never moves what it holds: a
// million records cost no copying. Chunks at its front can be let go of.
// Clones share its chunks until one of the two writes: a copy of a simulation
// costs what it changes, not what it holds.
//
// At is for reading only. What is to be changed is asked for with Mut.
type List[T any] struct {
	chunks []*[chunkLen]T // nil: let go of
	mine   []uint64       // bit i: chunk i is shared with no clone, and may be written to
	n      int
}

// Len is how many elements the list has.
func (l *List[T]) Len() int { return l.n }

// At gives element i, from 0, to be read. It may not be let go of.
func (l *List[T]) At(i int) *T { return &l.chunks[i/chunkLen][i%chunkLen] }

// Holds tells that element i is there and was not let go of.
func (l *List[T]) Holds(i int) bool { return i >= 0 && i < l.n && l.chunks[i/chunkLen] != nil }

// Mut gives element i to be written to. The place that it gives holds until
// the list is cloned.
func (l *List[T]) Mut(i int) *T {
	l.own(i / chunkLen)
	return &l.chunks[i/chunkLen][i%chunkLen]
}

// own makes chunk c the list's own.
func (l *List[T]) own(c int) {
	if l.mine[c/64]&(1<<(c%64)) == 0 {
		chunk := *l.chunks[c]
		l.chunks[c] = &chunk
		l.mine[c/64] |= 1 << (c % 64)
	}
}

// release lets go of chunk k. Clones keep theirs.
func (l *List[T]) release(k int) { l.chunks[k] = nil }

// Append adds an element at the end.
func (l *List[T]) Append(v T) { *l.Grow() = v }

// Grow adds an empty element at the end and gives it to be filled in.
func (l *List[T]) Grow() *T {
	c := l.n / chunkLen
	if l.n%chunkLen == 0 {
		l.chunks = append(l.chunks, new([chunkLen]T))
		if c/64 == len(l.mine) {
			l.mine = append(l.mine, 0)
		}
		l.mine[c/64] |= 1 << (c % 64)
	} else {
		l.own(c)
	}
	l.n++
	return &l.chunks[c][(l.n-1)%chunkLen]
}

// Clone copies the list; the two share all chunks until they are written to.
func (l *List[T]) Clone() List[T] {
	clear(l.mine)
	return List[T]{chunks: append([]*[chunkLen]T(nil), l.chunks...), mine: make([]uint64, len(l.mine)), n: l.n}
}
