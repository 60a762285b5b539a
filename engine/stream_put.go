package engine

import (
	"math/bits"

	"esmlab/engine/internal/cow"
	"esmlab/engine/internal/random"
	"esmlab/engine/rule"
)

// This file puts records into streams, within the limits of their shards (KIN-WRITE-1
// to -4).

// putCalls puts n records of a row at this instant, in as many PutRecords calls
// as AWS needs. What is rejected of one call is one event.
func (s *Sim) putCalls(ri int32, n int) {
	if s.rows[ri].stream < 0 {
		if s.rows[ri].isFront {
			s.publishCalls(ri, n)
			return
		}
		s.sendCalls(ri, n)
		return
	}
	si := s.rows[ri].stream
	st := &s.Streams[si]
	if n == 1 {
		s.putOne(ri, &s.rows[ri], st)
		return
	}
	var rejected []int32
	var why Why
	inCall, bytes := 0, int32(0)
	flush := func() {
		if len(rejected) > 0 {
			s.emitRejected(si, rejected, why)
			rejected = rejected[:0]
		}
	}
	for range n {
		w := s.putRecord(ri)
		last := int32(st.Records.Len())
		bytes += st.Records.At(int(last) - 1).Bytes
		if inCall++; inCall > putRecordsMax || bytes > putRecordsBytes || w != WhyNone && w != why {
			flush()
			inCall, bytes = 1, st.Records.At(int(last)-1).Bytes
		}
		if w != WhyNone {
			why = w
			rejected = append(rejected, last)
		}
	}
	flush()
}

// putOne puts one record of a row to its stream.
func (s *Sim) putOne(ri int32, row *trafficRow, st *Stream) {
	if why := s.putInto(ri, row, st); why != WhyNone {
		s.emitRejected(row.stream, []int32{int32(st.Records.Len())}, why)
	}
}

// emitRejected emits which records of a call a stream rejected.
func (s *Sim) emitRejected(si int32, nums []int32, why Why) {
	s.emit(&Event{Kind: KindReject, Rule: s.rejectRule(&s.Streams[si], why), Source: si, Records: nums, Why: why})
}

func (s *Sim) rejectRule(st *Stream, w Why) rule.ID {
	switch w {
	case WhyRecords, WhyBytes:
		if w == WhyBytes && st.Raised() {
			return rule.KinWriteTank
		}
		if st.OnDemand() {
			return ruleOr(len(st.open) >= s.mostShards(), rule.KinScaleMost, rule.KinScaleLimit)
		}
		return ruleOr(w == WhyRecords, rule.KinWriteRecords, rule.KinWriteBytes)
	case WhyBurst:
		return rule.KinWriteBurst
	case WhyGone:
		return ruleOr(st.Kind == DynamoDB, rule.DdbDelete, rule.KinDelete)
	case WhyTooLarge:
		return rule.KinSize
	case WhyInternal:
		return rule.PutFails
	}
	return rule.KinShardNamed
}

// putRecord puts one record of a row now. It returns why the stream rejected
// it; the record keeps its number all the same.
func (s *Sim) putRecord(ri int32) Why {
	row := &s.rows[ri]
	return s.putInto(ri, row, &s.Streams[row.stream])
}

