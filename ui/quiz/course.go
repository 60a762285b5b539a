package quiz

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"esmlab/quiz/card"
	"esmlab/quiz/drill"
	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
)

// course asks one question after the other: what is due, a cram, or a drill.
type course interface {
	title() string
	// next lays the next question out, the same again while it is not answered.
	// Where there is none, wait is when there will be; zero: that was all.
	next(now time.Time) (s *sheet, wait time.Time, err error)
	// answer judges what was chosen or typed; nothing chosen: don't know.
	answer(now time.Time, s *sheet, sure progress.Confidence) (session.Verdict, error)
	// place says which question is open: "3 of 12", or "question 3" where there is no
	// end.
	place(now time.Time) string
	// score counts the answers so far.
	score() (right, of int)
	// session is what can be graded and taken back; nil for a drill.
	session() *session.Session
	// grades reports whether answers have grades, and cards can be set aside: not in a
	// cram, nor in a drill.
	grades() bool
	// proved reports whether w has anything to show.
	proved(s *sheet) bool
}

// cardCourse is a course on cards.
type cardCourse struct {
	o    *Options
	s    *session.Session
	cram bool
}

func newCardCourse(o *Options, cram bool) *cardCourse {
	pace := o.pace()
	pace.Cram = cram
	cards := o.cards()
	if !cram {
		cards = o.spread(cards)
	}
	return &cardCourse{o: o, s: session.New(o.Store, cards, pace), cram: cram}
}

// firstPart is the folder of the built-in deck that comes before all others.
const firstPart = "basics"

// spread orders the cards of the built-in deck as new ones should come: the basics, then each
// day something of every folder, each in its own order, by how many cards it has. Notes keep
// the order in which they were written.
func (o *Options) spread(cards []session.Card) []session.Card {
	size, place := map[string]int{}, make(map[string]float64, len(cards))
	for _, e := range o.Deck {
		if e.part == "" {
			return cards
		}
		size[e.part]++
	}
	nth := map[string]int{}
	for _, e := range o.Deck {
		if e.part != firstPart {
			nth[e.part]++
			place[e.Card.ID] = (float64(nth[e.part]) - 0.5) / float64(size[e.part])
		}
	}
	out := slices.Clone(cards)
	slices.SortStableFunc(out, func(a, b session.Card) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return out
}

func (c *cardCourse) title() string {
	if c.cram {
		return "cram"
	}
	return "due today"
}

func (c *cardCourse) session() *session.Session { return c.s }

func (c *cardCourse) next(now time.Time) (*sheet, time.Time, error) {
	q, wait := c.s.Next(now)
	if q == nil {
		return nil, wait, nil
	}
	e := c.o.find(q.Card.ID)
	return newSheet(e, q.Options, q.New, progress.DayOf(now)), time.Time{}, nil
}

func (c *cardCourse) answer(now time.Time, s *sheet, sure progress.Confidence) (session.Verdict, error) {
	switch {
	case s.choices():
		return c.s.Answer(now, s.picks, sure)
	case s.recall() || !s.answered():
		return c.s.Skip(now)
	}
	return c.s.AnswerTyped(now, card.Grade(s.e.Card, s.answer()).Right, sure)
}

func (c *cardCourse) place(now time.Time) string {
	_, done := c.s.Score()
	left := c.s.Remaining(now)
	if c.cram {
		return fmt.Sprintf("question %d", done+1)
	}
	if c.s.Current() != nil {
		done++
		left--
	}
	return fmt.Sprintf("%d of %d", done, done+max(0, left))
}

func (c *cardCourse) score() (int, int)    { return c.s.Score() }
func (c *cardCourse) grades() bool         { return !c.cram }
func (c *cardCourse) proved(s *sheet) bool { return s.e.Card.Proof != nil }

// drillCourse is a course that the engine makes up.
type drillCourse struct {
	o         *Options
	e         *drill.Session
	name      string
	right, of int
}

func newDrillCourse(o *Options, family string) (*drillCourse, error) {
	var sources []string
	if family != "" {
		sources = []string{family}
	}
	e, err := drill.NewSession(o.Store, sources, o.Seed)
	if err != nil {
		return nil, err
	}
	return &drillCourse{o: o, e: e, name: family}, nil
}

func (d *drillCourse) title() string {
	if d.name == "" {
		return "drill"
	}
	return "drill " + d.name
}

func (d *drillCourse) session() *session.Session { return nil }

func (d *drillCourse) next(now time.Time) (*sheet, time.Time, error) {
	item, err := d.e.Next(now)
	if err != nil {
		return nil, time.Time{}, err
	}
	e := drillEntry(item)
	var all []int
	for _, o := range e.Card.Options {
		all = append(all, o.N)
	}
	return newSheet(e, all, false, progress.DayOf(now)), time.Time{}, nil
}

func (d *drillCourse) answer(now time.Time, s *sheet, sure progress.Confidence) (session.Verdict, error) {
	chosen := -1
	if len(s.picks) > 0 {
		chosen = s.picks[0] - 1
	}
	v := session.Verdict{Grade: fsrs.Again}
	right, err := d.e.Answer(now, chosen, sure)
	if v.Right, v.Err = right, err; right {
		v.Hit = s.picks
		d.right++
	}
	d.of++
	v.ProofFirst = !right && sure == progress.Sure
	return v, nil
}

func (d *drillCourse) place(time.Time) string { return fmt.Sprintf("question %d", d.of+1) }
func (d *drillCourse) score() (int, int)      { return d.right, d.of }
func (d *drillCourse) grades() bool           { return false }
func (d *drillCourse) proved(*sheet) bool     { return true }
