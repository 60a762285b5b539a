package engine

import (
	"esmlab/engine/internal/random"
	"slices"

	"esmlab/engine/rule"
)

// deleteMax is how many messages one DeleteMessageBatch takes.
const deleteMax = 10

// invoke invokes the function with a poller's batch.
func (r pollerRef) invoke() {
	for _, id := range r.p.Records {
		msg := r.mutMsg(id)
		msg.Deliveries++
		if r.Functions[r.m.function].Managed != 0 {
			r.m.managed.Spend(int64(msg.Bytes))
		}
	}
	r.setBatchState(r.p, StateRunning)
	n := int32(r.Functions[r.m.function].Invocations + 1)
	r.emit(&Event{Kind: KindInvoke, Rule: rule.SqsInvoke, Function: r.m.function, Batch: r.p.Batch, Invocation: n, Attempt: r.p.Tries, Records: r.p.Records})
	slot := r.startInvocation(r.m, r.p.Records, invocation{n: n, function: r.m.function, mapping: r.mi, shard: r.pi, batch: r.p.Batch, attempt: r.p.Tries})
	r.p.Phase, r.p.Since, r.p.Due, r.p.invocation = PollerRuns, r.now, r.invocations[slot].end, slot
}

// queueRule translates the rule of how an invocation ended to that of a queue.
func queueRule(by rule.ID) rule.ID {
	switch by {
	case rule.MapPartialOff:
		return rule.SqsPartialOff
	case rule.MapPartialBad:
		return rule.SqsPartialBad
	case rule.MapPartialNone:
		return rule.SqsPartialNone
	case rule.FnError, rule.FnCrash:
		return rule.SqsFailed
	}
	return by
}

// pollerBatchReturned continues after an invocation with a poller's batch:
// messages that succeeded are deleted, the others wait out their visibility
// timeout.
func (s *Sim) pollerBatchReturned(inv *invocation, by rule.ID) {
	mi, pi := inv.mapping, inv.shard
	m := &s.Mappings[mi]
	p := &m.Polls.Slots[pi]
	q := &s.Queues[m.queue]
	by = queueRule(by)
	if inv.outcome == OutcomePartial {
		inv.failures = inv.failures[:0]
		for _, k := range inv.answer.named {
			inv.failures = append(inv.failures, p.Records[k])
		}
		by = ruleOr(q.FIFO, rule.FifoPartial, rule.SqsPartial)
	}
	s.emit(&Event{Kind: KindReturn, Rule: by, Source: -1, Mapping: mi, Function: inv.function, Queue: m.queue, Poller: pi, Batch: inv.batch,
		Invocation: inv.n, Attempt: inv.attempt, Outcome: inv.outcome, At2: s.now - inv.start, Records: p.Records, Failed: inv.failures, Faults: inv.faults,
		Times: s.maxReceives(p.Records), Visibility: int32(q.VisibilityTimeout), Limit: s.receiveLimit(q)})
	ok := inv.outcome == OutcomeOK || inv.outcome == OutcomePartial
	if inv.outcome == OutcomeOK {
		s.sendOnSuccess(inv, m, p)
	}
	var hands [deleteMax]int32
	delete := hands[:0]
	for i, id := range p.Records {
		if !ok || inv.outcome == OutcomePartial && slices.Contains(inv.answer.named, int32(i)) {
			msg := s.mutMsg(id)
			msg.Failures++
			if p.holds(i, msg) {
				s.setMessageState(msg, StateHidden)
			}
			continue
		}
		if delete = append(delete, int32(i)); len(delete) == deleteMax {
			s.deleteMessages(mi, m, p, delete)
			delete = delete[:0]
		}
	}
	s.deleteMessages(mi, m, p, delete)
	switch {
	case ok:
		m.Polls.shrunk = false
	case !m.ReportBatchItemFailures:
		s.shrink(mi, m, s.cfg.Chosen.ErrorKeep, WhyErrors, rule.SqsErrorScale)
	}
	p.windowAt, p.rolled = s.now, false
	s.poller(mi, pi).release()
}

