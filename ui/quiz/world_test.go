package quiz

import (
	"io/fs"
	"sync/atomic"
	"testing"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/timeline"
	"esmlab/quiz/card"
	"esmlab/quiz/deck"
	"esmlab/quiz/drill"
	"esmlab/quiz/proof"
	"esmlab/ui/kit"

	"github.com/charmbracelet/colorprofile"
)

// at runs an entry's world up to a number of steps, and asks there: whether
// `show` holds, and what is asked.
func at(t *testing.T, e *Entry, steps int64) (shown bool, asked string) {
	t.Helper()
	sc, show, until, _, asks, err := e.world(right)
	if err != nil {
		t.Fatal(err)
	}
	var queries []*query.Query
	for _, text := range asks {
		q, err := query.CompileValue(text, sc.Config)
		if err != nil {
			t.Fatal(err)
		}
		queries = append(queries, q)
	}
	s, err := engine.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	w := query.NewWorld(s, append([]*query.Query{show, until}, queries...)...)
	for s.Steps() < steps && s.Step() {
		w.Observe(s.DrainInto(nil))
	}
	if show != nil {
		shown, _ = show.Eval(w)
	}
	return shown, values(w, queries)
}

// begins tells what holds where the lab opens, and after one → there.
func begins(t *testing.T, e *Entry) (sc scene, before, after bool, was, is string) {
	t.Helper()
	sc, err := e.scene(right)
	if err != nil {
		t.Fatalf("%s: %v", e.Card.ID, err)
	}
	tl, err := timeline.New(sc.sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	tl.SeekStep(sc.steps)
	before, was = at(t, e, tl.Sim().Steps())
	tl.Next(timeline.Visible)
	after, is = at(t, e, tl.Sim().Steps())
	return sc, before, after, was, is
}

// The lab opens on each proved card of the built-in deck where nothing is
// decided yet, and → decides it.
func TestWorldsOfTheDeck(t *testing.T) {
	notes, err := card.Open(deck.Files()).Notes(".", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var proved, inPane atomic.Int64
	t.Run("notes", func(t *testing.T) {
		for k, n := range notes {
			t.Run(n.File, func(t *testing.T) {
				t.Parallel()
				for i := range n.Cards {
					if c := &n.Cards[i]; c.Proof != nil && (!testing.Short() || (k+i)%20 == 0) {
						proved.Add(1)
						if worldOf(t, c) {
							inPane.Add(1)
						}
					}
				}
			})
		}
	})
	if n := proved.Load(); n == 0 || inPane.Load() < n*9/10 {
		t.Errorf("%d proved cards, %d with a pane in front", n, inPane.Load())
	}
}

// worldOf opens the lab in a card's world and in those of its options. It tells
// whether a pane is put in front.
func worldOf(t *testing.T, c *card.Card) bool {
	t.Helper()
	screens := &kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}
	screens.Open(lowest{})
	e := &Entry{Card: c, Prover: &proof.Prover{Open: func(name string) ([]byte, error) { return fs.ReadFile(deck.Files(), name) }}}
	sc, before, after, was, is := begins(t, e)
	_, show, _, _, _, _ := e.world(right)
	switch {
	case show != nil && (before || !after):
		t.Errorf("%s: `show` is %v where the lab opens and %v one change later", e.Card.ID, before, after)
	case show == nil && sc.decided && was == is:
		t.Errorf("%s: what is asked does not change: %s", e.Card.ID, was)
	}
	if _, err := (&screen{screens: screens, o: &Options{}}).newLab(e, right, sc); err != nil {
		t.Errorf("%s: %v", e.Card.ID, err)
	}
	optionsOf(t, e)
	return sc.pane > 0
}

// optionsOf holds that each option has a world that can be opened, its own
// where it is wrong, unless no world makes it right.
func optionsOf(t *testing.T, e *Entry) {
	t.Helper()
	for _, o := range e.Card.Options {
		n, err := e.optionWorld(o.N)
		if never := e.Card.Proof.Claim(o.N).Never != ""; never != (err != nil) || !o.Right && !never && n != o.N || o.Right && n != right {
			t.Errorf("%s: the world of option %d is that of %d: %v", e.Card.ID, o.N, n, err)
		}
		if err == nil && n != right {
			if _, err := e.scene(n); err != nil {
				t.Errorf("%s, option %d: %v", e.Card.ID, o.N, err)
			}
		}
	}
}

// So it does on drills.
func TestWorldsOfDrills(t *testing.T) {
	var m drill.Maker
	decided := 0
	for _, f := range drill.Families() {
		item, err := m.Item(f, 3)
		if err != nil {
			t.Fatal(err)
		}
		e := drillEntry(&item)
		for n := range item.Options {
			if sc, err := e.scene(n + 1); err != nil || sc.sc == nil {
				t.Errorf("%s, option %d: %v", f.Name, n+1, err)
			}
		}
		sc, _, _, was, is := begins(t, e)
		if sc.decided {
			decided++
			if was == is {
				t.Errorf("%s: what is asked does not change: %s", f.Name, was)
			}
		}
	}
	if n := len(drill.Families()); decided < n/2 {
		t.Errorf("only %d of %d are decided anywhere", decided, n)
	}
}
