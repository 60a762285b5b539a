package engine_test

import (
	"testing"

	"esmlab/engine"
)

// steady is the run that speed is measured on: one shard, a record each
// millisecond, batches of 10, a function of 5 ms.
func steady(tb testing.TB) *engine.Sim {
	m := engine.DefaultSettings()
	m.BatchSize = 10
	sim, err := engine.New(&engine.Config{Seed: 1, For: 24 * engine.Hour, Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Streams:   []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: 1, Retention: 24 * engine.Hour}}},
		Functions: []engine.FunctionConfig{{ID: "Ship", FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Takes: engine.Takes{Base: 5 * engine.Millisecond}, Reserved: -1}}},
		Mappings:  []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: m}},
		Traffic:   []engine.Traffic{{To: "Orders", Until: engine.Never, Every: engine.Millisecond, Per: 1, Keys: []string{"k1", "k2", "k3"}, Shard: -1}}})
	if err != nil {
		tb.Fatal(err)
	}
	sim.Keep(false)
	return sim
}

// BenchmarkRecords measures how many records a second of one core flow from
// the put to the checkpoint, with all counters of the summary. A million is
// the least, three million the goal.
func BenchmarkRecords(b *testing.B) {
	for _, told := range []bool{false, true} {
		name := "counted"
		if told {
			name = "told" // and every event is handed over, as to a trace
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			records := 0
			var events []engine.Event
			for b.Loop() {
				sim := steady(b)
				sim.Keep(told)
				for at := engine.Micros(0); at <= 5*engine.Minute; at += engine.Second {
					sim.RunUntil(at)
					events = sim.DrainInto(events)
				}
				records += sim.Streams[0].Records.Len()
				if done := sim.CountStates(0)[engine.StateDone]; done < 298_000 {
					b.Fatalf("only %d records are done", done)
				}
			}
			b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// TestAllocations keeps the hot path free of allocations: what is left are
// the chunks that hold the records, one for each thousand of them and list.
func TestAllocations(t *testing.T) {
	sim := steady(t)
	sim.RunUntil(engine.Minute)
	at := sim.Now()
	perSecond := testing.AllocsPerRun(60, func() {
		at += engine.Second
		sim.RunUntil(at)
	})
	if perSecond > 8 {
		t.Errorf("%.0f allocations for 1,000 records, at most 8 are in the budget", perSecond)
	}
}
