package lab

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// breakMenu offers what can be broken, and to remove each fault. The cursor is on
// the fault with index fault, or at the top if that is -1.
func (m *Lab) breakMenu(fault int, why []kit.Para) tea.Cmd {
	shard := m.shardOf(m.subject()) // not the blocked one that the headline names: it is broken already
	next, one := "poison the next record of shard "+strconv.Itoa(shard), "poison a record"
	if m.queue() >= 0 {
		next, one = "poison the next message of "+m.streamID(), "poison a message"
	}
	items := []kit.Item{
		{Key: "1", Text: next},
		{Key: "2", Text: one, Note: "you choose which"},
		{Key: "3", Text: "the next invocation throws"},
		{Key: "4", Text: "the next invocation times out"},
		{Key: "5", Text: "the next invocation crashes"},
		{Key: "6", Text: "every invocation throws", Note: "until it is removed"},
		{Key: "7", Text: "slow", Note: "by a factor"},
	}
	if m.repeatFault != nil {
		items = append(items, kit.Item{Key: "e", Text: "the same again"})
	}
	again := len(items) - 1
	faults := m.ctx().Faults()
	for i, f := range faults {
		key := ""
		if i < 2 {
			key = strconv.Itoa(8 + i)
		}
		items = append(items, kit.Item{Key: key, Text: "remove: " + narrate.Fault(f, false)})
	}
	menu := &kit.Menu{Title: "Break something in " + m.functionID(), Items: items, About: why}
	if fault >= 0 {
		menu.Sel = again + 1 + fault
	}
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		switch {
		case r.Chosen == again && m.repeatFault != nil:
			m.repeatFault()
			return m.resume()
		case r.Chosen > again:
			return m.takeOff(faults[r.Chosen-again-1].Name)
		}
		return m.chooseFault(r.Chosen, shard)
	})
}

// resume lets time go on if it had stopped because nothing more could happen.
func (m *Lab) resume() tea.Cmd {
	if m.stoppedIdle {
		return m.setRunning(true)
	}
	return nil
}

func (m *Lab) takeOff(name string) tea.Cmd {
	return m.apply(engine.Command{Op: engine.OpFix, Target: name})
}

// chooseFault carries out a row of the menu.
func (m *Lab) chooseFault(row, shard int) tea.Cmd {
	switch row {
	case 1:
		return m.askRecord(shard)
	case 6:
		return m.askFactor()
	}
	hit := func() { m.applyFault(row, shard) }
	m.repeatFault = hit
	hit()
	return m.resume()
}

// applyFault applies a row of the menu that asks nothing more.
func (m *Lab) applyFault(row, shard int) {
	switch row {
	case 0:
		n := m.nextRecord(shard)
		if n == 0 {
			m.notice = kit.WithKeys("No more records are due there: {put} puts some")
			return
		}
		m.poison(n)
	case 2, 3, 4:
		how := [...]engine.How{engine.HowError, engine.HowTimeout, engine.HowCrash}[row-2]
		at, records, ok := m.nextInvoke()
		if !ok {
			m.notice = kit.WithKeys("No more invocations are due: {put} puts records")
			return
		}
		m.addFault(engine.Fault{How: how, From: at, Until: at + 1, Records: records})
	case 5:
		m.addFault(engine.Fault{How: engine.HowError, Until: engine.Never})
	}
}

func (m *Lab) poison(n int) {
	m.addFault(engine.Fault{How: engine.HowError, Until: engine.Never, Records: []engine.Label{{Source: m.streamID(), N: n}}})
}

// addFault switches on a fault, under a name that no other has.
func (m *Lab) addFault(f engine.Fault) {
	f.Function = m.functionID()
	for f.Name == "" || m.faultNamed(f.Name) {
		m.faultNames++
		f.Name = "lab" + strconv.Itoa(m.faultNames)
	}
	m.apply(engine.Command{Op: engine.OpFault, Fault: f})
}

func (m *Lab) faultNamed(name string) bool {
	s := m.sim()
	for i := range s.Functions {
		for k := range s.Functions[i].Faults {
			if s.Functions[i].Faults[k].Name == name {
				return true
			}
		}
	}
	return false
}

// lookAhead limits how many steps a copy of the run is taken to see what comes.
const lookAhead = 20000

