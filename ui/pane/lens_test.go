package pane

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// timelineOf is pane 8 of a built-in scenario at an instant, in rows of text.
func timelineOf(t *testing.T, name string, at engine.Micros, axis Axis, h int) string {
	t.Helper()
	src, _ := scenario.Builtin(name)
	sc, err := scenario.Read(name+".yaml", src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tl, err := timeline.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	tl.Seek(at)
	c := &Ctx{S: tl.Sim(), History: tl.History(), Theme: kit.NewTheme(0), Long: true, End: axis.To}
	b := c.Draw(8, ViewState{W: axis.Gutter + axis.Cells + 1, H: h, Axis: axis})
	if len(b.Rows) != h {
		t.Errorf("%d rows in a pane of %d", len(b.Rows), h)
	}
	return ansi.Strip(strings.Join(b.Texts(), "\n"))
}

// The tale of a batch that took 2 of 40 seconds has an axis of its own, on which each of its
// calls can be told apart; one that took most of the time has not.
func TestLens(t *testing.T) {
	axis := Axis{To: 40 * engine.Second, Gutter: 12, Cells: 90}
	text := timelineOf(t, "bisect-finds-it", 24*engine.Second, axis, 30)
	for _, want := range []string{"batch 1 of shard 0, drawn larger", "XXXX split [1 … 8] [9 … 16]", "done  ok at 0.3", "#11 6×", "└0", " 3 s"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if small := timelineOf(t, "bisect-finds-it", 24*engine.Second, axis, 11); strings.Contains(small, "drawn larger") {
		t.Errorf("a pane without room for it draws it larger:\n%s", small)
	}
	axis.To = 25 * engine.Second
	if text := timelineOf(t, "poison-record", 19*engine.Second, axis, 30); strings.Contains(text, "drawn larger") {
		t.Errorf("a tale that fills the axis is drawn larger:\n%s", text)
	}
}

// A write that changes nothing does not wait.
func TestUnchangedWaitsNowhere(t *testing.T) {
	src, _ := scenario.Builtin("ttl-deletes")
	sc, err := scenario.Read("ttl-deletes.yaml", src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tl, err := timeline.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	tl.Seek(sc.Config.For)
	if n := tl.Sim().Mappings[0].Counts.States[engine.StateUnchanged]; n == 0 {
		t.Fatal("each write changes something")
	}
	if got := TotalsOf(tl.Sim(), 0); got.Wait != 0 || got.Put != got.Done {
		t.Errorf("when all is done: %+v", got)
	}
}
