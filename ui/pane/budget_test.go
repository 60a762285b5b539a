package pane_test

import (
	"testing"

	"github.com/charmbracelet/colorprofile"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// A pane that changed is drawn anew within 1,000 allocations, also those of time on the
// whole screen, and both runs of a comparison.
func TestPaneBudget(t *testing.T) {
	for _, name := range []string{"poison-record", "bisect-finds-it", "batch-mates", "fifo-shared-batch", "scale-out"} {
		tl := open(t, name)
		tl.Seek(19100 * engine.Millisecond)
		c := func() *pane.Ctx {
			return &pane.Ctx{S: tl.Sim(), History: tl.History(), Theme: kit.NewTheme(colorprofile.TrueColor), Long: true, End: tl.Sim().Config().For}
		}
		for i := 1; i <= pane.Last; i++ {
			for _, full := range []bool{false, true} {
				k := pane.ViewState{W: 158, H: 44, Full: full, Axis: pane.Axis{To: 30 * engine.Second, Gutter: 26, Cells: 130}}
				if n := testing.AllocsPerRun(3, func() { c().Draw(i, k) }); n > 1000 {
					t.Errorf("%s, pane %d: %.0f allocations", name, i, n)
				}
			}
		}
		k := pane.ViewState{W: 158, H: 14, Axis: pane.Axis{To: 30 * engine.Second, Gutter: 13, Cells: 144}}
		if n := testing.AllocsPerRun(3, func() {
			v := pane.Versus{A: c(), B: c(), NameA: "run 2", NameB: "run 1"}
			v.Settings(54, 3)
			v.Table(158)
			v.Plots(k)
			v.Lanes(k)
		}); n > 2000 {
			t.Errorf("%s compared: %.0f allocations", name, n)
		}
	}
}
