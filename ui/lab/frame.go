package lab

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

func uitoa(n uint64) string { return strconv.FormatUint(n, 10) }

// Draw gives the frame of a screen of w x h cells.
func (m *Lab) Draw(w, h int) (string, *tea.Cursor) {
	m.w, m.h = w, h
	if m.w < 1 || m.h < 1 {
		return "", nil
	}
	c := m.ctx()
	q := m.request(c)
	m.lay = q.layout()
	if m.focus > 0 && m.lay.Panes[m.focus].H == 0 { // no room beside the others: it fills the screen
		m.zoom, q.zoom = m.focus, m.focus
		m.lay = q.layout()
	}
	l := &m.lay
	rows := make([]string, m.h)
	rows[0] = m.header()
	put := func(y int, row func() string) {
		if y >= 0 {
			rows[y] = row()
		}
	}
	for k, row := range m.headRows(l.Rows.Headline) {
		rows[l.Headline+k] = row
	}
	put(l.Welcome, m.welcomeRow)
	put(l.Slider, m.sliderRow)
	put(l.Footer, m.footer)
	copy(rows[min(l.Flow.Y, m.h):], m.flowRows(c))
	m.place(c, rows)
	for i := range rows {
		if rows[i] == "" {
			rows[i] = kit.Blanks(m.w)
		}
	}
	m.dialogs.Above = 0
	if r := l.Panes[6]; m.o.Region != nil && r.H > 0 && r.H < m.h/2+2 {
		m.dialogs.Above = r.Y // what a lesson asks for stays in sight
	}
	cursor := m.dialogs.Draw(m.screens.Theme, rows, m.w)
	if !m.dialogs.Open() {
		cursor = m.pointer()
	}
	return strings.Join(rows, "\n"), cursor
}

// pointer is the terminal's own cursor. It stands where the lab's does, so that a
// screen reader or a magnifier finds the place. nil: it is on no pane.
func (m *Lab) pointer() *tea.Cursor {
	r := m.lay.Panes[m.focus]
	if m.focus == 0 || r.H == 0 || r.W < 4 {
		return nil
	}
	x, y := r.X+2, r.Y
	if sel := m.drawn[m.focus].Sel; sel != (pane.Subject{}) {
		for row, k := range m.drawn[m.focus].Rows {
			for col := 0; k.At != nil && col < r.W; col++ {
				if k.At(col) == sel {
					c := tea.NewCursor(r.X+col+m.lay.edge()/2, y+1+row)
					c.Blink, c.Shape = false, tea.CursorUnderline
					return c
				}
			}
		}
		at := slices.IndexFunc(m.drawn[m.focus].Rows, func(r pane.Row) bool { return r.Subject == sel })
		if at < 0 || y+1+at >= m.h {
			return nil
		}
		x, y = r.X, y+1+at
		if m.lay.Boxed {
			x++
		}
	}
	c := tea.NewCursor(x, y)
	c.Blink, c.Shape = false, tea.CursorUnderline
	return c
}

// request is what the layout is made for.
func (m *Lab) request(c *pane.Ctx) request {
	region := m.o.Region != nil
	above := m.above() != nil
	return request{w: m.w, h: m.h, focus: m.focus, zoom: m.zoom, welcome: m.o.Welcome || m.madeUp(), region: region, above: above, tied: c.Pane(2).Twin > 0,
		forms: func(i, w int) []pane.Form {
			switch {
			case i == 0 && m.cover != nil:
				return nil
			case i == 0:
				return c.FlowForms()
			case i == 1 && above:
				return []pane.Form{{Rows: 1}, {Rows: 3, Worth: 98}}
			case i == 6 && region:
				return []pane.Form{{Rows: 2}, {Rows: 4, Worth: 100}, {Rows: regionRows - 1, Worth: 97}, {Rows: regionRows, Worth: 90}}
			}
			c.Long = long(i, w)
			return m.sharedForms(c, i, w)
		},
		sponge: func(i int) bool { return i == 1 && above || !above && (c.Pane(i).Sponge || i == 6 && region) },
	}
}

