package pane

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/plot"
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

// laneRow is a row of pane 8 before it is drawn.
type laneRow struct {
	about Subject
	head  string // in the gutter
	style kit.Style
	bar   *bar
	mark  bool // it contains what is sought
}

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
	b := Body{Title: "8 Timeline", Legend: c.timelineLegend(&k)}
	if k.Full && k.H >= 14 && k.Axis.Cells >= 40 {
		return c.wholeTimeline(b, k)
	}
	if n, all := c.trouble(); n > 0 {
		b.Note = "■ " + itoa(n) + " OF " + itoa(all) + c.pickText(" BLOCKED", " GROUPS LOCKED")
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
	if spare := k.H - 1 - len(b.Rows); spare >= leastStory {
		rows := c.storyRows(&k, spare)
		for i := range rows {
			r := &rows[i]
			l := c.laneHead(&k, r.head, r.style, false)
			r.bar.paint(l)
			b.add(Subject{}, l.String())
		}
	}
	if k.H > 1 {
		for len(b.Rows) < k.H-1 {
			b.add(Subject{}, c.laneLine(&laneRow{bar: newBar(c, &k)}, &k).String())
		}
		b.add(Subject{}, c.axisRow(&k))
	}
	b.border(c, &k)
	return b
}

// leastStory is how many rows the tale of one batch takes below the lanes.
const leastStory = 6

// storyRows are the rows below the lanes of a tall pane, if a batch has failed: of a
// stream the batches of its shard as a tree, then its records; of a queue its messages, one
// by one.
func (c *Ctx) storyRows(k *ViewState, room int) []laneRow {
	if c.taleRows() == 0 {
		return nil
	}
	story := c.recent()
	var rows, records []laneRow
	var all []Subject
	if c.OnQueue() {
		records, all, _ = c.messageLanes(story, k, room-1)
	} else if _, root := c.watched(story, k); root != nil {
		root.walk(func(n *batchNode) {
			if len(rows) < max(1, room/2) {
				rows = append(rows, c.nodeRow(n, k))
			}
		})
		if most := room - len(rows) - 1; most > 1 {
			records, all, _ = c.recordLanes(root, k, most)
		}
	}
	if len(records) > 0 {
		rows = append(append(rows, c.oneByOne(k, len(records), len(all))), records...)
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
			return 1 + min(len(x.records), 20)
		}
		rows, records := 0, 0
		if _, root := c.watched(story, &ViewState{}); root != nil {
			root.walk(func(*batchNode) { rows++ })
			records = len(root.records)
		}
		return 1 + min(rows, 12) + min(records, 12)
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
	list := c.groupList()
	for _, i := range list {
		if c.S.Groups[i].Locked() {
			n++
		}
	}
	return n, len(list)
}

// axisRow is the axis of time below the lanes.
func (c *Ctx) axisRow(k *ViewState) string {
	l := line(c, k.W, false).PadTo(k.Axis.Gutter - 1)
	k.Axis.plot().Row(l, int64(c.S.Now()), micros(c.Commands), int64(c.End))
	return l.String()
}

// laneHead begins a row: what stands in the gutter.
func (c *Ctx) laneHead(k *ViewState, head string, style kit.Style, selected bool) *kit.Line {
	l := line(c, k.W, selected)
	return l.Add(style, kit.Cut(head, k.Axis.Gutter-2)).PadTo(k.Axis.Gutter-1).Add(kit.Rule, "│")
}

func (c *Ctx) laneLine(r *laneRow, k *ViewState) *kit.Line {
	head, style := r.head, r.style
	if r.mark {
		head, style = kit.Fit(head, k.Axis.Gutter-3)+"◂", kit.Strong
	}
	l := c.laneHead(k, head, style, k.Sel != Subject{} && k.Sel == r.about)
	r.bar.paint(l)
	return l
}

// bar is a stretch of time in cells, each with a sign.
type bar struct {
	cells []barCell
	now   int // the column of now, -1 if it is outside
	tries []note
}

type barCell struct {
	sign  string
	style kit.Style
	rank  uint8 // what has a higher one stands over what has a lower one
}

// note is a text at an instant.
type note struct {
	at    engine.Micros
	text  string
	style kit.Style
}

