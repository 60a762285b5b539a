package lab

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// undo takes back the last command.
func (m *Lab) undo() {
	if _, ok := m.tl.Undo(); !ok {
		return
	}
	m.commands = max(0, m.commands-1)
	m.notice = kit.Say("Taken back, and computed anew from there. {redo} does it again")
	m.trimSkips()
	clear(m.pending)
}

// redo carries out again what undo took back.
func (m *Lab) redo() {
	if _, ok := m.tl.Redo(); !ok {
		return
	}
	m.commands++
	m.notice = "Done again, and computed anew from there"
	m.trimSkips()
}

// set changes a parameter of the mapping, and notes when that will count.
func (m *Lab) set(name string, v engine.Value) tea.Cmd {
	shard, hand := 0, (*engine.Lane)(nil)
	if m.queue() < 0 {
		shard, hand = m.inHand()
	}
	var w pendingSetting
	if hand != nil {
		p, _ := hand.Part()
		w = pendingSetting{when: narrate.When(name), shard: int32(shard), batch: hand.Root, tries: p.Tries}
	}
	before := m.sim().Mappings[m.at].Settings
	cmd := m.apply(engine.Command{Op: engine.OpSet, Target: m.mappingID() + "." + name, Value: v})
	if hand != nil && m.sim().Mappings[m.at].Settings != before {
		m.pending[name] = w
	}
	return cmd
}

// inHand gives the batch under way that a setting is most about: a blocked
// one, else any.
func (m *Lab) inHand() (int, *engine.Lane) {
	s := m.sim()
	found, lane := -1, (*engine.Lane)(nil)
	for i := range s.Mappings[m.at].Iterators {
		l := s.ActiveLane(m.at, i)
		if len(l.Parts) == 0 {
			continue
		}
		if l.Blocked {
			return i, l
		}
		if lane == nil {
			found, lane = i, l
		}
	}
	return found, lane
}

// putMenu asks how many records to put, and where.
func (m *Lab) putMenu() tea.Cmd {
	s := m.sim()
	if m.queue() >= 0 {
		return m.putMessages()
	}
	st := &s.Streams[s.SourceOf(m.at)]
	menu := &kit.Menu{Title: "Put records to " + m.streamID(), Label: "where:", Cycle: []string{"by its key, the keys of the traffic in turn"},
		Items: []kit.Item{{Key: "1", Text: "1 record"}, {Key: "2", Text: "10 records"}, {Key: "3", Text: "100 records"}, {Key: "4", Text: "a burst: 1,000 at this instant"}}}
	keys := []string{}
	for i := range st.Keys {
		keys = append(keys, st.Keys[i].Name)
	}
	if len(keys) == 0 {
		keys = []string{"k1"}
	}
	for i := range st.Shards {
		menu.Cycle = append(menu.Cycle, "shard "+strconv.Itoa(i))
	}
	shown := keys[:min(len(keys), 16)]
	for _, k := range shown {
		menu.Cycle = append(menu.Cycle, "key "+k)
	}
	if about := m.subject(); about.Kind == pane.KindShard || about.Kind == pane.KindIterator {
		menu.Turn = 1 + int(about.Shard)
	}
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd {
		row := engine.Traffic{To: m.streamID(), AtOnce: true, Count: []int{1, 10, 100, 1000}[r.Chosen], At: m.sim().Now(), Until: engine.Never, Per: 1, Shard: -1, Keys: keys}
		switch turn := menu.Turn; {
		case turn > len(st.Shards):
			row.Keys = []string{shown[turn-1-len(st.Shards)]}
		case turn > 0:
			row.Shard = turn - 1
		}
		return m.apply(engine.Command{Op: engine.OpPut, Put: row})
	})
}
