package notes

import (
	"fmt"
	"slices"
	"strings"

	"esmlab/quiz/card"
	"esmlab/quiz/fact"
	"esmlab/quiz/proof"
)

// Finding is something that Check found in a note.
type Finding struct {
	File      string
	Line, Col int // 0: of the whole path
	Message   string
	Right     string // what would be right; "" it is not known
	Info      bool   // nothing is wrong
	Card      string // the id of the card that it is about
	Check     string // which check of a deck found it, as in docs/cards.md; "" none of them
	Fact      string // the id of the fact that the line states
	State     fact.State
}

// Check gives what became of each callout of a note, a folder or the built-in
// deck, what could not be read, what is wrong with the cards, and the facts that
// the notes state.
func (f Files) Check(path string) ([]Finding, error) {
	folders, err := f.Read([]string{path}, card.Options{Units: true})
	if err != nil {
		return nil, err
	}
	out := []Finding{}
	for _, s := range folders {
		prover := s.Prover()
		var all []*card.Card
		ids := map[string]string{}
		for _, n := range s.Notes {
			from := len(out)
			for _, p := range n.Problems {
				out = append(out, wrong(n, p))
			}
			for _, c := range n.Callouts {
				out = append(out, Finding{File: n.File, Line: c.Line, Col: 1, Info: true, Card: c.Card,
					Message: fmt.Sprintf("[!%s] %s: %s", c.Type, Short(c.Title), c.Became)})
			}
			if n.SkippedClozes > 0 {
				out = append(out, Finding{File: n.File, Line: 1, Col: 1, Info: true, Message: fmt.Sprintf("%d clozes were left alone", n.SkippedClozes), Right: "esmlab cards --cloze reads them"})
			}
			for i := range n.Cards {
				c := &n.Cards[i]
				all = append(all, c)
				place := fmt.Sprintf("%s:%d", n.File, c.Line)
				if other := ids[c.ID]; other != "" && !strings.HasPrefix(other, n.File+":") {
					out = append(out, wrong(n, card.Problem{Line: c.Line, Col: 1, Message: "the id ^" + c.ID + " is taken by " + other, Right: "an id of its own"}))
				}
				ids[c.ID] = place
				out = append(out, checkCard(n, c, prover)...)
			}
			for _, p := range FactsOf(n) {
				f := p.Fact
				message := f.ID + ": " + f.Says
				if f.State != fact.Holds {
					message += " — " + f.State.String() + ": " + f.AWS
				}
				out = append(out, Finding{File: n.File, Line: p.Line, Col: 1, Info: f.State != fact.Wrong, Fact: f.ID, State: f.State, Message: message})
			}
			slices.SortStableFunc(out[from:], func(a, b Finding) int { return a.Line - b.Line })
		}
		for _, d := range card.NearDoubles(all) {
			if !card.Linked(d.A, d.B) {
				out = append(out, double(d))
			}
		}
		if exam, of := card.ExamLike(all); of > 0 {
			out = append(out, Finding{File: path, Info: true, Message: fmt.Sprintf("like the exam's questions: %d of %d cards, %d %%", exam, of, exam*100/of)})
		}
		b := card.Weigh(all)
		if b.Cards > 0 {
			out = append(out, Finding{File: path, Info: true, Message: b.String()})
		}
		if b.TooLong() {
			out = append(out, Finding{File: path, Message: "the key is the longest option too often", Right: fmt.Sprintf("in at most %d %% of the cards", card.MaxLongest)})
		}
	}
	return out, nil
}

func wrong(n *card.Note, p card.Problem) Finding {
	return Finding{File: n.File, Line: p.Line, Col: p.Col, Message: p.Message, Right: p.Right, Check: p.Check}
}

// double says that two cards ask nearly the same. In dialects without tags of a card's
// own it is not a fault: they are one cluster all the same.
func double(d card.Double) Finding {
	how := "nearly the same text"
	if d.SameProof {
		how = "the same proof"
	}
	return Finding{File: d.B.File, Line: d.B.Line, Col: 1, Card: d.B.ID, Check: card.CheckDouble,
		Info:    d.A.Dialect != card.CalloutOptions || d.B.Dialect != card.CalloutOptions,
		Message: fmt.Sprintf("asks nearly the same as the card at %s:%d (%s)", d.A.File, d.A.Line, how),
		Right:   "one tag on both, such as #like-receive-count, so that no session shows the two"}
}

// checkCard gives what is wrong with a card, and whether it is proved.
func checkCard(n *card.Note, c *card.Card, prover *proof.Prover) []Finding {
	var out []Finding
	for _, p := range append(card.Check(c), card.CheckForm(c)...) {
		out = append(out, wrong(n, p))
	}
	if c.Dialect != card.CalloutOptions {
		if !strings.HasPrefix(string(c.Dialect), "callout") {
			out = append(out, Finding{File: n.File, Line: c.Line, Col: 1, Info: true, Card: c.ID,
				Message: fmt.Sprintf("%s %s: a card, %s", c.Dialect, Short(card.Text(c.Title)), c.Kind)})
		}
		return out
	}
	if c.Proof == nil {
		return append(out, Finding{File: n.File, Line: c.Line, Col: 1, Info: true, Card: c.ID, Message: "not proved"})
	}
	res := prover.Prove(c)
	for _, p := range res.Problems {
		out = append(out, wrong(n, p))
	}
	for _, p := range prover.Stands(c) {
		out = append(out, wrong(n, p))
	}
	if res.Proved {
		out = append(out, Finding{File: n.File, Line: c.Line, Col: 1, Info: true, Card: c.ID, Message: "proved"})
	}
	return out
}
