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
			s.resumeIterator(mi, &m.Iterators[i])
		}
		return
	}
	s.setMappingState(mi, Enabled, [...]rule.ID{rule.MapStartTrim, rule.MapStartLatest, rule.MapStartTimestamp}[s.cfg.Mappings[mi].Start])
	m.started, m.startedAt = true, s.now
	m.Iterators = make([]Iterator, len(st.Shards))
	for i := range m.Iterators {
		s.startIterator(mi, i)
	}
}

// startIterator resolves the starting position in a shard (MAP-START-1, -2, -3) and
// plans the first read.
func (s *Sim) startIterator(mi int32, shard int) {
	m := &s.Mappings[mi]
	st := &s.Streams[m.source]
	sh := &st.Shards[shard]
	it := &m.Iterators[shard]
	pos, why := sh.Trim, rule.MapStartTrim
	switch s.cfg.Mappings[mi].Start {
	case Latest:
		pos, why = int32(sh.Len()), rule.MapStartLatest
	case AtTimestamp:
		why = rule.MapStartTimestamp
		from := Micros(s.cfg.Mappings[mi].StartTimestamp - s.cfg.Start)
		for int(pos) < sh.Len() && st.Records.At(int(sh.At(pos))-1).At < from {
			pos++
		}
	}
	*it = Iterator{Shard: int32(shard), Next: pos, Read: pos, nextRead: s.now, Lanes: s.newLanes(m)}
	if missed := sh.Between(sh.Trim, pos); len(missed) > 0 {
		for _, n := range missed {
			m.finalize(n, StateMissed, s.now)
		}
		s.emit(&Event{Kind: KindMiss, Rule: why, Mapping: mi, Source: m.source, Shard: int32(shard), Records: missed})
	}
	s.scheduleRead(mi, it)
}

// newLanes makes the lanes of an iterator that begins to read now.
func (s *Sim) newLanes(m *Mapping) []Lane {
	lanes := make([]Lane, max(1, m.ParallelizationFactor))
	for i := range lanes {
		lanes[i] = Lane{Invocation: -1, windowStart: s.now, gen: s.nextGen()}
	}
	return lanes
}

