package lab

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// putMenu asks how many records to put, and where.
func (m *Lab) putMenu() tea.Cmd {
	s := m.sim()
	if m.queue() >= 0 {
		return m.putMessages()
	}
	st := &s.Streams[s.SourceOf(m.at)]
	menu := &kit.Menu{Title: "Put records to " + m.streamID(), Label: "where:", Cycle: []string{"by key, with the keys of the traffic in turn"},
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

// putMessages asks how many messages to put, and of which group.
func (m *Lab) putMessages() tea.Cmd {
	s := m.sim()
	q := &s.Queues[m.queue()]
	menu := &kit.Menu{Title: "Put messages to " + m.streamID(), Items: []kit.Item{{Key: "1", Text: "1 message"}, {Key: "2", Text: "10 messages"}, {Key: "3", Text: "100 messages"}, {Key: "4", Text: "a burst: 1,000 at this instant"}}}
	var groups []string
	if q.FIFO {
		for _, gi := range q.Groups {
			groups = append(groups, s.Groups[gi].Name)
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
