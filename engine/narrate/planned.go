package narrate

import "esmlab/engine"

// Planned is one line for batches of a stream with which all goes as planned.
type Planned struct {
	Line
	First int           // the place in the log of the oldest event that it is about
	At    engine.Micros // when the newest one happened
}

// Planned sums events from number i backwards, as far as nothing else happened in the same
// second: the batches that are in the function, then those that are done. Many shards have
// too many of both for a line each. It calls Line's part for them, and gives the place of the
// event to go on with.
func (r *Reader) Planned(log []engine.Event, i int) (out []Planned, next int) {
	var sums [2]struct { // in the function, done
		Planned
		n     int
		after after // of the oldest
	}
	moved := true
	for next = i; next >= 0 && log[next].At/engine.Second == log[i].At/engine.Second; next-- {
		e := &log[next]
		if !r.concerns(e) {
			continue
		}
		if !r.asPlanned(e) {
			break
		}
		a, ok := r.place(log, next)
		if !ok {
			continue
		}
		s := &sums[1]
		if e.Kind == engine.KindInvoke {
			s = &sums[0]
		} else {
			moved = moved && a.checkpoint != 0
		}
		if s.n == 0 {
			s.At = e.At
		}
		s.n, s.First, s.after = s.n+1, next, a
	}
	for k := range sums {
		s := &sums[k]
		if s.n == 0 {
			continue
		}
		s.Line = r.say(log, s.First, &s.after)
		if f := r.facts(&log[s.First]); s.n > 1 {
			s.Text, s.Brief = count(s.n, "batch")+f.of, ""
			switch {
			case k == 0:
				s.Text += " handed to " + f.function
			case moved:
				s.Text += " done: their checkpoints move"
			default:
				s.Text += " done"
			}
		}
		out = append(out, s.Planned)
	}
	return out, next
}

// asPlanned tells whether an event of a stream is a first try, one that was done, or one that
// has no line.
func (r *Reader) asPlanned(e *engine.Event) bool {
	if e.Source < 0 || e.Applied != nil {
		return false
	}
	switch e.Kind {
	case engine.KindInvoke:
		return e.Attempt <= 1 || r.returned[[2]int32{e.Function, e.Invocation}]
	case engine.KindReturn:
		return e.Outcome == engine.OutcomeOK && e.Window() == nil
	case engine.KindCheckpoint:
		return !Lost(e)
	case engine.KindPut, engine.KindPoll, engine.KindBatch, engine.KindBlock:
		return true
	}
	return false
}
