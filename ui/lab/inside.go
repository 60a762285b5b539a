package lab

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// titles say in two sentences what a pane is about.
var titles = [8]kit.Card{
	1: {Title: "What a shard is", Body: []kit.Para{{Text: "A shard is one ordered sequence of a stream's records; the hash of its partition key decides which shard a record goes to. " +
		"Order is kept within a shard and only there, so a batch that fails holds up its own shard and no other."}}},
	2: {Title: "What an iterator is", Body: []kit.Para{{Text: "An iterator is the mapping's place in one shard: it marks the first record that is not finished, and holds no copy of anything. " +
		"It moves when a batch is done or given up; the records stay in the stream until their retention ends."}}},
	3: {Title: "What a batch is", Body: []kit.Para{{Text: "A batch is what the function is handed in one invocation: records of one shard, in order, at most BatchSize, gathered for at most the batching window. " +
		"It is done, tried again, split or given up as a whole, unless the function reports which of its records failed."}}},
	4: {Title: "What an on-failure queue gets", Body: []kit.Para{{Text: "A batch that is given up leaves one message in the OnFailure queue. " +
		"It says where the records lie (shard and sequence numbers) and why they were given up, not what they hold: fetch them from the stream before its retention ends."}}},
	5: {Title: "What settings do", Body: []kit.Para{{Text: "These are the parameters of the event source mapping, by AWS's names; the letter in front changes one. " +
		"A batch under way keeps its records and its count, and is judged by the values that hold when it next fails."}}},
	6: {Title: "What happened", Body: []kit.Para{{Text: "Each line is something that the simulation decided, newest first; reads and puts are left out. " +
		"enter on a line shows the rule that decided it, where AWS says so, and the values of that instant."}}},
	7: {Title: "What the metrics say", Body: []kit.Para{{Text: "IteratorAge is how old the last record of a batch was when it was handed over; its maximum grows while a shard is blocked. " +
		"Errors counts invocations that failed; a throttled try is none, as it never reached the function."}}},
}

// inside looks into what the cursor is on.
func (m *Lab) inside() tea.Cmd {
	if m.focus == 0 {
		return m.why()
	}
	if m.focus == 6 && m.o.Region != nil {
		return nil
	}
	sel := m.views[m.focus].sel
	if sel < 0 {
		card := titles[m.focus]
		if m.queue() >= 0 {
			card = queueTitles[m.focus]
		}
		return m.dialogs.Show(&card, nil)
	}
	switch w := m.whyThing(); m.focus {
	case 5:
		return m.insideSetting(sel, about(w))
	case 6:
		return m.whyLine(sel, m.views[6].filter)
	default:
		title, body := m.insideThing(sel)
		return m.explain(title, w, body)
	}
}

// insideThing looks into a row of panes 1 to 4 and 7.
func (m *Lab) insideThing(sel int) (title string, body []kit.Para) {
	c := m.ctx()
	title = m.functionID()
	switch {
	case m.focus == 7:
		return "Metrics of " + m.mappingID(), titles[7].Body
	case m.focus == 3 && sel >= pane.Extra:
		return title, nil
	case m.queue() >= 0:
		return m.insideQueue(sel)
	}
	switch m.focus {
	case 1, 2:
		return m.insideShard(sel)
	case 3:
		if list := c.Batches(); sel < len(list) {
			return m.insideBatch(&list[sel])
		}
	case 4:
		if msgs := c.Messages(); sel < len(msgs) {
			return m.insideMessage(len(msgs)-sel, &msgs[len(msgs)-1-sel])
		}
		return "Where failures of " + m.mappingID() + " go", titles[4].Body
	}
	return title, nil
}

