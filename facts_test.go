package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"esmlab/engine/rule"
	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/deck"
	"esmlab/quiz/fact"
)

// TestFacts keeps docs/facts.md, the table of what notes on event source
// mappings say: each fact with the rules that model it, the lessons that teach
// it and the cards that ask for it. A fact that misses one of the three fails.
func TestFacts(t *testing.T) {
	notes, err := card.Open(deck.Files()).Notes(".", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string][]string{} // ids of cards by the facts' tags, proved ones first
	for _, proved := range []bool{true, false} {
		for _, n := range notes {
			for i := range n.Cards {
				if c := &n.Cards[i]; (c.Proof != nil) == proved {
					for _, tag := range c.Tags {
						asked[tag] = append(asked[tag], c.ID)
					}
				}
			}
		}
	}
	var b strings.Builder
	b.WriteString("# Facts\n\nWhat notes on event source mappings say, what models it, what teaches it, and which\n" +
		"cards of the built-in deck ask for it, three at most, proved ones first. A test writes this\n" +
		"table from the program. `esmlab explain RULE` prints a rule, `esmlab cards` lists all cards.\n\n" +
		"| fact | what notes say | rules | lessons | cards |\n|---|---|---|---|---|\n")
	for i := range fact.All {
		f := &fact.All[i]
		var rules, taught []string
		for _, id := range f.Rules {
			if _, known := rule.Find(id); !known {
				t.Errorf("%s: there is no rule %s", f.ID, id)
			}
			rules = append(rules, string(id))
		}
		for _, name := range f.Rows {
			if _, known := rule.FindRow(name); !known {
				t.Errorf("%s: there is no row %s", f.ID, name)
			}
		}
		rules = append(rules, f.Rows...)
		for _, h := range lessons.Builtin().Heads {
			if slices.Contains(h.Facts, f.Tag()) {
				taught = append(taught, h.ID)
			}
		}
		if len(rules) == 0 || len(taught) == 0 || len(asked[f.Tag()]) == 0 {
			t.Errorf("%s: rules %v, lessons %v, cards %v", f.ID, rules, taught, asked[f.Tag()])
		}
		says := f.Says
		if f.State != fact.Holds {
			says += " **" + f.State.String() + "**: " + f.AWS
		}
		cards := asked[f.Tag()]
		if len(cards) > 3 {
			cards = append(cards[:3:3], "…")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.ID, says, strings.Join(rules, " "), strings.Join(taught, ", "), strings.Join(cards, ", "))
	}
	page(t, "docs/facts.md", b.String())
}