// deleteMessages deletes up to ten messages of a poller's batch, by their places
// in it.
func (s *Sim) deleteMessages(mi int32, m *Mapping, p *Poller, places []int32) {
	if len(places) == 0 {
		return
	}
	var goneRoom, keptRoom [deleteMax]int32
	gone, kept := goneRoom[:0], keptRoom[:0]
	qi := m.queue
	q := &s.Queues[qi]
	why := WhyNone
	for _, i := range places {
		id := p.Records[i]
		msg := s.mutMsg(id)
		w := WhyNone
		switch {
		case msg.DoneAt > 0 && msg.place == placeNone || msg.Queue != qi:
			continue // it has left the queue in the meantime
		case m.firstDenied(s.cfg.Queues[qi].ID, "sqs:DeleteMessage") != nil:
			w = WhyDeleteDenied
		case q.FIFO && (msg.handle != p.handles[i] || msg.place != placeHidden):
			w = WhyHandleExpired
		case msg.handle != p.handles[i]:
			w = WhyHandleOld
		case s.deletionFails(qi, msg):
			w = WhyDeleteFails
		}
		if w == WhyNone {
			s.finish(qi, id, msg, StateDone)
			gone = append(gone, id)
			continue
		}
		if p.holds(int(i), msg) {
			s.setMessageState(msg, StateHidden)
		}
		if len(kept) > 0 && w != why {
			s.emitDeleteFailed(mi, qi, p.Batch, kept, why)
			kept = kept[:0]
		}
		why = w
		kept = append(kept, id)
	}
	if len(gone) > 0 {
		s.emit(&Event{Kind: KindDelete, Rule: ruleOr(m.ReportBatchItemFailures && len(gone) < len(p.Records), rule.SqsPartialDelete, rule.SqsDelete), Source: -1, Mapping: mi, Queue: qi, Batch: p.Batch, Records: gone, Why: WhyProcessed})
	}
	s.emitDeleteFailed(mi, qi, p.Batch, kept, why)
}

// maxReceives is the highest receive count of some messages.
func (s *Sim) maxReceives(ids []int32) (n int32) {
	if s.keep {
		for _, id := range ids {
			n = max(n, s.msg(id).Receives)
		}
	}
	return n
}

// emitDeleteFailed emits which deletions failed.
func (s *Sim) emitDeleteFailed(mi, qi, batch int32, ids []int32, why Why) {
	if len(ids) == 0 {
		return
	}
	by := rule.SqsDeleteFails
	switch why {
	case WhyHandleOld:
		by = rule.SqsHandleOld
	case WhyHandleExpired:
		by = rule.FifoHandleExpired
	case WhyDeleteDenied:
		by = rule.SqsDenied
	}
	e := Event{Kind: KindDeleteFailed, Rule: by, Source: -1, Mapping: mi, Queue: qi, Batch: batch, Records: ids, Why: why}
	if why == WhyDeleteDenied {
		e.Denial = s.Mappings[mi].firstDenied(s.cfg.Queues[qi].ID, "sqs:DeleteMessage")
	}
	s.emit(&e)
}

// deletionFails draws whether the deletion of a message fails, once for each of
// its receives (Q-E13).
func (s *Sim) deletionFails(qi int32, m *Message) bool {
	p := s.cfg.Queues[qi].FailedDeletes
	return p > 0 && random.Float64(random.Draw(s.cfg.Seed, drawDelete, s.luckOf(m), uint64(m.handle))) < p
}

// luckOf is what a message's draws are made from: its label alone, so that they
// do not depend on what other queues get, or on what other queues there are.
func (s *Sim) luckOf(m *Message) uint64 {
	return random.Draw(hashText(s.cfg.Queues[m.Origin].ID), uint64(m.N), 0, 0)
}

// duplicate makes some received messages visible again at once: standard queues
// may deliver a message twice (Q-S16, Q-S17, Q15.48).
func (s *Sim) duplicate(qi int32, q *Queue, mi int32, got []int32) {
	p := s.cfg.Queues[qi].Duplicates
	if p <= 0 || q.FIFO {
		return
	}
	var again []int32
	for _, id := range got {
		m := s.msg(id)
		if m.handle == 1 && random.Float64(random.Draw(s.cfg.Seed, drawDuplicate, s.luckOf(m), 0)) < p {
			again = append(again, id)
		}
	}
	for _, id := range again {
		m := s.mutMsg(id)
		s.endFlight(q, m)
		s.reappear(qi, q, id, m)
	}
	if len(again) > 0 {
		s.emit(&Event{Kind: KindReappear, Rule: rule.SqsDuplicate, Source: -1, Mapping: mi, Queue: qi, Records: again, Limit: s.receiveLimit(q), Visibility: int32(q.VisibilityTimeout)})
	}
}
