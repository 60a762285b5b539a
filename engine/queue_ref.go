package engine

// pollerRef is a poller slot together with what it belongs to. It is passed by
// value and is valid until the mapping gets more slots.
type pollerRef struct {
	*Sim
	mi int32
	m  *Mapping
	pi int32
	p  *Poller
}

// poller returns a poller slot of a queue's mapping.
func (s *Sim) poller(mi, pi int32) pollerRef {
	m := &s.Mappings[mi]
	return pollerRef{s, mi, m, pi, &m.Polls.Slots[pi]}
}

// emit emits an event of the poller.
func (r pollerRef) emit(e *Event) {
	e.Source, e.Mapping, e.Queue, e.Poller = -1, r.mi, r.m.queue, r.pi
	r.Sim.emit(e)
}
