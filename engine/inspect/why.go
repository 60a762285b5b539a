// Package inspect answers questions about a run: why something is as it is,
// what became of a record, how a mapping is configured, and how two runs
// differ. It reads simulations and their logs and changes nothing.
package inspect

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/rule"
)

// Why says why something happened, or why it stands as it does.
type Why struct {
	At        engine.Micros
	Statement string   // what happened or stands
	Rule      rule.ID  // the rule that decided it
	Values    []string // the values of that instant that made it so
	// Command reports that a person or the scenario did it.
	Command bool
	// Cause is what came before it; nil at a put or a command, and where the log
	// does not reach that far back.
	Cause *Why
}

// Text writes a Why and its causes, the newest first, a line each.
func (w *Why) Text() string {
	var b strings.Builder
	for ; w != nil; w = w.Cause {
		b.WriteString(w.At.String() + " s: " + w.Statement + " [" + string(w.Rule) + "] " + strings.Join(w.Values, " · ") + "\n")
	}
	return b.String()
}

// Chain lists a Why and its causes, the newest first.
func (w *Why) Chain() []*Why {
	var out []*Why
	for ; w != nil; w = w.Cause {
		out = append(out, w)
	}
	return out
}

// maxChain bounds how many causes are followed back: a batch that was retried for
// an hour has thousands.
const maxChain = 12

// OfEvent says why event i of a log happened. The log is that of s, up to now.
func OfEvent(s *engine.Sim, log []engine.Event, i int) *Why { return ofEvent(s, log, i, maxChain, -1) }

// ofEvent says why event i happened, with up to depth causes before it, and
// finally the put of the culprit: the record that caused the newest failure.
func ofEvent(s *engine.Sim, log []engine.Event, i, depth int, culprit int32) *Why {
	e := &log[i]
	if culprit < 0 && len(e.Failed) > 0 {
		culprit = e.Failed[0]
	}
	w := &Why{At: e.At, Statement: narrator(s).EventOf(log, i), Rule: ruleOf(s, e), Values: valuesOf(s, log, i), Command: e.Kind.IsCommand() || e.Kind == engine.KindRefuse}
	if w.Command {
		return w
	}
	if c := causeOf(s, log, i); c >= 0 && depth > 0 {
		w.Cause = ofEvent(s, log, c, depth-1, culprit)
	} else {
		w.Cause = putOf(s, e, culprit)
	}
	return w
}

