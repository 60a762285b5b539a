package lessons

import (
	"reflect"
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

	world    *query.World
	run      *timeline.Run
	play     *timeline.Playback       // what world has observed
	commands []timeline.PlacedCommand // before the instant up to which world has observed
	steps    int64
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
			text(c.Else)
		}
		for _, h := range s.Hints {
			text(h)
		}
		for _, p := range s.Text {
			text(p.Segments)
		}
	}
	return w
}

// currentWorld is the world at the current instant.
func (w *evaluator) currentWorld() *query.World {
	r, s := w.tl.Run, w.tl.Sim()
	if w.world == nil || w.past && !w.follows(r, s) {
		w.world, w.run, w.commands, w.steps = query.NewWorld(s, w.queries...), r, nil, 0
		w.play = r.Playback(0)
	}
	if w.past {
		w.observe()
	}
	w.world.Sim = s
	return w.world
}

// follows reports whether what the world has observed lies before the current
// instant of that run.
func (w *evaluator) follows(r *timeline.Run, s *engine.Sim) bool {
	all := r.AllCommands()[:r.Passed()]
	return w.run == r && s.Steps() >= w.steps && len(all) == len(w.commands) && reflect.DeepEqual(all, w.commands)
}

// observe takes in what has happened since the last query.
func (w *evaluator) observe() {
	if w.steps == w.tl.Sim().Steps() && w.steps > 0 {
		return
	}
	w.play.On(func(s *engine.Sim, e *engine.Event) bool {
		w.world.Sim = s
		w.world.Observe([]engine.Event{*e})
		return true
	})
	w.steps, w.commands = w.tl.Sim().Steps(), slices.Clone(w.tl.Run.AllCommands()[:w.tl.Run.Passed()])
}

// holds evaluates a yes-or-no query; an error means no.
func (w *evaluator) holds(q *query.Query) (bool, error) { return q.Eval(w.currentWorld()) }
