package engine

import (
	"slices"
	"strings"

	"esmlab/engine/rule"
)

// do carries out a command, or refuses it with an event.
func (s *Sim) do(c Command) *Refusal {
	s.commands++
	var refused *Refusal
	switch c.Op {
	case OpSet:
		refused = s.set(c)
	case OpPut:
		refused = s.doPut(c)
	case OpFault:
		refused = s.doFault(c)
	case OpFix:
		refused = s.fix(c)
	case OpSplit:
		refused = s.doSplit(c)
	case OpMerge:
		refused = s.doMerge(c)
	case OpRemove:
		refused = s.remove(c)
	default:
		refused = s.doMapping(c)
	}
	if refused != nil {
		s.emit(&Event{Kind: KindRefuse, Rule: "", Person: &Deed{Command: c, Refused: refused}})
	}
	return refused
}

// told emits what a person did.
func (s *Sim) told(k Kind, c Command, was Value) {
	s.emit(&Event{Kind: k, Person: &Deed{Command: c, Was: was}})
}

func nowhere(c Command, what string) *Refusal {
	return &Refusal{What: c.Op.String() + " " + c.Target, Message: c.Target + " is no " + what + " of this run"}
}

func (s *Sim) doPut(c Command) *Refusal {
	row := c.Put
	if s.StreamIndex(row.To) < 0 {
		return &Refusal{What: "put", Message: row.To + " is no stream of this run"}
	}
	s.told(KindPutAsked, c, Value{})
	if row.AtOnce && row.At <= s.now { // a put by hand is carried out at once
		row.At = s.now
		if err := s.addRow(row); err != nil {
			return &Refusal{What: "put", Message: err.Error()}
		}
		return nil
	}
	if err := s.addRow(row); err != nil {
		return &Refusal{What: "put", Message: err.Error()}
	}
	return nil
}

func (s *Sim) doFault(c Command) *Refusal {
	fi := s.FunctionIndex(c.Fault.Function)
	if fi < 0 {
		return &Refusal{What: "fault", Message: c.Fault.Function + " is no function of this run"}
	}
	a, err := s.resolveFault(c.Fault)
	if err != nil {
		return &Refusal{What: "fault", Message: err.Error()}
	}
	s.told(KindFault, c, Value{})
	s.Functions[fi].add(a)
	return nil
}

// add switches a fault on.
func (f *Function) add(a ActiveFault) {
	a.id = f.faults
	f.faults++
	f.Faults = append(f.Faults, a)
}

// fix takes off a fault by its name, or all faults of a function.
func (s *Sim) fix(c Command) *Refusal {
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
	s.told(KindFix, c, Value{})
	return nil
}

// remove deletes a function. Its mapping stays Enabled and goes on trying.
func (s *Sim) remove(c Command) *Refusal {
	fi := s.FunctionIndex(c.Target)
	if fi < 0 || s.Functions[fi].removed {
		return nowhere(c, "function")
	}
	s.told(KindRemove, c, Value{})
	s.Functions[fi].removed = true
	return nil
}

// doMapping carries out what concerns a mapping as a whole.
func (s *Sim) doMapping(c Command) *Refusal {
	i := s.MappingIndex(c.Target)
	if i < 0 {
		return nowhere(c, "mapping")
	}
	mi, m := int32(i), &s.Mappings[i]
	switch c.Op {
	case OpEnable:
		if m.State != Disabled && m.State != Disabling {
			return &Refusal{What: "enable " + c.Target, Message: c.Target + " is " + m.State.String() + " already"}
		}
		s.told(KindEnable, c, Value{})
		s.change(mi, Enabling, s.cfg.Mappings[i].Activates)
	case OpDisable:
		if m.State == Disabled || m.State == Disabling {
			return &Refusal{What: "disable " + c.Target, Message: c.Target + " is " + m.State.String() + " already"}
		}
		s.told(KindDisable, c, Value{})
		for k := range m.Iterators {
			it := &m.Iterators[k]
			for j := range it.Lanes {
				if l := &it.Lanes[j]; l.Phase == PhaseRunning {
					l.halt, l.queue, l.head = true, nil, 0
				} else {
					s.letGo(mi, it, l, rule.MapDisabled)
				}
			}
			s.rewind(mi, it)
		}
		s.change(mi, Disabling, s.cfg.Mappings[i].Disables)
	case OpRestart:
		s.told(KindRestart, c, Value{})
		for k := range m.Iterators {
			it := &m.Iterators[k]
			for j := range it.Lanes {
				l := &it.Lanes[j]
				if l.Phase == PhaseRunning {
					s.invocations[l.Invocation].lost = true
				}
				s.letGo(mi, it, l, rule.MapRestart)
			}
			s.rewind(mi, it)
			it.back = rule.MapRestart
			s.resume(mi, it)
		}
	case OpDeny:
		s.told(KindDeny, c, Value{})
		for _, a := range c.Actions {
			if !slices.Contains(m.denied, a) {
				m.denied = append(m.denied, a)
			}
		}
	case OpAllow:
		s.told(KindAllow, c, Value{})
		m.denied = slices.DeleteFunc(m.denied, func(a string) bool { return slices.Contains(c.Actions, a) })
		for k := range m.Iterators {
			m.Iterators[k].refused = false
			s.wake(mi, &m.Iterators[k])
		}
	}
	return nil
}

