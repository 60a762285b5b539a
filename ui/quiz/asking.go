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
	open      phase = iota // it waits for an answer
	sure                   // how sure?
	looked                 // a recall's answer is seen: how well was it known?
	warned                 // wrong, though sure: the run first, then the reasons
	told                   // the answer is seen
	elsewhere              // which option's world?
	waiting                // none is due yet
	over                   // none is left
)

// Asking is the screen on which a course asks.
type Asking struct {
	screen
	c       course
	s       *sheet
	phase   phase
	verdict session.Verdict
	wait    time.Time // when the next one is due
	shown   string    // the time that stands there
	before  string    // what became of the recall before
	placed  string    // how far one is
	picked  progress.Confidence
}

func newAsking(screens *kit.ScreenStack, o *Options, c course) (*Asking, error) {
	a := &Asking{screen: screen{screens: screens, o: o, dialogs: kit.DialogStack{Foot: 2}}, c: c}
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
		a.phase = over
	}
	return nil
}

// Animating tells whether time is shown: until the next card.
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
	text := clock(a.wait.Sub(now))
	if text == a.shown {
		return false
	}
	a.shown = text
	return true
}

// typing tells whether letters are the answer's.
func (a *Asking) typing() bool { return a.phase == open && a.s.typed() && a.s.at >= 0 }

// HandleKey takes a key.
func (a *Asking) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	if a.dialogs.Open() {
		return a.dialogs.HandleKey(k)
	}
	a.notice = ""
	if a.typing() && a.typed(k) {
		return nil
	}
	act := kit.ActionOf(kit.InQuiz, k.String())
	if act == nil {
		return nil
	}
	if !a.works(act.ID) {
		a.notice = a.why(act.ID)
		return nil
	}
	return a.do(act.ID, k.String())
}

