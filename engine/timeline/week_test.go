package timeline

import (
	"runtime"
	"strconv"
	"testing"

	"esmlab/engine"
)

// worldBudget is how much a week of weekOf may hold beside its history: what
// waits, what streams retain for a day, and last states.
const worldBudget = 32 << 20

// weekOf is a world for a week: a mapping of each kind of source given, so many
// records a second into each. One in fifty fails once, one in a thousand for ever.
func weekOf(perSecond float64, kinds ...string) *engine.Config {
	c := &engine.Config{Seed: 5, For: 7 * 24 * engine.Hour, Concurrency: 1000, Start: 1796083200_000000, Chosen: engine.DefaultChosen(),
		Queues: []engine.QueueConfig{{ID: "Failures", QueueSettings: engine.DefaultQueueSettings()}}}
	c.Functions = []engine.FunctionConfig{{ID: "Work", FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Reserved: -1, Takes: engine.Takes{Base: 50 * engine.Millisecond}},
		Faults: []engine.Fault{{Name: "once", Nth: 50, Deliveries: 1, Until: engine.Never}, {Name: "poison", Nth: 1000, Until: engine.Never}}}}
	keys := make([]string, 300)
	for i := range keys {
		keys[i] = "customer" + strconv.Itoa(i)
	}
	for _, kind := range kinds {
		row := engine.Traffic{To: kind, Until: engine.Never, Every: engine.Micros(float64(engine.Second) / perSecond), Per: 1, Shard: -1}
		m := engine.MappingConfig{ID: "Work" + kind, Source: kind, Function: "Work", Enabled: true, Settings: engine.DefaultSettings()}
		switch kind {
		case "Stream", "Table":
			st := engine.StreamConfig{ID: kind, StreamSettings: engine.StreamSettings{ShardCount: 4, Retention: 24 * engine.Hour}}
			if kind == "Table" {
				st.Kind, st.KeyName = engine.DynamoDB, "id"
			}
			c.Streams = append(c.Streams, st)
			m.MaximumRetryAttempts, m.BisectBatchOnFunctionError, m.OnFailure = 3, true, "Failures"
			row.Keys = keys
		default:
			q := engine.QueueConfig{ID: kind, FIFO: kind == "Fifo", QueueSettings: engine.DefaultQueueSettings()}
			dead := engine.QueueConfig{ID: kind + "Dead", FIFO: q.FIFO, QueueSettings: engine.DefaultQueueSettings()}
			q.DeadLetterQueue, q.MaxReceiveCount = dead.ID, 3
			c.Queues = append(c.Queues, q, dead)
			m.Settings = engine.DefaultQueueMapping()
			m.ReportBatchItemFailures = true
			if q.FIFO {
				row.Keys, row.Dedup = keys, "{n}"
			}
		}
		c.Mappings, c.Traffic = append(c.Mappings, m), append(c.Traffic, row)
	}
	return c
}

// TestWeek holds that a week with its history keeps within its memory, and that it can
// be gone back to, stepped through, changed and branched: a stream, a table, a queue,
// a FIFO queue with many groups, and all of them.
func TestWeek(t *testing.T) {
	perSecond := map[string]float64{"Stream": 0.2, "Table": 0.1, "Queue": 0.1, "Fifo": 0.05, "all": 0.04}
	for name, rate := range perSecond {
		if !testing.Short() {
			rate *= 10
		}
		kinds := []string{name}
		if name == "all" {
			kinds = []string{"Stream", "Table", "Queue", "Fifo"}
		}
		t.Run(name, func(t *testing.T) { week(t, weekOf(rate, kinds...)) })
	}
}

func week(t *testing.T, cfg *engine.Config) {
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	tl, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	day := 24 * engine.Hour
	for d := engine.Micros(1); d <= 7; d++ {
		tl.Advance(d*day, -1)
		used, budget := tl.Memory()
		has := heap() - before
		if has > budget+worldBudget {
			t.Errorf("after %d days it takes %d MB, and may take %d", d, has>>20, (budget+worldBudget)>>20)
		}
		if d == 7 {
			t.Logf("%d MB, %d of them history, %d events, kept each %s s", has>>20, used>>20, tl.Sim().Emitted(), tl.Gap())
		}
	}
	end, wanted := tl.Now(), dump(tl.Sim())
	for _, at := range []engine.Micros{2*day + 12345678, engine.Hour + 1, 6 * day} {
		tl.Seek(at)
		if tl.Now() != at {
			t.Fatalf("gone to %s, it stands at %s", at, tl.Now())
		}
		if at < day {
			fresh, err := engine.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			if fresh.RunUntil(at); dump(fresh) != dump(tl.Sim()) {
				t.Errorf("at %s the state is not what running gives", at)
			}
		}
		if steps := tl.Sim().Steps(); !tl.Prev(Visible) || tl.Sim().Steps() > steps {
			t.Errorf("no step back from %s", at)
		}
		if len(tl.History().Log) < 20 {
			t.Errorf("at %s the log has %d events", at, len(tl.History().Log))
		}
	}
	tl.Do(engine.Command{Op: engine.OpDisable, Target: cfg.Mappings[0].ID}) // a branch: what was ahead stays
	tl.Advance(tl.Now()+engine.Hour, -1)
	if _, ok := tl.Undo(); !ok || len(tl.Runs()) != 2 {
		t.Errorf("%d runs, undone: %v", len(tl.Runs()), ok)
	}
	tl.CompareWith(tl.Runs()[0])
	tl.Alone()
	if tl.Switch(0); tl.Now() != end || dump(tl.Sim()) != wanted {
		t.Errorf("back in the run that was left at %s it stands at %s, in the same state: %v", end, tl.Now(), dump(tl.Sim()) == wanted)
	}
	if used, budget := tl.Memory(); used > budget || heap()-before > budget+worldBudget {
		t.Errorf("in the end the history takes %d of %d MB, all %d MB", used>>20, budget>>20, (heap()-before)>>20)
	}
}
