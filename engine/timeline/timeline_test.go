package timeline

import (
	"strings"
	"testing"

	"esmlab/engine"
)

// small is a stream of ten records in 5 s, whose first fails once, and a
// function that is slow with the seventh.
func small(t *testing.T) *Timeline {
	t.Helper()
	m := engine.DefaultSettings()
	m.BatchSize = 1
	c := &engine.Config{Seed: 1, For: engine.Minute, Concurrency: 10, Start: 1796083200_000000, Chosen: engine.DefaultChosen(),
		Streams: []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: 1, Retention: 24 * engine.Hour}}},
		Functions: []engine.FunctionConfig{{ID: "Ship", FunctionSettings: engine.FunctionSettings{Timeout: engine.Second, Reserved: -1, Takes: engine.Takes{Base: 100 * engine.Millisecond}},
			Faults: []engine.Fault{{Name: "first", Records: []engine.Label{{Source: "Orders", N: 1}}, Deliveries: 1, Until: engine.Never, How: engine.HowError},
				{Name: "slow", Records: []engine.Label{{Source: "Orders", N: 7}}, Deliveries: 1, Until: engine.Never, How: engine.HowTimeout}}}},
		Mappings: []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: m}},
		Traffic:  []engine.Traffic{{To: "Orders", Until: engine.Never, Every: 500 * engine.Millisecond, Per: 1, Count: 10, Keys: []string{"k"}, Shard: -1}}}
	tl, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

func batchSize(n int) engine.Command {
	return engine.Command{Op: engine.OpSet, Target: "ShipOrders.BatchSize", Value: engine.IntValue(n)}
}

// sizes checks BatchSize, and the values of the run's commands in their order.
func sizes(t *testing.T, tl *Timeline, what string, now int, commands ...int) {
	t.Helper()
	if got := tl.Sim().Mappings[0].BatchSize; got != now {
		t.Errorf("%s: BatchSize is %d, not %d", what, got, now)
	}
	var got []int
	for _, d := range tl.AllCommands() {
		got = append(got, int(d.Command.Value.Int))
	}
	same := len(got) == len(commands)
	for i := range got {
		same = same && got[i] == commands[i]
	}
	if !same {
		t.Errorf("%s: the commands are %v, not %v", what, got, commands)
	}
}

// TestUndo: undo takes back the last command that is in force, redo puts it
// where it was.
func TestUndo(t *testing.T) {
	tl := small(t)
	tl.Advance(engine.Second, -1)
	tl.Do(batchSize(5))
	tl.Advance(2*engine.Second, -1)
	tl.Do(batchSize(7))
	tl.Advance(3*engine.Second, -1)
	sizes(t, tl, "two commands", 7, 5, 7)
	tl.Switched(1, false)
	sizes(t, tl, "the second switched off", 5, 5, 7)
	if d, ok := tl.Undo(); !ok || d.Command.Value.Int != 5 {
		t.Errorf("undo took back %v", d.Command)
	}
	sizes(t, tl, "the first undone", 1, 7)
	tl.Redo()
	sizes(t, tl, "done again", 5, 5, 7)
	tl.Switched(1, true)
	sizes(t, tl, "the second switched on", 7, 5, 7)
	tl.Undo()
	tl.Do(batchSize(9))
	if tl.Undone() {
		t.Error("what was undone can be redone after another command")
	}
	if refused := tl.WhatIf(batchSize(3)); refused != nil {
		t.Fatal(refused)
	}
	sizes(t, tl, "what if, first of all", 9, 3, 5, 9)
}

// TestWhatIfComesFirst: before a command of the same instant.
func TestWhatIfComesFirst(t *testing.T) {
	tl := small(t)
	tl.Do(batchSize(5))
	tl.Advance(engine.Second, -1)
	if refused := tl.WhatIf(batchSize(9)); refused != nil {
		t.Fatal(refused)
	}
	sizes(t, tl, "what if", 5, 9, 5)
}

// TestDoInThePast: the future that was leaves a branch, and the new one is
// computed from its own snapshots.
func TestDoInThePast(t *testing.T) {
	tl := small(t)
	tl.gap = 1
	tl.Advance(4*engine.Second, -1)
	was := dump(tl.Sim())
	tl.Seek(engine.Second)
	tl.Do(engine.Command{Op: engine.OpDisable, Target: "ShipOrders"})
	if len(tl.Runs()) != 2 {
		t.Fatalf("%d runs", len(tl.Runs()))
	}
	tl.Advance(4*engine.Second, -1)
	now := dump(tl.Sim())
	tl.Seek(2 * engine.Second)
	if state := tl.Sim().Mappings[0].State; state != engine.Disabled {
		t.Errorf("in the new run the mapping is %s", state)
	}
	tl.Seek(4 * engine.Second)
	if dump(tl.Sim()) != now || now == was {
		t.Error("the new run is not what it was when it was computed")
	}
	tl.Switch(0)
	if dump(tl.Sim()) != was {
		t.Error("the old run has changed")
	}
}

// TestPlaceInAnInstant: a command between two tasks of an instant keeps its
// place, and when it is undone nothing of it stays.
func TestPlaceInAnInstant(t *testing.T) {
	tl, untouched := small(t), small(t)
	tl.gap = 1
	for tl.Now() < engine.Second {
		tl.Next(Raw)
	}
	if tl.Sim().NextAt() != engine.Second {
		t.Fatal("only one thing happens at second 1")
	}
	tl.Do(engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: "Orders", AtOnce: true, Count: 3, Per: 1, Shard: -1, Keys: []string{"mine"}}})
	tl.Advance(engine.Second, -1)
	before := dump(tl.Sim())
	tl.Seek(0)
	tl.Seek(engine.Second)
	if dump(tl.Sim()) != before {
		t.Error("replayed, the command stands at another place of its instant")
	}
	tl.Undo()
	untouched.Advance(engine.Second, -1)
	if dump(tl.Sim()) != dump(untouched.Sim()) {
		t.Error("something of the command stays")
	}
}

