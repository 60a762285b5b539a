package query

import "esmlab/engine"

// message tells about the n-th message put to a queue, wherever it lies now.
func (w *World) message(queue, n int) Record {
	id := w.Sim.MessageID(queue, n)
	if id < 0 {
		return Record{Shard: -1}
	}
	m := w.Sim.Message(id)
	return Record{State: m.State.String(), Key: w.Sim.GroupName(id), Shard: -1, PutAt: m.PutAt.Seconds(), Deliveries: int(m.Deliveries),
		Failures: int(m.Failures), Receives: int(m.Receives), DoneAt: m.DoneAt.Seconds()}
}

// queueEvent fills in what an event of a queue or of its mapping has.
func (w *World) queueEvent(out *Event, e *engine.Event) {
	cfg := w.Sim.Config()
	out.Records, out.Failures = w.labels(-1, e.Records), w.labels(-1, e.Failed)
	id := func() string { return cfg.Queues[e.Queue].ID }
	switch e.Kind {
	case engine.KindPut:
		out.Source, out.Record = id(), w.Sim.MessageLabel(e.Record)
		if e.Key >= 0 {
			out.Group = w.Sim.Queues[e.Queue].Groups[e.Key].Name
			out.Key = out.Group
		}
	case engine.KindReject, engine.KindExpire:
		out.Source = id()
	case engine.KindReceive:
		out.Queue = id()
		for _, n := range e.Receives {
			out.Receives = append(out.Receives, int(n))
		}
	case engine.KindDenied, engine.KindReappear, engine.KindDelete, engine.KindDeleteFailed:
		out.Queue = id()
	case engine.KindMove:
		out.Queue, out.To = id(), cfg.Queues[e.To].ID
	case engine.KindDedup:
		out.Queue, out.Record, out.Of = id(), w.Sim.MessageLabel(e.Record), w.Sim.MessageLabel(e.Of)
	case engine.KindScale:
		out.From, out.To = int(e.From), int(e.To)
	}
}
