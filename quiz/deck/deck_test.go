package deck_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"esmlab/quiz/card"
	"esmlab/quiz/deck"
	"esmlab/quiz/proof"
)

// TestDeck reads every card of the built-in deck: each keeps the rules of the
// format and has an id that does not change, every proof holds, and the form
// of the deck gives no key away.
func TestDeck(t *testing.T) {
	notes, err := card.Open(deck.Files()).Notes(".", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	prover := &proof.Prover{Open: func(name string) ([]byte, error) { return fs.ReadFile(deck.Files(), name) }}
	var all []*card.Card
	ids := map[string]bool{}
	proved := 0
	for _, n := range notes {
		for _, p := range n.Problems {
			t.Errorf("%s:%d: %s", n.File, p.Line, p.Message)
		}
		for i := range n.Cards {
			c := &n.Cards[i]
			all = append(all, c)
			problems := card.Check(c)
			res := prover.Prove(c)
			if res.Proved {
				proved++
			}
			for _, p := range append(problems, res.Problems...) {
				t.Errorf("%s:%d: ^%s: %s", n.File, p.Line, c.ID, p.Message)
			}
			switch {
			case c.Dialect != card.Written:
				t.Errorf("%s:%d: a card in another dialect: %s", n.File, c.Line, c.Dialect)
			case !c.Named:
				t.Errorf("%s:%d: no id", n.File, c.Line)
			case ids[c.ID]:
				t.Errorf("%s:%d: the id ^%s is taken", n.File, c.Line, c.ID)
			case !slices.ContainsFunc(c.Tags, func(tag string) bool { _, known := card.HasTag(tag); return known }):
				t.Errorf("%s:%d: no tag says where the card comes from", n.File, c.Line)
			}
			ids[c.ID] = true
		}
	}
	b := card.Weigh(all)
	if b.TooLong() {
		t.Errorf("too often the key is the longest option: %s", b)
	}
	t.Logf("%d cards, %d proved in %d runs; %s", len(all), proved, prover.Runs, b)
	if len(all) < 12 || proved < 12 {
		t.Errorf("%d cards, %d proved", len(all), proved)
	}
}

// TestDocs proves the card by which docs/cards.md explains the format.
func TestDocs(t *testing.T) {
	src, err := os.ReadFile("../../docs/cards.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(src), "````markdown\n")
	text, _, ok := strings.Cut(text, "\n````")
	n := card.Read("cards.md", []byte(text), card.Options{})
	if !ok || len(n.Cards) != 1 || len(n.Problems) > 0 {
		t.Fatalf("%d cards, %v", len(n.Cards), n.Problems)
	}
	res := (&proof.Prover{}).Prove(&n.Cards[0])
	if problems := append(card.Check(&n.Cards[0]), res.Problems...); len(problems) > 0 || !res.Proved {
		t.Errorf("proved %v: %v", res.Proved, problems)
	}
}
