package present

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine/scenario"
	"esmlab/talks"
	"esmlab/ui/kit"
)

func named(name string) ([]byte, string, error) {
	src, ok := scenario.Builtin(name)
	if !ok {
		return nil, "", fmt.Errorf("there is no %s", name)
	}
	return src, name, nil
}

// room is a Room that remembers what it was told.
type room struct {
	nobody
	asked *Question
	notes Notes
}

func (r *room) Ask(q *Question) { r.asked = q }
func (r *room) Tell(n Notes)    { r.notes = n }
func (r *room) Votes() string   { return "http://10.0.0.7:8017" }

// clock is the time in a test.
type clock struct{ at time.Time }

func start(t *testing.T, name string) (*Screen, *room, *clock) {
	t.Helper()
	src, ok := talks.Builtin(name)
	if !ok {
		t.Fatal(name)
	}
	talk, err := talks.Read(name+".md", src, named, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, c := &room{}, &clock{time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
	screens := &kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII), Motion: kit.NoMotion}
	s, err := New(screens, Options{Talk: talk, Room: r, Now: func() time.Time { return c.at }})
	if err != nil {
		t.Fatal(err)
	}
	screens.Open(kit.NewLoading(screens, kit.Opening{}))
	screens.Open(s)
	return s, r, c
}

var codes = map[string]rune{"pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "esc": tea.KeyEscape, "f5": tea.KeyF5, "enter": tea.KeyEnter, "space": tea.KeySpace, "tab": tea.KeyTab,
	"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "home": tea.KeyHome, "end": tea.KeyEnd}

func key(name string) tea.KeyPressMsg {
	switch {
	case name == "shift+f5":
		return tea.KeyPressMsg{Code: tea.KeyF5, Mod: tea.ModShift}
	case codes[name] != 0:
		return tea.KeyPressMsg{Code: codes[name]}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// press presses keys; it fails where one of them ends the program.
func press(t *testing.T, s *Screen, keys ...string) {
	t.Helper()
	for _, k := range keys {
		cmd := s.HandleKey(key(k))
		if cmd == nil {
			continue
		}
		if _, quits := cmd().(tea.QuitMsg); quits {
			t.Fatalf("%s ends the program", k)
		}
	}
}

// remote are the keys of presenters' remotes: on, back, start and end of a show, two kinds
// of a blank screen, and what some send beside these.
var remoteKeys = []string{"pgdown", "pgdown", "pgdown", "pgup", "pgup", ".", "b", "f5", "shift+f5", "esc", "esc", "up", "down", "left", "right", "tab", "enter", "space", "home", "end"}

// A hundred thousand keys of a remote, in any order, through every stop of every built-in
// presentation: no setting changes, no command is given, it never exits, and one key leads
// back to the stop.
func TestRemote(t *testing.T) {
	t.Parallel()
	n := 100_000
	if testing.Short() {
		n = 6_000
	}
	for i, name := range talks.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, c := start(t, name)
			r := rand.New(rand.NewPCG(uint64(i), 17))
			visited := map[int]bool{}
			at := time.Time{}
			for k := range n / len(talks.Names()) {
				press(t, s, remoteKeys[r.IntN(len(remoteKeys))])
				visited[s.at] = true
				for range r.IntN(3) {
					c.at, at = c.at.Add(time.Second/kit.Frames), at.Add(time.Second/kit.Frames)
					if s.Animating() {
						s.Tick(at)
					}
				}
				if s.free || s.screens.Top() != kit.Screen(s) || len(s.lab.Timeline().AllCommands()) > 0 || len(s.lab.Timeline().Runs()) > 1 {
					t.Fatalf("key %d: unlocked %t, %d commands, %d runs", k, s.free, len(s.lab.Timeline().AllCommands()), len(s.lab.Timeline().Runs()))
				}
				if k%17 > 0 {
					continue
				}
				if s.blank || s.dialogs.Open() {
					press(t, s, "esc")
				}
				press(t, s, "f5")
				if stop := s.stop(); s.going || s.blank || s.lab.Running() || s.of != stop.World || s.lab.Timeline().Now() != stop.At || s.lab.Dialogs().Open() {
					t.Fatalf("key %d: F5 does not lead back to stop %d", k, s.at+1)
				}
				if k%1700 == 0 {
					s.Draw(100, 30)
				}
			}
			if len(visited) != len(s.o.Talk.Stops) {
				t.Errorf("only %d of %d stops were visited", len(visited), len(s.o.Talk.Stops))
			}
		})
	}
}

