package lab

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

var paneNames = [pane.Last + 1]string{"", "Shards", "Iterators", "Batches", "Queues", "Settings", "What happened", "Metrics", "Timeline"}

func (m *Lab) toSpeed(text string) tea.Cmd {
	for i, s := range speeds {
		if text == strings.TrimSuffix(s.String(), "x") || text == s.String() || strings.ReplaceAll(s.String(), ",", "") == text+"x" {
			m.setSpeed(i)
			return nil
		}
	}
	m.notice = ":speed takes 1/8, 1/4, 1/2, 1, 2, 4 … 8192, 10000"
	return nil
}

// skipQuiet says whether stretches in which nothing happens are skipped.
func (m *Lab) skipQuiet(on bool) tea.Cmd {
	m.noSkip, m.skipFrom = !on, -1
	m.notice = "Quiet stretches are shown at their own pace"
	if on {
		m.notice = "Quiet stretches are passed over"
	}
	return nil
}

func (m *Lab) useMouse(on bool) tea.Cmd {
	m.screens.Mouse = on
	m.notice = "The mouse is the terminal's: select as usual"
	if on {
		m.notice = "The mouse is the lab's: click, wheel"
	}
	return nil
}

// useTheme draws in another theme from now on, and at the next start.
func (m *Lab) useTheme(name string) tea.Cmd {
	if !kit.IsTheme(name) {
		m.notice = ":theme takes " + strings.Join(kit.ThemeNames, ", ")
		return nil
	}
	m.screens.ThemeName = name
	m.notice = "The theme is " + name
	return m.keep("theme", name)
}

// useMotion lets more or less move from now on, and at the next start.
func (m *Lab) useMotion(name string) tea.Cmd {
	motion, ok := kit.MotionOf(name)
	if !ok {
		m.notice = ":motion takes " + strings.Join(kit.MotionNames, ", ")
		return nil
	}
	m.screens.Motion = motion
	m.notice = "Motion: " + name
	return m.keep("motion", name)
}

// keep keeps a preference for the next start.
func (m *Lab) keep(preference, value string) tea.Cmd {
	keep := m.screens.Keep
	if keep == nil {
		return nil
	}
	return kit.Run(func() (struct{}, error) { return struct{}{}, keep(preference, value) }, func(_ struct{}, err error) tea.Cmd {
		if err != nil {
			m.refuse("The " + preference + " is not kept for the next start: " + err.Error())
		}
		return nil
	})
}

func (m *Lab) setTyped(args []string) tea.Cmd {
	if len(args) < 2 {
		m.notice = ":set takes a name and a value, as :set BatchSize 50"
		return nil
	}
	return m.setByName(args[0], strings.Join(args[1:], " "))
}

// showNotes lists what was simulated with defaults or left out, of the template and of what
// is deployed now.
func (m *Lab) showNotes() tea.Cmd {
	notes := slices.Clip(m.sc.Notes)
	for _, done := range m.tl.Commands() {
		notes = append(notes, m.deployNotes[done.Command.Deploy]...)
	}
	card := notesCard("Notes on "+m.sc.Name, notes)
	for _, n := range m.sc.Details {
		card.Body = append(card.Body, kit.Para{Style: kit.Dim, Text: "  " + n})
	}
	if len(notes) == 0 {
		card.Body = []kit.Para{{Text: "Everything in this template is simulated as it stands."}}
	}
	return m.dialogs.Show(card, nil)
}

func notesCard(title string, notes []string) *kit.Card {
	card := &kit.Card{Title: title}
	for _, n := range notes {
		card.Body = append(card.Body, kit.Para{Text: "· " + n})
	}
	return card
}

// parseTime reads "20s", "1m30s" or a number of seconds.
func parseTime(s string) (engine.Micros, bool) {
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return engine.Micros(d.Microseconds()), true
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && n >= 0 && n < 1e9 {
		return engine.Micros(n * float64(engine.Second)), true
	}
	return 0, false
}
