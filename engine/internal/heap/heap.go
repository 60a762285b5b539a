// Package heap is a priority queue ordered by two integers. It is generic in
// what it holds but not in the order, so that comparing is inlined;
// container/heap boxes each element and calls through an interface.
package heap

// Item is a value and its place in the order: lowest Key first, then lowest
// Seq.
type Item[T any] struct {
	Key   int64
	Seq   uint64
	Value T
}

func (a *Item[T]) before(b *Item[T]) bool { return a.Key < b.Key || a.Key == b.Key && a.Seq < b.Seq }

// Heap is a heap: its first item is the lowest. Each item has up to four below it, which
// lie together: half as deep as with two, it touches less memory. The zero value is empty.
type Heap[T any] []Item[T]

const width = 4

// Push adds a value at its place in the order.
func (h *Heap[T]) Push(key int64, seq uint64, value T) {
	q := *h
	if len(q) == cap(q) { // so that each four begin where a cache line does
		q = append(make([]Item[T], width-1, 2*len(q)+4*width-1)[width-1:], q...)
	}
	q = q[:len(q)+1]
	i := len(q) - 1
	for i > 0 {
		parent := (i - 1) / width
		if p := &q[parent]; p.Key < key || p.Key == key && p.Seq <= seq {
			break
		}
		q[i] = q[parent]
		i = parent
	}
	q[i].Key, q[i].Seq, q[i].Value = key, seq, value
	*h = q
}

// Pop takes out the lowest item. The heap must not be empty.
func (h *Heap[T]) Pop() Item[T] {
	q := *h
	top, last := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	if len(q) > 0 {
		q.sink(last)
	}
	*h = q
	return top
}

// Replace takes out the lowest item and adds a value, in one go. The heap must
// not be empty.
func (h Heap[T]) Replace(key int64, seq uint64, value T) {
	h.sink(Item[T]{Key: key, Seq: seq, Value: value})
}

// Second gives items of which one comes first after the lowest item; none if there is
// no other.
func (h Heap[T]) Second() []Item[T] { return h[min(1, len(h)):min(1+width, len(h))] }

// sink puts an item in place of the lowest one.
func (h Heap[T]) sink(item Item[T]) {
	i := 0
	for {
		first := width*i + 1
		if first >= len(h) {
			break
		}
		child := first
		for k := first + 1; k < min(first+width, len(h)); k++ {
			if h[k].before(&h[child]) {
				child = k
			}
		}
		if !h[child].before(&item) {
			break
		}
		h[i] = h[child]
		i = child
	}
	h[i] = item
}
