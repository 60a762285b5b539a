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
	version := r.runs(r.m, n)
	r.emit(&Event{Kind: KindInvoke, Rule: ruleOr(version > 0, rule.FnAlias, rule.SqsInvoke), Function: r.m.function, Batch: r.p.Batch, Invocation: n, Attempt: r.p.Tries, Records: r.p.Records, Of: version})
	slot := r.startInvocation(r.m, r.p.Records, invocation{n: n, version: version, function: r.m.function, mapping: r.mi, shard: r.pi, batch: r.p.Batch, attempt: r.p.Tries})
	r.p.Phase, r.p.Since, r.p.Due, r.p.invocation = PollerRuns, r.now, r.estimate(slot), slot
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
	deleted, back := s.handled(inv, p)
	act := ActNone
	if inv.work != nil && inv.work.hidden {
		act = ActVisibility
	}
	s.emit(&Event{Kind: KindReturn, Act: act, Rule: by, Source: -1, Mapping: mi, Function: inv.function, Of: inv.version, Queue: m.queue, Poller: pi, Batch: inv.batch, From: deleted, To: back,
		Invocation: inv.n, Attempt: inv.attempt, Outcome: inv.outcome, At2: s.now - inv.start, Records: p.Records, Failed: inv.failures, Details: s.details(Details{Faults: inv.faults}),
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
	s.Queues[m.queue].requests.Deletes++
	var goneRoom, keptRoom [deleteMax]int32
	gone, kept := goneRoom[:0], keptRoom[:0]
	qi := m.queue
	why := WhyNone
	for _, i := range places {
		id := p.Records[i]
		msg := s.mutMsg(id)
		w := WhyNone
		switch {
		case msg.gone || msg.Queue != qi:
			continue // it has left the queue in the meantime
		default:
			w = s.undeletable(m, msg, p.handles[i])
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

// handled counts what the handler itself did with the messages of its batch: how many
// it has deleted, and how many are visible again or in other hands.
func (s *Sim) handled(inv *invocation, p *Poller) (deleted, back int32) {
	if inv.work == nil {
		return 0, 0
	}
	for i, id := range p.Records {
		switch m := s.msg(id); {
		case m.gone:
			deleted++
		case !p.holds(i, m):
			back++
		}
	}
	return deleted, back
}

// undeletable says why a message in the queue of mapping m cannot be deleted by a
// receipt handle, WhyNone if it can.
func (s *Sim) undeletable(m *Mapping, msg *Message, handle uint32) Why {
	switch fifo := s.Queues[m.queue].FIFO; {
	case m.firstDenied(s.cfg.Queues[m.queue].ID, "sqs:DeleteMessage") != nil:
		return WhyDeleteDenied
	case fifo && (msg.handle != handle || msg.place != placeHidden):
		return WhyHandleExpired
	case msg.handle != handle:
		return WhyHandleOld
	case s.deletionFails(m.queue, msg):
		return WhyDeleteFails
	}
	return WhyNone
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
		e.Details = s.details(Details{Denial: s.Mappings[mi].firstDenied(s.cfg.Queues[qi].ID, "sqs:DeleteMessage")})
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

// closeBatch closes the batch of a poller and tries to invoke the
// function with it.
func (r pollerRef) closeBatch(why Why, by rule.ID) {
	r.m.lastBatch++
	r.p.Batch, r.p.Tries, r.p.Throttles, r.p.gen = r.m.lastBatch, 0, 0, r.nextGen()
	r.idlePollerStops(&r.m.Polls, r.pi)
	r.emit(&Event{Kind: KindBatch, Rule: by, Batch: r.p.Batch, Records: r.p.Records, Why: why})
	r.tryInvoke()
}

// tryInvoke invokes the function with a poller's batch, or is throttled.
func (r pollerRef) tryInvoke() {
	if r.isRecursive(r.m, r.p) {
		r.emit(&Event{Kind: KindRecursive, Rule: rule.FnRecursive, Function: r.m.function, Batch: r.p.Batch, Records: r.p.Records})
		r.forward()
		r.releaseBatch()
		return
	}
	by := r.refusedRule(r.m)
	if by == "" {
		r.p.Tries++
		r.invoke()
		return
	}
	r.p.Throttles++
	r.p.Phase, r.p.Since = PollerThrottled, r.now
	r.setBatchState(r.p, StateRetrying)
	r.emit(&Event{Kind: KindThrottle, Rule: by, Function: r.m.function, Batch: r.p.Batch, Records: r.p.Records})
	r.shrink(r.mi, r.m, r.cfg.Chosen.ThrottleKeep, WhyThrottles, rule.SqsThrottleScale)
	r.p.Due = r.now + r.throttleWait(r.mi, r.p)
	r.p.gen = r.nextGen()
	by = rule.SqsThrottleJitter
	switch {
	case r.p.Throttles == 1:
		by = rule.SqsThrottleWait
	case r.throttleBase(r.p) == r.cfg.Chosen.PollerWaitMax:
		by = rule.SqsThrottleWaitMax
	}
	r.emit(&Event{Kind: KindRetry, Rule: by, Batch: r.p.Batch, Attempt: r.p.Tries + 1, At2: r.p.Due - r.now, Records: r.p.Records})
	r.schedule(r.p.Due, r.nextDue(), task{kind: taskPoller, a: r.mi, b: r.pi, gen: r.p.gen})
}

// throttleWait is how long a throttled batch waits: it doubles from one second
// to twenty, with jitter drawn from the seed (Q15.5; chosen).
func (s *Sim) throttleWait(mi int32, p *Poller) Micros {
	wait := s.throttleBase(p)
	if spread := wait * Micros(s.cfg.Chosen.PollerJitter) / 100; spread > 0 {
		who := uint64(mi)<<32 | uint64(p.Batch)
		wait += Micros(random.Below(random.Draw(s.cfg.Seed, drawWait, who, uint64(p.Throttles)), uint64(2*spread)+1)) - spread
	}
	return wait
}

// throttleBase is that wait without jitter.
func (s *Sim) throttleBase(p *Poller) Micros {
	c := &s.cfg.Chosen
	wait := c.PollerWait
	for i := int32(1); i < p.Throttles && wait < c.PollerWaitMax; i++ {
		wait *= 2
	}
	return min(wait, c.PollerWaitMax)
}

// pollerDue ends a window or a wait of a poller.
func (s *Sim) pollerDue(t task) {
	m := &s.Mappings[t.a]
	p := &m.Polls.Slots[t.b]
	if t.gen != p.gen {
		return
	}
	switch p.Phase {
	case PollerGathers:
		s.poller(t.a, t.b).closeBatch(WhyWindow, ruleOr(s.now > p.windowAt+p.window, rule.SqsBatchLate, p.windowRule()))
	case PollerThrottled:
		s.poller(t.a, t.b).tryInvoke()
	}
}

// releaseFromPoller takes a message from the poller that holds it, because its
// visibility timeout or its retention period has ended, unless the function has
// it already. A throttled batch is released as a whole (Q15.5, Q15.9). gone
// says that the message has left the queue.
func (s *Sim) releaseFromPoller(id int32, m *Message, gone bool) {
	if m.State != StateBatched && m.State != StateRetrying {
		return
	}
	p := &s.Mappings[m.Mapping].Polls.Slots[m.Poller]
	if !gone && s.now-p.took <= minHidden { // VisibilityTimeout 0: it is delivered all the same
		return
	}
	if p.Phase == PollerThrottled {
		s.poller(m.Mapping, m.Poller).releaseBatch()
		return
	}
	k := slices.Index(p.Records, id)
	if k < 0 {
		return
	}
	p.Records, p.handles = slices.Delete(p.Records, k, k+1), slices.Delete(p.handles, k, k+1)
	p.bytes -= eventEnvelope + int(m.Bytes)
	m.hands--
	if len(p.Records) == 0 {
		p.Phase, p.Since, p.gen = PollerWaits, s.now, s.nextGen()
	}
}

// setBatchState changes the state of all messages of a poller's batch, except
// those that have become visible again or were received by another poller.
func (s *Sim) setBatchState(p *Poller, state RecordState) {
	for i, id := range p.Records {
		if m := s.mutMsg(id); p.holds(i, m) {
			s.setMessageState(m, state)
		}
	}
}

// holds reports whether message i of a poller's batch is still hidden for it.
func (p *Poller) holds(i int, m *Message) bool {
	return m.handle == p.handles[i] && m.place == placeHidden
}

// releaseBatch releases a poller's batch: its messages wait out their
// visibility timeouts.
func (r pollerRef) releaseBatch() {
	r.setBatchState(r.p, StateHidden)
	r.release()
}

// release makes a poller wait for messages again, if there is still work
// for it.
func (r pollerRef) release() {
	ps := &r.m.Polls
	r.p.Phase, r.p.Since, r.p.Due, r.p.Batch, r.p.invocation, r.p.gen = PollerWaits, r.now, 0, 0, -1, r.nextGen()
	for _, id := range r.p.Records {
		r.mutMsg(id).hands--
	}
	r.p.Records, r.p.handles, r.p.bytes = r.p.Records[:0], r.p.handles[:0], 0
	if r.pi >= ps.Target || !r.m.isPolling() {
		ps.idle.Remove(r.pi)
		return
	}
	ps.idle.Add(r.pi)
	if q := &r.Queues[r.m.queue]; q.Visible > 0 {
		r.scheduleReceive(r.m.queue, q)
	}
}
