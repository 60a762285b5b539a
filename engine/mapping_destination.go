package engine

import (
	"slices"

	"esmlab/engine/rule"
)

// discard gives up records of a shard, at least one, and reports them to the
// OnFailure destination: one message or object for a range (DST-QUEUE-1).
func (r laneRef) discard(nums []int32, c Condition, tries int32, reported bool, by rule.ID) {
	l := r.l
	for _, n := range nums {
		r.m.finalize(n, StateDiscarded, r.now)
	}
	d := Discard{At: r.now, Mapping: r.mi, Shard: r.it.Shard, function: r.m.function, Condition: c, InvokeCount: tries,
		Records: slices.Clone(nums), Reported: reported, invocation: int32(r.Functions[r.m.function].Invocations), To: -1}
	d.functionARN, d.version = r.qualifiedARN(r.mi, ""), "$LATEST"
	if r.cfg.Mappings[r.mi].Qualifier != "" {
		d.version = r.versionOf(r.m, d.invocation)
	}
	d.Window = l.openWindow()
	d.First, d.last = *r.record(nums[0]), *r.record(nums[len(nums)-1])
	if r.m.OnFailure != "" {
		d.To = int32(r.DestinationIndex(r.m.OnFailure))
	}
	if d.To >= 0 && r.cfg.Target(d.To) != nil && r.cfg.Target(d.To).Bucket {
		d.Held = make([]HeldRecord, len(nums))
		for i, n := range nums {
			d.Held[i] = r.Hold(int(r.m.source), int(n))
		}
	}
	r.Discards = append(r.Discards, d)
	at, to := int32(len(r.Discards)-1), d.To
	r.emit(&Event{Kind: KindDiscard, Rule: by, Function: r.m.function, Batch: l.part().Batch,
		Attempt: tries, Condition: c, Queue: to, Discard: at, Records: nums})
	if to < 0 {
		return
	}
	e := Event{Kind: KindDeliver, Function: r.m.function, Queue: to, Discard: at, Condition: c, Records: nums}
	target := r.cfg.Target(to)
	switch by, denial := r.undeliverable(r.m, to, len(r.AppendFailure(nil, &r.Discards[at]))); {
	case by != "":
		e.Kind, e.Rule, e.Details = KindDeliverFailed, by, r.details(Details{Denial: denial})
	case c == RecordAgeExceeded:
		e.Rule = rule.DstAge
	case c == PayloadSizeExceeded:
		e.Rule = rule.DstTooLarge
	case reported:
		e.Rule = rule.DstPartial
	case target != nil && target.Bucket:
		e.Rule = rule.DstBucket
	case target != nil:
		e.Rule = rule.DstTopic
	default:
		e.Rule = rule.DstQueue
	}
	r.emit(&e)
	switch {
	case e.Kind != KindDeliver:
	case target == nil:
		r.sendMessage(to, messageOrigin{discard: at, forward: -1, function: -1, loop: -1})
	default:
		t := r.target(to)
		t.Discards = append(t.Discards, at)
	}
}

// undeliverable says why something of that many bytes that the role of a mapping's
// function sends cannot reach a destination: the rule, and what is denied; ""
// where it can.
func (s *Sim) undeliverable(m *Mapping, to int32, size int) (rule.ID, *Denial) {
	t := s.cfg.Target(to)
	fifo, gone, most := false, false, 0
	switch {
	case t == nil:
		fifo, gone, most = s.cfg.Queues[to].FIFO, s.Queues[to].removed, s.Queues[to].MaximumMessageSize
	default:
		fifo, gone = t.FIFO, s.target(to).removed
		if most = t.MaximumMessageSize; !t.Bucket && most == 0 {
			most = TopicMessageSize
		}
	}
	switch denial := s.sendDenied(m, to); {
	case gone:
		return rule.DstGone, nil
	case fifo:
		return rule.DstFifo, nil
	case denial != nil:
		return rule.DstDenied, denial
	case most > 0 && size > most:
		return rule.DstSize, nil
	}
	return "", nil
}

// discardFinal gives up the final call of a tumbling window: its state is lost.
// It has no records whose place a failure record could report, so nothing is
// delivered and there is no Discard (MAP-TUMBLE-6).
func (r laneRef) discardFinal(tries int32) {
	r.emit(&Event{Kind: KindDiscard, Rule: rule.MapTumbleDrop, Function: r.m.function, Batch: r.l.part().Batch,
		Attempt: tries, Condition: RetryAttemptsExhausted, Queue: -1, Discard: -1, Details: r.details(Details{Window: r.l.openWindow()})})
	r.l.setTumble(nil)
}

// target is the topic or bucket that a destination is.
func (s *Sim) target(i int32) *Target { return &s.Targets[i-FirstTarget] }

// DeliverFailed says why what a deliver-failed or forward-failed event is about did
// not arrive.
func (s *Sim) DeliverFailed(e *Event) string {
	target := s.cfg.Target(e.Queue)
	switch {
	case e.Rule == rule.DstGone:
		return s.cfg.DestinationID(e.Queue) + " no longer exists"
	case e.Rule == rule.DstFifo && target != nil:
		return "a FIFO topic cannot be an OnFailure destination"
	case e.Rule == rule.DstFifo:
		return "a FIFO queue cannot be an OnFailure destination"
	case e.Rule == rule.DstSize:
		return "it is larger than " + s.cfg.DestinationID(e.Queue) + " takes"
	}
	return e.Denial().String()
}

// messageOrigin is where a message comes from that no traffic row puts: a
// discard, an event that was forwarded, or a successful invocation.
type messageOrigin struct {
	discard, forward, function int32 // -1
	loop                       int16 // where its chain of invocations began, -1
	hops                       uint8 // how many times it has come round there
}

// sendMessage puts a message into a queue and gives its id, -1 where the queue is
// gone.
func (s *Sim) sendMessage(queue int32, of messageOrigin) int32 {
	q := &s.Queues[queue]
	if q.removed || q.Put.Len() == s.mostPuts() {
		return -1
	}
	id, m := s.newMessage(queue)
	m.Discard, m.Forward, m.function, m.loop, m.hops = of.discard, of.forward, of.function, of.loop, of.hops
	m.Bytes = int32(len(defaultBody)-len("{n}")) + int32(digits(m.N))
	switch {
	case of.discard >= 0:
		m.Bytes = int32(len(s.body(m)))
	case of.forward >= 0:
		m.Bytes = s.Forwards[of.forward].size
	}
	q.requests.Sends += units(int64(m.Bytes), requestUnit)
	if q.FIFO { // a message there needs a group: its sender's name
		m.Group = s.groupOf(queue, s.cfg.Functions[of.function].ID)
	}
	if of.discard < 0 && of.forward < 0 {
		s.emit(&Event{Kind: KindPut, Rule: rule.FnRun, Source: -1, Queue: queue, Record: id, Key: int32(m.Group), Bytes: m.Bytes})
	}
	s.enqueue(queue, id, m, Micros(q.DelaySeconds)*Second)
	return id
}
