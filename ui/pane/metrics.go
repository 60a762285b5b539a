package pane

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/cost"
	"esmlab/engine/narrate"
	"esmlab/ui/kit"
	"esmlab/ui/plot"
)

// chart is a plot of pane 7: what one figure was over time.
type chart struct {
	about Subject
	name  string // in front of its ticks
	head  string // above it, where there is room
	now   string // its value now, beside the head
	draw  func(a *plot.Area, s plot.Scale)
	most  int64 // the largest value
	time  bool  // values are times
	calls bool  // a row is one call
	rows  int
}

// drawMetrics draws pane 7: the age of what is not finished and how much waits, over
// time, and what became of the records or messages. Where there is room, also the calls
// and whatever else shows why: the more room, the more charts, all with one axis.
func drawMetrics(c *Ctx, k ViewState) Body {
	signs := c.metricsLegends()
	b := Body{Title: "7 Metrics", Aside: c.metricsAside(), Legend: k.legend(signs...), Short: signs[1:]}
	if k.H < 1 {
		return b
	}
	charts := c.charts(&k)
	large := k.H >= largeMetrics
	texts := c.metricTexts(&k)
	room := k.H
	if k.H > 2 {
		room-- // the axis
	}
	switch {
	case k.H < 5:
		texts = nil
	case k.H < 28: // one row, with what it cost where it is wide enough
		first, bill := texts[0], texts[len(texts)-1]
		first.texts = append([]string{first.texts[0] + "   " + bill.texts[0]}, first.texts...)
		texts = []metricText{first}
	}
	room -= len(texts)
	switch {
	case large:
		charts = shareRows(charts, room)
	case room >= 5:
		charts[1].rows = room / 3
		charts[0].rows = room - charts[1].rows
		charts = charts[:2]
	default:
		charts[0].rows = room
		charts = charts[:1]
	}
	list := make([]Subject, 0, 12)
	for i := range charts {
		list = append(list, charts[i].about)
	}
	for i := range texts {
		if slices.Contains(list, texts[i].about) { // a chart is about it already
			texts[i].about = Subject{}
		} else {
			list = append(list, texts[i].about)
		}
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
		text := line(c, k.W, t.about != Subject{} && k.Sel == t.about).Text(kit.Pick(k.W-2, t.texts...)).String()
		if b.add(t.about, text); t.about != (Subject{}) {
			b.drawn++
		}
	}
	b.Count = b.drawn
	return b
}

// largeMetrics is the height from which on each chart has a head.
const largeMetrics = 20

