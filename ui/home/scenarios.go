package home

import (
	"esmlab/engine/scenario"
	"esmlab/ui/kit"
)

// Scenarios is the section of the built-in scenarios. builtin gives the template
// of one; open opens it. They are read once: Home reads a section again only when
// it was read before, never at the same time.
func Scenarios(builtin func(name string) ([]byte, bool), open func(name string) kit.Opening) Section {
	var g Group
	return Section{Head: "Scenarios", Name: "scenarios", Read: func() (func() []Group, error) {
		if g.Head != "" {
			return func() []Group { return []Group{g} }, nil
		}
		g.Head = "Scenarios"
		for _, name := range scenario.Names() {
			e := Entry{Name: name, Open: open(name)}
			src, _ := builtin(name)
			e.Note, e.About = scenario.Head(src)
			g.Entries = append(g.Entries, e)
		}
		return func() []Group { return []Group{g} }, nil
	}}
}
