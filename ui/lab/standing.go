package lab

import (
	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// Standing says where the lab stands: Home offers to go on with it.
func (m *Lab) Standing(t *kit.Theme) kit.Standing {
	at := pane.Clock(m.tl.Now())
	h := m.headline()
	st := kit.Standing{Note: m.sc.Name + " at " + at, Brief: m.sc.Name + " " + at, Style: h.style}
	if n := len(m.ownSteps()); n > 0 {
		st.Note += ", " + kit.Count(n, "command")
	}
	for _, text := range h.text {
		st.Head = append(st.Head, h.sign+" "+text)
	}
	if m.cover != nil { // a picture might answer the question
		h = askedHead()
		st.Head, st.Style = nil, h.style
		for _, text := range h.text {
			st.Head = append(st.Head, h.sign+" "+text)
		}
		return st
	}
	c := m.ctx()
	c.Theme, c.Long = t, false
	st.Rows = c.Picture
	st.Course = func(w int) string {
		a := m.axis()
		l := kit.NewLine(t, w).Add(kit.Dim, "├")
		cells := w - 2
		a.Cells = cells
		here := a.Cell(m.tl.Now())
		for i, what := range m.tl.Marks(m.at, a.From, a.To, cells) {
			at := m.markOf(what)
			switch {
			case i == here:
				at = mark{"●", kit.Info}
			case i > here:
				at = mark{"╌", kit.Rule}
			case at.sign == "":
				at = mark{"─", kit.Plain}
			}
			l.Add(at.style, at.sign)
		}
		return l.Add(kit.Dim, "┤").String()
	}
	return st
}

// Again says what opens the lab again at another start: the scenario's name or file,
// the instant, and the commands as steps; name is "" where nothing does.
func (m *Lab) Again() (name string, at engine.Micros, steps []string) {
	return m.o.Name, m.tl.Now(), append(append([]string(nil), m.o.Steps...), m.ownSteps()...)
}
