package lab

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// describe puts the frame into sentences, for those who cannot see it or would
// rather read.
func (m *Lab) describe() tea.Cmd {
	s := m.sim()
	h := m.headline()
	say := func(parts ...string) kit.Para { return kit.Para{Text: strings.Join(parts, "")} }
	card := &kit.Card{Title: "What is on the screen, at " + pane.Clock(s.Now()), Body: []kit.Para{{Style: kit.Strong, Text: h.text[0]}, {}}}
	add := func(p ...kit.Para) { card.Body = append(card.Body, p...) }
	add(say("Mapping ", m.mappingID(), " reads ", m.sourceWord(), " ", m.streamID(), " and invokes ", m.functionID(), ". It is ", s.Mappings[m.at].State.String(), "."))
	if m.queue() >= 0 {
		add(m.describeQueue()...)
	} else {
		for i := range s.Streams[s.SourceOf(m.at)].Shards {
			add(say(m.describeShard(i)))
		}
	}
	f := &s.Functions[s.FunctionOf(m.at)]
	add(say(m.functionID(), " has ", kit.Count(int(f.Running), "invocation"), " under way; ", kit.Thousands(int(f.OK)), " succeeded, ", kit.Count(int(f.Errors), "error"), ", ", kit.Count(int(f.Throttles), "throttle"), "."))
	t := pane.TotalsOf(s, m.at)
	add(say("Put ", kit.Thousands(int(t.Put)), ": done ", kit.Thousands(int(t.Done)), ", filtered out ", kit.Thousands(int(t.Filtered)), ", in a batch ", kit.Thousands(int(t.Batch)), ", waiting ", kit.Thousands(int(t.Wait)), ", given up ", kit.Thousands(int(t.Discarded)), ", lost ", kit.Thousands(int(t.Lost)), "."))
	for _, x := range m.ctx().Faults() {
		add(say("Broken on purpose: ", narrate.Fault(x, false), "."))
	}
	return m.dialogs.Show(card, nil)
}

func (m *Lab) describeShard(i int) string {
	s := m.sim()
	text := "Shard " + itoa(i)
	l := s.ActiveLane(m.at, i)
	parent := pane.Parent(s, m.at, i)
	switch {
	case l == nil:
		return text + " holds " + kit.Count(s.Behind(m.at, i), "record") + "; nothing reads it yet."
	case l.Blocked:
		text += " has been blocked for " + pane.Secs(s.Now()-l.BlockedAt)
		if what := pane.Culprits(l); what != "" {
			text += " by " + what
		}
	case parent >= 0:
		text += " waits until shard " + itoa(parent) + " is finished"
	case s.ReadDenied(m.at) != "":
		text += " is not read: " + m.mappingID() + " may not " + s.ReadDenied(m.at)
	default:
		text += " flows"
	}
	if n := s.NextRecord(m.at, i); n > 0 {
		text += "; its iterator stands before " + pane.Num(n) + ", " + kit.Count(pane.Unfinished(s, m.at, i), "record") + " not finished, the oldest " + pane.Secs(s.Age(m.at, i)) + " old"
	} else {
		text += "; its iterator has caught up"
	}
	part, records := l.Part()
	if part == nil {
		return text + "."
	}
	text += ". Batch " + itoa(int(part.Batch)) + " of " + kit.Count(len(records), "record")
	switch l.Phase {
	case engine.PhaseRunning:
		text += " is in the function, try " + itoa(int(part.Tries))
	case engine.PhaseWaiting:
		text += " failed " + kit.Count(int(part.Tries), "time") + " and goes again in " + pane.Secs(l.Due-s.Now())
	case engine.PhaseThrottled:
		text += " is throttled and is tried again in " + pane.Secs(l.Due-s.Now())
	}
	return text + "."
}

func (m *Lab) describeQueue() []kit.Para {
	s := m.sim()
	q := &s.Queues[m.queue()]
	out := []kit.Para{{Text: "The queue holds " + kit.Count(int(q.Visible), "visible message") + ", " + kit.Thousands(int(q.InFlight)) + " in flight, " + kit.Thousands(int(q.Delayed)) + " delayed; " + kit.Thousands(int(q.Deleted)) + " were deleted."}}
	for _, r := range pane.Receipts(s, m.at, m.history().Log) {
		text := "Batch " + itoa(int(r.Batch)) + ": " + kit.Count(len(r.Messages), "message") + " " + pane.Span(s, r.Messages, " … ")
		switch {
		case r.Poller != nil:
			text += ", in hand"
		case r.Failed:
			text += ", failed"
		}
		out = append(out, kit.Para{Text: text + ", hidden for " + pane.Secs(r.Until-s.Now()) + " more, received " + kit.Count(int(r.Receives), "time") + "."})
	}
	if q.DeadLetterQueue != "" {
		out = append(out, kit.Para{Text: q.DeadLetterQueue + " got " + kit.Count(int(q.Moved), "message") + " so far."})
	}
	return out
}
