package engine

import (
	"slices"
	"strings"

	"esmlab/engine/pattern"
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
		refused = s.removeFault(c)
	case OpSplit:
		refused = s.doSplit(c)
	case OpMerge:
		refused = s.doMerge(c)
	case OpRedrive:
		refused = s.redrive(c)
	case OpCancel:
		refused = s.cancel(c)
	case OpPurge:
		refused = s.purge(c)
	case OpRemove:
		refused = s.remove(c)
	default:
		refused = s.doMapping(c)
	}
	if refused != nil {
		s.emit(&Event{Kind: KindRefuse, Rule: refused.Rule, Applied: &AppliedCommand{Command: c, Refused: refused}})
	}
	return refused
}

// emitCommand emits what a person did.
func (s *Sim) emitCommand(k Kind, c Command, was Value) {
	s.emit(&Event{Kind: k, Applied: &AppliedCommand{Command: c, Was: was}})
}

func notFound(c Command, what string) *Refusal {
	return &Refusal{What: c.Op.String() + " " + c.Target, Message: c.Target + " is no " + what + " of this run"}
}

func (s *Sim) doPut(c Command) *Refusal {
	row := c.Put
	if s.StreamIndex(row.To) < 0 && s.QueueIndex(row.To) < 0 {
		return &Refusal{What: "put", Message: row.To + " is no stream and no queue of this run"}
	}
	s.emitCommand(KindPutAsked, c, Value{})
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
	s.emitCommand(KindFault, c, Value{})
	s.Functions[fi].addFault(a)
	return nil
}

// addFault switches a fault on.
func (f *Function) addFault(a ActiveFault) {
	a.id = f.faults
	f.faults++
	f.Faults = append(f.Faults, a)
}

// removeFault takes off a fault by its name, or all faults of a function.
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

// removeMapping deletes a mapping (MAP-STATE-9): an invocation under way is
// let finish, the rest stays in the stream.
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

// removeStream deletes a stream or a table. A Kinesis stream takes its records
// along (KIN-DELETE-1), a table's stream stays readable (DDB-STREAM-4).
func (s *Sim) removeStream(si int32) {
	st := &s.Streams[si]
	st.removed = true
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

// busy refuses what cannot be done to a mapping that is changing its state
// (MAP-STATE-8), or that is gone.
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

// stopMapping lets go of everything a mapping has in hand. Where a function still has
// a batch of an iterator, that waits until the invocation has ended: its
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

// doMapping carries out what concerns a mapping as a whole.
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
			if !slices.Contains(m.denied, a) {
				m.denied = append(m.denied, a)
			}
		}
	case OpAllow:
		s.emitCommand(KindAllow, c, Value{})
		m.denied = slices.DeleteFunc(m.denied, func(a string) bool { return slices.Contains(c.Actions, a) })
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

// restart lets a mapping's pollers start anew from their durable checkpoints: what
// a function has now is handed over once more.
func (s *Sim) restart(mi int32, by rule.ID) {
	m := &s.Mappings[mi]
	for k := range m.Iterators {
		r := s.iterator(mi, int32(k))
		for j := range r.it.Lanes {
			if l := &r.it.Lanes[j]; l.Phase == PhaseRunning {
				s.invocations[l.Invocation].abandoned = true
			}
			r.lane(j).releaseBatch(by)
		}
		r.rewind()
		r.it.redeliveryRule = by
		r.resume()
	}
}

// beginTransition begins a change of a mapping's state that takes a while.
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

