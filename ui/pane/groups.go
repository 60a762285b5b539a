package pane

import (
	"slices"

	"esmlab/engine"
	"esmlab/ui/kit"
)

func groupSubject(i engine.GroupID) Subject { return Subject{Kind: KindMessageGroup, N: int64(i)} }

// groups draws pane 1 of a FIFO queue: its message groups, which of them are
// locked, and what waits in each.
func (c *Ctx) groups(b Body, k ViewState) Body {
	q := c.queue()
	b.Legend = "▓ received  ░ waits  X fails"
	b.Short = []string{"▓ received  ░ waits  X fails", "▓ held ░ wait X fail"}
	list := c.groupList()
	receipts := Receipts(c.S, c.M, c.History.Log)
	if n, all := c.lockedGroups(); n > 0 {
		b.Note = "■ " + itoa(n) + " OF " + itoa(all) + " GROUPS LOCKED"
	}
	if len(list) > k.H && k.H > 2 {
		return c.groupGrid(b, k)
	}
	shown := matching(len(list), k.Filter, func(i int) string { return c.groupRow(list[i], receipts, &ViewState{W: 400}, 8) })
	var empty []Subject
	if len(list) == 0 && k.H > 0 {
		empty = []Subject{deleted}
	}
	b.list(&k, empty, subjects(shown, func(i int) Subject { return groupSubject(list[i]) }), nil)
	from, to := b.scroll(&k, k.H)
	for _, i := range shown[from:to] {
		b.item(groupSubject(list[i]), c.groupRow(list[i], receipts, &k, 8))
	}
	for _, about := range empty {
		b.add(about, line(c, k.W, k.Sel == about).Add(kit.Dim, "no message now; deleted "+kit.Thousands(int(q.Deleted))).String())
	}
	b.border(c, &k)
	return b
}

// lockedGroups counts the groups that are locked by a failure, and all that there were.
func (c *Ctx) lockedGroups() (n, all int) {
	for _, state := range c.groupStates() {
		if state == groupFailed {
			n++
		}
	}
	return n, len(c.queue().Groups)
}

