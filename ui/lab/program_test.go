package lab

import (
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// Each key of each action is pressed by a test of that action.
func TestEveryKeyIsTested(t *testing.T) {
	for i := range kit.Actions {
		a := &kit.Actions[i]
		if a.In&kit.InLab == 0 || a.ID == "quit-now" || a.ID == "suspend" {
			continue
		}
		for _, k := range a.Keys {
			if !slices.ContainsFunc(keyTests, func(kt keyTest) bool { return kt.action == a.ID && slices.Contains(kt.keys, k) }) {
				t.Errorf("no test of %s presses %s", a.ID, k)
			}
		}
	}
}

var colour = regexp.MustCompile(`\x1b\[([0-9;:]*)m`)

// NO_COLOR, whatever its value: not one colour is written, and the capture
// tells the blocked shard from the one that flows.
func TestNoColourCapture(t *testing.T) {
	for _, value := range []string{"1", "yes", "0", "false"} {
		playEnv(t, []string{"TERM=xterm-256color", "COLORTERM=truecolor", "CLICOLOR_FORCE=1", "NO_COLOR=" + value}, Options{Stopped: true, Welcome: true}, func(s *screen) {
			s.keys("e", "esc", "b", "w", "esc", "space", "space")
			for _, m := range colour.FindAllStringSubmatch(s.raw.String(), -1) {
				for _, code := range strings.Split(m[1], ";") {
					if n := len(code); n >= 2 && (code[0] == '3' || code[0] == '4' || code[0] == '9' || n == 3 && code[:2] == "10") && code != "39" && code != "49" {
						t.Fatalf("NO_COLOR=%s: a colour is written: %q", value, m[0])
					}
				}
			}
			blocked, flows := 0, 0
			for _, r := range strings.Split(s.text(), "\n") {
				if strings.Contains(r, "0 ■ BLOCKED") {
					blocked++
				}
				if strings.Contains(r, "1 ● flows") {
					flows++
				}
			}
			if blocked != 1 || flows != 1 {
				t.Errorf("BLOCKED in %d rows, flows in %d:\n%s", blocked, flows, s.text())
			}
			s.has("SHARD 0 IS BLOCKED by #22", "■ 1 OF 2 BLOCKED")
		})
	}
}

// The same run is written in colours where nobody asked for none.
func TestColours(t *testing.T) {
	playEnv(t, []string{"TERM=xterm-256color", "COLORTERM=truecolor", "CLICOLOR_FORCE=1", "NO_COLOR="}, Options{Stopped: true}, func(s *screen) {
		if !strings.Contains(s.raw.String(), "\x1b[31;1m■") {
			t.Error("what is blocked is not red")
		}
	})
}

// A shard that waits for its parent is not said to flow.
func TestChildrenOfASplitShard(t *testing.T) {
	text := lab(t, builtin(t, "reshard-behind-poison"), 120, 36, 16*engine.Second).text()
	for _, want := range []string{"0 ■ BLOCKED", "1 ○ waits", "2 ○ waits", "after shard 0", "2 wait for their parents.", "next try in "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// What happened is that of the mapping shown, and what a person did.
func TestStoriesOfOneMapping(t *testing.T) {
	m := lab(t, read(t, "wide.yaml", []byte(wide)), 120, 36, 12*engine.Second)
	for m.at = range m.sim().Mappings {
		lines := m.ctx().Stories(0, 500, "")
		if len(lines) < 10 {
			t.Errorf("mapping %d: %d lines", m.at, len(lines))
		}
		for _, s := range lines {
			if s.Event.Applied == nil && int(s.Event.Mapping) != m.at {
				t.Errorf("mapping %d has a line of mapping %d: %s", m.at, s.Event.Mapping, s.Text)
			}
		}
	}
}

// The screen may change its size at any moment while time runs.
func TestResizeWhileRunning(t *testing.T) {
	play(t, Options{}, func(s *screen) {
		for _, size := range [][2]int{{80, 24}, {60, 20}, {20, 5}, {160, 50}, {119, 33}, {120, 36}} {
			s.vt.Resize(size[0], size[1])
			s.p.Send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			s.wait(300 * time.Millisecond)
			rows := strings.Split(strings.TrimRight(s.text(), "\n"), "\n")
			if len(rows) != size[1] {
				t.Errorf("%v: %d rows", size, len(rows))
			}
			if size[0] >= 60 && !strings.Contains(s.text(), "■ BLOCKED") {
				t.Errorf("%v: no BLOCKED in\n%s", size, s.text())
			}
			if size == [2]int{80, 24} {
				s.keys("r", "2") // the size changes under an open editor, too
			}
		}
		s.has("╔ MaximumRetryAttempts", "value  › 2")
		s.keys("enter")
		s.has("you set MaximumRetryAttempts: -1 → 2")
	})
}

// A command is seen at once, also where the list had been scrolled.
func TestCommandIsSeenWhileScrolled(t *testing.T) {
	for _, running := range []bool{false, true} {
		play(t, Options{Stopped: !running}, func(s *screen) {
			s.keys("6", "down", "down", "down", "down", "down", "down", "down", "down", "down", "b")
			s.has("you set BisectBatchOnFunctionError: off → on", "BisectBatchOnFunctionError       on")
		})
	}
}

// The terminal's cursor stands where the lab's does; with none it is hidden.
func TestPointer(t *testing.T) {
	play(t, Options{Stopped: true}, func(s *screen) {
		if s.vt.CursorVisible() {
			t.Error("the cursor is shown though it is on no pane")
		}
		s.keys("5")
		at := func() string {
			c := s.vt.Cursor()
			return string(s.vt.Cell(c.X, c.Y).Char)
		}
		if !s.vt.CursorVisible() || at() != "›" {
			t.Errorf("on the first row the cursor stands on %q", at())
		}
		s.keys("up")
		if !s.vt.CursorVisible() || at() != "›" {
			t.Errorf("on a title the cursor stands on %q", at())
		}
		s.keys("down", "down")
		if c := s.vt.Cursor(); at() != "›" || !strings.Contains(strings.Split(s.text(), "\n")[c.Y], "MaximumRetryAttempts") {
			t.Errorf("on a row the cursor stands on %q", at())
		}
		s.keys("esc")
		if s.vt.CursorVisible() {
			t.Error("the cursor is still shown")
		}
	})
}

// A fault is taken off in the pane that lists it.
func TestFaultIsTakenOffInSettings(t *testing.T) {
	play(t, Options{Stopped: true}, func(s *screen) {
		s.keys("e", "6", "5")
		s.has("poison Orders#22", "every invocation throws")
		s.keys("down", "down", "down", "down", "down", "down", "down", "down", "down", "down", "enter")
		s.has("› 9  remove: every invocation throws")
		s.keys("enter")
		s.has("you remove the fault lab1")
		s.keys("e", "8")
		s.has("you remove the fault poison")
	})
}

// Random bytes as a terminal sends them, with sizes that change under them:
// ctrl+c always ends the program and gives the terminal back.
func TestRandomBytes(t *testing.T) {
	seeds := uint64(12)
	if testing.Short() {
		seeds = 2
	}
	for seed := range seeds {
		rnd := rand.New(rand.NewPCG(seed, 5))
		var list []string
		for i := range kit.Actions {
			for _, k := range kit.Actions[i].Keys {
				if b, ok := bytesOf[k]; ok && k != "ctrl+c" {
					list = append(list, b)
				} else if len(k) == 1 && k != "q" {
					list = append(list, k)
				}
			}
		}
		play(t, Options{Welcome: seed%2 == 0}, func(s *screen) {
			for range 120 {
				switch rnd.IntN(12) {
				case 0:
					fmt.Fprintf(s.in, "\x1b[<%d;%d;%dM", []int{0, 2, 64, 65}[rnd.IntN(4)], 1+rnd.IntN(120), 1+rnd.IntN(36))
				case 1:
					s.p.Send(tea.WindowSizeMsg{Width: 20 + rnd.IntN(101), Height: 5 + rnd.IntN(32)})
				default:
					io.WriteString(s.in, list[rnd.IntN(len(list))])
				}
				s.wait(20 * time.Millisecond)
			}
			s.wait(200 * time.Millisecond) // an esc at the end is waited for
			s.keys("ctrl+c")
			select {
			case err := <-s.done:
				s.done <- err
				if err != nil {
					t.Error(err)
				}
			default:
				t.Fatal("ctrl+c does not leave")
			}
			for _, want := range []string{"\x1b[?1049l", "\x1b[?25h", "\x1b[?1002l"} {
				if on := strings.Replace(want, "l", "h", 1); want != "\x1b[?25h" && strings.LastIndex(s.raw.String(), want) < strings.LastIndex(s.raw.String(), on) || !strings.Contains(s.raw.String(), want) {
					t.Errorf("seed %d: the terminal did not get %q back", seed, want)
				}
			}
		})
	}
}

// The speed that is really reached is shown where it is less than the one set.
func TestReachedSpeed(t *testing.T) {
	sc := poison(1)
	sc.Config.For = 1000 * engine.Hour
	sc.Config.Traffic[0].Every = engine.Millisecond
	m := lab(t, sc, 120, 36, 0)
	frames := 3 * kit.Frames
	if testing.Short() {
		frames /= 2
	}
	m.setSpeed(len(speeds) - 1)
	at := time.Unix(0, 0)
	for range frames {
		at = at.Add(time.Second / kit.Frames)
		m.Tick(at)
	}
	if row := strings.Split(m.text(), "\n")[0]; !strings.Contains(row, "▶ 10,000x (reaches ") {
		t.Errorf("got %q", row)
	}
	m = lab(t, poison(2), 120, 36, 0)
	for range frames {
		at = at.Add(time.Second / kit.Frames)
		m.Tick(at)
	}
	if row := strings.Split(m.text(), "\n")[0]; strings.Contains(row, "reaches") {
		t.Errorf("2x is reached, but: %q", row)
	}
}

// Frames that come late make the work for the next ones less.
func TestLateFrames(t *testing.T) {
	m := lab(t, poison(2), 80, 24, 0)
	at, before := time.Unix(0, 0), m.steps
	for range 20 {
		at = at.Add(time.Second / 10)
		m.Tick(at)
	}
	if m.steps != fewestSteps {
		t.Errorf("%d steps after late frames, %d before", m.steps, before)
	}
	for range 200 {
		at = at.Add(time.Second / kit.Frames)
		m.Tick(at)
	}
	if m.steps != mostSteps {
		t.Errorf("%d steps after frames in time", m.steps)
	}
}

// Every speed is a doubling, from 1/8 to 10,000.
func TestSpeeds(t *testing.T) {
	for i, s := range speeds[:len(speeds)-2] {
		if next := speeds[i+1]; s.num*2*next.den != next.num*s.den {
			t.Errorf("%s is followed by %s", s, next)
		}
	}
	if first, last := speeds[0].String(), speeds[len(speeds)-1].String(); first != "1/8x" || last != "10,000x" {
		t.Errorf("from %s to %s", first, last)
	}
}
