package engine

import (
	"esmlab/engine/internal/cow"
	"esmlab/engine/rule"
)

// expireDue removes from a shard the records that have reached the end of their
// retention period (KIN-RETENTION-1).
func (s *Sim) expireDue(si, shard int32) {
	st := &s.Streams[si]
	sh := &st.Shards[shard]
	to := sh.Trim
	for int(to) < sh.Len() && st.arrival(sh.at(to))+st.Retention <= s.now {
		to++
	}
	s.trim(si, shard, to, ruleOr(st.Kind == DynamoDB, rule.DdbRetention, rule.KinRetention))
	s.scheduleExpiry(si, shard)
	s.releasePositions(si, shard)
}

// trim moves the oldest retained record of a shard. A mapping loses what it has
// not read.
func (s *Sim) trim(si, shard, to int32, by rule.ID) {
	st := &s.Streams[si]
	sh := &st.Shards[shard]
	from := sh.Trim
	if to <= from { // the retention period has changed since this was scheduled
		return
	}
	gone := sh.Between(from, to)
	sh.Trim, sh.gone = to, gone[len(gone)-1]
	s.emit(&Event{Kind: KindExpire, Rule: by, Source: si, Shard: shard, Records: gone})
	for _, mi := range st.mappings {
		m := &s.Mappings[mi]
		if !m.started {
			for _, n := range gone {
				m.finalize(n, StateMissed, s.now)
			}
			continue
		}
		it := &m.Iterators[shard]
		if it.Read >= sh.Trim {
			continue
		}
		for _, n := range sh.Between(max(from, it.Read), sh.Trim) {
			m.finalize(n, StateExpired, s.now)
		}
		atEnd := it.Next == it.Read
		it.Read = sh.Trim
		if atEnd {
			it.Next = sh.Trim
			it.gap = it.gap || !m.isPolling()
			s.iterator(mi, shard).finish()
		}
	}
}

// scheduleExpiry schedules when the oldest record of a shard expires.
func (s *Sim) scheduleExpiry(si, shard int32) {
	st := &s.Streams[si]
	sh := &st.Shards[shard]
	if sh.expiryScheduled = int(sh.Trim) < sh.Len(); sh.expiryScheduled {
		at := st.arrival(sh.at(sh.Trim)) + st.Retention
		s.schedule(max(at, s.now), s.nextDue(), task{kind: taskExpire, a: si, b: shard})
	}
}

// finalize sets a record's last state in a mapping, if it has none yet.
func (m *Mapping) finalize(n int32, state RecordState, now Micros) {
	if m.Track.At(int(n)-1).final() != StateNone {
		return
	}
	*m.Track.Mut(int(n) - 1) = trackOf(state, now)
	m.Counts.States[state]++
}

// delivered notes the end of an invocation: some of its records are done, the others have
// failed.
func (m *Mapping) delivered(done, failed []int32, now Micros) {
	set := int64(0)
	is := trackOf(StateDone, now)
	for len(done) > 0 {
		run := m.tracks(done)
		for i := range run {
			if run[i].final() == StateNone {
				run[i] = is
				set++
			} else {
				m.tries.Mut(int(done[i])-1).others++
			}
		}
		done = done[len(run):]
	}
	m.Counts.States[StateDone] += set
	for _, n := range failed {
		m.tries.Mut(int(n)-1).failures++
	}
}

// deliveredInVain counts a delivery of records whose end nobody waits for.
func (m *Mapping) deliveredInVain(nums []int32) {
	for _, n := range nums {
		m.tries.Mut(int(n)-1).others++
	}
}

// deliveries is how many times a record was handed to the function, without an invocation
// that its lane waits for.
func (m *Mapping) deliveries(n int) int {
	t := m.tries.At(n - 1)
	return int(t.failures+t.others) + boolInt(m.Track.At(n-1).final().isDelivered())
}

// isDelivered reports whether a last state comes from a delivery.
func (s RecordState) isDelivered() bool { return s == StateDone || s == StateRunning }

// tracks gives what a mapping did with the first of some records, as many as lie together,
// to be written to: most often that is all of a batch, or a single record.
func (m *Mapping) tracks(nums []int32) []Track {
	first := uint(nums[0] - 1)
	at := first % cow.ChunkLen
	n := 1
	for most := min(len(nums), int(cow.ChunkLen-at)); n < most && nums[n] == nums[0]+int32(n); n++ {
	}
	return m.Track.MutChunk(int(first / cow.ChunkLen))[at : at+uint(n)]
}

// reopen undoes a record's last state: it will be delivered again.
func (m *Mapping) reopen(n int32) {
	f := m.Track.At(int(n) - 1).final()
	if f == StateNone || f == StateExpired || f == StateRejected {
		return
	}
	m.Counts.States[f]--
	*m.Track.Mut(int(n) - 1) = Track{}
	if f.isDelivered() {
		m.tries.Mut(int(n)-1).others++
	}
}
