package inspect_test

import (
	"slices"
	"strings"
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
	log := tl.History().Log
	i := slices.IndexFunc(log, func(e engine.Event) bool { return e.Kind == engine.KindFilter })
	w := inspect.OfEvent(tl.Sim(), log, i)
	for _, want := range []string{`dynamodb.NewImage.total.N "300"`, `the filter wants [{"numeric": [">", 100]}]`, "DynamoDB writes numbers as strings, and numeric never matches a string"} {
		if !slices.Contains(w.Values, want) {
			t.Errorf("%q is not among %q", want, w.Values)
		}
	}
}

// TestWhyMessageFiltered: so it does of messages, in the chain that tells why
// one is gone; of a body that is not JSON it says so.
func TestWhyMessageFiltered(t *testing.T) {
	tl, err := timeline.New(open(t, "queue-filtered-away"))
	if err != nil {
		t.Fatal(err)
	}
	tl.Seek(20 * engine.Second)
	s := tl.Sim()
	for n, want := range map[int][]string{
		7:  {`body.kind "view"`, `the filter wants ["order"]`},
		11: {"the body is plain text, the pattern is for JSON"},
	} {
		w := inspect.OfMessage(s, tl.History().Log, s.MessageID(s.QueueIndex("Jobs"), n))
		chain := w.Chain()
		i := slices.IndexFunc(chain, func(w *inspect.Why) bool { return strings.Contains(w.Statement, "filtered out") })
		if w.Rule != "SQS-DELETE-4" || i < 0 {
			t.Fatalf("message %d: %s", n, w.Text())
		}
		for _, text := range want {
			if !slices.Contains(chain[i].Values, text) {
				t.Errorf("message %d: %q is not among %q", n, text, chain[i].Values)
			}
		}
	}
}
