package timeline

import (
	"slices"

	"esmlab/engine"
)

// PlacedCommand is a command and its place in a run: the instant, and how many
// tasks of that instant come before it. So it keeps its place when an earlier
// command is undone.
type PlacedCommand struct {
	At      engine.Micros
	Tick    int32
	Command engine.Command
	Off     bool // switched off: it is skipped
	Refused bool // it was refused when it was last carried out, and changed nothing
}

// player is a simulation on its way through a run's commands.
type player struct {
	sim  *engine.Sim
	done int // commands carried out or skipped
}

// due returns the next command if it comes before any task, else nil.
func (p *player) due(commands []PlacedCommand) *PlacedCommand {
	if p.done == len(commands) {
		return nil
	}
	if d := &commands[p.done]; p.sim.Reached(d.At, d.Tick) {
		return d
	}
	return nil
}

// one carries out what is next, a command or a task, unless it is after limit.
// command reports which it was.
func (p *player) one(commands []PlacedCommand, limit engine.Micros) (command, ok bool) {
	d := p.due(commands)
	for d != nil && d.Off && d.At <= limit {
		p.done++
		d = p.due(commands)
	}
	switch {
	case d != nil && d.At <= limit:
		d.Refused = p.sim.DoPlaced(d.Command, d.At, d.Tick) != nil
		p.done++
		return true, true
	case d == nil && p.sim.NextAt() <= limit && p.sim.NextAt() != engine.Never:
		p.sim.Step()
		p.placed()
		return false, true
	}
	return false, false
}

// placed carries out the scenario's own steps that have their place here: they belong to what
// they stand behind, and no command comes between them.
func (p *player) placed() {
	for p.sim.PlacedNow() {
		p.sim.Step()
	}
}

// to moves the clock if nothing is due before an instant.
func (p *player) to(at engine.Micros) {
	if p.sim.Now() < at {
		p.sim.RunUntil(at)
	}
}

func (p *player) clone() player { return player{sim: p.sim.Clone(), done: p.done} }

// Run is one course of events: a simulation with its commands, at some instant.
type Run struct {
	Parent *Run          // the run it branched from, nil for the first
	Fork   engine.Micros // the instant it branched at

	player
	name     string
	t        *Timeline
	history  History
	commands []PlacedCommand // in order; those from player.done on are in the future
	undone   []undone
	snaps    []*snapshot // by step
	work     int64       // work done since the newest snapshot
	thinned  bool        // snapshots between the first and the newest were dropped
	left     int64       // bytes that it holds beside its snapshots, when it is not shown
	// newest is how far the run has been computed, by time and by steps; ahead
	// is the history there while the run is at an earlier instant.
	newest      engine.Micros
	newestSteps int64
	ahead       *History
	buf         []engine.Event
}

type undone struct {
	at int
	PlacedCommand
}

// Name is the name of the run: run 1, run 2, …
func (r *Run) Name() string { return r.name }

// Sim is the simulation at the current instant. It must not be driven.
func (r *Run) Sim() *engine.Sim { return r.sim }

// History is what led to the current instant.
func (r *Run) History() *History { return &r.history }

// Now is the current instant.
func (r *Run) Now() engine.Micros { return r.sim.Now() }

// Newest is the last instant this run has reached.
func (r *Run) Newest() engine.Micros { return max(r.newest, r.sim.Now()) }

// Begin is the oldest instant that the run can go back to.
func (r *Run) Begin() engine.Micros {
	if len(r.snaps) == 0 {
		return 0
	}
	return r.snaps[0].sim.Now()
}

// Commands are the commands carried out up to now, oldest first.
func (r *Run) Commands() []PlacedCommand {
	out := make([]PlacedCommand, 0, r.done)
	for _, d := range r.commands[:r.done] {
		if !d.Off {
			out = append(out, d)
		}
	}
	return out
}

// Deployed is what was deployed last, by the scenario's steps or a command; nil: nothing
// but the template that the run began with.
func (r *Run) Deployed() *engine.Deployment {
	var last *engine.Deployment
	at := engine.Micros(-1)
	for _, step := range r.sim.Config().Steps {
		if step.Op == engine.OpDeploy && step.At <= r.sim.Now() && step.At >= at {
			last, at = step.Deploy, step.At
		}
	}
	for _, c := range r.Commands() {
		if c.Command.Op == engine.OpDeploy && c.At >= at {
			last, at = c.Command.Deploy, c.At
		}
	}
	return last
}

