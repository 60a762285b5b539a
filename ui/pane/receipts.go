package pane

import (
	"cmp"
	"slices"

	"esmlab/engine"
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
}

// Receipts lists what is in flight in the queue of mapping m, by batch.
func Receipts(s *engine.Sim, m int, log []engine.Event) []Receipt {
	var out []Receipt
	for _, r := range s.Receipts(s.QueueOf(m), 64) {
		x := Receipt{Receive: r}
		for _, id := range r.Messages {
			x.Receives = max(x.Receives, s.Message(id).Receives)
		}
		if int(r.Mapping) == m && int(r.Poller) < len(s.Mappings[m].Polls.Slots) {
			if p := &s.Mappings[m].Polls.Slots[r.Poller]; p.Phase != engine.PollerWaits && slices.Contains(p.Records, r.Messages[0]) {
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

// spanOf names messages by the first and the last, with gap between: "#1…#10".
func spanOf(s *engine.Sim, ids []int32, gap string) string {
	switch len(ids) {
	case 0:
		return "nothing"
	case 1:
		return Short(s, ids[0])
	}
	return Short(s, ids[0]) + gap + Short(s, ids[len(ids)-1])
}

// subject is what a row about these messages is about: the receive (KindReceipt) or
// the batch (KindMessageBatch).
func (r *Receipt) subject(kind Kind) Subject { return Subject{Kind: kind, N: int64(r.N)} }

// Receipt finds the messages that a row is about; nil if they are no longer in
// flight.
func (c *Ctx) Receipt(about Subject) *Receipt {
	list := Receipts(c.S, c.M, c.History.Log)
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
