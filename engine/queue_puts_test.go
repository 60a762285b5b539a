package engine_test

import (
	"fmt"
	"runtime"
	"testing"

	"esmlab/engine"
	"esmlab/engine/trace"
)

// flowing is a queue through which 100 messages a second pass; each 50th is poison and
// goes to a DLQ after its second receive.
func flowing(fifo bool) *engine.Config {
	orders := engine.QueueConfig{ID: "Orders", FIFO: fifo, QueueSettings: engine.DefaultQueueSettings()}
	orders.DeadLetterQueue, orders.MaxReceiveCount, orders.VisibilityTimeout = "OrdersDead", 2, 10
	dead := engine.QueueConfig{ID: "OrdersDead", FIFO: fifo, QueueSettings: engine.DefaultQueueSettings()}
	dead.MessageRetentionPeriod = 600
	row := engine.Traffic{To: "Orders", Until: engine.Never, Every: 10 * engine.Millisecond, Per: 1, Shard: -1}
	if fifo {
		for i := range 200 {
			row.Keys = append(row.Keys, fmt.Sprint("customer", i))
		}
		row.Dedup = "{n}"
	}
	settings := engine.DefaultQueueMapping()
	settings.ReportBatchItemFailures = true
	return &engine.Config{Seed: 1, For: 24 * engine.Hour, Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Queues: []engine.QueueConfig{orders, dead},
		Functions: []engine.FunctionConfig{{ID: "Ship", FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Reserved: -1, Takes: engine.Takes{Base: 50 * engine.Millisecond}},
			Faults: []engine.Fault{{Name: "poison", Nth: 50, How: engine.HowReport, Names: engine.NamesHit, Until: engine.Never}}}},
		Mappings: []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: settings}},
		Traffic:  []engine.Traffic{row}}
}

// TestMessagesPass holds that a queue's memory grows with what waits, in it and
// in its DLQ, and not with what has passed: at most 3 bytes for a message.
func TestMessagesPass(t *testing.T) {
	for _, fifo := range []bool{false, true} {
		if fifo && testing.Short() {
			continue
		}
		sim, err := engine.New(flowing(fifo))
		if err != nil {
			t.Fatal(err)
		}
		sim.Keep(false)
		heap := func() float64 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return float64(m.HeapAlloc)
		}
		sim.RunUntil(15 * engine.Minute) // as many expire in the DLQ as come
		at, before := sim.Queues[0].Put.Len(), heap()
		sim.RunUntil(45 * engine.Minute)
		passed, after := sim.Queues[0].Put.Len()-at, heap()
		if per := (after - before) / float64(passed); per > 3 {
			t.Errorf("FIFO %v: %d messages have passed, and memory has grown from %.0f to %.0f: %.0f bytes for each", fifo, passed, before, after, per)
		}
		if dead := sim.Queues[1].Visible; dead < 1100 || dead > 1250 {
			t.Errorf("FIFO %v: %d lie in the DLQ, one in fifty of 60,000 should", fifo, dead)
		}
		for n, want := range map[int]engine.RecordState{1: engine.StateDone, 50: engine.StateExpired, sim.Queues[0].Put.Len() - 5001: engine.StateDead} {
			id := sim.MessageID(0, n)
			if got := sim.Message(id); got.State != want || int(got.N) != n || sim.Knows(id) != (want == engine.StateDead) {
				t.Errorf("FIFO %v: message %d is %s, should be %s; known: %v", fifo, got.N, got.State, want, sim.Knows(id))
			}
		}
		clone := sim.Clone()
		clone.Do(engine.Command{Op: engine.OpPurge, Target: "OrdersDead"})
		clone.RunUntil(sim.Now() + engine.Minute)
		if id := sim.MessageID(0, sim.Queues[0].Put.Len()-5001); !sim.Knows(id) || sim.Message(id).State != engine.StateDead || clone.Message(id).State != engine.StatePurged {
			t.Errorf("FIFO %v: after a purge in a copy a message is %s, in the original %s", fifo, clone.Message(id).State, sim.Message(id).State)
		}
		runtime.KeepAlive(sim)
	}
}

