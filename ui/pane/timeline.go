package pane

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// timelineLegend says what the signs of a lane mean.
func (c *Ctx) timelineLegend(k *ViewState) string {
	id := c.functionConfig().ID
	long := "─ gathers  ▓ in " + id + "  X failed  ░ waits for its next try  · nothing to do  ╌ □ what is already certain"
	short := "▓ in " + id + "  X failed  ░ next try"
	if c.OnQueue() {
		long = "─ could be received  ▓ in " + id + "  X failed  ░ hidden, with its receive count  · nothing to do  ╌ □ end of hiding"
		short = "▓ in " + id + "  X failed  ░ hidden"
	}
	return k.legend(long, short, c.pickText("▓ runs  X failed  ░ next try", "▓ runs  X failed  ░ hidden"), "▓ runs  X failed")
}

// LaneLegend says what the signs of lanes mean, in w cells.
func (c *Ctx) LaneLegend(w int) string { return c.timelineLegend(&ViewState{W: w + 2}) }

// mark marks the rows that contain what is sought, and keeps what they are about: nothing
// is left out, as time would have holes. items may have no row.
func (b *Body) mark(c *Ctx, rows []laneRow, items []Subject, k *ViewState) {
	if k.Filter == "" {
		return
	}
	add := func(s Subject) {
		if s != (Subject{}) && !slices.Contains(b.Marked, s) {
			b.Marked = append(b.Marked, s)
		}
	}
	for i := range rows {
		if r := &rows[i]; r.head != "" && matches(r.head, k.Filter) {
			r.mark = true
			add(r.about)
		}
	}
	for _, s := range items {
		name := Num(int32(s.N))
		if s.Kind == KindMessage {
			name = Short(c.S, int32(s.N))
		}
		if matches(name, k.Filter) {
			add(s)
		}
	}
}

// drawTimeline draws pane 8: what each shard, or each poller and message group, did
// over time, and the function and what was given up beside them.
func drawTimeline(c *Ctx, k ViewState) Body {
	b := Body{Title: "8 Timeline", Legend: c.timelineLegend(&k), Aside: c.laneless()}
	if k.Full && k.H >= 14 && k.Axis.Cells >= 40 {
		return c.wholeTimeline(b, k)
	}
	if n, all := c.trouble(); n > 0 {
		b.Note = "■ " + itoa(n) + " OF " + itoa(all) + c.pickText(" BLOCKED", " GROUPS LOCKED")
		if b.Aside != "" {
			b.Note += " · " + b.Aside
		}
	}
	lanes := c.laneRows(&k)
	var above, below []laneRow
	room := k.H
	if k.H > 1 {
		room-- // the axis
	}
	if room > len(lanes) || room > 3 {
		above = append(above, c.functionLane(&k))
		room--
	}
	if c.OnQueue() && room > len(lanes)+1 {
		above = append(above, c.queueLane(&k))
		room--
	}
	if d := c.arrivalLane(&k); d != nil && room > min(len(lanes), 3) {
		below = append(below, *d)
		room--
	}
	list := func(rows []laneRow) (out []Subject) {
		for i := range rows {
			out = append(out, rows[i].about)
		}
		return out
	}
	b.list(&k, list(above), list(lanes), list(below))
	for _, rows := range [][]laneRow{above, lanes, below} {
		b.mark(c, rows, nil, &k)
	}
	from, to := b.scroll(&k, room)
	extra := room - (to - from) // rows for the tries of what is blocked
	put := func(r *laneRow) {
		b.add(r.about, c.laneLine(r, &k).String())
	}
	for i := range above {
		put(&above[i])
	}
	for i := from; i < to; i++ {
		put(&lanes[i])
		b.drawn++
		if t := lanes[i].bar.tries; extra > 0 && t != nil {
			l := c.laneHead(&k, "    try", kit.Dim, false)
			c.texts(t, &k).paint(l)
			b.add(lanes[i].about, l.String())
			extra--
		}
	}
	for i := range below {
		put(&below[i])
	}
	blank := func(rows int) {
		for len(b.Rows) < rows {
			b.add(Subject{}, c.laneLine(&laneRow{bar: newBar(c, &k)}, &k).String())
		}
	}
	spare := k.H - 1 - len(b.Rows)
	if lens, head, ok := c.lens(&k); ok && spare >= leastStory+2 {
		rows := c.storyRows(&lens, spare-2)
		blank(k.H - 3 - len(rows))
		b.add(Subject{}, c.axisRow(&k))
		b.add(Subject{}, c.chartHead(&chart{head: head + ", drawn larger", name: head}, k.W, false))
		c.addStory(&b, rows, &lens)
		b.add(Subject{}, c.axisUpTo(&lens, lens.Axis.To))
	} else if k.H > 1 {
		if spare >= leastStory {
			c.addStory(&b, c.storyRows(&k, spare), &k)
		}
		blank(k.H - 1)
		b.add(Subject{}, c.axisRow(&k))
	}
	b.border(c, &k)
	return b
}

