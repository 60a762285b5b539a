package engine

import (
	"fmt"
	"slices"

	"esmlab/engine/internal/random"
	"esmlab/engine/pattern"
)

// resolveFault looks up the names of a fault.
func (s *Sim) resolveFault(f Fault) (ActiveFault, error) {
	a := ActiveFault{Fault: f, source: -1, queue: -1, every: len(f.Records) == 0 && len(f.Keys) == 0 && f.Nth == 0 && f.Deliveries == 0 && f.Matching == nil && f.When == nil, keys: slices.Sorted(slices.Values(f.Keys))}
	for _, l := range f.Records {
		si, qi := int32(s.StreamIndex(l.Source)), int32(s.QueueIndex(l.Source))
		if si < 0 && qi < 0 {
			return a, fmt.Errorf("fault %s hits %s, but %s is neither a stream nor a queue", f.Name, l, l.Source)
		}
		if len(a.nums) > 0 && (a.source != si || a.queue != qi) {
			return a, fmt.Errorf("fault %s names records of two sources", f.Name)
		}
		a.source, a.queue = si, qi
		a.nums = append(a.nums, int32(l.N))
	}
	slices.Sort(a.nums)
	return a, nil
}

// Fault is the function's n-th fault, from 0, switched on or not: Event.Faults.
func (f *Function) Fault(n int32) *Fault { return &f.faults[n] }

// hits reports whether the fault's record selectors match record n of a stream
// at its deliveries-th delivery. A fault without such selectors hits every
// record.
func (s *Sim) hits(a *ActiveFault, stream int, n int32, deliveries int32) bool {
	if a.every {
		return true
	}
	if len(a.nums) > 0 {
		if a.source != int32(stream) {
			return false
		}
		if _, ok := slices.BinarySearch(a.nums, n); !ok {
			return false
		}
	}
	if a.Nth > 0 && int(n)%a.Nth != 0 || a.Deliveries > 0 && int(deliveries) > a.Deliveries {
		return false
	}
	if len(a.Keys) > 0 {
		st := &s.Streams[stream]
		return a.hasKey(st.Keys[st.Records.At(int(n)-1).Key].Name)
	}
	return true
}

// strikes reports whether a fault's record selectors match a record of what mapping
// mi reads, as it is handed over now.
func (s *Sim) strikes(a *ActiveFault, mi, n int32) bool {
	m := &s.Mappings[mi]
	if m.queue >= 0 {
		return s.hitsMessage(a, n) && (a.Matching == nil || s.matchesMessage(a.Matching, n)) && (a.When == nil || a.When.Holds(s.messageContent(n)))
	}
	return s.hits(a, int(m.source), n, int32(m.deliveries(int(n))+1)) && (a.Matching == nil || s.matchesRecord(a.Matching, int(mi), int(n))) && (a.When == nil || a.When.Holds(s.recordContent(m, n)))
}

// matchesRecord reports whether one of some patterns matches a record, as filters
// see it.
func (s *Sim) matchesRecord(by *pattern.Criteria, mi, n int) bool {
	r := s.filterRecord(mi, n, by)
	return by.Passes(&r)
}

// matchesMessage reports whether one of some patterns matches a message. Unlike a
// filter, they see all of it.
func (s *Sim) matchesMessage(by *pattern.Criteria, id int32) bool {
	doc, _ := pattern.Decode(s.appendMessage(nil, s.msg(id), s.body(s.msg(id))))
	all, _ := doc.(map[string]any)
	delete(all, "body")
	r := pattern.SQS(all, string(s.body(s.msg(id))))
	return by.Passes(&r)
}

// hasKey reports whether a fault is for records of a key.
func (a *ActiveFault) hasKey(name string) bool {
	_, ok := slices.BinarySearch(a.keys, name)
	return ok
}

// severity says which of several faults decides.
var severity = [...]int{HowTimeout: 5, HowCrash: 4, HowError: 3, HowReply: 2, HowReport: 1, HowSlow: 0}

// applyFaults applies the faults in force to an invocation that starts and
// returns how long it runs. The most severe decides: timeout, crash, error,
// reply, report.
func (s *Sim) applyFaults(inv *invocation, f *Function, h *handler, m *Mapping, nums []int32, took Micros) Micros {
	version := s.versionOf(m, inv.n)
	code := f.codeOf(version)
	worst := 0
	var hits []int32
	answer := reply{}
	for i := range f.Faults {
		a := &f.Faults[i]
		if s.now < a.From || s.now >= a.Until || a.Version != "" && a.Version != version || a.ofCode && a.code != code {
			continue
		}
		if a.HasChance && random.Float64(random.Draw(s.cfg.Seed, drawChance, uint64(inv.function)<<32|uint64(a.id), uint64(inv.n))) >= a.Chance {
			continue
		}
		hits = hits[:0]
		first := -1
		for k, n := range nums {
			if s.strikes(a, inv.mapping, n) {
				hits = append(hits, n)
				if inv.work != nil {
					inv.work.struck(k, a, h.Loop)
				}
				if first < 0 {
					first = k
				}
			}
		}
		if len(hits) == 0 && (len(nums) > 0 || !a.every) {
			continue // a final invocation has no records to hit
		}
		inv.faults = append(inv.faults, a.id)
		if a.How == HowSlow {
			took = runsFor(&a.Takes, s.cfg.Seed, inv.function, inv.n, len(nums))
			if inv.work != nil {
				inv.work.each = a.Takes.Each
			}
			continue
		}
		if len(nums) > 0 && h.Loop.meets(a.How) {
			continue // where it gets to the record
		}
		if severity[a.How] < worst {
			continue
		}
		if severity[a.How] > worst {
			worst = severity[a.How]
			inv.failures = inv.failures[:0]
		}
		switch a.How {
		case HowTimeout:
			inv.outcome = OutcomeTimeout
		case HowCrash:
			inv.outcome = OutcomeCrash
		case HowError:
			inv.outcome = OutcomeError
		case HowReply:
			answer = s.parseReply(a.Reply, m, nums)
		case HowReport:
			answer.given = true
			answer.none = len(nums) == 0 // a final invocation: there is no record to list
			names := a.Names
			if names == NamesDefault && m.queue >= 0 {
				names = NamesHit
				if s.Queues[m.queue].FIFO {
					names = NamesRest
				}
			}
			switch names {
			case NamesHit:
				for k, n := range nums {
					if slices.Contains(hits, n) {
						answer.named = append(answer.named, int32(k))
					}
				}
			case NamesRest:
				for k := max(0, first); k < len(nums); k++ {
					if m.queue < 0 || s.afterHit(nums, hits, k) {
						answer.named = append(answer.named, int32(k))
					}
				}
			case NamesDefault, NamesFirst:
				if first >= 0 {
					answer.named = append(answer.named, int32(first))
				}
			}
		}
		if a.How <= HowCrash && !(a.every && len(nums) > 1) {
			inv.failures = append(inv.failures, hits...)
		}
	}
	if worst <= severity[HowReply] {
		slices.Sort(answer.named)
		answer.named = slices.Compact(answer.named)
		inv.answer = answer
	}
	slices.Sort(inv.failures)
	inv.failures = slices.Compact(inv.failures)
	return took
}
