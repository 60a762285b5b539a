package engine_test

import (
	"testing"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// TestStreamWorlds runs streams that the swarm's traffic is too small for: that
// grow, that spread records without keys, that take large records, and a global
// table. What must hold of every world holds, also when it is copied and run on,
// and when one goes back and forth in it.
func TestStreamWorlds(t *testing.T) {
	for _, w := range []struct {
		name  string
		set   func(c *engine.Config)
		holds func(s *engine.Sim) bool
	}{
		{"grows", func(c *engine.Config) {
			c.Streams[0].StreamMode = "ON_DEMAND"
			c.Streams[0].ShardCount = 0
			c.Chosen.ScaleAfter = engine.Minute
			c.Traffic[0].Size, c.Traffic[0].Every = 400_000, 250*engine.Millisecond
		}, func(s *engine.Sim) bool { return len(s.Streams[0].Shards) > 4 }},
		{"without keys", func(c *engine.Config) {
			c.Streams[0].StreamMode, c.Streams[0].RecordDistributionStrategy = "ON_DEMAND", "AUTO"
			c.Streams[0].ShardCount = 3
			c.Chosen.ScaleAfter = engine.Minute
			c.Traffic[0].Size, c.Traffic[0].Every = 320_000, 150*engine.Millisecond
		}, func(s *engine.Sim) bool {
			return s.Streams[0].Shards[0].Len()-s.Streams[0].Shards[2].Len() <= 1 && len(s.Streams[0].Shards) > 3
		}},
		{"keys and none in turn", func(c *engine.Config) {
			c.Streams[0].StreamMode = "ON_DEMAND"
			c.Traffic[0].Every = 100 * engine.Millisecond
			for i, v := range []string{"AUTO", "USER_PARTITION_KEY", "AUTO"} {
				c.Steps = append(c.Steps, engine.Step{At: engine.Micros(10*i+5) * engine.Second, Command: engine.Command{Op: engine.OpSet, Target: "S." + setting.RecordDistributionStrategy, Value: engine.TextValue(v)}})
			}
		}, func(s *engine.Sim) bool {
			return s.Streams[0].Records.At(100).Auto && !s.Streams[0].Records.At(200).Auto
		}},
		{"large records", func(c *engine.Config) {
			c.Streams[0].MaxRecordSizeInKiB = 10240
			c.Traffic = append(c.Traffic, engine.Traffic{To: "S", Every: 13 * engine.Second, Per: 1, Until: engine.Never, Keys: []string{"k2"}, Shard: -1, Size: 5_000_000, Body: swarmBody})
			c.Steps = []engine.Step{{At: 50 * engine.Second, Command: engine.Command{Op: engine.OpSet, Target: "M." + setting.OnFailure, Value: engine.TextValue("")}}}
		}, func(s *engine.Sim) bool {
			c := s.Mappings[0].Counts
			return c.DroppedEventCount > 0 && c.OnFailureDestinationDeliveredEventCount > 0
		}},
		{"a global table that rolls", func(c *engine.Config) {
			c.Streams[0].Kind, c.Streams[0].View, c.Streams[0].KeyName, c.Streams[0].Global = engine.DynamoDB, engine.NewImage, "pk", true
			c.Chosen.ShardRoll = 20 * engine.Second
			second := c.Mappings[0]
			second.ID = "N"
			c.Mappings = append(c.Mappings, second)
		}, func(s *engine.Sim) bool { return len(s.Streams[0].Shards) > 3 }},
	} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			c := &engine.Config{Seed: 1, Start: 1796083200_000000, For: 150 * engine.Second, Region: "eu-central-1", Account: "123456789012", Concurrency: 1000, Chosen: engine.DefaultChosen(),
				Streams:   []engine.StreamConfig{{ID: "S", StreamSettings: setting.NewStream()}},
				Targets:   []engine.TargetConfig{{ID: "Alerts"}},
				Functions: []engine.FunctionConfig{{ID: "F", FunctionSettings: setting.NewFunction(), Faults: []engine.Fault{{Nth: 7, Deliveries: 2, Until: engine.Never}}}},
				Mappings:  []engine.MappingConfig{{ID: "M", Source: "S", Function: "F", Enabled: true, Settings: setting.NewMapping(setting.Kinesis)}},
				Traffic:   []engine.Traffic{{To: "S", Every: engine.Second, Per: 1, Until: engine.Never, Keys: []string{"k1", "k2", "k3", "k4", "k5"}, Shard: -1, Body: swarmBody}}}
			c.Mappings[0].ParallelizationFactor, c.Mappings[0].OnFailure = 2, "Alerts"
			w.set(c)
			r := &swarmRun{swarmWorld: &swarmWorld{Config: c, d: &draw{seed: 5}, until: c.For, ops: []engine.Op{engine.OpSplit, engine.OpMerge, engine.OpRestart, engine.OpSet}}, total: &swarmTotal{}}
			b := caught(func() {
				r.whole()
				if !w.holds(r.end) {
					t.Error("it does not do what it is for")
				}
				if r.copy == nil {
					t.Fatal("it was not copied")
				}
				r.followCopy()
				r.backAndForth()
				r.mendAll()
			})
			if b != nil {
				t.Errorf("%s: %s", b.invariant, b.text)
			}
		})
	}
}
