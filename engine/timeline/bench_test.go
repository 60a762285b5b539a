package timeline

import (
	"strconv"
	"testing"

	"esmlab/engine"
)

// hour is an hour's run with 100,000 records: each is a batch of its own, a
// tenth of them fails once, one shard is blocked for a while.
func hour() *engine.Config {
	c := &engine.Config{Seed: 7, For: engine.Hour, Concurrency: 1000, Start: 1796083200_000000, Chosen: engine.DefaultChosen()}
	c.Streams = []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: 8, Retention: 24 * engine.Hour}}}
	c.Queues = []engine.QueueConfig{{ID: "Failures"}}
	c.Functions = []engine.FunctionConfig{{ID: "Ship", FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Reserved: -1, Takes: engine.Takes{Base: 50 * engine.Millisecond}},
		Faults: []engine.Fault{{Name: "nth", Nth: 10, Deliveries: 1, Until: engine.Never}, {Name: "poison", Records: []engine.Label{{Source: "Orders", N: 50_000}}, Until: engine.Never}}}}
	s := engine.DefaultSettings()
	s.BatchSize, s.MaximumRetryAttempts, s.OnFailure = 5, 10, "Failures"
	c.Mappings = []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: s}}
	keys := make([]string, 500)
	for i := range keys {
		keys[i] = "k" + strconv.Itoa(i)
	}
	c.Traffic = []engine.Traffic{{To: "Orders", Until: engine.Never, Every: 36 * engine.Millisecond, Per: 1, Keys: keys, Shard: -1, Body: `{"n":{n}}`}}
	return c
}

func anHour(b testing.TB) *Timeline {
	t, err := New(hour())
	if err != nil {
		b.Fatal(err)
	}
	t.Advance(engine.Hour, -1)
	if n := t.Sim().Streams[0].Records.Len(); n < 100_000 {
		b.Fatalf("the hour holds %d records", n)
	}
	return t
}

// BenchmarkHour plays the hour with its snapshots.
func BenchmarkHour(b *testing.B) {
	for b.Loop() {
		t := anHour(b)
		used, _ := t.Memory()
		b.ReportMetric(float64(used)/(1<<20), "MB")
		b.ReportMetric(float64(len(t.snaps)), "snapshots")
		b.ReportMetric(float64(t.sim.Steps()), "steps")
		b.ReportMetric(float64(t.sim.Emitted()), "events")
	}
}

// BenchmarkSeek goes to instants all over the hour: under 50 ms each.
func BenchmarkSeek(b *testing.B) {
	t := anHour(b)
	at := engine.Micros(0)
	for b.Loop() {
		at = (at + 1234*engine.Second + 567*engine.Millisecond) % engine.Hour
		t.Seek(at)
	}
}

// BenchmarkPrev steps back: under 33 ms, within one frame.
func BenchmarkPrev(b *testing.B) {
	for _, c := range []struct {
		name string
		kind Stop
	}{{"visible", Visible}, {"cause", Cause}, {"raw", Raw}} {
		b.Run(c.name, func(b *testing.B) {
			t := anHour(b)
			b.ReportAllocs()
			for b.Loop() {
				if !t.Prev(c.kind) {
					b.StopTimer()
					t.Advance(engine.Hour, -1)
					b.StartTimer()
				}
			}
		})
	}
}

// BenchmarkBranch begins a second history at the end of the hour: under 10 ms
// and 20 MB.
func BenchmarkBranch(b *testing.B) {
	t := anHour(b)
	first := t.Run
	b.ReportAllocs()
	for b.Loop() {
		t.Branch()
		t.Run, t.runs = first, t.runs[:1]
	}
}

// TestBranchIsSmall holds a branch to its 20 MB, and all of the hour's
// snapshots to their budget.
func TestBranchIsSmall(t *testing.T) {
	tl := anHour(t)
	if used, budget := tl.Memory(); used > budget {
		t.Errorf("snapshots take %d of %d bytes", used, budget)
	}
	s := &snapshot{player: tl.player, history: tl.history.charts()}
	tl.Branch()
	tl.Advance(tl.Now()+engine.Second, -1)
	if n := apart(&snapshot{player: tl.player, history: tl.history.charts()}, s); n > 20<<20 {
		t.Errorf("a branch takes %d bytes", n)
	}
}
