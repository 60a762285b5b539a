package engine_test

import (
	"cmp"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/rule"
)

// failureSent follows a failure record into a queue.
func (c *checker) failureSent(e *engine.Event) {
	if c.s.Config().Target(e.Queue) != nil {
		return
	}
	for n := c.s.Queues[e.Queue].Put.Len(); n > 0; n-- {
		if id := c.s.MessageID(int(e.Queue), n); c.s.Message(id).Discard == e.Discard {
			c.put(id, messageAccount{queue: e.Queue})
			return
		}
	}
	c.fail("conservation", "the failure record of discard %d is not in its queue", e.Discard)
}

func (c *checker) queueEvent(e *engine.Event) {
	s, q := c.s, e.Queue
	at := func(id int32) *messageAccount {
		if int(id) >= len(c.messages) || !c.messages[id].there || c.messages[id].queue != q {
			c.fail("conservation", "%s of %s, which is not there", e.Kind, s.MessageLabel(id))
		}
		return &c.messages[id]
	}
	switch e.Kind {
	case engine.KindPut:
		m := messageAccount{queue: q, group: s.GroupName(e.Record)}
		if e.Rule == rule.PutAgain || e.Rule == rule.PutTwice {
			m.of = s.Message(e.Of).N
		}
		c.put(e.Record, m)
	case engine.KindForward:
		if s.Config().Target(q) == nil {
			c.put(e.Record, messageAccount{queue: q})
			if m := s.Message(e.Record); c.given <= swarmGiven && e.Record >= 0 {
				c.given += 1 + int(m.Bytes>>12)
				if n := len(s.Body(e.Record)); n != int(m.Bytes) {
					c.fail("counters", "%s is said to have %d bytes and has %d", s.MessageLabel(e.Record), m.Bytes, n)
				}
			}
		}
	case engine.KindReceive:
		c.receive(e, at)
	case engine.KindTaken:
		c.receive(e, at)
	case engine.KindReappear:
		for _, id := range e.Records {
			if !at(id).inFlight {
				c.fail("conservation", "%s reappears, but was not in flight", s.MessageLabel(id))
			}
			c.flies(at(id), false)
		}
	case engine.KindDelete, engine.KindExpire:
		for _, id := range e.Records {
			m := at(id)
			c.flies(m, false)
			m.queue = -1
		}
	case engine.KindMove:
		for _, id := range e.Records {
			m := at(id)
			if m.inFlight {
				c.fail("conservation", "%s is moved in flight", s.MessageLabel(id))
			}
			m.queue = e.To
			c.redriven[e.To] = true
			if e.Mapping < 0 { // a redrive: it counts as new
				m.receives = 0
			}
		}
	case engine.KindFilter:
		c.mappings[e.Mapping].filtered += int64(len(e.Records))
	case engine.KindInvoke:
		c.messagesGiven(e)
	case engine.KindReturn:
		m := &c.mappings[e.Mapping]
		if e.Outcome == engine.OutcomeOK || e.Outcome == engine.OutcomePartial {
			m.failed += int64(len(e.Failed))
		} else {
			m.failed += int64(len(e.Records))
		}
	}
}

// put makes the account of a new message.
func (c *checker) put(id int32, m messageAccount) {
	for int(id) >= len(c.messages) {
		c.messages = append(c.messages, messageAccount{})
	}
	if c.messages[id].there {
		c.fail("conservation", "%s is put twice", c.s.MessageLabel(id))
	}
	m.there = true
	c.messages[id] = m
}

// flies says that a message is in flight, or no longer.
func (c *checker) flies(m *messageAccount, now bool) {
	if m.inFlight != now && c.s.Queues[m.queue].FIFO {
		c.locked[groupOf{m.queue, m.group}] += map[bool]int{true: 1, false: -1}[now]
	}
	m.inFlight = now
}

// receive: a message that is in flight is not received, nor is one of a FIFO
// queue's group of which something is, and a group's messages come in order.
func (c *checker) receive(e *engine.Event, at func(int32) *messageAccount) {
	s, q := c.s, e.Queue
	fifo := s.Queues[q].FIFO
	last := map[string]int32{}
	for i, id := range e.Records {
		m := at(id)
		if m.inFlight {
			c.fail("conservation", "%s is received while it is in flight", s.MessageLabel(id))
		}
		m.receives++
		if e.Receives()[i] != m.receives {
			c.fail("counters", "receive %d of %s says %d", m.receives, s.MessageLabel(id), e.Receives()[i])
		}
		if fifo {
			if c.locked[groupOf{q, m.group}] != 0 {
				c.fail("one at a time", "%s is received while its group is locked", s.MessageLabel(id))
			}
			if !c.redriven[q] {
				before, ok := last[m.group]
				if ok && id < before {
					c.fail("order", "%s is received behind %s of its group", s.MessageLabel(id), s.MessageLabel(before))
				}
			}
			last[m.group] = id
		}
	}
	for _, id := range e.Records {
		c.flies(at(id), true)
	}
	c.received[q] += int64(len(e.Records))
	if e.Kind == engine.KindReceive {
		c.mappings[e.Mapping].polled += int64(len(e.Records))
	}
}