func newBar(c *Ctx, k *ViewState) *bar {
	b := &bar{cells: make([]barCell, max(0, k.Axis.Cells)), now: -1}
	if at := k.Axis.plot().Col(int64(c.S.Now())); at >= 0 && at < len(b.cells) {
		b.now = at
	}
	return b
}

// span draws a stretch of time; what is shorter than a cell has one.
func (b *bar) span(k *ViewState, from, to engine.Micros, x barCell) {
	first, end, ok := k.Axis.plot().Span(int64(from), int64(to))
	for i := first; ok && i < min(end, len(b.cells)); i++ {
		if b.cells[i].rank <= x.rank {
			b.cells[i] = x
		}
	}
}

// write puts a text into the cells from a column on, as far as they are empty; whole
// says that it is left out unless all of it fits.
func (b *bar) write(col int, text string, style kit.Style, whole bool) bool {
	signs := []rune(text)
	if whole {
		for i := range signs {
			if col+i < 0 || col+i >= len(b.cells) || b.cells[col+i].sign != "" {
				return false
			}
		}
	}
	for i, r := range signs {
		if at := col + i; at >= 0 && at < len(b.cells) && b.cells[at].sign == "" {
			b.cells[at] = barCell{string(r), style, 8}
		} else {
			break
		}
	}
	return true
}

// put puts a text over whatever is there.
func (b *bar) put(col int, text string, style kit.Style) {
	for i, r := range []rune(text) {
		if at := col + i; at >= 0 && at < len(b.cells) {
			b.cells[at] = barCell{string(r), style, 255}
		}
	}
}

// paint adds the cells to a line, with now where nothing is.
func (b *bar) paint(l *kit.Line) {
	for i := 0; i < len(b.cells); {
		x := b.cells[i]
		if i == b.now && x.sign == "" {
			l.Add(kit.Info, "┊")
			i++
			continue
		}
		j := i + 1
		if x.sign == "" {
			for j < len(b.cells) && j != b.now && b.cells[j].sign == "" {
				j++
			}
			l.PadTo(l.Col() + j - i)
			i = j
			continue
		}
		text := append(make([]byte, 0, 3*(len(b.cells)-i)), x.sign...)
		for j < len(b.cells) && b.cells[j].sign != "" && b.cells[j].style == x.style {
			text = append(text, b.cells[j].sign...)
			j++
		}
		l.Add(x.style, string(text))
		i = j
	}
}

// texts draws notes, the earlier ones first.
func (c *Ctx) texts(list []note, k *ViewState) *bar {
	b := newBar(c, k)
	for i := range list {
		col, text := k.Axis.plot().Col(int64(list[i].at)), list[i].text
		if !b.write(col, text, list[i].style, true) && col+len(text) > len(b.cells) { // to the left, where the axis ends
			b.write(min(col+1, len(b.cells))-len(text), text, list[i].style, true)
		}
	}
	return b
}

// What a lane does, by how telling it is.
var (
	idleCell   = barCell{"·", kit.Rule, 1}
	gatherCell = barCell{"─", kit.Plain, 2}
	turnCell   = barCell{"┄", kit.Dim, 2}
	aheadCell  = barCell{"╌", kit.Rule, 2}
	waitCell   = barCell{"░", kit.Plain, 3}
	runCell    = barCell{"▓", kit.Busy, 4}
	failCell   = barCell{"X", kit.Bad, 5}
	endCell    = barCell{"□", kit.Plain, 6}
)

func cellOf(did timeline.Did) (barCell, bool) {
	switch {
	case did&timeline.DidFail != 0:
		return failCell, true
	case did&timeline.DidRun != 0:
		return runCell, true
	case did&timeline.DidWait != 0:
		return waitCell, true
	case did&timeline.DidGather != 0:
		return gatherCell, true
	case did&timeline.DidNothing != 0:
		return idleCell, true
	}
	return barCell{}, false
}

