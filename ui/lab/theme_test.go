package lab

import (
	"io"
	"strings"
	"testing"
	"time"
)

const (
	asksGround = "\x1b]11;?"
	lightBad   = "38;2;117;26;6"
	darkBad    = "38;2;240;108;60"
)

// drawnAfter gives what the terminal is sent from now on.
func (s *screen) drawnAfter(do func()) string {
	from := s.raw.Len()
	do()
	return s.raw.String()[from:]
}

// The terminal's own colours are drawn until it tells its ground, then those that
// fit, and again when the ground changes.
func TestThemeFollowsTheGround(t *testing.T) {
	play(t, Options{Stopped: true}, func(s *screen) {
		if first := s.raw.String(); !strings.Contains(first, asksGround) || !strings.Contains(first, "31") || strings.Contains(first, "38;2;") {
			t.Error("the first frame is not in sixteen colours, or the ground is not asked for")
		}
		answer := func(rgb string) func() {
			return func() {
				io.WriteString(s.in, "\x1b]11;rgb:"+rgb+"\x1b\\")
				s.wait(200 * time.Millisecond)
			}
		}
		if got := s.drawnAfter(answer("ffff/ffff/ffff")); !strings.Contains(got, lightBad) || !strings.Contains(got, "\x1b[?2031h") {
			t.Error("a white ground does not bring the light theme, or its changes are not asked for")
		}
		text := s.text()
		if got := s.drawnAfter(func() { s.keys("\x1b[?997;1n") }); !strings.Contains(got, asksGround) {
			t.Error("the ground has changed and is not asked for")
		}
		if got := s.drawnAfter(answer("1010/1313/1a1a")); !strings.Contains(got, darkBad) {
			t.Error("a dark ground does not bring the dark theme")
		}
		if s.text() != text {
			t.Error("a theme changes more than colours")
		}
	})
}

// A theme is chosen by :theme and kept; NO_COLOR stands above it.
func TestThemeIsChosen(t *testing.T) {
	play(t, Options{Stopped: true}, func(s *screen) {
		var kept []string
		s.m.screens.Keep = func(preference, name string) error { kept = append(kept, preference+" "+name); return nil }
		if got := s.drawnAfter(func() { s.keys(":", "theme light", "enter") }); !strings.Contains(got, lightBad) {
			t.Error(":theme light is not drawn")
		}
		if got := s.drawnAfter(func() { s.keys(":", "theme dark", "enter") }); !strings.Contains(got, darkBad) {
			t.Error(":theme dark is not drawn")
		}
		s.keys(":", "theme pink", "enter")
		s.has(":theme takes auto, dark, light")
		if strings.Join(kept, " ") != "theme light theme dark" {
			t.Errorf("kept: %v", kept)
		}
	})
	playEnv(t, []string{"TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR=1"}, Options{}, func(s *screen) {
		s.keys(":", "theme light", "enter")
		if got := s.raw.String(); strings.Contains(got, "38;2;") || strings.Contains(got, asksGround) {
			t.Error("NO_COLOR does not stand above a theme")
		}
	})
}
