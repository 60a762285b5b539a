package engine

import (
	"esmlab/engine/internal/cow"
)

// This file answers questions about a Sim that follow from its state.

// Label is the label of record n of stream si: Orders#12.
func (s *Sim) Label(si int32, n int32) string {
	return s.cfg.Streams[si].ID + "#" + itoa(int(n))
}

// RecordState is the state of record n of mapping mi's source.
func (s *Sim) RecordState(mi int, n int) RecordState {
	m := &s.Mappings[mi]
	if m.queue >= 0 {
		if id := s.MessageID(int(m.queue), n); id >= 0 {
			return s.Message(id).State
		}
		return StateNone
	}
	if n < 1 || n > m.Track.Len() {
		return StateNone
	}
	if c := (n - 1) / cow.ChunkLen; !m.Track.HoldsChunk(c) {
		if !m.compacted.Holds(c) {
			return StateForgotten
		}
		return m.compacted.At(c).state((n - 1) % cow.ChunkLen)
	}
	if f := m.Track.At(n - 1).final(); f != StateNone {
		return f
	}
	if !m.started {
		return StateWaiting
	}
	st := &s.Streams[m.source]
	r := st.Records.At(n - 1)
	it := &m.Iterators[r.Shard]
	if r.Pos >= it.Read {
		return StateWaiting
	}
	l, at := it.laneOfRecord(int32(n))
	switch {
	case l == nil:
		return StateBatched
	case l.Phase == PhaseRunning && at < l.part().Hi:
		return StateRunning
	case l.Blocked:
		return StateRetrying
	}
	return StateBatched
}

// CountStates counts a mapping's records by state, in time that does not
// depend on how many are finished.
func (s *Sim) CountStates(mi int) [NumRecordStates]int64 {
	m := &s.Mappings[mi]
	if m.queue >= 0 {
		return s.Queues[m.queue].States
	}
	out := m.Counts.States
	st := &s.Streams[m.source]
	if !m.started {
		left := int64(m.Track.Len())
		for _, n := range m.Counts.States {
			left -= n
		}
		out[StateWaiting] += left
		return out
	}
	for i := range m.Iterators {
		it := &m.Iterators[i]
		out[StateWaiting] += int64(st.Shards[it.Shard].Len()) - int64(it.Read)
		for pos := it.Next; pos < it.Read; pos++ {
			n := st.Shards[it.Shard].at(pos)
			if m.Track.At(int(n)-1).final() == StateNone { // the others are counted already
				out[s.RecordState(mi, int(n))]++
			}
		}
	}
	return out
}

// Deliveries is how many times record n of mapping mi's stream was handed to the function,
// the delivery under way included. The record must be in memory.
func (s *Sim) Deliveries(mi, n int) int {
	m := &s.Mappings[mi]
	count := m.deliveries(n)
	r := s.Streams[m.source].Records.At(n - 1)
	if !m.started || r.Shard < 0 {
		return count
	}
	if l, at := m.Iterators[r.Shard].laneOfRecord(int32(n)); l != nil && l.invocation >= 0 && l.part().Lo <= at && at < l.part().Hi {
		count++
	}
	return count
}

// Failures is how many of the invocations that record n of mapping mi's stream was handed
// to have failed with it.
func (s *Sim) Failures(mi, n int) int { return int(s.Mappings[mi].tries.At(n - 1).failures) }

// NextRecord is the label number of the first record that an iterator has not
// finished, 0 if there is none.
func (s *Sim) NextRecord(mi int, shard int) int32 {
	m := &s.Mappings[mi]
	if !m.started || shard >= len(m.Iterators) {
		return 0
	}
	sh := &s.Streams[m.source].Shards[shard]
	if it := &m.Iterators[shard]; int(it.Next) < sh.Len() {
		return sh.at(it.Next)
	}
	return 0
}

