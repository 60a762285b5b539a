package engine

import (
	"esmlab/engine/internal/bucket"
	"esmlab/engine/internal/random"

	"esmlab/engine/rule"
)

// receiveMax is how many messages one receive returns (Q-S10).
const receiveMax = 10

// minHidden is how long a receive hides a message if VisibilityTimeout is 0:
// otherwise it would be received without end in one instant.
const minHidden = Millisecond

// scheduleReceive schedules a receive for this instant, after everything that
// becomes visible in it, if a poller waits.
func (s *Sim) scheduleReceive(qi int32, q *Queue) {
	if q.receiveScheduled {
		return
	}
	if len(s.receivers) > 0 && s.othersWait(qi) {
		q.receiveScheduled = true
		s.schedule(s.now, rankRead.order(receiveSeq(qi)), task{kind: taskReceive, a: qi})
		return
	}
	for _, mi := range q.mappings {
		m := &s.Mappings[mi]
		if m.Polls.idle.Next(0) >= 0 {
			q.receiveScheduled = true
			s.schedule(s.now, rankRead.order(receiveSeq(qi)), task{kind: taskReceive, a: qi})
			return
		}
		if m.isPolling() {
			s.growForBacklog(mi, m)
		}
	}
}

// refilled refills a bucket that holds a second's worth, and reports whether it
// has a token.
func (s *Sim) refilled(b *bucket.Bucket, perSecond int64) bool {
	b.Refill(int64(s.now), perSecond, int64(Second))
	return b.Has(1)
}

// receiveSeq places a queue's receives behind the reads of shards.
func receiveSeq(qi int32) uint64 { return 1<<54 | uint64(qi) }

// receivable reports whether a receive would return something.
func (s *Sim) receivable(q *Queue) bool {
	if q.InFlight >= inFlightMax || q.removed {
		return false
	}
	if q.FIFO {
		return s.nextFreeGroup(q) >= 0
	}
	return q.Visible > 0
}

// receiveDue lets the waiting pollers of a queue receive: the lowest slot
// first, then the next, and again from the first while there are messages and
// waiting slots (Q15.34). If several mappings wait, the seed decides which is
// next.
func (s *Sim) receiveDue(qi int32) {
	q := &s.Queues[qi]
	q.receiveScheduled = false
	for _, mi := range q.mappings {
		s.Mappings[mi].Polls.cursor = 0
	}
	if len(s.receivers) > 0 && s.othersWait(qi) {
		s.receiveDueAmongOthers(qi, q)
	}
	for s.receivable(q) {
		mi := s.nextMapping(qi, q)
		if mi < 0 {
			break
		}
		s.receiveNext(qi, q, mi)
	}
	if s.receivable(q) {
		for _, mi := range q.mappings {
			if m := &s.Mappings[mi]; m.isPolling() && m.Polls.idle.Next(0) < 0 {
				s.growForBacklog(mi, m)
			}
		}
	}
}

// receiveNext lets the next waiting poller of a mapping receive.
func (s *Sim) receiveNext(qi int32, q *Queue, mi int32) {
	m := &s.Mappings[mi]
	pi := m.Polls.idle.Next(m.Polls.cursor)
	if pi < 0 {
		pi = m.Polls.idle.Next(0)
	}
	m.Polls.cursor = pi + 1
	s.receive(qi, q, mi, pi)
}

// nextMapping returns the mapping whose poller receives next, -1 if none waits.
func (s *Sim) nextMapping(qi int32, q *Queue) int32 {
	var room [8]int32
	ready := room[:0]
	for _, mi := range q.mappings {
		m := &s.Mappings[mi]
		if m.Polls.idle.Next(0) >= 0 && s.canPoll(qi, mi, m) {
			ready = append(ready, mi)
		}
	}
	switch len(ready) {
	case 0:
		return -1
	case 1:
		return ready[0]
	}
	return ready[random.Below(random.Draw(s.cfg.Seed, drawReceive, uint64(qi), uint64(q.receives)), uint64(len(ready)))]
}

