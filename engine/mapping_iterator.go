package engine

import (
	"esmlab/engine/internal/random"
	"esmlab/engine/rule"
)

// Limits of reading a shard and of an invocation (S-2, S-6.1, S-E49).
const (
	payloadMax = 6 << 20    // synchronous invocation, base64 counted in
	fullPause  = 5 * Second // after an answer of 10 MB
)

// start resolves the starting position in a shard (MAP-START-1, -2, -3).
func (r iteratorRef) start(shard int32) {
	sh := &r.st.Shards[shard]
	pos, why := sh.Trim, rule.MapStartTrim
	switch r.cfg.Mappings[r.mi].Start {
	case Latest:
		pos, why = int32(sh.Len()), rule.MapStartLatest
	case AtTimestamp:
		why = rule.MapStartTimestamp
		from := Micros(r.cfg.Mappings[r.mi].StartTimestamp - r.cfg.Start)
		for int(pos) < sh.Len() && r.st.arrival(sh.at(pos)) < from {
			pos++
		}
	}
	r.it.Shard = shard
	if r.m.renewed {
		pos = r.startAnew(pos, why)
	}
	r.m.reads.Remove(shard)
	*r.it = Iterator{Shard: shard, Next: pos, Read: pos, nextRead: r.now, Lanes: r.newLanes(r.m), gen: r.nextGen()}
	if r.m.renewed {
		return
	}
	if missed := sh.Between(sh.Trim, pos); len(missed) > 0 {
		for _, n := range missed {
			r.m.finalize(n, StateMissed, r.now)
		}
		r.emit(&Event{Kind: KindMiss, Rule: why, Records: missed})
	}
}

// resume lets an iterator read again from its checkpoint. What has expired in
// the meantime is lost (MAP-STATE-4).
func (r iteratorRef) resume() {
	it := r.it
	if it.isRunning() {
		return // it continues when the invocation has ended
	}
	it.Lanes = r.newLanes(r.m)
	if it.gap {
		it.gap = false
		r.emitCheckpoint(ruleOr(it.redeliveryRule == rule.MapResume, rule.MapResumeLost, rule.MapExpired))
	}
	it.nextRead = r.now
	r.scheduleRead()
}

// isRunning reports whether an invocation of the iterator is under way.
func (it *Iterator) isRunning() bool {
	for i := range it.Lanes {
		if it.Lanes[i].Phase == PhaseRunning {
			return true
		}
	}
	return false
}

// rewind moves an iterator back to its checkpoint, as soon as no invocation is
// under way. Records finished beyond it will be delivered again (MAP-STATE-5):
// their last state is undone.
func (r iteratorRef) rewind() {
	it := r.it
	it.gen++
	it.hitLimit = false
	r.m.reads.Remove(it.Shard)
	if it.isRunning() {
		return
	}
	sh := r.shard()
	if gone := min(sh.Trim, it.Read); gone > it.Next { // records that have expired in hand are lost now
		for _, n := range sh.Between(it.Next, gone) {
			r.m.finalize(n, StateExpired, r.now)
		}
		it.Next, it.gap = gone, true
	}
	for _, n := range sh.Between(it.Next, it.Read) {
		r.m.reopen(n)
	}
	it.Read = it.Next
}

// hasCapacity reports whether some lane of the iterator has room for what a
// read would return.
func (it *Iterator) hasCapacity() bool {
	for i := range it.Lanes {
		if it.Lanes[i].isFree() {
			return true
		}
	}
	return false
}

// scheduleRead schedules the next read of a shard if it would return something.
// Polls that would be empty are not scheduled: they are skipped, a whole
// interval each.
func (r iteratorRef) scheduleRead() {
	it := r.it
	if r.m.reads.Has(it.Shard) || !r.m.isPolling() || !it.hasCapacity() || r.readable() <= 0 && !r.pollsInVain() || !r.parentsFinished() {
		return
	}
	if it.nextRead < r.now {
		if r.m.standard {
			it.nextRead += (r.now - it.nextRead + r.st.poll - 1) / r.st.poll * r.st.poll
		} else {
			it.nextRead = r.now // pushed
		}
	}
	r.m.reads.Add(it.Shard)
	r.schedule(it.nextRead, rankRead.order(uint64(r.mi)<<32|uint64(it.Shard)), task{kind: taskRead, a: r.mi, b: it.Shard, gen: it.gen})
}

// pollsInVain reports whether polls that bring nothing matter: they take from
// what the standard readers of a shard share.
func (r iteratorRef) pollsInVain() bool { return r.st.contended && r.m.standard && !r.ended() }

// ended reports whether the shard is no longer polled: a closed shard that was read
// to its end has no next iterator, and a deleted stream answers nobody.
func (r iteratorRef) ended() bool {
	return r.shardReadToEnd() || r.st.removed && r.st.Kind == Kinesis
}

// readable is how many records a read may return: all there are, or up to the
// look-ahead limit while one of several lanes is blocked (MAP-LANE-3).
func (r iteratorRef) readable() int {
	it := r.it
	unread := r.shard().Len() - int(it.Read)
	if len(it.Lanes) > 1 && it.blocked() {
		unread = min(unread, int(r.lookAheadLimit()-it.Read))
	}
	return unread
}

// lookAheadLimit is the position that no lane passes while another is blocked.
func (r iteratorRef) lookAheadLimit() int32 {
	return r.it.Next + int32(r.cfg.Chosen.LookAhead)*int32(r.m.BatchSize)
}