// nextRecord is the next record of a shard, or message of the queue, that the
// function has not been given yet: one that waits, or the next to be put; 0 if there
// is none.
func (m *Lab) nextRecord(shard int) int {
	s := m.sim()
	if m.queue() >= 0 {
		return m.nextMessage()
	}
	st := &s.Streams[s.SourceOf(m.at)]
	if shard >= len(st.Shards) {
		return 0
	}
	poisoned := func(n int) bool {
		for _, f := range m.ctx().Faults() {
			if slices.Contains(f.Records, engine.Label{Source: m.streamID(), N: n}) && f.Until == engine.Never {
				return true
			}
		}
		return false
	}
	if its := s.Mappings[m.at].Iterators; shard < len(its) {
		for _, n := range st.Shards[shard].Between(its[shard].Next, int32(st.Shards[shard].Len())) {
			if state := s.RecordState(m.at, int(n)); (state == engine.StateWaiting || state == engine.StateBatched) && !poisoned(int(n)) {
				return int(n)
			}
		}
	}
	c := s.Clone()
	for range lookAhead {
		if c.Idle() || !c.Step() {
			return 0
		}
		for _, e := range c.Drain() {
			if e.Kind == engine.KindPut && int(e.Source) == s.SourceOf(m.at) && int(e.Shard) == shard && !poisoned(int(e.Record)) {
				return int(e.Record)
			}
		}
	}
	return 0
}

// nextInvoke is when the mapping next invokes its function, and with which records;
// they may not have been put yet. Invocations by other mappings do not count.
func (m *Lab) nextInvoke() (at engine.Micros, records []engine.Label, ok bool) {
	c := m.sim().Clone()
	for range lookAhead {
		if c.Idle() || !c.Step() {
			break
		}
		for _, e := range c.Drain() {
			if e.Kind == engine.KindInvoke && int(e.Mapping) == m.at {
				for _, n := range e.Records {
					records = append(records, m.labelOf(c, n))
				}
				return e.At, records, true
			}
		}
	}
	return 0, nil, false
}

// askRecord asks which record to poison, and proposes the selected one.
func (m *Lab) askRecord(shard int) tea.Cmd {
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: "Poison one of " + m.streamID(), Was: strconv.Itoa(m.selected(shard)), Default: "the selected one",
		Allowed: "the number of a record, from 1; it may not have been put yet",
		Say: func(s string) string {
			n, ok := recordNumber(s)
			if !ok {
				return "enter a record's number, such as 22"
			}
			switch state := m.stateOf(n); state {
			case engine.StateNone:
				return "#" + s + " has not been put yet: the function will throw whenever it gets it"
			case engine.StateDone, engine.StateDiscarded, engine.StateExpired, engine.StateMissed:
				return "#" + s + " is " + state.String() + ": the function will not get it again"
			default:
				return "#" + s + " is " + state.String() + ": the function will throw whenever it gets it"
			}
		},
		Check: func(s string) string {
			if _, ok := recordNumber(s); !ok {
				return "'" + s + "' is not a record's number"
			}
			return ""
		}}), func(r kit.Reply) tea.Cmd {
		n, _ := recordNumber(r.Text)
		m.repeatFault = func() { m.poison(n + 1); m.repeatFault = nil }
		m.poison(n)
		return m.resume()
	})
}

func recordNumber(s string) (int, bool) {
	if i := strings.LastIndexByte(s, '#'); i >= 0 {
		s = s[i+1:]
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n > 0 && n < 1<<31
}

func (m *Lab) askFactor() tea.Cmd {
	base := m.sim().Functions[m.sim().FunctionOf(m.at)].Takes
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: "Slow by a factor", Was: "10", Default: "10", Allowed: "2 to 10,000", Steps: []string{"2", "5", "10", "50", "100", "1000"},
		Say: func(s string) string {
			n, err := strconv.Atoi(s)
			if err != nil || n < 2 || n > 10000 {
				return "enter a whole number from 2 to 10,000"
			}
			takes := base.Base * engine.Micros(n)
			text := m.functionID() + " takes " + pane.Dur(takes) + " instead of " + pane.Dur(base.Base)
			if limit := m.sim().Functions[m.sim().FunctionOf(m.at)].Timeout; takes > limit {
				text += "; its Timeout of " + pane.Dur(limit) + " ends it first"
			}
			return text
		},
		Check: func(s string) string {
			if n, err := strconv.Atoi(s); err != nil || n < 2 || n > 10000 {
				return "'" + s + "' is not a factor from 2 to 10,000"
			}
			return ""
		}}), func(r kit.Reply) tea.Cmd {
		n, _ := strconv.Atoi(r.Text)
		hit := func() {
			k := engine.Micros(n)
			m.addFault(engine.Fault{How: engine.HowSlow, Until: engine.Never, Takes: engine.Takes{Base: base.Base * k, Each: base.Each * k, Spread: base.Spread * k}})
		}
		m.repeatFault = hit
		hit()
		return m.resume()
	})
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
