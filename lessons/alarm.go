package lessons

import (
	"strconv"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/quiz/card"
)

// MetricAlarm is an alarm of CloudWatch that could have been set: a Compare says
// when it would have rung in this run.
type MetricAlarm struct {
	Name    string // metric and threshold, as a person would write them
	When    *query.Query
	Periods int // so many minutes in a row
}

// alarmPeriod is how long a data point of AWS/Lambda and AWS/SQS is: a minute.
const alarmPeriod = 60 * engine.Second

// alarms reads the alarms of a Compare.
func (r *reader) alarms(s *Step, doc *yaml.Node) {
	for _, f := range r.fields(doc, "Compare", "alarms") {
		if f.value.Kind != yaml.SequenceNode {
			r.add(at(f.value), "alarms is a list", "- {name: Errors > 0, when: an expression}")
			continue
		}
		for _, item := range f.value.Content {
			a := MetricAlarm{Periods: 1}
			for _, g := range r.fields(item, "an alarm", "name", "when", "periods") {
				switch g.name {
				case "name":
					a.Name = r.text(g)
				case "when":
					a.When = r.query(g)
				case "periods":
					n, err := strconv.Atoi(g.value.Value)
					if err != nil || n < 1 {
						r.add(at(g.value), "periods is a number of minutes", "periods: 3")
					}
					a.Periods = n
				}
			}
			if a.Name == "" || a.When == nil {
				r.add(at(item), "an alarm needs `name` and `when`", "{name: Errors > 0, when: 'an expression, asked at the end of each minute'}")
				continue
			}
			s.Alarms = append(s.Alarms, a)
		}
	}
}

// rang plays the run again up to now and says for each alarm when it would have rung
// first: at the end of the last of its minutes; engine.Never: it would not have.
func (p *Player) rang(list []MetricAlarm) []engine.Micros {
	queries := make([]*query.Query, len(list))
	out := make([]engine.Micros, len(list))
	inRow := make([]int, len(list))
	for i := range list {
		queries[i], out[i] = list[i].When, engine.Never
	}
	w := query.NewWorld(p.tl.Sim(), queries...)
	mark := alarmPeriod
	p.tl.Run.Playback(0).Steps(func(s *engine.Sim, events []engine.Event) bool {
		w.Sim = s
		for ; s.Now() >= mark; mark += alarmPeriod {
			for i := range list {
				if ok, _ := list[i].When.Eval(w); !ok {
					inRow[i] = 0
				} else if inRow[i]++; inRow[i] == list[i].Periods && out[i] == engine.Never {
					out[i] = mark
				}
			}
		}
		w.Observe(events)
		return true
	})
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
		text := ": silent"
		if p.rung[i] != engine.Never {
			text = ": rings at second " + p.rung[i].String()
		}
		s.add(Plain, "· ", card.Span{Text: a.Name + text})
	}
}
