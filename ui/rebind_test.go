package ui_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/hinshun/vt10x"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/progress"
	"esmlab/quiz/proof"
	"esmlab/quiz/session"
	"esmlab/ui"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
	"esmlab/ui/lesson"
	"esmlab/ui/quiz"
)

// room is a screen in which actions are tried.
type room struct {
	name  string
	scope kit.Scope
	open  func(t *testing.T, screens *kit.ScreenStack) error
	// setup is what is pressed first: actions by their id, or keys as they are.
	setup []string
	// only are the actions that are tried; nil: all of the scope.
	only []string
	wait time.Duration // before it: time runs there
	rows int           // of the terminal; 0: 60
}

var rooms = []room{
	{name: "lab", scope: kit.InLab, open: labOn("poison-record", 19100*engine.Millisecond), setup: []string{"bisect"}},
	{name: "lab with the cursor on a row", scope: kit.InLab, open: labOn("poison-record", 19100*engine.Millisecond), setup: []string{"3"},
		only: []string{"up", "down", "inside", "menu", "filter", "back", "why", "put"}},
	{name: "lab gone back", scope: kit.InLab, open: labOn("poison-record", 19100*engine.Millisecond), setup: []string{"prev", "prev"}, only: []string{"newest", "next", "raw", "cause"}},
	{name: "lab after an undo", scope: kit.InLab, open: labOn("poison-record", 19100*engine.Millisecond), setup: []string{"bisect", "undo"}, only: []string{"redo", "undo", "quit"}},
	{name: "lab of a queue", scope: kit.InLab, open: labOn("batch-mates", 20200*engine.Millisecond),
		only: []string{"bisect", "visibility", "retries", "age", "failures", "items", "settings", "put", "break"}},
	{name: "lab of two mappings", scope: kit.InLab, open: labOn("two-consumers", 5*engine.Second), only: []string{"mapping", "mapping-back"}},
	{name: "home", scope: kit.OnHome, open: openHome, setup: []string{"down"}},
	{name: "quiz", scope: kit.InQuiz, open: openQuiz(nil), setup: []string{"down"}},
	{name: "quiz with a card set aside", scope: kit.InQuiz, open: openQuiz(nil), setup: []string{"1", "retire", "back"}, only: []string{"retire"}},
	{name: "question", scope: kit.InQuiz, open: openQuiz(nil), setup: []string{"1"}},
	{name: "answer", scope: kit.InQuiz, open: openQuiz(nil), setup: []string{"1", "unknown"}},
	{name: "long answer", scope: kit.InQuiz, open: openQuiz(nil), setup: []string{"1", "unknown"}, only: []string{"page-down", "down"}, rows: 16},
	{name: "end of a long answer", scope: kit.InQuiz, open: openQuiz(nil), setup: []string{"1", "unknown", "page-down"}, only: []string{"page-up", "up"}, rows: 16},
	{name: "exam", scope: kit.InQuiz, open: openQuiz(exam)},
	{name: "exam, the second question", scope: kit.InQuiz, open: openQuiz(exam), setup: []string{"question-after"}, only: []string{"question-before", "question-after", "skip"}},
	{name: "result of an exam", scope: kit.InQuiz, open: openQuiz(exam), setup: []string{"all-questions", "h", "y"}},
	{name: "prediction", scope: kit.InLesson | kit.InLab, open: openLesson(lessons.Predict)},
	{name: "lesson, its first step over", scope: kit.InLesson, open: openLesson(lessons.Say), only: []string{"go-on"}, wait: 10 * time.Second},
	{name: "lesson with a goal", scope: kit.InLesson, open: openLesson(lessons.Do)},
	{name: "lesson with a goal, after a change", scope: kit.InLesson, open: openLesson(lessons.Do), setup: []string{"bisect"}, only: []string{"again"}},
}

func labOn(name string, at engine.Micros) func(*testing.T, *kit.ScreenStack) error {
	return func(t *testing.T, screens *kit.ScreenStack) error {
		src, ok := scenario.Builtin(name)
		if !ok {
			t.Fatal("no scenario ", name)
		}
		sc, err := scenario.Read(name, src, scenario.Options{})
		if err != nil {
			return err
		}
		screens.Open(&home.Home{Screens: screens})
		m, err := lab.New(screens, lab.Options{Scenario: &lab.Scenario{Name: sc.Name, Title: sc.Title, Config: sc.Config}, At: at, Stopped: true})
		screens.Open(m)
		return err
	}
}

