package timeline

import (
	"reflect"
	"sync"

	"esmlab/engine"
)

// firstGap is how much work (steps, and records handled) is done between
// snapshots: a few milliseconds.
const firstGap = 4096

// Budget is how many bytes a history may take at first: its snapshots, and the
// runs that are not shown.
const Budget = 64 << 20

// recent is how many of a run's newest snapshots stay as long as others can go:
// people step back from where they are.
const recent = 16

// refill is how many events the log should have after a jump, and refillSteps
// how many steps may be replayed for them.
const (
	refill      = 400
	refillSteps = 3 * firstGap
)

// snapshot is a position of a run that can be restored. Snapshots share what
// did not change between them, and runs share snapshots.
type snapshot struct {
	player
	history History // without its log
	bytes   int64   // what it does not share with the next one: what dropping it frees
}

func (r *Run) last() *snapshot {
	if len(r.snaps) == 0 {
		return nil
	}
	return r.snaps[len(r.snaps)-1]
}

// snap takes a snapshot of the current position.
func (r *Run) snap() {
	s := &snapshot{player: r.player.clone(), history: r.history.charts()}
	if last := r.last(); last != nil {
		r.t.bytes -= last.bytes
		last.bytes = apart(last, s)
		r.t.bytes += last.bytes
	}
	r.snaps = append(r.snaps, s)
	r.work = 0
	r.t.fit(r)
}

// before returns the index of the last snapshot whose step is at most n, or the
// first; -1 where there is none.
func (r *Run) before(n int64) int {
	i := len(r.snaps) - 1
	for i > 0 && r.snaps[i].sim.Steps() > n {
		i--
	}
	return i
}

// root makes sure that there is a snapshot to go back to: if none is left, the
// run is played again from the start to where it was.
func (r *Run) root() {
	if len(r.snaps) > 0 {
		return
	}
	now, steps := r.sim.Now(), r.sim.Steps()
	r.restart()
	for r.sim.Steps() < steps {
		if _, ok := r.one(engine.Never - 1); !ok {
			break
		}
	}
	r.to(now)
}

// restart resets a run to second 0, with nothing done yet.
func (r *Run) restart() {
	sim, err := engine.New(r.t.cfg)
	if err != nil {
		panic("timeline: a Config that was good is bad: " + err.Error()) // New has checked it
	}
	r.player = player{sim: sim}
	r.history = newHistory(len(sim.Mappings))
	r.snap()
}

// load goes to snapshot i, starting as much earlier as it takes to have the log
// that led there.
func (r *Run) load(i int) {
	r.t.version++
	r.t.turns++
	if i < 0 {
		r.root()
		i = r.before(0)
	}
	if r.ahead == nil && r.sim.Steps() == r.newestSteps && r.sim.Now() == r.newest {
		c := r.history.charts()
		r.ahead = &c
	}
	target := r.snaps[i]
	log := r.history.upTo(target.sim.Emitted(), r.sim.Emitted())
	if !enough(log, &target.history) {
		for at := i; i > 0 && target.history.logged-r.snaps[i].history.logged < refill && (i == at || target.sim.Steps()-r.snaps[i-1].sim.Steps() <= refillSteps); {
			i--
		}
		log = nil
	}
	s := r.snaps[i]
	r.player = s.player.clone()
	r.history = s.history.charts()
	r.history.begins(log)
	r.work = 0
	for r.sim.Steps() < target.sim.Steps() {
		if _, ok := r.one(engine.Never - 1); !ok {
			break
		}
	}
}

// enough reports whether a log is as long as it should be at a position.
func enough(log []engine.Event, at *History) bool {
	return len(log) >= refill || int64(len(log)) == at.logged
}

// dropFrom drops the first snapshot for which a condition holds and all after
// it.
func (r *Run) dropFrom(cond func(*snapshot) bool) {
	for i, s := range r.snaps {
		if cond(s) {
			clear(r.snaps[i:])
			r.snaps = r.snaps[:i:i]
			r.t.measure()
			break
		}
	}
	if len(r.snaps) == 0 {
		r.restart()
	}
}

// measure counts the bytes of all snapshots, those shared by several runs once,
// and of the runs that are not shown.
func (t *Timeline) measure() {
	seen := map[*snapshot]bool{}
	t.bytes = 0
	for _, r := range t.all() {
		t.bytes += r.left
		for _, s := range r.snaps {
			if !seen[s] {
				seen[s] = true
				t.bytes += s.bytes
			}
		}
	}
}

