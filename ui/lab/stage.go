package lab

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// This file draws parts of the lab for a screen that shows them to a class: one pane under
// the spotlight, large, and little else.

// Stage is what a class sees of a run.
type Stage struct {
	Sign   string
	Style  kit.Style
	Head   []string   // the headline, in fewer and fewer words
	Flow   []string   // the flow line
	Pane   []string   // the pane under the spotlight, with its border
	Others [][]string // of the panes asked for: a titled rule and their worst rows
	Slider string
}

// Stage draws the run for a class: a flow line of at most so many rows, and a pane of
// exactly w x h cells. others are further panes, of so many rows with their rule, beside each
// other.
func (m *Lab) Stage(w, flow, spot, h, small int, others ...int) Stage {
	m.w = w
	m.lay = Layout{Boxed: true}
	m.focus, m.zoom = spot, 0
	m.views[spot].sel = pane.Subject{}
	c := m.ctx()
	out := Stage{}
	head := m.headline()
	out.Sign, out.Style, out.Head = head.sign, head.style, head.text
	for _, f := range c.FlowForms() {
		if f.Rows <= flow {
			m.lay.Flow = Rect{W: w, H: max(m.lay.Flow.H, f.Rows)}
		}
	}
	if m.lay.Flow.H > 0 {
		out.Flow = m.flowRows(c)
	}
	if spot > 0 && h > 2 {
		m.lay.Panes[spot] = Rect{W: w, H: h}
		if w > 40 {
			m.mark = "◂ look here"
		}
		out.Pane = m.paneRows(c, spot)
		m.mark = ""
	}
	m.lay.Boxed, m.focus = false, 0
	for i, o := range others {
		from, to := w*i/len(others), w*(i+1)/len(others)
		m.lay.Panes[o] = Rect{W: to - from, H: small}
		out.Others = append(out.Others, m.paneRows(c, o))
	}
	m.focus = spot
	out.Slider = m.sliderRow()
	return out
}

// StageRows is how many rows, with its border, a pane under the spotlight has a use for.
func (m *Lab) StageRows(w, spot int) int {
	c := m.ctx()
	if spot == 6 || c.Pane(spot).Sponge {
		return m.h + 99
	}
	c.Long = long(spot, w-2)
	forms := c.Forms(spot, w-2)
	return forms[len(forms)-1].Rows + 2
}

// present shows the scenario to a class.
func (m *Lab) present() tea.Cmd {
	if m.o.Present == nil {
		m.notice = "This run cannot be presented from here: esmlab present shows a scenario, a lesson or a presentation"
		return nil
	}
	return m.o.Present()
}

// Why says why what just happened did, in a dialog of the lab's.
func (m *Lab) Why() tea.Cmd { return m.why() }

// Dialogs are what lies over the lab.
func (m *Lab) Dialogs() *kit.DialogStack { return &m.dialogs }

// Step goes to the next visible change, or to the one before; it changes nothing.
func (m *Lab) Step(forward bool) tea.Cmd {
	id := "next"
	if !forward {
		id = "prev"
	}
	return m.keys.Bindings[id].Do(kit.Invocation{})
}

// Verdict is the headline's first words, as they are written large.
func (s *Stage) Verdict() string {
	if len(s.Head) == 0 {
		return ""
	}
	text := s.Head[0]
	for _, end := range []string{": ", ". ", "; ", " by ", ", ", " ("} {
		text, _, _ = strings.Cut(text, end)
	}
	return strings.ToUpper(strings.TrimSuffix(text, "."))
}
