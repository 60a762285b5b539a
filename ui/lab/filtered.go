package lab

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// filtered shows a dropped record beside the pattern that came nearest, with
// the first condition that failed.
func (m *Lab) filtered(e *engine.Event) []kit.Para {
	n := int(e.Records[0])
	by := m.settingsAt(e).FilterCriteria
	r, v, ok := m.sim().WhyFiltered(int(e.Mapping), n, by)
	if !ok || v.Match {
		return []kit.Para{{Text: pane.Num(int32(n)) + " is no longer in the stream: what it held cannot be shown."}}
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
		m.beside(kit.Dim, title, pane.Num(int32(n))+", as filters see it"),
	}
	for i := range max(len(left), len(right)) {
		out = append(out, m.beside(kit.Info, lineOf(left, i), lineOf(right, i)))
	}
	return out
}

// beside writes two texts in two columns.
func (m *Lab) beside(style kit.Style, left, right string) kit.Para {
	l := kit.NewLine(m.desk.Theme, 76)
	l.Add(style, kit.Cut(left, 37)).To(38).Add(style, kit.Cut(right, 38))
	return kit.Para{Text: l.String(), Raw: true}
}

// indented lays JSON out over lines; what is no JSON stays as it is.
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