func (m *Lab) insideShard(i int) (title string, body []kit.Para) {
	s := m.sim()
	si := s.SourceOf(m.at)
	st := &s.Streams[si]
	sh := &st.Shards[i]
	p := func(style kit.Style, text string) kit.Para { return kit.Para{Style: style, Text: text} }
	title = "Shard " + itoa(i) + " of " + m.streamID() + ", and its iterator"
	body = []kit.Para{
		p(kit.Dim, engine.ShardID(i)),
		p(kit.Plain, "It holds "+kit.Count(sh.Len()-int(sh.Trim), "record")+"; "+kit.Count(s.Behind(m.at, i), "record")+" lie before its end from the iterator on."),
		p(kit.Plain, "Its hash range begins at "+sh.Lo.String()),
		p(kit.Plain, "and ends at             "+sh.Hi.String()),
	}
	if n := s.NextRecord(m.at, i); n > 0 {
		r := st.Records.At(int(n) - 1)
		body = append(body, kit.Para{}, p(kit.Strong, "The iterator stands before "+pane.Num(n)),
			p(kit.Plain, "sequence number "+s.SequenceNumber(si, int(n))),
			p(kit.Plain, "key "+st.Keys[r.Key].Name+", put at "+pane.Clock(r.At)+", "+s.RecordState(m.at, int(n)).String()),
			kit.Para{Text: string(s.Payload(si, int(n))), Style: kit.Info, Raw: true})
	}
	if l := s.ActiveLane(m.at, i); l != nil && l.Blocked {
		body = append(body, kit.Para{}, p(kit.Bad, "BLOCKED for "+pane.Secs(s.Now()-l.BlockedAt)),
			p(kit.Plain, kit.Say("Order in a shard is kept: while its batch is not done or given up, nothing may overtake it. {bisect} splits the batch, {retries} and {age} say when to give it up, {break} takes the fault off.")))
	}
	return title, body
}

func (m *Lab) insideBatch(b *pane.Batch) (title string, body []kit.Para) {
	s := m.sim()
	si := s.SourceOf(m.at)
	st := &s.Streams[si]
	title = "Batch " + itoa(int(b.Number)) + " of shard " + itoa(b.Shard)
	if b.Number == 0 {
		title = "Records gathered for the next batch of shard " + itoa(b.Shard)
	}
	if w := b.Window; w != nil {
		at := func(us int64) string { return pane.Clock(engine.Micros(us - s.Config().Start)) }
		body = []kit.Para{{Text: "from " + at(w.Start) + " to " + at(w.End)}, {Text: "state as last returned: " + w.State, Raw: true}}
		if b.Number > 0 {
			return "A tumbling window of shard " + itoa(b.Shard), append(body, kit.Para{Text: "Batch " + itoa(int(b.Number)) + " was its final call: no records, isFinalInvokeForWindow true. The state is gone with it."})
		}
		return "The tumbling window of shard " + itoa(b.Shard), append(body, kit.Para{Text: kit.Count(b.Calls, "call") + " in it so far; the final call comes when it ends, with the state and no records."})
	}
	body = []kit.Para{{Style: kit.Dim, Text: "record  key       put at   handed over  data"}}
	for _, n := range b.Records {
		r := st.Records.At(int(n) - 1)
		t := s.Mappings[m.at].Track.At(int(n) - 1)
		l := kit.NewLine(m.screens.Theme, 72)
		l.Add(kit.Strong, pane.Num(n)).To(8).Text(st.Keys[r.Key].Name).To(18).Text(pane.Clock(r.At)).To(27).
			Text(strconv.Itoa(int(t.Deliveries))+" times").To(40).Add(kit.Info, string(s.Payload(si, int(n))))
		body = append(body, kit.Para{Text: l.String(), Raw: true})
	}
	return title, body
}

