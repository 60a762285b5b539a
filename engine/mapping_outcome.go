package engine

import "esmlab/engine/rule"

// part is the piece of the batch in hand that is next.
func (l *Lane) part() *Part { return &l.Parts[len(l.Parts)-1] }

// records are the label numbers of the piece in hand.
func (l *Lane) records() []int32 {
	p := l.part()
	return l.Records[p.Lo:p.Hi]
}

// tryNextPart tries the piece of the batch that is next, until one is under way
// or waits, or nothing is left of the batch.
func (s *Sim) tryNextPart(mi int32, it *Iterator, l *Lane) {
	for len(l.Parts) > 0 {
		if s.dropExpiredFront(mi, it, l) || s.discardAgedFront(mi, it, l) {
			l.Parts = l.Parts[:len(l.Parts)-1]
			continue
		}
		s.tryInvoke(mi, it, l)
		return
	}
	s.batchResolved(mi, it, l)
}

// dropExpiredFront cuts from the piece in hand what has left the stream
// (MAP-EXPIRE-1). It gives true when nothing is left of the piece.
func (s *Sim) dropExpiredFront(mi int32, it *Iterator, l *Lane) bool {
	m := &s.Mappings[mi]
	p := l.part()
	st := &s.Streams[m.source]
	trim := st.Shards[it.Shard].Trim
	cut := p.Lo
	for cut < p.Hi && st.Records.At(int(l.Records[cut])-1).Pos < trim {
		cut++
	}
	if cut == p.Lo {
		return false
	}
	for _, n := range l.Records[p.Lo:cut] {
		m.finalize(n, StateExpired, s.now)
	}
	p.Lo = cut
	s.advanceCheckpoint(mi, it, rule.MapExpired)
	return p.Lo == p.Hi
}

// discardAgedFront discards from the piece in hand what is as old as the limit or
// older (MAP-AGE-1). It gives true when nothing is left of the piece.
func (s *Sim) discardAgedFront(mi int32, it *Iterator, l *Lane) bool {
	m := &s.Mappings[mi]
	if m.MaximumRecordAgeInSeconds < 0 {
		return false
	}
	p := l.part()
	st := &s.Streams[m.source]
	limit := Micros(m.MaximumRecordAgeInSeconds) * Second
	cut := p.Lo
	for cut < p.Hi && s.now-st.Records.At(int(l.Records[cut])-1).At >= limit {
		cut++
	}
	if cut == p.Lo {
		return false
	}
	by := rule.MapAge
	switch {
	case p.Tries > 0:
		by = rule.MapAgeTried
	case cut == p.Hi && st.Records.At(int(l.Records[cut-1])-1).At+limit <= m.startedAt: // too old from the start
		by = rule.MapAgeBacklog
	}
	s.discard(mi, it, l, l.Records[p.Lo:cut], RecordAgeExceeded, p.Tries+1, false, by)
	p.Lo = cut
	s.advanceCheckpoint(mi, it, by)
	return p.Lo == p.Hi
}

// tryInvoke hands the piece in hand to the function, or is throttled.
func (s *Sim) tryInvoke(mi int32, it *Iterator, l *Lane) {
	m := &s.Mappings[mi]
	p := l.part()
	if by := s.throttleRule(m.function); by != "" {
		p.Throttles++
		s.emit(&Event{Kind: KindThrottle, Rule: by, Mapping: mi, Function: m.function, Source: m.source, Shard: it.Shard, Lane: it.laneIndex(l), Batch: p.Batch, Records: l.records()})
		s.block(mi, it, l, rule.MapThrottle)
		s.scheduleRetry(mi, it, l, PhaseThrottled, p.Throttles, OutcomeOK, rule.MapThrottleWait)
		return
	}
	p.Tries++
	l.Phase = PhaseRunning
	by := rule.MapInvoke
	switch {
	case p.Tries > 1:
		by = rule.MapRetry
	case it.redeliveryRule != "" && !p.final && m.Track.At(int(l.Records[p.Lo])-1).Deliveries > 0 && p.half == 0 && !p.remainder:
		by = it.redeliveryRule
	case p.remainder:
		by = rule.MapPartial
	case p.half == 1:
		by = rule.MapBisectCount
	case p.half == 2:
		by = rule.MapBisectOrder
	}
	s.invoke(mi, it, l, by)
}

