package quiz

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// phase is how far a question has come.
type phase uint8

const (
	open          phase = iota // it waits for an answer
	rating                     // how sure?
	revealed                   // a recall's answer is seen: how well was it known?
	runFirst                   // wrong, though sure: the run first, then the reasons
	judged                     // the answer is seen
	choosingWorld              // which option's world?
	waiting                    // none is due yet
	finished                   // none is left
)

// Asking is the screen on which a course asks.
type Asking struct {
	screen
	c       course
	s       *sheet
	phase   phase
	verdict session.Verdict
	wait    time.Time // when the next one is due
	shown   string    // the remaining time, as it was last drawn
	before  string    // what became of the recall before
	placed  string    // how far one is
	picked  progress.Confidence
	long    bool // the page is longer than the screen
}

func newAsking(screens *kit.ScreenStack, o *Options, c course) (*Asking, error) {
	a := &Asking{screen: screen{screens: screens, o: o, dialogs: kit.DialogStack{Foot: 2}}, c: c}
	a.bind(a.actions())
	a.shows = func() *Entry {
		if !a.asked() {
			return nil
		}
		return a.s.e
	}
	return a, a.next()
}

// Title of the screen.
func (a *Asking) Title() string { return "quiz, " + a.c.title() }

// next asks the next question.
func (a *Asking) next() error {
	s, wait, err := a.c.next(a.o.Now())
	if err != nil {
		return err
	}
	a.s, a.wait, a.top, a.picked, a.placed = s, wait, 0, 0, a.c.place(a.o.Now())
	switch {
	case s != nil:
		a.phase = open
	case !wait.IsZero():
		a.phase = waiting
	default:
		a.phase = finished
	}
	return nil
}

// Animating reports whether time is shown: until the next card.
func (a *Asking) Animating() bool { return a.phase == waiting }

// Tick looks whether the next card is due.
func (a *Asking) Tick(time.Time) bool {
	now := a.o.Now()
	if !now.Before(a.wait) {
		if err := a.next(); err != nil {
			a.notice = err.Error()
		}
		return true
	}
	text := spell(a.wait.Sub(now))
	if text == a.shown {
		return false
	}
	a.shown = text
	return true
}

// typing reports whether letters are the answer's.
func (a *Asking) typing() bool { return a.phase == open && a.s.typed() && a.s.at >= 0 }

// HandleKey types, or carries out the action of a key.
func (a *Asking) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	if !a.dialogs.Open() && a.typing() && a.typed(k) {
		a.notice = ""
		return nil
	}
	return a.screen.HandleKey(k)
}

// whileTyping are the actions whose keys work while a line is typed, where they
// are no text.
var whileTyping = []string{"page-up", "page-down", "palette", "help"}

// typed gives a key to the line being typed; false: it is not part of the text.
func (a *Asking) typed(k tea.KeyPressMsg) bool {
	switch s := k.String(); s {
	case "esc":
		a.s.at = -1
	case "enter":
		if a.s.at++; a.s.at == len(a.s.inputs) {
			a.s.at = 0
			a.done()
		}
	case "tab", "down":
		a.s.at = (a.s.at + 1) % len(a.s.inputs)
	case "shift+tab", "up":
		a.s.at = (a.s.at + len(a.s.inputs) - 1) % len(a.s.inputs)
	default:
		if act := kit.ActionOf(kit.InQuiz, s); act != nil && k.Text == "" && slices.Contains(whileTyping, act.ID) {
			return false
		}
		a.s.inputs[a.s.at].HandleKey(k)
	}
	return true
}

// Update types a pasted text.
func (a *Asking) Update(msg tea.Msg) tea.Cmd {
	if p, ok := msg.(tea.PasteMsg); ok && !a.dialogs.Open() && a.typing() {
		a.s.inputs[a.s.at].Insert(flat(p.Content))
		return nil
	}
	return a.screen.Update(msg)
}

