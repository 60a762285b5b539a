package lessons

import (
	"maps"
	"math"
	"slices"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/timeline"
	"esmlab/quiz/card"
)

// Player is a lesson in progress. It moves the history only when told to:
// its owner lets time pass as Until says, and calls Update after each
// change. It never goes on to the next step by itself.
type Player struct {
	Lesson *Lesson

	keys          func(action string) string
	typed         func(*engine.Command) string // how the person gives a command; nil: by what it does
	palette       string                       // what opens a line that is typed
	progress      Progress
	tl            *timeline.Timeline
	eval          *evaluator
	at            int
	furthest      int        // the furthest step entered
	marks         []position // where the run stood when a step was entered
	end           position   // where it stood when this step was over
	stepLength    engine.Micros
	done          bool            // the step's run has ended, its goal is reached
	rung          []engine.Micros // when the alarms of this Compare would have rung, once it was asked
	timedOut      bool            // the run ended before `until` came true
	answers       map[int][]int
	judged        []*Verdict // of the predictions before this Run, in their order
	shownVerdict  int        // which of them is shown
	text          []card.Block
	worlds        []*timeline.Timeline // what Worlds gives, at this version of the history
	worldsAt      uint64
	hints         int
	solutionShown bool // the solution was carried out for the person
	// Of a Do.
	stretch  *stretch
	base     *Player                 // a copy as it was when the Do began, for trials
	was      map[string]engine.Value // by setting: what it was when the Do began
	named    []int                   // the cause, as the person named it last
	asking   bool                    // the person wants to name the cause now
	tried    *Trial                  // the last one
	lost     *Outcome                // what it found, if the goal is out of reach
	finished bool
	reported bool // Progress was told that
	jumping  bool
	err      error // the first thing that went wrong in a text
}

// Progress is told how far the person has got.
type Progress interface {
	// Reached is called when a step (from 0) is entered for the first time, and
	// when a prediction is made there.
	Reached(lesson string, step int, said []int)
	// Finished is called once; the cards are due on the next study day.
	Finished(lesson string, cards []string)
}

// NewPlayer begins a lesson over a history of its template at second 0. The
// texts show the key that keys gives for an action, or the action's name if it
// is nil. progress may be nil.
func NewPlayer(l *Lesson, tl *timeline.Timeline, keys func(action string) string, progress Progress) *Player {
	p := &Player{Lesson: l, keys: keys, progress: progress, tl: tl, eval: newEvaluator(tl, l), marks: make([]position, len(l.Steps)), answers: map[int][]int{}, furthest: -1}
	p.enter(0)
	return p
}

// copy is a player of a copy of the run at the same place, whom nobody watches. It cannot
// go back to before this step.
func (p *Player) copy() *Player {
	q := *p
	q.tl, q.progress, q.worlds, q.base = p.tl.Copy(), nil, nil, nil
	q.tl.SetGap(math.MaxInt64)
	q.answers, q.marks = maps.Clone(p.answers), slices.Clone(p.marks)
	q.marks[q.at].run, q.end.run = q.tl.Run, q.tl.Run
	var begin func()
	var each func(*query.World)
	if p.stretch != nil {
		s := *p.stretch
		q.stretch = &s
		begin, each = s.begin, s.look
	}
	q.eval = p.eval.copy(q.tl, begin, each)
	return &q
}

// Typed tells the player how its person gives a command, and what opens a line that is
// typed: the last tip says so.
func (p *Player) Typed(how func(*engine.Command) string, palette string) {
	p.typed, p.palette = how, palette
}

// Step is the current step.
func (p *Player) Step() *Step { return &p.Lesson.Steps[p.at] }

// At is the index of the current step.
func (p *Player) At() int { return p.at }

// StepDone reports whether the step's run has ended or its goal is reached. A
// step with neither is done at once.
func (p *Player) StepDone() bool { return p.done }

// Finished reports whether the last step has been passed.
func (p *Player) Finished() bool { return p.finished }

// SolutionShown reports whether the goal was reached by the lesson's own solution.
func (p *Player) SolutionShown() bool { return p.solutionShown }

// Answer is the prediction made at a step; nil if there is none yet.
func (p *Player) Answer(step int) []int { return p.answers[step] }

