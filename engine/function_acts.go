package engine

import (
	"math"
	"slices"

	"esmlab/engine/internal/cow"
	"esmlab/engine/rule"
)

// act carries out one act on a record of a batch. It returns false if it failed in a
// way that makes the handler fail.
func (s *Sim) act(inv *invocation, m *Mapping, a *act, k int32) bool {
	switch a.Kind {
	case ActVisibility:
		return m.queue < 0 || s.changeVisibility(inv, m, []int32{k}, a.Visibility)
	case ActDelete:
		if m.queue >= 0 {
			s.deleteByHandler(inv, m, k)
		}
	case ActSend:
		return s.sendByHandler(inv, m, a, k)
	}
	return true
}

// emitAct emits what a handler does with some records.
func (s *Sim) emitAct(inv *invocation, e Event, nums []int32) {
	m := &s.Mappings[inv.mapping]
	e.Kind, e.Source, e.Mapping, e.Function, e.Queue, e.Batch, e.Invocation, e.Records = KindAct, m.source, inv.mapping, inv.function, m.queue, inv.batch, inv.n, nums
	if m.queue < 0 {
		e.Shard, e.Lane = inv.shard, int32(inv.lane)
	} else {
		e.Poller = inv.shard
	}
	s.emit(&e)
}

// visibilityMost is how long a message may be hidden in all from its first receive
// (N-D7).
const visibilityMost = 12 * Hour

// changeVisibility changes the visibility timeout of messages of a batch, by their
// places in it: ChangeMessageVisibility. It counts from now on. It returns false if the
// role does not let the handler do it.
func (s *Sim) changeVisibility(inv *invocation, m *Mapping, places []int32, to Micros) bool {
	q := &s.Queues[m.queue]
	if d := s.actDenied(m, ""); d != nil {
		var ids []int32
		for _, k := range places {
			ids = append(ids, inv.work.nums[k])
		}
		s.emitAct(inv, Event{Act: ActVisibility, Rule: rule.FnActDenied, Why: WhyNotAllowed, Details: s.details(Details{Denial: d}), Visibility: int32(to / Second)}, ids)
		return false
	}
	q.requests.Visibility += units(int64(len(places)), deleteMax) // a batch of them has as many entries
	seq := s.nextDue()
	done, refused := make([]int32, 0, len(places)), []int32(nil)
	why := WhyNone
	for _, k := range places {
		id := inv.work.nums[k]
		msg := s.msg(id)
		w := WhyNone
		switch {
		case msg.gone || msg.Queue != m.queue:
			w = WhyMessageGone
		case msg.handle != inv.work.handles[k] || msg.place != placeHidden:
			w = ruleWhy(q.FIFO, WhyHandleExpired, WhyNotHidden)
		case s.now+to > msg.First+visibilityMost:
			w = WhyHiddenMost
		}
		if w == WhyNone {
			done = append(done, id)
		} else {
			refused, why = append(refused, id), w
		}
	}
	if len(refused) > 0 {
		s.emitAct(inv, Event{Act: ActVisibility, Rule: ruleOr(why == WhyHiddenMost, rule.SqsVisibilityMost, rule.SqsVisibilityLate), Why: why, Visibility: int32(to / Second)}, refused)
	}
	if len(done) == 0 {
		return true
	}
	s.emitAct(inv, Event{Act: ActVisibility, Rule: rule.SqsVisibilityChanged, Visibility: int32(to / Second)}, done)
	for _, id := range done {
		msg := s.mutMsg(id)
		if to > 0 {
			s.unlink(&q.hidden, msg)
			s.linkHidden(q, id, msg, s.now+to, seq)
			continue
		}
		s.endFlight(q, msg)
		s.reappear(m.queue, q, id, msg)
	}
	if to == 0 {
		s.emit(&Event{Kind: KindReappear, Rule: rule.SqsVisibilityZero, Source: -1, Mapping: inv.mapping, Queue: m.queue, Records: done, Limit: s.receiveLimit(q), Visibility: int32(q.VisibilityTimeout)})
		return true
	}
	inv.work.hidden = true
	s.scheduleVisible(m.queue, q)
	return true
}

func ruleWhy(cond bool, a, b Why) Why {
	if cond {
		return a
	}
	return b
}

// deleteByHandler deletes a message of a batch: DeleteMessage, called by the handler.
// What becomes of the invocation does not change that.
func (s *Sim) deleteByHandler(inv *invocation, m *Mapping, k int32) {
	id := inv.work.nums[k]
	msg := s.mutMsg(id)
	if msg.gone || msg.Queue != m.queue {
		return
	}
	s.Queues[m.queue].requests.Deletes++
	e := Event{Kind: KindDelete, Rule: rule.SqsDeleteOwn, Source: -1, Mapping: inv.mapping, Function: inv.function, Queue: m.queue, Poller: inv.shard, Batch: inv.batch, Invocation: inv.n, Records: []int32{id}, Why: WhyHandler}
	if why := s.undeletable(m, msg, inv.work.handles[k]); why != WhyNone {
		s.emitDeleteFailed(inv.mapping, m.queue, inv.batch, e.Records, why)
		return
	}
	s.finish(m.queue, id, msg, StateDone)
	s.emit(&e)
}

