package flow

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

var theme = kit.NewTheme(colorprofile.NoTTY)

// world is a run of a built-in scenario.
type world struct{ *timeline.Timeline }

// some are the worlds to play: in short fewer.
func some() []string {
	if testing.Short() {
		return []string{worlds[0], worlds[2], worlds[3], worlds[7]}
	}
	return worlds
}

func open(t testing.TB, name string, at engine.Micros) *world {
	t.Helper()
	src, ok := scenario.Builtin(name)
	if !ok {
		t.Fatal(name)
	}
	sc, err := scenario.Read(name, src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tl, err := timeline.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	tl.Seek(at)
	return &world{tl}
}

func (w *world) ctx() *pane.Ctx {
	return &pane.Ctx{S: w.Sim(), History: w.History(), Theme: theme, Long: true}
}

// rest is the flow line with nothing on its way.
func (w *world) rest(rows int, stopped bool) string {
	l := &Line{}
	l.Sync(w.ctx())
	return strings.Join(l.Draw(w.ctx(), View{W: 160, Rows: rows, Stopped: stopped, Digits: true}), "\n")
}

var begin = time.Unix(1000, 0)

// film gives the rows of a part of the film of the design, and where its stations
// stand.
func film(t *testing.T, part string) []string {
	t.Helper()
	src, err := os.ReadFile("testdata/film.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	in := false
	for row := range strings.Lines(string(src)) {
		switch {
		case strings.TrimSpace(row) == "" || in && row[0] != ' ':
			in = false
		case strings.HasPrefix(row, part+" "):
			in = true
		case in && strings.Contains(row, "▲"):
			out = append(out, row)
		}
	}
	return out
}

var filmStations = stations{22, 34, 62, 92, 101}

// between cuts the cells from the iterator to the end of the function's box.
func between(row string) string {
	return string([]rune(ansi.Strip(row))[filmStations.place : filmStations.function+box+2])
}

func (l *Line) play(w *world, r row, since time.Duration) string {
	l.now = begin.Add(since)
	l.line(w.ctx(), &View{W: 110}, filmStations, 1, &r)
	return between(l.paint.text(theme))
}

// The frames of each kind of travel are those of the design's film, cell by cell.
func TestFilm(t *testing.T) {
	w := open(t, "poison-record", 0)
	flows := row{key: 1, has: every, label: "1", sign: "●", place: "#81", running: 1, records: 8, due: 200 * engine.Millisecond, done: 40, full: 32}
	blocked := row{key: 0, has: every, label: "0", sign: "■", place: "#18", waits: 32, full: 32, done: 8, held: held{
		parts: [][]byte{[]byte("vXvvvvvv")}, notes: []string{"■ try 6 in 8.0 s"}, failed: true, waits: true}}
	same := func(part string, frames []string, at func(i int) string) {
		t.Helper()
		if len(frames) == 0 {
			t.Fatal(part, "is not in the film")
		}
		for i, want := range frames {
			if got := at(i); got != between(want) {
				t.Errorf("%s, frame %d\n%s, not\n%s", part, i, got, between(want))
			}
		}
	}
	full := &Line{moves: []moved{{what: handed, key: 1, n: 8, at: begin, travels: 400 * time.Millisecond}}}
	same("hand-over", film(t, "A"), func(i int) string { return full.play(w, flows, time.Duration(i)*time.Second/15) })
	back := &Line{moves: []moved{{what: failed, n: 8, of: "X22", at: begin, travels: 300 * time.Millisecond}}}
	same("failure", film(t, "B")[:3], func(i int) string { return back.play(w, blocked, time.Duration(i)*100*time.Millisecond) })
	basic := &Line{Motion: kit.BasicMotion, moves: []moved{{what: handed, key: 1, n: 8, at: begin}}}
	same("basic", film(t, "C"), func(i int) string {
		basic.Frame(begin.Add(time.Duration(i) * 400 * time.Millisecond))
		return basic.play(w, flows, time.Duration(i)*400*time.Millisecond)
	})
	belt := &Line{hands: []hands{{at: begin, key: 1, batches: 7, records: 106}}}
	flows.records = 31
	same("belt", film(t, "D"), func(i int) string { return belt.play(w, flows, time.Duration(i)*67*time.Millisecond) })
}

// The table of the design: how long each takes, and where it is on the way.
func TestTable(t *testing.T) {
	for _, c := range []struct {
		what  step
		takes time.Duration
		half  float64 // at half of the time
	}{{polled, 200, 0.875}, {handed, 400, 0.875}, {finished, 250, 0.875}, {failed, 300, 0.5}, {givenUp, 500, 0.5}, {split, 300, 0.875}} {
		m := moved{what: c.what, at: begin, travels: travel(c.what, kit.FullMotion, long)}
		if m.travels != c.takes*time.Millisecond {
			t.Errorf("%d takes %s, not %d ms", c.what, m.travels, c.takes)
		}
		if got := m.place(begin.Add(m.travels / 2)); got != c.half {
			t.Errorf("%d: half way it is at %.3f", c.what, got)
		}
		if m.place(begin.Add(-time.Second)) != 0 || m.place(begin.Add(time.Hour)) != 1 {
			t.Errorf("%d leaves its stretch", c.what)
		}
	}
	for _, c := range []struct{ next, want time.Duration }{{1000, 400}, {500, 300}, {200, 120}, {100, 0}} {
		if got := travel(handed, kit.FullMotion, c.next*time.Millisecond); got != c.want*time.Millisecond {
			t.Errorf("the next after %d ms: %s", c.next, got)
		}
	}
	if spring(0) != 1 || spring(settles) > 0.02 { // of a bar of 25 cells less than half a cell is left
		t.Errorf("a bar begins at %v of its way and ends at %v", spring(0), spring(settles))
	}
	if travel(handed, kit.BasicMotion, long) != 0 {
		t.Error("with basic motion something travels")
	}
}

// worlds are runs of all kinds of sources.
var worlds = []string{"poison-record", "bisect-finds-it", "retries-then-destination", "parallel-lanes", "throttled", "batch-mates", "poison-to-dlq", "fifo-group-blocked", "scale-out", "ttl-deletes", "tumbling-count"}

// frames plays a run in frames of the wall, and shows each.
func frames(w *world, l *Line, speed int64, n int, see func(at time.Time)) {
	l.Sync(w.ctx())
	at := begin
	for range n {
		at = at.Add(time.Second / kit.Frames)
		w.Advance(w.Now()+engine.Micros(speed)*engine.Second/kit.Frames, 20000)
		l.Frame(at)
		l.Follow(w.ctx(), speed, 1)
		see(at)
	}
}

// With no motion each frame is the frame at rest; with some, half a second after the
// last event it is.
func TestRest(t *testing.T) {
	for _, name := range some() {
		for _, speed := range []int64{1, 8, 256} {
			w, l := open(t, name, 0), &Line{Motion: kit.NoMotion}
			draw := func(l *Line) string {
				return strings.Join(l.Draw(w.ctx(), View{W: 160, Rows: 3, Digits: true}), "\n")
			}
			frames(w, l, speed, 90, func(time.Time) {
				if got, want := draw(l), w.rest(3, false); got != want {
					t.Fatalf("%s at %dx, %s s:\n%s, not\n%s", name, speed, w.Now(), got, want)
				}
			})
			for _, motion := range []kit.Motion{kit.FullMotion, kit.BasicMotion} {
				w, l := open(t, name, 0), &Line{Motion: motion}
				draw := func() string {
					return strings.Join(l.Draw(w.ctx(), View{W: 160, Rows: 3, Digits: true}), "\n")
				}
				differs, last := false, begin
				frames(w, l, speed, 90, func(at time.Time) { differs, last = draw() != w.rest(3, false) || differs, at })
				if l.Frame(last.Add(time.Second)); draw() != w.rest(3, false) {
					t.Errorf("%s at %dx does not come to rest:\n%s\n%s", name, speed, draw(), w.rest(3, false))
				}
				if l.Moving() {
					t.Errorf("%s at %dx moves at rest", name, speed)
				}
				if !differs {
					t.Errorf("%s at %dx, %s: nothing moved", name, speed, motion)
				}
			}
		}
	}
}

// However fast time runs, what happened in a frame is in sight for 400 ms.
func TestSeen(t *testing.T) {
	for _, name := range some() {
		for _, speed := range []int64{2, 64, 4096} {
			w, l := open(t, name, 0), &Line{}
			frames(w, l, speed, 60, func(at time.Time) {
				for i := range l.moves {
					if m := &l.moves[i]; m.at.Equal(at) && (m.over(at.Add(390*time.Millisecond)) || m.travels > 0 && m.travels < shortest) {
						t.Fatalf("%s at %dx: %+v", name, speed, *m)
					}
				}
				for _, row := range l.Draw(w.ctx(), View{W: 160, Rows: 3}) {
					if n := kit.Width(row); n != 160 {
						t.Fatalf("%s: %d cells: %q", name, n, row)
					}
				}
			})
		}
	}
}

// Whoever draws only the frames that Leaps asks for sees each travel, and nothing that is
// more than a leap away from where it is; half of the frames and more are left out.
func TestLeaps(t *testing.T) {
	for _, width := range []int{80, 160} {
		w, l := open(t, "poison-record", 0), &Line{}
		drawn, travels := 0, 0
		frames(w, l, 2, 180, func(at time.Time) {
			if l.Leaps() {
				l.Draw(w.ctx(), View{W: width, Rows: 3})
				drawn++
			}
			for i := range l.moves {
				m := &l.moves[i]
				if !m.under(at) || m.at.Equal(at) {
					continue
				}
				travels++
				if n := m.column(at) - m.col; !m.drawn || max(n, -n) >= width/32 {
					t.Errorf("%s s: %d cells of %d are not drawn: %+v", w.Now(), n, width, *m)
				}
			}
		})
		if travels < 60 || drawn < 30 || drawn > 90 {
			t.Errorf("%d cells wide, %d of 180 frames are drawn, with %d on its way", width, drawn, travels)
		}
	}
}

// A step that time does not follow plays once and rests; a key ends it at once.
func TestStep(t *testing.T) {
	w, l := open(t, "poison-record", 0), &Line{}
	l.Sync(w.ctx())
	moved, arrows := 0, 0
	for range 60 {
		if !w.Next(timeline.Visible) {
			break
		}
		l.Follow(w.ctx(), 0, 1)
		at := begin
		if l.Moving() {
			moved++
		}
		for n := 0; l.Moving(); n++ {
			if n > 30 {
				t.Fatal("a step plays for more than a second")
			}
			l.Frame(at)
			for _, row := range l.Draw(w.ctx(), View{W: 160, Rows: 3, Stopped: true}) {
				arrows += strings.Count(row, "▸") + strings.Count(row, "◂")
			}
			at = at.Add(time.Second / kit.Frames)
		}
		if got := strings.Join(l.Draw(w.ctx(), View{W: 160, Rows: 3, Stopped: true, Digits: true}), "\n"); got != w.rest(3, true) {
			t.Fatalf("after a step\n%s, not\n%s", got, w.rest(3, true))
		}
	}
	if moved < 20 || arrows == 0 {
		t.Errorf("%d of 60 steps moved something, with %d arrows", moved, arrows)
	}
	w.Next(timeline.Visible)
	l.Follow(w.ctx(), 0, 1)
	if l.End(); l.Moving() {
		t.Error("something moves after its end")
	}
}

// Any width and height has rows of exactly that width.
func TestSizes(t *testing.T) {
	for _, name := range some() {
		w := open(t, name, 12*engine.Second)
		for width := 1; width <= 300; width += 1 + width/9 {
			for rows := range 6 {
				l := &Line{}
				l.Sync(w.ctx())
				got := l.Draw(w.ctx(), View{W: width, Rows: rows, Digits: true})
				if len(got) != rows {
					t.Fatalf("%s: %d rows, not %d", name, len(got), rows)
				}
				for _, row := range got {
					if kit.Width(row) != width {
						t.Fatalf("%s: %d cells, not %d: %q", name, kit.Width(row), width, row)
					}
				}
			}
		}
	}
}

// What the function has in it is counted in full, and what travels leaves alone what is
// written beside it.
func TestCrowd(t *testing.T) {
	w, l := open(t, "scale-out", 85*engine.Second), &Line{}
	frames(w, l, 2, 45, func(time.Time) {
		row := ansi.Strip(l.Draw(w.ctx(), View{W: 160, Rows: 2})[1])
		f, m := &w.Sim().Functions[0], &w.Sim().Mappings[0]
		if f.Running <= 64 {
			t.Fatalf("%d run: not enough for this test", f.Running)
		}
		busy := 0
		for i := range m.Polls.Slots {
			if m.Polls.Slots[i].Phase != engine.PollerWaits {
				busy++
			}
		}
		if want := "▲ " + itoa(busy) + " of " + itoa(max(busy, int(m.Polls.Target))) + " "; !strings.Contains(row, want) {
			t.Errorf("not all pollers are counted: %s", row)
		}
		if i := strings.Index(row, "▌"); strings.HasPrefix(row[i:], "▌✓") {
			t.Errorf("a travel covers a text: %s", row)
		}
	})
	if row := ansi.Strip(l.Draw(w.ctx(), View{W: 160, Rows: 2})[1]); !strings.Contains(row, "╸──╸") || !strings.Contains(row, "a second") {
		t.Errorf("no belt: %s", row)
	}
}