// causeOf returns the index of the event that led to event i, or -1.
func causeOf(s *engine.Sim, log []engine.Event, i int) int {
	e := &log[i]
	batch := func(kinds ...engine.Kind) int {
		return back(log, i, func(o *engine.Event) bool {
			return o.Mapping == e.Mapping && o.Batch == e.Batch && o.Batch > 0 && slices.Contains(kinds, o.Kind)
		})
	}
	place := func(kinds ...engine.Kind) int {
		return back(log, i, func(o *engine.Event) bool {
			return o.Mapping == e.Mapping && o.Shard == e.Shard && slices.Contains(kinds, o.Kind)
		})
	}
	message := func(kinds ...engine.Kind) int {
		return back(log, i, func(o *engine.Event) bool {
			return o.Source < 0 && slices.Contains(kinds, o.Kind) && len(e.Records) > 0 && slices.Contains(o.Records, e.Records[0])
		})
	}
	switch e.Kind {
	case engine.KindInvoke:
		if c := batch(engine.KindRetry, engine.KindReturn, engine.KindBatch); c >= 0 {
			return c
		}
		return back(log, i, func(o *engine.Event) bool {
			return o.Kind == engine.KindBisect && o.Mapping == e.Mapping && slices.Contains(o.Split().Batches[:], e.Batch)
		})
	case engine.KindReturn:
		if c := batch(engine.KindAct, engine.KindInvoke); c >= 0 && log[c].Why != engine.WhyNone && len(e.Failed) > 0 { // a call that failed
			return c
		}
		return batch(engine.KindInvoke)
	case engine.KindAct:
		if e.Act == engine.ActResume {
			return back(log, i, func(o *engine.Event) bool {
				return o.Kind == engine.KindAct && o.Act == engine.ActPause && o.Mapping == e.Mapping
			})
		}
		if e.Act == engine.ActPause {
			return batch(engine.KindAct)
		}
		if e.Times > 1 { // the time before
			return back(log, i, func(o *engine.Event) bool {
				return o.Kind == engine.KindAct && o.Act == e.Act && o.To == e.To && o.Function == e.Function && slices.Equal(o.Records, e.Records) && o.Why == engine.WhyNone
			})
		}
		return batch(engine.KindInvoke)
	case engine.KindThrottle:
		return batch(engine.KindRetry, engine.KindBatch)
	case engine.KindRetry, engine.KindBisect, engine.KindBlock:
		return batch(engine.KindReturn, engine.KindThrottle)
	case engine.KindDiscard:
		return batch(engine.KindReturn, engine.KindThrottle, engine.KindRetry, engine.KindBatch)
	case engine.KindDeliver, engine.KindDeliverFailed:
		return back(log, i, func(o *engine.Event) bool { return o.Kind == engine.KindDiscard && o.Discard == e.Discard })
	case engine.KindForward, engine.KindForwardFailed:
		return batch(engine.KindRecursive)
	case engine.KindCheckpoint:
		return place(engine.KindReturn, engine.KindDiscard, engine.KindFilter)
	case engine.KindUnblock:
		return place(engine.KindCheckpoint, engine.KindReturn, engine.KindDiscard)
	case engine.KindBatch:
		if e.Source < 0 {
			return message(engine.KindReceive)
		}
	case engine.KindTaken:
		return back(log, i, func(o *engine.Event) bool { return o.Kind == engine.KindReceiveAsked && o.Queue == e.Queue })
	case engine.KindReceive:
		return message(engine.KindReappear, engine.KindMove)
	case engine.KindReappear:
		return message(engine.KindReturn, engine.KindThrottle, engine.KindAct, engine.KindReceive, engine.KindTaken)
	case engine.KindFilter:
		if e.Source < 0 {
			return message(engine.KindReceive)
		}
	case engine.KindDenied:
		return back(log, i, func(o *engine.Event) bool {
			return o.Kind == engine.KindDeny && e.Denial() != nil && e.Denial().By == "" && o.Applied.Command.Target == s.Config().Mappings[e.Mapping].ID
		})
	case engine.KindDelete, engine.KindDeleteFailed:
		if e.Why == engine.WhyHandler {
			return message(engine.KindInvoke)
		}
		if e.Why == engine.WhyOther {
			return message(engine.KindTaken)
		}
		return message(engine.KindReturn, engine.KindFilter, engine.KindReceive)
	case engine.KindMove:
		if c := message(engine.KindReappear, engine.KindReceive, engine.KindTaken); c >= 0 {
			return c
		}
		return message(engine.KindRedrive)
	case engine.KindState:
		return back(log, i, func(o *engine.Event) bool {
			return o.Kind >= engine.KindSet && o.Kind <= engine.KindAllow && o.At <= e.At || o.Kind == engine.KindAct && o.Act >= engine.ActPause && o.Mapping == e.Mapping
		})
	case engine.KindShards:
		if e.Rule != rule.KinSplit { // the service did it
			return -1
		}
		return back(log, i, func(o *engine.Event) bool {
			return o.Kind == engine.KindSplit || o.Kind == engine.KindMerge || o.Kind == engine.KindSet
		})
	}
	return -1
}

// back returns the index of the newest event before i that meets a condition,
// or -1.
func back(log []engine.Event, i int, is func(*engine.Event) bool) int {
	for i--; i >= 0; i-- {
		if is(&log[i]) {
			return i
		}
	}
	return -1
}

