// Package fsrs is the spaced-repetition scheduler FSRS-6, with the numbers of
// ts-fsrs 5.4.2: the same weights, bounds, rounding, steps and fuzz, so that
// another program that replays the same reviews comes to the same dates.
//
// It is pure. Times are milliseconds since 1970 and are only added to; how
// many days lie between two reviews is the caller's to say, because what a
// day is differs (UTC's calendar in ts-fsrs, the learner's study day here).
//
// Reading order: fsrs.go (a card and one review of it), params.go (what can
// be set), memory.go (the formulas), steps.go (minutes before days), fuzz.go.
package fsrs

import "fmt"

// Grade is how well a card was known.
type Grade int

// The four grades. All but Again are passes.
const (
	Again Grade = iota + 1
	Hard
	Good
	Easy
)

// Grades are the words for grades, indexed by Grade.
var Grades = [...]string{"", "again", "hard", "good", "easy"}

func (g Grade) String() string {
	if g < Again || g > Easy {
		return fmt.Sprintf("grade %d", int(g))
	}
	return Grades[g]
}

// State is where a card is in its life.
type State int

// The four states.
const (
	New State = iota
	Learning
	Review
	Relearning
)

// States are the words for states, indexed by State.
var States = [...]string{"new", "learning", "review", "relearning"}

func (s State) String() string { return States[s] }

const (
	minute = int64(60_000)    // milliseconds
	day    = int64(86400_000) // milliseconds
)

// Card is what is remembered of a card between reviews. The zero Card is new.
type Card struct {
	State      State
	Stability  float64 // days until it is remembered with 90 %
	Difficulty float64 // 1 to 10
	Step       int     // of the learning or relearning steps
	Reps       int     // reviews
	Lapses     int     // times it was forgotten in Review
	Elapsed    int     // days between the last two reviews
	Scheduled  int     // days from the last review to Due, 0 for a step of minutes
	Due        int64   // milliseconds since 1970
	Last       int64   // last review; 0 if there is none
}

// Scheduler schedules with one set of Params. Make it with NewScheduler.
type Scheduler struct {
	p             Params
	decay, factor float64
	modifier      float64 // days per day of stability at the desired retention
}

// NewScheduler makes a scheduler. It refuses a number of weights other than
// 17, 19 or 21, a weight that is not a number, a retention outside (0, 1] and a
// step it cannot read.
func NewScheduler(p Params) (*Scheduler, error) {
	p, err := p.complete()
	if err != nil {
		return nil, err
	}
	s := &Scheduler{p: p}
	s.decay, s.factor = decayFactor(p.Weights[20])
	s.modifier = s.Modifier(p.Retention)
	return s, nil
}

// Default is a scheduler with the default Params.
func Default() *Scheduler {
	s, err := NewScheduler(DefaultParams())
	if err != nil {
		panic(err) // the defaults are in range
	}
	return s
}

// Params are the scheduler's, completed and within bounds.
func (s *Scheduler) Params() Params { return s.p }

// Review gives what a card becomes when it is graded at an instant, elapsed
// days after its last review (0 on the same day and for a new card). It
// refuses an unknown grade, negative days and a card that no review could make.
func (s *Scheduler) Review(c Card, at int64, elapsed int, g Grade) (Card, error) {
	all, err := s.Preview(c, at, elapsed)
	if err != nil {
		return c, err
	}
	if g < Again || g > Easy {
		return c, fmt.Errorf("there is no %v (1 to 4)", g)
	}
	return all[g-1], nil
}

// Preview gives what a card becomes for each grade, Again first.
func (s *Scheduler) Preview(c Card, at int64, elapsed int) ([4]Card, error) {
	var out [4]Card
	switch {
	case elapsed < 0:
		return out, fmt.Errorf("%d days have passed (0 or more)", elapsed)
	case c.State < New || c.State > Relearning:
		return out, fmt.Errorf("there is no state %d", c.State)
	case c.State == New:
		elapsed = 0
	}
	fresh := c.Difficulty == 0 && c.Stability == 0
	if !fresh && (c.Difficulty < 1 || c.Stability < minStability) {
		return out, fmt.Errorf("no review leaves stability %v and difficulty %v", c.Stability, c.Difficulty)
	}
	f := fuzz{on: s.p.Fuzz, max: s.p.MaxInterval, elapsed: elapsed}
	if f.on {
		f.seed = seed(at, c.Reps+1, c.Difficulty*c.Stability)
	}
	for i := range out {
		n := &out[i]
		*n = c
		n.Reps, n.Elapsed, n.Last = c.Reps+1, elapsed, at
		n.Stability, n.Difficulty = s.memory(c, elapsed, Grade(i+1))
	}
	if !s.p.ShortTerm {
		s.longTerm(&out, c, at, f)
		return out, nil
	}
	switch c.State {
	case Review:
		s.spread(&out, at, f)
		s.step(&out[0], c, Again, Relearning, at, f)
		out[0].Lapses++
	case New:
		for i := range out {
			s.step(&out[i], c, Grade(i+1), Learning, at, f)
		}
	default:
		for i := range out {
			s.step(&out[i], c, Grade(i+1), c.State, at, f)
		}
	}
	return out, nil
}

// inDays sends a card to Review, due a number of days from an instant.
func (c *Card) inDays(at int64, days int) {
	c.State, c.Step, c.Scheduled, c.Due = Review, 0, days, at+int64(days)*day
}

// spread dates the three passes of a card in Review: each grade lies a day
// behind the one before it, even past the longest interval.
func (s *Scheduler) spread(out *[4]Card, at int64, f fuzz) {
	hard, good, easy := s.days(out[1], f), s.days(out[2], f), s.days(out[3], f)
	hard = min(hard, good)
	good = max(good, hard+1)
	easy = max(easy, good+1)
	out[1].inDays(at, hard)
	out[2].inDays(at, good)
	out[3].inDays(at, easy)
}

// longTerm dates all four grades if there are no steps of minutes.
func (s *Scheduler) longTerm(out *[4]Card, c Card, at int64, f fuzz) {
	again, hard, good, easy := s.days(out[0], f), s.days(out[1], f), s.days(out[2], f), s.days(out[3], f)
	again = min(again, hard)
	hard = max(hard, again+1)
	good = max(good, hard+1)
	easy = max(easy, good+1)
	for i, d := range [...]int{again, hard, good, easy} {
		out[i].inDays(at, d)
	}
	if c.State != New {
		out[0].Lapses++
	}
}
