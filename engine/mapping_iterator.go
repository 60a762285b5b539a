package engine

import (
	"esmlab/engine/internal/random"
	"slices"

	"esmlab/engine/rule"
)

// Limits of reading a shard and of an invocation (S-2, S-6.1, S-E49).
const (
	payloadMax = 6 << 20    // synchronous invocation, base64 counted in
	fullPause  = 5 * Second // after an answer of 10 MB
)

// transitionDue ends a change of state that takes time.
func (s *Sim) transitionDue(t task) {
	m := &s.Mappings[t.a]
	if t.gen != m.gen {
		return
	}
	switch m.State {
	case Creating, Enabling:
		s.enable(t.a)
	case Disabling:
		s.setMappingState(t.a, Disabled, rule.MapDisabled)
	case Updating:
		s.setMappingState(t.a, Enabled, rule.MapUpdate)
		next := *m.pending
		m.pending = nil
		s.apply(t.a, next)
		if s.cfg.Chosen.UpdateAgain != 0 {
			s.restart(t.a, rule.MapUpdateAgain)
		}
	case Deleting:
		m.deleted = true
	}
}

func (s *Sim) setMappingState(mi int32, state MappingState, why rule.ID) {
	s.Mappings[mi].State = state
	s.emit(&Event{Kind: KindState, Rule: why, Mapping: mi, State: state})
}

// isPolling tells whether the mapping reads its shards.
func (m *Mapping) isPolling() bool { return m.State == Enabled || m.State == Updating }

// enable turns a mapping Enabled: it begins at its starting position, or goes
// on after the last record it finished.
func (s *Sim) enable(mi int32) {
	m := &s.Mappings[mi]
	if m.queue >= 0 {
		s.setMappingState(mi, Enabled, ruleOr(m.started, rule.SqsResume, rule.SqsStart))
		m.started = true
		s.startPollers(mi)
		return
	}
	st := &s.Streams[m.source]
	if m.started {
		s.setMappingState(mi, Enabled, rule.MapResume)
		for i := range m.Iterators {
			m.Iterators[i].redeliveryRule = rule.MapResume
			s.iterator(mi, int32(i)).resume()
		}
		return
	}
	s.setMappingState(mi, Enabled, [...]rule.ID{rule.MapStartTrim, rule.MapStartLatest, rule.MapStartTimestamp}[s.cfg.Mappings[mi].Start])
	m.started, m.startedAt = true, s.now
	m.Iterators = make([]Iterator, len(st.Shards))
	for i := range m.Iterators {
		s.iterator(mi, int32(i)).start(int32(i))
	}
}

// start resolves the starting position in a shard (MAP-START-1, -2, -3) and
// plans the first read.
func (r iteratorRef) start(shard int32) {
	sh := &r.st.Shards[shard]
	pos, why := sh.Trim, rule.MapStartTrim
	switch r.cfg.Mappings[r.mi].Start {
	case Latest:
		pos, why = int32(sh.Len()), rule.MapStartLatest
	case AtTimestamp:
		why = rule.MapStartTimestamp
		from := Micros(r.cfg.Mappings[r.mi].StartTimestamp - r.cfg.Start)
		for int(pos) < sh.Len() && r.record(sh.at(pos)).At < from {
			pos++
		}
	}
	*r.it = Iterator{Shard: shard, Next: pos, Read: pos, nextRead: r.now, Lanes: r.newLanes(r.m)}
	if missed := sh.Between(sh.Trim, pos); len(missed) > 0 {
		for _, n := range missed {
			r.m.finalize(n, StateMissed, r.now)
		}
		r.emit(&Event{Kind: KindMiss, Rule: why, Records: missed})
	}
	r.scheduleRead()
}

// newLanes makes the lanes of an iterator that begins to read now.
func (s *Sim) newLanes(m *Mapping) []Lane {
	lanes := make([]Lane, max(1, m.ParallelizationFactor))
	for i := range lanes {
		lanes[i] = Lane{invocation: -1, windowStart: s.now, gen: s.nextGen()}
	}
	return lanes
}

