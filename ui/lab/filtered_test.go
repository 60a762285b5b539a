package lab

import (
	"testing"

	"esmlab/engine"
	"esmlab/engine/pattern"
)

// A record that the filters drop is shown beside the pattern that came
// nearest, with the condition that failed, the value there and the rule; also
// after the filters were changed.
func TestFilteredRecord(t *testing.T) {
	sc := poison(1)
	by, err := pattern.NewCriteria([]string{`{"data":{"kind":["order"]}}`, `{"data":{"n":[{"numeric":[">",500]}]}}`})
	if err != nil {
		t.Fatal(err)
	}
	sc.Config.Mappings[0].FilterCriteria = by
	sc.Config.Traffic[0].Body = `{"n":"{n}","land":"DE"}`
	sc.Config.Steps = []engine.Step{{At: 18 * engine.Second, Command: engine.Command{Op: engine.OpSet, Target: "ShipOrders.FilterCriteria", Value: engine.TextValue(`{"Filters":[]}`)}}}
	play(t, Options{Scenario: sc, Stopped: true}, func(s *screen) {
		s.keys("6", "/", "filtered out", "enter", "enter")
		s.has("filter 2 of 2", `"numeric": [`, `"land": "DE"`, "data.n must be", `[{"numeric":[">",500]}]`, "data.n is", "numeric never matches a string", "FIL-NUMERIC-2 · observed")
	})
}
