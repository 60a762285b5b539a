package engine

import (
	"slices"

	"esmlab/engine/rule"
)

// discard gives up records of a shard and reports them to the OnFailure
// destination: one message for a range (DST-QUEUE-1).
func (s *Sim) discard(mi int32, it *Iterator, l *Lane, nums []int32, c Condition, tries int32, reported bool, by rule.ID) {
	m := &s.Mappings[mi]
	for _, n := range nums {
		m.settle(n, StateDiscarded, s.now)
	}
	d := Discard{At: s.now, Mapping: mi, Shard: it.Shard, Function: m.function, Condition: c, InvokeCount: tries,
		Records: slices.Clone(nums), Reported: reported, Invocation: int32(s.Functions[m.function].Invocations)}
	s.Discards = append(s.Discards, d)
	at := int32(len(s.Discards) - 1)
	queue := int32(-1)
	if m.OnFailure != "" && len(nums) > 0 {
		queue = int32(s.QueueIndex(m.OnFailure))
	}
	s.emit(&Event{Kind: KindDiscard, Rule: by, Mapping: mi, Function: m.function, Source: m.source, Shard: it.Shard, Lane: it.lane(l), Batch: l.part().Batch,
		Attempt: tries, Condition: c, Queue: queue, Discard: at, Records: nums})
	if queue < 0 {
		return
	}
	e := Event{Kind: KindDeliver, Mapping: mi, Function: m.function, Source: m.source, Shard: it.Shard, Lane: it.lane(l), Queue: queue, Discard: at, Condition: c, Records: nums}
	switch {
	case s.cfg.Queues[queue].FIFO:
		e.Kind, e.Rule = KindDeliverFailed, rule.DstFifo
	case slices.ContainsFunc(m.denied, func(a string) bool { return a == "sqs:SendMessage" || a == "sqs:*" || a == "*" }):
		e.Kind, e.Rule = KindDeliverFailed, rule.DstDenied
	case c == RecordAgeExceeded:
		e.Rule = rule.DstAge
	case reported:
		e.Rule = rule.DstPartial
	default:
		e.Rule = rule.DstQueue
	}
	s.emit(&e)
	if e.Kind == KindDeliver {
		s.send(queue, Message{At: s.now, Discard: at})
	}
}

// send puts a message into a queue.
func (s *Sim) send(queue int32, msg Message) {
	q := &s.Queues[queue]
	q.Messages = append(q.Messages, msg)
	if msg.Discard < 0 {
		s.emit(&Event{Kind: KindPut, Rule: rule.FnRun, Source: -1, Queue: queue, Record: int32(len(q.Messages))})
	}
}