// AllCommands are the run's commands, including those that are switched off or
// in the future. Their indices are those of Switched. They must not be written
// to.
func (r *Run) AllCommands() []PlacedCommand { return r.commands }

// Passed counts the commands of AllCommands before the current instant.
func (r *Run) Passed() int { return r.done }

// Undone reports whether there is anything to redo.
func (r *Run) Undone() bool { return len(r.undone) > 0 }

// Ahead reports whether part of this run is after the current instant.
func (r *Run) Ahead() bool {
	return r.newest > r.sim.Now() || r.newestSteps > r.sim.Steps() || r.done < len(r.commands)
}

// one carries out what is next, unless it is after limit, and returns the kinds
// of change it made.
func (r *Run) one(limit engine.Micros) (stop Stop, ok bool) {
	if next := r.upcoming(); next <= limit && next != engine.Never {
		r.history.gauge(r.sim, next)
	}
	command, ok := r.player.one(r.commands, limit)
	if !ok {
		return 0, false
	}
	return r.observe(command), true
}

// upcoming is the instant of what comes next, Never if nothing does.
func (r *Run) upcoming() engine.Micros {
	next := r.sim.NextAt()
	for i := r.done; i < len(r.commands); i++ {
		if !r.commands[i].Off {
			return min(next, r.commands[i].At)
		}
	}
	return next
}

// observe adds the events of a step to the history and takes a snapshot now and
// then.
func (r *Run) observe(command bool) Stop {
	stop := Raw
	r.buf = r.sim.DrainInto(r.buf)
	r.history.grow(len(r.sim.Mappings))
	for i := range r.buf {
		e := &r.buf[i]
		stop |= StopOf(e)
		r.work += int64(len(e.Records) / 16)
		r.history.add(e)
	}
	r.history.follow(r.sim, r.buf)
	if command {
		stop |= Visible | Cause
		r.history.own(r.buf)
	}
	r.history.count(stop)
	r.work++
	switch last := r.last(); {
	case last != nil && r.sim.Steps() <= last.sim.Steps():
		r.work = 0
	case r.work >= r.t.gap:
		r.snap()
	}
	return stop
}

// Advance lets time pass up to an instant, in at most so many steps (-1: as
// many as it takes). It reports whether it got there.
func (r *Run) Advance(to engine.Micros, steps int) bool {
	r.t.version++
	for {
		if steps == 0 {
			r.came()
			return false
		}
		if _, ok := r.one(to); !ok {
			break
		}
		steps--
	}
	r.to(to)
	r.came()
	return true
}

// came records how far the run has been computed.
func (r *Run) came() {
	now, steps := r.sim.Now(), r.sim.Steps()
	if now >= r.newest && steps >= r.newestSteps {
		r.ahead = nil
	}
	r.newest, r.newestSteps = max(r.newest, now), max(r.newestSteps, steps)
}

// Next goes to the next change of that kind. If there is none, it stays and
// returns false.
func (r *Run) Next(kind Stop) bool {
	r.t.version++
	for !r.sim.Idle() || r.due(r.commands) != nil {
		stop, ok := r.one(engine.Never - 1)
		if !ok {
			break
		}
		if stop&kind != 0 {
			r.came()
			return true
		}
	}
	r.came()
	return false
}

// Prev goes back to the last change of that kind before the current instant, or
// to the oldest instant there is. It returns false if it was there already.
func (r *Run) Prev(kind Stop) bool {
	r.came()
	r.root()
	here, now := r.sim.Steps(), r.sim.Now()
	if first := r.snaps[0].sim; here <= first.Steps() && now <= first.Now() {
		return false
	}
	upTo := r.history.stops
	for i := r.before(here); i >= 0; i-- {
		s := r.snaps[i]
		some := s.history.stops.of(kind) < upTo.of(kind)
		upTo = s.history.stops
		if !some {
			continue
		}
		if found := r.lastStop(s, kind, here, now); found >= 0 {
			r.SeekStep(found)
			return true
		}
	}
	r.SeekStep(r.snaps[0].sim.Steps())
	return true
}

// lastStop looks from a snapshot up to the next one for the last change of a
// kind before a position. It returns the steps up to it, or -1.
func (r *Run) lastStop(s *snapshot, kind Stop, here int64, now engine.Micros) int64 {
	p := s.player.clone()
	end := here
	if i := slices.Index(r.snaps, s); i+1 < len(r.snaps) {
		end = min(end, r.snaps[i+1].sim.Steps())
	}
	found := int64(-1)
	for p.sim.Steps() < end {
		command, ok := p.one(r.commands, engine.Never-1)
		if !ok {
			break
		}
		stop := Raw
		if command {
			stop |= Visible | Cause
		}
		r.buf = p.sim.DrainInto(r.buf)
		for i := range r.buf {
			stop |= StopOf(&r.buf[i])
		}
		if at := p.sim.Steps(); stop&kind != 0 && (at < here || p.sim.Now() < now) {
			found = at
		}
	}
	return found
}

