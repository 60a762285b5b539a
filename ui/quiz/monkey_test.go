package quiz

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/quiz/progress"
	"esmlab/ui/kit"
)

// Whatever is pressed, clicked and waited for, in whatever order and at
// whatever size: no frame breaks, and what was answered is in the file.
func TestMonkey(t *testing.T) {
	keys := strings.Fields("enter enter enter space 0 1 1 2 2 3 4 5 6 t > ! w W z x tab left right up down pgup pgdown esc ? : q a b")
	answered := 0
	seeds := uint64(30)
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 0))
		g := newRig(t)
		screens := &kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}
		screens.Open(lowest{})
		d := New(screens, g.o)
		screens.Open(d)
		for range 300 {
			top := screens.Top()
			if _, ok := top.(lowest); ok {
				screens.Open(New(screens, g.o))
				continue
			}
			switch r.IntN(12) {
			case 0:
				g.now = g.now.Add(time.Duration(r.IntN(3600)) * time.Second)
				if top.Animating() {
					top.Tick(g.now)
				}
			case 1:
				top.Mouse(tea.MouseClickMsg{X: r.IntN(80), Y: r.IntN(24), Button: tea.MouseLeft})
			case 2:
				top.Update(tea.PasteMsg{Content: "a\x1b[2J\nb"})
			default:
				press(top, keys[r.IntN(len(keys))])
			}
			w, h := 80, 24
			if r.IntN(4) == 0 {
				w, h = 20+r.IntN(140), 5+r.IntN(45)
			}
			frame, _ := screens.Top().Draw(w, h)
			rows := strings.Split(frame, "\n")
			if len(rows) != h {
				t.Fatalf("seed %d: %d rows at %dx%d", seed, len(rows), w, h)
			}
			for _, row := range rows {
				if ansi.StringWidth(row) > w {
					t.Fatalf("seed %d at %dx%d: %q", seed, w, h, row)
				}
			}
		}
		again := progress.Open(g.file, progress.Options{})
		for _, e := range g.o.Deck {
			answered += len(again.Card(e.Card.ID).Reviews)
			if a, b := g.o.Store.Card(e.Card.ID), again.Card(e.Card.ID); len(a.Reviews) != len(b.Reviews) || a.Due != b.Due {
				t.Errorf("seed %d: %s has %d reviews, %d in the file", seed, e.Card.ID, len(a.Reviews), len(b.Reviews))
			}
		}
		if notes := again.Notes(); len(notes) > 0 {
			t.Errorf("seed %d: %q", seed, notes)
		}
	}
	if answered < int(seeds)*3/2 {
		t.Errorf("only %d questions were answered", answered)
	}
}

// press gives a key to a screen by its name.
func press(s kit.Screen, key string) {
	codes := map[string]rune{"enter": tea.KeyEnter, "space": tea.KeySpace, "tab": tea.KeyTab, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp}
	if code, ok := codes[key]; ok {
		s.HandleKey(tea.KeyPressMsg{Code: code})
		return
	}
	s.HandleKey(tea.KeyPressMsg{Code: []rune(key)[0], Text: key})
}
