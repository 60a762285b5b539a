package quiz

import (
	"fmt"
	"strings"
	"time"

	"esmlab/engine"
	"esmlab/quiz/card"
	"esmlab/quiz/drill"
	"esmlab/quiz/fact"
	"esmlab/quiz/progress"
	"esmlab/quiz/proof"
	"esmlab/quiz/session"
)

// Entry is a card that can be asked, with what its proof needs.
type Entry struct {
	Card   *card.Card
	Prover *proof.Prover
	// Places are the lines of the person's notes that it is asked for.
	Places []Place
	item   *drill.Item // a drill's, instead of a proof
}

// Place is a line of a note.
type Place struct {
	Where string     // "your note, line 34"
	Text  string     // what stands there
	Fact  *fact.Fact // that it states; nil for the card's own place
}

// where names the places, and no more: what stands there may give the answer
// away.
func (e *Entry) where() string {
	var names []string
	for _, p := range e.Places {
		names = append(names, p.Where)
	}
	if len(names) > 3 {
		names = append(names[:2], fmt.Sprintf("and %d more", len(names)-2))
	}
	return strings.Join(names, ", ")
}

// Options are what the quiz is given from outside.
type Options struct {
	Store *progress.Store
	Deck  []*Entry
	Name  string   // what is asked, as "the built-in deck"
	Notes []string // what a person is told when it opens
	// Now is the time, in the learner's zone.
	Now  func() time.Time
	Seed uint64 // for crams, drills and exams
	Run  string // names an exam in the progress file
	// NewPerDay is how many new cards a day brings; 0: as many as usual,
	// negative: none.
	NewPerDay int
	// Message writes a failure record in the lab.
	Message func(s *engine.Sim, discard int) []string
}

// cards gives what sessions need to know.
func (o *Options) cards() []session.Card {
	list := make([]*card.Card, len(o.Deck))
	for i, e := range o.Deck {
		list[i] = e.Card
	}
	return session.Deck(list)
}

// find gives the entry of a card id.
func (o *Options) find(id string) *Entry {
	for _, e := range o.Deck {
		if e.Card.ID == id {
			return e
		}
	}
	return nil
}

// drilled makes an entry of a drill's item.
func drilled(item *drill.Item) *Entry {
	c := &card.Card{ID: item.Family.CardID(), Kind: card.Single, Dialect: card.Written, Title: []card.Span{{Text: item.Ask}}, Tags: []string{"aws/" + item.Family.Source}}
	for i, o := range item.Options {
		c.Options = append(c.Options, card.Option{N: i + 1, Text: []card.Span{{Text: o.Text}}, Right: i == item.Key, Reason: []card.Span{{Text: o.Reason}}})
	}
	return &Entry{Card: c, item: item}
}
