package lesson

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/cockroachdb/datadriven"
	"github.com/hinshun/vt10x"

	"esmlab/lessons"
	"esmlab/ui"
	"esmlab/ui/home"
	"esmlab/ui/kit"
)

// notes is a Progress that writes down what it is told.
type notes struct{ lines []string }

func (n *notes) Reached(lesson string, step int, said []int) {
	n.lines = append(n.lines, fmt.Sprint(lesson, " reached ", step+1, " ", said))
}
func (n *notes) Finished(lesson string, cards []string) {
	n.lines = append(n.lines, fmt.Sprint(lesson, " finished ", cards))
}

func read(t *testing.T, id string) *lessons.Lesson {
	t.Helper()
	l, err := lessons.Builtin().Lesson(id)
	if err != nil {
		t.Fatal(err)
	}
	l.NewWords = lessons.Builtin().NewWords(l)
	return l
}

// program is the whole program under a clock that the test moves: bytes go in
// as a terminal sends them, cells come out.
type program struct {
	p     *tea.Program
	vt    vt10x.Terminal
	in    *io.PipeWriter
	done  chan error
	notes notes
	s     *Screen
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func open(t *testing.T, w, h int, o Options) *program {
	t.Helper()
	r := &program{vt: vt10x.New(vt10x.WithSize(w, h)), done: make(chan error, 1)}
	o.Progress = &r.notes
	m, err := ui.Model(ui.Options{Mouse: true, Env: []string{"TERM=xterm-256color"}}, func(screens *kit.ScreenStack) (err error) {
		screens.Open(&home.Home{Screens: screens})
		r.s, err = New(screens, o)
		screens.Open(r.s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	out := writer(func(p []byte) (int, error) {
		_, _ = r.vt.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
		return len(p), nil
	})
	pr, pw := io.Pipe()
	r.in = pw
	r.p = tea.NewProgram(m, tea.WithInput(pr), tea.WithOutput(out), tea.WithWindowSize(w, h), tea.WithFPS(60), tea.WithoutSignalHandler(),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	go func() { _, err := r.p.Run(); r.done <- err }()
	r.wait(200 * time.Millisecond)
	return r
}

func (r *program) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (r *program) close() {
	r.p.Quit()
	<-r.done
	r.in.Close()
	time.Sleep(time.Second)
}

var bytesOf = map[string]string{"space": " ", "enter": "\r", "esc": "\x1b", "right": "\x1b[C", "left": "\x1b[D", "up": "\x1b[A", "down": "\x1b[B"}

func (r *program) key(k string) {
	pause := 100 * time.Millisecond
	if k == "esc" {
		pause *= 3 // the reader waits whether a sequence follows
	}
	if b, ok := bytesOf[k]; ok {
		k = b
	}
	_, _ = io.WriteString(r.in, k)
	r.wait(pause)
}

// frame is what stands on the screen.
func (r *program) frame() string {
	rows := strings.Split(r.vt.String(), "\n")
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " ")
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n") + "\n"
}

// TestScreens plays the scripts in testdata: whole programs from their first
// frame on. The commands:
//
//	open LESSON WxH [step=N]   the program, its screen
//	keys …                     pressed one after the other
//	wait TIME                  of the wall
//	told                       what Progress was told
//	frame                      the screen again; the others give its first rows and the lesson's
func TestScreens(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		synctest.Test(t, func(t *testing.T) {
			var r *program
			defer func() { r.close() }()
			datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
				switch d.Cmd {
				case "open":
					if r != nil {
						r.close()
					}
					var w, h int
					if _, err := fmt.Sscanf(d.CmdArgs[1].Key, "%dx%d", &w, &h); err != nil {
						t.Fatal(err)
					}
					o := Options{Lesson: read(t, d.CmdArgs[0].Key), Number: "1/1"}
					if d.HasArg("step") {
						o.Place.Step, _ = strconv.Atoi(d.CmdArgs[2].Vals[0])
						o.Place.Step--
					}
					r = open(t, w, h, o)
				case "keys":
					for _, a := range d.CmdArgs {
						r.key(a.String())
					}
				case "wait":
					wait, err := time.ParseDuration(d.CmdArgs[0].String())
					if err != nil {
						t.Fatal(err)
					}
					r.wait(wait)
				case "told":
					out := strings.Join(r.notes.lines, "\n")
					r.notes.lines = nil
					return out
				case "frame":
				default:
					t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
				}
				if d.Cmd == "open" || d.Cmd == "frame" {
					return r.frame()
				}
				rows := strings.Split(strings.TrimRight(r.frame(), "\n"), "\n")
				from := len(rows)          // a dialog lies over it, or another screen is open
				for i, row := range rows { // the header, the headline, and the region
					if strings.Contains(row, " · 1/1, ") || strings.Contains(row, "· finished") {
						from = i
					}
				}
				return strings.Join(append(rows[:2:2], rows[from:]...), "\n") + "\n"
			})
		})
	})
}

// A lesson has a binding for each action of its own and of its lab, and a handler
// for each command.
func TestBindings(t *testing.T) {
	s, err := New(&kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}, Options{Lesson: read(t, "tour"), Progress: &notes{}})
	if err != nil {
		t.Fatal(err)
	}
	if gaps := s.Keymap().Gaps(); len(gaps) > 0 {
		t.Error(strings.Join(gaps, "\n"))
	}
}

