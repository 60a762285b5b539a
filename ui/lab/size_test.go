package lab

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// Frames at sizes that TestStyledFrames has not: a large one, and at 60x20 each of its five
// screens.
func TestNamedSizes(t *testing.T) {
	for name, m := range map[string]*Lab{"poison": lab(t, poison(2), 80, 24, drawn), "jobs": lab(t, jobs(), 80, 24, queueDrawn), "fifo": lab(t, fifo(), 80, 24, queueDrawn), "table": lab(t, builtin(t, "ttl-deletes"), 80, 24, 10*engine.Second)} {
		m.w, m.h = 240, 70
		golden(t, name+"-240x70.txt", m.text())
		var all []string
		m.w, m.h = 60, 20
		for _, digit := range []string{"", "1", "3", "5", "6", "7"} {
			if digit != "" {
				m.HandleKey(keyPress(digit))
			}
			all = append(all, m.text())
		}
		golden(t, name+"-60x20.txt", strings.Join(all, "\n\n"))
	}
}

// Each screen at each size, in colours, without, and in ASCII: the frame is
// exactly the screen, its borders are whole, the headline stays, and what has
// the cursor is in sight.
func TestEveryScreenAtEverySize(t *testing.T) {
	worlds := map[string]*Lab{"two shards": lab(t, poison(2), 80, 24, drawn), "forty shards": lab(t, poison(40), 80, 24, drawn), "queue": lab(t, jobs(), 80, 24, queueDrawn), "fifo": lab(t, fifo(), 80, 24, queueDrawn)}
	themes := []*kit.Theme{kit.NewTheme(colorprofile.TrueColor), kit.NewTheme(colorprofile.ASCII), kit.NewTheme(colorprofile.ASCII).InASCII()}
	apart := 1 // in short, fewer sizes
	if testing.Short() {
		apart = 8
	}
	for name, m := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 0
			for w := 20; w <= 300; w += apart * (2 + w/12) {
				for h := 5; h <= 100; h += apart * (1 + h/7) {
					n++
					everyPane(t, name, m, themes[n%len(themes)], w, h, n%4)
				}
			}
		})
	}
}

// everyPane checks the frames of one size with the cursor some rows down in
// each pane.
func everyPane(t *testing.T, name string, m *Lab, theme *kit.Theme, w, h, down int) {
	t.Helper()
	m.w, m.h = w, h
	m.screens.Theme = theme
	for focus := 0; focus <= pane.Last; focus++ {
		m.focus, m.zoom = focus, 0
		if focus > 0 {
			m.views[focus] = viewState{}
			m.frame()
			for range down {
				m.move(1)
			}
		}
		what := fmt.Sprintf("%s, pane %d, row %v", name, focus, m.views[focus].sel)
		rows := check(t, m, what)
		checkBorders(t, m, rows, what)
		checkSeen(t, m, rows, what)
		checkBlocked(t, m, rows, what)
	}
}

// checkBorders holds that each boxed pane has its four corners.
func checkBorders(t *testing.T, m *Lab, rows []string, what string) {
	t.Helper()
	if !m.lay.Boxed {
		return
	}
	cells := make([][]rune, len(rows)) // the worlds drawn hold nothing wide
	for y, row := range rows {
		cells[y] = []rune(row)
	}
	for i := 1; i <= pane.Last; i++ {
		r := m.lay.Panes[i]
		if r.H < 2 || r.W < 2 {
			continue
		}
		top, bottom := cells[r.Y], cells[r.Y+r.H-1]
		if got := string([]rune{top[r.X], top[r.X+r.W-1], bottom[r.X], bottom[r.X+r.W-1]}); got != "╭╮╰╯" && got != "╔╗╚╝" && got != "++++" {
			t.Fatalf("%s at %dx%d: pane %d has the corners %q", what, m.w, m.h, i, got)
		}
		for y := r.Y + 1; y < r.Y+r.H-1; y++ {
			if side := string([]rune{cells[y][r.X], cells[y][r.X+r.W-1]}); side != "││" && side != "║║" && side != "||" && side != "│█" && side != "║█" && side != "|#" {
				t.Fatalf("%s at %dx%d: pane %d has the sides %q", what, m.w, m.h, i, side)
			}
		}
	}
}