// typed gives a key to the line being typed; false: it is no letter of it.
func (a *Asking) typed(k tea.KeyPressMsg) bool {
	switch k.String() {
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
	case "pgup", "pgdown", "ctrl+p", "f1":
		return false
	default:
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
	return a.mouse(a, msg, func(i int) tea.Cmd {
		if a.phase != open {
			return nil
		}
		return pressed(a, string(rune('1'+i)))
	})
}

// works tells whether an action does something now.
func (a *Asking) works(id string) bool {
	answered := a.phase == told || a.phase == warned
	switch id {
	case "choose":
		return a.phase == open && a.s.choices() || a.phase == sure || a.phase == looked || a.phase == elsewhere || answered && a.c.session() != nil && a.verdict.Due[0] != (session.When{})
	case "unknown", "skip":
		return a.phase == open
	case "tip":
		return a.phase == open
	case "show":
		return a.phase != sure && a.phase != waiting && a.phase != looked && a.phase != elsewhere && (a.phase != open || !a.s.typed() || a.s.at < 0)
	case "done":
		return a.phase != sure && a.phase != looked && a.phase != waiting && a.phase != elsewhere
	case "see":
		return (answered || a.phase == looked) && a.c.proved(a.s)
	case "see-option":
		return a.phase == told && a.s.choices() && a.c.proved(a.s)
	case "take-back":
		_, of := a.c.score()
		return a.phase != elsewhere && a.c.session() != nil && of > 0
	case "retire":
		return a.c.session() != nil && a.phase != waiting && a.phase != over && a.phase != elsewhere && !a.crams()
	case "flag", "question-before", "question-after", "all-questions":
		return false
	}
	return true
}

func (a *Asking) crams() bool { return a.c.title() == "cram" }

// why says why an action does nothing now.
func (a *Asking) why(id string) string {
	switch id {
	case "see", "see-option":
		if a.phase == open || a.phase == sure {
			return kit.Say("Answer first: then {see} shows it happen")
		}
		if a.s != nil && a.phase != waiting && a.phase != over {
			return "No run proves this card: its source says it"
		}
	case "flag":
		return "Flags are for exams"
	case "take-back":
		return "There is no answer to take back"
	case "done", "show":
		if a.phase == sure {
			return "1 guess, 2 fairly, 3 sure: then the answer"
		}
		if a.phase == elsewhere {
			return a.digits() + ": the world of that option"
		}
		if a.phase == looked {
			return "How well did you know it? 1 again, 2 hard, 3 good, 4 easy"
		}
	}
	return ""
}

// do carries an action out.
func (a *Asking) do(id, key string) tea.Cmd {
	switch id {
	case "choose":
		a.digit(int(key[0] - '0'))
	case "unknown", "skip":
		a.s.picks = nil
		a.judge(0, id == "skip")
	case "tip":
		if s := a.c.session(); s != nil {
			s.Hint()
		}
		a.s.takeTip()
	case "done":
		a.enter()
	case "show":
		a.space()
	case "see":
		if err := see(a.screens, a.o, a.s.e, right); err != nil {
			a.notice = err.Error()
		} else if a.phase == warned {
			a.phase = told
		}
	case "see-option":
		a.phase = elsewhere
	case "take-back":
		a.takeBack()
	case "retire":
		a.retire()
	case "up":
		a.move(-1)
	case "down":
		a.move(1)
	case "page-up":
		a.scroll(-max(1, a.room-2))
	case "page-down":
		a.scroll(max(1, a.room-2))
	case "help", "palette":
		return a.help(a, a.works)
	case "back":
		return a.back()
	case "quit":
		return a.quit()
	}
	return nil
}

func (a *Asking) back() tea.Cmd {
	switch a.phase {
	case sure:
		a.phase = open
	case elsewhere:
		a.phase = told
	default:
		a.screens.Back()
	}
	return nil
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
func (a *Asking) digit(n int) {
	switch a.phase {
	case open:
		if a.s.choose(n - 1) {
			a.done()
		}
	case sure:
		if n <= 3 {
			a.judge(progress.Confidence(n), false)
		}
	case looked:
		if n <= 4 {
			a.grade(fsrs.Grade(n))
		}
	case elsewhere:
		if n > len(a.s.options) {
			return
		}
		err := seeOption(a.screens, a.o, a.s, n)
		if a.phase = told; err != nil {
			a.notice = kit.Title(err.Error())
		}
	case warned, told:
		if n > 4 {
			return
		}
		if err := a.c.session().Regrade(a.o.Now(), fsrs.Grade(n)); err != nil {
			a.notice = err.Error()
			return
		}
		a.verdict.Grade = fsrs.Grade(n)
	}
}

// enter is "done", then "next".
func (a *Asking) enter() {
	switch a.phase {
	case open:
		if a.s.choices() && len(a.s.picks) == 0 && a.s.at >= 0 {
			a.s.choose(a.s.at)
		}
		if a.s.typed() && a.s.at < 0 {
			a.s.at = 0
			return
		}
		a.done()
	case warned:
		a.phase, a.top = told, 0
	case told:
		a.goOn()
	case over:
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
			a.s.choose(a.s.at)
		}
		return
	}
	a.enter()
}

func (a *Asking) goOn() {
	a.before = ""
	if err := a.next(); err != nil {
		a.notice = err.Error()
	}
}

// done asks how sure the person is; a recall is looked at.
func (a *Asking) done() {
	switch {
	case a.s.recall():
		a.phase = looked
	case !a.s.answered():
		a.notice = "Choose first: " + a.digits() + kit.Say(", or {unknown} for don't know")
		if a.s.typed() {
			a.notice = kit.Say("Type an answer first; esc, then {unknown}: don't know")
		}
	default:
		a.phase = sure
	}
}

func (a *Asking) digits() string { return fmt.Sprintf("1 to %d", len(a.s.options)) }

// judge takes the answer. It is on disk when this returns, or the headline
// says that it is not.
func (a *Asking) judge(c progress.Confidence, skipped bool) {
	v, err := a.c.answer(a.o.Now(), a.s, c)
	if err != nil {
		a.notice = err.Error()
		return
	}
	a.verdict, a.picked = v, c
	a.phase, a.top = told, 0
	if v.ProofFirst && !skipped {
		a.phase = warned
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
	before := kit.Title(g.String()) + due(v, now)
	if v.Err != nil {
		before = "▲ " + notSaved(v.Err)
	}
	a.goOn()
	a.before = before
}

func (a *Asking) takeBack() {
	ok, err := a.c.session().Undo(a.o.Now())
	if err != nil {
		a.notice = notSaved(err)
	}
	if !ok {
		return
	}
	a.before = ""
	if err := a.next(); err != nil {
		a.notice = err.Error()
	} else if a.notice == "" {
		a.notice = "Taken back. It is asked again"
	}
}

// retire takes the card out of the deck; where it was just answered, too.
func (a *Asking) retire() {
	s := a.c.session()
	title := kit.Cut(name(a.s.e.Card), 40)
	line := progress.Line{Kind: progress.KindSuspend, Card: a.s.e.Card.ID}
	var err error
	if s.Current() != nil {
		err = s.Suspend(a.o.Now())
	} else {
		err = a.o.Store.Write(a.o.Store.Stamp(a.o.Now(), line))
	}
	a.goOn()
	a.notice = "Set aside, and not asked any more: " + title
	if err != nil {
		a.notice = notSaved(err)
	}
}
