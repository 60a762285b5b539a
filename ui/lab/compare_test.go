package lab

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
)

// The comparison of the design: run 2 splits failing batches and gives up after two
// retries, run 1 was not touched.
func TestCompareFrame(t *testing.T) {
	m := lab(t, builtin(t, "poison-record"), 160, 50, 40*engine.Second)
	m.tl.Seek(6900 * engine.Millisecond)
	m.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BisectBatchOnFunctionError", Value: engine.BoolValue(true)})
	m.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.MaximumRetryAttempts", Value: engine.IntValue(2)})
	m.tl.Seek(40 * engine.Second)
	m.HandleKey(keyPress("c"))
	golden(t, "compare-160x50.txt", m.text())
	m.w, m.h = 110, 36
	golden(t, "compare-110x36.txt", m.text())
	jobs := lab(t, builtin(t, "batch-mates"), 160, 50, 17*engine.Second)
	jobs.Do(engine.Command{Op: engine.OpSet, Target: "WorkJobs.ReportBatchItemFailures", Value: engine.BoolValue(true)})
	jobs.tl.Seek(58 * engine.Second)
	jobs.HandleKey(keyPress("c"))
	golden(t, "compare-batch-mates-160x50.txt", jobs.text())
}

// Runs that were forked and changed: "no difference" stands only where their traces are
// the same, and where these differ, the first difference is found.
func TestNoDifferenceOnlyWhereThereIsNone(t *testing.T) {
	t.Parallel()
	for i, name := range scenario.Names() {
		if testing.Short() && i%5 > 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(5, uint64(i)))
			m := lab(t, builtin(t, name), 160, 50, 0)
			end := min(m.sim().Config().For, 60*engine.Second)
			for range 4 {
				m.tl.Seek(engine.Micros(rnd.Int64N(int64(end) / 2)))
				m.tl.Branch()
				for range rnd.IntN(3) {
					m.tl.Do(anyCommand(m.sim(), rnd))
					m.tl.Seek(m.tl.Now() + engine.Micros(rnd.Int64N(int64(end)/8)))
				}
				m.tl.Seek(end)
				for _, other := range append(m.otherRuns(), m.tl.Baseline()) {
					s := &compareDialog{m: m, other: other}
					s.look()
					s.findFirst()
					same := trace(m.tl.Run) == trace(other)
					if said := s.c.Sentence == "no difference"; said && !same {
						t.Fatalf("%s and %s differ, but the comparison says %q", m.tl.Name(), other.Name(), s.c.Sentence)
					}
					if s.first.found && same {
						t.Fatalf("the traces are the same, but %q and %q differ at %s", s.first.a.text, s.first.b.text, s.first.at)
					}
					c := inspect.Compare(other, m.tl.Run, 0)
					if c.Same != s.c.Same {
						t.Fatal("the other way round it is another answer")
					}
				}
				m.tl.Alone()
			}
		})
	}
}

// n goes to the next instant at which the two runs do not do the same, N to the one
// before: the same instants on the way there and back.
func TestNextDifference(t *testing.T) {
	m := lab(t, builtin(t, "poison-record"), 160, 50, 0)
	m.tl.Seek(6900 * engine.Millisecond)
	m.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BisectBatchOnFunctionError", Value: engine.BoolValue(true)})
	m.tl.Seek(2 * engine.Second)
	m.tl.Seek(6950 * engine.Millisecond)
	m.HandleKey(keyPress("c"))
	press := func(key string) engine.Micros {
		t.Helper()
		m.HandleKey(keyPress(key))
		m.text()
		return m.tl.Now()
	}
	var there []engine.Micros
	for range 8 {
		there = append(there, press("n"))
	}
	if there[0] != 7200*engine.Millisecond {
		t.Errorf("the first difference is at %s", there[0])
	}
	a, b := map[engine.Micros]string{}, map[engine.Micros]string{}
	for r, out := range map[*timeline.Run]map[engine.Micros]string{m.tl.Run: a, m.dialogs.Top().(*compareDialog).other: b} {
		for _, d := range (&compareDialog{m: m}).did(r, 0) {
			out[d.at] = fmt.Sprint(d.what)
		}
	}
	for i, at := range there {
		if a[at] == b[at] {
			t.Errorf("at %s both do %s", at, a[at])
		}
		for k := range a {
			if i > 0 && k > there[i-1] && k < at && a[k] != b[k] {
				t.Errorf("the difference at %s is passed over", k)
			}
		}
	}
	for i := len(there) - 2; i >= 0; i-- {
		if at := press("N"); at != there[i] {
			t.Errorf("on the way back it stops at %s, not at %s", at, there[i])
		}
	}
	if at := press("N"); at != there[0] || !strings.Contains(m.text(), "no difference before this") {
		t.Errorf("before the first difference it stands at %s:\n%s", at, m.text())
	}
	m = lab(t, builtin(t, "poison-record"), 160, 50, 0)
	m.HandleKey(keyPress("c"))
	if at := press("n"); at != 0 || !strings.Contains(m.text(), "no difference after this") {
		t.Errorf("with no difference it goes to %s:\n%s", at, m.text())
	}
}

// trace is what happened in a run, but for its commands.
func trace(r *timeline.Run) string {
	var b strings.Builder
	r.Replay(0, func(_ *engine.Sim, e *engine.Event) bool {
		if e.Applied == nil {
			fmt.Fprintln(&b, e.At, e.Kind, e.Mapping, e.Shard, e.Lane, e.Queue, e.Poller, e.Batch, e.Attempt, e.Outcome, e.Records, e.Failed, e.Record)
		}
		return true
	})
	return b.String()
}

// w explains the first difference by the rules of both lines, and esc leads back to the
// comparison.
func TestWhyRunsDiffer(t *testing.T) {
	m := lab(t, builtin(t, "poison-record"), 160, 50, 0)
	m.tl.Seek(6900 * engine.Millisecond)
	m.Do(engine.Command{Op: engine.OpSet, Target: "ShipOrders.BisectBatchOnFunctionError", Value: engine.BoolValue(true)})
	m.tl.Seek(40 * engine.Second)
	m.HandleKey(keyPress("c"))
	m.text()
	m.HandleKey(keyPress("w"))
	for _, want := range []string{"Why they differ", "A  batch 4 failed: split", "B  batch 4 failed, try 1", "MAP-BISECT-1", "MAP-RETRY-2"} {
		if text := m.text(); !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	m.HandleKey(keyPress("esc"))
	if text := m.text(); !strings.Contains(text, "6 First they differ") || strings.Contains(text, "Why they differ") {
		t.Errorf("esc does not lead back to the comparison:\n%s", text)
	}
}
