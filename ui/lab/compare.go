package lab

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
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

// copyRun shows this run as a command line, and copies it to the clipboard.
func (m *Lab) copyRun() tea.Cmd {
	words := m.o.Command
	if words == "" {
		words = m.sc.Name
	}
	text := "esmlab run " + words + " --seed " + uitoa(m.sim().Config().Seed) + " --for " + m.tl.Newest().String() + "s"
	var steps []string
	for _, d := range m.tl.Commands() {
		steps = append(steps, stepLine(&d))
	}
	card := &kit.Card{Title: "This run, to copy", Body: []kit.Para{{Style: kit.Strong, Text: text}}}
	if len(steps) > 0 {
		card.Body = append(card.Body, kit.Para{}, kit.Para{Text: "Your commands, as steps for Metadata.esmlab:"})
		text += "\nsteps:\n" + strings.Join(steps, "\n") + "\n"
		for _, s := range append([]string{"steps:"}, steps...) {
			card.Body = append(card.Body, kit.Para{Raw: true, Style: kit.Info, Text: s})
		}
	}
	card.Body = append(card.Body, kit.Para{}, kit.Para{Style: kit.Dim, Text: "It was sent to the terminal's clipboard; not every terminal accepts it."})
	m.dialogs.Show(card, nil)
	return tea.SetClipboard(text)
}

// stepLine writes a command as a step of a scenario.
func stepLine(d *timeline.PlacedCommand) string {
	c := &d.Command
	head := "  - {at: " + d.At.String() + "s, "
	label := func(list []engine.Label) string {
		var out []string
		for _, l := range list {
			out = append(out, l.String())
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	switch c.Op {
	case engine.OpSet:
		var parts []string
		for _, one := range append([]engine.Setting{{Target: c.Target, Value: c.Value}}, c.Also...) {
			v := one.Value.String()
			if one.Value.Kind == engine.ValueText && v == "" {
				v = `""`
			}
			parts = append(parts, one.Target+": "+v)
		}
		return head + "set: {" + strings.Join(parts, ", ") + "}}"
	case engine.OpPut:
		out := "to: " + c.Put.To + ", count: " + itoa(max(1, c.Put.Count))
		if c.Put.Shard >= 0 {
			out += ", shard: " + itoa(c.Put.Shard)
		}
		return head + "put: {" + out + ", keys: [" + strings.Join(c.Put.Keys, ", ") + "]}}"
	case engine.OpFault:
		f := &c.Fault
		out := "function: " + f.Function + ", name: " + f.Name + ", how: " + f.How.String()
		if len(f.Records) > 0 {
			out += ", records: " + label(f.Records)
		}
		if f.Until != engine.Never {
			out += ", from: " + f.From.String() + "s, until: " + f.Until.String() + "s"
		}
		if f.How == engine.HowSlow {
			out += ", takes: " + f.Takes.Base.String() + "s"
		}
		return head + "fault: {" + out + "}}"
	case engine.OpDeny, engine.OpAllow:
		return head + c.Op.String() + ": {mapping: " + c.Target + ", actions: [" + strings.Join(c.Actions, ", ") + "]}}"
	}
	return head + c.Op.String() + ": " + c.Target + "}"
}
