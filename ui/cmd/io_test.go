package cmd

import (
	"io/fs"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"esmlab/engine/scenario"
	"esmlab/lessons"
	"esmlab/quiz/deck"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui"
	"esmlab/ui/kit"
	"esmlab/ui/quiz"
	"esmlab/ui/uitest"
)

// recorder stands between the program and all that it reads and writes. It fails
// the test where Update or View does so, and counts what commands do.
type recorder struct {
	t     *testing.T
	pump  *uitest.Pump
	mu    sync.Mutex
	calls map[string]int
	gate  map[string]chan bool // what is held up until its channel is closed
}

func (r *recorder) io(what string) {
	if r.pump != nil && r.pump.Inside() {
		r.t.Errorf("%s in Update or View\n%s", what, debug.Stack())
	}
	r.mu.Lock()
	r.calls[what]++
	gate := r.gate[what]
	r.mu.Unlock()
	if gate != nil {
		<-gate
	}
}

func (r *recorder) count(what string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls[what]
}

type recordedFS struct {
	fs.FS
	r    *recorder
	what string
}

func (f recordedFS) Open(name string) (fs.File, error) {
	f.r.io(f.what)
	return f.FS.Open(name)
}

// recordedFile is a progress file in memory.
type recordedFile struct {
	progress.Memory
	r *recorder
}

func (f *recordedFile) ReadAll() ([]byte, error) {
	f.r.io("read progress")
	return f.Memory.ReadAll()
}

func (f *recordedFile) Append(b []byte) error {
	f.r.io("write progress")
	return f.Memory.Append(b)
}

// someDeck is the built-in deck; in short, two of its notes: the whole is read by
// each test anew.
func someDeck() fs.FS {
	if !testing.Short() {
		return deck.Files()
	}
	some := fstest.MapFS{}
	for _, name := range []string{"queues/errors.md", "queues/fifo.md"} {
		src, err := fs.ReadFile(deck.Files(), name)
		if err != nil {
			panic(err)
		}
		some[name] = &fstest.MapFile{Data: src}
	}
	return some
}

// played is the program under a recorder, with files in memory.
type played struct {
	*uitest.Pump
	r       *recorder
	w       *Env
	files   map[string]string
	screens *kit.ScreenStack
}