// change begins a change of a mapping's state that takes a while.
func (s *Sim) change(mi int32, to MappingState, takes Micros) {
	m := &s.Mappings[mi]
	m.gen++
	by := rule.MapEnabled
	switch to {
	case Disabling:
		by = rule.MapDisabled
	case Enabling:
		by = rule.MapResume
	}
	s.setState(mi, to, by)
	t := task{at: s.now + takes, rank: rankState, kind: taskState, a: mi, seq: uint64(mi), gen: m.gen}
	if takes == 0 {
		s.stateDue(t) // in force in this same instant
		return
	}
	s.plan(t)
}

// set changes a parameter by its AWS name. What AWS refuses is refused in its
// words. A batch under way keeps its records and its count (E52).
func (s *Sim) set(c Command) *Refusal {
	id, name, ok := strings.Cut(c.Target, ".")
	if !ok {
		return &Refusal{What: "set", Message: c.Target + " is no parameter", Right: "write it as ShipOrders.BatchSize"}
	}
	if mi := s.MappingIndex(id); mi >= 0 {
		return s.setMapping(int32(mi), name, c)
	}
	if fi := s.FunctionIndex(id); fi >= 0 {
		return s.setFunction(fi, name, c)
	}
	if si := s.StreamIndex(id); si >= 0 {
		switch {
		case name == "RetentionPeriodHours" && s.Streams[si].Kind == Kinesis:
			return s.setRetention(int32(si), c)
		case name == "ShardCount":
			return s.setShardCount(int32(si), c)
		}
	}
	return &Refusal{What: "set " + c.Target, Message: c.Target + " is nothing that can be set in this run"}
}

// Check refuses settings that do not go together.
func (s *Settings) Check() *Refusal {
	if s.TumblingWindowInSeconds > 0 && s.ParallelizationFactor > 1 {
		return &Refusal{What: "TumblingWindowInSeconds", Code: "InvalidParameterValueException",
			Message: "Tumbling windows need ParallelizationFactor 1", Right: "one of the two"}
	}
	return nil
}

