package engine

import (
	"slices"

	"esmlab/engine/rule"
)

// Limits of reading a shard and of an invocation (aws-streams.md 2, 6.1, E49).
const (
	kinesisPoll    = Second   // base rate: one poll a second for each shard
	readMaxRecords = 10000    // GetRecords
	readMaxBytes   = 10 << 20 // GetRecords
	payloadMax     = 6 << 20  // synchronous invocation, base64 counted in
)

// stateDue ends a change of state that takes time.
func (s *Sim) stateDue(t task) {
	m := &s.Mappings[t.a]
	if t.gen != m.gen {
		return
	}
	switch m.State {
	case Creating, Enabling:
		s.enable(t.a)
	case Disabling:
		s.setState(t.a, Disabled, rule.MapDisabled)
	case Updating:
		m.Settings = *m.pending
		m.pending = nil
		s.setState(t.a, Enabled, rule.MapEnabled)
	}
}

func (s *Sim) setState(mi int32, state MappingState, why rule.ID) {
	s.Mappings[mi].State = state
	s.emit(&Event{Kind: KindState, Rule: why, Mapping: mi, State: state})
}

// polls tells whether the mapping reads its shards.
func (m *Mapping) polls() bool { return m.State == Enabled || m.State == Updating }

// enable turns a mapping Enabled: it begins at its starting position, or goes
// on after the last record it finished.
func (s *Sim) enable(mi int32) {
	m := &s.Mappings[mi]
	st := &s.Streams[m.source]
	if m.started {
		s.setState(mi, Enabled, rule.MapResume)
		for i := range m.Iterators {
			s.resume(mi, &m.Iterators[i])
		}
		return
	}
	s.setState(mi, Enabled, rule.MapEnabled)
	m.started = true
	m.Iterators = make([]Iterator, len(st.Shards))
	for i := range m.Iterators {
		s.start(mi, i)
	}
}

// start resolves the starting position in a shard (MAP-START-1, -2, -3) and
// plans the first read.
func (s *Sim) start(mi int32, shard int) {
	m := &s.Mappings[mi]
	st := &s.Streams[m.source]
	sh := &st.Shards[shard]
	it := &m.Iterators[shard]
	pos, why := sh.Trim, rule.MapStartTrim
	switch s.cfg.Mappings[mi].Start {
	case Latest:
		pos, why = int32(len(sh.Records)), rule.MapStartLatest
	case AtTimestamp:
		why = rule.MapStartTimestamp
		from := Micros(s.cfg.Mappings[mi].StartTimestamp - s.cfg.Start)
		for int(pos) < len(sh.Records) && st.Records.At(int(sh.Records[pos])-1).At < from {
			pos++
		}
	}
	*it = Iterator{Shard: int32(shard), Next: pos, Read: pos, nextRead: s.now, windowStart: s.now, Lane: Lane{Invocation: -1}}
	if missed := sh.Records[sh.Trim:pos]; len(missed) > 0 {
		for _, n := range missed {
			m.settle(n, StateMissed, s.now)
		}
		s.emit(&Event{Kind: KindMiss, Rule: why, Mapping: mi, Source: m.source, Shard: int32(shard), Records: missed})
	}
	s.wake(mi, it)
}

// resume lets an iterator read again from its checkpoint. What has expired
// meanwhile is lost (MAP-STATE-4).
func (s *Sim) resume(mi int32, it *Iterator) {
	if it.Lane.Phase == PhaseRunning {
		it.Lane.halt = true // goes on when the invocation has ended
		return
	}
	m := &s.Mappings[mi]
	sh := &s.Streams[m.source].Shards[it.Shard]
	it.Read = it.Next
	if it.Next < sh.Trim {
		lost := sh.Records[it.Next:sh.Trim]
		for _, n := range lost {
			m.settle(n, StateExpired, s.now)
		}
		it.Next, it.Read = sh.Trim, sh.Trim
		s.moved(mi, it, rule.MapResumeLost)
	}
	it.nextRead, it.windowStart = s.now, s.now
	s.wake(mi, it)
}

