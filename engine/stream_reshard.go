package engine

import (
	"esmlab/engine/internal/uint128"
	"slices"

	"esmlab/engine/rule"
	"esmlab/engine/setting"
)

// reshard closes shards and opens children with the given hash ranges. A
// child's parents are the closed shards whose ranges it overlaps.
func (s *Sim) reshard(si int32, closed []int, ranges [][2]uint128.Int, by rule.ID) {
	st := &s.Streams[si]
	for _, k := range closed {
		st.Shards[k].Closed = true
	}
	for _, r := range ranges {
		sh := Shard{Lo: r[0], Hi: r[1]}
		for _, k := range closed {
			if p := &st.Shards[k]; !r[1].Less(p.Lo) && !p.Hi.Less(r[0]) {
				sh.Parents = append(sh.Parents, int32(k))
			}
		}
		s.fillBuckets(st, &sh)
		st.Shards = append(st.Shards, sh)
	}
	st.indexOpenShards(s.now)
	for i := range st.Keys {
		st.places.Mut(i).shard = st.shardForHash(st.Keys[i].hash)
	}
	s.emit(&Event{Kind: KindShards, Rule: by, Source: si, Shard: int32(len(st.Shards))})
	for _, mi := range st.mappings {
		m := &s.Mappings[mi]
		if !m.started {
			continue
		}
		for k := len(m.Iterators); k < len(st.Shards); k++ {
			m.Iterators = append(m.Iterators, Iterator{Shard: int32(k), nextRead: s.now, Lanes: s.newLanes(m)})
		}
		for _, k := range closed { // records gathered there wait for no more
			r := s.iterator(mi, int32(k))
			r.gatherAll()
			r.finish()
		}
		for k := len(st.Shards) - len(ranges); k < len(st.Shards); k++ {
			s.iterator(mi, int32(k)).emitWait()
		}
	}
}

// shardReadToEnd reports whether a closed shard was read to its end.
func (r iteratorRef) shardReadToEnd() bool {
	sh := r.shard()
	return sh.Closed && int(r.it.Read) == sh.Len()
}

// parentsFinished reports whether an iterator may read its shard: children wait
// until the shards they came from are finished, an empty one among them only
// after its own parents (KIN-RESHARD-2).
func (r iteratorRef) parentsFinished() bool {
	if r.m.until > 0 && r.it.Shard >= r.m.until {
		return false // of a stream that only its successor reads
	}
	for _, p := range r.shard().Parents {
		if !r.m.Iterators[p].Finished {
			return false
		}
	}
	return true
}

// emitWait emits that a new shard is not read yet, and which shard must be
// finished first.
func (r iteratorRef) emitWait() {
	for _, p := range r.shard().Parents {
		if !r.m.Iterators[p].Finished {
			r.emit(&Event{Kind: KindWait, Rule: rule.KinShardEnd, From: p})
			return
		}
	}
}

// finish notes that a closed shard is finished, if it is now, and lets its
// children be read from their start. An empty child that is closed is finished
// with it.
func (r iteratorRef) finish() {
	sh := r.shard()
	if r.it.Finished || !sh.Closed || int(r.it.Next) != sh.Len() || !r.parentsFinished() {
		return
	}
	r.it.Finished = true
	for k := int(r.it.Shard) + 1; k < len(r.m.Iterators); k++ { // children are younger
		if !slices.Contains(r.st.Shards[k].Parents, r.it.Shard) {
			continue
		}
		child := r.iterator(r.mi, int32(k))
		child.finish()
		if child.it.readAt == 0 && child.it.nextRead < r.now { // it is discovered now
			child.it.nextRead = r.now
			for i := range child.it.Lanes {
				child.it.Lanes[i].windowStart = r.now
			}
		}
		child.scheduleRead()
	}
}

// refuseReshard refuses a command that changes the shards of a stream whose
// service manages them.
func (s *Sim) refuseReshard(si int, c Command) *Refusal {
	st := &s.Streams[si]
	in := setting.Kinesis
	if st.Kind == DynamoDB {
		in = setting.DynamoDB
	}
	r := st.CheckReshard(in)
	if r != nil {
		r.What = c.Op.String() + " " + c.Target
	}
	return r
}

