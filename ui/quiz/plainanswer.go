package quiz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/quiz/card"
	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
	"esmlab/ui/plain"
)

// This file takes an answer line by line, and tells what it is worth.

// answer takes the answer to a question, and tells what it is worth.
func (w *plainQuiz) answer(c course, s *sheet) error {
	if s.recall() {
		return w.recall(c, s)
	}
	for {
		var again bool
		var err error
		if s.typed() {
			again, err = w.typed(c, s)
		} else {
			again, err = w.choose(c, s)
		}
		if err != nil || !again {
			return err
		}
	}
}

// choose asks for numbers. again: nothing was chosen, it is to be asked anew.
func (w *plainQuiz) choose(c course, s *sheet) (again bool, err error) {
	text, err := w.ask(fmt.Sprintf("%s, 0 don't know, t tip, > skip, ? more, q leave): ", s.prompt()))
	if err != nil {
		return false, err
	}
	if text == "" {
		return true, nil
	}
	if text == "0" || text == ">" {
		return false, w.judge(c, s, 0)
	}
	if picks, ok := placesOf(text, len(s.options)); ok {
		note, ok := s.takes(picks, w.o.Typed)
		if note != "" {
			w.say(note + ".")
		}
		if !ok {
			return true, nil
		}
		sure, ok, err := w.sure()
		if err != nil || !ok {
			return err == nil, err
		}
		return false, w.judge(c, s, sure)
	}
	return w.sideCommand(c, s, text)
}

// prompt asks for the numbers of options; the bracket stays open.
func (s *sheet) prompt() string {
	if !s.multiple() {
		return fmt.Sprintf("Answer (1 to %d", len(s.options))
	}
	example := ""
	for i := range s.want() {
		example += " " + strconv.Itoa(2*i%len(s.options)+1+2*i/len(s.options))
	}
	return fmt.Sprintf("%s, as%s (1 to %d", s.ask(), example, len(s.options))
}

// takes chooses options by their places from 1. note says that they are too many or too
// few. Too few are taken all the same, as an answer that is not complete, from who was told
// before, and from a script.
func (s *sheet) takes(places []int, typed bool) (note string, ok bool) {
	switch n := len(places); {
	case !s.multiple() && n > 1:
		return fmt.Sprintf("One option is right, not %s", numberWord(n)), false
	case s.multiple() && n != s.want():
		note = fmt.Sprintf("%s, not %s", s.ask(), numberWord(n))
		if n > s.want() || typed && !s.told {
			s.told = true
			return note, false
		}
	}
	s.picks = nil
	for _, i := range places {
		s.choose(i - 1)
	}
	return note, true
}

// placesOf reads numbers from 1 to n.
func placesOf(text string, n int) (out []int, ok bool) {
	for _, f := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		i, err := strconv.Atoi(f)
		if err != nil || i < 1 || i > n {
			return nil, false
		}
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out, len(out) > 0
}

// sure asks how sure the person is; ok false: it was no answer, twice.
func (w *plainQuiz) sure() (c progress.Confidence, ok bool, err error) {
	for range 2 {
		text, err := w.ask("How sure? (1 guess, 2 fairly, 3 sure): ")
		if err != nil {
			return 0, false, err
		}
		for i, name := range progress.Confidences {
			if i > 0 && (text == strconv.Itoa(i) || strings.EqualFold(text, name)) {
				return progress.Confidence(i), true, nil
			}
		}
	}
	return 0, false, nil
}

// typed asks for what is to be typed.
func (w *plainQuiz) typed(c course, s *sheet) (again bool, err error) {
	label := "blank"
	if k := s.e.Card.Kind; k == card.Match || k == card.Order {
		label = s.typeWhat()
	}
	for i := range s.inputs {
		prompt := label
		if len(s.inputs) > 1 {
			prompt += " " + strconv.Itoa(i+1)
		}
		text, err := w.ask(prompt + " (0 don't know, t tip, > skip, ? more, q leave): ")
		if err != nil {
			return false, err
		}
		if i == 0 && (text == "0" || text == ">") {
			return false, w.judge(c, s, 0)
		}
		if i == 0 && (text == "t" || text == "?") {
			return w.sideCommand(c, s, text)
		}
		s.inputs[i].Set(text)
	}
	if !s.answered() {
		return true, nil
	}
	sure, ok, err := w.sure()
	if err != nil || !ok {
		return err == nil, err
	}
	return false, w.judge(c, s, sure)
}

