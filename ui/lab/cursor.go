package lab

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// subject is what the cursor is on; the zero Subject if it is on a title, or on no
// pane.
func (m *Lab) subject() pane.Subject {
	if m.focus == 0 || m.inset(m.focus) != nil {
		return pane.Subject{}
	}
	return m.body(m.ctx(), m.focus).Sel
}

// target is what a command applies to: what the cursor is on, else the thing that the
// headline names.
func (m *Lab) target() pane.Subject {
	if about := m.subject(); about != (pane.Subject{}) {
		return about
	}
	return m.worstNow().about
}

// Focus puts the cursor on a pane's title (1 to pane.Last; 0: on no pane).
func (m *Lab) Focus(pane int) {
	m.focus, m.zoom = pane, 0
	m.toTitle(pane)
}

// Cursor gives the pane with the cursor, 0 if it is on none, and whether the cursor
// is on one of its rows; false: it is on the title.
func (m *Lab) Cursor() (in int, onRow bool) { return m.focus, m.subject() != pane.Subject{} }

// toTitle moves the cursor of a pane to its title, and scrolls to the top.
func (m *Lab) toTitle(i int) {
	m.views[i] = viewState{filter: m.views[i].filter, level: m.views[i].level}
}

// toFirst puts the cursor of a pane on its first row, or on its title if it has none.
func (m *Lab) toFirst(i int) {
	m.toTitle(i)
	if i == 0 || m.inset(i) != nil {
		return
	}
	switch b := m.body(m.ctx(), i); {
	case len(b.Subjects) == 0:
	case b.Columns > 0 && len(b.Rows) > 0: // the row below the grid is about the worst
		m.views[i].put(b.Rows[len(b.Rows)-1].Subject)
	default:
		m.views[i].put(b.Subjects[0])
	}
}

// toPane puts the cursor on a pane's first row; the second time the pane fills the screen.
func (m *Lab) toPane(i int) {
	i = min(i, m.panes())
	if m.focus == i && m.zoom == 0 {
		m.zoom = i
		return
	}
	m.focus, m.zoom = i, 0
	m.views[i].level = 0
	m.toFirst(i)
}

// zoomIn fills the screen with the timeline, and then shows a quarter of the time that
// it showed, round now. zoomOut goes back; false: it was not zoomed in.
func (m *Lab) zoomIn() {
	v := &m.views[8]
	switch {
	case m.zoom != 8:
		m.zoom = 8
	case m.axis().Zoomed(m.tl.Now(), v.level+1) != m.axis().Zoomed(m.tl.Now(), v.level):
		v.level++
	default:
		m.notice = "It does not get any finer"
	}
}

func (m *Lab) zoomOut() bool {
	v := &m.views[8]
	if m.focus != 8 || v.level == 0 {
		return false
	}
	v.level--
	return true
}

func (m *Lab) nextPane(d int) {
	m.zoom = 0
	m.focus += d
	switch {
	case m.focus > m.panes():
		m.focus = 1
	case m.focus < 1:
		m.focus = m.panes()
	}
	if m.views[m.focus].sel == (pane.Subject{}) {
		m.toFirst(m.focus)
	}
}

// panes is the number of the last pane.
func (m *Lab) panes() int {
	if m.o.Region != nil {
		return 6
	}
	return pane.Last
}

// move moves the cursor a row up or down; above the first row is the title.
func (m *Lab) move(d int) {
	if m.focus == 0 {
		m.focus = 1
	}
	m.moveTo(m.rowAt()+d*m.gridColumns(), true)
}

// rowAt is the number of the row that the cursor is on, from 0; -1: the title.
func (m *Lab) rowAt() int {
	if m.inset(m.focus) != nil {
		return 0
	}
	b := m.body(m.ctx(), m.focus)
	switch {
	case b.Sel == (pane.Subject{}):
		return -1
	case b.Count < 0:
		return b.At
	}
	return slices.Index(b.Subjects, b.Sel)
}

// moveTo puts the cursor on a row, or the one nearest to it. title: before the first row
// is the title.
func (m *Lab) moveTo(at int, title bool) {
	if m.inset(m.focus) != nil {
		m.inset(m.focus).Scroll(at)
		return
	}
	if at < 0 && title {
		m.toTitle(m.focus)
		return
	}
	at = max(0, at)
	c, v := m.ctx(), &m.views[m.focus]
	b := m.body(c, m.focus)
	list := b.Subjects
	if b.Count < 0 { // the long log lists those near the rows shown only
		lines := c.Stories(at, 1, v.filter)
		if len(lines) == 0 {
			lines = c.Stories(max(0, c.CountStories(v.filter)-1), 1, v.filter)
		}
		for i := range lines {
			v.put(lines[i].Subject())
		}
		return
	}
	if len(list) > 0 {
		v.put(list[min(at, len(list)-1)])
	}
}

