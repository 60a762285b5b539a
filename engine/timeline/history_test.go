package timeline

import (
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"esmlab/engine"
	"esmlab/engine/internal/cow"
)

// drawConfig draws a run: a Kinesis stream and a table, each with a mapping,
// and what may go wrong.
func drawConfig(t *rapid.T) *engine.Config {
	c := &engine.Config{Seed: rapid.Uint64Range(1, 50).Draw(t, "seed"), For: 2 * engine.Minute, Concurrency: rapid.IntRange(1, 5).Draw(t, "concurrency"),
		Start: 1796083200_000000, Chosen: engine.DefaultChosen()}
	c.Streams = []engine.StreamConfig{
		{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: rapid.IntRange(1, 3).Draw(t, "shards"), Retention: engine.Micros(rapid.SampledFrom([]int{1, 24 * 60}).Draw(t, "retention")) * engine.Minute}},
		{ID: "Items", Kind: engine.DynamoDB, StreamSettings: engine.StreamSettings{ShardCount: 1, Retention: 24 * engine.Hour}, View: engine.NewAndOldImages, KeyName: "pk"}}
	c.Queues = []engine.QueueConfig{{ID: "Failures"}, {ID: "Jobs", FIFO: rapid.Bool().Draw(t, "fifo"), QueueSettings: engine.DefaultQueueSettings()}, {ID: "JobsDead", QueueSettings: engine.DefaultQueueSettings()}}
	jobs := &c.Queues[1]
	jobs.VisibilityTimeout, jobs.DeadLetterQueue, jobs.MaxReceiveCount = rapid.IntRange(3, 12).Draw(t, "VisibilityTimeout"), "JobsDead", rapid.IntRange(1, 4).Draw(t, "maxReceiveCount")
	c.Queues[2].FIFO = jobs.FIFO
	keys := make([]string, rapid.IntRange(1, 6).Draw(t, "keys"))
	for i := range keys {
		keys[i] = "k" + strconv.Itoa(i+1)
	}
	for i, source := range []string{"Orders", "Items", "Jobs"} {
		f := "F" + strconv.Itoa(i)
		c.Functions = append(c.Functions, engine.FunctionConfig{ID: f, FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Reserved: -1, Takes: engine.Takes{Base: engine.Micros(rapid.IntRange(1, 900).Draw(t, "takes")) * engine.Millisecond, Spread: 100 * engine.Millisecond}},
			Faults: []engine.Fault{{Name: "nth", Nth: rapid.IntRange(3, 40).Draw(t, "nth"), Until: engine.Never, How: rapid.SampledFrom([]engine.How{engine.HowError, engine.HowReport, engine.HowTimeout}).Draw(t, "how")}}})
		if source == "Jobs" {
			s := engine.DefaultQueueMapping()
			s.BatchSize, s.ReportBatchItemFailures = rapid.IntRange(1, 10).Draw(t, "BatchSize"), rapid.Bool().Draw(t, "items")
			c.Mappings = append(c.Mappings, engine.MappingConfig{ID: "M2", Source: source, Function: f, Enabled: true, Settings: s})
			c.Traffic = append(c.Traffic, engine.Traffic{To: source, Until: engine.Never, Every: engine.Micros(rapid.IntRange(50, 700).Draw(t, "every")) * engine.Millisecond,
				Per: 1, Keys: keys, Shard: -1, Body: `{"n":{n}}`})
			continue
		}
		s := engine.DefaultSettings()
		s.BatchSize = rapid.IntRange(1, 12).Draw(t, "BatchSize")
		s.MaximumBatchingWindowInSeconds = rapid.IntRange(0, 3).Draw(t, "window")
		s.ParallelizationFactor = rapid.IntRange(1, 3).Draw(t, "factor")
		s.MaximumRetryAttempts = rapid.IntRange(-1, 3).Draw(t, "retries")
		s.BisectBatchOnFunctionError = rapid.Bool().Draw(t, "bisect")
		s.ReportBatchItemFailures = rapid.Bool().Draw(t, "items")
		if rapid.Bool().Draw(t, "destination") {
			s.OnFailure = "Failures"
		}
		c.Mappings = append(c.Mappings, engine.MappingConfig{ID: "M" + strconv.Itoa(i), Source: source, Function: f, Enabled: true, Settings: s})
		c.Traffic = append(c.Traffic, engine.Traffic{To: source, Until: engine.Never, Every: engine.Micros(rapid.IntRange(20, 700).Draw(t, "every")) * engine.Millisecond,
			Per: 1, Keys: keys, Shard: -1, Body: `{"n":{n}}`})
	}
	return c
}

