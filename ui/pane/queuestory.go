package pane

import (
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// queueStory tells an event of a queue's mapping.
func (c *Ctx) queueStory(log []engine.Event, i int, s Story) (Story, bool) {
	e := &log[i]
	batch := "batch " + itoa(int(e.Batch))
	fn := c.functionConfig().ID
	bad := func() { s.Mark, s.Style = "▲", kit.Bad }
	span := c.spanOf(e.Records)
	switch e.Kind {
	case engine.KindInvoke:
		if !c.inHand(e) {
			return s, false
		}
		s.Mark, s.Style = "▸", kit.Busy
		s.Text = batch + " (" + span + ") handed to " + fn
	case engine.KindReturn:
		return c.queueReturned(log, i, s)
	case engine.KindReappear:
		s.Text = span + isAre(len(e.Records)) + "visible again"
		for k := i + 1; k < len(log) && k < i+4 && log[k].At == e.At; k++ {
			if r := &log[k]; r.Kind == engine.KindReceive && len(r.Records) > 0 && r.Records[0] == e.Records[0] {
				s.Text += "; poller " + itoa(int(r.Poller)+1) + " receives " + them(len(e.Records)) + ": " + c.nthReceive(log, k)
			}
		}
	case engine.KindReceive:
		switch {
		case c.S.Message(e.Records[0]).DoneAt != 0, i > 0 && log[i-1].Kind == engine.KindReappear && log[i-1].At == e.At, c.gone(e):
			return s, false // what became of them is told
		}
		s.Text = "poller " + itoa(int(e.Poller)+1) + " receives " + span + ": " + c.nthReceive(log, i)
	case engine.KindThrottle:
		bad()
		s.Text = batch + " is throttled by " + fn + ": its messages stay hidden, and are tried again"
	case engine.KindMove:
		bad()
		s.Text = span + goes(len(e.Records)) + "to " + c.S.Config().Queues[e.To].ID + ": received " + itoa(c.queue().MaxReceiveCount) + " times, the next would be one too many"
	case engine.KindDeleteFailed:
		bad()
		s.Text = span + ": the deletion fails, it will be received again"
	case engine.KindExpire:
		bad()
		s.Text = span + ": the retention ends, nothing tells of it"
	case engine.KindDedup:
		s.Text = span + " dropped as a duplicate: the same deduplication id within 5 minutes"
	case engine.KindScale:
		s.Text = itoa(int(e.To)) + " pollers, " + itoa(int(e.From)) + " before: " + e.Why.String()
	case engine.KindRecursive:
		bad()
		s.Text = batch + " stopped: a loop of " + fn + " and its own queue"
	case engine.KindDenied:
		bad()
		s.Text = "receiving from " + c.queueConfig().ID + " is denied: the mapping brings nothing any more"
	case engine.KindReject:
		bad()
		why, _, _ := strings.Cut(e.Why.String(), ":")
		s.Text = c.queueConfig().ID + " rejects " + kit.Count(len(e.Records), "message") + ": " + why
	case engine.KindFilter:
		s.Text = span + " filtered out: deleted without an invocation"
	}
	return s, s.Text != ""
}

// spanOf names messages of a line, with the queue's name in front where a run
// has several sources.
func (c *Ctx) spanOf(ids []int32) string {
	text := spanOf(c.S, ids, " … ")
	if len(ids) > 0 && c.S.Sources() > 1 {
		return c.S.Config().Queues[c.S.Message(ids[0]).Origin].ID + text
	}
	return text
}

func isAre(n int) string {
	if n == 1 {
		return " is "
	}
	return " are "
}

func goes(n int) string {
	if n == 1 {
		return " goes "
	}
	return " go "
}

// nthReceive is "receive 2 of 3": of the first message of event i.
func (c *Ctx) nthReceive(log []engine.Event, i int) string {
	id := log[i].Records[0]
	n := int(c.S.Message(id).Receives)
	for k := i + 1; k < len(log); k++ { // those that came later do not count
		if log[k].Kind == engine.KindReceive && slices.Contains(log[k].Records, id) {
			n--
		}
	}
	text := "receive " + itoa(n)
	if c.queue().DeadLetterQueue != "" {
		text += " of " + itoa(c.queue().MaxReceiveCount)
	}
	return text
}

// gone tells whether what was received is in the function's hands right now:
// the line above says so.
func (c *Ctx) gone(e *engine.Event) bool {
	ps := &c.mapping().Polls
	if int(e.Poller) >= len(ps.Slots) {
		return false
	}
	p := &ps.Slots[e.Poller]
	return p.Phase == engine.PollerRuns && p.Since == e.At && slices.Contains(p.Records, e.Records[0])
}

// inHand tells whether an invocation is under way.
func (c *Ctx) inHand(e *engine.Event) bool {
	ps := &c.mapping().Polls
	if int(e.Poller) >= len(ps.Slots) {
		return false
	}
	p := &ps.Slots[e.Poller]
	return p.Phase == engine.PollerRuns && p.Batch == e.Batch && p.Since == e.At
}

func (c *Ctx) queueReturned(log []engine.Event, i int, s Story) (Story, bool) {
	e := &log[i]
	batch := "batch " + itoa(int(e.Batch))
	wait := Dur(engine.Micros(c.queue().VisibilityTimeout) * engine.Second)
	switch e.Outcome {
	case engine.OutcomeOK:
		s.Text = batch + " done: " + c.spanOf(e.Records) + " deleted"
	case engine.OutcomePartial:
		s.Mark, s.Style = "▲", kit.Bad
		s.Text = batch + ": " + c.functionConfig().ID + " reports " + c.spanOf(e.Failed)
		switch n := len(e.Records) - len(e.Failed); n {
		case 0:
			s.Text += "; nothing of it is deleted"
		case 1:
			s.Text += "; the other one is deleted"
		default:
			s.Text += "; the other " + itoa(n) + " are deleted"
		}
	default:
		s.Mark, s.Style = "▲", kit.Bad
		s.Text = batch + " " + outcomeWord(e.Outcome)
		again := false
		for _, id := range e.Records {
			again = again || c.S.Message(id).Receives > 1 && log[i].At > c.S.Message(id).First+engine.Micros(c.queue().VisibilityTimeout)*engine.Second
		}
		switch n := len(e.Records) - len(e.Failed); {
		case again || len(e.Failed) == 0 || n == 0:
			all := "all " + itoa(len(e.Records)) + " wait out their "
			if len(e.Records) == 1 {
				all = c.spanOf(e.Records) + " waits out its "
			}
			s.Text += ". Lambda does nothing more: " + all + wait
		default:
			if s.Text += " because of " + c.spanOf(e.Failed); e.Outcome == engine.OutcomeError {
				s.Text = batch + " failed: " + c.spanOf(e.Failed) + " throws"
			}
			s.Text += ". Nothing is deleted, not even the good " + itoa(n)
		}
	}
	return s, true
}
