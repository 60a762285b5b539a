package lab

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// do carries out an action of the registry. key is the key that was pressed,
// where it matters which.
func (m *Lab) do(id, key string) tea.Cmd {
	if a := kit.FindAction(id); a != nil && a.In&kit.InLab == 0 && m.o.Do != nil {
		return m.o.Do(id)
	}
	switch id {
	case "stop":
		return m.setRunning(!m.running)
	case "next":
		return m.step(m.tl.Next, timeline.Visible, kit.Say("Nothing more is to come: {put} puts records"))
	case "prev":
		return m.step(m.tl.Prev, timeline.Visible, "This is the start")
	case "cause":
		return m.step(m.tl.Next, timeline.Cause, "No further cause is to come")
	case "cause-back":
		return m.step(m.tl.Prev, timeline.Cause, "This is the start")
	case "raw":
		return m.step(m.tl.Next, timeline.Raw, kit.Say("Nothing more is to come: {put} puts records"))
	case "faster":
		m.setSpeed(m.speed + 1)
	case "slower":
		m.setSpeed(m.speed - 1)
	case "start":
		return m.seek(0)
	case "newest":
		return m.seek(m.tl.Newest())
	case "pane":
		if key == "" {
			m.nextPane(1)
			break
		}
		m.toPane(int(key[0] - '0'))
	case "pane-next":
		m.nextPane(1)
	case "pane-prev":
		m.nextPane(-1)
	case "up":
		m.move(-1)
	case "down":
		m.move(1)
	case "inside":
		return m.inside()
	case "menu":
		return m.menu()
	case "mapping":
		m.toMapping(1)
	case "mapping-back":
		m.toMapping(-1)
	case "filter":
		return m.filter()
	case "why":
		return m.why()
	case "help":
		return m.help()
	case "palette":
		return m.palette("")
	case "copy":
		return m.copyRun()
	case "compare":
		return m.compare(-1)
	case "branch":
		return m.branch()
	case "over":
		return m.over()
	case "back":
		return m.back()
	case "quit":
		return m.quit()
	case "quit-now":
		return tea.Quit
	}
	return m.changeRun(id)
}

// toPane puts the cursor on a pane's title; a second time it fills the screen.
func (m *Lab) toPane(i int) {
	i = min(i, m.panes())
	if m.focus == i && m.zoom == 0 {
		m.zoom = i
		return
	}
	m.focus, m.zoom = i, 0
	m.views[i].sel = -1
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
	return 7
}

// move goes a row up or down among those that are shown; the row above the
// first is the pane's title.
func (m *Lab) move(d int) {
	if m.focus == 0 {
		m.focus = 1
	}
	l := &m.views[m.focus]
	room := max(1, m.lay.Panes[m.focus].H-2)
	if m.focus == 6 { // the log is long: its rows are counted, not listed
		l.sel = max(-1, min(m.ctx().CountStories(l.filter)-1, l.sel+d))
		l.top = scrolled(l.top, l.sel, room)
		return
	}
	shown := m.ctx().Places(m.focus, l.filter, m.cache[m.focus].things)
	at := max(-1, min(len(shown)-1, slices.Index(shown, l.sel)+d))
	l.sel, l.top = -1, scrolled(l.top, at, room)
	if at >= 0 {
		l.sel = shown[at]
	}
}

// scrolled is the first row to show, so that the one at that place is seen.
func scrolled(top, at, room int) int {
	switch {
	case at < 0:
		return 0
	case at < top:
		return at
	}
	return max(top, at-room+1)
}

func (m *Lab) toMapping(d int) {
	n := len(m.sim().Mappings)
	if n == 1 {
		m.notice = "There is only one mapping here"
		return
	}
	m.at = (m.at + d + n) % n
	clear(m.changed)
	for i := range m.views {
		m.views[i].sel, m.views[i].top = -1, 0
	}
}