// SeekStep goes to the position after n steps, at the instant of the last one.
func (r *Run) SeekStep(n int64) {
	r.came()
	if i := r.before(n); n <= r.sim.Steps() || i >= 0 && r.snaps[i].sim.Steps() > r.sim.Steps() {
		r.load(i)
	}
	for r.sim.Steps() < n {
		if _, ok := r.one(engine.Never - 1); !ok {
			break
		}
	}
	r.t.version++
	r.came()
}

// Seek goes to an instant, with everything up to it done, but not back beyond
// the oldest instant there is.
func (r *Run) Seek(at engine.Micros) {
	r.came()
	at = max(at, r.Begin())
	i := len(r.snaps) - 1
	for i > 0 && r.snaps[i].sim.Now() > at {
		i--
	}
	if at < r.sim.Now() || i >= 0 && r.snaps[i].sim.Steps() > r.sim.Steps() {
		r.load(i)
	}
	r.Advance(at, -1)
}

// Before is an instant shortly before a condition came true that holds from then
// on.
func (r *Run) Before(is func(s *engine.Sim) bool) (at engine.Micros) {
	for _, s := range r.snaps {
		if is(s.sim) {
			break
		}
		at = s.sim.Now()
	}
	return at
}

// Replay plays the past again between two instants and calls see for each
// event, puts and reads included, with the simulation right after it, until it
// reaches the current position or see returns false. The run itself does not
// move. What is no longer in the history is played from second 0.
func (r *Run) Replay(from engine.Micros, see func(s *engine.Sim, e *engine.Event) bool) {
	r.Playback(from).On(see)
}

// Playback plays a run's past again, piece by piece: each time it continues
// where it stopped, so that following a run computes each step once. It is
// valid as long as what it has played is before the run's current position.
type Playback struct {
	run  *Run
	from engine.Micros
	p    player
	buf  []engine.Event
}

// Playback begins to play the run again from an instant.
func (r *Run) Playback(from engine.Micros) *Playback {
	b := &Playback{run: r, from: from}
	for _, s := range r.snaps {
		if s.sim.Now() < from || s.sim.Steps() == 0 {
			b.p = s.player
		}
	}
	if b.p.sim != nil {
		b.p = b.p.clone()
	} else if sim, err := engine.New(r.t.cfg); err == nil { // New has checked it before
		b.p.sim = sim
	}
	return b
}

// Copy continues in a run that was the same as the playback's own as far as that has
// been played.
func (b *Playback) Copy(r *Run) *Playback {
	return &Playback{run: r, from: b.from, p: b.p.clone()}
}

// On plays up to the run's current position and calls see for each event with
// the simulation right after it, until see returns false.
func (b *Playback) On(see func(s *engine.Sim, e *engine.Event) bool) {
	b.Steps(func(s *engine.Sim, events []engine.Event) bool {
		for i := range events {
			if events[i].At >= b.from && !see(s, &events[i]) {
				return false
			}
		}
		return true
	})
}

// Steps plays up to the run's current position and calls see after each step,
// with the events of that step, until see returns false. The events are valid
// until the next step.
func (b *Playback) Steps(see func(s *engine.Sim, events []engine.Event) bool) {
	for b.p.sim.Steps() < b.run.sim.Steps() {
		if _, ok := b.p.one(b.run.commands, b.run.sim.Now()); !ok {
			return
		}
		b.buf = b.p.sim.DrainInto(b.buf)
		if !see(b.p.sim, b.buf) {
			return
		}
	}
}

// recompute plays the run again from the place of command i, which was added,
// removed or switched, up to the current instant.
func (r *Run) recompute(i int, d PlacedCommand) {
	now := r.sim.Now()
	r.dropFrom(func(s *snapshot) bool {
		now := s.sim.Now()
		return s.done > i || now > d.At || now == d.At && s.sim.Tick() > d.Tick
	})
	r.newest, r.newestSteps, r.ahead = 0, 0, nil
	if d.At <= now {
		r.load(len(r.snaps) - 1)
	}
	r.Advance(now, -1)
}
