package lessons

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/alarm"
	"esmlab/engine/timeline"
	"esmlab/quiz/card"
)

// trialStep is how far time runs between two trials while nothing else happens.
const trialStep = 5 * engine.Second

// Trial asks whether the goal can still be reached from where a run stands. It
// has a copy of all it needs, so Run may be called while the run goes on.
type Trial struct {
	p        *Player // as it was when the Do began
	at       engine.Micros
	commands []timeline.PlacedCommand // carried out so far
	alarm    *alarm.Alarm             // set now
	turns    uint64
}

// Outcome is what a Trial found.
type Outcome struct {
	InReach bool
	// Why says what is wrong at the end, where the goal is out of reach.
	Why []card.Span
	// Since is when it got out of reach: at a command of the person's, or, where
	// Command is nil, after a while.
	Since   engine.Micros
	Command *engine.Command
	index   int // of the Command in the run
}

// Trial is what has to be tried now: after a command, and from time to time
// while time runs. Nil: nothing.
func (p *Player) Trial() *Trial {
	if p.finished || p.done || p.Step().Kind != Do {
		return nil
	}
	t := &Trial{at: p.tl.Now(), commands: p.tl.AllCommands()[:p.tl.Passed()], turns: p.tl.Turns()}
	if last := p.tried; last != nil && last.sameCourse(t) && (p.lost != nil || t.at < last.at+trialStep) {
		return nil
	}
	p.lost, p.tried = nil, p.trial()
	return p.tried
}

// trial is a Trial of the run as it stands.
func (p *Player) trial() *Trial {
	q := p.base.copy()
	q.named = q.Step().key()
	return &Trial{p: q, at: p.tl.Now(), commands: slices.Clone(p.tl.AllCommands()[:p.tl.Passed()]), alarm: p.tl.Alarm(), turns: p.tl.Turns()}
}

// key is the right answer to the question of a step; nil if it has none.
func (s *Step) key() []int {
	if s.Card == nil {
		return nil
	}
	return s.Card.Key()
}

// sameCourse reports whether the run has only gone on since this trial.
func (t *Trial) sameCourse(now *Trial) bool {
	return t.turns == now.turns && len(t.commands) == len(now.commands) && t.at <= now.at
}

// Learn takes what a trial of this player's found, unless the run has changed its
// course since.
func (p *Player) Learn(t *Trial, o Outcome) {
	if p.tried == t && !o.InReach && !p.done {
		now := &Trial{at: p.tl.Now(), commands: p.tl.AllCommands()[:p.tl.Passed()], turns: p.tl.Turns()}
		if t.sameCourse(now) {
			p.lost = &o
		}
	}
}

// Try does at once what has to be tried now.
func (p *Player) Try() {
	if t := p.Trial(); t != nil {
		p.Learn(t, t.Run())
	}
}

// Lost says why the goal is out of reach; nil: as far as is known it is not.
func (p *Player) Lost() *Outcome {
	if p.tried == nil || p.done || p.finished || p.Step().Kind != Do {
		return nil
	}
	return p.lost
}

// Run tries the lesson's answers from where the run stood, and finds out what put
// the goal out of reach.
func (t *Trial) Run() Outcome {
	first := t.p.marks[t.p.at].commands
	ok, why := t.answers(t.commands, t.at)
	if ok {
		return Outcome{InReach: true}
	}
	out := Outcome{Why: why, Since: t.at}
	for i := first; i < len(t.commands); i++ {
		c := &t.commands[i]
		if c.Off || c.Refused {
			continue
		}
		if before, _ := t.answers(t.commands[:i], c.At); !before {
			break // it was out of reach without this one
		}
		if after, _ := t.answers(t.commands[:i+1], c.At); !after {
			out.Since, out.Command, out.index = c.At, &c.Command, i
			return out
		}
	}
	// Time did it: after the last command, or before the first that could matter.
	good, bad := t.p.marks[t.p.at].at, t.at
	for bad-good > engine.Second {
		mid := (good + bad) / 2
		n := len(t.commands)
		for n > first && t.commands[n-1].At > mid {
			n--
		}
		if ok, _ := t.answers(t.commands[:n], mid); ok {
			good = mid
		} else {
			bad = mid
		}
	}
	out.Since = bad
	return out
}

// answers tries the solution, no more commands, and each other answer.
func (t *Trial) answers(commands []timeline.PlacedCommand, at engine.Micros) (ok bool, why []card.Span) {
	s := t.p.Step()
	if ok, why = t.answer(commands, at, s.Solution); ok {
		return true, nil
	}
	for _, steps := range append([][]engine.Command{nil}, stepsOf(s.Also)...) { // nil: nothing more
		if ok, _ := t.answer(commands, at, steps); ok {
			return true, nil
		}
	}
	return false, why
}

// answer plays a run up to an instant, carries out commands and watches it for
// `within`. What is refused then does no harm: it may have been done before.
func (t *Trial) answer(commands []timeline.PlacedCommand, at engine.Micros, steps []engine.Command) (ok bool, why []card.Span) {
	p := t.p.copy()
	if len(commands) > p.tl.Passed() {
		p.tl.Recall(commands)
	}
	p.tl.Seek(at)
	s := p.Step()
	for _, c := range steps {
		p.tl.Do(c)
	}
	if p.tl.SetAlarm(t.alarm); steps != nil && s.Sets != nil {
		p.tl.SetAlarm(s.Sets)
	}
	end := at + s.Within
	for to := at; ; to = min(to+engine.Second, end) {
		p.tl.Advance(to, -1)
		if p.reached() {
			return true, nil
		}
		if to == end {
			break
		}
	}
	if trick := p.trick(); trick != nil {
		return false, p.fill(trick)
	}
	for _, i := range p.Unmet() {
		return false, p.fill(s.Goal[i].Else)
	}
	return false, []card.Span{{Text: "the conditions do not hold for " + seconds(s.Holds) + "."}}
}

// watch begins to judge the goal of a Do that began at its mark.
func (p *Player) watch() {
	p.stretch = newStretch(p.Step(), p.marks[p.at].at)
	p.eval.follow(p.stretch.begin, p.stretch.look)
}

// undoes is the command that Undo takes the run back to: what put the goal out of
// reach, else the last one of this step; -1: there is none.
func (p *Player) undoes() int {
	first := p.marks[p.at].commands
	all := p.tl.AllCommands()[:p.tl.Passed()]
	if o := p.Lost(); o != nil && o.Command != nil {
		return o.index
	}
	for i := len(all) - 1; i >= first; i-- {
		if !all[i].Off {
			return i
		}
	}
	return -1
}

// CanUndo reports whether there is a command of this step to take back.
func (p *Player) CanUndo() bool { return p.undoes() >= 0 }

// Undo takes back the person's last command of this step, or the one that put the
// goal out of reach and all after it: the run is again as it was just before it.
// It returns false if there is none.
func (p *Player) Undo() bool {
	i := p.undoes()
	if i < 0 {
		return false
	}
	p.restore(position{p.tl.Run, p.tl.AllCommands()[i].At, i, p.tl.Alarm()})
	if p.Step().Kind == Do {
		p.done, p.solutionShown = false, false
	}
	p.Update()
	return true
}