// checkSeen holds that the pane with the cursor is on the screen, and in it the
// row that the cursor is on.
func checkSeen(t *testing.T, m *Lab, rows []string, what string) {
	t.Helper()
	if m.focus == 0 {
		return
	}
	r := m.lay.Panes[m.focus]
	if r.H == 0 {
		t.Fatalf("%s at %dx%d: the pane is not shown", what, m.w, m.h)
	}
	sel := m.views[m.focus].sel
	if sel == (pane.Subject{}) || r.H < 4 {
		return
	}
	sign := "›"
	if m.screens.Theme.ASCII {
		sign = ">"
	}
	for i, row := range m.drawn[m.focus].Rows {
		if y := r.Y + 1 + i; row.Subject == sel && y < len(rows) && strings.Contains(rows[y], sign) {
			return
		}
	}
	t.Fatalf("%s at %dx%d: row %v is not in sight:\n%s", what, m.w, m.h, sel, m.text())
}

// checkBlocked holds that the headline says what is blocked, and that pane 1, where it is
// shown, has its row.
func checkBlocked(t *testing.T, m *Lab, rows []string, what string) {
	t.Helper()
	if m.queue() >= 0 || m.lay.Headline < 0 {
		return
	}
	sign := "■"
	if m.screens.Theme.ASCII {
		sign = "#"
	}
	if !strings.Contains(rows[m.lay.Headline], sign) {
		t.Fatalf("%s at %dx%d: the headline is %q", what, m.w, m.h, rows[m.lay.Headline])
	}
	r := m.lay.Panes[1]
	for y := r.Y + 1; y < r.Y+r.H; y++ {
		if strings.Contains(rows[y], sign) {
			return
		}
	}
	if r.H > 1+m.lay.edge() {
		t.Fatalf("%s at %dx%d: pane 1 does not show what is blocked:\n%s", what, m.w, m.h, m.text())
	}
}

// No name of a parameter is shortened at 80x24, and what has no row is counted.
func TestNamesAreWhole(t *testing.T) {
	m := lab(t, poison(2), 80, 24, drawn)
	m.HandleKey(keyPress("b")) // a note beside a value must not push a name out
	m.HandleKey(keyPress("5"))
	for range 12 {
		m.HandleKey(keyPress("down"))
		text := m.text()
		for _, s := range m.ctx().Settings() {
			if s.Name != "" && strings.Contains(text, s.Name[:len(s.Name)*2/3]) && !strings.Contains(text, s.Name) {
				t.Errorf("%s is shortened:\n%s", s.Name, text)
			}
		}
	}
	m = lab(t, jobs(), 80, 24, 55_000_000)
	if text := m.text(); !strings.Contains(strings.Split(text, "\n")[11], " 1–2 of 10 ") || m.drawn[4].Count != 10 {
		t.Errorf("ten messages in two rows, but the border does not say so:\n%s", text)
	}
}

// What enter, the commands and the commands open stays on the screen with all four
// corners, at any size.
func TestCardsAtEverySize(t *testing.T) {
	for _, m := range []*Lab{lab(t, poison(2), 80, 24, drawn), lab(t, jobs(), 80, 24, queueDrawn)} {
		for i, size := range [][2]int{{20, 5}, {24, 8}, {33, 9}, {40, 12}, {60, 20}, {76, 20}, {80, 24}, {120, 36}, {160, 50}, {300, 100}} {
			if testing.Short() && i%3 > 0 {
				continue
			}
			m.w, m.h = size[0], size[1]
			look := func(what string) {
				rows := check(t, m, what)
				_, compares := m.dialogs.Top().(*compareDialog) // it has the whole screen where it can
				if all := strings.Join(rows, ""); m.dialogs.Open() && !compares && m.w >= 24 && m.h >= 8 {
					for _, corner := range []string{"╔", "╗", "╚", "╝"} {
						if !strings.Contains(all, corner) {
							t.Errorf("%s at %dx%d: no %s in\n%s", what, m.w, m.h, corner, strings.Join(rows, "\n"))
						}
					}
				}
				m.dialogs.Close()
			}
			for p := 1; p <= pane.Last; p++ {
				m.focus, m.zoom, m.views[p] = p, 0, viewState{}
				m.frame()
				for range 4 {
					m.inside()
					look(fmt.Sprintf("enter on row %v of pane %d", m.views[p].sel, p))
					m.menu()
					look("a")
					m.move(1)
				}
			}
			for _, c := range []string{"history", "branches", "limits", "describe", "get-event-source-mapping", "event", "life " + m.labels()[0], "compare", "notes", "copy", "put", "break", "settings", "help", "palette"} {
				m.keys.RunLine(c)
				look(":" + c)
			}
		}
	}
}
