// Package timeline keeps the history of a simulation: its runs with their
// commands, and snapshots. Any instant is a snapshot plus replay, so a run can
// be stepped back, changed from some instant on, and compared with what would
// have happened.
package timeline

import (
	"cmp"
	"slices"
	"strconv"

	"esmlab/engine"
	"esmlab/engine/alarm"
)

// Timeline is a tree of runs of one Config and seed. One of them is the current
// run: its methods are promoted to the Timeline. It is not safe for use by
// several goroutines.
type Timeline struct {
	*Run
	cfg      *engine.Config
	runs     []*Run
	named    int
	baseline *Run
	beside   *Run
	version  uint64
	turns    uint64
	redacted *redacted
	bytes    int64
	budget   int64
	gap      int64 // work between snapshots
	alarm    *alarm.Alarm
	rung     *rung
	leaving  bool // a run was left since fit last counted what those that are not shown hold
}

// New begins the history of a Config at second 0.
func New(cfg *engine.Config) (*Timeline, error) {
	if _, err := engine.New(cfg); err != nil {
		return nil, err
	}
	t := &Timeline{cfg: cfg, budget: Budget, gap: firstGap}
	t.begin(nil)
	return t, nil
}

// begin makes a run at second 0 the current one, with commands before it.
func (t *Timeline) begin(commands []PlacedCommand) {
	t.enter(&Run{t: t, name: t.nextName(), Parent: t.Run, commands: commands})
	t.restart()
	t.Advance(0, -1)
}

func (t *Timeline) nextName() string {
	t.named++
	return "run " + strconv.Itoa(t.named)
}

// enter adds a new run to the tree and makes it the current one.
func (t *Timeline) enter(r *Run) {
	t.leaving = t.leaving || t.Run != nil
	t.runs = append(t.runs, r)
	t.Run = r
	t.version++
	t.turns++
}

// all are the runs of the tree and the baseline.
func (t *Timeline) all() []*Run {
	if t.baseline == nil {
		return t.runs
	}
	return append(slices.Clip(t.runs), t.baseline)
}

// Version changes whenever anything changes.
func (t *Timeline) Version() uint64 { return t.version }

// Turns changes whenever the run does more than go on: a jump back, a command taken
// back, another run. Until then equal Emitted counts mean equal histories.
func (t *Timeline) Turns() uint64 { return t.turns }

// redacted is the view of a run whose faults are to be found.
type redacted struct {
	version uint64
	sim     *engine.Sim
	history History
}

// Redacted returns views of the current simulation and of its history without
// what engine.Sim.Redacted hides. They are valid for this Version.
func (t *Timeline) Redacted() (*engine.Sim, *History) {
	if t.redacted == nil || t.redacted.version != t.version {
		v := &redacted{version: t.version, sim: t.Sim().Redacted(), history: *t.History()}
		v.history.Log = slices.Clone(v.history.Log)
		for i, e := range v.history.Log {
			v.history.Log[i] = e.Redacted()
		}
		t.redacted = v
	}
	return t.redacted.sim, &t.redacted.history
}

// Memory is how many bytes the history takes, and how many it may take.
func (t *Timeline) Memory() (used, budget int64) { return t.bytes, t.budget }

// Gap is how far apart the snapshots of the current run lie at most, once they
// have been thinned out; 0 before. What lies between is computed again.
func (t *Timeline) Gap() (gap engine.Micros) {
	if !t.thinned {
		return 0
	}
	for i := 1; i < len(t.snaps); i++ {
		gap = max(gap, t.snaps[i].sim.Now()-t.snaps[i-1].sim.Now())
	}
	return gap
}

// SetBudget sets how many bytes the history may take; at least two snapshots are
// always kept.
func (t *Timeline) SetBudget(bytes int64) {
	t.budget = bytes
	t.fit(nil)
	t.version++
}

// SetGap sets how much work, in steps and records, is done between snapshots. A
// short run has several of them only with a small gap.
func (t *Timeline) SetGap(work int64) { t.gap = max(1, work) }

// Runs lists the runs in the order they were begun.
func (t *Timeline) Runs() []*Run { return t.runs }

// Current is the index of the current run in Runs.
func (t *Timeline) Current() int { return slices.Index(t.runs, t.Run) }

