package pane_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/cockroachdb/datadriven"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// A script of testdata draws panes. Its commands are
//
//	open NAME at=19.1s        a built-in scenario at an instant
//	seek at=30s               another instant; each pane keeps its cursor
//	switch TARGET             a switch is set to true
//	pane N size=64x6          pane N in so many cells. What else it can take:
//	     long                 with the long forms
//	     down=2               the cursor goes down so many rows (up: down=-1)
//	     filter=flows         only the items that hold it
//	     ascii                in the signs of ASCII
//
// The answer is the title, what the border says, and each row with what it is
// about. The row under the cursor begins with a sign.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 2 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			var s script
			datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string { return s.run(t, d) })
		})
	}
}

type script struct {
	tl    *timeline.Timeline
	views [pane.Last + 1]pane.ViewState
}

func (s *script) run(t *testing.T, d *datadriven.TestData) string {
	switch d.Cmd {
	case "open":
		*s = script{tl: open(t, d.CmdArgs[0].Key)}
		return s.seek(t, d)
	case "seek":
		return s.seek(t, d)
	case "switch":
		set := engine.Command{Op: engine.OpSet, Target: d.CmdArgs[0].Key, Value: engine.BoolValue(true)}
		if refused := s.tl.Do(set); refused != nil {
			return refused.Error()
		}
		return ""
	case "pane":
		return s.pane(t, d)
	}
	t.Fatalf("unknown command %s", d.Cmd)
	return ""
}

func open(t testing.TB, name string) *timeline.Timeline {
	t.Helper()
	src, ok := scenario.Builtin(name)
	if !ok {
		t.Fatal("no scenario ", name)
	}
	sc, err := scenario.Read(name, src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tl, err := timeline.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

func (s *script) seek(t *testing.T, d *datadriven.TestData) string {
	var text string
	d.ScanArgs(t, "at", &text)
	at, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	s.tl.Seek(engine.Micros(at.Microseconds()))
	return ""
}

func (s *script) pane(t *testing.T, d *datadriven.TestData) string {
	n, err := strconv.Atoi(d.CmdArgs[0].Key)
	if err != nil {
		t.Fatal(err)
	}
	theme := kit.NewTheme(colorprofile.ASCII)
	if d.HasArg("ascii") {
		theme = theme.InASCII()
	}
	c := &pane.Ctx{S: s.tl.Sim(), History: s.tl.History(), Theme: theme, Long: d.HasArg("long")}
	v := &s.views[n]
	v.Filter = ""
	if d.HasArg("filter") {
		d.ScanArgs(t, "filter", &v.Filter)
	}
	var size string
	d.ScanArgs(t, "size", &size)
	if _, err := fmt.Sscanf(size, "%dx%d", &v.W, &v.H); err != nil {
		t.Fatal(err)
	}
	v.Axis = pane.Axis{To: max(30*engine.Second, 2*c.S.Now()), Gutter: 7, Cells: v.W - 9}
	if v.W >= 76 {
		v.Axis.Gutter, v.Axis.Cells = 13, v.W-14
	}
	b := draw(c, n, v)
	if d.HasArg("down") {
		var by int
		d.ScanArgs(t, "down", &by)
		for range max(by, -by) {
			b = step(c, n, v, b, by)
		}
	}
	out := []string{theme.Signs(b.Title)}
	if b.Note != "" || b.Legend != "" {
		out = append(out, theme.Signs("border: "+b.Note+" | "+b.Legend))
	}
	for _, r := range b.Rows {
		text := ansi.Strip(theme.Signs(r.Text))
		if got := ansi.StringWidth(text); got != v.W {
			t.Errorf("%s: a row of %d cells instead of %d: %q", d.Pos, got, v.W, text)
		}
		out = append(out, strings.TrimRight(text+"| "+about(r.Subject), " "))
	}
	if more := b.More(); more > 0 {
		out = append(out, fmt.Sprintf("%d more", more))
	}
	text := strings.Join(out, "\n")
	if d.HasArg("ascii") {
		for _, r := range text {
			if r >= 0x80 {
				t.Errorf("%s: %q is not ASCII", d.Pos, r)
			}
		}
	}
	return text
}

func about(s pane.Subject) string {
	switch {
	case s == (pane.Subject{}):
		return ""
	case s.Kind == pane.KindEvent: // its number says little to a reader
		return s.Kind.String()
	}
	return s.String()
}

// draw draws a pane as a lab does: it goes on from where the cursor was put.
func draw(c *pane.Ctx, n int, v *pane.ViewState) pane.Body {
	b := c.Draw(n, *v)
	v.Sel, v.At, v.Top = b.Sel, b.At, b.Top
	return b
}

// step moves the cursor by one row.
func step(c *pane.Ctx, n int, v *pane.ViewState, b pane.Body, by int) pane.Body {
	at := -1
	for i, s := range b.Subjects {
		if s == b.Sel {
			at = i
		}
	}
	if by > 0 {
		at = min(at+1, len(b.Subjects)-1)
	} else {
		at--
	}
	v.Sel = pane.Subject{}
	if at >= 0 {
		v.Sel = b.Subjects[at]
	}
	return draw(c, n, v)
}

// What a pane lists are different subjects, each drawn row is about one of them
// or about none, and each kind of subject is a row of some pane.
func TestSubjects(t *testing.T) {
	t.Parallel()
	seen := map[pane.Kind]bool{pane.KindTitle: true}
	for _, name := range scenario.Names() {
		tl := open(t, name)
		end := tl.Sim().Config().For
		for i, at := range []engine.Micros{0, end / 10, end / 3, end / 2, end} {
			if testing.Short() && i%2 == 1 {
				continue
			}
			tl.Seek(at)
			for m := range tl.Sim().Mappings {
				for _, long := range []bool{true, false} {
					c := &pane.Ctx{S: tl.Sim(), M: m, History: tl.History(), Theme: kit.NewTheme(colorprofile.ASCII), Long: long}
					c.Skips = []pane.Skip{{To: at}}
					for n := 1; n <= pane.Last+1; n++ {
						k := pane.ViewState{W: 60, H: 8, Axis: pane.Axis{To: end, Gutter: 7, Cells: 51}}
						if n > pane.Last { // the timeline on the whole screen
							k.H, k.Full = 20, true
						}
						b := c.Draw(min(n, pane.Last), k)
						where := fmt.Sprintf("%s at %s, mapping %d, pane %d, long %v", name, at, m, n, long)
						listed := map[pane.Subject]bool{}
						for _, s := range b.Subjects {
							if s == (pane.Subject{}) || listed[s] {
								t.Errorf("%s lists %s twice, or no subject", where, s)
							}
							listed[s] = true
						}
						for _, r := range b.Rows {
							if r.Subject != (pane.Subject{}) && !listed[r.Subject] {
								t.Errorf("%s: the row %q is about %s, which is not listed", where, ansi.Strip(r.Text), r.Subject)
							}
							seen[r.Subject.Kind] = true
						}
					}
				}
			}
		}
	}
	for k := range pane.Kinds {
		if !seen[k] {
			t.Errorf("no row is about a %s", k)
		}
	}
}
