package lessons

import (
	"math"
	"slices"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
)

// Asking reports whether a prediction is open: what tells its options apart is
// not to be shown.
func (p *Player) Asking() bool {
	return !p.finished && p.Step().Kind == Predict && p.answers[p.at] == nil
}

// Worlds are the run as it would stand now in the worlds of the open question's
// other options, with the person's commands. What differs between them and this run
// tells the answer.
func (p *Player) Worlds() []*timeline.Timeline {
	if !p.Asking() {
		return nil
	}
	if p.worlds == nil || p.worldsAt != p.tl.Version() {
		p.worlds, p.worldsAt = p.Lesson.worlds(p.Step(), p.tl.AllCommands()[:p.tl.Passed()], p.tl.Now()), p.tl.Version()
	}
	return p.worlds
}

// worlds plays a run in the worlds of the options of a question. A world that
// cannot be played is left out: check reports it.
func (l *Lesson) worlds(s *Step, commands []timeline.PlacedCommand, at engine.Micros) []*timeline.Timeline {
	out := []*timeline.Timeline{}
	for _, claim := range s.Claims {
		if claim.card.In == nil {
			continue
		}
		cfg, err := l.world(claim.card.In)
		if err != nil {
			continue
		}
		tl, err := timeline.New(cfg)
		if err != nil {
			continue
		}
		tl.SetGap(math.MaxInt64) // nobody goes back
		tl.Recall(commands)
		tl.Seek(at)
		out = append(out, tl)
	}
	return out
}

// world is the lesson's world with changes.
func (l *Lesson) world(changes ...*yaml.Node) (*engine.Config, error) {
	sc, err := scenario.Read(l.Template, l.source, scenario.Options{Changes: changes})
	if err != nil {
		return nil, err
	}
	return sc.Config, nil
}

// Covers are the numbers of the panes that the open question hides as a whole.
func (p *Player) Covers() []int {
	if !p.Asking() {
		return nil
	}
	var out []int
	for _, name := range p.Step().Hide {
		out = append(out, Covered[name])
	}
	slices.Sort(out)
	return slices.Compact(out)
}
