package pane

import (
	"strings"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/plot"
)

// chart is a plot of pane 7: what one figure was over time.
type chart struct {
	about Subject
	name  string // in front of its ticks
	head  string // above it, where there is room
	draw  func(a *plot.Area, s plot.Scale)
	most  int64 // the largest value
	time  bool  // values are times
	calls bool  // a row is one call
	rows  int
}

// drawMetrics draws pane 7: the age of what is not finished and how much waits, over
// time, and what became of the records or messages. Where there is room, also the calls.
func drawMetrics(c *Ctx, k ViewState) Body {
	b := Body{Title: "7 Metrics", Aside: c.metricsAside(), Legend: c.metricsLegend()}
	if k.H < 1 {
		return b
	}
	charts := c.charts(&k)
	large := k.H >= 20
	texts := c.metricTexts(&k, large)
	room := k.H
	if k.H > 2 {
		room-- // the axis
	}
	switch {
	case k.H < 5:
		texts = nil
	case k.H < 28:
		texts = texts[:1+btoi(large)]
	}
	room -= len(texts)
	switch {
	case large:
		room -= 3
		charts[2].rows = 3
		charts[0].rows = (room - 3) * 3 / 5
		charts[1].rows = room - 3 - charts[0].rows
	case room >= 5:
		charts[1].rows = room / 3
		charts[0].rows = room - charts[1].rows
		charts = charts[:2]
	default:
		charts[0].rows = room
		charts = charts[:1]
	}
	list := make([]Subject, 0, 8)
	for i := range charts {
		list = append(list, charts[i].about)
	}
	for i := range texts {
		list = append(list, texts[i].about)
	}
	b.list(&k, nil, list, nil)
	for i := range charts {
		c.chart(&b, &k, &charts[i], large)
	}
	if k.H > 2 {
		l := line(c, k.W, false).PadTo(k.Axis.Gutter - 1)
		k.Axis.plot().Row(l, int64(c.S.Now()), micros(c.Commands), int64(c.End))
		b.add(Subject{}, l.String())
	}
	for _, t := range texts {
		b.item(t.about, line(c, k.W, k.Sel == t.about).Text(kit.Pick(k.W-2, t.texts...)).String())
	}
	b.Count = b.drawn
	return b
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func micros(list []engine.Micros) []int64 {
	out := make([]int64, len(list))
	for i := range list {
		out[i] = int64(list[i])
	}
	return out
}

// gridRows is the height from which on a chart has a line at each tick.
const gridRows = 7

// chart adds the rows of a chart.
func (c *Ctx) chart(b *Body, k *ViewState, x *chart, headed bool) {
	if x.rows < 1 || k.Axis.Cells < 1 {
		return
	}
	selected := k.Sel == x.about
	if headed {
		b.add(x.about, line(c, k.W, selected).Text(x.head).String())
		selected = false
	}
	unit, name := int64(1), ""
	if x.time {
		unit, name = plot.Unit(x.most)
		name = " " + name
	}
	least := unit
	if x.time {
		least = max(1, unit/10)
	}
	s := plot.ScaleOf(x.most, x.rows, least)
	if x.calls && s.Top < int64(x.rows) {
		s = plot.Scale{Top: int64(x.rows), Step: 1}
	}
	a := plot.New(k.Axis.Cells, x.rows)
	x.draw(a, s)
	named, wide := false, k.Axis.Gutter >= 12
	if !wide && !headed {
		a.Label(1, x.name, kit.Dim)
	}
	a.Upright(k.Axis.plot().Col(int64(c.S.Now())), kit.Info)
	for r := range x.rows {
		if _, ok := s.Tick(r, x.rows); ok && x.rows >= gridRows && !x.calls {
			a.Level(r, kit.Rule)
		}
	}
	for r := range x.rows {
		l := line(c, k.W, selected)
		selected = false
		v, ok := s.Tick(r, x.rows)
		if x.calls {
			v = int64(x.rows-r) * s.Top / int64(x.rows)
			ok = r == 0 || r == x.rows-1 && s.Top == int64(x.rows)
		}
		switch {
		case ok:
			text := plot.Decimal(v, unit)
			if v == s.Top && !headed {
				text += name
			}
			if mid := x.rows < 4 && r == 0 || x.rows >= 4 && r > 0; wide && !headed && mid && !named {
				text, named = x.name+" "+text, true
			}
			l.Right(kit.Dim, text, k.Axis.Gutter-2).PadTo(k.Axis.Gutter-1).Add(kit.Rule, "┤")
		default:
			l.PadTo(k.Axis.Gutter-1).Add(kit.Rule, "│")
		}
		a.Row(r, l)
		if r == 0 && !headed {
			b.item(x.about, l.String())
		} else {
			b.add(x.about, l.String())
		}
	}
	if headed {
		b.drawn++
	}
}

// series is what one figure was over time, a value for each dot of an axis, and the
// largest of them.
type series struct {
	values []int64
	most   int64
}

// over gives a figure at each dot of the axis up to now.
func (c *Ctx) over(x plot.Axis, of func(cell int, at int64) int64) series {
	out := series{values: make([]int64, 2*x.N)}
	width, now := int64(c.History.CellWidth(c.M)), int64(c.S.Now())
	for i := range out.values {
		at := x.Dot(i)
		if at > now || at < 0 {
			out.values[i] = plot.None
			continue
		}
		v := of(int(at/width), at)
		out.values[i], out.most = v, max(out.most, v)
	}
	return out
}

// line draws the figure as a line, or as blocks where there are too few rows for one.
func (s series) line(a *plot.Area, top int64) {
	if a.H() < 3 {
		a.Blocks(s.values, top, kit.Info)
	} else {
		a.Line(s.values, top, kit.Info)
	}
}

// charts are the plots of the mapping shown: ages, what waits, calls.
func (c *Ctx) charts(k *ViewState) []chart {
	x := k.Axis.plot()
	gauges := c.History.Gauges(c.S, c.M)
	ages := c.over(x, func(cell int, at int64) int64 {
		if g := &gauges[cell]; g.Oldest != engine.Never {
			return max(0, at-int64(g.Oldest))
		}
		return 0
	})
	age := chart{name: "age", most: ages.most, time: true, about: Subject{Kind: KindMetric, Name: "IteratorAge"}}
	age.draw = func(a *plot.Area, s plot.Scale) { ages.line(a, s.Top) }
	if c.OnQueue() {
		age.about = Subject{Kind: KindFigure, Name: "oldest"}
		_, unit := plot.Unit(age.most)
		age.head = "ApproximateAgeOfOldestMessage, in " + unit
		visible := c.over(x, func(cell int, _ int64) int64 { return int64(gauges[cell].Waits) })
		hidden := c.over(x, func(cell int, _ int64) int64 { return int64(gauges[cell].Hidden) })
		return []chart{age, {name: "msgs", head: "messages: visible or delayed line, in flight dots", about: Subject{Kind: KindFigure, Name: "visible"},
			most: max(visible.most, hidden.most), draw: pair(visible, hidden)}, c.callChart(x)}
	}
	marks := c.callMarks(x)
	for i := range marks {
		age.most = max(age.most, marks[i].age)
	}
	_, unit := plot.Unit(age.most)
	age.head = "IteratorAge, and the age of the oldest record not finished, in " + unit
	age.draw = func(a *plot.Area, s plot.Scale) {
		ages.line(a, s.Top)
		for i := range marks {
			if m := &marks[i]; a.H() >= 3 {
				a.Mark(m.col, m.age, s.Top, m.sign, m.style)
			}
		}
	}
	waits := chart{name: "waits", about: Subject{Kind: KindFigure, Name: "put"}, head: "records that wait"}
	if lanes := c.History.Lanes(c.M); k.H >= 20 && len(lanes) > 1 {
		waits.head, waits.draw, waits.most = c.waitsByShard(x, lanes)
	} else {
		all := c.over(x, func(cell int, _ int64) int64 { return int64(gauges[cell].Waits) })
		waits.most, waits.draw = all.most, func(a *plot.Area, s plot.Scale) { all.line(a, s.Top) }
	}
	return []chart{age, waits, c.callChart(x)}
}

// pair draws one figure as a line and another as dots, the larger one alone where there
// are too few rows for both.
func pair(first, second series) func(*plot.Area, plot.Scale) {
	return func(a *plot.Area, s plot.Scale) {
		if a.H() < 3 {
			if second.most > first.most {
				first = second
			}
			first.line(a, s.Top)
			return
		}
		first.line(a, s.Top)
		a.Dotted(second.values, s.Top, kit.Busy)
	}
}

// waitsByShard draws the records that wait: those of the shard where most wait now as a
// line, those of the others as dots.
func (c *Ctx) waitsByShard(x plot.Axis, lanes []timeline.Lane) (head string, draw func(*plot.Area, plot.Scale), most int64) {
	cells := make([][]timeline.Cell, len(lanes))
	worst := 0
	for i := range lanes {
		cells[i] = c.History.Cells(c.S, c.M, &lanes[i])
		last := len(cells[i]) - 1
		if cells[i][last].Waits > cells[worst][last].Waits {
			worst = i
		}
	}
	first := c.over(x, func(cell int, _ int64) int64 { return int64(cells[worst][cell].Waits) })
	rest := c.over(x, func(cell int, _ int64) (n int64) {
		for i := range cells {
			if i != worst {
				n += int64(cells[i][cell].Waits)
			}
		}
		return n
	})
	say := func(i int) string {
		sign, _, _ := c.Status(int(lanes[i].ID))
		return itoa(int(lanes[i].ID)) + " " + sign
	}
	others := kit.Count(len(lanes)-1, "other") + " together"
	if len(lanes) == 2 {
		others = say(1 - worst)
	}
	return "records that wait, by shard: " + say(worst) + " line  " + others + " dots", pair(first, rest), max(first.most, rest.most)
}

// callMark is a call on the chart of ages, at its IteratorAge.
type callMark struct {
	col   int
	age   int64
	sign  string
	style kit.Style
}

// callMarks are the calls of all shards, those that failed last: they stand over the
// others.
func (c *Ctx) callMarks(x plot.Axis) []callMark {
	var ok, failed []callMark
	width := int64(c.History.CellWidth(c.M))
	lanes := c.History.Lanes(c.M)
	for i := range lanes {
		for at, cell := range c.History.Cells(c.S, c.M, &lanes[i]) {
			if cell.Try == 0 {
				continue
			}
			switch col, age := x.Col(int64(at)*width), int64(cell.Age)*1000; {
			case col < 0 || col >= x.N:
			case cell.Did&timeline.DidFail != 0:
				failed = append(failed, callMark{col, age, "X", kit.Bad})
			default:
				ok = append(ok, callMark{col, age, "●", kit.Good})
			}
		}
	}
	return append(ok, failed...)
}

// callChart is the chart of calls: a bar for each second, or for as long as two columns
// are, of those that were ok and over them those that failed.
func (c *Ctx) callChart(x plot.Axis) chart {
	buckets := &c.History.Charts[c.M]
	per := max(int64(engine.Second), int64(buckets.Width))
	for per*int64(x.N) < 2*(x.To-x.From) {
		per *= 2
	}
	ok, failed := map[int64]int64{}, map[int64]int64{}
	out := chart{name: "calls", calls: true, about: Subject{Kind: KindMetric, Name: "Invocations"}, head: "calls in each " + each(engine.Micros(per)) + ": ▓ ok  X failed"}
	for i := range buckets.Buckets.Len() {
		b := buckets.Buckets.At(i)
		n := int64(i) * int64(buckets.Width) / per
		ok[n] += b.Invocations - b.Failed
		failed[n] += b.Failed
		out.most = max(out.most, ok[n]+failed[n])
	}
	out.draw = func(a *plot.Area, s plot.Scale) {
		for n := x.From / per; n*per < x.To && n*per <= int64(c.S.Now()); n++ {
			from, to, seen := x.Span(n*per, (n+1)*per)
			if to-from > 2 {
				to--
			}
			level := func(v int64) int { return int((v*int64(a.H()) + s.Top - 1) / s.Top) }
			bad, all := level(failed[n]), level(ok[n]+failed[n])
			for r := 0; seen && r < all; r++ {
				sign, style := "X", kit.Bad
				if r >= bad {
					sign, style = "▓", kit.Busy
				}
				for col := from; col < to; col++ {
					a.Put(col, a.H()-1-r, sign, style)
				}
			}
		}
	}
	return out
}

func each(d engine.Micros) string {
	if d == engine.Second {
		return "second"
	}
	return Dur(d)
}

// metricText is a row of figures, in fewer and fewer words.
type metricText struct {
	about Subject
	texts []string
}

// metricTexts are the rows below the charts: large charts have one about now, and, where
// there is more room, one for each count that can be explained.
func (c *Ctx) metricTexts(k *ViewState, large bool) []metricText {
	n := func(v int64) string { return kit.Thousands(int(v)) }
	f, t := c.function(), c.Totals()
	metric := func(name string) Subject { return Subject{Kind: KindMetric, Name: name} }
	figure := func(name string) Subject { return Subject{Kind: KindFigure, Name: name} }
	var out []metricText
	text := func(about Subject, texts ...string) { out = append(out, metricText{about, texts}) }
	busy := c.functionConfig().ID + " " + itoa(int(f.Running)) + " of " + itoa(c.atOnce())
	if c.OnQueue() {
		q, dead := c.queue(), ""
		if q.DeadLetterQueue != "" {
			dead = " + in " + q.DeadLetterQueue + " " + n(t.Discarded)
		}
		if large {
			text(figure("in flight"), "at ┊ "+Secs(c.S.Now())+"   oldest "+Secs(c.S.Oldest(c.S.QueueOf(c.M)))+"   visible "+n(int64(q.Visible))+"   in flight "+n(int64(q.InFlight))+"   "+busy)
		}
		parts := " deleted " + n(t.Done) + " + in flight " + n(t.Batch) + " + visible " + n(t.Wait) + dead + " + lost " + n(t.Lost)
		if t.Put != t.Done+t.Batch+t.Wait+t.Discarded+t.Lost { // messages also came or went another way
			parts = strings.ReplaceAll(parts, " + ", ", ")
		} else {
			parts = " =" + parts
		}
		text(figure("sent"), "messages sent "+n(t.Put)+parts, "sent "+n(t.Put)+parts, "sent "+n(t.Put)+", deleted "+n(t.Done)+", in flight "+n(t.Batch), "deleted "+n(t.Done)+" of "+n(t.Put))
		text(figure("deleted"), "messages deleted "+n(t.Done))
		text(figure("dead"), "moved to the DLQ "+n(t.Discarded)+", lost "+n(t.Lost))
	} else {
		if large {
			at := "at ┊ " + Secs(c.S.Now()) + "   oldest " + Secs(c.oldest())
			if lanes := c.History.Lanes(c.M); len(lanes) <= 8 {
				for i := range lanes {
					n, _ := Waiting(c.S, c.M, int(lanes[i].ID))
					at += [2]string{" + ", "   waits "}[btoi(i == 0)] + itoa(n)
				}
			}
			text(metric("Invocations"), at+"   "+busy)
			out[0].about = metric("Errors")
		}
		parts := " done " + n(t.Done) + " + in batches " + n(t.Batch) + " + waiting " + n(t.Wait) + " + given up " + n(t.Discarded) + " + lost " + n(t.Lost)
		if t.Rejected > 0 {
			parts += " + rejected " + n(t.Rejected)
		}
		text(figure("done"), "records put "+n(t.Put)+" ="+parts, "put "+n(t.Put)+" ="+strings.ReplaceAll(parts, "in batches", "batch"),
			"put "+n(t.Put)+" = done "+n(t.Done)+" + batch "+n(t.Batch)+" + wait "+n(t.Wait)+" …", "done "+n(t.Done)+" of "+n(t.Put)+", wait "+n(t.Wait))
		text(figure("discarded"), "given up "+n(t.Discarded)+", lost "+n(t.Lost))
	}
	if !c.OnQueue() {
		text(metric("Throttles"), "throttles "+n(f.Throttles))
		return out
	}
	text(metric("Errors"), "errors "+n(f.Errors))
	return out
}

// oldest is the age of the oldest record that is not finished.
func (c *Ctx) oldest() (age engine.Micros) {
	for i := range c.stream().Shards {
		age = max(age, c.S.Age(c.M, i))
	}
	return age
}

// metricsAside are the counts that stand beside the title.
func (c *Ctx) metricsAside() string {
	f, n := c.function(), func(v int64) string { return kit.Thousands(int(v)) }
	text := "errors " + n(f.Errors) + " · invocations " + n(f.Invocations) + " · throttles " + n(f.Throttles)
	if c.OnQueue() {
		return "oldest " + Secs(c.S.Oldest(c.S.QueueOf(c.M))) + " · " + text
	}
	return "IteratorAge max " + Secs(c.mapping().MaxIteratorAge) + " · " + text
}

func (c *Ctx) metricsLegend() string {
	if c.OnQueue() {
		return "age: of the oldest message   msgs: ⣀ visible  ⠂ in flight   + your command"
	}
	return "line: age of the oldest record not finished   ● IteratorAge of a call   X of one that failed"
}

// Totals counts what became of the records or messages of a mapping's source.
type Totals struct{ Put, Done, Batch, Wait, Discarded, Lost, Rejected int64 }

// Totals gives the totals of the mapping shown.
func (c *Ctx) Totals() Totals { return TotalsOf(c.S, c.M) }

// TotalsOf gives the totals of mapping m.
func TotalsOf(s *engine.Sim, m int) Totals {
	if qi := s.QueueOf(m); qi >= 0 {
		q := &s.Queues[qi]
		first := int64(q.Put.Len()) - q.States[engine.StateRejected] - q.States[engine.StateDeduplicated]
		back := min(q.Moved, max(0, q.Sent-first)) // a redrive sent them once more, and they are no longer in the DLQ
		return Totals{Put: q.Sent - back, Done: q.Deleted + q.Filtered, Batch: int64(q.InFlight), Wait: int64(q.Visible + q.Delayed), Discarded: q.Moved - back, Lost: q.Expired, Rejected: q.Rejected}
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
