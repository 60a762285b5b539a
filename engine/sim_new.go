package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"esmlab/engine/internal/bucket"
	"esmlab/engine/rule"
)

// New makes the simulation of a Config at second 0, with nothing done yet: the
// first events come with RunUntil(0). It returns an error if a name in the
// Config refers to nothing. The Config must not be changed afterwards.
func New(cfg *Config) (*Sim, error) {
	c := *cfg
	c.Streams = byID(c.Streams, func(x StreamConfig) string { return x.ID })
	c.Queues = byID(c.Queues, func(x QueueConfig) string { return x.ID })
	c.Targets = byID(c.Targets, func(x TargetConfig) string { return x.ID })
	c.Fronts = byID(c.Fronts, func(x FrontConfig) string { return x.ID })
	c.Functions = byID(c.Functions, func(x FunctionConfig) string { return x.ID })
	c.Mappings = byID(c.Mappings, func(x MappingConfig) string { return x.ID })
	c.Services = byID(c.Services, func(x ServiceConfig) string { return x.ID })
	s := &Sim{cfg: &c, keep: true, idBits: idBits(len(c.Queues)), recordsKept: recordsKept, messagesKept: messagesKept}
	s.Streams = make([]Stream, len(c.Streams))
	for i := range s.Streams {
		s.openStream(i)
	}
	s.Queues = make([]Queue, len(c.Queues))
	s.Targets = make([]Target, len(c.Targets))
	for i := range s.Queues {
		s.openQueue(i)
	}
	for i := range s.Queues {
		if r := s.checkRedrive(i, &s.Queues[i].QueueSettings); r != nil {
			return nil, fmt.Errorf("queue %s: %w", c.Queues[i].ID, r)
		}
	}
	s.Functions = make([]Function, len(c.Functions))
	for i := range c.Functions {
		if err := s.openFunction(i); err != nil {
			return nil, err
		}
	}
	s.Mappings = make([]Mapping, len(c.Mappings))
	for i := range c.Mappings {
		if err := s.joinMapping(i); err != nil {
			return nil, err
		}
		if m := &c.Mappings[i]; m.Enabled {
			if m.Activates > 0 {
				s.setMappingState(int32(i), Creating, rule.MapEnabled)
			}
			s.schedule(m.Activates, rankState.order(uint64(i)), task{kind: taskState, a: int32(i)})
		}
	}
	for i := range s.Streams {
		if c.Streams[i].OnDemand() {
			s.emit(&Event{Kind: KindShards, Rule: rule.KinOnDemand, Source: int32(i), Shard: int32(len(s.Streams[i].Shards))})
		}
		s.updateContention(i)
		s.scheduleRoll(int32(i))
	}
	known := map[int32]map[string]int32{}
	for i := range s.Streams {
		known[int32(i)] = map[string]int32{}
	}
	for _, row := range c.Traffic {
		if err := s.addRow(row, known); err != nil {
			return nil, err
		}
	}
	s.fronts = make([]front, len(c.Fronts))
	for i := range c.Fronts {
		if err := s.openFront(i); err != nil {
			return nil, err
		}
		s.testFront(i)
	}
	s.Services = make([]Service, len(c.Services))
	for i := range s.Functions {
		if err := s.resolveHandler(i); err != nil {
			return nil, err
		}
	}
	for _, r := range c.Receivers {
		if err := s.addReceiver(r); err != nil {
			return nil, err
		}
	}
	for i, step := range c.Steps {
		if step.Placed {
			s.placed = append(s.placed, int32(i))
			s.live++
			continue
		}
		s.schedule(step.At, rankStep.order(uint64(i)), task{kind: taskStep, a: int32(i)})
	}
	slices.SortStableFunc(s.placed, func(a, b int32) int {
		return cmp.Or(cmp.Compare(c.Steps[a].At, c.Steps[b].At), cmp.Compare(c.Steps[a].Tick, c.Steps[b].Tick))
	})
	return s, nil
}

// openFunction makes function i as the Config has it.
func (s *Sim) openFunction(i int) error {
	f := &s.cfg.Functions[i]
	s.Functions[i] = Function{FunctionSettings: f.FunctionSettings, environments: bucket.Full()}
	if f.Sends != "" && s.QueueIndex(f.Sends) < 0 {
		return fmt.Errorf("function %s sends to %s, which is not a queue", f.ID, f.Sends)
	}
	for _, a := range f.Async {
		if a.To != "" && s.DestinationIndex(a.To) < 0 {
			return fmt.Errorf("%s of function %s names %s, which is not a queue, a topic or a bucket", a.Property, f.ID, a.To)
		}
	}
	return s.addCode(int32(i))
}

// addCode switches on the faults that a function's code has.
func (s *Sim) addCode(fi int32) error {
	c, f := &s.cfg.Functions[fi], &s.Functions[fi]
	for _, fault := range c.Faults {
		fault.Function = c.ID
		a, err := s.resolveFault(fault)
		if err != nil {
			return err
		}
		a.ofCode, a.code = true, f.code
		f.addFault(a)
	}
	return nil
}

// joinMapping makes mapping i as the Config has it, and joins it to its source.
func (s *Sim) joinMapping(i int) error {
	m := &s.cfg.Mappings[i]
	si, qi, fi := s.StreamIndex(m.Source), s.QueueIndex(m.Source), s.FunctionIndex(m.Function)
	switch {
	case si < 0 && qi < 0:
		return fmt.Errorf("mapping %s reads %s, which is neither a stream nor a queue", m.ID, m.Source)
	case fi < 0:
		return fmt.Errorf("mapping %s invokes %s, which is not a function", m.ID, m.Function)
	case m.OnFailure != "" && s.DestinationIndex(m.OnFailure) < 0:
		return fmt.Errorf("mapping %s sends failures to %s, which is not a queue, a topic or a bucket", m.ID, m.OnFailure)
	}
	counts := MappingCounts{}
	if si >= 0 {
		s.Streams[si].mappings = append(slices.Clip(s.Streams[si].mappings), int32(i))
		counts.LastProcessingResult = "No records processed"
		qi = -1
	} else {
		s.Queues[qi].mappings = append(slices.Clip(s.Queues[qi].mappings), int32(i))
	}
	state := Creating
	if !m.Enabled {
		state = Disabled
	}
	s.Mappings[i] = Mapping{managed: bucket.Full(), standard: m.Consumer == "", source: int32(si), queue: int32(qi), function: int32(fi), Settings: m.Settings, State: state, denied: slices.Clone(m.Deny),
		Counts: counts, version: m.Version, other: m.Other, weight: m.Weight}
	if si >= 0 {
		s.Mappings[i].resetVerdicts(s.Streams[si].Kind)
	}
	return nil
}

// byID sorts a list by id: that is the order of the indices.
func byID[T any](list []T, id func(T) string) []T {
	return slices.SortedStableFunc(slices.Values(list), func(a, b T) int { return strings.Compare(id(a), id(b)) })
}
