package engine_test

import (
	"runtime"
	"testing"

	"esmlab/engine"
)

// busyQueue is a standard queue whose mapping has a thousand invocations under
// way at once, as much as comes in.
func busyQueue(perSecond int, batch int) *engine.Config {
	queue := engine.QueueConfig{ID: "Jobs", QueueSettings: engine.DefaultQueueSettings()}
	settings := engine.DefaultQueueMapping()
	settings.BatchSize = batch
	settings.MinimumPollers, settings.MaximumPollers = 100, 100
	return &engine.Config{Seed: 1, For: engine.Never, Concurrency: 2000, Chosen: engine.DefaultChosen(), Queues: []engine.QueueConfig{queue},
		Functions: []engine.FunctionConfig{{ID: "Work", FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Takes: engine.Takes{Base: engine.Micros(1000*batch) * engine.Second / engine.Micros(perSecond)}, Reserved: -1}}},
		Mappings:  []engine.MappingConfig{{ID: "WorkJobs", Source: "Jobs", Function: "Work", Enabled: true, Settings: settings}},
		Traffic:   []engine.Traffic{{To: "Jobs", Until: engine.Never, Every: engine.Second, Per: int64(perSecond), Shard: -1}}}
}

// BenchmarkQueueMapping counts messages put, received, handed over and deleted
// in a second of one core, with a visibility timeout running for each.
func BenchmarkQueueMapping(b *testing.B) {
	sim, err := engine.New(busyQueue(9_500, 10))
	if err != nil {
		b.Fatal(err)
	}
	sim.Keep(false)
	sim.RunUntil(40 * engine.Second) // the first visibility timeouts have ended
	q := &sim.Queues[0]
	if q.InFlight < 9_000 {
		b.Fatalf("%d in flight, %d running", q.InFlight, sim.Functions[0].Running)
	}
	from, at := q.Deleted, sim.Now()
	for b.Loop() {
		at += 10 * engine.Millisecond
		sim.RunUntil(at)
	}
	b.ReportMetric(float64(q.Deleted-from)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(float64(sim.Functions[0].Running), "running")
}

// TestMillionWaiting: a million messages that wait take less than 400 MB.
func TestMillionWaiting(t *testing.T) {
	count := 1_000_000
	if testing.Short() {
		count /= 5
	}
	cfg := busyQueue(20_000, 10)
	cfg.Mappings[0].Enabled = false
	cfg.Traffic = []engine.Traffic{{To: "Jobs", AtOnce: true, Count: count, Shard: -1}}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	sim, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	sim.Keep(false)
	sim.RunUntil(engine.Second)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if n := sim.Queues[0].Visible; int(n) != count {
		t.Fatalf("%d messages wait", n)
	}
	if mb := (after.HeapAlloc - before.HeapAlloc) >> 20; int(mb) >= count*400/1_000_000 {
		t.Errorf("%d messages take %d MB", count, mb)
	} else {
		t.Logf("%d MB", mb)
	}
	runtime.KeepAlive(sim)
}

// BenchmarkQueueClone copies a run with a million messages of which ten
// thousand are in flight, and lets the copy go on for a moment.
func BenchmarkQueueClone(b *testing.B) {
	cfg := busyQueue(9_500, 10)
	cfg.Traffic = append(cfg.Traffic, engine.Traffic{To: "Jobs", AtOnce: true, Count: 1_000_000, Shard: -1})
	sim, err := engine.New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	sim.Keep(false)
	sim.RunUntil(10 * engine.Second)
	for b.Loop() {
		sim.Clone().RunUntil(sim.Now() + 10*engine.Millisecond)
	}
}
