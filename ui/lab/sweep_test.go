package lab

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// check fails where a frame is not exactly the screen. It gives the rows without
// styles.
func check(t *testing.T, m *Lab, what string) []string {
	t.Helper()
	rows := strings.Split(m.text(), "\n")
	if len(rows) != m.h {
		t.Fatalf("%s at %dx%d: %d rows", what, m.w, m.h, len(rows))
	}
	for i, r := range rows {
		if n := ansi.StringWidth(r); n > m.w || n < m.w && !m.dialogs.Open() {
			t.Fatalf("%s at %dx%d: row %d has %d cells: %q", what, m.w, m.h, i, n, r)
		}
	}
	return rows
}

// No size breaks the frame, with any pane in front, with few shards or many.
func TestEverySize(t *testing.T) {
	widths := []int{20, 21, 25, 30, 37, 40, 50, 59, 60, 70, 75, 76, 79, 80, 81, 90, 100, 109, 110, 115, 116, 119, 120, 121, 140, 160, 200, 300}
	heights := []int{5, 6, 7, 9, 11, 12, 13, 15, 18, 19, 20, 21, 23, 24, 25, 30, 32, 33, 34, 35, 36, 40, 50, 75, 100}
	if testing.Short() {
		widths, heights = []int{20, 59, 60, 76, 80, 116, 120, 300}, []int{5, 12, 20, 24, 33, 100}
	}
	for i, shards := range []int{1, 2, 5, 40} {
		if testing.Short() && i%2 == 0 {
			continue
		}
		m := lab(t, poison(shards), 80, 24, drawn)
		m.o.Welcome = shards == 1
		for _, w := range widths {
			for _, h := range heights {
				m.w, m.h = w, h
				for focus := 0; focus <= 8; focus++ {
					m.focus, m.zoom = focus, 0
					check(t, m, "focus "+itoa(focus)+", "+itoa(shards)+" shards")
				}
				m.focus, m.zoom = 0, 0
			}
		}
	}
}

// Dialogs stay on the screen as well.
func TestDialogsAtEverySize(t *testing.T) {
	for k, size := range [][2]int{{20, 5}, {40, 12}, {60, 20}, {80, 24}, {120, 36}, {300, 100}} {
		for i := range kit.Actions {
			if testing.Short() && (i+k)%4 > 0 {
				continue
			}
			a := &kit.Actions[i]
			m := lab(t, poison(2), size[0], size[1], drawn)
			m.keys.Run(a.ID, kit.Invocation{N: 1})
			check(t, m, a.ID)
		}
	}
}

// With more shards than rows the blocked ones come first, then a count.
func TestManyShards(t *testing.T) {
	m := lab(t, poison(40), 80, 24, drawn)
	rows := strings.Split(m.text(), "\n")
	if !strings.Contains(rows[4], "■ BLOCKED") || !strings.Contains(rows[5], "● 39 flow") {
		t.Errorf("got\n%s\n%s", rows[4], rows[5])
	}
	if !strings.Contains(rows[2], "■ 1 OF 40 BLOCKED") {
		t.Errorf("the border does not say it: %q", rows[2])
	}
}

// Two hundred shards stay readable: the blocked ones first, then how many flow.
func TestTwoHundredShards(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {160, 50}} {
		text := lab(t, poison(200), size[0], size[1], drawn).text()
		for _, want := range []string{"■ 1 OF 200 BLOCKED", "■ BLOCKED", "● 199 flow"} {
			if !strings.Contains(text, want) {
				t.Errorf("%v: no %q in\n%s", size, want, text)
			}
		}
	}
}

// A capture without colours still tells a blocked shard from the others.
func TestBlockedWithoutColour(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}} {
		m := lab(t, poison(2), size[0], size[1], drawn)
		text := m.text()
		for _, want := range []string{"0 ■ BLOCKED", "1 ● flows", "SHARD 0 IS BLOCKED by #22", "b bisect"} {
			if want == "b bisect" && size[0] < 80 {
				continue
			}
			if !strings.Contains(text, want) {
				t.Errorf("%dx%d: no %q in\n%s", size[0], size[1], want, text)
			}
		}
	}
}

// What a run says when all is done, and when it lasts longer than `for`.
func TestNothingMoreCanHappen(t *testing.T) {
	sc := poison(2)
	sc.Config.Functions[0].Faults = nil
	m := lab(t, sc, 120, 36, 0)
	if got := strings.Split(m.text(), "\n")[1]; !strings.Contains(got, "e breaks something") {
		t.Errorf("a run where nothing fails offers no e: %q", got)
	}
	m.tl.Advance(90*engine.Second, -1)
	if got := strings.Split(m.text(), "\n")[1]; !strings.Contains(got, "Nothing more can happen") {
		t.Errorf("got %q", got)
	}
	if got := strings.Split(m.text(), "\n")[34]; !strings.Contains(got, "┤ 2 min") {
		t.Errorf("the slider ends before now: %q", got)
	}
}
