package engine_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/trace"
)

// world draws a Config: streams and tables, functions with faults, mappings
// with all their settings, traffic and steps. Each kind of source has a
// function of its own that adds its things to the Config.
func world(t *rapid.T) *engine.Config {
	c := &engine.Config{Seed: uint64(rapid.IntRange(1, 1000).Draw(t, "seed")), For: 90 * engine.Second, Start: 1796083200_000000, Concurrency: 1000, Chosen: engine.DefaultChosen()}
	if rapid.IntRange(0, 4).Draw(t, "account") == 0 {
		c.Concurrency = rapid.IntRange(1, 3).Draw(t, "concurrency")
	}
	c.Queues = []engine.QueueConfig{{ID: "Failures"}, {ID: "Ordered", FIFO: true}}
	c.Targets = []engine.TargetConfig{{ID: "Alerts"}, {ID: "Kept", Bucket: true}}
	for i := range rapid.IntRange(1, 2).Draw(t, "sources") {
		streamWorld(t, c, fmt.Sprintf("S%d", i))
	}
	return c
}

// streamWorld adds a stream or a table, its mappings and what happens to them.
func streamWorld(t *rapid.T, c *engine.Config, id string) {
	st := engine.StreamConfig{ID: id, Kind: engine.StreamKind(rapid.IntRange(0, 1).Draw(t, "kind")), View: engine.NewAndOldImages, KeyName: "pk",
		StreamSettings: engine.StreamSettings{ShardCount: rapid.IntRange(1, 3).Draw(t, "shards"), Retention: engine.Micros(rapid.SampledFrom([]int{20, 45, 86400}).Draw(t, "retention")) * engine.Second}}
	c.Streams = append(c.Streams, st)
	var mappings []string
	for k := range rapid.IntRange(1, 3).Draw(t, "mappings") {
		f := engine.FunctionConfig{ID: fmt.Sprintf("%sF%d", id, k), FunctionSettings: engine.FunctionSettings{Timeout: engine.Second * engine.Micros(rapid.IntRange(1, 3).Draw(t, "timeout")), Reserved: -1, Takes: engine.Takes{Base: millis(t, "takes", 1, 1500), Spread: millis(t, "spread", 0, 300)}}}
		if rapid.IntRange(0, 3).Draw(t, "limited") == 0 {
			f.Reserved = rapid.IntRange(0, 2).Draw(t, "reserved")
		}
		for range rapid.IntRange(0, 2).Draw(t, "faults") {
			f.Faults = append(f.Faults, fault(t, id))
		}
		m := engine.MappingConfig{ID: fmt.Sprintf("%sM%d", id, k), Source: id, Function: f.ID, Enabled: rapid.IntRange(0, 5).Draw(t, "on") > 0, Settings: engine.DefaultSettings(),
			Start: engine.StartingPosition(rapid.IntRange(0, 1).Draw(t, "start")), Activates: millis(t, "activates", 0, 9000), Updates: millis(t, "updates", 0, 3000), Disables: millis(t, "disables", 0, 2000)}
		if st.Kind == engine.Kinesis && rapid.IntRange(0, 3).Draw(t, "fanout") == 0 {
			m.Consumer = m.ID + "C"
		}
		m.BatchSize = rapid.SampledFrom([]int{1, 2, 3, 7, 20, 100}).Draw(t, "BatchSize")
		m.MaximumBatchingWindowInSeconds = rapid.IntRange(0, 3).Draw(t, "window")
		m.ParallelizationFactor = rapid.IntRange(1, 4).Draw(t, "factor")
		m.MaximumRetryAttempts = rapid.IntRange(-1, 3).Draw(t, "retries")
		m.MaximumRecordAgeInSeconds = rapid.SampledFrom([]int{-1, -1, 60, 61}).Draw(t, "age")
		m.BisectBatchOnFunctionError = rapid.Bool().Draw(t, "bisect")
		m.ReportBatchItemFailures = rapid.Bool().Draw(t, "report")
		m.OnFailure = rapid.SampledFrom([]string{"", "Failures", "Ordered", "Alerts", "Kept"}).Draw(t, "OnFailure")
		if rapid.IntRange(0, 3).Draw(t, "filters") == 0 {
			p := `{"data":{"n":[{"numeric":[">",` + fmt.Sprint(rapid.IntRange(0, 60).Draw(t, "more than")) + `]}]}}`
			if st.Kind == engine.DynamoDB {
				p = `{"eventName":["` + rapid.SampledFrom([]string{"INSERT", "MODIFY", "REMOVE"}).Draw(t, "eventName") + `"]}`
			}
			var err error
			if m.FilterCriteria, err = pattern.NewCriteria([]string{p}); err != nil {
				t.Fatal(err)
			}
		}
		if rapid.IntRange(0, 4).Draw(t, "tumbles") == 0 {
			m.TumblingWindowInSeconds, m.ParallelizationFactor = rapid.IntRange(1, 15).Draw(t, "tumbling"), 1
		}
		c.Functions, c.Mappings = append(c.Functions, f), append(c.Mappings, m)
		mappings = append(mappings, m.ID)
	}
	for range rapid.IntRange(1, 3).Draw(t, "rows") {
		row := engine.Traffic{To: id, From: millis(t, "from", 0, 30000), Until: engine.Never, Every: millis(t, "every", 20, 2000), Per: 1, Shard: -1, Count: rapid.IntRange(1, 200).Draw(t, "count"),
			Random: rapid.Bool().Draw(t, "random"), Op: engine.WriteOp(0)}
		if st.Kind == engine.DynamoDB {
			row.Op = rapid.SampledFrom([]engine.WriteOp{engine.WriteAuto, engine.WriteAuto, engine.WriteRemove, engine.WriteTTL}).Draw(t, "op")
		}
		for k := range rapid.IntRange(1, 6).Draw(t, "keys") {
			row.Keys = append(row.Keys, fmt.Sprintf("k%d", k))
		}
		c.Traffic = append(c.Traffic, row)
	}
	for range rapid.IntRange(0, 6).Draw(t, "steps") {
		c.Steps = append(c.Steps, engine.Step{At: millis(t, "at", 0, 80000), Command: command(t, id, rapid.SampledFrom(mappings).Draw(t, "mapping"))})
	}
}

