package lab

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// compare shows this run beside another of the same seed at the same instant:
// the branch of that index, the newest one (-1), or the run nobody touched.
func (m *Lab) compare(branch int) tea.Cmd {
	branches := m.others()
	if branch < 0 {
		branch = len(branches) - 1
	}
	run := m.tl.Untouched()
	if branch >= 0 && branch < len(branches) {
		run = branches[branch]
	}
	name, other := run.Name(), m.tl.Beside(run).Sim()
	card := &kit.Card{Title: "Two runs, seed " + uitoa(m.sim().Config().Seed) + ", at " + pane.Clock(m.tl.Now())}
	mine := m.tl.Name()
	if name == "untouched" {
		mine = "yours"
	}
	line := func(what, a, b string) {
		l := kit.NewLine(m.desk.Theme, 64).Text(what).Right(kit.Strong, a, 44)
		l.Right(kit.Plain, b, 58)
		if a != b {
			l.Text("  ").Add(kit.Busy, "≠")
		}
		card.Body = append(card.Body, kit.Para{Raw: true, Text: l.String()})
	}
	line("", mine, name)
	a, b := figures(m.sim(), m.at), figures(other, m.at)
	for i := range a {
		line(a[i][0], a[i][1], b[i][1])
	}
	card.Body = append(card.Body, kit.Para{}, kit.Para{Text: m.inWords(mine, name, other)})
	if n := len(m.tl.Deeds()); n > 0 {
		card.Body = append(card.Body, kit.Para{Style: kit.Dim, Text: "yours differs by " + kit.Count(n, "deed")})
	}
	return m.dialogs.Show(card, nil)
}

// figures are what a comparison names.
func figures(s *engine.Sim, mi int) [][2]string {
	f := &s.Functions[s.FunctionOf(mi)]
	t := pane.TotalsOf(s, mi)
	age := engine.Micros(0)
	if q := s.QueueOf(mi); q >= 0 {
		age = s.Oldest(q)
	} else {
		for i := range s.Streams[s.SourceOf(mi)].Shards {
			age = max(age, s.Age(mi, i))
		}
	}
	n := func(v int64) string { return kit.Thousands(int(v)) }
	return [][2]string{
		{"records put", n(t.Put)}, {"done", n(t.Done)}, {"given up", n(t.Discarded)}, {"lost", n(t.Lost)}, {"in a batch", n(t.Batch)}, {"waiting", n(t.Wait)},
		{"shards blocked", itoa(len(pane.Blocked(s, mi)))}, {"oldest record not finished", pane.Secs(age)},
		{"invocations", n(f.Invocations)}, {"errors", n(f.Errors)}, {"throttles", n(f.Throttles)}, {"IteratorAge max", pane.Secs(s.Mappings[mi].MaxIteratorAge)},
		{"messages of failures", n(s.Mappings[mi].Counts.OnFailureDestinationDeliveredEventCount)},
	}
}

func (m *Lab) inWords(mine, name string, other *engine.Sim) string {
	say := func(s *engine.Sim) string {
		t := pane.TotalsOf(s, m.at)
		text := kit.Thousands(int(t.Done)) + " done, " + kit.Thousands(int(t.Wait+t.Batch)) + " not yet"
		if t.Discarded > 0 {
			text += ", " + kit.Thousands(int(t.Discarded)) + " given up"
		}
		if t.Lost > 0 {
			text += ", " + kit.Thousands(int(t.Lost)) + " lost"
		}
		return text
	}
	return mine + ": " + say(m.sim()) + "; " + name + ": " + say(other)
}

// others are the runs that were left.
func (m *Lab) others() []*timeline.Run {
	return slices.DeleteFunc(slices.Clone(m.tl.Runs()), func(r *timeline.Run) bool { return r == m.tl.Run })
}

// branches lists the runs that were left.
func (m *Lab) branches() tea.Cmd {
	list := m.others()
	if len(list) == 0 {
		m.notice = "There is one run so far; f begins a second"
		return nil
	}
	menu := &kit.Menu{Title: "Runs of this scenario, same seed", Intro: []string{"This is " + m.tl.Name() + ", at " + pane.Clock(m.tl.Now()) + "."}}
	for i, b := range list {
		menu.Items = append(menu.Items, kit.Item{Key: key(i), Text: b.Name() + ", up to " + pane.Clock(b.Newest()), Note: kit.Count(len(b.AllDeeds()), "deed")})
	}
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		cmd := m.setRunning(false)
		m.tl.Switch(slices.Index(m.tl.Runs(), list[r.Chosen]))
		m.forget()
		return cmd
	})
}

func key(i int) string {
	if i > 8 {
		return ""
	}
	return itoa(i + 1)
}

// copyRun shows this run as a command line, and gives it to the clipboard.
func (m *Lab) copyRun() tea.Cmd {
	words := m.o.Command
	if words == "" {
		words = m.sc.Name
	}
	text := "esmlab run " + words + " --seed " + uitoa(m.sim().Config().Seed) + " --for " + m.tl.Newest().String() + "s"
	var steps []string
	for _, d := range m.tl.Deeds() {
		steps = append(steps, stepLine(&d))
	}
	card := &kit.Card{Title: "This run, to copy", Body: []kit.Para{{Style: kit.Strong, Text: text}}}
	if len(steps) > 0 {
		card.Body = append(card.Body, kit.Para{}, kit.Para{Text: "Your deeds, as steps for Metadata.esmlab:"})
		text += "\nsteps:\n" + strings.Join(steps, "\n") + "\n"
		for _, s := range append([]string{"steps:"}, steps...) {
			card.Body = append(card.Body, kit.Para{Raw: true, Style: kit.Info, Text: s})
		}
	}
	card.Body = append(card.Body, kit.Para{}, kit.Para{Style: kit.Dim, Text: "It was handed to the terminal's clipboard; not every terminal takes it."})
	m.dialogs.Show(card, nil)
	return tea.SetClipboard(text)
}

// stepLine writes a deed as a scenario does.
func stepLine(d *timeline.Deed) string {
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
		v := c.Value.String()
		if c.Value.Kind == engine.ValueText && v == "" {
			v = `""`
		}
		return head + "set: {" + c.Target + ": " + v + "}}"
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
