package lab

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/narrate"
	"esmlab/engine/rule"
	"esmlab/engine/setting"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// This file finds out why the subjects of the panes are as they are, and writes it on
// cards.

func whyShard(m *Lab, about pane.Subject) *inspect.Why {
	return inspect.OfShard(m.sim(), m.history().Log, m.at, int(about.Shard))
}

func whyIterator(m *Lab, about pane.Subject) *inspect.Why {
	return inspect.OfIterator(m.sim(), m.history().Log, m.at, int(about.Shard))
}

func whyBatch(m *Lab, about pane.Subject) *inspect.Why {
	return inspect.OfBatch(m.sim(), m.history().Log, m.at, int(about.Shard), int(about.Lane), batchNumber(m, about))
}

// whyOutcomes is about the batch that ended last.
func whyOutcomes(m *Lab, _ pane.Subject) *inspect.Why {
	s, log := m.sim(), m.history().Log
	for i := len(log) - 1; i >= 0; i-- {
		if e := &log[i]; int(e.Mapping) == m.at && (e.Kind == engine.KindReturn || e.Kind == engine.KindBisect || e.Kind == engine.KindDiscard) {
			return inspect.OfEvent(s, log, i)
		}
	}
	return inspect.OfMetric(s, log, m.at, "Invocations")
}

func whyFunction(m *Lab, _ pane.Subject) *inspect.Why {
	return inspect.OfFunction(m.sim(), m.history().Log, m.sim().FunctionOf(m.at))
}

func whyDestination(m *Lab, _ pane.Subject) *inspect.Why {
	s, log := m.sim(), m.history().Log
	if qi := s.QueueIndex(m.ctx().Destination().ID); qi >= 0 {
		return inspect.OfQueue(s, log, qi)
	}
	return inspect.OfSetting(s, log, m.mappingID(), setting.OnFailure)
}

func whyFailureRecord(m *Lab, about pane.Subject) *inspect.Why {
	return inspect.OfDiscard(m.sim(), m.history().Log, int(about.N))
}

func whyFigure(m *Lab, about pane.Subject) *inspect.Why {
	return inspect.OfFigure(m.sim(), m.history().Log, m.at, about.Name)
}

func whyMetric(m *Lab, about pane.Subject) *inspect.Why {
	return inspect.OfMetric(m.sim(), m.history().Log, m.at, about.Name)
}

func whyReceipt(m *Lab, about pane.Subject) *inspect.Why {
	if r := m.ctx().Receipt(about); r != nil {
		return inspect.OfMessage(m.sim(), m.history().Log, r.Messages[0])
	}
	return inspect.OfQueue(m.sim(), m.history().Log, m.queue())
}

func whyMessageBatch(m *Lab, about pane.Subject) *inspect.Why {
	if r := m.ctx().Receipt(about); r != nil {
		return inspect.OfReceive(m.sim(), m.history().Log, m.at, &r.Receive, r.Batch, r.Poller != nil)
	}
	return inspect.OfQueue(m.sim(), m.history().Log, m.queue())
}

func whyMessageGroup(m *Lab, about pane.Subject) *inspect.Why {
	return inspect.OfGroup(m.sim(), m.history().Log, m.queue(), engine.GroupID(about.N))
}

func whyPoller(m *Lab, about pane.Subject) *inspect.Why {
	return inspect.OfPoller(m.sim(), m.history().Log, m.at, int(about.N))
}

func whyPollers(m *Lab, _ pane.Subject) *inspect.Why {
	return inspect.OfPollers(m.sim(), m.history().Log, m.at)
}

func whyDeadLetters(m *Lab, _ pane.Subject) *inspect.Why {
	s, log := m.sim(), m.history().Log
	if dlq := s.DeadLetterOf(m.queue()); dlq >= 0 {
		return inspect.OfQueue(s, log, dlq)
	}
	return inspect.OfSetting(s, log, m.streamID(), setting.DeadLetterTargetARN)
}

func whyMessage(m *Lab, about pane.Subject) *inspect.Why {
	return inspect.OfMessage(m.sim(), m.history().Log, int32(about.N))
}

func whySetting(m *Lab, about pane.Subject) *inspect.Why {
	if row, _ := m.ctx().Setting(about); row.Value == "" { // it only says what is for streams
		return inspect.OfSetting(m.sim(), m.history().Log, m.mappingID(), setting.ReportBatchItemFailures)
	}
	return m.whyParam(about.Name)
}

