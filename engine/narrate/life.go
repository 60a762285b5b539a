package narrate

import (
	"slices"

	"esmlab/engine"
)

// stations are what an event is in the life of record or message id, in two or
// three words. A kind with no entry, or with "", is not a station.
var stations = [engine.NumKinds]func(f *facts, id int32) string{
	engine.KindPut:           word("put"),
	engine.KindDedup:         word("deduplicated"),
	engine.KindReject:        word("rejected"),
	engine.KindUnchanged:     word("unchanged"),
	engine.KindMiss:          word("missed"),
	engine.KindAgain:         word("waits again"),
	engine.KindFilter:        word("filtered out"),
	engine.KindThrottle:      word("throttled"),
	engine.KindDiscard:       word("given up"),
	engine.KindExpire:        word("expired"),
	engine.KindReappear:      word("visible again"),
	engine.KindDelete:        word("deleted"),
	engine.KindDeleteFailed:  word("not deleted"),
	engine.KindRecursive:     word("stopped"),
	engine.KindRedriveFailed: word("not redriven"),
	engine.KindPoll:          func(f *facts, _ int32) string { return "read by " + f.mapping },
	engine.KindBatch:         func(f *facts, _ int32) string { return "batch " + num(f.e.Batch) },
	engine.KindInvoke:        func(f *facts, _ int32) string { return "in " + f.function + f.try() },
	engine.KindReturn:        ended,
	engine.KindRetry:         func(f *facts, _ int32) string { return "waits " + f.e.At2.Words() },
	engine.KindDeliver:       func(f *facts, _ int32) string { return "reported to " + f.queue },
	engine.KindForward:       func(f *facts, _ int32) string { return "its event goes to " + f.queue },
	engine.KindForwardFailed: func(f *facts, _ int32) string { return "its event does not reach " + f.queue },
	engine.KindDeliverFailed: func(f *facts, _ int32) string { return "not reported to " + f.queue },
	engine.KindMove:          func(f *facts, _ int32) string { return "moved to " + f.cf.Queues[f.e.To].ID },
	engine.KindBisect: func(f *facts, id int32) string {
		for k, half := range f.e.Split().Into {
			if slices.Contains(half, id) {
				return "split: batch " + num(f.e.Split().Batches[k])
			}
		}
		return ""
	},
	engine.KindReceive: func(f *facts, id int32) string {
		if k := slices.Index(f.e.Records, id); k < len(f.e.Receives()) {
			return "received, " + num(f.e.Receives()[k])
		}
		return "received"
	},
}

func word(w string) func(*facts, int32) string { return func(*facts, int32) string { return w } }

// ended says how an invocation ended for one of its records.
func ended(f *facts, id int32) string {
	e := f.e
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

// Station says in two or three words what an event is in the life of a record
// (its number in the stream) or a message (its id): put, batch 4, in Ship, try
// 1, done. It is "" where the record has no part in the event.
func (n *Narrator) Station(e *engine.Event, id int32) string {
	has := slices.Contains(e.Records, id)
	if len(e.Records) == 0 { // 0 is the id of a queue's first message, and what stands in Record where it is not used
		has = e.Record == id
	}
	if e.Applied != nil || stations[e.Kind] == nil || e.Kind != engine.KindBisect && !has {
		return ""
	}
	f := n.facts(e)
	return stations[e.Kind](&f, id)
}
