package query_test

import (
	"os"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/internal/fuzzing"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
)

// FuzzCompile: no expression panics, neither as it is compiled nor as it is asked, and what
// is refused says why and where.
func FuzzCompile(f *testing.F) {
	for _, text := range expressions(f) {
		f.Add(text)
	}
	ask := asker(f)
	f.Fuzz(ask)
}

// TestFuzzBriefly: FuzzCompile for a short time, in every run of the tests.
func TestFuzzBriefly(t *testing.T) {
	fuzzing.Briefly(t, expressions(t), 4000, asker(t))
}

// expressions are those of the scripts.
func expressions(t testing.TB) (out []string) {
	for _, lines := range fuzzing.Inputs(t, os.DirFS("testdata"), "ask") {
		out = append(out, strings.Split(strings.TrimSpace(lines), "\n")...)
	}
	return out
}

// asker asks a run what may be no expression.
func asker(t testing.TB) func(*testing.T, string) {
	src, _ := scenario.Builtin("poison-record")
	sc, err := scenario.Read("poison-record", src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := engine.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	s.RunUntil(10 * engine.Second)
	return func(t *testing.T, text string) {
		q, bad := query.Compile(text, s.Config())
		if bad != nil {
			if bad.Message == "" || bad.Column < 0 || bad.Column > len(text) {
				t.Errorf("%q: %+v", text, bad)
			}
			return
		}
		w := query.NewWorld(s, q)
		_, _ = q.Eval(w)
	}
}
