package engine

import (
	"esmlab/engine/internal/bucket"
	"esmlab/engine/rule"
)

// Numbers of scaling that AWS publishes (Q-4, N31).
const (
	pollersAtStart = 5
	slotsPerPoller = 10 // provisioned: concurrent invocations of one poller
	growEvery      = Second
	provisionedUp  = 1000 // provisioned: concurrent invocations a minute
	pollerCalls    = 10   // provisioned: polling calls per second of one poller
	pollerBytes    = 1 << 20
)

// scalingLimits returns how many slots a mapping may gain per minute, and its
// maximum, under the limits profile.
func (s *Sim) scalingLimits(m *Mapping) (perMinute, ceiling int64) {
	perMinute, ceiling = 300, 1250
	if s.cfg.Limits == "2022" {
		perMinute, ceiling = 60, 1000
	}
	switch {
	case m.MaximumPollers > 0:
		perMinute, ceiling = provisionedUp, int64(m.MaximumPollers)*slotsPerPoller
	case m.MaximumConcurrency > 0:
		ceiling = min(ceiling, int64(m.MaximumConcurrency))
	}
	return perMinute, ceiling
}

// minSlots is how many slots a mapping starts with, and shrinks to when it is
// idle.
func (m *Mapping) minSlots() int64 {
	switch {
	case m.MaximumPollers > 0:
		return int64(max(2, m.MinimumPollers)) * slotsPerPoller
	case m.MaximumConcurrency > 0:
		return min(pollersAtStart, int64(m.MaximumConcurrency))
	}
	return pollersAtStart
}

// Ceiling is how many pollers (slots) a queue mapping can have at most.
func (s *Sim) Ceiling(mi int) int {
	_, ceiling := s.scalingLimits(&s.Mappings[mi])
	return int(ceiling)
}

// startPollers starts a mapping's pollers.
func (s *Sim) startPollers(mi int32) {
	m := &s.Mappings[mi]
	ps := &m.Polls
	ps.refused, ps.shrunk, ps.atMinimum = false, false, false
	ps.calls, ps.bytes = bucket.Full(), bucket.Full()
	ps.receivedAt, ps.scaledAt = s.now, s.now
	s.scale(mi, m, m.minSlots()*1000, WhyNone, "")
	s.scheduleIdleCheck(mi, m)
	s.scheduleReceive(m.queue, &s.Queues[m.queue])
}

// stopPollers releases everything that a mapping's pollers hold, except what
// the function has (Q15.35).
func (s *Sim) stopPollers(mi int32) {
	m := &s.Mappings[mi]
	ps := &m.Polls
	for i := range ps.Slots {
		pi := int32(i)
		if p := &ps.Slots[i]; p.Phase == PollerGathers || p.Phase == PollerThrottled {
			s.poller(mi, pi).releaseBatch()
		}
		s.idlePollerStops(ps, pi)
	}
	m.countPollers(s.now)
	ps.Target, ps.milli = 0, 0
}

// idlePollerStops takes a slot out of those that wait, if it is one.
func (s *Sim) idlePollerStops(ps *Pollers, pi int32) {
	if ps.idle.Next(pi) == pi {
		ps.countPolls(pi, s.now)
		ps.idle.Remove(pi)
	}
}

// scale sets how many slots may work, in thousandths of a slot, and starts or
// ends slots. A slot with a batch ends when the batch is done.
func (s *Sim) scale(mi int32, m *Mapping, milli int64, why Why, by rule.ID) {
	ps := &m.Polls
	m.countPollers(s.now)
	from, to := ps.Target, int32((milli+999)/1000)
	ps.milli, ps.Target = milli, to
	for len(ps.Slots) < int(to) {
		ps.Slots = append(ps.Slots, Poller{invocation: -1})
	}
	for pi := from; pi < to; pi++ {
		if p := &ps.Slots[pi]; p.Phase == PollerWaits {
			p.Since, p.windowAt, p.rolled = s.now, s.now, true
			ps.idle.Add(pi)
		}
	}
	for pi := to; pi < from; pi++ {
		if ps.Slots[pi].Phase == PollerWaits {
			s.idlePollerStops(ps, pi)
		}
	}
	if why != WhyNone && m.pollers(from) != m.pollers(to) {
		s.emit(&Event{Kind: KindScale, Rule: by, Source: -1, Mapping: mi, Queue: m.queue, From: m.pollers(from), To: m.pollers(to), Why: why})
	}
	if to > from {
		s.scheduleIdleCheck(mi, m)
		if q := &s.Queues[m.queue]; q.Visible > 0 {
			s.scheduleReceive(m.queue, q)
		}
	}
}

