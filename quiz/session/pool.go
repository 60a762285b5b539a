package session

import (
	"cmp"
	"slices"
	"time"

	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
)

// Options are how a person wants to be asked. A zero field stands for the
// default.
type Options struct {
	NewPerDay  int           // new cards a study day, of each deck; default 10, negative: none
	MaxPerDay  int           // reviews a study day, so that a missed week does not pile up; default 60
	LearnAhead time.Duration // a card in steps of minutes is asked so much early where nothing else is left; default 20 min
	Cram       bool          // all cards, without touching the schedule
	Seed       uint64        // Cram: the order
}

// Complete puts the defaults in the place of zero fields.
func (o Options) Complete() Options {
	if o.NewPerDay == 0 {
		o.NewPerDay = 10
	}
	o.NewPerDay = max(o.NewPerDay, 0)
	if o.MaxPerDay == 0 {
		o.MaxPerDay = 60
	}
	if o.LearnAhead == 0 {
		o.LearnAhead = 20 * time.Minute
	}
	return o
}

// sureWrong is how long a card rests that was answered wrongly by a person
// who was sure: long enough to have to be remembered.
const confidentErrorRest = 10 * time.Minute

// Today is what there is to do on a study day.
type Today struct {
	Reviews int // due, within the day's most
	Steps   int // in steps of minutes, due today
	Lessons int // from lessons that were finished
	New     int // within the day's number
	Capped  int // due, but beyond the day's most: they wait for another day
	Unseen  int // new, but beyond the day's number or near-doubles of another card
	Begun   int // asked today for the first time
	Apart   int // due, but near-doubles of another card that is asked today
	Minutes int // for all of it
}

// Cards counts what there is to do.
func (t Today) Cards() int { return t.Reviews + t.Steps + t.Lessons + t.New }

// pool is what can be asked now, besides cards in steps of minutes.
type pool struct {
	cards []Card // the most urgent first
	today Today
	steps []step // in steps of minutes
}

// step is a card in steps of minutes: when it is due, and whether it rests
// until then because it was answered wrongly by a person who was sure.
type step struct {
	card  Card
	at    time.Time
	rests bool
}

// pool derives from what was answered what is to be asked.
func (s *Session) pool(now time.Time) pool {
	var p pool
	day := progress.DayOf(now)
	var due, lessons, fresh []Card
	taken := s.clustersOn(day)
	for _, c := range s.cards {
		k := s.store.Card(c.ID)
		switch {
		case k.Suspended:
		case k.Seen() && k.State != fsrs.Review:
			if !taken.take(c) {
				p.today.Apart++
				continue
			}
			x := step{card: c, at: k.DueAt}
			if l := k.Last(); l.Confidence == progress.Sure && !l.Right {
				x.rests = true
				if rest := l.At.Add(confidentErrorRest); rest.After(x.at) {
					x.at = rest
				}
			}
			p.steps = append(p.steps, x)
			if progress.DayOf(x.at.In(now.Location())) <= day {
				p.today.Steps++
			}
		case k.IsDue(now):
			due = append(due, c)
		case k.LessonDue(day):
			lessons = append(lessons, c)
		case !k.Seen() && k.LessonDay == 0:
			fresh = append(fresh, c)
		}
	}
	risk := map[string]float64{}
	for _, c := range due {
		risk[c.ID] = s.store.Retrievability(c.ID, day)
	}
	slices.SortStableFunc(due, func(a, b Card) int { return cmp.Compare(risk[a.ID], risk[b.ID]) })
	due, lessons = taken.firsts(due, &p.today.Apart), taken.firsts(lessons, &p.today.Apart)
	most := max(0, s.o.MaxPerDay-s.reviewsOn(day))
	p.today.Capped = max(0, len(due)-most)
	due = due[:min(len(due), most)]
	never := len(fresh)
	fresh = s.newToday(taken.firsts(fresh, nil), day)
	p.today.Unseen = never - len(fresh)
	for _, c := range s.cards {
		if s.newOn(c, day) {
			p.today.Begun++
		}
	}
	p.today.Reviews, p.today.Lessons, p.today.New = len(due), len(lessons), len(fresh)
	p.today.Minutes = s.store.Minutes(p.today.Cards())
	p.cards = slices.Concat(due, lessons, fresh)
	return p
}

