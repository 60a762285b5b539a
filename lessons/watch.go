package lessons

import (
	"reflect"
	"slices"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/timeline"
)

// watch answers questions about a history as it stands, however it came
// there: played on, sought, branched, done otherwise.
type watch struct {
	tl    *timeline.Timeline
	asked []*query.Query
	past  bool // a question asks for what happened before

	world    *query.World
	run      *timeline.Run
	play     *timeline.Playback       // what world has seen
	commands []timeline.PlacedCommand // behind the instant up to which world has seen
	steps    int64
}

func newWatch(tl *timeline.Timeline, l *Lesson) *watch {
	w := &watch{tl: tl}
	add := func(q *query.Query) {
		if q != nil {
			w.asked = append(w.asked, q)
			w.past = w.past || q.Past()
		}
	}
	text := func(list []Piece) {
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
			text(p.Pieces)
		}
	}
	return w
}

// now gives the world at the current instant.
func (w *watch) now() *query.World {
	r, s := w.tl.Run, w.tl.Sim()
	if w.world == nil || w.past && !w.follows(r, s) {
		w.world, w.run, w.commands, w.steps = query.NewWorld(s, w.asked...), r, nil, 0
		w.play = r.Playback(0)
	}
	if w.past {
		w.see()
	}
	w.world.Sim = s
	return w.world
}

// follows tells whether what the world has seen lies behind the current
// instant of that run.
func (w *watch) follows(r *timeline.Run, s *engine.Sim) bool {
	all := r.AllCommands()[:r.Passed()]
	return w.run == r && s.Steps() >= w.steps && len(all) == len(w.commands) && reflect.DeepEqual(all, w.commands)
}

// see takes in what happened since it was asked last.
func (w *watch) see() {
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

// holds asks a yes-or-no question; what goes wrong is no.
func (w *watch) holds(q *query.Query) (bool, error) { return q.Eval(w.now()) }
