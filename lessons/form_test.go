package lessons

import (
	"slices"
	"testing"

	"esmlab/quiz/card"
)

// ofDecks are the checks of a card's form that mean nothing in a lesson: its options keep
// their places, and its run and its texts introduce what a question names.
var ofDecks = []string{card.CheckOrder, card.CheckNames, card.CheckNegative}

// No question of a lesson or of an end test gives its key away by its form: by its
// length, by a reason that it alone has, by a word that it shares with the question.
func TestForm(t *testing.T) {
	l := Builtin()
	var asked []*card.Card
	check := func(c *card.Card, not []string) {
		asked = append(asked, c)
		for _, p := range card.CheckForm(c) {
			if !slices.Contains(not, p.Check) {
				t.Errorf("%s:%d: %s: %s (%s)", c.File, p.Line, p.Check, p.Message, p.Right)
			}
		}
	}
	for i := range l.Heads {
		lesson, err := l.Lesson(l.Heads[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		for k := range lesson.Steps {
			if c := lesson.Steps[k].Card; c != nil {
				check(c, ofDecks)
			}
		}
	}
	for _, part := range l.Parts() {
		note, _, err := l.Test(part)
		if err != nil {
			t.Fatal(err)
		}
		for i := range note.Cards {
			check(&note.Cards[i], nil)
		}
	}
	if b := card.Weigh(asked); b.TooLong() {
		t.Errorf("%v: at most %d %%", b, card.MaxLongest)
	}
}