// set changes a parameter by its AWS name. What AWS refuses is refused in its
// words. A batch under way keeps its records and its count (S-E52).
func (s *Sim) set(c Command) *Refusal {
	id, name, ok := strings.Cut(c.Target, ".")
	if !ok {
		return &Refusal{What: "set", Message: c.Target + " is no parameter", Right: "write it as ShipOrders.BatchSize"}
	}
	if mi := s.MappingIndex(id); mi >= 0 {
		return s.setMapping(int32(mi), c)
	}
	if fi := s.FunctionIndex(id); fi >= 0 {
		return s.setFunction(fi, name, c)
	}
	if qi := s.QueueIndex(id); qi >= 0 {
		return s.setQueue(int32(qi), name, c)
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

// setMapping changes parameters of a mapping, all in one update or none.
func (s *Sim) setMapping(mi int32, c Command) *Refusal {
	m := &s.Mappings[mi]
	next := m.Settings
	if m.pending != nil {
		next = *m.pending
	}
	if r := m.busy(c); r != nil && !(m.State == Updating && m.since == s.now) { // one update may change several values
		return r
	}
	if _, name, _ := strings.Cut(c.Target, "."); name == "Enabled" {
		op := OpDisable
		if c.Value.Bool {
			op = OpEnable
		}
		return s.doMapping(Command{Op: op, Target: s.cfg.Mappings[mi].ID})
	}
	all := append([]Setting{{c.Target, c.Value}}, c.Also...)
	was := make([]Value, len(all))
	for i, one := range all {
		_, name, _ := strings.Cut(one.Target, ".")
		var r *Refusal
		if was[i], r = s.setOne(m, &next, name, one.Value); r != nil {
			r.What = "set " + one.Target
			return r
		}
	}
	check := next.Check
	if m.queue >= 0 {
		check = func() *Refusal { return s.checkQueueMapping(m, &next) }
	}
	if r := check(); r != nil {
		r.What = "set " + c.Target
		return r
	}
	for i, one := range all {
		s.emit(&Event{Kind: KindSet, Applied: &AppliedCommand{Command: Command{Op: OpSet, Target: one.Target, Value: one.Value}, Was: was[i], InHand: was[i] != one.Value && m.inHand()}})
	}
	if takes := s.cfg.Mappings[mi].Updates; takes > 0 && m.isPolling() {
		m.pending = &next
		if m.State != Updating {
			s.beginTransition(mi, Updating, takes)
		}
		return nil
	}
	s.apply(mi, next)
	return nil
}

// setOne changes one parameter of a mapping's settings, and gives what it was.
func (s *Sim) setOne(m *Mapping, next *Settings, name string, v Value) (was Value, refused *Refusal) {
	switch name {
	case "OnFailure", "DestinationConfig.OnFailure.Destination":
		if m.queue >= 0 {
			return was, &Refusal{Code: "InvalidParameterValueException", Message: "Unsupported DestinationConfig parameter for given event source mapping type.", Right: "a RedrivePolicy on the queue"}
		}
		if v.Kind != ValueText || v.Text != "" && s.DestinationIndex(v.Text) < 0 {
			return was, &Refusal{Message: v.String() + " is no destination of this run", Right: "the logical id of a queue, topic or bucket, or an empty text for none"}
		}
		was = TextValue(next.OnFailure)
		next.OnFailure = v.Text
	case "FilterCriteria":
		criteria, err := pattern.ReadCriteria(v.Text)
		if err != nil {
			return was, RefuseFilter(err)
		}
		was = TextValue(next.FilterCriteria.String())
		next.FilterCriteria = criteria
	case "FunctionResponseTypes":
		if v.Text != "" && v.Text != "ReportBatchItemFailures" {
			return was, &Refusal{Code: "ValidationException", Message: "1 validation error detected: Value '[" + v.Text + "]' at 'functionResponseTypes' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures]]", Right: "ReportBatchItemFailures, or an empty list"}
		}
		was = TextValue("")
		if next.ReportBatchItemFailures {
			was = TextValue("ReportBatchItemFailures")
		}
		next.ReportBatchItemFailures = v.Text != ""
	default:
		p, kind := FindParam(name), "a Kinesis"
		if m.queue >= 0 {
			p, kind = FindIn(QueueMappingParams, name), "an SQS"
		}
		switch {
		case p == nil:
			return was, &Refusal{Message: name + " is no parameter of " + kind + " mapping that can be changed"}
		case p.Switch:
			if v.Kind != ValueBool {
				return was, &Refusal{Message: name + " is a switch, not " + v.String(), Right: p.Allowed()}
			}
			was = BoolValue(next.Number(name) != 0)
			next.SetNumber(name, btoi(v.Bool))
		default:
			if v.Kind != ValueInt {
				return was, &Refusal{Message: name + " takes a whole number, not " + v.String(), Right: p.Allowed()}
			}
			n := int(v.Int)
			if r := p.Check(n); r != nil {
				return was, r
			}
			was = IntValue(next.Number(name))
			next.SetNumber(name, n)
		}
	}
	return was, nil
}

// apply puts changed settings in force. Size, window and factor hold from the
// next batch; all else from the next decision.
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
		if r := s.iterator(mi, int32(i)); len(r.it.Lanes) != max(1, next.ParallelizationFactor) && m.isPolling() {
			r.gatherAll()
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
		others := 0
		for i := range s.Functions {
			if g := &s.Functions[i]; g != f {
				others += max(0, g.Reserved)
			}
		}
		if r := RefuseReserved(s.cfg.Concurrency, others, int(v.Int)); r != nil {
			r.What = "set " + c.Target
			return r
		}
		was = IntValue(f.Reserved)
		f.Reserved = int(v.Int)
	default:
		return &Refusal{What: "set " + c.Target, Message: name + " is nothing of a function that can be set", Right: "takes, cold, Timeout or ReservedConcurrentExecutions"}
	}
	s.emitCommand(KindSet, c, was)
	return nil
}

func (s *Sim) setRetention(si int32, c Command) *Refusal {
	if c.Value.Kind != ValueInt || c.Value.Int < 24 || c.Value.Int > 8760 {
		return &Refusal{What: "set " + c.Target, Code: "InvalidArgumentException", Message: "RetentionPeriodHours cannot be " + c.Value.String(), Right: "24 to 8,760"}
	}
	st := &s.Streams[si]
	s.emitCommand(KindSet, c, IntValue(int(st.Retention/Hour)))
	st.Retention = Micros(c.Value.Int) * Hour
	for k := range st.Shards { // a shorter one cuts at once
		s.scheduleExpiry(si, int32(k))
	}
	return nil
}

// RefuseReserved is what Lambda answers to a function that would reserve so
// much of an account's concurrency, others being reserved already, that less
// than 100 stays for the functions that reserve nothing (Q-C4). An account with
// less than AWS's default of 1,000, which new accounts have, is left alone.
func RefuseReserved(account, others, n int) *Refusal {
	const free, usual = 100, 1000
	if n <= 0 || account < usual || account-others-n >= free {
		return nil
	}
	return &Refusal{What: "ReservedConcurrentExecutions", Code: "InvalidParameterValueException",
		Message: "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [" + itoa(free) + "].",
		Right:   "at most " + itoa(max(0, account-others-free))}
}
