// Package lesson is the screen of a lesson: the lab, alive, with the lesson's
// text in the place of panes 6 and 7. The person may use every key of the lab,
// leave the path and come back; it never goes on by itself.
package lesson

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/share"
	"esmlab/lessons"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

// Place is where a person left a lesson: at a step, with what was said by step.
type Place struct {
	Step int
	Said map[int][]int
}

// Options are what the screen is given from outside.
type Options struct {
	Lesson   *lessons.Lesson
	Number   string // where it stands: 2/3
	Command  string // the word by which esmlab run opens its template
	Place    Place
	Progress lessons.Progress // nil: nobody is told
	// Next opens the lesson after this one; Quiz the cards. Nil: there is none.
	Next, Quiz *kit.Opening
	Test       *kit.Opening // of the part, where this is its last lesson
	NextName   string
	// Sheet reads what is left of the part, where this is its last lesson; it is
	// called in a command. Nil: it is not its last.
	Sheet func() ([]string, error)
	// Message writes the failure record of a discard; see lab.Options.
	Message func(s *engine.Sim, discard int) []string
	Sharing lab.Sharing
}

// Screen is a lesson under way.
type Screen struct {
	*lab.Lab
	screens *kit.ScreenStack
	o       Options
	p       *lessons.Player

	shown   [2]int // step and stage that the lab was prepared for
	choice  []int  // options toggled, where several may be right
	top     int    // first row shown
	scrolls bool   // not all rows are shown
	trying  bool   // a trial is under way
	read    int    // the evidence that was read last
	areas   []int  // the option on each row; -1 none
	code    code
}

// New opens a lesson at the place where it was left.
func New(screens *kit.ScreenStack, o Options) (*Screen, error) {
	s := &Screen{screens: screens, o: o, shown: [2]int{-1, -1}}
	l := o.Lesson
	opts := lab.Options{Scenario: &lab.Scenario{Name: l.ID, Title: l.Title, Config: l.Scenario.Config, Notes: l.Scenario.Notes, World: worldOf(o)},
		Message: o.Message, Sharing: o.Sharing, Command: o.Command, Region: region{s}, After: s.follow, Also: kit.InLesson, Bindings: s.bindings(), Handlers: s.handlers(), Step: s.step, Stopped: true, Hide: l.Hides("faults")}
	inner, err := lab.New(screens, opts)
	if err != nil {
		return nil, err
	}
	s.Lab = inner
	s.p = lessons.NewPlayer(l, inner.Timeline(), kit.KeyOf, o.Progress)
	s.p.Typed(typed, kit.KeyOf("palette"))
	if o.Place.Step > 0 {
		if err := s.p.Resume(o.Place.Step, o.Place.Said); err != nil {
			return nil, err
		}
	}
	s.follow()
	return s, nil
}

// worldOf is what a lesson's run starts from, to be shared: by the lesson's name where it
// is built in, which its command begins with.
func worldOf(o Options) *share.World {
	w := share.WorldOf(o.Lesson.Scenario)
	if strings.HasPrefix(o.Command, "lesson:") {
		w.Name, w.Source = o.Command, ""
	}
	return &w
}

// Title names the lesson.
func (s *Screen) Title() string { return s.o.Lesson.Title }

// Unsaved is always "": progress in a lesson is saved as it is made.
func (s *Screen) Unsaved() string { return "" }

// stages of a step: what the lab is prepared for.
const (
	under = iota // time runs, or the person acts
	over
	finished
)

func (s *Screen) stage() int {
	switch {
	case s.p.Finished():
		return finished
	case s.p.StepDone():
		return over
	}
	return under
}

// follow reads how far the run is, and prepares the lab for what is new. It is
// called after each key, click and frame.
func (s *Screen) follow() {
	s.p.Update()
	now := [2]int{s.p.At(), s.stage()}
	if now == s.shown {
		return
	}
	if now[0] != s.shown[0] || now[1] == finished || s.shown[1] == finished {
		s.top, s.choice = 0, nil
	}
	was := s.shown
	s.shown = now
	if was[0] == now[0] && now[1] != under {
		s.Stop()
		s.Hide(s.p.HidesCause())
		s.Mark(s.p.Caused())
		return
	}
	s.begin()
}

