package lessons

import (
	"slices"
	"strconv"

	"esmlab/engine/template"
)

// cause checks the question after the cause of an incident: when the Do begins, the
// alarm rings and the key alone is true; each other cause comes true in its own world
// by then, and at least one of those worlds rings the alarm as well, so that the alarm
// alone does not give the cause away.
func (c *checker) cause(step int, s *Step) {
	where := place{s.Card.Line, 1}
	if p := c.atDo(); p != nil {
		w := p.eval.currentWorld()
		if ok, err := s.Alarm.Eval(w); err != nil || !ok {
			c.add(where, "the alarm does not ring when the Do begins", "an `alarm` that is true then")
		}
		for _, claim := range s.Claims {
			n := claim.card.N
			ok, err := claim.holds(w)
			switch right := s.Card.Option(n).Right; {
			case err != nil:
				c.add(place{claim.card.Line, 1}, "option "+strconv.Itoa(n)+" has no answer: "+err.Error(), "an expression that has one when the Do begins")
			case ok != right:
				c.add(place{claim.card.Line, 1}, "option "+strconv.Itoa(n)+" is "+map[bool]string{true: "right, but false", false: "wrong, but true"}[right]+" when the Do begins", "a key that the engine confirms")
			}
		}
	}
	rings, worlds := 0, 0
	for i := range s.Claims {
		if claim := &s.Claims[i]; claim.card.In != nil {
			worlds++
			if c.causeIn(step, s, claim) {
				rings++
			}
		}
	}
	if worlds > 0 && rings == 0 {
		c.add(where, "the alarm rings for one cause only", "a second cause in whose world it rings too")
	}
}

// causeIn plays up to the Do in the world of a wrong cause, and reports whether the
// alarm rings there too.
func (c *checker) causeIn(step int, s *Step, claim *Claim) bool {
	n := strconv.Itoa(claim.card.N)
	where := place{claim.card.Line, 1}
	p, err := c.play(claim.card.In)
	if errs, ok := err.(template.Errors); ok {
		for _, e := range errs {
			c.add(place{e.Line, e.Col}, "the world of option "+n+": "+e.Message, e.Right)
		}
		return false
	} else if err == nil {
		err = p.Jump(step)
	}
	if err != nil {
		c.add(where, "the world of option "+n+": "+err.Error(), "")
		return false
	}
	w := p.eval.currentWorld()
	if ok, err := claim.holds(w); err != nil || !ok {
		c.add(where, "option "+n+" does not come true in its own world", "a world in which it does, before the Do begins")
	}
	if slices.ContainsFunc(s.Claims, func(k Claim) bool {
		ok, _ := k.holds(w)
		return ok && s.Card.Option(k.card.N).Right
	}) {
		c.add(where, "the key is true in the world of option "+n+" too", "a world in which it is false")
	}
	ok, _ := s.Alarm.Eval(w)
	return ok
}
