package pane

import (
	"cmp"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// A grid shows many things of one kind, each in a cell that it never leaves: the shards
// of a large stream, the message groups of a FIFO queue. What a cell's sign says its
// heat says too.
type grid struct {
	n    int // things
	cell int // columns of a cell: 3, 2 or 1
	cols int // cells in a row: a multiple of ten
	per  int // things a cell stands for; the worst of them is drawn
	lead int // columns of a row's label
}

// gridCell is what a cell shows. The higher the rank, the worse.
type gridCell struct {
	sign  string
	style kit.Style
	rank  int
}

// Cells in a row, the most first.
var gridColumns = [...]int{200, 100, 50, 40, 20, 10}

// gridOf gives the grid of n things in w columns and h rows, heading and last row
// included, with the largest cells that fit.
func gridOf(n, w, h int) grid {
	g := grid{n: n, per: 1, lead: max(3, len(itoa(n-1)))}
	for g.cell = 3; ; g.cell-- {
		g.cols = gridWidth(w, g.lead, g.cell)
		if g.rows() <= h-2 && g.lead+1+g.cols*g.cell <= w {
			return g
		}
		if g.cell == 1 {
			break
		}
	}
	for g.rows() > max(1, h-2) {
		g.per++
	}
	return g
}

// gridWidth is how many cells of a width stand in a row of w columns.
func gridWidth(w, lead, cell int) int {
	for _, cols := range gridColumns {
		if lead+1+cols*cell <= w {
			return cols
		}
	}
	return max(1, min(10, (w-lead-1)/cell))
}

// rows of cells.
func (g *grid) rows() int {
	each := g.cols * g.per
	return (g.n + each - 1) / each
}

// gridForms are the heights at which the cells of a grid of n things have one, two and
// three columns, with a heading and a row for the thing under the cursor.
func gridForms(n, w int) []Form {
	lead := max(3, len(itoa(n-1)))
	rows := func(cell int) int { return 2 + (n+gridWidth(w, lead, cell)-1)/gridWidth(w, lead, cell) }
	list := least(min(rows(1), 5))
	list = more(list, min(rows(1), 16), worthItem+1)
	if rows(3) <= 16 {
		return more(list, rows(3), worthItem)
	}
	list = more(list, min(rows(2), 16), worthItem)
	return more(list, min(rows(3), 30), worthLong)
}

// at gives the thing at a column of a row of the grid; -1: there is none.
func (g *grid) at(row, x int) int {
	if x -= g.lead + 1; x < 0 || x/g.cell >= g.cols {
		return -1
	}
	if i := (row*g.cols + x/g.cell) * g.per; i < g.n {
		return i
	}
	return -1
}

// heading numbers the columns, and says how many things a cell stands for where nothing
// else does.
func (g *grid) heading(t *kit.Theme, w int, each string) string {
	l := kit.NewLine(t, w)
	step := 1
	for _, s := range [...]int{1, 5, 10, 20} {
		if step = s; len(itoa(g.cols*g.per-1)) < step*g.cell {
			break
		}
	}
	for i := 0; i < g.cols; i += step {
		l.PadTo(g.lead+g.signAt(i)).Add(kit.Dim, itoa(i*g.per))
	}
	if each != "" && l.Room() > len(each)+1 {
		l.Right(kit.Dim, each, w-1)
	}
	return l.String()
}

// signAt is the column of a cell's sign, after the label.
func (g *grid) signAt(i int) int { return 1 + i*g.cell + g.cell/2 }

// row draws a row of cells. sel is the thing whose cell is marked.
func (g *grid) row(t *kit.Theme, w, row, sel int, cell func(int) gridCell) string {
	l := kit.NewLine(t, w)
	l.Right(kit.Dim, itoa(row*g.cols*g.per), g.lead)
	marked := false
	for i := range g.cols {
		first := (row*g.cols + i) * g.per
		if first >= g.n || g.lead+g.signAt(i) >= w {
			break
		}
		worst := cell(first)
		for k := first + 1; k < min(first+g.per, g.n); k++ {
			if x := cell(k); x.rank > worst.rank {
				worst = x
			}
		}
		here := sel >= first && sel < first+g.per
		if at := g.lead + g.signAt(i); g.cell > 1 {
			for l.Col() < at-1 {
				l.Text(pick(marked, "]", " "))
				marked = false
			}
			l.Add(kit.Key, pick(here, "[", pick(marked, "]", " ")))
			marked = here
		} else {
			l.PadTo(at)
			if here {
				worst.style = kit.Select
			}
		}
		l.Add(worst.style, worst.sign)
	}
	if marked {
		l.Add(kit.Key, "]")
	}
	return l.String()
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// drawGrid draws the grid of things numbered from 0 into b, whose items are the subjects
// of all of them, and the row of the one that the cursor is on; without a cursor it is
// the worst one.
func (c *Ctx) drawGrid(b *Body, k *ViewState, worst int, subject func(int) Subject, cell func(int) gridCell, strip func(i int, selected bool) string) {
	n := len(b.items)
	g := gridOf(n, k.W, k.H)
	b.Columns, b.drawn = g.cols*g.per, n
	sel := slices.Index(b.items, k.Sel)
	shown := sel
	if shown < 0 {
		shown = worst
	}
	each := ""
	if g.per > 1 {
		if each = itoa(g.per) + " a cell"; kit.Width(b.Title)+kit.Width(b.Note)+len(each)+10 <= k.W {
			b.Title, each = b.Title+" · "+each, ""
		}
	}
	b.add(Subject{}, g.heading(c.Theme, k.W, each))
	for row := range g.rows() {
		if len(b.Rows) >= k.H {
			break
		}
		b.Rows = append(b.Rows, Row{Text: g.row(c.Theme, k.W, row, shown, cell), At: func(x int) Subject {
			if i := g.at(row, x); i >= 0 {
				return subject(i)
			}
			return Subject{}
		}})
	}
	for len(b.Rows) < k.H-1 {
		b.add(Subject{}, kit.Blanks(k.W))
	}
	if len(b.Rows) < k.H {
		b.add(subject(shown), strip(shown, sel >= 0))
	}
}

// heat is a cell by the age of what waits, in batching windows.
func (c *Ctx) shardCell(shard int) gridCell {
	if c.Hurts(shardSubject(shard)) {
		return gridCell{"■", kit.Alarm, 9}
	}
	m := c.mapping()
	age := engine.Micros(0)
	if Unfinished(c.S, c.M, shard) > 0 {
		age = max(1, c.age(shard))
	}
	window := c.window()
	switch {
	case age == 0 && c.stream().Shards[shard].Closed && m.Started() && m.Iterators[shard].Finished:
		return gridCell{"○", kit.Dim, 0}
	case age == 0:
		return gridCell{"·", kit.Heat0, 1}
	case age <= window:
		return gridCell{"░", kit.Heat1, 2}
	case age <= 2*window:
		return gridCell{"▒", kit.Heat2, 3}
	case age <= 4*window:
		return gridCell{"▓", kit.Heat3, 4}
	}
	return gridCell{"▓", kit.Heat4, 5}
}

// age is how old the oldest record is that a shard's iterator has not passed.
func (c *Ctx) age(shard int) engine.Micros { return c.S.Age(c.M, shard) }

// window is what ages are compared with: the batching window, a second at least.
func (c *Ctx) window() engine.Micros {
	return max(engine.Second, engine.Micros(c.mapping().MaximumBatchingWindowInSeconds)*engine.Second)
}

// oldestFirst sorts shards: the blocked ones first, then by the age of what waits.
func (c *Ctx) oldestFirst(list []int) []int {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b int) int {
		return cmp.Or(boolFirst(c.Hurts(shardSubject(a)), c.Hurts(shardSubject(b))), cmp.Compare(c.age(b), c.age(a)))
	})
	return out
}

