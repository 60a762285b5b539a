package quiz

import (
	"fmt"
	"strings"

	"esmlab/quiz/drill"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// This file says what is due today and why nothing is.

// state is what the store says today.
type state struct {
	today    session.Today
	cards    int
	heat     []int // answers of the last study days, today last
	forecast []int // cards that come due, today first
	fresh    int   // new cards that tomorrow brings at most
	perDay   int   // new cards a day, of each deck
	more     int   // how many new cards can be brought on top today
	sure     [3]progress.Calibration
	answers  int
	drills   [2]int // right, asked
	version  session.Version
	// unfinished is the exam that was left and can be gone on with; nil: none.
	unfinished         *session.ExamRun
	mixRight, mixToday int      // right and asked in today's mixes
	retired            []string // cards that were set aside
}

func (o *Options) state() state {
	now := o.Now()
	cards := o.cards()
	s := session.New(o.Store, cards, o.pace())
	today := progress.DayOf(now)
	out := state{today: s.Today(now), cards: len(cards), sure: o.Store.Calibration(), version: session.VersionOn(now)}
	out.perDay = session.Options{NewPerDay: o.NewPerDay}.Complete().NewPerDay
	out.more = min(out.today.Unseen, moreNew)
	out.fresh = s.NewTomorrow(out.perDay)
	ids := make([]string, len(cards))
	for i, c := range cards {
		ids[i] = c.ID
		if o.Store.Card(c.ID).Suspended {
			out.retired = append(out.retired, c.ID)
		}
	}
	out.heat = o.Store.Heat(today, 7*weeks)
	out.forecast = o.Store.Forecast(ids, now, 7)
	for _, n := range out.heat {
		out.answers += n
	}
	out.unfinished = session.Unfinished(o.Store, now)
	for l := range o.Store.Lines {
		if l.Kind == progress.KindMix && l.Day == today {
			out.mixRight, out.mixToday = out.mixRight+l.Correct, out.mixToday+l.Asked
		}
	}
	for _, x := range drill.Scores(o.Store) {
		out.drills[0] += x.Right
		out.drills[1] += x.Asked
	}
	return out
}

// Summary says in a line what is due.
func (o *Options) Summary() string {
	s := o.state()
	return s.due()
}

// due says what is due, and how long it takes.
func (s *state) due() string {
	n := s.today.Cards()
	if n == 0 {
		return "nothing is due"
	}
	return fmt.Sprintf("%s due, about %d min", kit.Count(n, "card"), s.today.Minutes)
}

// moreNew is how many new cards a person can ask for on top of a day's number.
const moreNew = 10

// ahead says which kinds of cards are due, and how many come tomorrow.
func (s *state) ahead() string {
	return strings.TrimPrefix(s.parts()+"; "+s.tomorrow(), "; ")
}

// tomorrow says what the next day brings.
func (s *state) tomorrow() string {
	text := fmt.Sprintf("tomorrow %d to review", s.forecast[1])
	if s.fresh > 0 {
		text += fmt.Sprintf(", %d new", s.fresh)
	}
	return text
}

// why says why nothing is due, and what would bring more: a sentence each. more is how
// more new cards are brought.
func (s *state) why(more string) []string {
	var out []string
	say := func(format string, a ...any) { out = append(out, fmt.Sprintf(format, a...)) }
	switch {
	case s.today.Unseen > 0 && s.perDay == 0:
		say("None is to be new today, and %s wait%s: %s.", neverAsked(s.today.Unseen), ofOne(s.today.Unseen, "s", ""), more)
	case s.today.Unseen > 0:
		say("%s new today, which is the day's number; %s wait%s: %s.", kit.Count(s.today.Begun, "card")+ofOne(s.today.Begun, " was", " were"), neverAsked(s.today.Unseen), ofOne(s.today.Unseen, "s", ""), more)
	case s.today.Capped == 0:
		say("Every card has been asked, and each comes back when you are about to forget it.")
	}
	if s.today.Capped > 0 {
		say("%d more %s due, beyond the day's most: those you know least come first on the next days.", s.today.Capped, ofOne(s.today.Capped, "is", "are"))
	}
	if s.today.Apart > 0 {
		say("%s nearly what another of today asks, and %s for another day.", kit.Count(s.today.Apart, "card")+ofOne(s.today.Apart, " asks", " ask"), ofOne(s.today.Apart, "waits", "wait"))
	}
	if n := len(s.retired); n > 0 {
		say("%s set aside.", kit.Count(n, "card")+ofOne(n, " was", " were"))
	}
	return out
}

// ofOne chooses between what is said of one thing and of several.
func ofOne(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}

// neverAsked counts the cards that were never asked.
func neverAsked(n int) string { return kit.Count(n, "card") + " never asked" }

// parts says which kinds of cards are due.
func (s *state) parts() string {
	var out []string
	add := func(n int, what string) {
		if n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(s.today.Reviews, "to review")
	add(s.today.Steps, "being learned")
	add(s.today.Lessons, "from lessons")
	add(s.today.New, "new")
	text := strings.Join(out, ", ")
	if s.today.Capped > 0 {
		text += fmt.Sprintf("; %d more wait for another day", s.today.Capped)
	}
	return text
}

// next says when the next card comes.
func next(forecast []int) string {
	for i, n := range forecast {
		switch {
		case n == 0:
		case i == 0:
			return ": " + kit.Count(n, "card") + " later today"
		case i == 1:
			return ": " + kit.Count(n, "card") + " tomorrow"
		default:
			return fmt.Sprintf(": %s in %d days", kit.Count(n, "card"), i)
		}
	}
	return ""
}
