package quiz

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// exam asks in order; any question can be gone back to until it is handed in.
func (w *plainQuiz) exam(opts session.ExamOptions) error {
	x, err := newExam(nil, w.o, opts)
	if err != nil {
		return err
	}
	limit := "no time limit"
	if x.e.Limit > 0 {
		limit = clock(x.e.Limit) + " minutes"
	}
	w.say(fmt.Sprintf("Exam DVA-%s on %s: %s, %s. No feedback until it is handed in.", x.e.Version, w.o.Name, kit.Count(len(x.sheets), "question"), limit))
	err = w.examine(x)
	if err != nil && !errors.Is(err, errLeft) {
		return err
	}
	r, saved := x.e.Finish(w.o.Now())
	w.print("\n")
	w.say(counted(r) + ". This is a count, not an AWS score.")
	for _, l := range resultLines(r) {
		if l.table {
			w.print(l.text + "\n")
		} else {
			w.say(l.text)
		}
	}
	for i, at := range r.Misses {
		s := x.sheets[at]
		w.print("\n")
		w.say(fmt.Sprintf("Miss %d of %d, question %d.", i+1, len(r.Misses), at+1))
		w.page(func(p *page) { p.head(s); p.reasons(s) })
	}
	if saved != nil {
		w.say(notSaved(saved) + ".")
	}
	return err
}

func (w *plainQuiz) examine(x *Exam) error {
	for {
		s := x.sheet()
		w.print("\n")
		head := fmt.Sprintf("Question %d of %d", x.e.At+1, len(x.sheets))
		if x.e.Items[x.e.At].Flagged {
			head += ", flagged"
		}
		if left, limited := x.e.TimeLeft(w.o.Now()); limited {
			head += ", " + clock(left) + " left"
			if left == 0 {
				return nil
			}
		}
		w.say(head + ".")
		w.page(func(p *page) { w.asked(p, s) })
		if len(s.picks) > 0 {
			w.say("You chose " + s.places(s.picks) + ".")
		}
		text, err := w.ask(s.prompt() + ", ! flag, < before, > after, g and a number: go there, h hand in): ")
		if err != nil {
			return err
		}
		to := x.e.At + 1
		switch picks, ok := placesOf(text, len(s.options)); {
		case text == "h":
			return nil
		case text == "!":
			x.e.Flag()
			to = x.e.At
		case text == "<":
			to = max(0, x.e.At-1)
		case text == ">" || text == "0":
		case strings.HasPrefix(text, "g"):
			if to, err = strconv.Atoi(strings.TrimSpace(text[1:])); err != nil || to < 1 || to > len(x.sheets) {
				w.say(fmt.Sprintf("Questions are numbered 1 to %d.", len(x.sheets)))
				to = x.e.At + 1
			}
			to--
		case ok:
			note, ok := s.takes(picks, w.o.Typed)
			if note != "" {
				w.say(note + ".")
			}
			if !ok {
				to = x.e.At
				break
			}
			if err := x.e.Answer(w.o.Now(), s.picks); errors.Is(err, session.ErrTimeUp) {
				return nil
			} else if err != nil {
				w.say(notSaved(err) + ".")
			}
		default:
			to = x.e.At
		}
		if to == len(x.sheets) {
			open, flagged := x.e.Open()
			text, err := w.ask(fmt.Sprintf("That was the last. %d to answer, %d flagged. (h hand in, or a question's number): ", open, flagged))
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || n > len(x.sheets) {
				return nil
			}
			to = n - 1
		}
		x.goTo(to)
	}
}
