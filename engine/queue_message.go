package engine

import (
	"esmlab/engine/internal/bucket"
	"esmlab/engine/internal/cow"
	"esmlab/engine/rule"
)

// Limits of a queue (Q-S12, Q-S13, Q-F11).
const (
	inFlightMax = 120_000
	fifoScanMax = 120_000
)

// openQueue gives queue i its attributes.
func (s *Sim) openQueue(i int) {
	c, q := &s.cfg.Queues[i], &s.Queues[i]
	q.FIFO, q.QueueSettings = c.FIFO, c.QueueSettings
	if q.MessageRetentionPeriod == 0 {
		q.QueueSettings = DefaultQueueSettings()
	}
	if q.MaxReceiveCount == 0 {
		q.MaxReceiveCount = DefaultQueueSettings().MaxReceiveCount
	}
	q.fresh, q.hidden, q.all, q.scanEnd = emptyList, emptyList, emptyList, -1
	q.visibleAt, q.delayAt, q.retentionAt = Never, Never, Never
	q.dlq = int32(s.QueueIndex(q.DeadLetterQueue))
	q.sends, q.reads = bucket.Full(), bucket.Full()
}

// setMessageState changes the state of a message.
func (s *Sim) setMessageState(m *Message, state RecordState) {
	states := &s.Queues[m.Origin].States
	states[m.State]--
	states[state]++
	m.State = state
}

// newMessage adds a message that is put to queue qi now, with the queue's next
// number. It has no state, group, row or sender yet.
func (s *Sim) newMessage(qi int32) (int32, *Message) {
	q := &s.Queues[qi]
	if q.Put.Len()%cow.ChunkLen == 0 {
		s.letGo(q)
	}
	m := q.Put.messages.Grow()
	id := s.messageID(qi, q.Put.Len())
	m.PutAt, m.At, m.First = s.now, s.now, Never
	m.Origin, m.N, m.Queue, m.From, m.Mapping = qi, int32(q.Put.Len()), qi, -1, -1
	m.Group, m.row, m.Discard, m.Forward, m.function, m.loop = NoGroup, -1, -1, -1, -1, -1
	m.next, m.prev, m.newer, m.older = -1, -1, -1, -1
	q.States[StateNone]++ // setMessageState takes it out again
	return id, m
}

// enqueue puts a message into a queue, behind all others.
func (s *Sim) enqueue(qi, id int32, m *Message, delay Micros) {
	q := &s.Queues[qi]
	q.orders++
	m.order, m.Queue, m.Since, m.elsewhere = q.orders, qi, s.now, m.Receives
	s.linkLast(qi, q, id, m)
	if m.Group >= 0 {
		s.addToGroup(id, m)
	}
	if delay <= 0 {
		s.makeVisible(qi, q, id, m)
		return
	}
	m.Until, m.seq = s.now+delay, s.nextDue()
	s.setMessageState(m, StateDelayed)
	q.Delayed++
	if m.place == placeGroup {
		s.Groups[m.Group].Delayed++
	} else {
		m.place = placeDelayed
	}
	q.delayed.Push(int64(m.Until), m.seq, id)
	s.scheduleDelayEnd(qi, q)
}

// makeVisible makes a message visible: when it is sent, after its delay, or
// when its visibility timeout has ended.
func (s *Sim) makeVisible(qi int32, q *Queue, id int32, m *Message) {
	s.setMessageState(m, visibleState(m))
	q.Visible++
	switch {
	case m.place == placeGroup:
		g := &s.Groups[m.Group]
		g.Visible++
		if q.FIFO {
			s.listIfFree(m.Group)
		} else if !g.listed {
			g.listed = true
			q.visibleGroups = append(q.visibleGroups, m.Group)
		}
	case q.fresh.tail < 0 || s.msg(q.fresh.tail).order < m.order:
		m.place = placeFresh
		s.linkAfter(&q.fresh, id, m, q.fresh.tail)
	default:
		m.place, m.seq = placeReturned, s.nextDue()
		q.returned.Push(m.order, m.seq, id)
	}
	s.scheduleReceive(qi, q)
}

// visibleState is the state of a visible message: in a DLQ it is dead.
func visibleState(m *Message) RecordState {
	if m.From >= 0 {
		return StateDead
	}
	return StateWaiting
}

// hideMessage hides a visible message for the queue's visibility timeout: it
// was received.
func (s *Sim) hideMessage(q *Queue, id int32, m *Message, until Micros, seq uint64) {
	s.unlinkWaiting(q, id, m)
	q.InFlight++
	if m.Group >= 0 {
		s.Groups[m.Group].InFlight++
	}
	s.linkHidden(q, id, m, until, seq)
}

// linkHidden puts a message into the list of those in flight, at its place.
func (s *Sim) linkHidden(q *Queue, id int32, m *Message, until Micros, seq uint64) {
	m.Until, m.seq, m.place = until, seq, placeHidden
	after := q.hidden.tail
	for after >= 0 && s.msg(after).Until > until { // only after VisibilityTimeout was lowered, or a handler has extended it
		after = s.msg(after).prev
	}
	s.linkAfter(&q.hidden, id, m, after)
}