// recall shows the answer, and asks how well it was known.
func (w *plainQuiz) recall(c course, s *sheet) error {
	for {
		text, err := w.ask("Say it; enter shows the answer (0 don't know, t tip, > skip, ? more, q leave): ")
		if err != nil {
			return err
		}
		known := text != "0" && text != ">"
		if known && text != "" {
			again, err := w.sideCommand(c, s, text)
			if err != nil || !again {
				return err
			}
			continue
		}
		w.page(func(p *page) { p.answer(s) })
		grade := fsrs.Again
		for known {
			run := ""
			if c.proved(s) {
				run = ", w the run"
			}
			text, err := w.ask("How well did you know it? (1 again, 2 hard, 3 good, 4 easy" + run + "): ")
			if err != nil {
				return err
			}
			if text == "w" {
				w.tellRun(s, "")
			}
			if g, ok := gradeOf(text); ok {
				grade = g
				break
			}
		}
		now := w.o.Now()
		v, err := c.session().Recall(now, grade)
		if err != nil {
			return err
		}
		w.say(kit.Capitalize(grade.String()) + due(v, now) + ".")
		if v.Err != nil {
			w.say(notSaved(v.Err) + ".")
		}
		return nil
	}
}

// gradeOf reads a grade: its number or its name.
func gradeOf(text string) (fsrs.Grade, bool) {
	for g := fsrs.Again; g <= fsrs.Easy; g++ {
		if text == strconv.Itoa(int(g)) || strings.EqualFold(text, g.String()) {
			return g, true
		}
	}
	return 0, false
}

// judge writes the answer and tells what is right, and why. Who was sure and
// wrong is told first how the run goes.
func (w *plainQuiz) judge(c course, s *sheet, sure progress.Confidence) error {
	if sure == 0 {
		s.picks = nil
		for i := range s.inputs {
			s.inputs[i].Set("")
		}
	}
	now := w.o.Now()
	v, err := c.answer(now, s, sure)
	if err != nil {
		return err
	}
	w.print("\n")
	w.say(outcome(s, &v, now).text[0])
	if v.Err != nil {
		w.say(notSaved(v.Err) + ".")
	}
	if v.ProofFirst {
		w.say("You were sure, so here is the run first.")
		w.story(s.e, right)
	}
	w.page(func(p *page) { p.reasons(s) })
	if text := calibrated(w.o.Store, sure); text != "" {
		w.say(text)
	}
	return w.pause(c, s, &v)
}

// pause lets a person read what was said of the answer, and do something with it, before
// the next question comes and its time begins. A script need not know of it: what it types
// next is for the next question.
func (w *plainQuiz) pause(c course, s *sheet, v *session.Verdict) error {
	ses := c.session()
	for {
		text, err := w.ask(goOn(c, s))
		if err != nil {
			return err
		}
		now := w.o.Now()
		g, isGrade := gradeOf(text)
		switch {
		case text == "w" || strings.HasPrefix(text, "w "):
			w.tellRun(s, strings.TrimSpace(text[1:]))
		case text == "z" && ses != nil:
			return w.takeBack(ses)
		case text == "x" && c.grades():
			return w.setAside(ses)
		case isGrade && c.grades() && text != strconv.Itoa(int(g)):
			if err := ses.Regrade(now, g); err != nil {
				w.say(notSaved(err) + ".")
			}
			v.Grade = g
			w.say("It counts as " + g.String() + due(*v, now) + ".")
		case text == "?":
			w.say("Enter goes on. w tells the run that proves the card, where one does; w and a number, the run in which that option is right; z takes the answer back; again, hard, good or easy grades it; x sets the card aside; q leaves.")
		case text == "" && w.o.Typed:
			return nil
		case w.o.Typed:
			w.say("Enter goes on, ? says what else there is.")
		default:
			w.ahead = append(w.ahead, text)
			w.print("\n")
			return nil
		}
	}
}