// begin prepares the lab for a step that was entered.
func (s *Screen) begin() {
	s.Hide(s.p.HidesCause())
	s.Mark(s.p.Caused())
	s.hideAnswer()
	s.Pace(s.p.Pace())
	until := s.p.Until()
	s.Go(until) // a step that lets no time pass: nothing is waited for
	if until == nil || s.p.Step().Kind == lessons.Do {
		s.Stop()
	}
	s.code = code{list: s.p.Step().Code}
	if len(s.code.list) > 0 { // its keys scroll
		s.Focus(1)
	} else if look := s.p.Step().Focus; len(look) > 0 {
		s.Focus(lessons.Panes[look[0]])
	} else {
		s.Focus(0)
	}
}

// Work tries, beside the screen, whether the goal can still be reached.
func (s *Screen) Work() tea.Cmd {
	if s.trying {
		return nil
	}
	t := s.p.Trial()
	if t == nil {
		return nil
	}
	s.trying = true
	return kit.Run(func() (lessons.Outcome, error) { return t.Run(), nil }, func(o lessons.Outcome, _ error) tea.Cmd {
		s.trying = false
		s.p.Learn(t, o)
		return nil
	})
}

// answer takes options: a prediction, or the cause of an incident.
func (s *Screen) answer(options []int) {
	if s.predicts() {
		s.say(options)
		return
	}
	s.p.NameCause(options...)
	s.top, s.choice = 0, nil
	s.follow()
}

// hideAnswer hides what would answer an open prediction.
func (s *Screen) hideAnswer() {
	if !s.p.Asking() {
		s.Cover(nil)
		return
	}
	s.Cover(&lab.Cover{Worlds: s.p.Worlds(), Panes: s.p.Covers()})
}

// say predicts, and lets the run show it.
func (s *Screen) say(options []int) {
	s.p.Predict(options...)
	s.Cover(nil)
	s.next()
}

// next goes on.
func (s *Screen) next() {
	if !s.p.Next() && s.p.Step().Kind == lessons.Do {
		s.Say(kit.WithKeys("The goal is not reached yet: it says below what is still wrong. {hint} gives a tip, {skip-step} shows how"))
	}
	s.follow()
}

// again prepares the lab anew for the player's current step.
func (s *Screen) again(err error) {
	if err != nil {
		s.Say(err.Error())
	}
	s.shown = [2]int{-1, -1}
	s.follow()
}

// open leaves this lesson for another screen, once that was read.
func (s *Screen) open(next *kit.Opening) tea.Cmd {
	return s.screens.Load(kit.Opening{Name: next.Name, Read: func() (func() error, error) {
		open, err := next.Read()
		return func() error {
			s.screens.Back()
			if err := open(); err != nil {
				s.screens.Open(s)
				return err
			}
			return nil
		}, err
	}}, s.failed)
}

// failed says what went wrong with what was to be opened.
func (s *Screen) failed(err error) tea.Cmd {
	s.Say(err.Error())
	return nil
}

// sheet shows what was learnt.
func (s *Screen) sheet() tea.Cmd {
	return s.screens.Load(kit.Opening{Name: "the sheet", Read: func() (func() error, error) {
		lines, err := s.o.Sheet()
		return func() error {
			var body []kit.Para
			for _, line := range lines {
				body = append(body, kit.Para{Text: line})
			}
			s.Dialog(&kit.Card{Title: "What was learnt", Body: body}, nil)
			return nil
		}, err
	}}, s.failed)
}

// ways are what can be done at the end.
func (s *Screen) ways() []way {
	var out []way
	add := func(word, text string, do func() tea.Cmd) {
		out = append(out, way{strconv.Itoa(len(out) + 1), word, text, do})
	}
	if s.o.Next != nil {
		next := "the next lesson: " + s.o.NextName
		if s.o.Lesson.NextWhy != "" {
			next = "next: " + s.o.Lesson.Onward()
		}
		add("the next lesson", next, func() tea.Cmd { return s.open(s.o.Next) })
	}
	if s.o.Quiz != nil {
		add("the quiz", "the quiz", func() tea.Cmd { return s.open(s.o.Quiz) })
	}
	if s.o.Test != nil {
		add("the end test", "the end test of this part", func() tea.Cmd { return s.open(s.o.Test) })
	}
	if s.o.Sheet != nil {
		add("the sheet", "the sheet of this part", s.sheet)
	}
	add("Home", "Home", func() tea.Cmd { s.screens.Back(); return nil })
	return out
}

// way is what can be done at the end: its digit, a word for the footer, and a sentence.
type way struct {
	key, word, text string
	do              func() tea.Cmd
}