// shareRows shares rows among as many charts as can be read in them, heads included: each
// has three, those before others grow first.
func shareRows(charts []chart, rows int) []chart {
	n := min(len(charts), max(3, rows/6))
	charts = charts[:n]
	rows -= n
	for i := range charts {
		charts[i].rows = 3
		rows -= 3
	}
	weights := [...]int{5, 4, 1, 3, 1, 2, 1}
	full := func(x *chart) bool { // what more rows would add nothing to: nothing but 0, or a count with a row between any two values
		return x.most == 0 || !x.time && !x.calls && x.most < int64(x.rows)/2
	}
	for rows > 0 {
		best, most := -1, -1
		for _, late := range [...]bool{false, true} {
			for i := range charts { // the one that has least by its weight
				if want := 1000 * weights[i] / (charts[i].rows - 2); want > most && full(&charts[i]) == late {
					best, most = i, want
				}
			}
			if best >= 0 {
				break
			}
		}
		charts[best].rows++
		rows--
	}
	return charts
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

// chartHead is the rule above a chart: what it shows, and the value now.
func (c *Ctx) chartHead(x *chart, w int, selected bool) string {
	l := line(c, w, selected).Repeat(kit.Rule, "─", 2).Text(" ").Add(kit.Plain, kit.Pick(w-8, x.head, x.name)).Text(" ")
	if n := w - l.Col() - kit.Width(x.now) - 6; x.now != "" && n > 0 {
		l.Repeat(kit.Rule, "─", n).Text(" ").Add(kit.Dim, x.now).Text(" ")
	}
	return l.Repeat(kit.Rule, "─", w-l.Col()-1).String()
}

// gridRows is the height from which on a chart has a line at each tick.
const gridRows = 3

// chart adds the rows of a chart.
func (c *Ctx) chart(b *Body, k *ViewState, x *chart, headed bool) {
	if x.rows < 1 || k.Axis.Cells < 1 {
		return
	}
	selected := k.Sel == x.about
	if headed {
		b.add(x.about, c.chartHead(x, k.W, selected))
		selected = false
	}
	unit, name := int64(1), ""
	if x.time {
		unit, name = plot.Unit(x.most)
		name = " " + name
	}
	least := unit
	if x.time { // the axis has two decimals
		least = max(1, unit/100)
	}
	if x.most == 0 {
		least = unit
	}
	s := plot.ScaleOf(x.most, x.rows, least)
	if x.calls && s.Top < int64(x.rows) {
		s = plot.Scale{Top: int64(x.rows), Step: 1}
	}
	a := plot.New(k.Axis.Cells, x.rows)
	x.draw(a, s)
	named, wide := false, k.Axis.Gutter >= 12
	if !wide && !headed {
		a.Label(0, " "+x.name+" ", kit.Dim)
	}
	a.Upright(k.Axis.plot().Col(int64(c.S.Now())), kit.Info)
	for r := range x.rows {
		if _, ok := s.Tick(r, x.rows); ok && x.rows >= gridRows && !x.calls || x.calls && headed && s.Top == int64(x.rows) {
			a.Level(r, kit.Rule) // in the chart of calls each row is one
		}
	}
	if headed {
		k.Axis.plot().Grid(a, kit.Rule)
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
			texts := []string{plot.Decimal(v, unit), ""}
			if v == s.Top && !headed { // the number matters more than its unit
				texts = []string{texts[0] + name, texts[0] + strings.TrimSpace(name), texts[0], ""}
			}
			if mid := x.rows < 4 && r == 0 || x.rows >= 4 && r > 0; wide && !headed && mid && !named {
				texts, named = append([]string{x.name + " " + texts[0]}, texts...), true
			}
			l.Right(kit.Dim, kit.Pick(k.Axis.Gutter-2-l.Col(), texts...), k.Axis.Gutter-2).PadTo(k.Axis.Gutter-1).Add(kit.Rule, "┤")
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

// metricText is a row of figures, in fewer and fewer words.
type metricText struct {
	about Subject
	texts []string
}

// metricTexts are the rows below the charts: what became of everything, and, where there is
// more room, one for each count that can be explained.
func (c *Ctx) metricTexts(k *ViewState) []metricText {
	n := func(v int64) string { return kit.Thousands(int(v)) }
	f, t := c.function(), c.Totals()
	metric := func(name string) Subject { return Subject{Kind: KindMetric, Name: name} }
	figure := func(name string) Subject { return Subject{Kind: KindFigure, Name: name} }
	var out []metricText
	filtered := func(before string) string { // what filters dropped is not done
		if t.Filtered == 0 {
			return ""
		}
		return before + "filtered " + n(t.Filtered)
	}
	text := func(about Subject, texts ...string) { out = append(out, metricText{about, texts}) }
	if c.OnQueue() {
		q, dead := c.queue(), ""
		if q.DeadLetterQueue != "" {
			dead = " + in " + q.DeadLetterQueue + " " + n(t.Discarded)
		}
		parts := " deleted " + n(t.Done) + filtered(" + ") + " + in flight " + n(t.Batch) + " + visible " + n(t.Wait) + dead + " + lost " + n(t.Lost)
		if t.Put != t.Done+t.Filtered+t.Batch+t.Wait+t.Discarded+t.Lost { // messages also came or went another way
			parts = strings.ReplaceAll(parts, " + ", ", ")
		} else {
			parts = " =" + parts
		}
		text(figure("sent"), "messages sent "+n(t.Put)+parts, "sent "+n(t.Put)+parts, "sent "+n(t.Put)+", deleted "+n(t.Done)+filtered(", ")+", in flight "+n(t.Batch), "deleted "+n(t.Done)+filtered(", ")+" of "+n(t.Put))
		text(figure("deleted"), "messages deleted "+n(t.Done)+filtered(", "))
		text(figure("dead"), "moved to the DLQ "+n(t.Discarded)+", lost "+n(t.Lost))
	} else {
		parts := " done " + n(t.Done) + filtered(" + ") + " + in batches " + n(t.Batch) + " + waiting " + n(t.Wait) + " + given up " + n(t.Discarded) + " + lost " + n(t.Lost)
		if t.Rejected > 0 {
			parts += " + rejected " + n(t.Rejected)
		}
		text(figure("done"), "records put "+n(t.Put)+" ="+parts, "put "+n(t.Put)+" ="+strings.ReplaceAll(parts, "in batches", "batch"),
			"put "+n(t.Put)+" = done "+n(t.Done)+filtered(" + ")+" + batch "+n(t.Batch)+" + wait "+n(t.Wait)+" …", "done "+n(t.Done)+filtered(", ")+" of "+n(t.Put)+", wait "+n(t.Wait), "done "+n(t.Done)+filtered(", ")+" of "+n(t.Put))
		text(figure("discarded"), "given up "+n(t.Discarded)+", lost "+n(t.Lost))
	}
	if effects := narrate.Effects(f); effects != "" {
		short, _, _ := strings.Cut(effects, ", ")
		text(metric("Effects"), effects, short)
	}
	if c.OnQueue() {
		text(metric("Errors"), "errors "+n(f.Errors))
	} else {
		text(metric("Throttles"), "throttles "+n(f.Throttles))
	}
	bill := cost.Of(c.S)
	billed := bill.Summary()
	costs := []string{"billed, all mappings: " + billed, billed}
	for i := strings.LastIndex(billed, ", "); i > 0; i = strings.LastIndex(billed[:i], ", ") {
		costs = append(costs, billed[:i])
	}
	text(figure("cost"), costs...)
	return out
}

// Oldest is the age of the oldest record that is not finished, or of the oldest message.
func (c *Ctx) Oldest() engine.Micros {
	if c.OnQueue() {
		return c.S.Oldest(c.S.QueueOf(c.M))
	}
	return c.oldest()
}

// GivenUp names the last record that was given up, or the last message that moved to the DLQ;
// "" if none was.
func (c *Ctx) GivenUp() string {
	if c.OnQueue() {
		if list := c.deadLetters(); len(list) > 0 {
			return Short(c.S, list[len(list)-1])
		}
		return ""
	}
	for i := len(c.S.Discards) - 1; i >= 0; i-- {
		if d := &c.S.Discards[i]; int(d.Mapping) == c.M && len(d.Records) > 0 {
			return Num(d.Records[0])
		}
	}
	return ""
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

// metricsLegends say what the lines are, in fewer and fewer words: the age of the oldest
// record that is not finished is not a metric of AWS's, IteratorAge is.
func (c *Ctx) metricsLegends() []string {
	if c.OnQueue() {
		return []string{"age: of the oldest message   msgs: ⣀ visible  ⠂ in flight   + your command", "age: of the oldest message   msgs: ⣀ visible  ⠂ in flight",
			"age: of the oldest   ⣀ visible  ⠂ in flight", "msgs: ⣀ visible  ⠂ in flight", "⣀ visible  ⠂ in flight"}
	}
	return []string{"line: age of the oldest record not finished   ● IteratorAge of a call   X of one that failed",
		"line: oldest not finished   ● IteratorAge of a call   X of one that failed", "line: oldest not finished   ● X IteratorAge of calls",
		"line: oldest record  ● X IteratorAge", "line: oldest   ● X IteratorAge", "● X IteratorAge"}
}

// Totals counts what became of the records or messages of a mapping's source.
// Done are those that the function has processed; what filters dropped is apart.
type Totals struct{ Put, Done, Filtered, Batch, Wait, Discarded, Lost, Rejected int64 }

// Totals gives the totals of the mapping shown.
func (c *Ctx) Totals() Totals { return TotalsOf(c.S, c.M) }

// TotalsOf gives the totals of mapping m.
func TotalsOf(s *engine.Sim, m int) Totals {
	if qi := s.QueueOf(m); qi >= 0 {
		q := &s.Queues[qi]
		first := int64(q.Put.Len()) - q.States[engine.StateRejected] - q.States[engine.StateDeduplicated]
		back := min(q.Moved, max(0, q.Sent-first)) // a redrive sent them once more, and they are no longer in the DLQ
		return Totals{Put: q.Sent - back, Done: q.Deleted, Filtered: q.Filtered, Batch: int64(q.InFlight), Wait: int64(q.Visible + q.Delayed), Discarded: q.Moved - back, Lost: q.Expired, Rejected: q.Rejected}
	}
	states := s.Mappings[m].Counts.States
	t := Totals{Put: int64(s.Streams[s.SourceOf(m)].Records.Len()) - states[engine.StateUnchanged], Done: states[engine.StateDone], Filtered: states[engine.StateFiltered],
		Discarded: states[engine.StateDiscarded], Lost: states[engine.StateExpired] + states[engine.StateMissed], Rejected: states[engine.StateRejected]}
	for i := range s.Mappings[m].Iterators {
		for k := range s.Mappings[m].Iterators[i].Lanes {
			for _, p := range s.Mappings[m].Iterators[i].Lanes[k].Parts {
				t.Batch += int64(p.Hi - p.Lo)
			}
		}
	}
	t.Wait = t.Put - t.Done - t.Filtered - t.Batch - t.Discarded - t.Lost - t.Rejected
	return t
}