// record starts the program as `esmlab` does, or on what begin lays on the
// screens. It belongs in a bubble.
func record(t *testing.T, hold []string, begin func(*played) error) *played {
	t.Helper()
	r := &recorder{t: t, calls: map[string]int{}, gate: map[string]chan bool{}}
	for _, what := range hold {
		r.gate[what] = make(chan bool)
	}
	p := &played{r: r, files: map[string]string{}}
	p.w = &Env{File: &recordedFile{r: r},
		Deck: recordedFS{someDeck(), r, "read deck"}, Lessons: recordedFS{lessons.Files(), r, "read lessons"},
		Builtin: func(name string) ([]byte, bool) {
			if name != defaultScenario { // it is read before anything opens
				r.io("read scenario")
			}
			return scenario.Builtin(name)
		},
		ReadFile: func(name string) ([]byte, error) {
			r.io("read file")
			if src, ok := p.files[name]; ok {
				return []byte(src), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
		Dir: func(name string) fs.FS {
			files := fstest.MapFS{}
			for name, src := range p.files {
				files[name] = &fstest.MapFile{Data: []byte(src)}
			}
			sub, err := fs.Sub(files, filepath.ToSlash(filepath.Clean(name)))
			if err != nil { // a folder outside
				sub = fstest.MapFS{}
			}
			return recordedFS{sub, r, "read folder"}
		}}
	p.w.complete()
	if begin == nil {
		begin = func(p *played) error {
			o := &runOptions{}
			o.flags(&cobra.Command{})
			home := p.w.user().Home(p.screens, o.changes())
			p.screens.Open(home)
			opts, err := p.w.user().LabOptions(defaultScenario, o.changes())
			if err != nil {
				return err
			}
			opts.Welcome, opts.Begin = true, p.w.user().Begin(p.screens, home)
			return p.w.user().OpenOn(p.screens, opts)
		}
	}
	store := p.w.user().Progress()
	store.Defer()
	m, err := ui.Model(ui.Options{Mouse: true, Progress: store}, func(screens *kit.ScreenStack) error {
		p.screens = screens
		return begin(p)
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Pump = uitest.New(m)
	r.pump = p.Pump
	return p
}

func (p *played) keys(keys ...string) {
	for _, k := range keys {
		p.Send(press(k))
	}
}

func (p *played) typed(text string) {
	for _, c := range text {
		p.Send(press(string(c)))
	}
}

func (p *played) has(want ...string) {
	p.r.t.Helper()
	text := ansi.Strip(p.View())
	for _, w := range want {
		if !strings.Contains(text, w) {
			p.r.t.Errorf("no %q in\n%s", w, text)
		}
	}
}

// home goes back until Home is seen.
func (p *played) home() {
	for range 10 {
		if p.screens.Top().Title() == "Home" {
			p.keys("up") // the digit after esc opens nothing
			return
		}
		p.keys("esc")
	}
	p.r.t.Errorf("esc does not lead Home:\n%s", ansi.Strip(p.View()))
}

// Nothing is read or written in Update or View, on any way through the program.
func TestNoIOInUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := record(t, nil, nil)
		src, _ := scenario.Builtin("eight-records")
		p.files["mine.yaml"] = string(src)
		p.has("Shards · Orders", "New here?")
		p.keys("1") // the tour, from the lab's first line
		p.has("Say: A few words to begin with", "1 of ")
		p.keys("enter")
		p.home()
		p.has("all lessons", "cards due", "a template…")
		p.keys("2", "down", "enter") // the list of lessons, and one of them
		p.home()
		p.keys("3")
		p.has("what is due")
		p.keys("enter", "0")
		p.has("It is ")
		p.keys("w")
		p.keys("esc", "enter", "0", "4", "enter")
		p.home()
		p.keys("t")
		p.typed("yours.yaml")
		p.keys("enter")
		p.has("yours.yaml: there is no such file", "› yours.yaml")
		p.keys("ctrl+u")
		p.typed("mine.yaml")
		p.keys("enter")
		p.has("Shards · Orders")
		p.Sleep(1500 * time.Millisecond)
		p.files["mine.yaml"] += "\n# saved\n"
		p.Sleep(1500 * time.Millisecond)
		p.has("The file has changed")
		p.keys("R")
		p.has("The file was read again")
		for what, least := range map[string]int{"read deck": 1, "read lessons": 1, "read scenario": 10, "read file": 4, "read progress": 4, "write progress": 3} {
			if n := p.r.count(what); n < least {
				t.Errorf("%s: %d times, the way through the program is too short", what, n)
			}
		}
		p.Close()
	})
}

// The first frame comes before deck, lessons, scenarios and progress were opened,
// and Home says what it waits for. What comes late finds its place, or nobody.
func TestFirstFrameWaitsForNothing(t *testing.T) {
	all := []string{"read deck", "read lessons", "read scenario", "read progress"}
	synctest.Test(t, func(t *testing.T) {
		p := record(t, all, nil)
		p.has("Shards · Orders", "New here?")
		for _, what := range all {
			if n := p.r.count(what); n > 0 {
				t.Errorf("%s: %d times before the first frame", what, n)
			}
		}
		p.keys("esc")
		p.has("c  continue", "loading lessons…", "loading the deck…", "loading scenarios…")
		p.keys("esc") // goes on at once
		p.has("Shards · Orders")
		p.keys("esc", "down", "2") // no line has this digit yet
		p.has("loading lessons…", "› t  a template…")
		close(p.r.gate["read scenario"])
		p.Sleep(time.Millisecond)
		p.has("loading lessons…", "poison-record", "› t  a template…")
		for _, what := range []string{"read deck", "read lessons", "read progress"} {
			close(p.r.gate[what])
		}
		p.Sleep(time.Millisecond)
		p.has("1  next lesson  The tour", "10 cards due", "› t  a template…")
		if n := p.r.count("read scenario"); n > len(scenario.Names())+5 {
			t.Errorf("scenarios were read %d times: each once", n)
		}
		p.Close()
	})
}

// What is opened while it is still being read: keys wait for it, esc gives it up,
// and what comes afterwards opens nothing.
func TestOpeningTakesLong(t *testing.T) {
	hold := func(t *testing.T, f func(p *played)) {
		synctest.Test(t, func(t *testing.T) {
			p := record(t, []string{"read lessons"}, nil)
			f(p)
			p.Close()
		})
	}
	t.Run("typed ahead", func(t *testing.T) {
		hold(t, func(p *played) {
			p.keys("1", "enter") // the tour; then what is for the tour
			p.has("Shards · Orders")
			p.Sleep(200 * time.Millisecond)
			p.has("loading the lesson…", "esc stops")
			p.Send(tea.WindowSizeMsg{Width: 100, Height: 30})
			close(p.r.gate["read lessons"])
			p.Sleep(time.Millisecond)
			p.has("2 of 7")
			if n := len(p.screens.Screens()); n != 3 {
				t.Errorf("%d screens", n)
			}
		})
	})
	t.Run("given up", func(t *testing.T) {
		hold(t, func(p *played) {
			p.keys("1", "enter", "esc")
			close(p.r.gate["read lessons"])
			p.Sleep(time.Second)
			p.has("Shards · Orders", "New here?")
			p.keys("esc")
			p.has("all lessons")
		})
	})
	t.Run("twice", func(t *testing.T) {
		hold(t, func(p *played) {
			p.keys("1", "esc", "1")
			close(p.r.gate["read lessons"])
			p.Sleep(time.Millisecond)
			p.has("Say: A few words to begin with")
			p.keys("esc")
			p.has("New here?")
		})
	})
	t.Run("left", func(t *testing.T) {
		hold(t, func(p *played) {
			p.keys("1", "ctrl+c")
			if !p.Quit() {
				t.Error("ctrl+c does not leave")
			}
			close(p.r.gate["read lessons"])
		})
	})
}

// A command that opens something begins with a screen that says what is read.
func TestLoadingScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := record(t, []string{"read deck"}, func(p *played) error {
			o := &runOptions{}
			o.flags(&cobra.Command{})
			p.screens.Open(p.w.user().Home(p.screens, o.changes()))
			p.screens.Open(kit.NewLoading(p.screens, p.w.user().Questions().Opening(p.screens, quiz.Request{}, quiz.Mode{})))
			return nil
		})
		p.has("loading the quiz…", "esc home")
		p.keys("esc")
		p.has("loading the deck…")
		close(p.r.gate["read deck"])
		p.Sleep(time.Millisecond)
		p.has("10 cards due")
		p.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		p := record(t, nil, func(p *played) error {
			p.w.user().Deck = recordedFS{fstest.MapFS{}, p.r, "read deck"}
			o := &runOptions{}
			o.flags(&cobra.Command{})
			p.screens.Open(p.w.user().Home(p.screens, o.changes()))
			p.screens.Open(kit.NewLoading(p.screens, p.w.user().Questions().Opening(p.screens, quiz.Request{}, quiz.Mode{Exam: &session.ExamOptions{}})))
			return nil
		})
		p.has("The quiz cannot be opened.", "no exam can be drawn from the built-in deck")
		p.keys("enter")
		p.has("all lessons")
		p.Close()
	})
}
