package pane

import (
	"esmlab/ui/kit"
)

// drawHappened draws pane 6. The log is long, so its lines are not counted.
func drawHappened(c *Ctx, k ViewState) Body {
	b := Body{Title: "6 What happened", Legend: "newest first · enter: why, rule, source", Note: k.note(""), Count: -1, At: k.At, Top: k.Top}
	sel := -1
	if k.Sel != (Subject{}) {
		if k.Want != (Subject{}) {
			_, sel = c.Story(k.Want, k.Filter)
		}
		if sel < 0 {
			_, sel = c.Story(k.Sel, k.Filter)
		}
		if sel < 0 { // gone: the line in its place
			sel = min(k.At, c.CountStories(k.Filter)-1)
		}
		b.At = max(0, sel)
	}
	if sel >= 0 {
		b.Top = max(min(b.Top, sel), sel-max(1, k.H)+1)
	}
	before := min(b.Top, 1) // the cursor can reach the line above those shown, and the one below
	lines := c.Stories(b.Top-before, before+k.H+1, k.Filter)
	for i := range lines {
		s := &lines[i]
		about, at := s.Subject(), b.Top-before+i
		b.Subjects = append(b.Subjects, about)
		if at == sel {
			b.Sel = about
		}
		if i >= before && len(b.Rows) < k.H {
			b.add(about, c.storyRow(s, k.W, at == sel))
		}
	}
	return b
}

func (c *Ctx) storyRow(s *Story, w int, selected bool) string {
	l := line(c, w, selected)
	mark := s.Mark
	if mark == "" {
		mark = " "
	}
	at := stamp(s.At)
	l.Add(s.Style, mark).Text(" ")
	l.Add(c.storyStyle(s), kit.Clip(s.Text, w-l.Col()-len(at)-2))
	return l.Right(kit.Dim, at, w-1).String()
}

func (c *Ctx) storyStyle(s *Story) kit.Style {
	switch {
	case s.Event == nil:
		return kit.Dim
	case s.Event.Applied != nil, c.Fresh > 0 && s.Event.N > c.Fresh:
		return kit.Strong
	}
	return kit.Plain
}
