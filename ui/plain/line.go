package plain

import (
	"fmt"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/rule"
)

// Line tells one event in a sentence. It gives "" for events that the story
// leaves out: what goes as planned, and what the next event tells better.
func Line(s *engine.Sim, e *engine.Event) string {
	if e.Source < 0 && e.Applied == nil {
		return queueLine(s, e)
	}
	c := s.Config()
	shard, batch := shardName(s, e), batchName(s, e)
	span := func(nums []int32) string { return recordsName(s, e, nums) }
	switch e.Kind {
	case engine.KindState:
		return c.Mappings[e.Mapping].ID + " is " + e.State.String()
	case engine.KindMiss:
		return span(e.Records) + " of " + shard + " missed: put before the mapping's starting position"
	case engine.KindFilter:
		return span(e.Records) + " of " + shard + " filtered out: " + c.Mappings[e.Mapping].ID + " lets none of them through"
	case engine.KindReject:
		why, _, _ := strings.Cut(e.Why.String(), ":")
		return c.Streams[e.Source].ID + " rejects " + span(e.Records) + ": " + why
	case engine.KindUnchanged:
		return c.Streams[e.Source].ID + ": write " + span(e.Records) + " changes nothing, the stream has no record of it"
	case engine.KindReadThrottled:
		return "a read of " + shard + " by " + c.Mappings[e.Mapping].ID + " is refused: too many readers"
	case engine.KindDenied:
		return c.Mappings[e.Mapping].ID + " may not read " + shard + ": it brings nothing any more"
	case engine.KindReturn:
		return returned(s, e, batch)
	case engine.KindThrottle:
		why := " is throttled: "
		if e.Rule == rule.FnRemoved {
			why = " is deleted: "
		}
		return c.Functions[e.Function].ID + why + batch + " of " + shard + " does not reach it"
	case engine.KindRetry:
		return fmt.Sprintf("%s, %s, goes again in %s s as try %d", batch, count(len(e.Records), "record"), e.At2, e.Attempt)
	case engine.KindBisect:
		return fmt.Sprintf("%s is split into batch %d (%s) and batch %d (%s)", batch, e.Batches[0], span(e.Into[0]), e.Batches[1], span(e.Into[1]))
	case engine.KindBlock:
		if e.Rule == rule.MapLaneBlock {
			return fmt.Sprintf("lane %d of %s IS BLOCKED by %s; its other keys go on", e.Lane, shard, batch)
		}
		return shard + " IS BLOCKED by " + batch + ": what comes after waits, other shards go on"
	case engine.KindUnblock:
		return shard + " flows again: " + batch + " is out of the way"
	case engine.KindDiscard:
		to := "; nothing tells of it"
		if e.Queue >= 0 {
			to = ""
		}
		by := ""
		if len(c.Mappings) > 1 {
			by = " by " + c.Mappings[e.Mapping].ID
		}
		return fmt.Sprintf("%s of %s given up%s: %s, approximateInvokeCount %d%s", span(e.Records), shard, by, e.Condition, e.Attempt, to)
	case engine.KindDeliver:
		return delivered(s, e)
	case engine.KindDeliverFailed:
		return "the message to " + c.DestinationID(e.Queue) + " cannot be delivered: " + count(len(e.Records), "record") + " dropped"
	case engine.KindExpire:
		return span(e.Records) + " of shard " + strconv.Itoa(int(e.Shard)) + " of " + c.Streams[e.Source].ID + verb(e.Records, " reaches the end of its retention", " reach the end of their retention")
	case engine.KindCheckpoint:
		if e.Rule == rule.MapExpired || e.Rule == rule.MapResumeLost {
			return "the iterator of " + shard + " jumps past " + span([]int32{e.Record}) + ": what lay before has expired"
		}
	case engine.KindShards:
		return fmt.Sprintf("%s has %d shards now, closed ones counted in", c.Streams[e.Source].ID, e.Shard)
	case engine.KindRefuse:
		return "refused: " + e.Applied.Refused.What + ": " + e.Applied.Refused.Error()
	default:
		if e.Applied != nil {
			return CommandText(&e.Applied.Command, e.Applied.Was)
		}
	}
	return ""
}