func (c *Ctx) addStory(b *Body, rows []laneRow, k *ViewState) {
	for i := range rows {
		l := c.laneHead(k, rows[i].head, rows[i].style, false)
		rows[i].bar.paint(l)
		b.add(Subject{}, l.String())
	}
}

// leastStory is how many rows the tale of one batch takes below the lanes.
const leastStory = 6

// storyRows are the rows below the lanes of a tall pane, about the last batch that failed,
// else about the last one: of a stream the batches of its shard as a tree, then its records;
// of a queue its messages, one by one.
func (c *Ctx) storyRows(k *ViewState, room int) []laneRow {
	story := c.recent()
	if len(story.calls) == 0 {
		return nil
	}
	var rows, records []laneRow
	var all []Subject
	more := 0 // batches of the tree for which there is no row
	if c.OnQueue() {
		records, all, _ = c.messageLanes(story, k, room-1)
	} else if _, root := c.watched(story, k); root != nil {
		root.walk(func(n *batchNode) {
			if len(rows) < max(1, room/2) {
				rows = append(rows, c.nodeRow(n, k))
			} else {
				more++
			}
		})
		if most := room - len(rows) - 1; most > 1 {
			records, all, _ = c.recordLanes(root, k, most)
		}
	}
	if len(records) > 0 {
		head := c.oneByOne(k, len(records), len(all))
		if more > 0 {
			head.bar.write(0, "+ "+kit.Count(more, "batch")+" more of the tree", kit.Dim, true)
		}
		rows = append(append(rows, head), records...)
	}
	return rows[:min(len(rows), room)]
}

// oneByOne is the heading of the records or messages of a batch: n of so many.
func (c *Ctx) oneByOne(k *ViewState, n, of int) laneRow {
	long, short, some := c.pickText("record by record", "message by message"), c.pickText("by record", kit.Pick(k.Axis.Gutter-2, "by message", "each")), ""
	if n < of {
		some = itoa(n) + " of " + itoa(of)
		long, short = long+", "+some, some
	}
	return laneRow{head: c.laneText(k, long, short), style: kit.Strong, bar: newBar(c, k)}
}

// taleRows is how many rows the tale of the last batch that failed would fill; 0: none has.
func (c *Ctx) taleRows() int {
	story := c.recent()
	for i := len(story.calls) - 1; i >= 0; i-- {
		x := story.calls[i]
		if !x.failed {
			continue
		}
		if c.OnQueue() {
			return 1 + min(len(x.records), 10)
		}
		rows, records := 0, 0
		if _, root := c.watched(story, &ViewState{}); root != nil {
			root.walk(func(*batchNode) { rows++ })
			records = len(root.records)
		}
		return 1 + min(rows, 8) + min(records, 3)
	}
	return 0
}

func (c *Ctx) pickText(stream, queue string) string {
	if c.OnQueue() {
		return queue
	}
	return stream
}

// trouble counts the blocked shards or locked groups, and all of them.
func (c *Ctx) trouble() (n, all int) {
	if !c.OnQueue() {
		return len(Blocked(c.S, c.M)), len(c.stream().Shards)
	}
	if !c.queue().FIFO {
		return 0, 0
	}
	return c.lockedGroups()
}

// laneless says how many pollers or message groups have a lane, where some have none.
func (c *Ctx) laneless() string {
	if !c.OnQueue() {
		return ""
	}
	have := map[timeline.LaneKind]int{}
	for _, l := range c.History.Lanes(c.M) {
		have[l.Kind]++
	}
	if all := len(c.queue().Groups); c.queue().FIFO && all > have[timeline.OfGroup] {
		return "lanes of " + itoa(have[timeline.OfGroup]) + " of " + kit.Thousands(all) + " groups"
	}
	if all := len(c.mapping().Polls.Slots); all > have[timeline.OfPoller] {
		return "lanes of " + itoa(have[timeline.OfPoller]) + " of " + kit.Thousands(all) + " pollers"
	}
	return ""
}

// axisRow is the axis of time below the lanes.
func (c *Ctx) axisRow(k *ViewState) string { return c.axisUpTo(k, c.End) }

// axisUpTo is an axis of a whole that ends at an instant.
func (c *Ctx) axisUpTo(k *ViewState, end engine.Micros) string {
	l := line(c, k.W, false).PadTo(k.Axis.Gutter - 1)
	k.Axis.plot().Row(l, int64(c.S.Now()), micros(c.Commands), int64(end))
	return l.String()
}
