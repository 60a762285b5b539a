package engine

import (
	"slices"

	"esmlab/engine/internal/random"
	"esmlab/engine/rule"
)

// This file keeps shards from starving where a function has fewer slots than
// batches: how long a throttled batch waits, and who gets a slot that is free.

// throttledLane is a lane whose batch was throttled, as long as gen is its
// generation and it still waits.
type throttledLane struct {
	mapping, shard, lane int32
	gen                  uint32
}

// throttled schedules the next try of a piece that was throttled, and enters its lane
// among those that draw for a free slot.
func (r laneRef) throttled() {
	me := throttledLane{r.mi, r.it.Shard, r.li, r.l.gen}
	r.waiting = slices.DeleteFunc(r.waiting, func(t throttledLane) bool { return t == me || !r.stillThrottled(t) })
	r.scheduleRetry(PhaseThrottled, r.l.part().Throttles, OutcomeOK, rule.MapThrottleWait)
	r.waiting = append(r.waiting, me)
}

// spreadWait makes a wait after a throttle shorter or longer by the chosen
// percentage, drawn from the seed, where others wait too (MAP-THROTTLE-3).
func (r laneRef) spreadWait(wait Micros) Micros {
	spread := wait * Micros(r.cfg.Chosen.ThrottleSpread) / 100 / Millisecond
	if spread <= 0 || len(r.waiting) == 0 {
		return wait
	}
	luck := random.Draw(r.cfg.Seed, drawThrottle, uint64(r.mi)<<32|uint64(r.it.Shard), uint64(r.now)<<4|uint64(r.li&15))
	return wait + (Micros(random.Below(luck, uint64(2*spread)+1))-spread)*Millisecond
}

// stillThrottled tells whether a lane still waits after a throttle.
func (s *Sim) stillThrottled(t throttledLane) bool {
	lanes := s.Mappings[t.mapping].Iterators[t.shard].Lanes
	return int(t.lane) < len(lanes) && lanes[t.lane].gen == t.gen && lanes[t.lane].Phase == PhaseThrottled
}

// drawForSlot lets a throttled lane go first, if the draw for the slot that
// this lane is about to take says so (MAP-THROTTLE-4). Without it a shard that
// is always busy would take its slot again at the instant it ends, and the
// others would try in vain for ever.
func (r laneRef) drawForSlot() {
	slots := r.freeSlots(r.m.function)
	if len(r.waiting) < slots {
		return // there is a slot for everybody, and nobody needs to be counted
	}
	var rivals []throttledLane
	for _, t := range r.waiting {
		if r.stillThrottled(t) && r.throttleRule(r.Mappings[t.mapping].function) == "" {
			rivals = append(rivals, t)
		}
	}
	if len(rivals) < slots {
		return
	}
	luck := random.Draw(r.cfg.Seed, drawSlot, uint64(r.mi)<<32|uint64(r.it.Shard), uint64(r.now)<<4|uint64(r.li&15))
	k := int(random.Below(luck, uint64(len(rivals))+1))
	if k == len(rivals) {
		return
	}
	t := rivals[k]
	next := r.iterator(t.mapping, t.shard).lane(int(t.lane))
	next.l.gen = r.nextGen() // its wait is over
	next.tryNextPart()
}

// freeSlots is how many more invocations of a function may run now.
func (s *Sim) freeSlots(fi int32) int {
	if f := &s.Functions[fi]; f.Reserved >= 0 {
		return f.Reserved - int(f.Running)
	}
	return s.freePool()
}

// freePool is how many more invocations of functions without reserved
// concurrency may run now.
func (s *Sim) freePool() int {
	pool := s.cfg.Concurrency - s.cfg.Used
	for i := range s.Functions {
		if g := &s.Functions[i]; g.Reserved >= 0 {
			pool -= g.Reserved
		} else {
			pool -= int(g.Running)
		}
	}
	return pool
}
