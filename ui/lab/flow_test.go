package lab

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// wide makes the screen large enough for the flow line.
func (s *screen) wide() {
	s.vt.Resize(160, 50)
	s.p.Send(tea.WindowSizeMsg{Width: 160, Height: 50})
	s.wait(200 * time.Millisecond)
}

// While time is stopped nothing is written; a step is, until what it has brought has
// arrived, and any key ends that.
func TestStepMoves(t *testing.T) {
	play(t, Options{Stopped: true}, func(s *screen) {
		s.wide()
		wrote := func(d time.Duration) int {
			before := s.wrote
			s.wait(d)
			return s.wrote - before
		}
		if n := wrote(5 * time.Second); n > 0 {
			t.Errorf("%d bytes are written while nothing happens", n)
		}
		s.keys("right") // the batch of shard 1 is done
		s.has("✓8▸")
		if n := wrote(400 * time.Millisecond); n == 0 {
			t.Error("a step does not move")
		}
		s.hasNot("✓8▸")
		if n := wrote(5 * time.Second); n > 0 {
			t.Errorf("%d bytes are written after a step has come to rest", n)
		}
		s.keys("left", "right", "tab")
		s.hasNot("✓8▸")
		if n := wrote(time.Second); n > 0 {
			t.Errorf("%d bytes are written after a key has ended all travel", n)
		}
		s.keys("left")
		if n := wrote(time.Second); n > 0 {
			t.Errorf("a step back writes %d bytes more", n)
		}
	})
}

// :motion says how much moves, and it is kept.
func TestMotionIsChosen(t *testing.T) {
	play(t, Options{Stopped: true}, func(s *screen) {
		s.wide()
		var kept []string
		s.m.screens.Keep = func(preference, value string) error { kept = append(kept, preference+" "+value); return nil }
		s.keys(":", "motion basic", "enter", "right")
		s.has("▸✓ 48")
		s.keys("left", ":", "motion none", "enter", "right")
		s.hasNot("▸✓")
		s.hasNot("✓8▸")
		s.keys(":", "motion slow", "enter")
		s.has(":motion takes full, basic, none")
		if got := strings.Join(kept, ", "); got != "motion basic, motion none" {
			t.Errorf("kept: %s", got)
		}
	})
}

// The flow line is where there is room for it, and gives way before the panes do.
func TestFlowGivesWay(t *testing.T) {
	m := lab(t, poison(2), 160, 50, drawn)
	for _, c := range []struct{ w, h, rows int }{{80, 24, 0}, {120, 36, 1}, {160, 50, 3}, {200, 60, 3}} {
		m.Draw(c.w, c.h)
		if got := m.lay.Flow.H; got != c.rows {
			t.Errorf("%dx%d: %d rows, not %d", c.w, c.h, got, c.rows)
		}
	}
}

// A click on the flow line does what the digit of that station does.
func TestFlowIsClicked(t *testing.T) {
	for _, sc := range []*Scenario{poison(2), builtin(t, "fifo-group-blocked")} {
		m := lab(t, sc, 160, 50, drawn)
		text := m.text()
		heading := strings.Split(text, "\n")[m.lay.Flow.Y]
		for i, station := range []string{"1 ", "2 ", "3 Batches", "4 "} {
			digit := rune('1' + i)
			x := strings.Index(heading, "  "+station) + 2
			if x < 2 {
				t.Fatalf("no %q in %s", station, heading)
			}
			for row := range m.lay.Flow.H {
				m.focus, m.zoom = 0, 0
				m.Mouse(tea.MouseClickMsg{X: x, Y: m.lay.Flow.Y + row, Button: tea.MouseLeft})
				if m.focus != int(digit-'0') {
					t.Errorf("a click on %c, %d rows down, leads to pane %d", digit, row, m.focus)
				}
			}
			m.HandleKey(keyPress("esc"))
			m.text()
		}
	}
}

// moving is a lab of 160x50 in which time runs and much flows.
func moving(tb testing.TB, speed int) (*Lab, func()) {
	m := large(tb)
	m.setSpeed(speed)
	m.setRunning(true)
	at := time.Unix(0, 0)
	return m, func() {
		at = at.Add(time.Second / kit.Frames)
		m.Tick(at)
		m.Draw(160, 50)
	}
}

// A frame in which records move keeps the budget.
func TestMovingBudget(t *testing.T) {
	m, frame := moving(t, 4)
	for range 30 {
		frame()
	}
	if n := testing.AllocsPerRun(60, frame); n > 2000 {
		t.Errorf("a frame takes %.0f allocations", n)
	}
	c := m.ctx()
	if n := testing.AllocsPerRun(20, func() { m.flowRows(c) }); n > 150 {
		t.Errorf("the flow line takes %.0f allocations", n)
	}
}

