package inspect

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
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

// some names the records of an event: #18, or 8 records (#18 … #32).
func some(s *engine.Sim, e *engine.Event, nums []int32) string {
	switch len(nums) {
	case 0:
		return "no records"
	case 1:
		return s.EventLabel(e, nums[0])
	}
	what := "record"
	if e.Source < 0 {
		what = "message"
	}
	return count(len(nums), what) + " (" + s.EventLabel(e, nums[0]) + " … " + s.EventLabel(e, nums[len(nums)-1]) + ")"
}

// Tell says in a sentence what an event was.
func Tell(s *engine.Sim, e *engine.Event) string {
	c := s.Config()
	if e.Applied != nil {
		return tellDeed(e)
	}
	batch, shard := "batch "+num(e.Batch), "shard "+num(e.Shard)
	mapping := ""
	if e.Mapping >= 0 && int(e.Mapping) < len(c.Mappings) {
		mapping = c.Mappings[e.Mapping].ID
	}
	queue := ""
	if e.Queue >= 0 && int(e.Queue) < len(c.Queues) {
		queue = c.Queues[e.Queue].ID
	}
	all := some(s, e, e.Records)
	switch e.Kind {
	case engine.KindPut:
		if e.Source < 0 {
			return "a message is put to " + queue
		}
		return s.Label(e.Source, e.Record) + " is put, and lies in " + shard
	case engine.KindReject:
		return all + " rejected: " + e.Why.String()
	case engine.KindPoll:
		return mapping + " reads " + all + " of " + shard
	case engine.KindReadThrottled:
		return "a read of " + shard + " by " + mapping + " is refused"
	case engine.KindDenied:
		return mapping + " may not read its source any more"
	case engine.KindMiss:
		return mapping + " misses " + all + ": put before it began to read"
	case engine.KindFilter:
		return mapping + " filters out " + all
	case engine.KindBatch:
		return mapping + " closes " + batch + " of " + all + " (" + e.Why.String() + ")"
	case engine.KindInvoke:
		return c.Functions[e.Function].ID + " is handed " + batch + ", try " + num(e.Attempt) + ": " + all
	case engine.KindReturn:
		return tellReturn(s, e)
	case engine.KindThrottle:
		return batch + " does not reach " + c.Functions[e.Function].ID + ": throttled"
	case engine.KindRetry:
		return batch + " waits " + secs(e.At2) + " for try " + num(e.Attempt)
	case engine.KindBisect:
		return batch + " is split into batch " + num(e.Batches[0]) + " of " + some(s, e, e.Into[0]) + " and batch " + num(e.Batches[1]) + " of " + some(s, e, e.Into[1])
	case engine.KindCheckpoint:
		return "the checkpoint of " + mapping + " in " + shard + " moves to " + s.Label(e.Source, e.Record)
	case engine.KindBlock:
		return shard + " is blocked for " + mapping + " by " + batch
	case engine.KindUnblock:
		return shard + " flows again for " + mapping + ": " + batch + " is out of the way"
	case engine.KindDiscard:
		return mapping + " gives up " + all + ": " + e.Condition.String()
	case engine.KindDeliver:
		return destination(c, e.Queue) + " gets the failure record of " + all
	case engine.KindDeliverFailed:
		return "the failure record of " + all + " cannot be delivered to " + destination(c, e.Queue)
	case engine.KindExpire:
		return all + " expired: the retention is over"
	case engine.KindState:
		return mapping + " is " + e.State.String()
	case engine.KindUnchanged:
		return s.Label(e.Source, e.Record) + " changed nothing: there is no stream record"
	case engine.KindShards:
		return c.Streams[e.Source].ID + " has " + count(int(e.Shard), "shard") + " now"
	case engine.KindReceive:
		return mapping + " receives " + all + " from " + queue
	case engine.KindReappear:
		return all + " can be seen in " + queue + " again"
	case engine.KindDelete:
		return all + " deleted from " + queue + ": " + e.Why.String()
	case engine.KindDeleteFailed:
		return all + " not deleted from " + queue + ": " + e.Why.String()
	case engine.KindMove:
		to := ""
		if e.To >= 0 && int(e.To) < len(c.Queues) {
			to = " to " + c.Queues[e.To].ID
		}
		return all + " moved from " + queue + to
	case engine.KindDedup:
		return s.MessageLabel(e.Record) + " is dropped: it repeats " + s.MessageLabel(e.Of)
	case engine.KindScale:
		return mapping + " goes from " + num(e.From) + " to " + num(e.To) + " pollers: " + e.Why.String()
	case engine.KindRecursive:
		return "a chain of invocations that came round too often is stopped: " + all
	}
	return e.Kind.String() + " " + all
}