// TestStepBack: one step back is one, and a microsecond back is before what
// happened in it.
func TestStepBack(t *testing.T) {
	tl := small(t)
	tl.Advance(3*engine.Second, -1)
	for range 5 {
		steps := tl.Sim().Steps()
		if !tl.Prev(Raw) || tl.Sim().Steps() != steps-1 {
			t.Fatalf("a step back leads from %d to %d", steps, tl.Sim().Steps())
		}
	}
	tl.Seek(2 * engine.Second)
	tl.Seek(2*engine.Second - 1)
	if tl.Now() != 2*engine.Second-1 {
		t.Errorf("seeking a microsecond back leads to %s", tl.Now())
	}
}

// TestCharts: a chart counts timeouts among what failed, where the invocation began, and
// loses nothing when its bars are merged.
func TestCharts(t *testing.T) {
	tl := small(t)
	tl.Advance(10*engine.Second, -1)
	sum := func() (b Bucket) {
		c := &tl.History().Charts[0]
		for i := range c.Buckets.Len() {
			b.Invocations, b.Failed = b.Invocations+c.Buckets.At(i).Invocations, b.Failed+c.Buckets.At(i).Failed
		}
		return b
	}
	c, all := &tl.History().Charts[0], Bucket{Invocations: 12, Failed: 2}
	if got := sum(); got != all || c.Width != FirstBucket {
		t.Errorf("bars of %s hold %+v", c.Width, got)
	}
	if got, want := *c.Buckets.At(int(3 * engine.Second / FirstBucket)), (Bucket{Invocations: 2, Failed: 1}); got != want {
		t.Errorf("the bar in which an invocation began that timed out holds %+v", got)
	}
	c.halve()
	if got := sum(); got != all || c.Width != 2*FirstBucket {
		t.Errorf("merged bars of %s hold %+v", c.Width, got)
	}
}

// TestLogKeepsTheNewest: the log of a long run ends with what happened last,
// without a gap.
func TestLogKeepsTheNewest(t *testing.T) {
	h := newHistory(1)
	for i := range 3 * maxLog {
		h.add(&engine.Event{N: int64(i), Kind: engine.KindState})
	}
	for i := range h.Log[1:] {
		if h.Log[i+1].N != h.Log[i].N+1 {
			t.Fatalf("after event %d comes %d", h.Log[i].N, h.Log[i+1].N)
		}
	}
	if n := len(h.Log); n < maxLog || h.Log[n-1].N != 3*maxLog-1 {
		t.Errorf("%d events", n)
	}
}

// TestStops: by which kinds of change time stops at an event.
func TestStops(t *testing.T) {
	for _, x := range []struct {
		e    engine.Event
		want Stop
	}{
		{engine.Event{Kind: engine.KindPut}, Raw},
		{engine.Event{Kind: engine.KindPoll}, Raw},
		{engine.Event{Kind: engine.KindRetry}, Raw | Visible},
		{engine.Event{Kind: engine.KindReturn, Outcome: engine.OutcomeOK}, Raw | Visible},
		{engine.Event{Kind: engine.KindReturn, Outcome: engine.OutcomeTimeout}, Raw | Visible | Cause},
		{engine.Event{Kind: engine.KindDiscard}, Raw | Visible | Cause},
	} {
		if got := StopOf(&x.e); got != x.want {
			t.Errorf("%s: %b, not %b", x.e.Kind, got, x.want)
		}
	}
}

// TestLanes: in each cell a lane shows what its shard did in it, an invocation that
// failed as failed from its beginning on, and which try it was. Merged cells keep all
// of it.
func TestLanes(t *testing.T) {
	tl := small(t)
	tl.Advance(10*engine.Second, -1)
	text := func() string {
		h, out := tl.History(), ""
		for _, c := range h.Cells(tl.Sim(), 0, &h.Lanes(0)[0]) {
			switch {
			case c.Try > 0 && c.Did&DidFail != 0:
				out += string('0' + rune(c.Try))
			case c.Did&DidFail != 0:
				out += "X"
			case c.Did&DidRun != 0:
				out += "r"
			case c.Did&DidWait != 0:
				out += "w"
			case c.Did&DidGather != 0:
				out += "g"
			case c.Did&DidNothing != 0:
				out += "."
			default:
				out += " "
			}
		}
		return out
	}
	nothing := func(n int) string { return strings.Repeat(".", n) }
	if got, want := text(), "1X"+strings.Repeat("w", 10)+"rr"+nothing(6)+"rrrr"+nothing(16)+"rrrr"+nothing(16)+"rr1"+strings.Repeat("X", 19)+strings.Repeat("w", 10)+strings.Repeat("r", 8)+nothing(101); got != want {
		t.Errorf("the lane shows\n%s, not\n%s", got, want)
	}
	tl.History().Charts[0].lanes.widen(1)
	if got, want := text(), "1"+strings.Repeat("w", 5)+"r"+nothing(3)+"rr"+nothing(8)+"rr"+nothing(8)+"r1"+strings.Repeat("X", 9)+strings.Repeat("w", 5)+"rrrr"+nothing(51); got != want {
		t.Errorf("merged, the lane shows\n%s, not\n%s", got, want)
	}
}