// laneBar draws what a lane did up to now, and what is already certain.
func (c *Ctx) laneBar(lane *timeline.Lane, k *ViewState) *bar {
	b := newBar(c, k)
	cells := c.History.Cells(c.S, c.M, lane)
	width, now := c.History.CellWidth(c.M), c.S.Now()
	for i := 0; i < len(cells); {
		x, ok := cellOf(cells[i].Did)
		j := i + 1
		for j < len(cells) {
			if y, also := cellOf(cells[j].Did); y != x || also != ok {
				break
			}
			j++
		}
		if from := engine.Micros(i) * width; ok && from <= now {
			b.span(k, from, max(from+1, min(now, engine.Micros(j)*width)), x)
			if j == len(cells) && b.now >= 0 && x != failCell { // what it does now it does in this column
				b.cells[b.now] = x
			}
		}
		i = j
	}
	for i := range cells {
		if x := &cells[i]; x.Try > 0 && x.Did&timeline.DidFail != 0 {
			b.tries = append(b.tries, note{engine.Micros(i) * width, itoa(int(x.Try)), kit.Dim})
		}
	}
	due, text := c.certain(lane)
	if due > now && due != engine.Never {
		b.span(k, now, due, aheadCell)
		if due < k.Axis.To {
			b.span(k, due, due, endCell)
		} else if n := len(b.cells); n > 0 && now < k.Axis.To {
			b.cells[n-1] = barCell{"→", kit.Plain, 6}
		}
		b.tries = append(b.tries, note{due, text + " at " + stamp(due), kit.Plain})
	}
	return b
}

// certain is when the next try of what a lane holds is, or when what it left hidden
// becomes visible, and which try or receive that is; Never if neither is certain.
func (c *Ctx) certain(lane *timeline.Lane) (engine.Micros, string) {
	m := c.mapping()
	due, text := engine.Micros(engine.Never), ""
	switch lane.Kind {
	case timeline.OfShard:
		for i := range m.Iterators[lane.ID].Lanes {
			if l := &m.Iterators[lane.ID].Lanes[i]; l.Phase == engine.PhaseWaiting || l.Phase == engine.PhaseThrottled {
				if p, _ := l.Part(); p != nil && l.Due < due {
					due, text = l.Due, itoa(int(p.Tries)+1)
				}
			}
		}
	case timeline.OfPoller:
		if id := lane.Held(c.S); id >= 0 {
			due, text = c.S.Message(id).Until, itoa(int(c.S.Message(id).Receives)+1)
		}
	case timeline.OfGroup:
		for _, r := range c.S.Receipts(c.S.QueueOf(c.M), 64) {
			for _, id := range r.Messages {
				if msg := c.S.Message(id); int32(msg.Group) == lane.ID && msg.State == engine.StateHidden && r.Until < due {
					due, text = r.Until, itoa(int(msg.Receives)+1)
				}
			}
		}
	}
	return due, text
}

// laneRows are the lanes of the mapping, those in trouble first where not all have room.
func (c *Ctx) laneRows(k *ViewState) []laneRow {
	lanes := c.History.Lanes(c.M)
	var out []laneRow
	for i := range lanes {
		r := laneRow{style: kit.Plain}
		if c.hasNoLane(&lanes[i]) {
			continue
		}
		switch l := &lanes[i]; l.Kind {
		case timeline.OfShard:
			sign, _, _ := c.Status(int(l.ID))
			r.about, r.head = shardSubject(int(l.ID)), itoa(int(l.ID))+" "+sign+" shard"
		case timeline.OfPoller:
			r.about, r.head = Subject{Kind: KindPoller, N: int64(l.ID)}, "poller "+itoa(int(l.ID)+1)
		case timeline.OfGroup:
			sign := "●"
			if c.S.Groups[l.ID].Locked() && c.queue().FIFO {
				sign = "■"
			}
			r.about, r.head = groupSubject(engine.GroupID(l.ID)), sign+" "+c.S.Groups[l.ID].Name
		}
		out = append(out, r)
	}
	if c.OnQueue() { // pollers before groups
		slices.SortStableFunc(out, func(a, b laneRow) int { return int(b.about.Kind) - int(a.about.Kind) })
	}
	if room := k.H - 3; len(out) > room {
		slices.SortStableFunc(out, func(a, b laneRow) int { return btoi(c.isBad(b.about)) - btoi(c.isBad(a.about)) })
	}
	for i := range out {
		out[i].bar = c.laneBar(c.laneOf(out[i].about), k)
		if c.OnQueue() {
			out[i].bar.counts(k)
			out[i].bar.tries = nil
		} else if !c.isBad(out[i].about) {
			out[i].bar.tries = nil
		}
		if c.isBad(out[i].about) {
			out[i].style = kit.Bad
		}
	}
	return out
}

