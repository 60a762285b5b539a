package pane

import (
	"slices"
	"strings"

	"esmlab/engine/rule"
	"esmlab/ui/kit"
)

// drawHappened draws pane 6. The log is long, so its lines are not counted.
func drawHappened(c *Ctx, k ViewState) Body {
	b := Body{Title: "6 What happened", Legend: k.legend("newest first · enter: why, rule, source", "newest first · enter: why", "enter: why, rule, source", "enter: why"), Note: k.note(""), Count: -1, At: k.At, Top: k.Top}
	w := k.W
	beside, below := c.standing(&k)
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
	var said []rule.ID // rules that stand beside a line above
	for i := range lines {
		s := &lines[i]
		about, at := s.Subject(), b.Top-before+i
		b.Subjects = append(b.Subjects, about)
		if at == sel {
			b.Sel = about
		}
		if left := k.H - len(b.Rows); i >= before && left > 0 {
			if sel >= 0 { // the row with the cursor is in sight: only what is left over is for longer lines
				left = 1 + max(0, left-(len(lines)-i))
			}
			rows, whole := c.storyRow(s, k.W, at == sel, &said, left)
			if !whole && left < 5 && sel < 0 && len(b.Rows) > 0 { // the last rows are empty before a line is cut
				break
			}
			b.drawn++
			for _, row := range rows {
				b.add(about, row)
			}
		}
	}
	if len(below) > 0 {
		for len(b.Rows) < k.H {
			b.add(Subject{}, kit.Blanks(k.W))
		}
		for _, row := range below {
			b.add(Subject{}, row)
		}
	}
	if len(beside) > 0 {
		b.stand(c, &k, beside, w)
	}
	return b
}

// ruleWidth is the width from which on a line has its rule beside it.
const ruleWidth = 96

// storyRow draws a line: in one row, if need be with its first clause alone, else in up to
// five if there are so many left. whole tells whether no word of it is cut.
func (c *Ctx) storyRow(s *Story, w int, selected bool, said *[]rule.ID, left int) (out []string, whole bool) {
	l := line(c, w, selected)
	mark := s.Mark
	if mark == "" {
		mark = " "
	}
	at := stamp(s.At)
	l.Add(s.Style, mark).Text(" ")
	room := w - l.Col() - len(at) - 2
	rows := []string{kit.Clip(s.Text, room)}
	if s.Brief != "" && rows[0] != s.Text && kit.Width(s.Brief) <= room {
		rows[0] = s.Brief
	}
	if strings.HasSuffix(rows[0], "…") && room >= 16 {
		for n := 2; n <= min(5, left); n++ {
			if more := kit.Wrap(kit.Clip(s.Text, n*room), room); len(more) <= n && !strings.HasSuffix(more[len(more)-1], "…") {
				rows = more
				break
			}
		}
	}
	whole = !strings.HasSuffix(rows[0], "…")
	l.Add(c.storyStyle(s), rows[0])
	if from := max(l.Col()+2, w/2); w >= ruleWidth && len(s.Rules) > 0 && !slices.Contains(*said, s.Rules[0]) {
		if r, ok := rule.Find(s.Rules[0]); ok {
			text := kit.Clip(r.Statement, w-from-len(at)-3)
			if !strings.HasSuffix(text, "…") {
				*said = append(*said, r.ID)
				l.PadTo(from).Add(kit.Dim, text)
			}
		}
	}
	out = []string{l.Right(kit.Dim, at, w-1).String()}
	for _, text := range rows[1:] {
		out = append(out, kit.NewLine(c.Theme, w).PadTo(5).Add(c.storyStyle(s), kit.Cut(text, w-6)).String())
	}
	return out, whole
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
