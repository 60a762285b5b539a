package pane

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// OnQueue tells whether the mapping shown reads a queue, not a stream.
func (c *Ctx) OnQueue() bool { return c.S.QueueOf(c.M) >= 0 }

func (c *Ctx) queue() *engine.Queue             { return &c.S.Queues[c.S.QueueOf(c.M)] }
func (c *Ctx) queueConfig() *engine.QueueConfig { return &c.S.Config().Queues[c.S.QueueOf(c.M)] }

// The counts of pane 1, by inspect's names for them.
var (
	visible  = Subject{Kind: KindCount, Name: "visible"}
	inFlight = Subject{Kind: KindCount, Name: "in flight"}
	delayed  = Subject{Kind: KindCount, Name: "delayed"}
	deleted  = Subject{Kind: KindCount, Name: "deleted"}
	sent     = Subject{Kind: KindCount, Name: "sent"}
)

// drawQueue draws pane 1 of a queue: where every message is.
func drawQueue(c *Ctx, k ViewState) Body {
	b := Body{Title: "1 Queue · " + c.queueConfig().ID}
	if c.queue().FIFO {
		return c.groups(b, k)
	}
	b.Short = []string{"▓ in " + c.functionConfig().ID + "  ▲ hidden  X fails", "▓ in hand ▲ hidden X fail", "▓ held ▲ hidden X fail"}
	b.Note, b.Legend = k.note(""), "▓ in "+c.functionConfig().ID+"  ▲ hidden, in no function  X fails"
	list := Receipts(c.S, c.M, c.History.Log)
	shown := c.matchingReceipts(list, k.Filter)
	if k.Filter == "" {
		shown = nearest(list)
	}
	sum := ""
	if len(list) > manyReceives {
		sum, b.Summed = c.receiveSum(), true
	}
	items := subjects(shown, func(i int) Subject { return list[i].subject(KindReceipt) })
	if c.Long {
		c.boxedQueue(&b, &k, list, shown, items, sum)
	} else {
		c.ruledQueue(&b, &k, list, shown, items, sum)
	}
	return b
}

// ruledQueue draws two rows of counts, then the messages received together.
func (c *Ctx) ruledQueue(b *Body, k *ViewState, list []Receipt, shown []int, items []Subject, sum string) {
	q := c.queue()
	n := func(v int64) string { return kit.Thousands(int(v)) }
	b.list(k, []Subject{visible, inFlight}, items, nil)
	counts := [...]string{"visible " + n(int64(q.Visible)), "delayed " + n(int64(q.Delayed)), "deleted " + n(q.Deleted)}
	if q.Filtered > 0 {
		counts[2] += ", filtered " + n(q.Filtered)
	}
	b.add(visible, line(c, k.W, k.Sel == visible).Text(kit.Pick(k.W-2, strings.Join(counts[:], "   "), strings.Join(counts[:], " "), counts[0]+" "+counts[2], counts[0])).String())
	b.add(inFlight, line(c, k.W, k.Sel == inFlight).Text("in flight "+n(int64(q.InFlight))+"  ").Add(kit.Dim, kit.Pick(k.W-16, sum, strings.ReplaceAll(sum, "in hand  ", " "), "")).String())
	from, to := b.scroll(k, max(0, k.H-2))
	for _, i := range shown[from:to] {
		about := list[i].subject(KindReceipt)
		b.item(about, c.receiptRow(line(c, k.W, k.Sel == about).Text(" "), &list[i]))
	}
}

// wideQueue is the width from which on each count says what it counts.
const wideQueue = 70

