package inspect_test

import (
	"slices"
	"testing"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/timeline"
)

// TestWhyFiltered: why a record was filtered names the condition, the value
// there and the reason, also after the filters were changed.
func TestWhyFiltered(t *testing.T) {
	tl, err := timeline.New(open(t, "filter-on-a-number"))
	if err != nil {
		t.Fatal(err)
	}
	tl.Seek(25 * engine.Second) // the filters changed at 15 s
	log := tl.Trail().Log
	i := slices.IndexFunc(log, func(e engine.Event) bool { return e.Kind == engine.KindFilter })
	w := inspect.OfEvent(tl.Sim(), log, i)
	for _, want := range []string{`dynamodb.NewImage.total.N "300"`, `the filter wants [{"numeric": [">", 100]}]`, "DynamoDB writes numbers as strings, and numeric never matches a string"} {
		if !slices.Contains(w.Values, want) {
			t.Errorf("%q is not among %q", want, w.Values)
		}
	}
}