// long tells whether a pane that is w cells wide inside has room for the long forms of
// its rows.
func long(i, w int) bool { return w >= [pane.Last + 1]int{1: 60, 2: 48, 3: 62, 4: 62, 5: 48}[i] }

// place draws the panes, from left to right, and the lines between them.
func (m *Lab) place(c *pane.Ctx, rows []string) {
	l := &m.lay
	order := make([]int, 0, pane.Last)
	for i := 1; i <= pane.Last; i++ {
		order = append(order, i)
	}
	m.signs = nil
	slices.SortStableFunc(order, func(a, b int) int { return l.Panes[a].X - l.Panes[b].X })
	for _, i := range order {
		r := l.Panes[i]
		for k, row := range m.paneRows(c, i) {
			if y := r.Y + k; y < len(rows) {
				if r.X > 0 && !l.Boxed {
					rows[y] += m.screens.Theme.Paint(kit.Rule, l.splitSign(r.X-1, y))
				}
				rows[y] += row
			}
		}
	}
}

// splitSign is the line between two columns, in a row of the screen.
func (l *Layout) splitSign(x, y int) string {
	sign := "│"
	for _, s := range l.Splits {
		if s.X != x {
			continue
		}
		left, right := false, false
		for _, r := range l.Panes {
			left = left || r.H > 0 && r.Y == y && r.X+r.W == x
			right = right || r.H > 0 && r.Y == y && r.X == x+1
		}
		switch {
		case y == s.Y:
			sign = "┬"
		case left && right:
			sign = "┼"
		}
	}
	return sign
}

// body draws a pane without its border, and keeps where the pane has put the cursor
// and scrolled to.
func (m *Lab) body(c *pane.Ctx, i int) pane.Body {
	r, v := m.lay.Panes[i], &m.views[i]
	if r.H == 0 || r.W == 0 { // not on the screen: drawn as if it filled it
		r = Rect{W: m.w, H: m.h}
	}
	k := pane.ViewState{At: v.at, Top: v.top, Filter: v.filter}
	k.W, k.H = (&kit.Frame{Boxed: m.lay.Boxed}).Inner(r.W, r.H)
	k.Axis, k.Alone = m.paneAxis(i, r), m.lay.Alone || m.zoom > 0
	k.Full, k.Level = m.zoom == i, v.level
	c.Long = long(i, k.W)
	if m.focus == i {
		k.Sel, k.Want = v.sel, v.want
	}
	b := m.drawPane(c, i, k)
	m.hideRows(c, i, k, &b)
	m.fillUp(c, i, &k, &b)
	if v.top = b.Top; m.focus == i {
		v.sel, v.at = b.Sel, b.At
	}
	return b
}

// shows is what a pane shows, wrapped.
type shows struct {
	of   *pane.Pane
	w    int
	rows []string
}

// fillUp says at the bottom of a pane what it shows, if all of that fits into the rows that
// it has left over.
func (m *Lab) fillUp(c *pane.Ctx, i int, k *pane.ViewState, b *pane.Body) {
	spare := k.H - len(b.Rows)
	if i > 5 || spare < 3 || k.W < 40 || m.o.Hide {
		return
	}
	t, p := &m.shown[i], c.Pane(i)
	if t.of != p || t.w != k.W {
		*t = shows{of: p, w: k.W, rows: kit.Wrap(kit.WithKeys(p.Text), k.W-2)}
	}
	if spare < 1+len(t.rows) {
		return
	}
	for len(b.Rows) < k.H-len(t.rows) {
		b.Rows = append(b.Rows, pane.Row{Text: kit.Blanks(k.W)})
	}
	for _, text := range t.rows {
		b.Rows = append(b.Rows, pane.Row{Text: kit.NewLine(c.Theme, k.W).Text(" ").Add(kit.Dim, text).String()})
	}
}

