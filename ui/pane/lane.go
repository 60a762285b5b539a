package pane

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// laneRow is a row of pane 8 before it is drawn.
type laneRow struct {
	about Subject
	head  string // in the gutter
	style kit.Style
	bar   *bar
	mark  bool // it contains what is sought
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
			if c.queue().FIFO && c.groupStates()[engine.GroupID(l.ID)] == groupFailed {
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
		if !k.Full && out[i].about.Kind == KindShard {
			out[i].bar.behind(c.holds(int(out[i].about.Shard)))
		}
	}
	return out
}

// holds says what a shard holds for the mapping.
func (c *Ctx) holds(shard int) string {
	n := Unfinished(c.S, c.M, shard)
	if n == 0 {
		return "nothing waits"
	}
	return kit.Thousands(n) + " not finished"
}

// behind writes what is so now behind now, if nothing else is there.
func (b *bar) behind(text string) {
	if b.now < 0 {
		return
	}
	for i := b.now + 1; i < len(b.cells); i++ {
		if b.cells[i].sign != "" {
			return
		}
	}
	b.write(b.now+2, text, kit.Dim, true)
}

// hasNoLane tells whether a lane is left out: that of a poller which never had a batch.
func (c *Ctx) hasNoLane(l *timeline.Lane) bool { return l.Kind == timeline.OfPoller && l.Quiet() }

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
	if !k.Full {
		r.bar.behind(itoa(int(c.function().Running)) + " of " + itoa(most) + " now")
	}
	return r
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
	came := 0
	for i := range gauges {
		if gauges[i].Arrived > 0 {
			at := engine.Micros(i) * width
			r.bar.span(k, at, at, barCell{"◆", kit.Bad, 7})
			came += int(gauges[i].Arrived)
		}
	}
	if !k.Full {
		r.bar.behind(kit.Count(came, "message") + " came")
	}
	return r
}

// queueLane shows how many messages the queue held, hidden ones too, in eighths of the most.
func (c *Ctx) queueLane(k *ViewState) laneRow {
	id := c.S.Config().Queues[c.S.QueueOf(c.M)].ID
	r := laneRow{about: inFlight, head: c.laneText(k, "1 "+id+" holds", "1 "+id), bar: newBar(c, k)}
	gauges, width := c.History.Gauges(c.S, c.M), c.History.CellWidth(c.M)
	r.bar.waits(c, k, len(gauges), width, func(i int) int32 { return gauges[i].Waits + gauges[i].Hidden })
	return r
}
