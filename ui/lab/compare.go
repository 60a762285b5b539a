package lab

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/printable"
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

// scalar writes a text in YAML, within a list or a map. A value that is JSON itself
// stands there as such.
func scalar(s string) string {
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
	default:
		if plainScalar.MatchString(s) {
			return s
		}
	}
	if strings.HasPrefix(s, "{") && json.Valid([]byte(s)) {
		return string(printable.JSON([]byte(s)))
	}
	quoted, _ := json.Marshal(s) // a text can be written
	return string(printable.JSON(quoted))
}

var plainScalar = regexp.MustCompile("^[A-Za-z_]([A-Za-z0-9_#./'-]| [A-Za-z0-9])*$")

// stepLine writes a command as a scenario does. A step comes before what else
// happens at its instant; a command that came after something is placed behind it.
func stepLine(d *timeline.PlacedCommand) string {
	c, at := &d.Command, d.At
	if d.Tick > 0 {
		at++
	}
	head := "{at: " + at.String() + "s, "
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
			if one.Value.Kind == engine.ValueText {
				v = scalar(v)
			}
			parts = append(parts, one.Target+": "+v)
		}
		return head + "set: {" + strings.Join(parts, ", ") + "}}"
	case engine.OpPut:
		out := "to: " + c.Put.To + ", count: " + itoa(max(1, c.Put.Count))
		if c.Put.Shard >= 0 {
			out += ", shard: " + itoa(c.Put.Shard)
		}
		var keys []string
		for _, k := range c.Put.Keys {
			keys = append(keys, scalar(k))
		}
		return head + "put: {" + out + ", keys: [" + strings.Join(keys, ", ") + "]}}"
	case engine.OpFault:
		f := &c.Fault
		out := "function: " + f.Function + ", name: " + scalar(f.Name) + ", how: " + f.How.String()
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
	if c.Op == engine.OpRedrive {
		out := "queue: " + c.Target
		if c.To != "" {
			out += ", to: " + c.To
		}
		if c.Rate > 0 {
			out += ", rate: " + itoa(c.Rate)
		}
		return head + "redrive: {" + out + "}}"
	}
	return head + c.Op.String() + ": " + c.Target + "}"
}
