package engine

import (
	"fmt"
	"slices"

	"esmlab/engine/rule"
)

// Service is something downstream that functions call: it may be away, refuse what
// is too much, or get slower.
type Service struct {
	second    int64 // of the calls counted
	inSecond  int
	fails     int    // failed calls in a row
	openUntil Micros // its breaker is open
}

// Open reports whether the service's circuit breaker is open.
func (s *Sim) Open(service int) bool { return s.now < s.Services[service].openUntil }

// IsAway reports whether calls of a service fail now.
func (s *Sim) IsAway(service int) bool {
	return slices.ContainsFunc(s.cfg.Services[service].Away, func(a Span) bool { return a.From <= s.now && s.now < a.Until })
}

// serviceIndex returns the index of the service of that name, or -1.
func (s *Sim) serviceIndex(id string) int32 {
	return int32(slices.IndexFunc(s.cfg.Services, func(c ServiceConfig) bool { return c.ID == id }))
}

func errUnknown(what, kind string) error { return fmt.Errorf("%s, which is not a %s", what, kind) }

// call calls a service: how it answers, WhyNone if well, and after how long.
func (s *Sim) call(si int32) (Why, Micros) {
	c, v := &s.cfg.Services[si], &s.Services[si]
	if s.now < v.openUntil && !c.Breaker.Pauses {
		return WhyOpen, 0
	}
	if second := int64(s.now / Second); second != v.second {
		v.second, v.inSecond = second, 0
	}
	v.inSecond++
	takes := c.Takes
	if c.Slows > 0 && v.inSecond > c.Slows {
		takes = takes * Micros(v.inSecond) / Micros(c.Slows)
	}
	switch {
	case s.IsAway(int(si)):
		return WhyAway, takes
	case c.Limit > 0 && v.inSecond > c.Limit:
		return WhyLimit, 0
	}
	return WhyNone, takes
}

// answered ends a call. It returns false if the call failed.
func (s *Sim) answered(inv *invocation, a *act, wk *worker) bool {
	c, v := &s.cfg.Services[a.service], &s.Services[a.service]
	by := rule.FnCall
	switch wk.answer {
	case WhyOpen:
		by = rule.FnBreaker
	case WhyNone:
		v.fails = 0
	default:
		by = rule.FnCallFails
	}
	s.emitAct(inv, Event{Act: ActCall, Rule: by, To: a.effect, Why: wk.answer}, inv.work.nums[wk.place:wk.place+1])
	switch wk.answer {
	case WhyNone:
		return true
	case WhyOpen:
		return false
	}
	v.fails++
	if c.Breaker.After > 0 && v.fails >= c.Breaker.After && s.now >= v.openUntil {
		v.openUntil = s.now + c.Breaker.For
		if c.Breaker.Pauses {
			s.pause(inv, a)
		}
	}
	return false
}

// pause disables the mapping whose batch met with an open circuit breaker, and
// enables it again when a call of the breaker's own succeeds.
func (s *Sim) pause(inv *invocation, a *act) {
	mi := inv.mapping
	if s.Mappings[mi].State != Enabled {
		return
	}
	s.emitAct(inv, Event{Act: ActPause, Rule: rule.FnBreaker, To: a.effect}, nil)
	s.stopMapping(mi, rule.MapDisabled)
	s.beginTransition(mi, Disabling, s.cfg.Mappings[mi].Disables)
	s.schedule(s.Services[a.service].openUntil, s.nextDue(), task{kind: taskResume, a: mi, b: inv.function, lane: int16(a.effect)})
}

// resumeDue lets an open circuit breaker call the service. If that succeeds it enables
// the mapping that it has disabled, unless a person has changed its state.
func (s *Sim) resumeDue(t task) {
	m := &s.Mappings[t.a]
	if m.State == Disabling && !m.deleted {
		s.schedule(s.now+Second, s.nextDue(), t)
		return
	}
	if m.State != Disabled {
		return
	}
	si := s.serviceIndex(s.Functions[t.b].Effects[t.lane].ID)
	v := &s.Services[si]
	if why, _ := s.call(si); why != WhyNone {
		v.openUntil = s.now + s.cfg.Services[si].Breaker.For
		s.schedule(v.openUntil, s.nextDue(), t)
		return
	}
	v.fails = 0
	s.emit(&Event{Kind: KindAct, Act: ActResume, Rule: rule.FnBreaker, Source: m.source, Mapping: t.a, Function: t.b, Queue: m.queue, To: int32(t.lane)})
	s.beginTransition(t.a, Enabling, s.cfg.Mappings[t.a].Activates)
}