// putInto is putRecord where the row and its stream are at hand.
func (s *Sim) putInto(ri int32, row *trafficRow, st *Stream) Why {
	if st.Records.Len()%cow.ChunkLen == 0 {
		s.letGoRecords(st)
	}
	n := int32(st.Records.Len() + 1)
	turn := row.nextN
	row.nextN++
	ki := row.keys[0]
	if len(row.keys) > 1 {
		if row.Random {
			ki = row.keys[random.Below(random.Draw(s.cfg.Seed, drawKey, uint64(ri), uint64(turn)), uint64(len(row.keys)))]
		} else {
			ki = row.keys[uint32(turn)%uint32(len(row.keys))]
		}
	}
	r := st.Records.Grow()
	r.At, r.Key, r.row = s.now, ki, ri
	place := st.places.At(int(ki))
	r.Shard = place.shard
	if row.Shard >= 0 {
		r.Shard = int32(row.Shard)
		if row.Shard < len(st.Shards) && st.Shards[row.Shard].Closed { // its hash range belongs to another shard now
			r.Shard = st.shardForHash(st.Shards[row.Shard].Lo)
		}
	}
	if r.Auto = st.Auto(); r.Auto {
		r.Shard = st.open[st.turn%len(st.open)]
		st.turn++
	}
	if row.Size > 0 {
		r.Bytes = int32(row.Size)
	} else {
		r.Bytes = int32(row.fixedLen+row.ns*digits(n)) + int32(row.ks)*place.bytes
		if !r.Auto { // else its key takes no bytes (KeyOf)
			r.Bytes += place.bytes
		}
	}
	why := WhyNone
	switch {
	case st.removed:
		why = WhyGone
	case row.refuse:
		why = WhyInternal
	case st.Kind == DynamoDB && !s.applyWrite(st, r, n):
		return s.putUnchanged(st, row.stream, r, n)
	case int(r.Shard) >= len(st.Shards):
		why = WhyNoShard
	case st.writeLimit && int(r.Bytes) > st.MaxRecordBytes():
		why = WhyTooLarge
	case st.writeLimit:
		why = st.Shards[r.Shard].takeWriteCapacity(s.now, s.cfg.Chosen.WriteBurst, st.Raised(), r.Bytes)
	}
	if why != WhyNone {
		r.Shard = -1
		s.trackPut(st, StateRejected)
		return why
	}
	st.largest = max(st.largest, r.Bytes)
	sh := &st.Shards[r.Shard]
	r.Pos = int32(sh.Len())
	in := sh.records.Grow()
	in.n, in.bytes, in.key = n, r.Bytes, ki
	if r.Auto {
		in.key = -1
	}
	if st.OnDemand() {
		s.measure(row.stream, r.Shard, r.Bytes)
	}
	st.putUnits += units(int64(r.Bytes), putUnit)
	st.putKB += units(int64(r.Bytes), onDemandKB)
	s.emitted++
	if s.keep {
		s.emitPut(row, n, st, r)
	}
	if !sh.expiryScheduled {
		s.scheduleExpiry(row.stream, r.Shard)
	}
	for _, mi := range st.mappings {
		m := &s.Mappings[mi]
		m.Track.Grow()
		if m.started && !m.reads.Has(r.Shard) {
			s.iterator(mi, r.Shard).scheduleRead()
		}
	}
	return WhyNone
}

// trackPut notes in each mapping of a stream what became of a record that no shard has.
func (s *Sim) trackPut(st *Stream, final RecordState) {
	for _, mi := range st.mappings {
		m := &s.Mappings[mi]
		m.Track.Append(trackOf(final, 0))
		m.Counts.States[final]++
	}
}

// putRule is the rule by which a record came to its shard.
func (row *trafficRow) putRule(st *Stream, r *Record) rule.ID {
	switch {
	case row.by != "":
		return row.by
	case r.Op == WriteTTL:
		return rule.DdbTTL
	case st.Kind == DynamoDB:
		return rule.DdbStream
	case r.Auto:
		return rule.KinAuto
	case row.Shard >= 0:
		return rule.KinShardNamed
	}
	return rule.KinHash
}

// takeWriteCapacity takes a record from the shard's write limits, or returns
// which limit it exceeds (KIN-WRITE-1 to -4). raised tells that the stream takes
// larger records than others.
func (sh *Shard) takeWriteCapacity(now, burst Micros, raised bool, bytes int32) Why {
	tank := burst
	if raised {
		tank = max(burst, writeTank)
	}
	sh.writes.Refill(int64(now), shardRecordsPerSecond, int64(burst))
	sh.writeBytes.Refill(int64(now), shardBytesPerSecond, int64(tank))
	if sh.writes.IsFull(shardRecordsPerSecond, int64(burst)) {
		sh.fullAt = now
	}
	if !sh.writes.Has(1) {
		if sh.fullAt == now { // too many at one instant, not too many per second
			return WhyBurst
		}
		return WhyRecords
	}
	if !sh.writeBytes.Take(int64(bytes)) {
		return WhyBytes
	}
	sh.writes.Spend(1)
	return WhyNone
}

// digits counts the decimal digits of a positive number.
func digits(n int32) int {
	d := bits.Len32(uint32(n)) * 1233 >> 12 // log 2 is about 1233/4096
	if uint64(n) >= powersOfTen[d] {
		d++
	}
	return d
}

var powersOfTen = [...]uint64{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000}
