package engine

import (
	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// applyPollers puts a changed maximum concurrency or provisioned mode into
// effect at once.
func (s *Sim) applyPollers(mi int32) {
	m := &s.Mappings[mi]
	_, ceiling := s.scalingLimits(m)
	want := max(m.Polls.milli, m.minSlots()*1000)
	s.scale(mi, m, min(want, ceiling*1000), WhySetting, ruleOr(m.MaximumPollers > 0, rule.SqsProvisioned, rule.SqsConcurrency))
	s.scheduleIdleCheck(mi, m)
}

// removeQueue deletes a queue with all its messages.
func (s *Sim) removeQueue(qi int32) {
	q := &s.Queues[qi]
	s.deleteAll(qi, WhyRemoved, rule.SqsRemoved)
	q.removed = true
	q.redrive.running = false
}

// checkRedrive refuses a redrive policy that AWS refuses: no such queue,
// another type, or a DLQ that does not allow it (Q-D6, Q-D8).
func (s *Sim) checkRedrive(qi int, next *QueueSettings) *Refusal {
	if next.DeadLetterQueue == "" {
		return nil
	}
	to := s.QueueIndex(next.DeadLetterQueue)
	if to < 0 || s.Queues[to].removed {
		return &Refusal{What: setting.RedrivePolicy, Code: "InvalidParameterValue", Message: "Value for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.", Right: "the logical id of a queue"}
	}
	dlq := &s.Queues[to]
	return setting.CheckDeadLetter(s.cfg.Queues[qi].ID, s.Queues[qi].FIFO, next.DeadLetterQueue, dlq.FIFO, &dlq.QueueSettings)
}

// applyQueue puts changed attributes into effect. A visibility timeout holds
// for later receives. A delay holds for later sends, on a FIFO queue also for
// messages that are delayed already (Q-S6). A retention period holds for all
// messages.
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
		if m := s.Message(e.Value); m.State != StateDelayed || m.seq != e.Seq {
			continue
		}
		m := s.mutMsg(e.Value)
		m.Until = max(s.now, m.At+Micros(next.DelaySeconds)*Second)
		q.delayed.Push(int64(m.Until), m.seq, e.Value)
	}
	s.scheduleDelayEnd(qi, q)
}
