package lab

import (
	"fmt"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/ui/pane"
)

// everySize calls see with all widths from 20 to 300 and heights from 5 to 100; in short
// with some of them, and all at which something changes.
func everySize(see func(w, h int)) {
	edge := func(n int) bool {
		switch n {
		case 20, 21, 59, 60, 75, 76, 79, 80, 99, 100, 109, 110, 115, 116, 119, 120, 149, 150, 160, 200, 299, 300, // widths
			5, 6, 11, 12, 19, 24, 32, 33, 36, 45, 46, 47, 50:
			return true
		}
		return false
	}
	for w := 20; w <= 300; w++ {
		for h := 5; h <= 100; h++ {
			if testing.Short() && w%23 > 0 && !edge(w) || testing.Short() && h%11 > 0 && !edge(h) {
				continue
			}
			see(w, h)
		}
	}
}

// At every size the panes, the line of what flows and the lines between columns fill the
// room that the other rows leave: each cell is of exactly one of them.
func TestLayoutFillsEverySize(t *testing.T) {
	worlds := map[string]*Lab{"two shards": lab(t, poison(2), 80, 24, drawn), "five shards": lab(t, poison(5), 80, 24, drawn),
		"two hundred shards": lab(t, poison(200), 80, 24, drawn), "queue": lab(t, jobs(), 80, 24, queueDrawn), "fifo": lab(t, fifo(), 80, 24, queueDrawn)}
	for name, m := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := m.ctx()
			n := 0
			everySize(func(w, h int) {
				n++
				m.w, m.h = w, h
				m.focus, m.o.Welcome = n%(pane.Last+1), n%3 == 0
				l := m.request(c).layout()
				if err := covers(&l); err != nil {
					t.Fatalf("%dx%d, cursor in %d: %v\n%+v", w, h, m.focus, err, l)
				}
			})
		})
	}
}

// covers checks that each cell is of one thing.
func covers(l *Layout) error {
	own := make([]int8, l.W*l.H)
	take := func(what string, r Rect) error {
		if r.W <= 0 || r.H <= 0 {
			return nil
		}
		if r.X < 0 || r.Y < 0 || r.X+r.W > l.W || r.Y+r.H > l.H {
			return fmt.Errorf("%s is not on the screen: %v", what, r)
		}
		for y := r.Y; y < r.Y+r.H; y++ {
			for x := r.X; x < r.X+r.W; x++ {
				if own[y*l.W+x]++; own[y*l.W+x] > 1 {
					return fmt.Errorf("%s lies over something at %d, %d", what, x, y)
				}
			}
		}
		return nil
	}
	rows := []Rect{{0, 0, l.W, 1}}
	for _, y := range []int{l.Welcome, l.Slider, l.Footer} {
		if y >= 0 {
			rows = append(rows, Rect{0, y, l.W, 1})
		}
	}
	if l.Headline >= 0 {
		rows = append(rows, Rect{0, l.Headline, l.W, l.Rows.Headline})
	}
	rows = append(append(rows, l.Flow), l.Splits...)
	for i, r := range rows {
		if err := take(fmt.Sprint("row ", i), r); err != nil {
			return err
		}
	}
	for i, r := range l.Panes {
		if err := take(fmt.Sprint("pane ", i), r); err != nil {
			return err
		}
	}
	for i, n := range own {
		if n == 0 {
			return fmt.Errorf("nothing is at %d, %d", i%l.W, i/l.W)
		}
	}
	return nil
}

