package engine

// This file counts what AWS bills (docs/reference/new.md, N-G): requests, payload in
// the units it is billed by, and time. engine/cost has the prices.

const (
	requestUnit = 64 << 10 // of an SQS request's payload (N-G3)
	putUnit     = 25 << 10 // of a record put to a provisioned stream (N-G4)
	onDemandKB  = 1 << 10  // … to an on-demand stream
)

// units is how many units of a size some bytes are billed as: one at least.
func units(bytes, unit int64) int64 {
	if bytes <= unit { // most often, and dividing takes longer
		return 1
	}
	return (bytes + unit - 1) / unit
}

// QueueRequests are the requests to a queue, each counted once for every 64 KB of its
// payload (N-G3).
type QueueRequests struct {
	Sends    int64 // SendMessage and SendMessageBatch
	Receives int64 // ReceiveMessage calls that returned messages
	Empty    int64 // … that returned none
	Deletes  int64 // DeleteMessageBatch, and a handler's DeleteMessage
	// Visibility are a handler's ChangeMessageVisibilityBatch.
	Visibility int64
}

// Total is how many requests there were.
func (r *QueueRequests) Total() int64 {
	return r.Sends + r.Receives + r.Empty + r.Deletes + r.Visibility
}

// QueueRequests are the requests to a queue so far. Long polls that are under way are
// not among them.
func (s *Sim) QueueRequests(qi int) QueueRequests {
	r := s.Queues[qi].requests
	for _, mi := range s.Queues[qi].mappings {
		ps := &s.Mappings[mi].Polls
		r.Empty += ps.empty
		if ps.refused {
			continue
		}
		for pi := ps.idle.Next(0); pi >= 0; pi = ps.idle.Next(pi + 1) {
			r.Empty += ps.Slots[pi].emptyPolls(s.now)
		}
	}
	return r
}

// emptyPolls is how many long polls of a poller have ended without a message since
// its last receive.
func (p *Poller) emptyPolls(now Micros) int64 {
	return int64((now - max(p.Since, p.took)) / longPoll)
}

// countPolls adds the empty polls of a poller that stops polling, or receives.
func (ps *Pollers) countPolls(pi int32, now Micros) {
	if !ps.refused {
		ps.empty += ps.Slots[pi].emptyPolls(now)
	}
}

// countPollers adds the time for which a mapping in provisioned mode has had the
// pollers it has now. It is called before that changes (N-G2).
func (m *Mapping) countPollers(now Micros) {
	if m.MaximumPollers > 0 {
		m.Polls.time += Micros(m.pollers(m.Polls.Target)) * (now - m.Polls.since)
	}
	m.Polls.since = now
}

// PollerTime is the time that the pollers of a mapping in provisioned mode have
// existed, added up.
func (s *Sim) PollerTime(mi int) Micros {
	m := s.Mappings[mi]
	m.countPollers(s.now)
	return m.Polls.time
}

// ShardTime is the time that a stream's shards have been open, added up
// (N-G4).
func (s *Sim) ShardTime(si int) Micros {
	st := &s.Streams[si]
	if st.removed {
		return st.shardTime
	}
	return st.shardTime + Micros(len(st.open))*s.now
}

// PutUnits is how many units of 25 KB were put to a stream (N-G4).
func (s *Sim) PutUnits(si int) int64 { return s.Streams[si].putUnits }

// PutKB is how many KB were put to a stream, each record rounded up to one.
func (s *Sim) PutKB(si int) int64 { return s.Streams[si].putKB }

// ReadKB is how many KB a mapping has read of its stream, each record rounded up to
// one.
func (s *Sim) ReadKB(mi int) int64 { return s.Mappings[mi].readKB }

// Billed is the time that a function's invocations are billed for, each rounded up to
// a millisecond, and the same multiplied by its memory in MB (N-G1).
func (f *Function) Billed() (time Micros, memory int64) { return f.billed, f.billedMemory }

// bill adds an invocation that ran for some time. What fails is billed too.
func (f *Function) bill(ran Micros) {
	ran = (ran + Millisecond - 1) / Millisecond * Millisecond
	f.billed += ran
	f.billedMemory += int64(ran) * int64(max(128, f.MemorySize))
}

// Standard tells whether a mapping reads with GetRecords, and not through enhanced
// fan-out.
func (s *Sim) Standard(mi int) bool { return s.Mappings[mi].standard }
