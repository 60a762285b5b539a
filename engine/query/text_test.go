package query

import (
	"bytes"
	"encoding/json"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"esmlab/engine"
)

// TestJSONOfValues writes values as encoding/json does.
func TestJSONOfValues(t *testing.T) {
	var noBody *Body
	for _, v := range []any{
		nil, true, 7, 1.5, "<é\u2028\n", []any{}, []any(nil), []string{"a", "b"}, [][]string{{"a"}, nil}, map[string]any{"b": 1, "a": []any{nil}}, map[string]any(nil),
		Record{State: "done"}, Stream{Shards: []Shard{{Parents: []int{1}}}}, Function{}, Function{Effects: []Effect{{To: "x"}}}, Mapping{Skipped: 1}, Mapping{}, Alarm{},
		[]*Invocation{{N: 1, Event: &Body{text: []byte(`{"b":2,"a":[1]}`)}}, nil, {Event: noBody}}, []*Event{{line: []byte(`{"n":1}`)}, nil}, []Discard{{}}, Destination{Payloads: []map[string]any{{"x": 1}}},
		time.Unix(0, 0).UTC(), time.Second,
	} {
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
		text := strings.TrimSpace(want.String())
		if got, whole := appendJSON(nil, v, len(text)); string(got) != text || !whole {
			t.Errorf("%#v: %s, whole %v, want %s", v, got, whole, text)
		}
		if got, whole := appendJSON(nil, v, len(text)-1); whole {
			t.Errorf("%#v is not whole: %s", v, got)
		}
	}
	for _, v := range []any{math.NaN(), map[any][]any{1: {2}}, func() {}} { // what JSON has not
		if got, whole := appendJSON(nil, v, 100); !whole || !json.Valid(got) {
			t.Errorf("%T: %s", v, got)
		}
	}
}

// TestLongValues asks for a value of 160 MB: no more of it is written than is shown.
func TestLongValues(t *testing.T) {
	cfg := &engine.Config{Functions: []engine.FunctionConfig{{ID: "Ship"}}}
	body := &Body{text: []byte(`{"Records":["` + strings.Repeat("é", 400_000) + `"]}`)}
	body.object()
	var calls []*Invocation
	for range 200 {
		calls = append(calls, &Invocation{Event: body})
	}
	ask := func(text string) (v any, saw []Seen, err error) {
		q, bad := CompileValue(text, cfg)
		if bad != nil {
			t.Fatal(bad)
		}
		s, newErr := engine.New(&engine.Config{For: engine.Second})
		if newErr != nil {
			t.Fatal(newErr)
		}
		w := NewWorld(s, q)
		w.env.Invocations = func(string) []*Invocation { return calls }
		v, err = q.Value(w)
		return v, q.Saw(w), err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for text, want := range map[string]string{
		`toJSON(invocations("Ship"))`: "a text longer than 1 MB", `string(invocations("Ship"))`: "a text longer than 1 MB",
		`invocations("Ship")`: "gives more than 1 MB", `{"a": map(invocations("Ship")[:4], .event)}`: "gives more than 1 MB",
	} {
		_, saw, err := ask(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
		if len(saw) != 1 {
			t.Fatalf("%s saw %d", text, len(saw))
		}
		shown := strings.TrimPrefix(saw[0].String(), `invocations("Ship") was `)
		js, err := json.Marshal(saw)
		if utf8.RuneCountInString(shown) != seenMax+1 || !strings.HasPrefix(shown, `[{"n":0,"at":0,`) || !strings.HasSuffix(shown, "…") || !utf8.ValidString(shown) || err != nil || len(js) > 10*seenMax {
			t.Errorf("%s: %s, %d bytes", text, shown, len(js))
		}
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 100<<20 {
		t.Errorf("%d MB were allocated", got>>20)
	}
	if v, _, err := ask(`toJSON([1, {"a": string(len(invocations("Ship")))}])`); v != "[\n  1,\n  {\n    \"a\": \"200\"\n  }\n]" || err != nil {
		t.Errorf("%v, %v", v, err)
	}
	if _, _, err := ask(`iterator(repeat("x", 100000), 0)`); err == nil || utf8.RuneCountInString(err.Error()) > seenMax+1 {
		t.Errorf("%.400v", err)
	}
}