// Behind counts the records of a shard from the iterator's next one on.
func (s *Sim) Behind(mi int, shard int) int {
	m := &s.Mappings[mi]
	sh := &s.Streams[m.source].Shards[shard]
	if !m.started || shard >= len(m.Iterators) {
		return sh.Len() - int(sh.Trim)
	}
	return sh.Len() - int(m.Iterators[shard].Next)
}

// Age is how long ago the next record of an iterator was put; 0 if none waits.
func (s *Sim) Age(mi int, shard int) Micros {
	n := s.NextRecord(mi, shard)
	if n == 0 {
		return 0
	}
	return s.now - s.Streams[s.Mappings[mi].source].Records.At(int(n)-1).At
}

// LanesAhead is how many records after the checkpoint the lanes of a shard have
// read, and how many they may read while one is blocked (MAP-LANE-3).
func (s *Sim) LanesAhead(mi, shard int) (ahead, most int) {
	r := s.iterator(int32(mi), int32(shard))
	return int(r.it.Read - r.it.Next), int(r.lookAheadLimit() - r.it.Next)
}

// Attempts is how many invocations the current piece has had: that of the first
// blocked lane, else of the first lane with a batch.
func (s *Sim) Attempts(mi int, shard int) int {
	if l := s.ActiveLane(mi, shard); l != nil && len(l.Parts) > 0 {
		return int(l.part().Tries)
	}
	return 0
}

// ActiveLane is the most telling lane of an iterator: the first that is
// blocked, else the first with a batch, else the first. It is nil before the
// mapping was first Enabled.
func (s *Sim) ActiveLane(mi, shard int) *Lane {
	m := &s.Mappings[mi]
	if shard >= len(m.Iterators) {
		return nil
	}
	lanes := m.Iterators[shard].Lanes
	best := &lanes[0]
	for i := range lanes {
		l := &lanes[i]
		if l.Blocked {
			return l
		}
		if len(best.Parts) == 0 && len(l.Parts) > 0 {
			best = l
		}
	}
	return best
}

// Blocked reports whether a lane of the iterator is blocked.
func (it *Iterator) Blocked() bool { return it.blocked() }

// Part returns the next piece of the lane's batch, and its records; nil if
// there is none.
func (l *Lane) Part() (*Part, []int32) {
	if len(l.Parts) == 0 {
		return nil, nil
	}
	return l.part(), l.records()
}

// Started reports whether the mapping has ever been Enabled: before that it has
// no iterators.
func (m *Mapping) Started() bool { return m.started }

// Readers lists the mappings that read stream si.
func (s *Sim) Readers(si int) []int32 { return s.Streams[si].mappings }

// Sources counts the streams and queues that a mapping reads.
func (s *Sim) Sources() int {
	n := 0
	for i := range s.Streams {
		n += min(1, len(s.Streams[i].mappings))
	}
	for i := range s.Queues {
		n += min(1, len(s.Queues[i].mappings))
	}
	return n
}

// Retained counts the records a stream holds.
func (s *Sim) Retained(si int) int {
	n := 0
	for i := range s.Streams[si].Shards {
		sh := &s.Streams[si].Shards[i]
		n += sh.Len() - int(sh.Trim)
	}
	return n
}

// Delivered lists the discards whose failure records are in a destination, in
// order: indices into Discards.
func (s *Sim) Delivered(destination int) []int32 {
	if s.cfg.Target(int32(destination)) != nil {
		return s.target(int32(destination)).Discards
	}
	var out []int32
	for _, msg := range s.PutTo(destination) {
		if msg.Discard >= 0 {
			out = append(out, msg.Discard)
		}
	}
	return out
}

// DeliveriesFailed counts the failure records that did not reach a destination.
func (s *Sim) DeliveriesFailed(destination int) int64 {
	if s.cfg.Target(int32(destination)) != nil {
		return s.target(int32(destination)).failed
	}
	return s.Queues[destination].failed
}
