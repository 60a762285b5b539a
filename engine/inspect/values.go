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
			value := narrate.Typed(e.Applied.Command.Value)
			if e.Applied.Command.Value.Kind == engine.ValueBool {
				value = narrate.Value(e.Applied.Command.Value)
			}
			out = append(out, e.Applied.Command.Target+" "+value)
		} else if t := e.Applied.Command.Target; t != "" {
			out = append(out, t)
		}
		return append(out, "event "+num(e.N))
	}
	var out []string
	add := func(name, value string) { out = append(out, name+" "+value) }
	mapping, ok := mappingAt(s, log, i)
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
			for _, n := range e.Faults() {
				out = append(out, "fault "+narrate.Fault(s.Functions[e.Function].Fault(n), false))
			}
			if e.Source < 0 { // what the failed messages wait out
				out = append(out, visibility(e)...)
			}
		}
	case engine.KindFilter:
		out = append(out, dropped(s, e, mapping.Mapping)...)
	case engine.KindReceive, engine.KindTaken:
		if len(e.Receives()) > 0 {
			add("receive", num(slices.Max(e.Receives())))
		}
		out = append(out, visibility(e)...)
	case engine.KindMove, engine.KindReappear:
		if e.Visibility > 0 || e.Limit > 0 { // a redrive asks neither
			out = append(out, visibility(e)...)
		}
	case engine.KindThrottle:
		if of, _ := settingsAt(s, log, i, s.Config().Functions[e.Function].ID); of.Function.Reserved >= 0 {
			add(setting.ReservedConcurrentExecutions, num(of.Function.Reserved))
		} else {
			add("account concurrency", num(s.Config().Concurrency))
		}
	case engine.KindDeliverFailed, engine.KindForwardFailed:
		out = append(out, s.DeliverFailed(e))
		if e.Denial() != nil {
			out = append(out, e.Denial().Chain...)
		}
	case engine.KindDenied, engine.KindDeleteFailed:
		if e.Denial() != nil {
			out = append(append(out, e.Denial().String()), e.Denial().Chain...)
		}
	case engine.KindExpire:
		if e.Source >= 0 {
			of, _ := settingsAt(s, log, i, s.Config().Streams[e.Source].ID)
			add(setting.RetentionPeriodHours, num(int64(of.Stream.Retention/engine.Hour)))
		} else {
			of, _ := settingsAt(s, log, i, s.Config().Queues[e.Queue].ID)
			add(setting.MessageRetentionPeriod, num(of.Queue.MessageRetentionPeriod))
		}
	case engine.KindDiscard:
		if e.Source >= 0 && len(e.Records) > 0 {
			add("age", secs(e.At-s.Discards[e.Discard].First.At))
		}
	}
	if ok {
		for _, name := range names {
			add(name, textOf(&mapping, name)+since(s, log, i, name))
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

// since says when a setting of a mapping that decided event i was changed, ""
// where it never was.
func since(s *engine.Sim, log []engine.Event, i int, name string) string {
	id := s.Config().Mappings[log[i].Mapping].ID
	k := back(log, i, func(e *engine.Event) bool {
		return e.Kind == engine.KindSet && e.Applied.Command.Target == id+"."+name
	})
	for k >= 0 && inForce(s, log, k) > i {
		k = back(log, k, func(e *engine.Event) bool {
			return e.Kind == engine.KindSet && e.Applied.Command.Target == id+"."+name
		})
	}
	if k < 0 {
		return ""
	}
	return " since " + secs(log[k].At)
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
	if p.Kind == setting.Switch {
		return narrate.Value(v)
	}
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

// SettingsAt are a mapping's settings when event i of a log happened. ok is
// false where the event has no mapping.
func SettingsAt(s *engine.Sim, log []engine.Event, i int) (set engine.Settings, ok bool) {
	of, ok := mappingAt(s, log, i)
	if ok {
		set = *of.Mapping
	}
	return set, ok
}

// mappingAt is the mapping of event i with its settings when that happened. ok
// is false where the event has no mapping.
func mappingAt(s *engine.Sim, log []engine.Event, i int) (of setting.Resource, ok bool) {
	if i >= len(log) || log[i].Mapping < 0 || int(log[i].Mapping) >= len(s.Mappings) {
		return of, false
	}
	return settingsAt(s, log, i, s.Config().Mappings[log[i].Mapping].ID)
}

// settingsAt is a resource with its settings when event i of a log happened:
// those of now, with the changes taken back that were not in force yet.
func settingsAt(s *engine.Sim, log []engine.Event, i int, id string) (of setting.Resource, ok bool) {
	of, ok = s.SettingsOf(id)
	for k := len(log) - 1; k >= 0; k-- {
		if log[k].Kind != engine.KindSet {
			continue
		}
		applied := log[k].Applied
		target, name, _ := strings.Cut(applied.Command.Target, ".")
		if target != id {
			continue
		}
		if p, at := of.Find(name), inForce(s, log, k); p != nil && at > i && at < len(log) {
			p.Set(&of, applied.Was)
		}
	}
	return of, ok
}

// inForce is the index in the log of the event with which the change of a
// setting at k came into force: the change itself, or where a mapping takes a
// while to update, the end of that; len(log) if that is yet to come.
func inForce(s *engine.Sim, log []engine.Event, k int) int {
	id, _, _ := strings.Cut(log[k].Applied.Command.Target, ".")
	mi := s.MappingIndex(id)
	if mi < 0 || s.Config().Mappings[mi].Updates == 0 {
		return k
	}
	state := func(j int) bool { return log[j].Kind == engine.KindState && int(log[j].Mapping) == mi }
	updating := false
	for j := k - 1; j >= 0; j-- { // a change while an earlier one is under way
		if state(j) {
			updating = log[j].State == engine.Updating
			break
		}
	}
	for j := k + 1; j < len(log); j++ {
		switch {
		case !state(j):
		case log[j].State == engine.Updating && log[j].At == log[k].At:
			updating = true
		case updating:
			return j
		default:
			return k
		}
	}
	if updating {
		return len(log)
	}
	return k
}