// Switch makes another run the current one, at the newest instant it has
// reached. The run that is left stays where it is.
func (t *Timeline) Switch(i int) {
	t.leaving = true
	t.Run = t.runs[i]
	t.version++
	t.turns++
	t.SeekStep(t.newestSteps)
	t.Advance(t.newest, -1)
	t.fit(nil)
}

// fork makes a copy of a run up to the current instant.
func (r *Run) fork(name string, parent *Run) *Run {
	c := &Run{name: name, Parent: parent, Fork: r.sim.Now(), t: r.t, player: r.player.clone(), history: r.history.fork(), thinned: r.thinned, commands: slices.Clone(r.commands[:r.done]), work: r.work}
	for _, s := range r.snaps {
		if s.sim.Steps() <= r.sim.Steps() {
			c.snaps = append(c.snaps, s)
		}
	}
	c.came()
	return c
}

// Branch begins a second history here; the run so far stays as it is.
func (t *Timeline) Branch() string {
	t.enter(t.fork(t.nextName(), t.Run))
	return t.name
}

// Copy is a history of its own that begins where the current run stands. What happens in
// either of them does not change the other, and each may be used by its own goroutine. It
// can go back to where it began, not further.
func (t *Timeline) Copy() *Timeline {
	c := &Timeline{cfg: t.cfg, named: t.named, budget: t.budget, gap: t.gap, alarm: t.alarm}
	r := &Run{name: t.name, t: c, player: t.player.clone(), history: t.history.fork(), commands: slices.Clone(t.commands[:t.done])}
	c.enter(r)
	r.snap()
	r.came()
	return c
}

// Do carries out a command now. If the run had already gone further, that
// future is left as a branch and this one is computed again.
func (t *Timeline) Do(c engine.Command) *engine.Refusal {
	if t.Ahead() {
		t.Branch()
	}
	if c.Op == engine.OpDeploy && !t.sim.Config().KeepRecords {
		t.keepRecords()
	}
	r := t.Run
	r.undone = nil
	r.placed()
	r.history.gauge(r.sim, r.sim.Now())
	r.commands = append(slices.Clip(r.commands[:r.done]), PlacedCommand{At: r.sim.Now(), Tick: r.sim.Tick(), Command: c})
	refused := r.sim.Do(c)
	r.commands[r.done].Refused = refused != nil
	r.done++
	r.observe(true)
	r.came()
	t.version++
	return refused
}

// Keeping gives a Config with which commands can be carried out: where they deploy, streams
// keep their records in memory, as a mapping that a deployment makes may read them from the
// oldest on.
func Keeping(cfg *engine.Config, commands []PlacedCommand) *engine.Config {
	if cfg.KeepRecords || !slices.ContainsFunc(commands, func(c PlacedCommand) bool { return c.Command.Op == engine.OpDeploy }) {
		return cfg
	}
	keeps := *cfg
	keeps.KeepRecords = true
	return &keeps
}

// keepRecords plays the current run again up to here with all its records in memory, also
// where nothing is missing yet: a command before this place may be taken back, and then the
// records would be let go of earlier. The other runs follow when they are gone back to.
func (t *Timeline) keepRecords() {
	cfg := *t.cfg
	cfg.KeepRecords = true
	t.cfg = &cfg
	t.turns++
	for _, r := range t.all() {
		r.snaps = nil
	}
	t.measure()
	t.root()
}

// Recall gives a run the commands of an earlier one, which was the same up to here: it may
// be at its start. Time carries out those that are still to come in their places, and they
// can be taken back like any others.
func (t *Timeline) Recall(commands []PlacedCommand) {
	now, keeps := t.Now(), Keeping(t.cfg, commands)
	again := keeps != t.cfg
	if again {
		t.cfg = keeps
		t.Run.snaps = nil
		t.restart()
		t.turns++
	}
	t.Run.commands = slices.Clone(commands)
	slices.SortStableFunc(t.Run.commands, func(a, b PlacedCommand) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Tick, b.Tick))
	})
	if again {
		t.Advance(now, -1)
	}
	t.version++
}

