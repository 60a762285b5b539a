package trace_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/trace"
)

// TestLines plays the scripts under testdata: a template, and the first lines
// of its trace of each kind that it has.
func TestLines(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			sc, err := scenario.Read("t.yaml", []byte(d.Input), scenario.Options{})
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			s, err := engine.New(sc.Config)
			if err != nil {
				t.Fatal(err)
			}
			s.RunUntil(sc.Config.For)
			events := s.Drain()
			seen := map[engine.Kind]bool{}
			var b strings.Builder
			for i := range events {
				if e := &events[i]; !seen[e.Kind] {
					seen[e.Kind] = true
					fmt.Fprintf(&b, "%s\n", trace.AppendJSON(nil, s, e))
				}
			}
			return b.String()
		})
	})
}

// TestNoAllocationForPlainLines keeps the writing of a trace as fast as the run
// that it tells.
func TestNoAllocationForPlainLines(t *testing.T) {
	src, _ := scenario.Builtin("calm-stream")
	sc, err := scenario.Read("calm-stream", src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := engine.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	s.RunUntil(5 * engine.Second)
	events := s.Drain()
	buf := make([]byte, 0, 1<<16)
	if n := testing.AllocsPerRun(20, func() {
		for i := range events {
			buf = trace.AppendJSON(buf[:0], s, &events[i])
		}
	}); n > 0 {
		t.Errorf("writing %d lines allocates %.0f times", len(events), n)
	}
}
