package timeline

import (
	"testing"

	"esmlab/engine"
)

// deployed is a run of many records, and the deployment of a second mapping that begins at
// TRIM_HORIZON.
func deployed(t *testing.T) (tl *Timeline, deploy engine.Command, put int) {
	t.Helper()
	put = 10_000
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
	next := *c
	next.Functions = append(next.Functions, engine.FunctionConfig{ID: "Audit", FunctionSettings: c.Functions[0].FunctionSettings})
	next.Mappings = append(next.Mappings, engine.MappingConfig{ID: "AuditOrders", Source: "Orders", Function: "Audit", Enabled: true, Settings: m})
	return tl, engine.Command{Op: engine.OpDeploy, Deploy: &engine.Deployment{Config: &next}}, put
}

// audited checks that the deployed mapping is handed every record.
func audited(t *testing.T, what string, s *engine.Sim, put int) {
	t.Helper()
	if len(s.Mappings) != 2 {
		t.Fatalf("%s: %d mappings", what, len(s.Mappings))
	}
	if n := s.Mappings[1].Counts.States[engine.StateDone]; n != int64(put) {
		t.Errorf("%s: %d of %d records were handed over", what, n, put)
	}
}

// TestDeployAfterASet: what was done at the same instant before a deployment stays, also
// where the deployment plays the run again.
func TestDeployAfterASet(t *testing.T) {
	tl, deploy, put := deployed(t)
	tl.Advance(5*engine.Minute, -1)
	for _, c := range []engine.Command{batchSize(7), {Op: engine.OpDisable, Target: "ShipOrders"}, deploy} {
		if r := tl.Do(c); r != nil {
			t.Fatal(r)
		}
	}
	if n := len(tl.Commands()); n != 3 {
		t.Errorf("of 3 commands there are %d", n)
	}
	if m := &tl.Sim().Mappings[0]; m.BatchSize != 7 || m.State != engine.Disabled {
		t.Errorf("BatchSize %d, %s", m.BatchSize, m.State)
	}
	tl.Advance(8*engine.Minute, -1)
	audited(t, "after a set", tl.Sim(), put)
}

// TestDeployAndEarlierCommands: taking back what happened before a deployment does not
// change what it finds.
func TestDeployAndEarlierCommands(t *testing.T) {
	tl, deploy, put := deployed(t)
	tl.Do(engine.Command{Op: engine.OpDisable, Target: "ShipOrders"}) // so that nothing is let go of
	tl.Advance(5*engine.Minute, -1)
	if tl.Sim().HasLetGo() {
		t.Fatal("records were let go of before the deployment: the test shows nothing")
	}
	if r := tl.Do(deploy); r != nil {
		t.Fatal(r)
	}
	tl.Switched(0, false)
	tl.Advance(8*engine.Minute, -1)
	audited(t, "the first command switched off", tl.Sim(), put)
}

// TestDeploymentIsSaved: a run with a deployment is the same when it is computed again.
func TestDeploymentIsSaved(t *testing.T) {
	tl, deploy, put := deployed(t)
	tl.Advance(5*engine.Minute, -1)
	first := tl.Config()
	tl.Do(deploy)
	tl.Advance(8*engine.Minute, -1)
	audited(t, "as it was", tl.Sim(), put)
	runs, current := tl.Save()
	again, err := Restore(first, runs, current, 10_000_000)
	if err != nil {
		t.Fatal(err)
	}
	audited(t, "restored", again.Sim(), put)
	again.Undo()
	again.Redo()
	audited(t, "undone and redone", again.Sim(), put)
	s, err := engine.New(Keeping(first, tl.Commands()))
	if err != nil {
		t.Fatal(err)
	}
	Follow(s, tl.Commands()).RunUntil(8 * engine.Minute)
	audited(t, "followed", s, put)
}

// TestDeployOnTwoRuns: a run that was left before another one deployed stands where it was,
// and deploys as well.
func TestDeployOnTwoRuns(t *testing.T) {
	tl, deploy, put := deployed(t)
	tl.Advance(5*engine.Minute, -1)
	tl.Branch()
	for i := range 2 {
		tl.Switch(i)
		if r := tl.Do(deploy); r != nil {
			t.Fatal(r)
		}
		tl.Advance(8*engine.Minute, -1)
		audited(t, tl.Name(), tl.Sim(), put)
	}
}
