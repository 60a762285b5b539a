package lab

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// undo takes back the last command.
func (m *Lab) undo() {
	if _, ok := m.tl.Undo(); !ok {
		return
	}
	m.commands = max(0, m.commands-1)
	m.notice = kit.Say("Taken back, and computed anew from there. {redo} does it again")
	m.trimSkips()
	clear(m.pending)
}

// redo carries out again what undo took back.
func (m *Lab) redo() {
	if _, ok := m.tl.Redo(); !ok {
		return
	}
	m.commands++
	m.notice = "Done again, and computed anew from there"
	m.trimSkips()
}

// set changes a parameter of the mapping, and notes when that will count.
func (m *Lab) set(name string, v engine.Value) tea.Cmd {
	shard, hand := 0, (*engine.Lane)(nil)
	if m.queue() < 0 {
		shard, hand = m.inHand()
	}
	var w pendingSetting
	if hand != nil {
		p, _ := hand.Part()
		w = pendingSetting{when: pane.When(name), shard: int32(shard), batch: hand.Root, tries: p.Tries}
	}
	before := m.sim().Mappings[m.at].Settings
	cmd := m.apply(engine.Command{Op: engine.OpSet, Target: m.mappingID() + "." + name, Value: v})
	if hand != nil && m.sim().Mappings[m.at].Settings != before {
		m.pending[name] = w
	}
	return cmd
}

// inHand gives the batch under way that a setting is most about: a blocked
// one, else any.
func (m *Lab) inHand() (int, *engine.Lane) {
	s := m.sim()
	found, lane := -1, (*engine.Lane)(nil)
	for i := range s.Mappings[m.at].Iterators {
		l := s.ActiveLane(m.at, i)
		if len(l.Parts) == 0 {
			continue
		}
		if l.Blocked {
			return i, l
		}
		if lane == nil {
			found, lane = i, l
		}
	}
	return found, lane
}

// edit opens the editor of a parameter; why is told below it.
func (m *Lab) edit(name string, why []kit.Para) tea.Cmd {
	switch name {
	case "OnFailure":
		return m.editDestination(why)
	case "FilterCriteria":
		return m.editFilters(why)
	}
	if a := m.attribute(name); a != nil {
		return m.editAttribute(a, why)
	}
	p := engine.FindParam(name)
	if p == nil {
		return nil
	}
	now := m.sim().Mappings[m.at].Number(name)
	if p.Switch {
		return m.editSwitch(p, m.mappingID(), now != 0, why)
	}
	e := kit.Editor{Title: name, Was: strconv.Itoa(now), Default: strconv.Itoa(p.Default), Allowed: p.Allowed(), About: why,
		Say: func(s string) string {
			n, err := strconv.Atoi(s)
			if err != nil {
				return "a whole number is wanted: " + p.Allowed()
			}
			if r := p.Check(n); r != nil {
				return "not allowed: " + p.Allowed()
			}
			return meaning(name, n)
		},
		Check: func(s string) string {
			n, err := strconv.Atoi(s)
			if err != nil {
				return "'" + s + "' is no whole number (" + p.Allowed() + ")"
			}
			if r := p.Check(n); r != nil {
				return r.Error()
			}
			return ""
		}}
	for _, n := range p.Steps {
		e.Steps = append(e.Steps, strconv.Itoa(n))
	}
	if name == "MaximumRetryAttempts" { // r r limits the tries, or takes the limit off
		if e.Again, e.Quick = kit.FindAction("retries").Keys[0], "2"; now >= 0 {
			e.Quick = "-1"
		}
	}
	return m.dialogs.Show(kit.NewEditor(e), func(r kit.Reply) tea.Cmd {
		n, _ := strconv.Atoi(r.Text)
		return m.set(name, engine.IntValue(n))
	})
}