// letGo drops the batch in hand: its records wait in the stream again.
func (s *Sim) letGo(mi int32, it *Iterator, why rule.ID) {
	l := &it.Lane
	if l.Blocked {
		s.emit(&Event{Kind: KindUnblock, Rule: why, Mapping: mi, Shard: it.Shard, Batch: l.Root})
	}
	*l = Lane{Invocation: -1, Records: l.Records[:0], Parts: l.Parts[:0]}
	it.Read = it.Next
	it.gen++
	it.readPlanned, it.windowPlanned, it.hitLimit = false, false, false
}

// wake plans the next read of a shard if it would bring something. Polls that
// would be empty are not planned at all: they are passed over in whole polls.
func (s *Sim) wake(mi int32, it *Iterator) {
	m := &s.Mappings[mi]
	if it.readPlanned || it.Lane.Phase > PhaseGather || !m.polls() {
		return
	}
	if int(it.Read) == len(s.Streams[m.source].Shards[it.Shard].Records) {
		return
	}
	if it.nextRead < s.now {
		it.nextRead += (s.now - it.nextRead + kinesisPoll - 1) / kinesisPoll * kinesisPoll
	}
	it.readPlanned = true
	s.plan(task{at: it.nextRead, rank: rankRead, kind: taskRead, a: mi, b: it.Shard, gen: it.gen, seq: uint64(mi)<<32 | uint64(it.Shard)})
}

// readDue reads a shard: all there is, up to GetRecords' limits.
func (s *Sim) readDue(t task) {
	m := &s.Mappings[t.a]
	it := &m.Iterators[t.b]
	if t.gen != it.gen {
		return
	}
	it.readPlanned = false
	st := &s.Streams[m.source]
	sh := &st.Shards[it.Shard]
	it.ReadAt, it.nextRead = s.now, s.now+kinesisPoll
	if m.readDenied() {
		if !it.refused {
			it.refused = true
			s.emit(&Event{Kind: KindDenied, Rule: rule.MapDenied, Mapping: t.a, Shard: it.Shard})
		}
		return // `allow` wakes it
	}
	unread := sh.Records[it.Read:]
	take, bytes := 0, 0
	for take < len(unread) && take < readMaxRecords {
		bytes += int(st.Records.At(int(unread[take]) - 1).Bytes)
		if bytes > readMaxBytes && take > 0 {
			break
		}
		take++
	}
	followUp := it.hitLimit
	it.hitLimit = take == readMaxRecords || take < len(unread)
	it.Read += int32(take)
	s.emit(&Event{Kind: KindPoll, Rule: ruleOr(it.hitLimit || followUp, rule.KinRead, rule.KinPoll),
		Mapping: t.a, Source: m.source, Shard: it.Shard, Records: unread[:take]})
	s.gather(t.a, it)
}

func (m *Mapping) readDenied() bool {
	return slices.ContainsFunc(m.denied, func(a string) bool {
		return a == "kinesis:GetRecords" || a == "kinesis:GetShardIterator" || a == "kinesis:*" || a == "*"
	})
}

// gather closes a batch of what was read, if it is due, or waits for more.
func (s *Sim) gather(mi int32, it *Iterator) {
	m := &s.Mappings[mi]
	if it.Lane.Phase > PhaseGather || !m.polls() {
		return
	}
	s.dropExpired(mi, it)
	have := it.Read - it.Next
	if have == 0 {
		it.Lane.Phase = PhaseIdle
		s.wake(mi, it)
		return
	}
	if it.Lane.Phase == PhaseIdle {
		// A batch begins: size and window hold for it from here on. The window
		// itself has been running since the last invocation ended, and started
		// again whenever it ended without records (MAP-WINDOW-1).
		it.Lane.Phase = PhaseGather
		it.size, it.window = int32(m.BatchSize), Micros(m.MaximumBatchingWindowInSeconds)*Second
		if it.rolled = it.window > 0 && s.now >= it.windowStart+it.window; it.rolled {
			it.windowStart += (s.now - it.windowStart) / it.window * it.window
		}
	}
	n := min(have, it.size)
	fit := s.fits(m, it, n)
	switch {
	case fit < n:
		s.closeBatch(mi, it, fit, WhyPayload, rule.MapBatchPayload)
	case have >= it.size:
		s.closeBatch(mi, it, n, WhySize, rule.MapBatchSize)
	case it.window == 0:
		s.closeBatch(mi, it, n, WhyAvailable, rule.MapBatchAvailable)
	case s.now >= it.windowStart+it.window:
		s.closeBatch(mi, it, n, WhyWindow, ruleOr(it.rolled, rule.MapWindowClock, rule.MapBatchWindow))
	default:
		if !it.windowPlanned {
			it.windowPlanned = true
			s.plan(task{at: it.windowStart + it.window, rank: rankDue, kind: taskWindow, a: mi, b: it.Shard, gen: it.gen})
		}
		s.wake(mi, it)
	}
}