// growForBacklog is called when messages are visible and no slot of a mapping
// waits: more slots start, each second (Q-SC1, Q-SC2, Q15.27).
func (s *Sim) growForBacklog(mi int32, m *Mapping) {
	ps := &m.Polls
	if ps.atMinimum && ps.milli < m.minSlots()*1000 {
		ps.atMinimum = false
		s.scale(mi, m, m.minSlots()*1000, WhyMessages, rule.SqsScaleStart)
		return
	}
	if ps.growing {
		return
	}
	if _, ceiling := s.scalingLimits(m); ps.milli >= ceiling*1000 {
		return
	}
	ps.growing = true
	s.schedule(s.now+growEvery, rankRead.order(1<<55|uint64(mi)), task{kind: taskGrow, a: mi, gen: ps.gen})
}

// growDue starts more slots if messages still wait for one.
func (s *Sim) growDue(t task) {
	m := &s.Mappings[t.a]
	ps := &m.Polls
	if t.gen != ps.gen {
		return
	}
	ps.growing = false
	q := &s.Queues[m.queue]
	if !m.isPolling() || !s.receivable(q) || ps.idle.Next(0) >= 0 {
		return
	}
	perMinute, ceiling := s.scalingLimits(m)
	if !ps.shrunk {
		by := rule.SqsScaleUp
		switch {
		case m.MaximumPollers > 0:
			by = rule.SqsProvisioned
		case m.MaximumConcurrency > 0 && ps.milli+perMinute*1000/60 >= ceiling*1000:
			by = rule.SqsConcurrency
		case s.cfg.Limits == "2022":
			by = rule.SqsScaleUp2022
		}
		s.scale(t.a, m, min(ps.milli+perMinute*1000/60, ceiling*1000), WhyBacklog, by)
	}
	s.growForBacklog(t.a, m)
}

// shrink ends slots after a failure or a throttle: keep percent stay (Q15.29;
// chosen).
func (s *Sim) shrink(mi int32, m *Mapping, keep int64, why Why, by rule.ID) {
	ps := &m.Polls
	ps.shrunk = true
	if !m.isPolling() {
		return
	}
	least := min(2000, m.minSlots()*1000)
	s.scale(mi, m, max(least, ps.milli*keep/100), why, by)
}

// scheduleIdleCheck schedules the next check for idle slots.
func (s *Sim) scheduleIdleCheck(mi int32, m *Mapping) {
	ps := &m.Polls
	at, ok := s.nextIdleCheck(m)
	if at = max(at, s.now+1); !ok || ps.idleCheckAt > s.now && ps.idleCheckAt <= at {
		return
	}
	ps.idleCheckAt = at
	s.schedule(at, s.nextDue(), task{kind: taskIdleCheck, a: mi, gen: ps.gen})
}

// nextIdleCheck returns when slots of a mapping will have been idle long enough
// to end: the upper half of those over five after a minute of empty polls, all
// but two after five minutes without any message (Q-SC6, Q15.28; the times are
// chosen).
func (s *Sim) nextIdleCheck(m *Mapping) (Micros, bool) {
	ps := &m.Polls
	floor := int32(m.minSlots())
	switch {
	case ps.Target > floor:
		top := &ps.Slots[ps.Target-1]
		if top.Phase != PollerWaits {
			return s.now + s.cfg.Chosen.PollerIdle, true
		}
		return max(top.Since, ps.scaledAt) + s.cfg.Chosen.PollerIdle, true
	case ps.Target > 2 && m.MaximumConcurrency == 0 && m.MaximumPollers == 0:
		return max(ps.receivedAt, ps.scaledAt) + s.cfg.Chosen.PollerRest, true
	}
	return 0, false
}

// idleCheckDue ends slots that were idle.
func (s *Sim) idleCheckDue(t task) {
	m := &s.Mappings[t.a]
	ps := &m.Polls
	if t.gen != ps.gen || s.now != ps.idleCheckAt {
		return
	}
	ps.idleCheckAt = 0
	if !m.isPolling() {
		return
	}
	at, ok := s.nextIdleCheck(m)
	if ok && at <= s.now {
		ps.scaledAt = s.now
		floor := m.minSlots()
		to, by := int64(2), rule.SqsScaleRest
		if int64(ps.Target) > floor {
			to, by = max(floor, int64(ps.Target)/2), rule.SqsScaleDown
		} else {
			ps.atMinimum = true
		}
		s.scale(t.a, m, to*1000, WhyIdle, by)
	}
	s.scheduleIdleCheck(t.a, m)
}