func (m *Lab) editSwitch(p *engine.Param, target string, on bool, why []kit.Para) tea.Cmd {
	word := func(b bool) string {
		if b {
			return "true"
		}
		return "false"
	}
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: p.Name, Was: word(on), Default: "false", Allowed: p.Allowed(), Steps: []string{"false", "true"}, About: why,
		Say: func(s string) string {
			if s != "true" && s != "false" {
				return "a switch: " + p.Allowed()
			}
			return switchMeaning(p.Name, s == "true")
		},
		Check: func(s string) string {
			if s != "true" && s != "false" {
				return "'" + s + "' is neither true nor false"
			}
			return ""
		}}), func(r kit.Reply) tea.Cmd {
		if v := engine.BoolValue(r.Text == "true"); target != m.mappingID() {
			return m.apply(engine.Command{Op: engine.OpSet, Target: target + "." + p.Name, Value: v})
		} else {
			return m.set(p.Name, v)
		}
	})
}

func (m *Lab) editDestination(why []kit.Para) tea.Cmd {
	s := m.sim()
	now := s.Mappings[m.at].OnFailure
	if now == "" {
		now = "none"
	}
	steps := []string{"none"}
	for _, q := range s.Config().Queues {
		steps = append(steps, q.ID)
	}
	for _, t := range s.Config().Targets {
		steps = append(steps, t.ID)
	}
	known := func(text string) bool {
		for _, x := range steps {
			if x == text {
				return true
			}
		}
		return false
	}
	list := steps[0]
	for _, x := range steps[1:] {
		list += ", " + x
	}
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: "OnFailure", Was: now, Default: "none", Allowed: "a destination of the template: " + list, Steps: steps, About: why,
		Say: func(text string) string {
			switch {
			case !known(text):
				return "the template has no destination of that name"
			case text == "none":
				return "what is given up leaves no trace; only the counters know"
			}
			if t := s.Config().Target(int32(s.DestinationIndex(text))); t != nil && t.Bucket {
				return text + " gets one object for each batch that is given up, with the data of its records"
			}
			return text + " gets one message for each batch that is given up: where its records lie, not what they hold"
		},
		Check: func(text string) string {
			if known(text) {
				return ""
			}
			return "'" + text + "' is no destination of this run (" + list + ")"
		}}), func(r kit.Reply) tea.Cmd {
		to := r.Text
		if to == "none" {
			to = ""
		}
		return m.set("OnFailure", engine.TextValue(to))
	})
}

// meaning says what a number would do.
func meaning(name string, n int) string {
	v := strconv.Itoa(n)
	dur := func(n int) string { return pane.Dur(engine.Micros(n) * engine.Second) }
	switch name {
	case "MaximumRetryAttempts":
		switch n {
		case -1:
			return "-1: a batch is tried until its records expire"
		case 0:
			return "0: a batch is tried once, then given up"
		}
		return v + ": a batch is tried " + kit.Thousands(n+1) + " times, then given up"
	case "MaximumRecordAgeInSeconds":
		if n == -1 {
			return "-1: no record is too old; only the stream's retention ends it"
		}
		return v + ": a record that is " + dur(n) + " old is given up before the next try"
	case "BatchSize":
		return v + ": the function is handed at most " + kit.Count(n, "record") + " at a time"
	case "MaximumBatchingWindowInSeconds":
		if n == 0 {
			return "0: the function is invoked as soon as there is any record"
		}
		return v + ": records are gathered for at most " + dur(n) + " before the function is invoked"
	case "ParallelizationFactor":
		if n == 1 {
			return "1: one batch of a shard at a time"
		}
		return v + ": up to " + v + " batches of a shard at a time, each with keys of its own"
	case "TumblingWindowInSeconds":
		if n == 0 {
			return "0: no tumbling window"
		}
		return v + ": state is handed on within windows of " + dur(n)
	}
	return v
}