func millis(t *rapid.T, name string, lo, hi int) engine.Micros {
	return engine.Micros(rapid.IntRange(lo, hi).Draw(t, name)) * engine.Millisecond
}

func fault(t *rapid.T, stream string) engine.Fault {
	f := engine.Fault{Name: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name"), How: engine.How(rapid.IntRange(0, 5).Draw(t, "how")), Until: engine.Never,
		Names: engine.Names(rapid.IntRange(0, 3).Draw(t, "names"))}
	switch rapid.IntRange(0, 4).Draw(t, "selects") {
	case 0:
		f.Records = []engine.Label{{Source: stream, N: rapid.IntRange(1, 40).Draw(t, "n")}}
	case 1:
		f.Nth = rapid.IntRange(2, 9).Draw(t, "nth")
	case 2:
		f.Keys = []string{"k1"}
	case 3:
		f.HasChance, f.Chance = true, rapid.Float64Range(0, 1).Draw(t, "chance")
	}
	if rapid.Bool().Draw(t, "ends") {
		f.Until = millis(t, "until", 1000, 60000)
	}
	if rapid.IntRange(0, 2).Draw(t, "few") == 0 {
		f.Deliveries = rapid.IntRange(1, 3).Draw(t, "deliveries")
	}
	if f.How == engine.HowSlow {
		f.Takes = engine.Takes{Base: millis(t, "slow", 500, 4000)}
	}
	f.Reply = rapid.SampledFrom([]string{"", "{}", "3", `{"batchItemFailures":[{"itemIdentifier":"{id:` + stream + `#7}"}]}`, `{"state":{"n":"1"}}`}).Draw(t, "reply")
	return f
}

