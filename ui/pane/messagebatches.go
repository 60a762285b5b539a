package pane

import (
	"slices"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// drawMessageBatches draws pane 3 of a queue: batches under way, and those that
// failed and whose messages are still hidden.
func drawMessageBatches(c *Ctx, k ViewState) Body {
	b := Body{Title: "3 Batches → " + c.functionConfig().ID, Note: k.note("")}
	list := messageBatches(c.S, c.M, c.History.Log)
	shown := c.matchingReceipts(list, k.Filter)
	foot := c.batchesFoot(k.H, len(shown))
	if len(shown) > k.H-len(foot) { // not one that failed is hidden
		slices.SortStableFunc(shown, func(x, y int) int { return boolFirst(list[x].Poller == nil, list[y].Poller == nil) })
	}
	b.list(&k, nil, subjects(shown, func(i int) Subject { return list[i].subject(KindMessageBatch) }), foot)
	room, spare := k.H-len(foot), 0 // spare rows list messages
	if c.Long {
		spare = max(0, room-len(shown))
	}
	from, to := b.scroll(&k, room)
	for _, i := range shown[from:to] {
		r, about := &list[i], list[i].subject(KindMessageBatch)
		b.item(about, c.messageBatchRow(r, k.W, k.Sel == about))
		if spare > 0 && c.worthListing(r) {
			spare--
			b.add(about, c.receiptList(r, k.W))
		}
	}
	c.addFoot(&b, &k, foot, len(list) == 0)
	return b
}

// messageBatchRow is the row of a batch.
func (c *Ctx) messageBatchRow(r *Receipt, w int, selected bool) string {
	l := line(c, w, selected).Add(kit.Strong, itoa(int(r.Batch))).Text(" ").PadTo(c.pick(4, 3))
	statuses, style := c.receiptStatus(r)
	words := kit.Count(len(r.Messages), "message") + " " + Span(c.S, r.Messages, " … ")
	if !c.Long {
		words = itoa(len(r.Messages)) + " msg  " + Span(c.S, r.Messages, "…")
	}
	l.Text(words).Text(" ").PadTo(c.pick(29, 20))
	return l.Add(style, kit.Pick(w-l.Col(), statuses...)).String()
}

// worthListing tells whether a list of a batch's messages would say more than its
// first and last: which one failed, or a gap in the numbers.
func (c *Ctx) worthListing(r *Receipt) bool {
	for i, id := range r.Messages {
		if i > 0 && c.S.Message(id).N != c.S.Message(r.Messages[i-1]).N+1 {
			return true
		}
	}
	return len(r.FailedMessages) > 0
}

// receiptList lists the messages of a batch, and marks those that made it fail.
func (c *Ctx) receiptList(r *Receipt, w int) string {
	l := line(c, w, false).PadTo(4)
	for j, id := range r.Messages {
		if l.Col()+8 > w && j < len(r.Messages)-1 {
			return l.Add(kit.Dim, "… +"+itoa(len(r.Messages)-j)).String()
		}
		if slices.Contains(r.FailedMessages, id) {
			l.Add(kit.Bad, "X"+itoa(int(c.S.Message(id).N)))
		} else {
			l.Text(itoa(int(c.S.Message(id).N)))
		}
		l.Text(" ")
	}
	return l.String()
}

// receiptStatus says what a batch does, in fewer and fewer words.
func (c *Ctx) receiptStatus(r *Receipt) ([]string, kit.Style) {
	p, now := r.Poller, c.S.Now()
	switch {
	case p == nil && r.Failed && c.Long:
		return []string{"▲ FAILED: nothing is deleted", "▲ FAILED"}, kit.Bad
	case p == nil && r.Failed:
		return []string{"▲ FAILED, nothing deleted", "▲ FAILED, all stay", "▲ FAILED"}, kit.Bad
	case p == nil:
		return []string{"▲ hidden, not deleted", "▲ hidden"}, kit.Busy
	case p.Phase == engine.PollerRuns:
		text := Progress(now-p.Since, p.Due-p.Since)
		if c.Long {
			return []string{"▸ in " + c.functionConfig().ID + ", " + text, "▸ " + text}, kit.Busy
		}
		return []string{"▸ " + text, "▸"}, kit.Busy
	case p.Phase == engine.PollerThrottled:
		n, left := int(p.Throttles), Secs(p.Due-now)
		return []string{"▲ THROTTLED " + times(n) + ", " + left, "▲ THROTTLED " + itoa(n) + "x, " + left, "▲ THROTTLED " + itoa(n) + "x", "▲ THROTTLED"}, kit.Bad
	}
	return []string{"gathers, " + Secs(p.Due-now), "gathers"}, kit.Dim
}

// boolFirst sorts what holds before what does not.
func boolFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
