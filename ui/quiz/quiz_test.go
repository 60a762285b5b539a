package quiz

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/hinshun/vt10x"

	"esmlab/quiz/card"
	"esmlab/quiz/fact"
	"esmlab/quiz/progress"
	"esmlab/quiz/proof"
	"esmlab/quiz/session"
	"esmlab/ui"
	"esmlab/ui/kit"
)

var zone = time.FixedZone("CET", 3600)

// rig is a deck of all kinds of cards with progress in memory.
type rig struct {
	t    *testing.T
	file *progress.Memory
	o    *Options
	now  time.Time
	skew time.Duration // added to the clock of the test
}

func newRig(t *testing.T, only ...string) *rig {
	t.Helper()
	src, err := os.ReadFile("testdata/notes.md")
	if err != nil {
		t.Fatal(err)
	}
	n, err := card.Open(fstest.MapFS{"notes.md": {Data: src}}).Note("notes.md", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Problems) > 0 {
		t.Fatal(n.Problems)
	}
	r := &rig{t: t, file: &progress.Memory{}, now: time.Date(2026, 12, 2, 9, 0, 0, 0, zone)}
	lines := 0
	r.o = &Options{Name: "the notes of a test", Seed: 7, Run: "run", Now: func() time.Time { return r.now },
		Store: progress.Open(r.file, progress.Options{Machine: "screens", NewID: func() string { lines++; return fmt.Sprintf("l%04d", lines) }})}
	for i := range n.Cards {
		c := &n.Cards[i]
		if len(only) == 0 || slices.Contains(only, c.ID) {
			r.o.Deck = append(r.o.Deck, &Entry{Card: c, Prover: &proof.Prover{}})
		}
	}
	if len(r.o.Deck) == 0 {
		t.Fatal("no cards")
	}
	return r
}

func (r *rig) kinds() []progress.Kind {
	var out []progress.Kind
	for l := range r.o.Store.Lines {
		if l.Kind != progress.KindCard {
			out = append(out, l.Kind)
		}
	}
	return out
}

// last is the last line of a kind.
func (r *rig) last(kind progress.Kind) progress.Line {
	var out progress.Line
	for l := range r.o.Store.Lines {
		if l.Kind == kind {
			out = l
		}
	}
	return out
}

// lowest lies below, as a screen.
type lowest struct{ kit.BaseScreen }

func (lowest) Title() string                     { return "Home" }
func (lowest) HandleKey(tea.KeyPressMsg) tea.Cmd { return nil }
func (lowest) Draw(w, h int) (string, *tea.Cursor) {
	return strings.TrimSuffix(strings.Repeat(kit.Fit("HOME", w)+"\n", h), "\n"), nil
}

