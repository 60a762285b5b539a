package pane

import (
	"slices"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// slot is the place of a shard in pane 1 and of its iterator in pane 2: the rows of
// both panes are side by side.
type slot struct{ shard, row int }

// slots places the shards in h rows: three, two or one row each. per is the rows of one
// shard; with one row each the first is a heading.
func slots(shown []int, h int) (list []slot, per int) {
	n := len(shown)
	switch {
	case n*3 <= h:
		per = 3
	case n*2 <= h:
		per = 2
	default:
		per = 1
	}
	for i := range n {
		row := i * per
		if per == 1 && h > 2 { // below the heading
			row++
		}
		if row+per <= max(h, 1) {
			list = append(list, slot{shown[i], row})
		}
	}
	return list, per
}

// front brings the shard under the cursor, then those that hurt, before the others where
// not even a row each, nor a grid, has room.
func (c *Ctx) front(shown []int, k *ViewState) []int {
	if len(shown) <= max(1, k.H) {
		return shown
	}
	shown = c.oldestFirst(shown)
	if i := slices.Index(shown, int(k.Sel.Shard)); i > 0 && (k.Sel.Kind == KindShard || k.Sel.Kind == KindIterator) {
		shown = slices.Concat(shown[i:i+1], shown[:i], shown[i+1:])
	}
	return shown
}

// matchingShards lists the shards whose row in pane 1 or 2 matches the filter: the
// two panes have one filter, so that their rows stay side by side.
func (c *Ctx) matchingShards(filter string) []int {
	wide := ViewState{W: 200}
	return matching(len(c.stream().Shards), filter, func(i int) string { return c.shardRow(i, &wide, strip{}) + c.iteratorRow(i, &wide) })
}

func shardSubject(i int) Subject    { return Subject{Kind: KindShard, Shard: int32(i)} }
func iteratorSubject(i int) Subject { return Subject{Kind: KindIterator, Shard: int32(i)} }

// drawShards draws pane 1 of a stream.
func drawShards(c *Ctx, k ViewState) Body {
	all := len(c.stream().Shards)
	b := Body{Title: "1 Shards · " + c.streamConfig().ID}
	shown := c.matchingShards(k.Filter)
	b.list(&k, nil, subjects(shown, shardSubject), nil)
	blocked := Blocked(c.S, c.M)
	seen := signs{}
	if c.inGrid(shown, &k) {
		if len(blocked) > 0 {
			b.Note = "■ " + itoa(len(blocked)) + " OF " + kit.Thousands(all) + " BLOCKED"
		}
		b.Legend, b.Short = c.gridLegend(), []string{"░ ▒ ▓ older  ■ BLOCKED", "░▒▓ older ■ BLOCKED"}
		worst := slices.Index(shown, c.oldestFirst(shown)[0])
		c.drawGrid(&b, &k, worst, func(i int) Subject { return shardSubject(shown[i]) }, func(i int) gridCell { return c.shardCell(shown[i]) },
			func(i int, selected bool) string { return c.gridStrip(shown[i], k.W, selected, &seen) })
		b.Note = k.note(b.Note)
		return b
	}
	list, per := slots(c.front(shown, &k), k.H)
	b.Rows = blankRows(&k)
	if per == 1 && k.H > 2 {
		b.Rows[0].Text = line(c, k.W, false).Add(kit.Dim, "shard").String()
	}
	for _, s := range list {
		b.drawn++
		st := c.strip(s.shard, k.W-1-stripAt-c.reserve(), &seen)
		texts := []string{c.shardRow(s.shard, &k, st)}
		if per > 1 {
			texts = append(texts, c.markRow(s.shard, k.W, st))
		}
		if per > 2 {
			texts = append(texts, c.sinceRow(s.shard, k.W))
		}
		for i, text := range texts {
			b.Rows[s.row+i] = Row{Text: text, Subject: shardSubject(s.shard)}
		}
	}
	if len(blocked) > 0 {
		b.Note = "■ " + itoa(len(blocked)) + " OF " + kit.Thousands(all) + " BLOCKED"
	}
	b.border(c, &k)
	b.Legend = "· done  ▓ in the batch  X fails  ░ waits" + seen.legend()
	b.Short = shardSigns
	return b
}

// blankRows makes blank rows for a whole pane.
func blankRows(k *ViewState) []Row {
	rows := make([]Row, max(0, k.H))
	for i := range rows {
		rows[i].Text = kit.Blanks(k.W)
	}
	return rows
}

// stripAt is the column, after the cursor's, at which the strip of records begins.
const stripAt = 13

// reserve is the gap between the strip and the next pane.
func (c *Ctx) reserve() int {
	if c.Long {
		return 2
	}
	return 4
}

// signs notes which rare signs a pane shows, for its legend.
type signs struct{ filtered, discarded, lost bool }

func (s *signs) legend() string {
	out := ""
	if s.filtered {
		out += "  ~ filtered"
	}
	if s.discarded {
		out += "  - given up"
	}
	if s.lost {
		out += "  ! lost"
	}
	return out
}

// shardSigns explains what strips are made of.
var shardSigns = []string{"· done  ▓ in the batch  X fails  ░ waits", "▓ in the batch  X fails  ░ waits", "▓ batch  X fails  ░ waits", "▓ batch X fail ░ wait", "▓batch Xfail ░wait"}

// strip is the picture of a shard's records.
type strip struct {
	cells []cell
	mark  int // the cell of the iterator
	rest  int // records after the last cell
	next  int32
	width int
}

type cell struct {
	sign  string
	style kit.Style
	n     int
}

// strip draws the records around a shard's iterator into w cells.
func (c *Ctx) strip(shard, w int, seen *signs) strip {
	st, m := c.stream(), c.mapping()
	sh := &st.Shards[shard]
	next, hand := 0, (*engine.Lane)(nil)
	if m.Started() {
		next, hand = int(m.Iterators[shard].Next), c.S.ActiveLane(c.M, shard)
	}
	out := strip{next: c.S.NextRecord(c.M, shard), width: w}
	if w < 1 {
		return out
	}
	from, to := stripWindow(sh.Len(), next, w)
	if w >= 8 {
		out.rest = sh.Len() - to
	}
	from = max(from, sh.First())
	out.mark = next - from
	for _, n := range sh.Between(int32(from), int32(to)) {
		sign, style := "░", kit.Plain
		switch c.S.RecordState(c.M, int(n)) {
		case engine.StateDone:
			sign, style = "·", kit.Dim
		case engine.StateFiltered:
			sign, style = "~", kit.Dim
			seen.filtered = true
		case engine.StateRunning, engine.StateRetrying:
			sign, style = "▓", kit.Busy
			if hand != nil && failedIn(hand, n) {
				sign, style = "X", kit.Bad
			}
		case engine.StateDiscarded:
			sign, style = "-", kit.Bad
			seen.discarded = true
		case engine.StateExpired, engine.StateMissed:
			sign, style = "!", kit.Bad
			seen.lost = true
		}
		if k := len(out.cells); k > 0 && out.cells[k-1].sign == sign {
			out.cells[k-1].n++
			continue
		}
		out.cells = append(out.cells, cell{sign, style, 1})
	}
	return out
}

// stripWindow says which of n records a strip of w cells shows: the newest, or
// those from shortly before the iterator on, with room for a count of the rest.
func stripWindow(n, next, w int) (from, to int) {
	if n <= w {
		return 0, n
	}
	before := w / 6 // some finished records stay in sight
	if from = n - w; from <= next-before {
		return from, n
	}
	from = max(0, next-before)
	to = min(n, from+w)
	for d := 1; w >= 8 && to < n; d++ { // the count: " +21"
		if to = from + w - 2 - d; len(itoa(n-to)) <= d {
			break
		}
	}
	return from, to
}

func failedIn(l *engine.Lane, n int32) bool {
	for _, h := range l.FailedRecords {
		if h == n {
			return true
		}
	}
	return false
}

// Status is a shard's sign and word.
func (c *Ctx) Status(shard int) (sign, word string, style kit.Style) {
	m := c.mapping()
	switch {
	case m.Started() && m.Iterators[shard].Blocked():
		return "■", "BLOCKED", kit.Bad
	case m.State != engine.Enabled && m.State != engine.Updating:
		return "○", lower(m.State.String()), kit.Dim
	case c.S.ReadDenied(c.M) != "":
		return "○", "denied", kit.Busy
	case Parent(c.S, c.M, shard) >= 0:
		return "○", "waits", kit.Busy
	case c.stream().Shards[shard].Closed && m.Started() && m.Iterators[shard].Finished:
		return "○", "closed", kit.Dim
	}
	return "●", "flows", kit.Good
}

// Parent is a shard that mapping m must finish before it reads this one; -1 if there
// is none.
func Parent(s *engine.Sim, m, shard int) int {
	mp := &s.Mappings[m]
	if !mp.Started() {
		return -1
	}
	for _, p := range s.Streams[s.SourceOf(m)].Shards[shard].Parents {
		if !mp.Iterators[p].Finished {
			return int(p)
		}
	}
	return -1
}

func (c *Ctx) shardRow(shard int, k *ViewState, st strip) string {
	l := kit.NewLine(c.Theme, k.W)
	sign, word, style := c.Status(shard)
	if style == kit.Bad {
		l.Whole(kit.Alarm)
	}
	lead(l, k.Sel == shardSubject(shard))
	l.Add(kit.Strong, itoa(shard)).Text(" ").Add(style, sign+" "+word).PadTo(1 + stripAt)
	for _, x := range st.cells {
		l.Repeat(x.style, x.sign, x.n)
	}
	if st.rest > 0 {
		l.Add(kit.Dim, " +"+itoa(st.rest))
	}
	return l.String()
}

// markRow marks the iterator's place below the records.
func (c *Ctx) markRow(shard, w int, st strip) string {
	l := kit.NewLine(c.Theme, w)
	at := 1 + stripAt + max(0, st.mark)
	room := 1 + stripAt + st.width - at
	texts := []string{"▲ iterator", "▲"}
	if c.Long {
		next := "next " + Num(st.next)
		if st.next == 0 {
			next = "caught up"
		}
		if !c.mapping().Started() {
			next = "none before the mapping is Enabled"
		}
		waits, _ := Waiting(c.S, c.M, shard)
		wait := "wait"
		if waits == 1 {
			wait = "waits"
		}
		if p := Parent(c.S, c.M, shard); p >= 0 {
			next += ", after shard " + itoa(p)
		}
		texts = []string{"▲ iterator: " + next + "   " + itoa(waits) + " " + wait + " behind", "▲ iterator: " + next, "▲ " + Num(st.next), "▲"}
		if waits == 0 {
			texts = texts[1:]
		}
		if st.next == 0 {
			texts = []string{"▲ iterator: " + next, "▲ " + next, "▲"}
		}
	}
	return l.PadTo(at).Add(kit.Info, kit.Pick(max(1, room), texts...)).String()
}

func (c *Ctx) sinceRow(shard, w int) string {
	l := kit.NewLine(c.Theme, w).PadTo(1 + stripAt)
	m := c.mapping()
	if !m.Started() {
		return l.Add(kit.Dim, kit.Pick(w-l.Col()-1, "the mapping has not been Enabled yet", "not Enabled yet", "not yet")).String()
	}
	it := &m.Iterators[shard]
	hand := c.S.ActiveLane(c.M, shard)
	switch {
	case it.Blocked():
		what := Culprits(hand)
		if what == "" {
			what = "batch " + itoa(int(hand.Root))
		}
		since := "blocked for " + Secs(c.S.Now()-hand.BlockedAt)
		if n, all := BlockedLanes(c.S, c.M, shard); n < all {
			ahead, most := c.S.LanesAhead(c.M, shard)
			lanes, far := itoa(n)+" of "+itoa(all)+" lanes", itoa(ahead)+" ahead, of "+itoa(most)
			l.Text(kit.Pick(w-l.Col()-1, lanes+" "+since+"; others "+far, lanes+" blocked; others "+far, lanes+" blocked, "+far, lanes+"; "+far, lanes+" blocked"))
			return l.String()
		}
		what = ": nothing may overtake " + what
		l.Text(kit.Pick(w-l.Col()-1, since+what, since))
	case Parent(c.S, c.M, shard) >= 0:
		n := itoa(Parent(c.S, c.M, shard))
		l.Add(kit.Busy, kit.Pick(w-l.Col()-1, "its parent, shard "+n+", must be finished first", "its parent, shard "+n+", goes first", "after shard "+n))
	case it.Checkpoint > 0 && !m.Track.Holds(int(it.Checkpoint)-1):
		l.Add(kit.Dim, kit.Pick(w-l.Col()-1, "last checkpoint long ago", "long ago"))
	case it.Checkpoint > 0:
		ago := Secs(c.S.Now()-m.Track.At(int(it.Checkpoint)-1).DoneAt()) + " ago"
		l.Add(kit.Dim, kit.Pick(w-l.Col()-1, "last checkpoint "+ago, "checkpoint "+ago, ago))
	default:
		l.Add(kit.Dim, kit.Pick(w-l.Col()-1, "no checkpoint yet", "none yet"))
	}
	return l.String()
}

func lower(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] >= 'A' && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}