// blocked reports whether a lane of the iterator is blocked.
func (it *Iterator) blocked() bool {
	for i := range it.Lanes {
		if it.Lanes[i].Blocked {
			return true
		}
	}
	return false
}

// readDue carries out a scheduled read.
func (s *Sim) readDue(t task) {
	r := s.iterator(t.a, t.b)
	if t.gen != r.it.gen {
		return
	}
	r.m.reads.Remove(r.it.Shard)
	if r.ended() {
		return
	}
	if r.it.hasCapacity() { // else the lane that becomes free schedules it
		r.read()
	}
}

// read reads a shard: all there is, up to the limits of GetRecords.
func (r iteratorRef) read() {
	it, m, st, sh := r.it, r.m, r.st, r.shard()
	if m.standard {
		if by := st.takeReadCapacity(sh, r.now); by != "" {
			r.emit(&Event{Kind: KindReadThrottled, Rule: by})
			it.nextRead = max(r.now+r.readRetryDelay(), sh.readPause)
			it.throttled = true
			r.scheduleRead()
			return
		}
	}
	if !m.standard && r.subscribedElsewhere() {
		return
	}
	child := it.readAt == 0 && len(sh.Parents) > 0
	it.readAt, it.pollAt = r.now, r.now+m.pollInterval(st)
	if st.contended && m.standard {
		it.pollAt = r.now + st.poll/2 + r.drawReadDelay(st.poll)
	}
	it.nextRead = it.pollAt
	if d := r.streamDenied(m, false); d != nil {
		r.emitDenied(d, rule.MapDenied)
		return // `allow` schedules it
	}
	nums, bytes, followUp := r.unread[:0], 0, it.hitLimit
	from, to := it.Read, it.Read+int32(max(0, r.readable()))
	most := min(to, from+int32(st.readMax))
	it.hitLimit = most == from+int32(st.readMax)
	for it.Read < most {
		for _, x := range sh.run(it.Read, most) {
			if bytes += int(x.bytes); bytes > st.readBytes && len(nums) > 0 {
				bytes -= int(x.bytes)
				most, it.hitLimit = it.Read, true
				if st.Kind == Kinesis && m.standard {
					sh.readPause = r.now + fullPause
				}
				break
			}
			m.readKB += units(int64(x.bytes), onDemandKB)
			nums = append(nums, x.n)
			it.Read++
		}
	}
	r.unread = nums
	sh.readBytes.Spend(int64(bytes))
	if len(nums) > 0 {
		by := st.pollRule(it.throttled, !m.standard, it.hitLimit || followUp)
		r.emit(&Event{Kind: KindPoll, Rule: ruleOr(child, rule.KinShardEnd, by), Records: nums})
		r.distributeRead(nums, from)
	}
	it.throttled = false
	r.gatherAll()
}

// distributeRead gives the lanes those records of a read, from a position on, that match
// the filters.
func (r iteratorRef) distributeRead(nums []int32, from int32) {
	it := r.it
	if r.m.FilterCriteria == nil {
		r.distribute(nums, from)
		return
	}
	r.distribute(r.filterRecords(nums), from)
	r.advanceCheckpoint(rule.FilRead)
	if it.hitLimit && it.queuesEmpty() {
		it.nextRead = r.now
	}
}

// readRetryDelay is how long a refused reader waits: the chosen time and up to
// half of it more, but no longer than until a table's next poll. The polls of
// a shard that is asked more than it answers are spread as well: readers that
// stayed in step would always win, and the same one would lose (KIN-SHARE-2).
func (r iteratorRef) readRetryDelay() Micros {
	wait := min(r.cfg.Chosen.ReadRetry, r.st.poll)
	return wait + r.drawReadDelay(wait/2)
}

// drawReadDelay draws a time of whole milliseconds up to a length.
func (r iteratorRef) drawReadDelay(most Micros) Micros {
	luck := random.Draw(r.cfg.Seed, drawRead, uint64(r.mi)<<32|uint64(r.it.Shard), uint64(r.now))
	return Micros(random.Below(luck, uint64(most/Millisecond)+1)) * Millisecond
}

// pollInterval is the time between a mapping's reads: an enhanced fan-out
// consumer is sent records at once.
func (m *Mapping) pollInterval(st *Stream) Micros {
	if m.standard {
		return st.poll
	}
	return 0
}

// emitCheckpoint emits the new checkpoint of a shard.
func (r iteratorRef) emitCheckpoint(by rule.ID) {
	it := r.it
	it.Checkpoint = r.shard().at(it.Next - 1)
	r.emit(&Event{Kind: KindCheckpoint, Rule: by, Record: it.Checkpoint})
}

// advanceCheckpoint moves the checkpoint of a shard to just before the oldest
// record that is not finished.
func (r iteratorRef) advanceCheckpoint(by rule.ID) {
	it := r.it
	first := int32(0)
	for i := range it.Lanes {
		if n := it.Lanes[i].oldestUnfinished(); n > 0 && (first == 0 || n < first) {
			first = n
		}
	}
	next := it.Read
	if first > 0 {
		next = r.shard().position(first, it.Next)
	}
	if next <= it.Next {
		return
	}
	it.Next = next
	r.emitCheckpoint(ruleOr(len(it.Lanes) > 1, rule.MapLaneCheckpoint, by))
	r.finish()
	if len(it.Lanes) > 1 { // lanes that were held at the look-ahead limit continue
		for i := 0; i < len(it.Lanes); i++ {
			if r.it.Lanes[i].isFree() {
				r.lane(i).gather()
			}
		}
		r.scheduleRead()
	}
}
