package quiz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"esmlab/engine"
	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/drill"
	"esmlab/quiz/fact"
	"esmlab/quiz/progress"
	"esmlab/quiz/proof"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

// Entry is a card that can be asked, with what its proof needs.
type Entry struct {
	Card   *card.Card
	Prover *proof.Prover
	// Places are the lines of the person's notes that it is asked for.
	Places []Place
	deck   string      // what was asked for: new cards have a number a day for each
	part   string      // the folder of the built-in deck that it is in
	item   *drill.Item // a drill's, instead of a proof
}

// Place is a line of a note.
type Place struct {
	Note string // "your note", or its name where there are several
	Line int
	Text string     // of that line
	Fact *fact.Fact // that it states; nil for the card's own place
}

func (p Place) String() string { return fmt.Sprintf("%s, line %d", p.Note, p.Line) }

// Against says where AWS has gone on since, or says otherwise; "" where the
// fact holds.
func (p Place) Against() string {
	word := ""
	switch {
	case p.Fact == nil || p.Fact.State == fact.Holds:
		return ""
	case p.Fact.State == fact.Changed:
		word = "has changed since"
	default:
		word = "is not so"
	}
	return fmt.Sprintf("%s: “%s” %s. AWS today: %s", p, kit.Cut(flat(p.Text), 70), word, p.Fact.AWS)
}

// where names the places, and no more: their text may give the answer
// away.
func (e *Entry) where() string {
	var notes []string
	lines := map[string][]string{}
	for _, p := range e.Places {
		if lines[p.Note] == nil {
			notes = append(notes, p.Note)
		}
		if n := strconv.Itoa(p.Line); !slices.Contains(lines[p.Note], n) {
			lines[p.Note] = append(lines[p.Note], n)
		}
	}
	if len(notes) > 3 {
		return fmt.Sprintf("%s, line %s, and %d more notes", flat(notes[0]), lines[notes[0]][0], len(notes)-1)
	}
	for i, n := range notes {
		word := ", line "
		if len(lines[n]) > 1 {
			word = ", lines "
		}
		notes[i] = flat(n) + word + list(lines[n])
	}
	return strings.Join(notes, "; ")
}

// Options are what the quiz is given from outside.
type Options struct {
	Store *progress.Store
	Deck  []*Entry
	Name  string   // what is asked, as "the built-in deck"
	Paths []string // of the notes; none: the built-in deck
	Notes []string // shown when the quiz opens
	// Now is the time, in the learner's zone.
	Now  func() time.Time
	Seed uint64 // for crams, drills and exams
	Run  string // names an exam in the progress file
	// NewRun gives the name of the exam after that; nil: there is none.
	NewRun func() string
	// Again is the command that goes on with an exam of this deck; "" esmlab quiz --exam.
	Again string
	// Lessons are what a result can name to go to; nil: none.
	Lessons []lessons.Head
	// NewPerDay is how many new cards of each deck a day brings; 0: as many as usual,
	// negative: none. More are brought on top, as the person asked for them.
	NewPerDay, More int
	// Typed: the lines of the line mode are typed at a terminal. There it waits after each
	// answer; a script need not know that.
	Typed bool
	// Kept says where answers are kept, as in Library.
	Kept string
	// Poll opens a card as a poll of a class, as in Library.
	Poll func(*kit.ScreenStack, *card.Card, *proof.Prover) kit.Opening
	// Message writes a failure record in the lab.
	Message func(s *engine.Sim, discard int) []string
	// Sharing is what it takes to hand out a run of the lab.
	Sharing lab.Sharing

	known   []session.Card // of knownOf, which was Deck when they were asked for
	knownOf []*Entry
}

// cards gives what sessions need to know.
func (o *Options) cards() []session.Card {
	if o.known == nil || !slices.Equal(o.knownOf, o.Deck) {
		list := make([]*card.Card, len(o.Deck))
		for i, e := range o.Deck {
			list[i] = e.Card
		}
		o.known, o.knownOf = session.FromCards(list), slices.Clone(o.Deck)
		for i, e := range o.Deck {
			o.known[i].Deck = e.deck
		}
	}
	return o.known
}

// pace is how a session on the deck asks.
func (o *Options) pace() session.Options {
	x := session.Options{NewPerDay: o.NewPerDay, Seed: o.Seed}
	if o.More > 0 {
		x.NewPerDay = max(0, x.Complete().NewPerDay) + o.More
	}
	return x
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

// drillEntry makes an entry of a drill's item.
func drillEntry(item *drill.Item) *Entry {
	c := &card.Card{ID: item.Family.CardID(), Kind: card.Single, Dialect: card.CalloutOptions, Title: []card.Span{{Text: item.Ask}}, Tags: append([]string{"aws/" + item.Family.Source}, item.Family.Skills()...),
		Rule: []card.Block{{Spans: []card.Span{{Text: item.Family.Trains()}}}}}
	for i, o := range item.Options {
		c.Options = append(c.Options, card.Option{N: i + 1, Text: []card.Span{{Text: o.Text}}, Right: i == item.Key, Reason: []card.Span{{Text: o.Reason}}})
	}
	return &Entry{Card: c, item: item}
}
