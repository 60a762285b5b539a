package lab

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// choice is a line of the menu of what can be done to a thing, or seen of it.
type choice struct {
	text string
	do   func() tea.Cmd
}

// offer shows a menu of choices.
func (m *Lab) offer(title string, list []choice) tea.Cmd {
	menu := &kit.Menu{Title: title}
	for i, d := range list {
		menu.Items = append(menu.Items, kit.Item{Key: key(i), Text: d.text})
	}
	return m.dialogs.Show(menu, func(r kit.Reply) tea.Cmd { return list[r.Chosen].do() })
}

// looksAt lists what can be seen of the thing under the cursor beside what enter
// shows: a record's life, the event that the function got, where it lies, what
// is in force.
func (m *Lab) looksAt() []choice {
	var out []choice
	see := func(text string, do func() tea.Cmd) { out = append(out, choice{"see " + text, do}) }
	if l := m.labelUnder(); l != "" {
		see("the life of "+l, func() tea.Cmd { return m.life(l) })
	}
	if n := m.invocationUnder(); n != "" {
		see("the event that "+m.functionID()+" got at invocation "+n, func() tea.Cmd { return m.given(n) })
	}
	switch {
	case m.queue() < 0 && m.focus != 1 && m.focus != 2:
		i := m.shard()
		see("shard "+itoa(i)+" and its iterator", func() tea.Cmd {
			title, body := m.insideShard(i)
			return m.dialogs.Show(&kit.Card{Title: title, Body: body}, nil)
		})
	case m.queue() >= 0 && m.focus != 3:
		see("the batches in hand", func() tea.Cmd { m.Focus(3, -1); m.move(1); return nil })
	}
	see("all in force for "+m.mappingID()+", and get-event-source-mapping", m.inForce)
	return out
}

// labelUnder names the record or message under the cursor, the first of
// several; "" where there is none.
func (m *Lab) labelUnder() string {
	s, sel := m.sim(), m.views[m.focus].sel
	if m.queue() >= 0 {
		if list := pane.Receipts(s, m.at, m.history().Log); (m.focus == 1 || m.focus == 3) && sel >= 0 && sel < len(list) && len(list[sel].Messages) > 0 {
			r := &list[sel]
			if len(r.Hits) > 0 {
				return s.MessageLabel(r.Hits[0])
			}
			return s.MessageLabel(r.Messages[0])
		}
		if dlq := s.DeadLetterOf(m.queue()); m.focus == 4 && dlq >= 0 && sel >= 0 {
			if all := s.Contents(dlq, 200); sel < len(all) {
				return s.MessageLabel(all[sel])
			}
		}
	} else if list := m.ctx().Messages(); m.focus == 4 && sel >= 0 && sel < len(list) {
		if d := list[len(list)-1-sel].Discard; d >= 0 {
			return m.streamID() + "#" + itoa(int(s.Discards[d].Records[0]))
		}
	} else if list := m.ctx().Stories(max(0, sel), 1, m.views[6].filter); m.focus == 6 && sel >= 0 && len(list) > 0 {
		if e := list[0].Event; e != nil && len(e.Records) > 0 && e.Source >= 0 {
			return s.Label(e.Source, e.Records[0])
		}
	} else if n := s.NextRecord(m.at, m.shard()); n > 0 {
		if l := s.ActiveLane(m.at, m.shard()); l != nil && len(l.FailedRecords) > 0 {
			n = l.FailedRecords[0]
		}
		return m.streamID() + "#" + itoa(int(n))
	}
	if list := m.labels(); len(list) > 0 {
		return list[0]
	}
	return ""
}

// invocationUnder is the newest invocation with the batch under the cursor, or
// of the mapping; "" where the log has none.
func (m *Lab) invocationUnder() string {
	sel, batch := m.views[m.focus].sel, int32(0)
	if m.focus == 3 && sel >= 0 {
		if m.queue() >= 0 {
			if list := pane.Receipts(m.sim(), m.at, m.history().Log); sel < len(list) {
				batch = list[sel].Batch
			}
		} else if list := m.ctx().Batches(); sel < len(list) {
			batch = list[sel].Number
		}
	}
	log := m.history().Log
	for i := len(log) - 1; i >= 0; i-- {
		if e := &log[i]; e.Kind == engine.KindInvoke && int(e.Mapping) == m.at && (batch == 0 || e.Batch == batch) {
			return itoa(int(e.Invocation))
		}
	}
	return ""
}
