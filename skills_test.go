package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"esmlab/quiz/card"
	"esmlab/quiz/deck"
	"esmlab/quiz/drill"
)

// TestSkills keeps docs/skills.md, the table of the skills of exam DVA-C03 with the cards
// that train them. A skill with fewer than two cards fails.
func TestSkills(t *testing.T) {
	notes, err := card.Open(deck.Files()).Notes(".", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	type count struct {
		cards, proved, exam int
		ids                 []string
	}
	of := map[string]*count{}
	var all []*card.Card
	proved := 0
	for _, n := range notes {
		for i := range n.Cards {
			c := &n.Cards[i]
			all = append(all, c)
			if c.Proof != nil {
				proved++
			}
			for _, tag := range c.Tags {
				if !strings.HasPrefix(tag, "c03-") {
					continue
				}
				if of[tag] == nil {
					of[tag] = &count{}
				}
				k := of[tag]
				k.cards++
				if c.Proof != nil {
					k.proved++
				}
				if len(card.ExamLacks(c)) == 0 {
					k.exam++
					k.ids = append(k.ids, c.ID)
				}
			}
		}
	}
	drills := map[string][]string{}
	for _, f := range drill.Families() {
		drills[f.Skill] = append(drills[f.Skill], f.Name)
	}
	like, total := card.ExamLike(all)
	var b strings.Builder
	fmt.Fprintf(&b, "# Skills\n\nThe skills of exam DVA-C03 that mappings touch, with what trains them: cards of the built-in deck, how many of them\n"+
		"are proved and how many are like the exam's questions ([cards.md](cards.md) says by which rule), three of these, and\n"+
		"drills. A test writes this table from the program. In all: %d cards, %d proved, %d like the exam's (%d %%).\n\n"+
		"| skill | what it is about | cards | proved | like the exam's | three of them | drills |\n|---|---|---|---|---|---|---|\n",
		total, proved, like, like*100/total)
	var skills []string
	for tag := range card.Skills {
		if strings.HasPrefix(tag, "c03-") {
			skills = append(skills, tag)
		}
	}
	slices.Sort(skills)
	for _, tag := range skills {
		k := of[tag]
		if k == nil || k.cards < 2 {
			t.Errorf("%s (%s) has fewer than two cards", tag, card.Skills[tag])
			continue
		}
		ids := k.ids
		if len(ids) > 3 {
			ids = append(ids[:3:3], "…")
		}
		number := strings.ReplaceAll(strings.TrimPrefix(tag, "c03-"), "-", ".")
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %s | %s |\n", number, card.Skills[tag], k.cards, k.proved, k.exam, strings.Join(ids, ", "), strings.Join(drills[tag], ", "))
	}
	page(t, "docs/skills.md", b.String())
}
