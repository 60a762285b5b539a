package engine

import (
	"esmlab/engine/internal/cow"
)

// This file drops records that nothing can ask for again, so that memory
// grows with what a stream retains and not with what has passed through it.
// Their last state is kept: one byte for a chunk of records with the same last
// state, otherwise one byte for each record.

// statesKept is of how many chunks of records or messages that are no longer known
// the last states are kept.
const statesKept = 1 << 16

// settledKept is how many settled records are kept in full, so that what is on
// a screen stays available.
const settledKept = 64 * cow.ChunkLen * 4

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

// compact drops chunks of records that are past their retention period and
// finished by every mapping, and positions that a shard no longer needs.
func (s *Sim) compact(si, shard int32) {
	st := &s.Streams[si]
	sh := &st.Shards[shard]
	for st.settled < st.Records.Len() && s.isSettled(st, st.settled) {
		st.settled++
		if k := (st.settled - settledKept) / cow.ChunkLen; st.settled >= settledKept+cow.ChunkLen && (st.settled-settledKept)%cow.ChunkLen == 0 {
			for _, mi := range st.mappings {
				m := &s.Mappings[mi]
				m.compacted = append(m.compacted, compact(func(i int) RecordState { return m.Track.Chunk(k - 1)[i].final }))
				m.Track.Drop(k - 1)
			}
			st.Records.Drop(k - 1)
		}
	}
	needed := sh.Trim
	for _, mi := range st.mappings {
		if m := &s.Mappings[mi]; m.started {
			needed = min(needed, m.Iterators[shard].Next-1) // the checkpoint is the one before Next
		}
	}
	if free := int(needed - sh.base); free >= cow.ChunkLen && 2*free >= len(sh.records) {
		sh.records, sh.base = append([]int32(nil), sh.records[free:]...), needed
	}
}

// isSettled reports whether record i+1 is past its retention period, and
// finished by every mapping together with all before it in its shard.
func (s *Sim) isSettled(st *Stream, i int) bool {
	r := st.Records.At(i)
	if r.Shard < 0 {
		return true
	}
	if r.Pos >= st.Shards[r.Shard].Trim {
		return false
	}
	for _, mi := range st.mappings {
		m := &s.Mappings[mi]
		if m.Track.At(i).final == StateNone || m.started && r.Pos >= m.Iterators[r.Shard].Next {
			return false
		}
	}
	return true
}

// set changes a last state.
func (p *compactedChunk) set(i int, state RecordState) {
	if p.state(i) != state {
		*p = compact(func(k int) RecordState {
			if k == i {
				return state
			}
			return p.state(k)
		})
	}
}

// compact makes a compactedChunk of the last states of a chunk.
func compact(state func(i int) RecordState) compactedChunk {
	p := compactedChunk{all: state(0)}
	for i := 1; i < cow.ChunkLen; i++ {
		if state(i) != p.all {
			p.each = make([]RecordState, cow.ChunkLen)
			for k := range p.each {
				p.each[k] = state(k)
			}
			break
		}
	}
	return p
}
