package pane

import (
	"slices"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// drawIterators draws pane 2 of a stream. Its rows are beside those of pane 1.
func drawIterators(c *Ctx, k ViewState) Body {
	b := Body{Title: "2 Iterators", Legend: k.legend("one for each shard: a place, not a copy · age: of the oldest record that is not finished", "a place, not a copy · age: oldest not finished", "age: oldest record not finished", "age: oldest not finished")}
	if c.Long {
		b.Title += " · " + c.config().ID
	}
	shown := c.matchingShards(k.Filter)
	b.list(&k, nil, subjects(shown, iteratorSubject), nil)
	list, per := slots(c.front(shown, &k), k.H)
	switch {
	case c.inGrid(shown, &k):
		b.Aside = "oldest first"
		shown = c.oldestFirst(shown)
		b.list(&k, nil, subjects(shown, iteratorSubject), nil)
		return c.oldestIterators(b, &k, shown)
	case k.Alone && 1+len(shown) <= k.H:
		list, per = c.aloneSlots(shown, k.H), 1
	}
	b.Rows = blankRows(&k)
	if k.H > 2 || per > 1 {
		b.Rows[0].Text = c.iteratorHead(k.W)
	}
	barred := false
	for _, s := range list {
		b.drawn++
		row := s.row
		if per > 1 && s.row == 0 {
			row++ // the heading takes the first row
		}
		b.Rows[row] = Row{Text: c.iteratorRow(s.shard, &k), Subject: iteratorSubject(s.shard)}
		if below := row + 1; (per == 3 || k.Alone && below < k.H && !slices.ContainsFunc(list, func(s slot) bool { return s.row == below })) && c.awaitsRetry(s.shard) {
			b.Rows[row+1] = Row{Text: c.barRow(s.shard, false, k.W), Subject: iteratorSubject(s.shard)}
			barred = true
		}
	}
	if last := k.H - 1; !barred && last > 0 && b.Rows[last].Subject == (Subject{}) {
		if i := c.nextRetry(k.Sel); i >= 0 {
			b.Rows[last] = Row{Text: c.barRow(i, len(list) > 2, k.W), Subject: iteratorSubject(i)}
		}
	}
	return b
}

// oldestIterators lists iterators where there are more of them than rows. The last row
// is for the one that is tried again next.
func (c *Ctx) oldestIterators(b Body, k *ViewState, shown []int) Body {
	b.Summed = true // pane 1 has all of them
	b.add(Subject{}, c.iteratorHead(k.W))
	next := c.nextRetry(k.Sel)
	room := k.H - 1
	if next >= 0 && k.H > 3 {
		room--
	}
	from, to := b.scroll(k, room)
	for _, i := range shown[from:to] {
		b.item(iteratorSubject(i), c.iteratorRow(i, k))
	}
	for len(b.Rows) < k.H-1 {
		b.add(Subject{}, kit.Blanks(k.W))
	}
	if len(b.Rows) < k.H && next >= 0 {
		b.add(iteratorSubject(next), c.barRow(next, true, k.W))
	}
	return b
}

// aloneSlots places the iterators where the shards are not beside them: below the
// heading, with a row for the bar of those that have one, as far as there is room.
func (c *Ctx) aloneSlots(shown []int, h int) (list []slot) {
	row, spare := 1, h-1-len(shown)
	for _, i := range shown {
		list = append(list, slot{i, row})
		row++
		if spare > 0 && c.awaitsRetry(i) {
			row, spare = row+1, spare-1
		}
	}
	return list
}

// nextRetry is the blocked shard that is tried again next, or the one under the cursor
// if it is; -1: none waits for that.
func (c *Ctx) nextRetry(sel Subject) int {
	best := -1
	for _, i := range Blocked(c.S, c.M) {
		switch {
		case !c.awaitsRetry(i):
		case iteratorSubject(i) == sel:
			return i
		case best < 0 || c.S.ActiveLane(c.M, i).Due < c.S.ActiveLane(c.M, best).Due:
			best = i
		}
	}
	return best
}

// awaitsRetry tells whether a shard's batch waits for its next try.
func (c *Ctx) awaitsRetry(shard int) bool {
	l := c.S.ActiveLane(c.M, shard)
	return l != nil && (l.Phase == engine.PhaseWaiting || l.Phase == engine.PhaseThrottled)
}

// iteratorCols are the columns of pane 2: where a text begins or a number ends.
type iteratorCols struct{ checkpoint, next, behind, age, try int }

// iteratorCols gives the columns of pane 2, with room for the largest shard's number.
func (c *Ctx) iteratorCols() iteratorCols {
	if c.Long {
		return iteratorCols{checkpoint: 8, next: 20, behind: 32, age: 40, try: 42}
	}
	digits := len(itoa(len(c.stream().Shards) - 1))
	return iteratorCols{next: 4 + digits, behind: 17 + btoi(digits > 2), age: 25, try: 33}
}

func (c *Ctx) iteratorHead(w int) string {
	if c.Long {
		return line(c, w, false).Add(kit.Dim, "shard  checkpoint  next  behind     age  try").String()
	}
	cols := c.iteratorCols()
	return line(c, w, false).Add(kit.Dim, "at").PadTo(cols.next).Add(kit.Dim, "next").Right(kit.Dim, "behind", cols.behind).
		Right(kit.Dim, "age", cols.age).Right(kit.Dim, "try", cols.try).String()
}

func (c *Ctx) iteratorRow(shard int, k *ViewState) string {
	cols := c.iteratorCols()
	l := line(c, k.W, k.Sel == iteratorSubject(shard))
	sign, _, style := c.Status(shard)
	l.Add(kit.Strong, itoa(shard)).Text(" ").PadTo(2+len(itoa(len(c.stream().Shards)-1))).Add(style, sign)
	m := c.mapping()
	if !m.Started() {
		return l.PadTo(cols.next).Add(kit.Dim, "-").String()
	}
	next, age := "-", "0.0 s"
	if n := c.S.NextRecord(c.M, shard); n > 0 {
		next, age = Num(n), Secs(c.S.Age(c.M, shard))
	}
	if c.Long {
		cp := "-"
		if n := m.Iterators[shard].Checkpoint; n > 0 {
			cp = Num(n)
		}
		l.PadTo(cols.checkpoint).Text(cp)
	}
	l.PadTo(cols.next).Add(kit.Info, next)
	l.Right(kit.Plain, kit.Thousands(c.S.Behind(c.M, shard)), cols.behind)
	l.Right(kit.Plain, age, cols.age)
	if try := c.tries(shard); c.Long {
		l.PadTo(cols.try).Text(try)
	} else {
		l.Right(kit.Plain, try, cols.try)
	}
	return l.String()
}

// tries is "5 of ∞": how many tries there were, of how many there can be.
func (c *Ctx) tries(shard int) string {
	n := c.S.Attempts(c.M, shard)
	if n == 0 {
		return "-"
	}
	if r := c.mapping().MaximumRetryAttempts; r >= 0 {
		return itoa(n) + " of " + itoa(r+1)
	}
	return itoa(n) + " of ∞"
}

// barRow is a bar that shrinks until the next try. named: the row is not below its
// shard's row, and says which shard it means.
func (c *Ctx) barRow(shard int, named bool, w int) string {
	h := c.S.ActiveLane(c.M, shard)
	left, whole := h.Due-c.S.Now(), h.Due-h.Since
	bar := kit.Bar(int64(left), int64(whole), 15)
	l := line(c, w, false)
	if named {
		l.Add(kit.Strong, itoa(shard)).Text(" ")
	}
	if c.Long {
		if !named {
			l.PadTo(8)
		}
		l.Text("next try in "+Secs(left)+"  ").Add(kit.Bad, bar)
		return l.Text(kit.Pick(w-l.Col(), " of "+Dur(whole), "")).String()
	}
	rest, of := " "+tenths(left*10/engine.Second), Dur(whole)
	l.Text("retry ").Add(kit.Bad, bar)
	return l.Text(kit.Pick(w-l.Col(), rest+" of "+of, rest+"/"+of, rest)).String()
}
