package lab

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// pane goes to the pane of a digit; called by name, to the next one.
func (m *Lab) pane(inv kit.Invocation) tea.Cmd {
	if inv.N == 0 {
		m.nextPane(1)
	} else {
		m.toPane(inv.N)
	}
	return nil
}

// paneList names the panes for the help.
func (m *Lab) paneList() []string {
	var out []string
	for i := 1; i <= m.panes(); i++ {
		out = append(out, "pane "+paneNames[i]+"; again: it fills the screen")
	}
	return out
}

// back leaves one level: a pane that fills the screen, a filter, the pane; then the lab.
func (m *Lab) back() tea.Cmd {
	switch {
	case m.zoomOut():
	case m.zoom > 0 && m.hasRoom(m.zoom):
		m.zoom = 0
	case m.views[m.focus].filter != "":
		m.setFilter(m.focus, "")
	case m.focus > 0 && m.focus != m.o.Focus: // a lab that was opened on a pane has its top level there
		m.focus, m.zoom = m.o.Focus, 0
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

// hasRoom tells whether a pane has room beside the others.
func (m *Lab) hasRoom(i int) bool {
	q := m.request(m.ctx())
	q.zoom = 0
	l := q.layout()
	return l.Panes[i].H > 0
}

// startOver begins the run again, with the file read again if it was saved.
func (m *Lab) startOver() tea.Cmd {
	if m.stale && m.o.Reload != nil {
		return m.reload()
	}
	if err := m.tl.Restart(nil); err != nil {
		m.refuse(err.Error())
		return nil
	}
	m.forget()
	m.notice = "From the start: " + m.tl.Name() + kit.WithKeys(". The old run stays as a branch ({compare} compares)")
	return nil
}

// reload reads the file and begins again with it.
func (m *Lab) reload() tea.Cmd {
	return m.screens.Load(kit.Opening{Name: m.sc.Name, Read: func() (func() error, error) {
		sc, err := m.o.Reload()
		return func() error {
			if err := m.Load(sc); err != nil {
				return err
			}
			m.stale, m.notice = false, "The file was read again: "+sc.Title
			return nil
		}, err
	}}, func(err error) tea.Cmd {
		m.stale = false
		return m.dialogs.Show(&kit.Card{Title: "The file cannot be used", Body: []kit.Para{{Text: err.Error()}, {}, {Style: kit.Dim, Text: kit.WithKeys("The run goes on as it was. Save the file again and press {over}.")}}}, nil)
	})
}

// deploy puts another template in the place of what is deployed, or the scenario's own
// as it was saved since: the run goes on with it.
func (m *Lab) deploy(args []string) tea.Cmd {
	file := strings.Join(args, " ")
	if m.o.Deploy == nil || file == "" && m.o.Reload == nil {
		m.notice = ":deploy takes the file of a template, as :deploy next.yaml"
		return nil
	}
	last := m.tl.Deployed()
	return kit.Run(func() (Deployed, error) { return m.o.Deploy(file, last) }, func(d Deployed, err error) tea.Cmd {
		if err != nil {
			return m.dialogs.Show(&kit.Card{Title: "The file cannot be deployed", Body: []kit.Para{{Text: err.Error()}, {}, {Style: kit.Dim, Text: "The run goes on as it was."}}}, nil)
		}
		if file == "" {
			m.stale = false
			m.reads++ // what is being asked about the file is about the one before
		}
		defer m.after()
		m.notice = ""
		cmd := m.apply(d.Command)
		switch {
		case m.notice != "":
			m.wholeNotice()
		case len(d.Notes) > 0:
			if m.deployNotes == nil {
				m.deployNotes = map[*engine.Deployment][]string{}
			}
			m.deployNotes[d.Command.Deploy] = d.Notes
			m.dialogs.Show(notesCard("Deployed, with notes", d.Notes), nil)
		}
		return cmd
	})
}

func (m *Lab) branch() tea.Cmd {
	old := m.tl.Name()
	name := m.tl.Branch()
	m.notice = "Here begins " + name + "; " + old + kit.WithKeys(" stays as it is. {compare} compares, :branches lists")
	return nil
}

// apply carries out a command, and lets time go on if it had stopped because
// nothing more could happen.
func (m *Lab) apply(c engine.Command) tea.Cmd {
	if refused := m.Do(c); refused != nil {
		m.refused = refused.Error()
		m.notice = m.refused
		return nil
	}
	return m.resume()
}

// afterCommand takes in what a command has changed.
func (m *Lab) afterCommand() {
	m.tl.Advance(m.tl.Now(), -1) // what follows at this instant shows at once
	m.commands++
	m.toTitle(6)
	if m.focus == 6 {
		m.toFirst(6) // the newest line is about it
	}
	m.trimSkips()
	m.skipFrom = -1
}