// groupList lists the groups that have messages, those with messages in flight first.
func (c *Ctx) groupList() []engine.GroupID {
	list := []engine.GroupID{}
	for _, i := range c.queue().Groups {
		if g := &c.S.Groups[i]; g.Visible+g.Delayed+g.InFlight > 0 {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(x, y engine.GroupID) int { return int(c.S.Groups[y].InFlight) - int(c.S.Groups[x].InFlight) })
	return list
}

// groupRow draws a group: its name in so many cells, its messages, what it waits for.
func (c *Ctx) groupRow(gi engine.GroupID, receipts []Receipt, k *ViewState, name int) string {
	g := &c.S.Groups[gi]
	l := line(c, k.W, k.Sel == groupSubject(gi)).Add(kit.Strong, kit.Cut(g.Name, name)).Text(" ")
	switch c.groupStates()[gi] {
	case groupFailed:
		l.Add(kit.Bad, "■ LOCKED")
	case groupHeld: // locked too, as long as the function works on it
		l.Add(kit.Busy, "● at work")
	default:
		l.Add(kit.Good, "● free")
	}
	l.PadTo(max(l.Col()+1, c.pick(14, 13)))
	said := []string(nil)
	for i := range receipts {
		r := &receipts[i]
		for _, id := range r.Messages {
			if c.S.Message(id).Group != gi {
				continue
			}
			if slices.Contains(r.FailedMessages, id) {
				l.Add(kit.Bad, "X")
			} else {
				l.Add(kit.Busy, "▓")
			}
			said = c.groupStatus(r, gi)
		}
	}
	l.Repeat(kit.Plain, "░", min(int(g.Visible+g.Delayed), 10))
	if more := int(g.Visible+g.Delayed) - 10; more > 0 {
		l.Text("+" + itoa(more))
	}
	if said == nil {
		said = []string{"the next receive may take it"}
	}
	l.PadTo(max(l.Col()+1, c.pick(26, 24)))
	return l.Text(kit.Pick(k.W-l.Col(), said...)).String()
}

// groupStatus describes the batch that holds a group's messages, in fewer and fewer
// words: it runs, or it failed because of this group's message or another's.
func (c *Ctx) groupStatus(r *Receipt, group engine.GroupID) []string {
	batch := "batch " + itoa(int(r.Batch))
	if r.Poller != nil && r.Poller.Phase == engine.PollerThrottled {
		return []string{batch + " throttled"}
	}
	if r.Poller != nil {
		return []string{batch + " runs"}
	}
	own := len(r.FailedMessages) == 0 || slices.ContainsFunc(r.FailedMessages, func(id int32) bool { return c.S.Message(id).Group == group })
	if !own {
		other := c.S.GroupName(r.FailedMessages[0])
		return []string{"shared " + batch + " with " + other + ", waits with it", "waits with " + other}
	}
	nth := itoa(int(r.Receives))
	if q := c.queue(); q.DeadLetterQueue != "" {
		nth += "/" + itoa(q.MaxReceiveCount)
	}
	hidden := Secs(r.Until - c.S.Now())
	return []string{batch + " failed, hidden " + hidden + ", receive " + nth, batch + " failed, hidden " + hidden + ", " + nth, "failed, hidden " + hidden, "failed, " + hidden}
}

// What a message group does.
const (
	groupEmpty  = iota
	groupWaits  // the next receive may take it
	groupHeld   // received, its batch runs
	groupFailed // its batch failed: locked until its messages are visible again
)

// groupStates says what the groups do that have messages.
func (c *Ctx) groupStates() map[engine.GroupID]int {
	if c.states != nil {
		return c.states
	}
	out := map[engine.GroupID]int{}
	for _, i := range c.queue().Groups {
		switch g := &c.S.Groups[i]; {
		case g.Locked():
			out[i] = groupHeld
		case g.Visible+g.Delayed > 0:
			out[i] = groupWaits
		}
	}
	list := Receipts(c.S, c.M, c.History.Log)
	for i := range list {
		if list[i].Poller == nil {
			for _, id := range list[i].Messages {
				out[c.S.Message(id).Group] = groupFailed
			}
		}
	}
	c.states = out
	return out
}

// groupGrid draws the groups as a grid: each keeps its cell, also while it is empty.
func (c *Ctx) groupGrid(b Body, k ViewState) Body {
	all, states := c.queue().Groups, c.groupStates()
	shown := matching(len(all), k.Filter, func(i int) string { return c.S.Groups[all[i]].Name })
	b.list(&k, nil, subjects(shown, func(i int) Subject { return groupSubject(all[i]) }), nil)
	if len(shown) == 0 {
		b.Note = k.note(b.Note)
		return b
	}
	worst, failed := 0, 0
	for i, n := range shown {
		if states[all[n]] > states[all[shown[worst]]] {
			worst = i
		}
		if states[all[n]] == groupFailed {
			failed++
		}
	}
	if failed > 0 {
		b.Note = "■ " + itoa(failed) + " OF " + itoa(len(all)) + " GROUPS LOCKED BY A FAILURE"
	}
	b.Note = k.note(b.Note)
	b.Legend, b.Short = "· empty  ░ waits  ▓ received  ■ locked by a failure", []string{"░ waits  ▓ received  ■ failed", "░ wait ▓ held ■ fail"}
	receipts := Receipts(c.S, c.M, c.History.Log)
	c.drawGrid(&b, &k, worst, func(i int) Subject { return groupSubject(all[shown[i]]) },
		func(i int) gridCell {
			state := states[all[shown[i]]]
			return [...]gridCell{{"·", kit.Heat0, 0}, {"░", kit.Heat1, 1}, {"▓", kit.Heat3, 2}, {"■", kit.Alarm, 9}}[state]
		},
		func(i int, selected bool) string {
			row := k
			if row.Sel = (Subject{}); selected {
				row.Sel = groupSubject(all[shown[i]])
			}
			return c.groupRow(all[shown[i]], receipts, &row, 20)
		})
	return b
}