func whyFault(m *Lab, about pane.Subject) *inspect.Why {
	return inspect.OfFault(m.sim(), m.history().Log, m.sim().FunctionOf(m.at), about.Name)
}

// whyParam says why the setting of that name has its value.
func (m *Lab) whyParam(name string) *inspect.Why {
	e, ok := m.editable(name)
	if !ok {
		return nil
	}
	return inspect.OfSetting(m.sim(), m.history().Log, e.of.ID, e.Name)
}

// explainHeadline explains what the headline says.
func (m *Lab) explainHeadline(pane.Subject) tea.Cmd {
	h := m.headline()
	card := m.headlineCard(&h)
	if card == nil {
		m.notice = "Nothing has happened yet"
		return nil
	}
	return m.dialogs.Show(card, nil)
}

// headlineCard explains what a headline says: the event that it announces, the last try of
// what is blocked or hidden, or the thing that it names. Without any of them it is the
// newest thing that happened; nil: nothing has.
func (m *Lab) headlineCard(h *headline) *kit.Card {
	switch h.about.Kind {
	case pane.KindTitle:
	case pane.KindEvent:
		if s, i := m.ctx().Story(h.about, ""); i >= 0 {
			return m.storyCard(&s)
		}
	case pane.KindShard, pane.KindMessageBatch, pane.KindMessageGroup:
		if s, ok := m.lastTry(h); ok {
			return m.storyCard(&s)
		}
		fallthrough
	default:
		if why := subjectHandlers[h.about.Kind].why; why != nil {
			return whyCard("Why, at "+pane.Clock(m.tl.Now()), why(m, h.about), nil)
		}
	}
	newest := m.ctx().Stories(0, 1, "")
	if len(newest) == 0 {
		return nil
	}
	return m.storyCard(&newest[0])
}

// lastTry is the line about the last try of the batch that the headline is about; false
// if no try of it has failed.
func (m *Lab) lastTry(h *headline) (pane.Story, bool) {
	batch := int32(0)
	if m.queue() >= 0 {
		r := worstFailure(m.teller(m.at, false).list)
		if r == nil {
			return pane.Story{}, false
		}
		batch = r.Batch
	} else if !m.sim().Mappings[m.at].Iterators[h.about.Shard].Blocked() {
		return pane.Story{}, false
	}
	for _, s := range m.ctx().Stories(0, 400, "") {
		e := s.Event
		switch {
		case e == nil || int(e.Mapping) != m.at:
		case batch > 0 && e.Kind == engine.KindReturn && e.Batch == batch,
			batch == 0 && e.Kind == engine.KindRetry && e.Shard == h.about.Shard:
			return s, true
		}
	}
	return pane.Story{}, false
}

// explainStory shows a line of pane 6 with its rules and causes.
func (m *Lab) explainStory(about pane.Subject) tea.Cmd {
	s, _ := m.ctx().Story(about, m.views[6].filter)
	return m.showStory(&s)
}

func (m *Lab) showStory(s *pane.Story) tea.Cmd { return m.dialogs.Show(m.storyCard(s), nil) }

// storyCard explains a line of pane 6 by its rules and causes.
func (m *Lab) storyCard(s *pane.Story) *kit.Card {
	card := &kit.Card{Title: "Why, at " + pane.Clock(s.At)}
	card.Body = append(card.Body, kit.Para{Style: kit.Strong, Text: strings.TrimSpace(s.Mark + " " + s.Text)}, kit.Para{})
	if s.Event == nil {
		card.Body = append(card.Body, kit.Para{Text: "No batch, no put and no wait ended in this stretch, so it was skipped. :skip off shows such stretches at full length."})
		return card
	}
	var seen []rule.ID
	for _, id := range s.Rules {
		if r, ok := rule.Find(id); ok && !slices.Contains(seen, id) {
			seen = append(seen, id)
			card.Body = append(card.Body, ruleParas(&r)...)
		}
	}
	w := m.whyEvent(s.Event)
	if w != nil && len(seen) == 0 {
		if r, ok := rule.Find(w.Rule); ok {
			card.Body = append(card.Body, ruleParas(&r)...)
		}
		card.Body = append(card.Body, kit.Para{Text: m.ownCommand(s.Event)}, kit.Para{})
	}
	if s.Event.Kind == engine.KindFilter {
		card.Body = append(card.Body, m.explainFilter(s.Event)...)
		card.Body = append(card.Body, kit.Para{})
	}
	if w != nil {
		card.Body = append(append(card.Body, valueParas(w)...), ledParas(w)...)
	}
	return card
}

