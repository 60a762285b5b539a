package engine

import (
	"esmlab/engine/internal/heap"
	"esmlab/engine/rule"
)

// checkQueueMapping refuses what AWS refuses of a queue mapping that is
// updated, the check of the timeouts included (Q-P16).
func (s *Sim) checkQueueMapping(m *Mapping, next *Settings) *Refusal {
	if r := next.CheckQueue(s.Queues[m.queue].FIFO); r != nil {
		return r
	}
	return CheckTimeout(s.Queues[m.queue].VisibilityTimeout, s.Functions[m.function].Timeout)
}

// pairPollers keeps MinimumPollers and MaximumPollers together: one of them
// set gives the other AWS's default, one taken off takes off the other.
func (s *Settings) pairPollers(changed string) {
	switch short(changed) {
	case "MinimumPollers":
		if s.MinimumPollers == 0 {
			s.MaximumPollers = 0
		} else if s.MaximumPollers == 0 {
			s.MaximumPollers = 200
		}
	case "MaximumPollers":
		if s.MaximumPollers == 0 {
			s.MinimumPollers = 0
		} else if s.MinimumPollers == 0 {
			s.MinimumPollers = 2
		}
	}
}

// applyPollers lets a changed maximum concurrency or provisioned mode take
// hold at once.
func (s *Sim) applyPollers(mi int32) {
	m := &s.Mappings[mi]
	_, ceiling := s.scalingLimits(m)
	want := max(m.Polls.milli, m.minSlots()*1000)
	s.scale(mi, m, min(want, ceiling*1000), WhySetting, ruleOr(m.MaximumPollers > 0, rule.SqsProvisioned, rule.SqsConcurrency))
	s.scheduleIdleCheck(mi, m)
}

// removeQueue deletes a queue with all that lies in it.
func (s *Sim) removeQueue(qi int32) {
	q := &s.Queues[qi]
	s.deleteAll(qi, WhyRemoved, rule.SqsRemoved)
	q.removed = true
	q.Redrive.Running = false
}

// Removed tells whether a queue has been deleted.
func (q *Queue) Removed() bool { return q.removed }

// setQueue changes an attribute of a queue by its AWS name. What AWS refuses
// is refused in its words.
func (s *Sim) setQueue(qi int32, name string, c Command) *Refusal {
	q := &s.Queues[qi]
	what := "set " + c.Target
	next := q.QueueSettings
	var was Value
	bad := func(message, right string) *Refusal {
		return &Refusal{What: what, Code: "InvalidAttributeValue", Message: message, Right: right}
	}
	switch short(name) {
	case "DeadLetterQueue", "deadLetterTargetArn", "RedrivePolicy":
		was = TextValue(q.DeadLetterQueue)
		if c.Value.Kind != ValueText {
			return bad("Invalid value for the parameter RedrivePolicy.", "the logical id of a queue, or an empty text for none")
		}
		next.DeadLetterQueue = c.Value.Text
	case "DeduplicationScope", "FifoThroughputLimit":
		field, plain := &next.DeduplicationScope, "queue"
		if short(name) == "FifoThroughputLimit" {
			field, plain = &next.FifoThroughputLimit, "perQueue"
		}
		if was = TextValue(*field); *field == "" {
			was = TextValue(plain)
		}
		*field = c.Value.Text
	case "redrivePermission", "RedriveAllowPolicy":
		was = TextValue(q.RedrivePermission)
		if c.Value.Text != "allowAll" && c.Value.Text != "denyAll" && c.Value.Text != "byQueue" {
			return bad("Invalid value for the parameter RedriveAllowPolicy.", "allowAll, denyAll or byQueue")
		}
		next.RedrivePermission = c.Value.Text
	default:
		p := FindIn(QueueParams, name)
		switch {
		case p == nil:
			return &Refusal{What: what, Code: "InvalidAttributeName", Message: "Unknown Attribute " + name + ".", Right: "an attribute of a queue that can be changed"}
		case p.Switch && c.Value.Kind != ValueBool:
			return bad("Invalid value for the parameter "+name+".", p.Allowed())
		case p.Switch:
			was = BoolValue(next.Number(name) != 0)
			next.SetNumber(name, btoi(c.Value.Bool))
		default:
			n := c.Value.Int
			if c.Value.Kind == ValueTime && n%int64(Second) == 0 {
				n /= int64(Second)
			} else if c.Value.Kind != ValueInt {
				return bad("Invalid value for the parameter "+name+".", p.Allowed())
			}
			if r := p.CheckAttribute(int(n)); r != nil {
				r.What = what
				return r
			}
			was = IntValue(next.Number(name))
			next.SetNumber(name, int(n))
		}
	}
	for _, r := range []*Refusal{next.CheckFIFO(q.FIFO), s.CheckRedrive(int(qi), &next)} {
		if r != nil {
			r.What = what
			return r
		}
	}
	s.emitCommand(KindSet, c, was)
	s.applyQueue(qi, next)
	return nil
}

// CheckRedrive refuses a redrive policy that AWS refuses: no such queue,
// another type, or a DLQ that does not allow it (Q-D6, Q-D8).
func (s *Sim) CheckRedrive(qi int, next *QueueSettings) *Refusal {
	if next.DeadLetterQueue == "" {
		return nil
	}
	to := s.QueueIndex(next.DeadLetterQueue)
	if to < 0 || s.Queues[to].removed {
		return &Refusal{What: "RedrivePolicy", Code: "InvalidParameterValue", Message: "Value for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.", Right: "the logical id of a queue"}
	}
	dlq := &s.Queues[to]
	return CheckDeadLetter(s.cfg.Queues[qi].ID, s.Queues[qi].FIFO, next.DeadLetterQueue, dlq.FIFO, &dlq.QueueSettings)
}

// allows tells whether the queue's RedriveAllowPolicy lets another use it.
func (q *QueueSettings) allows(source string) bool {
	switch q.RedrivePermission {
	case "denyAll":
		return false
	case "byQueue":
		for _, id := range q.SourceQueues {
			if id == source {
				return true
			}
		}
		return false
	}
	return true
}

// applyQueue puts changed attributes in force. A visibility timeout or, on a
// standard queue, a delay holds for what comes; a FIFO queue's delay also for
// what is delayed already (Q-S6), a retention for all.
func (s *Sim) applyQueue(qi int32, next QueueSettings) {
	q := &s.Queues[qi]
	delay := q.DelaySeconds
	q.QueueSettings = next
	q.dlq = int32(s.QueueIndex(next.DeadLetterQueue))
	if q.retentionAt = Never; q.all.head >= 0 {
		s.scheduleRetention(qi, q)
	}
	if !q.FIFO || next.DelaySeconds == delay {
		return
	}
	old := q.delayed
	q.delayed, q.delayAt = nil, Never
	for _, e := range old {
		m := s.mutMsg(e.Value)
		if m.State != StateDelayed || m.seq != e.Seq {
			continue
		}
		m.Until = max(s.now, m.At+Micros(next.DelaySeconds)*Second)
		q.delayed.Push(heap.Item[int32]{Key: int64(m.Until), Seq: m.seq, Value: e.Value})
	}
	s.scheduleDelayEnd(qi, q)
}
