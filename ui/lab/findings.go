package lab

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/finding"
	"esmlab/ui/kit"
)

// This file shows what will hurt in the template: how many findings there are in the first
// row, a list of them, and the world of each.

// signOf is the shape and the style of a severity.
func signOf(s finding.Severity) (string, kit.Style) {
	switch s {
	case finding.Error:
		return "▲", kit.Bad
	case finding.Warning:
		return "▲", kit.Busy
	}
	return "·", kit.Dim
}

// openFindings are those that the template does not silence, the worst first.
func (m *Lab) openFindings() []finding.Finding { return finding.Open(m.sc.Findings) }

// findingsShort says in the first row how many there are, in forms from long to short; ""
// where there are none, or where they would give an incident away.
func (m *Lab) findingsShort() []string {
	if m.o.Hide || m.o.Region != nil || len(m.sc.Findings) == 0 {
		return nil
	}
	hurts, advice := 0, 0
	for _, f := range m.openFindings() {
		if f.Severity == finding.Advice {
			advice++
		} else {
			hurts++
		}
	}
	key := kit.WithKeys("{findings}")
	switch {
	case hurts > 0:
		return []string{"▲ " + kit.Count(hurts, "finding") + "  " + key + " lists", "▲ " + kit.Count(hurts, "finding") + " " + key, "▲ " + itoa(hurts) + " " + key}
	case advice > 0:
		return []string{"· " + itoa(advice) + " advice  " + key + " lists", "· " + itoa(advice) + " advice " + key, "· " + itoa(advice) + " " + key}
	}
	return nil
}

// showFindings lists what will hurt; enter opens one.
func (m *Lab) showFindings() tea.Cmd {
	open := m.openFindings()
	menu := &kit.Menu{Title: "What will hurt in " + m.sc.Name, Foot: "enter says more, and shows it bite"}
	for i := range open {
		f := &open[i]
		sign, _ := signOf(f.Severity)
		key := ""
		if i < 9 {
			key = itoa(i + 1)
		}
		menu.Items = append(menu.Items, kit.Item{Key: key, Text: sign + " " + f.Severity.String() + ": " + kit.Capitalize(f.Kind.About) + ".", Note: f.On})
	}
	if n := len(m.sc.Findings) - len(open); n > 0 {
		menu.About = append(menu.About, kit.Para{Style: kit.Dim, Text: "The template silences " + kit.Count(n, "finding") + ", with " + map[bool]string{true: "its reason", false: "their reasons"}[n == 1] + ": esmlab check lists them."})
	}
	if len(open) == 0 {
		card := &kit.Card{Title: menu.Title, Body: append([]kit.Para{{Text: "Nothing was found that AWS accepts and that goes wrong later."}}, menu.About...)}
		return m.dialogs.Show(card, nil)
	}
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		if r.Chosen < 0 || r.Chosen >= len(open) {
			return nil
		}
		return m.showFinding(&open[r.Chosen])
	})
}

// showFinding says what one is about, and offers its world and its fix.
func (m *Lab) showFinding(f *finding.Finding) tea.Cmd {
	name := f.Name(m.sc.Findings)
	menu := &kit.Menu{Title: f.Severity.String() + ": " + name, Intro: []string{kit.Capitalize(f.Sentence) + "."}, Foot: "esc leaves"}
	if f.Line > 0 {
		menu.Intro = append(menu.Intro, "Line "+itoa(f.Line)+" of the template. Right would be: "+f.Right+".")
	}
	var do []func() tea.Cmd
	add := func(key, text string, then func() tea.Cmd) {
		menu.Items = append(menu.Items, kit.Item{Key: key, Text: text})
		do = append(do, then)
	}
	if f.World != nil && m.o.Finding != nil {
		add("w", "Watch it bite in this template", func() tea.Cmd {
			return m.screens.Load(m.o.Finding(m.screens, f, m.sc.Findings), func(err error) tea.Cmd {
				m.refuse(err.Error())
				return nil
			})
		})
	}
	if f.Fix != "" {
		add("f", "The fix, as a fragment of the template", func() tea.Cmd {
			card := &kit.Card{Title: "The fix for " + name}
			for _, line := range strings.Split(strings.TrimSuffix(f.Fix, "\n"), "\n") {
				card.Body = append(card.Body, kit.Para{Raw: true, Style: kit.Info, Text: line})
			}
			return m.dialogs.Show(card, func(kit.Reply) tea.Cmd { return nil })
		})
	}
	if f.Source != "" {
		menu.About = append(menu.About, kit.Para{Style: kit.Dim, Text: f.Source})
	}
	add("b", "Back to the list", m.showFindings)
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		if r.Chosen >= 0 && r.Chosen < len(do) {
			return do[r.Chosen]()
		}
		return nil
	})
}

// noFindings is why there is no list.
func (m *Lab) noFindings() string {
	switch {
	case m.o.Hide:
		return "An incident is to be found out without help"
	case m.o.Region != nil:
		return "A lesson's template is as the lesson needs it"
	}
	return ""
}
