package inspect

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/pattern"
)

func num[T int | int32 | int64](n T) string { return strconv.FormatInt(int64(n), 10) }

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return engine.Thousands(n) + " " + what + "s"
}

// Secs writes a length of time: 8 s, 0.2 s.
func secs(m engine.Micros) string { return m.String() + " s" }

// narrator says what happened with each record's source in front of its number.
func narrator(s *engine.Sim) *narrate.Narrator { return &narrate.Narrator{World: s, Full: true} }

// valuesOf are the values of an event's instant that made it so.
func valuesOf(s *engine.Sim, log []engine.Event, i int) []string {
	e := &log[i]
	if e.Applied != nil {
		out := []string{}
		if e.Kind == engine.KindSet {
			out = append(out, e.Applied.Command.Target+" "+narrate.Typed(e.Applied.Command.Value))
		} else if t := e.Applied.Command.Target; t != "" {
			out = append(out, t)
		}
		return append(out, "event "+num(e.N))
	}
	var out []string
	add := func(name, value string) { out = append(out, name+" "+value) }
	set, ok := settingsAt(s, log, i)
	names := deciding[e.Kind]
	if e.Source < 0 {
		names = decidingQueue[e.Kind]
	}
	if e.Attempt > 0 && e.Kind != engine.KindRetry {
		add("try", num(e.Attempt))
	} else if e.Kind == engine.KindRetry {
		add("tries made", num(e.Attempt-1))
	}
	switch e.Kind {
	case engine.KindRetry:
		add("wait", secs(e.At2))
	case engine.KindReturn:
		add("took", secs(e.At2))
		if len(e.Failed) > 0 {
			out = append(out, faults(s, e)...)
			if e.Source < 0 && e.Mapping >= 0 && s.QueueOf(int(e.Mapping)) >= 0 { // what the failed messages wait out
				out = append(out, visibility(s, int32(s.QueueOf(int(e.Mapping))))...)
			}
		}
	case engine.KindFilter:
		out = append(out, dropped(s, e, &set)...)
	case engine.KindReceive:
		if len(e.Receives) > 0 {
			add("receive", num(slices.Max(e.Receives)))
		}
		out = append(out, visibility(s, e.Queue)...)
	case engine.KindMove, engine.KindReappear:
		out = append(out, visibility(s, e.Queue)...)
	case engine.KindThrottle:
		if r := s.Functions[e.Function].Reserved; r >= 0 {
			add("ReservedConcurrentExecutions", num(r))
		} else {
			add("account concurrency", num(s.Config().Concurrency))
		}
	case engine.KindDeliverFailed:
		out = append(out, s.DeliverFailed(e))
	case engine.KindExpire:
		if e.Source >= 0 {
			add("RetentionPeriodHours", num(int64(s.Streams[e.Source].Retention/engine.Hour)))
		} else {
			add("MessageRetentionPeriod", num(s.Queues[e.Queue].MessageRetentionPeriod))
		}
	case engine.KindDiscard:
		if e.Source >= 0 && len(e.Records) > 0 && s.Streams[e.Source].Records.Holds(int(e.Records[0])-1) {
			add("age", secs(e.At-s.Streams[e.Source].Records.At(int(e.Records[0])-1).At))
		}
	}
	if ok {
		for _, name := range names {
			add(name, setting(&set, name)+since(s, log, i, name))
		}
	}
	if len(e.Records) > 0 {
		add("records", num(len(e.Records)))
	}
	return append(out, "event "+num(e.N))
}

// dropped says which condition of a mapping's filters the first of the records
// or messages that an event tells of did not meet, and what it held there.
func dropped(s *engine.Sim, e *engine.Event, set *engine.Settings) []string {
	var v pattern.Verdict
	ok := true
	if e.Source < 0 {
		v = s.WhyMessageFiltered(e.Records[0], set.FilterCriteria)
	} else {
		_, v, ok = s.WhyFiltered(int(e.Mapping), int(e.Records[0]), set.FilterCriteria)
	}
	if !ok || v.Match {
		return nil
	}
	return []string{v.Path + " " + cmp.Or(v.Have, "not there"), "the filter wants " + v.Want, v.Reason}
}

