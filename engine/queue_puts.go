package engine

import (
	"math/bits"
	"slices"

	"esmlab/engine/internal/cow"
)

// This file keeps the messages that were put to a queue, and lets go of those
// that are no longer needed, so that memory grows with what waits and not
// with what has passed. What stays of a message that is gone is its label, which
// is its id, and its last state.

// messagesKept is how many of a queue's newest messages are kept in full,
// whatever became of them, so that what is on a screen stays available.
const messagesKept = 16 * cow.ChunkLen

// thinnable is how many messages of a chunk may still be needed when the others
// are let go of: these are kept one by one.
const thinnable = cow.ChunkLen / 4

// Puts are the messages that were first put to a queue, by their numbers.
type Puts struct {
	messages cow.List[Message]  // number n at n-1; chunks of which most have gone are dropped
	past     cow.List[leftover] // by chunk: what is left of those
	kept     cow.List[Message]  // those of dropped chunks that are still needed, in any order
	freeSlot int32              // a place in kept that is free, plus one; more of them through Message.next
	unready  []int32            // chunks that were looked at and could not be dropped yet, the next first
	gone     []int32            // places of messages in kept that have gone since
}

// leftover is what is left of a dropped chunk.
type leftover struct {
	compactedChunk                           // last states of those that have gone
	held           [cow.ChunkLen / 64]uint64 // which are still needed
	slots          []int32                   // where they are in Puts.kept; never written to
}

// Len is how many there are, gone or not.
func (p *Puts) Len() int { return p.messages.Len() }

// slot returns where message i of a dropped chunk is kept, -1 if it has gone.
func (p *Puts) slot(i int) int32 {
	if !p.past.Holds(i / cow.ChunkLen) {
		return -1
	}
	l, at := p.past.At(i/cow.ChunkLen), i%cow.ChunkLen
	if l.held[at/64]&(1<<(at%64)) == 0 {
		return -1
	}
	rank := bits.OnesCount64(l.held[at/64] & (1<<(at%64) - 1))
	for _, word := range l.held[:at/64] {
		rank += bits.OnesCount64(word)
	}
	return l.slots[rank]
}

// holds tells whether message i is still kept in full.
func (p *Puts) holds(i int) bool { return p.messages.Holds(i) || p.slot(i) >= 0 }

// isEmpty reports whether nothing is kept of a dropped chunk.
func (p *Puts) isEmpty(c int) bool { return !p.past.Holds(c) || len(p.past.At(c).slots) == 0 }

func (p *Puts) at(i int) *Message {
	if p.messages.HoldsChunk(i / cow.ChunkLen) {
		return p.messages.At(i)
	}
	return p.kept.At(int(p.slot(i)))
}

func (p *Puts) mut(i int) *Message {
	if p.messages.HoldsChunk(i / cow.ChunkLen) {
		return p.messages.Mut(i)
	}
	return p.kept.Mut(int(p.slot(i)))
}

// state is the last state of message i, which has gone.
func (p *Puts) state(i int) RecordState {
	if c := i / cow.ChunkLen; p.past.Holds(c) {
		return p.past.At(c).state(i % cow.ChunkLen)
	}
	return StateForgotten
}

// clone copies the puts.
func (p *Puts) clone() Puts {
	c := *p
	c.messages, c.past, c.kept = p.messages.Clone(), p.past.Clone(), p.kept.Clone()
	c.unready, c.gone = slices.Clip(p.unready), slices.Clip(p.gone) // taken from in front, appended to behind
	return c
}

// idBits is how many bits of a message id are the queue it was put to: the
// others are its number there less one. So an id is a label, whether or not
// its message is still known.
// There is room for queues that deployments add.
func idBits(queues int) int { return bits.Len(uint(2*queues + 7)) }

func (s *Sim) messageID(queue int32, n int) int32 { return int32(n-1)<<s.idBits | queue }

// split gives the queue that a message was put to, and its place in its Puts.
func (s *Sim) split(id int32) (queue int32, i int) {
	return id & (1<<s.idBits - 1), int(id >> s.idBits)
}

// mostPuts is how many messages may be put to a queue: so many ids there are.
func (s *Sim) mostPuts() int { return 1 << (31 - s.idBits) }

func (s *Sim) msg(id int32) *Message {
	q, i := s.split(id)
	return s.Queues[q].Put.at(i)
}

// mutMsg returns a message to be written to.
func (s *Sim) mutMsg(id int32) *Message {
	q, i := s.split(id)
	return s.Queues[q].Put.mut(i)
}