// resume lets an iterator read again from its checkpoint. What has expired
// meanwhile is lost (MAP-STATE-4).
func (r iteratorRef) resume() {
	it := r.it
	if it.isRunning() {
		return // it goes on when the invocation has ended
	}
	it.Lanes = r.newLanes(r.m)
	if it.gap {
		it.gap = false
		r.emitCheckpoint(ruleOr(it.redeliveryRule == rule.MapResume, rule.MapResumeLost, rule.MapExpired))
	}
	it.nextRead = r.now
	r.scheduleRead()
}

// isRunning tells whether an invocation of the iterator is under way.
func (it *Iterator) isRunning() bool {
	for i := range it.Lanes {
		if it.Lanes[i].Phase == PhaseRunning {
			return true
		}
	}
	return false
}

// releaseBatch drops the batch in hand of a lane: its records wait in the stream
// again.
func (r laneRef) releaseBatch(why rule.ID) {
	if r.l.Blocked {
		r.emit(&Event{Kind: KindUnblock, Rule: why, Batch: r.l.Root})
	}
	*r.l = Lane{invocation: -1, gen: r.nextGen(), windowStart: r.now}
}

// rewind puts an iterator that lets go back to its checkpoint, as soon as no
// invocation is under way. What was finished beyond it will be delivered
// again (MAP-STATE-5): its last state is taken back.
func (r iteratorRef) rewind() {
	it := r.it
	it.gen++
	it.readScheduled, it.hitLimit = false, false
	if it.isRunning() {
		return
	}
	sh := r.shard()
	if gone := min(sh.Trim, it.Read); gone > it.Next { // what has expired in hand is lost now
		for _, n := range sh.Between(it.Next, gone) {
			r.m.finalize(n, StateExpired, r.now)
		}
		it.Next, it.gap = gone, true
	}
	for _, n := range sh.Between(it.Next, it.Read) {
		r.m.reopen(n)
	}
	it.Read = it.Next
}

// laneOf is the lane that a task was planned for; ok is false if that has moved
// on to something else or no longer exists.
func (s *Sim) laneOf(t task) (lane laneRef, ok bool) {
	r := s.iterator(t.a, t.b)
	if int(t.lane) >= len(r.it.Lanes) || r.it.Lanes[t.lane].gen != t.gen {
		return laneRef{}, false
	}
	return r.lane(int(t.lane)), true
}

// hasCapacity tells whether some lane of the iterator has room for what a read
// would bring.
func (it *Iterator) hasCapacity() bool {
	for i := range it.Lanes {
		if l := &it.Lanes[i]; l.Phase <= PhaseGather && !l.halt {
			return true
		}
	}
	return false
}

// scheduleRead plans the next read of a shard if it would bring something. Polls that
// would be empty are not planned at all: they are passed over in whole polls.
func (r iteratorRef) scheduleRead() {
	it := r.it
	if it.readScheduled || !r.m.isPolling() || !it.hasCapacity() || r.readable() <= 0 && !(r.st.contended && r.m.standard) || !r.parentsDrained() {
		return
	}
	if it.nextRead < r.now {
		if r.m.standard {
			it.nextRead += (r.now - it.nextRead + r.st.poll - 1) / r.st.poll * r.st.poll
		} else {
			it.nextRead = r.now // pushed
		}
	}
	it.readScheduled = true
	r.schedule(it.nextRead, rankRead.order(uint64(r.mi)<<32|uint64(it.Shard)), task{kind: taskRead, a: r.mi, b: it.Shard, gen: it.gen})
}

// readable is how many records a read may bring: all there are, or up to the
// look-ahead bound while a lane of several is blocked (MAP-LANE-3).
func (r iteratorRef) readable() int {
	it := r.it
	unread := r.shard().Len() - int(it.Read)
	if len(it.Lanes) > 1 && it.blocked() {
		unread = min(unread, int(r.lookAheadLimit()-it.Read))
	}
	return unread
}

// lookAheadLimit is the position that no lane goes beyond while another is blocked.
func (r iteratorRef) lookAheadLimit() int32 {
	return r.it.Next + int32(r.cfg.Chosen.LookAhead)*int32(r.m.BatchSize)
}