func (m *Lab) insideMessage(n int, msg *engine.Message) (title string, body []kit.Para) {
	s := m.sim()
	title = "Message " + itoa(n) + " of " + s.Mappings[m.at].OnFailure
	if msg.Discard < 0 {
		body = []kit.Para{{Text: "Sent by the function, for an invocation that succeeded."}}
		return title, body
	}
	if m.o.Message != nil {
		for _, l := range m.o.Message(s, int(msg.Discard)) {
			body = append(body, kit.Para{Text: l, Raw: true})
		}
		return title, body
	}
	d := &s.Discards[msg.Discard]
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
	body = append(body, kit.Para{}, kit.Para{Text: "There is no data in it: the records still lie in the stream, until their retention ends."})
	return title, body
}

func (m *Lab) insideSetting(sel int, why []kit.Para) tea.Cmd {
	s, ok := m.ctx().SettingAt(sel)
	switch {
	case !ok:
		return nil
	case s.Break || s.Fault >= 0:
		return m.breakMenu(s.Fault, why)
	case s.Value == "":
		return m.dialogs.Show(&kit.Card{Title: s.Name, Body: why}, nil)
	case m.queue() >= 0:
		return m.editQueue(s.Name, why)
	}
	return m.edit(s.Name, why)
}

// menu offers what can be done to what the cursor is on.
func (m *Lab) menu() tea.Cmd {
	s := m.sim()
	if m.queue() >= 0 {
		return m.queueMenu()
	}
	shard := m.shard()
	n := m.selected(shard)
	id := m.mappingID()
	on := s.Mappings[m.at].State == engine.Enabled || s.Mappings[m.at].State == engine.Updating
	cmd := func(op engine.Op) func() tea.Cmd {
		return func() tea.Cmd { return m.apply(engine.Command{Op: op, Target: id}) }
	}
	list := []choice{
		{"poison #" + itoa(n), func() tea.Cmd { m.poison(n); return m.wakeUp() }},
		{"put a record here", func() tea.Cmd {
			return m.apply(engine.Command{Op: engine.OpPut, Put: engine.Traffic{To: m.streamID(), AtOnce: true, Count: 1, At: s.Now(), Until: engine.Never, Per: 1, Shard: shard, Keys: []string{"k1"}}})
		}},
	}
	if on {
		list = append(list, choice{"disable " + id, cmd(engine.OpDisable)})
	} else {
		list = append(list, choice{"enable " + id, cmd(engine.OpEnable)})
	}
	list = append(list, choice{"restart " + id + " from its checkpoint", cmd(engine.OpRestart)})
	read := strings.ToLower(m.sourceWord()) + ":GetRecords"
	list = append(list, m.right(read, "the right to read ("+read+")", "to read again"))
	fn := m.functionID()
	reserve := func(n int) func() tea.Cmd {
		return func() tea.Cmd {
			return m.apply(engine.Command{Op: engine.OpSet, Target: fn + ".ReservedConcurrentExecutions", Value: engine.IntValue(n)})
		}
	}
	if s.Functions[s.FunctionOf(m.at)].Reserved >= 0 {
		list = append(list, choice{"take off the reserved concurrency of " + fn, reserve(-1)})
	} else {
		list = append(list, choice{"throttle " + fn + " (ReservedConcurrentExecutions 0)", reserve(0)})
	}
	for _, f := range m.ctx().Faults() {
		list = append(list, choice{"take off: " + pane.FaultText(f, false), func() tea.Cmd { return m.takeOff(f.Name) }})
	}
	return m.offer("What can be done to shard "+itoa(shard)+" and its mapping", append(list, m.looksAt()...))
}

// right offers to take a right from the role that the mapping polls with, or
// to give back all that it lacks.
func (m *Lab) right(action, lost, back string) choice {
	id, op, actions, text := m.mappingID(), engine.OpDeny, []string{action}, "deny "+m.mappingID()+" "+lost
	if denied := m.sim().Mappings[m.at].Denied(); len(denied) > 0 {
		op, actions, text = engine.OpAllow, append([]string(nil), denied...), "allow "+id+" "+back
	}
	return choice{text, func() tea.Cmd { return m.apply(engine.Command{Op: op, Target: id, Actions: actions}) }}
}
