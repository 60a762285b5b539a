package query_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
)

// TestQuestions plays the scripts under testdata. The commands:
//
//	scenario       a template; what follows is asked of its run
//	ask at=15s     runs to that time and prints what each line is there
//	refused        prints how each line is refused before a run
//	settled at=5s  prints what cannot change any more
//	saw at=15s     prints what each call in a question gave
func TestQuestions(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var cfg *engine.Config
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var b strings.Builder
			at := engine.Micros(0)
			for _, a := range d.CmdArgs {
				at, _ = scenario.Duration(a.Vals[0])
			}
			if d.Cmd == "scenario" {
				sc, err := scenario.Read("t.yaml", []byte(d.Input), scenario.Options{})
				if err != nil {
					d.Fatalf(t, "%v", err)
				}
				cfg = sc.Config
				return "ok\n"
			}
			for line := range strings.Lines(d.Input) {
				line = strings.TrimSpace(line)
				switch d.Cmd {
				case "refused":
					if _, err := query.Compile(line, cfg); err != nil {
						fmt.Fprintf(&b, "%d: %v\n", err.Column+1, err)
					} else {
						b.WriteString("compiles\n")
					}
				case "settled":
					q, err := query.Compile(line, cfg)
					if err != nil {
						d.Fatalf(t, "%s: %v", line, err)
					}
					if answer, settled := q.Settled(watch(t, cfg, at, q)); settled {
						fmt.Fprintln(&b, answer, "for good")
					} else {
						b.WriteString("open\n")
					}
				case "ask", "saw":
					q, err := query.CompileValue(line, cfg)
					if err != nil {
						d.Fatalf(t, "%s: %v", line, err)
					}
					w := watch(t, cfg, at, q)
					if d.Cmd == "saw" {
						for _, saw := range q.Saw(w) {
							fmt.Fprintf(&b, "%s = %s\n", saw.Call, text(saw.Value))
						}
						continue
					}
					if v, err := q.Value(w); err != nil {
						fmt.Fprintf(&b, "error: %v\n", err)
					} else {
						b.WriteString(text(v) + "\n")
					}
				default:
					d.Fatalf(t, "there is no command %s", d.Cmd)
				}
			}
			return b.String()
		})
	})
}

// watch runs a simulation up to a time, with a world that saw all of it.
func watch(t *testing.T, cfg *engine.Config, at engine.Micros, qs ...*query.Query) *query.World {
	t.Helper()
	s, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := query.NewWorld(s, qs...)
	s.RunUntil(at)
	w.Observe(s.Drain())
	return w
}

func text(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

// TestYesOrNo: a question of a run answers yes or no, and asking changes
// nothing.
func TestYesOrNo(t *testing.T) {
	sc, err := scenario.Read("poison-record", builtin(t, "poison-record"), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, qerr := query.Compile(`iterator("ShipOrders", 0).blocked`, sc.Config)
	if qerr != nil {
		t.Fatal(qerr)
	}
	w := watch(t, sc.Config, 19*engine.Second, q)
	before := w.Sim.Steps()
	for range 3 {
		if ok, err := q.Eval(w); !ok || err != nil {
			t.Errorf("got %v, %v", ok, err)
		}
	}
	if w.Sim.Steps() != before || len(w.Sim.Drain()) > 0 {
		t.Error("asking moved the simulation")
	}
	v, qerr := query.CompileValue(`function("Ship").errors`, sc.Config)
	if qerr != nil {
		t.Fatal(qerr)
	}
	if ok, err := v.Eval(w); ok || err == nil {
		t.Error("a number was taken for yes or no")
	}
}

// TestWatchedFromTheMiddle: a world that did not see an invocation begin does
// not mistake its end for another's.
func TestWatchedFromTheMiddle(t *testing.T) {
	sc, err := scenario.Read("poison-record", builtin(t, "poison-record"), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, qerr := query.Compile(`len(invocations("Ship")) >= 0`, sc.Config)
	if qerr != nil {
		t.Fatal(qerr)
	}
	s, err := engine.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	s.RunUntil(5100 * engine.Millisecond) // one is under way
	s.Drain()
	w := query.NewWorld(s, q)
	s.RunUntil(6 * engine.Second)
	w.Observe(s.Drain())
	if ok, err := q.Eval(w); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

func builtin(t *testing.T, name string) []byte {
	t.Helper()
	src, ok := scenario.Builtin(name)
	if !ok {
		t.Fatal("there is no scenario ", name)
	}
	return src
}
