package engine

// count updates the counters that follow from an event. Nothing else changes
// them, so a summary counts exactly what a trace shows (S-4).
func (s *Sim) count(e *Event) {
	switch e.Kind {
	case KindReject:
		if e.Source < 0 {
			s.Queues[e.Queue].Rejected += int64(len(e.Records))
			return
		}
		s.Streams[e.Source].Rejected += int64(len(e.Records))
	case KindExpire:
		if e.Source < 0 {
			s.Queues[e.Queue].Expired += int64(len(e.Records))
			return
		}
		s.Streams[e.Source].Expired += int64(len(e.Records))
	case KindPoll:
		s.Mappings[e.Mapping].Counts.PolledEventCount += int64(len(e.Records))
	case KindFilter:
		s.Mappings[e.Mapping].Counts.FilteredOutEventCount += int64(len(e.Records))
	case KindInvoke:
		f := &s.Functions[e.Function]
		f.Invocations++
		f.Running++
		f.Peak = max(f.Peak, f.Running)
		m := &s.Mappings[e.Mapping]
		m.Counts.InvokedEventCount += int64(len(e.Records))
		m.Running++
	case KindReturn:
		s.countReturn(e)
	case KindThrottle:
		s.Functions[e.Function].Throttles++
	case KindMiss:
		if m := &s.Mappings[e.Mapping]; m.follows {
			m.Counts.Skipped += int64(len(e.Records))
		}
	case KindAgain:
		s.Mappings[e.Mapping].Counts.Again += int64(len(e.Records))
	case KindDiscard:
		if e.Queue < 0 {
			s.Mappings[e.Mapping].Counts.DroppedEventCount += int64(len(e.Records))
		}
	case KindPut:
		if e.Source < 0 {
			s.Queues[e.Queue].Sent++
		}
	case KindReceive:
		s.Queues[e.Queue].Received += int64(len(e.Records))
		s.Queues[e.Queue].receives++
		s.Mappings[e.Mapping].Counts.PolledEventCount += int64(len(e.Records))
	case KindTaken:
		s.Queues[e.Queue].Received += int64(len(e.Records))
		s.Queues[e.Queue].receives++
	case KindDelete:
		s.countDelete(e)
	case KindDeleteFailed:
		s.Queues[e.Queue].DeletesFailed += int64(len(e.Records))
	case KindDedup:
		s.Queues[e.Queue].Deduplicated++
	case KindMove:
		s.countMove(e)
	case KindAct:
		s.countAct(e)
	case KindRecursive:
		s.Functions[e.Function].RecursiveInvocationsDropped++
	case KindForward:
		if s.cfg.Target(e.Queue) == nil {
			s.Queues[e.Queue].Sent++
		}
	case KindForwardFailed:
		s.countFailedDelivery(e)
	case KindDeliver:
		s.Mappings[e.Mapping].Counts.OnFailureDestinationDeliveredEventCount += int64(len(e.Records))
		if s.cfg.Target(e.Queue) == nil {
			s.Queues[e.Queue].Sent++
		}
	case KindDeliverFailed:
		s.Mappings[e.Mapping].Counts.DroppedEventCount += int64(len(e.Records))
		s.countFailedDelivery(e)
	}
}

// countFailedDelivery counts what did not reach a destination.
func (s *Sim) countFailedDelivery(e *Event) {
	s.Functions[e.Function].DestinationFailures++
	if s.cfg.Target(e.Queue) == nil {
		s.Queues[e.Queue].failed++
	} else {
		s.target(e.Queue).failed++
	}
}

func (s *Sim) countDelete(e *Event) {
	q, n := &s.Queues[e.Queue], int64(len(e.Records))
	switch e.Why {
	case WhyFiltered:
		q.Filtered += n
	case WhyHandler, WhyOther:
		q.Deleted += n
	case WhyProcessed:
		q.Deleted += n
		s.Mappings[e.Mapping].Counts.DeletedEventCount += n
	default:
		q.Purged += n
	}
}

// countMove counts moves to a DLQ and moves back out of it separately.
func (s *Sim) countMove(e *Event) {
	from, to, n := &s.Queues[e.Queue], &s.Queues[e.To], int64(len(e.Records))
	if e.Mapping >= 0 {
		from.Moved += n
		to.MovedIn += n
		return
	}
	from.Redriven += n
	to.Sent += n
}

func (s *Sim) countReturn(e *Event) {
	f, m := &s.Functions[e.Function], &s.Mappings[e.Mapping]
	f.Running--
	m.Running--
	f.bill(e.At2)
	switch e.Outcome {
	case OutcomeOK, OutcomePartial:
		f.OK++
		m.Counts.FailedInvokeEventCount += int64(len(e.Failed))
		if m.queue < 0 { // AWS reports no result for a queue's mapping
			m.Counts.LastProcessingResult = "OK"
		}
		return
	case OutcomeTimeout:
		f.Timeouts++
		f.Errors++
	case OutcomeError, OutcomeCrash:
		f.Errors++
	case OutcomeBadReply: // the handler returned: this is not a function error
		f.OK++
	}
	m.Counts.FailedInvokeEventCount += int64(len(e.Records))
	if m.queue < 0 {
		m.Counts.LastProcessingResult = "PROBLEM: Function call failed"
	}
}
