package lab

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/ui/pane"
)

// A digit, tab, a filter that is set and taken off: the pane has a cursor on its first row
// at once, in every built-in world, at several sizes.
func TestFocusBringsACursor(t *testing.T) {
	names := scenario.Names()
	if testing.Short() {
		names = names[:len(names)/4]
	}
	for _, name := range names {
		for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}} {
			m := lab(t, builtin(t, name), size[0], size[1], 0)
			m.tl.Seek(m.sim().Config().For / 2)
			for p := 1; p <= pane.Last; p++ {
				m.focus, m.zoom = 0, 0
				m.frame()
				m.HandleKey(keyPress(itoa(p)))
				m.frame()
				b := m.drawn[p]
				if len(b.Subjects) > 0 && b.Sel != b.Subjects[0] {
					t.Errorf("%s at %v: %d puts the cursor on %v, not on %v", name, size, p, b.Sel, b.Subjects[0])
				}
				m.HandleKey(keyPress("tab"))
				m.frame()
				if in, on := m.Cursor(); !on && len(m.drawn[in].Subjects) > 0 {
					t.Errorf("%s at %v: tab puts the cursor on the title of %d", name, size, in)
				}
			}
		}
	}
}

// Wherever time goes, the cursor is on the thing that it was put on, as long as that is
// there: forwards, back, to an instant, after a command and after it is taken back.
func TestCursorStaysOnItsThing(t *testing.T) {
	names, moves := scenario.Names(), 20
	if testing.Short() {
		names, moves = []string{"poison-record", "batch-mates", "parallel-lanes", "fifo-group-blocked", "many"}, 12
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sc := poison(40)
			if name != "many" {
				sc = builtin(t, name)
			}
			m := lab(t, sc, 80, 24, 0)
			end, rnd := m.sim().Config().For, rand.New(rand.NewPCG(3, uint64(len(name))))
			for p := 1; p <= 6; p++ {
				m.tl.Seek(end / 2)
				m.Focus(p)
				m.frame()
				b := m.drawn[p]
				if len(b.Subjects) == 0 {
					continue
				}
				want := b.Subjects[rnd.IntN(len(b.Subjects))]
				m.views[p].put(want)
				gone := 0
				for range moves {
					what := ""
					switch rnd.IntN(5) {
					case 0:
						what = "a step back"
						m.tl.Prev(timeline.Visible)
					case 1:
						what = "a step"
						m.tl.Next(timeline.Visible)
					case 2:
						at := end * engine.Micros(rnd.IntN(100)) / 100
						what = "seek " + at.String()
						m.tl.Seek(at)
					case 3:
						what = "a command that is taken back"
						m.Do(engine.Command{Op: engine.OpSet, Target: m.mappingID() + ".BatchSize", Value: engine.IntValue(1 + rnd.IntN(9))})
						if p == 6 {
							m.views[6].put(want) // a command shows its own line
						}
						m.undo()
					case 4:
						what = "another size"
						m.w, m.h = 60+rnd.IntN(100), 20+rnd.IntN(30)
					}
					m.frame()
					b := m.drawn[p]
					if !m.has(p, want) {
						gone++
						continue
					}
					if b.Sel != want {
						t.Fatalf("%s, pane %d: after %s the cursor is on %v, not on %v, which is there (it was gone %d times)\n%s", name, p, what, b.Sel, want, gone, m.text())
					}
					if r := m.lay.Panes[p]; r.H > 3 && !seen(m, p) {
						t.Fatalf("%s, pane %d: after %s row %v is not in sight\n%s", name, p, what, want, m.text())
					}
				}
			}
		})
	}
}

// has tells whether a pane lists a thing now.
func (m *Lab) has(p int, about pane.Subject) bool {
	if p == 6 {
		_, i := m.ctx().Story(about, m.views[6].filter)
		return i >= 0
	}
	for _, s := range m.drawn[p].Subjects {
		if s == about {
			return true
		}
	}
	return false
}

// seen tells whether the row under the cursor is drawn.
func seen(m *Lab, p int) bool {
	for _, r := range m.drawn[p].Rows {
		if r.Subject == m.drawn[p].Sel && strings.Contains(r.Text, "›") {
			return true
		}
	}
	return false
}

// PgDn, PgUp, Home and End move in a list that does not fit, and say where one is; in one
// that does they are time's.
func TestPaging(t *testing.T) {
	m := lab(t, poison(40), 80, 24, 400*engine.Second)
	m.HandleKey(keyPress("6"))
	at := m.tl.Now()
	all := m.ctx().CountStories("")
	for _, k := range []struct {
		key  string
		from int
	}{{"pgdown", 1}, {"pgdown", 0}, {"end", 0}, {"pgup", 0}, {"home", 1}} {
		m.HandleKey(keyPress(k.key))
		text := m.text()
		b := m.drawn[6]
		if in := fmt.Sprintf("%d–%d of %d", b.Top+1, b.Top+len(b.Rows), all); m.tl.Now() != at || !strings.Contains(text, in) {
			t.Errorf("%s: time %s, no %q in\n%s", k.key, m.tl.Now(), in, text)
		}
		if k.from > 0 && b.Top+1 != k.from && k.key == "home" {
			t.Errorf("%s: the first row is %d", k.key, b.Top+1)
		}
	}
	m.HandleKey(keyPress("end"))
	if m.text(); m.drawn[6].At != all-1 {
		t.Errorf("End goes to row %d of %d", m.drawn[6].At, all)
	}
	m.HandleKey(keyPress("4"))
	m.HandleKey(keyPress("home"))
	if m.tl.Now() != 0 {
		t.Errorf("Home over a pane that fits goes to %s", m.tl.Now())
	}
	for _, id := range []string{"page", "page-back", "first", "last"} {
		if m.keys.Reason(id) == "" {
			t.Errorf("%s is possible where all is in sight", id)
		}
	}
}
