package inspect

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"esmlab/engine"
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
	types := []string{}
	if m.ReportBatchItemFailures {
		types = append(types, "ReportBatchItemFailures")
	}
	fields := []field{{"UUID", mc.UUID}}
	add := func(name string, value any) { fields = append(fields, field{name, value}) }
	if !queue {
		add("StartingPosition", mc.Start.String())
		if mc.Start == engine.AtTimestamp {
			add("StartingPositionTimestamp", stamp(mc.StartTimestamp))
		}
	}
	add("BatchSize", m.BatchSize)
	add("MaximumBatchingWindowInSeconds", m.MaximumBatchingWindowInSeconds)
	if !queue {
		add("ParallelizationFactor", max(1, m.ParallelizationFactor))
	}
	if queue {
		add("EventSourceArn", c.Queues[s.QueueOf(mi)].ARN)
	} else {
		add("EventSourceArn", s.SourceARN(mi))
	}
	if m.FilterCriteria != nil {
		filters := []map[string]string{}
		for _, p := range m.FilterCriteria.Patterns() {
			filters = append(filters, map[string]string{"Pattern": p.Source()})
		}
		add("FilterCriteria", map[string]any{"Filters": filters})
	}
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
		failure := map[string]string{}
		if m.OnFailure != "" {
			failure["Destination"] = destinationARN(s, m.OnFailure)
		}
		add("DestinationConfig", map[string]any{"OnFailure": failure})
		add("MaximumRecordAgeInSeconds", m.MaximumRecordAgeInSeconds)
		add("BisectBatchOnFunctionError", m.BisectBatchOnFunctionError)
		add("MaximumRetryAttempts", m.MaximumRetryAttempts)
		add("TumblingWindowInSeconds", m.TumblingWindowInSeconds)
	}
	add("FunctionResponseTypes", types)
	if queue && m.MaximumConcurrency > 0 {
		add("ScalingConfig", map[string]int{"MaximumConcurrency": m.MaximumConcurrency})
	}
	add("EventSourceMappingArn", "arn:aws:lambda:"+c.Region+":"+c.Account+":event-source-mapping:"+mc.UUID)
	if queue && m.MinimumPollers > 0 {
		add("ProvisionedPollerConfig", map[string]int{"MinimumPollers": m.MinimumPollers, "MaximumPollers": m.MaximumPollers})
	}
	return object(fields)
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

// Settings lists all that is in force for a mapping: its parameters, those of
// its source and function, and the limits that bound it.
func Settings(s *engine.Sim, mi int) []InForce {
	c := s.Config()
	mc, m := &c.Mappings[mi], &s.Mappings[mi]
	var out []InForce
	add := func(name, now, was, normal string) {
		f := InForce{Name: name, Value: now, Changed: now != was, Default: now == normal}
		if f.Changed {
			f.Was = was
		}
		out = append(out, f)
	}
	limit := func(name, value string) { out = append(out, InForce{Name: name, Value: value, Limit: true}) }
	params, normal := engine.StreamParams, engine.DefaultSettings()
	queue := s.QueueOf(mi)
	if queue >= 0 {
		params, normal = engine.QueueMappingParams, engine.DefaultQueueMapping()
	}
	for _, p := range params {
		add(p.Name, paramText(&p, m.Number(p.Name)), paramText(&p, mc.Number(p.Name)), paramText(&p, normal.Number(p.Name)))
	}
	if queue < 0 {
		add("OnFailure", orNone(m.OnFailure), orNone(mc.OnFailure), "none")
	} else {
		now, was, normal := &s.Queues[queue].QueueSettings, &c.Queues[queue].QueueSettings, engine.DefaultQueueSettings()
		if was.MessageRetentionPeriod == 0 { // the template gave the queue nothing
			was = &normal
		}
		for _, p := range engine.QueueParams {
			add(c.Queues[queue].ID+"."+p.Name, paramText(&p, now.Number(p.Name)), paramText(&p, was.Number(p.Name)), paramText(&p, normal.Number(p.Name)))
		}
		add(c.Queues[queue].ID+".deadLetterTargetArn", orNone(now.DeadLetterQueue), orNone(was.DeadLetterQueue), "none")
	}
	fi := s.FunctionOf(mi)
	f, fc := &s.Functions[fi], &c.Functions[fi]
	add(fc.ID+".Timeout", secs(f.Timeout), secs(fc.Timeout), secs(3*engine.Second))
	add(fc.ID+".ReservedConcurrentExecutions", reserved(f.Reserved), reserved(fc.Reserved), reserved(-1))
	if si := s.SourceOf(mi); si >= 0 {
		st, sc := &s.Streams[si], &c.Streams[si]
		if st.Kind == engine.Kinesis {
			add(sc.ID+".RetentionPeriodHours", num(int64(st.Retention/engine.Hour)), num(int64(sc.Retention/engine.Hour)), "24")
		}
		open := 0
		for k := range st.Shards {
			if !st.Shards[k].Closed {
				open++
			}
		}
		limit("open shards of "+sc.ID, num(open))
		limit("most invocations at a time for "+sc.ID, num(open*max(1, m.ParallelizationFactor)))
	} else {
		limit("most invocations at a time", num(s.Ceiling(mi)))
	}
	limit("payload of an invocation", "6 MB")
	limit("concurrent executions of the account", engine.Thousands(c.Concurrency))
	limit("of these used by others", engine.Thousands(c.Used))
	return out
}

func paramText(p *engine.Param, n int) string {
	switch {
	case p.Switch:
		return strconv.FormatBool(n != 0)
	case p.Unset && n == 0:
		return "not set"
	}
	return num(n)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func reserved(n int) string {
	if n < 0 {
		return "none"
	}
	return num(n)
}
