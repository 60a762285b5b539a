// Package timeline keeps the history of a simulation: its commands with their
// place, and a few snapshots. Any instant is a snapshot plus replay, so a run
// can be stepped back, done differently from some instant on, and compared
// with what would have been.
package timeline

import (
	"slices"

	"esmlab/engine"
)

// maxSnapshots bounds what the history holds; when it is full every other
// snapshot goes, and the rest lie twice as far apart.
const maxSnapshots = 16

// firstGap is how many steps lie between snapshots at first.
const firstGap = 512

// Deed is a command and its place in the history.
type Deed struct {
	Step    int64 // Sim.Steps() before it
	At      engine.Micros
	Command engine.Command
}

// Branch is a run that was left: its deeds, and how far it had come.
type Branch struct {
	Name  string
	At    engine.Micros
	Deeds []Deed
}

type snapshot struct {
	sim   *engine.Sim
	trail Trail
}

// Timeline is a run that can be moved in. It is not safe for use by several
// goroutines.
type Timeline struct {
	cfg      *engine.Config
	sim      *engine.Sim
	trail    Trail
	snaps    []snapshot // by step; the first is second 0
	gap      int64
	deeds    []Deed // by place; those at or after Sim.Steps() lie ahead
	undone   []Deed
	newest   engine.Micros // how far this run has come
	branches []Branch
	name     string
	runs     int
	version  uint64
	buf      []engine.Event
}

// New begins the history of a Config at second 0.
func New(cfg *engine.Config) (*Timeline, error) {
	t := &Timeline{cfg: cfg, runs: 1, name: "run 1"}
	if err := t.reset(); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *Timeline) reset() error {
	sim, err := engine.New(t.cfg)
	if err != nil {
		return err
	}
	t.sim, t.trail = sim, newTrail(len(sim.Mappings))
	t.snaps, t.gap, t.newest = nil, firstGap, 0
	t.snaps = append(t.snaps, snapshot{sim: sim.Clone(), trail: t.trail.clone()})
	t.Advance(0, -1)
	return nil
}

// Sim is the simulation at the current instant. It must not be driven.
func (t *Timeline) Sim() *engine.Sim { return t.sim }

// Trail is what led to the current instant.
func (t *Timeline) Trail() *Trail { return &t.trail }

// Now is the current instant.
func (t *Timeline) Now() engine.Micros { return t.sim.Now() }

// Newest is the last instant this run has come to.
func (t *Timeline) Newest() engine.Micros { return max(t.newest, t.sim.Now()) }

// Version changes whenever anything does.
func (t *Timeline) Version() uint64 { return t.version }

// Name is what the current run is called.
func (t *Timeline) Name() string { return t.name }

// Deeds are the commands carried out up to now, oldest first.
func (t *Timeline) Deeds() []Deed {
	n := 0
	for n < len(t.deeds) && t.deeds[n].Step < t.sim.Steps() {
		n++
	}
	return t.deeds[:n:n]
}

// one carries out what is next, if it lies not after limit: a deed of the
// known future, or a planned task. It tells what kinds of change came of it.
func (t *Timeline) one(limit engine.Micros) (stop Stop, ok bool) {
	steps := t.sim.Steps()
	deed := t.deedAt(steps)
	switch {
	case deed != nil && deed.At <= limit:
		if t.sim.Now() < deed.At {
			t.sim.RunUntil(deed.At) // nothing is due before it: only the clock moves
		}
		t.sim.Do(deed.Command)
		t.own()
		stop = Visible | Cause
	case deed == nil && t.sim.NextAt() <= limit && t.sim.NextAt() != engine.Never:
		t.sim.Step()
	default:
		return 0, false
	}
	stop |= t.observe() | Raw
	if last := &t.snaps[len(t.snaps)-1]; t.sim.Steps()-last.sim.Steps() >= t.gap {
		t.snap()
	}
	return stop, true
}

// own marks the events of a deed that was just carried out.
func (t *Timeline) own() {
	t.buf = t.sim.DrainInto(t.buf)
	for i := range t.buf {
		e := &t.buf[i]
		if e.Person != nil {
			t.trail.Own = append(t.trail.Own, e.N)
		}
		t.trail.add(t.sim, e)
	}
}

func (t *Timeline) deedAt(step int64) *Deed {
	i, ok := slices.BinarySearchFunc(t.deeds, step, func(d Deed, s int64) int { return int(d.Step - s) })
	if !ok {
		return nil
	}
	return &t.deeds[i]
}

func (t *Timeline) snap() {
	if len(t.snaps) == maxSnapshots {
		for i := 1; i < maxSnapshots/2; i++ {
			t.snaps[i] = t.snaps[2*i]
		}
		clear(t.snaps[maxSnapshots/2:])
		t.snaps = t.snaps[:maxSnapshots/2]
		t.gap *= 2
		if t.sim.Steps()-t.snaps[len(t.snaps)-1].sim.Steps() < t.gap {
			return
		}
	}
	t.snaps = append(t.snaps, snapshot{sim: t.sim.Clone(), trail: t.trail.clone()})
}

func (t *Timeline) observe() Stop {
	t.buf = t.sim.DrainInto(t.buf)
	var stop Stop
	for i := range t.buf {
		e := &t.buf[i]
		stop |= StopOf(e)
		t.trail.add(t.sim, e)
	}
	return stop
}

// Advance lets time pass up to an instant, at most so many steps (-1: as many
// as it takes). It tells whether it came there.
func (t *Timeline) Advance(to engine.Micros, steps int) bool {
	t.version++
	for {
		if steps == 0 {
			t.came()
			return false
		}
		if _, ok := t.one(to); !ok {
			break
		}
		steps--
	}
	if t.sim.Now() < to {
		t.sim.RunUntil(to)
	}
	t.came()
	return true
}

