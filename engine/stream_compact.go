package engine

import (
	"math"
	"slices"

	"esmlab/engine/internal/cow"
)

// This file drops records that every mapping has finished, so that memory grows
// with what waits and not with what has passed. What stays is their last state (one
// byte for a chunk of records with the same last state, otherwise one byte for each
// record) and, until they expire, when they came.

// statesKept is of how many chunks of records or messages that are no longer known
// the last states are kept.
const statesKept = 1 << 16

// recordsKept is how many of a stream's newest records are kept in full,
// whatever became of them, so that what is on a screen stays available.
const recordsKept = 32 * cow.ChunkLen

// compactedChunk holds the last states of a chunk of records in one mapping.
type compactedChunk struct {
	all  RecordState   // if each is nil
	each []RecordState // never written to again
}

func (p *compactedChunk) state(i int) RecordState {
	if p.each == nil {
		return p.all
	}
	return p.each[i]
}

// arrivals are when the records of a dropped chunk came: until they expire nothing
// else of them is needed.
type arrivals struct {
	first Micros
	after []uint32 // how long after first each came; nil: all have expired
}

// arrival is when record n came, which the stream retains.
func (st *Stream) arrival(n int32) Micros {
	if st.Records.Holds(int(n) - 1) {
		return st.Records.At(int(n) - 1).At
	}
	c := st.past.At(int(n-1) / cow.ChunkLen)
	return c.first + Micros(c.after[int(n-1)%cow.ChunkLen])
}

// letGoRecords lets go of records that every mapping has finished. It is called each
// time a chunk is full.
func (s *Sim) letGoRecords(st *Stream) {
	if s.cfg.KeepRecords {
		return
	}
	if c := (st.Records.Len()-s.recordsKept)/cow.ChunkLen - 1; c >= 0 && !s.dropRecords(st, c) {
		st.unready = append(st.unready, int32(c))
	}
	for range min(4, len(st.unready)) { // more than come, so that none stays for long
		c := st.unready[0]
		st.unready = st.unready[1:]
		if !s.dropRecords(st, int(c)) {
			st.unready = append(st.unready, c)
		}
	}
	if st.expired >= st.past.Len() || st.Records.HoldsChunk(st.expired) {
		return
	}
	if st.past.At(st.expired).first+st.Retention > s.now && !st.removed && len(st.olds) == 0 {
		return // nothing in it can have expired: no need to ask each shard
	}
	oldest := int32(st.Records.Len() + 1) // of those retained
	for i := range st.Shards {
		if sh := &st.Shards[i]; int(sh.Trim) < sh.Len() {
			oldest = min(oldest, sh.at(sh.Trim))
		}
	}
	for ; st.expired < min(st.past.Len(), int(oldest-1)/cow.ChunkLen) && !st.Records.HoldsChunk(st.expired); st.expired++ {
		st.past.Mut(st.expired).after = nil
		if c := st.expired / cow.ChunkLen; st.expired%cow.ChunkLen == cow.ChunkLen-1 {
			st.past.Drop(c)
			for _, mi := range st.mappings {
				if m := &s.Mappings[mi]; c >= statesKept/cow.ChunkLen {
					m.compacted.Drop(c - statesKept/cow.ChunkLen)
				}
			}
		}
	}
}

// HasLetGo reports whether records that a stream still retains are no longer in memory.
// A mapping that a deployment makes cannot be handed them: Config.KeepRecords.
func (s *Sim) HasLetGo() bool {
	for i := range s.Streams {
		if st := &s.Streams[i]; st.expired < st.past.Len() {
			return true
		}
	}
	return false
}

// dropRecords drops a chunk of records, if every mapping has finished all of them.
func (s *Sim) dropRecords(st *Stream, c int) bool {
	chunk := st.Records.Chunk(c)
	for _, mi := range st.mappings {
		if !s.Mappings[mi].hasFinished(st, c) {
			return false
		}
	}
	if chunk[len(chunk)-1].At-chunk[0].At > math.MaxUint32 {
		return false // it will have expired some day
	}
	for st.past.Len() <= c {
		st.past.Grow()
	}
	if len(st.room)+len(chunk) > cap(st.room) {
		st.room = make([]uint32, 0, 16*len(chunk))
	}
	at, end := len(st.room), len(st.room)+len(chunk)
	st.room = st.room[:end]
	p := arrivals{first: chunk[0].At, after: st.room[at:end:end]}
	for i := range p.after {
		p.after[i] = uint32(chunk[i].At - p.first)
	}
	*st.past.Mut(c) = p
	for _, mi := range st.mappings {
		m := &s.Mappings[mi]
		for m.compacted.Len() <= c {
			m.compacted.Grow()
		}
		track := m.Track.Chunk(c)
		var states [cow.ChunkLen]RecordState
		for i := range track {
			states[i] = track[i].final()
		}
		*m.compacted.Mut(c) = compact(&states)
		m.Track.Drop(c)
		m.tries.Drop(c, m.Track.FirstChunk())
	}
	st.Records.Drop(c)
	st.oldImages.Drop(c, st.Records.FirstChunk())
	return true
}

// hasFinished reports whether a mapping has finished each record of a chunk,
// together with all before it in its shard and in its batch.
func (m *Mapping) hasFinished(st *Stream, c int) bool {
	track, chunk := m.Track.Chunk(c), st.Records.Chunk(c)
	for i := range track { // most often it is this that holds the chunk back
		if f := track[i].final(); f == StateNone || f == StateRunning {
			return false
		}
	}
	if !m.started {
		return true
	}
	for i := range chunk {
		r := &chunk[i]
		if r.Shard < 0 {
			continue
		}
		it := &m.Iterators[r.Shard]
		if r.Pos < it.settled {
			continue
		}
		if it.settled = it.inHand(st); r.Pos >= it.settled {
			return false
		}
	}
	return true
}

// inHand is the position of the first record that is not finished, or is in a batch
// that is not.
func (it *Iterator) inHand(st *Stream) int32 {
	first := it.Next
	for i := range it.Lanes {
		if nums := it.Lanes[i].Records; len(nums) > 0 {
			first = min(first, st.Records.At(int(nums[0])-1).Pos)
		}
	}
	return first
}

// releasePositions drops positions that a shard no longer needs.
func (s *Sim) releasePositions(si, shard int32) {
	st := &s.Streams[si]
	sh := &st.Shards[shard]
	needed := sh.Trim
	for _, mi := range st.mappings {
		if m := &s.Mappings[mi]; m.started {
			needed = min(needed, m.Iterators[shard].Next-1) // the checkpoint is the one before Next
		}
	}
	for c := sh.records.FirstHeld() / cow.ChunkLen; (c+1)*cow.ChunkLen <= int(needed); c++ {
		sh.records.Drop(c)
	}
}

// set changes a last state.
func (p *compactedChunk) set(i int, state RecordState) {
	if p.state(i) == state {
		return
	}
	var states [cow.ChunkLen]RecordState
	for k := range states {
		states[k] = p.state(k)
	}
	states[i] = state
	*p = compact(&states)
}

// compact makes a compactedChunk of the last states of a chunk.
func compact(states *[cow.ChunkLen]RecordState) compactedChunk {
	for _, state := range states {
		if state != states[0] {
			return compactedChunk{each: slices.Clone(states[:])}
		}
	}
	return compactedChunk{all: states[0]}
}
