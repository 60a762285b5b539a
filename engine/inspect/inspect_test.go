package inspect_test

import (
	"encoding/json"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/timeline"
)

func at(t *testing.T, name string, at engine.Micros) *timeline.Timeline {
	t.Helper()
	tl, err := timeline.New(open(t, name))
	if err != nil {
		t.Fatal(err)
	}
	tl.Seek(at)
	return tl
}

// TestLife follows the poison record and a neighbour of it.
func TestLife(t *testing.T) {
	tl := at(t, "poison-record", 10*engine.Second)
	words := func(n int) string {
		list, _ := inspect.Life(tl.Run, "Orders", n)
		var out []string
		for _, s := range list {
			out = append(out, s.Word)
		}
		return strings.Join(out, ", ")
	}
	if got := words(22); !strings.HasPrefix(got, "put, read by ShipOrders, batch 4, in Ship, try 1, failed, ") || strings.Count(got, "in Ship") != strings.Count(got, "failed") {
		t.Errorf("#22: %s", got)
	}
	if got := words(18); !strings.Contains(got, "failed with its batch") {
		t.Errorf("#18: %s", got)
	}
	if got := words(1); !strings.HasSuffix(got, "done") {
		t.Errorf("#1: %s", got)
	}
	if got := words(5000); got != "" {
		t.Errorf("a record that is not put yet has a life: %s", got)
	}
	// What was set from then on is in the life as it is computed anew.
	tl.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BisectBatchOnFunctionError", Value: engine.BoolValue(true)})
	tl.Advance(30*engine.Second, -1)
	if got := words(22); !strings.Contains(got, "split: batch ") {
		t.Errorf("#22 with bisect: %s", got)
	}
}

// TestChain goes from a split back to the put of the record.
func TestChain(t *testing.T) {
	tl := at(t, "poison-record", 10*engine.Second)
	tl.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BisectBatchOnFunctionError", Value: engine.BoolValue(true)})
	for {
		if !tl.Next(timeline.Cause) {
			t.Fatal("no split comes")
		}
		log := tl.History().Log
		for i := range log {
			if log[i].Kind != engine.KindBisect {
				continue
			}
			chain := inspect.OfEvent(tl.Sim(), log, i).Chain()
			last := chain[len(chain)-1]
			if last.Cause != nil || !strings.Contains(last.Statement, "is put") {
				t.Errorf("the chain does not end at a put:\n%s", chain[0].Text())
			}
			if !strings.Contains(strings.Join(chain[0].Values, " "), "BisectBatchOnFunctionError on") {
				t.Errorf("the split does not say that bisect is on: %v", chain[0].Values)
			}
			return
		}
	}
}

// TestCompare holds a run with bisect against the one nobody touched.
func TestCompare(t *testing.T) {
	tl := at(t, "poison-record", 20*engine.Second)
	if c := inspect.Compare(tl.Run, tl.CompareWith(tl.Baseline()), 0); !c.Equal() || c.Sentence != "no difference" {
		t.Errorf("a run nobody touched differs from itself: %+v", c)
	}
	tl.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BisectBatchOnFunctionError", Value: engine.BoolValue(true)})
	tl.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.MaximumRetryAttempts", Value: engine.IntValue(1)})
	tl.Advance(60*engine.Second, -1)
	c := inspect.Compare(tl.Run, tl.CompareWith(tl.Baseline()), 0)
	t.Log(c.Sentence)
	if !strings.HasPrefix(c.Sentence, "BisectBatchOnFunctionError on and MaximumRetryAttempts 1: ") || !strings.Contains(c.Sentence, " more done") || !strings.Contains(c.Sentence, "1 more given up") {
		t.Errorf("it says %q", c.Sentence)
	}
	for _, r := range c.Rows {
		if r.A == r.B {
			t.Errorf("%s is equal and not left out", r.Name)
		}
	}
	// The other way round.
	o := inspect.Compare(tl.Baseline(), tl.Run, 0)
	if !strings.HasPrefix(o.Sentence, "without ") || len(o.Rows) != len(c.Rows) {
		t.Errorf("the other way round it says %q", o.Sentence)
	}
}

// TestGet reads a mapping as the CLI prints it.
func TestGet(t *testing.T) {
	tl := at(t, "poison-record", 10*engine.Second)
	tl.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BatchSize", Value: engine.IntValue(5)})
	text := string(inspect.Get(tl.Sim(), tl.History().Log, 0))
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{"BatchSize": 5.0, "State": "Enabled", "StateTransitionReason": "User action", "MaximumRetryAttempts": -1.0,
		"StartingPosition": "TRIM_HORIZON", "LastModified": "2026-12-01T00:00:10.000000+00:00", "TumblingWindowInSeconds": 0.0} {
		if got[name] != want {
			t.Errorf("%s is %v, not %v in\n%s", name, got[name], want, text)
		}
	}
	if strings.Index(text, "UUID") > strings.Index(text, "BatchSize") || strings.Index(text, "BatchSize") > strings.Index(text, "FunctionArn") {
		t.Errorf("the fields are out of order:\n%s", text)
	}
	for _, v := range inspect.Settings(tl.Sim(), 0) {
		if changed := v.Name == "BatchSize"; v.Changed != changed || v.Changed && v.Was != "8" {
			t.Errorf("%+v", v)
		}
	}
}