// What stands where at the sizes of the design.
func TestArrangements(t *testing.T) {
	shown := func(m *Lab) string {
		var out []string
		for i := 1; i <= pane.Last; i++ {
			if r := m.lay.Panes[i]; r.H > 0 {
				out = append(out, fmt.Sprintf("%d:%d,%d", i, r.X, r.Y))
			}
		}
		return strings.Join(out, " ")
	}
	m := lab(t, poison(2), 80, 24, drawn)
	for _, k := range []struct {
		w, h int
		want string // pane:column,row
	}{
		{40, 12, "1:0,2"},
		{60, 20, "1:0,2 2:0,7 3:0,11 4:0,15"},
		{80, 24, "1:0,2 2:46,2 3:0,7 4:0,11 5:46,7 6:0,15"},
		{120, 36, "1:0,3 2:66,3 3:0,11 4:0,19 5:66,11 6:0,24 7:80,24"},
	} {
		if m.Draw(k.w, k.h); shown(m) != k.want {
			t.Errorf("%dx%d: %s, not %s", k.w, k.h, shown(m), k.want)
		}
	}
	for _, k := range []struct{ w, h int }{{160, 50}, {200, 60}, {300, 100}} {
		m.Draw(k.w, k.h)
		if l := &m.lay; l.Panes[6].X < l.Panes[2].X || l.Panes[6].Y != l.Panes[1].Y || l.Panes[7].W != k.w || !l.Band || l.Flow.H != 3 {
			t.Errorf("%dx%d: not three columns, the band and the line of what flows: %s", k.w, k.h, shown(m))
		}
	}
	m.Draw(60, 60)
	for _, i := range []int{1, 2, 3, 4, 5, 6, 7} {
		if r := m.lay.Panes[i]; r.H == 0 || r.W != 60 {
			t.Errorf("60x60: pane %d is not in the column: %s", i, shown(m))
		}
	}
}

// Panes of text have no more rows than they have lines, from the size on at which there
// is a pane of plots to take the rest.
func TestNoBlockOfBlankRows(t *testing.T) {
	for _, m := range []*Lab{lab(t, poison(2), 80, 24, drawn), lab(t, jobs(), 80, 24, queueDrawn)} {
		for _, size := range [][2]int{{60, 60}, {79, 50}, {100, 50}, {120, 60}, {160, 50}, {200, 60}} {
			m.w, m.h = size[0], size[1]
			m.frame()
			for i := 1; i <= 6; i++ {
				r := m.lay.Panes[i]
				if i == 6 && r.Y == m.lay.Panes[1].Y { // as high as its column
					continue
				}
				blank := r.H - m.lay.edge() - len(m.drawn[i].Rows)
				for k := len(m.drawn[i].Rows) - 1; k >= 0 && strings.TrimSpace(m.drawn[i].Rows[k].Text) == ""; k-- {
					blank++
				}
				if blank > 3 {
					t.Errorf("%dx%d: pane %d ends with %d blank rows:\n%s", m.w, m.h, i, blank, m.text())
				}
			}
		}
	}
}

// The signs of the records are explained at every size of 80 columns, also where the
// rule has no room for it because it counts what is blocked.
func TestSignsAreExplained(t *testing.T) {
	for _, k := range []struct {
		m    *Lab
		want []string
	}{
		{lab(t, poison(2), 80, 24, drawn), []string{"▓", "X fail", "░ wait"}},
		{lab(t, poison(40), 80, 24, drawn), []string{"░ ▒ ▓ older", "■ BLOCKED"}},
		{lab(t, jobs(), 80, 24, queueDrawn), []string{"▓", "▲ hidden", "X fail"}},
		{lab(t, fifo(), 80, 24, queueDrawn), []string{"▓", "░ wait", "X fail"}},
	} {
		for _, h := range []int{20, 24, 33, 50} {
			k.m.w, k.m.h = 80, h
			text := k.m.text()
			for _, want := range k.want {
				if !strings.Contains(text, want) {
					t.Errorf("80x%d: no %q in\n%s", h, want, text)
				}
			}
		}
	}
}

