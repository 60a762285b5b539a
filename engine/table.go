package engine

import (
	"bytes"

	"esmlab/engine/rule"
)

// writeItem carries out a write to a table's item and tells whether it changed
// something: only then the stream has a record of it (DDB-NOOP-1).
func (s *Sim) writeItem(st *Stream, key *Key, r *Record, n int32) bool {
	op := s.Rows[r.Row].Op
	if op == WriteAuto {
		op = WriteModify
	}
	r.Prev, r.prevRow, r.prevBytes = key.item, key.itemRow, key.itemBytes
	switch op {
	case WriteRemove, WriteTTL:
		if key.item == 0 {
			return false
		}
		r.Op = op
		key.item = 0
	default:
		if key.item == 0 {
			r.Op = WriteInsert
		} else {
			r.Op = WriteModify
			if bytes.Equal(s.PayloadOf(st, r, int(n)), s.OldPayload(st, r)) {
				return false
			}
		}
		key.item, key.itemRow, key.itemBytes = n, r.Row, r.Bytes
	}
	return true
}

// unchanged keeps the number of a write that changed nothing.
func (s *Sim) unchanged(st *Stream, si int32, r Record, n int32) Why {
	r.Shard = -1
	st.Records.append(r)
	for _, mi := range st.mappings {
		m := &s.Mappings[mi]
		m.Track.append(Track{final: StateUnchanged})
		m.Counts.States[StateUnchanged]++
	}
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
