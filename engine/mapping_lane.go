package engine

import (
	"slices"

	"esmlab/engine/rule"
)

// newLanes makes the lanes of an iterator that begins to read now.
func (s *Sim) newLanes(m *Mapping) []Lane {
	lanes := make([]Lane, max(1, m.ParallelizationFactor))
	if len(lanes) == 1 {
		lanes[0] = Lane{invocation: -1, windowStart: s.now, gen: s.nextGen()}
		return lanes
	}
	// All lanes of a shard are asked one after the other: what they hold lies together, as
	// long as it is not much.
	const few = 16
	parts, nums := make([]Part, len(lanes)), make([]int32, 2*few*len(lanes))
	for i := range lanes {
		lists := nums[2*few*i:]
		lanes[i] = Lane{invocation: -1, windowStart: s.now, gen: s.nextGen(), Parts: parts[i : i : i+1], queue: lists[:0:few], Records: lists[few : few : 2*few]}
	}
	return lanes
}

// releaseBatch releases the batch that a lane holds: its records wait in the
// stream again.
func (r laneRef) releaseBatch(why rule.ID) {
	if r.l.Blocked {
		r.emit(&Event{Kind: KindUnblock, Rule: why, Batch: r.l.Root})
	}
	*r.l = Lane{invocation: -1, gen: r.nextGen(), windowStart: r.now}
}

// laneOf returns the lane that a task was scheduled for; ok is false if the
// lane has moved on to something else or no longer exists.
func (s *Sim) laneOf(t task) (lane laneRef, ok bool) {
	r := s.iterator(t.a, t.b)
	if int(t.lane) >= len(r.it.Lanes) || r.it.Lanes[t.lane].gen != t.gen {
		return laneRef{}, false
	}
	return r.lane(int(t.lane)), true
}

// gatherAll lets every lane close a batch that is due.
func (r iteratorRef) gatherAll() {
	if len(r.it.Lanes) != max(1, r.m.ParallelizationFactor) {
		r.resizeLanes()
	}
	for i := 0; i < len(r.it.Lanes); i++ { // a batch that is resolved at once may make the lanes anew
		if r.it.Lanes[i].isFree() {
			r.lane(i).gather()
		}
	}
}

// windowEnd is when the batching window ends.
func (l *Lane) windowEnd() Micros { return l.windowStart + Micros(l.window)*Second }

// fail notes which records made the last try fail.
func (l *Lane) fail(nums []int32) {
	l.FailedRecords = append(l.FailedRecords[:0], nums...)
	l.hasFailed = len(nums) > 0
}

// compactQueue empties a queue from which everything was taken, to reuse its
// memory.
func (l *Lane) compactQueue() {
	if int(l.head) == len(l.queue) {
		l.queue, l.head = l.queue[:0], 0
	}
}

// isFree reports whether a lane holds no batch and may gather one.
func (l *Lane) isFree() bool { return l.Phase <= PhaseGather && !l.halt }

// gather closes a batch of what was read for a lane if one is due, or waits for
// more.
func (r laneRef) gather() {
	l, it := r.l, r.it
	if !l.isFree() || !r.m.isPolling() {
		return
	}
	if l.Phase == PhaseIdle && len(it.Lanes) != max(1, r.m.ParallelizationFactor) {
		return // a changed factor waits until no lane has a batch (resizeLanes)
	}
	r.dropExpired()
	if l.Phase > PhaseGather {
		return // dropping records moved the checkpoint, and that let this lane continue
	}
	if len(it.Lanes) > 1 {
		r.takeOver()
	}
	have := int32(len(l.queue)) - l.head
	if have == 0 {
		l.Phase = PhaseIdle
		r.scheduleTumblingEnd()
		r.scheduleRead()
		return
	}
	if l.Phase == PhaseIdle {
		// A batch begins: its size and windows are fixed now. The window itself
		// has been running since the last invocation ended, and restarted
		// whenever it ended without records (MAP-WINDOW-1).
		l.Phase = PhaseGather
		l.size, l.window, l.tumbling = int16(r.m.BatchSize), int16(r.m.MaximumBatchingWindowInSeconds), int16(r.m.TumblingWindowInSeconds)
		if l.rolled = l.window > 0 && r.now >= l.windowEnd(); l.rolled {
			length := l.windowEnd() - l.windowStart
			l.windowStart += (r.now - l.windowStart) / length * length
		}
	}
	size := int32(l.size)
	n := min(have, size)
	if len(it.Lanes) > 1 && it.blocked() {
		if n = r.countWithinLimit(n); n == 0 {
			l.stalled = true
			return // beyond the look-ahead limit: it continues when the checkpoint moves
		}
	}
	windowEnds := false
	if l.tumbling > 0 || l.isTumbling {
		if n, windowEnds = r.cutAtWindowEnd(n); n == 0 {
			r.invokeFinal(rule.MapTumbleFinal)
			return
		}
	}
	fit := r.fitPayload(n)
	if n < size && have >= size && !windowEnds { // the look-ahead limit cuts it short
		have = n
	}
	switch {
	case fit == 0:
		r.closeBatch(1, WhyPayload, rule.MapTooLarge)
	case windowEnds && fit == n:
		r.closeBatch(n, WhyWindow, rule.MapTumble)
	case fit < n:
		r.closeBatch(fit, WhyPayload, rule.MapBatchPayload)
	case have >= size:
		r.closeBatch(n, WhySize, rule.MapBatchSize)
	case l.window == 0:
		r.closeBatch(n, WhyAvailable, rule.MapBatchAvailable)
	case r.shardReadToEnd():
		r.closeBatch(n, WhyShardEnd, rule.KinShardEnd)
	case r.now >= l.windowEnd():
		r.closeBatch(n, WhyWindow, ruleOr(l.rolled, rule.MapWindowClock, rule.MapBatchWindow))
	default:
		if !l.windowScheduled {
			l.windowScheduled = true
			r.schedule(l.windowEnd(), r.nextDue(), task{kind: taskWindow, a: r.mi, b: it.Shard, lane: int16(r.li), gen: l.gen})
		}
		r.scheduleRead()
	}
}

