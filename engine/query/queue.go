package query

// message tells about the n-th message put to a queue, wherever it lies now.
func (w *World) message(queue, n int) Record {
	id := w.Sim.MessageID(queue, n)
	if id < 0 {
		return Record{Shard: -1}
	}
	m := w.Sim.Message(id)
	if !w.Sim.Knows(id) {
		return w.gone(w.Sim.MessageLabel(id), m.State)
	}
	return Record{State: m.State.String(), Key: w.Sim.GroupName(id), Shard: -1, PutAt: m.PutAt.Seconds(), Deliveries: int(m.Deliveries),
		Failures: int(m.Failures), Receives: int(m.Receives), DoneAt: m.DoneAt.Seconds()}
}
