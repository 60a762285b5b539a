package lab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/narrate"
	"esmlab/engine/template"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// memory says how much of the memory for history is used, and how close to each
// other the instants are that it keeps: from one to the next is computed again.
func (m *Lab) memory() string {
	used, budget := m.tl.Memory()
	text := fmt.Sprintf("history %d of %d MB", (used+1<<19)>>20, budget>>20)
	if gap := m.tl.Gap(); gap > 0 {
		text += ", kept each " + pane.Dur(gap)
	}
	return text
}

// memoryShort is memory for the title, once four fifths of the budget are used.
func (m *Lab) memoryShort() string {
	if used, budget := m.tl.Memory(); used*5 < budget*4 {
		return ""
	}
	return m.memory()
}

// showHistory shows how much of the past is kept, and the person's commands. Each can
// be switched off, to see the run without it, and on again.
func (m *Lab) showHistory() tea.Cmd {
	menu := &kit.Menu{Title: "History of " + m.tl.Name(), Intro: []string{"It takes " + strings.TrimPrefix(m.memory(), "history ") + ". Other instants are computed again from the one before. " + kit.Count(len(m.tl.Runs()), "run") + " in all."}}
	commands := m.tl.AllCommands()
	if len(commands) == 0 {
		return m.dialogs.Show(&kit.Card{Title: menu.Title, Body: []kit.Para{{Text: menu.Intro[0]}, {}, {Text: "It holds no command of yours yet. Once it does, you can switch one off here to see the run without it."}}}, nil)
	}
	menu.Intro = append(menu.Intro, "A command that is switched off is skipped, and everything after it is recomputed.")
	for i, d := range commands {
		note := "on"
		switch {
		case d.Off:
			note = "off"
		case i >= m.tl.Passed():
			note = "ahead"
		}
		menu.Items = append(menu.Items, kit.Item{Key: key(i), Text: pane.Clock(d.At) + "  " + m.ctx().Narrator().Brief(&d.Command), Note: note})
	}
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		if r.Chosen < 0 {
			return nil
		}
		cmd := m.setRunning(false)
		d := commands[r.Chosen]
		m.tl.Switched(r.Chosen, d.Off)
		m.forget()
		word := "off: this is the run without it"
		if d.Off {
			word = "on again"
		}
		m.notice = m.ctx().Narrator().Brief(&d.Command) + " is " + word
		return cmd
	})
}

// showBranches shows the runs as a tree; enter goes to one.
func (m *Lab) showBranches() tea.Cmd {
	type branch struct {
		run   *timeline.Run
		depth int
	}
	var list []branch
	var add func(parent *timeline.Run, depth int)
	add = func(parent *timeline.Run, depth int) {
		for _, r := range m.tl.Runs() {
			if r.Parent == parent {
				list = append(list, branch{r, depth})
				add(r, depth+1)
			}
		}
	}
	add(nil, 0)
	menu := &kit.Menu{Title: "Runs of this scenario, same seed", Intro: []string{kit.WithKeys("{branch} begins another here; {compare} compares with the newest.")}}
	for i, b := range list {
		text := b.run.Name()
		if b.depth > 0 {
			text = strings.Repeat("   ", min(b.depth, 6)-1) + "└─ " + text + ", from " + pane.Clock(b.run.Fork)
		}
		note := "up to " + pane.Clock(b.run.Newest()) + ", " + kit.Count(len(b.run.AllCommands()), "command")
		if b.run == m.tl.Run {
			note, menu.Sel = "you are here, "+note, i
		}
		menu.Items = append(menu.Items, kit.Item{Key: key(i), Text: text, Note: note})
	}
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		if r.Chosen < 0 || list[r.Chosen].run == m.tl.Run {
			return nil
		}
		cmd := m.setRunning(false)
		m.tl.Switch(slices.Index(m.tl.Runs(), list[r.Chosen].run))
		m.forget()
		return cmd
	})
}

// seekTo goes to an instant, or to a record: to when it was put, or with "last" to
// what last happened to it.
func (m *Lab) seekTo(words []string) tea.Cmd {
	const takes = ":seek takes an instant or a record, such as 20s, 1m30s, Orders#22 or Orders#22 last"
	if at, ok := parseTime(strings.Join(words, "")); ok {
		return m.seek(at)
	}
	if len(words) == 0 || len(words) > 2 || len(words) == 2 && words[1] != "last" {
		m.notice = takes
		return nil
	}
	source, n, ok := m.label(words[0])
	if !ok {
		m.notice = takes
		return nil
	}
	if !m.knows(source) {
		return nil
	}
	life, _ := inspect.Life(m.tl.Run, source, n)
	for now := m.tl.Now(); len(life) == 0 && m.tl.Ahead(); {
		m.tl.Seek(m.tl.Newest())
		life, _ = inspect.Life(m.tl.Run, source, n)
		if len(life) == 0 {
			m.tl.Seek(now)
			break
		}
	}
	if len(life) == 0 {
		m.notice = words[0] + " has not been put yet"
		return nil
	}
	to := life[0]
	if len(words) > 1 {
		to = life[len(life)-1]
	}
	cmd := m.seek(to.At)
	m.notice = words[0] + " at " + pane.Clock(to.At) + ": " + to.Word
	return cmd
}

