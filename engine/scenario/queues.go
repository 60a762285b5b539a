package scenario

import (
	"slices"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// queueMappings refuses mappings of queues whose parameters do not go together,
// with all settings from second 0 in force (Q-P1 to Q-P3, Q-P10, Q-P16).
func (r *reader) queueMappings() {
	for i := range r.cfg.Mappings {
		m := &r.cfg.Mappings[i]
		qi := slices.IndexFunc(r.cfg.Queues, func(q engine.QueueConfig) bool { return q.ID == m.Source })
		fi := slices.IndexFunc(r.cfg.Functions, func(f engine.FunctionConfig) bool { return f.ID == m.Function })
		if qi < 0 || fi < 0 {
			continue
		}
		of, _ := r.cfg.SettingsOf(m.ID)
		q := &r.cfg.Queues[qi]
		for _, bad := range []*engine.Refusal{m.Check(of.In), setting.CheckTimeout(q.VisibilityTimeout, r.cfg.Functions[fi].Timeout)} {
			if bad != nil && !r.Said(bad.Message) {
				r.Add(r.t.Where[m.ID], bad.Code, bad.Message, bad.Right)
			}
		}
	}
}

// checkDeadLetter refuses a queue whose DLQ does not go with it.
func (r *reader) checkDeadLetter(q *setting.Resource) *engine.Refusal {
	dlq, ok := r.cfg.SettingsOf(q.Queue.DeadLetterQueue)
	if !ok || dlq.Of != setting.OfQueue {
		return nil
	}
	return setting.CheckDeadLetter(q.ID, q.In == setting.FIFO, dlq.ID, dlq.In == setting.FIFO, dlq.Queue)
}
