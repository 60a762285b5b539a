package lab

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// subjectHandler is what the lab does with the subjects of one kind.
type subjectHandler struct {
	// why says why the subject is as it is; w shows it, and so does enter.
	why func(*Lab, pane.Subject) *inspect.Why
	// inside gives what else enter shows.
	inside func(*Lab, pane.Subject) (title string, body []kit.Para)
	// enter, unless nil, replaces the card of why and inside; explain replaces the
	// card of why.
	enter, explain func(*Lab, pane.Subject) tea.Cmd
	// record names the record or message whose life the menu offers to show, batch
	// the batch whose invocation it offers; nil: the mapping's.
	record func(*Lab, pane.Subject) string
	batch  func(*Lab, pane.Subject) int32
	// choices are what the menu offers first; nil: nothing of its own.
	choices func(*Lab, pane.Subject) []choice
	// does is what enter does, in the footer; "" it looks inside.
	does string
	// ofShard: the subject is in a shard, which commands then apply to.
	ofShard bool
}

// subjectHandlers is indexed by kind. It is set in init because its functions refer
// to it.
var subjectHandlers [pane.Kinds]subjectHandler

func init() {
	subjectHandlers = [pane.Kinds]subjectHandler{
		pane.KindTitle:         {enter: (*Lab).showTitle, explain: (*Lab).explainHeadline},
		pane.KindShard:         {why: whyShard, inside: (*Lab).insideShard, ofShard: true},
		pane.KindIterator:      {why: whyIterator, inside: (*Lab).insideShard, ofShard: true},
		pane.KindBatch:         {why: whyBatch, inside: (*Lab).insideBatch, batch: batchNumber, ofShard: true},
		pane.KindLane:          {why: whyBatch, inside: (*Lab).insideBatch, ofShard: true},
		pane.KindWindow:        {why: whyBatch, inside: (*Lab).insideWindow, batch: batchNumber, ofShard: true},
		pane.KindOutcomes:      {why: whyOutcomes, inside: (*Lab).insideFunction},
		pane.KindFunction:      {why: whyFunction, inside: (*Lab).insideFunction},
		pane.KindDestination:   {why: whyDestination, inside: (*Lab).insideDestination},
		pane.KindFailureRecord: {why: whyFailureRecord, inside: (*Lab).insideFailureRecord, record: failedRecord},
		pane.KindCount:         {why: whyFigure, inside: (*Lab).insideCount},
		pane.KindReceipt:       {why: whyReceipt, inside: (*Lab).insideReceipt, record: receivedMessage},
		pane.KindMessageBatch:  {why: whyMessageBatch, inside: (*Lab).insideMessageBatch, record: receivedMessage, batch: messageBatchNumber},
		pane.KindMessageGroup:  {why: whyMessageGroup, inside: (*Lab).insideMessageGroup, record: groupMessage},
		pane.KindPoller:        {why: whyPoller, inside: (*Lab).insidePoller},
		pane.KindPollers:       {why: whyPollers, inside: (*Lab).insidePollers},
		pane.KindDeadLetters:   {why: whyDeadLetters, choices: (*Lab).deadLetterChoices, inside: (*Lab).insideDeadLetters},
		pane.KindMessage:       {why: whyMessage, choices: (*Lab).deadLetterChoices, inside: (*Lab).insideMessage, record: messageLabel},
		pane.KindRecord:        {why: whyShard, inside: (*Lab).insideShard, record: streamRecord, ofShard: true},
		pane.KindSetting:       {why: whySetting, enter: (*Lab).openSetting, does: "change"},
		pane.KindFault:         {why: whyFault, choices: (*Lab).faultChoices, enter: (*Lab).openFault, does: "change"},
		pane.KindMetric:        {why: whyMetric, inside: (*Lab).insideMetric, does: "its rule and source"},
		pane.KindFigure:        {why: whyFigure, inside: (*Lab).insideMetric, does: "its rule and source"},
		pane.KindEvent:         {enter: (*Lab).explainStory, explain: (*Lab).explainStory, record: eventRecord, does: "why, rule, source"},
		pane.KindSkip:          {enter: (*Lab).explainStory, explain: (*Lab).explainStory},
	}
}

// inside shows what the cursor is on: why it is as it is, and what is in it.
func (m *Lab) inside() tea.Cmd {
	switch {
	case m.focus == 0:
		return m.why()
	case m.inset(m.focus) != nil:
		return nil
	}
	if m.focus == 8 {
		m.zoomIn()
		return nil
	}
	about := m.subject()
	h := &subjectHandlers[about.Kind]
	if h.enter != nil {
		return h.enter(m, about)
	}
	title, body := h.inside(m, about)
	return m.explain(title, h.why(m, about), body)
}

