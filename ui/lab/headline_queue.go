package lab

import (
	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// queueHeadline is the headline of a queue: a message that came to the DLQ, a batch
// that is throttled, messages hidden after a failure, else how the run stands.
func (m *Lab) queueHeadline(other string) headline {
	s := m.sim()
	log, now := m.history().Log, m.tl.Now()
	if e := m.recent(func(e *engine.Event) bool {
		return e.Kind == engine.KindMove && int(e.Queue) == m.queue() && e.Mapping >= 0
	}); e != nil {
		text := m.ctx().Narrator().Headline(e, false)
		return headline{"■", kit.Bad, []string{text[0] + kit.WithKeys(". {menu} redrives"), text[1]}, kit.WithKeys("{why} why")}
	}
	list := pane.Receipts(s, m.at, log)
	for i := range list {
		if p := list[i].Poller; p != nil && p.Phase == engine.PollerThrottled {
			return headline{"▲", kit.Bad, []string{"THROTTLED: batch " + itoa(int(p.Batch)) + " does not reach " + m.functionID() + ". Its messages stay hidden; tried again in " + pane.Secs(p.Due-now) + ".",
				"THROTTLED: batch " + itoa(int(p.Batch)) + " does not reach " + m.functionID()}, kit.WithKeys("{why} why")}
		}
	}
	if worst := m.worstFailure(list); worst != nil {
		return m.failedHeadline(worst)
	}
	if other != "" {
		return headline{"■", kit.Bad, []string{other}, kit.WithKeys("{mapping} shows it")}
	}
	return m.calmHeadline()
}

// worstFailure is the failed batch whose messages were received the most times; nil
// if none failed.
func (m *Lab) worstFailure(list []pane.Receipt) *pane.Receipt {
	var worst *pane.Receipt
	for i := range list {
		if r := &list[i]; r.Failed && r.Poller == nil && (worst == nil || r.Receives > worst.Receives) {
			worst = r
		}
	}
	return worst
}

func (m *Lab) failedHeadline(r *pane.Receipt) headline {
	s := m.sim()
	q := &s.Queues[m.queue()]
	who, again := "BATCH "+itoa(int(r.Batch))+" FAILED", ""
	if len(r.FailedMessages) == 1 {
		who = pane.Short(s, r.FailedMessages[0]) + " FAILED ITS BATCH"
	}
	if r.Receives > 1 {
		again = " AGAIN"
	}
	n, left := len(r.Messages), pane.Secs(r.Until-s.Now())
	long := who + again + ": " + kit.Count(n, "message") + " hidden " + left + " more."
	short := who + again + ": " + itoa(n) + " hidden " + left + "."
	receive := " Receive " + itoa(int(r.Receives))
	if q.DeadLetterQueue == "" {
		return headline{"▲", kit.Bad, []string{long + receive + kit.WithKeys("; there is no DLQ: {failures} sets one."), short + receive + ", no DLQ.", short}, kit.WithKeys("{why} why")}
	}
	receive += " of " + itoa(q.MaxReceiveCount)
	all := "all " + itoa(n) + " go"
	if n == 1 {
		all = "it goes"
	}
	return headline{"▲", kit.Bad, []string{long + receive + ", then " + all + " to " + q.DeadLetterQueue + ".", short + receive + ", then DLQ.", short}, kit.WithKeys("{why} why")}
}

func (m *Lab) calmQueueHeadline() headline {
	s := m.sim()
	q := &s.Queues[m.queue()]
	flow := flows(m.streamID()) + ": " + kit.Count(int(s.Mappings[m.at].Polls.Target), "poller") + ", 1 function. Deleted " + kit.Thousands(int(q.Deleted)) + " of " + kit.Thousands(int(q.Sent))
	if len(m.ctx().Faults()) == 0 && s.Functions[s.FunctionOf(m.at)].Errors == 0 {
		return headline{"●", kit.Good, []string{flow + kit.WithKeys(". Nothing fails here: {break} breaks something"), flow, flows(m.streamID())}, kit.WithKeys("{break} break")}
	}
	return headline{"●", kit.Good, []string{flow, flows(m.streamID())}, kit.WithKeys("{why} why")}
}

func (m *Lab) queueWelcome() string {
	s := m.sim()
	q := &s.Queues[m.queue()]
	switch {
	case q.Moved > 0:
		return kit.WithKeys("Given up:  4 shows the DLQ   {menu} redrives it   {items} lets the handler say which message failed")
	case s.Functions[s.FunctionOf(m.at)].Errors > 0:
		return kit.WithKeys("Failed:  {why} why   {items} report single messages   {visibility} how long they hide   {retries} how many times they are received")
	}
	return m.newHere()
}
