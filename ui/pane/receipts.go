package pane

import (
	"cmp"
	"slices"

	"esmlab/engine"
	"esmlab/engine/narrate"
)

// Receipt is messages that were received together and are still in flight, and what
// became of the batch they were handed over in.
type Receipt struct {
	engine.Receive
	Batch          int32
	Poller         *engine.Poller // the one that has them; nil: they are only hidden
	FailedMessages []int32        // those that made the invocation fail
	Failed         bool
	Receives       int32
	Other          bool // another mapping received them, or someone else
	// Again: they are still in the function, but no longer the poller's: they became
	// visible meanwhile, and may have been received again.
	Again bool
}

// Receipts lists what is in flight in the queue of mapping m, by batch.
func Receipts(s *engine.Sim, m int, log []engine.Event) []Receipt {
	var out []Receipt
	for _, r := range s.Receipts(s.QueueOf(m), 64) {
		x := Receipt{Receive: r}
		for _, id := range r.Messages {
			x.Receives = max(x.Receives, s.Message(id).Receives)
		}
		x.Other = int(r.Mapping) != m
		if r.Mapping >= 0 && int(r.Poller) < len(s.Mappings[r.Mapping].Polls.Slots) {
			if p := &s.Mappings[r.Mapping].Polls.Slots[r.Poller]; p.Phase != engine.PollerWaits && slices.Contains(p.Records, r.Messages[0]) {
				x.Poller, x.Batch = p, p.Batch
			}
		}
		if x.Poller == nil || x.Poller.Phase == engine.PollerThrottled {
			x.findReturn(log)
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Receipt) int { return int(a.Batch) - int(b.Batch) })
	return out
}

// messageBatches lists the batches of mapping m: those whose messages are in flight, and those
// still in the function whose messages are no longer theirs.
func messageBatches(s *engine.Sim, m int, log []engine.Event) []Receipt {
	out := slices.DeleteFunc(Receipts(s, m, log), func(r Receipt) bool { return r.Other })
	for i := range s.Mappings[m].Polls.Slots {
		p := &s.Mappings[m].Polls.Slots[i]
		if p.Phase != engine.PollerRuns || slices.ContainsFunc(out, func(r Receipt) bool { return r.Poller == p }) {
			continue
		}
		x := Receipt{Receive: engine.Receive{N: -p.Batch, Mapping: int32(m), Poller: int32(i), Until: s.Now(), Messages: p.Records}, Batch: p.Batch, Poller: p, Again: true}
		for _, id := range p.Records {
			msg := s.Message(id)
			x.Receives = max(x.Receives, msg.Receives)
			if int(msg.Mapping) == m && int(msg.Poller) == i && msg.State != engine.StateWaiting { // only too many are in flight to list all
				x.Again, x.Until = false, msg.Until
			}
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Receipt) int { return int(a.Batch) - int(b.Batch) })
	return out
}

// findReturn looks up how the last invocation with these messages ended.
func (r *Receipt) findReturn(log []engine.Event) {
	for i := len(log) - 1; i >= 0 && i > len(log)-600; i-- {
		e := &log[i]
		if e.Kind == engine.KindReturn && e.Source < 0 && slices.Contains(e.Records, r.Messages[0]) {
			r.Batch, r.FailedMessages, r.Failed = e.Batch, e.Failed, e.Outcome != engine.OutcomeOK
			return
		}
	}
}

// Short is a message's label without its queue: "#4".
func Short(s *engine.Sim, id int32) string { return Num(s.Message(id).N) }

// Span names messages, with gap in a range: "#1…#10", "#3,#9", "Jobs#4,Bills#1".
func Span(s *engine.Sim, ids []int32, gap string) string {
	text, _ := span(s, ids, gap)
	return text
}

// countedSpan is Span where no count stands beside it: "7 of #1 … #10" if three of them are
// not among the messages.
func countedSpan(s *engine.Sim, ids []int32, gap string) string {
	text, gaps := span(s, ids, gap)
	if gaps {
		return itoa(len(ids)) + " of " + text
	}
	return text
}

func span(s *engine.Sim, ids []int32, gap string) (text string, gaps bool) {
	return narrate.Messages(ids, gap, func(id int32) (string, int32) {
		m := s.Message(id)
		return s.Config().Queues[m.Origin].ID, m.N
	})
}

// subject is what a row about these messages is about: the receive (KindReceipt) or
// the batch (KindMessageBatch).
func (r *Receipt) subject(kind Kind) Subject { return Subject{Kind: kind, N: int64(r.N)} }

// Receipt finds the messages that a row is about; nil if they are no longer in
// flight.
func (c *Ctx) Receipt(about Subject) *Receipt {
	list := Receipts(c.S, c.M, c.History.Log)
	if about.Kind == KindMessageBatch {
		list = messageBatches(c.S, c.M, c.History.Log)
	}
	if i := slices.IndexFunc(list, func(r Receipt) bool { return int64(r.N) == about.N }); i >= 0 {
		return &list[i]
	}
	return nil
}

// matchingReceipts lists the receives whose rows or messages match the filter.
func (c *Ctx) matchingReceipts(list []Receipt, filter string) []int {
	return matching(len(list), filter, func(i int) string {
		text := c.receiptRow(line(c, 400, false), &list[i]) + c.messageBatchRow(&list[i], 400, false)
		for _, id := range list[i].Messages {
			text += " " + c.S.MessageLabel(id)
		}
		return text
	})
}

// manyReceives is how many receives have a row each. If there are more, those that
// change next have one, and another row sums up all of them.
const manyReceives = 12

// changesAt is when something happens to the messages: their invocation ends, or
// they become visible again.
func (r *Receipt) changesAt() engine.Micros {
	if r.Poller != nil && r.Poller.Due > 0 {
		return min(r.Until, r.Poller.Due)
	}
	return r.Until
}

// nearest lists the receives that have a row, in order.
func nearest(list []Receipt) []int {
	out := make([]int, len(list))
	for i := range out {
		out[i] = i
	}
	if len(list) > manyReceives {
		slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(list[a].changesAt(), list[b].changesAt()) })
		out = out[:manyReceives]
		slices.Sort(out)
	}
	return out
}