// Of 30 frames a second those are drawn that something leaps in, and each fourth: with no
// motion these alone. A belt is drawn each time its dashes go on.
func TestDrawnFrames(t *testing.T) {
	for _, c := range []struct {
		motion      kit.Motion
		speed       int
		least, most int // in six seconds
	}{{kit.NoMotion, 4, 45, 45}, {kit.BasicMotion, 4, 45, 45}, {kit.FullMotion, 4, 60, 72}, {kit.FullMotion, 10, 80, 95}} {
		m := lab(t, poison(2), 160, 50, 0)
		m.screens.Motion = c.motion
		m.setSpeed(c.speed)
		m.setRunning(true)
		at, drawn, since := time.Unix(0, 0), 0, 0
		for range 6 * kit.Frames {
			at = at.Add(time.Second / kit.Frames)
			if since++; m.Tick(at) {
				m.Draw(160, 50)
				drawn++
				since = 0
			}
			if since > 3 {
				t.Fatalf("%s, %s: nothing is drawn for %d frames", c.motion, speeds[c.speed], since)
			}
		}
		if drawn < c.least || drawn > c.most {
			t.Errorf("%s, %s: %d of %d frames are drawn", c.motion, speeds[c.speed], drawn, 6*kit.Frames)
		}
	}
}

// BenchmarkMoving is a frame of 160x50 at 2x and at 64x, with the share of a core that
// 30 of them a second take: under 10 %.
func BenchmarkMoving(b *testing.B) {
	for name, speed := range map[string]int{"2x": 4, "64x": 9} {
		b.Run(name, func(b *testing.B) {
			_, frame := moving(b, speed)
			b.ReportAllocs()
			for b.Loop() {
				frame()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)*kit.Frames/1e9*100, "%core")
		})
	}
}

// What a step has brought is bold in pane 6 for 150 ms, at any size, and with no motion
// not at all.
func TestNewLineIsBold(t *testing.T) {
	play(t, Options{Stopped: true}, func(s *screen) {
		s.keys("right")
		if !s.bold("batch 8 done") {
			t.Errorf("what is new is not bold:\n%s", s.text())
		}
		s.wait(300 * time.Millisecond)
		if s.bold("batch 8 done") {
			t.Errorf("it stays bold:\n%s", s.text())
		}
		s.wait(2 * time.Second)
		before := s.wrote
		if s.wait(time.Second); s.wrote != before {
			t.Error("it does not come to rest")
		}
		s.keys("left", ":", "motion none", "enter", "right")
		if s.bold("batch 8 done") {
			t.Errorf("with no motion it is bold:\n%s", s.text())
		}
	})
}

// The headline is bold for 150 ms when it says something else, and not when only its
// figures change; with no motion not at all.
func TestNewHeadlineIsBold(t *testing.T) {
	const blocked = "SHARD 0 IS BLOCKED"
	playAt(t, 7*engine.Second, Options{Stopped: true}, func(s *screen) {
		if s.bold("Orders flow") {
			t.Errorf("the first headline is bold:\n%s", s.text())
		}
		s.keys("n")
		if !s.bold(blocked) {
			t.Errorf("a new headline is not bold:\n%s", s.text())
		}
		s.wait(300 * time.Millisecond)
		if s.bold(blocked) {
			t.Errorf("it stays bold:\n%s", s.text())
		}
		s.wait(2 * time.Second)
		before := s.wrote
		if s.wait(time.Second); s.wrote != before {
			t.Error("it does not come to rest")
		}
		s.keys("n")
		if s.bold(blocked) {
			t.Errorf("a headline with other figures is bold:\n%s", s.text())
		}
		s.keys("m")
		if !s.bold("There is only one mapping") {
			t.Errorf("what was just told is not bold:\n%s", s.text())
		}
		s.keys(":", "motion none", "enter", "m")
		if s.bold("There is only one mapping") {
			t.Errorf("with no motion it is bold:\n%s", s.text())
		}
	})
	playAt(t, 6*engine.Second, Options{}, func(s *screen) { // while time runs
		for range 50 {
			if s.wait(20 * time.Millisecond); strings.Contains(s.text(), blocked) {
				break
			}
		}
		if !s.bold(blocked) {
			t.Errorf("a new headline is not bold while time runs:\n%s", s.text())
		}
		s.wait(300 * time.Millisecond)
		if s.bold(blocked) {
			t.Errorf("it stays bold while time runs:\n%s", s.text())
		}
	})
}

// bold is whether the terminal shows the text, and its first cell bold.
func (s *screen) bold(text string) bool {
	s.t.Helper()
	const attribute = 1 << 2 // vt10x does not export it
	for y, row := range strings.Split(s.text(), "\n") {
		if before, _, ok := strings.Cut(row, text); ok {
			return s.vt.Cell(utf8.RuneCountInString(before), y).Mode&attribute != 0
		}
	}
	s.t.Errorf("no %q on the screen:\n%s", text, s.text())
	return false
}