// label reads a record's name: Orders#22, or #22 of the source shown.
func (m *Lab) label(text string) (source string, n int, ok bool) {
	source, num, ok := strings.Cut(text, "#")
	n, err := strconv.Atoi(num)
	if source == "" {
		source = m.sim().Config().Mappings[m.at].Source
	}
	return source, n, ok && err == nil && n > 0
}

// knows tells whether there is a source, or says which there are.
func (m *Lab) knows(source string) bool {
	var ids []string
	for i := range m.sim().Config().Streams {
		ids = append(ids, m.sim().Config().Streams[i].ID)
	}
	for i := range m.sim().Config().Queues {
		ids = append(ids, m.sim().Config().Queues[i].ID)
	}
	if slices.Contains(ids, source) {
		return true
	}
	m.refuse("there is no source " + source + " (" + template.OneOf(source, ids) + ")")
	return false
}

// whatIf begins a branch from the start of the run in which a setting had
// another value.
func (m *Lab) whatIf(words []string) tea.Cmd {
	name, value, ok := strings.Cut(strings.Join(words, " "), "=")
	if !ok {
		m.notice = ":what-if takes a name and a value, such as :what-if BisectBatchOnFunctionError=true"
		return nil
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	set := m.command(name, value)
	cmd := m.setRunning(false)
	if refused := m.tl.WhatIf(set); refused != nil {
		m.refuse(refused.Error())
		return cmd
	}
	m.forget()
	m.commands++
	m.notice = m.tl.Name() + ": " + set.Target + " was " + narrate.Value(set.Value) + kit.WithKeys(" from the start. {compare} compares")
	return cmd
}

// showLife shows the stations of a record's life.
func (m *Lab) showLife(text string) tea.Cmd {
	source, n, ok := m.label(text)
	if !ok {
		m.notice = ":life takes a record, such as Orders#22"
		return nil
	}
	if !m.knows(source) {
		return nil
	}
	stations, more := inspect.Life(m.tl.Run, source, n)
	if len(stations) == 0 {
		m.notice = text + " has not been put yet"
		return nil
	}
	card := &kit.Card{Title: "The life of " + source + "#" + strconv.Itoa(n)}
	var words []string
	for _, s := range stations {
		words = append(words, s.Word)
	}
	card.Body = append(card.Body, kit.Para{Style: kit.Strong, Text: strings.Join(words, " → ")}, kit.Para{})
	for _, s := range stations {
		card.Body = append(card.Body, kit.Para{Raw: true, Text: kit.Fit(pane.Clock(s.At), 10) + kit.Fit(s.Word, 24) + string(s.Event.Rule)})
	}
	if more {
		card.Body = append(card.Body, kit.Para{Style: kit.Dim, Text: "… and more; seek an earlier instant to see only the beginning"})
	}
	return m.dialogs.Show(card, nil)
}

// showMapping shows everything in force for the mapping, and the mapping as AWS's CLI
// prints it.
func (m *Lab) showMapping() tea.Cmd {
	s := m.sim()
	card := &kit.Card{Title: "Mapping " + m.mappingID(), Body: []kit.Para{{Style: kit.Dim, Text: "in force now"}}}
	for _, f := range inspect.Settings(s, m.at) {
		p := kit.Para{Raw: true, Text: "  " + kit.Fit(f.Name, 50) + " " + f.Value}
		switch {
		case f.Changed:
			p.Text, p.Style = "≠ "+p.Text[2:]+"   was "+f.Was, kit.Busy
		case f.Limit:
			p.Style = kit.Dim
		}
		card.Body = append(card.Body, p)
	}
	card.Body = append(card.Body, kit.Para{}, kit.Para{Raw: true, Style: kit.Dim, Text: "aws lambda get-event-source-mapping --uuid " + s.Config().Mappings[m.at].UUID})
	for l := range strings.Lines(string(inspect.Get(s, m.history().Log, m.at))) {
		card.Body = append(card.Body, kit.Para{Raw: true, Text: strings.TrimRight(l, "\n")})
	}
	return m.dialogs.Show(card, nil)
}

// showInvocation shows the JSON that the function got, at the newest invocation or at
// the one with that number.
func (m *Lab) showInvocation(arg string) tea.Cmd {
	log := m.history().Log
	n, err := strconv.Atoi(arg)
	if arg != "" && (err != nil || n < 1) {
		m.notice = ":event takes the number of an invocation, such as 3; without one it is the last"
		return nil
	}
	for i := len(log) - 1; i >= 0; i-- {
		e := &log[i]
		if e.Kind != engine.KindInvoke || int(e.Mapping) != m.at || n > 0 && int(e.Invocation) != n {
			continue
		}
		card := &kit.Card{Title: "Invocation " + itoa(int(e.Invocation)) + " of " + m.functionID() + ", at " + pane.Clock(e.At)}
		given := inspect.Given(m.sim(), e)
		if given == nil {
			card.Body = []kit.Para{{Text: "What it was given is no longer in memory. Seek " + pane.Clock(e.At) + " to see it."}}
			return m.dialogs.Show(card, nil)
		}
		var text bytes.Buffer
		_ = json.Indent(&text, given, "", "  ") // it is JSON
		for l := range strings.Lines(text.String()) {
			card.Body = append(card.Body, kit.Para{Raw: true, Text: strings.TrimRight(l, "\n")})
		}
		return m.dialogs.Show(card, nil)
	}
	m.notice = "The history has no such invocation"
	return nil
}
