package lab

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"

	tea "charm.land/bubbletea/v2"
	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/pattern"
	"esmlab/engine/setting"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// explainFilter shows a record that was filtered out beside the pattern that came
// closest, with the first condition that failed.
func (m *Lab) explainFilter(e *engine.Event) []kit.Para {
	n, by := e.Records[0], m.settingsAt(e).FilterCriteria
	if by == nil {
		return nil
	}
	var r pattern.Record
	var v pattern.Verdict
	name, ok := pane.Num(n), true
	if e.Source < 0 {
		if name, ok = pane.Short(m.sim(), n), m.sim().Knows(n); ok {
			r = m.sim().FilterMessage(n)
			v = by.Explain(&r)
		}
	} else {
		r, v, ok = m.sim().WhyFiltered(int(e.Mapping), int(n), by)
	}
	if !ok || v.Match {
		return []kit.Para{{Text: name + " is no longer in memory: what it held cannot be shown."}}
	}
	p := by.Patterns()[v.Filter]
	title := "the pattern"
	if len(by.Patterns()) > 1 {
		title = "filter " + itoa(v.Filter+1) + " of " + itoa(len(by.Patterns()))
	}
	doc, _ := json.Marshal(r.Doc)
	left, right := indented([]byte(p.Source())), indented(doc)
	out := []kit.Para{
		{Style: kit.Strong, Text: v.Reason},
		{Text: v.Path + " must be " + v.Want, Raw: true},
		{Text: v.Path + " is " + cmp.Or(v.Have, "not there"), Raw: true},
		{},
		m.columns(kit.Dim, title, name+", as filters see it"),
	}
	for i := range max(len(left), len(right)) {
		out = append(out, m.columns(kit.Info, lineOf(left, i), lineOf(right, i)))
	}
	return out
}

// columns writes two texts in two columns.
func (m *Lab) columns(style kit.Style, left, right string) kit.Para {
	l := kit.NewLine(m.screens.Theme, 76)
	l.Add(style, kit.Cut(left, 37)).PadTo(38).Add(style, kit.Cut(right, 38))
	return kit.Para{Text: l.String(), Raw: true}
}

// indented lays JSON out over lines; other text stays as it is.
func indented(src []byte) []string {
	var b bytes.Buffer
	if json.Indent(&b, src, "", "  ") != nil {
		return []string{string(src)}
	}
	return strings.Split(b.String(), "\n")
}

func lineOf(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// criteria reads typed filters: FilterCriteria as AWS takes them or as a template has them,
// one pattern, or "none".
func criteria(text string) string {
	var whole struct {
		Filters []struct {
			Pattern string `yaml:"Pattern"`
		} `yaml:"Filters"`
	}
	var asJSON struct{ Filters json.RawMessage }
	known := yaml.NewDecoder(strings.NewReader(text))
	known.KnownFields(true)
	switch text = strings.TrimSpace(text); {
	case text == "none" || text == "" || text == "{}":
		return `{"Filters":[]}`
	case json.Unmarshal([]byte(text), &asJSON) == nil && asJSON.Filters != nil:
		return text
	case known.Decode(&whole) == nil && whole.Filters != nil:
		all, _ := json.Marshal(whole) // strings only
		return string(all)
	}
	one, _ := json.Marshal(map[string]any{"Filters": []any{map[string]string{"Pattern": text}}}) // strings only
	return string(one)
}

// editFilters opens the editor of FilterCriteria.
func (m *Lab) editFilters(why []kit.Para) tea.Cmd {
	check := func(text string) string {
		if _, err := pattern.ReadCriteria(criteria(text)); err != nil {
			return err.Error()
		}
		return ""
	}
	e, _ := m.editable(setting.FilterCriteria)
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: e.Name + " of " + e.of.ID, Was: e.now(), Default: "none", Allowed: "a pattern, {\"Filters\":[{\"Pattern\":\"…\"}]}, or none", Steps: []string{"none"}, About: why,
		Check: check,
		Say: func(text string) string {
			by, err := pattern.ReadCriteria(criteria(text))
			switch {
			case err != nil:
				return "not a pattern that AWS accepts"
			case by == nil || len(by.Patterns()) == 0:
				return "everything reaches the function"
			}
			return "what none of " + kit.Count(len(by.Patterns()), "filter") + " lets through never reaches the function"
		}}), func(r kit.Reply) tea.Cmd {
		return m.set(e.Name, engine.TextValue(criteria(r.Text)))
	})
}
