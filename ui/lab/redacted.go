package lab

import (
	"esmlab/engine"
	"esmlab/engine/timeline"
)

// sim is the simulation that is shown: in an incident, without what makes
// invocations fail. It must not be driven.
func (m *Lab) sim() *engine.Sim {
	if m.o.Hide {
		sim, _ := m.tl.Redacted()
		return sim
	}
	return m.tl.Sim()
}

// history is the history that is shown with it.
func (m *Lab) history() *timeline.History {
	if m.o.Hide {
		_, history := m.tl.Redacted()
		return history
	}
	return m.tl.History()
}
