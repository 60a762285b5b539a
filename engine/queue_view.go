package engine

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine/internal/cow"
	"esmlab/engine/internal/random"
)

// This file answers questions about queues that follow from their state.

// Message returns message id, to be read. Of one that is no longer known (Knows)
// it holds nothing but the label and the last state.
func (s *Sim) Message(id int32) *Message {
	if s.Knows(id) {
		return s.msg(id)
	}
	q, i := s.split(id)
	return &Message{Origin: q, N: int32(i + 1), Queue: q, From: -1, Group: NoGroup, row: -1, Discard: -1, Forward: -1, function: -1, Mapping: -1, loop: -1, State: s.Queues[q].Put.state(i)}
}

// MessageLabel is the label of message id: the queue it was first put to and
// its number there, wherever it is now.
func (s *Sim) MessageLabel(id int32) string {
	q, i := s.split(id)
	return s.cfg.Queues[q].ID + "#" + itoa(i+1)
}

// MessageID returns the id of the n-th put to a queue, from 1, or -1.
func (s *Sim) MessageID(queue, n int) int32 {
	if n < 1 || n > s.Queues[queue].Put.Len() {
		return -1
	}
	return s.messageID(int32(queue), n)
}

// PutTo lists the messages that were first put to a queue and are still known,
// in order of their numbers. It copies them all: use MessageID for one.
func (s *Sim) PutTo(queue int) []Message {
	p := &s.Queues[queue].Put
	out := make([]Message, 0, min(p.Len(), 2*messagesKept))
	for i := 0; i < p.Len(); i++ {
		if c := i / cow.ChunkLen; !p.messages.HoldsChunk(c) && p.isEmpty(c) {
			i = (c+1)*cow.ChunkLen - 1
		} else if p.holds(i) {
			out = append(out, *p.at(i))
		}
	}
	return out
}

// QueueOf returns the index of the queue that mapping m reads, -1 if it reads a
// stream; in that case see SourceOf.
func (s *Sim) QueueOf(m int) int { return int(s.Mappings[m].queue) }

// QueueReaders lists the mappings that read a queue.
func (s *Sim) QueueReaders(queue int) []int32 { return s.Queues[queue].mappings }

// DeadLetterOf returns the index of a queue's DLQ, -1 if it has none.
func (s *Sim) DeadLetterOf(queue int) int { return int(s.Queues[queue].dlq) }

// Oldest is how long the message that has been longest in a queue is there; 0
// if it is empty: in a DLQ that counts from the move (Q-D9). On a standard queue
// messages that were received three times there do not count (Q-M16).
func (s *Sim) Oldest(queue int) Micros {
	if at := s.OldestAt(queue); at != Never {
		return s.now - at
	}
	return 0
}

// OldestAt is when the message came whose age Oldest returns, Never if there is
// none.
func (s *Sim) OldestAt(queue int) Micros {
	q := &s.Queues[queue]
	for id := q.all.head; id >= 0; id = s.msg(id).newer {
		if m := s.msg(id); q.FIFO || m.receivesHere() < 3 {
			return m.Since
		}
	}
	return Never
}

// receivesHere counts a message's receives in the queue where it is.
func (m *Message) receivesHere() int32 { return m.Receives - m.elsewhere }

// Receipts lists the messages of a queue that are in flight, by receive, in the
// order in which their visibility timeouts end: at most limit receives (0:
// all).
func (s *Sim) Receipts(queue, limit int) []Receive {
	var out []Receive
	q := &s.Queues[queue]
	for id := q.hidden.head; id >= 0; id = s.msg(id).next {
		m := s.msg(id)
		if n := len(out); n == 0 || out[n-1].N != m.lastReceive {
			if limit > 0 && n == limit {
				break
			}
			out = append(out, Receive{N: m.lastReceive, Mapping: m.Mapping, Poller: m.Poller, Until: m.Until})
		}
		r := &out[len(out)-1]
		r.Messages = append(r.Messages, id)
	}
	return out
}

// Contents lists up to limit messages that are in a queue, as they came, in any
// state (0: all).
func (s *Sim) Contents(queue, limit int) []int32 {
	var out []int32
	for id := s.Queues[queue].all.head; id >= 0 && (limit == 0 || len(out) < limit); id = s.msg(id).newer {
		out = append(out, id)
	}
	return out
}

// Pollers is how many pollers a queue's mapping has now. A poller receives and
// invokes with one batch at a time, in provisioned mode with ten at a time.
func (s *Sim) Pollers(mi int) int {
	m := &s.Mappings[mi]
	return int(m.pollers(m.Polls.Target))
}

// pollers converts a number of slots to a number of pollers.
func (m *Mapping) pollers(slots int32) int32 {
	if m.MaximumPollers > 0 {
		return (slots + slotsPerPoller - 1) / slotsPerPoller
	}
	return slots
}

// PollEnds is when the long poll of a waiting poller ends, if no message
// arrives.
func (s *Sim) PollEnds(p *Poller) Micros {
	return p.Since + (s.now-p.Since)/longPoll*longPoll + longPoll
}

// longPoll is how long a mapping's poll waits for messages.
const longPoll = 20 * Second

// AWSMessageID is the MessageId of message id: each redrive gives it a new one.
func (s *Sim) AWSMessageID(id int32) string { return s.awsMessageID(s.Message(id)) }

func (s *Sim) awsMessageID(m *Message) string {
	return random.UUID(s.cfg.Seed, drawMessage, uint64(m.Origin)<<32|uint64(m.N), uint64(m.life))
}

