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

// throttledLanes are the lanes that wait for a slot of a function. Those that
// wait no more stay among them until they are come across.
type throttledLanes struct {
	lanes []throttledLane
	sweep int // from this many lanes on those that wait no more are taken out
}

// add enters a lane. Each sweep takes out at least half, or doubles the room: a
// lane costs the same, however many there are.
func (w *throttledLanes) add(s *Sim, t throttledLane) {
	if len(w.lanes) >= max(w.sweep, 16) {
		w.lanes = slices.DeleteFunc(w.lanes, func(t throttledLane) bool { return !s.stillThrottled(t) })
		w.sweep = 2 * len(w.lanes)
	}
	w.lanes = append(w.lanes, t)
}

// remove takes a lane out; another one takes its place.
func (w *throttledLanes) remove(i int) {
	last := len(w.lanes) - 1
	w.lanes[i], w.lanes = w.lanes[last], w.lanes[:last]
}

// waits tells whether a lane waits.
func (w *throttledLanes) waits(s *Sim) bool {
	for n := len(w.lanes); n > 0; n-- {
		if s.stillThrottled(w.lanes[n-1]) {
			return true
		}
		w.remove(n - 1)
	}
	return false
}

// throttled schedules the next try of a piece that was throttled, and enters its lane
// among those that draw for a free slot.
func (r laneRef) throttled() {
	r.l.gen = r.nextGen() // what it had entered before counts no more
	r.scheduleRetry(PhaseThrottled, r.l.part().Throttles, OutcomeOK, rule.MapThrottleWait)
	r.Functions[r.m.function].throttled.add(r.Sim, throttledLane{r.mi, r.it.Shard, r.li, r.l.gen})
}

// spreadWait makes a wait after a throttle shorter or longer by the chosen
// percentage, drawn from the seed, where others wait too (MAP-THROTTLE-3).
func (r laneRef) spreadWait(wait Micros) Micros {
	spread := wait * Micros(r.cfg.Chosen.ThrottleSpread) / 100 / Millisecond
	if spread <= 0 || !r.othersWait() {
		return wait
	}
	luck := random.Draw(r.cfg.Seed, drawThrottle, uint64(r.mi)<<32|uint64(r.it.Shard), uint64(r.now)<<4|uint64(r.li&15))
	return wait + (Micros(random.Below(luck, uint64(2*spread)+1))-spread)*Millisecond
}

// othersWait tells whether another lane waits for the same slots.
func (r laneRef) othersWait() bool {
	for i := range r.Functions {
		if r.sharesSlots(r.m.function, int32(i)) && r.Functions[i].throttled.waits(r.Sim) {
			return true
		}
	}
	return false
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
	luck := random.Draw(r.cfg.Seed, drawSlot, uint64(r.mi)<<32|uint64(r.it.Shard), uint64(r.now)<<4|uint64(r.li&15))
	for ; ; luck = random.Mix(luck) {
		rivals := 0
		for i := range r.Functions {
			rivals += r.rivals(int32(i))
		}
		if rivals == 0 || rivals < r.freeSlots(r.m.function) {
			return // there is a slot for everybody
		}
		k := int(random.Below(luck, uint64(rivals)+1))
		if k == rivals {
			return
		}
		f := int32(0)
		for ; k >= r.rivals(f); f++ {
			k -= r.rivals(f)
		}
		w := &r.Functions[f].throttled
		t := w.lanes[k]
		w.remove(k)
		if !r.stillThrottled(t) {
			continue
		}
		r.iterator(t.mapping, t.shard).lane(int(t.lane)).tryNextPart()
		return
	}
}

// rivals is how many lanes of a function draw with this one for its slot.
func (r laneRef) rivals(fi int32) int {
	n := len(r.Functions[fi].throttled.lanes)
	if n == 0 || !r.sharesSlots(r.m.function, fi) || r.throttleRule(fi) != "" {
		return 0
	}
	return n
}

// sharesSlots tells whether two functions take their slots from one pool.
func (s *Sim) sharesSlots(a, b int32) bool {
	x, y := &s.Functions[a], &s.Functions[b]
	return a == b || x.Reserved < 0 && y.Reserved < 0 && x.Managed == 0 && y.Managed == 0
}

// freeSlots is how many more invocations of a function may run now.
func (s *Sim) freeSlots(fi int32) int {
	switch f := &s.Functions[fi]; {
	case f.Managed != 0:
		return f.Managed - int(f.Running)
	case f.Reserved >= 0:
		return f.Reserved - int(f.Running)
	}
	return s.freePool()
}

// freePool is how many more invocations of functions without reserved
// concurrency may run now.
func (s *Sim) freePool() int {
	pool := s.cfg.Concurrency - s.cfg.Used
	for i := range s.Functions {
		g := &s.Functions[i] // what ran before its concurrency was reserved still takes part of the account's
		if g.Managed == 0 {
			pool -= max(g.Reserved, int(g.Running))
		}
	}
	return pool
}
