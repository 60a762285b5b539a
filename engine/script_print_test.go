package engine_test

import (
	"fmt"
	"strconv"
	"strings"

	"esmlab/engine"
)

// note prints events, one a line: time, kind, what of it, and the rule.
func (s *script) note(events []engine.Event) string {
	var b strings.Builder
	for i := range events {
		e := &events[i]
		line := fmt.Sprintf("%7s  %-12s %s", e.At, e.Kind, s.tell(e))
		if e.Rule != "" {
			line = fmt.Sprintf("%-82s %s", line, e.Rule)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func (s *script) tell(e *engine.Event) string {
	shard := "shard " + strconv.Itoa(int(e.Shard))
	batch := "batch " + strconv.Itoa(int(e.Batch))
	nums := ranges(e.Records)
	if e.Kind == engine.KindAct {
		return s.tellAct(e)
	}
	if e.Source < 0 && e.Queue >= 0 {
		if text := s.tellQueue(e); text != "" {
			return text
		}
	}
	switch e.Kind {
	case engine.KindFront:
		return fmt.Sprintf("%s #%d to %s: %s", e.Applied.Command.Target, e.Times, e.Applied.Command.To, e.Why)
	case engine.KindChange:
		return fmt.Sprintf("%s %s: %s", e.Why, e.Applied.Command.Target, e.Applied.Command.Value.Text)
	case engine.KindAgain:
		return shard + ": " + nums
	case engine.KindPut:
		if e.Source < 0 {
			return s.sim.MessageLabel(e.Record) + " to " + s.sim.Config().Queues[e.Queue].ID
		}
		return fmt.Sprintf("#%d %s, key %s, %d bytes", e.Record, shard, s.sim.Streams[e.Source].Keys[e.Key].Name, e.Bytes)
	case engine.KindShards:
		return fmt.Sprintf("%d shards now", e.Shard)
	case engine.KindPoll, engine.KindReadThrottled:
		return strings.TrimSuffix(s.sim.Config().Mappings[e.Mapping].ID+" reads "+shard+": "+nums, ": ")
	case engine.KindReject:
		return nums + ": " + e.Why.String()
	case engine.KindBatch:
		return fmt.Sprintf("%s of %s: %s (%s)", batch, shard, nums, e.Why)
	case engine.KindInvoke:
		version := ""
		if e.Of > 0 {
			version = fmt.Sprintf(" (version %d)", e.Of)
		}
		return strings.TrimRight(fmt.Sprintf("%s, try %d: %s%s%s", batch, e.Attempt, nums, window(e.Window()), version), " :")
	case engine.KindReturn:
		s := fmt.Sprintf("%s: %s after %s s", batch, e.Outcome, e.At2)
		if len(e.Failed) > 0 {
			s += ", because of " + ranges(e.Failed)
		}
		if e.Window() != nil && len(e.Window().State) < 100 {
			s += ", state " + e.Window().State
		}
		return s
	case engine.KindRetry:
		return fmt.Sprintf("%s: try %d in %s s", batch, e.Attempt, e.At2)
	case engine.KindBisect:
		return fmt.Sprintf("%s into batch %d: %s and batch %d: %s", batch, e.Split().Batches[0], ranges(e.Split().Into[0]), e.Split().Batches[1], ranges(e.Split().Into[1]))
	case engine.KindCheckpoint:
		return fmt.Sprintf("of %s moves to #%d", shard, e.Record)
	case engine.KindBlock, engine.KindUnblock:
		return shard + ", " + batch
	case engine.KindDiscard:
		return fmt.Sprintf("%s: %s, approximateInvokeCount %d", nums, e.Condition, e.Attempt)
	case engine.KindDeliver, engine.KindDeliverFailed:
		return fmt.Sprintf("%s to %s", nums, s.sim.Config().DestinationID(e.Queue))
	case engine.KindState:
		return e.State.String()
	case engine.KindDenied:
		return shard
	case engine.KindWait:
		return fmt.Sprintf("%s waits for shard %d", shard, e.From)
	}
	if p := e.Applied; p != nil {
		switch {
		case p.Refused != nil:
			return p.Refused.Error()
		case e.Kind == engine.KindSet:
			return fmt.Sprintf("%s = %s, was %s", p.Command.Target, p.Command.Value, p.Was)
		}
		return strings.TrimSpace(p.Command.Target + " " + strings.Join(p.Command.Actions, " "))
	}
	return nums
}

// window describes a tumbling window.
func window(w *engine.Window) string {
	switch {
	case w == nil:
		return ""
	case w.Early:
		return " ended early, final call"
	case w.Final:
		return " final call, state " + w.State
	}
	return " state " + w.State
}

// ranges writes label numbers with their neighbours together: #1-#5 #8.
func ranges(nums []int32) string {
	var b strings.Builder
	for i := 0; i < len(nums); {
		j := i
		for j+1 < len(nums) && nums[j+1] == nums[j]+1 {
			j++
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "#%d", nums[i])
		if j > i {
			fmt.Fprintf(&b, "-#%d", nums[j])
		}
		i = j + 1
	}
	return b.String()
}

func (s *script) records() string { return s.ofRecords(true, s.recordState) }

func (s *script) recordState(mi, n int) string { return s.sim.RecordState(mi, n).String() }

// deliveries says of each record in memory how often it was delivered, and how often
// that failed.
func (s *script) deliveries() string {
	return s.ofRecords(false, func(mi, n int) string {
		if !s.sim.Mappings[mi].Track.Holds(n - 1) {
			return "unknown"
		}
		text := strconv.Itoa(s.sim.Deliveries(mi, n))
		if failed := s.sim.Failures(mi, n); failed > 0 {
			text += " (" + strconv.Itoa(failed) + " failed)"
		}
		return text
	})
}

// ofRecords says something of each record of each mapping; of messages, if it is asked.
func (s *script) ofRecords(messages bool, of func(mi, n int) string) string {
	var b strings.Builder
	for mi := range s.sim.Config().Mappings {
		n := 0
		if qi := s.sim.QueueOf(mi); qi < 0 {
			n = s.sim.Streams[s.sim.SourceOf(mi)].Records.Len()
		} else if n = s.sim.Queues[qi].Put.Len(); !messages {
			continue
		}
		fmt.Fprintf(&b, "%s:", s.sim.Config().Mappings[mi].ID)
		for i := 1; i <= n; {
			j, state := i, of(mi, i)
			for j < n && of(mi, j+1) == state {
				j++
			}
			if fmt.Fprintf(&b, " #%d", i); j > i {
				fmt.Fprintf(&b, "-#%d", j)
			}
			fmt.Fprintf(&b, " %s", state)
			if i = j + 1; i <= n {
				b.WriteByte(',')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (s *script) iterators() string {
	var b strings.Builder
	for mi := range s.sim.Config().Mappings {
		m := &s.sim.Mappings[mi]
		for i := range m.Iterators {
			it := &m.Iterators[i]
			state := "flows"
			if l := s.sim.ActiveLane(mi, i); l.Blocked {
				state = "BLOCKED since " + l.BlockedAt.String()
			}
			fmt.Fprintf(&b, "%s shard %d: checkpoint #%d, next #%d, behind %d, age %s s, tries %d, %s\n", s.sim.Config().Mappings[mi].ID, i, it.Checkpoint,
				s.sim.NextRecord(mi, i), s.sim.Behind(mi, i), s.sim.Age(mi, i), s.sim.Attempts(mi, i), state)
		}
	}
	return b.String()
}

func (s *script) messages() string {
	var b strings.Builder
	for qi := range s.sim.Config().Queues {
		for i, msg := range s.sim.PutTo(qi) {
			fmt.Fprintf(&b, "%s#%d at %s: ", s.sim.Config().Queues[qi].ID, i+1, msg.At)
			if msg.Discard < 0 {
				b.WriteString("sent by a function\n")
				continue
			}
			s.failure(&b, msg.Discard)
		}
	}
	for i := range s.cfg.Targets {
		for k, d := range s.sim.Targets[i].Discards {
			fmt.Fprintf(&b, "%s#%d at %s: ", s.sim.Config().Targets[i].ID, k+1, s.sim.Discards[d].At)
			s.failure(&b, d)
		}
	}
	if b.Len() == 0 {
		return "none\n"
	}
	return b.String()
}

func (s *script) failure(b *strings.Builder, discard int32) {
	d := &s.sim.Discards[discard]
	fmt.Fprintf(b, "%s, batchSize %d (%s), approximateInvokeCount %d", d.Condition, len(d.Records), ranges(d.Records), d.InvokeCount)
	if d.Reported {
		b.WriteString(", functionError null")
	}
	if d.Held != nil {
		b.WriteString(", with payload")
	}
	b.WriteByte('\n')
}
