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
	done  []answered
}

// answered is an answer of this session, for Undo.
type answered struct {
	question Question
	before   Card   // asked before it
	line     string // its id
	right    bool
}

// New makes a session on a deck. A card id that comes twice is asked once.
func New(store *progress.Store, deck []Card, o Options) *Session {
	s := &Session{store: store, o: o.complete()}
	seen := map[string]bool{}
	for _, c := range deck {
		if !seen[c.ID] {
			seen[c.ID] = true
			s.cards = append(s.cards, c)
		}
	}
	if o.Cram {
		seeded("cram", o.Seed).Shuffle(len(s.cards), func(i, j int) { s.cards[i], s.cards[j] = s.cards[j], s.cards[i] })
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
		right[a.question.Card.ID] = right[a.question.Card.ID] || a.right
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
			v.Due[i] = dueDate(c, sure, i > 0 || v.Right)
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
	l = s.store.Stamp(now, l)
	v.Err = errors.Join(v.Err, s.store.Write(l))
	s.done = append(s.done, answered{question: *q, before: s.last, line: l.ID, right: v.Right})
	if q.Card.Pair == s.last.Pair { // two near misses stand side by side, not the whole topic
		s.last = q.Card
		s.last.Pair = ""
	} else {
		s.last = q.Card
	}
	s.open = nil
	if w := v.Due[v.Grade-1]; w.Day == 0 && !s.o.Cram {
		v.AskedAgain = w.At
	}
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
// the last answer.
func (s *Session) Regrade(now time.Time, g fsrs.Grade) error {
	if len(s.done) == 0 || s.o.Cram {
		return ErrNoQuestion
	}
	if g < fsrs.Again || g > fsrs.Easy {
		return fmt.Errorf("there is no %v (1 to 4)", g)
	}
	return s.store.Write(s.store.Stamp(now, progress.Line{Kind: progress.KindGrade, Of: s.done[len(s.done)-1].line, Grade: g}))
}

// Undo takes back the last answer of this session and asks the question
// again. It gives false if there is none.
func (s *Session) Undo(now time.Time) (bool, error) {
	if len(s.done) == 0 {
		return false, nil
	}
	last := s.done[len(s.done)-1]
	s.done = s.done[:len(s.done)-1]
	q := last.question
	q.At = now
	s.open, s.last = &q, last.before
	return true, s.store.Write(s.store.Stamp(now, progress.Line{Kind: progress.KindUndo, Of: last.line}))
}

// Suspend takes the open question's card out of the deck until Unsuspend.
func (s *Session) Suspend(now time.Time) error {
	if s.open == nil {
		return ErrNoQuestion
	}
	id := s.open.Card.ID
	s.open = nil
	return s.store.Write(s.store.Stamp(now, progress.Line{Kind: progress.KindSuspend, Card: id}))
}

// Score counts the answers of this session.
func (s *Session) Score() (right, of int) {
	for _, a := range s.done {
		if a.right {
			right++
		}
	}
	return right, len(s.done)
}
