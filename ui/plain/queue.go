package plain

import (
	"fmt"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/rule"
)

// messages names messages by their labels: #4, #1 … #10 (10 messages), with
// the queue's name in front where they were put to another one, or where a run
// has several sources.
func messages(s *engine.Sim, e *engine.Event, ids []int32) string {
	if len(ids) == 0 {
		return "no message"
	}
	several := s.Sources() > 1
	name := func(id int32) string {
		if m := s.Message(id); m.Origin == e.Queue && !several {
			return "#" + strconv.Itoa(int(m.N))
		}
		return s.MessageLabel(id)
	}
	if len(ids) == 1 {
		return name(ids[0])
	}
	return name(ids[0]) + " … " + name(ids[len(ids)-1]) + " (" + count(len(ids), "message") + ")"
}

// queueLine tells an event of a queue or of its mapping.
func queueLine(s *engine.Sim, e *engine.Event) string {
	c := s.Config()
	q := func() string { return c.Queues[e.Queue].ID }
	all := messages(s, e, e.Records)
	is := verb(e.Records, " is ", " are ")
	batch := batchName(s, e)
	switch e.Kind {
	case engine.KindState:
		return c.Mappings[e.Mapping].ID + " is " + e.State.String()
	case engine.KindReject:
		why, _, _ := strings.Cut(e.Why.String(), ":")
		return q() + " rejects " + all + ": " + why
	case engine.KindDedup:
		return messages(s, e, []int32{e.Record}) + " repeats " + messages(s, e, []int32{e.Of}) + ": it is accepted and not delivered"
	case engine.KindDenied:
		return c.Mappings[e.Mapping].ID + " may not receive from " + q() + ": it brings nothing any more, and nothing tells of it"
	case engine.KindFilter:
		return all + " filtered out by " + c.Mappings[e.Mapping].ID + ": deleted from " + q() + ", no invocation"
	case engine.KindReceive:
		again := 0
		for _, n := range e.Receives {
			again = max(again, int(n))
		}
		if again < 2 {
			return "" // the first receive goes as planned
		}
		of := ""
		if s.DeadLetterOf(int(e.Queue)) >= 0 {
			of = " of " + strconv.Itoa(s.Queues[e.Queue].MaxReceiveCount)
		}
		var those []int32 // of a batch that also has others
		for i, n := range e.Receives {
			if int(n) == again {
				those = append(those, e.Records[i])
			}
		}
		return messages(s, e, those) + " received again by " + c.Mappings[e.Mapping].ID + ", receive " + strconv.Itoa(again) + of
	case engine.KindReappear:
		switch e.Rule {
		case rule.SqsVisibleRunning, rule.FifoVisibleRunning:
			return all + is + "visible again while the function still works on" + verb(e.Records, " it", " them")
		case rule.SqsVisibleBatched:
			return all + is + "visible again before" + verb(e.Records, " its batch was", " their batch was") + " handed over"
		case rule.SqsThrottle:
			return all + is + "let go of after throttles, and visible again"
		}
	case engine.KindReturn:
		return queueReturned(s, e)
	case engine.KindThrottle:
		if e.Rule == rule.FnRemoved {
			return c.Functions[e.Function].ID + " is deleted: " + batch + " does not reach it"
		}
		return c.Functions[e.Function].ID + " is throttled: " + batch + " of " + all + " does not reach it"
	case engine.KindRecursive:
		return batch + " of " + all + " is refused: a loop of " + c.Functions[e.Function].ID + " and its own queue"
	case engine.KindDelete:
		if e.Why == engine.WhyPurged || e.Why == engine.WhyRemoved {
			return all + " of " + q() + verb(e.Records, " is", " are") + " deleted: " + e.Why.String()
		}
	case engine.KindDeleteFailed:
		return all + " cannot be deleted: " + e.Why.String()
	case engine.KindMove:
		if e.Mapping < 0 {
			return all + verb(e.Records, " goes", " go") + " from " + q() + " to " + c.Queues[e.To].ID + " as new"
		}
		return all + verb(e.Records, " goes", " go") + " to " + c.Queues[e.To].ID + ": received " + strconv.Itoa(s.Queues[e.Queue].MaxReceiveCount) + " times, the next would be one too many"
	case engine.KindScale:
		return fmt.Sprintf("%s: %s → %s pollers (%s)", c.Mappings[e.Mapping].ID, engine.Thousands(int(e.From)), engine.Thousands(int(e.To)), e.Why)
	case engine.KindExpire:
		return all + " of " + q() + verb(e.Records, " reaches the end of its retention", " reach the end of their retention")
	}
	return ""
}

// queueReturned tells of an invocation with messages that did not end well.
func queueReturned(s *engine.Sim, e *engine.Event) string {
	fn := s.Config().Functions[e.Function].ID
	in := " in " + batchName(s, e)
	what := ""
	switch e.Outcome {
	case engine.OutcomeOK:
		return ""
	case engine.OutcomePartial:
		if n := len(e.Records) - len(e.Failed); n > 0 {
			return fn + " reports " + messages(s, e, e.Failed) + in + ": " + verb(e.Records[:min(n, 2)], "the other one is deleted", "the other "+strconv.Itoa(n)+" are deleted")
		}
		return fn + " reports " + messages(s, e, e.Failed) + in + ": nothing of it is deleted"
	case engine.OutcomeTimeout:
		what = fn + " runs into its Timeout after " + e.At2.String() + " s"
	case engine.OutcomeCrash:
		what = fn + " crashes"
	case engine.OutcomeBadReply:
		what = fn + " answers what counts as a failure of the whole batch"
	default:
		what = fn + " throws"
	}
	if len(e.Failed) > 0 {
		what += " because of " + messages(s, e, e.Failed)
	}
	good := len(e.Records) - len(e.Failed)
	if len(e.Failed) == 0 || good == 0 {
		return what + in + ": nothing of it is deleted"
	}
	return what + in + ": nothing is deleted, " + count(good, "good message") + verb(e.Records[:min(good, 2)], " goes", " go") + " with it"
}

// several tells of what happened more than once in a row, in one line.
func (t *tally) several(s *engine.Sim) string {
	c := s.Config()
	e := &t.first
	switch e.Kind {
	case engine.KindReturn:
		if e.Source < 0 {
			return engine.Thousands(t.n) + " batches are done, their messages deleted"
		}
		return engine.Thousands(t.n) + " batches are done, their checkpoints move"
	case engine.KindThrottle:
		return c.Functions[e.Function].ID + " is throttled: " + engine.Thousands(t.n) + " tries do not reach it"
	case engine.KindScale:
		return fmt.Sprintf("%s: %s → %s pollers (%s)", c.Mappings[e.Mapping].ID, engine.Thousands(int(e.From)), engine.Thousands(int(t.last.To)), e.Why)
	case engine.KindDedup:
		return count(t.n, "message") + " of " + c.Queues[e.Queue].ID + " repeat others: accepted and not delivered"
	case engine.KindFilter:
		return count(t.records, "message") + " filtered out by " + c.Mappings[e.Mapping].ID + ": deleted from " + c.Queues[e.Queue].ID + ", no invocation"
	case engine.KindMove:
		return count(t.records, "message") + " go from " + c.Queues[e.Queue].ID + " to " + c.Queues[e.To].ID + " as new"
	}
	return count(t.records, "message") + " of " + c.Queues[e.Queue].ID + " rejected"
}
