package timeline

import "esmlab/engine"

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
	case engine.KindBatch, engine.KindInvoke, engine.KindRetry, engine.KindCheckpoint, engine.KindFilter, engine.KindRefuse,
		engine.KindReceive, engine.KindReappear, engine.KindDelete, engine.KindDedup, engine.KindScale:
		return Raw | Visible
	}
	return Raw | Visible | Cause
}
