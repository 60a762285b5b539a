package pane

import (
	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/plot"
)

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
		a.Area(s.values, top)
		a.Line(s.values, top, kit.Info)
	}
}

// charts are the plots of the mapping shown, those that say most first: ages, what waits,
// calls, how much comes and is done, what the function runs, which try each call was, what
// was given up.
func (c *Ctx) charts(k *ViewState) []chart {
	x := k.Axis.plot()
	gauges := c.History.Gauges(c.S, c.M)
	of := func(value func(g *timeline.Gauge) int64) series {
		return c.over(x, func(cell int, _ int64) int64 { return value(&gauges[cell]) })
	}
	ages := c.over(x, func(cell int, at int64) int64 {
		if g := &gauges[cell]; g.Oldest != engine.Never {
			return max(0, at-int64(g.Oldest))
		}
		return 0
	})
	age := chart{name: "age", most: ages.most, time: true, about: Subject{Kind: KindMetric, Name: "IteratorAge"}}
	age.draw = func(a *plot.Area, s plot.Scale) { ages.line(a, s.Top) }
	waits := chart{name: "waits", about: Subject{Kind: KindFigure, Name: "put"}, head: "records that wait"}
	if c.OnQueue() {
		q := c.queue()
		age.about, age.head = Subject{Kind: KindFigure, Name: "oldest"}, "ApproximateAgeOfOldestMessage"
		age.now = Secs(c.S.Oldest(c.S.QueueOf(c.M)))
		visible, hidden := of(func(g *timeline.Gauge) int64 { return int64(g.Waits) }), of(func(g *timeline.Gauge) int64 { return int64(g.Hidden) })
		waits = chart{name: "msgs", head: "messages: visible or delayed line, in flight dots", about: Subject{Kind: KindFigure, Name: "visible"},
			most: max(visible.most, hidden.most), draw: pair(visible, hidden)}
		waits.now = "visible " + kit.Thousands(int(q.Visible)) + ", in flight " + kit.Thousands(int(q.InFlight))
	} else {
		marks := c.callMarks(x, func(cell *timeline.Cell) int64 { return int64(cell.Age) * 1000 })
		for i := range marks {
			age.most = max(age.most, marks[i].v)
		}
		age.head, age.now = "age of the oldest record not finished, and IteratorAge of each call", Secs(c.oldest())
		age.draw = func(a *plot.Area, s plot.Scale) {
			ages.line(a, s.Top)
			put(a, marks, s.Top)
		}
		if lanes := c.History.Lanes(c.M); k.H >= largeMetrics && len(lanes) > 1 {
			waits.head, waits.now, waits.draw, waits.most = c.waitsByShard(x, lanes)
		} else {
			all := of(func(g *timeline.Gauge) int64 { return int64(g.Waits) })
			waits.most, waits.draw = all.most, func(a *plot.Area, s plot.Scale) { all.line(a, s.Top) }
			waits.now = kit.Thousands(int(gauges[len(gauges)-1].Waits))
		}
	}
	_, unit := plot.Unit(age.most)
	age.head += ", in " + unit
	out := []chart{age, waits, c.callChart(x)}
	if k.H < 2*largeMetrics-10 {
		return out
	}
	out = append(out, c.rateChart(x, gauges), c.runningChart(of(func(g *timeline.Gauge) int64 { return int64(g.Running) })), c.tryChart(x))
	if name := c.failuresTo(); name != "" {
		sum, sums := int64(0), make([]int64, len(gauges))
		for i := range gauges {
			sum += int64(gauges[i].Arrived)
			sums[i] = sum
		}
		came := c.over(x, func(cell int, _ int64) int64 { return sums[cell] })
		out = append(out, chart{name: "failed", head: "messages that came to " + name, now: kit.Thousands(int(sum)), most: came.most,
			about: Subject{Kind: KindFigure, Name: c.pickText("discarded", "dead")}, draw: func(a *plot.Area, s plot.Scale) { came.line(a, s.Top) }})
	}
	return out
}

// failuresTo is where what fails for good goes; "" if it goes nowhere.
func (c *Ctx) failuresTo() string {
	if c.OnQueue() {
		return c.queue().DeadLetterQueue
	}
	return c.mapping().OnFailure
}