// term is the whole program under a clock that the test moves: bytes go in as
// a terminal sends them, cells come out.
type term struct {
	t    *testing.T
	p    *tea.Program
	vt   vt10x.Terminal
	raw  bytes.Buffer
	in   *io.PipeWriter
	done chan error
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

// play runs the program on a rig, and plays on it.
func play(t *testing.T, r *rig, w, h int, begin func(*Today), do func(*term)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		from := r.now
		r.o.Now = func() time.Time { return from.Add(time.Since(start) + r.skew) }
		s := &term{t: t, vt: vt10x.New(vt10x.WithSize(w, h)), done: make(chan error, 1)}
		out := writer(func(p []byte) (int, error) {
			s.raw.Write(p)
			s.vt.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
			return len(p), nil
		})
		r.o.Store.Defer()
		m, err := ui.Model(ui.Options{Env: []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, Mouse: true, Progress: r.o.Store}, func(screens *kit.ScreenStack) error {
			screens.Open(lowest{})
			d := New(screens, r.o)
			screens.Open(d)
			if begin != nil {
				begin(d)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		pr, pw := io.Pipe()
		s.in = pw
		s.p = tea.NewProgram(m, tea.WithInput(pr), tea.WithOutput(out), tea.WithWindowSize(w, h), tea.WithoutSignalHandler(),
			tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithColorProfile(colorprofile.TrueColor))
		go func() { _, err := s.p.Run(); s.done <- err }()
		s.wait(time.Second)
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

var bytesOf = map[string]string{"enter": "\r", "space": " ", "esc": "\x1b", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
	"pgdown": "\x1b[6~", "pgup": "\x1b[5~", "f1": "\x1bOP", "ctrl+p": "\x10"}

// keys presses keys as a terminal sends them.
func (s *term) keys(keys ...string) {
	for _, k := range keys {
		if b, ok := bytesOf[k]; ok {
			k = b
		}
		io.WriteString(s.in, k)
		s.wait(200 * time.Millisecond)
	}
}

func (s *term) text() string { return s.vt.String() }

func (s *term) has(want ...string) {
	s.t.Helper()
	for _, w := range want {
		if !strings.Contains(s.text(), w) {
			s.t.Errorf("no %q in\n%s", w, s.text())
		}
	}
}

func (s *term) hasNot(not ...string) {
	s.t.Helper()
	for _, w := range not {
		if strings.Contains(s.text(), w) {
			s.t.Errorf("%q is in\n%s", w, s.text())
		}
	}
}

// A question from asking it to its reasons: choosing, how sure, when each
// option would be right, the dates, the next one.
func TestChoice(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		r := newRig(t, "one-choice", "two-choices")
		play(t, r, size[0], size[1], nil, func(s *term) {
			s.has("2 cards due, about 2 min: 2 new", "1  what is due", "Each answer is kept")
			s.keys("enter")
			s.has("A stream with one shard feeds Ship.", "What does the queue Failures hold in the end?", "1 of 2  new", "0  don't know")
			s.hasNot("Right with", "n13")
			at := s.option("all eight records")
			s.keys("enter")
			s.has("Choose first")
			s.keys(at)
			s.has("› "+at+"  ● One message that points to all eight", "enter when done")
			s.keys("enter")
			s.has("How sure are you?   1 guess   2 fairly   3 sure")
			s.keys("esc")
			s.hasNot("How sure are you?")
			s.keys(at, "2") // the same again is done
			s.has("RIGHT. Good: in 10 minutes", "right, your answer", "The batch is the unit of failure", "Discarded batches, read 2026-11-23")
			if n := strings.Count(s.text(), "Right with") + strings.Count(s.text(), "Right if"); n != 3 {
				t.Errorf("%d of 3 wrong options say when they are right:\n%s", n, s.text())
			}
			if l := r.last(progress.KindReview); l.Card != "one-choice" || !l.Right || l.Confidence != progress.Fairly || len(l.Answer) != 1 || l.Answer[0] != 2 {
				t.Errorf("written: %+v", l)
			}
			s.keys("4")
			s.has("RIGHT. Easy: in 8 days")
			s.hasNot("Right here")
			s.keys("space")
			s.has("Which two settings", "Choose two.")
		})
		if got := r.kinds(); !slices.Equal(got, []progress.Kind{progress.KindReview, progress.KindGrade}) {
			t.Errorf("lines %v", got)
		}
	}
}

// option is the digit of the option that holds a text.
func (s *term) option(text string) string {
	s.t.Helper()
	for _, row := range strings.Split(s.text(), "\n") {
		if !strings.Contains(row, text) || !strings.ContainsAny(row, "○●[") {
			continue
		}
		for _, f := range strings.Fields(row) {
			if len(f) == 1 && f[0] >= '1' && f[0] <= '9' {
				return f
			}
		}
	}
	s.t.Fatalf("no option %q in\n%s", text, s.text())
	return ""
}

// Wrong and sure: the run is offered before the reasons; w opens the lab just
// before it is decided, → shows it happen, esc comes back to the same card.
func TestSureAndWrong(t *testing.T) {
	r := newRig(t, "one-choice")
	play(t, r, 80, 24, nil, func(s *term) {
		s.keys("enter", "w")
		s.has("Answer first")
		at := s.wrong("all eight")
		s.keys(at, "enter", "3")
		s.has("NOT SO, and you were sure", "w      the lab", "You were sure of "+at)
		s.hasNot("Right here")
		s.keys("w")
		s.has("eight-records", "Just before it is decided", "4 Queues · Failures", "0 messages arrived", "t 00:01.7")
		s.keys("right")
		s.has("1 message", "t 00:01.8")
		s.keys("esc")
		s.has("NOT SO: it is", "Again: in 10 minutes", "The batch is the unit", "your answer")
		s.keys("w", "esc")
		s.has("NOT SO: it is")
	})
	if c := r.o.Store.Calibration()[2]; c.Asked != 1 || c.Right != 0 {
		t.Errorf("calibration %+v", c)
	}
}

// Several are right: digits toggle; a part of them is not right.
func TestMultiple(t *testing.T) {
	r := newRig(t, "two-choices")
	play(t, r, 80, 24, nil, func(s *term) {
		s.keys("enter")
		a, b, c := s.option("MaximumRetryAttempts"), s.option("MaximumRecordAge"), s.option("BatchSize")
		s.keys(a, "enter")
		s.has("Choose two: one more, or 0 for don't know")
		s.keys(c, b)
		s.has("Choose two: you have. Take one back first, ")
		s.keys("enter", "1")
		s.has("PARTLY RIGHT", "Again: in 1 minute")
		s.keys("z")
		s.has("Taken back", "Choose two.", "[ ] MaximumRetryAttempts")
		s.keys(a, b, "enter", "1")
		s.has("RIGHT. Hard")
		s.hasNot("that you guessed so far") // one answer says nothing
	})
	if l := r.last(progress.KindReview); !l.Right || len(l.Answer) != 2 {
		t.Errorf("written: %+v", l)
	}
}

// Don't know, skip and a tip.
func TestNotKnown(t *testing.T) {
	for _, key := range []string{"0", ">"} {
		r := newRig(t, "one-choice")
		play(t, r, 80, 24, nil, func(s *term) {
			s.keys("enter", "t")
			s.has("tip  3 would be right ")
			s.keys(key)
			s.has("It is ", "Again: in 1 minute", "The batch is the unit")
		})
		if l := r.last(progress.KindReview); l.Right || !l.Hint || len(l.Answer) != 0 || l.Confidence != 0 {
			t.Errorf("written: %+v", l)
		}
	}
}

// Free recall: the answer is hidden until it is asked for, then the person
// grades it.
func TestRecall(t *testing.T) {
	r := newRig(t, "by-heart")
	play(t, r, 80, 24, nil, func(s *term) {
		s.keys("enter")
		s.has("What does a mapping need", "Say the answer to yourself")
		s.hasNot("enabled")
		s.keys("t")
		s.has("It begins: The stream, enabled on the …")
		s.keys("space")
		s.has("│ - The stream, enabled on the table.", "1 again in 1 minute", "3 good in 10 minutes", "4 easy in 8 days")
		s.keys("4")
		s.has("Done for now", "1 question answered, 1 right.")
	})
	if l := r.last(progress.KindReview); l.Grade != 4 || !l.Hint {
		t.Errorf("written: %+v", l)
	}
}

// Blanks and pairs are typed; what was typed stays where it was wrong.
func TestTyped(t *testing.T) {
	r := newRig(t, "two-blanks")
	play(t, r, 80, 24, nil, func(s *term) {
		s.keys("enter")
		s.has("A shard is read by one ____ per mapping", "blank 1 ›", "blank 2 ›")
		s.keys("Iterator", "enter", "window", "enter")
		s.has("blank 1 › Iterator", "How sure are you?")
		s.keys("2")
		s.has("NOT SO", "● iterator", "X retention (you wrote: window)")
		s.keys("z", "iterator", "tab", "retention", "enter", "2")
		s.has("RIGHT")
	})
	r = newRig(t, "pairs")
	play(t, r, 80, 24, nil, func(s *term) {
		s.keys("enter")
		s.has("a  Kinesis", "b  SQS", "1  ", "2  ", "the numbers for a b ›")
		answer := "12"
		if strings.Contains(s.text(), "1  a visibility timeout") {
			answer = "21"
		}
		s.keys(answer[:1], " ", answer[1:], "enter", "3")
		s.has("RIGHT", "Kinesis → shards")
	})
	r = newRig(t, "pairs")
	play(t, r, 80, 24, nil, func(s *term) {
		s.keys("enter", "esc", "0")
		s.has("Not known. Again: in 1 minute", "SQS → a visibility timeout")
	})
}

// After the answer the lab opens in the world in which a wrong option is
// right; where no world makes it right, that is said.
func TestOptionsWorld(t *testing.T) {
	play(t, newRig(t, "one-choice"), 80, 24, nil, func(s *term) {
		s.keys("enter")
		at := s.option("6, 7 and 8")
		s.keys("0", "W")
		s.has("Which option's world?", "the world of that option")
		s.keys("esc")
		s.hasNot("Which option's world?")
		s.keys("W", at)
		s.has("Here it is", "eight-records")
		s.keys("esc")
		s.has("It is ", "The batch is the unit")
	})
}

// Line by line too: w and an option's number tells the run in which it is right.
func TestOptionsWorldPlain(t *testing.T) {
	r := newRig(t, "one-choice", "two-choices")
	out := ""
	for range 2 { // whichever of the two comes first
		out += r.plain("w\nw 1\n0\nw 9\nw 1\nw 2\nw 3\n\nw\nq\n", Mode{Cram: true})
		r.o.Seed++
	}
	for _, want := range []string{"Answer first", "W, or w and the number of an option: 1 to 4.", "record 6", "ShipOrders: Orders → Ship"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	runs := map[string]bool{}
	for _, run := range strings.Split(out, "what happened\n")[1:] {
		run, _, _ = strings.Cut(run, "What became of")
		runs[run] = true
	}
	if len(runs) < 3 {
		t.Errorf("%d different runs in\n%s", len(runs), out)
	}
}

// Each key of the quiz does what the registry says of it.
func TestKeys(t *testing.T) {
	choice := []string{"one-choice", "two-choices"}
	exam := func(d *Today) { _ = d.Exam(session.ExamOptions{Version: session.C03, Questions: 2, Seed: 1}) }
	cases := []struct {
		action string
		cards  []string
		begin  func(*Today)
		keys   []string
		want   []string
	}{
		{"up", choice, nil, []string{"down", "up", "up", "enter"}, []string{"What does the queue"}},
		{"down", choice, nil, []string{"enter", "down", "down", "enter"}, []string{"How sure are you?"}},
		{"inside", nil, nil, nil, nil},
		{"choose", choice, nil, []string{"1", "1"}, []string{"› 1  ●"}},
		{"unknown", choice, nil, []string{"1", "0"}, []string{"It is "}},
		{"done", choice, nil, []string{"1", "1", "enter"}, []string{"How sure"}},
		{"show", choice, nil, []string{"space", "space", "down", "space", "enter"}, []string{"How sure"}},
		{"tip", choice, nil, []string{"1", "t"}, []string{"tip  "}},
		{"skip", choice, nil, []string{"1", ">"}, []string{"It is "}},
		{"flag", choice, exam, []string{"!"}, []string{"flagged"}},
		{"see", choice, nil, []string{"1", "0", "w"}, []string{"eight-records"}},
		{"see-option", choice, nil, []string{"1", "0", "W"}, []string{"Which option's world?  1 to 3", "the world of that option"}},
		{"take-back", choice, nil, []string{"1", "z", "0", "z"}, []string{"Taken back"}},
		{"retire", choice, nil, []string{"1", "x"}, []string{"Set aside, no longer asked: What does the queue", "Which two"}},
		{"retire", choice, nil, []string{"1", "x", "esc", "x"}, []string{"Asked again: 1 card"}},
		{"question-after", choice, exam, []string{"right"}, []string{"Question 2 of 2"}},
		{"question-before", choice, exam, []string{"right", "left"}, []string{"Question 1 of 2"}},
		{"all-questions", choice, exam, []string{"tab"}, []string{"0 of 2 answered, 0 flagged", "hand in"}},
		{"page-down", choice, nil, []string{"1", "0", "pgdown"}, []string{"The question was about this:"}},
		{"page-up", choice, nil, []string{"1", "0", "pgdown", "pgup"}, []string{"What does the queue"}},
		{"help", choice, nil, []string{"1", "?", "d", "o", "n", "'", "t", "enter"}, []string{"It is "}},
		{"palette", choice, nil, []string{"1", ":", "flag"}, []string{"Command", "not now: Flags are for exams"}},
		{"palette", choice, nil, []string{"1", ":", "poll", "enter"}, []string{"No class can be asked from here"}},
		{"palette", choice, nil, []string{"1", ":", "skip", "enter"}, []string{"It is "}},
		{"flag", choice, nil, []string{"1", "!"}, []string{"▸ Flags are for exams"}},
		{"flag", choice, nil, []string{"1", "?", "f", "l", "a", "g"}, []string{"not now: Flags are for exams"}},
		{"back", choice, nil, []string{"1", "esc", "esc"}, []string{"HOME"}},
		{"quit", choice, func(d *Today) { d.o.Store = broken() }, []string{"1", "0", "q"}, []string{"Leave?", "could not be saved and would be lost"}},
	}
	tested := map[string]bool{"quit-now": true, "suspend": true}
	for _, c := range cases {
		tested[c.action] = true
		if c.cards == nil {
			continue
		}
		t.Run(c.action, func(t *testing.T) {
			play(t, newRig(t, c.cards...), 80, 24, c.begin, func(s *term) {
				s.keys(c.keys...)
				s.has(c.want...)
			})
		})
	}
	for i := range kit.Actions {
		if a := &kit.Actions[i]; a.In&kit.InQuiz != 0 && !tested[a.ID] {
			t.Errorf("no test presses %s (%s)", a.Label, a.Does)
		}
	}
}

// Each screen of the quiz has a binding for each action, and no others.
func TestBindings(t *testing.T) {
	r := newRig(t)
	screens := &kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}
	screens.Open(lowest{})
	d := New(screens, r.o)
	x, err := newExam(screens, r.o, session.ExamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := newAsking(screens, r.o, newCardCourse(r.o, false))
	if err != nil {
		t.Fatal(err)
	}
	res := &Result{screen: screen{screens: screens, o: r.o}, x: x}
	res.bind(res.actions())
	for name, k := range map[string]*kit.Keymap{"today": d.keys, "asking": a.keys, "exam": x.keys, "result": res.keys} {
		if gaps := k.Gaps(); len(gaps) > 0 {
			t.Errorf("%s: %s", name, strings.Join(gaps, "\n"))
		}
	}
}

// Where the person has chosen another key, that one is shown, and works.
func TestOwnKeys(t *testing.T) {
	a := kit.FindAction("see")
	was := *a
	defer func() { *a = was }()
	a.Keys, a.Label = []string{"W"}, "W"
	play(t, newRig(t, "one-choice"), 80, 24, nil, func(s *term) {
		s.keys("enter")
		at := s.wrong("all eight")
		s.keys(at, at, "3")
		s.has("See it happen first: W", "W see it happen")
		s.keys("w")
		s.has("See it happen first: W")
		s.keys("W")
		s.has("eight-records")
	})
}

// broken is a store whose disk is full.
func broken() *progress.Store {
	n := 0
	return progress.Open(&progress.Memory{Fail: func() error { return fmt.Errorf("write: no space left on device") }},
		progress.Options{NewID: func() string { n++; return fmt.Sprint("b", n) }})
}

// What cannot be saved is said at once, and the quiz goes on; when the disk is
// back, nothing is missing.
func TestFullDisk(t *testing.T) {
	r := newRig(t, "one-choice", "by-heart")
	full := true
	r.file.Fail = func() error {
		if full {
			return fmt.Errorf("write progress.jsonl: no space left on device")
		}
		return nil
	}
	play(t, r, 80, 24, nil, func(s *term) {
		s.keys("enter", "0")
		s.has("▲ Not saved: write progress.jsonl: no space left on device", "The batch is the unit")
		full = false
		s.keys("enter", "space", "3")
		s.hasNot("Not saved")
	})
	if n := len(progress.Open(r.file, progress.Options{}).Card("one-choice").Reviews); n != 1 || r.o.Store.Unsaved() != 0 {
		t.Errorf("%d reviews on disk, %d lines unsaved", n, r.o.Store.Unsaved())
	}
}

// reviews gives the cards that were answered, as they stand on disk.
func (r *rig) reviews() (out []string) {
	data, _ := r.file.ReadAll()
	again := progress.Open(&progress.Memory{Data: data}, progress.Options{})
	for l := range again.Lines {
		if l.Kind == progress.KindReview {
			out = append(out, l.Card)
		}
	}
	if n := again.Report().Again; n > 0 {
		r.t.Errorf("%d lines stand in the file twice", n)
	}
	return out
}

// The next question comes when the answer is on disk, however slow that is.
// What is typed meanwhile is taken then, in its order; esc leaves at once.
func TestSlowDisk(t *testing.T) {
	slow := func(r *rig) { r.file.Fail = func() error { time.Sleep(2 * time.Second); return nil } }
	t.Run("next", func(t *testing.T) {
		r := newRig(t, "one-choice", "two-choices")
		slow(r)
		play(t, r, 80, 24, nil, func(s *term) {
			s.keys("enter", "0")
			s.has("It is ", "The batch is the unit") // the answer is seen at once
			s.hasNot("saving")
			s.keys("enter")
			s.has("saving…", "The batch is the unit")
			if n := len(r.reviews()); n != 0 {
				t.Errorf("%d reviews are on disk", n)
			}
			s.keys("enter", "0") // for the second question: choose first, then don't know
			s.wait(4 * time.Second)
			s.has("2 of 3")
			s.wait(4 * time.Second)
			s.hasNot("saving")
		})
		if got := r.reviews(); !slices.Equal(got, []string{"one-choice", "two-choices"}) && !slices.Equal(got, []string{"two-choices", "one-choice"}) {
			t.Errorf("on disk: %v", got)
		}
	})
	t.Run("esc", func(t *testing.T) {
		r := newRig(t, "one-choice", "two-choices")
		slow(r)
		play(t, r, 80, 24, nil, func(s *term) {
			s.keys("enter", "0", "enter", "0", "esc")
			s.has("1 being learned, 1 new")
			s.wait(5 * time.Second) // the news of the disk comes to a screen that was left
			s.has("1 being learned, 1 new")
			s.keys("enter")
			s.has("1 of ", "don't know")
		})
		if got := r.reviews(); len(got) != 1 {
			t.Errorf("on disk: %v", got)
		}
	})
	t.Run("exam", func(t *testing.T) {
		r := newRig(t)
		slow(r)
		play(t, r, 80, 24, func(d *Today) { _ = d.Exam(session.ExamOptions{Timer: session.TimerOff}) }, func(s *term) {
			s.keys("1", "enter")
			s.has("Question 1 of", "saving…")
			s.wait(2 * time.Second)
			s.has("Question 2 of")
		})
	})
}

// What the file says of itself stands on the first screen.
func TestNotesOfTheFile(t *testing.T) {
	r := newRig(t)
	r.file.Data = []byte("{\"v\":9,\"kind\":\"review\"}\nrubbish\n{\"v\":1,")
	r.o.Notes = []string{"A question was edited."}
	play(t, r, 120, 36, nil, func(s *term) {
		s.has("▲ Written by a newer esmlab, kept", "Line 2 of the progress file cannot be read", "was cut short", "▲ A question was edited.")
	})
	if !strings.HasPrefix(string(r.file.Data), "{\"v\":9") {
		t.Error("the file was written over")
	}
}

// A card that was sure and wrong rests; the next comes by itself.
func TestWaiting(t *testing.T) {
	r := newRig(t, "one-choice")
	play(t, r, 80, 24, nil, func(s *term) {
		s.keys("enter")
		s.keys(s.wrong("all eight"), "enter", "3", "enter", "enter")
		s.wait(5 * time.Second)
		s.has("The next card is due in 9 min 5", "1 question answered, 0 right.")
		s.wait(10 * time.Minute)
		s.has("What does the queue", "2 of 2")
	})
}

// wrong is the digit of an option beside the one that holds a text.
func (s *term) wrong(text string) string {
	s.t.Helper()
	if s.option(text) == "1" {
		return "2"
	}
	return "1"
}

// An exam: no feedback, a clock, flags, a result by skill with counts and no
// AWS score, and each miss with its reasons and its run.
func TestExam(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		r := newRig(t)
		play(t, r, size[0], size[1], func(d *Today) { _ = d.Exam(session.ExamOptions{Version: session.C03, Seed: 1}) }, func(s *term) {
			s.wait(5 * time.Second)
			s.has("exam C03", "3 min 5", " left", "Question 1 of 2", "Not weighed as DVA-C03 is: too few questions here are on")
			for range 2 {
				if strings.Contains(s.text(), "Which two") {
					s.keys(s.option("MaximumRetryAttempts"))
					s.has("Choose two: one more")
					s.keys(s.option("BatchSize"), "!")
					s.has("flagged")
				} else {
					s.keys(s.option("all eight"))
				}
				s.hasNot("Right", "RIGHT")
				s.keys("right")
			}
			s.keys("tab")
			s.has("2 of 2 answered, 1 flagged.", "!●  Which two")
			s.keys("h")
			s.has("Hand in?", "1 flagged. What has no whole answer")
			s.keys("n")
			s.has("Which two settings", "flagged")
			s.keys("tab", "h", "y")
			s.has("1 of 2 right. This is a count, not an AWS score", "Development with AWS Services     30 %   1 of  2  ██████████░", "What to do next",
				"1  1.2.4 event source mappings and destinations: 1 of 1 missed", "esmlab quiz --cram --topic 1.2.4: 1 card", "esmlab quiz --drill batches")
			s.keys("pgdown")
			s.has("1.2.3   1 of  1  event lifecycle and errors", "No estimate of AWS's score")
			s.keys(">")
			s.has("Which two settings", "One counts tries", "Never: it says how large", "Flagged in the exam.")
			s.keys("w")
			s.has("No run proves this card")
			s.keys("esc", "enter")
			s.has("1 of 2")
			s.keys("tab")
			s.has("All questions", "!X  Which two", " ●  What does the queue")
			s.keys("esc", "esc", "1")
			s.has("question 1", "Which two settings")
			s.keys("esc", "esc", "6")
			s.has("how it goes", "1  Development with AWS Services", "0 % known of 2 cards, 0 asked; in exams 1 of 2")
			s.keys("pgdown")
			s.has("Exams so far", "2026-12-02  C03   1 of  2   50 %, in ")
			s.keys("tab", "enter")
			s.has("1 of 2 right")
			s.keys(">")
			s.has("Flagged in the exam.")
			s.keys("esc", "esc", "esc", "esc")
			s.has("HOME")
		})
		if l := r.last(progress.KindExamEnd); l.Correct != 1 || l.Asked != 2 || l.Run != "run" {
			t.Errorf("written: %+v", l)
		}
		if r.o.Store.Card("one-choice").Seen() {
			t.Error("the exam touched the schedule")
		}
	}
}

// When the time is up the exam is handed in by itself.
func TestTimeUp(t *testing.T) {
	r := newRig(t)
	play(t, r, 80, 24, func(d *Today) { _ = d.Exam(session.ExamOptions{Version: session.C02, Seed: 1}) }, func(s *term) {
		s.wait(4 * time.Minute)
		s.has("0 of 2 right", "Time ran out")
		s.keys("enter", "w", "right", "esc")
	})
}

// Each miss can be looked at in the world in which a wrong option is right.
func TestMissedOptionsWorld(t *testing.T) {
	play(t, newRig(t, "one-choice"), 80, 24, func(d *Today) { _ = d.Exam(session.ExamOptions{Version: session.C02, Seed: 1}) }, func(s *term) {
		at := s.option("6, 7 and 8")
		s.wait(4 * time.Minute)
		s.keys("enter", "W")
		s.has("Which option's world?  1 to ")
		s.keys("z", at, "W", at)
		s.has("Here it is", "eight-records")
		s.keys("esc")
		s.has("Not answered: it is")
	})
}

// Leaving an exam asks.
func TestLeaveExam(t *testing.T) {
	r := newRig(t)
	play(t, r, 80, 24, func(d *Today) { _ = d.Exam(session.ExamOptions{Timer: session.TimerOff}) }, func(s *term) {
		s.has("no limit")
		s.keys("esc")
		s.has("Leave the exam?")
		s.keys("y")
		s.has("what is due")
	})
}

// The menus of the first screen lead to an exam and to drills.
func TestMenus(t *testing.T) {
	r := newRig(t)
	play(t, r, 80, 24, nil, func(s *term) {
		s.keys("3")
		s.has("DVA-C02", "‹ 65 questions, 2 h 10 min ›")
		s.keys("right", "right", "2")
		s.has("exam C02", "4 min left")
		s.keys("esc", "y", "4")
		s.has("everything", "batches")
		s.keys("where the checkpoint of a blocked", "enter")
		s.has("checkpoint", "Which record is the checkpoint?", "BatchSize", "4  ○")
		s.keys("1", "1", "2")
		s.has("Right", "enter next", "w see it happen")
		s.keys("w")
		s.has("drill checkpoint", "ShipOrders", "t 00:0")
		s.keys("esc", "enter")
		s.has("question 2", "Which record is the checkpoint?")
		s.keys("esc", "2")
		s.has("cram", "question 1")
	})
	if got := r.kinds(); !slices.Equal(got, []progress.Kind{progress.KindDrill}) {
		t.Errorf("lines %v", got)
	}
}

// A cram leaves the schedule alone.
func TestCram(t *testing.T) {
	r := newRig(t, "one-choice")
	play(t, r, 80, 24, func(d *Today) { d.Cram() }, func(s *term) {
		s.has("4  ○") // all options
		s.keys(s.option("all eight"), "enter", "3")
		s.has("RIGHT")
		s.hasNot("Grade it")
		s.keys("enter")
		s.has("Done for now")
	})
	if got := r.kinds(); !slices.Equal(got, []progress.Kind{progress.KindCram}) || r.o.Store.Card("one-choice").Seen() {
		t.Errorf("lines %v", got)
	}
}

// A cram leaves the schedule alone, so it sets no card aside either: not before
// the answer, not after it, whichever way it is asked for.
func TestCramSetsNothingAside(t *testing.T) {
	for _, before := range [][]string{nil, {"0"}} {
		for name, keys := range map[string][]string{"key": {"x"}, "help": {"?", "set this card aside", "enter"}, "palette": {":", "retire", "enter"}} {
			r := newRig(t, "one-choice", "two-choices")
			play(t, r, 120, 36, func(d *Today) { d.Cram() }, func(s *term) {
				s.keys(before...)
				asked := strings.Split(s.text(), "\n")[4:8]
				s.keys(keys...)
				s.has("A cram leaves the schedule as it is")
				s.hasNot("Set aside, no longer asked")
				if now := strings.Split(s.text(), "\n")[4:8]; !slices.Equal(now, asked) {
					t.Errorf("%s: another card is asked:\n%s", name, s.text())
				}
			})
			if slices.Contains(r.kinds(), progress.KindSuspend) || r.o.Store.Card("one-choice").Suspended || r.o.Store.Card("two-choices").Suspended {
				t.Errorf("%s: a card was set aside", name)
			}
		}
	}
}

// The mouse: a click chooses, a second one means it, a click on the footer is
// its key.
func TestMouse(t *testing.T) {
	r := newRig(t, "one-choice")
	click := func(s *term, text string) {
		t.Helper()
		for y, row := range strings.Split(s.text(), "\n") {
			if x := strings.Index(row, text); x >= 0 {
				at := fmt.Sprintf("%d;%d", ansi.StringWidth(row[:x])+1, y+1)
				s.keys("\x1b[<0;" + at + "M\x1b[<0;" + at + "m")
				return
			}
		}
		t.Errorf("no %q to click on in\n%s", text, s.text())
	}
	play(t, r, 80, 24, nil, func(s *term) {
		click(s, "what is due")
		click(s, "all eight")
		s.has("● One message that points to all eight")
		click(s, "all eight")
		s.has("How sure")
		click(s, "2 fairly  3 sure  esc")
		s.has("RIGHT")
		click(s, "w see it happen")
		s.has("eight-records")
	})
}

// What the notes say stands beside what AWS says, after the answer only.
func TestBesideAWS(t *testing.T) {
	r := newRig(t, "one-choice")
	f := &fact.Fact{ID: "N21", AWS: "300 more a minute.", State: fact.Changed}
	r.o.Deck[0].Places = []Place{{Note: "your note", Line: 34, Text: "60 more\x1b[31m a minute", Fact: f}}
	play(t, r, 80, 24, nil, func(s *term) {
		s.keys("enter")
		s.has("your note, line 34")
		s.hasNot("60 more")
		s.keys("0", "pgdown")
		s.has("“60 more[31m a minute”", "changed since. AWS today: 300 more a minute.")
	})
}

// A card's control codes do not reach the terminal, from anywhere in it.
func TestControlCodes(t *testing.T) {
	evil := "x\x1b]0;owned\x07\x1b[2J\x9b31m\u202ey\tz"
	e := &Entry{Card: &card.Card{ID: "evil", Kind: card.Single, Dialect: card.LetteredLines, Title: []card.Span{{Text: evil}}, Situation: []card.Block{{Marker: evil, Indent: 1, Spans: []card.Span{{Text: evil}}}, {Kind: 2, Spans: []card.Span{{Text: evil}}}},
		Options: []card.Option{{N: 1, Text: []card.Span{{Text: evil}}, Right: true, Reason: []card.Span{{Text: evil}}}, {N: 2, Text: []card.Span{{Text: evil + "2"}}}},
		Rule:    []card.Block{{Spans: []card.Span{{Text: evil}}}}, Sources: []card.Source{{Title: evil, URL: evil, Read: evil}}},
		Places: []Place{{Note: "your note", Line: 1, Text: evil, Fact: &fact.Fact{}}}}
	r := newRig(t)
	r.o.Deck, r.o.Name = []*Entry{e}, "evil\x1b[2J"
	bad := func(what, raw string) {
		t.Helper()
		for _, x := range []string{"\x1b]0;owned", "\x1b[2J\x1b[31m", "\u009b", "\u202e", "\x07", "y\tz"} {
			if strings.Contains(raw, x) {
				t.Errorf("%s: %q reaches the terminal", what, x)
			}
		}
	}
	play(t, r, 80, 24, nil, func(s *term) {
		s.raw.Reset()
		s.keys("enter", "t", "1", "1", "1", "pgdown")
		s.has("owned")
		bad("screen", regexp.MustCompile("\x1b\\][02];esmlab [a-z ,]*\x07").ReplaceAllString(s.raw.String(), "")) // the window's title
	})
	r = newRig(t)
	r.o.Deck = []*Entry{e}
	bad("plain", r.plain("t\n1\n2\nw\n", Mode{}))
}

// No size breaks a frame, whatever is on it.
func TestEverySize(t *testing.T) {
	r := newRig(t)
	screens := &kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ANSI)}
	screens.Open(lowest{})
	d := New(screens, r.o)
	screens.Open(d)
	check := func(s kit.Screen, what string) {
		t.Helper()
		for _, w := range []int{20, 21, 30, 39, 40, 60, 79, 80, 96, 97, 120, 160, 300} {
			for _, h := range []int{5, 6, 10, 13, 14, 15, 16, 24, 36, 100} {
				frame, cursor := s.Draw(w, h)
				rows := strings.Split(frame, "\n")
				if len(rows) != h {
					t.Fatalf("%s at %dx%d: %d rows", what, w, h, len(rows))
				}
				for i, row := range rows {
					if n := ansi.StringWidth(row); n != w && !strings.Contains(what, "dialog") || n > w {
						t.Fatalf("%s at %dx%d: row %d has %d cells: %q", what, w, h, i, n, ansi.Strip(row))
					}
				}
				if cursor != nil && (cursor.X >= w || cursor.Y >= h) {
					t.Fatalf("%s at %dx%d: the cursor is at %d,%d", what, w, h, cursor.X, cursor.Y)
				}
			}
		}
	}
	check(d, "today")
	for i := range r.o.Deck {
		r.o.Deck = []*Entry{newRig(t).o.Deck[i]}
		r.o.Store = newRig(t).o.Store
		a, err := newAsking(screens, r.o, newCardCourse(r.o, false))
		if err != nil {
			t.Fatal(err)
		}
		check(a, "open")
		press(a, "t")
		check(a, "tip")
		press(a, "?")
		check(a, "help dialog")
		press(a, "esc")
		if a.s.recall() {
			press(a, "space")
			check(a, "looked")
			continue
		}
		if a.s.typed() {
			press(a, "enter")
			press(a, "x")
			for range a.s.inputs {
				press(a, "enter")
			}
		} else {
			press(a, "1")
			press(a, "enter")
		}
		check(a, "sure")
		press(a, "3")
		check(a, "judged")
		press(a, "enter")
		check(a, "told")
	}
	r = newRig(t)
	x, err := newExam(screens, r.o, session.ExamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	screens.Open(x)
	check(x, "exam")
	press(x, "tab")
	check(x, "overview dialog")
	press(x, "esc")
	x.finish()
	check(screens.Top(), "result")
	press(screens.Top(), "enter")
	check(screens.Top(), "miss")
}

// plain takes the quiz line by line.
func (r *rig) plain(input string, m Mode) string {
	r.t.Helper()
	var out bytes.Buffer
	if err := Plain(r.t.Context(), strings.NewReader(input), &out, r.o, m); err != nil {
		r.t.Error(err)
	}
	return out.String()
}

// The frames of the quiz, and what it says line by line, as they are meant to
// be. ESMLAB_UPDATE=1 writes them anew.
func TestGoldens(t *testing.T) {
	history := func(r *rig) {
		for i := range 30 {
			at := r.now.AddDate(0, 0, -30+i)
			for j := range i % 7 {
				_ = r.o.Store.Write(r.o.Store.Stamp(at, progress.Line{Kind: progress.KindReview, Card: fmt.Sprint("other", j), Grade: 3, Right: j%3 > 0, Confidence: progress.Confidence(1 + j%3), MS: 20000}))
			}
		}
		_ = r.o.Store.Write(r.o.Store.Stamp(r.now.AddDate(0, 0, -9), progress.Line{Kind: progress.KindReview, Card: "two-choices", Grade: 4, Right: true, Confidence: 3}))
	}
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		r := newRig(t)
		history(r)
		name := func(what string) string { return fmt.Sprintf("%s-%dx%d", what, size[0], size[1]) }
		screens := &kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}
		screens.Open(lowest{})
		d := New(screens, r.o)
		screens.Open(d)
		frame := func() string {
			text, _ := screens.Top().Draw(size[0], size[1])
			var out strings.Builder
			for row := range strings.SplitSeq(ansi.Strip(text), "\n") {
				out.WriteString(strings.TrimRight(row, " ") + "\n")
			}
			return out.String()
		}
		golden(t, name("today"), frame())
		for i, k := range []string{"", "1", "1", "3", "enter"} {
			if k == "" {
				_ = d.Drill("checkpoint")
				screens.Back()
				r.o.Deck = newRig(t, "one-choice").o.Deck
				d.open(newCardCourse(r.o, false))
			} else {
				press(screens.Top(), k)
			}
			golden(t, name(fmt.Sprint("choice-", i)), frame())
		}
	}
	r := newRig(t)
	golden(t, "plain", r.plain("t\n2\n3\nz\n>\n1 3\n2\nhard\n\n3\niterator\nretention\n2\n12\n1\n", Mode{}))
	r = newRig(t)
	golden(t, "plain-exam", r.plain("1\n!\n2\n\nh\n", Mode{Exam: &session.ExamOptions{Version: session.C03, Seed: 3}}))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "frames", name+".txt")
	if os.Getenv("ESMLAB_UPDATE") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not as it should be; got\n%s", name, got)
	}
}

// Whatever the input is, the line by line quiz comes to its end.
func TestPlainEnds(t *testing.T) {
	for _, input := range []string{"", "\n", "nonsense\n", strings.Repeat("\n", 50), strings.Repeat("1\n", 60), "1", strings.Repeat("9\n?\nw\nz\nx\nt\n>\n", 9), "\x00\xff\n", strings.Repeat("a", 1<<17) + "\n2\n"} {
		for _, m := range []Mode{{}, {Cram: true}, {Drill: true}, {Exam: &session.ExamOptions{}}} {
			newRig(t).plain(input, m)
		}
	}
}
