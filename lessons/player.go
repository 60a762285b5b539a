package lessons

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/timeline"
	"esmlab/quiz/card"
)

// Player is a lesson under way. It only moves the history where it is told to:
// whoever holds it lets time pass as Until says, and calls Look after each
// change. It never goes on to the next step by itself.
type Player struct {
	Lesson *Lesson
	// Keys gives the key of an action, for texts; nil: its name stands there.
	Keys func(action string) string
	// Progress is told how far the person came; nil: nobody is.
	Progress Progress

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

// mark is a place in the history.
type mark struct {
	run      *timeline.Run
	at       engine.Micros
	commands int // behind it
}

// Verdict says what became of a prediction.
type Verdict struct {
	Card  *card.Card
	Said  []int // 0: don't know; nil: nothing was said
	Came  []int // the options that the run made true
	Right bool
	title string
	errs  map[int]error
}

// NewPlayer begins a lesson over a history of its template at second 0.
func NewPlayer(l *Lesson, tl *timeline.Timeline, keys func(string) string) *Player {
	p := &Player{Lesson: l, Keys: keys, tl: tl, w: newWatch(tl, l), marks: make([]mark, len(l.Steps)), answers: map[int][]int{}, far: -1}
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
		if p.Progress != nil && i > 0 { // who only opened it has not begun
			p.Progress.Reached(p.Lesson.ID, i, nil)
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

// judge says what became of the predictions before this Run.
func (p *Player) judge() {
	first := p.at
	for first > 0 && p.Lesson.Steps[first-1].Kind == Predict {
		first--
	}
	p.judged, p.read = nil, 0
	for i := first; i < p.at; i++ {
		p.judged = append(p.judged, p.verdict(i))
	}
}

func (p *Player) verdict(i int) *Verdict {
	s := &p.Lesson.Steps[i]
	v := &Verdict{Card: s.Card, title: p.Lesson.verdictTitle(i), Said: p.answers[i], errs: map[int]error{}}
	w := p.w.now()
	for _, c := range s.Claims {
		ok, err := c.holds(w)
		if err != nil {
			v.errs[c.card.N] = err
		}
		if ok {
			v.Came = append(v.Came, c.card.N)
		}
	}
	said, came := slices.Sorted(slices.Values(v.Said)), slices.Sorted(slices.Values(v.Came))
	v.Right = len(came) > 0 && slices.Equal(said, came)
	return v
}

// holds tells whether the option is what the run is like.
func (c *Claim) holds(w *query.World) (bool, error) {
	if c.card.That != "" {
		return c.query.Eval(w)
	}
	v, err := c.query.Value(w)
	if err != nil {
		return false, err
	}
	return c.card.Equal(v)
}

// verdictTitle is what tells the answer to a prediction from that to another
// before the same Run: its step's title, "" where it is the only one.
func (l *Lesson) verdictTitle(i int) string {
	if i > 0 && l.Steps[i-1].Kind == Predict || i+1 < len(l.Steps) && l.Steps[i+1].Kind == Predict {
		return l.Steps[i].Title
	}
	return ""
}

// Verdict is what became of the prediction that is told of; nil while its run
// goes on, and in other steps.
func (p *Player) Verdict() *Verdict {
	if p.read < len(p.judged) {
		return p.judged[p.read]
	}
	return nil
}

// Say predicts: the options chosen, 0 for don't know.
func (p *Player) Say(options ...int) {
	if p.Step().Kind == Predict && len(options) > 0 {
		p.answers[p.at] = options
		p.over = true
		if p.Progress != nil {
			p.Progress.Reached(p.Lesson.ID, p.at, options)
		}
	}
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
		if p.Progress != nil && !p.kept {
			p.Progress.Finished(p.Lesson.ID, p.Lesson.Cards)
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
		if p.Progress != nil {
			p.Progress.Reached(p.Lesson.ID, p.at, nil)
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

// solve reaches the goal by the lesson's own solution.
func (p *Player) solve() {
	for _, c := range p.Step().Solution {
		p.tl.Do(c)
	}
	p.pass(p.marks[p.at].at + p.Step().Within)
}

// Hiding tells whether the lesson is an incident whose cause is not found yet.
func (p *Player) Hiding() bool {
	if !p.Lesson.Hides("faults") || p.finished {
		return false
	}
	kind := p.Step().Kind
	return kind != Explain && (kind != Do || !p.over)
}

// Hint shows one more hint; false where all are shown.
func (p *Player) Hint() bool {
	if p.Step().Kind != Do || p.over || p.hints == len(p.Step().Hints) {
		return false
	}
	p.hints++
	return true
}

// HintsLeft counts the hints not shown yet.
func (p *Player) HintsLeft() int {
	if p.Step().Kind != Do || p.over {
		return 0
	}
	return len(p.Step().Hints) - p.hints
}

// Unmet are the indexes of the conditions that do not hold now.
func (p *Player) Unmet() []int {
	var out []int
	for i, c := range p.Step().Goal {
		if ok, _ := p.w.holds(c.That); !ok {
			out = append(out, i)
		}
	}
	return out
}

func (p *Player) reached() bool {
	for _, c := range p.Step().Goal {
		if ok, _ := p.w.holds(c.That); !ok {
			return false
		}
	}
	return true
}

// fillAll fills the holes of a text as the run stands.
func (p *Player) fillAll(text []Para) []card.Block {
	var out []card.Block
	for _, t := range text {
		out = append(out, card.Block{Indent: t.Indent, Marker: t.Marker, Spans: p.fill(t.Pieces)})
	}
	return out
}

func (p *Player) fill(list []Piece) []card.Span {
	var out []card.Span
	for _, piece := range list {
		s := piece.Span
		switch piece.Kind {
		case Value:
			v, err := piece.Query.Value(p.w.now())
			if err != nil {
				if p.err == nil {
					p.err = err
				}
				v = "?"
			}
			s.Text = show(v)
		case Said:
			s.Text = p.said()
		case Key:
			s.Text = piece.Name
			if p.Keys != nil {
				s.Text = p.Keys(piece.Name)
			}
			s.Style |= keyStyle
		}
		out = append(out, s)
	}
	return out
}

// said is what was predicted last.
func (p *Player) said() string {
	for i := p.at; i >= 0; i-- {
		if a := p.answers[i]; a != nil {
			return numbers(a)
		}
	}
	return "nothing"
}

// numbers writes the numbers of options: 2, or 2 and 5.
func numbers(list []int) string {
	out := make([]string, len(list))
	for i, n := range list {
		if n == 0 {
			return "you do not know"
		}
		out[i] = strconv.Itoa(n)
	}
	if len(out) > 1 {
		return strings.Join(out[:len(out)-1], ", ") + " and " + out[len(out)-1]
	}
	return strings.Join(out, "")
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