// resizeLanes distributes what was read to as many lanes as the factor now
// says. It does nothing while a lane gathers or holds a batch: a batch keeps
// its records, and the records of a key must stay in order.
func (r iteratorRef) resizeLanes() {
	it := r.it
	var rest []int32
	start := it.Lanes[0].windowStart
	for i := range it.Lanes {
		l := &it.Lanes[i]
		if l.Phase != PhaseIdle {
			return
		}
		rest = append(rest, l.Waiting()...)
	}
	slices.Sort(rest)
	it.Lanes = r.newLanes(r.m)
	for i := range it.Lanes {
		it.Lanes[i].windowStart = start
	}
	r.distribute(rest, it.Next)
}

// countWithinLimit counts how many of a lane's next n records lie before the
// look-ahead limit.
func (r laneRef) countWithinLimit(n int32) int32 {
	limit := r.lookAheadLimit()
	k := int32(0)
	for k < n && r.record(r.l.queue[r.l.head+k]).Pos < limit {
		k++
	}
	return k
}

// windowDue ends a batching window.
func (s *Sim) windowDue(t task) {
	r, ok := s.laneOf(t)
	if !ok {
		return
	}
	r.l.windowScheduled = false
	if r.l.isTumbling && r.l.tumble.idle && r.l.Phase == PhaseIdle {
		r.invokeFinal(rule.MapTumbleIdle)
		return
	}
	r.gather()
}

// dropExpired skips records that were read but whose retention ended before
// they were in a batch (MAP-EXPIRE-1).
func (r laneRef) dropExpired() {
	l := r.l
	gone := r.shard().gone // a later record of a shard has a higher number
	from := l.head
	for int(l.head) < len(l.queue) && l.queue[l.head] <= gone {
		r.m.finalize(l.queue[l.head], StateExpired, r.now)
		l.head++
	}
	if l.head > from {
		r.advanceCheckpoint(rule.MapExpired)
	}
}

// closeBatch closes a batch of the next n records of a lane and tries to invoke
// the function with it.
func (r laneRef) closeBatch(n int32, why Why, by rule.ID) {
	l := r.l
	r.m.lastBatch++
	l.Root = r.m.lastBatch
	if l.told {
		l.Records = nil
	}
	if l.told = r.keep; l.told {
		l.Records = r.copyToArena(l.queue[l.head : l.head+n])
	} else {
		l.Records = append(l.Records[:0], l.queue[l.head:l.head+n]...)
	}
	l.head += n
	l.Parts = append(l.Parts[:0], Part{Hi: n, Batch: l.Root})
	l.Phase = PhaseRunning // the lane holds it; tryNextPart decides what happens next
	l.takable = true
	if l.windowScheduled {
		l.gen = r.nextGen()
		l.windowScheduled = false
	}
	if len(r.it.Lanes) > 1 {
		by = ruleOr(l.stalled, rule.MapLaneAhead, ruleOr(r.isAuto(l.Records[0]), rule.KinAutoLane, rule.MapLaneKeys))
		l.stalled = false
	}
	r.emitBatch(&Event{Kind: KindBatch, Rule: by, Batch: l.Root, Records: l.Records, Why: why})
	r.tryNextPart()
	if len(r.it.Lanes) > 1 {
		r.feedIdle()
	}
}

// batchResolved continues after a lane's batch is done or discarded.
func (r laneRef) batchResolved() {
	l, it := r.l, r.it
	if l.Blocked {
		l.Blocked = false
		r.emit(&Event{Kind: KindUnblock, Rule: rule.MapUnblock, Batch: l.Root})
	}
	l.Phase, l.Records, l.Parts = PhaseIdle, l.Records[:0], l.Parts[:0]
	if l.hasFailed {
		l.fail(nil)
	}
	l.windowStart = r.now
	it.nextRead = max(r.now, it.pollAt)
	if it.hitLimit && it.queuesEmpty() {
		it.nextRead = r.now
	}
	r.gatherAll() // others may have been held at the look-ahead limit
}

// queuesEmpty reports whether no record that was read waits for a batch.
func (it *Iterator) queuesEmpty() bool {
	for i := range it.Lanes {
		if l := &it.Lanes[i]; int(l.head) < len(l.queue) {
			return false
		}
	}
	return true
}

// oldestUnfinished is the label number of the oldest record of a lane that is
// not finished, 0 if there is none.
func (l *Lane) oldestUnfinished() int32 {
	for i := len(l.Parts) - 1; i >= 0; i-- {
		if p := &l.Parts[i]; p.Lo < p.Hi {
			return l.Records[p.Lo]
		}
	}
	if int(l.head) < len(l.queue) {
		return l.queue[l.head]
	}
	return 0
}