// block says that a shard waits for its batch (MAP-ORDER-1).
func (s *Sim) block(mi int32, it *Iterator, l *Lane, by rule.ID) {
	if l.Blocked {
		return
	}
	l.Blocked, l.BlockedAt = true, s.now
	if by == rule.MapBlock && len(it.Lanes) > 1 {
		by = rule.MapLaneBlock
	}
	s.emit(&Event{Kind: KindBlock, Rule: by, Mapping: mi, Shard: it.Shard, Lane: it.laneIndex(l), Batch: l.Root})
}

// scheduleRetry plans the next try of the piece in hand: before the k-th one
// min(60 s, 0.5 s * 2^(k-1)), both numbers chosen (MAP-RETRY-2, MAP-RETRY-3). o
// is how the last try ended, OutcomeOK where it was throttled.
func (s *Sim) scheduleRetry(mi int32, it *Iterator, l *Lane, phase Phase, k int32, o Outcome, by rule.ID) {
	p := l.part()
	wait := s.cfg.Chosen.RetryWait
	for i := int32(1); i < k && wait < s.cfg.Chosen.RetryWaitMax; i++ {
		wait *= 2
	}
	if wait >= s.cfg.Chosen.RetryWaitMax {
		wait = s.cfg.Chosen.RetryWaitMax
		if by == rule.MapRetryWait {
			by = rule.MapRetryWaitMax
		}
	}
	l.Phase, l.Since, l.Due = phase, s.now, s.now+wait
	s.emit(&Event{Kind: KindRetry, Rule: by, Mapping: mi, Source: s.Mappings[mi].source, Shard: it.Shard, Lane: it.laneIndex(l), Batch: p.Batch,
		Attempt: p.Tries + 1, At2: wait, Outcome: o, Lanes: uint8(len(it.Lanes)), Records: l.records(), Failed: l.FailedRecords})
	s.schedule(l.Due, s.nextDue(), task{kind: taskRetry, a: mi, b: it.Shard, lane: int16(it.laneIndex(l)), gen: l.gen})
}

// retryDue tries again after a wait.
func (s *Sim) retryDue(t task) {
	it := &s.Mappings[t.a].Iterators[t.b]
	if l := it.laneFor(t); l != nil {
		s.tryNextPart(t.a, it, l)
	}
}

// invocationReturned carries on after an invocation of the piece in hand has ended.
func (s *Sim) invocationReturned(mi int32, it *Iterator, l *Lane, inv *Invocation) {
	m := &s.Mappings[mi]
	p := l.part()
	l.Phase = PhaseWaiting
	l.Invocation = -1
	done := p.Lo
	switch inv.Outcome {
	case OutcomeOK:
		done = p.Hi
	case OutcomePartial:
		done = p.Lo + inv.Cut
	}
	for i, n := range l.Records[p.Lo:p.Hi] {
		if p.Lo+int32(i) < done {
			m.finalize(n, StateDone, s.now)
		} else {
			m.Track.Mut(int(n)-1).Failures++
		}
	}
	if done > p.Lo {
		p.Lo = done
		by := rule.MapCheckpoint
		switch {
		case done < p.Hi:
			by = rule.MapPartial
		case len(l.Parts) > 1:
			by = rule.MapCheckpointHalf
		}
		s.advanceCheckpoint(mi, it, by)
	}
	switch {
	case inv.Outcome == OutcomeOK:
		l.Parts = l.Parts[:len(l.Parts)-1]
	case inv.Outcome == OutcomePartial && inv.Cut > 0: // progress: a new batch in all but its number
		l.FailedRecords = append(l.FailedRecords[:0], inv.Failures...)
		p.Tries, p.Throttles, p.remainder = 0, 0, true
	default:
		l.FailedRecords = append(l.FailedRecords[:0], inv.Failures...)
		if !l.halt && s.handleFailure(mi, it, l, inv.Outcome) {
			return
		}
	}
	switch {
	case l.halt:
		if it.isRunning() {
			return // the last one lets go of all
		}
		for j := range it.Lanes {
			s.releaseBatch(mi, it, &it.Lanes[j], rule.MapDisabled)
		}
		s.rewind(mi, it)
		if m.isPolling() { // it was enabled again meanwhile
			s.resumeIterator(mi, it)
		}
	case len(l.Parts) == 0 && len(l.tumble.Window.State) > tumbleStateMax:
		l.tumble.Window.Early = true
		s.invokeFinal(mi, it, l, rule.MapTumbleEarly)
	case len(l.Parts) == 0:
		s.batchResolved(mi, it, l)
	default:
		s.block(mi, it, l, rule.MapBlock)
		s.tryNextPart(mi, it, l)
	}
}