// filter asks for a text that the rows of the pane must hold.
func (m *Lab) filter() tea.Cmd {
	i := m.focus
	if i == 0 || i == 7 {
		i = 6
	}
	if i == 6 && m.o.Region != nil {
		m.notice = "Put the cursor on a pane that has rows: 1 to 5"
		return nil
	}
	if m.focus != i {
		m.focus, m.zoom = i, 0
	}
	if m.views[i].filter != "" {
		m.setFilter(i, "")
		m.notice = "The filter is off"
		return nil
	}
	count := func(s string) int {
		if i == 6 {
			return m.ctx().CountStories(s)
		}
		return len(m.ctx().Visible(i, s))
	}
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: "Show only rows of " + paneNames[i] + " that hold", Label: "text", Allowed: "any text; / takes the filter off",
		Foot:  "enter shows them · esc back",
		Say:   func(s string) string { return kit.Count(count(s), "row") },
		Check: func(string) string { return "" },
	}), func(r kit.Reply) tea.Cmd {
		m.setFilter(i, r.Text)
		return nil
	})
}

// setFilter sets the filter of a pane; shards and iterators have it together.
func (m *Lab) setFilter(i int, text string) {
	m.views[i] = viewState{sel: -1, filter: text}
	if (i == 1 || i == 2) && m.queue() < 0 {
		m.views[3-i] = m.views[i]
	}
}

// back leaves one level: the filled screen, the cursor; then Home.
func (m *Lab) back() tea.Cmd {
	switch {
	case m.zoom > 0:
		m.zoom = 0
	case m.views[m.focus].filter != "":
		m.setFilter(m.focus, "")
	case m.focus > 0 && m.focus != m.o.Focus: // where it was opened on a pane, that is its top level
		m.focus = m.o.Focus
	case m.o.Leave != nil:
		return m.o.Leave()
	default:
		m.screens.Back()
		return nil
	}
	if m.focus > 0 && m.lay.Panes[m.focus].H > 0 && m.zoom == 0 && m.w < 76 {
		m.focus = 0
	}
	return nil
}

// quit leaves; it asks only if something would be lost that nobody saved.
func (m *Lab) quit() tea.Cmd {
	lost := m.screens.Unsaved()
	if lost == "" {
		return tea.Quit
	}
	return m.dialogs.Show(&kit.Menu{Title: "Leave?", Intro: []string{lost},
		Items: []kit.Item{{Key: "q", Text: "leave"}, {Key: "y", Text: "copy the run first"}, {Key: "n", Text: "stay"}}},
		func(r kit.Reply) tea.Cmd {
			switch r.Chosen {
			case 0:
				return tea.Quit
			case 1:
				return m.copyRun()
			}
			return nil
		})
}

// over begins the run again; a file that was saved is read anew.
func (m *Lab) over() tea.Cmd {
	if m.stale && m.o.Reload != nil {
		m.stale = false
		sc, err := m.o.Reload()
		if err == nil {
			err = m.Load(sc)
		}
		if err != nil {
			return m.dialogs.Show(&kit.Card{Title: "The file cannot be used", Body: []kit.Para{{Text: err.Error(), Raw: false}, {}, {Style: kit.Dim, Text: kit.Say("The run goes on as it was. Save the file again and press {over}.")}}}, nil)
		}
		m.notice = "The file was read again: " + sc.Title
		return nil
	}
	if err := m.tl.Restart(nil); err != nil {
		m.notice = err.Error()
		return nil
	}
	m.forget()
	m.notice = "From the start: " + m.tl.Name() + kit.Say(". The old run stays as a branch ({compare} compares)")
	return nil
}

func (m *Lab) branch() tea.Cmd {
	old := m.tl.Name()
	name := m.tl.Branch()
	m.notice = "Here begins " + name + "; " + old + kit.Say(" stays as it is. {compare} compares, :branches lists")
	return nil
}

// apply carries out a command and lets the run go on where it had stopped
// because nothing could happen.
func (m *Lab) apply(c engine.Command) tea.Cmd {
	if refused := m.Do(c); refused != nil {
		m.notice = refused.Error()
		return nil
	}
	return m.wakeUp()
}

// came takes in what a command has brought about.
func (m *Lab) came() {
	m.tl.Advance(m.tl.Now(), -1) // what follows at this instant is seen at once
	m.commands++
	m.views[6].sel, m.views[6].top = -1, 0 // the newest line tells of it
	m.trimSkips()
	m.skipFrom = -1
}