// enter goes to a step, with the run where it stands.
func (p *Player) enter(i int) {
	if p.at = i; i > p.furthest && !p.jumping {
		p.furthest = i
		if p.progress != nil && i > 0 { // a lesson that is only opened has not begun
			p.progress.Reached(p.Lesson.ID, i, nil)
		}
	}
	p.marks[i], p.rung = p.position(), nil
	p.done, p.timedOut, p.hints, p.solutionShown, p.judged, p.shownVerdict, p.stepLength = true, false, 0, false, nil, 0, 0
	if p.stretch != nil {
		p.stretch = nil
		p.eval.follow(nil, nil)
	}
	switch s := p.Step(); s.Kind {
	case Say:
		p.stepLength, p.done = s.RunFor, s.RunFor == 0
	case Run:
		p.stepLength, p.done = p.runLength(s), false
	case Predict:
		p.done = p.answers[i] != nil
	case Do:
		p.done, p.named, p.asking = false, nil, false
		p.tried, p.lost = nil, nil
		p.watch()
		p.remember()
		p.judgeNow()
		p.base = p.copy()
	}
	p.end = p.marks[i]
	p.text = p.fillAll(p.Step().Text)
	p.Update()
}

// Next goes on: to the end of the step's run if that is still in progress;
// after several predictions, to the verdict on the next one; else to the next
// step. If the person has moved in time since the step was done, the run comes
// back; commands given at that same instant count, and so do all that were given
// to reach a goal. It returns false, and stays, if the person has to act first.
func (p *Player) Next() bool {
	s := p.Step()
	if !p.done && (s.Kind == Say || s.Kind == Run) {
		p.FinishRun()
		if s.Kind == Run {
			return true
		}
	}
	switch {
	case !p.done:
		return false
	case p.shownVerdict+1 < len(p.judged):
		p.shownVerdict++
	case p.at+1 == len(p.Lesson.Steps):
		p.finished = true
		if p.progress != nil && !p.reported {
			p.progress.Finished(p.Lesson.ID, p.Lesson.Cards)
		}
		p.reported = true
	default:
		if s.Kind != Do && (p.tl.Run != p.end.run || p.tl.Now() != p.end.at) {
			p.restore(p.end)
		}
		p.enter(p.at + 1)
	}
	return true
}

// Back goes back one step: the run is again as it was when that step was
// entered. It returns false at the first step.
func (p *Player) Back() bool {
	switch {
	case p.finished:
		p.finished = false
		return true
	case p.at == 0:
		return false
	}
	p.at--
	p.RestartStep()
	return true
}

// RestartStep takes the run back to where the step was entered, and begins the step
// again. What was done since then stays as a branch.
func (p *Player) RestartStep() {
	p.restore(p.marks[p.at])
	p.finished = false
	p.enter(p.at)
}

// Restart begins the lesson again and forgets the predictions.
func (p *Player) Restart() error {
	p.answers = map[int][]int{}
	return p.Jump(0)
}

// Jump goes to a step as if all steps before it had been taken: to go on
// where the person left, or straight to the goal.
func (p *Player) Jump(to int) error {
	if err := p.tl.Restart(nil); err != nil {
		return err
	}
	p.tl.SetAlarm(nil)
	p.finished, p.jumping = false, true
	p.enter(0)
	for p.at < min(to, len(p.Lesson.Steps)-1) {
		p.FinishRun()
		if p.Step().Kind == Do {
			p.solve()
		}
		p.enter(p.at + 1)
	}
	p.jumping = false
	return nil
}

// Resume goes on at a step, with the predictions made before, by step.
func (p *Player) Resume(step int, answers map[int][]int) error {
	p.answers = map[int][]int{}
	for i, a := range answers {
		if i < len(p.Lesson.Steps) && p.Lesson.Steps[i].Kind == Predict && len(a) > 0 {
			p.answers[i] = slices.Clone(a)
		}
	}
	p.furthest = step
	return p.Jump(step)
}

// TestOut goes straight to the goal: reaching it finishes the lesson.
func (p *Player) TestOut() error {
	err := p.Jump(p.Lesson.goalStep())
	if p.at > p.furthest {
		p.furthest = p.at
		if p.progress != nil {
			p.progress.Reached(p.Lesson.ID, p.at, nil)
		}
	}
	return err
}

// Skip passes a step. A goal is reached by the lesson's own solution, which is
// shown; a prediction cannot be skipped, "don't know" counts as one.
func (p *Player) Skip() bool {
	s := p.Step()
	switch {
	case s.Kind == Predict:
		return false
	case s.Kind == Do && !p.done:
		p.RestartStep()
		p.solve()
		p.done, p.solutionShown = true, true
		return true
	}
	p.FinishRun()
	p.shownVerdict = len(p.judged)
	return p.Next()
}
