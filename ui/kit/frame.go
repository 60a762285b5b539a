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
	// Of is how many items there are, if not all are in sight: then those From to To are,
	// counted from 1. The border says so, and a thumb beside the rows shows where.
	From, To, Of int
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
			row := rowOr(rows, i, iw)
			if bare, ok := strings.CutSuffix(row, " "); ok && f.thumb(i, ih) {
				row = bare + t.Paint(Info, thumb)
			}
			out = append(out, row)
		}
		return out
	}
	if w < 2 || h < 2 {
		return append(out, Fit(f.Title, w))
	}
	out = append(out, f.edge(t, st, s.h, s.tl, s.tr, w))
	side := t.Paint(st, s.v)
	thumbed := t.Paint(Info, thumb)
	var all strings.Builder // the rows are parts of one text: one allocation for all
	n := 0
	for i := range ih {
		n += 2*len(side) + len(thumbed) + len(rowOr(rows, i, iw))
	}
	all.Grow(n)
	ends := make([]int, ih)
	for i := range ih {
		all.WriteString(side)
		all.WriteString(rowOr(rows, i, iw))
		if f.thumb(i, ih) {
			all.WriteString(thumbed)
		} else {
			all.WriteString(side)
		}
		ends[i] = all.Len()
	}
	text, from := all.String(), 0
	for _, end := range ends {
		out, from = append(out, text[from:end]), end
	}
	return append(out, f.bottom(t, st, s, w))
}

const thumb = "█"

// thumb tells whether row i of h is beside the thumb: the part of all items that is in
// sight.
func (f *Frame) thumb(i, h int) bool {
	if f.Of <= 0 || h < 1 {
		return false
	}
	from := (f.From - 1) * h / f.Of
	to := max(from+1, (f.To*h+f.Of-1)/f.Of)
	if f.To >= f.Of { // at the end, and only there, it is at the bottom
		from, to = min(from, h-1), h
	} else if to >= h {
		from = min(from, max(0, h-2))
		to = max(from+1, h-1)
	}
	return i >= from && i < to
}

// Range is which items are in sight: "3–19 of 200"; "" if all are.
func (f *Frame) Range() string {
	switch {
	case f.Of <= 0:
		return ""
	case f.To <= f.From:
		return Thousands(f.From) + " of " + Thousands(f.Of)
	}
	return Thousands(f.From) + "–" + Thousands(f.To) + " of " + Thousands(f.Of)
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
	if in := f.Range(); in != "" {
		more = " " + in + " "
	}
	name, room := f.Title, end-l.Col()-2-Width(more)
	if f.Note != "" {
		room -= Width(f.Note) + 4 // the note matters more than all of the title
	}
	for _, less := range []string{" (", " · "} {
		if i := strings.LastIndex(name, less); i > 0 && Width(name) > room {
			name = name[:i]
		}
	}
	title := Cut(name, end-l.Col()-2-Width(more))
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
	if n := len(f.Short); n > 0 && left == "" && f.Note == "" { // what the signs mean matters more than the last of several counts
		for i := strings.LastIndex(note, " · "); i > 0 && l.Col()+Width(note)+Width(more)+Width(f.Short[n-1])+6 >= end; i = strings.LastIndex(note, " · ") {
			note = note[:i]
		}
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
	if legend := f.legend(w - 4); legend != "" && w > 8 {
		l.Text(" ").Add(Dim, legend).Text(" ")
	}
	l.Repeat(st, s.h, w-1-l.Col())
	return l.Add(st, s.br).String()
}

// legend is what stands in the bottom border of n cells: the legend, or what says it in
// fewer words; of hints with a dot between them the last ones. It is whole, or absent.
func (f *Frame) legend(n int) string {
	if f.Legend == "" {
		return ""
	}
	for _, text := range append([]string{f.Legend}, f.Short...) {
		if Width(text) <= n {
			return text
		}
	}
	for text := f.Legend; ; {
		_, rest, more := strings.Cut(text, " · ")
		if !more {
			return ""
		}
		if text = rest; Width(text) <= n {
			return text
		}
	}
}

// PartCell is a sign for a part of a cell, in eighths from the left; 0 is none.
var PartCell = [8]string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}

// Bar draws how much of a whole is left, in n cells, as it runs down by eighths of one.
func Bar(left, whole int64, n int) string {
	if whole <= 0 || n <= 0 {
		return strings.Repeat("░", max(0, n))
	}
	full := min(8*n, max(0, int(left*int64(8*n)/whole)))
	bar := strings.Repeat("█", full/8) + PartCell[full%8]
	return bar + strings.Repeat("░", n-(full+7)/8)
}