// CommandText tells a command in a sentence.
func CommandText(c *engine.Command, was engine.Value) string {
	switch c.Op {
	case engine.OpSet:
		return "set " + c.Target + ": " + word(was) + " → " + word(c.Value)
	case engine.OpPut:
		return "put " + count(max(1, c.Put.Count), "record") + " to " + c.Put.To
	case engine.OpFault:
		return "fault " + c.Fault.Name + " in " + c.Fault.Function + ": " + c.Fault.How.String()
	case engine.OpDeny, engine.OpAllow:
		return c.Op.String() + " " + c.Target + " " + strings.Join(c.Actions, ", ")
	case engine.OpRedrive:
		to := "each to the queue it came from"
		if c.To != "" {
			to = "to " + c.To
		}
		return "redrive " + c.Target + " " + to
	case engine.OpSplit, engine.OpMerge:
		return c.Op.String() + " " + c.Target + " shard " + strings.Trim(strings.ReplaceAll(fmt.Sprint(c.Shards), " ", " and "), "[]")
	}
	return c.Op.String() + " " + c.Target
}

func word(v engine.Value) string {
	if s := v.String(); s != "" {
		return s
	}
	return "none"
}

// returned tells of an invocation that did not end well.
func returned(s *engine.Sim, e *engine.Event, batch string) string {
	fn := s.Config().Functions[e.Function].ID
	because := ""
	span := func(nums []int32) string { return recordsName(s, e, nums) }
	if len(e.Failed) > 0 {
		because = " because of " + span(e.Failed)
	}
	try := "try " + strconv.Itoa(int(e.Attempt)) + " of " + batch
	switch e.Outcome {
	case engine.OutcomeError:
		return fn + " throws" + because + " (" + try + ")"
	case engine.OutcomeTimeout:
		return fn + " runs into its Timeout after " + e.At2.String() + " s (" + try + ")"
	case engine.OutcomeCrash:
		return fn + " crashes" + because + " (" + try + ")"
	case engine.OutcomePartial:
		if len(e.Failed) > 0 && len(e.Records) > 0 && e.Failed[0] == e.Records[0] {
			return fn + " reports " + span(e.Failed) + ", the first of it: nothing is done (" + try + ")"
		}
		return fn + " reports " + span(e.Failed) + ": what lies before is done (" + try + ")"
	case engine.OutcomeBadReply:
		return fn + " answers what counts as a failure of the whole batch (" + try + ")"
	}
	return ""
}

// batchName is batch 4, and where a run has several mappings, of which.
func batchName(s *engine.Sim, e *engine.Event) string {
	text := "batch " + strconv.Itoa(int(e.Batch))
	if c := s.Config(); len(c.Mappings) > 1 && e.Mapping >= 0 {
		text += " of " + c.Mappings[e.Mapping].ID
	}
	return text
}

// shardName is shard 0, and where a run has several streams, of which.
func shardName(s *engine.Sim, e *engine.Event) string {
	text := "shard " + strconv.Itoa(int(e.Shard))
	if c, si := s.Config(), source(s, e); len(c.Streams) > 1 && si >= 0 {
		text += " of " + c.Streams[si].ID
	}
	return text
}

// source is the stream that an event is about.
func source(s *engine.Sim, e *engine.Event) int {
	if e.Mapping >= 0 {
		return s.SourceOf(int(e.Mapping))
	}
	return int(e.Source)
}

// recordsName names records: #22, or #18 … #32 (8 records), with the stream's
// name in front where a run has several sources.
func recordsName(s *engine.Sim, e *engine.Event, nums []int32) string {
	name := ""
	if si := source(s, e); s.Sources() > 1 && si >= 0 {
		name = s.Config().Streams[si].ID
	}
	switch len(nums) {
	case 0:
		return "no record"
	case 1:
		return name + "#" + strconv.Itoa(int(nums[0]))
	}
	return fmt.Sprintf("%s#%d … #%d (%s)", name, nums[0], nums[len(nums)-1], count(len(nums), "record"))
}

// verb is the form of a verb that goes with so many records.
func verb(nums []int32, one, several string) string {
	if len(nums) == 1 {
		return one
	}
	return several
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return engine.Thousands(n) + " " + what + "s"
}

// delivered says what a destination gets of a discarded batch.
func delivered(s *engine.Sim, e *engine.Event) string {
	c := s.Config()
	span := func(nums []int32) string { return recordsName(s, e, nums) }
	id := c.DestinationID(e.Queue)
	if t := c.Target(e.Queue); t != nil && t.Bucket {
		return id + " gets an object with " + span(e.Records)
	}
	return id + " gets a message that says where " + span(e.Records) + verb(e.Records, " lies", " lie")
}
