package engine

import (
	"slices"

	"esmlab/engine/rule"
)

// do carries out a command, or refuses it with an event.
func (s *Sim) do(c Command) *Refusal {
	s.commands++
	s.instant = instant{at: s.now, limit: s.instant.limit, counted: s.instant.counted} // it may have ended a loop
	var refused *Refusal
	switch c.Op {
	case OpSet:
		refused = s.set(c)
	case OpPut:
		refused = s.doPut(c)
	case OpFault:
		refused = s.doFault(c)
	case OpFix:
		refused = s.removeFault(c)
	case OpSplit:
		refused = s.doSplit(c)
	case OpMerge:
		refused = s.doMerge(c)
	case OpRedrive:
		refused = s.redrive(c)
	case OpCancel:
		refused = s.cancel(c)
	case OpReceive:
		refused = s.doReceive(c)
	case OpPurge:
		refused = s.purge(c)
	case OpRemove:
		refused = s.remove(c)
	case OpDeploy:
		refused = s.deploy(c)
	default:
		refused = s.doMapping(c)
	}
	if refused != nil {
		s.emit(&Event{Kind: KindRefuse, Rule: refused.Rule, Applied: &AppliedCommand{Command: c, Refused: refused}})
	}
	return refused
}

// emitCommand emits a command that is carried out.
func (s *Sim) emitCommand(k Kind, c Command, was Value) {
	s.emit(&Event{Kind: k, Applied: &AppliedCommand{Command: c, Was: was}})
}

func notFound(c Command, what string) *Refusal {
	return &Refusal{What: c.Op.String() + " " + c.Target, Message: c.Target + " is no " + what + " of this run"}
}

func (s *Sim) doPut(c Command) *Refusal {
	row := c.Put
	if s.StreamIndex(row.To) < 0 && s.QueueIndex(row.To) < 0 && s.FrontIndex(row.To) < 0 {
		return &Refusal{What: "put", Message: row.To + " is neither a stream nor a queue of this run"}
	}
	s.emitCommand(KindPutAsked, c, Value{})
	row.At, row.From = max(row.At, s.now), max(row.From, s.now) // it cannot begin in the past
	if err := s.addRow(row, nil); err != nil {
		return &Refusal{What: "put", Message: err.Error()}
	}
	return nil
}

func (s *Sim) doFault(c Command) *Refusal {
	fi := s.FunctionIndex(c.Fault.Function)
	if fi < 0 {
		return &Refusal{What: "fault", Message: c.Fault.Function + " is not a function of this run"}
	}
	a, err := s.resolveFault(c.Fault)
	if err != nil {
		return &Refusal{What: "fault", Message: err.Error()}
	}
	s.emitCommand(KindFault, c, Value{})
	s.Functions[fi].addFault(a)
	return nil
}

// addFault switches a fault on.
func (f *Function) addFault(a ActiveFault) {
	a.id = int32(len(f.faults))
	f.works = f.works || a.Before || a.HasVisibility
	f.faults = append(f.faults, a.Fault)
	f.Faults = append(f.Faults, a)
}

// removeFault switches off a fault by its name, or all faults of a function.
func (s *Sim) removeFault(c Command) *Refusal {
	found := false
	for i := range s.Functions {
		f := &s.Functions[i]
		whole := s.cfg.Functions[i].ID == c.Target
		found = found || whole
		f.Faults = slices.DeleteFunc(slices.Clone(f.Faults), func(a ActiveFault) bool {
			hit := whole || a.Name == c.Target
			found = found || hit
			return hit
		})
	}
	if !found {
		return &Refusal{What: "fix " + c.Target, Message: "no fault and no function is called " + c.Target}
	}
	s.emitCommand(KindFix, c, Value{})
	return nil
}

// remove deletes a mapping, a function, a stream, a queue, a topic or a bucket. A
// mapping whose function or stream is gone stays Enabled.
func (s *Sim) remove(c Command) *Refusal {
	if i := s.MappingIndex(c.Target); i >= 0 {
		return s.removeMapping(int32(i), c)
	}
	if i := s.FunctionIndex(c.Target); i >= 0 && !s.Functions[i].removed {
		s.emitCommand(KindRemove, c, Value{})
		s.Functions[i].removed = true
		return nil
	}
	if i := s.StreamIndex(c.Target); i >= 0 && !s.Streams[i].removed {
		s.emitCommand(KindRemove, c, Value{})
		s.removeStream(int32(i))
		return nil
	}
	if i := s.QueueIndex(c.Target); i >= 0 && !s.Queues[i].removed {
		s.emitCommand(KindRemove, c, Value{})
		s.removeQueue(int32(i))
		return nil
	}
	if i := slices.IndexFunc(s.cfg.Targets, func(t TargetConfig) bool { return t.ID == c.Target }); i >= 0 && !s.Targets[i].removed {
		s.emitCommand(KindRemove, c, Value{})
		s.Targets[i].removed = true
		return nil
	}
	return notFound(c, "mapping, function, stream, queue, topic or bucket")
}

// removeMapping deletes a mapping (MAP-STATE-9): an invocation under way may
// finish, everything else stays in the stream.
func (s *Sim) removeMapping(mi int32, c Command) *Refusal {
	m := &s.Mappings[mi]
	if r := m.busy(c); r != nil {
		return r
	}
	s.emitCommand(KindRemove, c, Value{})
	s.stopMapping(mi, rule.MapDelete)
	s.beginTransition(mi, Deleting, s.cfg.Mappings[mi].Disables)
	return nil
}