// scrolls tells whether the pane with the cursor has more rows than are in sight.
func (m *Lab) scrolls() bool {
	switch {
	case m.focus == 0:
		return false
	case m.inset(m.focus) != nil:
		return m.inset(m.focus).Scrolls()
	}
	b := m.body(m.ctx(), m.focus)
	return b.Scrolls()
}

// pageRows is how many rows PgDn goes down: as many as are in sight, less one.
func (m *Lab) pageRows() int {
	r := m.lay.Panes[m.focus]
	if r.H == 0 {
		r.H = m.h
	}
	_, h := (&kit.Frame{Boxed: m.lay.Boxed}).Inner(r.W, r.H)
	if n := m.drawn[m.focus].Drawn(); m.focus == 6 && n > 0 { // why stands below them
		h = n
	}
	return max(1, h-1)
}

// linesCounted is the length of a log whose lines are counted anew in each frame.
const linesCounted = 500

// rangeOf is which rows of a pane are in sight, and of how many. The lines of the log are
// counted while the cursor is among them; those of a long one not while time runs.
func (m *Lab) rangeOf(i int, b *pane.Body) (from, to, of int) {
	if b.Count >= 0 || len(b.Rows) == 0 || !b.Scrolls() || m.focus != i {
		return b.Range()
	}
	now := linesOf{m.tl.Version(), m.at, m.views[i].filter}
	if m.running && len(m.history().Log) > linesCounted && m.lines.n > 0 && m.lines.of.mapping == now.mapping && m.lines.of.filter == now.filter {
		now.version = m.lines.of.version
	}
	if m.lines.of != now {
		m.lines.of, m.lines.n = now, m.ctx().CountStories(now.filter)
	}
	return b.Top + 1, b.Top + b.Drawn(), max(m.lines.n, b.Top+b.Drawn())
}

func (m *Lab) toMapping(d int) {
	n := len(m.sim().Mappings)
	m.at = (m.at + d + n) % n
	clear(m.pending)
	for i := range m.views {
		m.toTitle(i)
	}
	m.toFirst(m.focus)
}

// filterPane is the pane that a filter would apply to.
func (m *Lab) filterPane() int {
	if m.focus == 0 {
		return 6
	}
	return m.focus
}

// filter asks for a text that the rows of the pane must contain.
func (m *Lab) filter() tea.Cmd {
	i := m.filterPane()
	if m.focus != i {
		m.focus, m.zoom = i, 0
	}
	if m.views[i].filter != "" {
		m.setFilter(i, "")
		m.notice = "The filter is off"
		if i == 8 {
			m.notice = "The marks are off"
		}
		return nil
	}
	name := m.ctx().Pane(i).Name
	title, foot, off := "Show only rows of "+name+" that contain", "enter shows them · esc back", "any text; {filter} takes the filter off"
	count := func(s string) int {
		if n := m.ctx().Draw(i, pane.ViewState{W: 80, H: 24, Filter: s}).Count; n >= 0 {
			return n
		}
		return m.ctx().CountStories(s)
	}
	if i == 8 {
		title, foot, off = "Mark the rows of "+name+" that contain", "enter marks them · esc back", "any text, such as a record's number; {filter} takes the marks off"
		count = func(s string) int {
			v := m.views[i]
			defer func() { m.views[i] = v }()
			m.views[i].filter = s
			return len(m.body(m.ctx(), i).Marked)
		}
	}
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: title, Label: "text", Allowed: kit.WithKeys(off),
		Foot:  foot,
		Say:   func(s string) string { return kit.Count(count(s), "row") },
		Check: func(string) string { return "" },
	}), func(r kit.Reply) tea.Cmd {
		m.setFilter(i, r.Text)
		return nil
	})
}

// setFilter sets the filter of a pane and of its twin. The cursor stays on its thing if
// the filter lets that through, else it is on the first row.
func (m *Lab) setFilter(i int, text string) {
	v := m.views[i]
	m.views[i].filter = text
	if i == 8 { // nothing is left out
		if marked := m.body(m.ctx(), i).Marked; len(marked) > 0 {
			m.views[i].put(marked[0])
		}
		return
	}
	m.views[i] = viewState{filter: text}
	if twin := m.ctx().Pane(i).Twin; twin > 0 {
		m.views[twin] = m.views[i]
	}
	m.toFirst(i)
	if v.want != (pane.Subject{}) && m.focus == i {
		m.views[i].want = v.want
	}
}