// AxisLength gives the next round length.
func TestAxisLength(t *testing.T) {
	for _, k := range [][2]int64{{0, 10}, {10, 12}, {15, 20}, {23, 25}, {25, 30}, {61, 80}, {119, 120}, {600, 720}, {3599, 3600}, {3600, 5400}, {5400, 7200}, {90000, 115200}} {
		if got := pane.AxisLength(engine.Micros(k[0]) * engine.Second); got != engine.Micros(k[1])*engine.Second {
			t.Errorf("after %d s: %s", k[0], got)
		}
	}
}

// How much of the screen is blank while the built-in scenarios run, from 100x30 on: at most
// 55 of 100 cells, in each of them at six tenths of its time. Blank is each cell of the whole
// frame with a space in it, whether text ends before it or a plot is empty there.
func TestBlankCells(t *testing.T) {
	var sizes [][2]int
	for _, w := range []int{100, 109, 110, 115, 116, 120, 135, 149, 150, 160, 180, 200, 225, 250, 275, 300} {
		for _, h := range []int{30, 32, 33, 36, 40, 45, 46, 50, 55, 60, 70, 80, 90, 100} {
			if !testing.Short() || w%50 == 0 && h%30 == 0 || w == 120 && h == 36 || w == 160 && h == 50 {
				sizes = append(sizes, [2]int{w, h})
			}
		}
	}
	for _, name := range scenario.Names() {
		m := lab(t, builtin(t, name), 100, 30, 0)
		m.tl.Seek(m.sim().Config().For * 6 / 10)
		for _, k := range sizes {
			m.w, m.h = k[0], k[1]
			if blank := strings.Count(m.text(), " "); 100*blank > 55*m.w*m.h {
				t.Errorf("%s at %dx%d: %d of %d cells are blank", name, k[0], k[1], blank, m.w*m.h)
			}
		}
	}
}

// Rows that are left over say more: what ended lately, why the headline is as it is, what a
// pane shows. In a question nothing says why.
func TestRowsLeftOver(t *testing.T) {
	m := lab(t, poison(2), 200, 60, drawn)
	for _, want := range []string{"Why, at 00:15.5", "MAP-ORDER-1", "… w all of it"} {
		if text := m.text(); !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(m.text(), "https://") {
		t.Errorf("an address stands in pane 6:\n%s", m.text())
	}
	m.o.Hide = true
	if text := m.text(); strings.Contains(text, "MAP-ORDER-1") {
		t.Errorf("a question is answered:\n%s", text)
	}
	m = lab(t, jobs(), 300, 100, queueDrawn)
	for _, want := range []string{"calls that ended, newest first", "poller 1  10 messages #1 … #10", "by message", "receive count of the messages of each call", "messages that came to JobsDead"} {
		if text := m.text(); !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Pane 8 does not come and go with how many of many shards fail just now.
func TestTimelineStays(t *testing.T) {
	m := lab(t, big(t), 160, 50, 0)
	for at := 5 * engine.Second; at < 18*engine.Second; at += 700 * engine.Millisecond {
		m.tl.Seek(at)
		if m.frame(); m.lay.Panes[8].H == 0 {
			t.Errorf("at %s pane 8 is not shown, with %d shards blocked", at, len(pane.Blocked(m.sim(), 0)))
		}
	}
}

// The axis of the first chart of pane 7 has a number at its top, also where the values are
// less than a second and there is little room before it.
func TestNumberAtTheTop(t *testing.T) {
	for _, at := range []engine.Micros{0, 30, 110, 300, 900, 12000} {
		for _, size := range [][2]int{{117, 36}, {120, 36}, {148, 40}, {160, 50}} {
			m := lab(t, poison(2), size[0], size[1], at*engine.Millisecond)
			rows := strings.Split(m.text(), "\n")
			r := m.lay.Panes[7]
			if r.H == 0 {
				continue
			}
			head, _, _ := strings.Cut(string([]rune(rows[r.Y+1])[r.X:]), "┤")
			if !strings.ContainsAny(head, "123456789") {
				t.Errorf("%v at %d ms: %q", size, at, head)
			}
		}
	}
}
