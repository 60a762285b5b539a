package inspect

import (
	"strings"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/rule"
)

// newest is the Why of the newest event that meets a condition, nil where the
// log has none.
func newest(s *engine.Sim, log []engine.Event, is func(*engine.Event) bool) *Why {
	if i := back(log, len(log), is); i >= 0 {
		return OfEvent(s, log, i)
	}
	return nil
}

// here begins a Why about the current state.
func here(s *engine.Sim, by rule.ID, statement string, values ...string) *Why {
	return &Why{At: s.Now(), Statement: statement, Rule: by, Values: values}
}

// OfShard says why a shard flows or is blocked for a mapping.
func OfShard(s *engine.Sim, log []engine.Event, mi, shard int) *Why {
	st := &s.Streams[s.SourceOf(mi)]
	id := s.Config().Mappings[mi].ID
	sh := &st.Shards[shard]
	w := here(s, rule.MapCheckpoint, "shard "+num(shard)+" flows for "+id,
		"shard "+num(shard), "records "+num(sh.Len()), "retained "+num(sh.Len()-int(sh.Trim)), "behind "+num(s.Behind(mi, shard)))
	if sh.Closed {
		w.Statement, w.Rule = "shard "+num(shard)+" is closed: it takes no more records, and "+id+" reads it to its end", rule.KinShardEnd
	}
	if l := s.ActiveLane(mi, shard); l != nil && l.Blocked {
		w.Statement = "shard " + num(shard) + " is blocked for " + id + ": nothing may overtake batch " + num(l.Root)
		w.Rule = rule.MapBlock
		if l.Phase == engine.PhaseThrottled {
			w.Rule = rule.MapThrottle
		}
		w.Values = append(w.Values, handValues(s, mi, l)...)
	}
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		return int(e.Mapping) == mi && int(e.Shard) == shard && e.Source >= 0 && e.Kind != engine.KindState && !e.Kind.IsCommand()
	})
	return w
}

func handValues(s *engine.Sim, mi int, l *engine.Lane) []string {
	m := &s.Mappings[mi]
	out := []string{"blocked for " + secs(s.Now()-l.BlockedAt)}
	if p, nums := l.Part(); p != nil {
		out = append(out, "batch "+num(p.Batch), "tries "+num(p.Tries), "records "+num(len(nums)))
	}
	if l.Phase == engine.PhaseWaiting || l.Phase == engine.PhaseThrottled {
		out = append(out, "next try in "+secs(l.Due-s.Now()))
	}
	return append(out, "MaximumRetryAttempts "+num(m.MaximumRetryAttempts), "MaximumRecordAgeInSeconds "+num(m.MaximumRecordAgeInSeconds),
		"BisectBatchOnFunctionError "+narrate.Value(engine.BoolValue(m.BisectBatchOnFunctionError)))
}

// OfIterator says why an iterator stands where it does.
func OfIterator(s *engine.Sim, log []engine.Event, mi, shard int) *Why {
	m := &s.Mappings[mi]
	id := s.Config().Mappings[mi].ID
	if !m.Started() || shard >= len(m.Iterators) {
		return here(s, rule.MapEnabled, id+" has no iterator in shard "+num(shard)+" yet: it is "+m.State.String(), "State "+m.State.String())
	}
	it := &m.Iterators[shard]
	si := int32(s.SourceOf(mi))
	next := "the end of the shard"
	if n := s.NextRecord(mi, shard); n > 0 {
		next = s.Label(si, n)
	}
	checkpoint := "none"
	if it.Checkpoint > 0 {
		checkpoint = s.Label(si, it.Checkpoint)
	}
	w := here(s, rule.MapCheckpoint, "the iterator of "+id+" in shard "+num(shard)+" stands before "+next,
		"checkpoint "+checkpoint, "behind "+num(s.Behind(mi, shard)), "age "+secs(s.Age(mi, shard)))
	if it.Checkpoint == 0 {
		w.Rule = [...]rule.ID{rule.MapStartTrim, rule.MapStartLatest, rule.MapStartTimestamp}[s.Config().Mappings[mi].Start]
	}
	if l := s.ActiveLane(mi, shard); l != nil && l.Blocked {
		w.Rule = rule.MapBlock
		w.Values = append(w.Values, handValues(s, mi, l)...)
	}
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		return e.Kind == engine.KindCheckpoint && int(e.Mapping) == mi && int(e.Shard) == shard
	})
	return w
}

