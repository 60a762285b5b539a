package engine

import "esmlab/engine/rule"

// Limits of a message move task (Q-D14).
const (
	redriveRateMax = 500
	redriveLongest = 36 * Hour
)

// isDLQ reports whether some queue's redrive policy names a queue.
func (s *Sim) isDLQ(qi int32) bool {
	for i := range s.Queues {
		if s.Queues[i].dlq == qi && !s.Queues[i].removed {
			return true
		}
	}
	return false
}

// redrive starts a move task: StartMessageMoveTask.
func (s *Sim) redrive(c Command) *Refusal {
	i := s.QueueIndex(c.Target)
	if i < 0 || s.Queues[i].removed {
		return notFound(c, "queue")
	}
	qi, q := int32(i), &s.Queues[i]
	what := "redrive " + c.Target
	to := int32(-1)
	if c.To != "" {
		if to = int32(s.QueueIndex(c.To)); to < 0 || s.Queues[to].removed {
			return &Refusal{What: what, Code: "ResourceNotFoundException", Message: "The resource that you specified for the DestinationArn parameter doesn't exist.", Right: "the logical id of a queue"}
		}
	}
	switch {
	case !s.isDLQ(qi):
		return &Refusal{What: what, Code: "InvalidParameterValue", Message: "Source queue must be configured as a Dead Letter Queue.", Right: "a queue that a RedrivePolicy names"}
	case q.redrive.running:
		return &Refusal{What: what, Code: "InvalidParameterValue", Message: "There is already a task running. Only one active task is allowed for a source queue arn at a given time.", Right: "cancel it first"}
	case to >= 0 && s.Queues[to].FIFO != q.FIFO:
		return &Refusal{What: what, Code: "InvalidParameterValue", Message: "Source and destination must be queues of the same type.", Right: "standard to standard, FIFO to FIFO"}
	case c.Rate < 0 || c.Rate > redriveRateMax:
		return &Refusal{What: what, Code: "InvalidParameterValue", Message: "Value for parameter MaxNumberOfMessagesPerSecond is invalid.", Right: "1 to 500"}
	}
	s.emit(&Event{Kind: KindRedrive, Source: -1, Queue: qi, To: to, Applied: &AppliedCommand{Command: c}})
	rate := c.Rate
	if rate == 0 {
		rate = int(s.cfg.Chosen.RedriveRate)
	}
	q.redrive = moveTask{running: true, to: to, rate: rate, given: c.Rate > 0, started: s.now, left: q.Visible, gen: q.redrive.gen + 1}
	s.scheduleRedrive(qi, s.now)
	return nil
}

// cancel stops a move task: CancelMessageMoveTask. Messages that were moved
// stay where they are.
func (s *Sim) cancel(c Command) *Refusal {
	i := s.QueueIndex(c.Target)
	if i < 0 {
		return notFound(c, "queue")
	}
	q := &s.Queues[i]
	if !q.redrive.running {
		return &Refusal{What: "cancel " + c.Target, Code: "ResourceNotFoundException", Message: "Task does not exist.", Right: "a queue that is being redriven"}
	}
	s.emit(&Event{Kind: KindCancel, Source: -1, Queue: int32(i), Applied: &AppliedCommand{Command: c}})
	q.redrive.running = false
	q.redrive.gen++
	return nil
}

// redriveDue moves the next message of a move task: to its destination, or back
// to the queue it came from. It counts as a new message there (Q-D16).
func (s *Sim) redriveDue(t task) {
	qi, q := t.a, &s.Queues[t.a]
	move := &q.redrive
	if !move.running || t.gen != move.gen {
		return
	}
	id := s.redrivable(q)
	if id < 0 || move.left <= 0 || s.now-move.started > redriveLongest {
		move.running = false
		return
	}
	m := s.mutMsg(id)
	to := move.to
	if to < 0 {
		to = m.From
	}
	if to < 0 || s.Queues[to].removed {
		move.running = false
		s.emit(&Event{Kind: KindRedriveFailed, Rule: ruleOr(to < 0, rule.SqsRedriveSource, rule.SqsRedriveGone), Source: -1, Mapping: -1, Queue: qi, To: to, Records: []int32{id}})
		return
	}
	move.left--
	s.dequeue(qi, id, m)
	if m.Group >= 0 {
		m.Group = s.groupOf(to, s.Groups[m.Group].Name)
	}
	m.At, m.First, m.From, m.Receives, m.lastReceive = s.now, Never, -1, 0, 0
	m.life++
	m.handle++
	s.emit(&Event{Kind: KindMove, Rule: ruleOr(move.given, rule.SqsRedrive, rule.SqsRedriveRate), Source: -1, Mapping: -1, Queue: qi, To: to, Records: []int32{id}})
	s.enqueue(to, id, m, Micros(s.Queues[to].DelaySeconds)*Second)
	s.scheduleRedrive(qi, s.now+max(1, Second/Micros(move.rate)))
}

func (s *Sim) scheduleRedrive(qi int32, at Micros) {
	s.schedule(at, s.nextDue(), task{kind: taskRedrive, a: qi, gen: s.Queues[qi].redrive.gen})
}

// redrivable returns the next message that a move task takes: of those visible,
// the one that came first, -1 if there is none.
func (s *Sim) redrivable(q *Queue) int32 {
	for id := q.all.head; id >= 0; id = s.msg(id).newer {
		if m := s.msg(id); m.State == StateDead || m.State == StateWaiting {
			return id
		}
	}
	return -1
}

// purgeEvery is how long after a purge the next one is refused.
const purgeEvery = Minute

// purge deletes all messages of a queue, in flight or not, and what a FIFO queue
// remembers of deduplication ids: PurgeQueue. Where it takes time, what is there
// when it ends is deleted (SQS-PURGE-3).
func (s *Sim) purge(c Command) *Refusal {
	i := s.QueueIndex(c.Target)
	if i < 0 || s.Queues[i].removed {
		return notFound(c, "queue")
	}
	q := &s.Queues[i]
	if s.now < q.purgeAgain {
		return &Refusal{What: "purge " + c.Target, Code: "AWS.SimpleQueueService.PurgeQueueInProgress", Rule: rule.SqsPurgeAgain,
			Message: "Only one PurgeQueue operation on " + c.Target + " is allowed every 60 seconds.", Right: "wait until second " + q.purgeAgain.String()}
	}
	q.purgeAgain = s.now + purgeEvery
	s.emit(&Event{Kind: KindPurge, Source: -1, Queue: int32(i), Applied: &AppliedCommand{Command: c}})
	if takes := s.cfg.Chosen.PurgeTakes; takes > 0 {
		s.schedule(s.now+takes, s.nextDue(), task{kind: taskPurge, a: int32(i)})
		return nil
	}
	s.purgeDue(int32(i), rule.SqsPurge)
	return nil
}

// purgeDue ends a purge.
func (s *Sim) purgeDue(qi int32, by rule.ID) {
	s.Queues[qi].dedup = dedupTable{}
	s.deleteAll(qi, WhyPurged, by)
}

// deleteAll deletes all messages of a queue.
func (s *Sim) deleteAll(qi int32, why Why, by rule.ID) {
	q := &s.Queues[qi]
	var gone []int32
	for q.all.head >= 0 {
		id := q.all.head
		m := s.mutMsg(id)
		s.releaseFromPoller(id, m, true)
		s.finish(qi, id, m, StatePurged)
		gone = append(gone, id)
	}
	if len(gone) > 0 {
		s.emit(&Event{Kind: KindDelete, Rule: by, Source: -1, Mapping: -1, Queue: qi, Records: gone, Why: why})
	}
}
