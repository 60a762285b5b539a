package inspect

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/timeline"
)

// Station is one place in a record's life.
type Station struct {
	At    engine.Micros
	Word  string // put, read, batch 4, in Ship, failed, split, waits, done, given up, …
	Text  string // the whole sentence
	Event engine.Event
}

// maxStations bounds a life: a record that is tried for an hour has thousands.
const maxStations = 400

// Life gives the stations of record n of a source, a stream or queue, from its
// put up to the run's current instant. more tells that there were too many.
func Life(r *timeline.Run, source string, n int) (stations []Station, more bool) {
	s := r.Sim()
	si, qi := s.StreamIndex(source), s.QueueIndex(source)
	var from engine.Micros
	want := int32(n)
	switch {
	case si >= 0:
		if n < 1 || n > s.Streams[si].Records.Len() {
			return nil, false
		}
		if s.Streams[si].Records.Holds(n - 1) {
			from = s.Streams[si].Records.At(n - 1).At
		}
	case qi >= 0:
		if want = s.MessageID(qi, n); want < 0 {
			return nil, false
		}
		from = s.Message(want).PutAt
	default:
		return nil, false
	}
	r.Replay(from, func(s *engine.Sim, e *engine.Event) bool {
		word, ok := station(s, e, si, qi, want, int32(n))
		if !ok {
			return true
		}
		kept := *e
		kept.Records, kept.Failed = slices.Clone(e.Records), slices.Clone(e.Failed)
		stations = append(stations, Station{At: e.At, Word: word, Text: Tell(s, e), Event: kept})
		more = len(stations) == maxStations
		return !more
	})
	return stations, more
}

// station tells what an event is in the life of a record, if it is in it.
func station(s *engine.Sim, e *engine.Event, si, qi int, id, n int32) (string, bool) {
	if e.Applied != nil || e.Kind == engine.KindState {
		return "", false
	}
	if si >= 0 && int(e.Source) != si || si < 0 && e.Source >= 0 {
		return "", false
	}
	in := slices.Contains(e.Records, id)
	switch e.Kind {
	case engine.KindPut:
		if si >= 0 && e.Record == n || si < 0 && int(e.Queue) == qi && e.Record == id {
			return "put", true
		}
		return "", false
	case engine.KindDedup:
		return "deduplicated", e.Record == id
	case engine.KindBisect:
		for k, half := range e.Into {
			if slices.Contains(half, id) {
				return "split: batch " + num(e.Batches[k]), true
			}
		}
		return "", false
	}
	if !in {
		return "", false
	}
	c := s.Config()
	switch e.Kind {
	case engine.KindPoll:
		return "read by " + c.Mappings[e.Mapping].ID, true
	case engine.KindReject:
		return "rejected", true
	case engine.KindUnchanged:
		return "unchanged", true
	case engine.KindMiss:
		return "missed", true
	case engine.KindFilter:
		return "filtered out", true
	case engine.KindBatch:
		return "batch " + num(e.Batch), true
	case engine.KindInvoke:
		return "in " + c.Functions[e.Function].ID + ", try " + num(e.Attempt), true
	case engine.KindReturn:
		return returned(e, id), true
	case engine.KindThrottle:
		return "throttled", true
	case engine.KindRetry:
		return "waits " + secs(e.At2), true
	case engine.KindDiscard:
		return "given up", true
	case engine.KindDeliver:
		return "told to " + destination(c, e.Queue), true
	case engine.KindDeliverFailed:
		return "not told to " + destination(c, e.Queue), true
	case engine.KindExpire:
		return "expired", true
	case engine.KindReceive:
		k := slices.Index(e.Records, id)
		if k < len(e.Receives) {
			return "received, " + num(e.Receives[k]), true
		}
		return "received", true
	case engine.KindReappear:
		return "seen again", true
	case engine.KindDelete:
		return "deleted", true
	case engine.KindDeleteFailed:
		return "not deleted", true
	case engine.KindMove:
		if e.To >= 0 && int(e.To) < len(c.Queues) {
			return "moved to " + c.Queues[e.To].ID, true
		}
		return "moved", true
	}
	return "", false
}

// returned tells how an invocation ended for one of its records.
func returned(e *engine.Event, id int32) string {
	hit := slices.Contains(e.Failed, id)
	switch {
	case e.Outcome == engine.OutcomeOK:
		return "done"
	case e.Outcome == engine.OutcomePartial && hit:
		return "reported"
	case e.Outcome == engine.OutcomePartial && len(e.Failed) > 0 && (e.Source < 0 || slices.Index(e.Records, id) < slices.Index(e.Records, e.Failed[0])):
		return "done"
	case hit:
		return "failed"
	case e.Outcome == engine.OutcomeTimeout:
		return "failed: timeout"
	}
	return "failed with its batch"
}

// Given is the JSON that the function got at an invocation; i is the index of
// the invoke event in a log of s.
func Given(s *engine.Sim, e *engine.Event) []byte {
	return event.Function(s, int(e.Mapping), e.Shard, e.Records, e.Window)
}
