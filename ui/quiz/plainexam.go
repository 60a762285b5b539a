package quiz

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// exam asks in order; any question can be gone back to until it is handed in.
func (w *plainQuiz) exam(opts session.ExamOptions) error {
	x, err := w.beginExam(opts)
	if err != nil {
		return err
	}
	limit := "no time limit"
	if left, limited := x.e.TimeLeft(w.o.Now()); limited {
		limit = spell(left)
	}
	w.say(fmt.Sprintf("Exam DVA-%s on %s: %s, %s. No feedback until it is handed in.", x.e.Version, w.o.Name, kit.Count(len(x.sheets), "question"), limit))
	for _, text := range []string{x.about, x.notice} {
		if text != "" {
			w.say(text + ".")
		}
	}
	err = w.examine(x)
	switch {
	case errors.Is(err, errEnded) && x.open() == "":
	case errors.Is(err, errLeft):
		again := "esmlab quiz --exam"
		if w.o.Again != "" {
			again = w.o.Again
		}
		w.say("The exam is not handed in: " + strings.TrimSuffix(x.state(), ".") + ". " + again + " goes on with it" + map[bool]string{true: " while its time runs."}[x.e.Limit > 0] + map[bool]string{true: "."}[x.e.Limit == 0])
		return err
	case err != nil:
		return err
	}
	r, saved := x.e.Finish(w.o.Now())
	w.print("\n")
	w.say(counted(r) + ". This is a count, not an AWS score.")
	w.print("\n")
	w.table(resultLines(r, w.o.mends(x), false))
	if saved != nil {
		w.say(notSaved(saved) + ".")
	}
	return w.reviewAll(x)
}

// table prints the lines of a result.
func (w *plainQuiz) table(lines []line) {
	for _, l := range lines {
		if l.table {
			w.print(l.text + "\n")
		} else {
			w.say(l.text)
		}
	}
}

// beginExam draws an exam, or goes on with the one that was left.
func (w *plainQuiz) beginExam(opts session.ExamOptions) (*Exam, error) {
	if u := session.Unfinished(w.o.Store, w.o.Now()); u != nil && w.o.Typed {
		text, err := w.ask(fmt.Sprintf("An exam is not handed in: %s. (enter goes on with it, n a new one): ", left(u, w.o.Now())))
		if err != nil {
			return nil, err
		}
		if text != "n" {
			if x := reopen(nil, w.o, u.Run); x != nil {
				return x, nil
			}
			w.say("Its questions are not in this deck.")
		}
	}
	return newExam(nil, w.o, opts)
}

