package home_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/ui"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
	"esmlab/ui/uitest"
)

// screen is the program with Home at the bottom and poison-record left at 19.1 s.
type screen struct {
	*testing.T
	p       *uitest.Pump
	screens *kit.ScreenStack
	opened  []string
	looks   int
	slow    time.Duration // how long it takes to read what a section lists
	files   map[string][]home.File
}

func open(t *testing.T, left bool, test func(s *screen)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &screen{T: t}
		m, err := ui.Model(ui.Options{Env: []string{"TERM=xterm"}}, func(screens *kit.ScreenStack) error {
			s.screens = screens
			screens.Open(s.home())
			if !left {
				return nil
			}
			src, _ := scenario.Builtin("poison-record")
			sc, err := scenario.Read("poison-record", src, scenario.Options{})
			if err != nil {
				return err
			}
			l, err := lab.New(screens, lab.Options{Scenario: &lab.Scenario{Name: sc.Name, Title: sc.Title, Config: sc.Config}, At: 19100 * engine.Millisecond, Stopped: true})
			screens.Open(l)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s.p = uitest.New(m)
		test(s)
		s.p.Close()
	})
}

func (s *screen) home() *home.Home {
	opening := func(name string) kit.Opening {
		return kit.Opening{Name: name, Read: func() (func() error, error) {
			return func() error { s.opened = append(s.opened, name); return nil }, nil
		}}
	}
	file := func(path string) kit.Opening {
		o := opening(path)
		if !strings.HasSuffix(path, ".yaml") {
			o.Read = func() (func() error, error) { return nil, fmt.Errorf("%s: there is no such file", path) }
		}
		return o
	}
	var lessons []home.Entry
	for i := range 40 {
		lessons = append(lessons, home.Entry{Name: fmt.Sprint("lesson ", i+1), Note: "5 min", Seen: i < 4, About: "Not so: all is well.", Open: opening("a lesson")})
	}
	seen := func(name string) bool {
		return name == "poison-record" || name == "bisect-finds-it" || name == "timeout"
	}
	about := func(name string) []string { s.looks++; return []string{"4 cards are about it"} }
	h := &home.Home{Screens: s.screens, Template: file, Sections: []home.Section{
		home.Listed(func() []home.Group {
			return []home.Group{{Top: true, Entries: []home.Entry{{Digit: 1, Name: "next lesson", Note: "What a mapping is", More: "step 2 of 7, 4 min", Bar: [2]int{4, 40}, Tail: "4 of 40 lessons done", Open: opening("the next lesson")}}},
				{Head: "all lessons", Digit: 2, Seen: "done", Noun: "a lesson", Rank: 2, Tally: "40 lessons", Brief: "4 of 40 lessons", Entries: lessons}}
		}),
		home.Listed(func() []home.Group {
			return []home.Group{{Top: true, Rank: 3, Tally: "9 cards due", Brief: "9 cards due", Entries: []home.Entry{{Digit: 3, Name: "quiz", Note: "9 cards due, about 2 min", More: "6 of streams, 3 of queues", Open: opening("the quiz")}}}}
		}),
		home.Scenarios(scenario.Builtin, opening, seen, about),
	}}
	for i := range h.Sections {
		read := h.Sections[i].Read
		h.Sections[i].Read = func() (func() []home.Group, error) {
			time.Sleep(s.slow)
			return read()
		}
	}
	if s.files != nil {
		h.Files = func(dir string) ([]home.File, error) { return s.files[dir], nil }
	}
	return h
}