func command(t *rapid.T, stream, mapping string) engine.Command {
	set := func(name string, v engine.Value) engine.Command {
		return engine.Command{Op: engine.OpSet, Target: mapping + "." + name, Value: v}
	}
	switch rapid.IntRange(0, 13).Draw(t, "command") {
	case 0:
		return set("BatchSize", engine.IntValue(rapid.IntRange(1, 50).Draw(t, "value")))
	case 1:
		return set("ParallelizationFactor", engine.IntValue(rapid.IntRange(1, 4).Draw(t, "value")))
	case 2:
		return set("MaximumRetryAttempts", engine.IntValue(rapid.IntRange(-1, 2).Draw(t, "value")))
	case 3:
		return set("BisectBatchOnFunctionError", engine.BoolValue(rapid.Bool().Draw(t, "value")))
	case 4:
		return set("TumblingWindowInSeconds", engine.IntValue(rapid.IntRange(0, 9).Draw(t, "value")))
	case 5:
		return set("OnFailure", engine.TextValue(rapid.SampledFrom([]string{"", "Kept", "Failures"}).Draw(t, "value")))
	case 6:
		return engine.Command{Op: engine.OpDisable, Target: mapping}
	case 7:
		return engine.Command{Op: engine.OpEnable, Target: mapping}
	case 8:
		return engine.Command{Op: engine.OpRestart, Target: mapping}
	case 9:
		return engine.Command{Op: engine.OpSplit, Target: stream, Shards: []int{rapid.IntRange(0, 4).Draw(t, "shard")}}
	case 10:
		return engine.Command{Op: engine.OpMerge, Target: stream, Shards: []int{rapid.IntRange(0, 2).Draw(t, "shard"), rapid.IntRange(0, 4).Draw(t, "other")}}
	case 11:
		return engine.Command{Op: engine.OpDeny, Target: mapping, Actions: []string{rapid.SampledFrom([]string{"kinesis:GetRecords", "sqs:SendMessage", "*"}).Draw(t, "action")}}
	case 12:
		return engine.Command{Op: engine.OpAllow, Target: mapping, Actions: []string{"kinesis:GetRecords", "sqs:SendMessage", "*"}}
	}
	return engine.Command{Op: engine.OpRemove, Target: rapid.SampledFrom([]string{mapping, stream, "Alerts", stream + "F0"}).Draw(t, "removed")}
}

// TestProperties runs drawn worlds and holds what must be true of each.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := world(t)
		sim, err := engine.New(c)
		if err != nil {
			t.Fatal(err)
		}
		cut := millis(t, "clone", 0, 90000)
		var events []engine.Event
		for at := engine.Micros(0); at < cut; at += 3 * engine.Second {
			sim.RunUntil(at)
			events = append(events, sim.Drain()...)
			oneState(t, sim)
		}
		sim.RunUntil(cut)
		events = append(events, sim.Drain()...)
		branch := sim.Clone()
		var lines [2][]byte
		for i, s := range []*engine.Sim{branch, sim} {
			s.RunUntil(100 * engine.Second)
			rest := s.Drain()
			for k := range rest {
				lines[i] = append(trace.AppendJSON(lines[i], s, &rest[k]), '\n')
			}
			if i == 1 {
				events = append(events, rest...)
			}
		}
		if !bytes.Equal(lines[0], lines[1]) {
			t.Errorf("the copy made at %s goes another way:\n%s\n\n%s", cut, lines[0], lines[1])
		}
		oneState(t, sim)
		newLedger(sim).check(t, events)
	})
}

