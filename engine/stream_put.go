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
	if n == 1 {
		s.putOne(ri)
		return
	}
	si := s.rows[ri].stream
	st := &s.Streams[si]
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
func (s *Sim) putOne(ri int32) {
	if why := s.putRecord(ri); why != WhyNone {
		si := s.rows[ri].stream
		s.emitRejected(si, []int32{int32(s.Streams[si].Records.Len())}, why)
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
	si := row.stream
	st := &s.Streams[si]
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
	key := &st.Keys[ki]
	place := st.places.At(int(ki))
	r := Record{At: s.now, Key: ki, Shard: place.shard, row: ri}
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
		r.Bytes = int32(row.fixedLen + row.ns*digits(n) + row.ks*len(key.Name) + len(st.KeyOf(&r)))
	}
	if st.Kind == DynamoDB && !st.removed && !row.refuse && !s.applyWrite(st, &r, n) {
		return s.putUnchanged(st, si, r, n)
	}
	why := WhyNone
	switch {
	case st.removed:
		why = WhyGone
	case row.refuse:
		why = WhyInternal
	case int(r.Shard) >= len(st.Shards):
		why = WhyNoShard
	case st.writeLimit && int(r.Bytes) > st.MaxRecordBytes():
		why = WhyTooLarge
	case st.writeLimit:
		why = st.Shards[r.Shard].takeWriteCapacity(s.now, s.cfg.Chosen.WriteBurst, st.Raised(), r.Bytes)
	}
	if why != WhyNone {
		r.Shard = -1
		st.Records.Append(r)
		for _, mi := range st.mappings {
			m := &s.Mappings[mi]
			m.Track.Append(Track{final: StateRejected})
			m.Counts.States[StateRejected]++
		}
		return why
	}
	st.largest = max(st.largest, r.Bytes)
	sh := &st.Shards[r.Shard]
	r.Pos = int32(sh.Len())
	sh.records.Append(n)
	st.Records.Append(r)
	by := ruleOr(row.Shard >= 0, rule.KinShardNamed, rule.KinHash)
	if r.Auto {
		by = rule.KinAuto
	}
	if st.Kind == DynamoDB {
		by = ruleOr(r.Op == WriteTTL, rule.DdbTTL, rule.DdbStream)
	}
	if row.by != "" {
		by = row.by
	}
	if st.OnDemand() {
		s.measure(si, r.Shard, r.Bytes)
	}
	st.putUnits += units(int64(r.Bytes), putUnit)
	st.putKB += units(int64(r.Bytes), onDemandKB)
	s.emitPut(by, si, n, &r)
	if row.of > 0 && s.keep {
		s.events[len(s.events)-1].Of = row.of
	}
	if !sh.expiryScheduled {
		s.scheduleExpiry(si, r.Shard)
	}
	for _, mi := range st.mappings {
		m := &s.Mappings[mi]
		m.Track.Append(Track{})
		if m.started && !m.Iterators[r.Shard].readScheduled {
			s.iterator(mi, r.Shard).scheduleRead()
		}
	}
	return WhyNone
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