// kept is a pane of time as it was last drawn, and what it was drawn from.
type kept struct {
	from drawnFrom
	body pane.Body
}

type drawnFrom struct {
	turns    uint64
	emitted  int64
	now, end engine.Micros
	commands int
	mapping  int
	theme    *kit.Theme
	long     bool
	view     pane.ViewState
}

// drawPane draws a pane without its border. Those that show all of the past are drawn
// anew only when something has happened, or when now is a cell further on.
func (m *Lab) drawPane(c *pane.Ctx, i int, k pane.ViewState) pane.Body {
	if i < 7 || k.Axis.Cells < 1 {
		return c.Draw(i, k)
	}
	from := drawnFrom{turns: m.tl.Turns(), emitted: m.tl.Sim().Emitted(), now: m.tl.Now(), end: c.End, commands: len(c.Commands), mapping: c.M, theme: c.Theme, long: c.Long, view: k}
	if m.running { // the smallest of what changes in it: a dot, or a tenth of a second
		from.now /= max(1, min(engine.Second/10, (k.Axis.To-k.Axis.From)/engine.Micros(2*k.Axis.Cells)))
	}
	if last := &m.kept[i-7]; last.from != from || last.body.Rows == nil {
		*last = kept{from, c.Draw(i, k)}
	}
	return m.kept[i-7].body
}

// paneRows draws a pane with its border.
func (m *Lab) paneRows(c *pane.Ctx, i int) []string {
	r := m.lay.Panes[i]
	m.drawn[i] = pane.Body{}
	if r.H == 0 || r.W == 0 {
		return nil
	}
	if m.inset(i) != nil {
		rows := m.inset(i).Draw(m.screens.Theme, r.W, r.H, m.lay.Boxed, m.focus == i)
		m.closeSplits(r, rows)
		return rows
	}
	b := m.body(c, i)
	m.drawn[i] = b
	f := kit.Frame{Boxed: m.lay.Boxed, Focused: m.focus == i, Title: b.Title, Note: b.Note, Aside: b.Aside, Legend: b.Legend, Short: b.Short}
	if !m.hidden[i] {
		f.From, f.To, f.Of = m.rangeOf(i, &b)
	}
	if !m.digits() {
		f.Title = f.Title[2:]
	}
	if f.Focused && b.Sel == (pane.Subject{}) {
		f.Title = "› " + f.Title
	}
	switch {
	case m.mark == "":
	case f.Note != "":
		f.Note += "  " + m.mark
	default:
		f.Aside = strings.TrimSpace(f.Aside + "  " + m.mark)
	}
	if r.X == 0 && len(f.Short) == 0 { // that of pane 1, if the rules above had no room
		f.Short = m.signs
	}
	rows := f.Draw(m.screens.Theme, b.Texts(), r.W, r.H)
	switch {
	case f.Explained:
		m.signs = nil
	case i == 1:
		m.signs = b.Short
	}
	m.closeSplits(r, rows)
	return rows
}

// closeSplits ends the lines between columns in the rule of the pane below them.
func (m *Lab) closeSplits(r Rect, rows []string) {
	if len(m.lay.Splits) == 0 || len(rows) == 0 || r.Y == m.lay.Splits[0].Y {
		return
	}
	cells := []rune(ansi.Strip(rows[0]))
	for _, s := range m.lay.Splits {
		if x := s.X - r.X; s.Y+s.H == r.Y && x >= 0 && x < len(cells) && (cells[x] == '─' || cells[x] == '═') { // not over a title
			kit.Overlay(rows[:1], []string{m.screens.Theme.Paint(kit.Rule, "┴")}, x, 0)
		}
	}
}

// digits tells whether the digits choose a pane now.
func (m *Lab) digits() bool {
	return (m.o.Region == nil || !m.o.Region.Digits()) && !m.showsBeginnings()
}