// unlinkWaiting removes a visible or delayed message from its lists.
func (s *Sim) unlinkWaiting(q *Queue, id int32, m *Message) {
	delayed := m.State == StateDelayed
	if delayed {
		q.Delayed--
	} else {
		q.Visible--
	}
	switch m.place {
	case placeFresh:
		s.unlink(&q.fresh, m)
	case placeGroup:
		g := &s.Groups[m.Group]
		if delayed {
			g.Delayed--
		} else {
			g.Visible--
		}
		s.unlink(&g.waiting, m)
	}
	m.place = placeNone // an entry of it that is still in a heap is void
}

// endFlight ends a message's time in flight: its visibility timeout is over, or
// it leaves the queue.
func (s *Sim) endFlight(q *Queue, m *Message) {
	s.unlink(&q.hidden, m)
	m.place = placeNone
	q.InFlight--
	if m.Group < 0 {
		return
	}
	g := &s.Groups[m.Group]
	g.InFlight--
	if q.FIFO {
		s.listIfFree(m.Group)
	} else {
		s.countBusy(q, g, m)
	}
}

// dequeue removes a message from its queue.
func (s *Sim) dequeue(qi, id int32, m *Message) {
	q := &s.Queues[qi]
	if m.place == placeHidden {
		s.endFlight(q, m)
		s.scheduleReceive(qi, q) // a group may be unlocked now
	} else {
		s.unlinkWaiting(q, id, m)
		if q.FIFO {
			s.listIfFree(m.Group)
		}
	}
	s.unlinkFromAll(q, id, m)
}

// finish removes a message from its queue for good.
func (s *Sim) finish(qi, id int32, m *Message, state RecordState) {
	s.dequeue(qi, id, m)
	m.DoneAt, m.gone = s.now, true
	s.setMessageState(m, state)
	s.Queues[m.Origin].Put.finished(int(m.N - 1))
}

// linkAfter inserts a message into a list behind another one (-1: in front).
func (s *Sim) linkAfter(c *messageList, id int32, m *Message, after int32) {
	m.prev = after
	if after < 0 {
		m.next = c.head
		c.head = id
	} else {
		a := s.mutMsg(after)
		m.next = a.next
		a.next = id
	}
	if m.next < 0 {
		c.tail = id
	} else {
		s.mutMsg(m.next).prev = id
	}
	c.n++
}

func (s *Sim) unlink(c *messageList, m *Message) {
	if m.prev < 0 {
		c.head = m.next
	} else {
		s.mutMsg(m.prev).next = m.next
	}
	if m.next < 0 {
		c.tail = m.prev
	} else {
		s.mutMsg(m.next).prev = m.prev
	}
	m.next, m.prev = -1, -1
	c.n--
}

// linkLast adds a message to the list of all messages of its queue, which is in
// the order they came.
func (s *Sim) linkLast(qi int32, q *Queue, id int32, m *Message) {
	m.older, m.newer = q.all.tail, -1
	if q.all.tail < 0 {
		q.all.head = id
	} else {
		s.mutMsg(q.all.tail).newer = id
	}
	q.all.tail = id
	q.all.n++
	if q.all.n == fifoScanMax && q.FIFO {
		q.scanEnd = q.all.tail
	}
	if m.At < m.Since && (len(q.aged) == 0 || q.aged[0].Value != id) {
		q.aged.Push(int64(m.At), uint64(m.order), id)
	}
	s.scheduleRetention(qi, q)
}

// unlinkFromAll removes a message from the list of all messages of its queue.
func (s *Sim) unlinkFromAll(q *Queue, id int32, m *Message) {
	if q.scanEnd >= 0 && m.order <= s.msg(q.scanEnd).order {
		q.scanEnd = s.msg(q.scanEnd).newer // one more is within reach
	}
	if m.older < 0 {
		q.all.head = m.newer
	} else {
		s.mutMsg(m.older).newer = m.newer
	}
	if m.newer < 0 {
		q.all.tail = m.older
	} else {
		s.mutMsg(m.newer).older = m.older
	}
	m.newer, m.older = -1, -1
	q.all.n--
}

// scheduleVisible schedules the end of a queue's first visibility timeout. One
// task is enough: the timeouts end in the order of the receives.
func (s *Sim) scheduleVisible(qi int32, q *Queue) {
	if q.hidden.head < 0 {
		return
	}
	m := s.msg(q.hidden.head)
	if m.Until >= q.visibleAt {
		return
	}
	q.visibleAt = m.Until
	s.schedule(m.Until, m.seq, task{kind: taskVisible, a: qi})
}

