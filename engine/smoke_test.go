package engine

import (
	"fmt"
	"testing"
)

func poison() *Config {
	keys := []string{}
	for i := range 8 {
		keys = append(keys, fmt.Sprintf("k%d", i+1))
	}
	set := DefaultSettings()
	set.BatchSize = 8
	set.MaximumBatchingWindowInSeconds = 5
	set.OnFailure = "Failures"
	return &Config{Seed: 7, For: 60 * Second, Chosen: DefaultChosen(), Concurrency: 1000,
		Streams:   []StreamConfig{{ID: "Orders", ShardCount: 2, Retention: 24 * Hour}},
		Queues:    []QueueConfig{{ID: "Failures"}},
		Functions: []FunctionConfig{{ID: "Ship", Timeout: 30 * Second, Takes: Takes{Base: 200 * Millisecond}, Reserved: -1, Faults: []Fault{{Name: "poison", Records: []Label{{"Orders", 22}}, Until: Never}}}},
		Mappings:  []MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: set}},
		Traffic:   []Traffic{{To: "Orders", Until: Never, Every: 200 * Millisecond, Per: 1, Keys: keys, Shard: -1}},
	}
}

func TestSmoke(t *testing.T) {
	s, err := New(poison())
	if err != nil {
		t.Fatal(err)
	}
	s.RunUntil(19100 * Millisecond)
	for _, e := range s.Drain() {
		if e.Kind != KindPut {
			fmt.Println(e.At, e.Kind, e.Rule, e.Shard, e.Batch, e.Attempt, e.Records, e.Record, e.At2)
		}
	}
	for i := range 2 {
		fmt.Println(s.NextRecord(0, i), s.Behind(0, i), s.Age(0, i), s.Attempts(0, i), s.Mappings[0].Iterators[i].Checkpoint)
	}
	fmt.Println(s.CountStates(0), s.Mappings[0].MaxIteratorAge)
}

func BenchmarkRecords(b *testing.B) {
	cfg := poison()
	cfg.Streams[0].ShardCount = 1
	cfg.Functions[0].Faults = nil
	cfg.Functions[0].Takes.Base = 5 * Millisecond
	cfg.Mappings[0].BatchSize = 10
	cfg.Mappings[0].MaximumBatchingWindowInSeconds = 0
	cfg.Traffic[0].Every = Millisecond
	const n = 1_000_000
	cfg.For = n * Millisecond
	for b.Loop() {
		s, _ := New(cfg)
		s.Keep(false)
		s.RunUntil(cfg.For)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
