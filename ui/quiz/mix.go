package quiz

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"esmlab/quiz/progress"
	"esmlab/quiz/session"
)

// The daily mix: ten minutes of what is due, what is new and a drill now and then, and
// where nothing is due cards that are known least.
const (
	mixTime  = 10 * time.Minute
	mixLeast = 6  // questions
	mixMost  = 20 // likewise
	mixDrill = 4  // each fourth question is a drill
)

// mixCourse is the course of a daily mix.
type mixCourse struct {
	o         *Options
	due       *cardCourse
	rest      *cardCourse // what is known least, once nothing is due
	drill     *drillCourse
	now       course // that asks
	began     time.Time
	questions int // planned
	over      bool
}

func newMixCourse(o *Options) (*mixCourse, error) {
	d, err := newDrillCourse(o, "")
	if err != nil {
		return nil, err
	}
	now := o.Now()
	day := progress.DayOf(now)
	cards := append([]session.Card(nil), o.cards()...)
	r := rand.New(rand.NewPCG(uint64(day), 10)) // new ones from everywhere, each day others
	r.Shuffle(len(cards), func(i, j int) { cards[i], cards[j] = cards[j], cards[i] })
	n := int(mixTime / o.Store.TimePerCard())
	c := &mixCourse{o: o, drill: d, began: now, questions: max(mixLeast, min(mixMost, n))}
	c.due = &cardCourse{o: o, s: session.New(o.Store, cards, o.pace())}
	return c, nil
}

// weakest asks the cards known least that were not asked today, beside the schedule.
func (m *mixCourse) weakest(now time.Time) *cardCourse {
	day := progress.DayOf(now)
	var cards []session.Card
	risk := map[string]float64{}
	for _, c := range m.o.cards() {
		if k := m.o.Store.Card(c.ID); !k.Suspended && (!k.Seen() || k.Day < day) {
			cards = append(cards, c)
			if risk[c.ID] = m.o.Store.Retrievability(c.ID, day); !k.Seen() {
				risk[c.ID] = 0
			}
		}
	}
	slices.SortStableFunc(cards, func(a, b session.Card) int { return cmp.Compare(risk[a.ID], risk[b.ID]) })
	return &cardCourse{o: m.o, s: session.New(m.o.Store, cards[:min(len(cards), mixMost)], session.Options{Cram: true, Seed: uint64(day)}), cram: true}
}

func (m *mixCourse) title() string { return "ten minutes" }

func (m *mixCourse) next(now time.Time) (*sheet, time.Time, error) {
	if m.over {
		return nil, time.Time{}, nil
	}
	right, of := m.score()
	if !m.open() && (of >= m.questions || now.Sub(m.began) >= mixTime) {
		m.over = true
		err := m.o.Store.Write(m.o.Store.Stamp(now, progress.Line{Kind: progress.KindMix, Correct: right, Asked: of, MS: int(now.Sub(m.began).Milliseconds())}))
		return nil, time.Time{}, err
	}
	for _, c := range m.courses(now) {
		s, _, err := c.next(now)
		if err != nil {
			return nil, time.Time{}, err
		}
		if s != nil {
			m.now = c
			return s, time.Time{}, nil
		}
	}
	m.over = true
	return nil, time.Time{}, nil
}

// open reports whether a question waits for its answer.
func (m *mixCourse) open() bool {
	switch {
	case m.now == nil:
		return false
	case m.now.session() == nil:
		return m.drill.e.Item() != nil
	}
	return m.now.session().Current() != nil
}

// courses are what the next question may come from, in the order in which they are tried.
func (m *mixCourse) courses(now time.Time) []course {
	if m.open() { // the same again, or one that was taken back
		return []course{m.now}
	}
	if m.rest == nil && m.due.s.Remaining(now) == 0 {
		m.rest = m.weakest(now)
	}
	out := []course{m.due}
	if m.rest != nil {
		out = append(out, m.rest)
	}
	if _, of := m.score(); of%mixDrill == mixDrill-1 {
		return append([]course{m.drill}, out...)
	}
	return append(out, m.drill)
}

func (m *mixCourse) answer(now time.Time, s *sheet, sure progress.Confidence) (session.Verdict, error) {
	return m.now.answer(now, s, sure)
}

func (m *mixCourse) place(time.Time) string {
	_, n := m.score()
	if m.open() {
		n++
	}
	return fmt.Sprintf("%d of about %d", n, max(n, m.questions))
}

func (m *mixCourse) score() (right, of int) {
	for _, c := range []course{m.due, m.drill} {
		r, o := c.score()
		right, of = right+r, of+o
	}
	if m.rest != nil {
		r, o := m.rest.score()
		right, of = right+r, of+o
	}
	return right, of
}

func (m *mixCourse) session() *session.Session {
	if m.now == nil {
		return nil
	}
	return m.now.session()
}

func (m *mixCourse) grades() bool         { return m.now != nil && m.now.grades() }
func (m *mixCourse) proved(s *sheet) bool { return m.now != nil && m.now.proved(s) }
