package lessons

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/timeline"
)

// evaluator evaluates queries on a history as it stands, however it came
// there: played on, seeked, branched or changed.
type evaluator struct {
	tl      *timeline.Timeline
	queries []*query.Query
	past    bool // a query asks about earlier events

	each  func(w *query.World) // called after each step of the history, with the world as it was then; nil: nobody is
	begin func()               // called where it begins again at second 0
	world *query.World
	run   *timeline.Run
	play  *timeline.Playback // what world has observed
	turns uint64             // of the timeline: until they change the run only goes on
	steps int64              // up to which world has observed
}

func newEvaluator(tl *timeline.Timeline, l *Lesson) *evaluator {
	w := &evaluator{tl: tl}
	add := func(q *query.Query) {
		if q != nil {
			w.queries = append(w.queries, q)
			w.past = w.past || q.Past()
		}
	}
	text := func(list []Segment) {
		for _, p := range list {
			add(p.Query)
		}
	}
	for i := range l.Steps {
		s := &l.Steps[i]
		add(s.Until)
		for _, c := range s.Claims {
			add(c.query)
		}
		for _, c := range s.Goal {
			add(c.That)
			text(c.Met)
			text(c.Else)
		}
		for _, h := range s.Hints {
			text(h)
		}
		for _, a := range slices.Concat(s.Also, s.Refused) {
			text(a.Say)
		}
		add(s.Alarm)
		text(s.Rang)
		for _, p := range s.Text {
			text(p.Segments)
		}
	}
	return w
}

// follow calls each after each step from now on, as far as the history has got
// when the world is asked for; begin when that begins anew. Nil: no more.
func (w *evaluator) follow(begin func(), each func(w *query.World)) {
	w.begin, w.each, w.world = begin, each, nil
}

// copy is an evaluator of a copy of the history, with as much of the past as this one has
// observed; each and begin are called for what comes after.
func (w *evaluator) copy(tl *timeline.Timeline, begin func(), each func(w *query.World)) *evaluator {
	c := &evaluator{tl: tl, queries: w.queries, past: w.past, begin: begin, each: each}
	if w.play == nil || w.world == nil || !w.follows(w.tl.Run, w.tl.Sim()) {
		return c // it looks again
	}
	c.world, c.play, c.run, c.turns, c.steps = w.world.Clone(tl.Sim()), w.play.Copy(tl.Run), tl.Run, tl.Turns(), w.steps
	return c
}

// currentWorld is the world at the current instant.
func (w *evaluator) currentWorld() *query.World {
	r, s := w.tl.Run, w.tl.Sim()
	plays := w.past || w.each != nil
	if w.world == nil || plays && !w.follows(r, s) {
		w.world, w.run, w.turns, w.steps = query.NewWorld(s, w.queries...), r, w.tl.Turns(), 0
		if w.begin != nil {
			w.begin()
		}
		if plays {
			w.play = r.Playback(0)
		}
	}
	w.world.Alarm = w.alarm
	if plays {
		w.observe()
	}
	w.world.Sim = s
	return w.world
}

// follows reports whether what the world has observed lies before the current
// instant of that run.
func (w *evaluator) follows(r *timeline.Run, s *engine.Sim) bool {
	return w.run == r && w.turns == w.tl.Turns() && s.Steps() >= w.steps
}

// observe takes in what has happened since the last query.
func (w *evaluator) observe() {
	if w.steps == w.tl.Sim().Steps() && w.steps > 0 {
		return
	}
	w.play.Steps(func(s *engine.Sim, events []engine.Event) bool {
		w.world.Sim = s
		w.world.Observe(events)
		if w.each != nil {
			w.each(w.world)
		}
		return true
	})
	w.steps = w.tl.Sim().Steps()
}

// holds evaluates a yes-or-no query; an error means no.
func (w *evaluator) holds(q *query.Query) (bool, error) { return q.Eval(w.currentWorld()) }
