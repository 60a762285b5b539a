package engine

import (
	"slices"
	"strings"

	"esmlab/engine/pattern"
	"esmlab/engine/rule"
)

// filterReceived removes from what a poller just received the messages that no
// filter matches, before they are in a batch, and deletes them from the queue:
// no invocation, no DLQ (Q-FL1, Q15.39). A mapping without filters has no cost.
func (s *Sim) filterReceived(mi int32, p *Poller, had int) {
	m := &s.Mappings[mi]
	if m.FilterCriteria == nil {
		return
	}
	var dropped [][]int32
	var rules []rule.ID
	keep := had
	for k := had; k < len(p.Records); k++ {
		id := p.Records[k]
		msg := s.msg(id)
		by := s.messageVerdict(mi, id)
		if by == filterPassed {
			p.Records[keep], p.handles[keep] = id, p.handles[k]
			keep++
			continue
		}
		if msg.handle != p.handles[k] {
			s.mutMsg(id).hands--
			continue // another poller has received it again
		}
		p.bytes -= eventEnvelope + int(msg.Bytes)
		s.mutMsg(id).hands--
		i := slices.Index(rules, by)
		if i < 0 {
			i, rules, dropped = len(rules), append(rules, by), append(dropped, nil)
		}
		dropped[i] = append(dropped[i], id)
	}
	p.Records, p.handles = p.Records[:keep], p.handles[:keep]
	why := WhyFiltered
	if m.firstDenied(s.cfg.Queues[m.queue].ID, "sqs:DeleteMessage") != nil {
		why = WhyDeleteDenied
	}
	if len(dropped) > 0 {
		s.Queues[m.queue].requests.Deletes++ // one call, whatever the reasons
	}
	for i, list := range dropped {
		s.emit(&Event{Kind: KindFilter, Rule: rules[i], Mapping: mi, Source: -1, Queue: m.queue, Records: list, Why: why})
		s.deleteFiltered(mi, m, list, why)
	}
}

// deleteFiltered deletes from the queue the messages that the filters dropped,
// unless why says that the role may not.
func (s *Sim) deleteFiltered(mi int32, m *Mapping, list []int32, why Why) {
	denied := why == WhyDeleteDenied
	for _, id := range list {
		switch msg := s.mutMsg(id); {
		case !denied:
			s.finish(m.queue, id, msg, StateFiltered)
		case msg.place == placeHidden: // else it is visible again: it came twice
			s.setMessageState(msg, StateHidden)
		}
	}
	if denied {
		s.emitDeleteFailed(mi, m.queue, 0, list, WhyDeleteDenied)
		return
	}
	s.emit(&Event{Kind: KindDelete, Rule: rule.SqsFilterDelete, Source: -1, Mapping: mi, Queue: m.queue, Records: list, Why: WhyFiltered})
}

// messageVerdict returns the rule by which a message is dropped, or
// filterPassed. If a traffic row's bodies are always the same, the row is
// evaluated once.
func (s *Sim) messageVerdict(mi, id int32) rule.ID {
	m := &s.Mappings[mi]
	ri := s.msg(id).row
	same := ri >= 0 && !s.rows[ri].own && s.rows[ri].ns+s.rows[ri].ks == 0
	if same && int(ri) < len(m.verdicts) && m.verdicts[ri] != "" {
		return m.verdicts[ri]
	}
	by := filterPassed
	if v := s.explainMessage(id, m.FilterCriteria); !v.Match {
		by = v.Rule
	}
	if same {
		for len(m.verdicts) <= int(ri) {
			m.verdicts = append(m.verdicts, "")
		}
		m.verdicts[ri] = by
	}
	return by
}

// FilterMessage is message id as the filters of a queue's mapping see it: its
// body (Q-FL4).
func (s *Sim) FilterMessage(id int32) pattern.Record {
	return pattern.SQS(map[string]any{}, string(s.Body(id)))
}

// WhyMessageFiltered evaluates message id against the filters of a mapping,
// those it has or had. One that is no longer known counts as a match.
func (s *Sim) WhyMessageFiltered(id int32, by *pattern.Criteria) pattern.Verdict {
	if by == nil || !s.Knows(id) {
		return pattern.Verdict{Match: true}
	}
	return s.explainMessage(id, by)
}

// explainMessage adds to a verdict on a message what follows from its source:
// filters see its body and no other key.
func (s *Sim) explainMessage(id int32, by *pattern.Criteria) pattern.Verdict {
	r := s.FilterMessage(id)
	v := by.Explain(&r)
	if top, _, _ := strings.Cut(v.Path, "."); !v.Match && v.Path != "" && top != r.Key {
		v.Rule, v.Reason = rule.FilBodyOnly, "filters of a queue see the body of a message, and not its "+top
	}
	return v
}
