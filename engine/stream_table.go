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
	item := st.places.At(int(r.Key))
	r.prev, r.prevRow, r.prevBytes = item.item, item.itemRow, item.itemBytes
	switch op {
	case WriteRemove, WriteTTL:
		if r.prev == 0 {
			return false
		}
		r.Op = op
		st.places.Mut(int(r.Key)).item = 0
	default:
		if r.prev == 0 {
			r.Op = WriteInsert
		} else {
			r.Op = WriteModify
			if r.Bytes == r.prevBytes && bytes.Equal(s.renderText(st.Keys[r.Key].Name, int(n), r.row, r.Bytes), s.oldPayload(st, r)) {
				return false
			}
		}
		item := st.places.Mut(int(r.Key))
		item.item, item.itemRow, item.itemBytes = n, r.row, r.Bytes
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