// Each built-in presentation is played from its first stop to its last, with its votes, and
// started over.
func TestPlayed(t *testing.T) {
	t.Parallel()
	for _, name := range talks.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, r, c := start(t, name)
			talk := s.o.Talk
			at := time.Time{}
			frame := func() {
				c.at, at = c.at.Add(time.Second/kit.Frames), at.Add(time.Second/kit.Frames)
				s.Tick(at)
			}
			polls := 0
			for i := range talk.Stops {
				if s.at != i || s.going {
					t.Fatalf("it is at stop %d, not %d", s.at+1, i+1)
				}
				stop := &talk.Stops[i]
				text, _ := s.Draw(160, 50)
				if stop.Poll == nil && !strings.Contains(text, stop.Title) {
					t.Errorf("stop %d does not show its title:\n%s", i+1, text)
				}
				if r.notes.N != i+1 || len(r.notes.Say) == 0 || r.notes.Of != len(talk.Stops) {
					t.Errorf("the speaker reads %+v", r.notes)
				}
				if stop.Poll != nil {
					polls++
					press(t, s, "pgdown", "1", "1", "3", "pgdown", "pgdown", "3", "3", "3", "backspace", "pgdown")
					p := s.poll()
					if res := p.votes.Result(); p.votes.Phase() != talks.Shown || res.First.Votes() != 3 || res.Second.Votes() != 2 {
						t.Errorf("the votes: %v, %+v", p.votes.Phase(), res)
					}
					if text, _ := s.Draw(100, 30); !strings.Contains(text, "first    then") || !strings.Contains(text, "3, then 2 votes") {
						t.Errorf("the result:\n%s", text)
					}
					if r.asked == nil || len(r.asked.Options) != len(stop.Poll.Options) {
						t.Errorf("the phones show %+v", r.asked)
					}
				}
				if i+1 == len(talk.Stops) {
					break
				}
				press(t, s, "pgdown")
				for n := 0; s.going && n < 60*kit.Frames; n++ {
					frame()
				}
				if to := &talk.Stops[i+1]; s.lab.Timeline().Now() != to.At || s.lab.Running() {
					t.Errorf("stop %d is at %v, and the run at %v", i+2, to.At, s.lab.Timeline().Now())
				}
			}
			if polls < 4 {
				t.Errorf("%d polls", polls)
			}
			press(t, s, "pgdown", "R", "y")
			if s.at != 0 || len(s.polls) != 0 {
				t.Errorf("started over it is at stop %d", s.at+1)
			}
		})
	}
}

// After unlock all of the lab works, and F5 leads back to the stop as it was prepared.
func TestUnlock(t *testing.T) {
	t.Parallel()
	s, _, _ := start(t, "streams")
	press(t, s, "pgdown", "pgdown", "b")
	if text, _ := s.Draw(80, 24); strings.TrimSpace(text) != "" || !s.blank {
		t.Errorf("the screen is not empty:\n%s", text)
	}
	press(t, s, "x", "s", "b")
	if !s.free || len(s.lab.Timeline().AllCommands()) != 1 || !s.lab.Timeline().Sim().Mappings[0].BisectBatchOnFunctionError {
		t.Fatal("b is not bisect after unlock")
	}
	press(t, s, "f5")
	if s.free || len(s.lab.Timeline().AllCommands()) != 0 || s.lab.Timeline().Sim().Mappings[0].BisectBatchOnFunctionError || s.lab.Timeline().Now() != s.stop().At {
		t.Error("F5 does not lead back to the stop as it was prepared")
	}
	press(t, s, "s", "esc", "esc", "esc") // the lab's top level leads back too
	if s.free {
		t.Error("esc does not lead back")
	}
	press(t, s, "3", "w")
	if s.spot != 3 || !s.lab.Dialogs().Open() {
		t.Error("no spotlight on pane 3, or nothing says why")
	}
	press(t, s, "esc", "q", "n")
	if s.screens.Top() != kit.Screen(s) {
		t.Error("it left without being told to")
	}
	press(t, s, "q", "q")
	if s.screens.Top() == kit.Screen(s) {
		t.Error("it does not leave")
	}
}

