package lab

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/timeline"
)

// veil is the run as an incident shows it: nothing in it tells which record or
// fault is behind what fails. Batches, metrics, the log and the settings stay.
type veil struct {
	version uint64
	sim     *engine.Sim
	trail   timeline.Trail
}

// sim is the simulation that is shown. It must not be driven.
func (m *Lab) sim() *engine.Sim {
	if m.o.Hide {
		return m.veiled().sim
	}
	return m.tl.Sim()
}

// trail is what led to it.
func (m *Lab) trail() *timeline.Trail {
	if m.o.Hide {
		return &m.veiled().trail
	}
	return m.tl.Trail()
}

func (m *Lab) veiled() *veil {
	if m.veil != nil && m.veil.version == m.tl.Version() {
		return m.veil
	}
	v := &veil{version: m.tl.Version(), sim: m.tl.Sim().Clone(), trail: *m.tl.Trail()}
	for i := range v.sim.Functions {
		v.sim.Functions[i].Faults = nil
	}
	for i := range v.sim.Mappings {
		for j := range v.sim.Mappings[i].Iterators {
			lanes := v.sim.Mappings[i].Iterators[j].Lanes
			for k := range lanes {
				lanes[k].Hits = nil
			}
		}
	}
	v.trail.Log = slices.Clone(v.trail.Log)
	for i := range v.trail.Log {
		v.trail.Log[i].Failed = nil
	}
	m.veil = v
	return v
}