// putOf is the put at the beginning of a chain: that of the culprit, or of the
// event's first record. Nil where it has none, or none that is still known.
func putOf(s *engine.Sim, e *engine.Event, culprit int32) *Why {
	n := e.Record
	if len(e.Records) > 0 {
		n = e.Records[0]
	}
	if culprit >= 0 {
		n = culprit
	}
	if e.Kind == engine.KindPut || e.Kind == engine.KindReject {
		return nil
	}
	if e.Source < 0 {
		if len(e.Records) == 0 {
			return nil
		}
		if !s.Knows(n) {
			return nil
		}
		m := s.Message(n)
		by := rule.SqsSend
		if s.Queues[m.Origin].FIFO {
			by = rule.FifoSend
		}
		return &Why{At: m.PutAt, Statement: narrator(s).Event(&engine.Event{Kind: engine.KindPut, Source: -1, Mapping: -1, Queue: m.Origin, Record: n}), Rule: by, Values: []string{strconv.Itoa(int(m.Bytes)) + " bytes"}}
	}
	if n <= 0 || int(e.Source) >= len(s.Streams) || !s.Streams[e.Source].Records.Holds(int(n)-1) {
		return nil
	}
	st := &s.Streams[e.Source]
	r := st.Records.At(int(n) - 1)
	by, key := rule.KinHash, "key "+st.KeyOf(r)
	switch {
	case st.Kind == engine.DynamoDB:
		by = rule.DdbStream
	case r.Auto:
		by, key = rule.KinAuto, "no key"
	}
	return &Why{At: r.At, Statement: narrator(s).Event(&engine.Event{Kind: engine.KindPut, Mapping: -1, Source: e.Source, Record: n, Shard: r.Shard}), Rule: by,
		Values: []string{key, strconv.Itoa(int(r.Bytes)) + " bytes"}}
}

// ruleOf is the rule of an event; of a command the one that says what it does.
func ruleOf(s *engine.Sim, e *engine.Event) rule.ID {
	if e.Rule != "" || e.Applied == nil {
		return e.Rule
	}
	c := &e.Applied.Command
	switch c.Op {
	case engine.OpSet:
		id, name, _ := strings.Cut(c.Target, ".")
		return RuleOfSetting(s, id, name)
	case engine.OpPut:
		if qi := s.QueueIndex(c.Put.To); qi >= 0 {
			if s.Queues[qi].FIFO {
				return rule.FifoSend
			}
			return rule.SqsSend
		}
		return rule.KinHash
	case engine.OpFault:
		return [...]rule.ID{engine.HowError: rule.FnError, engine.HowTimeout: rule.FnTimeout, engine.HowCrash: rule.FnCrash, engine.HowSlow: rule.FnRun,
			engine.HowReport: rule.MapPartial, engine.HowReply: rule.MapPartial}[c.Fault.How]
	case engine.OpEnable, engine.OpAllow:
		return rule.MapResume
	case engine.OpDisable:
		return rule.MapDisabled
	case engine.OpRestart:
		return rule.MapRestart
	case engine.OpDeny:
		return rule.MapDenied
	case engine.OpRemove:
		if s.QueueIndex(c.Target) >= 0 {
			return rule.SqsRemoved
		}
		return rule.FnRemoved
	case engine.OpSplit, engine.OpMerge:
		return rule.KinSplit
	case engine.OpRedrive, engine.OpCancel:
		return rule.SqsRedrive
	case engine.OpReceive:
		return rule.SqsTaken
	case engine.OpPurge:
		return rule.SqsPurge
	case engine.OpDeploy:
		return rule.CfnOrder
	}
	return rule.FnRun
}

// RuleOfSetting is the rule that says what a setting of a resource does.
func RuleOfSetting(s *engine.Sim, id, name string) rule.ID {
	of, _ := s.SettingsOf(id)
	if p := of.Find(name); p != nil {
		return p.Rule
	}
	return rule.FnRun
}