// boxedQueue draws a row for each count. The count of messages in flight shares a
// row with the first of them.
func (c *Ctx) boxedQueue(b *Body, k *ViewState, list []Receipt, shown []int, items []Subject, sum string) {
	q := c.queue()
	n := func(v int64) string { return kit.Thousands(int(v)) }
	above, room := []Subject{visible}, max(1, k.H-4)
	if sum != "" || len(shown) == 0 {
		above, room = append(above, inFlight), room-1
	}
	b.list(k, above, items, []Subject{delayed, deleted, sent})
	head := func(about Subject, v int64) *kit.Line {
		return line(c, k.W, k.Sel == about).Text(about.Name).Right(kit.Strong, n(v), max(14, len(about.Name)+2+len(n(v))))
	}
	note := func(l *kit.Line, text string) string { // what a count counts, where the pane is wide
		if k.W >= wideQueue && l.Col()+kit.Width(text)+2 < k.W {
			l.Right(kit.Dim, text, k.W-1)
		}
		return l.String()
	}
	b.add(visible, note(head(visible, int64(q.Visible)), "can be received now"))
	if len(above) > 1 {
		l := head(inFlight, int64(q.InFlight)).Text("  ").Add(kit.Dim, sum)
		b.add(inFlight, note(l, "received, and hidden until deleted or the timeout ends"))
	}
	from, to := b.scroll(k, room)
	for j, i := range shown[from:to] {
		about := list[i].subject(KindReceipt)
		l := line(c, k.W, k.Sel == about)
		if j == 0 && sum == "" {
			l.Text("in flight").Right(kit.Strong, n(int64(q.InFlight)), 14)
		}
		b.item(about, c.receiptRow(l.PadTo(16), &list[i]))
	}
	gone := q.Deleted + q.Filtered
	b.add(delayed, note(head(delayed, int64(q.Delayed)), "sent, and not visible yet"))
	b.add(deleted, note(head(deleted, gone).Text("   (processed "+n(q.Deleted)+", filtered "+n(q.Filtered)+")"), "gone for good"))
	t := c.Totals()
	long := "  = " + n(int64(q.Visible)) + " visible + " + n(int64(q.InFlight)) + " in flight + " + n(gone) + " deleted + " + n(t.Discarded) + " DLQ"
	short := "  = " + n(int64(q.Visible)) + " + " + n(int64(q.InFlight)) + " + " + n(gone) + " + " + n(t.Discarded) + " DLQ"
	for i, more := range []int64{int64(q.Delayed), q.Expired, q.Purged} {
		if more > 0 {
			long, short = long+" + "+n(more)+" "+[]string{"delayed", "expired", "purged"}[i], short+" + "+n(more)
		}
	}
	b.add(sent, note(head(sent, t.Put).Text(kit.Pick(k.W-14, long, short)), "kept for "+days(q.MessageRetentionPeriod)+" at most"))
	b.Rows = b.Rows[:min(len(b.Rows), max(0, k.H))]
}

// receiveSum sums up what is in flight.
func (c *Ctx) receiveSum() string {
	held := 0
	for _, mi := range c.S.QueueReaders(c.S.QueueOf(c.M)) {
		for i := range c.S.Mappings[mi].Polls.Slots {
			held += len(c.S.Mappings[mi].Polls.Slots[i].Records)
		}
	}
	hidden := max(0, int(c.queue().InFlight)-held)
	return "▓ " + kit.Thousands(held) + " in hand  ▲ " + kit.Thousands(hidden) + " hidden"
}

// receiptRow draws messages that were received together: a sign for each, when
// they become visible again, how many times they were received.
func (c *Ctx) receiptRow(l *kit.Line, r *Receipt) string {
	at, sign, style := l.Col(), "▓", kit.Busy
	if r.Poller == nil {
		sign, style = "▲", kit.Bad
	}
	shown := r.Messages[:min(10, len(r.Messages))]
	for _, id := range shown {
		if slices.Contains(r.FailedMessages, id) {
			l.Add(kit.Bad, "X")
		} else {
			l.Add(style, sign)
		}
	}
	if more := len(r.Messages) - len(shown); more > 0 {
		l.Add(kit.Dim, "+"+kit.Thousands(more)).Text(" ")
	}
	hidden := Secs(r.Until - c.S.Now())
	short := itoa(int(r.Receives))
	if q := c.queue(); q.DeadLetterQueue != "" {
		short += "/" + itoa(q.MaxReceiveCount)
	}
	receive := "receive " + short
	if !c.Long {
		hidden = strings.ReplaceAll(hidden, " ", "")
		l.PadTo(at + 11).Text(Span(c.S, r.Messages, "…")).Text(" ").PadTo(at + 19)
		return l.Text(kit.Pick(l.Room(), "hidden "+hidden+" "+receive, "hidden "+hidden+" "+short, hidden+" "+short)).String()
	}
	l.PadTo(at + 12).Text(Span(c.S, r.Messages, "…")).Text(" ").PadTo(at + 21)
	return l.Text(kit.Pick(l.Room(), "hidden "+hidden+"  "+receive, "hidden "+hidden+"  "+short, hidden+"  "+short)).String()
}
