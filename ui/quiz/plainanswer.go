package quiz

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/quiz/card"
	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
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
	prompt := fmt.Sprintf("Answer (1 to %d", len(s.options))
	if s.multiple() {
		prompt = fmt.Sprintf("Choose %d, as 1 3 (1 to %d", len(s.e.Card.Key()), len(s.options))
	}
	text, err := w.ask(prompt + ", 0 don't know, t tip, > skip, ? more, q leave): ")
	if err != nil {
		return false, err
	}
	if text == "0" || text == ">" {
		return false, w.judge(c, s, 0)
	}
	if picks, ok := placesOf(text, len(s.options)); ok && (s.multiple() || len(picks) == 1) {
		s.picks = nil
		for _, i := range picks {
			s.choose(i - 1)
		}
		sure, ok, err := w.sure()
		if err != nil || !ok {
			return err == nil, err
		}
		return false, w.judge(c, s, sure)
	}
	return w.sideCommand(c, s, text)
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
	switch s.e.Card.Kind {
	case card.Match:
		label = "the letters for " + numbers(len(s.e.Card.Pairs))
	case card.Order:
		label = "the letters in the right order"
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
		text, err := w.ask("Say it, then enter shows the answer (0 don't know, t tip, > skip, ? more, q leave): ")
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
			text, err := w.ask("How well did you know it? (1 again, 2 hard, 3 good, 4 easy): ")
			if err != nil {
				return err
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
		w.last = s
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
	w.last = s
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
	if sure > 0 {
		w.say(calibrated(w.o.Store.Calibration()[sure-1]))
	}
	return nil
}

// sideCommand is what can be said instead of an answer. It gives true where the
// same question is to be answered still.
func (w *plainQuiz) sideCommand(c course, s *sheet, text string) (again bool, err error) {
	ses := c.session()
	now := w.o.Now()
	g, isGrade := gradeOf(text)
	switch {
	case text == "t":
		if ses != nil {
			ses.Hint()
		}
		w.say("Tip: " + s.takeTip())
	case strings.HasPrefix(text, "w"):
		if err := w.tellRun(strings.TrimSpace(text[1:])); err != nil {
			w.say(kit.Capitalize(err.Error()) + ".")
		}
	case ses == nil:
		w.say("Type the number of an option, 0, t, w for the run of the question before, or q.")
	case text == "z":
		ok, err := ses.Undo(now)
		if err != nil {
			w.say(notSaved(err) + ".")
		}
		if !ok {
			w.say("There is no answer to take back.")
			return true, nil
		}
		w.say("Taken back. It is asked again.")
		return false, nil
	case text == "x":
		if err := ses.Suspend(now); err != nil {
			w.say(notSaved(err) + ".")
		}
		w.say("Set aside, no longer asked.")
		return false, nil
	case isGrade && text != strconv.Itoa(int(g)):
		if err := ses.Regrade(now, g); err != nil {
			w.say("There is no answer to grade.")
		} else {
			w.say("The previous answer counts as " + g.String() + ".")
		}
	default:
		w.say("Instead of an answer: t tip, > skip, z takes back the previous answer; again, hard, good or easy grades it; w tells the run that proves it; w and a number, the run in which that option is right; x sets this card aside; q leaves.")
	}
	return true, nil
}

// tellRun tells the run that proves the question before, or with an option's
// place the one in which that option is right.
func (w *plainQuiz) tellRun(place string) error {
	if w.last == nil {
		return errors.New("answer first: then w tells the run that proves it")
	}
	if place == "" {
		return w.story(w.last.e, right)
	}
	picks, ok := placesOf(place, len(w.last.options))
	if !ok || len(picks) != 1 || !w.last.choices() {
		return errors.New("w, or w and the number of an option of the question before")
	}
	n, err := w.last.e.optionWorld(w.last.options[picks[0]-1])
	if err != nil {
		return err
	}
	return w.story(w.last.e, n)
}

// story tells the run that proves a card, or its option n.
func (w *plainQuiz) story(e *Entry, n int) error {
	sc, show, until, end, _, err := e.world(n)
	if err != nil {
		return err
	}
	if show == nil {
		show = until
	}
	r, err := scenario.NewRunner(sc, show)
	if err != nil {
		return err
	}
	st := plain.NewStory(w.out, r)
	r.OnEvents = func(_ *engine.Sim, events []engine.Event) { st.Tell(events) }
	r.Advance(end)
	if err := st.End(); err != nil {
		w.err = err
	}
	w.print("\n")
	return nil
}
