package kit

import "strings"

// Frame is the border of a pane. Boxed it has four sides; otherwise a titled
// rule stands on top and no row is lost to a bottom border.
type Frame struct {
	Title  string // after its digit: "1 Shards · Orders"
	Note   string // what must be seen even when its row is scrolled away
	Aside  string // figures beside the title, where there is no note
	Legend string // the signs the pane uses; in the bottom border
	// Short is the legend where there is no bottom border, in fewer and fewer words: the
	// first that the rule has room for.
	Short []string
	More  int // rows that do not fit
	// Explained tells, of a frame that was drawn, whether Short is in its rule, or Legend
	// in its border.
	Explained bool
	Focused   bool // drawn with double lines
	Boxed     bool
}

type lines struct{ h, v, tl, tr, bl, br string }

var (
	light  = lines{"─", "│", "╭", "╮", "╰", "╯"}
	double = lines{"═", "║", "╔", "╗", "╚", "╝"}
)

// Inner gives the room for the pane's rows inside w x h cells.
func (f *Frame) Inner(w, h int) (int, int) {
	if f.Boxed {
		return max(0, w-2), max(0, h-2)
	}
	return w, max(0, h-1)
}

// Draw puts the border round rows that are exactly as wide as Inner says.
// Rows that are missing are blank.
func (f *Frame) Draw(t *Theme, rows []string, w, h int) []string {
	if w < 1 || h < 1 {
		return nil
	}
	s, st := &light, Rule
	if f.Focused {
		s, st = &double, Info
	}
	f.Explained = f.Boxed && f.Legend != ""
	iw, ih := f.Inner(w, h)
	out := make([]string, 0, h)
	if !f.Boxed {
		out = append(out, f.edge(t, st, s.h, "", "", w))
		for i := range ih {
			out = append(out, rowOr(rows, i, iw))
		}
		return out
	}
	if w < 2 || h < 2 {
		return append(out, Fit(f.Title, w))
	}
	out = append(out, f.edge(t, st, s.h, s.tl, s.tr, w))
	side := t.Paint(st, s.v)
	var all strings.Builder // the rows are parts of one text: one allocation for all
	n := 0
	for i := range ih {
		n += 2*len(side) + len(rowOr(rows, i, iw))
	}
	all.Grow(n)
	for i := range ih {
		all.WriteString(side)
		all.WriteString(rowOr(rows, i, iw))
		all.WriteString(side)
	}
	text := all.String()
	for i := range ih {
		n := 2*len(side) + len(rowOr(rows, i, iw))
		out, text = append(out, text[:n]), text[n:]
	}
	return append(out, f.bottom(t, st, s, w))
}

func rowOr(rows []string, i, w int) string {
	if i < len(rows) {
		return rows[i]
	}
	return Blanks(w)
}

// edge is the top line: corner, title, line, note, what is not shown, corner.
func (f *Frame) edge(t *Theme, st Style, h, left, right string, w int) string {
	l := NewLine(t, w)
	l.Add(st, left)
	if left == "" {
		l.Add(st, h)
	}
	end := w - Width(right)
	more := ""
	if f.More > 0 {
		more = " +" + Thousands(f.More) + " "
	}
	title := Cut(f.Title, end-l.Col()-2-Width(more))
	if title != "" {
		l.Add(Plain, " ").Add(Strong, title).Add(Plain, " ")
	}
	note, style := f.Note, Bad
	if note == "" {
		note, style = f.Aside, Dim
	}
	if l.Col()+Width(note)+4+Width(more) > end {
		note = ""
	}
	tail := Width(more)
	if note != "" {
		tail += Width(note) + 3
	} else if more != "" {
		tail++
	}
	if left == "" {
		for _, short := range f.Short {
			if n := end - l.Col() - tail - Width(short) - 3; n > 0 {
				f.Explained = true
				l.Repeat(st, h, n).Add(Plain, " ").Add(Dim, short).Add(Plain, " ")
				if tail == 0 {
					l.Add(st, h)
				}
				break
			}
		}
	}
	if note != "" || more != "" {
		l.Repeat(st, h, end-l.Col()-tail)
	}
	if note != "" {
		l.Add(Plain, " ").Add(style, note).Add(Plain, " ")
	}
	l.Add(Info, more)
	l.Repeat(st, h, end-l.Col())
	return l.Add(st, right).String()
}

func (f *Frame) bottom(t *Theme, st Style, s *lines, w int) string {
	l := NewLine(t, w)
	l.Add(st, s.bl)
	if legend := Cut(f.Legend, w-4); legend != "" && w > 8 {
		l.Text(" ").Add(Dim, legend).Text(" ")
	}
	l.Repeat(st, s.h, w-1-l.Col())
	return l.Add(st, s.br).String()
}

// Bar draws how much of a whole is left, in n cells, as it runs down.
func Bar(left, whole int64, n int) string {
	if whole <= 0 || n <= 0 {
		return strings.Repeat("░", max(0, n))
	}
	full := min(n, max(0, int(left*int64(n)/whole)))
	return strings.Repeat("█", full) + strings.Repeat("░", n-full)
}