// Undo takes back the last command and computes the run again up to the same
// instant. It returns false if there is none.
func (r *Run) Undo() (PlacedCommand, bool) {
	i := r.done - 1
	for i >= 0 && r.commands[i].Off {
		i--
	}
	if i < 0 {
		return PlacedCommand{}, false
	}
	d := r.commands[i]
	r.undone = append(r.undone, undone{i, d})
	r.commands = slices.Delete(slices.Clone(r.commands), i, i+1)
	r.recompute(i, d)
	return d, true
}

// Redo carries out again the command that Undo took back last.
func (r *Run) Redo() (PlacedCommand, bool) {
	n := len(r.undone) - 1
	if n < 0 {
		return PlacedCommand{}, false
	}
	u := r.undone[n]
	r.undone = r.undone[:n]
	i := min(u.at, len(r.commands))
	r.commands = slices.Insert(slices.Clone(r.commands), i, u.PlacedCommand)
	if r.sim.Now() < u.At {
		r.Seek(u.At)
	}
	r.recompute(i, u.PlacedCommand)
	return u.PlacedCommand, true
}

// Switched switches command i of AllCommands off, or on again, and computes the
// run again up to the same instant: what would have happened.
func (r *Run) Switched(i int, on bool) {
	if r.commands[i].Off == !on {
		return
	}
	r.commands = slices.Clone(r.commands)
	r.commands[i].Off = !on
	r.undone = nil
	r.recompute(i, r.commands[i])
}

// Restart begins the run again at second 0, with a new Config if one is given.
// The old run stays as a branch unless the Config is new.
func (t *Timeline) Restart(cfg *engine.Config) error {
	if cfg == nil {
		t.begin(nil)
		return nil
	}
	next, err := New(cfg)
	if err != nil {
		return err
	}
	next.version, next.turns = t.version+1, t.turns+1
	next.budget, next.gap = t.budget, t.gap
	*t = *next
	for _, r := range t.runs {
		r.t = t
	}
	return nil
}

// WhatIf begins a branch in which a command was carried out first, as soon as
// it is accepted (a mapping that is Creating accepts none), followed by the
// commands of the current run, and goes to the same instant. A refused command
// begins no branch.
func (t *Timeline) WhatIf(c engine.Command) *engine.Refusal {
	sim, err := engine.New(t.cfg)
	if err != nil {
		return &engine.Refusal{What: "what-if", Message: err.Error()}
	}
	p, now := player{sim: sim}, t.Now()
	for {
		refused := p.sim.Clone().Do(c)
		if refused == nil {
			break
		}
		if refused.Code != "ResourceInUseException" {
			return refused
		}
		if _, ok := p.one(nil, now); !ok {
			return refused
		}
	}
	first := PlacedCommand{At: p.sim.Now(), Tick: p.sim.Tick(), Command: c}
	commands := slices.Clone(t.commands[:t.done])
	i := slices.IndexFunc(commands, func(d PlacedCommand) bool { return d.At > first.At || d.At == first.At && d.Tick >= first.Tick })
	if i < 0 {
		i = len(commands)
	}
	t.begin(slices.Insert(commands, i, first))
	t.Advance(now, -1)
	return nil
}

// Baseline is the run without any commands. It is at the instant it was last
// moved to.
func (t *Timeline) Baseline() *Run {
	if t.baseline == nil {
		t.baseline = &Run{name: "untouched", t: t}
		t.baseline.anew()
	}
	return t.baseline
}

// anew begins a run without commands. It reuses what another run had computed
// before its first command.
func (r *Run) anew() {
	for _, o := range r.t.runs {
		n := 0
		for n < len(o.snaps) && o.snaps[n].done == 0 {
			n++
		}
		if n > len(r.snaps) {
			r.snaps = slices.Clone(o.snaps[:n])
		}
	}
	if s := r.last(); s != nil {
		r.player, r.history = s.player.clone(), s.history.charts()
	} else {
		r.restart()
	}
	r.Advance(r.sim.Now(), -1)
}

// CompareWith moves another run to the instant of the current one, to compare
// them: from now on both share one clock.
func (t *Timeline) CompareWith(o *Run) *Run {
	t.beside = o
	if o != t.Run {
		o.Seek(t.Now())
	}
	return o
}

// Alone ends what CompareWith began.
func (t *Timeline) Alone() { t.beside = nil }

// Config is what all runs start from.
func (t *Timeline) Config() *engine.Config { return t.cfg }
