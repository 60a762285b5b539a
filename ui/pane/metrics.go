package pane

import (
	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// Metrics draws pane 7: small charts of the newest buckets of time, and what
// became of the records.
func Metrics(c *Ctx, k Look) Body {
	b := Body{Title: "7 Metrics"}
	chart := &c.Trail.Charts[c.M]
	n := max(8, min(40, k.W-30))
	buckets := chart.Last(c.S.Now(), n)
	f := c.function()
	rows := []struct {
		name, value string
		of          func(*timeline.Bucket) int64
		top         int64
	}{
		{"IteratorAge max", Secs(c.mapping().MaxIteratorAge), func(b *timeline.Bucket) int64 { return int64(b.Age) }, int64(engine.Second)},
		{"Errors", kit.Thousands(int(f.Errors)), func(b *timeline.Bucket) int64 { return b.Errors }, 4},
		{"Invocations", kit.Thousands(int(f.Invocations)), func(b *timeline.Bucket) int64 { return b.Invocations }, 4},
		{"Throttles", kit.Thousands(int(f.Throttles)), func(b *timeline.Bucket) int64 { return b.Throttles }, 4},
	}
	values := make([]int64, n)
	for _, r := range rows {
		top := r.top
		for i := range buckets {
			values[i] = r.of(&buckets[i])
			top = max(top, values[i])
		}
		b.add(-1, line(c, k.W, false).Text(r.name).To(18).Add(kit.Info, kit.Spark(values, top)).Text("  ").Add(kit.Strong, r.value).String())
	}
	t := c.Totals()
	if k.H >= 8 {
		b.add(-1, kit.Blanks(k.W))
	}
	b.add(-1, line(c, k.W, false).Text("records put").Right(kit.Strong, kit.Thousands(int(t.Put)), 26).String())
	b.add(-1, line(c, k.W, false).Text("  done "+kit.Thousands(int(t.Done))+"  batch "+itoa(int(t.Batch))+"  wait "+kit.Thousands(int(t.Wait))).String())
	given := kit.Plain
	if t.Discarded > 0 {
		given = kit.Bad
	}
	last := line(c, k.W, false).Text("  ").Add(given, "discarded "+kit.Thousands(int(t.Discarded))).Text("  lost " + kit.Thousands(int(t.Lost)))
	if t.Rejected > 0 {
		last.Text("  rejected " + kit.Thousands(int(t.Rejected)))
	}
	b.add(-1, last.String())
	if len(b.Rows) > k.H {
		b.Rows, b.Things = b.Rows[:max(0, k.H)], b.Things[:max(0, k.H)]
	}
	return b
}

// Totals is what became of the records of a mapping's stream.
type Totals struct{ Put, Done, Batch, Wait, Discarded, Lost, Rejected int64 }

// Totals counts the records of the mapping shown.
func (c *Ctx) Totals() Totals { return TotalsOf(c.S, c.M) }

// TotalsOf counts the records of mapping m.
func TotalsOf(s *engine.Sim, m int) Totals {
	states := s.Mappings[m].Counts.States
	t := Totals{Put: int64(s.Streams[s.SourceOf(m)].Records.Len()), Done: states[engine.StateDone] + states[engine.StateFiltered],
		Discarded: states[engine.StateDiscarded], Lost: states[engine.StateExpired] + states[engine.StateMissed], Rejected: states[engine.StateRejected]}
	for i := range s.Mappings[m].Iterators {
		for k := range s.Mappings[m].Iterators[i].Lanes {
			for _, p := range s.Mappings[m].Iterators[i].Lanes[k].Parts {
				t.Batch += int64(p.Hi - p.Lo)
			}
		}
	}
	t.Wait = t.Put - t.Done - t.Batch - t.Discarded - t.Lost - t.Rejected
	return t
}
