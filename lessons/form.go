package lessons

import (
	"slices"

	"esmlab/quiz/card"
)

// ofDecks are the checks of a card's form that mean nothing in a lesson: its options keep
// their places, and its run and its texts introduce what a question names.
var ofDecks = []string{card.CheckOrder, card.CheckNames, card.CheckNegative}

// form checks that no question gives its key away by its form: by its length, by a reason
// that it alone has, by a word that it shares with the question.
func (c *checker) form() {
	for i := range c.l.Steps {
		q := c.l.Steps[i].Card
		if q == nil {
			continue
		}
		for _, p := range card.CheckForm(q) {
			if !slices.Contains(ofDecks, p.Check) {
				c.add(place{p.Line, p.Col}, p.Message, p.Right)
			}
		}
	}
}