// canPoll reports whether a mapping may receive now: by its role, and by the
// limits of its pollers and of the queue.
func (s *Sim) canPoll(qi, mi int32, m *Mapping) bool {
	if d := s.receiveDenied(qi, m); d != nil {
		if !m.Polls.refused {
			m.Polls.refused = true
			s.emit(&Event{Kind: KindDenied, Rule: rule.SqsDenied, Source: -1, Mapping: mi, Queue: qi, Details: s.details(Details{Denial: d})})
		}
		return false
	}
	if q := &s.Queues[qi]; q.FIFO && !s.refilled(&q.reads, s.fifoCalls(q)) {
		s.scheduleReceiveAt(qi, Micros(q.reads.NextAt(s.fifoCalls(q))))
		return false
	}
	if m.MaximumPollers == 0 {
		return true
	}
	ps := &m.Polls
	calls, bytes := m.provisionedCapacity()
	if ready := s.refilled(&ps.calls, calls); s.refilled(&ps.bytes, bytes) && ready {
		return true
	}
	s.scheduleReceiveAt(qi, Micros(max(ps.calls.NextAt(calls), ps.bytes.NextAt(bytes))))
	return false
}

// provisionedCapacity returns how many polling calls and bytes per second a
// mapping's pollers can make in provisioned mode (Q-PM1).
func (m *Mapping) provisionedCapacity() (calls, bytes int64) {
	pollers := int64(m.pollers(m.Polls.Target))
	return pollers * pollerCalls, pollers * pollerBytes
}

// scheduleReceiveAt schedules a receive for when a limit allows it.
func (s *Sim) scheduleReceiveAt(qi int32, at Micros) {
	q := &s.Queues[qi]
	if q.limitedUntil > s.now && q.limitedUntil <= at {
		return
	}
	q.limitedUntil = at
	s.schedule(at, rankRead.order(receiveSeq(qi)), task{kind: taskReceive, a: qi})
}

// receive makes one receive of a waiting poller.
func (s *Sim) receive(qi int32, q *Queue, mi, pi int32) {
	m := &s.Mappings[mi]
	p := &m.Polls.Slots[pi]
	if p.Phase == PollerWaits {
		p.size, p.window, p.bytes = int32(max(1, m.BatchSize)), Micros(m.MaximumBatchingWindowInSeconds)*Second, 0
	}
	had := len(p.Records)
	full := s.collect(qi, q, mi, pi, p)
	got := p.Records[had:]
	if len(got) == 0 {
		if full && had > 0 {
			s.poller(mi, pi).closeBatch(WhyPayload, rule.SqsBatchPayload)
		}
		return
	}
	m.Polls.countPolls(pi, s.now)
	m.Polls.receivedAt, p.took = s.now, s.now
	if q.FIFO {
		q.reads.Spend(1)
	}
	if m.MaximumPollers > 0 {
		m.Polls.calls.Spend(1)
		for _, id := range got {
			m.Polls.bytes.Spend(int64(s.msg(id).Bytes))
		}
	}
	s.emitReceive(qi, q, mi, pi, got)
	s.duplicate(qi, q, mi, got)
	if s.filterReceived(mi, p, had); len(p.Records) == 0 {
		return // none of them matched: the poll continues
	}
	if p.Phase == PollerWaits {
		p.Phase, p.opened, p.Since = PollerGathers, s.now, s.now
		if p.window > 0 {
			p.gen = s.nextGen()
			if n := (s.now - p.windowAt) / p.window; n > 0 { // it ended without messages
				p.windowAt, p.rolled = p.windowAt+n*p.window, true
			}
			p.Due = max(p.windowAt+p.window, s.now+s.maxGather(m, q))
			s.schedule(p.Due, s.nextDue(), task{kind: taskPoller, a: mi, b: pi, gen: p.gen})
		}
	}
	switch {
	case len(p.Records) >= int(p.size):
		s.poller(mi, pi).closeBatch(WhySize, ruleOr(q.FIFO, rule.FifoBatch, rule.SqsBatchSize))
	case full:
		s.poller(mi, pi).closeBatch(WhyPayload, rule.SqsBatchPayload)
	case p.window == 0:
		s.poller(mi, pi).closeBatch(WhyAvailable, ruleOr(q.FIFO, rule.FifoBatch, rule.SqsBatchAvailable))
	case s.now >= p.windowAt+p.window:
		s.poller(mi, pi).closeBatch(WhyWindow, p.windowRule())
	}
}

