package engine

import (
	"bytes"

	"esmlab/engine/rule"
)

// applyWrite carries out a write to a table's item and reports whether it
// changed something: only then does the stream have a record of it
// (DDB-STREAM-2).
func (s *Sim) applyWrite(st *Stream, r *Record, n int32) bool {
	op := s.rows[r.row].Op
	if op == WriteAuto {
		op = WriteModify
	}
	old := st.items.At(int(r.Key))
	switch op {
	case WriteRemove, WriteTTL:
		if old.n == 0 {
			return false
		}
		r.Op = op
		st.items.Mut(int(r.Key)).n = 0
	default:
		is := image{n, r.row, r.Bytes}
		if old.n == 0 {
			r.Op = WriteInsert
		} else {
			r.Op = WriteModify
			key := st.Keys[r.Key].Name
			if is.bytes == old.bytes && bytes.Equal(s.imageText(key, is), s.imageText(key, old)) {
				return false
			}
		}
		*st.items.Mut(int(r.Key)) = is
	}
	if old.n > 0 {
		*st.oldImages.Mut(int(n) - 1) = old
	}
	return true
}

// putUnchanged counts a write that changed nothing: it keeps its number.
func (s *Sim) putUnchanged(st *Stream, si int32, r *Record, n int32) Why {
	r.Shard = -1
	s.trackPut(st, StateUnchanged)
	s.emit(&Event{Kind: KindUnchanged, Rule: rule.DdbNoop, Source: si, Record: n, Key: r.Key, Records: []int32{n}})
	return WhyNone
}

// EventName is what DynamoDB Streams calls a write.
func (o WriteOp) EventName() string {
	switch o {
	case WriteInsert:
		return "INSERT"
	case WriteRemove, WriteTTL:
		return "REMOVE"
	}
	return "MODIFY"
}