// gridStrip is the row of the shard under the cursor: its state, its records, what it
// waits for.
func (c *Ctx) gridStrip(shard, w int, selected bool, seen *signs) string {
	l := line(c, w, selected).Add(kit.Strong, "["+itoa(shard)+"]").Text(" ")
	sign, word, style := c.Status(shard)
	what, hand := "", c.S.ActiveLane(c.M, shard)
	switch next := c.S.NextRecord(c.M, shard); {
	case style == kit.Bad && hand != nil:
		word += " " + Secs(c.S.Now()-hand.BlockedAt)
		if what = Culprits(hand); what == "" {
			what = "batch " + itoa(int(hand.Root))
		}
		waits, _ := Waiting(c.S, c.M, shard)
		what = "by " + what + ", " + itoa(waits) + " behind"
	case next > 0:
		what = "next " + Num(next) + ", " + Secs(c.age(shard)) + " old"
	case c.mapping().Started():
		what = "caught up"
	}
	l.Add(style, sign+" "+word).Text("  ")
	if room := l.Room() - 12; kit.Width(what) > room { // some of the records are worth more words
		what, _, _ = strings.Cut(what, ",")
		if kit.Width(what) > room {
			what = ""
		}
	}
	st := c.strip(shard, max(0, w-l.Col()-kit.Width(what)-3), seen)
	for _, x := range st.cells {
		l.Repeat(x.style, x.sign, x.n)
	}
	if st.rest > 0 {
		l.Add(kit.Dim, " +"+itoa(st.rest))
	}
	return l.Text("  " + what).String()
}

// gridLegend explains the signs of a grid of shards.
func (c *Ctx) gridLegend() string {
	w := c.window()
	return "· none waits  ░ up to " + Dur(w) + "  ▒ up to " + Dur(2*w) + "  ▓ longer  ■ BLOCKED"
}

// Hurts tells whether a thing of a grid is blocked.
func (c *Ctx) Hurts(about Subject) bool {
	switch m := c.mapping(); about.Kind {
	case KindShard:
		return m.Started() && int(about.Shard) < len(m.Iterators) && m.Iterators[about.Shard].Blocked()
	case KindMessageGroup:
		return c.groupStates()[engine.GroupID(about.N)] == groupFailed
	}
	return false
}

// inGrid tells whether pane 1 shows the shards as a grid, and pane 2 the oldest ones: a
// row each would not fit.
func (c *Ctx) inGrid(shown []int, k *ViewState) bool {
	return len(shown) > 1 && len(shown)+1 > k.H && k.H > 2
}
