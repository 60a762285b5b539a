package main

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"esmlab/engine/rule"
	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/deck"
	"esmlab/quiz/fact"
	"esmlab/quiz/proof"
)

var rewrite = flag.Bool("rewrite", false, "write docs/coverage.md anew")

// taughtOnly are the facts that no run can show: which kinds of sources there
// are, who configures what, and a destination that AWS refuses at creation.
var taughtOnly = []string{"N01", "N05", "N06", "N07", "N21"}

// TestCoverage makes the table of what notes on event source mappings teach:
// each fact is modelled by a rule, taught by a lesson and asked by a card,
// and by a proved one where it is behaviour. docs/coverage.md holds it.
func TestCoverage(t *testing.T) {
	cards, proved := deckByFact(t)
	taught := map[string][]string{}
	lib := lessons.Builtin()
	for _, h := range lib.Heads {
		for _, f := range h.Facts {
			taught[strings.ToLower(f)] = append(taught[strings.ToLower(f)], h.ID)
		}
	}
	var b strings.Builder
	b.WriteString(`# What notes teach, and where esmlab has it

Made from the registries by ` + "`go test . -run TestCoverage -rewrite`" + `; a hole fails the test.

| fact | what notes say | today | rules | lessons | cards (proved) |
|---|---|---|---|---|---|
`)
	for i := range fact.All {
		f := &fact.All[i]
		if len(f.Rules) == 0 {
			t.Errorf("%s is modelled by no rule", f.ID)
		}
		var by []string
		for _, id := range f.Rules {
			if _, ok := rule.Find(id); !ok {
				t.Errorf("%s: there is no rule %s", f.ID, id)
			}
			by = append(by, string(id))
		}
		for _, name := range f.Rows {
			if _, ok := rule.FindRow(name); !ok {
				t.Errorf("%s: there is no row %s", f.ID, name)
			}
			by = append(by, name)
		}
		if len(taught[f.Tag()]) == 0 {
			t.Errorf("%s is taught by no lesson", f.ID)
		}
		if cards[f.Tag()] == 0 {
			t.Errorf("%s is asked by no card", f.ID)
		}
		if proved[f.Tag()] == 0 && !slices.Contains(taughtOnly, f.ID) {
			t.Errorf("%s is asked by no proved card", f.ID)
		}
		fmt.Fprintf(&b, "| %s | %s | %s: %s | %s | %s | %d (%d) |\n", f.ID, f.Says, f.State, f.AWS, strings.Join(by, ", "),
			strings.Join(taught[f.Tag()], ", "), cards[f.Tag()], proved[f.Tag()])
	}
	const file = "docs/coverage.md"
	if *rewrite {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	had, err := os.ReadFile(file)
	if err != nil || string(had) != b.String() {
		t.Errorf("%s is not what the registries say: go test . -run TestCoverage -rewrite", file)
	}
}

// deckByFact counts the cards of the built-in deck by the tag of their facts,
// and those whose proof holds.
func deckByFact(t *testing.T) (cards, proved map[string]int) {
	notes, err := card.Open(deck.Files()).Notes(".", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	prover := &proof.Prover{Open: func(name string) ([]byte, error) { return fs.ReadFile(deck.Files(), name) }}
	cards, proved = map[string]int{}, map[string]int{}
	for _, n := range notes {
		for i := range n.Cards {
			c := &n.Cards[i]
			holds := c.Proof != nil && prover.Prove(c).Proved
			for _, tag := range c.Tags {
				cards[tag]++
				if holds {
					proved[tag]++
				}
			}
		}
	}
	return cards, proved
}
