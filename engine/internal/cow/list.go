// Package cow is a list that is copied on write: a copy of a simulation costs
// what it changes, not what it holds.
package cow

// ChunkLen is how many elements a List keeps together.
const ChunkLen = 256

// spareMost is how many chunks a List keeps for its next elements at most, where it has as
// many in use: enough for what many shards finish at one instant.
const spareMost = 1024

// List is a list that only grows at its end and never moves its elements: a
// million of them cost no copying. Clones share its chunks until one of them
// writes. Chunks can be dropped: at the front they then cost nothing at all.
//
// At is for reading only; Mut gives an element to write to. Both are valid until the
// element's chunk is dropped.
type List[T any] struct {
	n         int
	end       int            // where the last chunk ends, if it may be written to; else 0
	lastChunk []T            // that chunk: a slice, so that to grow touches nothing but its own element
	first     uint           // chunks before this one are dropped, a multiple of 64
	chunks    []*[ChunkLen]T // from first on; nil: dropped
	owned     []uint64       // bit i: chunk first+i is shared with no clone and may be written to
	held      int            // chunks that are not dropped
	spare     []*[ChunkLen]T // chunks that were dropped and are shared with no clone: the next ones, the last first
}

// Len is how many elements the list has, dropped ones included.
func (l *List[T]) Len() int { return l.n }

// At gives element i, from 0, to be read. It must not have been dropped.
func (l *List[T]) At(i int) *T { return &l.chunks[uint(i)/ChunkLen-l.first][uint(i)%ChunkLen] }

// Holds tells whether element i exists and was not dropped.
func (l *List[T]) Holds(i int) bool { return i >= 0 && i < l.n && l.HoldsChunk(i/ChunkLen) }

// HoldsChunk tells whether chunk c was not dropped.
func (l *List[T]) HoldsChunk(c int) bool {
	return uint(c) >= l.first && l.chunks[uint(c)-l.first] != nil
}

// FirstHeld is the first element of the first chunk that was not dropped, Len if
// there is none.
func (l *List[T]) FirstHeld() int {
	for i, chunk := range l.chunks {
		if chunk != nil {
			return (int(l.first) + i) * ChunkLen
		}
	}
	return l.n
}

// FirstChunk is the first chunk that may not have been dropped.
func (l *List[T]) FirstChunk() int { return int(l.first) }

// Chunks is how many chunks the list holds.
func (l *List[T]) Chunks() int { return l.held }

// Mut gives element i to be written to. The pointer is valid until the list is
// cloned.
func (l *List[T]) Mut(i int) *T {
	c := uint(i)/ChunkLen - l.first
	l.own(c)
	return &l.chunks[c][uint(i)%ChunkLen]
}

// MutChunk gives chunk c, elements c*ChunkLen and up, to be written to. The pointer is
// valid until the list is cloned.
func (l *List[T]) MutChunk(c int) *[ChunkLen]T {
	at := uint(c) - l.first
	l.own(at)
	return l.chunks[at]
}

// own copies chunk first+c if a clone shares it.
func (l *List[T]) own(c uint) {
	if l.owned[c/64]&(1<<(c%64)) == 0 {
		chunk := *l.chunks[c]
		l.chunks[c] = &chunk
		l.owned[c/64] |= 1 << (c % 64)
	}
}

// Chunk gives chunk c, elements c*ChunkLen and up, to be read.
func (l *List[T]) Chunk(c int) *[ChunkLen]T { return l.chunks[uint(c)-l.first] }

// Drop forgets chunk c, which it holds. Clones keep theirs.
func (l *List[T]) Drop(c int) {
	at := uint(c) - l.first
	if l.end > 0 && &l.chunks[at][0] == &l.lastChunk[0] {
		l.end, l.lastChunk = 0, nil
	}
	if l.owned[at/64]&(1<<(at%64)) != 0 {
		if len(l.spare) < min(l.held, spareMost) {
			l.spare = append(l.spare, l.chunks[at])
		}
	}
	l.chunks[at] = nil
	l.held--
	for len(l.chunks) > 64 {
		for _, chunk := range l.chunks[:64] {
			if chunk != nil {
				return
			}
		}
		l.chunks = append([]*[ChunkLen]T(nil), l.chunks[64:]...)
		l.owned = append([]uint64(nil), l.owned[1:]...)
		l.first += 64
	}
}

// Append adds an element at the end.
func (l *List[T]) Append(v T) { *l.Grow() = v }

// Grow adds a zero element at the end and gives it to be filled in.
func (l *List[T]) Grow() *T {
	i := l.n
	if i >= l.end {
		l.growChunk()
	}
	l.n = i + 1
	return &l.lastChunk[uint8(i)] // which is i%ChunkLen
}

// growChunk makes room for the next element where the last chunk is full, or shared with
// a clone.
func (l *List[T]) growChunk() {
	n := uint(l.n)
	c := n/ChunkLen - l.first
	if n%ChunkLen == 0 {
		var chunk *[ChunkLen]T
		if k := len(l.spare) - 1; k < 0 {
			chunk = new([ChunkLen]T)
		} else {
			chunk, l.spare = l.spare[k], l.spare[:k]
			clear(chunk[:])
		}
		l.chunks = append(l.chunks, chunk)
		l.held++
		if c/64 == uint(len(l.owned)) {
			l.owned = append(l.owned, 0)
		}
		l.owned[c/64] |= 1 << (c % 64)
	} else {
		l.own(c)
	}
	l.lastChunk = l.chunks[c][:]
	l.end = int(n/ChunkLen+1) * ChunkLen
}

// Fill adds an element at the end until there are n.
func (l *List[T]) Fill(n int, v T) {
	for l.n < n {
		l.Append(v)
		c := (l.n - 1) / ChunkLen
		chunk := l.chunks[uint(c)-l.first]
		for end := min(n, (c+1)*ChunkLen); l.n < end; l.n++ {
			chunk[l.n%ChunkLen] = v
		}
	}
}

// Clone copies the list. Both share all chunks until they write to them. l must be the
// list that goes on, not a copy of it by assignment: both would write to its last chunk.
func (l *List[T]) Clone() List[T] {
	clear(l.owned)
	l.end, l.lastChunk = 0, nil
	c := *l
	c.spare = nil
	c.chunks, c.owned = append([]*[ChunkLen]T(nil), l.chunks...), make([]uint64, len(l.owned))
	return c
}
