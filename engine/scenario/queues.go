package scenario

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/template"
)

// readsQueue tells whether a mapping's source is a queue.
func (r *reader) readsQueue(mapping string) bool {
	i := slices.IndexFunc(r.cfg.Mappings, func(m engine.MappingConfig) bool { return m.ID == mapping })
	return i >= 0 && slices.Contains(r.ids(isQueue), r.cfg.Mappings[i].Source)
}

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
		q := &r.cfg.Queues[qi]
		for _, bad := range []*engine.Refusal{m.CheckQueue(q.FIFO), engine.CheckTimeout(q.VisibilityTimeout, r.cfg.Functions[fi].Timeout)} {
			if bad != nil && !r.Said(bad.Message) {
				r.Add(r.t.Where[m.ID], bad.Code, bad.Message, bad.Right)
			}
		}
	}
}

// queueNames are what can be set of a queue beside engine.QueueParams.
var queueNames = []string{"RedrivePolicy", "RedrivePolicy.deadLetterTargetArn", "RedrivePolicy.maxReceiveCount", "deadLetterTargetArn", "DeadLetterQueue",
	"RedriveAllowPolicy", "RedriveAllowPolicy.redrivePermission", "redrivePermission", "DeduplicationScope", "FifoThroughputLimit"}

// queueSetting reads the value of a queue's attribute.
func (r *reader) queueSetting(param string, at, node *yaml.Node, v *template.Value) (engine.Value, bool) {
	p := engine.FindIn(engine.QueueParams, param)
	names := slices.Clone(queueNames)
	for i := range engine.QueueParams {
		names = append(names, engine.QueueParams[i].Name)
	}
	if !slices.Contains(names, param) {
		r.Add(at, "InvalidAttributeName", "Unknown Attribute "+param+".", template.OneOf(param, names))
		return engine.Value{}, false
	}
	switch short := param[strings.LastIndex(param, ".")+1:]; {
	case p != nil && p.Switch:
		on, ok := v.Bool()
		if !ok {
			r.Add(node, "", param+" is a switch, not "+v.String(), p.Allowed())
		}
		return engine.BoolValue(on), ok
	case p != nil:
		n, ok := v.Int()
		if !ok {
			r.Add(node, "", param+" is a whole number, not "+v.String(), p.Allowed())
			return engine.Value{}, false
		}
		if bad := p.CheckAttribute(n); bad != nil {
			r.Add(node, bad.Code, bad.Message, bad.Right)
			return engine.Value{}, false
		}
		return engine.IntValue(n), true
	case v.Kind != template.Scalar && v.Kind != template.Null:
		r.Add(node, "", param+" is a text, not "+v.String(), "a text")
		return engine.Value{}, false
	case (short == "RedrivePolicy" || short == "deadLetterTargetArn" || short == "DeadLetterQueue") && v.Text != "" && !slices.Contains(r.ids(isQueue), v.Text):
		r.Add(node, "", v.String()+" is no queue of this template", template.OneOf(v.Text, r.ids(isQueue)))
		return engine.Value{}, false
	}
	return engine.TextValue(v.Text), true
}

// setQueue puts a queue's attribute in force from second 0.
func (r *reader) setQueue(q *engine.QueueConfig, param string, v engine.Value, at *yaml.Node) {
	switch param[strings.LastIndex(param, ".")+1:] {
	case "RedrivePolicy", "deadLetterTargetArn", "DeadLetterQueue":
		q.DeadLetterQueue = v.Text
	case "RedriveAllowPolicy", "redrivePermission":
		q.RedrivePermission = v.Text
	case "DeduplicationScope":
		q.DeduplicationScope = v.Text
	case "FifoThroughputLimit":
		q.FifoThroughputLimit = v.Text
	default:
		n := int(v.Int)
		if v.Kind == engine.ValueBool && v.Bool {
			n = 1
		}
		q.SetNumber(param, n)
	}
	bad := q.CheckFIFO(q.FIFO)
	if i := slices.IndexFunc(r.cfg.Queues, func(x engine.QueueConfig) bool { return x.ID == q.DeadLetterQueue }); bad == nil && i >= 0 {
		dlq := &r.cfg.Queues[i]
		bad = engine.CheckDeadLetter(q.ID, q.FIFO, dlq.ID, dlq.FIFO, &dlq.QueueSettings)
	}
	if bad != nil {
		r.Add(at, bad.Code, bad.Message, bad.Right)
	}
}