// Each action of a presentation does something.
func TestGaps(t *testing.T) {
	t.Parallel()
	s, _, _ := start(t, "streams")
	if gaps := s.keys.Gaps(); len(gaps) > 0 {
		t.Error(gaps)
	}
}

// golden compares a frame with the file that it is kept in.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	var b strings.Builder
	for line := range strings.Lines(got) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	if os.Getenv("ESMLAB_UPDATE") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Errorf("%s is another frame (ESMLAB_UPDATE=1 writes it anew):\n%s", name, b.String())
	}
}

// The frames of a stop and of a poll at three sizes; each row has its exact width.
func TestFrames(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {100, 30}, {160, 50}} {
		w, h := size[0], size[1]
		frame := func(s *Screen, name string) {
			s.screens.Theme = kit.NewTheme(colorprofile.ASCII)
			text, _ := s.Draw(w, h)
			rows := strings.Split(text, "\n")
			if len(rows) != h {
				t.Errorf("%s at %dx%d has %d rows", name, w, h, len(rows))
			}
			for y, row := range rows {
				if n := kit.VisibleWidth(row); n != w {
					t.Errorf("%s at %dx%d: row %d has %d cells: %q", name, w, h, y, n, row)
				}
			}
			golden(t, fmt.Sprintf("%s-%dx%d", name, w, h), plainOf(text))
		}
		s, _, _ := start(t, "streams")
		for range 3 {
			press(t, s, "pgdown", "pgdown") // each run is gone to at once
		}
		s, _, c := start(t, "streams")
		if err := s.show(3); err != nil {
			t.Fatal(err)
		}
		c.at = c.at.Add(12*time.Minute + 40*time.Second)
		frame(s, "stop")
		if err := s.show(2); err != nil {
			t.Fatal(err)
		}
		frame(s, "poll-ask")
		press(t, s, "pgdown", "1", "3", "3", "2")
		c.at = c.at.Add(40 * time.Second)
		frame(s, "poll-vote")
		press(t, s, "pgdown")
		frame(s, "poll-talk")
		press(t, s, "pgdown", "3", "3", "3", "2", "pgdown")
		frame(s, "poll-shown")
	}
}

// At any size the frame is exact.
func TestSizes(t *testing.T) {
	t.Parallel()
	s, _, _ := start(t, "streams")
	for _, i := range []int{0, 2, 3} {
		if err := s.show(i); err != nil {
			t.Fatal(err)
		}
		for w := 1; w < 200; w += 13 {
			for h := 1; h < 60; h += 5 {
				text, _ := s.Draw(w, h)
				rows := strings.Split(text, "\n")
				if len(rows) != h {
					t.Fatalf("%dx%d: %d rows", w, h, len(rows))
				}
				for _, row := range rows {
					if n := kit.VisibleWidth(row); n != w {
						t.Fatalf("%dx%d: a row of %d cells: %q", w, h, n, row)
					}
				}
			}
		}
	}
}

// A handout's pictures are SVG of each stop.
func TestPictures(t *testing.T) {
	t.Parallel()
	s, _, _ := start(t, "compare")
	pictures, err := Pictures(s.o.Talk, 80, 24)
	if err != nil || len(pictures) != len(s.o.Talk.Stops) {
		t.Fatal(err, len(pictures))
	}
	for i, p := range pictures {
		if !strings.HasPrefix(string(p), "<svg") || !strings.Contains(string(p), "</svg>") {
			t.Errorf("picture %d is none", i+1)
		}
	}
}

func plainOf(text string) string { return ansi.Strip(text) }