// ruleParas writes a rule: what AWS does, how that is known, where AWS says it.
func ruleParas(r *rule.Rule) []kit.Para {
	known := string(r.Confidence) + " · "
	if r.Confidence == rule.Chosen {
		known += "AWS does not say; this is esmlab's choice"
	} else {
		known += "AWS, read " + r.Read
	}
	if r.Number != nil {
		known += " · " + r.Number.Default + " (chosen: sets it)"
	}
	out := []kit.Para{{Text: r.Statement}, {Style: kit.Dim, Text: string(r.ID) + " · " + known}}
	if strings.HasPrefix(r.Source, "https://") {
		out = append(out, kit.Para{Style: kit.Dim, Text: r.Source})
	}
	return append(out, kit.Para{})
}

func (m *Lab) ownCommand(e *engine.Event) string {
	switch e.Kind {
	case engine.KindSet:
		text := "A setting was changed. "
		c := &e.Applied.Command
		if p, ok := m.editable(c.Target); ok {
			text += p.Meaning(c.Value, &p.of, m.isBucket(c.Value.Text)) + ". "
		}
		_, name, _ := strings.Cut(c.Target, ".")
		return text + "A batch under way keeps its records and its count: " + narrate.When(name).Sentence() + ". AWS may take minutes to apply it."
	case engine.KindRefuse:
		return "It was refused and changed nothing. " + e.Applied.Refused.Error()
	}
	return kit.WithKeys("This was a command, not a rule: {undo} takes it back.")
}

// explain shows why something is as it is, what is inside it, and what led to it.
func (m *Lab) explain(title string, w *inspect.Why, inside []kit.Para) tea.Cmd {
	return m.dialogs.Show(whyCard(title, w, inside), nil)
}

func whyCard(title string, w *inspect.Why, inside []kit.Para) *kit.Card {
	card := &kit.Card{Title: title}
	if w != nil {
		card.Body = append(card.Body, kit.Para{Style: kit.Strong, Text: w.Statement})
		card.Body = append(card.Body, whyParas(w)...)
	}
	if len(inside) > 0 {
		card.Body = append(append(card.Body, kit.Para{}), inside...)
	}
	card.Body = append(card.Body, ledParas(w)...)
	return card
}

// whyBody is a Why in an editor or a menu: all of it, as nothing is inside.
func whyBody(w *inspect.Why) []kit.Para {
	if w == nil {
		return nil
	}
	out := []kit.Para{{Style: kit.Strong, Text: w.Statement}}
	return append(append(out, whyParas(w)...), ledParas(w)...)
}

// whyParas writes the rule that decided, and the values at that instant.
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
			text += kit.NonBreaking(" ·") + " "
		}
		text += kit.NonBreaking(v)
	}
	return []kit.Para{{Style: kit.Dim, Text: "values of that instant, " + pane.Clock(w.At)}, {Text: text}}
}

// ledParas are the causes of a Why, back to a put or a command.
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

// whyEvent is the Why of an event; nil if the log no longer has it.
func (m *Lab) whyEvent(e *engine.Event) *inspect.Why {
	log := m.history().Log
	i, ok := slices.BinarySearchFunc(log, e.N, func(o engine.Event, n int64) int { return int(o.N - n) })
	if !ok {
		return nil
	}
	return inspect.OfEvent(m.sim(), log, i)
}

// settingsAt are the mapping's settings when an event happened, or those of now
// where the log does not reach back to it.
func (m *Lab) settingsAt(e *engine.Event) engine.Settings {
	log := m.history().Log
	i, ok := slices.BinarySearchFunc(log, e.N, func(o engine.Event, n int64) int { return int(o.N - n) })
	if set, known := inspect.SettingsAt(m.sim(), log, i); ok && known {
		return set
	}
	return m.sim().Mappings[m.at].Settings
}
