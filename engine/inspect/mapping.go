package inspect

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// field is one field of a JSON object, in the order it is written.
type field struct {
	name  string
	value any
}

// Get is a mapping as `aws lambda get-event-source-mapping` prints it now: its
// fields in the order of the CLI. A stream's mapping and a queue's have
// different ones. log tells when it was last changed.
func Get(s *engine.Sim, log []engine.Event, mi int) []byte {
	c := s.Config()
	mc, m := &c.Mappings[mi], &s.Mappings[mi]
	queue := s.QueueOf(mi) >= 0
	modified := engine.Micros(0)
	if i := back(log, len(log), func(e *engine.Event) bool {
		id, _, _ := strings.Cut(target(e), ".")
		return id == mc.ID && (e.Kind == engine.KindSet || e.Kind == engine.KindEnable || e.Kind == engine.KindDisable)
	}); i >= 0 {
		modified = log[i].At
	}
	fn := c.Functions[s.FunctionOf(mi)].ARN
	if mc.Qualifier != "" {
		fn += ":" + mc.Qualifier
	}
	fields := []field{{"UUID", mc.UUID}}
	add := func(name string, value any) { fields = append(fields, field{name, value}) }
	if !queue {
		add("StartingPosition", mc.Start.String())
		if mc.Start == engine.AtTimestamp {
			add("StartingPositionTimestamp", stamp(mc.StartTimestamp))
		}
	}
	of, _ := s.SettingsOf(mc.ID)
	settings := func(tens int) {
		for _, p := range setting.Printed(of.In) {
			if p.CLI/10 != tens {
				continue
			}
			value, ok := printed(s, p, &of)
			last := len(fields) - 1
			switch group, inGroup := fields[last].value.(map[string]any); {
			case !ok:
			case inGroup && fields[last].name == p.Property():
				group[p.Name] = value
			case p.Path != "" && p.Kind == setting.Number:
				add(p.Property(), map[string]any{p.Name: value})
			default:
				add(p.Property(), value)
			}
		}
	}
	settings(1)
	if queue {
		add("EventSourceArn", c.Queues[s.QueueOf(mi)].ARN)
	} else {
		add("EventSourceArn", s.SourceARN(mi, int32(len(s.Streams[s.SourceOf(mi)].Shards))))
	}
	settings(2)
	add("FunctionArn", fn)
	add("LastModified", stamp(c.Start+int64(modified)))
	if !queue {
		add("LastProcessingResult", m.Counts.LastProcessingResult)
	}
	add("State", m.State.String())
	if queue {
		add("StateTransitionReason", "USER_INITIATED")
	} else {
		add("StateTransitionReason", "User action")
	}
	settings(3)
	add("EventSourceMappingArn", "arn:aws:lambda:"+c.Region+":"+c.Account+":event-source-mapping:"+mc.UUID)
	settings(4)
	return object(fields)
}

// printed is a setting as the CLI prints its value; false where it leaves the
// field out.
func printed(s *engine.Sim, p *setting.Row, of *setting.Resource) (any, bool) {
	v, _ := p.Get(of)
	switch p.Kind {
	case setting.Switch:
		return v.Bool, true
	case setting.List:
		if v.Text == "" {
			return []string{}, true
		}
		return []string{v.Text}, true
	case setting.Filters:
		filters := []map[string]string{}
		if of.Mapping.FilterCriteria == nil {
			return nil, false
		}
		for _, p := range of.Mapping.FilterCriteria.Patterns() {
			filters = append(filters, map[string]string{"Pattern": p.Source()})
		}
		return map[string]any{"Filters": filters}, true
	case setting.Destination:
		failure := map[string]string{}
		if v.Text != "" {
			failure["Destination"] = destinationARN(s, v.Text)
		}
		return map[string]any{p.Name: failure}, true
	case setting.Number:
		return v.Int, p.Special.Means == "" || p.Special.AWS || int(v.Int) != p.Special.Value
	}
	return v.Text, true
}

func target(e *engine.Event) string {
	if e.Applied == nil {
		return ""
	}
	return e.Applied.Command.Target
}

// stamp writes an instant as the CLI does.
func stamp(us int64) string {
	return time.UnixMicro(us).UTC().Format("2006-01-02T15:04:05.000000-07:00")
}

func destinationARN(s *engine.Sim, id string) string {
	n := s.DestinationIndex(id)
	if t := s.Config().Target(int32(n)); t != nil {
		return t.ARN
	}
	return s.Config().Queues[n].ARN
}

// object writes fields in their order, indented by four as the CLI does.
func object(fields []field) []byte {
	var b bytes.Buffer
	b.WriteString("{")
	for i, f := range fields {
		if i > 0 {
			b.WriteString(",")
		}
		var v bytes.Buffer
		enc := json.NewEncoder(&v)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(f.value) // text, numbers, and lists and maps of them
		b.WriteString(strconv.Quote(f.name) + ":" + v.String())
	}
	b.WriteString("}")
	var out bytes.Buffer
	_ = json.Indent(&out, b.Bytes(), "", "    ") // it was just written
	return out.Bytes()
}

// InForce is one value that holds for a mapping now: a parameter, or a limit.
type InForce struct {
	Name, Value string
	// Was is the value at second 0, where it was another: the parameter was
	// changed. Default tells that it is AWS's own.
	Was     string
	Changed bool
	Default bool
	Limit   bool // nothing that the mapping sets
}

// Settings lists all that is in force for a mapping: its settings, those of its
// source and its function, and the limits that bound it.
func Settings(s *engine.Sim, mi int) []InForce {
	c := s.Config()
	mc, m := &c.Mappings[mi], &s.Mappings[mi]
	fi := s.FunctionOf(mi)
	var out []InForce
	for _, id := range []string{mc.ID, mc.Source, c.Functions[fi].ID} {
		now, _ := s.SettingsOf(id)
		was, _ := c.SettingsOf(id)
		if was.Of == setting.OfQueue && was.Queue.MessageRetentionPeriod == 0 { // the template gave the queue nothing
			usual := setting.NewQueue()
			was.Queue = &usual
		}
		for _, p := range now.Rows() {
			if p.Kind == setting.Filters || p.Own && p.Of == setting.OfFunction {
				continue
			}
			before, _ := p.Get(&was)
			value, _ := p.Get(&now)
			f := InForce{Name: p.Name, Value: p.Text(value), Changed: value != before, Default: value == p.Default}
			if id != mc.ID {
				f.Name = id + "." + p.Name
			}
			if f.Changed {
				f.Was = p.Text(before)
			}
			out = append(out, f)
		}
	}
	limit := func(name, value string) { out = append(out, InForce{Name: name, Value: value, Limit: true}) }
	if si := s.SourceOf(mi); si >= 0 {
		of, _ := s.SettingsOf(mc.Source)
		limit("most invocations at a time for "+mc.Source, num(of.Stream.ShardCount*max(1, m.ParallelizationFactor)))
	} else {
		limit("most invocations at a time", num(s.Ceiling(mi)))
	}
	limit("payload of an invocation", "6 MB")
	limit("concurrent executions of the account", engine.Thousands(c.Concurrency))
	limit("of these used by others", engine.Thousands(c.Used))
	return out
}
