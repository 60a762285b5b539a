package lab

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/ui/kit"
)

// home is the top level: the lab, and what else can be opened. The lab stays
// behind it.
func (m *model) home() tea.Cmd {
	menu := &kit.Menu{Title: "esmlab", Intro: []string{"A lab for AWS Lambda event source mappings."},
		Items: []kit.Item{{Key: "1", Text: "back to the lab", Note: m.sc.Name}}, Foot: "enter opens · esc back to the lab"}
	opens := []func() tea.Cmd{func() tea.Cmd { return nil }}
	if m.o.Names != nil && m.o.Open != nil {
		for i, e := range m.o.Names() {
			note := e.Title
			menu.Items = append(menu.Items, kit.Item{Key: key(i + 1), Text: e.Name + kit.Blanks(26-kit.Width(e.Name)), Note: note})
			opens = append(opens, func() tea.Cmd { return m.openScenario(e.Name) })
		}
	}
	menu.Items = append(menu.Items, kit.Item{Key: "?", Text: "what works here"}, kit.Item{Key: "q", Text: "leave"})
	opens = append(opens, m.help, m.quit)
	return m.show(menu, func(r kit.Reply) tea.Cmd { return opens[r.Chosen]() })
}

func (m *model) openScenario(name string) tea.Cmd {
	sc, err := m.o.Open(name)
	if err == nil {
		err = m.load(sc)
	}
	if err != nil {
		m.notice = err.Error()
		return nil
	}
	m.focus, m.zoom, m.deeds, m.stale = 0, 0, 0, false
	m.o.Reload, m.o.Changed, m.o.Command = nil, nil, name
	return m.setRunning(true)
}
