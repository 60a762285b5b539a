package engine

import (
	"strings"

	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// This file is the command `set`: the table of package setting says what can be
// set, in which range, and what AWS refuses.

// SettingsOf gives the resource of that id with the settings it has at second
// 0; writing to them changes the Config. False where the id is of no mapping,
// queue, stream or function.
func (c *Config) SettingsOf(id string) (setting.Resource, bool) {
	r := setting.Resource{ID: id, Concurrency: c.Concurrency}
	for i := len(c.Mappings) - 1; i >= 0; i-- { // the newest of that name
		if m := &c.Mappings[i]; m.ID == id {
			r.Of, r.Mapping, r.Enabled = setting.OfMapping, &m.Settings, &m.Enabled
			r.In = c.sourceOf(m.Source)
			return r, true
		}
	}
	for i := range c.Queues {
		if q := &c.Queues[i]; q.ID == id {
			r.Of, r.In, r.Queue = setting.OfQueue, c.sourceOf(id), &q.QueueSettings
			return r, true
		}
	}
	for i := range c.Streams {
		if st := &c.Streams[i]; st.ID == id {
			r.Of, r.In, r.Stream = setting.OfStream, c.sourceOf(id), &st.StreamSettings
			return r, true
		}
	}
	for i := range c.Functions {
		if f := &c.Functions[i]; f.ID == id {
			r.Of, r.In, r.Function = setting.OfFunction, setting.Any, &f.FunctionSettings
			return r, true
		}
	}
	return r, false
}

// sourceOf is what the queue or the stream of that id is; the zero Source where there is
// none. A wrong template may give a mapping the name of its own queue, so mappings are not
// looked at.
func (c *Config) sourceOf(id string) setting.Source {
	for i := range c.Queues {
		if q := &c.Queues[i]; q.ID == id {
			if q.FIFO {
				return setting.FIFO
			}
			return setting.SQS
		}
	}
	for i := range c.Streams {
		if st := &c.Streams[i]; st.ID == id {
			if st.Kind == DynamoDB {
				return setting.DynamoDB
			}
			return setting.Kinesis
		}
	}
	return 0
}

// SettingsOf gives the resource of that id with the settings it has now. They
// are copies: writing to them changes nothing. False where the id is of no
// mapping, queue, stream or function.
func (s *Sim) SettingsOf(id string) (setting.Resource, bool) {
	r, ok := s.cfg.SettingsOf(id)
	if !ok {
		return r, false
	}
	r.Enabled = nil // the mapping's State says it
	switch r.Of {
	case setting.OfMapping:
		now := s.Mappings[s.MappingIndex(id)].Settings
		r.Mapping = &now
	case setting.OfQueue:
		now := s.Queues[s.QueueIndex(id)].QueueSettings
		r.Queue = &now
	case setting.OfStream:
		st := &s.Streams[s.StreamIndex(id)]
		now := st.StreamSettings
		now.ShardCount = len(st.open)
		r.Stream = &now
	case setting.OfFunction:
		now := s.Functions[s.FunctionIndex(id)].FunctionSettings
		r.Function = &now
	}
	return r, true
}

// set changes settings of one resource by their AWS names, all in one update or
// none. What AWS refuses is refused in its words. A batch under way keeps its
// records and its count (S-E52).
func (s *Sim) set(c Command) *Refusal {
	what := "set " + c.Target
	id, _, ok := strings.Cut(c.Target, ".")
	if !ok {
		return &Refusal{What: "set", Message: c.Target + " names no setting", Right: "write it as ShipOrders.BatchSize"}
	}
	next, ok := s.SettingsOf(id)
	if !ok {
		return &Refusal{What: what, Message: "nothing in this run is called " + id}
	}
	if next.Of == setting.OfMapping {
		m := &s.Mappings[s.MappingIndex(id)]
		if r := m.busy(c); r != nil && !(m.State == Updating && m.since == s.now) { // one update may change several values
			return r
		}
		if m.pending != nil {
			*next.Mapping = *m.pending
		}
	}
	all := append([]Setting{{c.Target, c.Value}}, c.Also...)
	was := make([]Value, len(all))
	for i, one := range all {
		_, name, _ := strings.Cut(one.Target, ".")
		p := next.Find(name)
		r := (*Refusal)(nil)
		switch {
		case p == nil:
			r = next.Unknown(name)
		case p.Name == setting.Enabled:
			op := OpDisable
			if one.Value.Bool {
				op = OpEnable
			}
			return s.doMapping(Command{Op: op, Target: id})
		case p.Name == setting.ShardCount:
			return s.setShardCount(int32(s.StreamIndex(id)), Command{Op: OpSet, Target: one.Target, Value: one.Value})
		default:
			was[i], _ = p.Get(&next)
			var v Value
			if v, r = p.Read(one.Value); r == nil && p.Kind == setting.Destination && v.Text != "" && s.DestinationIndex(v.Text) < 0 {
				r = &Refusal{Message: v.Text + " is not a destination of this run", Right: p.Allowed()}
			} else if r == nil {
				p.Set(&next, v)
				all[i].Value = v // as AWS has it, however it was written
			}
		}
		if r != nil {
			r.What = "set " + one.Target
			return r
		}
	}
	if r := s.checkSettings(&next); r != nil {
		r.What = what
		return r
	}
	for i, one := range all {
		s.emit(&Event{Kind: KindSet, Applied: &AppliedCommand{Command: Command{Op: OpSet, Target: one.Target, Value: one.Value}, Was: was[i],
			InHand: next.Of == setting.OfMapping && was[i] != one.Value && s.Mappings[s.MappingIndex(id)].inHand()}})
	}
	s.applySettings(&next)
	return nil
}

// inHand tells whether a lane of a stream's mapping holds a batch.
func (m *Mapping) inHand() bool {
	for i := range m.Iterators {
		for k := range m.Iterators[i].Lanes {
			if len(m.Iterators[i].Lanes[k].Parts) > 0 {
				return true
			}
		}
	}
	return false
}

// checkSettings refuses settings that do not go together.
func (s *Sim) checkSettings(r *setting.Resource) *Refusal {
	switch r.Of {
	case setting.OfMapping:
		if bad := r.Mapping.Check(r.In); bad != nil || r.In&setting.AnyQueue == 0 {
			return bad
		}
		m := &s.Mappings[s.MappingIndex(r.ID)] // AWS checks the timeouts with each update (Q-P16)
		return setting.CheckTimeout(s.Queues[m.queue].VisibilityTimeout, s.Functions[m.function].Timeout)
	case setting.OfQueue:
		if bad := r.Queue.Check(r.In); bad != nil {
			return bad
		}
		return s.checkRedrive(s.QueueIndex(r.ID), r.Queue)
	case setting.OfStream:
		if bad := r.Stream.Check(); bad != nil {
			return bad
		}
		st := &s.Streams[s.StreamIndex(r.ID)]
		if r.Stream.OnDemand() != st.OnDemand() && s.now < st.modes[0] {
			return &Refusal{Rule: rule.KinMode, Code: "LimitExceededException", Message: "The mode of " + r.ID + " has been changed twice in 24 hours", Right: "wait for " + (st.modes[0] - s.now).Words()}
		}
	case setting.OfFunction:
		return s.checkReserved(s.FunctionIndex(r.ID), r.Function.Reserved)
	}
	return nil
}

// checkReserved refuses what a function would reserve beyond what the account's
// concurrency leaves.
func (s *Sim) checkReserved(fi, n int) *Refusal {
	if n == s.Functions[fi].Reserved {
		return nil
	}
	others := 0
	for i := range s.Functions {
		if i != fi {
			others += max(0, s.Functions[i].Reserved)
		}
	}
	return setting.CheckReserved(s.cfg.Concurrency, others, n)
}

// applySettings puts changed settings in force; a mapping's may take a while.
func (s *Sim) applySettings(r *setting.Resource) {
	switch r.Of {
	case setting.OfMapping:
		mi := int32(s.MappingIndex(r.ID))
		m := &s.Mappings[mi]
		takes := s.cfg.Mappings[mi].Updates
		if takes == 0 || !m.isPolling() {
			s.apply(mi, *r.Mapping)
			return
		}
		m.pending = r.Mapping
		if m.State != Updating {
			s.beginTransition(mi, Updating, takes)
		}
	case setting.OfQueue:
		s.applyQueue(int32(s.QueueIndex(r.ID)), *r.Queue)
	case setting.OfStream:
		si := s.StreamIndex(r.ID)
		st := &s.Streams[si]
		if r.Stream.OnDemand() != st.OnDemand() {
			st.modes = [2]Micros{st.modes[1], s.now + 24*Hour}
		}
		st.StreamSettings = *r.Stream
		for k := range st.Shards { // a shorter one cuts at once
			s.scheduleExpiry(int32(si), int32(k))
		}
	case setting.OfFunction:
		s.Functions[s.FunctionIndex(r.ID)].FunctionSettings = *r.Function
	}
}

// apply puts changed settings of a mapping in force. Size, window and factor
// hold from the next batch, all others from the next decision.
func (s *Sim) apply(mi int32, next Settings) {
	m := &s.Mappings[mi]
	m.Settings = next
	if m.queue >= 0 {
		m.resetVerdicts(Kinesis)
		if m.isPolling() {
			s.applyPollers(mi)
		}
		return
	}
	m.resetVerdicts(s.Streams[m.source].Kind)
	for i := range m.Iterators {
		r := s.iterator(mi, int32(i))
		if n := max(1, next.ParallelizationFactor); m.isPolling() && (n > 1 || n != len(r.it.Lanes)) {
			r.gatherAll() // those at the look-ahead limit may go further
			r.scheduleRead()
		}
	}
}