// blocked tells whether a lane of the iterator is.
func (it *Iterator) blocked() bool {
	for i := range it.Lanes {
		if it.Lanes[i].Blocked {
			return true
		}
	}
	return false
}

// readDue carries out a planned read.
func (s *Sim) readDue(t task) {
	r := s.iterator(t.a, t.b)
	if t.gen != r.it.gen {
		return
	}
	r.it.readScheduled = false
	if r.it.hasCapacity() { // else the lane that becomes free schedules it
		r.read()
	}
}

// read reads a shard: all there is, up to GetRecords' limits.
func (r iteratorRef) read() {
	it, m, st, sh := r.it, r.m, r.st, r.shard()
	if m.standard && !st.takeReadCapacity(sh, r.now) {
		by := ruleOr(st.Kind == DynamoDB, rule.DdbReaders, rule.KinShare)
		r.emit(&Event{Kind: KindReadThrottled, Rule: by})
		it.nextRead = max(r.now+r.readRetryDelay(), sh.readPause)
		it.throttled = true
		r.scheduleRead()
		return
	}
	child := it.readAt == 0 && len(sh.Parents) > 0
	it.readAt, it.nextRead = r.now, r.now+m.pollInterval(st)
	if m.readDenied(st.Kind) != "" {
		if !it.refused {
			it.refused = true
			r.emit(&Event{Kind: KindDenied, Rule: rule.MapDenied})
		}
		return // `allow` schedules it
	}
	unread := sh.Between(it.Read, it.Read+int32(max(0, r.readable())))
	take, bytes := 0, 0
	for take < len(unread) && take < st.readMax {
		size := int(r.record(unread[take]).Bytes)
		if bytes+size > st.readBytes && take > 0 {
			if st.Kind == Kinesis && m.standard {
				sh.readPause = r.now + fullPause
			}
			break
		}
		bytes += size
		take++
	}
	sh.readBytes.Spend(int64(bytes))
	followUp := it.hitLimit
	it.hitLimit = take == st.readMax || take < len(unread)
	it.Read += int32(take)
	if take > 0 {
		by := st.pollRule(it.throttled, !m.standard, it.hitLimit || followUp)
		r.emit(&Event{Kind: KindPoll, Rule: ruleOr(child, rule.KinShardEnd, by), Records: unread[:take]})
		r.distributeRead(unread[:take])
	}
	it.throttled = false
	r.gatherAll()
}

// distributeRead gives what was read to the lanes, as far as the filters let it through.
func (r iteratorRef) distributeRead(nums []int32) {
	it := r.it
	if r.m.FilterCriteria == nil {
		r.distribute(nums)
		return
	}
	r.distribute(r.filterRecords(nums))
	r.advanceCheckpoint(rule.FilRead)
	if it.hitLimit && it.queuesEmpty() {
		it.nextRead = r.now
	}
}

// readRetryDelay is how long a refused reader waits: the chosen time, or up to half
// of it more or less by the seed, so that readers do not keep in step and one
// of them always loses (KIN-SHARE-2).
func (r iteratorRef) readRetryDelay() Micros {
	wait := r.cfg.Chosen.ReadRetry
	luck := random.Draw(r.cfg.Seed, drawRead, uint64(r.mi)<<32|uint64(r.it.Shard), uint64(r.now))
	return wait/2 + Micros(random.Below(luck, uint64(wait/Millisecond)+1))*Millisecond
}

// gatherAll lets every lane close a batch if one is due.
func (r iteratorRef) gatherAll() {
	if len(r.it.Lanes) != max(1, r.m.ParallelizationFactor) {
		r.resizeLanes()
	}
	for i := 0; i < len(r.it.Lanes); i++ { // a batch that is resolved at once may make the lanes anew
		r.lane(i).gather()
	}
}

// distribute gives what was read to the lanes.
func (r iteratorRef) distribute(nums []int32) {
	it := r.it
	if len(it.Lanes) == 1 {
		l := &it.Lanes[0]
		l.compactQueue()
		l.queue = append(l.queue, nums...)
		return
	}
	for _, n := range nums {
		l := &it.Lanes[int(r.record(n).slot)%len(it.Lanes)]
		l.compactQueue()
		l.queue = append(l.queue, n)
	}
}

