package pane

import (
	"cmp"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// recentEvents is how many of the newest events of the log the whole timeline is made
// from: as many are there after a jump too.
const recentEvents = 400

// wholeTimeline draws pane 8 on the whole screen: the function's slots, the batches of a
// shard as a tree of what they were split into, its iterator and what waits, the other
// lanes, and the records one by one.
func (c *Ctx) wholeTimeline(b Body, k ViewState) Body {
	if k.Level > 0 {
		b.Title += " · " + stampOf(k.Axis.From) + " … " + stampOf(k.Axis.To) + " s"
	}
	story := c.recent()
	var rows []laneRow
	blank := laneRow{bar: newBar(c, &k)}
	rows = append(rows, c.slotRows(story, &k)...)
	shard, root := c.watched(story, &k)
	room := k.H - 2 // the axis and the line of keys
	switch {
	case c.OnQueue():
		rows = append(rows, c.queueLane(&k), blank)
		rows = append(rows, c.laneRows(&k)...)
	case shard >= 0:
		rows = append(rows, blank)
		rows = append(rows, c.treeRows(story, shard, root, &k, max(4, k.H/3))...)
		rows = append(rows, blank, c.iteratorLane(shard, &k), c.waitsLane(shard, &k))
	}
	if d := c.arrivalLane(&k); d != nil {
		c.sayArrivals(d, &k)
		rows = append(rows, *d)
	}
	if !c.OnQueue() {
		for _, r := range c.laneRows(&k) {
			if int(r.about.Shard) != shard {
				r.bar.tries = nil
				rows = append(rows, r)
			}
		}
	}
	var records []laneRow
	var all []Subject // of the batch: not all may have a row
	first := 0
	if most := max(4, room-len(rows)-1); c.OnQueue() {
		records, all, first = c.messageLanes(story, &k, most)
	} else if root != nil {
		records, all, first = c.recordLanes(root, &k, most)
		b.Aside = "batch " + itoa(int(root.number)) + " of shard " + itoa(shard)
	}
	lanes := c.wholeSubjects(rows)
	hidden := len(all) - len(records)
	if len(records) > 0 {
		head := c.oneByOne(&k, len(records), len(records))
		if hidden > 0 {
			head.bar.write(0, kit.Thousands(first+1)+"–"+kit.Thousands(first+len(records))+" of "+kit.Thousands(len(all))+kit.WithKeys("  {up}{down}"), kit.Dim, true)
		}
		rows = append(append(rows, head), records...)
	}
	b.list(&k, nil, slices.Concat(lanes, all), nil)
	b.mark(c, rows, all, &k)
	b.Note = k.note(b.Note)
	at := max(0, slices.IndexFunc(rows, func(r laneRow) bool { return r.about == k.Sel && k.Sel != Subject{} }))
	from := max(0, min(len(rows)-room, at-room/2))
	for i := from; i < len(rows) && len(b.Rows) < room; i++ {
		l := c.laneLine(&rows[i], &k)
		b.add(rows[i].about, l.String())
		if rows[i].about == k.Sel { // the cursor stands at the first of its rows
			k.Sel = Subject{}
		}
	}
	b.first, b.drawn, b.Count = from, len(b.Rows), len(rows)+hidden
	for len(b.Rows) < room {
		b.add(Subject{}, c.laneLine(&blank, &k).String())
	}
	b.add(Subject{}, c.axisRow(&k))
	keys := kit.WithKeys("{inside} zooms in ×4 round now · {back} back · {up}{down} a lane · {prev}{next} the change before and after, in all lanes at once")
	b.add(Subject{}, line(c, k.W, false).Add(kit.Dim, kit.Pick(k.W-2, keys, kit.WithKeys("{inside} zooms in ×4 · {back} back · {prev}{next} step"))).String())
	b.Legend = k.legend("▓ in "+c.functionConfig().ID+"  X failed  ░ waits for its next try  ┄ waits its turn  ▲ checkpoint  ◆ message", b.Legend)
	if c.OnQueue() {
		b.Legend = c.timelineLegend(&k)
	}
	return b
}

// wholeSubjects are what the rows are about, each once, in an order that does not depend
// on where the cursor is, as the rows do: the function, shards or pollers and groups by
// their numbers, where failures go.
func (c *Ctx) wholeSubjects(rows []laneRow) []Subject {
	var out []Subject
	for i := range rows {
		if s := rows[i].about; s != (Subject{}) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	at := func(s Subject) int64 {
		switch s.Kind {
		case KindFunction, KindCount:
			return -1
		case KindShard:
			return int64(s.Shard)
		case KindPoller:
			return s.N
		case KindMessageGroup:
			return 1<<32 + s.N
		}
		return 1 << 40
	}
	slices.SortStableFunc(out, func(a, b Subject) int { return cmp.Compare(at(a), at(b)) })
	return out
}

// stampOf writes an instant in seconds: "6.8", "60".
func stampOf(t engine.Micros) string { return tenthsOrWhole(t * 10 / engine.Second) }

// slotRows show what each concurrent invocation of the function ran: the number of its
// batch, then how it went.
func (c *Ctx) slotRows(story *timeStory, k *ViewState) []laneRow {
	calls := slices.Clone(story.calls)
	slices.SortStableFunc(calls, func(a, b *call) int { return int(max(-1, min(1, a.from-b.from))) })
	var free []engine.Micros
	var bars []*bar
	x := k.Axis.plot()
	for _, call := range calls {
		slot := slices.IndexFunc(free, func(t engine.Micros) bool { return t <= call.from })
		if slot < 0 {
			if len(free) == 4 {
				continue
			}
			slot = len(free)
			free, bars = append(free, 0), append(bars, newBar(c, k))
		}
		free[slot] = call.to
		if call.runs {
			free[slot] = engine.Never
		}
		cell := runCell
		if call.failed {
			cell = failCell
		}
		bars[slot].span(k, call.from, call.to, cell)
		if first, end, ok := x.Span(int64(call.from), int64(call.to)); ok && x.Col(int64(call.from)) >= 0 {
			if text := itoa(int(call.batch)); len(text) < end-first {
				bars[slot].put(first, text, kit.Strong)
			}
		}
	}
	if len(bars) == 0 {
		return []laneRow{c.functionLane(k)}
	}
	var out []laneRow
	for i, b := range bars {
		head := "     slot " + itoa(i+1)
		if i == 0 {
			head = c.functionConfig().ID + " slot 1"
		}
		out = append(out, laneRow{about: Subject{Kind: KindFunction}, head: head, bar: b})
	}
	return out
}

// watched is the shard whose batches are shown, and the batch of it that the records
// are of: those of the cursor, else of the first blocked shard, else of the last batch
// that failed, else of the last one.
func (c *Ctx) watched(story *timeStory, k *ViewState) (shard int, root *batchNode) {
	if c.OnQueue() {
		return -1, nil
	}
	newest := func(ok func(*batchNode) bool) *batchNode {
		for i := len(story.roots) - 1; i >= 0; i-- {
			if ok(story.roots[i]) {
				return story.roots[i]
			}
		}
		return nil
	}
	shard = -1
	switch k.Sel.Kind {
	case KindShard, KindRecord:
		shard = int(k.Sel.Shard)
	default:
		if list := Blocked(c.S, c.M); len(list) > 0 {
			shard = list[0]
		} else if n := newest((*batchNode).failed); n != nil {
			shard = int(n.shard)
		} else if n := newest(func(*batchNode) bool { return true }); n != nil {
			shard = int(n.shard)
		}
	}
	of := func(n *batchNode) bool { return int(n.shard) == shard }
	if root = newest(func(n *batchNode) bool { return of(n) && n.failed() }); root == nil {
		root = newest(of)
	}
	if r := int32(k.Sel.N); k.Sel.Kind == KindRecord && root != nil && !slices.Contains(root.records, r) {
		if n := newest(func(n *batchNode) bool { return of(n) && slices.Contains(n.records, r) }); n != nil {
			root = n
		}
	}
	return shard, root
}

// treeRows are the batches of a shard that are in sight, each with its parts: that of
// root whole, of the others as many as there is room for.
func (c *Ctx) treeRows(story *timeStory, shard int, root *batchNode, k *ViewState, room int) []laneRow {
	var list []*batchNode
	for _, n := range story.roots {
		if int(n.shard) == shard && (n == root || n.ends() >= k.Axis.From && n.from < k.Axis.To) {
			list = append(list, n)
		}
	}
	size := func(n *batchNode) (rows int) {
		n.walk(func(*batchNode) { rows++ })
		return rows
	}
	if root != nil {
		room = max(room, size(root)+2)
	}
	sum := 0
	for _, n := range list {
		sum += size(n)
	}
	for sum > room && len(list) > 1 { // the oldest go first, but root
		i := btoi(list[0] == root)
		sum -= size(list[i])
		list = slices.Delete(list, i, i+1)
	}
	var out []laneRow
	for _, n := range list {
		n.walk(func(x *batchNode) { out = append(out, c.nodeRow(x, k)) })
	}
	return out
}

// laneText is the first of some texts that the gutter has room for.
func (c *Ctx) laneText(k *ViewState, texts ...string) string {
	return kit.Pick(k.Axis.Gutter-2, texts...)
}

func (c *Ctx) nodeRow(n *batchNode, k *ViewState) laneRow {
	r := laneRow{about: Subject{Kind: KindShard, Shard: n.shard}, bar: newBar(c, k)}
	if n.parent == nil {
		sign := "●"
		if n.failed() {
			sign = "■"
		}
		number := itoa(int(n.number))
		r.head = itoa(int(n.shard)) + " " + sign + " batch " + number
		r.head = c.laneText(k, r.head+kit.Blanks(max(2, 4-len(number)))+kit.Count(len(n.records), "record"), r.head, sign+" "+number)
	} else {
		lead := ""
		for p := n.parent; p.parent != nil; p = p.parent {
			if p.last {
				lead = "  " + lead
			} else {
				lead = "│ " + lead
			}
		}
		branch := "├ "
		if n.last {
			branch = "└ "
		}
		number := itoa(int(n.number))
		r.head = "  " + lead + branch + number
		r.head = c.laneText(k, r.head+kit.Blanks(max(1, 4-len(number)))+strings.Trim(brackets(n.records), "[]"), r.head)
	}
	c.life(r.bar, n.from, n.calls, n.fate, n.fateAt, n.finished, k)
	r.bar.says(n.calls, k, false)
	return r
}

// iteratorLane shows when the checkpoint of a shard moved, and to which record.
func (c *Ctx) iteratorLane(shard int, k *ViewState) laneRow {
	r := laneRow{about: shardSubject(shard), head: c.laneText(k, "2 ▲ iterator of shard "+itoa(shard), "2 ▲ iterator"), bar: newBar(c, k)}
	log := c.History.Log
	log = log[max(0, len(log)-recentEvents):]
	before, x := "", k.Axis.plot()
	var moves []note
	for i := range log {
		e := &log[i]
		switch {
		case e.Kind != engine.KindCheckpoint || int(e.Mapping) != c.M || int(e.Shard) != shard:
		case e.At < k.Axis.From:
			before = Num(e.Record)
		default:
			r.bar.span(k, e.At, e.At, barCell{"▲", kit.Info, 7})
			moves = append(moves, note{at: e.At, text: " " + Num(e.Record) + " "})
		}
	}
	if before != "" {
		r.bar.write(0, before+" ", kit.Info, true)
	}
	for i := len(moves) - 1; i >= 0; i-- { // the newest are surely named
		r.bar.write(x.Col(int64(moves[i].at))+1, moves[i].text, kit.Info, true)
	}
	if it := c.mapping().Iterators; shard < len(it) {
		r.bar.span(k, k.Axis.From, c.S.Now(), barCell{"╌", kit.Rule, 0})
	}
	return r
}

// waitsLane shows how many records waited in a shard, in eighths of the most.
func (c *Ctx) waitsLane(shard int, k *ViewState) laneRow {
	r := laneRow{about: Subject{Kind: KindShard, Shard: int32(shard)}, head: c.laneText(k, "1 waits in shard "+itoa(shard), "1 waits"), bar: newBar(c, k)}
	lane := c.laneOf(r.about)
	if lane == nil {
		return r
	}
	cells, width := c.History.Cells(c.S, c.M, lane), c.History.CellWidth(c.M)
	r.bar.waits(c, k, len(cells), width, func(i int) int32 { return cells[i].Waits })
	return r
}

// sayArrivals writes in front of each message that arrived what it is about.
func (c *Ctx) sayArrivals(r *laneRow, k *ViewState) {
	log := c.History.Log
	log = log[max(0, len(log)-recentEvents):]
	x := k.Axis.plot()
	for i := range log {
		e := &log[i]
		if e.Kind != engine.KindDeliver || int(e.Mapping) != c.M || len(e.Records) == 0 {
			continue
		}
		text := brackets(e.Records)
		if len(e.Records) == 1 {
			text = Num(e.Records[0])
		}
		text += " " + e.Condition.String()
		col := x.Col(int64(e.At))
		if !r.bar.write(col-len(text)-4, text, kit.Dim, true) {
			r.bar.write(col+2, text, kit.Dim, true)
		}
	}
}
