package engine_test

import (
	"runtime"
	"strconv"
	"testing"

	"esmlab/engine"
)

// wideWarm is when a wide run has all execution environments that it needs: a
// function gains a thousand in ten seconds.
const wideWarm = 125 * engine.Second

// wide is a run over many shards with ten lanes each: each shard gets 20 records a
// second, of a hundred keys, and 100 from 110 s on.
func wide(tb testing.TB, shards int, retention engine.Micros) *engine.Sim {
	m := engine.DefaultSettings()
	m.ParallelizationFactor = 10
	keys := make([]string, 100*shards)
	for i := range keys {
		keys[i] = "k" + strconv.Itoa(i)
	}
	sim, err := engine.New(&engine.Config{Seed: 1, For: 24 * engine.Hour, Concurrency: 100_000, Chosen: engine.DefaultChosen(),
		Streams:   []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: shards, Retention: retention}}},
		Functions: []engine.FunctionConfig{{ID: "Ship", FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Takes: engine.Takes{Base: 50 * engine.Millisecond}, Reserved: -1}}},
		Mappings:  []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: m}},
		Traffic: []engine.Traffic{
			{To: "Orders", Until: 110 * engine.Second, Every: engine.Second, Per: int64(20 * shards), Keys: keys, Shard: -1},
			{To: "Orders", From: 110 * engine.Second, Until: engine.Never, Every: engine.Second, Per: int64(100 * shards), Keys: keys, Shard: -1},
		}})
	if err != nil {
		tb.Fatal(err)
	}
	sim.Keep(false)
	return sim
}

// BenchmarkShards measures the cost of a record with ten lanes a shard: at
// 1,000 shards at most 1.5 times that at one, with the same load on each shard.
func BenchmarkShards(b *testing.B) {
	for _, shards := range []int{1, 1000} {
		b.Run(strconv.Itoa(shards), func(b *testing.B) {
			records := 0
			for b.Loop() {
				b.StopTimer()
				sim := wide(b, shards, 24*engine.Hour)
				sim.RunUntil(wideWarm)
				before := sim.Streams[0].Records.Len()
				b.StartTimer()
				sim.RunUntil(wideWarm + 10*engine.Second*engine.Micros(1000/shards))
				records += sim.Streams[0].Records.Len() - before
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(records), "ns/record")
		})
	}
}

// TestMemory holds that memory grows with what a stream retains, not with what
// has passed: records past retention that every mapping has finished are let
// go of, and only their last state stays.
func TestMemory(t *testing.T) {
	sim := wide(t, 20, 10*engine.Second)
	heap := func() float64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc) / (1 << 20)
	}
	sim.RunUntil(200 * engine.Second)
	at, before := sim.Streams[0].Records.Len(), heap()
	sim.RunUntil(600 * engine.Second)
	passed, after := sim.Streams[0].Records.Len()-at, heap()
	if per := (after - before) * (1 << 20) / float64(passed); per > 3 {
		t.Errorf("%d records have passed, and memory has grown from %.1f to %.1f MB: %.0f bytes for each", passed, before, after, per)
	}
	if got := sim.RecordState(0, 1); got != engine.StateDone {
		t.Errorf("record 1, long past, is %s", got)
	}
	counts := sim.CountStates(0)
	if done := counts[engine.StateDone]; done < int64(passed) {
		t.Errorf("%d records are done", done)
	}
	clone := sim.Clone()
	clone.RunUntil(610 * engine.Second)
	if sim.RunUntil(610 * engine.Second); sim.CountStates(0) != clone.CountStates(0) {
		t.Error("the copy has counted otherwise")
	}
}
