package lab

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// This file shows what is inside the subjects of the panes: records, messages, fields.

func (m *Lab) insideShard(about pane.Subject) (title string, body []kit.Para) {
	s, i := m.sim(), int(about.Shard)
	si := s.SourceOf(m.at)
	st := &s.Streams[si]
	sh := &st.Shards[i]
	p := func(style kit.Style, text string) kit.Para { return kit.Para{Style: style, Text: text} }
	title = "Shard " + itoa(i) + " of " + m.streamID() + ", and its iterator"
	body = []kit.Para{
		p(kit.Dim, engine.ShardID(i)),
		p(kit.Plain, "It holds "+kit.Count(sh.Len()-int(sh.Trim), "record")+", "+kit.Thousands(s.Behind(m.at, i))+" of them from the iterator on."),
		p(kit.Plain, "Its hash range begins at "+sh.Lo.String()),
		p(kit.Plain, "and ends at             "+sh.Hi.String()),
	}
	if n := s.NextRecord(m.at, i); n > 0 {
		r := st.Records.At(int(n) - 1)
		body = append(body, kit.Para{}, p(kit.Strong, "The iterator stands before "+pane.Num(n)),
			p(kit.Plain, "sequence number "+s.SequenceNumber(si, int(n))),
			p(kit.Plain, keyed(st, r)+", put at "+pane.Clock(r.At)+", "+s.RecordState(m.at, int(n)).String()),
			kit.Para{Text: string(s.Payload(si, int(n))), Style: kit.Info, Raw: true})
	}
	if l := s.ActiveLane(m.at, i); l != nil && l.Blocked {
		body = append(body, kit.Para{}, p(kit.Bad, "BLOCKED for "+pane.Secs(s.Now()-l.BlockedAt)),
			p(kit.Plain, kit.WithKeys("Order within a shard is kept: until its batch is done or given up, nothing may overtake it. {bisect} splits the batch, {retries} and {age} say when to give it up, {break} takes the fault off.")))
	}
	return title, body
}

// keyed says which key a record has.
func keyed(st *engine.Stream, r *engine.Record) string {
	if k := st.KeyOf(r); k != "" {
		return "key " + k
	}
	return "no key"
}

func (m *Lab) insideBatch(about pane.Subject) (title string, body []kit.Para) {
	s := m.sim()
	si := s.SourceOf(m.at)
	st := &s.Streams[si]
	title = "Batch " + itoa(int(about.N)) + " of shard " + itoa(int(about.Shard))
	if about.N == 0 {
		title = "Records gathered for the next batch of shard " + itoa(int(about.Shard))
	}
	b := m.ctx().Batch(about)
	if b == nil {
		return title, nil
	}
	body = []kit.Para{{Style: kit.Dim, Text: "record  key       put at   handed over  data"}}
	for _, n := range b.Records {
		l := kit.NewLine(m.screens.Theme, 72)
		if !st.Records.Holds(int(n) - 1) {
			l.Add(kit.Strong, pane.Num(n)).PadTo(8).Text(s.RecordState(m.at, int(n)).String() + ", no longer in memory: seek an earlier instant")
			body = append(body, kit.Para{Text: l.String(), Raw: true})
			continue
		}
		r := st.Records.At(int(n) - 1)
		l.Add(kit.Strong, pane.Num(n)).PadTo(8).Text(st.KeyOf(r)).PadTo(18).Text(pane.Clock(r.At)).PadTo(27).
			Text(kit.Count(s.Deliveries(m.at, int(n)), "time")).PadTo(40).Add(kit.Info, string(s.Payload(si, int(n))))
		body = append(body, kit.Para{Text: l.String(), Raw: true})
	}
	return title, body
}

func (m *Lab) insideWindow(about pane.Subject) (title string, body []kit.Para) {
	b := m.ctx().Batch(about)
	if b == nil {
		return m.functionID(), nil
	}
	w := b.Window
	at := func(us int64) string { return pane.Clock(engine.Micros(us - m.sim().Config().Start)) }
	body = []kit.Para{{Text: "from " + at(w.Start) + " to " + at(w.End)}, {Text: "state as last returned: " + w.State, Raw: true}}
	if b.Number > 0 {
		return "A tumbling window of shard " + itoa(b.Shard), append(body, kit.Para{Text: "Batch " + itoa(int(b.Number)) + " was its final call: no records, isFinalInvokeForWindow true. The state is gone with it."})
	}
	return "The tumbling window of shard " + itoa(b.Shard), append(body, kit.Para{Text: kit.Count(b.Calls, "call") + " in it so far; the final call comes when it ends, with the state and no records."})
}

func (m *Lab) insideFunction(pane.Subject) (title string, body []kit.Para) {
	return m.functionID(), nil
}

func (m *Lab) insideDestination(pane.Subject) (title string, body []kit.Para) {
	return "Where failures of " + m.mappingID() + " go", []kit.Para{{Text: m.ctx().Pane(4).Text}}
}

