package timeline

import (
	"slices"

	"esmlab/engine"
)

// PlacedCommand is a command and its place in a run: the instant, and how many tasks of
// that instant come before it. So it keeps its place when an earlier command is
// taken back.
type PlacedCommand struct {
	At      engine.Micros
	Tick    int32
	Command engine.Command
	Off     bool // switched off: it is passed over
	Refused bool // it was refused when it was last carried out, and changed nothing
}

// player is a simulation on its way through a run's commands.
type player struct {
	sim  *engine.Sim
	tick int32 // tasks carried out at sim.Now()
	done int   // commands passed
}

// due gives the command that comes next if it lies before any task, else nil.
func (p *player) due(commands []PlacedCommand) *PlacedCommand {
	if p.done == len(commands) {
		return nil
	}
	d := &commands[p.done]
	at := int32(0)
	if p.sim.Now() == d.At {
		at = p.tick
	}
	if next := p.sim.NextAt(); next < d.At || next == d.At && at < d.Tick {
		return nil
	}
	return d
}

// one carries out what is next, a command or a task, if it lies not after limit.
// command tells that it was a command.
func (p *player) one(commands []PlacedCommand, limit engine.Micros) (command, ok bool) {
	d := p.due(commands)
	for d != nil && d.Off && d.At <= limit {
		p.done++
		d = p.due(commands)
	}
	switch {
	case d != nil && d.At <= limit:
		p.to(d.At)
		d.Refused = p.sim.Do(d.Command) != nil
		p.done++
		return true, true
	case d == nil && p.sim.NextAt() <= limit && p.sim.NextAt() != engine.Never:
		before := p.sim.Now()
		p.sim.Step()
		if p.sim.Now() != before {
			p.tick = 0
		}
		p.tick++
		return false, true
	}
	return false, false
}

// to moves the clock where nothing is due before an instant.
func (p *player) to(at engine.Micros) {
	if p.sim.Now() < at {
		p.sim.RunUntil(at)
		p.tick = 0
	}
}

func (p *player) clone() player { return player{sim: p.sim.Clone(), tick: p.tick, done: p.done} }

// Run is one course of events: a simulation with the commands done to it, at some
// instant of it.
type Run struct {
	Parent *Run          // the run it branched off, nil the first
	Fork   engine.Micros // where it did

	player
	name     string
	t        *Timeline
	history  History
	commands []PlacedCommand // by place; those from player.done on lie ahead
	undone   []undone
	snaps    []*snapshot // by step
	work     int64       // done since the newest snapshot
	// newest is how far the run has come, by time and by steps; ahead is the
	// history there, while the run stands before it.
	newest      engine.Micros
	newestSteps int64
	ahead       *History
	buf         []engine.Event
}

type undone struct {
	at int
	PlacedCommand
}

// Name is what the run is called: run 1, run 2, …
func (r *Run) Name() string { return r.name }

// Sim is the simulation at the current instant. It must not be driven.
func (r *Run) Sim() *engine.Sim { return r.sim }

// History is what led to the current instant.
func (r *Run) History() *History { return &r.history }

// Now is the current instant.
func (r *Run) Now() engine.Micros { return r.sim.Now() }

// Newest is the last instant this run has come to.
func (r *Run) Newest() engine.Micros { return max(r.newest, r.sim.Now()) }

// Begin is the oldest instant that the run can be taken back to.
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

// AllCommands are the run's commands, also those that are switched off or lie ahead.
// The index of one is what Switched takes. They may not be written to.
func (r *Run) AllCommands() []PlacedCommand { return r.commands }

// Passed counts the commands of AllCommands that lie behind the current instant.
func (r *Run) Passed() int { return r.done }

// Undone tells whether there is anything that Redo would do again.
func (r *Run) Undone() bool { return len(r.undone) > 0 }

// Ahead tells whether part of this run lies ahead of the current instant.
func (r *Run) Ahead() bool {
	return r.newest > r.sim.Now() || r.newestSteps > r.sim.Steps() || r.done < len(r.commands)
}

// one carries out what is next, if it lies not after limit, and tells what
// kinds of change came of it.
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

// upcoming is the instant of what comes next, Never where nothing does.
func (r *Run) upcoming() engine.Micros {
	next := r.sim.NextAt()
	for i := r.done; i < len(r.commands); i++ {
		if !r.commands[i].Off {
			return min(next, r.commands[i].At)
		}
	}
	return next
}

// observe takes in the events of a step and keeps a snapshot now and then.
func (r *Run) observe(command bool) Stop {
	stop := Raw
	r.buf = r.sim.DrainInto(r.buf)
	for i := range r.buf {
		e := &r.buf[i]
		stop |= StopOf(e)
		r.work += int64(len(e.Records) / 16)
		r.history.add(r.sim, e)
	}
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

// Advance lets time pass up to an instant, at most so many steps (-1: as many
// as it takes). It tells whether it came there.
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

// came notes how far the run has come.
func (r *Run) came() {
	now, steps := r.sim.Now(), r.sim.Steps()
	if now >= r.newest && steps >= r.newestSteps {
		r.ahead = nil
	}
	r.newest, r.newestSteps = max(r.newest, now), max(r.newestSteps, steps)
}

// Next goes to the next change of that kind. It gives false, and stays, where
// none is to come.
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

// Prev goes back to the last change of that kind before the current instant,
// or to the oldest instant there is. It gives false where it stood there.
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

// lastStop looks from a snapshot on for the last change of a kind before a
// place, up to the next snapshot. It gives the steps up to it, or -1.
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

// SeekStep goes to the place after n steps, at the instant of the last.
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

// Seek goes to an instant: everything up to it has happened. Before the oldest
// instant there is it goes to that.
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

// Replay plays what lies between two instants of the past again and shows each
// event with the simulation right after it, puts and reads too, until the
// current place is reached or see gives false. The run itself stays. What fell
// out of the history is played from second 0 on.
func (r *Run) Replay(from engine.Micros, see func(s *engine.Sim, e *engine.Event) bool) {
	r.Playback(from).On(see)
}

// Playback plays a run's past again, piece by piece: each time it goes on
// where it was, so that following a run costs each step once. It holds as long
// as what it has played lies behind the run's current place.
type Playback struct {
	run  *Run
	from engine.Micros
	p    player
	buf  []engine.Event
}

// Playback begins to play the run again from an instant on.
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

// On plays up to the run's current place and shows each event with the
// simulation right after it, until see gives false.
func (b *Playback) On(see func(s *engine.Sim, e *engine.Event) bool) {
	for b.p.sim.Steps() < b.run.sim.Steps() {
		if _, ok := b.p.one(b.run.commands, b.run.sim.Now()); !ok {
			return
		}
		b.buf = b.p.sim.DrainInto(b.buf)
		for i := range b.buf {
			if b.buf[i].At >= b.from && !see(b.p.sim, &b.buf[i]) {
				return
			}
		}
	}
}

// recompute plays the run anew from the place of a command on, up to the current
// instant. It has come to be command i, is so no longer, or was switched.
func (r *Run) recompute(i int, d PlacedCommand) {
	now := r.sim.Now()
	r.dropFrom(func(s *snapshot) bool {
		now := s.sim.Now()
		return s.done > i || now > d.At || now == d.At && s.tick > d.Tick
	})
	r.newest, r.newestSteps, r.ahead = 0, 0, nil
	if d.At <= now {
		r.load(len(r.snaps) - 1)
	}
	r.Advance(now, -1)
}
