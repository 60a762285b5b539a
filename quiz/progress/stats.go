package progress

import (
	"slices"
	"time"

	"esmlab/quiz/fsrs"
)

// IsDue reports whether a card that was reviewed is due: by its study day, or,
// while it is in steps of minutes, by its instant.
func (c Card) IsDue(now time.Time) bool {
	switch {
	case c.Suspended || !c.Seen():
		return false
	case c.State == fsrs.Review:
		return c.Due <= DayOf(now)
	}
	return !c.DueAt.After(now)
}

// DueDay is the study day a reviewed card is due, in the time zone of now.
func (c Card) DueDay(now time.Time) Day {
	if c.State == fsrs.Review {
		return c.Due
	}
	return DayOf(c.DueAt.In(now.Location()))
}

// LessonDue reports whether a lesson makes the card due, not reviewed yet.
func (c Card) LessonDue(today Day) bool {
	return !c.Suspended && !c.Seen() && c.LessonDay != 0 && c.LessonDay <= today
}

// NewOn counts the cards first reviewed on a day, those that a lesson made
// due left out.
func (s *State) NewOn(d Day) int {
	s.replay()
	n := 0
	for _, c := range s.cards {
		if c.First == d && c.LessonDay == 0 {
			n++
		}
	}
	return n
}

// Calibration is how many answers of one confidence were right.
type Calibration struct {
	Confidence   Confidence
	Asked, Right int
}

// Percent is the share of right answers, rounded; 0 if none was asked.
func (c Calibration) Percent() int {
	if c.Asked == 0 {
		return 0
	}
	return (c.Right*200 + c.Asked) / (c.Asked * 2)
}

// Calibration gives guess, fairly and sure, over all answers that said how
// sure they were.
func (s *State) Calibration() [3]Calibration {
	out := [3]Calibration{{Confidence: Guess}, {Confidence: Fairly}, {Confidence: Sure}}
	for l := range s.Lines {
		if l.Confidence < Guess {
			continue
		}
		c := &out[l.Confidence-1]
		c.Asked++
		if l.Right {
			c.Right++
		}
	}
	return out
}

// Heat counts the answers of each of the last n study days, today last.
func (s *State) Heat(today Day, n int) []int {
	out := make([]int, n)
	for l := range s.Lines {
		switch l.Kind {
		case KindReview, KindCram, KindDrill, KindExam:
			if i := n - 1 - int(today-l.Day); i >= 0 && i < n {
				out[i]++
			}
		}
	}
	return out
}

// Forecast counts which of the cards come due on each of the next n study
// days; what is overdue counts for today, the first.
func (s *State) Forecast(cards []string, now time.Time, n int) []int {
	out, today := make([]int, n), DayOf(now)
	for _, id := range cards {
		c := s.Card(id)
		d := c.DueDay(now)
		switch {
		case c.Suspended:
			continue
		case !c.Seen() && c.LessonDay != 0:
			d = c.LessonDay
		case !c.Seen():
			continue
		}
		if i := max(0, int(d-today)); i < n {
			out[i]++
		}
	}
	return out
}

// A card takes half a minute where nothing is known, and nobody waits longer
// than three for one answer.
const (
	usualTime = 30 * time.Second
	mostTime  = 3 * time.Minute
	readTime  = 10 * time.Second // the reasons, after the answer
)

// TimePerCard is the median time of the last 50 answers, with some for
// reading what was right.
func (s *State) TimePerCard() time.Duration {
	var ms []time.Duration
	for l := range s.Lines {
		if l.Kind == KindReview && l.MS > 0 {
			ms = append(ms, min(time.Duration(l.MS)*time.Millisecond, mostTime))
		}
	}
	ms = ms[max(0, len(ms)-50):]
	if len(ms) == 0 {
		return usualTime + readTime
	}
	slices.Sort(ms)
	return ms[len(ms)/2] + readTime
}

// Minutes is how long that many cards take, at least 1 where there are any.
func (s *State) Minutes(cards int) int {
	return int((time.Duration(cards)*s.TimePerCard() + time.Minute - 1) / time.Minute)
}

// LessonState is how far a person has got in a lesson.
type LessonState struct {
	Step   int // the highest step reached, from 1; 0 not begun
	Done   bool
	DoneOn Day
}

// Lesson gives how far a person has got in a lesson.
func (s *State) Lesson(id string) LessonState {
	var out LessonState
	for l := range s.Lines {
		if l.Lesson != id {
			continue
		}
		switch l.Kind {
		case KindLesson:
			out.Step = max(out.Step, l.Step)
		case KindLessonDone:
			if !out.Done {
				out.Done, out.DoneOn = true, l.Day
			}
		}
	}
	return out
}
