package lab

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// This file is for mappings that read a queue.

// queue is the index of the queue that the mapping reads; -1: it reads a stream.
func (m *Lab) queue() int { return m.sim().QueueOf(m.at) }

// queueHeadline is the headline of a queue: a message that came to the DLQ, a batch
// that is throttled, messages hidden after a failure, else how the run stands.
func (m *Lab) queueHeadline(other string) headline {
	s := m.sim()
	log, now := m.history().Log, m.tl.Now()
	if e := m.recent(func(e *engine.Event) bool {
		return e.Kind == engine.KindMove && int(e.Queue) == m.queue() && e.Mapping >= 0
	}); e != nil {
		text := m.ctx().Narrator().Headline(e, false)
		return headline{"■", kit.Bad, []string{text[0] + kit.Say(". {menu} redrives"), text[1]}, kit.Say("{why} why")}
	}
	list := pane.Receipts(s, m.at, log)
	for i := range list {
		if p := list[i].Poller; p != nil && p.Phase == engine.PollerThrottled {
			return headline{"▲", kit.Bad, []string{"THROTTLED: batch " + itoa(int(p.Batch)) + " does not reach " + m.functionID() + ". Its messages stay hidden; tried again in " + pane.Secs(p.Due-now) + ".",
				"THROTTLED: batch " + itoa(int(p.Batch)) + " does not reach " + m.functionID()}, kit.Say("{why} why")}
		}
	}
	if worst := m.worstFailure(list); worst != nil {
		return m.failedHeadline(worst)
	}
	if other != "" {
		return headline{"■", kit.Bad, []string{other}, kit.Say("{mapping} shows it")}
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
		return headline{"▲", kit.Bad, []string{long + receive + kit.Say("; there is no DLQ: {failures} sets one."), short + receive + ", no DLQ.", short}, kit.Say("{why} why")}
	}
	receive += " of " + itoa(q.MaxReceiveCount)
	all := "all " + itoa(n) + " go"
	if n == 1 {
		all = "it goes"
	}
	return headline{"▲", kit.Bad, []string{long + receive + ", then " + all + " to " + q.DeadLetterQueue + ".", short + receive + ", then DLQ.", short}, kit.Say("{why} why")}
}

func (m *Lab) calmQueueHeadline() headline {
	s := m.sim()
	q := &s.Queues[m.queue()]
	flow := m.streamID() + " flow: " + kit.Count(int(s.Mappings[m.at].Polls.Target), "poller") + ", 1 function. Deleted " + kit.Thousands(int(q.Deleted)) + " of " + kit.Thousands(int(q.Sent))
	if len(m.ctx().Faults()) == 0 && s.Functions[s.FunctionOf(m.at)].Errors == 0 {
		return headline{"●", kit.Good, []string{flow + kit.Say(". Nothing fails here: {break} breaks something"), flow, m.streamID() + " flow"}, kit.Say("{break} break")}
	}
	return headline{"●", kit.Good, []string{flow, m.streamID() + " flow"}, kit.Say("{why} why")}
}

func (m *Lab) queueWelcome() string {
	s := m.sim()
	q := &s.Queues[m.queue()]
	switch {
	case q.Moved > 0:
		return kit.Say("Given up:  4 shows the DLQ   {menu} redrives it   {items} lets the handler say which message failed")
	case s.Functions[s.FunctionOf(m.at)].Errors > 0:
		return kit.Say("Failed:  {why} why   {items} report single messages   {visibility} how long they hide   {retries} how many times they are received")
	}
	return m.newHere()
}

// labelOf names a message or record by its number in an event of s.
func (m *Lab) labelOf(s *engine.Sim, n int32) engine.Label {
	if m.queue() < 0 {
		return engine.Label{Source: m.streamID(), N: int(n)}
	}
	msg := s.Message(n)
	return engine.Label{Source: s.Config().Queues[msg.Origin].ID, N: int(msg.N)}
}

// stateOf is the state of record or message n of the source.
func (m *Lab) stateOf(n int) engine.RecordState {
	if q := m.queue(); q >= 0 {
		if id := m.sim().MessageID(q, n); id >= 0 {
			return m.sim().Message(id).State
		}
		return engine.StateNone
	}
	return m.sim().RecordState(m.at, n)
}

// nextMessage is the first message that the function has not been given yet and that
// no fault is about: one in the queue, or the next to be put.
func (m *Lab) nextMessage() int {
	s := m.sim()
	poisoned := func(n int) bool {
		for _, f := range m.ctx().Faults() {
			if f.Until == engine.Never && slices.Contains(f.Records, engine.Label{Source: m.streamID(), N: n}) {
				return true
			}
		}
		return false
	}
	for _, id := range s.Contents(m.queue(), 1000) {
		if msg := s.Message(id); msg.Deliveries == 0 && int(msg.Origin) == m.queue() && !poisoned(int(msg.N)) {
			return int(msg.N)
		}
	}
	n := s.Queues[m.queue()].Put.Len() + 1
	for poisoned(n) {
		n++
	}
	return n
}

// putMessages asks how many messages to put, and of which group.
func (m *Lab) putMessages() tea.Cmd {
	s := m.sim()
	q := &s.Queues[m.queue()]
	menu := &kit.Menu{Title: "Put messages to " + m.streamID(), Items: []kit.Item{{Key: "1", Text: "1 message"}, {Key: "2", Text: "10 messages"}, {Key: "3", Text: "100 messages"}, {Key: "4", Text: "a burst: 1,000 at this instant"}}}
	var groups []string
	if q.FIFO {
		for i := range q.Groups {
			groups = append(groups, q.Groups[i].Name)
		}
		if len(groups) == 0 {
			groups = []string{"g1"}
		}
		menu.Label, menu.Cycle = "group:", append([]string{"all in turn"}, groups...)
	}
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		row := engine.Traffic{To: m.streamID(), AtOnce: true, Count: []int{1, 10, 100, 1000}[r.Chosen], At: m.sim().Now(), Until: engine.Never, Per: 1, Shard: -1, Keys: groups}
		if menu.Turn > 0 {
			row.Keys = groups[menu.Turn-1 : menu.Turn]
		}
		return m.apply(engine.Command{Op: engine.OpPut, Put: row})
	})
}