func (m *Lab) insideFailureRecord(about pane.Subject) (title string, body []kit.Para) {
	s := m.sim()
	title = "Message " + itoa(m.ctx().Arrival(about)) + " of " + s.Mappings[m.at].OnFailure
	if m.o.Message != nil {
		for _, l := range m.o.Message(s, int(about.N)) {
			body = append(body, kit.Para{Text: l, Raw: true})
		}
		return title, body
	}
	d := &s.Discards[about.N]
	si := s.SourceOf(int(d.Mapping))
	first, last := int(d.Records[0]), int(d.Records[len(d.Records)-1])
	row := func(name, value string) {
		body = append(body, kit.Para{Text: name + ": " + value, Raw: true})
	}
	row("condition", d.Condition.String())
	row("approximateInvokeCount", itoa(int(d.InvokeCount)))
	row("shardId", engine.ShardID(int(d.Shard)))
	row("startSequenceNumber", s.SequenceNumber(si, first))
	row("endSequenceNumber", s.SequenceNumber(si, last))
	row("batchSize", itoa(len(d.Records)))
	body = append(body, kit.Para{}, kit.Para{Text: "It holds no data: the records are in the stream until their retention ends."})
	return title, body
}

func (m *Lab) insideCount(about pane.Subject) (title string, body []kit.Para) {
	return "Messages of " + m.streamID() + ": " + about.Name, nil
}

func (m *Lab) insideReceipt(about pane.Subject) (title string, body []kit.Para) {
	r := m.ctx().Receipt(about)
	if r == nil {
		return "Messages of " + m.streamID(), nil
	}
	return "Received together, batch " + itoa(int(r.Batch)), m.messages(r.Messages)
}

func (m *Lab) insideMessageBatch(about pane.Subject) (title string, body []kit.Para) {
	r := m.ctx().Receipt(about)
	if r == nil {
		return "Messages of " + m.streamID(), nil
	}
	return "Batch " + itoa(int(r.Batch)) + " of " + m.mappingID(), m.messages(r.Messages)
}

func (m *Lab) insideMessageGroup(about pane.Subject) (title string, body []kit.Para) {
	return "Group " + m.sim().Groups[about.N].Name + " of " + m.streamID(), m.messages(m.inGroup(about))
}

// inGroup lists up to 100 messages of a group.
func (m *Lab) inGroup(about pane.Subject) []int32 {
	var ids []int32
	for _, id := range m.sim().Contents(m.queue(), 1000) {
		if int64(m.sim().Message(id).Group) == about.N && len(ids) < 100 {
			ids = append(ids, id)
		}
	}
	return ids
}

func (m *Lab) insidePoller(about pane.Subject) (title string, body []kit.Para) {
	title = "Poller " + itoa(int(about.N)+1) + " of " + m.mappingID()
	if ids := m.sim().Mappings[m.at].Polls.Slots[about.N].Records; len(ids) > 0 {
		return title, m.messages(ids)
	}
	return title, []kit.Para{{Text: m.ctx().Pane(2).Text}}
}

func (m *Lab) insidePollers(pane.Subject) (title string, body []kit.Para) {
	return "Pollers of " + m.mappingID(), []kit.Para{{Text: m.ctx().Pane(2).Text}}
}

func (m *Lab) insideDeadLetters(pane.Subject) (title string, body []kit.Para) {
	if dlq := m.sim().DeadLetterOf(m.queue()); dlq >= 0 {
		return "Messages of " + m.sim().Config().Queues[dlq].ID, nil
	}
	return "No DLQ of " + m.streamID(), []kit.Para{{Text: m.ctx().Pane(4).Text}}
}

func (m *Lab) insideMessage(about pane.Subject) (title string, body []kit.Para) {
	id := int32(about.N)
	if n := m.ctx().Arrival(about); n > 0 {
		return "Message " + itoa(n) + " of " + m.sim().Mappings[m.at].OnFailure, []kit.Para{{Text: "Sent by the function, for an invocation that succeeded."}}
	}
	return "A message of " + m.sim().Config().Queues[m.sim().Message(id).Queue].ID, m.messages([]int32{id})
}

func (m *Lab) insideMetric(pane.Subject) (title string, body []kit.Para) {
	return "Metrics of " + m.mappingID(), []kit.Para{{Text: m.ctx().Pane(7).Text}}
}

// messages lists messages: when each was put, how many times it was received, its
// body.
func (m *Lab) messages(ids []int32) []kit.Para {
	s := m.sim()
	body := []kit.Para{{Style: kit.Dim, Text: "message      put at   received  body"}}
	for _, id := range ids {
		msg := s.Message(id)
		l := kit.NewLine(m.screens.Theme, 72).Add(kit.Strong, s.MessageLabel(id)).PadTo(13)
		if !s.Knows(id) {
			body = append(body, kit.Para{Text: l.Text(msg.State.String() + ", no longer in memory: seek an earlier instant").String(), Raw: true})
			continue
		}
		l.Text(pane.Clock(msg.PutAt)).PadTo(22).
			Text(kit.Count(int(msg.Receives), "time")).PadTo(32).Add(kit.Info, string(s.Body(id)))
		body = append(body, kit.Para{Text: l.String(), Raw: true})
	}
	return body
}

// openSetting opens the editor of a setting, with why it has its value.
func (m *Lab) openSetting(about pane.Subject) tea.Cmd {
	why := whyBody(whySetting(m, about))
	switch s, _ := m.ctx().Setting(about); {
	case s.Value == "":
		return m.dialogs.Show(&kit.Card{Title: s.Name, Body: why}, nil)
	default:
		return m.editName(s.Name, why)
	}
}

// openFault opens the menu of what can be broken, with the cursor on the fault.
func (m *Lab) openFault(about pane.Subject) tea.Cmd {
	s, _ := m.ctx().Setting(about)
	return m.breakMenu(s.Fault, whyBody(whyFault(m, about)))
}
