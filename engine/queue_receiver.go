package engine

import (
	"slices"

	"esmlab/engine/internal/random"
	"esmlab/engine/rule"
)

// This file is about who receives from a queue beside its mappings: a consumer on a
// server, or a person who polls in the console. They compete for its messages, and
// each of their receives counts.

// Receiver receives from a queue beside its mappings.
type Receiver struct {
	Queue string
	// It polls from From until Until, exclusive; with Once a single time, at From, and
	// gets what is visible.
	From, Until Micros
	Once        bool
	Every       Micros // the pause between its polls
	Count       int    // messages that a receive takes at most; 0: ten
	Takes       Micros // how long it has them
	Deletes     bool   // it deletes them then; else they wait out their visibility timeout
	// The visibility timeout of its receives, if HasVisibility is set: else the queue's.
	HasVisibility bool
	Visibility    Micros
}

// receiver is a Receiver at work.
type receiver struct {
	Receiver
	queue   int32
	waiting bool // in a long poll
	ids     []int32
	handles []uint32
}

// addReceiver resolves the name of a receiver's queue and schedules its first poll.
func (s *Sim) addReceiver(r Receiver) error {
	qi := int32(s.QueueIndex(r.Queue))
	if qi < 0 {
		return errUnknown("a receiver polls "+r.Queue, "queue")
	}
	if r.Count <= 0 {
		r.Count = receiveMax
	}
	s.receivers = append(s.receivers, receiver{Receiver: r, queue: qi})
	s.schedule(max(s.now, r.From), s.nextDue(), task{kind: taskReceiver, a: int32(len(s.receivers) - 1)})
	return nil
}

// doReceive lets a person poll a queue: ReceiveMessage.
func (s *Sim) doReceive(c Command) *Refusal {
	qi := s.QueueIndex(c.Receive.Queue)
	if qi < 0 || s.Queues[qi].removed {
		return &Refusal{What: "receive " + c.Receive.Queue, Message: c.Receive.Queue + " is not a queue of this run"}
	}
	s.emit(&Event{Kind: KindReceiveAsked, Source: -1, Queue: int32(qi), Applied: &AppliedCommand{Command: c}})
	r := c.Receive
	r.From = max(r.From, s.now)
	_ = s.addReceiver(r) // the queue is there
	return nil
}

// receiverDue lets a receiver go on: it deletes what it has, pauses, and polls again.
func (s *Sim) receiverDue(t task) {
	r := &s.receivers[t.a]
	if len(r.ids) > 0 {
		if r.Deletes {
			s.deleteByReceiver(t.a, r)
		}
		r.ids, r.handles = nil, nil
		if r.Once {
			return
		}
		if r.Every > 0 {
			s.schedule(s.now+r.Every, s.nextDue(), t)
			return
		}
	}
	if s.now >= r.Until && !r.Once {
		return
	}
	r.waiting = true
	s.scheduleReceive(r.queue, &s.Queues[r.queue])
}

// othersWait reports whether a receiver beside the mappings waits for messages of a
// queue.
func (s *Sim) othersWait(qi int32) bool {
	for i := range s.receivers {
		if r := &s.receivers[i]; r.waiting && r.queue == qi {
			return true
		}
	}
	return false
}

// receiveDueAmongOthers lets mappings and other receivers of a queue receive; the seed
// decides who is next.
func (s *Sim) receiveDueAmongOthers(qi int32, q *Queue) {
	for s.receivable(q) {
		var ready []int32 // mappings, then receivers
		for _, mi := range q.mappings {
			if m := &s.Mappings[mi]; m.Polls.idle.Next(0) >= 0 && s.canPoll(qi, mi, m) {
				ready = append(ready, mi)
			}
		}
		own := len(ready)
		for i := range s.receivers {
			r := &s.receivers[i]
			if r.waiting && r.queue == qi && (r.Once || s.now < r.Until) {
				ready = append(ready, int32(i))
			}
		}
		if len(ready) == 0 {
			break
		}
		k := 0
		if len(ready) > 1 {
			k = int(random.Below(random.Draw(s.cfg.Seed, drawReceive, uint64(qi), uint64(q.receives)|1<<40), uint64(len(ready))))
		}
		if k < own {
			s.receiveNext(qi, q, ready[k])
		} else {
			s.take(qi, q, ready[k])
		}
	}
	for i := range s.receivers { // a single poll gets what is there, and no more
		if r := &s.receivers[i]; r.queue == qi && r.Once {
			r.waiting = false
		}
	}
}

// take makes one receive of another receiver.
func (s *Sim) take(qi int32, q *Queue, k int32) {
	r := &s.receivers[k]
	r.waiting = false
	timeout := Micros(q.VisibilityTimeout) * Second
	if r.HasVisibility {
		timeout = r.Visibility
	}
	most := min(receiveMax, r.Count, int(inFlightMax-q.InFlight))
	s.takeMessages(qi, q, -1, most, timeout, func(int32, *Message) bool { return true }, func(id int32, m *Message) {
		m.Mapping, m.Poller = -1, -1
		s.setMessageState(m, StateHidden)
		r.ids, r.handles = append(r.ids, id), append(r.handles, m.handle)
	})
	if len(r.ids) == 0 {
		r.waiting = !r.Once
		return
	}
	counts := make([]int32, len(r.ids))
	for i, id := range r.ids {
		counts[i] = s.msg(id).Receives
	}
	s.emit(&Event{Kind: KindTaken, Rule: rule.SqsTaken, Source: -1, Mapping: -1, Queue: qi, From: k, Records: r.ids, Details: s.details(Details{Receives: counts}), Limit: s.receiveLimit(q), Visibility: int32(timeout / Second)})
	s.schedule(s.now+r.Takes, s.nextDue(), task{kind: taskReceiver, a: k})
}

// deleteByReceiver deletes what another receiver has, as far as that is possible.
func (s *Sim) deleteByReceiver(k int32, r *receiver) {
	q := &s.Queues[r.queue]
	var gone []int32
	for i, id := range r.ids {
		if !s.Knows(id) { // it left so long ago that it was let go of
			continue
		}
		m := s.mutMsg(id)
		switch {
		case m.gone || m.Queue != r.queue:
		case m.handle != r.handles[i] || q.FIFO && m.place != placeHidden:
			s.emitDeleteFailed(-1, r.queue, 0, []int32{id}, ruleWhy(q.FIFO, WhyHandleExpired, WhyHandleOld))
		default:
			s.finish(r.queue, id, m, StateDone)
			gone = append(gone, id)
		}
	}
	if len(gone) > 0 {
		s.emit(&Event{Kind: KindDelete, Rule: rule.SqsTaken, Source: -1, Mapping: -1, Queue: r.queue, From: k, Records: gone, Why: WhyOther})
	}
}

// Taker says who received the messages of a `taken` event.
func (c *Config) Taker(e *Event) string {
	if int(e.From) < len(c.Receivers) {
		return "another consumer"
	}
	return "a person in the console"
}

func cloneReceivers(list []receiver) []receiver {
	c := slices.Clone(list)
	for i := range c {
		c[i].ids, c[i].handles = slices.Clone(c[i].ids), slices.Clone(c[i].handles)
	}
	return c
}