func (s *Sim) setMapping(mi int32, name string, c Command) *Refusal {
	m := &s.Mappings[mi]
	next := m.Settings
	if m.pending != nil {
		next = *m.pending
	}
	what := "set " + c.Target
	var was Value
	switch name {
	case "Enabled":
		op := OpDisable
		if c.Value.Bool {
			op = OpEnable
		}
		return s.doMapping(Command{Op: op, Target: s.cfg.Mappings[mi].ID})
	case "OnFailure", "DestinationConfig.OnFailure.Destination":
		if c.Value.Kind != ValueText || c.Value.Text != "" && s.QueueIndex(c.Value.Text) < 0 {
			return &Refusal{What: what, Message: c.Value.String() + " is no queue of this run", Right: "the logical id of a queue, or an empty text for none"}
		}
		was = TextValue(next.OnFailure)
		next.OnFailure = c.Value.Text
	case "FunctionResponseTypes":
		if c.Value.Text != "" && c.Value.Text != "ReportBatchItemFailures" {
			return &Refusal{What: what, Code: "ValidationException", Message: "1 validation error detected: Value '[" + c.Value.Text + "]' at 'functionResponseTypes' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures]]", Right: "ReportBatchItemFailures, or an empty list"}
		}
		if next.ReportBatchItemFailures {
			was = TextValue("ReportBatchItemFailures")
		} else {
			was = TextValue("")
		}
		next.ReportBatchItemFailures = c.Value.Text != ""
	default:
		p := FindParam(name)
		switch {
		case p == nil:
			return &Refusal{What: what, Message: name + " is no parameter of a Kinesis mapping that can be changed"}
		case p.Switch:
			if c.Value.Kind != ValueBool {
				return &Refusal{What: what, Message: name + " is a switch, not " + c.Value.String(), Right: p.Allowed()}
			}
			was = BoolValue(next.Number(name) != 0)
			next.SetNumber(name, btoi(c.Value.Bool))
		default:
			if c.Value.Kind != ValueInt {
				return &Refusal{What: what, Message: name + " takes a whole number, not " + c.Value.String(), Right: p.Allowed()}
			}
			n := int(c.Value.Int)
			if r := p.Check(n); r != nil {
				r.What = what
				return r
			}
			was = IntValue(next.Number(name))
			next.SetNumber(name, n)
			if r := next.Check(); r != nil {
				r.What = what
				return r
			}
		}
	}
	s.told(KindSet, c, was)
	if takes := s.cfg.Mappings[mi].Updates; takes > 0 && m.polls() {
		m.pending = &next
		s.change(mi, Updating, takes)
		return nil
	}
	s.apply(mi, next)
	return nil
}

// apply puts changed settings in force. Size, window and factor hold from the
// next batch; all else from the next decision.
func (s *Sim) apply(mi int32, next Settings) {
	m := &s.Mappings[mi]
	m.Settings = next
	for i := range m.Iterators {
		if it := &m.Iterators[i]; len(it.Lanes) != max(1, next.ParallelizationFactor) && m.polls() {
			s.gatherAll(mi, it)
		}
	}
}

func (s *Sim) setFunction(fi int, name string, c Command) *Refusal {
	f := &s.Functions[fi]
	v := c.Value
	time := Micros(v.Int)
	if v.Kind == ValueInt {
		time *= Second
	}
	isTime := (v.Kind == ValueInt || v.Kind == ValueTime) && time >= 0
	bad := func(right string) *Refusal {
		return &Refusal{What: "set " + c.Target, Message: name + " cannot be " + v.String(), Right: right}
	}
	var was Value
	switch name {
	case "takes":
		if !isTime {
			return bad("a length of time, as 200ms")
		}
		was = TimeValue(f.Takes.Base)
		f.Takes = Takes{Base: time}
	case "cold":
		if !isTime {
			return bad("a length of time, as 200ms")
		}
		was = TimeValue(f.Cold)
		f.Cold = time
	case "Timeout":
		if !isTime || time < Second || time > 900*Second || time%Second != 0 {
			return bad("1 to 900 seconds")
		}
		was = IntValue(int(f.Timeout / Second))
		f.Timeout = time
	case "ReservedConcurrentExecutions":
		if v.Kind != ValueInt || v.Int < -1 || v.Int > int64(s.cfg.Concurrency) {
			return bad("0 to " + itoa(s.cfg.Concurrency) + ", or -1 for none")
		}
		was = IntValue(f.Reserved)
		f.Reserved = int(v.Int)
	default:
		return &Refusal{What: "set " + c.Target, Message: name + " is nothing of a function that can be set", Right: "takes, cold, Timeout or ReservedConcurrentExecutions"}
	}
	s.told(KindSet, c, was)
	return nil
}

func (s *Sim) setRetention(si int32, c Command) *Refusal {
	if c.Value.Kind != ValueInt || c.Value.Int < 24 || c.Value.Int > 8760 {
		return &Refusal{What: "set " + c.Target, Code: "InvalidArgumentException", Message: "RetentionPeriodHours cannot be " + c.Value.String(), Right: "24 to 8,760"}
	}
	st := &s.Streams[si]
	s.told(KindSet, c, IntValue(int(st.Retention/Hour)))
	st.Retention = Micros(c.Value.Int) * Hour
	for k := range st.Shards { // a shorter one cuts at once
		s.planExpiry(si, int32(k))
	}
	return nil
}
