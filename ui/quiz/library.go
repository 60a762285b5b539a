package quiz

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"esmlab/engine"
	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/notes"
	"esmlab/quiz/progress"
	"esmlab/quiz/proof"
	"esmlab/quiz/session"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

// Library is where questions come from: the built-in deck, and notes.
type Library struct {
	Files notes.Files
	Store *progress.Store
	Now   func() time.Time // the time, in the learner's zone
	// Lessons are those that a result can send a person to; nil: none.
	Lessons fs.FS
	// Kept says where answers are kept, as the end of "Each answer is kept …"; "" on this
	// machine.
	Kept string
	// Poll opens a card as a poll of a class; nil: it cannot be.
	Poll func(*kit.ScreenStack, *card.Card, *proof.Prover) kit.Opening
	// NewRun gives a name to an exam, unique over all machines.
	NewRun func() string
	// Message writes a failure record in the lab.
	Message func(s *engine.Sim, discard int) []string
	// Sharing is what it takes to hand out a run of the lab.
	Sharing lab.Sharing

	// Deck keeps the built-in deck as it was read, for several people; nil: it is read
	// for this one.
	Deck *Deck

	mu   sync.Mutex // guards deck; not held while it is read
	deck []*Entry   // the built-in one, once it was read
}

// Deck is the built-in deck as it was read: its cards no longer change. It may be
// used from any goroutine.
type Deck struct {
	mu      sync.Mutex // held while the deck is read, once
	folders []*notes.Folder
}

func (d *Deck) read(f notes.Files) ([]*notes.Folder, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.folders == nil {
		folders, err := f.Read([]string{notes.Deck}, card.Options{})
		if err != nil {
			return nil, err
		}
		d.folders = folders
	}
	return d.folders, nil
}

// Request is what is to be asked.
type Request struct {
	Paths     []string // of notes; none: the built-in deck
	Clozes    bool     // make cards of ==marked== parts too
	Seed      uint64   // for crams, drills and exams; 0: another one each time
	NewPerDay int      // as in Options
	Typed     bool     // likewise
	Topic     string   // only cards on it (card.OnTopic); "" all
}

// ErrNoQuestions is returned for notes with nothing to ask.
var ErrNoQuestions = errors.New("no questions in it, and no facts about event source mappings (docs/cards.md says how cards are written; esmlab quiz without a name asks the built-in deck)")

// Read reads what is to be asked. It does all the I/O and may run in a command.
// The function it returns does none, and belongs to the goroutine of the store.
func (l *Library) Read(r Request) (func() *Options, error) {
	builtin, err := l.builtin()
	if err != nil {
		return nil, err
	}
	o := &Options{Paths: r.Paths, Store: l.Store, Now: l.Now, Seed: r.Seed, Run: l.NewRun(), NewRun: l.NewRun, Message: l.Message, Sharing: l.Sharing, Kept: l.Kept, Poll: l.Poll, NewPerDay: r.NewPerDay, Typed: r.Typed}
	if o.Seed == 0 {
		o.Seed = rand.Uint64()
	}
	follow := func() {}
	if len(r.Paths) == 0 {
		o.Deck, o.Name = builtin, "the built-in deck"
	} else {
		folders, err := l.Files.Read(r.Paths, card.Options{Cloze: r.Clozes, Units: true})
		if err != nil {
			return nil, err
		}
		o.Name = strings.Join(r.Paths, " ")
		refs, files := o.addNotes(folders, builtin)
		if len(o.Deck) == 0 {
			return nil, fmt.Errorf("%s: %w", o.Name, ErrNoQuestions)
		}
		follow = func() { o.rebindEdited(refs, files) }
	}
	if r.Topic != "" {
		if err := o.keep(r.Topic); err != nil {
			return nil, err
		}
	}
	if l.Lessons != nil {
		if lib, err := lessons.Open(l.Lessons); err == nil { // without them a result names none
			o.Lessons = lib.Heads
		}
	}
	fetched := l.Store.Fetch()
	return func() *Options {
		fetched()
		follow()
		follow = func() {}
		return o
	}, nil
}

// keep leaves the cards on a topic.
func (o *Options) keep(topic string) error {
	list := make([]*card.Card, len(o.Deck))
	for i, e := range o.Deck {
		list[i] = e.Card
	}
	on := card.OnTopic(list, topic)
	if len(on) == 0 {
		topics := card.Topics(list)
		text := "a domain, as security; a skill, as 1.2.4; or one of " + strings.Join(topics, ", ")
		if near := template.Nearest(topic, topics); near != "" {
			text = "did you mean " + near + "?"
		}
		return fmt.Errorf("%s: no question on %q (%s)", o.Name, topic, text)
	}
	o.Deck = slices.DeleteFunc(slices.Clone(o.Deck), func(e *Entry) bool { return !slices.Contains(on, e.Card) })
	o.Name += " on " + topic
	return nil
}

