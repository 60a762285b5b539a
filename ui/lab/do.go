package lab

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// do carries out an action of the registry. key is the key that was pressed,
// where it matters which.
func (m *Lab) do(id, key string) tea.Cmd {
	switch id {
	case "stop":
		return m.setRunning(!m.running)
	case "next":
		return m.step(m.tl.Next, timeline.Visible, "Nothing more is to come: p puts records")
	case "prev":
		return m.step(m.tl.Prev, timeline.Visible, "This is the start")
	case "cause":
		return m.step(m.tl.Next, timeline.Cause, "No further cause is to come")
	case "cause-back":
		return m.step(m.tl.Prev, timeline.Cause, "This is the start")
	case "raw":
		return m.step(m.tl.Next, timeline.Raw, "Nothing more is to come: p puts records")
	case "faster":
		m.setSpeed(m.speed + 1)
	case "slower":
		m.setSpeed(m.speed - 1)
	case "start":
		return m.seek(0)
	case "newest":
		return m.seek(m.tl.Newest())
	case "pane":
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
	return m.deed(id)
}

// toPane puts the cursor on a pane's title; a second time it fills the screen.
func (m *Lab) toPane(i int) {
	i = min(i, m.panes())
	if m.focus == i && m.zoom == 0 {
		m.zoom = i
		return
	}
	m.focus, m.zoom = i, 0
	m.looks[i].sel = -1
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

// move goes a row up or down; the row above the first is the pane's title.
func (m *Lab) move(d int) {
	if m.focus == 0 {
		m.focus = 1
	}
	l := &m.looks[m.focus]
	n := m.things(m.focus)
	l.sel = max(-1, min(n-1, l.sel+d))
	room := max(1, m.lay.Panes[m.focus].H-2)
	if l.sel >= 0 && l.sel < l.top {
		l.top = l.sel
	}
	if l.sel >= l.top+room {
		l.top = l.sel - room + 1
	}
	if l.sel < 0 {
		l.top = 0
	}
}

// things counts the rows of a pane that the cursor can be on.
func (m *Lab) things(i int) int {
	c := m.ctx()
	if i == 6 && m.o.Region != nil {
		return 0
	}
	switch i {
	case 1, 2:
		return len(m.sim().Streams[m.sim().SourceOf(m.at)].Shards)
	case 3:
		return len(c.Batches())
	case 4:
		return len(c.Messages())
	case 5:
		n := 0
		for _, s := range c.Settings() {
			if s.Head == "" {
				n++
			}
		}
		return n
	case 6:
		return c.CountStories(m.looks[6].filter)
	}
	return 0
}

func (m *Lab) toMapping(d int) {
	n := len(m.sim().Mappings)
	if n == 1 {
		m.notice = "There is only one mapping here"
		return
	}
	m.at = (m.at + d + n) % n
	clear(m.changed)
	for i := range m.looks {
		m.looks[i].sel, m.looks[i].top = -1, 0
	}
}

// filter asks for a text that the rows of the pane must hold.
func (m *Lab) filter() tea.Cmd {
	if m.o.Region != nil {
		m.notice = "What happened is not shown here"
		return nil
	}
	if m.focus != 6 {
		m.focus, m.zoom = 6, 0
	}
	l := &m.looks[6]
	if l.filter != "" {
		l.filter = ""
		m.notice = "The filter is off"
		return nil
	}
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: "Show only lines that hold", Default: "everything", Allowed: "any text; / takes the filter off",
		Say:   func(s string) string { return kit.Count(m.ctx().CountStories(s), "line") + " of What happened" },
		Check: func(string) string { return "" },
	}), func(r kit.Reply) tea.Cmd {
		l.filter, l.sel, l.top = r.Text, -1, 0
		return nil
	})
}

// back leaves one level: the filled screen, the cursor; then Home.
func (m *Lab) back() tea.Cmd {
	switch {
	case m.zoom > 0:
		m.zoom = 0
	case m.looks[6].filter != "":
		m.looks[6].filter = ""
	case m.focus > 0:
		m.focus = 0
	case m.o.Leave != nil:
		return m.o.Leave()
	default:
		m.desk.Back()
		return nil
	}
	if m.focus > 0 && m.lay.Panes[m.focus].H > 0 && m.zoom == 0 && m.w < 76 {
		m.focus = 0
	}
	return nil
}

// quit leaves; it asks only if something would be lost that nobody saved.
func (m *Lab) quit() tea.Cmd {
	lost := m.desk.Unsaved()
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
			return m.dialogs.Show(&kit.Card{Title: "The file cannot be used", Body: []kit.Para{{Text: err.Error(), Raw: false}, {}, {Style: kit.Dim, Text: "The run goes on as it was. Save the file again and press R."}}}, nil)
		}
		m.notice = "The file was read again: " + sc.Title
		return nil
	}
	if err := m.tl.Restart(nil); err != nil {
		m.notice = err.Error()
		return nil
	}
	m.forget()
	m.notice = "From the start: " + m.tl.Name() + ". The old run stays as a branch (c compares)"
	return nil
}

func (m *Lab) branch() tea.Cmd {
	old := m.tl.Name()
	name := m.tl.Branch()
	m.notice = "Here begins " + name + "; " + old + " stays as it is. c compares, :branches lists"
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

// came takes in what a deed has brought about.
func (m *Lab) came() {
	m.tl.Advance(m.tl.Now(), -1) // what follows at this instant is seen at once
	m.deeds++
	m.looks[6].sel, m.looks[6].top = -1, 0 // the newest line tells of it
	m.trimSkips()
	m.skipFrom = -1
}