// ReceiptHandle stands for the newest receipt handle of message id. AWS's is an
// opaque string.
func (s *Sim) ReceiptHandle(id int32) string { return s.receiptHandle(s.Message(id)) }

func (s *Sim) receiptHandle(m *Message) string {
	return random.UUID(s.cfg.Seed, drawHandle, uint64(m.Origin)<<32|uint64(m.N), uint64(m.handle))
}

// DedupID is the MessageDeduplicationId of a FIFO message: the explicit one,
// else a generated one; after a move to a DLQ it is the message id (Q-D11). If
// content is true, the id is the SHA-256 of the body.
func (s *Sim) DedupID(id int32) (text string, content bool) { return s.dedupID(s.Message(id)) }

func (s *Sim) dedupID(m *Message) (text string, content bool) {
	q := &s.Queues[m.Origin]
	switch {
	case m.From >= 0 || m.row < 0:
		return s.awsMessageID(m), false
	case s.rows[m.row].Dedup != "":
		return s.expand(s.rows[m.row].Dedup, m), false
	case q.ContentBasedDeduplication:
		return "", true
	}
	return random.UUID(s.cfg.Seed, drawMessage, uint64(m.Origin)<<32|uint64(m.N), 1<<32), false
}

// MessageSequence is the SequenceNumber of a FIFO message: 20 digits that
// increase with its place in the queue.
func (s *Sim) MessageSequence(id int32) string { return sequenceOf(s.Message(id)) }

func sequenceOf(m *Message) string {
	n := strconv.FormatInt(m.order*256, 10)
	return "18849" + strings.Repeat("0", max(0, 15-len(n))) + n
}

// Body is the body of message id: that of its row with {n} and {key} filled in,
// padded or cut to the row's size; for a failure record its JSON. It is nil for a
// message that is no longer known.
func (s *Sim) Body(id int32) []byte {
	if !s.Knows(id) {
		return nil
	}
	return s.body(s.msg(id))
}

func (s *Sim) body(m *Message) []byte {
	if m.Discard >= 0 {
		return s.AppendFailure(nil, &s.Discards[m.Discard])
	}
	if m.Forward >= 0 {
		return s.AppendForward(nil, &s.Forwards[m.Forward])
	}
	if m.row < 0 {
		return []byte(strings.ReplaceAll(defaultBody, "{n}", itoa(int(m.N))))
	}
	if p := s.rows[m.row].ownOf(int(m.N)); p != nil && p.text != "" {
		return []byte(p.text)
	}
	body := s.expand(s.rows[m.row].Body, m)
	switch want := int(m.Bytes); {
	case len(body) > want:
		return []byte(strings.Repeat("x", want))
	case len(body) < want: // spaces after JSON keep it JSON
		return []byte(body + strings.Repeat(" ", want-len(body)))
	}
	return []byte(body)
}

// GroupName is the message group of message id, "" if it has none.
func (s *Sim) GroupName(id int32) string { return s.groupName(s.Message(id)) }

func (s *Sim) groupName(m *Message) string {
	if m.Group == NoGroup {
		return ""
	}
	return s.Groups[m.Group].Name
}

// hitsMessage reports whether a fault's record selectors match message id at
// its newest delivery.
func (s *Sim) hitsMessage(a *ActiveFault, id int32) bool {
	if a.every {
		return true
	}
	m := s.msg(id)
	if len(a.nums) > 0 {
		if a.queue != m.Origin {
			return false
		}
		if _, ok := slices.BinarySearch(a.nums, m.N); !ok {
			return false
		}
	}
	if a.Nth > 0 && int(m.N)%a.Nth != 0 || a.Deliveries > 0 && int(m.Deliveries) > a.Deliveries {
		return false
	}
	return len(a.Keys) == 0 || a.hasKey(s.GroupName(id))
}

// afterHit reports whether the k-th message of a batch is hit by a fault, or
// follows such a message of its group.
func (s *Sim) afterHit(nums, hits []int32, k int) bool {
	group := s.msg(nums[k]).Group
	for _, id := range nums[:k+1] {
		if slices.Contains(hits, id) && (id == nums[k] || s.msg(id).Group == group) {
			return true
		}
	}
	return false
}

// itemIdentifier is the id by which a handler lists a record in
// batchItemFailures.
func (s *Sim) itemIdentifier(m *Mapping, n int32) string {
	if m.queue >= 0 {
		return s.AWSMessageID(n)
	}
	return s.SequenceNumber(int(m.source), int(n))
}

// clone copies the pollers, with their batches in one allocation.
func (p *Pollers) clone() Pollers {
	c := *p
	c.Slots, c.idle = slices.Clone(p.Slots), slices.Clone(p.idle)
	n := 0
	for i := range c.Slots {
		n += len(c.Slots[i].Records)
	}
	ids, handles := make([]int32, 0, n), make([]uint32, 0, n)
	for i := range c.Slots {
		slot, at := &c.Slots[i], len(ids)
		ids, handles = append(ids, slot.Records...), append(handles, slot.handles...)
		slot.Records, slot.handles = ids[at:len(ids):len(ids)], handles[at:len(handles):len(handles)]
	}
	return c
}

// copyLists gives a copied queue its own copies of what it writes to.
func (q *Queue) copyLists(from *Queue) {
	q.Put = from.Put.clone()
	q.Groups = slices.Clone(q.Groups)
	q.returned, q.delayed, q.aged, q.freeGroups = slices.Clone(q.returned), slices.Clone(q.delayed), slices.Clone(q.aged), slices.Clone(q.freeGroups)
	q.visibleGroups = slices.Clone(q.visibleGroups)
	q.dedup = q.dedup.clone()
}