// sendByHandler puts what a record holds, or a text of its own, to a stream, a table
// or a queue.
func (s *Sim) sendByHandler(inv *invocation, m *Mapping, a *act, k int32) bool {
	n := inv.work.nums[k]
	if d := s.actDenied(m, a.To); d != nil {
		s.emitAct(inv, Event{Act: ActSend, Rule: rule.FnActDenied, To: a.effect, Why: WhyNotAllowed, Details: s.details(Details{Denial: d})}, inv.work.nums[k:k+1])
		return false
	}
	key, text := a.Key, a.Body
	if key == "" {
		key = s.keyOf(m, n)
	}
	if text == "" {
		text = s.textOf(m, n)
	} else {
		text = s.fillIn(text, m, n)
	}
	chain := messageOrigin{loop: -1}
	if m.queue >= 0 {
		chain = s.nextRound(inv.function, inv.work.nums[k:k+1])
	}
	why, id := s.putOwn(a.row, key, text, 0)
	if id >= 0 && why == WhyNone {
		msg := s.mutMsg(id)
		msg.function, msg.loop, msg.hops = inv.function, chain.loop, chain.hops
	}
	s.emitAct(inv, Event{Act: ActSend, Rule: rule.FnSend, To: a.effect, Why: why}, inv.work.nums[k:k+1])
	return why == WhyNone
}

// keyOf is the key of a record that mapping m reads: partition key, item key or
// message group.
func (s *Sim) keyOf(m *Mapping, n int32) string {
	if m.queue >= 0 {
		return s.groupName(s.msg(n))
	}
	st := &s.Streams[m.source]
	return st.Keys[st.Records.At(int(n)-1).Key].Name
}

// textOf is what such a record holds.
func (s *Sim) textOf(m *Mapping, n int32) string {
	if m.queue >= 0 {
		return string(s.body(s.msg(n)))
	}
	return string(s.Payload(int(m.source), int(n)))
}

// fillIn replaces {n} and {key} by those of such a record.
func (s *Sim) fillIn(text string, m *Mapping, n int32) string {
	label := n
	if m.queue >= 0 {
		label = s.msg(n).N
	}
	return filledIn(text, int(label), s.keyOf(m, n))
}

// Effect counts what a function's handler did to one thing outside: calls of a
// service, or what it sent.
type Effect struct {
	ID    string
	Done  int64
	Twice int64 // records for which it was done more than once
	Again int64 // how many times too many
	times []cow.List[uint8]
}

// Targets are what a handler acts on outside: the services that it calls, and where
// it sends. Events refer to them by their places here.
func (h *Handler) Targets() []string {
	var out []string
	for i := range h.Does {
		if to := h.Does[i].To; to != "" && !slices.Contains(out, to) {
			out = append(out, to)
		}
	}
	return out
}

// ActTarget is the name of what an act is about beside its records, "" if nothing: a
// service, or where something was sent.
func (c *Config) ActTarget(e *Event) string {
	switch e.Act {
	case ActSend, ActCall, ActPause, ActResume:
		if to := c.Functions[e.Function].Handler.Targets(); int(e.To) < len(to) {
			return to[e.To]
		}
	}
	return ""
}

func cloneEffects(list []Effect) []Effect {
	c := slices.Clone(list)
	for i := range c {
		c[i].times = slices.Clone(c[i].times)
		for k := range c[i].times {
			c[i].times[k] = list[i].times[k].Clone()
		}
	}
	return c
}

// countAct counts what a handler did to something outside.
func (s *Sim) countAct(e *Event) {
	if e.Why != WhyNone || e.Act != ActSend && e.Act != ActCall {
		return
	}
	x := &s.Functions[e.Function].Effects[e.To]
	if x.times == nil {
		x.times = make([]cow.List[uint8], len(s.Streams)+len(s.Queues))
	}
	for _, n := range e.Records {
		x.Done++
		list, at := s.identity(e.Source, n)
		times := &x.times[list]
		for times.Len() <= at {
			times.Grow()
		}
		t := times.Mut(at)
		*t = min(*t, math.MaxUint8-1) + 1
		if *t > 1 {
			x.Again++
		}
		if *t == 2 {
			x.Twice++
		}
		e.Times = max(e.Times, int32(*t))
	}
}

// identity says what a record is about: what a producer has written twice is one
// thing. It gives the source, streams first, and the number of the first put there.
func (s *Sim) identity(source, n int32) (list, at int) {
	if source >= 0 {
		r := s.Streams[source].Records.At(int(n) - 1)
		return int(source), s.original(r.row, int(n)) - 1
	}
	m := s.msg(n)
	return len(s.Streams) + int(m.Origin), s.original(m.row, int(m.N)) - 1
}
