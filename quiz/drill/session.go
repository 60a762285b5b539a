package drill

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"esmlab/quiz/progress"
)

// Session asks one item after another, more often from families that were
// missed lately. Answers go to the progress file; the schedule of cards has
// nothing to do with them.
type Session struct {
	store    *progress.Store
	families []*Family
	maker    Maker
	r        *rand.Rand
	item     *Item
	asked    time.Time
	last     *Family
}

// NewSession makes a drill on the families of these sources or names, or on all if
// there are none. The seed decides what is asked.
func NewSession(store *progress.Store, about []string, seed uint64) (*Session, error) {
	e := &Session{store: store, r: rand.New(rand.NewPCG(seed, 0))}
	for _, f := range Families() {
		if len(about) == 0 || slices.Contains(about, f.Source) || slices.Contains(about, f.Name) {
			e.families = append(e.families, f)
		}
	}
	if len(e.families) == 0 {
		return nil, fmt.Errorf("no drill is about %s", strings.Join(about, ", "))
	}
	return e, nil
}

// Item is the item that is open, nil if none is.
func (e *Session) Item() *Item { return e.item }

// Next gives the next item; the same again while it is not answered.
func (e *Session) Next(now time.Time) (*Item, error) {
	if e.item != nil {
		return e.item, nil
	}
	f := e.choose()
	item, err := e.maker.Item(f, e.r.Uint64())
	if err != nil {
		return nil, err
	}
	e.item, e.asked, e.last = &item, now, f
	return e.item, nil
}

// lately is how many of a family's last answers decide how soon it is asked again.
const lately = 5

// choose draws a family: one more chance for each of its last answers that
// was wrong, two for a family never asked, and never the same twice.
func (e *Session) choose() *Family {
	answers := map[string][]bool{}
	for l := range e.store.Lines {
		if l.Kind == progress.KindDrill {
			answers[l.Card] = append(answers[l.Card], l.Right)
		}
	}
	var bag []*Family
	for _, f := range e.families {
		if f == e.last && len(e.families) > 1 {
			continue
		}
		list := answers[f.CardID()]
		chances := 1
		for _, right := range list[max(0, len(list)-lately):] {
			if !right {
				chances++
			}
		}
		if len(list) == 0 {
			chances = 3
		}
		for range chances {
			bag = append(bag, f)
		}
	}
	return bag[e.r.IntN(len(bag))]
}

// Answer takes the index of the chosen option, -1 for "don't know", and closes
// the item. The error says that the answer is not saved.
func (e *Session) Answer(now time.Time, chosen int, sure progress.Confidence) (right bool, err error) {
	if e.item == nil {
		return false, fmt.Errorf("no question is open")
	}
	item := e.item
	e.item = nil
	l := progress.Line{Kind: progress.KindDrill, Card: item.Family.CardID(), Variant: fmt.Sprint(item.Seed), Right: chosen == item.Key,
		MS: int(now.Sub(e.asked).Milliseconds())}
	if chosen >= 0 {
		l.Answer, l.Confidence = []int{chosen + 1}, sure
	}
	return l.Right, e.store.Write(e.store.Stamp(now, l))
}

// Score is how a family was answered.
type Score struct {
	Family       *Family
	Asked, Right int
}

// Scores gives every family's, in their order.
func Scores(store *progress.Store) []Score {
	var out []Score
	for _, f := range Families() {
		s := Score{Family: f}
		for l := range store.Lines {
			if l.Kind == progress.KindDrill && l.Card == f.CardID() {
				s.Asked++
				if l.Right {
					s.Right++
				}
			}
		}
		out = append(out, s)
	}
	return out
}
