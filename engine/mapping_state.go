package engine

import (
	"esmlab/engine/rule"
)

// transitionDue completes a change of state.
func (s *Sim) transitionDue(t task) {
	m := &s.Mappings[t.a]
	if t.gen != m.gen {
		return
	}
	if m.until > 0 && m.isPolling() { // the mapping that replaces it is there
		s.replaceNow(t.a)
		return
	}
	switch m.State {
	case Creating, Enabling:
		s.enable(t.a)
	case Disabling:
		s.setMappingState(t.a, Disabled, rule.MapDisabled)
	case Updating:
		s.setMappingState(t.a, Enabled, rule.MapUpdate)
		next := *m.pending
		m.pending = nil
		if s.cfg.Chosen.UpdateAgain != 0 { // first: else the new settings may hand over a batch that is given up at once
			s.restart(t.a, rule.MapUpdateAgain)
		}
		s.apply(t.a, next)
	case Deleting:
		m.deleted = true
	}
}

func (s *Sim) setMappingState(mi int32, state MappingState, why rule.ID) {
	s.Mappings[mi].State = state
	s.emit(&Event{Kind: KindState, Rule: why, Mapping: mi, State: state})
}

// isPolling reports whether the mapping reads its source.
func (m *Mapping) isPolling() bool { return m.State == Enabled || m.State == Updating }

// enable makes a mapping Enabled: it begins at its starting position, or
// continues after the last record it finished.
func (s *Sim) enable(mi int32) {
	m := &s.Mappings[mi]
	if m.until > 0 { // what a deployment was to put in its place
		s.replaceNow(mi)
		return
	}
	if m.queue >= 0 {
		s.setMappingState(mi, Enabled, ruleOr(m.started, rule.SqsResume, rule.SqsStart))
		m.started = true
		s.startPollers(mi)
		return
	}
	st := &s.Streams[m.source]
	if m.started {
		s.setMappingState(mi, Enabled, rule.MapResume)
		for i := range m.Iterators {
			m.Iterators[i].redeliveryRule = rule.MapResume
			s.iterator(mi, int32(i)).resume()
		}
		return
	}
	s.setMappingState(mi, Enabled, [...]rule.ID{rule.MapStartTrim, rule.MapStartLatest, rule.MapStartTimestamp}[s.cfg.Mappings[mi].Start])
	m.started, m.startedAt = true, s.now
	m.Iterators = make([]Iterator, len(st.Shards))
	for i := range m.Iterators {
		s.iterator(mi, int32(i)).start(int32(i))
	}
	for i := range m.Iterators {
		r := s.iterator(mi, int32(i))
		r.finish()
		r.scheduleRead()
	}
}
