package cow

// Sparse is a list of which most elements are zero: a chunk takes memory once one of its
// elements was written to. It has no length. Clones share its chunks until one of them
// writes.
type Sparse[T any] struct {
	first  int            // chunks before this one are dropped
	chunks []*[ChunkLen]T // from first on; nil: zeros, and so is what follows
	owned  []bool         // by chunk: it is shared with no clone and may be written to
}

// At gives element i, from 0.
func (s *Sparse[T]) At(i int) (v T) {
	if c := i/ChunkLen - s.first; uint(c) < uint(len(s.chunks)) && s.chunks[c] != nil {
		v = s.chunks[c][i%ChunkLen]
	}
	return v
}

// Mut gives element i to be written to. Its chunk must not have been dropped. The pointer
// is valid until the list is cloned.
func (s *Sparse[T]) Mut(i int) *T {
	c := i/ChunkLen - s.first
	for len(s.chunks) <= c {
		s.chunks, s.owned = append(s.chunks, nil), append(s.owned, false)
	}
	if !s.owned[c] {
		chunk := new([ChunkLen]T)
		if s.chunks[c] != nil {
			*chunk = *s.chunks[c]
		}
		s.chunks[c], s.owned[c] = chunk, true
	}
	return &s.chunks[c][i%ChunkLen]
}

// Drop forgets chunk c, whose elements are zero from then on. first says that chunks
// before that one will never be written to again.
func (s *Sparse[T]) Drop(c, first int) {
	if at := c - s.first; at < len(s.chunks) {
		s.chunks[at], s.owned[at] = nil, false
	}
	if gone := min(first-s.first, len(s.chunks)); gone == len(s.chunks) {
		s.first, s.chunks, s.owned = first, nil, nil
	} else if gone >= 64 { // not each time: what stays is copied
		s.first += gone
		s.chunks, s.owned = append([]*[ChunkLen]T(nil), s.chunks[gone:]...), append([]bool(nil), s.owned[gone:]...)
	}
}

// Clone copies the list. Both share all chunks until they write to them.
func (s *Sparse[T]) Clone() Sparse[T] {
	clear(s.owned)
	return Sparse[T]{s.first, append([]*[ChunkLen]T(nil), s.chunks...), make([]bool, len(s.owned))}
}
