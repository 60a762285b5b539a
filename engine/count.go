package engine

// count keeps the counters that follow from an event. Nothing else changes
// them, so a summary counts exactly what a trace tells (aws-streams.md 4).
func (s *Sim) count(e *Event) {
	switch e.Kind {
	case KindReject:
		s.Streams[e.Source].Rejected += int64(len(e.Records))
	case KindExpire:
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
	case KindDiscard:
		if e.Queue < 0 {
			s.Mappings[e.Mapping].Counts.DroppedEventCount += int64(len(e.Records))
		}
	case KindDeliver:
		s.Mappings[e.Mapping].Counts.OnFailureDestinationDeliveredEventCount += int64(len(e.Records))
	case KindDeliverFailed:
		s.Mappings[e.Mapping].Counts.DroppedEventCount += int64(len(e.Records))
		s.Functions[e.Function].DestinationFailures++
		if s.cfg.Target(e.Queue) == nil {
			s.Queues[e.Queue].Failed++
		} else {
			s.target(e.Queue).Failed++
		}
	}
}

func (s *Sim) countReturn(e *Event) {
	f, m := &s.Functions[e.Function], &s.Mappings[e.Mapping]
	f.Running--
	m.Running--
	switch e.Outcome {
	case OutcomeOK, OutcomePartial:
		f.OK++
		m.Counts.FailedInvokeEventCount += int64(len(e.Failed))
		m.Counts.LastProcessingResult = "OK"
		return
	case OutcomeTimeout:
		f.Timeouts++
		f.Errors++
	case OutcomeError, OutcomeCrash:
		f.Errors++
	case OutcomeBadReply: // the handler returned: no error of the function
		f.OK++
	}
	m.Counts.FailedInvokeEventCount += int64(len(e.Records))
	m.Counts.LastProcessingResult = "PROBLEM: Function call failed"
}
