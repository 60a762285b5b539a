package deck_test

import (
	"io/fs"
	"regexp"
	"testing"

	"esmlab/quiz/card"
	"esmlab/quiz/deck"
	"esmlab/quiz/markdown"
	"esmlab/quiz/proof"
)

// A question names no stream, queue, function or mapping of its run that the situation does not
// introduce: who answers sees the situation alone.
func TestNamesAreIntroduced(t *testing.T) {
	notes, err := card.Open(deck.Files()).Notes(".", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	prover := &proof.Prover{Open: func(name string) ([]byte, error) { return fs.ReadFile(deck.Files(), name) }}
	asked := 0
	for _, n := range notes {
		for i := range n.Cards {
			c := &n.Cards[i]
			if c.Proof == nil {
				continue
			}
			w, err := prover.World(c, proof.Own)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, x := range w.Scenario.Config.Streams {
				names = append(names, x.ID)
			}
			for _, x := range w.Scenario.Config.Queues {
				names = append(names, x.ID)
			}
			for _, x := range w.Scenario.Config.Functions {
				names = append(names, x.ID)
			}
			for _, x := range w.Scenario.Config.Mappings {
				names = append(names, x.ID)
			}
			situation, title := markdown.BlocksText(c.Situation), card.Text(c.Title)
			asked++
			for _, name := range names { // the first word of a sentence is none
				if word := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`); !word.MatchString(situation) && word.MatchString(title[1:]) {
					t.Errorf("%s:%d: ^%s asks about %s, which the situation does not introduce", n.File, c.Line, c.ID, name)
				}
			}
		}
	}
	if asked < 190 {
		t.Errorf("%d cards have a run", asked)
	}
}
