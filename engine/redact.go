package engine

import "slices"

// Redacted gives a read-only view of the simulation for those who are to find
// out what is wrong: it does not tell which fault or record is behind a
// failure. Hidden are the faults of the functions and the records that made a
// try fail. Batches, states, metrics, settings and what has yet to happen stay.
//
// Driving the view panics. A clone of it can be driven, to see how a command
// would be answered; it has none of the faults.
func (s *Sim) Redacted() *Sim {
	v := s.Clone()
	v.readOnly = true
	c := *v.cfg
	c.Functions = slices.Clone(c.Functions)
	for i := range c.Functions {
		c.Functions[i].Faults = nil
	}
	v.cfg = &c
	for i := range v.Functions {
		v.Functions[i].Faults, v.Functions[i].faults = nil, nil
	}
	for i := range v.invocations {
		v.invocations[i].failures, v.invocations[i].faults = nil, nil
	}
	for i := range v.Mappings {
		for j := range v.Mappings[i].Iterators {
			lanes := v.Mappings[i].Iterators[j].Lanes
			for k := range lanes {
				lanes[k].fail(nil)
			}
		}
	}
	return v
}

// Redacted gives the event without what Sim.Redacted hides.
func (e Event) Redacted() Event {
	e.Failed = nil
	if e.Details != nil {
		d := *e.Details
		d.Faults = nil
		e.Details = &d
	}
	return e
}

// mustDrive panics if the simulation is a read-only view.
func (s *Sim) mustDrive() {
	if s.readOnly {
		panic("engine: a redacted view is read-only")
	}
}
