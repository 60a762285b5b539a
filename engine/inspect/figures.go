package inspect

import (
	"strconv"

	"esmlab/engine"
	"esmlab/engine/cost"
	"esmlab/engine/narrate"
	"esmlab/engine/rule"
)

// ofCost says what a run has cost so far, line by line.
func ofCost(s *engine.Sim) *Why {
	b := cost.Of(s)
	w := here(s, rule.FnRun, b.Summary())
	for i := range b.Lines {
		l := &b.Lines[i]
		w.Values = append(w.Values, l.Resource+": "+strconv.FormatFloat(l.Units(), 'g', 4, 64)+" × $"+strconv.FormatFloat(l.USD, 'f', -1, 64)+" per "+l.Unit+" = "+cost.Dollars(l.Cost(), l.About))
	}
	return w
}

// OfFigure says why a count of a mapping's source has its value. Of a stream:
// put, done, discarded. Of a queue: visible, in flight, delayed, sent, deleted,
// dead, oldest.
func OfFigure(s *engine.Sim, log []engine.Event, mi int, name string) *Why {
	if name == "cost" {
		return ofCost(s)
	}
	if qi := s.QueueOf(mi); qi >= 0 {
		return ofQueueFigure(s, log, mi, qi, name)
	}
	si := s.SourceOf(mi)
	id, states := s.Config().Streams[si].ID, s.CountStates(mi)
	put := num(s.Streams[si].Records.Len())
	lost := states[engine.StateExpired] + states[engine.StateMissed]
	kinds := []engine.Kind{engine.KindPutAsked}
	var w *Why
	switch name {
	case "put":
		by := rule.KinHash
		if s.Config().Streams[si].Kind != engine.Kinesis {
			by = rule.DdbStream
		}
		w = here(s, by, count(s.Streams[si].Records.Len(), "record")+" put to "+id, "put "+put, "shards "+num(len(s.Streams[si].Shards)), "rejected "+num(states[engine.StateRejected]))
	case "done":
		w = here(s, rule.MapCheckpoint, s.Config().Mappings[mi].ID+" finished "+num(states[engine.StateDone])+" of "+count(s.Streams[si].Records.Len(), "record"),
			"done "+num(states[engine.StateDone]), "filtered "+num(states[engine.StateFiltered]), "retrying "+num(states[engine.StateRetrying]), "waiting "+num(states[engine.StateWaiting]))
		kinds = []engine.Kind{engine.KindCheckpoint}
	default:
		m := &s.Mappings[mi]
		w = here(s, rule.MapRetryLimit, s.Config().Mappings[mi].ID+" gave up "+count(int(states[engine.StateDiscarded]), "record")+" and lost "+num(lost),
			"discarded "+num(states[engine.StateDiscarded]), "lost "+num(lost), "MaximumRetryAttempts "+num(m.MaximumRetryAttempts), "MaximumRecordAgeInSeconds "+num(m.MaximumRecordAgeInSeconds))
		kinds = []engine.Kind{engine.KindDiscard, engine.KindExpire, engine.KindMiss}
	}
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		return (int(e.Mapping) == mi || e.Kind == engine.KindPutAsked) && is(e.Kind, kinds)
	})
	return w
}

func ofQueueFigure(s *engine.Sim, log []engine.Event, mi, qi int, name string) *Why {
	q := &s.Queues[qi]
	id := s.Config().Queues[qi].ID
	of := func(standard, fifo rule.ID) rule.ID {
		if q.FIFO {
			return fifo
		}
		return standard
	}
	var w *Why
	var kinds []engine.Kind
	switch name {
	case "visible":
		w = here(s, of(rule.SqsReceive, rule.FifoReceive), id+" holds "+count(int(q.Visible), "visible message"), "visible "+num(q.Visible), "pollers "+num(s.Mappings[mi].Polls.Target))
		kinds = []engine.Kind{engine.KindReappear, engine.KindReceive}
	case "in flight":
		w = here(s, of(rule.SqsVisible, rule.FifoVisible), count(int(q.InFlight), "message")+" of "+id+" in flight", "in flight "+num(q.InFlight), "VisibilityTimeout "+num(q.VisibilityTimeout))
		kinds = []engine.Kind{engine.KindReceive}
	case "delayed":
		w = here(s, of(rule.SqsDelay, rule.FifoDelay), count(int(q.Delayed), "message")+" of "+id+" delayed", "delayed "+num(q.Delayed), "DelaySeconds "+num(q.DelaySeconds))
	case "deleted":
		w = here(s, rule.SqsDelete, count(int(q.Deleted), "message")+" of "+id+" deleted: their invocations succeeded", "deleted "+num(q.Deleted), "filtered "+num(q.Filtered))
		kinds = []engine.Kind{engine.KindDelete}
	case "dead":
		w = here(s, of(rule.SqsMove, rule.FifoMove), count(int(q.Moved), "message")+" of "+id+" moved to the dead-letter queue, "+num(q.Expired)+" lost",
			"moved "+num(q.Moved), "expired "+num(q.Expired), "maxReceiveCount "+num(q.MaxReceiveCount))
		kinds = []engine.Kind{engine.KindMove, engine.KindExpire}
	case "oldest":
		w = here(s, rule.SqsRetention, "the oldest message of "+id+" is "+secs(s.Oldest(qi))+" old", "age "+secs(s.Oldest(qi)), "MessageRetentionPeriod "+num(q.MessageRetentionPeriod))
		kinds = []engine.Kind{engine.KindReappear, engine.KindReceive}
	default:
		w = here(s, of(rule.SqsSend, rule.FifoSend), count(int(q.Sent), "message")+" sent to "+id, "sent "+num(q.Sent), "rejected "+num(q.Rejected))
		kinds = []engine.Kind{engine.KindPutAsked}
	}
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		return (int(e.Queue) == qi || e.Kind == engine.KindPutAsked) && is(e.Kind, kinds)
	})
	return w
}

