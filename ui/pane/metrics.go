package pane

import (
	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// figure is a row of pane 7: a chart of the newest buckets of time, or counts.
type figure struct {
	Name string // what inspect calls it
	head string // the text before the chart; without a chart the whole row
	of   func(*timeline.Bucket) int64
	top  int64 // the value of a full bar, unless a bucket has more
	own  bool  // of the queue, not of its mapping
	// value is at the end of the row; bad: it is shown as bad news.
	value string
	bad   bool
}

// subject is what the row of a figure is about.
func (f *figure) subject() Subject {
	if f.of != nil && !f.own {
		return Subject{Kind: KindMetric, Name: f.Name}
	}
	return Subject{Kind: KindFigure, Name: f.Name}
}

func (c *Ctx) figures() []figure {
	f := c.function()
	n := func(v int64) string { return kit.Thousands(int(v)) }
	errors := figure{Name: "Errors", head: "Errors", of: func(b *timeline.Bucket) int64 { return b.Errors }, top: 4, value: n(f.Errors)}
	if c.OnQueue() {
		q := c.queue()
		dead := ""
		if q.DeadLetterQueue != "" {
			dead = "in " + q.DeadLetterQueue + " " + kit.Thousands(len(c.deadLetters())) + "  "
		}
		return []figure{
			{Name: "visible", own: true, head: "…MessagesVisible", of: func(b *timeline.Bucket) int64 { return b.Visible }, top: 4, value: n(int64(q.Visible))},
			{Name: "in flight", own: true, head: "…MessagesNotVisible", of: func(b *timeline.Bucket) int64 { return b.NotVisible }, top: 4, value: n(int64(q.InFlight))},
			{Name: "oldest", own: true, head: "…AgeOfOldestMessage", of: func(b *timeline.Bucket) int64 { return int64(b.Age) }, top: int64(engine.Second), value: Dur(c.S.Oldest(c.S.QueueOf(c.M)) / engine.Second * engine.Second)},
			errors,
			{Name: "sent", head: "messages sent", value: n(q.Sent)},
			{Name: "deleted", head: "  deleted " + n(q.Deleted+q.Filtered) + "  in flight " + n(int64(q.InFlight))},
			{Name: "dead", head: "  " + dead + "lost " + n(q.Expired), bad: q.Moved > 0},
		}
	}
	t := c.Totals()
	last := "  discarded " + n(t.Discarded) + "  lost " + n(t.Lost)
	if t.Rejected > 0 {
		last += "  rejected " + n(t.Rejected)
	}
	return []figure{
		{Name: "IteratorAge", head: "IteratorAge max", of: func(b *timeline.Bucket) int64 { return int64(b.Age) }, top: int64(engine.Second), value: Secs(c.mapping().MaxIteratorAge)},
		errors,
		{Name: "Invocations", head: "Invocations", of: func(b *timeline.Bucket) int64 { return b.Invocations }, top: 4, value: n(f.Invocations)},
		{Name: "Throttles", head: "Throttles", of: func(b *timeline.Bucket) int64 { return b.Throttles }, top: 4, value: n(f.Throttles)},
		{Name: "put", head: "records put", value: n(t.Put)},
		{Name: "done", head: "  done " + n(t.Done) + "  batch " + n(t.Batch) + "  wait " + n(t.Wait)},
		{Name: "discarded", head: last, bad: t.Discarded > 0},
	}
}

// drawMetrics draws pane 7: small charts of the newest buckets of time, and counts
// of what became of the records or messages.
func drawMetrics(c *Ctx, k ViewState) Body {
	list := c.figures()
	b := Body{Title: "7 Metrics"}
	shown := matching(len(list), "", nil)
	b.list(&k, nil, subjects(shown, func(i int) Subject { return list[i].subject() }), nil)
	const charts = 4 // the first rows; a blank row follows if there is room
	n := max(8, min(40, k.W-30))
	at, gap := 18, 0
	if c.OnQueue() {
		at = 21
	}
	if k.H > len(list) {
		gap = 1
	}
	buckets := c.History.Last(c.S, c.M, n)
	values := make([]int64, n)
	for i, _ := b.scroll(&k, k.H-gap); i < len(list) && len(b.Rows) < k.H; i++ {
		r, about := &list[i], list[i].subject()
		if i == charts && gap > 0 {
			b.add(Subject{}, kit.Blanks(k.W))
		}
		l := line(c, k.W, k.Sel == about)
		style := kit.Plain
		if r.bad {
			style = kit.Bad
		}
		l.Add(style, r.head)
		if r.of != nil {
			top := r.top
			for i := range buckets {
				values[i] = r.of(&buckets[i])
				top = max(top, values[i])
			}
			l.PadTo(at).Add(kit.Info, kit.Spark(values, top))
		}
		switch {
		case i < charts:
			l.PadTo(at+n+2).Add(kit.Strong, r.value)
		case r.value != "":
			l.Right(kit.Strong, r.value, 26)
		}
		b.item(about, l.String())
	}
	return b
}

// Totals counts what became of the records or messages of a mapping's source.
type Totals struct{ Put, Done, Batch, Wait, Discarded, Lost, Rejected int64 }

// Totals gives the totals of the mapping shown.
func (c *Ctx) Totals() Totals { return TotalsOf(c.S, c.M) }

// TotalsOf gives the totals of mapping m.
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