// visibleDue ends the visibility timeouts of one receive.
func (s *Sim) visibleDue(qi int32, seq uint64) {
	q := &s.Queues[qi]
	if s.now != q.visibleAt {
		return // after VisibilityTimeout was lowered an earlier one was scheduled
	}
	q.visibleAt = Never
	var back []int32
	by := ruleOr(q.FIFO, rule.FifoVisible, rule.SqsVisible)
	for q.hidden.head >= 0 {
		id := q.hidden.head
		if m := s.msg(id); m.Until > s.now || m.seq != seq {
			break
		}
		m := s.mutMsg(id)
		switch {
		case m.State == StateRetrying:
			by = rule.SqsThrottle
		case m.State == StateRunning:
			by = ruleOr(q.FIFO, rule.FifoVisibleRunning, rule.SqsVisibleRunning)
		case m.State == StateBatched:
			by = rule.SqsVisibleBatched
		case m.receivesHere() >= 3 && !q.FIFO:
			by = rule.SqsBack
		}
		s.endFlight(q, m)
		back = append(back, id)
		s.releaseFromPoller(id, m, false)
		s.reappear(qi, q, id, m)
	}
	if len(back) > 0 {
		s.emit(&Event{Kind: KindReappear, Rule: by, Source: -1, Queue: qi, Records: back, Limit: s.receiveLimit(q), Visibility: int32(q.VisibilityTimeout)})
	}
	s.scheduleVisible(qi, q)
}

// reappear makes a message visible again: at its old place, or after its third
// receive at the end of a standard queue (Q-S23, Q15.47).
func (s *Sim) reappear(qi int32, q *Queue, id int32, m *Message) {
	if !q.FIFO && m.receivesHere() >= 3 {
		q.orders++
		m.order = q.orders
	}
	if m.Group >= 0 {
		s.addToGroup(id, m)
	}
	s.makeVisible(qi, q, id, m)
}

// scheduleDelayEnd schedules the end of a queue's first delay.
func (s *Sim) scheduleDelayEnd(qi int32, q *Queue) {
	if len(q.delayed) == 0 || Micros(q.delayed[0].Key) >= q.delayAt {
		return
	}
	q.delayAt = Micros(q.delayed[0].Key)
	s.schedule(q.delayAt, q.delayed[0].Seq, task{kind: taskDelay, a: qi})
}

// delayDue ends the delays that are over.
func (s *Sim) delayDue(t task) {
	q := &s.Queues[t.a]
	if s.now != q.delayAt {
		return
	}
	q.delayAt = Never
	for len(q.delayed) > 0 && Micros(q.delayed[0].Key) <= s.now {
		d := q.delayed.Pop()
		if !s.Knows(d.Value) {
			continue
		}
		id, m := d.Value, s.mutMsg(d.Value)
		if m.State != StateDelayed || m.seq != d.Seq {
			continue
		}
		q.Delayed--
		if m.place == placeGroup {
			s.Groups[m.Group].Delayed--
		} else {
			m.place = placeNone
		}
		s.makeVisible(t.a, q, id, m)
	}
	s.scheduleDelayEnd(t.a, q)
}

// oldest is the message of a queue whose retention period began first, -1 if it
// is empty: the first that came, or one that brought its age along.
func (s *Sim) oldest(qi int32, q *Queue) int32 {
	id := q.all.head
	for len(q.aged) > 0 {
		top := q.aged[0]
		if !s.Knows(top.Value) {
			q.aged.Pop()
			continue
		}
		if m := s.msg(top.Value); m.Queue == qi && !m.gone && int64(m.At) == top.Key {
			if m.At < s.msg(id).At {
				id = top.Value
			}
			break
		}
		q.aged.Pop() // it has left
	}
	return id
}

// scheduleRetention schedules when a queue's oldest message reaches the end of
// its retention period.
func (s *Sim) scheduleRetention(qi int32, q *Queue) {
	oldest := s.oldest(qi, q)
	if oldest < 0 {
		return
	}
	at := max(s.now, s.msg(oldest).At+Micros(q.MessageRetentionPeriod)*Second)
	if at >= q.retentionAt {
		return
	}
	q.retentionAt = at
	s.schedule(at, s.nextDue(), task{kind: taskRetention, a: qi})
}

// retentionDue deletes messages that have reached the end of their retention
// period, in flight or not (Q15.46).
func (s *Sim) retentionDue(t task) {
	q := &s.Queues[t.a]
	if s.now != q.retentionAt {
		return
	}
	q.retentionAt = Never
	var gone []int32
	for {
		id := s.oldest(t.a, q)
		if id < 0 || s.msg(id).At+Micros(q.MessageRetentionPeriod)*Second > s.now {
			break
		}
		m := s.mutMsg(id)
		s.releaseFromPoller(id, m, true)
		s.finish(t.a, id, m, StateExpired)
		gone = append(gone, id)
	}
	if len(gone) > 0 {
		s.emit(&Event{Kind: KindExpire, Rule: rule.SqsRetention, Source: -1, Queue: t.a, Records: gone})
	}
	s.scheduleRetention(t.a, q)
}
