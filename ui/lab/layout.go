package lab

import (
	"slices"

	"esmlab/ui/pane"
)

// Rect is a part of the screen, in cells.
type Rect struct{ X, Y, W, H int }

func (r Rect) has(x, y int) bool { return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H }

// Layout says where everything is on the screen.
type Layout struct {
	W, H int
	// Boxed: panes have borders on all sides. Otherwise they have titled rules, and
	// lines between the columns.
	Boxed  bool
	Splits []Rect                 // the lines between columns, one cell wide
	Small  bool                   // less than 60x20: the title says so
	Paged  bool                   // not all panes are shown: the others are a digit away
	Panes  [pane.Last + 1]Rect    // 1 to pane.Last
	Alone  bool                   // panes 1 and 2 are not side by side
	Band   bool                   // pane 7 or 8 fills the width: the slider shares its axis
	Flow   Rect                   // the line of what flows; no height: not shown
	Rows   struct{ Headline int } // how many rows the headline has
	// Rows; -1 not shown.
	Headline, Welcome, Slider, Footer int
}

// request is what a layout is made for.
type request struct {
	w, h        int
	focus, zoom int // the pane with the cursor, the one that fills the screen; 0: none
	welcome     bool
	region      bool // something else takes the place of pane 6 and of those after it
	above       bool // and something takes the place of panes 1 to 5
	// forms lists the heights of a pane that is w cells wide; pane 0 is the line of what
	// flows.
	forms func(i, w int) []pane.Form
	// sponge tells which panes take the rows that are left.
	sponge func(i int) bool
	// tied: the rows of panes 1 and 2 belong together.
	tied bool
}

// layout places everything on a screen.
func (q request) layout() Layout {
	l := Layout{W: q.w, H: q.h, Headline: -1, Welcome: -1, Slider: -1, Footer: -1}
	l.Boxed = q.w >= 116 && q.h >= 33
	l.Small = q.w < 60 || q.h < 20
	top, bottom := 1, q.h
	if q.h >= 3 {
		l.Headline, l.Rows.Headline, top = 1, 1, 2
		if q.w < 76 && q.h >= 46 {
			l.Rows.Headline, top = 2, 3
		}
	}
	if q.h >= 5 {
		bottom--
		l.Footer = bottom
	}
	if q.h >= 12 {
		bottom--
		l.Slider = bottom
	}
	if q.welcome && q.h >= 20 {
		bottom--
		l.Welcome = bottom
	}
	room := Rect{0, top, q.w, max(0, bottom-top)}
	if q.zoom > 0 {
		if rows := regionRows + l.edge(); q.region && q.zoom != 6 && room.H >= rows+5 { // what a lesson says stays in sight
			room.H -= rows
			l.Panes[6] = Rect{0, room.Y + room.H, room.W, rows}
		}
		l.Panes[q.zoom] = room
	} else {
		fits := func(a arrangement) bool { return a.solve(&q, &l, room) }
		if !slices.ContainsFunc(q.arrangements(&l, room.H), fits) {
			fits(q.page(room.H, pane.Last))
		}
	}
	for i := 7; i <= pane.Last; i++ {
		l.Band = l.Band || l.Panes[i].H > 0 && l.Panes[i].W == q.w
	}
	return l
}

// arrangement says which panes stand beside and below each other: columns, and rows of
// panes below these.
type arrangement struct {
	columns [][]int
	widths  []int // of the columns, with their borders
	rows    [][]int
	whole   bool // only if no pane is left out
	all     bool // also if it does not fit: a page
}

// Widths that the columns have inside their borders: so much at first, then each in turn
// grows until its longest lines fit.
var columnWidths = [...][3]int{{62, 48, 38}, {64, 52, 38}, {72, 52, 38}, {72, 56, 38}, {72, 56, 82}, {72, 118, 82}, {120, 118, 90}}

// widths shares w cells among two columns, or among three.
func widths(w, n, edge int) []int {
	if edge == 1 && n == 2 { // the line between them is the left one's
		left := 45 + max(0, w-80)*2/3
		if w < 80 {
			left = w - 35
		}
		return []int{left + 1, w - left - 1}
	}
	out := make([]int, n)
	rest := w
	for i := range out {
		out[i] = columnWidths[0][i] + edge
		rest -= out[i]
	}
	for _, to := range columnWidths {
		for i := range out {
			if rest < 0 { // the last one gives way
				out[n-1] += rest
				rest = 0
			}
			grow := min(rest, max(0, to[i]+edge-out[i]))
			out[i] += grow
			rest -= grow
		}
	}
	out[0] += rest
	return out
}

// tall is the height from which all panes stand below each other.
const tall = 46

