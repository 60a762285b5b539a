package scenario

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/query"
)

// TestDocs: the page about scenarios names every field, command, call and kind of
// event, and its example runs as it promises.
func TestDocs(t *testing.T) {
	src, err := os.ReadFile("../../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(src)
	words := slices.Concat(metaFields, trafficFields, faultFields, engine.OpNames[:], engine.HowNames[:], engine.KindNames[:], engine.RecordStates[1:], query.States[1:])
	for _, v := range []any{query.Record{}, query.Stream{}, query.Shard{}, query.Iterator{}, query.Lane{}, query.Queue{}, query.Function{}, query.Mapping{}, query.Destination{}, query.Invocation{}, query.Discard{}, Summary{}, Result{}} {
		for i := range reflect.TypeOf(v).NumField() {
			name, _, _ := strings.Cut(reflect.TypeOf(v).Field(i).Tag.Get("json"), ",")
			words = append(words, name)
		}
	}
	for _, w := range words {
		if !strings.Contains(page, "`"+w+"`") && !strings.Contains(page, "`"+w+":") && !strings.Contains(page, ", "+w+"`") {
			t.Errorf("the page does not name `%s`", w)
		}
	}
	_, example, _ := strings.Cut(page, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	sc, err := Read("example.yaml", []byte(example), Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRunner(sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Advance(r.End())
	if len(r.Results) != 3 || r.Failed() > 0 {
		t.Errorf("the example does not do what it says: %+v", r.Results)
	}
}
