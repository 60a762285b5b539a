package inspect

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/pattern"
	"esmlab/engine/setting"
)

func num[T int | int32 | int64](n T) string { return strconv.FormatInt(int64(n), 10) }

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return engine.Thousands(n) + " " + what + "s"
}

// secs writes a duration: 8 s, 0.2 s.
func secs(m engine.Micros) string { return m.String() + " s" }

// narrator says what happened with each record's source in front of its number.
func narrator(s *engine.Sim) *narrate.Narrator { return &narrate.Narrator{World: s, Full: true} }

// valuesOf lists the values at the instant of an event that led to it.
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
	set, ok := SettingsAt(s, log, i)
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
			if e.Source < 0 { // what the failed messages wait out
				out = append(out, visibility(e)...)
			}
		}
	case engine.KindFilter:
		out = append(out, dropped(s, e, &set)...)
	case engine.KindReceive:
		if len(e.Receives) > 0 {
			add("receive", num(slices.Max(e.Receives)))
		}
		out = append(out, visibility(e)...)
	case engine.KindMove, engine.KindReappear:
		if e.Visibility > 0 || e.Limit > 0 { // a redrive asks neither
			out = append(out, visibility(e)...)
		}
	case engine.KindThrottle:
		if r := s.Functions[e.Function].Reserved; r >= 0 {
			add(setting.ReservedConcurrentExecutions, num(r))
		} else {
			add("account concurrency", num(s.Config().Concurrency))
		}
	case engine.KindDeliverFailed:
		out = append(out, s.DeliverFailed(e))
	case engine.KindExpire:
		if e.Source >= 0 {
			add(setting.RetentionPeriodHours, num(int64(s.Streams[e.Source].Retention/engine.Hour)))
		} else {
			add(setting.MessageRetentionPeriod, num(s.Queues[e.Queue].MessageRetentionPeriod))
		}
	case engine.KindDiscard:
		if e.Source >= 0 && len(e.Records) > 0 && s.Streams[e.Source].Records.Holds(int(e.Records[0])-1) {
			add("age", secs(e.At-s.Streams[e.Source].Records.At(int(e.Records[0])-1).At))
		}
	}
	if ok {
		of, _ := s.SettingsOf(s.Config().Mappings[e.Mapping].ID)
		of.Mapping = &set
		for _, name := range names {
			add(name, textOf(&of, name)+since(s, log, i, name))
		}
	}
	if len(e.Records) > 0 {
		add("records", num(len(e.Records)))
	}
	return append(out, "event "+num(e.N))
}

// dropped says which condition of a mapping's filters the first record or message
// of an event did not meet, and what it has there.
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

// since says when a parameter that decided event i was changed, "" where it
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

// faults names the faults in force that hit the record an invocation failed for.
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

func visibility(e *engine.Event) []string {
	out := []string{setting.VisibilityTimeout + " " + num(e.Visibility)}
	if e.Limit > 0 {
		out = append(out, setting.MaxReceiveCount+" "+num(e.Limit))
	}
	return out
}

// textOf writes a setting of a resource for people.
func textOf(of *setting.Resource, name string) string {
	p := of.Find(name)
	v, _ := p.Get(of)
	return p.Text(v)
}

// deciding are the parameters of a stream's mapping that decide an event.
var deciding = [engine.NumKinds][]string{
	engine.KindBatch:    {setting.BatchSize, setting.MaximumBatchingWindowInSeconds, setting.ParallelizationFactor, setting.TumblingWindowInSeconds},
	engine.KindInvoke:   {setting.BatchSize, setting.MaximumRetryAttempts, setting.MaximumRecordAgeInSeconds},
	engine.KindReturn:   {setting.ReportBatchItemFailures, setting.BisectBatchOnFunctionError, setting.MaximumRetryAttempts},
	engine.KindRetry:    {setting.MaximumRetryAttempts, setting.MaximumRecordAgeInSeconds, setting.BisectBatchOnFunctionError},
	engine.KindBisect:   {setting.BisectBatchOnFunctionError, setting.MaximumRetryAttempts},
	engine.KindBlock:    {setting.MaximumRetryAttempts, setting.MaximumRecordAgeInSeconds, setting.BisectBatchOnFunctionError},
	engine.KindDiscard:  {setting.MaximumRetryAttempts, setting.MaximumRecordAgeInSeconds},
	engine.KindDeliver:  {setting.OnFailure},
	engine.KindThrottle: {setting.MaximumRecordAgeInSeconds},
}

var decidingQueue = [engine.NumKinds][]string{
	engine.KindBatch:  {setting.BatchSize, setting.MaximumBatchingWindowInSeconds},
	engine.KindInvoke: {setting.BatchSize, setting.MaximumConcurrency},
	engine.KindReturn: {setting.ReportBatchItemFailures},
	engine.KindScale:  {setting.MaximumConcurrency},
}

// SettingsAt are a mapping's settings when event i of a log happened: those of
// now, with the changes since then taken back. ok is false where the event has
// no mapping.
func SettingsAt(s *engine.Sim, log []engine.Event, i int) (set engine.Settings, ok bool) {
	if i >= len(log) || log[i].Mapping < 0 || int(log[i].Mapping) >= len(s.Mappings) {
		return set, false
	}
	id := s.Config().Mappings[log[i].Mapping].ID
	of, _ := s.SettingsOf(id)
	for k := len(log) - 1; k > i; k-- {
		if log[k].Kind != engine.KindSet {
			continue
		}
		d := log[k].Applied
		target, name, _ := strings.Cut(d.Command.Target, ".")
		if p := of.Find(name); target == id && p != nil {
			p.Set(&of, d.Was)
		}
	}
	return *of.Mapping, true
}