func (t *Timeline) came() { t.newest = max(t.newest, t.sim.Now()) }

// before gives the index of the last snapshot whose step is at most n.
func (t *Timeline) before(n int64) int {
	i := len(t.snaps) - 1
	for i > 0 && t.snaps[i].sim.Steps() > n {
		i--
	}
	return i
}

func (t *Timeline) load(i int) {
	t.sim, t.trail = t.snaps[i].sim.Clone(), t.snaps[i].trail.clone()
	t.version++
}

// SeekStep goes to the place after n steps, at the instant of the last.
func (t *Timeline) SeekStep(n int64) {
	t.came()
	if n < t.sim.Steps() || t.sim.Steps() == n {
		t.load(t.before(n))
	}
	for t.sim.Steps() < n {
		if _, ok := t.one(engine.Never - 1); !ok {
			break
		}
	}
	t.version++
	t.came()
}

// Seek goes to an instant: everything up to it has happened.
func (t *Timeline) Seek(at engine.Micros) {
	at = max(0, at)
	t.came()
	if at < t.sim.Now() {
		i := len(t.snaps) - 1
		for i > 0 && t.snaps[i].sim.Now() > at {
			i--
		}
		t.load(i)
	}
	t.Advance(at, -1)
}

// Ahead tells whether part of this run lies ahead of the current instant.
func (t *Timeline) Ahead() bool {
	return t.newest > t.sim.Now() || len(t.deeds) > 0 && t.deeds[len(t.deeds)-1].Step >= t.sim.Steps()
}

// Do carries out a command now. Where the run had come further already, that
// future is left as a branch and this one is computed anew.
func (t *Timeline) Do(c engine.Command) *engine.Refusal {
	t.undone = nil
	if t.Ahead() {
		t.keep()
	}
	return t.do(Deed{Step: t.sim.Steps(), At: t.sim.Now(), Command: c})
}

func (t *Timeline) do(d Deed) *engine.Refusal {
	t.cut(d.Step)
	t.deeds = append(t.deeds, d)
	refused := t.sim.Do(d.Command)
	t.own()
	t.observe()
	t.version++
	t.newest = t.sim.Now()
	return refused
}

// cut forgets what lies at or after a place: deeds, and snapshots behind it.
func (t *Timeline) cut(step int64) {
	n := len(t.deeds)
	for n > 0 && t.deeds[n-1].Step >= step {
		n--
	}
	t.deeds = slices.Clip(t.deeds[:n])
	for len(t.snaps) > 1 && t.snaps[len(t.snaps)-1].sim.Steps() > step {
		t.snaps = t.snaps[:len(t.snaps)-1]
	}
}

// Undo takes back the last deed and computes the run anew up to the same
// instant. It gives false where there is none.
func (t *Timeline) Undo() (Deed, bool) {
	done := t.Deeds()
	if len(done) == 0 {
		return Deed{}, false
	}
	d, now := done[len(done)-1], t.sim.Now()
	t.SeekStep(d.Step)
	t.cut(d.Step)
	t.newest = 0
	t.undone = append(t.undone, d)
	t.Advance(now, -1)
	return d, true
}

// Redo does again what Undo took back last.
func (t *Timeline) Redo() (Deed, bool) {
	if len(t.undone) == 0 {
		return Deed{}, false
	}
	d, now := t.undone[len(t.undone)-1], t.sim.Now()
	t.undone = t.undone[:len(t.undone)-1]
	t.SeekStep(d.Step)
	if t.sim.Now() < d.At {
		t.sim.RunUntil(d.At)
	}
	t.do(d)
	t.Advance(max(now, d.At), -1)
	return d, true
}

// keep stores the run as it is among the branches.
func (t *Timeline) keep() {
	t.branches = append(t.branches, Branch{Name: t.name, At: t.Newest(), Deeds: slices.Clone(t.deeds)})
	t.runs++
	t.name = "run " + itoa(t.runs)
}

// Branch begins a second history here: the run so far stays as it is.
func (t *Timeline) Branch() string {
	t.keep()
	t.cut(t.sim.Steps())
	t.newest, t.undone = t.sim.Now(), nil
	t.version++
	return t.name
}

// Branches are the runs that were left.
func (t *Timeline) Branches() []Branch { return t.branches }

// Restart begins the run again at second 0, with a new Config where one is
// given. The old run stays as a branch if its Config does.
func (t *Timeline) Restart(cfg *engine.Config) error {
	if cfg != nil {
		next, err := New(cfg)
		if err != nil {
			return err
		}
		next.version = t.version + 1
		*t = *next
		return nil
	}
	t.keep()
	t.deeds, t.undone = nil, nil
	t.version++
	return t.reset()
}

// Switch changes to a branch and goes to where it had come to. The current
// run takes its place.
func (t *Timeline) Switch(i int) error {
	b := t.branches[i]
	t.branches[i] = Branch{Name: t.name, At: t.Newest(), Deeds: t.deeds}
	t.name, t.deeds, t.undone = b.Name, b.Deeds, nil
	if err := t.reset(); err != nil {
		return err
	}
	t.Advance(b.At, -1)
	return nil
}

// Other is another run of the same Config and seed at this run's instant: that
// with the given deeds, or with none the run that nobody touched.
func (t *Timeline) Other(deeds []Deed) (*engine.Sim, error) {
	o := &Timeline{cfg: t.cfg, deeds: deeds}
	if err := o.reset(); err != nil {
		return nil, err
	}
	o.Advance(t.sim.Now(), -1)
	return o.sim, nil
}
