package lessons

import (
	"strings"

	"esmlab/engine"
	"esmlab/engine/template"
)

// Commands reads what a person types, in lines or in the palette: NAME=VALUE or NAME VALUE
// for a setting, or a step of a scenario without `at`, such as fix: poison or
// put: {to: Orders, count: 5}. A setting without a resource is one of the mapping by its
// index, of what that reads, or of its function: the first that has it.
func (p *Player) Commands(text string, mapping int) ([]engine.Command, error) {
	text = strings.TrimSpace(text)
	if name, value, ok := strings.Cut(text, " "); ok && !strings.ContainsAny(name, "=:") && !strings.HasPrefix(strings.TrimSpace(value), "=") {
		text = name + "=" + value
	}
	name, value, ok := strings.Cut(text, "=")
	if ok && !strings.Contains(name, ":") {
		text = "set: {" + p.resource(strings.TrimSpace(name), mapping) + ": " + strings.TrimSpace(value) + "}"
	}
	return p.Lesson.Commands(text)
}

// Commands reads a step of a scenario without `at`, such as fix: poison.
func (l *Lesson) Commands(text string) ([]engine.Command, error) {
	r := &reader{Problems: &template.Problems{File: "this"}, l: l}
	doc, ok := r.yaml([]byte("- {"+text+"}\n"), place{})
	if !ok {
		return nil, r.Err()
	}
	return r.commands(doc), r.Err()
}

// resource writes a setting with its resource.
func (p *Player) resource(name string, mapping int) string {
	s := p.tl.Sim()
	if id, _, ok := strings.Cut(name, "."); ok {
		if _, known := s.SettingsOf(id); known {
			return name
		}
	}
	mappings := s.Config().Mappings
	if len(mappings) == 0 {
		return name
	}
	m := mappings[min(mapping, len(mappings)-1)]
	for _, id := range []string{m.ID, m.Source, m.Function} {
		if r, ok := s.SettingsOf(id); ok && r.Find(name) != nil {
			return id + "." + name
		}
	}
	return m.ID + "." + name
}