// rateChart shows how many records or messages came, and how many were done, in each
// second, or for as long as two columns are.
func (c *Ctx) rateChart(x plot.Axis, gauges []timeline.Gauge) chart {
	width := int64(c.History.CellWidth(c.M))
	per := max(int64(engine.Second), width)
	for per*int64(x.N) < 2*(x.To-x.From) {
		per *= 2
	}
	cells := max(1, int(per/width))
	rate := func(total func(*timeline.Gauge) int64) series {
		return c.over(x, func(cell int, _ int64) int64 {
			if from := cell - cells; from >= 0 {
				return total(&gauges[cell]) - total(&gauges[from])
			}
			return total(&gauges[cell])
		})
	}
	came, done := rate(func(g *timeline.Gauge) int64 { return g.Put }), rate(func(g *timeline.Gauge) int64 { return g.Done })
	t := c.Totals()
	out := chart{name: c.pickText("put", "sent"), about: Subject{Kind: KindFigure, Name: c.pickText("done", "deleted")}, most: max(came.most, done.most), draw: pair(came, done)}
	out.head = c.pickText("records in ", "messages in ") + each(engine.Micros(per)) + c.pickText(": put line, done dots", ": sent line, deleted dots")
	out.now = kit.Thousands(int(t.Done)) + " of " + kit.Thousands(int(t.Put)) + c.pickText(" done", " deleted")
	if t.Filtered > 0 {
		out.now += ", " + kit.Thousands(int(t.Filtered)) + " filtered"
	}
	return out
}

// runningChart shows how many invocations ran at once.
func (c *Ctx) runningChart(running series) chart {
	id := c.functionConfig().ID
	return chart{name: "runs", head: "invocations of " + id + " at once", about: Subject{Kind: KindFunction}, most: running.most,
		now: id + " " + itoa(int(c.function().Running)) + " of " + itoa(c.atOnce()), draw: func(a *plot.Area, s plot.Scale) { running.line(a, s.Top) }}
}

// tryChart shows which try of its batch each call was; of a queue, how many times one of
// its messages had been received.
func (c *Ctx) tryChart(x plot.Axis) chart {
	marks := c.callMarks(x, func(cell *timeline.Cell) int64 { return int64(cell.Try) })
	out := chart{name: c.pickText("try", "receive"), about: Subject{Kind: KindMetric, Name: "Errors"}, now: "errors " + kit.Thousands(int(c.function().Errors))}
	out.head = c.pickText("which try of its batch each call was: ● ok  X failed", "receive count of the messages of each call: ● ok  X failed")
	for i := range marks {
		out.most = max(out.most, marks[i].v)
	}
	out.draw = func(a *plot.Area, s plot.Scale) {
		put(a, marks, s.Top)
		for i := range marks {
			a.Stem(marks[i].col, marks[i].v, s.Top)
		}
	}
	return out
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
func (c *Ctx) waitsByShard(x plot.Axis, lanes []timeline.Lane) (head, now string, draw func(*plot.Area, plot.Scale), most int64) {
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
	for i := range lanes {
		if n, _ := Waiting(c.S, c.M, int(lanes[i].ID)); len(lanes) <= 8 {
			now += [2]string{" + ", ""}[btoi(i == 0)] + itoa(n)
		}
	}
	return "records that wait, by shard: " + say(worst) + " line, " + others + " dots", now, pair(first, rest), max(first.most, rest.most)
}

// callMark is a call on a chart, at a figure of it.
type callMark struct {
	col   int
	v     int64
	sign  string
	style kit.Style
}

// put draws marks, unless there are too few rows for them.
func put(a *plot.Area, marks []callMark, top int64) {
	for i := range marks {
		if m := &marks[i]; a.H() >= 3 {
			a.Mark(m.col, m.v, top, m.sign, m.style)
		}
	}
}

// callMarks are the calls of all lanes, those that failed last: they stand over the
// others.
func (c *Ctx) callMarks(x plot.Axis, of func(*timeline.Cell) int64) []callMark {
	var ok, failed []callMark
	width := int64(c.History.CellWidth(c.M))
	lanes := c.History.Lanes(c.M)
	for i := range lanes {
		if lanes[i].Kind == timeline.OfGroup { // its calls are those of pollers
			continue
		}
		cells := c.History.Cells(c.S, c.M, &lanes[i])
		for at := range cells {
			cell := &cells[at]
			if cell.Try == 0 {
				continue
			}
			switch col, v := x.Col(int64(at)*width), of(cell); {
			case col < 0 || col >= x.N:
			case cell.Did&timeline.DidFail != 0:
				failed = append(failed, callMark{col, v, "X", kit.Bad})
			default:
				ok = append(ok, callMark{col, v, "●", kit.Good})
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
	out := chart{name: "calls", calls: true, about: Subject{Kind: KindMetric, Name: "Invocations"}, head: "calls in " + each(engine.Micros(per)) + ": ▓ ok  X failed"}
	f := c.function()
	out.now = "invocations " + kit.Thousands(int(f.Invocations)) + ", errors " + kit.Thousands(int(f.Errors))
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
		return "each second"
	}
	return "each " + Dur(d)
}
