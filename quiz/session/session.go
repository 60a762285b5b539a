package session

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
)

// Question is a card as it is asked now.
type Question struct {
	Card    Card
	Options []int // in the order to show, by their numbers in the note; none: free recall
	New     bool  // never reviewed before
	At      time.Time
	Hint    bool
}

// Verdict is the outcome of an answer.
type Verdict struct {
	Judgement
	Grade      fsrs.Grade // as proposed, and written
	Due        [4]DueDate // what each grade means, Again first
	ProofFirst bool       // sure and wrong: show the proof before anything else
	AskedAgain time.Time  // when a wrong card comes again today; zero if it does not
	Err        error      // the answer counts, but is not saved; the sentence to show
}

// DueDate is a date for a card: an instant today, or a study day.
type DueDate struct {
	At  time.Time // zero if Day is set
	Day progress.Day
}

// In says how long that is from now.
func (w DueDate) In(now time.Time) string {
	if w.Day == 0 {
		m := int(w.At.Sub(now).Round(time.Minute) / time.Minute)
		return plural(max(m, 0), "minute")
	}
	switch d := int(w.Day - progress.DayOf(now)); {
	case d <= 0:
		return "today"
	case d == 1:
		return "tomorrow"
	default:
		return plural(d, "day")
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Session asks the cards of a deck. Next gives a question, Answer or Recall
// takes its answer, Regrade and Undo change the last one. Times are given in
// the learner's time zone.
type Session struct {
	store *progress.Store
	cards []Card
	o     Options
	open  *Question
	last  Card
	done  []act
	taken *act                // what Undo took back last, while its question is open
	aside map[string]Question // questions that Undo took from the screen, unanswered
}

// act is what a person did with a question, for Undo.
type act struct {
	question Question
	before   Card          // asked before it
	lines    []string      // ids of the lines that say it
	answer   progress.Line // as it was written; none: the card was set aside unanswered
}

func (a *act) answered() bool { return a.answer.Kind != "" }

// New makes a session on a deck. A card id that comes twice is asked once.
func New(store *progress.Store, deck []Card, o Options) *Session {
	s := &Session{store: store, o: o.Complete(), aside: map[string]Question{}}
	seen := map[string]bool{}
	for _, c := range deck {
		if !seen[c.ID] {
			seen[c.ID] = true
			s.cards = append(s.cards, c)
		}
	}
	if o.Cram {
		seeded("cram", o.Seed).Shuffle(len(s.cards), func(i, j int) { s.cards[i], s.cards[j] = s.cards[j], s.cards[i] })
		apart := 0
		s.cards = clusters{}.firsts(s.cards, &apart)
	}
	return s
}

// Today says what is left to do today; a cram has no such thing.
func (s *Session) Today(now time.Time) Today { return s.pool(now).today }

// Remaining counts the cards still to come in this session, now.
func (s *Session) Remaining(now time.Time) int {
	if s.o.Cram {
		return len(s.cramPool())
	}
	return s.pool(now).today.Cards()
}

// Current is the question that was asked and not answered; nil if none is.
func (s *Session) Current() *Question { return s.open }

// ErrNoQuestion is an answer where nothing was asked.
var ErrNoQuestion = errors.New("no question is open")

// Next gives the question to ask now; the same again while it is not
// answered. Where there is none, wait is when the next card in steps of
// minutes is due today, and zero if the day's work is done.
func (s *Session) Next(now time.Time) (q *Question, wait time.Time) {
	if s.open != nil {
		return s.open, time.Time{}
	}
	if s.o.Cram {
		if c, ok := choose(s.cramPool(), s.last); ok {
			s.ask(c, now)
		}
		return s.open, time.Time{}
	}
	p := s.pool(now)
	if c, ok := p.step(now, 0, s.last.ID); ok && c.ID != s.last.ID {
		s.ask(c, now)
	} else if c, ok := choose(p.cards, s.last); ok {
		s.ask(c, now)
	} else if c, ok := p.step(now, s.o.LearnAhead, s.last.ID); ok {
		s.ask(c, now)
	} else {
		for _, x := range p.steps {
			if progress.DayOf(x.at.In(now.Location())) == progress.DayOf(now) && (wait.IsZero() || x.at.Before(wait)) {
				wait = x.at
			}
		}
	}
	return s.open, wait
}

// cramPool are the cards of a cram not answered rightly yet, those tried least
// first.
func (s *Session) cramPool() []Card {
	tries, right := map[string]int{}, map[string]bool{}
	for _, a := range s.done {
		tries[a.question.Card.ID]++
		right[a.question.Card.ID] = right[a.question.Card.ID] || a.answer.Right || !a.answered()
	}
	var out []Card
	least := -1
	for _, c := range s.cards {
		if n := tries[c.ID]; !right[c.ID] && (least < 0 || n < least) {
			least = n
		}
	}
	for _, c := range s.cards {
		if !right[c.ID] && tries[c.ID] == least {
			out = append(out, c)
		}
	}
	return out
}

func (s *Session) ask(c Card, now time.Time) {
	k := s.store.Card(c.ID)
	s.open = &Question{Card: c, Options: ShownOptions(c, k, progress.DayOf(now), s.o.Cram), New: !k.Seen(), At: now}
	if q, ok := s.aside[c.ID]; ok { // it was on the screen before: its time runs on, and a tip was one
		s.open.At, s.open.Hint = q.At, q.Hint
		delete(s.aside, c.ID)
	}
}

// Hint notes that a tip was taken for the open question.
func (s *Session) Hint() {
	if s.open != nil {
		s.open.Hint = true
	}
}

// Answer takes the chosen options, by their numbers in the note, and how sure
// the person is. The answer is on disk when it returns, with the grade that
// is proposed for it. No options: don't know.
func (s *Session) Answer(now time.Time, picks []int, sure progress.Confidence) (Verdict, error) {
	q := s.open
	if q == nil || len(q.Options) == 0 {
		return Verdict{}, ErrNoQuestion
	}
	for _, n := range picks {
		if !slices.Contains(q.Options, n) {
			return Verdict{}, fmt.Errorf("option %d is not shown (one of %v)", n, q.Options)
		}
	}
	if len(picks) == 0 {
		sure = 0
	}
	return s.judge(now, q.Card.Judge(picks), picks, sure), nil
}

// AnswerTyped takes an answer that was typed (blanks, pairs, an order) and judged by
// whoever reads cards.
func (s *Session) AnswerTyped(now time.Time, right bool, sure progress.Confidence) (Verdict, error) {
	if s.open == nil || !s.open.Card.Typed {
		return Verdict{}, ErrNoQuestion
	}
	return s.judge(now, Judgement{Right: right}, nil, sure), nil
}

// judge grades an answer and writes it.
func (s *Session) judge(now time.Time, j Judgement, picks []int, sure progress.Confidence) Verdict {
	q := s.open
	v := Verdict{Judgement: j, Grade: ProposeGrade(j.Right, Circumstances{Confidence: sure, Hint: q.Hint, Took: now.Sub(q.At), Words: q.Card.Words, Unseen: s.unseen(q.Card)})}
	s.write(now, &v, picks, sure)
	v.ProofFirst = !v.Right && sure == progress.Sure && q.Card.Proved
	return v
}

// Skip shows the answer without one: it was not known.
func (s *Session) Skip(now time.Time) (Verdict, error) {
	switch {
	case s.open != nil && s.open.Card.Recall():
		return s.Recall(now, fsrs.Again)
	case s.open != nil && s.open.Card.Typed:
		return s.AnswerTyped(now, false, 0)
	}
	return s.Answer(now, nil, 0)
}

// Recall takes the person's own grade for a free-recall card that was looked
// at.
func (s *Session) Recall(now time.Time, g fsrs.Grade) (Verdict, error) {
	if s.open == nil || !s.open.Card.Recall() {
		return Verdict{}, ErrNoQuestion
	}
	v := Verdict{Judgement: Judgement{Right: g > fsrs.Again}, Grade: g}
	s.write(now, &v, nil, 0)
	return v, nil
}

// unseen reports whether this wording of a card was never asked.
func (s *Session) unseen(c Card) bool {
	for _, l := range s.store.Card(c.ID).Reviews {
		if l.Variant == c.Variant {
			return false
		}
	}
	return true
}

// write writes an answer and closes the question.
func (s *Session) write(now time.Time, v *Verdict, picks []int, sure progress.Confidence) {
	q := s.open
	if !s.o.Cram {
		for i, c := range s.store.Preview(q.Card.ID, now) {
			v.Due[i] = dueDate(c, sure, v.Right)
		}
	}
	v.Err = s.place(now, q.Card)
	before := s.store.Card(q.Card.ID)
	l := progress.Line{Kind: progress.KindReview, Card: q.Card.ID, Algo: progress.Algo, Grade: v.Grade, Answer: picks, Right: v.Right,
		Confidence: sure, MS: int(now.Sub(q.At).Milliseconds()), Hint: q.Hint, Variant: q.Card.Variant}
	if before.Seen() {
		l.Elapsed = max(0, int(progress.DayOf(now)-before.Day))
	}
	if s.o.Cram {
		l.Kind, l.Algo, l.Grade, l.Elapsed = progress.KindCram, "", 0, 0
	}
	v.Err = errors.Join(v.Err, s.put(now, l))
	if w := v.Due[v.Grade-1]; w.Day == 0 && !s.o.Cram {
		v.AskedAgain = w.At
	}
}

// put writes the line of an answer, and closes the question.
func (s *Session) put(now time.Time, l progress.Line) error {
	q := s.open
	l = s.store.Stamp(now, l)
	err := s.store.Write(l)
	s.done = append(s.done, act{question: *q, before: s.last, lines: []string{l.ID}, answer: l})
	pair := s.last.Pair
	s.last = q.Card
	if q.Card.Pair == pair { // two near misses stand side by side, not the whole topic
		s.last.Pair = ""
	}
	s.open, s.taken = nil, nil
	return err
}

// dueDate is the date that a preview gives.
func dueDate(c progress.Card, sure progress.Confidence, right bool) DueDate {
	if c.State == fsrs.Review {
		return DueDate{Day: c.Due}
	}
	w := DueDate{At: c.DueAt}
	if rest := c.Last().At.Add(confidentErrorRest); sure == progress.Sure && !right && rest.After(w.At) {
		w.At = rest
	}
	return w
}

// place records where a card stands, so that it is found again when its note
// is edited.
func (s *Session) place(now time.Time, c Card) error {
	if c.File == "" {
		return nil
	}
	if r, ok := s.store.Location(c.ID); ok && r.File == c.File && r.Heading == c.Heading && r.Text == c.Text {
		return nil
	}
	return s.store.Write(s.store.Stamp(now, progress.Line{Kind: progress.KindCard, Card: c.ID, File: c.File, Heading: c.Heading, Text: c.Text}))
}

// Regrade puts the person's own grade in the place of the one proposed for
// the last answer. Where Undo has taken that back and its question is open, the answer
// counts again, with this grade.
func (s *Session) Regrade(now time.Time, g fsrs.Grade) error {
	switch {
	case s.o.Cram || len(s.done) == 0 && s.taken == nil:
		return ErrNoQuestion
	case g < fsrs.Again || g > fsrs.Easy:
		return fmt.Errorf("there is no %v (1 to 4)", g)
	case s.taken != nil:
		l := s.taken.answer
		if l.Grade = g; s.open.Card.Recall() {
			l.Right = g > fsrs.Again
		}
		return s.put(now, l)
	}
	last := s.done[len(s.done)-1]
	if !last.answered() {
		return ErrNoQuestion
	}
	return s.store.Write(s.store.Stamp(now, progress.Line{Kind: progress.KindGrade, Of: last.lines[0], Grade: g}))
}

// TakenBack reports whether the open question is one whose answer Undo took back: a
// grade is for that answer.
func (s *Session) TakenBack() bool { return s.taken != nil }

// CanUndo reports whether there is anything to take back.
func (s *Session) CanUndo() bool { return len(s.done) > 0 }

// Undo takes back what was done last in this session, an answer or setting a card
// aside, and asks the question again. It gives false if there is none. What follows is
// as if it had never been: the time of the question runs on, a tip that was taken stays
// taken, and a question that was open comes again as it was.
func (s *Session) Undo(now time.Time) (bool, error) {
	if len(s.done) == 0 {
		return false, nil
	}
	if s.open != nil {
		s.aside[s.open.Card.ID] = *s.open
	}
	last := s.done[len(s.done)-1]
	s.done = s.done[:len(s.done)-1]
	q := last.question
	s.open, s.last, s.taken = &q, last.before, nil
	if last.answered() {
		s.taken = &last
	}
	var err error
	for _, id := range last.lines {
		err = errors.Join(err, s.store.Write(s.store.Stamp(now, progress.Line{Kind: progress.KindUndo, Of: id})))
	}
	return true, err
}

// Suspend takes the open question's card out of the deck until Unsuspend; where none is
// open, the card that was answered last.
func (s *Session) Suspend(now time.Time) error {
	n := len(s.done)
	if s.open == nil && (n == 0 || !s.done[n-1].answered()) {
		return ErrNoQuestion
	}
	l := progress.Line{Kind: progress.KindSuspend}
	if s.open != nil {
		l.Card = s.open.Card.ID
	} else {
		l.Card = s.done[n-1].question.Card.ID
	}
	l = s.store.Stamp(now, l)
	if s.open != nil {
		s.done = append(s.done, act{question: *s.open, before: s.last, lines: []string{l.ID}})
	} else {
		s.done[n-1].lines = append(s.done[n-1].lines, l.ID)
	}
	s.open, s.taken = nil, nil
	return s.store.Write(l)
}

// Score counts the answers of this session.
func (s *Session) Score() (right, of int) {
	for _, a := range s.done {
		if !a.answered() {
			continue
		}
		if of++; a.answer.Right {
			right++
		}
	}
	return right, of
}
