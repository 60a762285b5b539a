package trace

import (
	"strconv"

	"esmlab/engine"
)

// command writes a command with its arguments.
func (w *line) command() {
	p := w.e.Applied
	if p == nil {
		return
	}
	c := &p.Command
	if p.Refused != nil {
		w.text("what", p.Refused.What)
		w.text("code", p.Refused.Code)
		w.text("message", p.Refused.Message)
		return
	}
	switch c.Op {
	case engine.OpSet:
		w.text("name", c.Target)
		w.name("value")
		w.value(c.Value)
		w.name("was")
		w.value(p.Was)
	case engine.OpPut:
		w.text("source", c.Put.To)
		w.int("count", int32(max(1, c.Put.Count)))
	case engine.OpFault:
		w.fault(&c.Fault)
	case engine.OpFix:
		w.text("name", c.Target)
	case engine.OpDeny, engine.OpAllow:
		w.text("mapping", c.Target)
		w.name("actions")
		w.texts(c.Actions)
	case engine.OpEnable, engine.OpDisable, engine.OpRestart:
		w.text("mapping", c.Target)
	case engine.OpSplit, engine.OpMerge:
		w.text("stream", c.Target)
		w.name("shards")
		w.b = ints(w.b, c.Shards)
	case engine.OpRedrive:
		w.text("queue", c.Target)
		if c.To != "" {
			w.text("to", c.To)
		}
		if c.Rate > 0 {
			w.int("rate", int32(c.Rate))
		}
	case engine.OpReceive:
		w.text("queue", c.Receive.Queue)
		w.int("count", int32(c.Receive.Count))
	case engine.OpCancel, engine.OpPurge:
		w.text("queue", c.Target)
	case engine.OpDeploy:
		if c.Target != "" {
			w.text("template", c.Target)
		}
	default:
		w.text("name", c.Target)
	}
}

func (w *line) texts(list []string) {
	w.b = append(w.b, '[')
	for i, s := range list {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = appendText(w.b, s)
	}
	w.b = append(w.b, ']')
}

func (w *line) value(v engine.Value) {
	if v.Kind == engine.ValueText {
		w.b = appendText(w.b, v.Text)
		return
	}
	w.b = append(w.b, v.String()...)
}

func (w *line) fault(f *engine.Fault) {
	w.text("function", f.Function)
	w.text("name", f.Name)
	w.text("how", f.How.String())
	if len(f.Records) > 0 {
		w.name("records")
		labels := make([]string, len(f.Records))
		for i, l := range f.Records {
			labels[i] = l.String()
		}
		w.texts(labels)
	}
	if len(f.Keys) > 0 {
		w.name("keys")
		w.texts(f.Keys)
	}
	if f.Nth > 0 {
		w.int("nth", int32(f.Nth))
	}
	if f.Deliveries > 0 {
		w.int("deliveries", int32(f.Deliveries))
	}
	if f.HasChance {
		w.name("chance")
		w.b = strconv.AppendFloat(w.b, f.Chance, 'g', -1, 64)
	}
	if f.From > 0 {
		w.time("from", f.From)
	}
	if f.Until != engine.Never {
		w.time("until", f.Until)
	}
	if f.Matching != nil {
		w.text("matching", f.Matching.String())
	}
	if f.When != nil {
		w.text("when", f.When.String())
	}
	if f.Before {
		w.name("before")
		w.b = append(w.b, "true"...)
	}
	if f.HasVisibility {
		w.time("visibility", f.Visibility)
	}
	if f.How == engine.HowSlow {
		w.time("takes", f.Takes.Base)
	}
	if f.How == engine.HowReply {
		w.text("reply", f.Reply)
	}
}

// denial writes what a role is denied, and by what.
func (w *line) denial(d *engine.Denial) {
	if d == nil {
		return
	}
	w.text("action", d.Action)
	if d.By != "" {
		w.text("by", d.By)
	}
}