func openHome(t *testing.T, screens *kit.ScreenStack) error {
	opening := func(name string, open func(*testing.T, *kit.ScreenStack) error) kit.Opening {
		return kit.Opening{Name: name, Read: func() (func() error, error) { return func() error { return open(t, screens) }, nil }}
	}
	var entries []home.Entry
	for _, name := range scenario.Names() {
		entries = append(entries, home.Entry{Name: name, Open: opening(name, labOn(name, 0))})
	}
	h := &home.Home{Screens: screens, Template: func(path string) kit.Opening { return opening(path, labOn("poison-record", 0)) },
		Sections: []home.Section{home.Listed(func() []home.Group { return []home.Group{{Head: "Scenarios", Entries: entries}} })}}
	if err := labOn("poison-record", 0)(t, screens); err != nil {
		return err
	}
	left := screens.Top()
	*screens = kit.ScreenStack{Theme: screens.Theme, Mouse: true, Left: left}
	screens.Open(h)
	return nil
}

func exam(d *quiz.Today) error { return d.Exam(session.ExamOptions{Version: session.C03, Seed: 1}) }

func openQuiz(then func(*quiz.Today) error) func(*testing.T, *kit.ScreenStack) error {
	return func(t *testing.T, screens *kit.ScreenStack) error {
		src, err := os.ReadFile("quiz/testdata/notes.md")
		if err != nil {
			return err
		}
		n, err := card.Open(fstest.MapFS{"notes.md": {Data: src}}).Note("notes.md", card.Options{})
		if err != nil {
			return err
		}
		lines := 0
		o := &quiz.Options{Name: "notes", Seed: 7, Run: "run", Now: func() time.Time { return time.Date(2026, 12, 2, 9, 0, 0, 0, time.UTC) },
			Store: progress.Open(&progress.Memory{}, progress.Options{Machine: "here", NewID: func() string { lines++; return fmt.Sprint(lines) }})}
		for i := range n.Cards {
			if c := &n.Cards[i]; c.Kind == card.Single && c.Proof != nil || then != nil {
				o.Deck = append(o.Deck, &quiz.Entry{Card: c, Prover: &proof.Prover{}})
			}
		}
		screens.Open(&home.Home{Screens: screens})
		d := quiz.New(screens, o)
		screens.Open(d)
		if then != nil {
			return then(d)
		}
		return nil
	}
}

func openLesson(kind lessons.StepKind) func(*testing.T, *kit.ScreenStack) error {
	return func(t *testing.T, screens *kit.ScreenStack) error {
		l, err := lessons.Builtin().Lesson("failing-batch")
		if err != nil {
			return err
		}
		step := slices.IndexFunc(l.Steps, func(s lessons.Step) bool { return s.Kind == kind })
		screens.Open(&home.Home{Screens: screens})
		s, err := lesson.New(screens, lesson.Options{Lesson: l, Place: lesson.Place{Step: step}})
		screens.Open(s)
		return err
	}
}

// rebind gives each action that may have another key one that nothing else has.
func rebind(t *testing.T) {
	t.Helper()
	before := slices.Clone(kit.Actions)
	t.Cleanup(func() { kit.Actions = before })
	var letters []rune
	for _, r := range [][2]rune{{'α', 'ω'}, {'а', 'я'}, {'ա', 'ֆ'}} {
		for c := r[0]; c <= r[1]; c++ {
			letters = append(letters, c)
		}
	}
	var file strings.Builder
	for i := range kit.Actions {
		if a := &kit.Actions[i]; !a.Fixed() {
			fmt.Fprintf(&file, "%s: %c\n", a.ID, letters[0])
			letters = letters[1:]
		}
	}
	if err := kit.Configure("keys.yaml", []byte(file.String())); err != nil {
		t.Fatal(err)
	}
}

// term is the whole program under a clock of its own: bytes go in as a terminal
// sends them, cells come out.
type term struct {
	p    *tea.Program
	vt   vt10x.Terminal
	in   *io.PipeWriter
	done chan error
	rows int
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

// play opens a room, and plays in it.
func (r *room) play(t *testing.T, do func(*term)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w, h := 120, r.rows
		if h == 0 {
			h = 60
		}
		env := []string{"TERM=xterm-256color"}
		m, err := ui.Model(ui.Options{Env: env, Mouse: true}, func(screens *kit.ScreenStack) error { return r.open(t, screens) })
		if err != nil {
			t.Fatal(err)
		}
		s := &term{rows: h, vt: vt10x.New(vt10x.WithSize(w, h)), done: make(chan error, 1)}
		out := writer(func(p []byte) (int, error) {
			_, _ = s.vt.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
			return len(p), nil
		})
		pr, pw := io.Pipe()
		s.in = pw
		s.p = tea.NewProgram(m, tea.WithInput(pr), tea.WithOutput(out), tea.WithWindowSize(w, h), tea.WithFPS(60), tea.WithoutSignalHandler(), tea.WithEnvironment(env))
		go func() { _, err := s.p.Run(); s.done <- err }()
		s.wait(100*time.Millisecond + r.wait)
		for _, k := range r.setup {
			s.press(k)
		}
		do(s)
		s.p.Quit()
		if err := <-s.done; err != nil {
			t.Error(err)
		}
		pw.Close()
		time.Sleep(time.Second)
	})
}

