package lessons

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/alarm"
	"esmlab/quiz/card"
)

// atDo is a player at the goal: a copy, so that the way there is played once.
func (c *checker) atDo() *Player {
	if c.goal == nil {
		p, err := c.play()
		if err == nil {
			err = p.TestOut()
		}
		if err != nil || p.Step().Kind != Do {
			return nil
		}
		p.named = p.Step().key()
		c.goal = p
	}
	p := c.goal.copy()
	p.base = c.goal.base
	return p
}

// turns tries the solution and every wrong turn from the start of the Do.
func (c *checker) turns() {
	i := c.l.goalStep()
	if i < 0 {
		return
	}
	s := &c.l.Steps[i]
	where := place{s.Line, 1}
	if p := c.atDo(); p != nil && !p.done {
		if p.advanceTo(p.tl.Now() + s.Within); p.done {
			c.add(where, "the goal is reached at second "+p.tl.Now().String()+" although nothing was done", "a condition that does not come true by itself")
		}
	}
	for _, g := range s.Goal {
		if g.Met == nil {
			c.add(g.at, "the condition does not say when it is met", "met: a sentence")
		}
	}
	if p := c.atDo(); p != nil && c.do(p, s.Solution, where, "the solution") {
		end := p.tl.Now() + s.Within
		p.advanceTo(end)
		if !p.done {
			c.unmet(p, where, "after the solution and "+s.Within.String()+" s")
		}
	}
	for _, w := range s.WrongTurns {
		p := c.atDo()
		if p == nil || !c.turn(p, w.Steps, w.Sets, w.at, "the wrong turn") {
			continue
		}
		end := p.tl.Now() + s.Within
		if p.advanceTo(end); p.done {
			c.add(w.at, "this wrong turn reaches the goal, at second "+p.tl.Now().String(), "a turn that does not, or a stricter goal")
			continue
		}
		p.tl.Advance(end, -1)
		got := []string{}
		same := true
		unmet := p.Unmet()
		for _, n := range unmet {
			got = append(got, strconv.Itoa(n+1))
			same = same && slices.Contains(w.Unmet, n+1)
		}
		if !same || len(unmet) != len(w.Unmet) {
			c.add(w.at, "after this wrong turn other conditions do not hold: ["+strings.Join(got, ", ")+"]"+said(p, unmet), "unmet: ["+strings.Join(got, ", ")+"], or another turn")
		}
	}
}

// ways tries what people do beside the solution: other answers, tricks, the solution
// after a wrong turn, after waiting, and twice.
func (c *checker) ways() {
	i := c.l.goalStep()
	if i < 0 {
		return
	}
	s := &c.l.Steps[i]
	where := place{s.Line, 1}
	for k := range s.Also {
		a := &s.Also[k]
		if p := c.atDo(); p != nil && c.turn(p, a.Steps, a.Sets, a.at, "the other answer") {
			if p.advanceTo(p.tl.Now() + s.Within); !p.done || p.also() == nil {
				c.add(a.at, "this other answer does not reach the goal", "one that does, or none")
			}
		}
	}
	for k := range s.Refused {
		a := &s.Refused[k]
		if p := c.atDo(); p != nil && c.turn(p, a.Steps, a.Sets, a.at, "the trick") {
			if p.advanceTo(p.tl.Now() + s.Within); p.done || p.trick() == nil {
				c.add(a.at, "this trick is not refused", "a trick that none of the answers uses")
			}
		}
	}
	solved := func(p *Player, at place, when string) {
		c.do(p, s.Solution, at, "the solution")
		if p.advanceTo(p.tl.Now() + s.Within); !p.done {
			c.unmet(p, at, when+" the solution does not reach the goal:")
		}
	}
	for _, w := range s.WrongTurns {
		p := c.atDo()
		if p == nil || !c.turn(p, w.Steps, w.Sets, w.at, "the wrong turn") {
			continue
		}
		p.advanceTo(p.tl.Now() + s.Within/2)
		for p.CanUndo() {
			p.Undo()
		}
		solved(p, w.at, "after this wrong turn and undo")
		if p := c.atDo(); p != nil && c.turn(p, w.Steps, w.Sets, w.at, "the wrong turn") {
			p.advanceTo(p.tl.Now() + s.Within/2)
			p.RestartStep()
			solved(p, w.at, "after this wrong turn and the step again")
		}
	}
	for _, wait := range []engine.Micros{20 * engine.Second, 60 * engine.Second} {
		p := c.atDo()
		if p == nil {
			continue
		}
		p.advanceTo(p.tl.Now() + wait)
		if p.Try(); p.Lost() != nil { // the screen says so, and why
			if len(p.Lost().Why) == 0 {
				c.add(where, "after waiting for "+wait.String()+" s the goal is out of reach, and nothing says why", "a condition whose `else` says it")
			}
			continue
		}
		solved(p, where, "after waiting for "+wait.String()+" s")
	}
	if p := c.atDo(); p != nil && c.do(p, s.Solution, where, "the solution") {
		for _, cmd := range s.Solution {
			p.tl.Do(cmd) // what was done already may be refused
		}
		p.tl.Advance(p.tl.Now(), -1)
		if p.advanceTo(p.tl.Now() + s.Within); !p.done {
			c.unmet(p, where, "after the solution, given twice,")
		}
	}
}

// said is what the person would read about unmet conditions.
func said(p *Player, unmet []int) string {
	out := ""
	for _, i := range unmet {
		out += "; " + strconv.Itoa(i+1) + ": " + card.Text(p.fill(p.Step().Goal[i].Else))
	}
	return out
}

func (c *checker) unmet(p *Player, where place, when string) {
	for _, i := range p.Unmet() {
		why := card.Text(p.fill(p.Step().Goal[i].Else))
		if _, err := p.eval.holds(p.Step().Goal[i].That); err != nil {
			why = err.Error()
		}
		c.add(p.Step().Goal[i].at, fmt.Sprintf("%s condition %d does not hold: %s", when, i+1, why), c.orRecord(p, p.Step().Goal[i].That, "a solution that reaches the goal"))
	}
}

// turn does what an answer or a wrong turn says; what that does not give is the solution's.
func (c *checker) turn(p *Player, steps []engine.Command, sets *alarm.Alarm, where place, what string) bool {
	if steps == nil {
		steps = p.Step().Solution
	}
	if !c.do(p, steps, where, what) {
		return false
	}
	if sets != nil {
		p.tl.SetAlarm(sets)
		p.Update()
	}
	return true
}

// do carries out commands as the person would, with the alarm of the solution.
func (c *checker) do(p *Player, list []engine.Command, where place, what string) bool {
	for _, cmd := range list {
		if refused := p.tl.Do(cmd); refused != nil {
			c.add(where, what+" is refused: "+refused.Error(), "a command that AWS accepts")
			return false
		}
	}
	if a := p.Step().Sets; a != nil {
		p.tl.SetAlarm(a)
	}
	p.tl.Advance(p.tl.Now(), -1)
	p.Update()
	return true
}