func destination(c *engine.Config, number int32) string {
	if t := c.Target(number); t != nil {
		return t.ID
	}
	return c.Queues[number].ID
}

func tellReturn(s *engine.Sim, e *engine.Event) string {
	text := "batch " + num(e.Batch) + " of " + s.Config().Mappings[e.Mapping].ID
	switch e.Outcome {
	case engine.OutcomeOK:
		return text + " is done"
	case engine.OutcomePartial:
		return text + " is done in part: " + some(s, e, e.Failed) + " reported"
	case engine.OutcomeTimeout:
		text += " failed: timeout"
	case engine.OutcomeCrash:
		text += " failed: the runtime crashed"
	case engine.OutcomeBadReply:
		text += " failed: an answer that AWS takes for a failure"
	default:
		text += " failed: an error"
	}
	if len(e.Failed) > 0 {
		text += ", because of " + some(s, e, e.Failed)
	}
	return text
}

func tellDeed(e *engine.Event) string {
	c := &e.Applied.Command
	if r := e.Applied.Refused; r != nil {
		return c.Op.String() + " " + c.Target + " was refused: " + r.Error()
	}
	switch c.Op {
	case engine.OpSet:
		return c.Target + " is set to " + shown(c.Value) + ", was " + shown(e.Applied.Was)
	case engine.OpPut:
		return count(max(1, c.Put.Count), "record") + " put to " + c.Put.To + " by hand"
	case engine.OpFault:
		return c.Fault.Function + " is broken: " + Fault(&c.Fault)
	case engine.OpFix:
		return "the fault " + c.Target + " is taken off"
	case engine.OpDeny, engine.OpAllow:
		return c.Target + ": " + c.Op.String() + " " + strings.Join(c.Actions, ", ")
	case engine.OpSplit, engine.OpMerge:
		out := c.Op.String() + " " + c.Target + ", shard"
		for _, k := range c.Shards {
			out += " " + num(k)
		}
		return out
	}
	return c.Op.String() + " " + c.Target
}

func shown(v engine.Value) string {
	if v.Kind == engine.ValueText && v.Text == "" {
		return "nothing"
	}
	return v.String()
}

// Fault says what a fault does, and to which records.
func Fault(f *engine.Fault) string {
	out := []string{f.How.String()}
	for _, l := range f.Records {
		out = append(out, l.String())
	}
	if len(f.Keys) > 0 {
		out = append(out, "keys "+strings.Join(f.Keys, ", "))
	}
	if f.Nth > 0 {
		out = append(out, "each "+num(f.Nth)+"th record")
	}
	if f.HasChance {
		out = append(out, "chance "+strconv.FormatFloat(f.Chance, 'g', -1, 64))
	}
	if f.Deliveries > 0 {
		out = append(out, "the first "+count(f.Deliveries, "delivery"))
	}
	if f.Name != "" {
		out = append(out, "called "+f.Name)
	}
	return strings.Join(out, ", ")
}

// valuesOf are the values of an event's instant that made it so.
func valuesOf(s *engine.Sim, log []engine.Event, i int) []string {
	e := &log[i]
	if e.Applied != nil {
		out := []string{}
		if e.Kind == engine.KindSet {
			out = append(out, e.Applied.Command.Target+" "+shown(e.Applied.Command.Value))
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
			out = append(out, "fault "+Fault(&a.Fault))
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