// arrangements lists those that could fill h rows, the best first.
func (q *request) arrangements(l *Layout, h int) []arrangement {
	edge := l.edge()
	left, right := []int{1, 3, 4}, []int{2, 5}
	var band [][]int
	for i := 7; i <= pane.Last; i++ {
		band = append(band, []int{i})
	}
	story := [][]int{{6}}
	two := func(rows [][]int, whole bool) arrangement {
		return arrangement{columns: [][]int{left, right}, widths: widths(q.w, 2, edge), rows: rows, whole: whole}
	}
	var out []arrangement
	switch {
	case q.above:
		out = append(out, arrangement{all: true, rows: [][]int{{1}, {6}}})
	case q.region && q.w >= 76 && q.h >= 20:
		out = append(out, two(story, false))
	case q.region:
		out = append(out, q.beside(h))
	case q.w >= 150 && q.h >= 20:
		out = append(out, arrangement{columns: [][]int{left, right, {6}}, widths: widths(q.w, 3, edge), rows: band})
	case q.w >= 76 && q.h >= 20:
		if h >= tall-4 || !l.Boxed {
			out = append(out, two(slices.Concat(band, story), l.Boxed))
		}
		if l.Boxed {
			out = append(out, two([][]int{{6, 7}}, false))
		}
	case q.h >= tall:
		out = append(out, column(slices.Concat([]int{1, 2, 3, 4, 5}, slices.Concat(band...), []int{6})...))
	}
	return out
}

// column is an arrangement of one column.
func column(panes ...int) arrangement {
	a := arrangement{}
	for _, i := range panes {
		a.rows = append(a.rows, []int{i})
	}
	return a
}

// page is an arrangement of one column where not all panes have room: those from 1 to
// last fill several screens in turn, and this is the one with the cursor's pane.
func (q *request) page(h, last int) arrangement {
	at := min(max(1, q.focus), last)
	a := arrangement{all: true, rows: [][]int{{at}}}
	if h < 10 {
		return a
	}
	var page []int
	rows := 0
	for i := 1; i <= last; i++ {
		need := 1 + firstRows(q.forms(i, q.w))
		if rows += need; rows > h && len(page) > 0 {
			if i > at {
				break
			}
			page, rows = page[:0], need
		}
		page = append(page, i)
	}
	a.rows = column(page...).rows
	return a
}

// beside is a page with the region below it. Where there is room for only one of them,
// it is the one with the cursor.
func (q *request) beside(h int) arrangement {
	a := arrangement{all: true, rows: [][]int{{6}}}
	switch {
	case q.focus == 6 || q.focus == 0 && h < 11:
	case h < 6:
		a.rows[0][0] = q.focus
	default:
		a = q.page(h-regionRows-1, 5)
		a.rows = append(a.rows, []int{6})
	}
	return a
}

// regionRows is what a region needs at least, without its border, where it can have it:
// what a step of a lesson takes at 80x24.
const regionRows = 6

func firstRows(list []pane.Form) int {
	for _, f := range list {
		if f.Rows >= 0 {
			return f.Rows
		}
	}
	return 1
}

// edge is how many rows, and cells, the border of a pane takes.
func (l *Layout) edge() int {
	if l.Boxed {
		return 2
	}
	return 1
}

// wish is a pane in an arrangement: its forms, and the one it has.
type wish struct {
	forms []pane.Form
	at    int
}

func (w *wish) rows() int { return w.forms[w.at].Rows }

// solution is an arrangement that is being solved.
type solution struct {
	*arrangement
	q      *request
	edge   int
	wishes [pane.Last + 1]wish
}

// outer is the height of a pane with its border; 0 if it is left out.
func (s *solution) outer(i int) int {
	if r := s.wishes[i].rows(); r >= 0 {
		return r + s.edge
	}
	return 0
}

// tops is the height of panes 1 and 2 where they are side by side.
func (s *solution) tops() int { return max(s.outer(1), s.outer(2)) }

// height of the columns, and of each row below them.
func (s *solution) height() (columns, all int) {
	for _, c := range s.columns {
		h := 0
		for _, i := range c {
			if i <= 2 {
				h += s.tops()
			} else {
				h += s.outer(i)
			}
		}
		columns = max(columns, h)
	}
	all = columns
	for _, r := range s.rows {
		h := 0
		for _, i := range r {
			h = max(h, s.outer(i))
		}
		all += h
	}
	if f := s.wishes[0]; len(f.forms) > 0 {
		all += f.rows()
	}
	return columns, all
}

// solve places the panes in the room, and reports whether there is enough. It begins
// with the least form of each and buys what is worth most a row, until nothing fits.
func (a *arrangement) solve(q *request, l *Layout, room Rect) bool {
	s := &solution{arrangement: a, q: q, edge: l.edge()}
	var shown []int
	add := func(i, w int) {
		shown = append(shown, i)
		if s.edge == 2 {
			w -= 2
		}
		forms := q.forms(i, w)
		if i == 2 && q.tied && len(a.columns) > 0 { // its rows are those of pane 1
			forms = forms[:1]
		}
		s.wishes[i] = wish{forms: forms}
		if a.all && forms[0].Rows < 0 {
			s.wishes[i].at = 1
		}
	}
	for k, c := range a.columns {
		for _, i := range c {
			add(i, a.widths[k])
			s.wishes[i].forms = slices.DeleteFunc(slices.Clone(s.wishes[i].forms), func(f pane.Form) bool { return f.Worth > 0 && f.Worth <= pane.WorthBelow })
		}
	}
	for _, r := range a.rows {
		w, share := room.W, 0
		for k, i := range r {
			if share = w; len(r) > 1 {
				share = pairWidths(room.W)[k]
			}
			add(i, share)
			if len(r) > 1 && s.wishes[i].forms[0].Rows < 0 {
				s.wishes[i].at = 1
			}
		}
	}
	if forms := q.forms(0, room.W); len(forms) > 0 && len(a.columns) > 0 {
		shown = append(shown, 0)
		s.wishes[0] = wish{forms: forms}
	}
	_, all := s.height()
	if all > room.H && !a.all {
		return false
	}
	for s.buy(shown, room.H) {
	}
	if a.whole {
		for _, i := range shown {
			if s.wishes[i].rows() < 0 {
				return false
			}
		}
	}
	s.place(l, room)
	return true
}