func (s *term) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// press presses the key that an action has now, or a key as it is.
func (s *term) press(k string) {
	if a := kit.FindAction(k); a != nil {
		k = a.Keys[0]
	}
	if k == "ctrl+c" {
		k = "\x03"
	}
	s.send(k)
}

func (s *term) send(text string) {
	_, _ = io.WriteString(s.in, text)
	s.wait(100 * time.Millisecond)
}

func (s *term) click(x, y int) {
	s.send(fmt.Sprintf("\x1b[<0;%d;%dM\x1b[<0;%d;%dm", x+1, y+1, x+1, y+1))
}

// state is what stands on the screen; "left" after the program has ended.
func (s *term) state() string {
	select {
	case err := <-s.done:
		s.done <- err
		return "left"
	default:
		return s.vt.String()
	}
}

// find gives the cell where a text begins in a row that is not above from.
func (s *term) find(text string, from int) (x, y int, ok bool) {
	for y, row := range strings.Split(s.vt.String(), "\n") {
		if i := strings.Index(row, text); y >= from && i >= 0 {
			return ansi.StringWidth(row[:i]), y, true
		}
	}
	return 0, 0, false
}

// Every action, with another key than its own, does on every screen the same by
// that key, from the help by enter and by a click, from the palette by its id
// and its word, and by a click on the footer. What is not possible says why.
func TestEveryActionByOtherKeys(t *testing.T) {
	rebind(t)
	var mu sync.Mutex
	worked := map[string]bool{} // scope and id of what did something
	t.Run("rooms", func(t *testing.T) {
		for i := range rooms {
			r := &rooms[i]
			for k := range kit.Actions {
				a := &kit.Actions[k]
				if a.In&r.scope == 0 || a.Fixed() && a.ID != "quit-now" || r.only != nil && !slices.Contains(r.only, a.ID) {
					continue
				}
				if testing.Short() && (i+k)%8 != 0 {
					continue
				}
				t.Run(r.name+"/"+a.ID, func(t *testing.T) {
					t.Parallel()
					if r.try(t, a, k) {
						mu.Lock()
						worked[fmt.Sprint(a.In&r.scope, a.ID)] = true
						mu.Unlock()
					}
				})
			}
		}
	})
	if testing.Short() {
		return
	}
	for i := range kit.Actions {
		for _, scope := range []kit.Scope{kit.InLab, kit.OnHome, kit.InQuiz, kit.InLesson} {
			if a := &kit.Actions[i]; a.In&scope != 0 && (!a.Fixed() || a.ID == "quit-now") && !worked[fmt.Sprint(scope, a.ID)] {
				t.Errorf("%s did nothing on any screen of scope %d", a.ID, scope)
			}
		}
	}
}

// try carries an action out in each way. It tells whether that was possible and
// changed the screen.
func (r *room) try(t *testing.T, a *kit.Action, n int) (worked bool) {
	var before, want string
	r.play(t, func(s *term) {
		before = s.state()
		s.press(a.ID)
		want = s.state()
	})
	off := false
	ways := map[string]func(s *term) bool{
		"the help": func(s *term) bool {
			s.press("help")
			s.send(a.Does)
			_, _, off = s.find("Not now: ", 0)
			s.send("\r")
			return true
		},
		"a click in the help": func(s *term) bool {
			s.press("help")
			s.send(a.ID)
			x, y, ok := s.find(a.Does[:min(len(a.Does), 30)], 0)
			s.click(x, y)
			return ok
		},
		"the palette": func(s *term) bool {
			s.press("palette")
			s.send([]string{a.ID, a.Command()}[n%2])
			s.send("\r")
			return a.ID != "palette"
		},
		"a click on the footer": func(s *term) bool {
			x, y, ok := s.find(a.Label+" ", s.rows-1)
			s.click(x, y)
			return ok
		},
	}
	names := []string{"the help", "a click in the help", "the palette", "a click on the footer"}
	if testing.Short() { // an eighth of the actions, each in one way
		names = names[n/8%4 : n/8%4+1]
	}
	for _, way := range names {
		r.play(t, func(s *term) {
			if done := ways[way](s); !done {
				return
			}
			if got := s.state(); got != want {
				t.Errorf("%s by %s:\n%s\nby its key:\n%s", a.ID, way, got, want)
			}
		})
	}
	if off && want == before {
		t.Errorf("%s is not possible, and its key does not say why:\n%s", a.ID, want)
	}
	return !off && want != before
}
