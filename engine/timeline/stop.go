package timeline

import "esmlab/engine"

// Stop is a set of kinds of change by which time can be stepped.
type Stop uint8

// The kinds of change. Puts and reads alone are Raw: otherwise a stream with
// five records per second would need five key presses per second.
const (
	Raw     Stop = 1 << iota // any step
	Visible                  // a batch, an iterator, a destination or a setting changes
	Cause                    // an error, a split, a discard, a move, a block or its end
)

// StopOf returns the kinds of change that an event is.
func StopOf(e *engine.Event) Stop {
	switch e.Kind {
	case engine.KindPut, engine.KindPoll:
		return Raw
	case engine.KindFront:
		if e.Why == engine.WhySent {
			return Raw
		}
	case engine.KindReturn:
		if e.Outcome == engine.OutcomeOK {
			return Raw | Visible
		}
		return Raw | Visible | Cause
	case engine.KindBatch, engine.KindInvoke, engine.KindRetry, engine.KindCheckpoint, engine.KindFilter, engine.KindRefuse,
		engine.KindReceive, engine.KindReappear, engine.KindDelete, engine.KindDedup, engine.KindScale:
		return Raw | Visible
	}
	return Raw | Visible | Cause
}