var keys = map[string]tea.KeyPressMsg{"esc": {Code: tea.KeyEscape}, "enter": {Code: tea.KeyEnter}, "tab": {Code: tea.KeyTab},
	"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "pgdown": {Code: tea.KeyPgDown}}

func (s *screen) press(list ...string) {
	for _, k := range list {
		msg, ok := keys[k]
		if !ok {
			r := []rune(k)[0]
			msg = tea.KeyPressMsg{Code: r, Text: k}
		}
		s.p.Send(msg)
	}
}

func (s *screen) typed(text string) { s.press(strings.Split(text, "")...) }

func (s *screen) size(w, h int) { s.p.Send(tea.WindowSizeMsg{Width: w, Height: h}) }

// rest lets the cursor rest: for as long as commands that wait need to come one after
// the other.
func (s *screen) rest() {
	for range 4 {
		s.p.Sleep(time.Second)
	}
}

func (s *screen) text() string { return ansi.Strip(s.p.View()) }

func (s *screen) has(want ...string) {
	s.Helper()
	for _, w := range want {
		if !strings.Contains(s.text(), w) {
			s.Errorf("no %q in\n%s", w, s.text())
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if os.Getenv("ESMLAB_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, wanted := strings.Split(got, "\n"), strings.Split(strings.TrimSuffix(string(want), "\n"), "\n")
	for i := range max(len(rows), len(wanted)) {
		var g, w string
		if i < len(rows) {
			g = rows[i]
		}
		if i < len(wanted) {
			w = wanted[i]
		}
		if g != w {
			t.Errorf("%s, row %d\n got %q\nwant %q", name, i, g, w)
		}
	}
}

// The frames of Home: with what was left, its shelf open and its preview made.
func TestFrames(t *testing.T) {
	for _, size := range [][2]int{{120, 36}, {80, 24}, {200, 60}, {60, 20}, {40, 12}} {
		open(t, true, func(s *screen) {
			s.size(size[0], size[1])
			s.press("esc", "right")
			s.rest()
			golden(t, fmt.Sprintf("home-%dx%d.txt", size[0], size[1]), s.text())
		})
	}
}

// Each size has a frame of exactly that size, and the cursor is in it.
func TestEverySize(t *testing.T) {
	open(t, true, func(s *screen) {
		s.press("esc", "5", "5") // the first one after esc opens nothing
		s.rest()
		apart := 1
		if testing.Short() {
			apart = 4
		}
		for w := 1; w <= 300; w += apart * (1 + w/10) {
			for h := 1; h <= 100; h += apart * (1 + h/8) {
				s.size(w, h)
				rows := strings.Split(s.p.View(), "\n")
				if len(rows) != h {
					t.Fatalf("%dx%d: %d rows", w, h, len(rows))
				}
				for _, row := range rows {
					if n := ansi.StringWidth(row); n != w {
						t.Fatalf("%dx%d: %d cells: %q", w, h, n, ansi.Strip(row))
					}
				}
				if w >= 30 && h >= 4 && !strings.Contains(s.text(), "› ▮ poison-record") {
					t.Fatalf("%dx%d: the cursor is not in sight\n%s", w, h, s.text())
				}
			}
		}
	})
}

// The first frame waits for no preview; one is made once the cursor rests, and only of
// what is shown.
func TestPreviewsComeOnIdle(t *testing.T) {
	open(t, false, func(s *screen) {
		s.size(120, 36)
		s.has("› 1  next lesson", "calm-stream")
		if s.looks != 0 {
			t.Errorf("%d previews before the cursor rested", s.looks)
		}
		s.press("5", "down", "down", "down", "down")
		if s.looks != 0 {
			t.Errorf("%d previews while keys are typed", s.looks)
		}
		s.rest()
		if s.looks != 1 {
			t.Errorf("%d previews, not that of the line under the cursor", s.looks)
		}
		s.has("╭ wrong-key ─", "what you would see at ")
		s.press("up", "down")
		s.rest()
		if s.looks > 2 {
			t.Errorf("%d previews: one was made twice", s.looks)
		}
	})
}

// What the keys do: shelves to the side, scenarios up and down, digits at once, a
// search over all shelves by name and question.
func TestKeys(t *testing.T) {
	shelves := scenario.Shelves()
	open(t, true, func(s *screen) {
		s.size(120, 36)
		s.press("esc")
		s.has("╔ Go on ", "› c  continue       poison-record at 00:19.1", "■ SHARD 0 IS BLOCKED")
		s.press("right") // into the shelf of what was left
		s.has("╔ Streams: a record fails ═", "› ▮ poison-record", "3 of 8 seen")
		s.press("right", "down")
		s.has("╔ Streams: giving up ═", "› ▯ records-too-old")
		s.press("left", "left")
		s.has("╔ Streams: flow ═")
		s.press("left")
		s.has("╔ all lessons ═", "4 of 40 done")
		s.press("left") // from the first to the last
		s.has("╔ " + shelves[len(shelves)-1].Name + " ═")
		s.press("6") // where the cursor was
		s.has("› ▯ records-too-old")
		s.press("enter", "1", "3", "c")
		if s.press("esc"); fmt.Sprint(s.opened) != "[records-too-old the next lesson the quiz]" {
			t.Error(s.opened)
		}
		s.press("/")
		s.typed("no concurrency cost")
		s.has("throttled", "Throttled to a standstill")
		s.press("enter")
		s.press("/")
		s.typed("s3-keeps")
		s.press("enter")
		if got := fmt.Sprint(s.opened[3:]); got != "[throttled s3-keeps-the-payload]" {
			t.Error(got)
		}
		s.p.Send(tea.MouseClickMsg{X: 6, Y: 16, Button: tea.MouseLeft})
		s.has("╔ Streams: shards, readers ═")
	})
}

// Home is there whole at once, also the first time: what it lists was read while the lab
// was on the screen.
func TestHomeIsReadAhead(t *testing.T) {
	open(t, true, func(s *screen) {
		s.slow = 2 * time.Second
		s.p.Sleep(time.Second)
		s.p.Sleep(3 * time.Second)
		s.press("esc")
		s.has("c  continue", "next lesson", "9 cards due", "all lessons", "Streams: flow")
		s.p.Sleep(4 * time.Second)
		s.has("c  continue", "next lesson", "9 cards due", "all lessons", "Streams: flow")
	})
	open(t, true, func(s *screen) { // too soon: it says what is being read
		s.slow = 2 * time.Second
		s.p.Sleep(time.Second)
		s.press("esc")
		s.has("c  continue", "loading scenarios…")
		s.p.Sleep(3 * time.Second)
		s.has("c  continue", "next lesson", "9 cards due", "all lessons", "Streams: flow")
	})
}

// A template is chosen in its folder, or its path is typed.
func TestPicker(t *testing.T) {
	open(t, true, func(s *screen) {
		s.files = map[string][]home.File{"": {{Name: "mine.yaml", Note: "2 KB"}, {Name: "other.yaml"}, {Name: "deploy", Folder: true}}, "deploy/": {{Name: "stack.yaml"}}}
		s.screens.Back()
		s.screens.Open(s.home())
		s.press("t")
		s.has("Your own template", "in ./", "› mine.yaml", "2 KB", "deploy/")
		s.press("down", "down", "enter")
		s.has("in deploy/", "› stack.yaml")
		s.press("left")
		s.has("in ./")
		s.typed("oth")
		s.press("tab")
		s.has("file   › other.yaml")
		s.press("enter", "t")
		s.typed("deploy/x.yml")
		s.has("enter opens the file of that name")
		s.press("enter")
		s.has("deploy/x.yml: there is no such file", "file   › x.yml")
		s.press("esc", "t", "down")
		s.p.Send(tea.PasteMsg{Content: "/tmp/a.yaml"})
		s.press("enter")
		if got := fmt.Sprint(s.opened); got != "[other.yaml /tmp/a.yaml]" {
			t.Error(got)
		}
	})
}

// BenchmarkHome is a frame of Home at 120x36.
func BenchmarkHome(b *testing.B) {
	t := &testing.T{}
	screens := &kit.ScreenStack{Theme: kit.NewTheme(0)}
	h := (&screen{T: t, screens: screens}).home()
	screens.Open(h)
	h.Init()
	b.ReportAllocs()
	for b.Loop() {
		h.Draw(120, 36)
	}
}
