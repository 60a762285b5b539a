package lab

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// showLimits lists the numbers in force: AWS's, those that esmlab chose, and the
// ranges of settings. What the scenario changed is marked.
func (m *Lab) showLimits() tea.Cmd {
	c := m.sim().Config()
	row := func(name, value string) kit.Para {
		return kit.Para{Raw: true, Text: kit.Fit(name, 52) + " " + value}
	}
	head := func(text string) kit.Para { return kit.Para{Style: kit.Strong, Text: text} }
	card := &kit.Card{Title: "Limits in force", Body: []kit.Para{head("AWS's")}}
	add := func(rows ...kit.Para) { card.Body = append(card.Body, rows...) }
	if m.queue() < 0 {
		add(row("write limit of a shard", "1,000 records and 1 MiB a second"), row("poll of a shard", "1 a second; of a table's 4"), row("one read", "10,000 records or 10 MiB; of a table's 1,000 or 1 MiB"))
	} else {
		limits := c.Limits
		if limits == "" {
			limits = "current"
		}
		add(row("long poll", "20 s"), row("one receive", "10 messages"), row("pollers at the start", "5"),
			row("most pollers now (limits: "+limits+")", kit.Thousands(m.sim().Ceiling(m.at))), row("in flight of a queue", "120,000 messages"))
	}
	add(row("payload of an invocation", "6 MiB"), row("concurrency of the account", kit.Thousands(c.Concurrency)),
		kit.Para{}, head("chosen: AWS gives no number (chosen: in a scenario sets them)"))
	usual := engine.DefaultChosen()
	for _, r := range rule.All {
		if now, was := c.Chosen.Field(r.ID), usual.Field(r.ID); r.Number != nil && now != nil {
			value := chosenText(&r, *now)
			if *now != *was {
				value += "   ▲ changed from " + chosenText(&r, *was)
			}
			add(row(string(r.ID)+"  "+kit.Cut(r.Statement, 50-len(r.ID)), value))
		}
	}
	for _, of := range m.resources() {
		add(kit.Para{}, head("what can be set of the "+of.Of.String()+" "+of.ID))
		for _, p := range of.Rows() {
			if p.Kind == setting.Number || p.Kind == setting.Switch || p.Kind == setting.Word {
				add(row(p.Name, p.Allowed()))
			}
		}
	}
	return m.dialogs.Show(card, nil)
}

// chosenText writes the number of a rule with its unit.
func chosenText(r *rule.Rule, n int64) string {
	if r.Number.Unit == "duration" {
		return pane.Dur(engine.Micros(n))
	}
	return kit.Thousands(int(n)) + " " + r.Number.Unit
}
