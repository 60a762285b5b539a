package lessons

import (
	"slices"
	"strconv"

	"esmlab/engine/template"
)

// worlds judges each wrong option in the world that makes it right.
func (c *checker) worlds() {
	for i := range c.l.Steps {
		s := &c.l.Steps[i]
		if s.Kind == Do {
			if s.Card != nil {
				c.cause(i, s)
			}
			continue
		}
		for _, claim := range s.Claims {
			if claim.card.In != nil {
				c.world(i, s, &claim)
			}
		}
	}
}

// world plays up to the Run after a prediction in the world of an option: up
// to `most` the option must come true while the key is false.
func (c *checker) world(step int, s *Step, claim *Claim) {
	n := claim.card.N
	where := place{claim.card.Line, 1}
	p, err := c.play(claim.card.In)
	if err != nil {
		if errs, ok := err.(template.Errors); ok {
			for _, e := range errs {
				c.add(place{e.Line, e.Col}, "the world of option "+strconv.Itoa(n)+": "+e.Message, e.Right)
			}
			return
		}
		c.add(where, "the world of option "+strconv.Itoa(n)+": "+err.Error(), "")
		return
	}
	if err := p.Jump(step); err != nil {
		c.add(where, err.Error(), "")
		return
	}
	for p.Step().Kind != Run { // the predictions before it
		p.enter(p.at + 1)
	}
	limit := p.deadline()
	var trouble error
	came, alone := false, false
	look := func() bool {
		if !instantComplete(p.tl.Sim()) {
			return false
		}
		v := p.verdict(step)
		trouble = v.errs[n]
		if !slices.Contains(v.Actual, n) {
			return false
		}
		came = true
		for _, k := range s.Card.Key() {
			alone = alone || !slices.Contains(v.Actual, k)
		}
		return alone
	}
	for p.FinishRun(); !look(); {
		if p.tl.Advance(limit, 1) {
			look()
			break
		}
	}
	switch {
	case alone:
	case trouble != nil:
		c.add(where, "option "+strconv.Itoa(n)+" has no answer in its world: "+trouble.Error(), "an expression that has an answer there")
	case !came:
		c.add(where, "option "+strconv.Itoa(n)+" does not come true in its own world", c.orRecord(p, claim.query, "a world in which it does, up to `most`"))
	default:
		c.add(where, "the key is true in the world of option "+strconv.Itoa(n)+" too", "a world in which it is false")
	}
}