// OfLane says why a lane of an iterator does what it does with its batch.
func OfLane(s *engine.Sim, log []engine.Event, mi, shard, lane int) *Why {
	id := s.Config().Mappings[mi].ID
	l := &s.Mappings[mi].Iterators[shard].Lanes[lane]
	where := "lane " + num(lane) + " of shard " + num(shard) + " for " + id
	p, nums := l.Part()
	if p == nil {
		w := here(s, rule.MapWindowClock, where+" gathers", "gathered "+num(len(l.Waiting())), "BatchSize "+num(s.Mappings[mi].BatchSize),
			"MaximumBatchingWindowInSeconds "+num(s.Mappings[mi].MaximumBatchingWindowInSeconds))
		w.Cause = newest(s, log, func(e *engine.Event) bool {
			return int(e.Mapping) == mi && int(e.Shard) == shard && int(e.Lane) == lane && e.Kind == engine.KindReturn
		})
		return w
	}
	doing := [...]string{"holds batch ", "gathers batch ", "is running batch ", "waits to retry batch ", "was throttled with batch "}[l.Phase]
	w := here(s, [...]rule.ID{rule.MapBatchSize, rule.MapWindowClock, rule.MapInvoke, rule.MapRetry, rule.MapThrottle}[l.Phase], where+" "+doing+num(p.Batch),
		"batch "+num(p.Batch), "records "+num(len(nums)), "tries "+num(p.Tries))
	if l.Due > s.Now() {
		w.Values = append(w.Values, "until "+secs(l.Due))
	}
	if l.Blocked {
		w.Values = append(w.Values, "blocked for "+secs(s.Now()-l.BlockedAt))
	}
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		return int(e.Mapping) == mi && e.Source >= 0 && e.Batch == p.Batch && e.Kind != engine.KindBlock
	})
	return w
}

// OfPoller says why a poller of a queue's mapping does what it does.
func OfPoller(s *engine.Sim, log []engine.Event, mi, slot int) *Why {
	m := &s.Mappings[mi]
	p := &m.Polls.Slots[slot]
	id := s.Config().Mappings[mi].ID
	w := here(s, [...]rule.ID{rule.SqsReceive, rule.SqsBatchWindow, rule.SqsInvoke, rule.SqsThrottle}[p.Phase],
		"poller "+num(slot+1)+" of "+id+" "+p.Phase.String(), "pollers "+num(m.Polls.Target), "messages in hand "+num(len(p.Records)))
	if p.Batch > 0 {
		w.Values = append(w.Values, "batch "+num(p.Batch), "tries "+num(p.Tries), "since "+secs(p.Since))
		w.Cause = newest(s, log, func(e *engine.Event) bool {
			return e.Source < 0 && int(e.Mapping) == mi && e.Batch == p.Batch && !e.Kind.IsCommand()
		})
	} else {
		w.Values = append(w.Values, "the long poll ends at "+secs(s.PollEnds(p)))
	}
	return w
}

// OfQueue says why a queue holds what it holds.
func OfQueue(s *engine.Sim, log []engine.Event, qi int) *Why {
	q := &s.Queues[qi]
	id := s.Config().Queues[qi].ID
	by := rule.SqsReceive
	switch {
	case q.MovedIn > 0:
		by = rule.SqsMove
	case len(s.Delivered(qi)) > 0:
		by = rule.DstQueue
	case q.InFlight > 0:
		by = rule.SqsVisible
	case q.FIFO:
		by = rule.FifoReceive
	}
	w := here(s, by, id+" holds "+count(int(q.Visible+q.InFlight+q.Delayed), "message"), "visible "+num(q.Visible), "in flight "+num(q.InFlight),
		"delayed "+num(q.Delayed), "sent "+num(q.Sent), "VisibilityTimeout "+num(q.VisibilityTimeout))
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		switch e.Kind {
		case engine.KindReceive, engine.KindTaken, engine.KindReappear, engine.KindDelete, engine.KindExpire, engine.KindAct:
			return e.Source < 0 && int(e.Queue) == qi
		case engine.KindDeliver, engine.KindDeliverFailed, engine.KindForward, engine.KindForwardFailed:
			return int(e.Queue) == qi
		case engine.KindMove:
			return int(e.Queue) == qi || int(e.To) == qi
		}
		return false
	})
	return w
}