// windowRule is the rule by which a poller's batching window ends.
func (p *Poller) windowRule() rule.ID {
	return ruleOr(p.rolled, rule.SqsWindowClock, rule.SqsBatchWindow)
}

// maxGather is how long a poller with a batching window may wait for more
// messages: as long as a poll, but not so long that the function could still be
// running when the messages become visible again (Q-B5, Q-E14).
func (s *Sim) maxGather(m *Mapping, q *Queue) Micros {
	left := Micros(q.VisibilityTimeout) * Second
	if m.function >= 0 {
		left -= s.Functions[m.function].Timeout
	}
	return min(longPoll, max(left, 0))
}

// emitReceive emits what a poller received.
func (s *Sim) emitReceive(qi int32, q *Queue, mi, pi int32, got []int32) {
	e := Event{Kind: KindReceive, Rule: rule.SqsReceive, Source: -1, Mapping: mi, Queue: qi, Poller: pi, Records: got, Limit: s.receiveLimit(q), Visibility: int32(q.VisibilityTimeout)}
	switch {
	case q.InFlight >= inFlightMax:
		e.Rule = ruleOr(q.FIFO, rule.FifoInFlight, rule.SqsInFlight)
	case q.FIFO:
		e.Rule = ruleOr(q.scanEnd >= 0, rule.FifoHead, rule.FifoReceive)
	case q.passedOver:
		e.Rule = rule.SqsFairQuiet
	case len(q.mappings) > 1:
		e.Rule = rule.SqsCompete
	}
	q.passedOver = false
	bytes := int64(0)
	for _, id := range got {
		bytes += int64(s.msg(id).Bytes)
	}
	q.requests.Receives += units(bytes, requestUnit)
	if s.keep {
		counts := make([]int32, len(got))
		for i, id := range got {
			counts[i] = s.msg(id).Receives
		}
		e.Details = s.details(Details{Receives: counts})
	}
	s.emit(&e)
}

// receiveLimit is a queue's maxReceiveCount, 0 if it has no DLQ to move
// messages to.
func (s *Sim) receiveLimit(q *Queue) int32 {
	if q.dlq < 0 || s.Queues[q.dlq].removed {
		return 0
	}
	return int32(q.MaxReceiveCount)
}

// collect gives a poller up to ten visible messages, as many as its batch still
// lacks. It returns true if the next message would not fit into the batch's payload.
func (s *Sim) collect(qi int32, q *Queue, mi, pi int32, p *Poller) (full bool) {
	most := min(receiveMax, int(p.size)-len(p.Records), int(inFlightMax-q.InFlight))
	s.takeMessages(qi, q, mi, most, Micros(q.VisibilityTimeout)*Second, func(id int32, m *Message) bool {
		size := eventEnvelope + int(m.Bytes)
		if p.bytes+size > payloadMax && p.bytes > 0 {
			full = true
			return false
		}
		p.bytes += size
		return true
	}, func(id int32, m *Message) {
		m.hands++
		m.Mapping, m.Poller = mi, pi
		s.setMessageState(m, StateBatched)
		p.Records = append(p.Records, id)
		p.handles = append(p.handles, m.handle)
	})
	return full
}

