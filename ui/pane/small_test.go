package pane_test

import (
	"fmt"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// TestNoRoom: each pane is drawn in any room, also in none: it has no more rows than there
// is room for, and its subjects are there however little of them is shown.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"poison-record", "parallel-lanes", "too-many-consumers", "reshard-behind-poison", "retries-then-destination", "batch-mates", "poison-to-dlq", "fifo-shared-batch", "envelope-and-filter", "scale-out"} {
		tl := open(t, name)
		for _, at := range []engine.Micros{0, 19100 * engine.Millisecond} {
			tl.Seek(at)
			c := &pane.Ctx{S: tl.Sim(), History: tl.History(), Theme: kit.NewTheme(colorprofile.Ascii), End: tl.Sim().Config().For}
			draw := func(what string, h int, f func() int) {
				t.Helper()
				defer func() {
					if e := recover(); e != nil {
						t.Errorf("%s, %s: %v", name, what, e)
					}
				}()
				if n := f(); h >= 0 && n > max(0, h) {
					t.Errorf("%s, %s: %d rows", name, what, n)
				}
			}
			for i := 1; i <= pane.Last; i++ {
				subjects := len(c.Draw(i, pane.ViewState{W: 80, H: 20, Axis: axis(66)}).Subjects)
				for _, w := range []int{-1, 0, 1, 2, 3, 5, 9, 17, 33, 80} {
					for h := -1; h < 7; h++ {
						for n := range 4 {
							k := pane.ViewState{W: w, H: h, Alone: n&1 > 0, Full: n&2 > 0, Axis: axis(w - 14)}
							draw(fmt.Sprintf("pane %d in %dx%d", i, w, h), h, func() int {
								b := c.Draw(i, k)
								if subjects > 0 && len(b.Subjects) == 0 {
									t.Errorf("%s, pane %d in %dx%d: no subjects", name, i, w, h)
								}
								return len(b.Rows)
							})
						}
					}
				}
			}
			v := pane.Versus{A: c, B: c, NameA: "run 2", NameB: "run 1"}
			for w := -1; w < 40; w += 3 {
				for h := -1; h < 5; h++ {
					k := pane.ViewState{W: w, H: h, Axis: axis(w - 14)}
					draw(fmt.Sprintf("compared in %dx%d", w, h), -1, func() int { v.Settings(w, 3); v.Table(w); v.Plots(k); v.Lanes(k); return 0 })
				}
			}
		}
	}
}

func axis(cells int) pane.Axis { return pane.Axis{To: 30 * engine.Second, Gutter: 13, Cells: cells} }
