package query

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"esmlab/engine"
)

// What loops or doubles ends with an error, soon and with little memory.
func TestLimits(t *testing.T) {
	t.Parallel()
	s, err := engine.New(&engine.Config{For: engine.Second})
	if err != nil {
		t.Fatal(err)
	}
	w := NewWorld(s)
	double := func(first, next, last string) string {
		b := strings.Builder{}
		fmt.Fprintf(&b, "let a0 = %s; ", first)
		for i := range 40 {
			fmt.Fprintf(&b, "let a%d = %s; ", i+1, strings.ReplaceAll(next, "a", fmt.Sprintf("a%d", i)))
		}
		return b.String() + last
	}
	for text, want := range map[string]string{
		"let l = map(1..1000, #); all(l, all(l, all(l, # > 0)))":                              "steps",
		"all(1..1000, all(1..1000, all(1..1000, # > 0)))":                                     "memory budget",
		"len(map(1..3000, map(1..3000, #))) > 0":                                              "memory budget",
		"reduce(1..900000, # in 1..900000 ? #acc : #acc + 1, 0) > 0":                          "",
		"all(1..900000, # in map(1..900000, #))":                                              "",
		double(`"xx"`, "a + a", `len(a40) > 0`):                                               "steps",
		double(`[1]`, "[a, a]", `len(string(a40)) > 0`):                                       "steps",
		double(`[1]`, "concat(a, a)", `len(a40) > 0`):                                         "steps",
		double(`{"k": 1}`, `{"l": a, "r": a}`, `a40 == a39`):                                  "steps",
		`len(repeat(repeat("x", 100000), 100000)) > 0`:                                        "1 MB",
		`len(replace(repeat("x", 100000), "x", repeat("y", 100000))) > 0`:                     "1 MB",
		`len(join(map(1..100000, "x"), repeat("y", 100000))) > 0`:                             "1 MB",
		`repeat("ab", 2) + replace("xax", "x", "y") + join(["p", "q"], "-") == "ababyayp-q"`:  "-",
		`sum(map(filter(1..1000, # % 2 == 0), # * 2)) == 501000 and keys({"b": 1})[0] == "b"`: "-",
	} {
		q, bad := Compile(text, w.Sim.Config())
		if bad != nil {
			if want == "-" {
				t.Errorf("%s: %v", text, bad)
			}
			continue
		}
		begin := time.Now()
		ok, err := q.Eval(w)
		switch {
		case want == "-" && (err != nil || !ok):
			t.Errorf("%s: %t, %v", text, ok, err)
		case want != "-" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%.80s: %v", text, err)
		}
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("%.80s took %v", text, took)
		}
	}
}
