package pane

import (
	"esmlab/engine"
	"esmlab/engine/setting"
	"esmlab/ui/kit"
)

// drawPollers draws pane 2 of a queue.
func drawPollers(c *Ctx, k ViewState) Body {
	b := Body{Title: "2 Pollers (no iterator)", Note: k.note("")}
	if c.Long {
		if k.Filter == "" {
			b.Title = "2 Pollers · " + c.config().ID + " (queues have no iterator)"
		}
		b.add(Subject{}, line(c, k.W, false).Add(kit.Dim, "poller  doing now                       ends").String())
	}
	rows := c.pollerRows()
	shown := matching(len(rows), k.Filter, func(i int) string { return c.pollerLine(&rows[i], 400, false) })
	last, foot := k.H-1, []Subject{{Kind: KindPollers}}
	if last < 0 {
		foot = nil
	}
	b.list(&k, nil, subjects(shown, func(i int) Subject { return rows[i].subject() }), foot)
	from, to := b.scroll(&k, last-len(b.Rows))
	for _, i := range shown[from:to] {
		about := rows[i].subject()
		b.item(about, c.pollerLine(&rows[i], k.W, k.Sel == about))
	}
	for len(b.Rows) < last {
		b.add(Subject{}, kit.Blanks(k.W))
	}
	for _, about := range foot {
		text := "running " + kit.Thousands(int(c.mapping().Polls.Target)) + "   ceiling " + kit.Thousands(c.S.Ceiling(c.M))
		b.add(about, line(c, k.W, k.Sel == about).Text(kit.Pick(k.W-1, text+" ("+c.ceilingBy()+")", text)).String())
	}
	return b
}

// subject is what a row is about: its poller, or the first of several.
func (r *pollerRow) subject() Subject { return Subject{Kind: KindPoller, N: int64(r.from)} }

// ceilingBy names what limits the number of pollers.
func (c *Ctx) ceilingBy() string {
	switch m := c.mapping(); {
	case m.MaximumPollers > 0:
		return setting.MaximumPollers + " " + kit.Thousands(m.MaximumPollers)
	case m.MaximumConcurrency > 0:
		return setting.MaximumConcurrency
	case c.S.Config().Limits == "":
		return "limits: current"
	}
	return "limits: " + c.S.Config().Limits
}

func (c *Ctx) pollerLine(r *pollerRow, w int, selected bool) string {
	l := line(c, w, selected).Add(kit.Strong, r.who()).PadTo(9)
	ends := instant(r.ends)
	l.Add(r.style, kit.Cut(r.text, min(w-9-8, 47-9-1-kit.Width(ends))))
	return l.Right(kit.Plain, ends, min(w, 47)).String()
}

// who names the pollers of a row: "2 3 4 5"; many as a range, "2-50".
func (r *pollerRow) who() string {
	if r.to-r.from > 4 || r.to > 9 && r.to > r.from+1 {
		return itoa(r.from+1) + "-" + itoa(r.to)
	}
	text := itoa(r.from + 1)
	for i := r.from + 1; i < r.to; i++ {
		text += " " + itoa(i+1)
	}
	return text
}

// pollerRow is a row of pane 2: one poller, or several that do the same.
type pollerRow struct {
	from, to int
	text     string
	ends     engine.Micros
	style    kit.Style
}

func (c *Ctx) pollerRows() []pollerRow {
	ps := &c.mapping().Polls
	var rows []pollerRow
	for i := range ps.Slots {
		p := &ps.Slots[i]
		if i >= int(ps.Target) && p.Phase == engine.PollerWaits {
			continue
		}
		text, ends, style := c.pollerDoes(p)
		if n := len(rows); n > 0 && rows[n-1].to == i && rows[n-1].text == text && rows[n-1].ends == ends && p.Phase == engine.PollerWaits {
			rows[n-1].to++
			continue
		}
		rows = append(rows, pollerRow{i, i + 1, text, ends, style})
	}
	return rows
}

func (c *Ctx) pollerDoes(p *engine.Poller) (text string, ends engine.Micros, style kit.Style) {
	with := func(does string) string {
		if !c.Long || len(p.Records) == 0 {
			return does
		}
		return kit.Pick(30, does+": "+countedSpan(c.S, p.Records, " … "), does+": "+countedSpan(c.S, p.Records, "…"))
	}
	switch p.Phase {
	case engine.PollerGathers:
		return with("gathers"), p.Due, kit.Busy
	case engine.PollerRuns:
		return with("waits for " + c.functionConfig().ID), p.Due, kit.Busy
	case engine.PollerThrottled:
		return with("throttled"), p.Due, kit.Bad
	}
	if c.S.ReadDenied(c.M) != "" {
		return "denied", engine.Never, kit.Bad
	}
	return kit.Pick(c.pick(30, 12), "long poll, 20 s", "long poll"), c.S.PollEnds(p), kit.Plain
}
