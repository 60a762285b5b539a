package progress

import (
	"cmp"
	"slices"
	"time"

	"esmlab/quiz/fsrs"
)

// Schedule is how reviews become dates.
type Schedule struct {
	Scheduler   *fsrs.Scheduler // nil: the defaults
	MaxInterval int             // days; 0: the scheduler's own
}

// Card is what is known of a card.
type Card struct {
	fsrs.Card
	Due        Day       // study day it is due, from Review on
	DueAt      time.Time // instant it is due, while in steps of minutes
	First, Day Day       // study days of its first and last review
	Suspended  bool
	LessonDay  Day    // study day on which a lesson makes it due; 0 none
	Reviews    []Line // that count, oldest first, grades as they stand
}

// Seen reports whether the card was ever reviewed.
func (c Card) Seen() bool { return len(c.Reviews) > 0 }

// Last is the last review that counts, nil if there is none.
func (c Card) Last() *Line {
	if len(c.Reviews) == 0 {
		return nil
	}
	return &c.Reviews[len(c.Reviews)-1]
}

// State is the replay of lines. The order in which lines are added does not
// matter, and a line counts once.
type State struct {
	o       Schedule
	lines   []Line // by time, then id
	ids     map[string]bool
	stale   bool                  // lines were added since the last replay
	undone  map[string]bool       // ids of lines that undo lines name
	grades  map[string]fsrs.Grade // grade lines by the review they grade
	aliases map[string]string     // rebound cards
	cards   map[string]*Card
	seen    map[string]bool // scenarios that were opened
	left    []Line          // what was open each time the program ended, oldest first
}

// NewState makes a state without lines.
func NewState(o Schedule) *State {
	if o.Scheduler == nil {
		o.Scheduler = fsrs.Default()
	}
	if o.MaxInterval == 0 {
		o.MaxInterval = o.Scheduler.Params().MaxInterval
	}
	return &State{o: o, ids: map[string]bool{}}
}

// Add adds lines and gives how many of them were new.
func (s *State) Add(lines ...Line) int {
	n := len(s.lines)
	for _, l := range lines {
		if !s.ids[l.ID] {
			s.ids[l.ID] = true
			s.lines = append(s.lines, l)
		}
	}
	s.stale = s.stale || len(s.lines) > n
	return len(s.lines) - n
}

// replay makes everything anew from the lines, where there are new ones.
func (s *State) replay() {
	if !s.stale {
		return
	}
	s.stale = false
	slices.SortFunc(s.lines, func(a, b Line) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	s.undone, s.grades, s.aliases, s.cards = map[string]bool{}, map[string]fsrs.Grade{}, map[string]string{}, map[string]*Card{}
	s.seen, s.left = map[string]bool{}, nil
	for _, l := range s.lines { // what takes back or renames holds for lines of any time
		if l.Kind == KindUndo {
			s.undone[l.Of] = true
		}
	}
	for _, l := range s.lines {
		switch {
		case s.undone[l.ID]:
		case l.Kind == KindGrade:
			s.grades[l.Of] = l.Grade
		case l.Kind == KindRebind && s.canonical(l.To) != l.Card:
			s.aliases[l.Card] = l.To
		}
	}
	for _, l := range s.lines {
		if s.undone[l.ID] {
			continue
		}
		switch l.Kind {
		case KindSuspend, KindUnsuspend:
			s.card(l.Card).Suspended = l.Kind == KindSuspend
		case KindSeen:
			s.seen[l.Scenario] = true
		case KindLeft:
			s.left = append(s.left, l)
		case KindReview:
			s.review(s.card(l.Card), l)
		case KindLessonDone:
			for _, id := range l.Cards {
				if c := s.card(id); c.LessonDay == 0 {
					c.LessonDay = l.Day + 1
				}
			}
		}
	}
}

// Seen reports whether a scenario was opened.
func (s *State) Seen(scenario string) bool {
	s.replay()
	return s.seen[scenario]
}

// Left is what was open each time the program ended, oldest first.
func (s *State) Left() []Line {
	s.replay()
	return s.left
}

// card is where the replay keeps what it knows of a card.
func (s *State) card(id string) *Card {
	id = s.canonical(id)
	c := s.cards[id]
	if c == nil {
		c = &Card{}
		s.cards[id] = c
	}
	return c
}

// Canonical is the id under which a card is known now.
func (s *State) Canonical(card string) string {
	s.replay()
	return s.canonical(card)
}

func (s *State) canonical(card string) string {
	for range len(s.aliases) { // rebound at most once each: a ring ends
		to, ok := s.aliases[card]
		if !ok {
			break
		}
		card = to
	}
	return card
}

// review replays one review of a card.
func (s *State) review(c *Card, l Line) {
	if g, ok := s.grades[l.ID]; ok {
		l.Grade = g
	}
	elapsed := 0
	if c.Seen() {
		elapsed = max(0, int(l.Day-c.Day)) // clocks of two machines may differ
	} else {
		c.First = l.Day
	}
	next, err := s.o.Scheduler.Review(c.Card, l.At.UnixMilli(), elapsed, l.Grade)
	if err != nil {
		return // a line is checked before it is added: its grade is one
	}
	l.Elapsed = elapsed
	c.Card, c.Day, c.Reviews = s.limit(next), l.Day, append(c.Reviews, l)
	c.Due, c.DueAt = 0, time.Time{}
	if c.State == fsrs.Review {
		c.Due = c.Day + Day(c.Scheduled)
	} else {
		c.DueAt = time.UnixMilli(c.Card.Due)
	}
}

// limit holds the longest interval, which the order of grades may pass by a
// day or two.
func (s *State) limit(c fsrs.Card) fsrs.Card {
	if over := c.Scheduled - s.o.MaxInterval; over > 0 {
		c.Scheduled -= over
		c.Due -= int64(over) * 86400_000
	}
	return c
}

// Has reports whether the line of that id is here.
func (s *State) Has(id string) bool { return s.ids[id] }

// Card gives what is known of a card; the zero Card of one never seen.
func (s *State) Card(id string) Card {
	s.replay()
	if c := s.cards[s.canonical(id)]; c != nil {
		return *c
	}
	return Card{}
}

// Preview gives what the card would be after each grade, Again first.
func (s *State) Preview(id string, at time.Time) [4]Card {
	var out [4]Card
	was := s.Card(id)
	for i := range out {
		c := was
		c.Reviews = slices.Clone(was.Reviews)
		s.review(&c, Line{At: at.UTC().Truncate(time.Millisecond), Day: DayOf(at), Kind: KindReview, Grade: fsrs.Grade(i + 1)})
		out[i] = c
	}
	return out
}

// Retrievability is the chance that a card is known on a day; 1 for one never
// seen.
func (s *State) Retrievability(id string, d Day) float64 {
	c := s.Card(id)
	if !c.Seen() {
		return 1
	}
	return s.o.Scheduler.Retrievability(max(0, int(d-c.Day)), c.Stability)
}

// Lines are all lines that count, in their order: not those undone, nor what
// undid them.
func (s *State) Lines(yield func(Line) bool) {
	s.replay()
	for _, l := range s.lines {
		if l.Kind != KindUndo && !s.undone[l.ID] && !yield(l) {
			return
		}
	}
}