// reporter is a test, drawn or enumerated.
type reporter interface {
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// oneState: every record is in exactly one state of each mapping, and the
// counts of a summary say the same.
func oneState(t reporter, s *engine.Sim) {
	for mi := range s.Mappings {
		var seen [engine.NumRecordStates]int64
		total := s.Streams[s.SourceOf(mi)].Records.Len()
		for n := 1; n <= total; n++ {
			seen[s.RecordState(mi, n)]++
		}
		if counted := s.CountStates(mi); counted != seen {
			t.Fatalf("at %s %s counts %v, its records are %v", s.Now(), s.Config().Mappings[mi].ID, counted, seen)
		}
		if seen[engine.StateNone] > 0 {
			t.Fatalf("%d records are in no state", seen[engine.StateNone])
		}
	}
}

// ledger is what a trace says of a run.
type ledger struct {
	s        *engine.Sim
	mappings []entry
	errors   []int64 // of functions
	expired  []map[int32]bool
	refused  []map[int32]bool
}

type entry struct {
	polled, invoked, failed, discarded, delivered, filtered int64
	said                                                    [engine.NumRecordStates]map[int32]bool
	last                                                    map[int32]int32 // place of the newest record of a key that was done
}

func newLedger(s *engine.Sim) *ledger {
	l := &ledger{s: s, mappings: make([]entry, len(s.Mappings)), errors: make([]int64, len(s.Functions))}
	for range s.Streams {
		l.expired, l.refused = append(l.expired, map[int32]bool{}), append(l.refused, map[int32]bool{})
	}
	for i := range l.mappings {
		l.mappings[i].last = map[int32]int32{}
		for k := range l.mappings[i].said {
			l.mappings[i].said[k] = map[int32]bool{}
		}
	}
	return l
}

func (l *ledger) check(t reporter, events []engine.Event) {
	for i := range events {
		l.event(t, &events[i])
	}
	for mi := range l.mappings {
		m, x, id := &l.s.Mappings[mi], &l.mappings[mi], l.s.Config().Mappings[mi].ID
		c := m.Counts
		is := []int64{c.PolledEventCount, c.InvokedEventCount, c.FailedInvokeEventCount, c.DroppedEventCount, c.OnFailureDestinationDeliveredEventCount, c.FilteredOutEventCount}
		if want := []int64{x.polled, x.invoked, x.failed, x.discarded - x.delivered, x.delivered, x.filtered}; !slices.Equal(is, want) {
			t.Errorf("%s counts %v, its trace says %v", id, is, want)
		}
		si := l.s.SourceOf(mi)
		for n := int32(1); int(n) <= l.s.Streams[si].Records.Len(); n++ {
			state := l.s.RecordState(mi, int(n))
			told := true
			switch state {
			case engine.StateDone, engine.StateDiscarded, engine.StateFiltered:
				told = x.said[state][n]
			case engine.StateMissed:
				told = x.said[state][n] || l.expired[si][n]
			case engine.StateExpired:
				told = l.expired[si][n]
			case engine.StateRejected, engine.StateUnchanged:
				told = l.refused[si][n]
			}
			if !told {
				t.Errorf("record %d is %s for %s, and the trace does not tell how", n, state, id)
			}
		}
	}
	for fi := range l.errors {
		if n := l.s.Functions[fi].Errors; n != l.errors[fi] {
			t.Errorf("%s has %d errors, the trace has %d", l.s.Config().Functions[fi].ID, n, l.errors[fi])
		}
	}
}

func (l *ledger) event(t reporter, e *engine.Event) {
	n := int64(len(e.Records))
	say := func(state engine.RecordState, nums []int32) {
		for _, n := range nums {
			l.mappings[e.Mapping].said[state][n] = true
		}
	}
	switch e.Kind {
	case engine.KindPoll:
		l.mappings[e.Mapping].polled += n
	case engine.KindFilter:
		l.mappings[e.Mapping].filtered += n
		say(engine.StateFiltered, e.Records)
	case engine.KindInvoke:
		l.mappings[e.Mapping].invoked += n
	case engine.KindMiss:
		say(engine.StateMissed, e.Records)
	case engine.KindDiscard:
		l.mappings[e.Mapping].discarded += n
		say(engine.StateDiscarded, e.Records)
	case engine.KindDeliver:
		l.mappings[e.Mapping].delivered += n
	case engine.KindExpire:
		for _, n := range e.Records {
			l.expired[e.Source][n] = true
		}
	case engine.KindReject, engine.KindUnchanged:
		for _, n := range e.Records {
			l.refused[e.Source][n] = true
		}
	case engine.KindReturn:
		m := &l.mappings[e.Mapping]
		done := e.Records
		switch e.Outcome {
		case engine.OutcomeOK:
			m.failed += int64(len(e.Failed))
		case engine.OutcomePartial:
			m.failed += int64(len(e.Failed))
			if len(e.Records) > 0 {
				done = done[:slices.Index(done, slices.Min(e.Failed))]
			}
		default:
			m.failed += n
			done = nil
			if e.Outcome != engine.OutcomeBadReply {
				l.errors[e.Function]++
			}
		}
		l.inOrder(t, e, m, done)
		say(engine.StateDone, done)
	}
}

// inOrder: what is done for the first time keeps the order of its key; with
// one lane all along that of its shard.
func (l *ledger) inOrder(t reporter, e *engine.Event, m *entry, done []int32) {
	st := &l.s.Streams[e.Source]
	for _, n := range done {
		key := st.Records.At(int(n) - 1).Key
		if m.said[engine.StateDone][n] || m.said[engine.StateDiscarded][n] { // a restart delivers it again
			continue
		}
		if last := m.last[key]; n <= last {
			t.Errorf("at %s record %d of key %d is done after %d", e.At, n, key, last)
		}
		m.last[key] = n
	}
}
