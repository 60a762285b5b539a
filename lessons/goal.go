package lessons

import (
	"esmlab/engine"
	"esmlab/engine/query"
)

// stretch follows a run from the start of a Do on, and knows since when all
// conditions of the goal have held.
type stretch struct {
	step    *Step
	from    engine.Micros // when the Do began
	since   engine.Micros // since when all hold; -1: they do not
	reached engine.Micros // when they had held for long enough; -1: not yet
	looked  instant       // the last one judged
	missing int           // the condition that did not hold last: it is asked first
}

// instant is a position of a run: equal ones are the same state.
type instant struct {
	now            engine.Micros
	steps, emitted int64
}

func newStretch(s *Step, from engine.Micros) *stretch {
	j := &stretch{step: s, from: from}
	j.begin()
	return j
}

// begin forgets what was seen: the run is another one.
func (j *stretch) begin() { j.since, j.reached, j.looked = -1, -1, instant{now: -1} }

// look judges an instant: nothing more happens in it.
func (j *stretch) look(w *query.World) {
	s := w.Sim
	here := instant{s.Now(), s.Steps(), s.Emitted()}
	if s.Now() < j.from || !instantComplete(s) || j.reached >= 0 || here == j.looked {
		return
	}
	j.looked = here
	if j.since >= 0 && s.Now() >= j.since+j.step.Holds { // nothing happened in between
		j.reached = j.since + j.step.Holds
	}
	for i := range j.step.Goal {
		i = (i + j.missing) % len(j.step.Goal)
		if ok, _ := j.step.Goal[i].That.Eval(w); !ok {
			j.since, j.missing = -1, i
			return
		}
	}
	if j.since < 0 {
		j.since = s.Now()
	}
	if s.Now() >= j.since+j.step.Holds || s.Idle() { // nothing more can happen
		j.reached = j.since + j.step.Holds
	}
}

// reached reports whether the conditions have held for long enough, and nothing
// is in force that does not count.
func (p *Player) reached() bool {
	p.judgeNow()
	return p.stretch.reached >= 0 && p.trick() == nil
}

// judgeNow brings the stretch to the current instant.
func (p *Player) judgeNow() { p.stretch.look(p.eval.currentWorld()) }

// HoldsFor is for how much longer all conditions must hold; 0: they do not all
// hold, or have held for long enough.
func (p *Player) HoldsFor() engine.Micros {
	if p.stretch == nil || p.done {
		return 0
	}
	if p.judgeNow(); p.stretch.since < 0 || p.stretch.reached >= 0 {
		return 0
	}
	return p.stretch.since + p.Step().Holds - p.tl.Now()
}

// solve reaches the goal by the lesson's own solution.
func (p *Player) solve() {
	for _, c := range p.Step().Solution {
		p.tl.Do(c)
	}
	if a := p.Step().Sets; a != nil {
		p.tl.SetAlarm(a)
	}
	if c := p.Step().Card; c != nil {
		p.named = c.Key()
	}
	p.advanceTo(p.marks[p.at].at + p.Step().Within)
}

// NewWords are the words of the glossary that are new at the current step.
func (p *Player) NewWords() []Word {
	if p.finished || p.at >= len(p.Lesson.NewWords) {
		return nil
	}
	return p.Lesson.NewWords[p.at]
}

// HidesCause reports whether the lesson is an incident whose cause has not been found yet.
func (p *Player) HidesCause() bool {
	if !p.Lesson.Hides("faults") || p.finished {
		return false
	}
	kind := p.Step().Kind
	return kind != Explain && (kind != Do || !p.done)
}

// Caused is when the cause of an incident began, once it was found; -1: it was not,
// or there is none.
func (p *Player) Caused() engine.Micros {
	i := p.Lesson.goalStep()
	if i < 0 || p.Lesson.Steps[i].Caused == 0 || p.HidesCause() {
		return -1
	}
	return p.Lesson.Steps[i].Caused
}

// AsksCause reports whether the question after the cause of an incident is open:
// the goal is reached, or the person has asked for it.
func (p *Player) AsksCause() bool {
	return p.Step().Kind == Do && p.Step().Card != nil && !p.causeNamed() && (p.asking || p.reached())
}

// AskCause opens the question after the cause, or puts it off. It returns false
// if there is none, or if it was answered.
func (p *Player) AskCause(open bool) bool {
	if !p.CanNameCause() {
		return false
	}
	p.asking = open
	return true
}

// CanNameCause reports whether the cause of an incident is still to be named.
func (p *Player) CanNameCause() bool {
	return !p.finished && p.Step().Kind == Do && !p.causeNamed()
}

// NameCause takes an answer to the question after the cause. A wrong one is
// said to be, and the question stays.
func (p *Player) NameCause(options ...int) {
	if !p.AsksCause() || len(options) == 0 {
		return
	}
	if p.named = options; p.causeNamed() {
		p.asking = false
	}
	p.Update()
}

// causeNamed reports whether the cause was named rightly, or nobody asks for one.
func (p *Player) causeNamed() bool {
	c := p.Step().Card
	return c == nil || sameOptions(p.named, c.Key())
}

// Hint shows one more hint; it returns false if all have been shown.
func (p *Player) Hint() bool {
	if p.HintsLeft() == 0 {
		return false
	}
	p.hints++
	return true
}

// HintsLeft counts the hints not shown yet: those of the lesson, and the
// commands of its solution.
func (p *Player) HintsLeft() int {
	if p.Step().Kind != Do || p.done {
		return 0
	}
	return len(p.Step().Hints) + 1 - p.hints
}

// Unmet are the indexes of the conditions that do not hold now.
func (p *Player) Unmet() []int {
	var out []int
	for i, c := range p.Step().Goal {
		if ok, _ := p.eval.holds(c.That); !ok {
			out = append(out, i)
		}
	}
	return out
}