// OfMessage says why a message is where it is, and in its state.
func OfMessage(s *engine.Sim, log []engine.Event, id int32) *Why {
	m := s.Message(id)
	q := &s.Queues[m.Queue]
	by := rule.SqsSend
	switch m.State {
	case engine.StateDelayed:
		by = rule.SqsDelay
	case engine.StateHidden, engine.StateBatched:
		by = rule.SqsVisible
	case engine.StateRunning:
		by = rule.SqsInvoke
	case engine.StateDone:
		by = rule.SqsDelete
	case engine.StateFiltered:
		by = rule.SqsFilterDelete
	case engine.StateDead:
		by = rule.SqsMove
	case engine.StateExpired:
		by = rule.SqsRetention
	case engine.StatePurged:
		by = rule.SqsPurge
	case engine.StateDeduplicated:
		by = rule.FifoDedup
	}
	switch {
	case m.Discard >= 0:
		by = rule.DstQueue
	case m.Forward >= 0:
		by = rule.FnForward
	}
	if !s.Knows(id) {
		return here(s, by, s.MessageLabel(id)+" is "+m.State.String()+". It has gone so long ago that nothing else of it is in memory: seek an earlier instant to see it")
	}
	w := here(s, by, s.MessageLabel(id)+" is "+m.State.String()+" in "+s.Config().Queues[m.Queue].ID,
		"receive count "+num(m.Receives), "deliveries "+num(m.Deliveries), "put at "+secs(m.PutAt))
	if m.Until > s.Now() && m.Until < engine.Never {
		w.Values = append(w.Values, "visible again at "+secs(m.Until))
	}
	if q.DeadLetterQueue != "" {
		w.Values = append(w.Values, "maxReceiveCount "+num(q.MaxReceiveCount))
	}
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		if m.Discard >= 0 && e.Kind == engine.KindDeliver && e.Discard == m.Discard {
			return true
		}
		if m.Forward >= 0 && e.Kind == engine.KindForward && e.Queue == m.Origin && e.Record == id {
			return true
		}
		return e.Source < 0 && e.Applied == nil && contains(e.Records, id)
	})
	if w.Cause == nil {
		w.Cause = putOf(s, &engine.Event{Source: -1, Kind: engine.KindDelete, Records: []int32{id}}, id)
	}
	return w
}

// OfDiscard says why records were given up.
func OfDiscard(s *engine.Sim, log []engine.Event, discard int) *Why {
	if i := back(log, len(log), func(e *engine.Event) bool {
		return e.Kind == engine.KindDiscard && int(e.Discard) == discard
	}); i >= 0 {
		return OfEvent(s, log, i)
	}
	d := &s.Discards[discard]
	by := rule.MapRetryLimit
	switch {
	case d.Condition == engine.RecordAgeExceeded:
		by = rule.MapAge
	case d.Condition == engine.PayloadSizeExceeded && d.To < 0:
		by = rule.MapTooLargeLost
	case d.Condition == engine.PayloadSizeExceeded:
		by = rule.MapTooLarge
	}
	return &Why{At: d.At, Statement: s.Config().Mappings[d.Mapping].ID + " gave up " + count(len(d.Records), "record") + " from " + s.Label(int32(s.SourceOf(int(d.Mapping))), d.Records[0]) + " on",
		Rule: by, Values: []string{"condition " + d.Condition.String(), "approximateInvokeCount " + num(d.InvokeCount)}}
}