func switchMeaning(name string, on bool) string {
	switch {
	case name == "BisectBatchOnFunctionError" && on:
		return "true: a batch that fails is split in two at once; no retry is used for that"
	case name == "BisectBatchOnFunctionError":
		return "false: a batch that fails is tried again as a whole"
	case name == "ContentBasedDeduplication" && on:
		return "true: a message without a deduplication id gets a hash of its body for one"
	case name == "ContentBasedDeduplication":
		return "false: each message brings its own deduplication id"
	case on:
		return "true: the handler may name the records that failed; what lies before the first of them is done"
	}
	return "false: whatever the handler answers is a success, only an error fails the batch"
}

// allSettings lists every parameter of the mapping, and what can be set about
// its function.
func (m *Lab) allSettings() tea.Cmd {
	set := &m.sim().Mappings[m.at].Settings
	var items []kit.Item
	names := append([]string{"BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor", "MaximumRetryAttempts", "MaximumRecordAgeInSeconds",
		"BisectBatchOnFunctionError", "ReportBatchItemFailures", "OnFailure", "TumblingWindowInSeconds", "FilterCriteria"}, functionNames...)
	keys := map[string]string{"MaximumRetryAttempts": kit.KeyOf("retries"), "MaximumRecordAgeInSeconds": kit.KeyOf("age"), "BisectBatchOnFunctionError": kit.KeyOf("bisect"), "ReportBatchItemFailures": kit.KeyOf("items"), "OnFailure": kit.KeyOf("failures"), "BatchSize": kit.KeyOf("settings")}
	for _, name := range names {
		value := strconv.Itoa(set.Number(name))
		if p := engine.FindParam(name); p != nil && p.Switch {
			value = strconv.FormatBool(set.Number(name) != 0)
		} else if name == "FilterCriteria" {
			value = m.filters()
		} else if name == "OnFailure" {
			if value = set.OnFailure; value == "" {
				value = "none"
			}
		} else if a := m.attribute(name); a != nil {
			value = a.was
		}
		items = append(items, kit.Item{Key: keys[name], Text: name + kit.Blanks(32-len(name)), Note: value})
	}
	return m.dialogs.Show(&kit.Menu{Title: "Settings of " + m.mappingID() + " and " + m.functionID(), Items: items, Foot: "enter explains and changes it · esc back"},
		func(r kit.Reply) tea.Cmd { return m.edit(names[r.Chosen], whyBody(m.whyParam(names[r.Chosen]))) })
}

// putMenu asks how many records to put, and where.
func (m *Lab) putMenu() tea.Cmd {
	s := m.sim()
	if m.queue() >= 0 {
		return m.putMessages()
	}
	st := &s.Streams[s.SourceOf(m.at)]
	menu := &kit.Menu{Title: "Put records to " + m.streamID(), Label: "where:", Cycle: []string{"by its key, the keys of the traffic in turn"},
		Items: []kit.Item{{Key: "1", Text: "1 record"}, {Key: "2", Text: "10 records"}, {Key: "3", Text: "100 records"}, {Key: "4", Text: "a burst: 1,000 at this instant"}}}
	keys := []string{}
	for i := range st.Keys {
		keys = append(keys, st.Keys[i].Name)
	}
	if len(keys) == 0 {
		keys = []string{"k1"}
	}
	for i := range st.Shards {
		menu.Cycle = append(menu.Cycle, "shard "+strconv.Itoa(i))
	}
	shown := keys[:min(len(keys), 16)]
	for _, k := range shown {
		menu.Cycle = append(menu.Cycle, "key "+k)
	}
	if about := m.subject(); about.Kind == pane.KindShard || about.Kind == pane.KindIterator {
		menu.Turn = 1 + int(about.Shard)
	}
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		row := engine.Traffic{To: m.streamID(), AtOnce: true, Count: []int{1, 10, 100, 1000}[r.Chosen], At: m.sim().Now(), Until: engine.Never, Per: 1, Shard: -1, Keys: keys}
		switch turn := menu.Turn; {
		case turn > len(st.Shards):
			row.Keys = []string{shown[turn-1-len(st.Shards)]}
		case turn > 0:
			row.Shard = turn - 1
		}
		return m.apply(engine.Command{Op: engine.OpPut, Put: row})
	})
}
