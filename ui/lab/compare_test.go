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
						t.Fatalf("the traces are the same, but %q and %q differ at %s", s.first.a, s.first.b, s.first.at)
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