// removeStream deletes a stream or a table. The records of a Kinesis stream go
// with it (KIN-DELETE-1); a table's stream stays readable (DDB-STREAM-4).
func (s *Sim) removeStream(si int32) {
	st := &s.Streams[si]
	st.removed = true
	st.shardTime += Micros(len(st.open)) * s.now
	if st.Kind == DynamoDB {
		var open []int
		for k := range st.Shards {
			if !st.Shards[k].Closed {
				open = append(open, k)
			}
		}
		s.reshard(si, open, nil, rule.DdbDelete)
		return
	}
	for k := range st.Shards {
		s.trim(si, int32(k), int32(st.Shards[k].Len()), rule.KinDelete)
	}
}

// busy refuses a command that AWS refuses while a mapping changes its state
// (MAP-STATE-8), or after it was deleted.
func (m *Mapping) busy(c Command) *Refusal {
	what := c.Op.String() + " " + c.Target
	switch {
	case m.State == Deleting && m.deleted:
		return &Refusal{What: what, Code: "ResourceNotFoundException", Message: "The resource you requested does not exist."}
	case m.State == Enabled || m.State == Disabled:
		return nil
	}
	verb := "update"
	if c.Op == OpRemove {
		verb = "delete"
	}
	return &Refusal{What: what, Code: "ResourceInUseException", Rule: rule.MapInUse,
		Message: "Cannot " + verb + " the event source mapping because it is in use.", Right: "it is " + m.State.String() + ": wait until that is over"}
}

// stopMapping releases everything a mapping holds. While a function still has a
// batch of an iterator, the release waits until the invocation has ended: the
// checkpoint must not pass what the other lanes hold.
func (s *Sim) stopMapping(mi int32, by rule.ID) {
	m := &s.Mappings[mi]
	if m.queue >= 0 {
		s.stopPollers(mi)
	}
	for k := range m.Iterators {
		r := s.iterator(mi, int32(k))
		running := r.it.isRunning()
		for j := range r.it.Lanes {
			if !running {
				r.lane(j).releaseBatch(by)
				continue
			}
			l := &r.it.Lanes[j]
			l.halt, l.windowScheduled, l.gen = true, false, s.nextGen()
		}
		r.rewind()
	}
}

// doMapping carries out a command that concerns a mapping as a whole.
func (s *Sim) doMapping(c Command) *Refusal {
	i := s.MappingIndex(c.Target)
	if i < 0 {
		return notFound(c, "mapping")
	}
	mi, m := int32(i), &s.Mappings[i]
	switch c.Op {
	case OpEnable:
		if m.State == Enabled {
			return &Refusal{What: "enable " + c.Target, Message: c.Target + " is Enabled already"}
		}
		if r := m.busy(c); r != nil {
			return r
		}
		s.emitCommand(KindEnable, c, Value{})
		s.beginTransition(mi, Enabling, s.cfg.Mappings[i].Activates)
	case OpDisable:
		if m.State == Disabled {
			return &Refusal{What: "disable " + c.Target, Message: c.Target + " is Disabled already"}
		}
		if r := m.busy(c); r != nil {
			return r
		}
		s.emitCommand(KindDisable, c, Value{})
		s.stopMapping(mi, rule.MapDisabled)
		s.beginTransition(mi, Disabling, s.cfg.Mappings[i].Disables)
	case OpRestart:
		if m.deleted {
			return m.busy(c)
		}
		if m.queue >= 0 {
			return &Refusal{What: "restart " + c.Target, Message: "a queue's mapping has no checkpoint to start again from", Right: "disable and enable"}
		}
		s.emitCommand(KindRestart, c, Value{})
		s.restart(mi, rule.MapRestart)
	case OpDeny:
		s.emitCommand(KindDeny, c, Value{})
		for _, a := range c.Actions {
			if d := (Denial{Action: a}); !slices.ContainsFunc(m.denied, d.is) {
				m.denied = append(m.denied, d)
			}
		}
	case OpAllow:
		s.emitCommand(KindAllow, c, Value{})
		m.denied = slices.DeleteFunc(m.denied, func(d Denial) bool { return slices.Contains(c.Actions, d.Action) })
		for k := range m.Iterators {
			m.Iterators[k].refused = false
			s.iterator(mi, int32(k)).scheduleRead()
		}
		if m.queue >= 0 {
			m.Polls.refused = false
			s.scheduleReceive(m.queue, &s.Queues[m.queue])
		}
	}
	return nil
}

// restart starts a mapping's pollers again from their durable checkpoints: what
// a function has now is delivered once more.
func (s *Sim) restart(mi int32, by rule.ID) {
	m := &s.Mappings[mi]
	for k := range m.Iterators {
		r := s.iterator(mi, int32(k))
		for j := range r.it.Lanes {
			if l := &r.it.Lanes[j]; l.Phase == PhaseRunning {
				s.invocations[l.invocation].abandon(l.records())
				m.deliveredInVain(l.records())
			}
			r.lane(j).releaseBatch(by)
		}
		r.rewind()
		r.it.redeliveryRule = by
		r.resume()
	}
}

// beginTransition begins a change of a mapping's state that takes time.
func (s *Sim) beginTransition(mi int32, to MappingState, takes Micros) {
	m := &s.Mappings[mi]
	m.gen++
	by := rule.MapEnabled
	switch to {
	case Disabling:
		by = rule.MapDisabled
	case Enabling:
		by = rule.MapResume
	case Updating:
		by = rule.MapUpdate
	case Deleting:
		by = rule.MapDelete
	}
	m.since = s.now
	s.setMappingState(mi, to, by)
	t := task{kind: taskState, a: mi, gen: m.gen}
	if takes == 0 {
		s.transitionDue(t) // in force in this same instant
		return
	}
	s.schedule(s.now+takes, rankState.order(uint64(mi)), t)
}