// goOn is the prompt after an answer: what can be done with this one.
func goOn(c course, s *sheet) string {
	text := "Enter: next ("
	if c.proved(s) {
		text += "w the run, "
	}
	if c.session() != nil && c.grades() {
		text += "z take back, again hard good easy, "
	}
	return text + "? more, q leave): "
}

// comes says when the card that was just graded comes again, as it now stands.
func (w *plainQuiz) comes(s *sheet, now time.Time) string {
	k := w.o.Store.Card(s.e.Card.ID)
	if !k.Seen() {
		return ""
	}
	d := session.DueDate{Day: k.Due}
	if k.State != fsrs.Review {
		d = session.DueDate{At: k.DueAt}
	}
	return ": " + in(d, now)
}

// takeBack takes the last answer back; its question comes again.
func (w *plainQuiz) takeBack(ses *session.Session) error {
	ok, err := ses.Undo(w.o.Now())
	if err != nil {
		w.say(notSaved(err) + ".")
	}
	w.say(map[bool]string{true: "Taken back. It is asked again.", false: "There is no answer to take back."}[ok])
	return nil
}

// setAside takes the card out of the deck.
func (w *plainQuiz) setAside(ses *session.Session) error {
	if err := ses.Suspend(w.o.Now()); err != nil {
		w.say(notSaved(err) + ".")
	}
	w.say("Set aside, no longer asked. z takes that back.")
	return nil
}

// sideCommand is what can be said instead of an answer. It gives true where the
// same question is to be answered still.
func (w *plainQuiz) sideCommand(c course, s *sheet, text string) (again bool, err error) {
	ses := c.session()
	g, isGrade := gradeOf(text)
	switch {
	case text == "t":
		if ses != nil {
			ses.Hint()
		}
		w.say("Tip: " + s.takeTip())
	case text == "w" || strings.HasPrefix(text, "w "):
		w.say("Answer first: then w tells the run that proves it.")
	case ses == nil:
		w.say("Type the number of an option, 0, t or q.")
	case text == "z":
		had := ses.CanUndo()
		return !had, w.takeBack(ses)
	case text == "x" && c.grades():
		return false, w.setAside(ses)
	case isGrade && text != strconv.Itoa(int(g)) && ses.TakenBack():
		if err := ses.Regrade(w.o.Now(), g); err != nil {
			w.say(notSaved(err) + ".")
		}
		w.say("The answer that you took back counts, as " + g.String() + w.comes(s, w.o.Now()) + ".")
		return false, nil
	case isGrade && text != strconv.Itoa(int(g)):
		w.say("Answer first: then again, hard, good or easy grades it.")
	default:
		w.say("Instead of an answer: t tip, > skip, z takes back the previous answer, and asks it again; x sets this card aside; q leaves. After the answer: w tells the run that proves it; again, hard, good or easy grades it.")
	}
	return true, nil
}

// tellRun tells the run that proves the card that was just answered, or with an option's
// place the one in which that option is right.
func (w *plainQuiz) tellRun(s *sheet, place string) {
	n := right
	if place != "" {
		picks, ok := placesOf(place, len(s.options))
		if !ok || len(picks) != 1 || !s.choices() {
			w.say("W, or w and the number of an option: 1 to " + strconv.Itoa(max(1, len(s.options))) + ".")
			return
		}
		var err error
		if n, err = s.e.optionWorld(s.options[picks[0]-1]); err != nil {
			w.say(kit.Capitalize(err.Error()) + ".")
			return
		}
	}
	if err := w.story(s.e, n); err != nil {
		w.say(kit.Capitalize(err.Error()) + ".")
	}
}

// story tells the run that proves a card, or its option n.
func (w *plainQuiz) story(e *Entry, n int) error {
	world, show, until, end, _, err := e.world(n)
	if err != nil {
		return err
	}
	if show == nil {
		show = until
	}
	sc := *world
	sc.Expect = nil // says nothing of the card
	r, err := scenario.NewRunner(&sc, show)
	if err != nil {
		return err
	}
	st := plain.NewStory(w.out, r)
	st.Fold()
	r.OnEvents = func(_ *engine.Sim, events []engine.Event) { st.Tell(events) }
	r.Advance(end)
	if err := st.End(); err != nil {
		w.err = err
	}
	w.print("\n")
	return nil
}