// buy gives a pane its next form: the one worth most a row. It reports whether there was
// one. What is worth nothing is for rows that are left over.
func (s *solution) buy(shown []int, h int) bool {
	best, most := -1, 0
	for _, i := range shown {
		w := &s.wishes[i]
		if w.at+1 >= len(w.forms) {
			continue
		}
		w.at++
		_, after := s.height()
		worth := w.forms[w.at].Worth
		w.at--
		if after <= h && worth > most {
			best, most = i, worth
		}
	}
	if best >= 0 {
		s.wishes[best].at++
	}
	return best >= 0
}

// pairWidths shares the width between panes 6 and 7 beside each other.
func pairWidths(w int) []int {
	right := 40 + max(0, w-120)/4
	return []int{w - right, right}
}

// place gives each pane its part of the room. What is left over is the sponges'.
func (s *solution) place(l *Layout, room Rect) {
	columns, all := s.height()
	extra := max(0, room.H-all)
	y := room.Y
	if f := s.wishes[0]; len(f.forms) > 0 && f.rows() > 0 {
		l.Flow = Rect{0, y, room.W, f.rows()}
		y += f.rows()
	}
	var heights []int
	var sponges []int
	for k, r := range s.rows {
		h := 0
		for _, i := range r {
			h = max(h, s.outer(i))
		}
		heights = append(heights, h)
		if h > 0 && slices.ContainsFunc(r, s.q.sponge) {
			sponges = append(sponges, k)
		}
	}
	switch n := len(heights); {
	case len(sponges) > 0:
		s.share(heights, sponges, extra)
	case n > 0:
		k := n - 1
		heights[k] += extra
	default:
		columns += extra
	}
	x := 0
	for k, c := range s.columns {
		s.fill(l, c, Rect{x, y, s.widths[k], columns}, k+1 < len(s.columns))
		x += s.widths[k]
	}
	y += columns
	for k, r := range s.rows {
		x := 0
		for j, i := range r {
			w := room.W
			if len(r) > 1 {
				w = pairWidths(room.W)[j]
			}
			l.Panes[i] = Rect{x, y, w, heights[k]}
			x += w
		}
		y += heights[k]
	}
	l.Alone = len(s.columns) == 0
	if over := y - (room.Y + room.H); over > 0 { // the last resort does not fit: it is cut
		for i := range l.Panes {
			r := &l.Panes[i]
			r.H = max(0, min(r.H, room.Y+room.H-r.Y))
		}
	}
	for i := 1; i <= pane.Last; i++ {
		l.Paged = l.Paged || l.Panes[i].H == 0 && l.Alone
	}
}

// share gives the rows that are left to sponges: two thirds to the first, the others to
// the second as far as it has a use for them.
func (s *solution) share(heights, sponges []int, extra int) {
	if len(sponges) == 1 {
		heights[sponges[0]] += extra
		return
	}
	a, b := sponges[0], sponges[1]
	forms := s.wishes[s.rows[b][0]].forms
	most := forms[len(forms)-1].Rows + s.edge
	both := heights[a] + heights[b] + extra
	second := max(heights[b], min((both*34+50)/100, most))
	heights[a], heights[b] = both-second, second
}

// fill stands the panes of a column below each other. Rows that are left go to the first
// that has a use for them, then to the last.
func (s *solution) fill(l *Layout, column []int, room Rect, split bool) {
	sum := 0
	for _, i := range column {
		if i <= 2 {
			sum += s.tops()
		} else {
			sum += s.outer(i)
		}
	}
	extra := room.H - sum
	w := room.W
	if split && !l.Boxed {
		w--
		l.Splits = append(l.Splits, Rect{room.X + w, room.Y, 1, room.H})
	}
	y := room.Y
	for k, i := range column {
		h := s.outer(i)
		if i <= 2 {
			h = s.tops()
		} else if f := s.wishes[i].forms; k == len(column)-1 {
			h += extra
		} else if use := min(extra, f[len(f)-1].Rows-s.wishes[i].rows()); use > 0 {
			h, extra = h+use, extra-use
		}
		l.Panes[i] = Rect{room.X, y, w, h}
		y += h
	}
}
