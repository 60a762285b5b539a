package engine_test

import (
	"fmt"
	"testing"

	"esmlab/engine"
)

// TestCopies: what is done with a copy does not reach what it was copied from, at
// whatever instant: lanes, FIFO groups, invocations, denials, what is to come.
func TestCopies(t *testing.T) {
	t.Parallel()
	stream, queue := engine.DefaultSettings(), engine.DefaultQueueMapping()
	stream.BatchSize, stream.ParallelizationFactor, stream.MaximumRetryAttempts = 3, 2, 2
	queue.BatchSize = 2
	jobs := engine.DefaultQueueSettings()
	jobs.VisibilityTimeout, jobs.DeadLetterQueue, jobs.MaxReceiveCount = 3, "Dead", 2
	bad := []engine.Fault{{Name: "third", Nth: 3, Until: engine.Never, How: engine.HowError}}
	function := func(id string) engine.FunctionConfig {
		return engine.FunctionConfig{ID: id, Faults: bad, FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Reserved: -1,
			Takes: engine.Takes{Base: 300 * engine.Millisecond, Spread: 700 * engine.Millisecond}}}
	}
	cfg := &engine.Config{Seed: 1, For: engine.Minute, Concurrency: 5, Start: 1796083200_000000, Chosen: engine.DefaultChosen(),
		Streams:   []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: 1, Retention: 24 * engine.Hour}}},
		Queues:    []engine.QueueConfig{{ID: "Jobs", FIFO: true, QueueSettings: jobs}, {ID: "Dead", FIFO: true, QueueSettings: engine.DefaultQueueSettings()}},
		Functions: []engine.FunctionConfig{function("Ship"), function("Work"), function("Bill")},
		Mappings: []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: stream},
			{ID: "WorkJobs", Source: "Jobs", Function: "Work", Enabled: true, Settings: queue},
			{ID: "BillOrders", Source: "Orders", Function: "Bill", Enabled: true, Settings: stream, Deny: []engine.Denial{{Action: "kinesis:GetRecords"}}}},
		Traffic: []engine.Traffic{{To: "Orders", Every: 50 * engine.Millisecond, Per: 1, Until: 10 * engine.Second, Keys: []string{"a", "b", "c", "d", "e"}, Shard: -1},
			{To: "Jobs", Every: 100 * engine.Millisecond, Per: 1, Until: 10 * engine.Second, Keys: []string{"a", "b", "c", "d"}, Shard: -1}}}
	play := func(copied bool) (trace []string) {
		s, err := engine.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		for at := engine.Micros(0); at <= 20*engine.Second; at += 330 * engine.Millisecond {
			s.RunUntil(at)
			if copied {
				c := s.Clone()
				c.Do(engine.Command{Op: engine.OpAllow, Target: "BillOrders", Actions: []string{"kinesis:GetRecords"}})
				c.Do(engine.Command{Op: engine.OpRestart, Target: "ShipOrders"})
				c.RunUntil(at + 5*engine.Second)
			}
			for _, e := range s.Drain() {
				d := engine.Details{}
				if e.Details != nil {
					d, e.Details = *e.Details, nil
				}
				trace = append(trace, fmt.Sprintf("%+v %+v", e, d))
			}
		}
		return trace
	}
	alone, copied := play(false), play(true)
	for i := range alone {
		if i >= len(copied) || alone[i] != copied[i] {
			t.Fatalf("event %d of %d is\n%s\nwith copies\n%s", i, len(alone), alone[i], copied[min(i, len(copied)-1)])
		}
	}
	if len(alone) < 500 || len(copied) != len(alone) {
		t.Errorf("%d events, with copies %d", len(alone), len(copied))
	}
}
