package lab

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/timeline"
)

// redacted is the run as an incident shows it: nothing in it tells which record or
// fault is behind what fails. Batches, metrics, the log and the settings stay.
type redacted struct {
	version uint64
	sim     *engine.Sim
	history timeline.History
}

// sim is the simulation that is shown. It must not be driven.
func (m *Lab) sim() *engine.Sim {
	if m.o.Hide {
		return m.redactedRun().sim
	}
	return m.tl.Sim()
}

// history is what led to it.
func (m *Lab) history() *timeline.History {
	if m.o.Hide {
		return &m.redactedRun().history
	}
	return m.tl.History()
}

func (m *Lab) redactedRun() *redacted {
	if m.redacted != nil && m.redacted.version == m.tl.Version() {
		return m.redacted
	}
	v := &redacted{version: m.tl.Version(), sim: m.tl.Sim().Clone(), history: *m.tl.History()}
	for i := range v.sim.Functions {
		v.sim.Functions[i].Faults = nil
	}
	for i := range v.sim.Mappings {
		for j := range v.sim.Mappings[i].Iterators {
			lanes := v.sim.Mappings[i].Iterators[j].Lanes
			for k := range lanes {
				lanes[k].FailedRecords = nil
			}
		}
	}
	v.history.Log = slices.Clone(v.history.Log)
	for i := range v.history.Log {
		v.history.Log[i].Failed = nil
	}
	m.redacted = v
	return v
}
