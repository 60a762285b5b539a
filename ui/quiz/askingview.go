package quiz

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// This file is how a question looks in each of its phases: page, headline,
// footer, and when a card comes again in words.

// Draw gives the frame.
func (a *Asking) Draw(w, h int) (string, *tea.Cursor) {
	_, width := column(w)
	p := newPage(a.screens.Theme, width)
	switch a.phase {
	case open, rating:
		p.asked(a.s)
		if a.phase == open && a.s.choices() && a.s.at >= 0 {
			p.keep = p.y
		} else if a.s.typed() {
			p.keep = p.y
		}
		if a.phase == rating {
			p.gap()
			p.keep = len(p.rows)
			t := p.t
			p.add(t.Paint(kit.Strong, "How sure are you?   ") + t.Paint(kit.Key, "1") + " guess   " + t.Paint(kit.Key, "2") + " fairly   " + t.Paint(kit.Key, "3") + " sure")
			p.x, p.y = kit.Width("How sure are you?   "), p.keep
		}
	case revealed:
		p.head(a.s)
		p.answer(a.s)
		p.gap()
		p.grades(a.preview(), a.o.Now(), "How well did you know it?")
	case runFirst:
		p.title(a.s)
		p.gap()
		chosen := a.s.places(a.s.picks)
		p.say("You were sure of "+chosen+". Before the reasons: see it happen.", kit.Plain)
		p.gap()
		p.add("  " + p.t.Paint(kit.Key, kit.Fit(kit.KeyOf("see"), 7)) + "the lab, just before it is decided")
		p.add("  " + p.t.Paint(kit.Key, kit.Fit(kit.KeyOf("done"), 7)) + "the answer and the reasons")
	case judged, choosingWorld:
		p.judgedPage(a.s)
		a.after(p)
	default:
		a.end(p)
	}
	a.long = len(p.rows) > pageRoom(h)
	return a.draw(w, h, a.headerLine(), a.news(), p, a.footer())
}

// after is what stands below the reasons: how well confidence fits, and the
// grades.
func (a *Asking) after(p *page) {
	p.gap()
	if text := calibrated(a.o.Store, a.picked); text != "" {
		p.say(text, kit.Dim)
	}
	if a.verdict.Due[0] != (session.DueDate{}) {
		p.grades(a.verdict.Due, a.o.Now(), "Grade it yourself:")
	}
}

// calibratedFrom is how many answers it takes until their share says something.
const calibratedFrom = 5

// calibrated says how many answers of one confidence were right; "" where there are too few
// to tell, or none is given.
func calibrated(store *progress.Store, c progress.Confidence) string {
	if c == 0 {
		return ""
	}
	k := store.Calibration()[c-1]
	if k.Asked < calibratedFrom {
		return ""
	}
	what := [...]string{"", "guessed", "were fairly sure of", "were sure of"}[k.Confidence]
	return fmt.Sprintf("Of %s that you %s so far, %d %% were right.", kit.Count(k.Asked, "answer"), what, k.Percent())
}

// grades lists the four grades with their dates.
func (p *page) grades(when [4]session.DueDate, now time.Time, lead string) {
	p.add(p.t.Paint(kit.Dim, lead))
	var parts []string
	for i, g := range []string{"again", "hard", "good", "easy"} {
		text := p.t.Paint(kit.Key, fmt.Sprint(i+1)) + " " + g
		if when[i] != (session.DueDate{}) {
			text += p.t.Paint(kit.Dim, " "+in(when[i], now))
		}
		parts = append(parts, text)
	}
	row := ""
	for _, x := range parts {
		if row != "" && kit.VisibleWidth(row)+3+kit.VisibleWidth(x) > p.w {
			p.add(row)
			row = ""
		}
		if row != "" {
			row += "   "
		}
		row += x
	}
	p.add(row)
}