// resumeIterator lets an iterator read again from its checkpoint. What has expired
// meanwhile is lost (MAP-STATE-4).
func (s *Sim) resumeIterator(mi int32, it *Iterator) {
	if it.isRunning() {
		return // it goes on when the invocation has ended
	}
	it.Lanes = s.newLanes(&s.Mappings[mi])
	if it.gap {
		it.gap = false
		s.emitCheckpoint(mi, it, ruleOr(it.redeliveryRule == rule.MapResume, rule.MapResumeLost, rule.MapExpired))
	}
	it.nextRead = s.now
	s.scheduleRead(mi, it)
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
func (s *Sim) releaseBatch(mi int32, it *Iterator, l *Lane, why rule.ID) {
	if l.Blocked {
		s.emit(&Event{Kind: KindUnblock, Rule: why, Mapping: mi, Shard: it.Shard, Lane: it.laneIndex(l), Batch: l.Root})
	}
	*l = Lane{Invocation: -1, gen: s.nextGen(), windowStart: s.now}
}

// rewind puts an iterator that lets go back to its checkpoint, as soon as no
// invocation is under way. What was finished beyond it will be delivered
// again (MAP-STATE-5): its last state is taken back.
func (s *Sim) rewind(mi int32, it *Iterator) {
	it.gen++
	it.readScheduled, it.hitLimit = false, false
	if it.isRunning() {
		return
	}
	m := &s.Mappings[mi]
	sh := &s.Streams[m.source].Shards[it.Shard]
	if gone := min(sh.Trim, it.Read); gone > it.Next { // what has expired in hand is lost now
		for _, n := range sh.Between(it.Next, gone) {
			m.finalize(n, StateExpired, s.now)
		}
		it.Next, it.gap = gone, true
	}
	for _, n := range sh.Between(it.Next, it.Read) {
		m.reopen(n)
	}
	it.Read = it.Next
}

// laneFor is the lane that a task was planned for, nil where that has gone on to
// something else or is no more.
func (it *Iterator) laneFor(t task) *Lane {
	if int(t.lane) >= len(it.Lanes) || it.Lanes[t.lane].gen != t.gen {
		return nil
	}
	return &it.Lanes[t.lane]
}

// laneIndex is the number of a lane of the iterator.
func (it *Iterator) laneIndex(l *Lane) int32 {
	for i := range it.Lanes {
		if &it.Lanes[i] == l {
			return int32(i)
		}
	}
	return 0
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
func (s *Sim) scheduleRead(mi int32, it *Iterator) {
	m := &s.Mappings[mi]
	st := &s.Streams[m.source]
	if it.readScheduled || !m.isPolling() || !it.hasCapacity() || s.readable(mi, it) <= 0 && !(st.contended && m.standard) || !s.parentsDrained(m, it) {
		return
	}
	if it.nextRead < s.now {
		if m.standard {
			it.nextRead += (s.now - it.nextRead + st.poll - 1) / st.poll * st.poll
		} else {
			it.nextRead = s.now // pushed
		}
	}
	it.readScheduled = true
	s.schedule(it.nextRead, rankRead.order(uint64(mi)<<32|uint64(it.Shard)), task{kind: taskRead, a: mi, b: it.Shard, gen: it.gen})
}

// readable is how many records a read may bring: all there are, or up to the
// look-ahead bound while a lane of several is blocked (MAP-LANE-3).
func (s *Sim) readable(mi int32, it *Iterator) int {
	m := &s.Mappings[mi]
	unread := s.Streams[m.source].Shards[it.Shard].Len() - int(it.Read)
	if len(it.Lanes) > 1 && it.blocked() {
		unread = min(unread, int(s.lookAheadLimit(m, it)-it.Read))
	}
	return unread
}

// lookAheadLimit is the position that no lane goes beyond while another is blocked.
func (s *Sim) lookAheadLimit(m *Mapping, it *Iterator) int32 {
	return it.Next + int32(s.cfg.Chosen.LookAhead)*int32(m.BatchSize)
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

// readDue reads a shard: all there is, up to GetRecords' limits.
func (s *Sim) readDue(t task) {
	m := &s.Mappings[t.a]
	it := &m.Iterators[t.b]
	if t.gen != it.gen {
		return
	}
	it.readScheduled = false
	st := &s.Streams[m.source]
	sh := &st.Shards[it.Shard]
	if !it.hasCapacity() {
		return // the lane that comes free wakes it
	}
	if m.standard && !st.takeReadCapacity(sh, s.now) {
		by := ruleOr(st.Kind == DynamoDB, rule.DdbReaders, rule.KinShare)
		s.emit(&Event{Kind: KindReadThrottled, Rule: by, Mapping: t.a, Source: m.source, Shard: it.Shard})
		it.nextRead = max(s.now+s.readRetryDelay(t.a, t.b), sh.readPause)
		it.throttled = true
		s.scheduleRead(t.a, it)
		return
	}
	child := it.ReadAt == 0 && len(sh.Parents) > 0
	it.ReadAt, it.nextRead = s.now, s.now+m.pollInterval(st)
	if m.readDenied(st.Kind) != "" {
		if !it.refused {
			it.refused = true
			s.emit(&Event{Kind: KindDenied, Rule: rule.MapDenied, Mapping: t.a, Shard: it.Shard})
		}
		return // `allow` wakes it
	}
	unread := sh.Between(it.Read, it.Read+int32(max(0, s.readable(t.a, it))))
	take, bytes := 0, 0
	for take < len(unread) && take < st.readMax {
		size := int(st.Records.At(int(unread[take]) - 1).Bytes)
		if bytes+size > st.readBytes && take > 0 {
			if st.Kind == Kinesis && m.standard {
				sh.readPause = s.now + fullPause
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
		s.emit(&Event{Kind: KindPoll, Rule: ruleOr(child, rule.KinShardEnd, by), Mapping: t.a, Source: m.source, Shard: it.Shard, Records: unread[:take]})
		s.distributeRead(t.a, it, unread[:take])
	}
	it.throttled = false
	s.gatherAll(t.a, it)
}

// distributeRead gives what was read to the lanes, as far as the filters let it through.
func (s *Sim) distributeRead(mi int32, it *Iterator, nums []int32) {
	m := &s.Mappings[mi]
	if m.FilterCriteria == nil {
		s.distribute(m, it, nums)
		return
	}
	s.distribute(m, it, s.filterRecords(mi, it, nums))
	s.advanceCheckpoint(mi, it, rule.FilRead)
	if it.hitLimit && it.queuesEmpty() {
		it.nextRead = s.now
	}
}

// readRetryDelay is how long a refused reader waits: the chosen time, or up to half
// of it more or less by the seed, so that readers do not keep in step and one
// of them always loses (KIN-SHARE-2).
func (s *Sim) readRetryDelay(mi, shard int32) Micros {
	wait := s.cfg.Chosen.ReadRetry
	return wait/2 + Micros(random.Below(random.Draw(s.cfg.Seed, drawRead, uint64(mi)<<32|uint64(shard), uint64(s.now)), uint64(wait/Millisecond)+1))*Millisecond
}

// gatherAll lets every lane close a batch if one is due.
func (s *Sim) gatherAll(mi int32, it *Iterator) {
	if len(it.Lanes) != max(1, s.Mappings[mi].ParallelizationFactor) {
		s.resizeLanes(mi, it)
	}
	for i := 0; i < len(it.Lanes); i++ { // a batch that is resolved at once may deal anew
		s.gather(mi, it, &it.Lanes[i])
	}
}

// distribute gives what was read to the lanes.
func (s *Sim) distribute(m *Mapping, it *Iterator, nums []int32) {
	if len(it.Lanes) == 1 {
		l := &it.Lanes[0]
		l.compactQueue()
		l.queue = append(l.queue, nums...)
		return
	}
	st := &s.Streams[m.source]
	for _, n := range nums {
		l := &it.Lanes[int(st.Records.At(int(n)-1).slot)%len(it.Lanes)]
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
func (s *Sim) gather(mi int32, it *Iterator, l *Lane) {
	m := &s.Mappings[mi]
	if l.Phase > PhaseGather || l.halt || !m.isPolling() {
		return
	}
	if l.Phase == PhaseIdle && len(it.Lanes) != max(1, m.ParallelizationFactor) {
		return // a changed factor waits until no lane has a batch: relane
	}
	s.dropExpired(mi, it, l)
	if l.Phase > PhaseGather {
		return // what was dropped moved the checkpoint, and that let this lane go on
	}
	have := int32(len(l.queue)) - l.head
	if have == 0 {
		l.Phase = PhaseIdle
		s.scheduleTumblingEnd(mi, it, l)
		s.scheduleRead(mi, it)
		return
	}
	if l.Phase == PhaseIdle {
		// A batch begins: size and windows hold for it from here on. The window
		// itself has been running since the last invocation ended, and started
		// again whenever it ended without records (MAP-WINDOW-1).
		l.Phase = PhaseGather
		l.size, l.window, l.tumbling = int32(m.BatchSize), Micros(m.MaximumBatchingWindowInSeconds)*Second, Micros(m.TumblingWindowInSeconds)*Second
		if l.rolled = l.window > 0 && s.now >= l.windowStart+l.window; l.rolled {
			l.windowStart += (s.now - l.windowStart) / l.window * l.window
		}
	}
	n := min(have, l.size)
	if len(it.Lanes) > 1 && it.blocked() {
		if n = s.countWithinLimit(m, it, l, n); n == 0 {
			l.stalled = true
			return // beyond the look-ahead bound: the checkpoint's move wakes it
		}
	}
	windowEnds := false
	if l.tumbling > 0 || l.tumble.Open {
		if n, windowEnds = s.cutAtWindowEnd(mi, it, l, n); n == 0 {
			s.invokeFinal(mi, it, l, rule.MapTumbleFinal)
			return
		}
	}
	fit := s.fitPayload(mi, l, n)
	if n < l.size && have >= l.size && !windowEnds { // the look-ahead bound cuts it short
		have = n
	}
	switch {
	case windowEnds && fit == n:
		s.closeBatch(mi, it, l, n, WhyWindow, rule.MapTumble)
	case fit < n:
		s.closeBatch(mi, it, l, fit, WhyPayload, rule.MapBatchPayload)
	case have >= l.size:
		s.closeBatch(mi, it, l, n, WhySize, rule.MapBatchSize)
	case l.window == 0:
		s.closeBatch(mi, it, l, n, WhyAvailable, rule.MapBatchAvailable)
	case s.shardReadToEnd(m, it):
		s.closeBatch(mi, it, l, n, WhyShardEnd, rule.KinShardEnd)
	case s.now >= l.windowStart+l.window:
		s.closeBatch(mi, it, l, n, WhyWindow, ruleOr(l.rolled, rule.MapWindowClock, rule.MapBatchWindow))
	default:
		if !l.windowScheduled {
			l.windowScheduled = true
			s.schedule(l.windowStart+l.window, s.nextDue(), task{kind: taskWindow, a: mi, b: it.Shard, lane: int16(it.laneIndex(l)), gen: l.gen})
		}
		s.scheduleRead(mi, it)
	}
}

// resizeLanes deals what was read to as many lanes as the factor now says. It does
// nothing while a lane gathers or has a batch in hand: a batch keeps its
// records, and the order of a key must not break.
func (s *Sim) resizeLanes(mi int32, it *Iterator) {
	m := &s.Mappings[mi]
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
	it.Lanes = s.newLanes(m)
	for i := range it.Lanes {
		it.Lanes[i].windowStart = start
	}
	s.distribute(m, it, rest)
}

// countWithinLimit counts how many of a lane's next n records lie before the bound.
func (s *Sim) countWithinLimit(m *Mapping, it *Iterator, l *Lane, n int32) int32 {
	st, bound := &s.Streams[m.source], s.lookAheadLimit(m, it)
	k := int32(0)
	for k < n && st.Records.At(int(l.queue[l.head+k])-1).Pos < bound {
		k++
	}
	return k
}

// windowDue ends a batching window.
func (s *Sim) windowDue(t task) {
	it := &s.Mappings[t.a].Iterators[t.b]
	l := it.laneFor(t)
	if l == nil {
		return
	}
	l.windowScheduled = false
	if l.tumble.idle && l.Phase == PhaseIdle {
		s.invokeFinal(t.a, it, l, rule.MapTumbleIdle)
		return
	}
	s.gather(t.a, it, l)
}

// dropExpired skips records that were read but whose retention ended before
// they were in a batch (MAP-EXPIRE-1).
func (s *Sim) dropExpired(mi int32, it *Iterator, l *Lane) {
	m := &s.Mappings[mi]
	st := &s.Streams[m.source]
	trim := st.Shards[it.Shard].Trim
	from := l.head
	for int(l.head) < len(l.queue) && st.Records.At(int(l.queue[l.head])-1).Pos < trim {
		m.finalize(l.queue[l.head], StateExpired, s.now)
		l.head++
	}
	if l.head > from {
		s.advanceCheckpoint(mi, it, rule.MapExpired)
	}
}

// closeBatch closes a batch of the next n records of a lane and hands it over.
func (s *Sim) closeBatch(mi int32, it *Iterator, l *Lane, n int32, why Why, by rule.ID) {
	m := &s.Mappings[mi]
	m.LastBatch++
	l.Root = m.LastBatch
	l.Records = append(l.Records[:0], l.queue[l.head:l.head+n]...)
	l.head += n
	l.Parts = append(l.Parts[:0], Part{Hi: n, Batch: l.Root})
	l.Phase = PhaseRunning // in hand; proceed says what comes of it
	if l.windowScheduled {
		l.gen = s.nextGen()
		l.windowScheduled = false
	}
	if len(it.Lanes) > 1 {
		by = ruleOr(l.stalled, rule.MapLaneAhead, rule.MapLaneKeys)
		l.stalled = false
	}
	s.emit(&Event{Kind: KindBatch, Rule: by, Mapping: mi, Source: m.source, Shard: it.Shard, Lane: it.laneIndex(l), Batch: l.Root, Records: l.Records, Why: why})
	s.tryNextPart(mi, it, l)
}

// batchResolved goes on after the batch in hand of a lane is done or discarded.
func (s *Sim) batchResolved(mi int32, it *Iterator, l *Lane) {
	m := &s.Mappings[mi]
	st := &s.Streams[m.source]
	if l.Blocked {
		l.Blocked = false
		s.emit(&Event{Kind: KindUnblock, Rule: rule.MapUnblock, Mapping: mi, Shard: it.Shard, Lane: it.laneIndex(l), Batch: l.Root})
	}
	l.Phase, l.Records, l.Parts, l.FailedRecords = PhaseIdle, l.Records[:0], l.Parts[:0], l.FailedRecords[:0]
	l.windowStart = s.now
	it.nextRead = max(s.now, it.ReadAt+m.pollInterval(st))
	if it.hitLimit && it.queuesEmpty() {
		it.nextRead = s.now
	}
	s.gatherAll(mi, it) // others may have stood at the look-ahead bound
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
func (s *Sim) emitCheckpoint(mi int32, it *Iterator, by rule.ID) {
	m := &s.Mappings[mi]
	it.Checkpoint = s.Streams[m.source].Shards[it.Shard].At(it.Next - 1)
	s.emit(&Event{Kind: KindCheckpoint, Rule: by, Mapping: mi, Source: m.source, Shard: it.Shard, Record: it.Checkpoint})
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
func (s *Sim) advanceCheckpoint(mi int32, it *Iterator, by rule.ID) {
	m := &s.Mappings[mi]
	st := &s.Streams[m.source]
	next := it.Read
	for i := range it.Lanes {
		if first := it.Lanes[i].oldestUnfinished(); first > 0 {
			next = min(next, st.Records.At(int(first)-1).Pos)
		}
	}
	if next <= it.Next {
		return
	}
	it.Next = next
	s.emitCheckpoint(mi, it, ruleOr(len(it.Lanes) > 1, rule.MapLaneCheckpoint, by))
	if s.Drained(m, it) {
		s.openChildren(mi, it.Shard)
	}
	if len(it.Lanes) > 1 { // lanes that stood at the look-ahead bound go on
		for i := 0; i < len(it.Lanes); i++ {
			s.gather(mi, it, &it.Lanes[i])
		}
		s.scheduleRead(mi, it)
	}
}
