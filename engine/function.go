package engine

import (
	"slices"

	"esmlab/engine/internal/random"
	"esmlab/engine/rule"
)

// throttleRule returns the rule that keeps the function from running once more
// now, or "".
func (s *Sim) throttleRule(fi int32) rule.ID {
	f := &s.Functions[fi]
	if f.removed {
		return rule.FnRemoved
	}
	if f.Managed != 0 { // neither the account's concurrency nor a limit on new environments
		return ruleOr(int(f.Running) >= f.Managed, rule.FnManaged, "")
	}
	if f.Reserved >= 0 {
		if int(f.Running) >= f.Reserved {
			return rule.FnReserved
		}
		return f.scaleLimitRule(s.now)
	}
	if s.freePool() <= 0 {
		return rule.FnAccount
	}
	return f.scaleLimitRule(s.now)
}

// refusedRule returns the rule that keeps a mapping from handing over a batch now,
// or "": the function's limits, or on Managed Instances the mapping's own.
func (s *Sim) refusedRule(m *Mapping) rule.ID {
	by := s.throttleRule(m.function)
	if by != "" || s.Functions[m.function].Managed == 0 {
		return by
	}
	m.managed.Refill(int64(s.now), s.managedBytes(m), int64(Second))
	return ruleOr(m.managed.InDebt(), rule.FnManagedBytes, "")
}

// managedBytes is how many bytes a second a mapping may hand to a function on
// Managed Instances (N-B3).
func (s *Sim) managedBytes(m *Mapping) int64 {
	switch {
	case m.queue >= 0:
		return 5 << 20
	case s.Streams[m.source].Kind == DynamoDB:
		return 10 << 20
	}
	return 25 << 20
}

// A function gains at most a thousand execution environments in ten seconds,
// evenly (Q-C2).
const (
	environmentsPerSecond = 100
	environmentsBurst     = 10 * Second
)

// scaleLimitRule returns the rule that keeps a function from getting one more
// execution environment now, or "" if it may, or needs none.
func (f *Function) scaleLimitRule(now Micros) rule.ID {
	if f.idle > 0 {
		return ""
	}
	if f.environments.Refill(int64(now), environmentsPerSecond, int64(environmentsBurst)); !f.environments.Has(1) {
		return rule.FnScale
	}
	return ""
}

// invoke invokes the function with the current piece and schedules the end of
// the invocation. How it ends is decided now, by the faults in force when it
// starts; what its response means is decided when it returns.
func (r laneRef) invoke(by rule.ID) {
	l := r.l
	f := &r.Functions[r.m.function]
	p := l.part()
	nums := l.records()
	if len(nums) > 0 { // a final invocation has none
		if f.Managed != 0 {
			for _, n := range nums {
				r.m.managed.Spend(int64(r.record(n).Bytes))
			}
		}
		last := r.record(nums[len(nums)-1])
		r.m.IteratorAge = r.now - last.At
		r.m.MaxIteratorAge = max(r.m.MaxIteratorAge, r.m.IteratorAge)
	}
	n := int32(f.Invocations + 1)
	version := r.runs(r.m, n)
	if version > 0 && by == rule.MapInvoke {
		by = rule.FnAlias
	}
	r.emitBatch(&Event{Kind: KindInvoke, Rule: by, Function: r.m.function,
		Batch: p.Batch, Invocation: n, Attempt: p.Tries, Records: nums, Details: r.details(Details{Window: l.openWindow()}), Of: version})

	slot := r.startInvocation(r.m, nums, invocation{n: n, version: version, function: r.m.function, mapping: r.mi, shard: r.it.Shard, lane: int16(r.li), batch: p.Batch, attempt: p.Tries})
	l.Phase, l.Since, l.Due, l.invocation = PhaseRunning, r.now, r.estimate(slot), slot
}

// startInvocation starts an invocation with some records and returns its slot.
func (s *Sim) startInvocation(m *Mapping, nums []int32, as invocation) int32 {
	f := &s.Functions[as.function]
	set, h := &f.FunctionSettings, f.handler
	if f.code > 0 && m.version != "" {
		set, h = f.codeAt(f.codeOf(s.versionOf(m, as.n)))
	}
	took := runsFor(&set.Takes, s.cfg.Seed, as.function, as.n, len(nums))
	slot := s.newInvocationSlot()
	inv := &s.invocations[slot]
	as.active, as.start, as.special = true, s.now, inv.special
	if inv.isSpecial { // that was the one before in its slot
		*inv.special = special{failures: inv.failures[:0], faults: inv.faults[:0]}
	}
	as.isSpecial = f.works || len(f.Faults) > 0
	*inv = as
	if f.works {
		inv.work = s.newWork(inv, h, set.Takes.Each, m, nums)
	}
	if len(f.Faults) > 0 {
		took = s.applyFaults(inv, f, h, m, nums, took)
	}
	before := took
	switch {
	case f.Managed != 0: // its environments run all the time
	case f.idle > 0:
		f.idle--
	default:
		f.ColdStarts++
		f.environments.Spend(1)
		took += set.Cold
	}
	if f.works {
		s.beginWork(slot, took, took-before, timeLimit(set))
		return slot
	}
	took = max(took, leastRun)
	limit := timeLimit(set)
	if took > limit || inv.outcome == OutcomeTimeout {
		took, inv.outcome = limit, OutcomeTimeout
	}
	inv.end = s.now + took
	s.schedule(inv.end, s.nextDue(), task{kind: taskEnd, a: slot})
	return slot
}

