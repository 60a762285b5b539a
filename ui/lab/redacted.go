package lab

import (
	"esmlab/engine"
	"esmlab/engine/timeline"
)

// sim is the simulation that is shown: of an incident without what is behind
// the failures.
func (m *Lab) sim() *engine.Sim {
	if m.o.Hide {
		sim, _ := m.tl.Redacted()
		return sim
	}
	return m.tl.Sim()
}

// history is what led to it.
func (m *Lab) history() *timeline.History {
	if m.o.Hide {
		_, history := m.tl.Redacted()
		return history
	}
	return m.tl.History()
}