// OfSetting says what a setting does, and where its value comes from: id is a
// mapping, queue, stream or function, name AWS's name of the setting.
func OfSetting(s *engine.Sim, log []engine.Event, id, name string) *Why {
	of, _ := s.SettingsOf(id)
	p := of.Find(name)
	if p == nil {
		return here(s, rule.FnRun, id+" has no setting "+name)
	}
	value := textOf(&of, name)
	w := here(s, p.Rule, id+"."+name+" is "+value+", from the template or by AWS's default", name+" "+value)
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		if e.Kind != engine.KindSet {
			return false
		}
		target, changed, _ := strings.Cut(e.Applied.Command.Target, ".")
		return target == id && p.Called(changed)
	})
	if w.Cause != nil {
		w.Statement = id + "." + name + " is " + value + ", changed at " + secs(w.Cause.At)
	}
	return w
}

// OfFunction says what a function is doing, and how its invocations ended.
func OfFunction(s *engine.Sim, log []engine.Event, fi int) *Why {
	f := &s.Functions[fi]
	by := rule.FnRun
	switch {
	case f.Throttles > 0 && f.Reserved >= 0:
		by = rule.FnReserved
	case f.Errors > 0:
		by = rule.FnError
	}
	w := here(s, by, s.Config().Functions[fi].ID+" has "+count(int(f.Running), "invocation")+" running", "invocations "+num(f.Invocations), "ok "+num(f.OK), "errors "+num(f.Errors),
		"throttles "+num(f.Throttles), "peak "+num(f.Peak))
	for i := range f.Faults {
		w.Values = append(w.Values, "fault "+narrate.Fault(&f.Faults[i].Fault, false))
	}
	if effects := narrate.Effects(f); effects != "" {
		w.Values = append(w.Values, effects)
	}
	w.Cause = newest(s, log, func(e *engine.Event) bool {
		return int(e.Function) == fi && (e.Kind == engine.KindInvoke || e.Kind == engine.KindReturn || e.Kind == engine.KindThrottle)
	})
	return w
}

// OfMetric says why a metric of a mapping has its value: IteratorAge, Errors,
// Invocations, Throttles, Effects.
func OfMetric(s *engine.Sim, log []engine.Event, mi int, name string) *Why {
	f := &s.Functions[s.FunctionOf(mi)]
	id := s.Config().Mappings[mi].ID
	ours := func(kind engine.Kind) func(*engine.Event) bool {
		return func(e *engine.Event) bool {
			return int(e.Mapping) == mi && e.Kind == kind && (kind != engine.KindReturn || e.Outcome != engine.OutcomeOK)
		}
	}
	var w *Why
	switch name {
	case "IteratorAge":
		w = here(s, rule.MapBlock, "IteratorAge of "+id+" was at most "+secs(s.Mappings[mi].MaxIteratorAge), "newest "+secs(s.Mappings[mi].IteratorAge), "max "+secs(s.Mappings[mi].MaxIteratorAge))
		w.Cause = newest(s, log, ours(engine.KindInvoke))
	case "Errors":
		w = here(s, rule.FnError, s.Config().Functions[s.FunctionOf(mi)].ID+" failed "+count(int(f.Errors), "time"), "Errors "+num(f.Errors), "timeouts "+num(f.Timeouts))
		w.Cause = newest(s, log, ours(engine.KindReturn))
	case "Effects":
		w = here(s, rule.FnCall, s.Config().Functions[s.FunctionOf(mi)].ID+" did this outside: "+narrate.Effects(f), narrate.Effects(f))
		w.Cause = newest(s, log, func(e *engine.Event) bool {
			return e.Kind == engine.KindAct && int(e.Mapping) == mi && e.Times > 1
		})
		if w.Cause == nil {
			w.Cause = newest(s, log, ours(engine.KindAct))
		}
	case "Throttles":
		w = here(s, rule.FnAccount, s.Config().Functions[s.FunctionOf(mi)].ID+" was throttled "+count(int(f.Throttles), "time"), "Throttles "+num(f.Throttles), "ReservedConcurrentExecutions "+num(f.Reserved))
		w.Cause = newest(s, log, ours(engine.KindThrottle))
	default:
		w = here(s, rule.MapInvoke, s.Config().Functions[s.FunctionOf(mi)].ID+" was invoked "+count(int(f.Invocations), "time"), "Invocations "+num(f.Invocations), "ok "+num(f.OK))
		w.Cause = newest(s, log, ours(engine.KindInvoke))
	}
	return w
}

func contains(list []int32, n int32) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}
