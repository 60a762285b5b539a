package picture

import "slices"

// span are cells of a row that are drawn together: all that they show in a film, or what
// never changes.
type span struct {
	from, to int
	moves    bool
}

// What a span costs, in bytes of the picture, about: its window, a change, a run of cells of
// one look, a cell.
const (
	costSpan   = 150
	costChange = 35
	costRun    = 50
	costCell   = 1
)

// spans cuts a row where drawing the parts apart costs least. What is drawn once for the
// whole film costs nothing but itself.
func (f *Film) spans(y int) []span {
	rows := [][]Cell{f.Frames[0][y]} // without those that repeat the one before
	for _, s := range f.Frames[1:] {
		if !slices.Equal(s[y], rows[len(rows)-1]) {
			rows = append(rows, s[y])
		}
	}
	w := len(rows[0])
	still := make([]bool, w)
	for x := range still {
		still[x] = !slices.ContainsFunc(rows, func(r []Cell) bool { return r[x] != rows[0][x] })
	}
	best := make([]int, w+1) // what the cells before one cost at least
	cut := make([]span, w+1) // the last span of that
	for to := range w {
		best[to+1] = -1
	}
	for from := range w {
		for to := from; to < w && still[to]; {
			to++
			if c := best[from] + costRun; best[to] < 0 || c < best[to] {
				best[to], cut[to] = c, span{from, to, false}
			}
		}
		g := growing{rows: rows, ids: make([]int, len(rows)), from: from}
		for to := from + 1; to <= w; to++ {
			if c := best[from] + g.grow(to); best[to] < 0 || c < best[to] {
				best[to], cut[to] = c, span{from, to, true}
			}
		}
	}
	var out []span
	for to := w; to > 0; to = cut[to].from {
		out = append(out, cut[to])
	}
	slices.Reverse(out)
	return out
}

// growing is a span that takes one cell more at a time.
type growing struct {
	rows [][]Cell
	from int
	ids  []int // of what it shows in each row: the same cells, the same id
	cost int   // of drawing all that
}

type grown struct {
	id   int
	cell Cell
}

// grow takes the cells up to one and says what the span costs then.
func (g *growing) grow(to int) int {
	x := to - 1
	known := make(map[grown]int, len(g.rows))
	changes := 0
	for i, r := range g.rows {
		k := grown{g.ids[i], r[x]}
		id, ok := known[k]
		if !ok {
			id = len(known)
			known[k] = id
			g.cost += costCell
			if x == g.from || r[x].Ink != r[x-1].Ink || r[x].Ground != r[x-1].Ground || r[x].Bold != r[x-1].Bold {
				g.cost += costRun
			}
		}
		g.ids[i] = id
		if i > 0 && id != g.ids[i-1] {
			changes++
		}
	}
	return costSpan + changes*costChange + g.cost
}
