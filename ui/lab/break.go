package lab

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// breakMenu offers what can be broken, and to take off what is on: there the
// cursor stands when fault is the index of one, -1 at the top.
func (m *Lab) breakMenu(fault int, why []kit.Para) tea.Cmd {
	shard := m.shard()
	next, one := "poison the next record of shard "+strconv.Itoa(shard), "poison a record"
	if m.queue() >= 0 {
		next, one = "poison the next message of "+m.streamID(), "poison a message"
	}
	items := []kit.Item{
		{Key: "1", Text: next},
		{Key: "2", Text: one, Note: "you say which"},
		{Key: "3", Text: "the next invocation throws"},
		{Key: "4", Text: "the next invocation times out"},
		{Key: "5", Text: "the next invocation crashes"},
		{Key: "6", Text: "every invocation throws", Note: "until it is taken off"},
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
		items = append(items, kit.Item{Key: key, Text: "take off: " + pane.FaultText(f, false)})
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

// resume lets a run go on that stood because nothing could happen.
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

// applyFault does what needs no further question.
func (m *Lab) applyFault(row, shard int) {
	switch row {
	case 0:
		n := m.nextRecord(shard)
		if n == 0 {
			m.notice = kit.Say("Nothing further is to come there: {put} puts something")
			return
		}
		m.poison(n)
	case 2, 3, 4:
		how := [...]engine.How{engine.HowError, engine.HowTimeout, engine.HowCrash}[row-2]
		at, records, ok := m.nextInvoke()
		if !ok {
			m.notice = kit.Say("No further invocation is to come: {put} puts records")
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

// addFault switches a fault on under a name of its own.
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

// lookAhead bounds how far a copy of the run is driven to see what comes.
const lookAhead = 20000

// nextRecord is the next record of a shard that the function has not been given
// yet: one that waits, or the next one to be put. 0: none is to come.
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

// nextInvoke is when the mapping next invokes its function, and with what: that
// may be still to come. What other mappings hand to that function is of other
// sources.
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

// askRecord asks which record to poison; the selected one is proposed.
func (m *Lab) askRecord(shard int) tea.Cmd {
	return m.dialogs.Show(kit.NewEditor(kit.Editor{Title: "Poison one of " + m.streamID(), Was: strconv.Itoa(m.selected(shard)), Default: "the selected one",
		Allowed: "the number of a record, from 1; it may be one that is still to come",
		Say: func(s string) string {
			n, ok := recordNumber(s)
			if !ok {
				return "a record's number is wanted, as 22"
			}
			switch state := m.stateOf(n); state {
			case engine.StateNone:
				return "#" + s + " is still to come: the function will throw whenever it is handed over"
			case engine.StateDone, engine.StateDiscarded, engine.StateExpired, engine.StateMissed:
				return "#" + s + " is " + state.String() + ": it will not be handed over again"
			default:
				return "#" + s + " is " + state.String() + ": the function will throw whenever it is handed over"
			}
		},
		Check: func(s string) string {
			if _, ok := recordNumber(s); !ok {
				return "'" + s + "' is no record's number"
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
				return "a whole number is wanted: 2 to 10,000"
			}
			takes := base.Base * engine.Micros(n)
			text := m.functionID() + " takes " + pane.Dur(takes) + " instead of " + pane.Dur(base.Base)
			if limit := m.sim().Functions[m.sim().FunctionOf(m.at)].Timeout; takes > limit {
				text += "; its Timeout of " + pane.Dur(limit) + " ends it before"
			}
			return text
		},
		Check: func(s string) string {
			if n, err := strconv.Atoi(s); err != nil || n < 2 || n > 10000 {
				return "'" + s + "' is no factor from 2 to 10,000"
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
