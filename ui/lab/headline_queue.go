package lab

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// movedToDeadLetters: messages came to the DLQ in the last three seconds.
func (t *teller) movedToDeadLetters() (headline, bool) {
	e := t.news[engine.KindMove]
	if e == nil {
		return headline{}, false
	}
	text := t.c.Narrator().Headline(e, false)
	if len(text) < 2 {
		return headline{}, false
	}
	return headline{sign: "■", style: kit.Bad, frees: kit.HintOf("menu", "redrive"), about: pane.Subject{Kind: pane.KindDeadLetters}, in: 4,
		text: []string{text[0] + kit.WithKeys(". {menu} redrives"), text[0], text[1]}}, true
}

// pollerThrottled: the batch of a poller does not reach the function.
func (t *teller) pollerThrottled() (headline, bool) {
	for i := range t.list {
		p := t.list[i].Poller
		if p == nil || p.Phase != engine.PollerThrottled {
			continue
		}
		who := "THROTTLED: batch " + itoa(int(p.Batch)) + " does not reach " + t.functionID()
		h := headline{sign: "▲", style: kit.Bad, about: pane.Subject{Kind: pane.KindMessageBatch, N: int64(t.list[i].N)}, in: 3, text: []string{
			who + ". Its messages stay hidden; tried again in " + pane.Secs(p.Due-t.s.Now()) + ".", who + ", again in " + pane.Secs(p.Due-t.s.Now()), who, "THROTTLED: batch " + itoa(int(p.Batch))}}
		if t.fn.Reserved >= 0 {
			h.frees, h.mends = kit.HintOf("menu", "concurrency"), (*Lab).concurrencyChoice
		}
		return h, true
	}
	return headline{}, false
}

// worstFailure is the failed batch whose messages were received the most times; nil
// if none failed.
func worstFailure(list []pane.Receipt) *pane.Receipt {
	var worst *pane.Receipt
	for i := range list {
		if r := &list[i]; r.Failed && r.Poller == nil && (worst == nil || r.Receives > worst.Receives) {
			worst = r
		}
	}
	return worst
}

// hidden: a batch failed, and its messages wait out their visibility timeout.
func (t *teller) hidden() (headline, bool) {
	r := worstFailure(t.list)
	if r == nil {
		return headline{}, false
	}
	who := t.failed(r)
	n, left := len(r.Messages), pane.Secs(r.Until-t.s.Now())
	long := who + ": " + kit.Count(n, "message") + " hidden " + left + " more."
	short := who + ": " + itoa(n) + " hidden " + left + "."
	after, brief := t.receives(r)
	return headline{sign: "▲", style: kit.Bad, frees: t.frees(r), about: pane.Subject{Kind: pane.KindMessageBatch, N: int64(r.N)}, in: 3,
		text: []string{long + after, short + brief, short, who}}, true
}

// failed names a failed batch: by the message that made it fail, where it is one.
func (t *teller) failed(r *pane.Receipt) string {
	who := "BATCH " + itoa(int(r.Batch)) + " FAILED"
	if len(r.FailedMessages) == 1 {
		who = pane.Short(t.s, r.FailedMessages[0]) + " FAILED ITS BATCH"
	}
	if r.Receives > 1 {
		who += " AGAIN"
	}
	return who
}

// receives says how many times messages were received and what comes after the last
// time, in a sentence and briefly.
func (t *teller) receives(r *pane.Receipt) (long, brief string) {
	nth := " Receive " + itoa(int(r.Receives))
	if t.queue.DeadLetterQueue == "" {
		return nth + kit.WithKeys("; there is no DLQ: {failures} sets one."), nth + ", no DLQ."
	}
	nth += " of " + itoa(t.queue.MaxReceiveCount)
	all := "it goes"
	switch n := len(r.Messages); {
	case n == 2:
		all = "both go"
	case n > 2:
		all = "all " + itoa(n) + " go"
	}
	return nth + ", then " + all + " to " + t.queue.DeadLetterQueue + ".", nth + ", then DLQ."
}

// frees is the action that helps messages that fail: reporting the one that does, where
// others fail with it, else a DLQ, else fewer receives.
func (t *teller) frees(r *pane.Receipt) kit.Hint {
	switch {
	case !t.mp.ReportBatchItemFailures && len(r.Messages) > 1:
		return kit.HintOf("items", "items")
	case t.queue.DeadLetterQueue == "":
		return kit.HintOf("failures", "DLQ")
	}
	return kit.HintOf("retries", "receives")
}