func (w *plainQuiz) examine(x *Exam) error {
	for shown := -1; ; {
		s := x.sheet()
		head := fmt.Sprintf("Question %d of %d", x.e.At+1, len(x.sheets))
		if x.e.Items[x.e.At].Flagged {
			head += ", flagged"
		}
		if left, limited := x.e.TimeLeft(w.o.Now()); limited {
			if left == 0 {
				return nil
			}
			head += ", " + spell(left) + " left"
		}
		if shown != x.e.At {
			shown = x.e.At
			w.print("\n")
			w.say(head + ".")
			w.page(func(p *page) { w.asked(p, s) })
			if len(s.picks) > 0 {
				w.say("You chose " + s.places(s.picks) + ".")
			}
		}
		text, err := w.ask(s.prompt() + ", ! flag, < before, > after, l all, h hand in): ")
		if errors.Is(err, errLeft) && !errors.Is(err, errEnded) { // q
			if text, err = w.ask("Leave it? It has no result then. (y leaves it, h hands in, enter goes on): "); err == nil && text == "y" {
				return errLeft
			}
			if text != "h" {
				text = ""
			}
		}
		if err != nil {
			return err
		}
		to := x.e.At
		switch picks, ok := placesOf(text, len(s.options)); {
		case text == "h":
			if done, err := w.handIn(x); done || err != nil {
				return err
			}
			shown = -1
			continue
		case text == "l":
			w.print("\n")
			for i, s := range x.sheets {
				w.print(fmt.Sprintf("%3d %s%s %s\n", i+1, sign(x.e.Items[i].Flagged, "!"), sign(x.e.Items[i].Answered(), "●"), kit.Cut(name(s.e.Card), 68)))
			}
			w.say(x.state() + " g and a number goes to a question.")
		case text == "!":
			if err := x.e.Flag(w.o.Now()); err != nil {
				w.say(notSaved(err) + ".")
			}
			w.say(map[bool]string{true: "Flagged.", false: "No longer flagged."}[x.e.Items[x.e.At].Flagged])
		case text == "<":
			if to--; to < 0 {
				to = 0
				w.say("This is the first question.")
			}
		case text == ">" || text == "0":
			to++
		case strings.HasPrefix(text, "g"):
			if n, err := strconv.Atoi(strings.TrimSpace(text[1:])); err != nil || n < 1 || n > len(x.sheets) {
				w.say(fmt.Sprintf("Questions are numbered 1 to %d.", len(x.sheets)))
			} else {
				to = n - 1
			}
		case ok:
			note, ok := s.takes(picks, w.o.Typed)
			if note != "" {
				w.say(note + ".")
			}
			if !ok {
				break
			}
			if err := x.e.Answer(w.o.Now(), s.picks); errors.Is(err, session.ErrTimeUp) {
				return nil
			} else if err != nil {
				w.say(notSaved(err) + ".")
			}
			to++
		}
		if to == len(x.sheets) {
			if done, err := w.lastOne(x); done || err != nil {
				return err
			}
			shown = -1
			continue
		}
		if to != x.e.At {
			x.goTo(to)
		}
	}
}

// lastOne asks what to do after the last question.
func (w *plainQuiz) lastOne(x *Exam) (done bool, err error) {
	text, err := w.ask("That was the last. " + x.state() + " (h hand in, or a question's number): ")
	if err != nil {
		return false, err
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(x.sheets) {
		x.goTo(n - 1)
		return false, nil
	}
	if text == "h" {
		return w.handIn(x)
	}
	return false, nil
}

// handIn hands in; where something is not answered or flagged, it asks first.
func (w *plainQuiz) handIn(x *Exam) (done bool, err error) {
	open := x.open()
	if open == "" {
		return true, nil
	}
	w.say(kit.Capitalize(open) + ".")
	text, err := w.ask("Hand in all the same? (y hands in, enter goes back to it): ")
	if err != nil || text == "y" {
		return err == nil, err
	}
	for i, it := range x.e.Items {
		if !it.Answered() || it.Flagged {
			x.goTo(i)
			break
		}
	}
	return false, nil
}

// reviewAll goes through all questions of an exam with their reasons. A script gets them one
// after the other.
func (w *plainQuiz) reviewAll(x *Exam) error {
	r := x.e.Result()
	for at := 0; ; {
		if w.o.Typed {
			text, err := w.ask("The questions (enter next, m next miss, g and a number, w the run, q leave): ")
			if err != nil {
				return err
			}
			if strings.HasPrefix(text, "w") && at > 0 {
				w.tellRun(x.sheets[at-1], strings.TrimSpace(text[1:]))
				continue
			}
			if text == "m" {
				for at < len(x.sheets) && !slices.Contains(r.Misses, at) {
					at++
				}
			} else if n, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(text, "g"))); err == nil && n >= 1 && n <= len(x.sheets) {
				at = n - 1
			}
		}
		if at == len(x.sheets) {
			w.say("Those were all.")
			return nil
		}
		s := x.sheets[at]
		w.print("\n")
		w.say(fmt.Sprintf("Question %d of %d. %s", at+1, len(x.sheets), x.review(at).text[0]))
		w.page(func(p *page) { p.head(s); p.reasons(s) })
		at++
	}
}
