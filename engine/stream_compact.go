package engine

import (
	"esmlab/engine/internal/cow"
)

// This file drops records that nothing can ask for again, so that memory
// grows with what a stream retains and not with what has passed through it.
// Their last state is kept: one byte for a chunk of records with the same last
// state, otherwise one byte for each record.

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
				m.compacted = append(m.compacted, compactChunk(&m.Track, k-1))
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

func compactChunk(l *cow.List[Track], k int) compactedChunk {
	chunk := l.Chunk(k)
	p := compactedChunk{all: chunk[0].final}
	for i := range chunk {
		if chunk[i].final != p.all {
			p.each = make([]RecordState, len(chunk))
			for j := range chunk {
				p.each[j] = chunk[j].final
			}
			break
		}
	}
	return p
}
