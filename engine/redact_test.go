package engine_test

import (
	"slices"
	"testing"

	"esmlab/engine"
)

// TestRedacted looks for what is behind a failure in a view that hides it.
func TestRedacted(t *testing.T) {
	t.Parallel()
	fault := engine.Fault{Name: "poison", Until: engine.Never, How: engine.HowError, Records: []engine.Label{{Source: "Orders", N: 2}}}
	settings := engine.DefaultSettings()
	sim, err := engine.New(&engine.Config{Seed: 1, For: engine.Hour, Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Streams:   []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: 1, Retention: 24 * engine.Hour}}},
		Functions: []engine.FunctionConfig{{ID: "Ship", FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Reserved: -1}, Faults: []engine.Fault{fault}}},
		Mappings:  []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: settings}},
		Traffic:   []engine.Traffic{{To: "Orders", Until: engine.Never, Every: engine.Second, Per: 3, Keys: []string{"k"}, Shard: -1}}})
	if err != nil {
		t.Fatal(err)
	}
	sim.RunUntil(2 * engine.Second)
	hasCulprit := func(e engine.Event) bool { return len(e.Failed) > 0 }
	events := sim.Drain()
	lane := sim.ActiveLane(0, 0)
	if len(lane.FailedRecords) == 0 || len(sim.Functions[0].Faults) == 0 || !slices.ContainsFunc(events, hasCulprit) {
		t.Fatal("nothing has failed yet")
	}

	view := sim.Redacted()
	if n := len(view.Functions[0].Faults) + len(view.Config().Functions[0].Faults) + len(view.ActiveLane(0, 0).FailedRecords); n != 0 {
		t.Errorf("the view has %d faults and culprits", n)
	}
	for i := range events {
		events[i] = events[i].Redacted()
	}
	if slices.ContainsFunc(events, hasCulprit) {
		t.Error("a redacted event names the record that failed")
	}
	if view.Functions[0].Errors != sim.Functions[0].Errors || view.Now() != sim.Now() {
		t.Error("the view differs in what is to be seen")
	}
	if len(lane.FailedRecords) == 0 || len(sim.Functions[0].Faults) == 0 || len(sim.Config().Functions[0].Faults) == 0 {
		t.Error("the simulation itself has lost its faults")
	}

	for name, drive := range map[string]func(){
		"Step":     func() { view.Step() },
		"RunUntil": func() { view.RunUntil(engine.Hour) },
		"Do":       func() { view.Do(engine.Command{Op: engine.OpFix, Target: "poison"}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s drives the view", name)
				}
			}()
			drive()
		}()
	}
	if !view.Clone().Step() {
		t.Error("a clone of the view cannot be driven")
	}
}