// preview gives the dates of the four grades for the open card.
func (a *Asking) preview() (out [4]session.DueDate) {
	if a.crams() {
		return out
	}
	for i, c := range a.o.Store.Preview(a.s.e.Card.ID, a.o.Now()) {
		if c.State == fsrs.Review {
			out[i] = session.DueDate{Day: c.Due}
		} else {
			out[i] = session.DueDate{At: c.DueAt}
		}
	}
	return out
}

// end is the page where nothing is asked.
func (a *Asking) end(p *page) {
	right, of := a.c.score()
	if of > 0 {
		p.say(fmt.Sprintf("%s answered, %d right.", kit.Count(of, "question"), right), kit.Strong)
		p.gap()
	}
	if a.phase == waiting {
		p.say(kit.WithKeys("A card you did not know rests for some minutes, so that you have to remember it. It then comes by itself; if you leave with {back}, it is due later."), kit.Plain)
		return
	}
	text := "That was all for now. {done} goes back."
	if _, mix := a.c.(*mixCourse); mix {
		text = "That was today's mix: " + spell(a.o.Now().Sub(a.c.(*mixCourse).began)) + ". {done} goes back to what is due."
	}
	p.say(kit.WithKeys(text), kit.Plain)
}

func (a *Asking) headerLine() header {
	h := header{title: "quiz", where: a.c.title(), right: a.placed}
	if a.s != nil && a.s.fresh && a.phase <= revealed {
		h.right += "  new"
	}
	return h
}

// news is the headline: what is true now.
func (a *Asking) news() headline {
	now := a.o.Now()
	if (a.phase == judged || a.phase == runFirst) && a.unsaved != nil {
		return headline{"▲", kit.Bad, []string{notSaved(a.unsaved)}}
	}
	switch a.phase {
	case open:
		switch {
		case a.before != "":
			return headline{"▸", kit.Info, []string{a.before + kit.WithKeys(". {take-back} takes it back")}}
		case a.s.recall():
			return headline{"▸", kit.Info, []string{kit.WithKeys("Say it, then {show} shows the answer"), kit.WithKeys("{show} shows it")}}
		case a.s.typed():
			return headline{"▸", kit.Info, []string{"Type the answer, then enter"}}
		case a.s.lacks() != "":
			return headline{"▸", kit.Info, []string{"You chose " + a.s.places(a.s.picks) + ". " + a.s.lacks(), a.s.lacks()}}
		case len(a.s.picks) > 0:
			return headline{"▸", kit.Info, []string{"You chose " + a.s.places(a.s.picks) + kit.WithKeys(": {done} when done"), kit.WithKeys("{done} when done")}}
		}
		if a.s.multiple() {
			return headline{"▸", kit.Info, []string{a.s.ask() + ", with " + a.digits() + kit.WithKeys(", then {done}"), a.s.ask()}}
		}
		return headline{"▸", kit.Info, []string{"Choose with " + a.digits() + kit.WithKeys(", then {done}"), kit.WithKeys("choose, then {done}")}}
	case rating:
		return headline{"▸", kit.Info, []string{"How sure are you?  1 guess  2 fairly  3 sure", "1 guess 2 fairly 3 sure"}}
	case revealed:
		return headline{"▸", kit.Info, []string{"How well did you know it?  1 again  2 hard  3 good  4 easy", "1 again 2 hard 3 good 4 easy"}}
	case runFirst:
		return headline{"X", kit.Bad, []string{kit.WithKeys("NOT SO, and you were sure. See it happen first: {see}"), kit.WithKeys("NOT SO. {see} shows it")}}
	case choosingWorld:
		return headline{"▸", kit.Info, []string{"Which option's world?  " + a.digits(), a.digits()}}
	case judged:
		return outcome(a.s, &a.verdict, now)
	case waiting:
		return headline{"‖", kit.Busy, []string{"The next card is due in " + spell(a.wait.Sub(now))}}
	}
	return headline{"●", kit.Good, []string{"Done for now"}}
}