// TestLettingGoChangesNothing runs worlds twice: once everything that nothing
// needs goes at once, once nothing goes. Both have the same trace. The worlds are
// those of the swarm, streams that are read with lanes and failures, one
// whose messages expire while the function has them, and
// one that sends deduplication ids again.
func TestLettingGoChangesNothing(t *testing.T) {
	expires := flowing(false)
	expires.Queues[0].MessageRetentionPeriod, expires.Queues[0].VisibilityTimeout = 60, 120
	expires.Functions[0].Timeout, expires.Functions[0].Takes.Base = 100*engine.Second, 90*engine.Second
	t.Run("expires in flight", func(t *testing.T) { lettingGo(t, expires, 6*engine.Minute, 1<<30) })
	again := flowing(true)
	again.Traffic[0].Dedup = "{key}"
	t.Run("deduplication", func(t *testing.T) { lettingGo(t, again, 12*engine.Minute, 1<<30) })
	for _, kind := range []engine.StreamKind{engine.Kinesis, engine.DynamoDB} {
		t.Run(fmt.Sprint("stream ", kind), func(t *testing.T) { lettingGo(t, flowingStream(kind), 10*engine.Minute, 1<<30) })
	}
	late := flowingStream(engine.Kinesis)
	late.Mappings[1].Activates = 90 * engine.Second
	t.Run("a mapping that starts late", func(t *testing.T) { lettingGo(t, late, 3*engine.Minute, 1<<30) })
	ahead := flowingStream(engine.Kinesis) // one lane is blocked, the other is done with chunks behind it
	ahead.Streams[0].ShardCount, ahead.Mappings = 1, ahead.Mappings[1:]
	ahead.Mappings[0].Settings.MaximumRetryAttempts, ahead.Mappings[0].Settings.BisectBatchOnFunctionError = -1, false
	ahead.Functions[1].Faults = []engine.Fault{{Name: "poison", Keys: []string{"customer0"}, Until: engine.Never}}
	ahead.Steps = []engine.Step{{At: 61 * engine.Second, Command: engine.Command{Op: engine.OpRestart, Target: "ShipOrders"}}}
	t.Run("a restart behind a blocked lane", func(t *testing.T) { lettingGo(t, ahead, 2*engine.Minute, 1<<30) })
	seeds, steps := uint64(60), 30_000
	if testing.Short() {
		seeds, steps = 6, 8000
	}
	for seed := range seeds {
		w := newSwarmWorld(seed, nil)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { lettingGo(t, w.Config, w.until, steps) })
	}
}

// flowingStream is a stream or a table with 4 shards that keep 400 records a second
// for two minutes; some fail for ever, and a slow mapping is often behind.
func flowingStream(kind engine.StreamKind) *engine.Config {
	c := &engine.Config{Seed: 3, For: 24 * engine.Hour, Concurrency: 1000, Chosen: engine.DefaultChosen(), Start: 1796083200_000000,
		Streams: []engine.StreamConfig{{ID: "Orders", Kind: kind, KeyName: "id", StreamSettings: engine.StreamSettings{ShardCount: 4, Retention: 2 * engine.Minute}}}}
	row := engine.Traffic{To: "Orders", Until: engine.Never, Every: engine.Second, Per: 400, Shard: -1}
	for i := range 200 {
		row.Keys = append(row.Keys, fmt.Sprint("customer", i))
	}
	c.Traffic = []engine.Traffic{row}
	for i, id := range []string{"Bill", "Ship"} {
		m := engine.DefaultSettings()
		m.ParallelizationFactor, m.MaximumRetryAttempts, m.BisectBatchOnFunctionError = 1+2*i, 2+2*i, i == 1
		c.Functions = append(c.Functions, engine.FunctionConfig{ID: id, FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Reserved: -1, Takes: engine.Takes{Base: engine.Micros(50+600*i) * engine.Millisecond}},
			Faults: []engine.Fault{{Name: "poison", Nth: 900 - 100*i, Until: engine.Never}}})
		c.Mappings = append(c.Mappings, engine.MappingConfig{ID: id + "Orders", Source: "Orders", Function: id, Enabled: true, Settings: m})
	}
	return c
}

func lettingGo(t *testing.T, cfg *engine.Config, until engine.Micros, steps int) {
	a, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b := a.Clone()
	a.KeepNewest(0)
	b.KeepNewest(1 << 30)
	for range steps {
		if a.NextAt() > until || !a.Step() || !b.Step() {
			break
		}
		is, want := a.Drain(), b.Drain()
		for i := range want {
			if got, wanted := trace.AppendJSON(nil, a, &is[i]), trace.AppendJSON(nil, b, &want[i]); string(got) != string(wanted) {
				t.Fatalf("where everything goes at once\n%s\nwhere nothing goes\n%s", got, wanted)
			}
		}
	}
	for mi := range a.Mappings {
		if is, want := a.CountStates(mi), b.CountStates(mi); is != want {
			t.Fatalf("mapping %d counts %v where everything goes at once, %v where nothing goes", mi, is, want)
		}
	}
	for mi := range a.Mappings {
		if si := a.SourceOf(mi); si >= 0 {
			for n := range a.Streams[si].Records.Len() {
				if is, want := a.RecordState(mi, n+1), b.RecordState(mi, n+1); is != want {
					t.Fatalf("%s is %s where everything goes at once, %s where nothing goes", a.Label(int32(si), int32(n+1)), is, want)
				}
			}
		}
	}
	for qi := range a.Queues {
		for n := range a.Queues[qi].Put.Len() {
			id := a.MessageID(qi, n+1)
			if is, want := a.Message(id).State, b.Message(id).State; is != want {
				t.Fatalf("%s is %s where everything goes at once, %s where nothing goes", a.MessageLabel(id), is, want)
			}
		}
	}
}
