package session

import (
	"cmp"
	"errors"
	"slices"
	"strings"
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

// perQuestion is the exam's own pace, in this size: 20 questions, 40 minutes.
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
	Questions int     // default 20; at most the deck
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

// Exam is a set of questions to be answered in any order within a time, and
// judged at the end. It leaves the schedule alone.
type Exam struct {
	Version Version
	Items   []ExamItem
	At      int // the item that is open
	Started time.Time
	Limit   time.Duration // 0: none

	store  *progress.Store
	run    string
	opened time.Time // when the open item was
	result *ExamResult
}

// ErrTimeUp is an answer after the time of an exam, ErrOver one after its end,
// ErrNoCard a deck that no exam can be drawn from.
var (
	ErrTimeUp = errors.New("the time is up")
	ErrOver   = errors.New("the exam is over")
	ErrNoCard = errors.New("no card of the deck has options")
)

// NewExam draws an exam from a deck: cards with options, those with a skill of
// the edition first, sources alternating.
func NewExam(store *progress.Store, deck []Card, o ExamOptions, now time.Time) (*Exam, error) {
	if o.Version == "" {
		o.Version = VersionOn(now)
	}
	if o.Questions <= 0 {
		o.Questions = 20
	}
	var cards []Card
	for _, c := range deck {
		if len(c.Options) >= 2 && len(c.Right) > 0 && !slices.ContainsFunc(cards, func(x Card) bool { return x.ID == c.ID }) {
			cards = append(cards, c)
		}
	}
	if len(cards) == 0 {
		return nil, ErrNoCard
	}
	seeded("exam", o.Seed).Shuffle(len(cards), func(i, j int) { cards[i], cards[j] = cards[j], cards[i] })
	slices.SortStableFunc(cards, func(a, b Card) int {
		return cmp.Compare(min(1, len(skills(b, o.Version))), min(1, len(skills(a, o.Version))))
	})
	cards = cards[:min(len(cards), o.Questions)]
	e := &Exam{Version: o.Version, Started: now, opened: now, Limit: o.Timer.Limit(len(cards)), store: store, run: o.Run}
	var just Card
	for len(cards) > 0 {
		pool := slices.DeleteFunc(slices.Clone(cards), func(x Card) bool { return just.Pair != "" && x.Pair == just.Pair })
		if len(pool) == 0 { // near misses side by side give each other away, but there is no other
			pool = cards
		}
		c, _ := choose(pool, just)
		e.Items = append(e.Items, ExamItem{Card: c, Options: ShownOptions(c, progress.Card{}, progress.DayOf(now), true)})
		cards = slices.DeleteFunc(cards, func(x Card) bool { return x.ID == c.ID })
		just = c
	}
	return e, nil
}

// skills are a card's skills of an edition, as AWS writes them: 1.2.4.
func skills(c Card, v Version) []string {
	var out []string
	for _, tag := range c.Skills {
		if rest, ok := strings.CutPrefix(strings.ToLower(tag), strings.ToLower(string(v))+"-"); ok {
			out = append(out, strings.ReplaceAll(rest, "-", "."))
		}
	}
	return out
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

// Flag marks the open item to come back to, or takes the mark away.
func (e *Exam) Flag() { e.Items[e.At].Flagged = !e.Items[e.At].Flagged }

// Open counts the items without an answer, Flagged those marked.
func (e *Exam) Open() (open, flagged int) {
	for _, x := range e.Items {
		if len(x.Picks) == 0 {
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
	return e.store.Write(e.store.Stamp(now, progress.Line{Kind: progress.KindExam, Run: e.run, Exam: string(e.Version), Card: x.Card.ID,
		Answer: picks, Right: x.Card.Judge(picks).Right, MS: int(now.Sub(e.opened).Milliseconds())}))
}

// ExamResult is how an exam went. It is a count, and not AWS's score.
type ExamResult struct {
	Version   Version
	Right, Of int
	Skills    []SkillResult // in their order; a card counts for each of its skills
	Misses    []int         // indices of items not answered rightly, to look at again
	Took      time.Duration
	TimeUp    bool
}

// SkillResult counts the questions of a skill.
type SkillResult struct {
	Skill       string // as 1.2.4; "" for cards that name none
	Asked, Good int
}

// Result gives the result, nil while the exam runs.
func (e *Exam) Result() *ExamResult { return e.result }

// Finish judges the exam; what has no answer is wrong, and a multiple response
// counts when it is complete. The error says what could not be saved.
func (e *Exam) Finish(now time.Time) (*ExamResult, error) {
	if e.result != nil {
		return e.result, nil
	}
	r := &ExamResult{Version: e.Version, Of: len(e.Items), Took: now.Sub(e.Started)}
	if e.Limit > 0 && r.Took >= e.Limit {
		r.Took, r.TimeUp = e.Limit, true
	}
	bySkill := map[string]*SkillResult{}
	for i, x := range e.Items {
		right := x.Card.Judge(x.Picks).Right
		if right {
			r.Right++
		} else {
			r.Misses = append(r.Misses, i)
		}
		names := skills(x.Card, e.Version)
		if len(names) == 0 {
			names = []string{""}
		}
		for _, name := range names {
			s := bySkill[name]
			if s == nil {
				s = &SkillResult{Skill: name}
				bySkill[name] = s
			}
			s.Asked++
			if right {
				s.Good++
			}
		}
	}
	for _, s := range bySkill {
		r.Skills = append(r.Skills, *s)
	}
	slices.SortFunc(r.Skills, func(a, b SkillResult) int {
		return cmp.Or(cmp.Compare(min(1, len(b.Skill)), min(1, len(a.Skill))), cmp.Compare(a.Skill, b.Skill))
	})
	e.result = r
	return r, e.store.Write(e.store.Stamp(now, progress.Line{Kind: progress.KindExamEnd, Run: e.run, Exam: string(e.Version), Correct: r.Right, Asked: r.Of}))
}