// takeMessages is one receive of at most so many messages of a queue, hidden for so
// long from now on. Messages that were received as many times as the redrive policy
// allows go to the DLQ instead. It ends before a message that does not fit, and gives
// each of the others to got. mi is the mapping that receives, -1 for another receiver.
func (s *Sim) takeMessages(qi int32, q *Queue, mi int32, most int, hidden Micros, fits func(int32, *Message) bool, got func(int32, *Message)) {
	until, seq, receive := s.now+max(hidden, minHidden), s.nextDue(), q.receives+1
	limit := s.receiveLimit(q)
	var moved, movedOn []int32
	group := NoGroup
	for n := 0; n < most; {
		id := int32(-1)
		if q.FIFO {
			id, group = s.nextInGroup(q, group)
		} else {
			id = s.nextVisible(q)
		}
		if id < 0 {
			break
		}
		m := s.mutMsg(id)
		if limit > 0 && m.Receives >= limit {
			if m.elsewhere == m.Receives { // not received here: it came with that many
				movedOn = append(movedOn, id)
			} else {
				moved = append(moved, id)
			}
			s.moveToDLQ(qi, id, m)
			continue
		}
		if !fits(id, m) {
			break
		}
		s.hideMessage(q, id, m, until, seq)
		m.Receives++
		m.handle++
		m.First = min(m.First, s.now)
		m.lastReceive = receive
		got(id, m)
		n++
	}
	if q.FIFO && group >= 0 {
		s.listIfFree(group)
	}
	// a move is the queue's own: it names a mapping only so that it is not a redrive
	if mi < 0 && len(q.mappings) > 0 {
		mi = q.mappings[0]
	}
	s.emitMove(qi, q, max(mi, 0), moved, ruleOr(q.FIFO, rule.FifoMove, rule.SqsMove))
	s.emitMove(qi, q, max(mi, 0), movedOn, rule.SqsMoveOn)
	s.scheduleVisible(qi, q)
}

// nextVisible returns the message of a standard queue that is received next, -1
// if there is none.
func (s *Sim) nextVisible(q *Queue) int32 {
	for len(q.returned) > 0 {
		top := &q.returned[0]
		if m := s.Message(top.Value); m.place == placeReturned && m.seq == top.Seq {
			break
		}
		q.returned.Pop()
	}
	id := q.fresh.head
	if len(q.returned) > 0 && (id < 0 || q.returned[0].Key < s.msg(id).order) {
		id = q.returned[0].Value
	}
	if len(q.visibleGroups) > 0 {
		return s.nextFair(q, id)
	}
	return id
}

// nextInGroup returns the message of a FIFO queue that is received next: from
// the current group of this receive while it has one, else from the unlocked
// group with the oldest (Q-F9, Q15.16). While a receive takes messages of a
// group, they do not lock it.
func (s *Sim) nextInGroup(q *Queue, group GroupID) (int32, GroupID) {
	if group >= 0 {
		if g := &s.Groups[group]; g.waiting.head >= 0 && s.msg(g.waiting.head).State != StateDelayed {
			return g.waiting.head, group
		}
	}
	group = s.nextFreeGroup(q)
	if group < 0 {
		return -1, NoGroup
	}
	return s.Groups[group].waiting.head, group
}

// emitMove emits which messages a receive moved to the DLQ.
func (s *Sim) emitMove(qi int32, q *Queue, mi int32, ids []int32, by rule.ID) {
	if len(ids) > 0 {
		s.emit(&Event{Kind: KindMove, Rule: by, Source: -1, Mapping: mi, Queue: qi, To: q.dlq, Records: ids, Limit: s.receiveLimit(q), Visibility: int32(q.VisibilityTimeout)})
	}
}

// receiveTakes is how long a receive takes that only moves a message on: a
// poller makes at most ten a second (Q-PM1).
const receiveTakes = Second / pollerCalls

// moveToDLQ puts a message into the DLQ of its queue (Q-D3, Q-D4, Q-D9). If it
// comes with as many receives as the DLQ allows itself, the next receive there
// moves it on; that takes time, or two queues that are each other's DLQ would
// pass it to and fro for ever in one instant.
func (s *Sim) moveToDLQ(qi, id int32, m *Message) {
	s.dequeue(qi, id, m)
	to := s.Queues[qi].dlq
	dlq := &s.Queues[to]
	if m.Group >= 0 {
		m.Group = s.groupOf(to, s.Groups[m.Group].Name)
	}
	if dlq.FIFO {
		m.At = s.now
	}
	m.From = qi
	m.handle++
	wait := Micros(0)
	if limit := s.receiveLimit(dlq); limit > 0 && m.Receives >= limit {
		wait = receiveTakes
	}
	s.enqueue(to, id, m, wait)
}