// why explains what the cursor is on, or what the headline says.
func (m *Lab) why() tea.Cmd {
	about := m.subject()
	h := &subjectHandlers[about.Kind]
	if h.explain != nil {
		return h.explain(m, about)
	}
	return m.explain("Why, at "+pane.Clock(m.tl.Now()), h.why(m, about), nil)
}

// showTitle says what a pane is about.
func (m *Lab) showTitle(pane.Subject) tea.Cmd {
	p := m.ctx().Pane(m.focus)
	return m.dialogs.Show(&kit.Card{Title: p.Title, Body: []kit.Para{{Text: kit.WithKeys(p.Text)}}}, nil)
}

// shard is the shard of the target, or the one that the cursor was in in panes 1 and 2;
// else the first one that flows, else 0.
func (m *Lab) shard() int { return m.shardOf(m.target()) }

func (m *Lab) shardOf(about pane.Subject) int {
	if m.queue() >= 0 {
		return 0
	}
	its := m.sim().Mappings[m.at].Iterators
	for _, about := range []pane.Subject{about, m.views[1].sel, m.views[2].sel} {
		if subjectHandlers[about.Kind].ofShard && int(about.Shard) < len(m.sim().Streams[m.sim().SourceOf(m.at)].Shards) {
			return int(about.Shard)
		}
	}
	for i := range its {
		if !its[i].Blocked() {
			return i
		}
	}
	return 0
}

// selected is the record under the cursor: the first of a batch, else the next one at
// the shard's iterator, else the next one to be put.
func (m *Lab) selected(shard int) int {
	if m.queue() < 0 {
		if b := m.ctx().Batch(m.target()); b != nil && len(b.Records) > 0 {
			return int(b.Records[0])
		}
		if n := m.sim().NextRecord(m.at, shard); n > 0 {
			return int(n)
		}
	}
	return max(1, m.nextRecord(shard))
}

// record names the record or message that stands for what the cursor is on; "" if
// there is none.
func (m *Lab) record() string {
	about := m.target()
	if h := &subjectHandlers[about.Kind]; h.record != nil {
		if label := h.record(m, about); label != "" {
			return label
		}
	}
	if m.queue() < 0 {
		if n := m.sim().NextRecord(m.at, m.shard()); n > 0 {
			if l := m.sim().ActiveLane(m.at, m.shard()); l != nil && len(l.FailedRecords) > 0 {
				n = l.FailedRecords[0]
			}
			return m.streamID() + "#" + itoa(int(n))
		}
	}
	if list := m.labels(); len(list) > 0 {
		return list[0]
	}
	return ""
}

// invocation is the newest invocation of the batch that the cursor is on, or of the
// mapping; "" if the log has none.
func (m *Lab) invocation() string {
	about, batch := m.target(), int32(0)
	if h := &subjectHandlers[about.Kind]; h.batch != nil {
		batch = h.batch(m, about)
	}
	log := m.history().Log
	for i := len(log) - 1; i >= 0; i-- {
		if e := &log[i]; e.Kind == engine.KindInvoke && int(e.Mapping) == m.at && (batch == 0 || e.Batch == batch) {
			return itoa(int(e.Invocation))
		}
	}
	return ""
}

func batchNumber(m *Lab, about pane.Subject) int32 {
	if b := m.ctx().Batch(about); b != nil {
		return b.Number
	}
	return 0
}

func messageBatchNumber(m *Lab, about pane.Subject) int32 {
	if r := m.ctx().Receipt(about); r != nil {
		return r.Batch
	}
	return 0
}

func failedRecord(m *Lab, about pane.Subject) string {
	return m.streamID() + "#" + itoa(int(m.sim().Discards[about.N].Records[0]))
}

// receivedMessage is the message that made a batch fail, else its first.
func receivedMessage(m *Lab, about pane.Subject) string {
	switch r := m.ctx().Receipt(about); {
	case r == nil || len(r.Messages) == 0:
		return ""
	case len(r.FailedMessages) > 0:
		return m.sim().MessageLabel(r.FailedMessages[0])
	default:
		return m.sim().MessageLabel(r.Messages[0])
	}
}

func groupMessage(m *Lab, about pane.Subject) string {
	if ids := m.inGroup(about); len(ids) > 0 {
		return m.sim().MessageLabel(ids[0])
	}
	return ""
}

func messageLabel(m *Lab, about pane.Subject) string { return m.sim().MessageLabel(int32(about.N)) }

func streamRecord(m *Lab, about pane.Subject) string { return m.streamID() + "#" + itoa(int(about.N)) }

func eventRecord(m *Lab, about pane.Subject) string {
	s, _ := m.ctx().Story(about, "")
	switch e := s.Event; {
	case e == nil || len(e.Records) == 0 || e.Kind == engine.KindReject:
		return ""
	case e.Source >= 0:
		return m.sim().Label(e.Source, e.Records[0])
	default:
		return m.sim().MessageLabel(e.Records[0])
	}
}
