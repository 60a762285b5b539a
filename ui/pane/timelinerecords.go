package pane

import (
	"slices"
	"strconv"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// life draws what became of a batch: it waits its turn, is called, waits for the next
// try, and ends.
func (c *Ctx) life(b *bar, from engine.Micros, calls []*call, fate string, fateAt engine.Micros, finished bool, k *ViewState) {
	now := c.S.Now()
	at, wait := from, turnCell
	for _, call := range calls {
		if call.from > at {
			b.span(k, at, call.from, wait)
		}
		cell := runCell
		if call.failed {
			cell = failCell
		}
		b.span(k, call.from, call.to, cell)
		at, wait = call.to, waitCell
	}
	switch {
	case len(calls) > 0 && calls[len(calls)-1].runs:
	case finished:
		if fateAt > at {
			b.span(k, at, fateAt, wait)
			at = fateAt
		}
	case at < now:
		b.span(k, at, now, wait)
	}
	if fate == "" || at < k.Axis.From || at > k.Axis.To {
		return
	}
	col := len(b.cells) - 1
	for col >= 0 && b.cells[col].sign == "" {
		col--
	}
	if col += 2; col-1 == b.now { // a blank before the word, or now
		col = b.now + 1
	}
	b.write(col, fate, kit.Dim, false)
}

// recordLanes are the records of a batch, each with the calls it was in: as many as have
// room, from number first on, and all of them as subjects.
func (c *Ctx) recordLanes(root *batchNode, k *ViewState, most int) (out []laneRow, all []Subject, first int) {
	for _, record := range root.records {
		all = append(all, Subject{Kind: KindRecord, Shard: root.shard, N: int64(record)})
	}
	first, end := shownOf(all, k.Sel, most, c.worthSeeing(root))
	for _, record := range root.records[first:end] {
		var calls []*call
		fate, fateAt, finished := "", engine.Micros(0), false
		root.walk(func(n *batchNode) {
			if _, in := slices.BinarySearch(n.records, record); !in {
				return
			}
			for _, x := range n.calls {
				if _, in := slices.BinarySearch(x.records, record); in {
					calls = append(calls, x)
				}
			}
			if len(n.parts) == 0 {
				fate, fateAt, finished = n.fate, n.fateAt, n.finished
			}
		})
		r := laneRow{about: all[first+len(out)], bar: newBar(c, k)}
		r.head = c.laneText(k, "  "+Num(record)+"  called "+kit.Count(len(calls), "time"), "  "+Num(record)+" "+itoa(len(calls))+"×")
		if len(calls) == 0 {
			r.head = c.laneText(k, "  "+Num(record)+"  not called yet", "  "+Num(record))
		}
		from := c.S.Now()
		if len(calls) > 0 {
			from = calls[0].from
		}
		c.life(r.bar, from, calls, fate, fateAt, finished, k)
		r.bar.says(calls, k, true)
		out = append(out, r)
	}
	return out, all, first
}

// says lists calls behind the bar of a record or a batch, as many of the newest as there is
// room for: right of now, or left of it where that is more. batches: in which batch each was,
// then how it ended and when. The whole screen has a row for each batch.
func (b *bar) says(calls []*call, k *ViewState, batches bool) {
	if k.Full || len(calls) == 0 {
		return
	}
	col := len(b.cells) - 1
	for col >= 0 && b.cells[col].sign == "" {
		col--
	}
	from := max(col, b.now) + 3
	first, w := lastCalls(calls, len(b.cells)-from, batches)
	if n, left := lastCalls(calls, b.now-col-4, batches); n < first {
		from, first, w = col+3, n, left
	}
	text := make([]byte, 0, w+8)
	if first > 0 && first < len(calls) { // the others have no room
		text = append(text, "… "...)
	}
	for i := first; i < len(calls); i++ {
		if i > first {
			text = append(text, ", "...)
		}
		text = calls[i].say(text, batches)
	}
	if len(text) > 0 {
		b.write(from, string(text), kit.Dim, true)
	}
}

// say adds in which batch a call was, if that is to be said, how it ended and when.
func (x *call) say(to []byte, batches bool) []byte {
	if batches {
		to = strconv.AppendInt(append(to, "batch "...), int64(x.batch), 10)
		to = append(to, ' ')
	}
	switch {
	case x.runs:
		return append(append(to, "since "...), stamp(x.from)...)
	case x.failed:
		return append(append(to, "failed at "...), stamp(x.to)...)
	}
	return append(append(to, "ok at "...), stamp(x.to)...)
}

// lastCalls is the first of the newest calls that room cells can name, and how many they take.
func lastCalls(calls []*call, room int, batches bool) (first, w int) {
	var text [40]byte
	for first = len(calls); first > 0; first-- {
		n := len(calls[first-1].say(text[:0], batches)) + 2
		if w+n+2*btoi(first > 1) > room {
			break
		}
		w += n
	}
	return first, w
}

// worthSeeing is the place of the first record that the last call that failed had.
func (c *Ctx) worthSeeing(root *batchNode) int {
	if len(root.records) == 0 { // the final call of a window can have none
		return 0
	}
	first := root.records[0]
	root.walk(func(n *batchNode) {
		for _, x := range n.calls {
			if x.failed && len(x.records) > 0 {
				first = max(first, x.records[0])
			}
		}
	})
	at, _ := slices.BinarySearch(root.records, first)
	return at
}

// shownOf are the subjects that have a row where not all have room: those round the cursor,
// or from shortly before one on.
func shownOf(all []Subject, sel Subject, most, from int) (first, end int) {
	first = from - 3
	if i := slices.Index(all, sel); i >= 0 {
		first = i - most/2
	}
	first = max(0, min(first, len(all)-most))
	return first, min(len(all), first+most)
}

// messageLanes are the messages of the last batch that failed, else of the last one, each
// with the calls it was in; hidden, it waits. As recordLanes.
func (c *Ctx) messageLanes(story *timeStory, k *ViewState, most int) (out []laneRow, all []Subject, first int) {
	last := c.lastTold(story, c.pollerOf(k.Sel))
	if id := int32(k.Sel.N); k.Sel.Kind == KindMessage && last != nil && !slices.Contains(last.records, id) {
		for _, x := range story.calls {
			if slices.Contains(x.records, id) {
				last = x
			}
		}
	}
	if last == nil {
		return nil, nil, 0
	}
	for _, id := range last.records {
		all = append(all, Subject{Kind: KindMessage, N: int64(id)})
	}
	first, end := shownOf(all, k.Sel, most, 0)
	for _, id := range last.records[first:end] {
		var calls []*call
		failed := false
		for _, x := range story.calls {
			if slices.Contains(x.records, id) {
				calls = append(calls, x)
				failed = failed || slices.Contains(x.culprits, id)
			}
		}
		r, lead := laneRow{about: all[first+len(out)], bar: newBar(c, k)}, "  "
		if failed {
			lead, r.style = "  X ", kit.Bad
		}
		n := int(c.S.Message(id).Receives)
		r.head = c.laneText(k, lead+Short(c.S, id)+"  received "+kit.Count(n, "time"), lead+Short(c.S, id)+" "+itoa(n)+"×")
		fate, finished := "", false
		switch c.S.Message(id).State {
		case engine.StateDone:
			fate, finished = "deleted", true
		case engine.StateDead, engine.StateHidden, engine.StateRunning, engine.StateWaiting, engine.StateBatched, engine.StateRetrying, engine.StateDelayed:
		default:
			fate, finished = c.S.Message(id).State.String(), true
		}
		at := calls[len(calls)-1].to
		if c.S.Message(id).State == engine.StateDead {
			fate, at, finished = "moved to the DLQ", c.S.Message(id).Since, true
		}
		c.life(r.bar, calls[0].from, calls, fate, at, finished, k)
		r.bar.says(calls, k, true)
		out = append(out, r)
	}
	return out, all, first
}

// pollerOf is the poller that a row is about, -1 if it is about none.
func (c *Ctx) pollerOf(about Subject) int {
	if about.Kind == KindPoller {
		return int(about.N)
	}
	return -1
}
