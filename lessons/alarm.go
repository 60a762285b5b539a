package lessons

import (
	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/alarm"
	"esmlab/engine/query"
	"esmlab/quiz/card"
)

// alarms reads the alarms of a Compare: it says when each would have rung in this run.
func (r *reader) alarms(s *Step, doc *yaml.Node) {
	for _, f := range r.fields(doc, "Compare", "alarms") {
		if f.value.Kind != yaml.SequenceNode {
			r.add(at(f.value), "alarms is a list", "- "+alarm.Example)
			continue
		}
		for _, item := range f.value.Content {
			if a := r.alarm(item); a != nil {
				s.Alarms = append(s.Alarms, a)
			}
		}
	}
}

// alarm reads an alarm; nil: it is wrong.
func (r *reader) alarm(n *yaml.Node) *alarm.Alarm {
	a, err := alarm.Read(n.Value, r.cfg)
	if err != nil {
		r.add(at(n), err.Error(), "an alarm such as "+alarm.Example)
		return nil
	}
	return a
}

// rang is when each of several alarms would have rung first in the run as it stands;
// engine.Never: it would not have.
func (p *Player) rang(list []*alarm.Alarm) []engine.Micros {
	watches := make([]*alarm.Watch, len(list))
	for i, a := range list {
		watches[i] = alarm.NewWatch(a)
	}
	p.tl.Run.Playback(0).Steps(func(s *engine.Sim, _ []engine.Event) bool {
		for _, w := range watches {
			w.Look(s)
		}
		return true
	})
	out := make([]engine.Micros, len(list))
	for i, w := range watches {
		out[i] = engine.Never
		if changes := w.Changes(p.tl.Now()); len(changes) > 0 {
			out[i] = changes[0].At
		}
	}
	return out
}

// alarms says of each alarm of a Compare when it would have rung.
func (p *Player) alarms(s *paragraphs) {
	if len(p.Step().Alarms) == 0 {
		return
	}
	if p.rung == nil {
		p.rung = p.rang(p.Step().Alarms)
	}
	for i, a := range p.Step().Alarms {
		text := a.Short()
		if a.OptIn() {
			text += " (opt-in)"
		}
		if p.rung[i] == engine.Never {
			text += ": silent"
		} else {
			text += ": rings at second " + p.rung[i].String()
		}
		s.add(Plain, "· ", card.Span{Text: text})
	}
}

// alarm answers what an expression asks about the alarm that was set, as of the instant
// of its world.
func (w *evaluator) alarm() query.Alarm {
	out := query.Alarm{State: "none", Rang: []float64{}, Back: []float64{}}
	a := w.tl.Alarm()
	if a == nil {
		return out
	}
	out.Of, out.Metric, out.State = a.Resource, a.Metric(), "OK"
	for _, c := range w.tl.Rang() {
		switch {
		case c.At > w.world.Sim.Now():
		case c.Rings:
			out.State, out.Rang = "ALARM", append(out.Rang, c.At.Seconds())
		default:
			out.State, out.Back = "OK", append(out.Back, c.At.Seconds())
		}
	}
	return out
}

// SetAlarm sets an alarm and says what it did in this run; "off" takes it away.
func (p *Player) SetAlarm(text string) ([]string, error) {
	if text == "off" {
		p.tl.SetAlarm(nil)
	} else {
		a, err := alarm.Read(text, p.tl.Sim().Config())
		if err != nil {
			return nil, err
		}
		p.tl.SetAlarm(a)
	}
	p.Update()
	return alarm.Said(p.tl), nil
}
