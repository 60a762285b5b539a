package lab

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/setting"
	"esmlab/ui/kit"
)

// editable is a setting of what the lab shows: its row of the table, and the
// resource with its present settings.
type editable struct {
	*setting.Row
	of setting.Resource
}

// resources are the resources shown whose settings can be changed: the queue,
// the mapping, the stream, the function.
func (m *Lab) resources() []setting.Resource {
	ids := []string{m.mappingID(), m.streamID(), m.functionID()}
	if m.queue() >= 0 {
		ids[0], ids[1] = ids[1], ids[0]
	}
	var out []setting.Resource
	for _, id := range ids {
		if of, ok := m.sim().SettingsOf(id); ok {
			out = append(out, of)
		}
	}
	return out
}

// editables are the settings of the resources shown.
func (m *Lab) editables() []editable {
	var out []editable
	for _, of := range m.resources() {
		for _, p := range of.Rows() {
			out = append(out, editable{p, of})
		}
	}
	return out
}

// editable gives the setting of a name, as ShipOrders.BatchSize or BatchSize.
func (m *Lab) editable(name string) (editable, bool) {
	if id, rest, dotted := strings.Cut(name, "."); dotted {
		if of, ok := m.sim().SettingsOf(id); ok {
			p := of.Find(rest)
			return editable{p, of}, p != nil
		}
	}
	for _, of := range m.resources() {
		if p := of.Find(name); p != nil {
			return editable{p, of}, true
		}
	}
	return editable{}, false
}

// changedBy gives the setting that an action changes.
func (m *Lab) changedBy(action string) (editable, bool) {
	for _, e := range m.editables() {
		if e.Action == action {
			return e, true
		}
	}
	return editable{}, false
}

// target is the setting's dotted name.
func (e editable) target() string { return e.of.ID + "." + e.Name }

// now is the value in force, as one types it.
func (e editable) now() string {
	v, _ := e.Get(&e.of)
	return e.typed(v)
}

// typed writes a value as the lab shows it: a switch is on or off.
func (e editable) typed(v engine.Value) string {
	if e.Kind == setting.Switch {
		return narrate.Value(v)
	}
	return e.Typed(v)
}

// read takes a value as it is typed: of a switch also AWS's true and false.
func (e editable) read(text string) engine.Value {
	if e.Kind == setting.Switch && (text == "on" || text == "off") {
		return engine.BoolValue(text == "on")
	}
	if e.Kind == setting.Filters {
		return engine.TextValue(criteria(text))
	}
	return e.Parse(text)
}

// means says what a value that is typed would mean.
func (m *Lab) means(e editable, text string) string {
	v := e.read(text)
	says := e.Meaning(v, &e.of, m.isBucket(text))
	if rest, ok := strings.CutPrefix(says, e.Typed(v)+": "); ok && e.Kind == setting.Switch {
		return e.typed(v) + ": " + rest
	}
	return says
}

// setting is the binding of an action that changes a setting.
func (m *Lab) setting(action string) kit.Binding {
	return kit.Simple(func() tea.Cmd {
		e, ok := m.changedBy(action)
		switch {
		case !ok:
			return nil
		case e.Kind == setting.Switch && e.of.Of == setting.OfMapping:
			v, _ := e.Get(&e.of)
			return m.change(e, engine.BoolValue(!v.Bool))
		}
		return m.edit(e, nil)
	})
}

// settings lists everything that can be set about what is shown.
func (m *Lab) settings() tea.Cmd {
	var items []kit.Item
	list := m.editables()
	for _, e := range list {
		key := ""
		if e.Action != "" {
			key = kit.KeyOf(e.Action)
		}
		items = append(items, kit.Item{Key: key, Text: e.Name + kit.Blanks(32-len(e.Name)), Note: e.now()})
	}
	names := []string{}
	for _, of := range m.resources() {
		names = append(names, of.ID)
	}
	last := len(names) - 1
	return m.dialogs.Show(&kit.Menu{Title: "Settings of " + strings.Join(names[:last], ", ") + " and " + names[last], Items: items, Foot: "enter explains and changes it · esc back"},
		func(r kit.Reply) tea.Cmd { return m.edit(list[r.Chosen], whyBody(m.whyParam(list[r.Chosen].target()))) })
}