// groupLocked: a message of a FIFO queue's group failed, and the group waits for it.
func (t *teller) groupLocked() (headline, bool) {
	if t.qi < 0 || !t.queue.FIFO {
		return headline{}, false
	}
	r := worstFailure(t.list)
	if r == nil {
		return headline{}, false
	}
	var locked, free []string
	for _, g := range t.queue.Groups {
		switch x := &t.s.Groups[g]; {
		case x.Locked() && t.failedIn(g):
			locked = append(locked, x.Name)
		case x.Visible+x.InFlight > 0:
			free = append(free, x.Name)
		}
	}
	if len(locked) == 0 {
		return headline{}, false
	}
	id := r.Messages[0]
	if len(r.FailedMessages) > 0 {
		id = r.FailedMessages[0]
	}
	group := t.s.Message(id).Group
	g, name := &t.s.Groups[group], t.s.GroupName(id)
	who := "GROUP " + name + " IS LOCKED by " + pane.Short(t.s, id)
	if len(locked) > 1 {
		who = itoa(len(locked)) + " GROUPS ARE LOCKED, " + name + " by " + pane.Short(t.s, id)
	}
	left := pane.Secs(r.Until - t.s.Now())
	behind, short := "", ""
	if n := int(g.Visible + g.Delayed); n > 0 {
		behind = ", " + kit.Count(n, "message") + wait(n) + " behind it"
		short = ", " + itoa(n) + wait(n)
	}
	others := ""
	switch n := len(free); {
	case n == 1:
		others = " " + free[0] + " goes on."
	case n == 2:
		others = " " + free[0] + " and " + free[1] + " go on."
	case n > 2:
		others = " " + itoa(n) + " others go on."
	}
	after, brief := t.receives(r)
	return headline{sign: "■", style: kit.Bad, frees: t.frees(r), about: pane.Subject{Kind: pane.KindMessageGroup, N: int64(group)}, in: 1, text: []string{
		who + ": hidden " + left + " more" + behind + "." + after + others,
		who + ": hidden " + left + short + "." + brief + others,
		who + ": hidden " + left + short + "." + others,
		who + ": " + left + "." + others,
		who + ", " + left,
		"LOCKED: " + name}}, true
}

// failedIn tells whether a group is locked by a batch that failed.
func (t *teller) failedIn(g engine.GroupID) bool {
	return slices.ContainsFunc(t.list, func(r pane.Receipt) bool {
		return r.Failed && r.Poller == nil && slices.ContainsFunc(r.Messages, func(id int32) bool { return t.s.Message(id).Group == g })
	})
}

// receivedTwice: messages are visible again, or received again, while the function still
// has them.
func (t *teller) receivedTwice() (headline, bool) {
	if t.qi < 0 {
		return headline{}, false
	}
	for i := range t.mp.Polls.Slots {
		p := &t.mp.Polls.Slots[i]
		if p.Phase != engine.PollerRuns {
			continue
		}
		for _, id := range p.Records {
			msg := t.s.Message(id)
			again := msg.State == engine.StateWaiting
			for j := range t.mp.Polls.Slots {
				other := &t.mp.Polls.Slots[j]
				again = again || j != i && other.Phase != engine.PollerWaits && slices.Contains(other.Records, id)
			}
			if !again {
				continue
			}
			who := pane.Short(t.s, id) + " CAN BE RECEIVED AGAIN while " + t.functionID() + " still has it"
			return headline{sign: "▲", style: kit.Bad, frees: kit.HintOf("visibility", "visibility"), about: pane.Subject{Kind: pane.KindMessageBatch, N: t.receiveOf(id)}, in: 3, text: []string{
				who + ": VisibilityTimeout " + itoa(t.queue.VisibilityTimeout) + " s, " + t.functionID() + " takes " + pane.Millis(p.Due-p.Since) + ".", who + ": VisibilityTimeout " + itoa(t.queue.VisibilityTimeout) + " s", who, pane.Short(t.s, id) + " IS PROCESSED TWICE"}}, true
		}
	}
	return headline{}, false
}

// receiveOf is the number of the receive that a message in flight came with; 0 if it is
// visible.
func (t *teller) receiveOf(id int32) int64 {
	for i := range t.list {
		if slices.Contains(t.list[i].Messages, id) {
			return int64(t.list[i].N)
		}
	}
	return 0
}