// since tells when a parameter that decided event i was changed, "" where it
// never was.
func since(s *engine.Sim, log []engine.Event, i int, name string) string {
	id := s.Config().Mappings[log[i].Mapping].ID
	k := back(log, i, func(e *engine.Event) bool {
		return e.Kind == engine.KindSet && e.Applied.Command.Target == id+"."+name
	})
	if k < 0 {
		return ""
	}
	return " since " + secs(log[k].At)
}

// faults names the faults in force that hit what an invocation failed for.
func faults(s *engine.Sim, e *engine.Event) []string {
	var out []string
	f := &s.Functions[e.Function]
	for i := range f.Faults {
		a := &f.Faults[i]
		if e.Source >= 0 && s.Hits(a, int(e.Source), e.Failed[0], 1) || e.Source < 0 && s.HitsMessage(a, e.Failed[0]) {
			out = append(out, "fault "+narrate.Fault(&a.Fault, false))
		}
	}
	return out
}

func visibility(s *engine.Sim, queue int32) []string {
	q := &s.Queues[queue]
	out := []string{"VisibilityTimeout " + num(q.VisibilityTimeout)}
	if q.DeadLetterQueue != "" {
		out = append(out, "maxReceiveCount "+num(q.MaxReceiveCount))
	}
	return out
}

// deciding are the parameters of a stream's mapping that decide an event.
var deciding = [engine.NumKinds][]string{
	engine.KindBatch:    {"BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor", "TumblingWindowInSeconds"},
	engine.KindInvoke:   {"BatchSize", "MaximumRetryAttempts", "MaximumRecordAgeInSeconds"},
	engine.KindReturn:   {"ReportBatchItemFailures", "BisectBatchOnFunctionError", "MaximumRetryAttempts"},
	engine.KindRetry:    {"MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError"},
	engine.KindBisect:   {"BisectBatchOnFunctionError", "MaximumRetryAttempts"},
	engine.KindBlock:    {"MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError"},
	engine.KindDiscard:  {"MaximumRetryAttempts", "MaximumRecordAgeInSeconds"},
	engine.KindDeliver:  {"OnFailure"},
	engine.KindThrottle: {"MaximumRecordAgeInSeconds"},
}

var decidingQueue = [engine.NumKinds][]string{
	engine.KindBatch:  {"BatchSize", "MaximumBatchingWindowInSeconds"},
	engine.KindInvoke: {"BatchSize", "MaximumConcurrency"},
	engine.KindReturn: {"ReportBatchItemFailures"},
	engine.KindScale:  {"MaximumConcurrency"},
}

func setting(set *engine.Settings, name string) string {
	switch name {
	case "OnFailure":
		if set.OnFailure == "" {
			return "none"
		}
		return set.OnFailure
	case "MaximumConcurrency":
		if set.MaximumConcurrency == 0 {
			return "not set"
		}
		return num(set.MaximumConcurrency)
	}
	if p := engine.FindParam(name); p != nil && p.Switch {
		return strconv.FormatBool(set.Number(name) != 0)
	}
	return num(set.Number(name))
}

// settingsAt are a mapping's settings when an event happened: those of now,
// with the changes since then taken back. ok is false where the event is of no
// mapping.
func settingsAt(s *engine.Sim, log []engine.Event, i int) (set engine.Settings, ok bool) {
	e := &log[i]
	if e.Mapping < 0 || int(e.Mapping) >= len(s.Mappings) {
		return set, false
	}
	set = s.Mappings[e.Mapping].Settings
	id := s.Config().Mappings[e.Mapping].ID
	for k := len(log) - 1; k > i; k-- {
		if log[k].Kind != engine.KindSet {
			continue
		}
		d := log[k].Applied
		target, name, _ := strings.Cut(d.Command.Target, ".")
		if target != id {
			continue
		}
		switch d.Was.Kind {
		case engine.ValueInt:
			set.SetNumber(name, int(d.Was.Int))
		case engine.ValueBool:
			set.SetNumber(name, 0)
			if d.Was.Bool {
				set.SetNumber(name, 1)
			}
		case engine.ValueText:
			switch name {
			case "OnFailure":
				set.OnFailure = d.Was.Text
			case "FilterCriteria":
				set.FilterCriteria, _ = pattern.ReadCriteria(d.Was.Text) // the engine wrote it
			}
		}
	}
	return set, true
}
