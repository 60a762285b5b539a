package lab

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// otherRuns are the runs other than the one shown.
func (m *Lab) otherRuns() []*timeline.Run {
	return slices.DeleteFunc(slices.Clone(m.tl.Runs()), func(r *timeline.Run) bool { return r == m.tl.Run })
}

func key(i int) string {
	if i > 8 {
		return ""
	}
	return itoa(i + 1)
}

// CommandLine is the run as a line for a shell: the scenario, its seed and length,
// and the person's commands as steps.
func (m *Lab) CommandLine() string {
	words := m.o.Command
	if words == "" {
		words = kit.Quote(m.sc.Name)
	}
	text := "esmlab run " + words + " --seed " + uitoa(m.sim().Config().Seed) + " --for " + m.tl.Newest().String() + "s"
	for _, s := range m.ownSteps() {
		text += " --step " + kit.Quote(s)
	}
	return text
}

// ownSteps are the person's commands that took effect, as steps of a scenario.
func (m *Lab) ownSteps() []string {
	var out []string
	for _, c := range m.tl.AllCommands() {
		if !c.Off && !c.Refused {
			out = append(out, stepLine(&c))
		}
	}
	return out
}

// copyRun shows this run as a command line, and copies it to the clipboard.
func (m *Lab) copyRun() tea.Cmd {
	text := m.CommandLine()
	card := &kit.Card{Title: "This run, to copy", Body: []kit.Para{{Style: kit.Strong, Text: text}}}
	if steps := m.ownSteps(); len(steps) > 0 {
		card.Body = append(card.Body, kit.Para{}, kit.Para{Text: "Your commands, as steps for Metadata.esmlab:"}, kit.Para{Raw: true, Style: kit.Info, Text: "steps:"})
		for _, s := range steps {
			card.Body = append(card.Body, kit.Para{Raw: true, Style: kit.Info, Text: "  - " + s})
		}
	}
	card.Body = append(card.Body, kit.Para{}, kit.Para{Style: kit.Dim, Text: "The line was sent to the terminal's clipboard; not every terminal accepts it."})
	m.dialogs.Show(card, nil)
	return tea.SetClipboard(text)
}

// stepLine writes a command as a scenario does. A step comes before what else
// happens at its instant; a command that came after something is placed behind it.
func stepLine(d *timeline.PlacedCommand) string {
	at := d.At
	if d.Tick > 0 {
		at++
	}
	return "{at: " + at.String() + "s, " + scenario.StepText(&d.Command) + "}"
}
