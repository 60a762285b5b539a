package scenario_test

import (
	"encoding/json"
	"testing"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/scenario"
)

// play runs a built-in scenario to its end.
func play(t *testing.T, name string, twist bool) *scenario.Runner {
	t.Helper()
	src, ok := scenario.Builtin(name)
	if !ok {
		t.Fatalf("there is no scenario %s", name)
	}
	sc, err := scenario.Read(name, src, scenario.Options{Twist: twist})
	if err != nil {
		t.Fatalf("%v", err)
	}
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Advance(r.End())
	return r
}

// TestBuiltins runs every built-in scenario: its expectations hold, and under
// its twist, which takes away what it is about, at least one fails.
func TestBuiltins(t *testing.T) {
	if n := len(scenario.Names()); n < 45 {
		t.Errorf("there are %d built-in scenarios, not 45", n)
	}
	tables := map[string]string{}
	for _, name := range scenario.Names() {
		t.Run(name, func(t *testing.T) {
			r := play(t, name, false)
			src, _ := scenario.Builtin(name)
			if title, about := scenario.Head(src); title != r.Scenario.Title || about != r.Scenario.About {
				t.Errorf("its head says %q, %q", title, about)
			}
			if r.Scenario.Title == "" || r.Scenario.About == "" || len(r.Scenario.Expect) < 3 || !r.Scenario.HasTwist {
				t.Error("a built-in scenario has a title, a question, three expectations and a twist")
			}
			for _, res := range r.Results {
				if res.OK == nil || !*res.OK {
					saw, _ := json.Marshal(res.Saw)
					t.Errorf("does not hold: %s %s\n%s", res.That, res.Error, saw)
				}
			}
			if play(t, name, true).Failed() == 0 {
				t.Error("its twist changes nothing that is expected")
			}
			s := r.Summary()
			table, err := json.Marshal([]any{s.Records, s.Functions}) // what became of the records, and at what cost
			if err != nil {
				t.Fatal(err)
			}
			if other := tables[string(table)]; other != "" {
				t.Errorf("comes to the same as %s", other)
			}
			tables[string(table)] = name
		})
	}
}

// TestChanges reads a built-in scenario with changes, the later ones on top:
// what it expects no longer counts, and what is wrong with them is refused.
func TestChanges(t *testing.T) {
	src, _ := scenario.Builtin("eight-records")
	change := func(text string) *yaml.Node {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		return doc.Content[0]
	}
	sc, err := scenario.Read("eight-records", src, scenario.Options{Changes: []*yaml.Node{
		change("{for: 5s, set: {ShipOrders.BatchSize: 4, ShipOrders.MaximumRetryAttempts: 1}}"),
		change("{seed: 9, set: {ShipOrders.BatchSize: 2}}")}})
	if err != nil {
		t.Fatal(err)
	}
	m := sc.Config.Mappings[0]
	if len(sc.Expect) != 0 || sc.HasTwist || sc.Config.For != 5*engine.Second || sc.Config.Seed != 9 || m.BatchSize != 2 || m.MaximumRetryAttempts != 1 {
		t.Errorf("%d expectations, twist %v, for %v, seed %d, %+v", len(sc.Expect), sc.HasTwist, sc.Config.For, sc.Config.Seed, m)
	}
	for _, text := range []string{"{set: {ShipOrders.BatchSize: 0}}", "{nothing: 1}", "[1]"} {
		if _, err := scenario.Read("eight-records", src, scenario.Options{Changes: []*yaml.Node{change(text)}}); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

// TestMessagesCountOnce: mappings that compete for a queue do not count its
// messages twice.
func TestMessagesCountOnce(t *testing.T) {
	sum := play(t, "two-mappings-compete", false).Summary()
	if sum.Records["put"] != 40 || sum.Records["done"] != 40 || len(sum.Mappings) != 2 {
		t.Errorf("%v of %d mappings", sum.Records, len(sum.Mappings))
	}
}