func is(k engine.Kind, kinds []engine.Kind) bool {
	for _, x := range kinds {
		if x == k {
			return true
		}
	}
	return false
}

// OfGroup says why a message group of a FIFO queue is locked or free.
func OfGroup(s *engine.Sim, log []engine.Event, qi int, group engine.GroupID) *Why {
	q := &s.Queues[qi]
	g := &s.Groups[group]
	word := " is free: the next receive can take from it"
	if g.Locked() {
		word = " is locked: none of its messages is received while one of them is in flight"
	}
	w := here(s, rule.FifoReceive, "group "+g.Name+" of "+s.Config().Queues[qi].ID+word, "group "+g.Name, "in flight "+num(g.InFlight), "visible "+num(g.Visible),
		"delayed "+num(g.Delayed), "VisibilityTimeout "+num(q.VisibilityTimeout))
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		if e.Source >= 0 || int(e.Queue) != qi && e.Kind != engine.KindReturn || e.Applied != nil || len(e.Records) == 0 {
			return false
		}
		m := s.Message(e.Records[0])
		return int(m.Queue) == qi && m.Group == group
	})
	return w
}

// OfFault explains the fault of function fi that has a name, or how the function
// does where there is no such fault.
func OfFault(s *engine.Sim, log []engine.Event, fi int, name string) *Why {
	f := &s.Functions[fi]
	id := s.Config().Functions[fi].ID
	for i := range f.Faults {
		a := &f.Faults[i]
		if a.Name != name {
			continue
		}
		w := here(s, rule.FnError, id+" is broken on purpose: "+narrate.Fault(&a.Fault, false), "fault "+name+": "+narrate.Fault(&a.Fault, false), "errors "+num(f.Errors), "timeouts "+num(f.Timeouts))
		w.Cause = newest(s, log, func(e *engine.Event) bool {
			return e.Kind == engine.KindFault && e.Applied.Command.Fault.Name == name || e.Kind == engine.KindReturn && int(e.Function) == fi && e.Outcome != engine.OutcomeOK
		})
		return w
	}
	return here(s, rule.FnRun, id+" has no fault", "faults 0", "invocations "+strconv.FormatInt(f.Invocations, 10), "ok "+num(f.OK), "errors "+num(f.Errors))
}

// OfPollers says why a queue's mapping has the number of pollers it has.
func OfPollers(s *engine.Sim, log []engine.Event, mi int) *Why {
	m := &s.Mappings[mi]
	w := here(s, rule.SqsScaleStart, s.Config().Mappings[mi].ID+" has "+count(int(m.Polls.Target), "poller"), "pollers "+num(m.Polls.Target), "ceiling "+num(s.Ceiling(mi)))
	if m.MaximumConcurrency > 0 {
		w.Rule, w.Values = rule.SqsConcurrency, append(w.Values, "MaximumConcurrency "+num(m.MaximumConcurrency))
	}
	w.Cause = newest(s, log, func(e *engine.Event) bool { return e.Kind == engine.KindScale && int(e.Mapping) == mi })
	return w
}

// OfBatch explains a batch of a stream: the one that its lane has in hand, or, by
// its number, a part of one that waits for its turn.
func OfBatch(s *engine.Sim, log []engine.Event, mi, shard, lane int, batch int32) *Why {
	l := &s.Mappings[mi].Iterators[shard].Lanes[lane]
	if p, _ := l.Part(); p == nil || p.Batch == batch || batch == 0 {
		return OfLane(s, log, mi, shard, lane)
	}
	for i := range l.Parts {
		p := &l.Parts[i]
		if p.Batch != batch {
			continue
		}
		w := here(s, rule.MapBlock, "batch "+num(batch)+" of shard "+num(shard)+" waits for its turn: order is kept", "batch "+num(batch), "records "+num(p.Hi-p.Lo), "tries "+num(p.Tries))
		w.Cause = newest(s, log, func(e *engine.Event) bool {
			return int(e.Mapping) == mi && e.Kind == engine.KindBisect && (e.Split().Batches[0] == batch || e.Split().Batches[1] == batch)
		})
		return w
	}
	return OfLane(s, log, mi, shard, lane)
}

// OfReceive explains messages that were received together, and the batch they
// are in. inHand: a poller has them; otherwise they wait hidden.
func OfReceive(s *engine.Sim, log []engine.Event, mi int, r *engine.Receive, batch int32, inHand bool) *Why {
	q := &s.Queues[s.QueueOf(mi)]
	w := here(s, rule.SqsFailed, "batch "+num(batch)+" waits hidden: nothing of it is deleted, Lambda does nothing more")
	if inHand {
		w = OfPoller(s, nil, mi, int(r.Poller))
	}
	w.Values = append(w.Values, "receive "+num(r.N), "messages "+num(len(r.Messages)), "visible again at "+secs(r.Until), "VisibilityTimeout "+num(q.VisibilityTimeout))
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		switch e.Kind {
		case engine.KindReceive, engine.KindBatch, engine.KindInvoke, engine.KindReturn, engine.KindThrottle:
			return e.Source < 0 && len(r.Messages) > 0 && contains(e.Records, r.Messages[0])
		}
		return false
	})
	return w
}