// Mouse chooses the option that is clicked; a second click means it.
func (a *Asking) Mouse(msg tea.MouseMsg) tea.Cmd {
	return a.mouse(msg, func(i int) tea.Cmd {
		if a.phase != open && a.phase != choosingWorld {
			return nil
		}
		return a.chosen(i)
	})
}

// actions are what can be done while cards are asked, each with the reason why
// it is not possible in some phase.
func (a *Asking) actions() kit.Bindings {
	exams := kit.Unavailable("This is for exams; here the questions come one after the other")
	return kit.Bindings{
		"up":              kit.Act(func() { a.move(-1) }),
		"down":            kit.Act(func() { a.move(1) }),
		"choose":          {Do: func(inv kit.Invocation) tea.Cmd { return a.digit(inv.N) }, Disabled: a.noChoice},
		"unknown":         kit.Act(func() { a.s.picks = nil; a.judge(0, false) }).DisabledIf(a.notOpen),
		"skip":            kit.Act(func() { a.s.picks = nil; a.judge(0, true) }).DisabledIf(a.notOpen),
		"tip":             kit.Act(a.tip).DisabledIf(a.notOpen),
		"done":            kit.Act(a.enter).DisabledIf(a.notDone),
		"show":            kit.Act(a.space).DisabledIf(a.notShown),
		"see":             kit.Simple(a.see).DisabledIf(a.unseen),
		"see-option":      kit.Act(func() { a.phase = choosingWorld }).DisabledIf(a.noWorlds),
		"take-back":       kit.Act(a.takeBack).DisabledIf(a.noAnswer),
		"retire":          kit.Act(a.retire).DisabledIf(a.notRetirable),
		"flag":            kit.Unavailable("Flags are for exams"),
		"question-before": exams,
		"question-after":  exams,
		"all-questions":   exams,
		"back":            kit.Act(a.back),
	}
}

// answered reports whether the answer was judged.
func (a *Asking) answered() bool { return a.phase == judged || a.phase == runFirst }

// asked reports whether a card is on the screen.
func (a *Asking) asked() bool { return a.phase != waiting && a.phase != finished }

func (a *Asking) crams() bool { return a.c.title() == "cram" }

func (a *Asking) tip() {
	if s := a.c.session(); s != nil {
		s.Hint()
	}
	a.s.takeTip()
}

// see shows the card's run; after it come the reasons.
func (a *Asking) see() tea.Cmd {
	return a.screen.see(a.s.e, right, func() {
		if a.phase == runFirst {
			a.phase = judged
		}
	}, a.showError)
}

// back leaves one level: typing, a question about the answer, then the screen.
func (a *Asking) back() {
	switch {
	case a.typing():
		a.s.at = -1
	case a.phase == rating:
		a.phase = open
	case a.phase == choosingWorld:
		a.phase = judged
	default:
		a.screens.Back()
	}
}

// move goes through the options while they wait, else through the page.
func (a *Asking) move(d int) {
	if a.phase != open || !a.s.choices() {
		a.scroll(d)
		return
	}
	a.s.at = max(0, min(len(a.s.options)-1, a.s.at+d))
}

// digit is an option, a confidence or a grade.
func (a *Asking) digit(n int) tea.Cmd {
	if n == 0 { // called by name
		if a.notice = a.notDone(); a.notice == "" {
			a.notice = "Choose with a digit"
		}
		return nil
	}
	switch a.phase {
	case open:
		a.choose(n - 1)
	case rating:
		if n <= 3 {
			a.judge(progress.Confidence(n), false)
		}
	case revealed:
		if n <= 4 {
			a.grade(fsrs.Grade(n))
		}
	case choosingWorld:
		if n <= len(a.s.options) {
			a.phase = judged
			return a.seeOption(a.s, n, a.showError)
		}
	case runFirst, judged:
		if n > 4 {
			return nil
		}
		err := a.c.session().Regrade(a.o.Now(), fsrs.Grade(n))
		if a.wrote(err); err != nil {
			a.notice = err.Error()
			return nil
		}
		a.verdict.Grade = fsrs.Grade(n)
	}
	return nil
}

