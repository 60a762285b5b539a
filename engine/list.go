package engine

import "slices"

// chunkLen is how many elements a List keeps together.
const chunkLen = 1024

// List is a list that only grows at its end and never moves what it holds: a
// million records cost no copying. Chunks at its front can be let go of.
type List[T any] struct {
	chunks [][]T // nil: let go of
	n      int
}

// Len is how many elements the list has.
func (l *List[T]) Len() int { return l.n }

// At gives element i, from 0. It may not be let go of.
func (l *List[T]) At(i int) *T { return &l.chunks[i/chunkLen][i%chunkLen] }

// Holds tells that element i is there and was not let go of.
func (l *List[T]) Holds(i int) bool { return i >= 0 && i < l.n && l.chunks[i/chunkLen] != nil }

// release lets go of chunk k.
func (l *List[T]) release(k int) { l.chunks[k] = nil }

func (l *List[T]) append(v T) {
	if l.n%chunkLen == 0 {
		first := chunkLen
		if l.n == 0 { // the first chunk grows as needed: most runs are short
			first = 16
		}
		l.chunks = append(l.chunks, make([]T, 0, first))
	}
	last := &l.chunks[len(l.chunks)-1]
	*last = append(*last, v)
	l.n++
}

// clone copies a list whose elements may be written to.
func (l *List[T]) clone() List[T] {
	c := List[T]{chunks: make([][]T, len(l.chunks)), n: l.n}
	for i := range l.chunks {
		c.chunks[i] = slices.Clone(l.chunks[i])
	}
	return c
}

// share copies a list whose elements are never written to again: the two
// share all chunks but the one that still grows.
func (l *List[T]) share() List[T] {
	c := List[T]{chunks: slices.Clone(l.chunks), n: l.n}
	if k := len(c.chunks); k > 0 {
		c.chunks[k-1] = slices.Clone(c.chunks[k-1])
	}
	return c
}
