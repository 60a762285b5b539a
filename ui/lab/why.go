package lab

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/rule"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// why explains what the headline says, or the line under the cursor.
func (m *Lab) why() tea.Cmd {
	c := m.ctx()
	if w := m.whyThing(); w != nil {
		return m.explain("Why, at "+pane.Clock(m.tl.Now()), w, nil)
	}
	if m.focus == 6 && m.views[6].sel >= 0 {
		return m.whyLine(m.views[6].sel, m.views[6].filter)
	}
	blocked, hidden := pane.Blocked(m.sim(), m.at), int32(0)
	if m.queue() >= 0 {
		if r := m.worst(pane.Receipts(m.sim(), m.at, m.history().Log)); r != nil {
			hidden = r.Batch
		}
	}
	for i, s := range c.Stories(0, 400, "") {
		if s.Event == nil || int(s.Event.Mapping) != m.at && s.Event.Applied == nil {
			continue
		}
		if hidden > 0 && (s.Event.Kind != engine.KindReturn || s.Event.Batch != hidden) {
			continue
		}
		if len(blocked) == 0 || s.Event.Kind == engine.KindRetry && slices.Contains(blocked, int(s.Event.Shard)) {
			return m.whyLine(i, "")
		}
	}
	if len(c.Stories(0, 1, "")) == 0 {
		m.notice = "Nothing has happened yet"
		return nil
	}
	return m.whyLine(0, "")
}

func (m *Lab) whyLine(i int, filter string) tea.Cmd {
	lines := m.ctx().Stories(i, 1, filter)
	if len(lines) == 0 {
		m.notice = "There is no such line"
		return nil
	}
	s := &lines[0]
	card := &kit.Card{Title: "Why, at " + pane.Clock(s.At)}
	card.Body = append(card.Body, kit.Para{Style: kit.Strong, Text: strings.TrimSpace(s.Mark + " " + s.Text)}, kit.Para{})
	if s.Event == nil {
		card.Body = append(card.Body, kit.Para{Text: "No batch, no put and no wait ended in this stretch, so it was passed over. :skip off shows it at its own pace."})
		return m.dialogs.Show(card, nil)
	}
	var seen []rule.ID
	for _, id := range s.Rules {
		if r, ok := rule.Find(id); ok && !slices.Contains(seen, id) {
			seen = append(seen, id)
			card.Body = append(card.Body, ruleParas(&r)...)
		}
	}
	w := m.whyEvent(s.Event)
	if w != nil && len(seen) == 0 {
		if r, ok := rule.Find(w.Rule); ok {
			card.Body = append(card.Body, ruleParas(&r)...)
		}
		card.Body = append(card.Body, kit.Para{Text: m.ownDeed(s.Event)}, kit.Para{})
	}
	if s.Event.Kind == engine.KindFilter {
		card.Body = append(card.Body, m.filtered(s.Event)...)
		card.Body = append(card.Body, kit.Para{})
	}
	if w != nil {
		card.Body = append(append(card.Body, valueParas(w)...), ledParas(w)...)
	}
	return m.dialogs.Show(card, nil)
}

// ruleParas writes a rule: what AWS does, how that is known, where it stands.
func ruleParas(r *rule.Rule) []kit.Para {
	known := string(r.Confidence) + " · "
	if r.Confidence == rule.Chosen {
		known += "AWS does not say; this is esmlab's choice"
	} else {
		known += "AWS, read " + r.Read
	}
	if r.Number != nil {
		known += " · " + r.Number.Default + " (chosen: sets it)"
	}
	out := []kit.Para{{Text: r.Statement}, {Style: kit.Dim, Text: string(r.ID) + " · " + known}}
	if strings.HasPrefix(r.Source, "https://") {
		out = append(out, kit.Para{Style: kit.Dim, Text: r.Source})
	}
	return append(out, kit.Para{})
}

func (m *Lab) ownDeed(e *engine.Event) string {
	switch e.Kind {
	case engine.KindSet:
		_, name, _ := strings.Cut(e.Applied.Command.Target, ".")
		text := "A setting was changed. "
		if v := e.Applied.Command.Value; v.Kind == engine.ValueInt {
			text += meaning(name, int(v.Int)) + ". "
		} else if v.Kind == engine.ValueBool {
			text += switchMeaning(name, v.Bool) + ". "
		}
		return text + "A batch under way keeps its records and its count: " + pane.WhenLong(pane.When(name)) + ". AWS may take minutes to apply it."
	case engine.KindRefuse:
		return "It was refused and changes nothing. " + e.Applied.Refused.Error()
	}
	return kit.Say("This was a command, not a rule: {undo} takes it back.")
}

// settingsAt are the mapping's settings when an event happened: those of now,
// with the changes since then taken back.
func (m *Lab) settingsAt(e *engine.Event) engine.Settings {
	set := m.sim().Mappings[m.at].Settings
	log := m.history().Log
	for i := len(log) - 1; i >= 0 && log[i].N > e.N; i-- {
		d := log[i].Applied
		if log[i].Kind != engine.KindSet {
			continue
		}
		id, name, _ := strings.Cut(d.Command.Target, ".")
		if id != m.mappingID() {
			continue
		}
		switch d.Was.Kind {
		case engine.ValueText:
			if name == "FilterCriteria" {
				set.FilterCriteria, _ = pattern.ReadCriteria(d.Was.Text) // the engine wrote it
			}
		case engine.ValueInt:
			set.SetNumber(name, int(d.Was.Int))
		case engine.ValueBool:
			n := 0
			if d.Was.Bool {
				n = 1
			}
			set.SetNumber(name, n)
		}
	}
	return set
}
