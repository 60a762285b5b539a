package pane

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/ui/kit"
)

func messageSubject(id int32) Subject { return Subject{Kind: KindMessage, N: int64(id)} }

// drawDeadLetters draws pane 4 of a queue: its DLQ.
func drawDeadLetters(c *Ctx, k ViewState) Body {
	q, id := c.queue(), c.queueConfig().ID
	to := q.DeadLetterQueue
	b := Body{}
	list := c.deadLetters()
	shown := matching(len(list), k.Filter, func(i int) string { return c.deadRow(list[i], 400, false) })
	dlq := Subject{Kind: KindDeadLetters}
	b.list(&k, []Subject{dlq}, subjects(shown, func(i int) Subject { return messageSubject(list[i]) }), nil)
	say := func(lines []string) Body {
		for _, s := range lines {
			if n := len(b.Rows); n < k.H {
				b.add(dlq, line(c, k.W, n == 0 && k.Sel == dlq).Text(s).String())
			}
		}
		return b
	}
	b.Title = "4 Queue · " + to + " (DLQ of " + id + ")"
	if to == "" {
		b.Title = "4 Queue · no DLQ of " + id
	}
	if len(list) == 0 {
		return say(c.emptyDeadLetters(k.W - 2))
	}
	n, them := kit.Count(len(list), "message")+"; ", "them"
	if len(list) == 1 {
		them = "it"
	}
	say([]string{kit.Pick(k.W-2, n+kit.WithKeys("a redrive moves "+them+" back ({menu})"), n+kit.WithKeys("{menu} redrives "+them))})
	b.Note = k.note("")
	from, end := b.scroll(&k, k.H-len(b.Rows))
	for _, i := range shown[from:end] {
		b.item(messageSubject(list[i]), c.deadRow(list[i], k.W, k.Sel == messageSubject(list[i])))
	}
	return b
}

// emptyDeadLetters says why there is no message, in lines of at most w cells.
func (c *Ctx) emptyDeadLetters(w int) []string {
	q := c.queue()
	text := c.asyncOnly()
	if q.DeadLetterQueue == "" {
		ends := days(q.MessageRetentionPeriod)
		text = append(text, "A message that fails is received again and again, until its retention ("+ends+") ends.", kit.WithKeys("{failures} sets a DLQ"))
	} else {
		nth := narrate.Ordinal(q.MaxReceiveCount + 1)
		if c.Long {
			text = append(text, "0 messages. One comes here when its "+nth+" receive would start,", "not when its "+narrate.Ordinal(q.MaxReceiveCount)+" visibility timeout ends.")
		} else {
			text = append(text, "0 messages. One comes here when a "+nth, "receive would start, not at a timeout.")
		}
		text = append(text, c.nextDeadLetter()...)
	}
	var out []string
	for _, s := range text {
		out = append(out, kit.Wrap(s, w)...)
	}
	return out
}

// blame says why a message is in the DLQ: it made its batch fail, or another
// message did and took it along.
func (c *Ctx) blame(id int32) (texts []string, style kit.Style) {
	log := c.History.Log
	for i := len(log) - 1; i >= 0; i-- {
		e := &log[i]
		switch {
		case e.Kind != engine.KindReturn || e.Source >= 0 || len(e.Failed) == 0 || !slices.Contains(e.Records, id):
		case slices.Contains(e.Failed, id):
			return []string{"X it made its batch fail", "X made it fail", "X"}, kit.Bad
		default:
			return []string{"good, went with " + Short(c.S, e.Failed[0]), "good"}, kit.Dim
		}
	}
	n := int(c.S.Message(id).Failures)
	return []string{"failed " + times(n), "failed " + itoa(n) + "x"}, kit.Plain
}

func (c *Ctx) deadRow(id int32, w int, selected bool) string {
	m := c.S.Message(id)
	l := line(c, w, selected).Add(kit.Strong, c.S.MessageLabel(id)).Text("  ")
	why, style := c.blame(id)
	room := w - l.Col() - 9
	if head := "received " + times(int(m.Receives)) + "  "; len(head)+kit.Width(why[0]) <= room {
		l.Text(head)
	}
	return l.Add(style, kit.Pick(w-l.Col()-9, why...)).Right(kit.Dim, stamp(m.At), w-1).String()
}

// deadLetters lists up to 200 messages of the DLQ, oldest first.
func (c *Ctx) deadLetters() []int32 {
	if dlq := c.S.DeadLetterOf(c.S.QueueOf(c.M)); dlq >= 0 {
		return c.S.Contents(dlq, 200)
	}
	return nil
}

// nextDeadLetter says which messages would reach the DLQ next, and when.
func (c *Ctx) nextDeadLetter() []string {
	q := c.queue()
	var best *Receipt
	at := engine.Never
	list := Receipts(c.S, c.M, c.History.Log)
	for i := range list {
		if r := &list[i]; r.Failed && r.Poller == nil {
			if t := r.Until + engine.Micros(q.MaxReceiveCount-int(r.Receives))*engine.Micros(q.VisibilityTimeout)*engine.Second; t < at {
				best, at = r, t
			}
		}
	}
	if best == nil {
		return nil
	}
	text := "next: " + countedSpan(c.S, best.Messages, " … ") + " at " + instant(at)
	if !c.Long {
		text = "next: " + countedSpan(c.S, best.Messages, "…") + " at " + instant(at)
	}
	switch left := q.MaxReceiveCount - int(best.Receives); {
	case left == 1:
		text += kit.Pick(c.pick(60, 22), ", if the "+narrate.Ordinal(q.MaxReceiveCount)+" receive fails as well", ", if "+stamp(best.Until)+" fails too")
	case left > 1:
		text += kit.Pick(c.pick(60, 22), ", if "+itoa(left)+" more receives fail as well", ", if "+itoa(left)+" more fail")
	}
	return []string{text}
}
