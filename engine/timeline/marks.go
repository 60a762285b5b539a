package timeline

import "esmlab/engine"

// Mark is a set of things that happened at a position of the slider.
type Mark uint8

// What the slider marks.
const (
	MarkError    Mark = 1 << iota // an invocation or a part of its batch failed
	MarkThrottle                  // a try was throttled
	MarkSplit                     // a batch was split
	MarkDiscard                   // records were given up, or expired unread
	MarkMove                      // messages were moved to a dead-letter queue, or back
	MarkFree                      // a blocked shard continues
	MarkCommand                   // a command
)

// markOf returns the marks of an event for its mapping.
func markOf(e *engine.Event) Mark {
	switch e.Kind {
	case engine.KindReturn:
		if e.Outcome != engine.OutcomeOK {
			return MarkError
		}
	case engine.KindThrottle:
		return MarkThrottle
	case engine.KindBisect:
		return MarkSplit
	case engine.KindDiscard:
		return MarkDiscard
	case engine.KindMove:
		return MarkMove
	case engine.KindUnblock:
		return MarkFree
	}
	return 0
}

// marks are what happened over time: a set for each interval of width.
type marks struct {
	width engine.Micros // doubles when there are too many
	at    []Mark
}

func (m *marks) add(t engine.Micros, what Mark) {
	for int(t/m.width) >= maxMarks {
		m.width *= 2
		n := (len(m.at) + 1) / 2
		for i := range n {
			m.at[i] = m.at[2*i]
			if 2*i+1 < len(m.at) {
				m.at[i] |= m.at[2*i+1]
			}
		}
		m.at = m.at[:n]
	}
	i := int(t / m.width)
	for len(m.at) <= i {
		m.at = append(m.at, 0)
	}
	m.at[i] |= what
}

// Marks returns what happened to a mapping between two instants, in so many
// equal parts, including commands and what lies ahead of the current instant,
// as far as the run has been computed.
func (r *Run) Marks(mapping int, from, to engine.Micros, parts int) []Mark {
	out := make([]Mark, max(0, parts))
	if parts <= 0 || to <= from {
		return out
	}
	cell := func(t engine.Micros) int {
		return min(parts-1, int(int64(t-from)*int64(parts)/int64(to-from)))
	}
	history := &r.history
	if r.ahead != nil {
		history = r.ahead
	}
	m := &history.Charts[mapping].marks
	for i, what := range m.at {
		if t := engine.Micros(i) * m.width; what != 0 && t+m.width > from && t <= to {
			out[max(0, cell(max(t, from)))] |= what
		}
	}
	for _, d := range r.commands {
		if !d.Off && d.At >= from && d.At <= to {
			out[cell(d.At)] |= MarkCommand
		}
	}
	return out
}