// choose takes the option at a place, from 0. Choosing the same one again is done.
func (a *Asking) choose(i int) {
	if a.notice = a.s.refuses(i); a.notice == "" && a.s.choose(i) {
		a.done()
	}
}

// enter is "done", then "next".
func (a *Asking) enter() {
	switch a.phase {
	case open:
		if a.s.choices() && len(a.s.picks) == 0 && a.s.at >= 0 {
			a.choose(a.s.at)
		}
		if a.s.typed() && a.s.at < 0 {
			a.s.at = 0
			return
		}
		a.done()
	case runFirst:
		a.phase, a.top = judged, 0
	case judged:
		a.goOn(nil)
	case finished:
		a.screens.Back()
	}
}

// space shows a recall, chooses where the cursor is, or goes on.
func (a *Asking) space() {
	if a.phase == open && a.s.choices() {
		if a.s.at < 0 {
			a.s.at = 0
			return
		}
		if !slices.Contains(a.s.picks, a.s.options[a.s.at]) || a.s.multiple() {
			a.choose(a.s.at)
		}
		return
	}
	a.enter()
}

// goOn asks the next question as soon as the answer to this one is on disk, or
// could not be written. Then it calls after, where there is one.
func (a *Asking) goOn(after func()) {
	a.saved(func() {
		a.before = ""
		if err := a.next(); err != nil {
			a.notice = err.Error()
		} else if after != nil {
			after()
		}
	})
}

// done asks how sure the person is; a recall is looked at.
func (a *Asking) done() {
	switch {
	case a.s.recall():
		a.phase = revealed
	case !a.s.answered():
		a.notice = "Choose first: " + a.digits() + kit.WithKeys(", or {unknown} for don't know")
		if a.s.typed() {
			a.notice = kit.WithKeys("Type an answer first; esc, then {unknown}: don't know")
		}
	case a.s.lacks() != "":
		a.notice = a.s.lacks() + kit.WithKeys(", or {unknown} for don't know")
	default:
		a.phase = rating
	}
}

func (a *Asking) digits() string { return fmt.Sprintf("1 to %d", len(a.s.options)) }

// judge takes the answer.
func (a *Asking) judge(c progress.Confidence, skipped bool) {
	v, err := a.c.answer(a.o.Now(), a.s, c)
	if err != nil {
		a.notice = err.Error()
		return
	}
	a.wrote(v.Err)
	a.verdict, a.picked = v, c
	a.phase, a.top = judged, 0
	if v.ProofFirst && !skipped {
		a.phase = runFirst
	}
}

// grade takes the person's own grade of a recall, and asks the next.
func (a *Asking) grade(g fsrs.Grade) {
	now := a.o.Now()
	v, err := a.c.session().Recall(now, g)
	if err != nil {
		a.notice = err.Error()
		return
	}
	a.wrote(v.Err)
	a.goOn(func() {
		if a.before = kit.Capitalize(g.String()) + due(v, now); a.unsaved != nil {
			a.before = "▲ " + notSaved(a.unsaved)
		}
	})
}

func (a *Asking) takeBack() {
	ok, err := a.c.session().Undo(a.o.Now())
	if !ok {
		if err != nil {
			a.notice = notSaved(err)
		}
		return
	}
	a.wrote(err)
	a.goOn(func() { a.say("Taken back. It is asked again") })
}

// retire takes the card out of the deck, the one that was just answered too.
func (a *Asking) retire() {
	title := kit.Cut(name(a.s.e.Card), 40)
	a.wrote(a.c.session().Suspend(a.o.Now()))
	a.goOn(func() { a.say("Set aside, no longer asked: " + title) })
}

// say puts in the headline what was done, or that it is not on disk.
func (a *Asking) say(text string) {
	if a.notice = text; a.unsaved != nil {
		a.notice = notSaved(a.unsaved)
	}
}