func (c *checker) messagesGiven(e *engine.Event) {
	if e.N%4 != 0 || c.given > swarmGiven {
		return
	}
	for _, id := range e.Records {
		c.given += 1 + int(c.s.Message(id).Bytes>>12)
	}
	var got struct {
		Records []struct {
			Body       string
			Attributes struct{ MessageGroupId string }
		}
	}
	s := c.s
	c.decode(event.Function(s, int(e.Mapping), 0, e.Records, nil), &got)
	if len(got.Records) != len(e.Records) {
		c.fail("given", "%d messages of %d", len(got.Records), len(e.Records))
	}
	for i, r := range got.Records {
		id := e.Records[i]
		m := s.Message(id)
		if m.Discard < 0 && m.Forward < 0 {
			if r.Attributes.MessageGroupId != c.messages[id].group {
				c.fail("given", "%s has the group %q, %q was put", s.MessageLabel(id), r.Attributes.MessageGroupId, c.messages[id].group)
			}
			c.body([]byte(r.Body), int(cmp.Or(c.messages[id].of, m.N)), c.messages[id].group)
		}
	}
}

func (c *checker) queues() {
	s := c.s
	visible, inFlight := make([]int32, len(s.Queues)), make([]int32, len(s.Queues))
	for i := range c.messages {
		m, id := &c.messages[i], int32(i)
		if !m.there {
			continue
		}
		state := s.Message(id).State
		flying := state == engine.StateBatched || state == engine.StateRunning || state == engine.StateRetrying || state == engine.StateHidden
		gone := state == engine.StateDone || state == engine.StateFiltered || state == engine.StateExpired || state == engine.StatePurged
		if m.queue < 0 == gone && m.inFlight == flying && (m.receives == s.Message(id).Receives || !s.Knows(id)) {
			switch {
			case m.queue < 0:
			case m.inFlight:
				inFlight[m.queue]++
			default:
				visible[m.queue]++
			}
			continue
		}
		if m.queue < 0 != gone || m.inFlight != flying {
			c.fail("conservation", "%s is %s, but by the trace in flight %v, in queue %d", s.MessageLabel(id), state, m.inFlight, m.queue)
		}
		c.fail("counters", "%s was received %d times, its count is %d", s.MessageLabel(id), m.receives, s.Message(id).Receives)
	}
	running := make([]int32, len(s.Functions))
	for mi := range s.Mappings {
		running[s.FunctionOf(mi)] += s.Mappings[mi].Running
	}
	all, most := int32(0), int32(0)
	for fi := range running {
		all, most = all+running[fi], most+s.Functions[fi].Running
		if running[fi] != s.Functions[fi].Running && (!c.moved || fi == len(running)-1 && all != most) { // what runs is of the function before
			c.fail("counters", "%d of the function run, of its mappings %d", s.Functions[fi].Running, running[fi])
		}
	}
	for qi := range s.Queues {
		q, id := &s.Queues[qi], s.Config().Queues[qi].ID
		if q.Visible+q.Delayed != visible[qi] || q.InFlight != inFlight[qi] {
			c.fail("counters", "%s has %d visible, %d delayed, %d in flight; by the trace %d and %d", id, q.Visible, q.Delayed, q.InFlight, visible[qi], inFlight[qi])
		}
		if len(s.Contents(qi, 0)) != int(visible[qi]+inFlight[qi]) {
			c.fail("conservation", "%s lists %d messages, %d lie there", id, len(s.Contents(qi, 0)), visible[qi]+inFlight[qi])
		}
		if q.Received != c.received[qi] {
			c.fail("counters", "%s received %d, by the trace %d", id, q.Received, c.received[qi])
		}
		total := int64(0)
		for state, n := range q.States {
			if n < 0 || state == 0 && n != 0 {
				c.fail("counters", "%s: %d messages are %q", id, n, engine.RecordState(state))
			}
			total += n
		}
		if total != int64(q.Put.Len()) {
			c.fail("conservation", "%s has %d states for %d messages", id, total, q.Put.Len())
		}
		var seen [engine.NumRecordStates]int64
		for n := 1; n <= q.Put.Len(); n++ {
			seen[s.Message(s.MessageID(qi, n)).State]++
		}
		if seen != q.States {
			c.fail("counters", "%s counts %v, its messages are %v", id, q.States, seen)
		}
	}
}
