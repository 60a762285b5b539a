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

// finalize sets a record's last state in a mapping.
func (m *Mapping) finalize(n int32, state RecordState, now Micros) {
	m.finalizeAll([]int32{n}, state, now)
}

// finalizeAll sets the last state of records in a mapping, of those that have none yet.
func (m *Mapping) finalizeAll(nums []int32, state RecordState, now Micros) {
	set := int64(0)
	for len(nums) > 0 {
		run := m.tracks(nums)
		for i := range run {
			if t := &run[i]; t.final == StateNone {
				t.final, t.DoneAt = state, now
				set++
			}
		}
		nums = nums[len(run):]
	}
	m.Counts.States[state] += set
}

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
	if f := m.Track.At(int(n) - 1).final; f == StateNone || f == StateExpired || f == StateRejected {
		return
	}
	t := m.Track.Mut(int(n) - 1)
	m.Counts.States[t.final]--
	t.final, t.DoneAt = StateNone, 0
}
