package timeline

import (
	"testing"

	"esmlab/engine"
)

// TestDeployReadsWhatWasLetGo: a mapping that a deployment makes at TRIM_HORIZON is
// handed all records that its stream retains, also those that were done with long ago
// and no longer in memory; and so it is after undo, redo and on a branch.
func TestDeployReadsWhatWasLetGo(t *testing.T) {
	const put = 10_000
	m := engine.DefaultSettings()
	c := &engine.Config{Seed: 1, For: engine.Hour, Concurrency: 10, Start: 1796083200_000000, Chosen: engine.DefaultChosen(),
		Streams:   []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: 1, Retention: 24 * engine.Hour}}},
		Functions: []engine.FunctionConfig{{ID: "Ship", FunctionSettings: engine.FunctionSettings{Timeout: engine.Second, Reserved: -1, Takes: engine.Takes{Base: 10 * engine.Millisecond}}}},
		Mappings:  []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: m}},
		Traffic:   []engine.Traffic{{To: "Orders", Until: engine.Never, Every: 10 * engine.Millisecond, Per: 1, Count: put, Keys: []string{"k"}, Shard: -1}}}
	tl, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	tl.Advance(5*engine.Minute, -1)
	if !tl.Sim().HasLetGo() {
		t.Fatal("all records are in memory: the test shows nothing")
	}
	next := *c
	next.Functions = append(next.Functions, engine.FunctionConfig{ID: "Audit", FunctionSettings: c.Functions[0].FunctionSettings})
	next.Mappings = append(next.Mappings, engine.MappingConfig{ID: "AuditOrders", Source: "Orders", Function: "Audit", Enabled: true, Settings: m})
	deploy := engine.Command{Op: engine.OpDeploy, Deploy: &engine.Deployment{Config: &next}}
	handed := func(what string) {
		t.Helper()
		tl.Advance(8*engine.Minute, -1)
		if n := tl.Sim().Mappings[1].Counts.States[engine.StateDone]; n != put {
			t.Errorf("%s: %d of %d records were handed over", what, n, put)
		}
		if n := tl.Sim().Mappings[0].Counts.States[engine.StateDone]; n != put {
			t.Errorf("%s: the other mapping has done %d of %d", what, n, put)
		}
	}
	branch := tl.Branch()
	if r := tl.Do(deploy); r != nil {
		t.Fatal(r)
	}
	handed("deployed")
	tl.Undo()
	if n := len(tl.Sim().Mappings); n != 1 {
		t.Errorf("after undo there are %d mappings", n)
	}
	tl.Seek(5 * engine.Minute)
	tl.Redo()
	handed("redone")
	tl.Seek(6 * engine.Minute)
	handed("gone back")
	tl.Switch(0)
	tl.Seek(3 * engine.Minute)
	tl.Advance(5*engine.Minute, -1)
	if r := tl.Do(deploy); r != nil {
		t.Fatal(r)
	}
	handed("on the run that was left (" + branch + " is the branch)")
}