// handleFailure decides what becomes of a failed piece, by the settings of this
// instant: split, else given up, else tried again (S-E52). It gives true when
// the piece now waits for its next try.
func (s *Sim) handleFailure(mi int32, it *Iterator, l *Lane, o Outcome) (waits bool) {
	m := &s.Mappings[mi]
	p := l.part()
	n := p.Hi - p.Lo
	switch {
	case m.BisectBatchOnFunctionError && n > 1:
		s.block(mi, it, l, rule.MapBlock)
		by := rule.MapBisect
		switch {
		case p.Tries > 1:
			by = rule.MapChangeSplit
		case o == OutcomePartial:
			by = rule.MapPartialBisect
		case n%2 == 1:
			by = rule.MapBisectOdd
		}
		s.bisect(mi, it, l, o, by)
	case m.MaximumRetryAttempts >= 0 && int(p.Tries) > m.MaximumRetryAttempts:
		by := rule.MapRetryLimit
		switch {
		case int(p.Tries) > m.MaximumRetryAttempts+1:
			by = rule.MapChangeLimit
		case n > 1 && p.remainder:
			by = rule.MapPartialSuffix
		case n > 1:
			by = rule.MapDiscard
		}
		if p.final { // nothing but the state is lost
			by = rule.MapTumbleDrop
			l.tumble = tumble{}
		}
		s.discard(mi, it, l, l.records(), RetryAttemptsExhausted, p.Tries, o == OutcomePartial || o == OutcomeBadReply, by)
		p.Lo = p.Hi
		s.advanceCheckpoint(mi, it, by)
		l.Parts = l.Parts[:len(l.Parts)-1]
	default:
		s.block(mi, it, l, rule.MapBlock)
		by := rule.MapRetryWait
		switch {
		case m.BisectBatchOnFunctionError && p.Tries == 1:
			by = rule.MapBisectOne
		case o == OutcomePartial:
			by = rule.MapPartialFirst
		}
		s.scheduleRetry(mi, it, l, PhaseWaiting, p.Tries, o, by)
		return true
	}
	return false
}

// bisect splits the piece in hand, whose try ended with o: floor(n/2) records
// first, then the rest.
func (s *Sim) bisect(mi int32, it *Iterator, l *Lane, o Outcome, by rule.ID) {
	m := &s.Mappings[mi]
	p := *l.part()
	mid := p.Lo + (p.Hi-p.Lo)/2
	first := Part{Lo: p.Lo, Hi: mid, Batch: m.LastBatch + 1, half: 1}
	second := Part{Lo: mid, Hi: p.Hi, Batch: m.LastBatch + 2, half: 2}
	m.LastBatch += 2
	l.Parts = append(l.Parts[:len(l.Parts)-1], second, first)
	s.emit(&Event{Kind: KindBisect, Rule: by, Mapping: mi, Source: m.source, Shard: it.Shard, Lane: it.laneIndex(l), Batch: p.Batch,
		Into: [2][]int32{l.Records[p.Lo:mid], l.Records[mid:p.Hi]}, Batches: [2]int32{first.Batch, second.Batch},
		Outcome: o, Failed: l.FailedRecords})
}
