package deck_test

import (
	"fmt"
	"io/fs"
	"math"
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
	var proved []*card.Card
	for _, n := range notes {
		for _, p := range n.Problems {
			t.Errorf("%s:%d: %s", n.File, p.Line, p.Message)
		}
		for i := range n.Cards {
			c := &n.Cards[i]
			all = append(all, c)
			problems := append(card.Check(c), card.CheckForm(c)...)
			var res proof.Result
			if !testing.Short() || len(all)%20 == 0 { // proofs take their time
				res = prover.Prove(c)
				problems = append(problems, prover.Stands(c)...)
			}
			if res.Proved {
				proved = append(proved, c)
			}
			for _, p := range append(problems, res.Problems...) {
				t.Errorf("%s:%d: ^%s: %s", n.File, p.Line, c.ID, p.Message)
			}
			switch {
			case c.Dialect != card.CalloutOptions:
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
	for _, d := range card.NearDoubles(all) {
		if !card.Linked(d.A, d.B) {
			t.Errorf("%s:%d: ^%s asks nearly the same as ^%s, and no tag links them", d.B.File, d.B.Line, d.B.ID, d.A.ID)
		}
	}
	if like, of := card.ExamLike(all); like*100 < of*60 {
		t.Errorf("%d of %d cards are like the exam's, want 60 %%", like, of)
	}
	b := card.Weigh(all)
	if b.TooLong() {
		t.Errorf("too often the key is the longest option: %s", b)
	}
	t.Logf("%d cards, %d proved in %d runs; %s", len(all), len(proved), prover.Runs, b)
	places(t, all, b)
	if !testing.Short() {
		extent(t, all, proved)
	}
}

// places holds that the key of a single choice stands in each place equally
// often, within 5 %.
func places(t *testing.T, all []*card.Card, b card.Balance) {
	even := map[int]float64{}
	for _, c := range all {
		if c.Kind == card.Single && !c.KeepOrder {
			for i := range c.Options {
				even[i+1] += 1 / float64(len(c.Options))
			}
		}
	}
	for place, want := range even {
		if d := math.Abs(float64(b.Places[place]) - want); d >= max(1, want/20) {
			t.Errorf("the key stands %d times in place %d, want %.1f within 5 %%", b.Places[place], place, want)
		}
	}
}

// noBehaviour are the facts that no run can show: how mappings are set up, and
// what there is not.
var noBehaviour = []string{"n01", "n05", "n06", "n07", "n21"}

// extent holds that the deck asks all there is to ask, and proves what can be
// proved.
func extent(t *testing.T, all, proved []*card.Card) {
	scenarios, shown := map[string]bool{}, map[string]bool{}
	for _, c := range proved {
		scenarios[c.Proof.Scenario] = true
		for _, tag := range c.Tags {
			shown[tag] = true
		}
	}
	if len(all) < 290 || len(proved) < 190 || len(scenarios) < 50 {
		t.Errorf("%d cards, %d proved over %d scenarios; want 290, 190 and 50", len(all), len(proved), len(scenarios))
	}
	hashes, used, never := map[string]string{}, map[string]bool{}, 0
	for _, c := range all {
		if other := hashes[c.Hash]; other != "" {
			t.Errorf("^%s asks the same as ^%s", c.ID, other)
		}
		hashes[c.Hash] = c.ID
		for _, tag := range c.Tags {
			used[tag] = true
		}
		impossible := 0
		for _, o := range c.Options {
			if o.ReasonKind == card.NeverRight {
				impossible++
			}
		}
		if impossible > 1 {
			t.Errorf("^%s has %d options that no world makes right, at most one", c.ID, impossible)
		}
		never += impossible
	}
	if never > 40 {
		t.Errorf("%d cards have an option that no world makes right, at most 40", never)
	}
	for prefix, most := range map[string]int{"n%02d": card.Facts, "trap-s%d": card.StreamTraps, "trap-q%d": card.QueueTraps, "user-%d": card.UserRows} {
		for i := range most {
			tag := fmt.Sprintf(prefix, i+1)
			if !used[tag] {
				t.Errorf("no card has #%s", tag)
			}
			if strings.HasPrefix(tag, "n") && !shown[tag] && !slices.Contains(noBehaviour, tag) {
				t.Errorf("no card proves #%s", tag)
			}
		}
	}
	t.Logf("%d scenarios; an option that no world makes right in %d cards", len(scenarios), never)
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
