package cmd

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"esmlab/ui/kit"
	"esmlab/ui/present"
)

// typed are what is typed as a whole, now and then: commands with arguments.
var typed = []string{"seek 20s", "seek Orders#22 last", "history", "what-if MaximumRetryAttempts=1", "life Orders#22", "get-event-source-mapping", "event", "speed 10000", "speed 1/8", "skip off", "skip on",
	"mouse off", "mouse on", "set BatchSize 3", "set VisibilityTimeout 30", "describe", "limits", "branches", "notes", "nothing", "compare", "start-over", "branch", "set OnFailure Failures", "what-if nothing", "seek", "life", "set"}

// codes are the keys with names.
var codes = map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	"home": tea.KeyHome, "end": tea.KeyEnd, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "f1": tea.KeyF1, "f5": tea.KeyF5, "space": tea.KeySpace}

func press(name string) tea.KeyPressMsg {
	k := tea.KeyPressMsg{}
	if rest, ok := strings.CutPrefix(name, "shift+"); ok {
		k.Mod, name = tea.ModShift, rest
	} else if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		k.Mod, name = tea.ModCtrl, rest
	}
	if code, ok := codes[name]; ok {
		k.Code = code
		if name == "space" {
			k.Text = " "
		}
		return k
	}
	k.Code = []rune(name)[0]
	if k.Mod == 0 {
		k.Text = name
	}
	return k
}

// 100,000 random keys, mouse reports and sizes from a seed, over all screens:
// nothing panics, each frame is the screen, esc always leads to Home, and
// ctrl+c always leaves.
func TestRandom(t *testing.T) { synctest.Test(t, random) }

func random(t *testing.T) {
	all := 100_000
	if testing.Short() {
		all = 2_000
	}
	rnd := rand.New(rand.NewPCG(7, 28))
	m := record(t, nil, nil)
	var keys []string
	for i := range kit.Actions {
		if kit.Actions[i].ID != "quit-now" && kit.Actions[i].ID != "suspend" {
			keys = append(keys, kit.Actions[i].Keys...)
		}
	}
	keys = append(keys, "esc", "enter", "enter", "backspace", "t", "c", "9", "8", "u", ")", "ä")
	width, height := 80, 24
	var past []string
	defer func() {
		if e := recover(); e != nil {
			t.Fatalf("%v after %s\n%s", e, strings.Join(past, " "), debug.Stack())
		}
	}()
	again := func() {
		m.Close()
		m = record(t, nil, nil)
		m.Send(tea.WindowSizeMsg{Width: width, Height: height})
	}
	send := func(what string, msg tea.Msg) {
		if past = append(past, what); len(past) > 60 {
			past = past[1:]
		}
		if m.Send(msg); m.Quit() { // with q, and perhaps an answer to what it asks
			again()
		}
	}
	seen := map[string]int{}
	for n := range all {
		switch i := rnd.IntN(100); {
		case i < 4:
			width, height = 20+rnd.IntN(180), 5+rnd.IntN(60)
			send(fmt.Sprintf("%dx%d", width, height), tea.WindowSizeMsg{Width: width, Height: height})
		case i < 10:
			e := tea.Mouse{X: rnd.IntN(width), Y: rnd.IntN(height), Button: tea.MouseLeft}
			if rnd.IntN(5) == 0 {
				e.Button = tea.MouseRight
			}
			send(fmt.Sprintf("click %d,%d", e.X, e.Y), tea.MouseClickMsg(e))
		case i < 13:
			e := tea.Mouse{X: rnd.IntN(width), Y: rnd.IntN(height), Button: tea.MouseWheelDown}
			if rnd.IntN(2) == 0 {
				e.Button = tea.MouseWheelUp
			}
			send("wheel", tea.MouseWheelMsg(e))
		case i < 14:
			send("paste", tea.PasteMsg{Content: typed[rnd.IntN(len(typed))] + "\n"})
		case i < 15:
			send("focus", tea.FocusMsg{})
			m.Sleep(5 * time.Second / kit.Frames)
		case i < 16:
			text := typed[rnd.IntN(len(typed))]
			send(":", press(":"))
			m.typed(text)
			send(text, press("enter"))
		default:
			k := keys[rnd.IntN(len(keys))]
			send(k, press(k))
		}
		if n%250 == 0 { // from Home, keys lead to every screen
			for k := 0; k < 4 && m.screens.Top().Title() != "Home"; k++ {
				send("esc", press("esc"))
			}
		}
		seen[m.screens.Top().Title()]++
		if n%23 == 0 {
			rows := strings.Split(m.View(), "\n")
			if len(rows) != height {
				t.Fatalf("%d rows of %d after %v", len(rows), height, past)
			}
			for _, r := range rows {
				if got := ansi.StringWidth(r); got > width {
					t.Fatalf("%d cells of %d after %v: %q", got, width, past, ansi.Strip(r))
				}
			}
		}
		if n%1000 == 999 {
			for k := 0; m.screens.Top().Title() != "Home"; k++ {
				if k == 40 {
					t.Fatalf("esc does not lead Home from %s after %v\n%s", m.screens.Top().Title(), past, ansi.Strip(m.View()))
				}
				m.keys("esc")
				if k > 10 && k%3 == 0 { // with the question open and closed in turn: an exam asks whether it is to be left; elsewhere y opens what the next esc closes
					m.keys("y")
				}
				if _, ok := m.screens.Top().(*present.Screen); ok { // left from its stop by q, twice: a presenter's remote has an esc
					m.keys("f5")
					m.keys("q")
					m.keys("q")
				}
			}
			if m.keys("ctrl+c"); !m.Quit() {
				t.Fatalf("ctrl+c does not leave after %v", past)
			}
			again()
		}
	}
	m.Close()
	t.Log(seen)
	screensWanted := 12
	if testing.Short() {
		screensWanted = 3
	}
	if len(seen) < screensWanted || seen["Home"] == 0 {
		t.Errorf("too few screens were reached: %v", seen)
	}
}