// leave counts what a run holds that is no longer shown.
func (r *Run) leave() {
	var last *snapshot
	if len(r.snaps) > 0 {
		last = r.snaps[max(0, r.before(r.sim.Steps()))]
	}
	r.left = apart(&snapshot{player: r.player, history: r.history.charts()}, last) +
		int64(cap(r.history.Log))*int64(reflect.TypeFor[engine.Event]().Size()) + 4*int64(r.history.listed)
	r.buf = nil
}

// forget lets go of what a run holds that is not shown: it is computed again from
// second 0 when somebody goes there.
func (r *Run) forget() {
	first := r.t.Run.snaps[0]
	r.snaps, r.left, r.work, r.ahead = []*snapshot{first}, 0, 0, nil
	r.player, r.history = first.player.clone(), first.history.charts()
}

// fit keeps the history within its budget. First it lets go of runs that are not
// shown, which can be computed again, the oldest first. Then it thins out the
// snapshots of the current run: the first one stays, and the newest; those between
// stay in about even steps. busy is a run that time passes in.
func (t *Timeline) fit(busy *Run) {
	if t.leaving {
		t.leaving = false
		for _, r := range t.all() {
			if r.left = 0; r != t.Run && r != t.beside && r != busy {
				r.leave()
			}
		}
		t.measure()
	}
	if t.bytes <= t.budget {
		return
	}
	for _, r := range t.all() {
		if r != t.Run && r != t.beside && r != busy && t.bytes > t.budget && (len(r.snaps) > 1 || r.left > 0) && t.Run != nil && len(t.Run.snaps) > 0 {
			r.forget()
			t.measure()
		}
	}
	for _, r := range []*Run{t.beside, t.Run} {
		for r != nil && t.bytes > t.budget-t.budget/8 && len(r.snaps) > 2 {
			r.thin()
			t.measure()
		}
	}
}

// thin drops the snapshot that leaves the smallest gap.
func (r *Run) thin() {
	end := len(r.snaps) - 1 - recent
	if end < 2 {
		end = len(r.snaps) - 1
	}
	at, least := 1, int64(-1)
	for i := 1; i < end; i++ {
		if gap := r.snaps[i+1].sim.Steps() - r.snaps[i-1].sim.Steps(); least < 0 || gap < least {
			at, least = i, gap
		}
	}
	r.snaps, r.thinned = append(r.snaps[:at:at], r.snaps[at+1:]...), true
	r.snaps[at-1].bytes = apart(r.snaps[at-1], r.snaps[at])
}

// apart estimates how many bytes of a snapshot another one does not share.
func apart(s, o *snapshot) int64 {
	other := reflect.Value{}
	if o != nil {
		other = reflect.ValueOf(o).Elem()
	}
	v := reflect.ValueOf(s).Elem()
	return int64(v.Type().Size()) + beyond(v, other)
}

// beyond counts the bytes that a value points to and another of its type does
// not.
func beyond(v, o reflect.Value) int64 {
	if !points(v.Type()) {
		return 0
	}
	n := int64(0)
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := reflect.Value{}
			if o.IsValid() {
				f = o.Field(i)
			}
			n += beyond(v.Field(i), f)
		}
	case reflect.Array, reflect.Slice:
		slice := v.Kind() == reflect.Slice
		if slice && o.IsValid() && v.Pointer() == o.Pointer() {
			return 0
		}
		if slice {
			n = int64(v.Cap()) * int64(v.Type().Elem().Size())
		}
		if points(v.Type().Elem()) {
			for i := range v.Len() {
				e := reflect.Value{}
				if o.IsValid() && i < o.Len() {
					e = o.Index(i)
				}
				n += beyond(v.Index(i), e)
			}
		}
	case reflect.Pointer:
		if v.IsNil() || v.Type() == configType || o.IsValid() && v.Pointer() == o.Pointer() {
			return 0
		}
		e := reflect.Value{}
		if o.IsValid() && !o.IsNil() {
			e = o.Elem()
		}
		n = int64(v.Type().Elem().Size()) + beyond(v.Elem(), e)
	}
	return n
}

var configType = reflect.TypeFor[*engine.Config]()

// pointing holds what points has found, by type.
var pointing sync.Map

// points reports whether values of a type can point to memory of their own:
// strings are always shared.
func points(t reflect.Type) bool {
	if known, ok := pointing.Load(t); ok {
		return known.(bool)
	}
	found := findPoints(t)
	pointing.Store(t, found)
	return found
}

func findPoints(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Pointer:
		return true
	case reflect.Array:
		return points(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if points(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}