// notDeleted: messages were processed and are still there, to be processed once more.
func (t *teller) notDeleted() (headline, bool) {
	if e := t.news[engine.KindDeleteFailed]; e != nil {
		h, ok := newsOf(engine.KindDeleteFailed, "NOT DELETED")(t)
		if len(t.mp.Denied()) > 0 {
			h.frees, h.mends = kit.HintOf("menu", "allow"), (*Lab).allowChoice
		}
		return h, ok
	}
	for i := range t.list {
		r := &t.list[i]
		if r.Poller != nil || r.Failed || r.Batch == 0 || len(t.mp.Denied()) == 0 {
			continue
		}
		n := len(r.Messages)
		were, come := "WERE", "they come"
		if n == 1 {
			were, come = "WAS", "it comes"
		}
		who := kit.Count(n, "MESSAGE") + " " + were + " PROCESSED AND NOT DELETED"
		if n > 1 {
			who = kit.Thousands(n) + " MESSAGES " + were + " PROCESSED AND NOT DELETED"
		}
		return headline{sign: "▲", style: kit.Bad, frees: kit.HintOf("menu", "allow"), mends: (*Lab).allowChoice, about: pane.Subject{Kind: pane.KindMessageBatch, N: int64(r.N)}, in: 3, text: []string{
			who + ": " + t.mp.Denied()[0] + " is denied, " + come + " again in " + pane.Secs(r.Until-t.s.Now()) + ".", who + ": again in " + pane.Secs(r.Until-t.s.Now()), who}}, true
	}
	return headline{}, false
}

// reportedInVain tells whether the function reported failures to a mapping that does not
// look at them.
func reportedInVain(e *engine.Event) bool {
	return e.Rule == rule.SqsPartialOff || e.Rule == rule.MapPartialOff
}

// reportedInVain: what the function reported as failed counts as done.
func (t *teller) reportedInVain() (headline, bool) {
	e := t.news[engine.KindReturn]
	if e == nil {
		return headline{}, false
	}
	gone := " counts as done"
	if t.qi >= 0 {
		gone = " is deleted"
	}
	who := "REPORTED IN VAIN: " + t.functionID() + " reported a failure, but all of batch " + itoa(int(e.Batch)) + gone
	return headline{sign: "▲", style: kit.Bad, frees: kit.HintOf("items", "items"), about: pane.Subject{Kind: pane.KindEvent, N: e.N}, in: 6,
		text: []string{who + ": " + setting.ReportBatchItemFailures + " is off.", who, "REPORTED IN VAIN: all of batch " + itoa(int(e.Batch)) + gone, "REPORTED IN VAIN"}}, true
}

// queueFallsBehind: messages wait although every poller is busy.
func (t *teller) queueFallsBehind() (headline, bool) {
	if t.qi < 0 || t.queue.Visible == 0 || t.s.Oldest(t.qi) <= t.patience() {
		return headline{}, false
	}
	busy := 0
	for i := range t.mp.Polls.Slots {
		if t.mp.Polls.Slots[i].Phase != engine.PollerWaits {
			busy++
		}
	}
	if !t.queue.FIFO && busy < int(t.mp.Polls.Target) {
		return headline{}, false
	}
	n := int(t.queue.Visible)
	trend := ""
	switch was, is := t.history().GaugeAt(t.s, t.at, max(0, t.s.Now()-10*engine.Second)).Waits, t.queue.Visible+t.queue.Delayed; {
	case was < is:
		trend = grows
	case was > is:
		trend = shrinks
	}
	who := t.source() + behind(trend)
	long := who + ": " + kit.Count(n, "visible message") + t.forAge(t.s.Oldest(t.qi)) + trend
	why := ". All " + kit.Count(busy, "poller") + " are busy"
	h := headline{sign: "▲", style: kit.Bad, about: pane.Subject{Kind: pane.KindCount, Name: "visible"}, in: 1, frees: kit.HintOf("settings", setting.BatchSize)}
	switch {
	case t.mp.MaximumConcurrency > 0 && busy >= t.mp.MaximumConcurrency:
		why = ". MaximumConcurrency is " + itoa(t.mp.MaximumConcurrency)
		h.frees = kit.HintOf("settings", setting.MaximumConcurrency)
	case t.queue.FIFO:
		why = ". " + kit.Count(t.lockedGroups(), "group") + " locked by what is in hand"
		h.about = pane.Subject{}
		h.in = 0
	case busy == 1:
		why = ". The one poller is busy"
	}
	h.text = []string{long + why + ".", long + ".", who + ": " + kit.Thousands(n) + " visible" + t.forAge(t.s.Oldest(t.qi)), who + ": " + kit.Thousands(n) + " visible", who}
	return h, true
}

func (t *teller) lockedGroups() int {
	n := 0
	for _, g := range t.queue.Groups {
		if t.s.Groups[g].Locked() {
			n++
		}
	}
	return n
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
