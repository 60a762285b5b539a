package lessons

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/timeline"
)

// mark is a place in the history.
type mark struct {
	run      *timeline.Run
	at       engine.Micros
	commands int // behind it
}

// here is where the run stands.
func (p *Player) here() mark { return mark{p.tl.Run, p.tl.Now(), p.tl.Passed()} }

// restore takes the run to a place. What was done after it stays as a branch.
func (p *Player) restore(m mark) {
	if i := slices.Index(p.tl.Runs(), m.run); i >= 0 && m.run != p.tl.Run {
		p.tl.Switch(i)
	}
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

// limit is the instant at which the step's run ends at the latest.
func (p *Player) limit() engine.Micros {
	switch s := p.Step(); s.Kind {
	case Say:
		return p.marks[p.at].at + s.Length
	case Run:
		return p.marks[p.at].at + s.Most
	}
	return engine.Never
}

// complete tells that nothing more happens at the current instant.
func complete(s *engine.Sim) bool { return s.NextAt() > s.Now() }

// ended tells whether what the step waits for has come; in time is whether it
// was more than the end of its time.
func (p *Player) ended(s *engine.Sim) (ended, inTime bool) {
	if !complete(s) {
		return false, false
	}
	switch step := p.Step(); step.Kind {
	case Run:
		if ok, _ := p.w.holds(step.Until); ok {
			return true, true
		}
	case Do:
		return p.reached(), true
	}
	return s.NextAt() > p.limit(), false
}

// Until is what the step lets time run for: it is asked after each step of the
// engine. Nil where the step lets none pass. Do waits, and lets the person
// begin.
func (p *Player) Until() func(*engine.Sim) bool {
	if p.over || p.Step().Kind == Predict {
		return nil
	}
	return func(s *engine.Sim) bool { ended, _ := p.ended(s); return ended }
}

// Look takes notice of where the run stands.
func (p *Player) Look() {
	s := p.Step()
	if p.over || s.Kind == Predict {
		return
	}
	ended, inTime := p.ended(p.tl.Sim())
	if !ended {
		return
	}
	p.over = true
	if s.Kind != Do && !inTime {
		p.tl.Advance(max(p.limit(), p.tl.Now()), -1)
		p.short = s.Kind == Run
	}
	p.end = p.here()
	if s.Kind == Run {
		p.judge()
	}
}

// Pass lets time go on for so long, or to where the step's run ends.
func (p *Player) Pass(length engine.Micros) { p.pass(p.tl.Now() + length) }

// RunOut lets the step's run pass at once.
func (p *Player) RunOut() {
	if p.Step().Kind != Do {
		p.pass(p.limit())
	}
}

// pass lets time pass up to an instant, or to where the step's run ends.
func (p *Player) pass(limit engine.Micros) {
	for until := p.Until(); until != nil && !until(p.tl.Sim()); {
		if p.tl.Advance(limit, 1) {
			break
		}
	}
	p.Look()
}

// foresee is how long the run of a step takes.
func (p *Player) foresee(s *Step) engine.Micros {
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
	for sim.NextAt() <= from+s.Most {
		if complete(sim) {
			if ok, _ := s.Until.Eval(w); ok {
				return sim.Now() - from
			}
		}
		sim.Step()
		w.Observe(sim.Drain())
	}
	return s.Most
}

// Bounds of the wall time that a run takes.
const (
	usualWall = 12 // seconds: time runs as fast as it must for that, at least at 2x
	MostWall  = 20 // seconds, without an act of the person
	fastest   = 4096
)

// Pace is how many virtual seconds a second of the step should take: 2, or as
// often doubled as keeps its run short.
func (p *Player) Pace() int {
	length := p.length
	if p.Step().Kind == Do { // the person begins it, and looks closer
		length = p.Step().Within / 3
	}
	return pace(length)
}

func pace(length engine.Micros) int {
	n := 2
	for length/engine.Micros(n) > usualWall*engine.Second && n < fastest {
		n *= 2
	}
	return n
}

// wall is how many seconds of wall time a run takes at its pace.
func wall(length engine.Micros) float64 { return length.Seconds() / float64(pace(length)) }
