package lab

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/rule"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// This file finds, for each row of the panes, why it is as it is.

// whyThing tells why the thing under the cursor is as it is; nil where the
// cursor is on nothing of its own.
func (m *Lab) whyThing() *inspect.Why {
	s, log := m.sim(), m.history().Log
	sel, c := m.views[m.focus].sel, m.ctx()
	switch {
	case m.focus == 0 || sel < 0:
		return nil
	case m.focus == 3 && sel == pane.FunctionRow:
		return inspect.OfFunction(s, log, s.FunctionOf(m.at))
	case m.focus == 3 && sel == pane.LastRow:
		return m.whyLast()
	case m.focus == 5:
		return m.whySetting(sel)
	case m.focus == 6:
		return nil // whyLine tells of them
	case m.focus == 7:
		name, chart := c.FigureAt(sel)
		if chart {
			return inspect.OfMetric(s, log, m.at, name)
		}
		return inspect.OfFigure(s, log, m.at, name)
	case m.queue() >= 0:
		return m.whyQueue(c, sel)
	}
	switch m.focus {
	case 1:
		if sel < len(s.Streams[s.SourceOf(m.at)].Shards) {
			return inspect.OfShard(s, log, m.at, sel)
		}
	case 2:
		if sel < len(s.Streams[s.SourceOf(m.at)].Shards) {
			return inspect.OfIterator(s, log, m.at, sel)
		}
	case 3:
		if list := c.Batches(); sel < len(list) {
			return inspect.OfBatch(s, log, m.at, list[sel].Shard, list[sel].Lane, list[sel].Number)
		}
	case 4:
		return m.whyMessage(c, sel)
	}
	return nil
}

// whyLast tells of the batch that ended last.
func (m *Lab) whyLast() *inspect.Why {
	s, log := m.sim(), m.history().Log
	for i := len(log) - 1; i >= 0; i-- {
		if e := &log[i]; int(e.Mapping) == m.at && (e.Kind == engine.KindReturn || e.Kind == engine.KindBisect || e.Kind == engine.KindDiscard) {
			return inspect.OfEvent(s, log, i)
		}
	}
	return inspect.OfMetric(s, log, m.at, "Invocations")
}

// whyMessage tells of a row of pane 4 of a stream: a message, or where they go.
func (m *Lab) whyMessage(c *pane.Ctx, sel int) *inspect.Why {
	s, log := m.sim(), m.history().Log
	list := c.Messages()
	if k := len(list) - 1 - sel; k >= 0 { // newest first
		if msg := &list[k]; msg.Discard >= 0 {
			return inspect.OfDiscard(s, log, int(msg.Discard))
		} else if id := s.MessageID(int(msg.Origin), int(msg.N)); id >= 0 {
			return inspect.OfMessage(s, log, id)
		}
	}
	if qi := s.QueueIndex(c.Destination().ID); qi >= 0 {
		return inspect.OfQueue(s, log, qi)
	}
	return inspect.OfSetting(s, log, m.mappingID(), "OnFailure")
}

// whySetting tells of a row of Settings.
func (m *Lab) whySetting(sel int) *inspect.Why {
	s, log := m.sim(), m.history().Log
	row, ok := m.ctx().SettingAt(sel)
	switch {
	case !ok:
		return nil
	case row.Break || row.Fault >= 0:
		name := ""
		if faults := m.ctx().Faults(); row.Fault >= 0 && row.Fault < len(faults) {
			name = faults[row.Fault].Name
		}
		return inspect.OfFault(s, log, s.FunctionOf(m.at), name)
	case row.Value == "": // it only says what is for streams
		return inspect.OfSetting(s, log, m.mappingID(), "ReportBatchItemFailures")
	}
	return m.whyParam(row.Name)
}

// whyParam tells of a parameter of the mapping, or an attribute of its queue.
func (m *Lab) whyParam(name string) *inspect.Why {
	id := m.mappingID()
	if a := m.attribute(name); a != nil {
		id = a.target
	} else if m.queue() >= 0 && (engine.FindIn(engine.QueueParams, name) != nil || name == "deadLetterTargetArn") {
		id = m.streamID()
	}
	return inspect.OfSetting(m.sim(), m.history().Log, id, name)
}

