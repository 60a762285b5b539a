package pane

import (
	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// Metrics draws pane 7: small charts of the newest buckets of time, and what
// became of the records.
func Metrics(c *Ctx, k Look) Body {
	if c.OnQueue() {
		return QueueMetrics(c, k)
	}
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

// QueueMetrics draws pane 7 where the source is a queue.
func QueueMetrics(c *Ctx, k Look) Body {
	b := Body{Title: "7 Metrics"}
	q, f := c.queue(), c.function()
	n := max(8, min(40, k.W-30))
	buckets := c.Trail.Charts[c.M].Last(c.S.Now(), n)
	value := func(name, v string) {
		b.add(-1, line(c, k.W, false).Text(name).To(21+n+2).Add(kit.Strong, v).String())
	}
	spark := func(name string, total int64, of func(*timeline.Bucket) int64) {
		values, top := make([]int64, n), int64(4)
		for i := range buckets {
			values[i] = of(&buckets[i])
			top = max(top, values[i])
		}
		b.add(-1, line(c, k.W, false).Text(name).To(21).Add(kit.Info, kit.Spark(values, top)).To(21+n+2).Add(kit.Strong, kit.Thousands(int(total))).String())
	}
	value("…MessagesVisible", kit.Thousands(int(q.Visible)))
	value("…MessagesNotVisible", kit.Thousands(int(q.InFlight)))
	value("…AgeOfOldestMessage", Dur(c.S.Oldest(c.S.QueueOf(c.M))/engine.Second*engine.Second))
	spark("Errors", f.Errors, func(b *timeline.Bucket) int64 { return b.Errors })
	if k.H >= 8 {
		b.add(-1, kit.Blanks(k.W))
	}
	b.add(-1, line(c, k.W, false).Text("messages sent").Right(kit.Strong, kit.Thousands(int(q.Sent)), 26).String())
	b.add(-1, line(c, k.W, false).Text("  deleted "+kit.Thousands(int(q.Deleted+q.Filtered))+"  in flight "+kit.Thousands(int(q.InFlight))).String())
	last := line(c, k.W, false).Text("  ")
	if q.DeadLetterQueue != "" {
		style := kit.Plain
		if q.Moved > 0 {
			style = kit.Bad
		}
		last.Add(style, "in "+q.DeadLetterQueue+" "+kit.Thousands(len(c.deadLetters()))).Text("  ")
	}
	b.add(-1, last.Text("lost "+kit.Thousands(int(q.Expired))).String())
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
	if qi := s.QueueOf(m); qi >= 0 {
		q := &s.Queues[qi]
		return Totals{Put: q.Sent, Done: q.Deleted + q.Filtered, Batch: int64(q.InFlight), Wait: int64(q.Visible + q.Delayed), Discarded: q.Moved, Lost: q.Expired, Rejected: q.Rejected}
	}
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