// builtin gives the built-in deck; it is kept once it was read.
func (l *Library) builtin() ([]*Entry, error) {
	l.mu.Lock()
	deck := l.deck
	l.mu.Unlock()
	if deck != nil {
		return deck, nil
	}
	shared := l.Deck
	if shared == nil {
		shared = &Deck{}
	}
	folders, err := shared.read(l.Files)
	if err != nil {
		return nil, err
	}
	for _, f := range folders {
		prover := f.Prover()
		for k, n := range f.Notes {
			part, _, _ := strings.Cut(f.Names[k], "/")
			for i := range n.Cards {
				deck = append(deck, &Entry{Card: &n.Cards[i], Prover: prover, part: part})
			}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deck = deck
	return deck, nil
}

// Card gives a card by its id, and what proves it: one of the built-in deck, or, as
// FILE#ID, one of a note in a folder.
func (l *Library) Card(name, dir string) (*card.Card, *proof.Prover, error) {
	file, id, ok := strings.Cut(name, "#")
	if !ok {
		deck, err := l.builtin()
		if err != nil {
			return nil, nil, err
		}
		var ids []string
		for _, e := range deck {
			if e.Card.ID == name {
				return e.Card, e.Prover, nil
			}
			ids = append(ids, e.Card.ID)
		}
		if near := template.Nearest(name, ids); near != "" {
			return nil, nil, fmt.Errorf("the built-in deck has no card %q: did you mean %s?", name, near)
		}
		return nil, nil, fmt.Errorf("the built-in deck has no card %q", name)
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	folders, err := l.Files.Read([]string{file}, card.Options{})
	if err != nil {
		return nil, nil, err
	}
	id = strings.TrimPrefix(id, "^")
	for _, f := range folders {
		for _, n := range f.Notes {
			for i := range n.Cards {
				if n.Cards[i].ID == id {
					return &n.Cards[i], f.Prover(), nil
				}
			}
		}
	}
	return nil, nil, fmt.Errorf("%s has no card %q", file, id)
}

// About counts the built-in cards that run a scenario. It reads the deck where that has
// not been read yet.
func (l *Library) About(scenario string) int {
	deck, err := l.builtin()
	if err != nil {
		return 0
	}
	n := 0
	for _, e := range deck {
		if e.Card.Proof != nil && e.Card.Proof.Scenario == scenario {
			n++
		}
	}
	return n
}

// addNotes makes a deck of notes: their own questions, and the built-in cards of the
// facts that they state. It gives the questions and the files they stand in.
func (o *Options) addNotes(folders []*notes.Folder, builtin []*Entry) (refs []progress.Ref, files []string) {
	problems, count := 0, 0
	places := map[string][]Place{} // by the facts' tags
	for _, f := range folders {
		count += len(f.Notes)
	}
	for k, f := range folders {
		prover := f.Prover()
		for i, n := range f.Notes {
			called := n.File
			if count == 1 {
				called = "your note"
			}
			problems += len(n.Problems)
			files = append(files, f.Names[i])
			for j := range n.Cards {
				c := &n.Cards[j]
				e := &Entry{Card: c, Prover: prover, deck: o.Paths[k]}
				if f.Prefix != notes.Deck {
					e.Places = []Place{{Note: called, Line: c.Line}}
				}
				o.Deck = append(o.Deck, e)
				refs = append(refs, session.FromCard(c).Ref)
			}
			if f.Prefix == notes.Deck { // its cards are there already
				continue
			}
			for _, p := range notes.FactsOf(n) {
				x := Place{Note: called, Line: p.Line, Text: p.Text, Fact: p.Fact}
				places[p.Fact.Tag()] = append(places[p.Fact.Tag()], x)
				if text := x.Against(); text != "" {
					o.Notes = append(o.Notes, text)
				}
			}
		}
	}
	o.askFacts(builtin, places)
	if problems > 0 {
		o.Notes = append(o.Notes, fmt.Sprintf("%s could not be read; esmlab check lists them by line.", kit.Count(problems, "thing")))
	}
	return refs, files
}

// askFacts adds the built-in cards of the facts that notes state.
func (o *Options) askFacts(builtin []*Entry, places map[string][]Place) {
	have := map[string]bool{}
	for _, e := range o.Deck {
		have[e.Card.ID] = true
	}
	for _, e := range builtin {
		var found []Place
		for _, tag := range e.Card.Tags {
			found = append(found, places[strings.ToLower(tag)]...)
		}
		if len(found) > 0 && !have[e.Card.ID] {
			o.Deck = append(o.Deck, &Entry{Card: e.Card, Prover: e.Prover, Places: found, deck: o.Paths[0]})
		}
	}
}

// rebindEdited finds questions that were edited since they were asked, and says so:
// what is known of them goes with them. Those that are gone are named.
func (o *Options) rebindEdited(refs []progress.Ref, files []string) {
	for _, r := range o.Store.Rebinds(refs, files) {
		text := fmt.Sprintf("A question was edited, and keeps its schedule: “%s” (%s).", notes.Short(r.To.Text), r.To.File)
		if err := o.Store.Write(o.Store.Stamp(o.Now(), progress.Line{Kind: progress.KindRebind, Card: r.From.ID, To: r.To.ID})); err != nil {
			text += " That could not be saved yet."
		}
		o.Notes = append(o.Notes, text)
	}
	gone := o.Store.Orphans(refs, files)
	var names []string
	for _, r := range gone[:min(3, len(gone))] {
		names = append(names, "“"+notes.Short(r.Text)+"” ("+r.File+")")
	}
	switch {
	case len(gone) == 1:
		o.Notes = append(o.Notes, "A question that you were asked is no longer in these notes: "+names[0]+".")
	case len(gone) > 1:
		text := fmt.Sprintf("%d questions that you were asked are no longer in these notes: %s", len(gone), strings.Join(names, ", "))
		if len(gone) > 3 {
			text += " …"
		}
		o.Notes = append(o.Notes, text+".")
	}
}

// Opening is the quiz, to be opened.
func (l *Library) Opening(screens *kit.ScreenStack, r Request, m Mode) kit.Opening {
	return kit.Opening{Name: "the quiz", Read: func() (func() error, error) {
		options, err := l.Read(r)
		return func() error { return Open(screens, options(), m) }, err
	}}
}

// Open lays the quiz on the screens.
func Open(screens *kit.ScreenStack, o *Options, m Mode) error {
	d := New(screens, o)
	screens.Open(d)
	switch {
	case m.Exam != nil:
		return d.Exam(*m.Exam)
	case m.Drill:
		return d.Drill(m.About)
	case m.Mix:
		return d.Mix()
	case m.Cram:
		d.Cram()
	}
	return nil
}

// Section is the quiz on Home.
func (l *Library) Section(screens *kit.ScreenStack) home.Section {
	return home.Section{Head: "Quiz", Name: "the deck", Read: func() (func() []home.Group, error) {
		options, err := l.Read(Request{})
		return func() []home.Group {
			s := options().state()
			e := home.Entry{Digit: 3, Name: "quiz", Note: s.due(), More: s.ahead(), Open: l.Opening(screens, Request{}, Mode{})}
			due := kit.Count(s.today.Cards(), "card") + " due"
			return []home.Group{{Top: true, Rank: 3, Tally: due, Brief: due, Entries: []home.Entry{e}}}
		}, err
	}}
}

// Decks are the built-in deck, its parts, and the notes that the person was asked last, on
// Home.
func (l *Library) Decks(screens *kit.ScreenStack) home.Section {
	return home.Section{Head: "Decks and notes", Name: "the deck", Read: func() (func() []home.Group, error) {
		deck, err := l.builtin()
		fetched := l.Store.Fetch()
		return func() []home.Group {
			fetched()
			g := home.Group{Head: "Decks and notes", Noun: "a deck"}
			add := func(name, note, about string, paths ...string) {
				g.Entries = append(g.Entries, home.Entry{Name: name, Note: note, About: about, Open: l.Opening(screens, Request{Paths: paths}, Mode{})})
			}
			counts := func(part string) string {
				cards, asked := 0, 0
				for _, e := range deck {
					if part == "" || e.part == part {
						cards++
						if l.Store.Card(e.Card.ID).Seen() {
							asked++
						}
					}
				}
				return kit.Count(cards, "card") + ", " + kit.Thousands(asked) + " asked so far"
			}
			add("the built-in deck", counts(""), "Questions about event source mappings, each proved by running it, or with its source.")
			for i, e := range deck {
				if i == 0 || e.part != deck[i-1].part {
					add(notes.Deck+"/"+e.part, counts(e.part), "The part of the built-in deck about "+e.part+".", notes.Deck+"/"+e.part)
				}
			}
			have := map[string]bool{}
			left := l.Store.Left()
			for i := len(left) - 1; i >= 0 && len(have) < ownNotes; i-- {
				if file := left[i].File; file != "" && !have[file] && !l.Files.InDeck(file) {
					have[file] = true
					add(filepath.Base(file), "asked "+left[i].Day.String(), file, file)
				}
			}
			return []home.Group{g}
		}, err
	}}
}

// ownNotes is how many of the person's notes have a line.
const ownNotes = 20