// whyQueue tells of a row of panes 1 to 4 of a queue.
func (m *Lab) whyQueue(c *pane.Ctx, sel int) *inspect.Why {
	s, log, qi := m.sim(), m.history().Log, m.queue()
	switch m.focus {
	case 1, 3:
		if name := pane.CountAt(sel); name != "" {
			return inspect.OfFigure(s, log, m.at, name)
		}
		if g := c.GroupAt(sel); g >= 0 && m.focus == 1 {
			return inspect.OfGroup(s, log, qi, g)
		}
		if list := pane.Receipts(s, m.at, log); sel < len(list) && len(list[sel].Messages) > 0 {
			if r := &list[sel]; m.focus == 3 {
				return inspect.OfReceive(s, log, m.at, &r.Receive, r.Batch, r.Poller != nil)
			}
			return inspect.OfMessage(s, log, list[sel].Messages[0])
		}
	case 2:
		if i := c.PollerAt(sel); i >= 0 {
			return inspect.OfPoller(s, log, m.at, i)
		}
		return inspect.OfPollers(s, log, m.at)
	case 4:
		dlq := s.DeadLetterOf(qi)
		if dlq < 0 {
			return inspect.OfSetting(s, log, m.streamID(), "deadLetterTargetArn")
		}
		if all := s.Contents(dlq, 200); sel < len(all) {
			return inspect.OfMessage(s, log, all[sel])
		}
		return inspect.OfQueue(s, log, dlq)
	}
	return inspect.OfQueue(s, log, qi)
}

// explain shows why something is as it is, what is inside it, and what led to
// it.
func (m *Lab) explain(title string, w *inspect.Why, inside []kit.Para) tea.Cmd {
	card := &kit.Card{Title: title}
	if w != nil {
		card.Body = append(card.Body, kit.Para{Style: kit.Strong, Text: w.Statement})
		card.Body = append(card.Body, whyParas(w)...)
	}
	if len(inside) > 0 {
		card.Body = append(append(card.Body, kit.Para{}), inside...)
	}
	card.Body = append(card.Body, ledParas(w)...)
	return m.dialogs.Show(card, nil)
}

// about is a Why in an editor or a menu: all of it, as there is no inside.
func about(w *inspect.Why) []kit.Para {
	if w == nil {
		return nil
	}
	out := []kit.Para{{Style: kit.Strong, Text: w.Statement}}
	return append(append(out, whyParas(w)...), ledParas(w)...)
}

// whyParas writes the rule that decided, and the values of that instant.
func whyParas(w *inspect.Why) []kit.Para {
	var out []kit.Para
	if r, ok := rule.Find(w.Rule); ok {
		out = ruleParas(&r)
	}
	return append(out, valueParas(w)...)
}

func valueParas(w *inspect.Why) []kit.Para {
	text := ""
	for i, v := range w.Values {
		if i > 0 {
			text += kit.Together(" ·") + " "
		}
		text += kit.Together(v)
	}
	return []kit.Para{{Style: kit.Dim, Text: "values of that instant, " + pane.Clock(w.At)}, {Text: text}}
}

// ledParas are the causes before a Why, back to the put or the command.
func ledParas(w *inspect.Why) []kit.Para {
	if w == nil || w.Cause == nil {
		return nil
	}
	out := []kit.Para{{}, {Style: kit.Dim, Text: "what led to it"}}
	for _, step := range w.Chain()[1:] {
		out = append(out, kit.Para{Text: pane.Clock(step.At) + "  " + step.Statement + "  " + string(step.Rule)})
	}
	return out
}

// whyEvent is the Why of an event of the log, nil where it is no longer in it.
func (m *Lab) whyEvent(e *engine.Event) *inspect.Why {
	log := m.history().Log
	i, ok := slices.BinarySearchFunc(log, e.N, func(o engine.Event, n int64) int { return int(o.N - n) })
	if !ok {
		return nil
	}
	return inspect.OfEvent(m.sim(), log, i)
}
