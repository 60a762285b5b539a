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
	m.views[6] = viewState{filter: m.views[6].filter} // the newest line tells of it
	m.trimSkips()
	m.skipFrom = -1
}
