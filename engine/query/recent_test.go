package query_test

import (
	"fmt"
	"testing"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
)

// A list that is cut at an instant gives the same answers as the whole list: each function
// is asked with a bound that the compiler sees, and with the same bound hidden from it.
func TestBoundsOfTimeChangeNoAnswer(t *testing.T) {
	sc, err := scenario.Read("poison-record", builtin(t, "poison-record"), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(question string, at engine.Micros) string {
		q, qerr := query.CompileValue(question, sc.Config)
		if qerr != nil {
			t.Fatalf("%s: %v", question, qerr)
		}
		v, err := q.Value(watch(t, sc.Config, at, q))
		if err != nil {
			return "an error"
		}
		return fmt.Sprintf("%T %s", v, text(v))
	}
	asked, empty := 0, 0
	for _, list := range []string{`events("invoke")`, `events("return")`, `invocations("Ship")`} {
		for _, f := range []string{"filter", "count", "any", "none", "one", "find", "findLast"} {
			for _, bound := range []string{".at > t - 2", ".at >= t - 1 - 1", "5 < .at", "5.1 <= .at", ".at > 0 && .at < 6", ".at > 1000", ".n > 0 && .at > t - 3"} {
				for _, at := range []engine.Micros{0, 3 * engine.Second, 20 * engine.Second} {
					cut, whole := ask(fmt.Sprintf("%s(%s, %s)", f, list, bound), at), ask(fmt.Sprintf("%s(%s, (%s) || false)", f, list, bound), at)
					if asked++; cut != whole {
						t.Errorf("%s(%s, %s) at %s: %s, but of the whole list %s", f, list, bound, at, cut, whole)
					}
					if cut == whole && whole == "an error" {
						empty++
					}
				}
			}
		}
	}
	if empty*4 > asked {
		t.Errorf("%d of %d questions have no answer", empty, asked)
	}
}
