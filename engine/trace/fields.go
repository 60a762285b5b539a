package trace

import (
	"strconv"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/printable"
	"esmlab/engine/rule"
)

// fields writes what belongs to the event's kind.
func (w *line) fields() {
	e := w.e
	switch e.Kind {
	case engine.KindPut:
		w.source()
		w.name("record")
		w.label(e.Record)
		if e.Source < 0 {
			if e.Key >= 0 {
				group := w.s.Groups[e.Key].Name
				w.text("key", group)
				w.text("group", group)
			}
			w.int("bytes", e.Bytes)
			w.of()
			return
		}
		if e.Rule == rule.KinAuto {
			w.name("key")
			w.b = append(w.b, "null"...)
		} else {
			w.text("key", w.s.Streams[e.Source].Keys[e.Key].Name)
		}
		w.int("shard", e.Shard)
		w.int("bytes", e.Bytes)
		w.of()
	case engine.KindReject:
		w.source()
		w.records("records", e.Records)
		w.text("why", e.Why.String())
	case engine.KindPoll:
		w.mapping()
		w.int("shard", e.Shard)
		w.records("records", e.Records)
	case engine.KindReadThrottled, engine.KindDenied:
		w.mapping()
		if e.Source < 0 {
			w.queue()
		}
		w.shard()
		w.denial(e.Denial())
	case engine.KindReceive:
		w.mapping()
		w.queue()
		w.records("records", e.Records)
		w.name("receives")
		w.b = ints(w.b, e.Receives())
	case engine.KindTaken:
		w.text("by", w.s.Config().Taker(e))
		w.queue()
		w.records("records", e.Records)
		w.name("receives")
		w.b = ints(w.b, e.Receives())
	case engine.KindReappear:
		w.queue()
		w.records("records", e.Records)
	case engine.KindDelete, engine.KindDeleteFailed:
		w.queue()
		w.records("records", e.Records)
		w.text("why", e.Why.String())
	case engine.KindMove:
		w.queue()
		w.records("records", e.Records)
		w.text("to", w.s.Config().Queues[e.To].ID)
	case engine.KindDedup:
		w.queue()
		w.name("record")
		w.label(e.Record)
		w.name("of")
		w.label(e.Of)
	case engine.KindScale:
		w.mapping()
		w.int("from", e.From)
		w.int("to", e.To)
		w.text("why", e.Why.String())
	case engine.KindRedriveFailed:
		w.queue()
		w.records("records", e.Records)
		if e.To >= 0 {
			w.text("to", w.s.Config().Queues[e.To].ID)
		}
	case engine.KindWait:
		w.mapping()
		w.int("shard", e.Shard)
		w.int("parent", e.From)
	case engine.KindRecursive:
		w.mapping()
		w.function()
		w.int("batch", e.Batch)
		w.records("records", e.Records)
	case engine.KindAct:
		w.mapping()
		w.function()
		if e.Act != engine.ActResume {
			w.int("invocation", e.Invocation)
		}
		w.text("does", e.Act.String())
		if e.Act == engine.ActVisibility {
			w.int("visibility", e.Visibility)
		}
		if to := w.s.Config().ActTarget(e); to != "" {
			w.text("to", to)
		}
		if len(e.Records) > 0 {
			w.records("records", e.Records)
		}
		if e.Why != engine.WhyNone {
			w.text("why", e.Why.String())
			w.denial(e.Denial())
		} else if e.Times > 1 {
			w.int("times", e.Times)
		}
	case engine.KindFront:
		w.text("source", e.Applied.Command.Target)
		w.text("to", e.Applied.Command.To)
		w.text("name", e.Applied.Command.Value.Text)
		w.int("count", e.Times)
		w.text("why", e.Why.String())
	case engine.KindChange:
		w.text("resource", e.Applied.Command.Target)
		w.text("what", e.Why.String())
		w.text("change", e.Applied.Command.Value.Text)
	case engine.KindMiss, engine.KindFilter, engine.KindAgain:
		w.mapping()
		w.records("records", e.Records)
	case engine.KindBatch:
		w.mapping()
		w.shard()
		if e.Source >= 0 {
			w.int("lane", e.Lane)
		}
		w.int("batch", e.Batch)
		w.records("records", e.Records)
		w.text("why", e.Why.String())
	case engine.KindInvoke:
		w.mapping()
		w.function()
		w.int("invocation", e.Invocation)
		w.int("batch", e.Batch)
		w.int("attempt", e.Attempt)
		w.records("records", e.Records)
		w.shard()
		if e.Of > 0 {
			w.text("version", strconv.Itoa(int(e.Of)))
		}
	case engine.KindReturn:
		w.function()
		w.int("invocation", e.Invocation)
		w.int("batch", e.Batch)
		w.text("outcome", e.Outcome.String())
		w.records("failures", e.Failed)
		w.time("took", e.At2)
	case engine.KindThrottle:
		w.mapping()
		w.function()
		w.int("batch", e.Batch)
		w.records("records", e.Records)
	case engine.KindRetry:
		w.mapping()
		w.int("batch", e.Batch)
		w.int("attempt", e.Attempt)
		w.time("wait", e.At2)
	case engine.KindBisect:
		w.mapping()
		w.int("batch", e.Batch)
		w.name("into")
		w.b = append(w.b, '[')
		w.labels(e.Split().Into[0])
		w.b = append(w.b, ',')
		w.labels(e.Split().Into[1])
		w.b = append(w.b, `],"batches":[`...)
		w.b = strconv.AppendInt(w.b, int64(e.Split().Batches[0]), 10)
		w.b = append(w.b, ',')
		w.b = strconv.AppendInt(w.b, int64(e.Split().Batches[1]), 10)
		w.b = append(w.b, ']')
	case engine.KindCheckpoint:
		w.mapping()
		w.int("shard", e.Shard)
		w.name("record")
		w.label(e.Record)
	case engine.KindBlock, engine.KindUnblock:
		w.mapping()
		w.int("shard", e.Shard)
		w.int("lane", e.Lane)
		w.int("batch", e.Batch)
	case engine.KindDiscard:
		w.mapping()
		w.int("shard", e.Shard)
		w.records("records", e.Records)
		w.text("condition", e.Condition.String())
		w.int("invoke_count", e.Attempt)
	case engine.KindDeliver, engine.KindDeliverFailed:
		w.mapping()
		w.text("destination", w.s.Config().DestinationID(e.Queue))
		w.records("records", e.Records)
		w.name("payload")
		w.b = append(w.b, printable.JSON(event.Failure(w.s, &w.s.Discards[e.Discard]))...)
		if key := event.ObjectKey(w.s, &w.s.Discards[e.Discard]); key != "" {
			w.text("key", key)
		}
		if e.Kind == engine.KindDeliverFailed {
			w.text("reason", w.s.DeliverFailed(e))
		}
	case engine.KindForward, engine.KindForwardFailed:
		w.mapping()
		w.function()
		w.text("destination", w.s.Config().DestinationID(e.Queue))
		w.int("batch", e.Batch)
		w.records("records", e.Records)
		if e.Kind == engine.KindForwardFailed {
			w.text("reason", w.s.DeliverFailed(e))
		}
	case engine.KindExpire:
		w.source()
		w.records("records", e.Records)
	case engine.KindUnchanged:
		w.source()
		w.records("records", e.Records)
	case engine.KindShards:
		w.source()
		w.int("shards", e.Shard)
	case engine.KindState:
		w.mapping()
		w.text("state", e.State.String())
	default:
		w.command()
	}
}

// of writes what a put repeats.
func (w *line) of() {
	if w.e.Rule == rule.PutAgain || w.e.Rule == rule.PutTwice {
		w.name("of")
		w.label(w.e.Of)
	}
}
