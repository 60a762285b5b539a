package lessons

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/alarm"
	"esmlab/engine/query"
	"esmlab/engine/timeline"
)

// position is a place in the history.
type position struct {
	run      *timeline.Run
	at       engine.Micros
	commands int // behind it
	alarm    *alarm.Alarm
}

// position is where the run stands.
func (p *Player) position() position {
	return position{p.tl.Run, p.tl.Now(), p.tl.Passed(), p.tl.Alarm()}
}

// restore takes the run back to a position. What came after it stays as a branch.
func (p *Player) restore(m position) {
	if i := slices.Index(p.tl.Runs(), m.run); i >= 0 && m.run != p.tl.Run {
		p.tl.Switch(i)
	}
	p.tl.SetAlarm(m.alarm)
	p.tl.Seek(m.at)
	if len(p.tl.AllCommands()) > m.commands {
		p.tl.Branch()
		for p.tl.Passed() > m.commands {
			if _, ok := p.tl.Undo(); !ok {
				break
			}
		}
	}
}

// deadline is the latest instant at which the step's run ends.
func (p *Player) deadline() engine.Micros {
	switch s := p.Step(); s.Kind {
	case Say:
		return p.marks[p.at].at + s.RunFor
	case Run:
		return p.marks[p.at].at + s.MaxRun
	}
	return engine.Never
}

// instantComplete reports whether nothing more happens at the current instant.
func instantComplete(s *engine.Sim) bool { return s.NextAt() > s.Now() }

// ended reports whether the step's run has ended; inTime is false if only its
// time ran out.
func (p *Player) ended(s *engine.Sim) (ended, inTime bool) {
	if !instantComplete(s) {
		return false, false
	}
	switch step := p.Step(); step.Kind {
	case Run:
		if ok, _ := p.eval.holds(step.Until); ok {
			return true, true
		}
	case Do:
		return p.reached() && p.causeNamed(), true
	}
	return s.NextAt() > p.deadline(), false
}

// Until says when the step's run ends: it is called after each step of the
// engine. It is nil if the step lets no time pass. In a Do the person starts
// time.
func (p *Player) Until() func(*engine.Sim) bool {
	if p.done || p.Step().Kind == Predict {
		return nil
	}
	return func(s *engine.Sim) bool {
		ended, _ := p.ended(s)
		return ended || p.Step().Kind == Do && instantComplete(s) && p.reached() // its cause is still to be named
	}
}

// Update takes note of where the run stands.
func (p *Player) Update() {
	s := p.Step()
	if p.done || s.Kind == Predict {
		return
	}
	ended, inTime := p.ended(p.tl.Sim())
	if !ended {
		return
	}
	p.done = true
	if s.Kind != Do && !inTime {
		p.tl.Advance(max(p.deadline(), p.tl.Now()), -1)
		p.timedOut = s.Kind == Run
	}
	p.end = p.position()
	if s.Kind == Run {
		p.judge()
	}
}

// Advance lets time run for that long, or to the end of the step's run.
func (p *Player) Advance(length engine.Micros) { p.advanceTo(p.tl.Now() + length) }

// FinishRun goes to the end of the step's run at once. In a Do it does nothing.
func (p *Player) FinishRun() {
	if p.Step().Kind != Do {
		p.advanceTo(p.deadline())
	}
}

// advanceTo lets time run to an instant, or to the end of the step's run.
func (p *Player) advanceTo(limit engine.Micros) {
	for until := p.Until(); until != nil && !until(p.tl.Sim()); {
		if p.tl.Advance(limit, 1) {
			break
		}
	}
	p.Update()
}

// runLength is how long the run of a step will take.
func (p *Player) runLength(s *Step) engine.Micros {
	sim := p.tl.Sim().Clone()
	w := query.NewWorld(sim, s.Until)
	if s.Until.Past() {
		p.tl.Replay(0, func(at *engine.Sim, e *engine.Event) bool {
			w.Sim = at
			w.Observe([]engine.Event{*e})
			return true
		})
		w.Sim = sim
		sim.Drain()
	}
	from := sim.Now()
	for sim.NextAt() <= from+s.MaxRun {
		if instantComplete(sim) {
			if ok, _ := s.Until.Eval(w); ok {
				return sim.Now() - from
			}
		}
		sim.Step()
		w.Observe(sim.Drain())
	}
	return s.MaxRun
}

// Bounds of the wall time that a run takes.
const (
	usualWallSeconds = 12 // time runs as fast as that needs, at least at 2x
	maxWallSeconds   = 20 // the most a run may take, unless the person stops it
	fastest          = 4096
)

// Pace is how many virtual seconds should pass per second of the step: 2, or
// doubled as often as keeps its run short.
func (p *Player) Pace() int {
	length := p.stepLength
	if p.Step().Kind == Do { // the person starts it, and looks more closely
		length = p.Step().Within / 3
	}
	return pace(length)
}

func pace(length engine.Micros) int {
	n := 2
	for length/engine.Micros(n) > usualWallSeconds*engine.Second && n < fastest {
		n *= 2
	}
	return n
}

// wall is how many seconds of wall time a run takes at its pace.
func wall(length engine.Micros) float64 { return length.Seconds() / float64(pace(length)) }
