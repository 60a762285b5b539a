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
	if m.focus == 0 || m.focus == 6 && m.o.Region != nil {
		return pane.Subject{}
	}
	return m.body(m.ctx(), m.focus).Sel
}

// target is what a command applies to: what the cursor is on, else the thing that the
// headline names.
func (m *Lab) target() pane.Subject {
	if about := m.subject(); about != (pane.Subject{}) || m.focus > 0 {
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
func (m *Lab) toTitle(i int) { m.views[i] = viewState{filter: m.views[i].filter} }

// toPane puts the cursor on a pane's title; the second time the pane fills the screen.
func (m *Lab) toPane(i int) {
	i = min(i, m.panes())
	if m.focus == i && m.zoom == 0 {
		m.zoom = i
		return
	}
	m.focus, m.zoom = i, 0
	m.toTitle(i)
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
	if m.focus == 6 && m.o.Region != nil {
		m.o.Region.Scroll(d)
		return
	}
	b := m.body(m.ctx(), m.focus)
	at := -1
	if b.Sel != (pane.Subject{}) {
		at = slices.Index(b.Subjects, b.Sel)
	}
	if at = min(len(b.Subjects)-1, at+d); at < 0 {
		m.toTitle(m.focus)
		return
	}
	m.views[m.focus].sel = b.Subjects[at]
}

func (m *Lab) toMapping(d int) {
	n := len(m.sim().Mappings)
	m.at = (m.at + d + n) % n
	clear(m.pending)
	for i := range m.views {
		m.toTitle(i)
	}
}

// filterPane is the pane that a filter would apply to.
func (m *Lab) filterPane() int {
	if m.focus == 0 || m.focus == 7 {
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
		return nil
	}
	count := func(s string) int {
		if n := m.ctx().Draw(i, pane.ViewState{W: 80, H: 24, Filter: s}).Count; n >= 0 {
			return n
		}
		return m.ctx().CountStories(s)
	}
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: "Show only rows of " + m.ctx().Pane(i).Name + " that contain", Label: "text", Allowed: kit.WithKeys("any text; {filter} takes the filter off"),
		Foot:  "enter shows them · esc back",
		Say:   func(s string) string { return kit.Count(count(s), "row") },
		Check: func(string) string { return "" },
	}), func(r kit.Reply) tea.Cmd {
		m.setFilter(i, r.Text)
		return nil
	})
}

// setFilter sets the filter of a pane and of its twin.
func (m *Lab) setFilter(i int, text string) {
	m.views[i] = viewState{filter: text}
	if twin := m.ctx().Pane(i).Twin; twin > 0 {
		m.views[twin] = m.views[i]
	}
}