// drawCommand draws a command. Some are refused.
func drawCommand(t *rapid.T) engine.Command {
	m := rapid.SampledFrom([]string{"M0", "M1", "M2"}).Draw(t, "mapping")
	switch rapid.IntRange(0, 10).Draw(t, "op") {
	case 0:
		return engine.Command{Op: engine.OpSet, Target: m + ".BisectBatchOnFunctionError", Value: engine.BoolValue(rapid.Bool().Draw(t, "on"))}
	case 1:
		return engine.Command{Op: engine.OpSet, Target: m + ".MaximumRetryAttempts", Value: engine.IntValue(rapid.IntRange(-1, 3).Draw(t, "n"))}
	case 2:
		return engine.Command{Op: engine.OpSet, Target: m + ".ParallelizationFactor", Value: engine.IntValue(rapid.IntRange(1, 3).Draw(t, "n"))}
	case 3:
		return engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: rapid.SampledFrom([]string{"Orders", "Items"}).Draw(t, "to"), AtOnce: true, Count: rapid.IntRange(1, 30).Draw(t, "count"), Per: 1, Shard: -1, Keys: []string{"k1", "new"}}}
	case 4:
		return engine.Command{Op: engine.OpFault, Fault: engine.Fault{Name: "mine", Function: "F0", Until: engine.Never, How: engine.HowError, Nth: 2}}
	case 5:
		return engine.Command{Op: engine.OpFix, Target: rapid.SampledFrom([]string{"nth", "mine"}).Draw(t, "fault")}
	case 6:
		return engine.Command{Op: rapid.SampledFrom([]engine.Op{engine.OpEnable, engine.OpDisable, engine.OpRestart}).Draw(t, "what"), Target: m}
	case 8:
		return engine.Command{Op: engine.OpRedrive, Target: "JobsDead"}
	case 9:
		return engine.Command{Op: engine.OpPurge, Target: "Jobs"}
	case 7:
		return engine.Command{Op: engine.OpSplit, Target: "Orders", Shards: []int{0}}
	}
	return engine.Command{Op: engine.OpSet, Target: "F0.takes", Value: engine.TimeValue(engine.Micros(rapid.IntRange(1, 2000).Draw(t, "ms")) * engine.Millisecond)}
}

func drawTime(t *rapid.T, label string) engine.Micros {
	return engine.Micros(rapid.IntRange(0, 90_000).Draw(t, label)) * engine.Millisecond
}

func begin(t *rapid.T) *Timeline {
	tl, err := New(drawConfig(t))
	if err != nil {
		t.Fatal(err)
	}
	// Snapshots lie close, so that a short run has many.
	tl.gap = int64(rapid.IntRange(20, 600).Draw(t, "gap"))
	return tl
}

// ran plays a run's commands on a Sim from second 0, without snapshots.
func ran(t *rapid.T, r *Run) *engine.Sim {
	sim, err := engine.New(r.t.cfg)
	if err != nil {
		t.Fatal(err)
	}
	p := player{sim: sim}
	for p.sim.Steps() < r.sim.Steps() {
		if _, ok := p.one(r.commands, engine.Never-1); !ok {
			t.Fatalf("the run ends after %d of %d steps", p.sim.Steps(), r.sim.Steps())
		}
	}
	p.to(r.sim.Now())
	return p.sim
}

// TestSeekingIsRunning goes to random instants of random runs with commands: what
// stands there is what running there gives, and so is the history.
func TestSeekingIsRunning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tl := begin(t)
		for range rapid.IntRange(0, 4).Draw(t, "commands") {
			tl.Advance(tl.Now()+drawTime(t, "later")/4, -1)
			tl.Do(drawCommand(t))
		}
		tl.Advance(tl.Now()+20*engine.Second, -1)
		for range 4 {
			tl.Seek(drawTime(t, "at"))
			if dump(tl.Sim()) != dump(ran(t, tl.Run)) {
				t.Fatalf("at %s the state is not what running gives", tl.Now())
			}
		}
		// The history of a run that only went on.
		plain := &Run{t: tl.Timeline()}
		plain.commands = tl.commands
		plain.restart()
		for plain.sim.Steps() < tl.sim.Steps() {
			plain.one(engine.Never - 1)
		}
		same(t, tl.History(), plain.History(), tl.Begin() > 0)
	})
}

// Timeline gives itself: Run's methods stand before it.
func (t *Timeline) Timeline() *Timeline { return t }