// windowDue ends a batching window.
func (s *Sim) windowDue(t task) {
	it := &s.Mappings[t.a].Iterators[t.b]
	if t.gen != it.gen {
		return
	}
	it.windowPlanned = false
	s.gather(t.a, it)
}

// dropExpired skips records that were read but whose retention ended before
// they were in a batch (MAP-EXPIRE-1).
func (s *Sim) dropExpired(mi int32, it *Iterator) {
	m := &s.Mappings[mi]
	sh := &s.Streams[m.source].Shards[it.Shard]
	if it.Next >= sh.Trim || it.Next == it.Read {
		return
	}
	to := min(sh.Trim, it.Read)
	for _, n := range sh.Records[it.Next:to] {
		m.settle(n, StateExpired, s.now)
	}
	it.Next = to
	s.moved(mi, it, rule.MapExpired)
}

// fits counts how many of the next n records an invocation's payload holds:
// at least one (KIN-SIZE-1 keeps it below the limit).
func (s *Sim) fits(m *Mapping, it *Iterator, n int32) int32 {
	st := &s.Streams[m.source]
	records := st.Shards[it.Shard].Records[it.Next : it.Next+n]
	// The longest record decides whether counting is needed at all.
	total := 0
	for i, num := range records {
		r := st.Records.At(int(num) - 1)
		total += eventEnvelope + (int(r.Bytes)+2)/3*4
		if total > payloadMax && i > 0 {
			return int32(i)
		}
	}
	return n
}

// eventEnvelope is about how many bytes a record has in the event's JSON
// beside its data: ids, times, ARNs (aws-streams.md 9.1).
const eventEnvelope = 500

// closeBatch closes a batch of the first n records read and hands it over.
func (s *Sim) closeBatch(mi int32, it *Iterator, n int32, why Why, by rule.ID) {
	m := &s.Mappings[mi]
	l := &it.Lane
	m.LastBatch++
	l.Root, l.First = m.LastBatch, it.Next
	l.Records = append(l.Records[:0], s.Streams[m.source].Shards[it.Shard].Records[it.Next:it.Next+n]...)
	l.Parts = append(l.Parts[:0], Part{Hi: n, Batch: l.Root})
	l.Phase = PhaseRunning // in hand; attempt says what comes of it
	if it.windowPlanned || it.readPlanned {
		it.gen++
		it.windowPlanned, it.readPlanned = false, false
	}
	s.emit(&Event{Kind: KindBatch, Rule: by, Mapping: mi, Source: m.source, Shard: it.Shard, Batch: l.Root, Records: l.Records, Why: why})
	s.proceed(mi, it)
}

// resolved goes on after the batch in hand is done or discarded.
func (s *Sim) resolved(mi int32, it *Iterator) {
	l := &it.Lane
	if l.Blocked {
		l.Blocked = false
		s.emit(&Event{Kind: KindUnblock, Rule: rule.MapUnblock, Mapping: mi, Shard: it.Shard, Batch: l.Root})
	}
	l.Phase, l.Records, l.Parts, l.Hits = PhaseIdle, l.Records[:0], l.Parts[:0], l.Hits[:0]
	it.windowStart = s.now
	it.nextRead = max(s.now, it.ReadAt+kinesisPoll)
	if it.hitLimit && it.Next == it.Read {
		it.nextRead = s.now
	}
	s.gather(mi, it)
}

// moved tells where the checkpoint of a shard has gone.
func (s *Sim) moved(mi int32, it *Iterator, by rule.ID) {
	m := &s.Mappings[mi]
	if it.Next == 0 {
		return
	}
	it.Checkpoint = s.Streams[m.source].Shards[it.Shard].Records[it.Next-1]
	s.emit(&Event{Kind: KindCheckpoint, Rule: by, Mapping: mi, Source: m.source, Shard: it.Shard, Batch: it.Lane.Root, Record: it.Checkpoint})
}
