package lab

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
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

// Shards without a row each stand in a grid, in cells that they do not leave; the
// blocked ones are in reverse, and the row below is about the worst.
func TestManyShards(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {160, 50}} {
		for _, shards := range []int{40, 200, 1000} {
			m := lab(t, poison(shards), size[0], size[1], drawn)
			text := m.text()
			worst := pane.Blocked(m.sim(), 0)[0]
			for _, want := range []string{"1 OF " + kit.Thousands(shards), "[" + itoa(worst) + "] ■ BLOCKED", "oldest first", "■ FAILED 5"} {
				if !strings.Contains(text, want) {
					t.Errorf("%v, %d shards: no %q in\n%s", size, shards, want, text)
				}
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