// same compares two trails; cutOff: the first lacks what fell out of the history.
func same(t *rapid.T, a, b *History, cutOff bool) {
	if a.logged != b.logged || a.stops != b.stops || len(a.Own) != len(b.Own) {
		t.Fatalf("the history counts %d events, %v, %d own; running %d, %v, %d own", a.logged, a.stops, len(a.Own), b.logged, b.stops, len(b.Own))
	}
	if !cutOff && len(a.Log) < min(40, len(b.Log)) {
		t.Fatalf("the log holds %d events of %d", len(a.Log), len(b.Log))
	}
	for i := 1; i <= min(len(a.Log), len(b.Log)); i++ {
		if x, y := &a.Log[len(a.Log)-i], &b.Log[len(b.Log)-i]; x.N != y.N || x.Kind != y.Kind || x.At != y.At || x.Rule != y.Rule || len(x.Records) != len(y.Records) {
			t.Fatalf("event %d from the end is %v, running gives %v", i, x, y)
		}
	}
	for i := range a.Charts {
		x, y := &a.Charts[i], &b.Charts[i]
		if x.Buckets.Len() != y.Buckets.Len() || string(marksText(x)) != string(marksText(y)) {
			t.Fatal("the charts differ")
		}
		for k := range x.Buckets.Len() {
			if *x.Buckets.At(k) != *y.Buckets.At(k) {
				t.Fatalf("bucket %d is %v, running gives %v", k, *x.Buckets.At(k), *y.Buckets.At(k))
			}
		}
		sameLanes(t, &x.lanes, &y.lanes)
	}
}

func sameLanes(t *rapid.T, a, b *lanes) {
	if a.width != b.width || a.gauged != b.gauged || len(a.list) != len(b.list) {
		t.Fatalf("%d lanes in cells of %s, %d whole; running gives %d, %s, %d", len(a.list), a.width, a.gauged, len(b.list), b.width, b.gauged)
	}
	sameList(t, "gauge", &a.gauges, &b.gauges)
	for i := range a.list {
		x, y := a.list[i], b.list[i]
		sameList(t, fmt.Sprintf("lane %d, cell", i), &x.cells, &y.cells)
		if x.cells, y.cells = (cow.List[Cell]{}), (cow.List[Cell]{}); fmt.Sprint(x) != fmt.Sprint(y) {
			t.Fatalf("lane %d is %v, running gives %v", i, x, y)
		}
	}
}

func sameList[T comparable](t *rapid.T, what string, a, b *cow.List[T]) {
	if a.Len() != b.Len() {
		t.Fatalf("%s: %d of them, running gives %d", what, a.Len(), b.Len())
	}
	for k := range a.Len() {
		if *a.At(k) != *b.At(k) {
			t.Fatalf("%s %d is %v, running gives %v", what, k, *a.At(k), *b.At(k))
		}
	}
}

func marksText(c *Chart) []byte {
	var out []byte
	for _, m := range c.marks.at {
		out = append(out, byte(m))
	}
	return out
}

