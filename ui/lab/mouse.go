package lab

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/ui/flow"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// paneAt gives the pane at a cell, and what its row is about.
func (m *Lab) paneAt(x, y int) (int, pane.Subject) {
	for i := 1; i <= pane.Last; i++ {
		r := m.lay.Panes[i]
		if r.H == 0 || !r.has(x, y) {
			continue
		}
		if row := y - r.Y - 1; row >= 0 && row < len(m.drawn[i].Rows) {
			if at := m.drawn[i].Rows[row].At; at != nil {
				return i, at(x - r.X - m.lay.edge()/2)
			}
			return i, m.drawn[i].Rows[row].Subject
		}
		return i, pane.Subject{}
	}
	return 0, pane.Subject{}
}

// Mouse takes a click or the wheel.
func (m *Lab) Mouse(msg tea.MouseMsg) tea.Cmd {
	defer m.after()
	m.settle()
	defer m.follow()
	switch msg.(type) {
	case tea.MouseClickMsg:
		defer m.wholeNotice()
		return m.click(msg.Mouse())
	case tea.MouseWheelMsg:
		return m.wheel(msg.Mouse())
	}
	return nil
}

// click moves the cursor; a second click looks inside, the right button opens the
// menu.
func (m *Lab) click(e tea.Mouse) tea.Cmd {
	if m.dialogs.Open() {
		return m.dialogs.Click(e.X, e.Y)
	}
	m.touched = true
	switch {
	case e.Y == 0 && m.helpAt > 0 && e.X >= m.helpAt:
		return m.keys.Run("help", kit.Invocation{})
	case m.lay.Headline >= 0 && e.Y >= m.lay.Headline && e.Y < m.lay.Headline+m.lay.Rows.Headline:
		return m.keys.Run("why", kit.Invocation{})
	case e.Y == m.lay.Footer:
		return m.keys.Click(m.footers, e.X)
	case e.Y == m.lay.Slider:
		if a := m.sliderAxis(); e.X >= a.Gutter && e.X < a.Gutter+a.Cells {
			if m.cover != nil {
				m.Say(whileAsked)
				return nil
			}
			return m.seek(min(m.tl.Newest(), a.Time(e.X-a.Gutter)))
		}
		return nil
	case m.lay.Flow.has(e.X, e.Y):
		if i := flow.PaneAt(m.lay.Flow.W, e.X); i > 0 {
			m.toPane(i)
		}
		return nil
	}
	p, about := m.paneAt(e.X, e.Y)
	if p == 0 {
		return nil
	}
	if r := m.lay.Panes[6]; p == 6 && m.o.Region != nil {
		m.focus = 6
		return m.o.Region.Click(e.X-r.X, e.Y-r.Y)
	}
	again := m.focus == p && m.views[p].sel == about
	m.focus = p
	m.views[p].put(about)
	switch {
	case e.Button == tea.MouseRight:
		return m.keys.Run("menu", kit.Invocation{})
	case again:
		return m.keys.Run("inside", kit.Invocation{})
	}
	return nil
}

// wheel moves through the rows of the pane under it.
func (m *Lab) wheel(e tea.Mouse) tea.Cmd {
	d := 1
	if e.Button == tea.MouseWheelUp {
		d = -1
	}
	if m.dialogs.Open() {
		return m.dialogs.Wheel(d < 0)
	}
	if p, _ := m.paneAt(e.X, e.Y); p > 0 {
		m.focus = p
		m.move(d)
	}
	return nil
}
