package lessons

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/quiz/card"
)

// Player is a lesson under way. It only moves the history where it is told to:
// whoever holds it lets time pass as Until says, and calls Look after each
// change. It never goes on to the next step by itself.
type Player struct {
	Lesson *Lesson

	keys     func(action string) string
	progress Progress
	tl       *timeline.Timeline
	w        *watch
	at       int
	far      int    // the furthest step entered
	marks    []mark // where the run stood when a step was entered
	end      mark   // where it stood when this step was over
	length   engine.Micros
	over     bool // the step's run has ended, its goal is reached
	short    bool // the run ended before `until` came true
	answers  map[int][]int
	judged   []*Verdict // of the predictions before this Run, in their order
	read     int        // which of them is shown
	text     []card.Block
	hints    int
	shown    bool // the solution was carried out for the person
	finished bool
	kept     bool // Progress was told that
	jumping  bool
	err      error // the first thing that went wrong in a text
}

// Progress is told how far the person came.
type Progress interface {
	// Reached: a step (from 0) was entered for the first time, or what is
	// predicted there was said.
	Reached(lesson string, step int, said []int)
	// Finished: the cards are due on the next study day.
	Finished(lesson string, cards []string)
}

// NewPlayer begins a lesson over a history of its template at second 0. The
// texts name keys as keys gives them for an action; nil: by the action's name.
// progress is told how far the person comes; nil: nobody is.
func NewPlayer(l *Lesson, tl *timeline.Timeline, keys func(action string) string, progress Progress) *Player {
	p := &Player{Lesson: l, keys: keys, progress: progress, tl: tl, w: newWatch(tl, l), marks: make([]mark, len(l.Steps)), answers: map[int][]int{}, far: -1}
	p.enter(0)
	return p
}

// Step is the step the person is at.
func (p *Player) Step() *Step { return &p.Lesson.Steps[p.at] }

// At is its index.
func (p *Player) At() int { return p.at }

// Over tells that the step's run has ended, or its goal is reached. A step
// with neither is over at once.
func (p *Player) Over() bool { return p.over }

// Finished tells that the last step is behind.
func (p *Player) Finished() bool { return p.finished }

// Shown tells that the goal was reached by the lesson's own solution.
func (p *Player) Shown() bool { return p.shown }

// Answer is what was said to the prediction of a step; nil: nothing.
func (p *Player) Answer(step int) []int { return p.answers[step] }

// enter goes to a step, where the run stands.
func (p *Player) enter(i int) {
	if p.at = i; i > p.far && !p.jumping {
		p.far = i
		if p.progress != nil && i > 0 { // a lesson that is only opened has not begun
			p.progress.Reached(p.Lesson.ID, i, nil)
		}
	}
	p.marks[i] = p.here()
	p.over, p.short, p.hints, p.shown, p.judged, p.read, p.length = true, false, 0, false, nil, 0, 0
	switch s := p.Step(); s.Kind {
	case Say:
		p.length, p.over = s.Length, s.Length == 0
	case Run:
		p.length, p.over = p.foresee(s), false
	case Predict:
		p.over = p.answers[i] != nil
	case Do:
		p.over = false
	}
	p.end = p.marks[i]
	p.text = p.fillAll(p.Step().Text)
	p.Look()
}

// Next goes on: where the step's run is still under way, to the end of that
// first; where several predictions came before it, to what became of the next. Where the person has gone elsewhere in time since, the run comes back;
// what was done at the same instant counts, and so does all that was done to
// reach a goal. It gives false, and stays, where the person has to act before.
func (p *Player) Next() bool {
	s := p.Step()
	if !p.over && (s.Kind == Say || s.Kind == Run) {
		p.RunOut()
		if s.Kind == Run {
			return true
		}
	}
	switch {
	case !p.over:
		return false
	case p.read+1 < len(p.judged):
		p.read++
	case p.at+1 == len(p.Lesson.Steps):
		p.finished = true
		if p.progress != nil && !p.kept {
			p.progress.Finished(p.Lesson.ID, p.Lesson.Cards)
		}
		p.kept = true
	default:
		if s.Kind != Do && (p.tl.Run != p.end.run || p.tl.Now() != p.end.at) {
			p.restore(p.end)
		}
		p.enter(p.at + 1)
	}
	return true
}

// Back goes back over a step: the run is again as it was when that step was
// entered. It gives false at the first.
func (p *Player) Back() bool {
	switch {
	case p.finished:
		p.finished = false
		return true
	case p.at == 0:
		return false
	}
	p.at--
	p.Return()
	return true
}

// Return takes the run back to where the step was entered, and begins the step
// again. What was done since stays as a branch.
func (p *Player) Return() {
	p.restore(p.marks[p.at])
	p.finished = false
	p.enter(p.at)
}

// Restart begins the lesson again; nothing is known of what was said.
func (p *Player) Restart() error {
	p.answers = map[int][]int{}
	return p.Jump(0)
}

// Jump goes to a step as if all before it had been gone through: to go on
// where one left, or straight to the goal.
func (p *Player) Jump(to int) error {
	if err := p.tl.Restart(nil); err != nil {
		return err
	}
	p.finished, p.jumping = false, true
	p.enter(0)
	for p.at < min(to, len(p.Lesson.Steps)-1) {
		p.RunOut()
		if p.Step().Kind == Do {
			p.solve()
		}
		p.enter(p.at + 1)
	}
	p.jumping = false
	return nil
}

// Resume goes on at a step, with what was said before, by step.
func (p *Player) Resume(step int, answers map[int][]int) error {
	p.answers = map[int][]int{}
	for i, a := range answers {
		if i < len(p.Lesson.Steps) && p.Lesson.Steps[i].Kind == Predict && len(a) > 0 {
			p.answers[i] = slices.Clone(a)
		}
	}
	p.far = step
	return p.Jump(step)
}

// TestOut goes straight to the goal: who reaches it has finished the lesson.
func (p *Player) TestOut() error {
	err := p.Jump(p.Lesson.doing())
	if p.at > p.far {
		p.far = p.at
		if p.progress != nil {
			p.progress.Reached(p.Lesson.ID, p.at, nil)
		}
	}
	return err
}

// Skip goes past a step. A goal is reached by the lesson's own solution, which
// is seen; a prediction cannot be skipped: don't know counts.
func (p *Player) Skip() bool {
	s := p.Step()
	switch {
	case s.Kind == Predict:
		return false
	case s.Kind == Do && !p.over:
		p.Return()
		p.solve()
		p.over, p.shown = true, true
		return true
	}
	p.RunOut()
	p.read = len(p.judged)
	return p.Next()
}