// Each key of each action of a lesson is pressed in a script.
func TestEveryKeyIsPressed(t *testing.T) {
	var scripts strings.Builder
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if rest, ok := strings.CutPrefix(line, "keys "); ok {
				scripts.WriteString(" " + strings.TrimSpace(rest) + " ")
			}
		}
	})
	for i := range kit.Actions {
		a := &kit.Actions[i]
		for _, k := range a.Keys {
			if a.In&kit.InLesson != 0 && !strings.Contains(scripts.String(), " "+k+" ") {
				t.Errorf("no script presses %s (%s)", k, a.Does)
			}
		}
	}
}

// Every screen of every lesson fits every size; nothing is drawn beyond it.
func TestSizes(t *testing.T) {
	for i, h := range lessons.Builtin().Heads {
		if testing.Short() && i%5 > 0 {
			continue
		}
		s, err := New(&kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}, Options{Lesson: read(t, h.ID)})
		if err != nil {
			t.Fatal(err)
		}
		for step := 0; ; step++ {
			for _, size := range [][2]int{{20, 5}, {40, 12}, {60, 20}, {76, 19}, {80, 24}, {116, 33}, {120, 36}, {160, 50}} {
				w, hh := size[0], size[1]
				text, _ := s.Draw(w, hh)
				rows := strings.Split(ansi.Strip(text), "\n")
				if len(rows) != hh {
					t.Fatalf("%s step %d at %dx%d: %d rows", h.ID, step, w, hh, len(rows))
				}
				for _, row := range rows {
					if n := ansi.StringWidth(row); n != w {
						t.Fatalf("%s step %d at %dx%d: a row of %d cells: %q", h.ID, step, w, hh, n, row)
					}
				}
				if w >= 80 && hh >= 24 && strings.Contains(ansi.Strip(text), "↓: ") {
					t.Errorf("%s step %d at %dx%d: the text does not fit\n%s", h.ID, step, w, hh, ansi.Strip(text))
				}
			}
			if s.p.Finished() {
				break
			}
			if s.asks() {
				s.digit(s.p.Step().Card.Key()[0])
			} else if s.p.Step().Kind == lessons.Do && !s.p.StepDone() {
				s.p.Skip()
				s.follow()
			} else {
				s.next()
			}
			if step > 200 {
				t.Fatalf("%s has no end", h.ID)
			}
		}
	}
}

// Whatever is pressed, the screen stays whole.
func TestMonkey(t *testing.T) {
	presses := 1500
	if testing.Short() {
		presses = 40
	}
	keys := strings.Fields("enter space enter 1 2 3 4 0 t < > L b r 2 e p z Z f R c w s i d esc esc right left n N . + - g G 6 up down tab m / : ? 5 3 1")
	for i, h := range lessons.Builtin().Heads {
		if testing.Short() && i%4 > 0 {
			continue
		}
		t.Run(h.ID, func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(1, uint64(i)))
			screens := &kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}
			screens.Open(&home.Home{Screens: screens})
			s, err := New(screens, Options{Lesson: read(t, h.ID), Progress: &notes{}})
			if err != nil {
				t.Fatal(err)
			}
			at := time.Unix(0, 0)
			var pressed []string
			for range presses {
				k := keys[rnd.IntN(len(keys))]
				pressed = append(pressed, k)
				s.HandleKey(monkeyKey(k))
				for range rnd.IntN(8) {
					at = at.Add(time.Second / kit.Frames)
					if s.Animating() {
						s.Tick(at)
					}
				}
				text, _ := s.Draw(80, 24)
				if rows := strings.Split(text, "\n"); len(rows) != 24 {
					t.Fatalf("%s: %d rows after %v", h.ID, len(rows), pressed[max(0, len(pressed)-20):])
				}
			}
		})
	}
}

func monkeyKey(k string) tea.KeyPressMsg {
	switch k {
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	case "right", "left", "up", "down", "tab":
		return tea.KeyPressMsg{Code: map[string]rune{"right": tea.KeyRight, "left": tea.KeyLeft, "up": tea.KeyUp, "down": tea.KeyDown, "tab": tea.KeyTab}[k]}
	}
	if k == "enter" {
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	}
	if k == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	return tea.KeyPressMsg{Code: rune(k[0]), Text: k}
}

// While its cause is not found, an incident shows neither the fault nor the
// record behind it, in no pane and not when asked why; at the end it does.
func TestIncidentsHide(t *testing.T) {
	incidents := 0
	for _, h := range lessons.Builtin().Heads {
		l := read(t, h.ID)
		if !l.Hides("faults") {
			continue
		}
		incidents++
		s, err := New(&kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}, Options{Lesson: l})
		if err != nil {
			t.Fatal(err)
		}
		s.again(s.p.TestOut())
		secrets := []string{" poison ", "fails by", "failed by"}
		for _, f := range l.Scenario.Config.Functions {
			for _, fault := range f.Faults {
				if len(fault.Records) == 1 { // marked, or named as what blocks
					n := strconv.Itoa(int(fault.Records[0].N))
					secrets = append(secrets, " X"+n+" ", "by #"+n+".", "by #"+n+":", "because of #"+n+" ", "overtakes #"+n+" ")
				}
			}
		}
		panes, _ := s.Draw(160, 50)
		s.HandleKey(monkeyKey("w"))
		why, _ := s.Draw(160, 50)
		s.HandleKey(monkeyKey("esc"))
		text := ansi.Strip(panes + why)
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells %q before its cause is found\n%s", h.ID, secret, text)
			}
		}
		s.p.Skip()
		s.follow()
		if s.p.HidesCause() || !s.p.StepDone() {
			t.Errorf("%s still hides something at its end", h.ID)
		}
	}
	if incidents == 0 {
		t.Error("there is no incident")
	}
}