// newOn reports whether a card was first asked on a day, and no lesson made it due.
func (s *Session) newOn(c Card, day progress.Day) bool {
	k := s.store.Card(c.ID)
	return k.First == day && k.LessonDay == 0
}

// newToday gives the new cards that a day still has room for, so many of each deck.
func (s *Session) newToday(fresh []Card, day progress.Day) []Card {
	room := map[string]int{}
	for _, c := range s.cards {
		if s.newOn(c, day) {
			room[c.Deck]--
		}
	}
	var out []Card
	for _, c := range fresh {
		if room[c.Deck]+s.o.NewPerDay > 0 {
			room[c.Deck]--
			out = append(out, c)
		}
	}
	return out
}

// NewTomorrow is how many new cards the next day brings, with so many of each deck.
func (s *Session) NewTomorrow(perDay int) int {
	left, one := map[string]int{}, clusters{}
	for _, c := range s.cards {
		if k := s.store.Card(c.ID); !k.Suspended && !k.Seen() && k.LessonDay == 0 && one.take(c) {
			left[c.Deck]++
		}
	}
	n := 0
	for _, of := range left {
		n += min(of, perDay)
	}
	return n
}

// clusters are the cards that speak for their clusters, by the cluster.
type clusters map[string]string

// take reports whether a card may be asked: no other card of its cluster was, and from
// now on none will be.
func (k clusters) take(c Card) bool {
	if c.Cluster == "" {
		return true
	}
	if k[c.Cluster] == "" {
		k[c.Cluster] = c.ID
	}
	return k[c.Cluster] == c.ID
}

// firsts leaves of each cluster one card, and counts what it takes out; apart may be nil.
func (k clusters) firsts(cards []Card, apart *int) []Card {
	out := slices.DeleteFunc(slices.Clone(cards), func(c Card) bool { return !k.take(c) })
	if apart != nil {
		*apart += len(cards) - len(out)
	}
	return out
}

// clustersOn gives the clusters of which a card was asked on a day, each with the card
// that was first.
func (s *Session) clustersOn(day progress.Day) clusters {
	out, first := clusters{}, map[string]time.Time{}
	for _, c := range s.cards {
		if c.Cluster == "" {
			continue
		}
		for _, l := range s.store.Card(c.ID).Reviews {
			if at := first[c.Cluster]; l.Day == day && (at.IsZero() || l.At.Before(at)) {
				out[c.Cluster], first[c.Cluster] = c.ID, l.At
			}
		}
	}
	return out
}

// reviewsOn counts the reviews of a day that were due by days, not by steps.
func (s *Session) reviewsOn(day progress.Day) int {
	n := 0
	for _, c := range s.cards {
		k := s.store.Card(c.ID)
		for i, l := range k.Reviews {
			if l.Day == day && i > 0 && k.Reviews[i-1].Day < day {
				n++
			}
		}
	}
	return n
}

// step gives the card in steps that is due first, of those due now or, unless
// they rest, in so much time. The card just asked comes where there is no
// other.
func (p pool) step(now time.Time, ahead time.Duration, just string) (Card, bool) {
	best := -1
	for i, x := range p.steps {
		if x.at.After(now) && (x.rests || x.at.After(now.Add(ahead))) {
			continue
		}
		if best < 0 || p.steps[best].card.ID == just || x.card.ID != just && x.at.Before(p.steps[best].at) {
			best = i
		}
	}
	if best < 0 {
		return Card{}, false
	}
	return p.steps[best].card, true
}

// choose gives the next card: a near miss of the card just asked, from another
// source; else of the
// sources other than its own the one with the most cards left, so that they
// alternate to the end.
func choose(cards []Card, just Card) (Card, bool) {
	left := map[string]int{}
	for _, c := range cards {
		left[c.source()]++
	}
	if just.Pair != "" {
		for _, c := range cards {
			if c.Pair == just.Pair && c.source() != just.source() {
				return c, true
			}
		}
	}
	best := -1
	for i, c := range cards {
		if best < 0 || better(c, cards[best], just, left) {
			best = i
		}
	}
	if best < 0 {
		return Card{}, false
	}
	return cards[best], true
}

func better(a, b, just Card, left map[string]int) bool {
	switch {
	case (a.ID == just.ID) != (b.ID == just.ID):
		return b.ID == just.ID
	case (a.source() == just.source()) != (b.source() == just.source()):
		return b.source() == just.source()
	}
	return left[a.source()] > left[b.source()]
}