// TestTimelineActions plays random sequences of all that a timeline can do:
// every run of the tree always is what its commands give from second 0 on, and no
// run but the current one changes.
func TestTimelineActions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tl := begin(t)
		if rapid.Bool().Draw(t, "narrow") {
			tl.SetBudget(int64(rapid.IntRange(1, 2000).Draw(t, "kB")) << 10)
		}
		for range rapid.IntRange(1, 14).Draw(t, "commands") {
			others, newest := map[*Run]string{}, map[*Run]engine.Micros{}
			for _, r := range tl.Runs() {
				if r != tl.Run {
					others[r], newest[r] = dump(r.sim), r.newest
				}
			}
			now, was := tl.Now(), tl.Run
			stays := false // the instant must not change
			switch op := rapid.IntRange(0, 11).Draw(t, "what"); op {
			case 0:
				tl.Advance(now+drawTime(t, "more")/9, -1)
			case 1:
				tl.Seek(drawTime(t, "at"))
			case 2, 3:
				kind := rapid.SampledFrom([]Stop{Raw, Visible, Cause}).Draw(t, "kind")
				steps := tl.sim.Steps()
				if op == 2 {
					if tl.Prev(kind) && (tl.Now() > now || tl.sim.Steps() > steps || tl.Now() == now && tl.sim.Steps() == steps) {
						t.Fatal("a step back went nowhere, or ahead")
					}
				} else if tl.Next(kind) && tl.sim.Steps() <= steps {
					t.Fatal("a step forward went nowhere, or back")
				}
			case 4, 5:
				tl.Do(drawCommand(t))
				tl.Advance(now, -1)
				stays = true
			case 6:
				tl.Advance(now, -1)
				before := dump(tl.Sim())
				if _, ok := tl.Undo(); ok {
					if rapid.Bool().Draw(t, "redo") {
						tl.Redo()
						if tl.Now() == now && dump(tl.Sim()) != before {
							t.Fatal("undone and done again, the run is another")
						}
					}
				}
				stays = true
			case 7:
				if n := len(tl.AllCommands()); n > 0 {
					i := rapid.IntRange(0, n-1).Draw(t, "command")
					tl.Advance(now, -1)
					before := dump(tl.Sim())
					on := tl.AllCommands()[i].Off
					tl.Switched(i, on)
					if rapid.Bool().Draw(t, "back") {
						tl.Switched(i, !on)
						if dump(tl.Sim()) != before {
							t.Fatal("switched off and on again, the run is another")
						}
					}
				}
				stays = true
			case 8:
				before := dump(tl.Sim())
				tl.Branch()
				if dump(tl.Sim()) != before || dump(was.sim) != before {
					t.Fatal("a branch changes what it branches off")
				}
				stays = true
			case 9:
				tl.Switch(rapid.IntRange(0, len(tl.Runs())-1).Draw(t, "run"))
				delete(others, tl.Run)
			case 10:
				tl.WhatIf(drawCommand(t))
				stays = true
			case 11:
				if err := tl.Restart(nil); err != nil {
					t.Fatal(err)
				}
			}
			if stays && tl.Now() != now {
				t.Fatalf("the instant changed from %s to %s", now, tl.Now())
			}
			if tl.Run != was {
				delete(others, was)
			}
			for r, before := range others {
				if r == tl.Run || dump(r.sim) == before {
					continue
				}
				// It may have been let go of, to be computed again when somebody goes there.
				if r.sim.Steps() != 0 || r.newest != newest[r] || len(r.snaps) != 1 {
					t.Fatalf("%s changed", r.name)
				}
			}
			check(t, tl)
		}
		o := tl.CompareWith(tl.Baseline())
		if o.Now() < tl.Now() {
			t.Fatalf("the run beside stands at %s, not at %s", o.Now(), tl.Now())
		}
		for _, r := range tl.all() {
			if dump(r.sim) != dump(ran(t, r)) {
				t.Fatalf("%s is not what its commands give", r.name)
			}
		}
		for i, r := range tl.Runs() {
			newest := r.Newest()
			if tl.Switch(i); tl.Now() != newest || tl.Begin() != 0 {
				t.Fatalf("%s had come to %s, and stands at %s", r.name, newest, tl.Now())
			}
		}
	})
}

// check looks at what must always hold.
func check(t *rapid.T, tl *Timeline) {
	if tl.Current() < 0 || tl.runs[tl.Current()] != tl.Run {
		t.Fatal("the current run is not in the tree")
	}
	if tl.Now() < tl.Begin() || tl.Newest() < tl.Now() {
		t.Fatalf("begins at %s, stands at %s, newest is %s", tl.Begin(), tl.Now(), tl.Newest())
	}
	for _, r := range tl.all() {
		for i := 1; i < len(r.snaps); i++ {
			if r.snaps[i].sim.Steps() <= r.snaps[i-1].sim.Steps() {
				t.Fatalf("%s: snapshots are out of order", r.name)
			}
		}
		if r.done > len(r.commands) {
			t.Fatalf("%s has passed %d commands of %d", r.name, r.done, len(r.commands))
		}
	}
	before := tl.bytes
	tl.measure()
	if tl.bytes != before {
		t.Fatalf("the snapshots take %d bytes, said were %d", tl.bytes, before)
	}
}

// A run that is given the commands of another one is that run, and its commands are taken
// back in turn.
func TestRecall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tl := begin(t)
		for range rapid.IntRange(1, 4).Draw(t, "commands") {
			tl.Advance(tl.Now()+drawTime(t, "later")/4, -1)
			tl.Do(drawCommand(t))
		}
		tl.Advance(tl.Now()+drawTime(t, "end")/4, -1)
		again, err := New(tl.cfg)
		if err != nil {
			t.Fatal(err)
		}
		again.Recall(tl.AllCommands())
		again.Seek(tl.Now())
		same(t, tl.History(), again.History(), true)
		for {
			if dump(again.Sim()) != dump(tl.Sim()) {
				t.Fatalf("with %d commands the run is another", len(tl.Commands()))
			}
			_, ok := tl.Undo()
			if _, also := again.Undo(); ok != also {
				t.Fatalf("a command is taken back: %v, in the run that was given it: %v", ok, also)
			}
			if !ok {
				return
			}
		}
	})
}
