package timeline

import (
	"strconv"

	"esmlab/engine"
)

// Stop is a set of kinds of change that time can be stepped by.
type Stop uint8

// The kinds of change. What is only put or read by the way is Raw: a stream
// that takes five records a second would otherwise need five keys a second.
const (
	Raw     Stop = 1 << iota // any step
	Visible                  // a batch, an iterator, a destination or a setting changes
	Cause                    // an error, a split, a discard, a move, a block, an end of one
)

// StopOf says what kinds of change an event is.
func StopOf(e *engine.Event) Stop {
	switch e.Kind {
	case engine.KindPut, engine.KindPoll:
		return Raw
	case engine.KindReturn:
		if e.Outcome == engine.OutcomeOK {
			return Raw | Visible
		}
		return Raw | Visible | Cause
	case engine.KindBatch, engine.KindInvoke, engine.KindRetry, engine.KindCheckpoint, engine.KindFilter, engine.KindRefuse:
		return Raw | Visible
	}
	return Raw | Visible | Cause
}

// Next goes to the next change of that kind. It gives false, and stays, where
// none is to come.
func (t *Timeline) Next(kind Stop) bool {
	t.version++
	for !t.sim.Idle() || t.deedAt(t.sim.Steps()) != nil {
		stop, ok := t.one(engine.Never - 1)
		if !ok {
			break
		}
		if stop&kind != 0 {
			t.came()
			return true
		}
	}
	t.came()
	return false
}

// Prev goes back to the last change of that kind before the current instant,
// or to the start. It gives false at the start.
func (t *Timeline) Prev(kind Stop) bool {
	t.came()
	here, now := t.sim.Steps(), t.sim.Now()
	if here == 0 && now == 0 {
		return false
	}
	for i := t.before(here); i >= 0; i-- {
		upTo := here
		if i+1 < len(t.snaps) {
			upTo = min(upTo, t.snaps[i+1].sim.Steps())
		}
		t.load(i)
		found := int64(-1)
		for t.sim.Steps() < upTo {
			stop, ok := t.one(engine.Never - 1)
			if !ok {
				break
			}
			if at := t.sim.Steps(); stop&kind != 0 && (at < here || t.sim.Now() < now) {
				found = at
			}
		}
		if found >= 0 {
			t.SeekStep(found)
			return true
		}
	}
	t.load(0)
	return true
}

func itoa(n int) string { return strconv.Itoa(n) }
