package lab

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/ui/kit"
)

// undo takes back the last command.
func (m *Lab) undo() {
	if _, ok := m.tl.Undo(); !ok {
		return
	}
	m.commands = max(0, m.commands-1)
	m.notice = kit.WithKeys("Taken back, and recomputed from there. {redo} does it again")
	m.trimSkips()
	clear(m.pending)
}

// redo carries out again what undo took back.
func (m *Lab) redo() {
	if _, ok := m.tl.Redo(); !ok {
		return
	}
	m.commands++
	m.notice = "Done again, and recomputed from there"
	m.trimSkips()
}

// set changes a parameter of the mapping, and notes when the change takes effect.
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

// inHand finds the batch under way that a changed setting matters to most: a blocked
// one, else the first.
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