// outcome is the headline of an answer.
func outcome(s *sheet, v *session.Verdict, now time.Time) headline {
	key, tail := s.places(s.e.Card.Key()), ""
	if d := due(*v, now); d != "" {
		tail = " " + kit.Capitalize(v.Grade.String()) + d + "."
	}
	switch {
	case !v.Right && !s.choices() && !s.answered():
		return headline{"X", kit.Bad, []string{"Not known." + tail, "Not known"}}
	case v.Right:
		return headline{"●", kit.Good, []string{"RIGHT." + tail, "RIGHT"}}
	case s.choices() && len(s.picks) == 0:
		return headline{"X", kit.Bad, []string{"It is " + key + "." + tail, "It is " + key}}
	case s.choices() && len(v.Hit) > 0:
		return headline{"X", kit.Bad, []string{"PARTLY RIGHT, which an exam does not count: it is " + key + "." + tail, "PARTLY RIGHT: it is " + key + "." + tail, "PARTLY RIGHT: it is " + key}}
	case s.choices():
		return headline{"X", kit.Bad, []string{"NOT SO: it is " + key + "." + tail, "NOT SO: it is " + key}}
	}
	return headline{"X", kit.Bad, []string{"NOT SO." + tail, "NOT SO"}}
}

// footer are the actions that matter now.
func (a *Asking) footer() []kit.Hint {
	var out []kit.Hint
	add := func(id, text string) { out = append(out, kit.HintOf(id, text)) }
	digits := func(n int, text string) {
		out = append(out, kit.Hint{ID: "choose", Key: "1-" + fmt.Sprint(n), Text: text})
	}
	possible := func(id, text string) {
		if a.keys.Reason(id) == "" {
			add(id, text)
		}
	}
	switch a.phase {
	case open:
		switch {
		case a.typing():
			return []kit.Hint{{ID: "done", Key: "enter", Text: "done"}, {ID: "back", Key: "esc", Text: "stop typing: other keys"}}
		case a.s.recall():
			add("show", "show")
		case a.s.typed():
			add("done", "type")
		default:
			digits(len(a.s.options), "choose")
			add("done", "done")
		}
		add("unknown", "don't know")
		add("tip", "tip")
		add("skip", "skip")
	case rating:
		for i, text := range []string{"guess", "fairly", "sure"} {
			out = append(out, kit.Hint{ID: "choose", N: i + 1, Key: fmt.Sprint(i + 1), Text: text})
		}
		add("back", "choose again")
		return out
	case revealed:
		digits(4, "grade")
		possible("see", "see it happen")
	case runFirst:
		add("see", "see it happen")
		add("done", "the reasons")
	case choosingWorld:
		digits(len(a.s.options), "the world of that option")
		add("back", "the answer")
		return out
	case judged:
		add("done", "next")
		possible("see", "see it happen")
		if a.keys.Reason("choose") == "" {
			digits(4, "grade")
		}
	case finished:
		add("done", "back")
	}
	possible("take-back", "take back")
	if a.long {
		out = append(out, kit.HintPair("up", "down", "scroll"))
	}
	add("back", "leave")
	add("help", "all")
	possible("see-option", "an option's world")
	return out
}

// due says when a card comes again.
func due(v session.Verdict, now time.Time) string {
	w := v.Due[max(0, v.Grade-1)]
	if w == (session.DueDate{}) {
		return ""
	}
	return ": " + in(w, now)
}

// in says when that is, as a person would.
func in(w session.DueDate, now time.Time) string {
	text := w.In(now)
	switch {
	case text == "today" || text == "tomorrow":
		return text
	case strings.HasPrefix(text, "0 "):
		return "in a moment"
	}
	return "in " + text
}

// notSaved says in a sentence that an answer is not on disk.
func notSaved(err error) string {
	text := strings.TrimPrefix(strings.SplitN(err.Error(), "\n", 2)[0], "progress is not saved: ")
	return "Not saved: " + flat(text) + ". The answer counts, and is written with the next one"
}
