package inspect

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/narrate"
	"esmlab/engine/timeline"
)

// Station is one place in a record's life.
type Station struct {
	At    engine.Micros
	Word  string // put, read, batch 4, in Ship, failed, split, waits, done, given up, …
	Text  string // the whole sentence
	Event engine.Event
}

// maxStations bounds a life: a record that is retried for an hour has thousands.
const maxStations = 400

// Life returns the stations of record n of a stream or queue, from its put to the
// run's current instant. more reports that there were too many.
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
		} else {
			from = r.Before(func(s *engine.Sim) bool { return s.Streams[si].Records.Len() >= n })
		}
	case qi >= 0:
		if want = s.MessageID(qi, n); want < 0 {
			return nil, false
		}
		if from = s.Message(want).PutAt; !s.Knows(want) {
			from = r.Before(func(s *engine.Sim) bool { return s.Queues[qi].Put.Len() >= n })
		}
	default:
		return nil, false
	}
	var losses narrate.Losses
	r.Replay(from, func(s *engine.Sim, e *engine.Event) bool {
		if e.Source >= 0 && int(e.Source) != si || e.Source < 0 && si >= 0 {
			return true
		}
		losses.Note(e)
		word := narrator(s).Station(e, want)
		if word == "" {
			return true
		}
		kept := *e
		kept.Records, kept.Failed = slices.Clone(e.Records), slices.Clone(e.Failed)
		stations = append(stations, Station{At: e.At, Word: word, Text: narrator(s).EventAfter(&losses, e), Event: kept})
		more = len(stations) == maxStations
		return !more && (si >= 0 || !s.IsOver(want))
	})
	return stations, more
}

// Given is the JSON that the function got at an invocation; i is the index of
// the invoke event in a log of s. It is nil where a record or message is no longer in
// memory.
func Given(s *engine.Sim, e *engine.Event) []byte {
	for _, n := range e.Records {
		if e.Source < 0 && !s.Knows(n) || e.Source >= 0 && !s.Streams[e.Source].Records.Holds(int(n)-1) {
			return nil
		}
	}
	return event.Function(s, int(e.Mapping), e.Shard, e.Records, e.Window())
}
