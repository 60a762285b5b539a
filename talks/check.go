package talks

import (
	"fmt"
	"strconv"
	"strings"

	"esmlab/engine/query"
	"esmlab/quiz/card"
)

// Finding is something that is not as a presentation should be. Info: nothing is wrong.
type Finding struct {
	Line           int
	Message, Right string
	Info           bool
}

// mostWords is how many words a class reads at a stop.
const mostWords = 60

// Check says what is wrong with a presentation that was read: it is run, and each poll's
// answer must be what happens up to the stop after it.
func (t *Talk) Check() []Finding {
	var out []Finding
	add := func(line int, message, right string) {
		out = append(out, Finding{Line: line, Message: message, Right: right})
	}
	minutes := 0
	for i := range t.Stops {
		s := &t.Stops[i]
		minutes += s.Minutes
		if n := len(strings.Fields(s.Class())); n > mostWords {
			add(s.Line, fmt.Sprintf("the text for the class has %d words", n), fmt.Sprintf("at most %d: the rest goes into the notes", mostWords))
		}
		if s.Poll == nil {
			continue
		}
		if s.Card != nil && i+1 < len(t.Stops) && t.Stops[i+1].Card == s.Card { // its note is checked for itself
			if s.World == nil {
				out = append(out, Finding{Line: s.Line, Message: "no run proves the card " + s.Card.ID + ": its answer is told", Right: "a card with a proof", Info: true})
			}
			continue
		}
		for _, p := range card.CheckQuestion(s.Poll) {
			add(p.Line, p.Message, p.Right)
		}
		switch {
		case i+1 == len(t.Stops) || !t.Stops[i+1].Continues:
			add(s.Poll.Line, "after a poll comes the stop at which it is run", "a stop of the same run, with a later `at` or `when`")
		case t.Stops[i+1].At <= s.At:
			add(s.Poll.Line, "no time passes between this poll and the stop after it", "a later `at` or `when` there")
		case s.Poll.Proof == nil:
			out = append(out, Finding{Line: s.Poll.Line, Message: "not proved: its answer has no proof", Right: "[!example]- Proof inside the answer", Info: true})
		default:
			out = append(out, s.prove(&t.Stops[i+1])...)
		}
	}
	if t.Minutes > 0 && minutes > 0 && (minutes > t.Minutes+5 || minutes < t.Minutes-5) {
		add(1, fmt.Sprintf("the stops take %d minutes, the presentation %d", minutes, t.Minutes), "the same, within five")
	}
	return out
}

// prove asks what a poll's options say at the stop after it: the right one is true, the
// others are false.
func (s *Stop) prove(then *Stop) []Finding {
	var out []Finding
	c := s.Poll
	var qs []*query.Query
	for i := range c.Options {
		o := &c.Options[i]
		k := c.Proof.Claim(o.N)
		if k == nil || k.That == "" {
			return append(out, Finding{Line: c.Proof.Line, Message: "the proof says nothing about option " + strconv.Itoa(o.N), Right: strconv.Itoa(o.N) + ": {that: '…'}"})
		}
		q, err := query.Compile(k.That, then.World.Config)
		if err != nil {
			return append(out, Finding{Line: k.Line, Message: err.Message, Right: err.Right})
		}
		qs = append(qs, q)
	}
	is, err := asked(then.World, then.At, qs)
	if err != nil {
		return append(out, Finding{Line: c.Proof.Line, Message: "the proof cannot be asked: " + err.Error(), Right: "an expression about this run"})
	}
	for i, o := range c.Options {
		if is[i] != o.Right {
			out = append(out, Finding{Line: o.Line, Message: fmt.Sprintf("option %d is %t at the stop after the poll (second %s)", o.N, is[i], then.At), Right: fmt.Sprintf("%t, as the answer says", o.Right)})
		}
	}
	return out
}
