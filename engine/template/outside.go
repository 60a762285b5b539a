package template

import (
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// This file takes what comes from outside the template for something that AWS accepts:
// what is not known cannot be refused.

// fromElsewhere gives the value from outside that a value is, or that stands in its list;
// nil where all of it is known.
func fromElsewhere(v *Value) *Value {
	if v == nil || v.Kind == Outside {
		return v
	}
	if v.Kind == List {
		for _, item := range v.Items {
			if item.Kind == Outside {
				return item
			}
		}
	}
	return nil
}

// unknownAt tells whether a value on a path of properties comes from outside.
func unknownAt(v *Value, path ...string) bool {
	for _, name := range path {
		if v != nil && v.Kind == Outside {
			return true
		}
		v = v.Get(name)
	}
	return v != nil && v.Kind == Outside
}

// takeInstead notes what is used in the place of a value from outside.
func (t *Template) takeInstead(what string, v *Value, instead string) {
	t.Note(what + " comes from outside the template (" + v.Text + "): " + instead)
}

// fifoOf tells whether a queue is FIFO. Where FifoQueue comes from outside, what only a FIFO
// queue has, or its name, decides; sure is false then.
func (t *Template) fifoOf(r *Resource) (fifo, sure bool) {
	p := t.properties(r)
	v := p.Get("FifoQueue")
	if v == nil || v.Kind != Outside {
		fifo, _ = v.Bool()
		return fifo, true
	}
	fifo = strings.HasSuffix(t.name(r), ".fifo")
	for _, name := range setting.Properties(setting.OfQueue, setting.FIFO) {
		if row := setting.Find(setting.OfQueue, setting.FIFO, name); row != nil && row.In == setting.FIFO && p.Get(name) != nil {
			fifo = true
		}
	}
	kind := "standard"
	if fifo {
		kind = "FIFO"
	}
	t.takeInstead("FifoQueue of "+r.ID, v, "a "+kind+" queue is simulated")
	return fifo, false
}

// sameKind makes one of two queues that belong together what the other is, where its
// FifoQueue comes from outside.
func (t *Template) sameKind(a, b *engine.QueueConfig) {
	if a.FIFO == b.FIFO {
		return
	}
	for _, q := range []*engine.QueueConfig{a, b} {
		if r := t.byID[q.ID]; r != nil && unknownAt(t.properties(r), "FifoQueue") {
			q.FIFO = !q.FIFO
			return
		}
	}
}

// settle gives settings of a mapping whose values come from outside what the others ask
// of them.
func (t *Template) settle(m *engine.MappingConfig, p *Value, in setting.Source) {
	if in&setting.AnyQueue == 0 {
		return
	}
	if m.BatchSize > 10 && m.MaximumBatchingWindowInSeconds == 0 && unknownAt(p, setting.MaximumBatchingWindowInSeconds) {
		m.MaximumBatchingWindowInSeconds = 1
	}
	if unknownAt(p, setting.PollersProperty, setting.MaximumPollers) {
		m.MaximumPollers = max(m.MaximumPollers, m.MinimumPollers)
	}
	if unknownAt(p, setting.PollersProperty, setting.MinimumPollers) {
		m.MinimumPollers = min(m.MaximumPollers, m.MinimumPollers)
	}
}