// Knows reports whether message id is still kept in full. Of one that has gone
// long ago only the label and the last state are left.
func (s *Sim) Knows(id int32) bool {
	q, i := s.split(id)
	return s.Queues[q].Put.holds(i)
}

// isFinal reports whether a queue's message stays in a state for ever.
func (r RecordState) isFinal() bool {
	switch r {
	case StateDone, StateFiltered, StateExpired, StateRejected, StateDeduplicated, StatePurged:
		return true
	}
	return false
}

// unneeded reports whether nothing will ask for a message again: it has gone, no
// poller has it in its batch, and its deduplication id no longer counts.
func (s *Sim) unneeded(q *Queue, m *Message) bool {
	return m.State.isFinal() && m.hands == 0 && (!q.FIFO || s.now-m.PutAt >= dedupWindow)
}

// IsOver reports whether nothing more will happen to message id.
func (s *Sim) IsOver(id int32) bool {
	if !s.Knows(id) {
		return true
	}
	m := s.msg(id)
	return m.State.isFinal() && m.hands == 0
}

// finished notes that message i has gone.
func (p *Puts) finished(i int) {
	if !p.messages.HoldsChunk(i / cow.ChunkLen) {
		p.gone = append(p.gone, int32(i))
	}
}

// letGo lets go of messages that were put to a queue long ago. It is called each
// time a chunk is full.
func (s *Sim) letGo(q *Queue) {
	p := &q.Put
	for range min(thinnable, len(p.gone)) {
		i := p.gone[0]
		p.gone = p.gone[1:]
		if m := p.at(int(i)); s.unneeded(q, m) {
			p.release(int(i), m.State)
		} else {
			p.gone = append(p.gone, i)
		}
	}
	if c := (p.Len()-s.messagesKept)/cow.ChunkLen - 1; c >= 0 && !s.thin(q, c) {
		p.unready = append(p.unready, int32(c))
	}
	for range min(4, len(p.unready)) { // more than come, so that none stays for long
		c := p.unready[0]
		p.unready = p.unready[1:]
		if !s.thin(q, int(c)) {
			p.unready = append(p.unready, c)
		}
	}
	p.forget()
}

// thin drops a chunk, keeping those of its messages that are needed, unless there
// are too many of these.
func (s *Sim) thin(q *Queue, c int) bool {
	p := &q.Put
	chunk := p.messages.Chunk(c)
	l := leftover{}
	n := 0
	for i := range chunk {
		if !s.unneeded(q, &chunk[i]) {
			l.held[i/64] |= 1 << (i % 64)
			if n++; n > thinnable {
				return false
			}
		}
	}
	for p.past.Len() <= c {
		p.past.Grow()
	}
	l.slots = make([]int32, 0, n)
	for i := range chunk {
		if l.held[i/64]&(1<<(i%64)) == 0 {
			continue
		}
		m := &chunk[i]
		slot := p.freeSlot - 1
		if slot >= 0 {
			to := p.kept.Mut(int(slot))
			p.freeSlot, *to = to.next, *m
		} else {
			slot = int32(p.kept.Len())
			p.kept.Append(*m)
		}
		l.slots = append(l.slots, slot)
		if m.State.isFinal() {
			p.gone = append(p.gone, int32(c*cow.ChunkLen+i))
		}
	}
	var states [cow.ChunkLen]RecordState
	for i := range chunk {
		states[i] = chunk[i].State
	}
	l.compactedChunk = compact(&states)
	*p.past.Mut(c) = l
	p.messages.Drop(c)
	return true
}

// release lets go of a message that was kept when its chunk was dropped.
func (p *Puts) release(i int, state RecordState) {
	slot := p.slot(i)
	l, at := p.past.Mut(i/cow.ChunkLen), i%cow.ChunkLen
	m := p.kept.Mut(int(slot))
	*m = Message{next: p.freeSlot}
	p.freeSlot = slot + 1
	l.held[at/64] &^= 1 << (at % 64)
	slots := make([]int32, 0, len(l.slots)-1)
	for _, k := range l.slots {
		if k != slot {
			slots = append(slots, k)
		}
	}
	l.slots = slots
	l.set(at, state)
}

// forget drops the last states of messages that were put so long ago that
// nobody is expected to ask.
func (p *Puts) forget() {
	for c := p.past.FirstChunk(); (c+1)*cow.ChunkLen <= p.past.Len()-statesKept; c++ {
		if !p.past.HoldsChunk(c) {
			continue
		}
		for i, l := range p.past.Chunk(c) {
			if len(l.slots) > 0 || p.messages.HoldsChunk(c*cow.ChunkLen+i) {
				return
			}
		}
		p.past.Drop(c)
	}
}
