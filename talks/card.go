package talks

import (
	"fmt"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/quiz/card"
	"esmlab/quiz/proof"
)

// OfCard makes a presentation of one card: the poll, and its run.
func OfCard(c *card.Card, p *proof.Prover) (*Talk, error) {
	stops, err := cardStops(c, p)
	if err != nil {
		return nil, err
	}
	return &Talk{Name: c.ID, File: c.File, Title: strings.TrimSpace(card.Text(c.Title)), Stops: stops}, nil
}

// votable gives a card as a class votes on it, its options numbered from 1. The error says
// why a class cannot.
func votable(c *card.Card) (*card.Card, error) {
	if len(c.Options) < 2 || len(c.Options) > 6 || len(c.Key()) != 1 {
		return nil, fmt.Errorf("a class votes for one of two to six options: this is a card of another kind (%s)", c.Kind)
	}
	v := *c
	v.Options = slices.Clone(c.Options)
	for i := range v.Options {
		v.Options[i].N = i + 1
	}
	return &v, nil
}

// cardStops are the two stops of a card: the vote, where the lab would open on it, and the
// answer, where its proof is asked.
func cardStops(c *card.Card, p *proof.Prover) ([]Stop, error) {
	v, err := votable(c)
	if err != nil {
		return nil, err
	}
	vote := Stop{Title: "A question", Poll: v, Card: c}
	answer := Stop{Title: "The answer", Text: c.Rule, Card: c}
	if c.Proof == nil || p == nil {
		return []Stop{vote, answer}, nil
	}
	w, err := p.World(c, proof.Own)
	if err != nil {
		return nil, err
	}
	from, to := engine.Micros(0), w.Scenario.Config.For
	if w.HasAt {
		to = w.At
	}
	for _, x := range []struct {
		q  *query.Query
		at *engine.Micros
	}{{w.When, &to}, {w.Show, &from}} {
		if x.q == nil {
			continue
		}
		if at, ok := instant(w.Scenario, x.q, 0, to); ok {
			*x.at = at
		}
	}
	vote.World, answer.World, answer.Continues = w.Scenario, w.Scenario, true
	vote.At, answer.At = max(0, min(from, to)-1), to // just before it can be seen
	return []Stop{vote, answer}, nil
}
