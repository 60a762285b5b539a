package timeline

import (
	"errors"
	"fmt"
	"slices"

	"esmlab/engine"
)

// SavedRun is a run as data: what it takes to compute it again, and where it stands.
type SavedRun struct {
	Parent   int           // the index of the run that it branched from; -1: none
	Fork     engine.Micros // the instant that it branched at
	Commands []PlacedCommand
	// The position: after so many steps, at that instant.
	At     engine.Micros
	Steps  int64
	Passed int // so many commands are before it
	// How far it was computed: up to that instant, in so many steps.
	Newest      engine.Micros
	NewestSteps int64
}

// Save gives the runs as data, in the order they were begun, and which is the current one.
// What was undone is not in it.
func (t *Timeline) Save() (runs []SavedRun, current int) {
	for _, r := range t.runs {
		runs = append(runs, SavedRun{Parent: slices.Index(t.runs, r.Parent), Fork: r.Fork, Commands: slices.Clone(r.commands), At: r.sim.Now(), Steps: r.sim.Steps(), Passed: r.done, Newest: r.Newest(), NewestSteps: max(r.newestSteps, r.sim.Steps())})
	}
	return runs, t.Current()
}

// ErrTooLong is why Restore gives up.
var ErrTooLong = errors.New("computing the runs again takes too many steps")

// Restore computes saved runs of a Config again, in at most so many steps of the engine.
func Restore(cfg *engine.Config, runs []SavedRun, current, steps int) (*Timeline, error) {
	for i := range runs {
		cfg = Keeping(cfg, runs[i].Commands)
	}
	t, err := New(cfg)
	switch {
	case err != nil:
		return nil, err
	case len(runs) == 0 || current < 0 || current >= len(runs):
		return nil, fmt.Errorf("run %d of %d runs is not there", current+1, len(runs))
	}
	for i := range runs {
		s := &runs[i]
		switch {
		case s.Parent >= i || s.Parent < -1:
			return nil, fmt.Errorf("run %d branches from run %d, which is not there before it", i+1, s.Parent+1)
		case s.At < 0 || s.Newest < s.At || s.Steps < 0 || s.NewestSteps < s.Steps:
			return nil, fmt.Errorf("run %d stands at second %s, after its end", i+1, s.At)
		}
		if i > 0 {
			t.begin(nil)
		}
		t.Run.Parent, t.Run.Fork = nil, s.Fork
		if s.Parent >= 0 {
			t.Run.Parent = t.runs[s.Parent]
		}
		t.Run.commands = slices.Clone(s.Commands) // in the order in which they were given
		t.Run.rewind()
		for _, c := range t.Run.commands {
			if c.At < 0 || c.Tick < 0 {
				return nil, fmt.Errorf("a command of run %d has no place", i+1)
			}
		}
		if steps -= t.Run.reach(s, steps); steps <= 0 {
			return nil, ErrTooLong
		}
	}
	if t.Current() != current {
		t.leaving = true
		t.Run = t.runs[current]
		t.version++
		t.turns++
		t.fit(nil)
	}
	return t, nil
}

// rewind puts a run back to second 0, before its first command.
func (r *Run) rewind() {
	r.snaps, r.newest, r.newestSteps, r.ahead, r.work = nil, 0, 0, nil, 0
	r.restart()
	r.t.measure()
}

// reach computes a run that is at its start as far as it was, and goes to its position.
// It gives how many steps that took, at least as many as it was given where they do not
// suffice.
func (r *Run) reach(s *SavedRun, steps int) int {
	for r.sim.Steps() < s.NewestSteps {
		if r.sim.Steps() >= int64(steps) {
			return steps
		}
		if _, ok := r.one(s.Newest); !ok {
			break
		}
	}
	if next := r.upcoming(); next > s.Newest {
		r.to(s.Newest)
	}
	r.came()
	r.t.version++
	took := int(r.sim.Steps())
	if s.Steps < r.sim.Steps() {
		took += int(s.Steps)
		r.SeekStep(s.Steps)
	}
	if r.sim.Now() != s.At { // nothing has happened since that step; or it comes at another time now
		r.Seek(s.At)
	}
	for r.done < min(s.Passed, len(r.commands)) && r.commands[r.done].Off { // skipped, or not yet, at this very place
		r.done++
	}
	for r.done > s.Passed && r.commands[r.done-1].Off {
		r.done--
	}
	return took
}

// Course is a run's commands on their way into a simulation that somebody else drives.
type Course struct {
	p        player
	commands []PlacedCommand
}

// Follow carries out commands in their places as the simulation goes on, which is at its
// beginning and was made from a Config that is Keeping for them.
func Follow(s *engine.Sim, commands []PlacedCommand) *Course {
	return &Course{player{sim: s}, slices.Clone(commands)}
}

// NextAt is the instant of the next task or command, engine.Never if there is none.
func (c *Course) NextAt() engine.Micros {
	next := c.p.sim.NextAt()
	for _, d := range c.commands[c.p.done:] {
		if !d.Off {
			return min(next, d.At)
		}
	}
	return next
}

// RunUntil goes on up to and including an instant.
func (c *Course) RunUntil(at engine.Micros) {
	for {
		if _, ok := c.p.one(c.commands, at); !ok {
			break
		}
	}
	c.p.to(at)
}