// compactQueue lets the queue begin anew where everything in it was taken.
func (l *Lane) compactQueue() {
	if int(l.head) == len(l.queue) {
		l.queue, l.head = l.queue[:0], 0
	}
}

// readDenied is what the role may not do and would have to, to read what the
// mapping reads; "" where it may read (S-7).
func (m *Mapping) readDenied(kind StreamKind) string {
	switch {
	case kind == DynamoDB:
		return m.firstDenied("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream")
	case m.standard:
		return m.firstDenied("kinesis:GetRecords", "kinesis:GetShardIterator")
	}
	return m.firstDenied("kinesis:SubscribeToShard")
}

// gather closes a batch of what was read for a lane, if it is due, or waits
// for more.
func (r laneRef) gather() {
	l, it := r.l, r.it
	if l.Phase > PhaseGather || l.halt || !r.m.isPolling() {
		return
	}
	if l.Phase == PhaseIdle && len(it.Lanes) != max(1, r.m.ParallelizationFactor) {
		return // a changed factor waits until no lane has a batch: resizeLanes
	}
	r.dropExpired()
	if l.Phase > PhaseGather {
		return // what was dropped moved the checkpoint, and that let this lane go on
	}
	have := int32(len(l.queue)) - l.head
	if have == 0 {
		l.Phase = PhaseIdle
		r.scheduleTumblingEnd()
		r.scheduleRead()
		return
	}
	if l.Phase == PhaseIdle {
		// A batch begins: size and windows hold for it from here on. The window
		// itself has been running since the last invocation ended, and started
		// again whenever it ended without records (MAP-WINDOW-1).
		l.Phase = PhaseGather
		l.size, l.window, l.tumbling = int32(r.m.BatchSize), Micros(r.m.MaximumBatchingWindowInSeconds)*Second, Micros(r.m.TumblingWindowInSeconds)*Second
		if l.rolled = l.window > 0 && r.now >= l.windowStart+l.window; l.rolled {
			l.windowStart += (r.now - l.windowStart) / l.window * l.window
		}
	}
	n := min(have, l.size)
	if len(it.Lanes) > 1 && it.blocked() {
		if n = r.countWithinLimit(n); n == 0 {
			l.stalled = true
			return // beyond the look-ahead bound: the checkpoint's move wakes it
		}
	}
	windowEnds := false
	if l.tumbling > 0 || l.tumble.open {
		if n, windowEnds = r.cutAtWindowEnd(n); n == 0 {
			r.invokeFinal(rule.MapTumbleFinal)
			return
		}
	}
	fit := r.fitPayload(n)
	if n < l.size && have >= l.size && !windowEnds { // the look-ahead bound cuts it short
		have = n
	}
	switch {
	case windowEnds && fit == n:
		r.closeBatch(n, WhyWindow, rule.MapTumble)
	case fit < n:
		r.closeBatch(fit, WhyPayload, rule.MapBatchPayload)
	case have >= l.size:
		r.closeBatch(n, WhySize, rule.MapBatchSize)
	case l.window == 0:
		r.closeBatch(n, WhyAvailable, rule.MapBatchAvailable)
	case r.shardReadToEnd():
		r.closeBatch(n, WhyShardEnd, rule.KinShardEnd)
	case r.now >= l.windowStart+l.window:
		r.closeBatch(n, WhyWindow, ruleOr(l.rolled, rule.MapWindowClock, rule.MapBatchWindow))
	default:
		if !l.windowScheduled {
			l.windowScheduled = true
			r.schedule(l.windowStart+l.window, r.nextDue(), task{kind: taskWindow, a: r.mi, b: it.Shard, lane: int16(r.li), gen: l.gen})
		}
		r.scheduleRead()
	}
}

// resizeLanes deals what was read to as many lanes as the factor now says. It does
// nothing while a lane gathers or has a batch in hand: a batch keeps its
// records, and the order of a key must not break.
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
	r.distribute(rest)
}

// countWithinLimit counts how many of a lane's next n records lie before the bound.
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
	if r.l.tumble.idle && r.l.Phase == PhaseIdle {
		r.invokeFinal(rule.MapTumbleIdle)
		return
	}
	r.gather()
}