// change sets a setting, and notes when that takes effect for a batch under way.
func (m *Lab) change(e editable, v engine.Value) tea.Cmd {
	if e.of.Of == setting.OfMapping && e.of.ID == m.mappingID() { // another one may be named
		return m.set(e.Name, v)
	}
	return m.apply(engine.Command{Op: engine.OpSet, Target: e.target(), Value: v})
}

// editName opens the editor of the setting of a name; why is told below it.
func (m *Lab) editName(name string, why []kit.Para) tea.Cmd {
	if e, ok := m.editable(name); ok {
		return m.edit(e, why)
	}
	return nil
}

// edit opens the editor of a setting; why is told below it.
func (m *Lab) edit(e editable, why []kit.Para) tea.Cmd {
	if e.Kind == setting.Filters {
		return m.editFilters(why)
	}
	allowed, steps := e.Allowed(), m.valuesOf(e)
	if e.Kind == setting.Switch {
		allowed = "on or off"
	}
	if e.names() {
		allowed = "one of " + strings.Join(steps, ", ")
	}
	refused := func(text string) string {
		if e.names() && !slices.Contains(steps, text) {
			return "'" + text + "' is not " + allowed
		}
		if _, r := e.Read(e.read(text)); r != nil {
			return r.Error()
		}
		return ""
	}
	editor := kit.Editor{Title: e.Name + " of " + e.of.ID, Was: e.now(), Default: e.typed(e.Default), Allowed: allowed, Steps: steps, About: why,
		Say: func(text string) string {
			if refused(text) != "" {
				return "not allowed: " + allowed
			}
			return m.means(e, text)
		},
		Check: func(text string) string {
			if why := refused(text); why != "" {
				return why
			}
			if r := m.sim().Clone().Do(m.command(e.target(), text)); r != nil {
				return r.Error()
			}
			return ""
		}}
	if e.Name == setting.MaximumRetryAttempts { // r r limits the tries, or takes the limit off
		if editor.Again, editor.Quick = kit.FindAction(e.Action).Keys[0], "2"; e.of.Mapping.MaximumRetryAttempts >= 0 {
			editor.Quick = "-1"
		}
	}
	return m.dialogs.Show(kit.NewEditor(editor), func(r kit.Reply) tea.Cmd { return m.change(e, e.read(r.Text)) })
}

// names tells whether a setting's value is the id of a resource.
func (e editable) names() bool { return e.Kind == setting.Destination || e.Kind == setting.QueueID }

// valuesOf are sensible values of a setting; of one that names a resource, the
// resources there are.
func (m *Lab) valuesOf(e editable) []string {
	switch {
	case e.Kind == setting.Switch:
		return []string{"off", "on"}
	case !e.names():
		return e.StepList(&e.of)
	}
	out, c := []string{"none"}, m.sim().Config()
	for _, q := range c.Queues {
		if q.ID != e.of.ID {
			out = append(out, q.ID)
		}
	}
	for _, t := range c.Targets {
		if e.Kind == setting.Destination {
			out = append(out, t.ID)
		}
	}
	return out
}

func (m *Lab) isBucket(id string) bool {
	i := m.sim().DestinationIndex(id)
	if i < 0 {
		return false
	}
	t := m.sim().Config().Target(int32(i))
	return t != nil && t.Bucket
}

// command is the command for a typed name and value. The engine refuses a name that
// it does not know.
func (m *Lab) command(name, value string) engine.Command {
	if e, ok := m.editable(name); ok {
		return engine.Command{Op: engine.OpSet, Target: e.target(), Value: e.read(value)}
	}
	if _, ok := m.sim().SettingsOf(strings.SplitN(name, ".", 2)[0]); !ok {
		name = m.mappingID() + "." + name
	}
	return engine.Command{Op: engine.OpSet, Target: name, Value: engine.TextValue(value)}
}

// setByName changes a setting as a step of a scenario would.
func (m *Lab) setByName(name, value string) tea.Cmd {
	if e, ok := m.editable(name); ok {
		return m.change(e, e.read(value))
	}
	return m.apply(m.command(name, value))
}