// doSplit splits one shard in the middle of its hash range.
func (s *Sim) doSplit(c Command) *Refusal {
	si := s.StreamIndex(c.Target)
	if si < 0 {
		return notFound(c, "stream")
	}
	st := &s.Streams[si]
	if r := s.refuseReshard(si, c); r != nil {
		return r
	}
	if len(c.Shards) != 1 || c.Shards[0] < 0 || c.Shards[0] >= len(st.Shards) || st.Shards[c.Shards[0]].Closed {
		return &Refusal{What: "split " + c.Target, Code: "ResourceNotFoundException", Message: "Could not find an open shard of that number in stream " + c.Target, Right: "one open shard"}
	}
	s.emitCommand(KindSplit, c, Value{})
	s.reshard(int32(si), c.Shards, st.Shards[c.Shards[0]].halves(), rule.KinSplit)
	return nil
}

// halves are the two halves of a shard's hash range.
func (sh *Shard) halves() [][2]uint128.Int {
	mid := uint128.Middle(sh.Lo, sh.Hi)
	return [][2]uint128.Int{{sh.Lo, mid}, {mid.Next(), sh.Hi}}
}

// doMerge merges two adjacent shards.
func (s *Sim) doMerge(c Command) *Refusal {
	si := s.StreamIndex(c.Target)
	if si < 0 {
		return notFound(c, "stream")
	}
	if r := s.refuseReshard(si, c); r != nil {
		return r
	}
	st := &s.Streams[si]
	bad := &Refusal{What: "merge " + c.Target, Code: "InvalidArgumentException", Message: "Shards in stream " + c.Target + " are not an adjacent pair of open shards", Right: "two open shards with neighbouring hash ranges"}
	if len(c.Shards) != 2 {
		return bad
	}
	for _, k := range c.Shards {
		if k < 0 || k >= len(st.Shards) || st.Shards[k].Closed {
			return bad
		}
	}
	a, b := &st.Shards[c.Shards[0]], &st.Shards[c.Shards[1]]
	if b.Lo.Less(a.Lo) {
		a, b = b, a
	}
	if a.Hi.Next() != b.Lo {
		return bad
	}
	s.emitCommand(KindMerge, c, Value{})
	s.reshard(int32(si), c.Shards, [][2]uint128.Int{{a.Lo, b.Hi}}, rule.KinSplit)
	return nil
}

// setShardCount carries out UpdateShardCount with uniform scaling.
func (s *Sim) setShardCount(si int32, c Command) *Refusal {
	if r := s.refuseReshard(int(si), c); r != nil {
		return r
	}
	st := &s.Streams[si]
	var open []int
	for k := range st.Shards {
		if !st.Shards[k].Closed {
			open = append(open, k)
		}
	}
	n := int(c.Value.Int)
	switch {
	case c.Value.Kind != ValueInt || n < 1 || n > 10000:
		return &Refusal{What: "set " + c.Target, Code: "InvalidArgumentException", Message: "TargetShardCount cannot be " + c.Value.String(), Right: "1 to 10,000"}
	case n > 2*len(open) || 2*n < len(open):
		return &Refusal{What: "set " + c.Target, Code: "LimitExceededException", Message: "UpdateShardCount cannot scale from " + itoa(len(open)) + " to " + itoa(n) + " open shards", Right: itoa((len(open)+1)/2) + " to " + itoa(2*len(open))}
	}
	s.emitCommand(KindSet, c, IntValue(len(open)))
	if n == len(open) {
		return nil
	}
	ranges := make([][2]uint128.Int, n)
	for i := range ranges {
		ranges[i][0], ranges[i][1] = uint128.Part(i, n)
	}
	s.reshard(si, open, ranges, rule.KinSplit)
	return nil
}

// scheduleRoll schedules when the shards of a table's stream are replaced by
// new ones (DDB-ROLL-1).
func (s *Sim) scheduleRoll(si int32) {
	if every := s.cfg.Chosen.ShardRoll; every > 0 && s.Streams[si].Kind == DynamoDB && !s.Streams[si].removed {
		s.schedule(s.now+every, s.nextDue(), task{kind: taskRoll, a: si})
	}
}

// rollShards closes the open shards of a table's stream: each has one child, with
// the same keys.
func (s *Sim) rollShards(si int32) {
	st := &s.Streams[si]
	var open []int
	var ranges [][2]uint128.Int
	for k := range st.Shards {
		if sh := &st.Shards[k]; !sh.Closed {
			open = append(open, k)
			ranges = append(ranges, [2]uint128.Int{sh.Lo, sh.Hi})
		}
	}
	if !st.removed {
		s.reshard(si, open, ranges, rule.DdbRoll)
	}
	s.scheduleRoll(si)
}
