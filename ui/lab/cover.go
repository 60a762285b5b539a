package lab

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// Cover is what is hidden while a question about the run is open: what tells the
// worlds of its options apart, some panes as a whole, and all explanations.
type Cover struct {
	// Worlds are the run at this instant in the worlds of the other options.
	Worlds []*timeline.Timeline
	Panes  []int
}

// whileAsked is why something is not possible while a question is open.
const whileAsked = "A question is open: say first what you expect"

// Cover hides what would answer an open question; nil: there is none.
func (m *Lab) Cover(c *Cover) {
	if (c == nil) != (m.cover == nil) {
		m.kept = [2]kept{}
	}
	m.cover = c
}

// answering are the actions and commands that are possible while a question is open:
// looking at what is not hidden, answering, leaving.
var answering = []string{"choose", "unknown", "go-on", "hint", "step-back", "skip-step", "lesson", "again", "over", "words", "pane", "pane-next", "pane-prev", "up", "down", "page", "page-back", "first", "last",
	"mapping", "mapping-back", "filter", "help", "palette", "back", "quit", "quit-now", "suspend", "faster", "slower", "glossary", "restart", "goal", "next-lesson", "speed", "skip", "mouse", "theme", "motion"}

// guard refuses what would answer an open question.
func (m *Lab) guard() {
	for id, b := range m.keys.Bindings {
		if slices.Contains(answering, id) {
			continue
		}
		why := b.Disabled
		b.Disabled = func() string {
			switch {
			case m.cover != nil:
				return whileAsked
			case why != nil:
				return why()
			}
			return ""
		}
		m.keys.Bindings[id] = b
	}
	for name, h := range m.keys.Handlers {
		if slices.Contains(answering, name) {
			continue
		}
		do := h.Do
		h.Do = func(args []string) tea.Cmd {
			if m.cover != nil {
				m.Say(whileAsked)
				return nil
			}
			return do(args)
		}
		m.keys.Handlers[name] = h
	}
}

// others are the panes' contexts of the worlds that an open question compares.
func (m *Lab) others(c *pane.Ctx) []*pane.Ctx {
	if m.cover == nil {
		return nil
	}
	var out []*pane.Ctx
	for _, tl := range m.cover.Worlds {
		if m.at >= len(tl.Sim().Mappings) {
			continue
		}
		o := &pane.Ctx{S: tl.Sim(), M: m.at, History: tl.History(), Theme: c.Theme, Long: c.Long, Bare: c.Bare, End: c.End, Skips: c.Skips, Commands: c.Commands}
		if m.o.Hide {
			o.S, o.History = tl.Redacted()
		}
		out = append(out, o)
	}
	return out
}

// hideRows hides the rows of a pane that differ between the worlds of an open
// question. The values of settings stay: they are what the question is about.
func (m *Lab) hideRows(c *pane.Ctx, i int, k pane.ViewState, b *pane.Body) {
	m.hidden[i] = false
	if m.cover == nil {
		return
	}
	whole := slices.Contains(m.cover.Panes, i)
	k.Sel, k.Want = pane.Subject{}, pane.Subject{} // the cursor does not count
	bodies := []pane.Body{c.Draw(i, k)}
	for _, o := range m.others(c) {
		o.Long = c.Long
		bodies = append(bodies, o.Draw(i, k))
	}
	rows := 0
	for j := range bodies {
		rows = max(rows, len(bodies[j].Rows))
		whole = whole || i >= 7 && !sameRows(bodies[0].Rows, bodies[j].Rows) // a plot is one picture
	}
	out := make([]pane.Row, 0, rows)
	some := false
	for n := range rows {
		same := !whole
		for j := range bodies {
			same = same && n < len(bodies[j].Rows) && n < len(b.Rows) && ansi.Strip(bodies[j].Rows[n].Text) == ansi.Strip(bodies[0].Rows[n].Text)
		}
		if n < len(b.Rows) && (same || !whole && i == 5 && b.Rows[n].Subject.Kind == pane.KindSetting) {
			out = append(out, b.Rows[n])
			continue
		}
		l := kit.NewLine(c.Theme, k.W)
		if !some {
			l.Text(" ").Add(kit.Dim, kit.Pick(k.W-1, "░ hidden while the question is open", "░ hidden"))
		}
		some = true
		out = append(out, pane.Row{Text: l.String()})
	}
	b.Rows = out
	for j := range bodies {
		o := &bodies[j]
		if o.Note != b.Note {
			b.Note = ""
		}
		if o.Aside != b.Aside {
			b.Aside = ""
		}
		if o.Legend != b.Legend || !slices.Equal(o.Short, b.Short) {
			b.Legend, b.Short = "", nil
		}
		if o.Title != b.Title {
			b.Title = itoa(i) + " " + c.Pane(i).Name
		}
	}
	if m.hidden[i] = some; some {
		b.Note, b.Aside, b.Count, b.Summed = "", "", -1, true
	}
}

func sameRows(a, b []pane.Row) bool {
	return slices.EqualFunc(a, b, func(x, y pane.Row) bool { return ansi.Strip(x.Text) == ansi.Strip(y.Text) })
}

// sharedForms are the forms of a pane, those of the largest while a question is
// open, so that the layout does not answer it.
func (m *Lab) sharedForms(c *pane.Ctx, i, w int) []pane.Form {
	forms := c.Forms(i, w)
	for _, o := range m.others(c) {
		o.Long = c.Long
		if f := o.Forms(i, w); slices.CompareFunc(f, forms, func(x, y pane.Form) int { return x.Rows - y.Rows }) > 0 {
			forms = f
		}
	}
	return forms
}

// askedHead is the headline while a question is open.
func askedHead() headline {
	return headline{sign: "?", style: kit.Info, calm: true, text: []string{"A question is open. What would answer it is hidden until you have said what you expect", "A question is open: what do you expect?", "A question is open"}}
}