// abandon notes that its mapping no longer waits for an invocation with some records.
func (inv *invocation) abandon(nums []int32) {
	inv.abandoned, inv.isSpecial, inv.records = true, true, slices.Clone(nums)
}

// leastRun is how long an invocation takes at least: Lambda measures and bills in
// milliseconds. Without it a function that takes no time and feeds its own queue
// would let no time pass (FN-RUN-2).
const leastRun = Millisecond

// runsFor is how long invocation n runs with that many records.
func runsFor(t *Takes, seed uint64, function, n int32, records int) Micros {
	d := t.Base + t.Each*Micros(records)
	if t.Spread > 0 {
		d += Micros(random.Below(random.Draw(seed, drawTakes, uint64(function), uint64(n)), uint64(t.Spread)+1))
	}
	return d
}

// newInvocationSlot returns the index of a free invocation.
func (s *Sim) newInvocationSlot() int32 {
	if k := len(s.free) - 1; k >= 0 {
		slot := s.free[k]
		s.free = s.free[:k]
		return slot
	}
	s.invocations = append(s.invocations, invocation{special: new(special)})
	return int32(len(s.invocations) - 1)
}

// endInvocation ends an invocation: the environment is free again, and the
// mapping continues if it still waits for it.
func (s *Sim) endInvocation(slot int32) {
	inv := &s.invocations[slot]
	defer func() { // what continues now must not take its slot
		s.invocations[slot].active = false
		s.free = append(s.free, slot)
	}()
	f := &s.Functions[inv.function]
	m := &s.Mappings[inv.mapping]
	by := ruleOr(inv.end-inv.start == leastRun, rule.FnRunLeast, rule.FnRun)
	switch {
	case inv.outcome == OutcomeError:
		by = ruleOr(inv.raised, rule.FnPowertools, rule.FnError)
	case inv.outcome == OutcomeCrash:
		by = rule.FnCrash
	case inv.outcome == OutcomeTimeout:
		by = ruleOr(f.Execution > 0, rule.FnDurable, rule.FnTimeout)
	case m.queue < 0 && !inv.abandoned && s.iterator(inv.mapping, inv.shard).lane(int(inv.lane)).stateMissing(inv):
		inv.outcome, by = OutcomeError, rule.MapTumbleState
	case !inv.isSpecial || !inv.answer.given:
	case !m.ReportBatchItemFailures:
		by = rule.MapPartialOff
	case inv.answer.bad:
		inv.outcome, by = OutcomeBadReply, rule.MapPartialBad
	case inv.answer.none:
		by = rule.MapPartialNone
	default:
		inv.outcome, by = OutcomePartial, rule.MapPartial
		inv.cut = inv.answer.named[0]
	}
	if inv.outcome != OutcomeCrash && inv.outcome != OutcomeTimeout && f.Managed == 0 {
		f.idle++ // else the environment is lost
	}
	if m.queue >= 0 {
		s.pollerBatchReturned(inv, by)
		return
	}
	it := s.iterator(inv.mapping, inv.shard)
	e := Event{Kind: KindReturn, Rule: by, Function: inv.function, Of: inv.version, Lane: int32(inv.lane), Batch: inv.batch, Invocation: inv.n, Attempt: inv.attempt,
		Outcome: inv.outcome, At2: s.now - inv.start, Lanes: uint8(len(it.it.Lanes))}
	var faults []int32
	if inv.isSpecial {
		e.Failed, faults = inv.failures, inv.faults
	}
	if inv.abandoned { // its lane holds something else by now, or is gone
		if e.Records = inv.records; inv.outcome == OutcomePartial && len(e.Records) > 0 {
			e.Failed = nil
			for _, k := range inv.answer.named {
				e.Failed = append(e.Failed, e.Records[k])
			}
		}
		e.Details = s.details(Details{Faults: faults})
		it.emit(&e)
		if inv.isOrphaned {
			it.orphansReturned(inv)
		}
		return
	}
	r := it.lane(int(inv.lane))
	e.Records = r.l.records()
	if inv.outcome == OutcomePartial {
		inv.failures = inv.failures[:0]
		for _, k := range inv.answer.named {
			inv.failures = append(inv.failures, e.Records[k])
		}
		e.Failed = inv.failures
	}
	e.Details = s.details(Details{Faults: faults, Window: r.updateWindowState(inv)})
	r.emitBatch(&e)
	if to := s.cfg.Functions[inv.function].Sends; to != "" && inv.outcome <= OutcomeOK {
		s.sendMessage(int32(s.QueueIndex(to)), messageOrigin{discard: -1, forward: -1, function: inv.function, loop: -1})
	}
	r.invocationReturned(inv)
}
