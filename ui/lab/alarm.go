package lab

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/alarm"
	"esmlab/ui/kit"
)

// alarmTyped sets an alarm, or takes it away, and shows when it would have rung.
func (m *Lab) alarmTyped(args []string) tea.Cmd {
	if m.cover != nil {
		m.Say("A question is open: say what you expect first")
		return nil
	}
	switch text := strings.Join(args, " "); text {
	case "":
	case "off":
		m.tl.SetAlarm(nil)
		m.Say("No alarm is set")
		return nil
	default:
		a, err := alarm.Read(text, m.sim().Config())
		if err != nil {
			m.Say(":alarm: " + err.Error())
			return nil
		}
		m.tl.SetAlarm(a)
		m.heard = len(m.tl.Rang())
	}
	card := &kit.Card{Title: "Alarm"}
	for _, line := range alarm.Said(m.tl) {
		card.Body = append(card.Body, kit.Para{Text: line})
	}
	return m.Dialog(card, nil)
}

// ring says that the alarm has rung, or gone back, while time ran.
func (m *Lab) ring() {
	changes := m.tl.Rang()
	if n := len(changes); n > m.heard && m.cover == nil {
		what := "is OK again"
		if changes[n-1].Rings {
			what = "rings"
		}
		m.Say("Your alarm " + what + ", at second " + changes[n-1].At.String() + ": " + m.tl.Alarm().Short())
	}
	m.heard = len(changes)
}

// alarmable completes the metric of an alarm.
func (m *Lab) alarmable(typed string) []kit.Item {
	var out []string
	for _, name := range alarm.Metrics(m.sim().Config()) {
		if strings.HasPrefix(strings.ToLower(name), strings.ToLower(typed)) {
			out = append(out, name)
		}
	}
	return texts(out)
}
