package session

import (
	"errors"
	"slices"
	"time"

	"esmlab/quiz/progress"
)

// Version is an edition of the AWS Certified Developer - Associate exam.
type Version string

// The two editions: the older one could be taken until 2026-11-30.
const (
	C02 Version = "C02"
	C03 Version = "C03"
)

// VersionOn is the edition that can be taken on a day.
func VersionOn(t time.Time) Version {
	if t.Before(time.Date(2026, 12, 1, 0, 0, 0, 0, t.Location())) {
		return C02
	}
	return C03
}

// Timer is how much time an exam gives.
type Timer int

// The four timers.
const (
	TimerNormal   Timer = iota // x1: two minutes a question
	TimerHalfMore              // x1.5
	TimerTwice                 // x2
	TimerOff                   // no limit
)

// FullExam is how many questions AWS asks, in 130 minutes.
const FullExam = 65

// perQuestion is the exam's own pace.
const perQuestion = 2 * time.Minute

// Limit is the time for that many questions, 0 without a limit.
func (t Timer) Limit(questions int) time.Duration {
	d := time.Duration(questions) * perQuestion
	switch t {
	case TimerHalfMore:
		return d * 3 / 2
	case TimerTwice:
		return d * 2
	case TimerOff:
		return 0
	}
	return d
}

// ExamOptions say which exam.
type ExamOptions struct {
	Version   Version // "": by the day
	Questions int     // default FullExam; at most the deck
	Timer     Timer
	Seed      uint64 // which questions, in which order
	Run       string // names the run in the progress file
}

// ExamItem is one question of an exam.
type ExamItem struct {
	Card    Card
	Options []int // in the order to show
	Picks   []int // chosen last; none: not answered
	Flagged bool
}

// Answered reports whether as many options were chosen as are asked for.
func (x ExamItem) Answered() bool {
	return len(x.Picks) > 0 && (!x.Card.Multiple || len(x.Picks) == len(x.Card.Right))
}

// Exam is a set of questions to be answered in any order within a time, and
// judged at the end. It leaves the schedule alone.
type Exam struct {
	Version Version
	Items   []ExamItem
	At      int // the item that is open
	Started time.Time
	Limit   time.Duration // 0: none
	Drawn   Draw

	store  *progress.Store
	run    string
	opened time.Time // when the open item was
	begun  bool      // a line of the run is written
	result *ExamResult
}

// ErrTimeUp is an answer after the time of an exam, ErrOver one after its end,
// ErrNoCard a deck that no exam can be drawn from.
var (
	ErrTimeUp = errors.New("the time is up")
	ErrOver   = errors.New("the exam is over")
	ErrNoCard = errors.New("no card of the deck has options and a key that AWS documents")
)

// NewExam draws an exam from a deck, of what AWS documents. Which questions it has is written down with the first
// answer.
func NewExam(store *progress.Store, deck []Card, o ExamOptions, now time.Time) (*Exam, error) {
	if o.Version == "" {
		o.Version = VersionOn(now)
	}
	if o.Questions <= 0 {
		o.Questions = FullExam
	}
	var cards []Card
	seen := map[string]bool{}
	for _, c := range deck {
		if len(c.Options) >= 2 && len(c.Right) > 0 && !c.Own && !seen[c.ID] {
			seen[c.ID] = true
			cards = append(cards, c)
		}
	}
	if len(cards) == 0 {
		return nil, ErrNoCard
	}
	cards, drawn := draw(cards, o.Version, o.Questions, o.Seed)
	e := &Exam{Version: o.Version, Started: now, opened: now, Limit: o.Timer.Limit(len(cards)), Drawn: drawn, store: store, run: o.Run}
	seeded("order", o.Seed).Shuffle(len(cards), func(i, j int) { cards[i], cards[j] = cards[j], cards[i] })
	var just Card
	for len(cards) > 0 {
		pool := slices.DeleteFunc(slices.Clone(cards), func(x Card) bool { return just.Pair != "" && x.Pair == just.Pair })
		if len(pool) == 0 { // near misses side by side give each other away, but there is no other
			pool = cards
		}
		c, _ := choose(pool, just)
		e.add(c)
		cards = slices.DeleteFunc(cards, func(x Card) bool { return x.ID == c.ID })
		just = c
	}
	return e, nil
}

// add puts a question at the end.
func (e *Exam) add(c Card) {
	e.Items = append(e.Items, ExamItem{Card: c, Options: ShownOptions(c, progress.Card{}, progress.DayOf(e.Started), true)})
}

// write writes a line of this run; without a name it leaves no trace.
func (e *Exam) write(now time.Time, l progress.Line) error {
	if e.run == "" {
		return nil
	}
	if l.Run = e.run; !e.begun {
		e.begun = true
		l.Exam, l.Limit, l.Since = string(e.Version), int(e.Limit.Milliseconds()), int(now.Sub(e.Started).Milliseconds())
		for _, x := range e.Items {
			l.Cards = append(l.Cards, x.Card.ID)
		}
	}
	return e.store.Write(e.store.Stamp(now, l))
}

// TimeLeft is the time that is left; ok is false if there is no limit.
func (e *Exam) TimeLeft(now time.Time) (left time.Duration, ok bool) {
	return max(0, e.Limit-now.Sub(e.Started)), e.Limit > 0
}

// GoTo opens an item.
func (e *Exam) GoTo(i int, now time.Time) {
	if i >= 0 && i < len(e.Items) {
		e.At, e.opened = i, now
	}
}

// Flag marks the open item to come back to, or takes the mark away. The mark is kept
// with the exam, for its review too. The error says that it is not saved.
func (e *Exam) Flag(now time.Time) error {
	x := &e.Items[e.At]
	x.Flagged = !x.Flagged
	return e.write(now, progress.Line{Kind: progress.KindFlag, Card: x.Card.ID, Right: x.Flagged})
}

// Open counts the items that are not answered, or not completely, and those that are
// marked.
func (e *Exam) Open() (open, flagged int) {
	for _, x := range e.Items {
		if !x.Answered() {
			open++
		}
		if x.Flagged {
			flagged++
		}
	}
	return open, flagged
}

// Answer takes the answer to the open item; none takes it back. It is on disk
// when Answer returns, unless the error says otherwise. When the time is up
// it does not count: the exam ends with ErrTimeUp.
func (e *Exam) Answer(now time.Time, picks []int) error {
	if e.result != nil {
		return ErrOver
	}
	if left, limited := e.TimeLeft(now); limited && left == 0 {
		_, err := e.Finish(now)
		return errors.Join(ErrTimeUp, err)
	}
	x := &e.Items[e.At]
	x.Picks = slices.Clone(picks)
	return e.write(now, progress.Line{Kind: progress.KindExam, Exam: string(e.Version), Card: x.Card.ID,
		Answer: picks, Right: x.Card.Judge(picks).Right, MS: int(now.Sub(e.opened).Milliseconds())})
}
