package lab

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

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
	shards := 2 // what pane 1 of a queue has room for
	if m.queue() < 0 {
		shards = len(m.sim().Streams[m.sim().SourceOf(m.at)].Shards)
	}
	m.lay = layout(m.w, m.h, shards, m.focus, m.zoom, m.o.Welcome, m.o.Region != nil)
	l := &m.lay
	if m.focus > 0 && l.Panes[m.focus].H == 0 { // no room beside the others: it fills the screen
		m.zoom = m.focus
		m.lay = layout(m.w, m.h, shards, m.focus, m.zoom, m.o.Welcome, m.o.Region != nil)
	}
	rows := make([]string, m.h)
	rows[0] = m.header()
	put := func(y int, row func() string) {
		if y >= 0 {
			rows[y] = row()
		}
	}
	put(l.Headline, m.headRow)
	put(l.Welcome, m.welcomeRow)
	put(l.Slider, m.sliderRow)
	put(l.Footer, m.footer)
	c := m.ctx()
	copy(rows[min(l.Flow.Y, m.h):], m.flowRows(c))
	if m.focus > 0 && c.Pane(m.focus).Twin > 0 { // it scrolls with the pane that has the cursor
		m.body(c, m.focus)
		m.views[c.Pane(m.focus).Twin].top = m.views[m.focus].top
	}
	for _, i := range []int{1, 3, 4, 6} {
		m.place(c, rows, i)
	}
	if l.Split > 0 && m.zoom == 0 {
		m.split(rows)
	}
	for _, i := range []int{2, 5, 7} {
		m.place(c, rows, i)
	}
	for i := range rows {
		if rows[i] == "" {
			rows[i] = kit.Blanks(m.w)
		}
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

// split draws the line between left and right where panes have no boxes.
func (m *Lab) split(rows []string) {
	l := &m.lay
	for y := l.Panes[1].Y; y < l.Panes[6].Y; y++ {
		sign := "│"
		switch y {
		case l.Panes[1].Y:
			sign = "┬"
		case l.Panes[3].Y:
			sign = "┼"
		}
		rows[y] += m.screens.Theme.Paint(kit.Rule, sign)
	}
}

// place adds a pane's rows to those of the screen.
func (m *Lab) place(c *pane.Ctx, rows []string, i int) {
	r := m.lay.Panes[i]
	for k, row := range m.paneRows(c, i) {
		if r.Y+k < len(rows) {
			rows[r.Y+k] += row
		}
	}
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
	k.Axis = m.paneAxis(r)
	if m.focus == i {
		k.Sel = v.sel
	}
	b := c.Draw(i, k)
	if v.top = b.Top; m.focus == i {
		v.sel, v.at = b.Sel, b.At
	}
	return b
}

// paneRows draws a pane with its border.
func (m *Lab) paneRows(c *pane.Ctx, i int) []string {
	r := m.lay.Panes[i]
	m.drawn[i] = pane.Body{}
	if r.H == 0 || r.W == 0 {
		return nil
	}
	if i == 6 && m.o.Region != nil {
		rows := m.o.Region.Draw(m.screens.Theme, r.W, r.H, m.lay.Boxed, m.focus == 6)
		m.closeSplit(rows)
		return rows
	}
	b := m.body(c, i)
	m.drawn[i] = b
	f := kit.Frame{Boxed: m.lay.Boxed, Focused: m.focus == i, Title: b.Title, Note: b.Note, Aside: b.Aside, Legend: b.Legend, More: b.More()}
	if !m.digits() {
		f.Title = f.Title[2:]
	}
	if f.Focused && b.Sel == (pane.Subject{}) {
		f.Title = "› " + f.Title
	}
	rows := f.Draw(m.screens.Theme, b.Texts(), r.W, r.H)
	if i == 6 {
		m.closeSplit(rows)
	}
	return rows
}

// closeSplit ends the line between left and right in the rule of pane 6.
func (m *Lab) closeSplit(rows []string) {
	if m.lay.Split <= 0 || m.zoom > 0 || len(rows) == 0 {
		return
	}
	if c := []rune(ansi.Strip(rows[0])); m.lay.Split < len(c) && (c[m.lay.Split] == '─' || c[m.lay.Split] == '═') { // not over a title
		kit.Overlay(rows[:1], []string{m.screens.Theme.Paint(kit.Rule, "┴")}, m.lay.Split, 0)
	}
}

// digits tells whether the digits choose a pane now.
func (m *Lab) digits() bool {
	return (m.o.Region == nil || !m.o.Region.Digits()) && !m.showsBeginnings()
}
