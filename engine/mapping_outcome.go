package engine

import "esmlab/engine/rule"

// part is the next piece of the lane's batch.
func (l *Lane) part() *Part { return &l.Parts[len(l.Parts)-1] }

// records are the label numbers of that piece.
func (l *Lane) records() []int32 {
	p := l.part()
	return l.Records[p.Lo:p.Hi]
}

// tryNextPart tries the next piece of the batch, until one is under way or
// waits, or nothing is left of the batch.
func (r laneRef) tryNextPart() {
	l := r.l
	if l.Phase == PhaseThrottled {
		l.gen = r.nextGen() // giving records up lets other lanes go on: none of them may draw this one
	}
	for len(l.Parts) > 0 {
		if r.dropExpiredFront() || r.discardAgedFront() || r.discardTooLarge() {
			l.Parts = l.Parts[:len(l.Parts)-1]
			continue
		}
		if !r.waitsToReread() {
			r.tryInvoke()
		}
		return
	}
	r.batchResolved()
}

// dropExpiredFront removes from the current piece the records that have left
// the stream (MAP-EXPIRE-1). It returns true if nothing is left of the piece.
func (r laneRef) dropExpiredFront() bool {
	p := r.l.part()
	gone := r.shard().gone
	cut := p.Lo
	for cut < p.Hi && r.l.Records[cut] <= gone {
		cut++
	}
	if cut == p.Lo {
		return false
	}
	for _, n := range r.l.Records[p.Lo:cut] {
		r.m.finalize(n, StateExpired, r.now)
	}
	p.Lo = cut
	r.advanceCheckpoint(rule.MapExpired)
	return p.Lo == p.Hi
}

// discardAgedFront discards from the current piece the records that have
// reached the age limit (MAP-AGE-1). It returns true if nothing is left of the
// piece.
func (r laneRef) discardAgedFront() bool {
	l := r.l
	if r.m.MaximumRecordAgeInSeconds < 0 {
		return false
	}
	p := l.part()
	limit := Micros(r.m.MaximumRecordAgeInSeconds) * Second
	cut := p.Lo
	for cut < p.Hi && r.now-r.record(l.Records[cut]).At >= limit {
		cut++
	}
	if cut == p.Lo {
		return false
	}
	by := rule.MapAge
	switch {
	case p.Tries > 0:
		by = rule.MapAgeTried
	case cut == p.Hi && r.record(l.Records[cut-1]).At+limit <= r.m.startedAt: // too old from the start
		by = rule.MapAgeBacklog
	}
	r.discard(l.Records[p.Lo:cut], RecordAgeExceeded, p.Tries+1, false, by)
	p.Lo = cut
	r.advanceCheckpoint(by)
	return p.Lo == p.Hi
}

// tryInvoke invokes the function with the current piece, or is throttled.
func (r laneRef) tryInvoke() {
	l := r.l
	p := l.part()
	early := l.Phase == PhaseThrottled && r.now < l.Due
	if l.Phase != PhaseThrottled {
		r.drawForSlot()
	}
	if by := r.refusedRule(r.m); by != "" {
		p.Throttles++
		r.emit(&Event{Kind: KindThrottle, Rule: by, Function: r.m.function, Batch: p.Batch, Records: l.records()})
		r.block(rule.MapThrottle)
		r.throttled()
		return
	}
	p.Tries++
	l.Phase = PhaseRunning
	by := rule.MapInvoke
	switch {
	case early:
		by = rule.MapThrottleTurn
	case p.Tries > 1:
		by = rule.MapRetry
	case r.it.redeliveryRule != "" && !p.final && r.m.deliveries(int(l.Records[p.Lo])) > 0 && p.half == 0 && !p.remainder:
		by = r.it.redeliveryRule
	case p.remainder:
		by = rule.MapPartial
	case p.half == 1:
		by = rule.MapBisectCount
	case p.half == 2:
		by = rule.MapBisectOrder
	}
	r.invoke(by)
}

// block emits that a shard waits for its batch (MAP-ORDER-1).
func (r laneRef) block(by rule.ID) {
	l := r.l
	if l.Blocked {
		return
	}
	l.Blocked, l.BlockedAt = true, r.now
	if by == rule.MapBlock && len(r.it.Lanes) > 1 {
		left := l.records()
		by = ruleOr(len(left) > 0 && r.isAuto(left[0]), rule.KinAutoLane, rule.MapLaneBlock)
	}
	r.emit(&Event{Kind: KindBlock, Rule: by, Batch: l.Root})
}

// scheduleRetry schedules the next try of the current piece: before the k-th
// one min(60 s, 0.5 s * 2^(k-1)), both numbers chosen (MAP-RETRY-2,
// MAP-RETRY-3). o is how the last try ended, OutcomeOK if it was throttled.
func (r laneRef) scheduleRetry(phase Phase, k int32, o Outcome, by rule.ID) {
	l := r.l
	p := l.part()
	wait := r.cfg.Chosen.RetryWait
	for i := int32(1); i < k && wait < r.cfg.Chosen.RetryWaitMax; i++ {
		wait *= 2
	}
	if wait >= r.cfg.Chosen.RetryWaitMax {
		wait = r.cfg.Chosen.RetryWaitMax
		if by == rule.MapRetryWait {
			by = rule.MapRetryWaitMax
		}
	}
	if phase == PhaseThrottled {
		if spread := r.spreadWait(wait); spread != wait {
			wait, by = spread, rule.MapThrottleSpread
		}
	}
	l.Phase, l.Since, l.Due = phase, r.now, r.now+wait
	r.emit(&Event{Kind: KindRetry, Rule: by, Batch: p.Batch, Attempt: p.Tries + 1, At2: wait, Outcome: o,
		Lanes: uint8(len(r.it.Lanes)), Records: l.records(), Failed: l.FailedRecords})
	r.schedule(l.Due, r.nextDue(), task{kind: taskRetry, a: r.mi, b: r.it.Shard, lane: int16(r.li), gen: l.gen})
}

