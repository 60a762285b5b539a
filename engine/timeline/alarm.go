package timeline

import (
	"esmlab/engine"
	"esmlab/engine/alarm"
)

// rung is what an alarm did in a run, as far as that was looked at.
type rung struct {
	run   *Run
	turns uint64
	play  *Playback
	watch *alarm.Watch
}

// Alarm is the alarm that was set; nil: there is none.
func (t *Timeline) Alarm() *alarm.Alarm { return t.alarm }

// SetAlarm sets an alarm in place of the one before; nil takes it away. The run stays as
// it is.
func (t *Timeline) SetAlarm(a *alarm.Alarm) {
	if t.alarm != a {
		t.alarm, t.rung = a, nil
		t.version++
		t.turns++ // what was asked about the alarm has another answer
	}
}

// Rang is when the alarm would have rung and gone back in the current run, from second 0
// up to now.
func (t *Timeline) Rang() []alarm.Change {
	if t.alarm == nil {
		return nil
	}
	if r := t.rung; r == nil || r.run != t.Run || r.turns != t.turns || r.play.p.sim.Steps() > t.sim.Steps() {
		t.rung = &rung{t.Run, t.turns, t.Playback(0), alarm.NewWatch(t.alarm)}
	}
	t.rung.play.Steps(func(s *engine.Sim, _ []engine.Event) bool {
		t.rung.watch.Look(s)
		return true
	})
	return t.rung.watch.Changes(t.Now())
}