// hasNoLane tells whether a lane is left out: that of a poller which never had a batch.
func (c *Ctx) hasNoLane(l *timeline.Lane) bool { return l.Kind == timeline.OfPoller && l.Quiet() }

// counts puts how many times the messages had been received into the bar of a call that
// failed, behind its first cell, and when they can be received again behind its end.
func (b *bar) counts(k *ViewState) {
	for i := range b.tries {
		t := &b.tries[i]
		col := k.Axis.plot().Col(int64(t.at))
		if t.style == kit.Plain {
			b.write(col+1, " receive "+t.text, kit.Dim, true)
			continue
		}
		if col+1 < len(b.cells) && col+1 >= 0 && (b.cells[col+1].sign == "░" || b.cells[col+1].sign == "X") {
			b.put(col+1, t.text, kit.Strong)
		}
	}
}

// laneOf finds the lane that a row is about.
func (c *Ctx) laneOf(about Subject) *timeline.Lane {
	lanes := c.History.Lanes(c.M)
	for i := range lanes {
		switch l := &lanes[i]; {
		case about.Kind == KindShard && l.Kind == timeline.OfShard && l.ID == about.Shard,
			about.Kind == KindPoller && l.Kind == timeline.OfPoller && int64(l.ID) == about.N,
			about.Kind == KindMessageGroup && l.Kind == timeline.OfGroup && int64(l.ID) == about.N:
			return l
		}
	}
	return nil
}

// isBad tells whether what a row is about is blocked, or waits after a failure.
func (c *Ctx) isBad(about Subject) bool {
	switch about.Kind {
	case KindShard:
		its := c.mapping().Iterators
		return int(about.Shard) < len(its) && its[about.Shard].Blocked()
	case KindPoller, KindMessageGroup:
		due, _ := c.certain(c.laneOf(about))
		return due != engine.Never
	}
	return false
}

// functionLane shows how many invocations were under way, in eighths of how many can be.
func (c *Ctx) functionLane(k *ViewState) laneRow {
	id := c.functionConfig().ID
	r := laneRow{about: Subject{Kind: KindFunction}, head: c.laneText(k, id+" of "+itoa(c.atOnce()), id), style: kit.Plain, bar: newBar(c, k)}
	most := max(1, c.atOnce())
	gauges, width := c.History.Gauges(c.S, c.M), c.History.CellWidth(c.M)
	r.bar.blocks(c, k, len(gauges), width, func(i int) (int64, int64) { return int64(gauges[i].Running), int64(most) }, kit.Busy)
	return r
}

// blocks draws a figure as blocks of eighths, the largest value of each column.
func (b *bar) blocks(c *Ctx, k *ViewState, n int, width engine.Micros, of func(i int) (v, top int64), style kit.Style) {
	now := c.S.Now()
	b.span(k, 0, now+1, barCell{"▁", kit.Rule, 1})
	for i := 0; i < n; {
		v, top := of(i)
		j := i + 1
		for j < n {
			if w, _ := of(j); w != v {
				break
			}
			j++
		}
		if v > 0 && top > 0 {
			level := uint8(max(2, min(8, (8*v+top/2)/top)))
			b.span(k, engine.Micros(i)*width, min(now+1, engine.Micros(j)*width), barCell{plot.Eighth(int(level)), style, 1 + level})
		}
		i = j
	}
}

// arrivalLane shows when something came to where what fails goes; nil if there is no
// such place.
func (c *Ctx) arrivalLane(k *ViewState) *laneRow {
	name, about := c.mapping().OnFailure, Subject{Kind: KindDestination}
	if c.OnQueue() {
		name, about = c.queue().DeadLetterQueue, Subject{Kind: KindDeadLetters}
	}
	if name == "" {
		return nil
	}
	r := &laneRow{about: about, head: c.laneText(k, "4 "+name, name, "4 ◆"), style: kit.Plain, bar: newBar(c, k)}
	gauges, width := c.History.Gauges(c.S, c.M), c.History.CellWidth(c.M)
	for i := range gauges {
		if gauges[i].Arrived > 0 {
			at := engine.Micros(i) * width
			r.bar.span(k, at, at, barCell{"◆", kit.Bad, 7})
		}
	}
	return r
}