// dropExpired skips records that were read but whose retention ended before
// they were in a batch (MAP-EXPIRE-1).
func (r laneRef) dropExpired() {
	l := r.l
	trim := r.shard().Trim
	from := l.head
	for int(l.head) < len(l.queue) && r.record(l.queue[l.head]).Pos < trim {
		r.m.finalize(l.queue[l.head], StateExpired, r.now)
		l.head++
	}
	if l.head > from {
		r.advanceCheckpoint(rule.MapExpired)
	}
}

// closeBatch closes a batch of the next n records of a lane and hands it over.
func (r laneRef) closeBatch(n int32, why Why, by rule.ID) {
	l := r.l
	r.m.lastBatch++
	l.Root = r.m.lastBatch
	l.Records = append(l.Records[:0], l.queue[l.head:l.head+n]...)
	l.head += n
	l.Parts = append(l.Parts[:0], Part{Hi: n, Batch: l.Root})
	l.Phase = PhaseRunning // in hand; tryNextPart says what becomes of it
	if l.windowScheduled {
		l.gen = r.nextGen()
		l.windowScheduled = false
	}
	if len(r.it.Lanes) > 1 {
		by = ruleOr(l.stalled, rule.MapLaneAhead, rule.MapLaneKeys)
		l.stalled = false
	}
	r.emit(&Event{Kind: KindBatch, Rule: by, Batch: l.Root, Records: l.Records, Why: why})
	r.tryNextPart()
}

// batchResolved goes on after the batch in hand of a lane is done or discarded.
func (r laneRef) batchResolved() {
	l, it := r.l, r.it
	if l.Blocked {
		l.Blocked = false
		r.emit(&Event{Kind: KindUnblock, Rule: rule.MapUnblock, Batch: l.Root})
	}
	l.Phase, l.Records, l.Parts, l.FailedRecords = PhaseIdle, l.Records[:0], l.Parts[:0], l.FailedRecords[:0]
	l.windowStart = r.now
	it.nextRead = max(r.now, it.readAt+r.m.pollInterval(r.st))
	if it.hitLimit && it.queuesEmpty() {
		it.nextRead = r.now
	}
	r.gatherAll() // others may have stood at the look-ahead bound
}

// pollInterval is the base rate of a mapping's reads: an enhanced fan-out consumer
// is sent what there is at once.
func (m *Mapping) pollInterval(st *Stream) Micros {
	if m.standard {
		return st.poll
	}
	return 0
}

// queuesEmpty tells that nothing that was read waits for a batch.
func (it *Iterator) queuesEmpty() bool {
	for i := range it.Lanes {
		if l := &it.Lanes[i]; int(l.head) < len(l.queue) {
			return false
		}
	}
	return true
}

// emitCheckpoint tells where the checkpoint of a shard has gone.
func (r iteratorRef) emitCheckpoint(by rule.ID) {
	it := r.it
	it.Checkpoint = r.shard().at(it.Next - 1)
	r.emit(&Event{Kind: KindCheckpoint, Rule: by, Record: it.Checkpoint})
}

// oldestUnfinished is the label number of the oldest record of a lane that is not
// finished, 0 where there is none.
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

// advanceCheckpoint moves the checkpoint of a shard to just before the oldest record
// that is not finished, and tells where it has gone.
func (r iteratorRef) advanceCheckpoint(by rule.ID) {
	it := r.it
	next := it.Read
	for i := range it.Lanes {
		if first := it.Lanes[i].oldestUnfinished(); first > 0 {
			next = min(next, r.record(first).Pos)
		}
	}
	if next <= it.Next {
		return
	}
	it.Next = next
	r.emitCheckpoint(ruleOr(len(it.Lanes) > 1, rule.MapLaneCheckpoint, by))
	if r.drained() {
		r.openChildren()
	}
	if len(it.Lanes) > 1 { // lanes that stood at the look-ahead bound go on
		for i := 0; i < len(it.Lanes); i++ {
			r.lane(i).gather()
		}
		r.scheduleRead()
	}
}