// retryDue tries again after a wait.
func (s *Sim) retryDue(t task) {
	if r, ok := s.laneOf(t); ok {
		r.tryNextPart()
	}
}

// invocationReturned continues after an invocation with the current piece has
// ended.
func (r laneRef) invocationReturned(inv *invocation) {
	l := r.l
	p := l.part()
	l.Phase = PhaseWaiting
	l.invocation = -1
	done := p.Lo
	switch inv.outcome {
	case OutcomeOK:
		done = p.Hi
	case OutcomePartial:
		done = p.Lo + inv.cut
	}
	r.m.delivered(l.Records[p.Lo:done], l.Records[done:p.Hi], r.now)
	if done > p.Lo {
		p.Lo = done
		by := rule.MapCheckpoint
		switch {
		case done < p.Hi:
			by = rule.MapPartial
		case len(l.Parts) > 1:
			by = rule.MapCheckpointHalf
		}
		r.advanceCheckpoint(by)
	}
	switch {
	case inv.outcome == OutcomeOK:
		l.Parts = l.Parts[:len(l.Parts)-1]
	case inv.outcome == OutcomePartial && inv.cut > 0: // progress: a new batch in all but its number
		l.fail(inv.failures)
		p.Tries, p.Throttles, p.remainder = 0, 0, true
	default:
		l.fail(inv.failures)
		if !l.halt && r.handleFailure(inv.outcome) {
			return
		}
	}
	switch {
	case l.halt:
		if r.it.isRunning() {
			return // the last one releases them all
		}
		for j := range r.it.Lanes {
			r.lane(j).releaseBatch(rule.MapDisabled)
		}
		r.rewind()
		if r.m.isPolling() { // it was enabled again in the meantime
			r.resume()
		}
	case len(l.Parts) == 0 && l.isTumbling && len(l.tumble.window.State) > tumbleStateMax:
		l.tumble.window.Early = true
		r.invokeFinal(rule.MapTumbleEarly)
	case len(l.Parts) == 0:
		r.batchResolved()
	default:
		r.block(rule.MapBlock)
		r.tryNextPart()
	}
}

// handleFailure decides what becomes of a failed piece, by the settings of this
// instant: it is split, given up, or tried again (S-E52). It returns true if
// the piece now waits for its next try.
func (r laneRef) handleFailure(o Outcome) (waits bool) {
	l := r.l
	p := l.part()
	n := p.Hi - p.Lo
	switch {
	case r.m.BisectBatchOnFunctionError && n > 1:
		r.block(rule.MapBlock)
		by := rule.MapBisect
		switch {
		case p.Tries > 1:
			by = rule.MapChangeSplit
		case o == OutcomePartial:
			by = rule.MapPartialBisect
		case n%2 == 1:
			by = rule.MapBisectOdd
		}
		r.bisect(o, by)
	case r.m.MaximumRetryAttempts >= 0 && int(p.Tries) > r.m.MaximumRetryAttempts:
		by := rule.MapRetryLimit
		switch {
		case int(p.Tries) > r.m.MaximumRetryAttempts+1:
			by = rule.MapChangeLimit
		case n > 1 && p.remainder:
			by = rule.MapPartialSuffix
		case n > 1:
			by = rule.MapDiscard
		}
		if p.final {
			r.discardFinal(p.Tries)
		} else {
			r.discard(l.records(), RetryAttemptsExhausted, p.Tries, o == OutcomePartial || o == OutcomeBadReply, by)
			p.Lo = p.Hi
			r.advanceCheckpoint(by)
		}
		l.Parts = l.Parts[:len(l.Parts)-1]
	default:
		r.block(rule.MapBlock)
		by := rule.MapRetryWait
		switch {
		case r.m.BisectBatchOnFunctionError && p.Tries == 1:
			by = rule.MapBisectOne
		case o == OutcomePartial:
			by = rule.MapPartialFirst
		}
		r.scheduleRetry(PhaseWaiting, p.Tries, o, by)
		return true
	}
	return false
}

// bisect splits the current piece, whose try ended with o: floor(n/2) records
// first, then the rest.
func (r laneRef) bisect(o Outcome, by rule.ID) {
	l := r.l
	p := *l.part()
	mid := p.Lo + (p.Hi-p.Lo)/2
	first := Part{Lo: p.Lo, Hi: mid, Batch: r.m.lastBatch + 1, half: 1}
	second := Part{Lo: mid, Hi: p.Hi, Batch: r.m.lastBatch + 2, half: 2}
	r.m.lastBatch += 2
	l.Parts = append(l.Parts[:len(l.Parts)-1], second, first)
	r.emit(&Event{Kind: KindBisect, Rule: by, Batch: p.Batch,
		Details: r.details(Details{Split: &Split{Into: [2][]int32{r.copyToArena(l.Records[p.Lo:mid]), r.copyToArena(l.Records[mid:p.Hi])}, Batches: [2]int32{first.Batch, second.Batch}}}),
		Outcome: o, Failed: l.FailedRecords})
}
