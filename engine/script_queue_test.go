package engine_test

import (
	"fmt"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// What a setup says of queues:
//
//	queue Jobs VisibilityTimeout=18 DLQ=JobsDead maxReceiveCount=3
//	queue Orders FifoQueue=true DeduplicationScope=messageGroup duplicates=0.1
//	mapping WorkJobs source=Jobs BatchSize=10 ReportBatchItemFailures=true
//	put Jobs every=5s count=2 keys=A,B dedup=x delay=10s
//	limits 2022
//
// and what else can be asked:
//
//	queues     what lies in each queue, and its counters
//	pollers    what the pollers of each mapping are doing
//	groups     the groups of each queue
//	receipts   what is in flight, by receive
//	contents   what lies in each queue, message by message
//	bodies     the same messages with their group and body

func queueConfig(id string, a argList) engine.QueueConfig {
	c := engine.QueueConfig{ID: id, Name: a.text("name"), FIFO: a.text("FifoQueue") == "true", QueueSettings: engine.DefaultQueueSettings()}
	a.set(&setting.Resource{Of: setting.OfQueue, In: setting.FIFO, Queue: &c.QueueSettings})
	c.KMS = a.text("kms") == "true"
	c.DeadLetterQueue = a.text("DLQ")
	c.SourceQueues = split(a.text("sourceQueues"))
	c.Duplicates, _ = strconv.ParseFloat(a.text("duplicates"), 64)
	c.FailedDeletes, _ = strconv.ParseFloat(a.text("failed_deletes"), 64)
	if from, until, ok := strings.Cut(a.text("away"), ","); ok {
		span := argList{"from": from, "until": until}
		c.Away = []engine.Span{{From: span.time("from", 0), Until: span.time("until", 0)}}
	}
	return c
}

// set reads the settings of a resource, by their names; a value that AWS would
// refuse is taken as it is.
func (a argList) set(r *setting.Resource) {
	for _, p := range r.Rows() {
		if text := a.text(p.Name); text != "" && p.Kind != setting.Filters {
			p.Set(r, p.Parse(text))
		}
	}
}

// queueSettings reads the parameters of a queue's mapping.
func queueSettings(a argList) engine.Settings {
	m := engine.DefaultQueueMapping()
	a.set(&setting.Resource{Of: setting.OfMapping, In: setting.SQS, Mapping: &m})
	return m
}

// labels writes messages with their neighbours together: Jobs#1-#5 Jobs#8.
func (s *script) labels(ids []int32) string {
	var b strings.Builder
	for i := 0; i < len(ids); {
		first := s.sim.Message(ids[i])
		j := i
		for j+1 < len(ids) && s.sim.Message(ids[j+1]).Origin == first.Origin && s.sim.Message(ids[j+1]).N == s.sim.Message(ids[j]).N+1 {
			j++
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.sim.MessageLabel(ids[i]))
		if j > i {
			fmt.Fprintf(&b, "-#%d", s.sim.Message(ids[j]).N)
		}
		i = j + 1
	}
	return b.String()
}

// tellQueue prints an event of a queue.
func (s *script) tellQueue(e *engine.Event) string {
	ids := s.labels(e.Records)
	batch := "batch " + strconv.Itoa(int(e.Batch))
	queue := s.sim.Config().DestinationID(e.Queue)
	switch e.Kind {
	case engine.KindPut:
		out := s.sim.MessageLabel(e.Record) + " to " + queue
		if e.Key >= 0 {
			out += ", group " + s.sim.Groups[e.Key].Name
		}
		return out
	case engine.KindDedup:
		return s.sim.MessageLabel(e.Record) + " repeats " + s.sim.MessageLabel(e.Of)
	case engine.KindReceive, engine.KindTaken:
		times := map[int32]bool{}
		var counts []string
		for _, n := range e.Receives() {
			if !times[n] {
				times[n] = true
				counts = append(counts, strconv.Itoa(int(n)))
			}
		}
		who := "poller " + strconv.Itoa(int(e.Poller)+1)
		if e.Kind == engine.KindTaken {
			who = s.sim.Config().Taker(e)
		} else if len(s.sim.Config().Mappings) > 1 {
			who = s.sim.Config().Mappings[e.Mapping].ID + " " + who
		}
		return who + ": " + ids + ", receive " + strings.Join(counts, ", ")
	case engine.KindReappear, engine.KindExpire:
		return ids
	case engine.KindDelete, engine.KindDeleteFailed, engine.KindReject:
		return ids + ": " + e.Why.String()
	case engine.KindMove:
		return ids + " from " + queue + " to " + s.sim.Config().Queues[e.To].ID
	case engine.KindScale:
		return fmt.Sprintf("%d to %d pollers: %s", e.From, e.To, e.Why)
	case engine.KindBatch:
		return fmt.Sprintf("%s: %s (%s)", batch, ids, e.Why)
	case engine.KindInvoke:
		return fmt.Sprintf("%s: %s", batch, ids)
	case engine.KindRedriveFailed:
		out := ids + " of " + queue
		if e.To >= 0 {
			out += " to " + s.sim.Config().Queues[e.To].ID
		}
		return out
	case engine.KindForward, engine.KindForwardFailed:
		out := fmt.Sprintf("%s: %s to %s", batch, ids, s.sim.Config().DestinationID(e.Queue))
		if e.Kind == engine.KindForwardFailed {
			out += ": " + s.sim.DeliverFailed(e)
		}
		return out
	case engine.KindThrottle, engine.KindRecursive:
		return fmt.Sprintf("%s: %s", batch, ids)
	case engine.KindReturn:
		out := fmt.Sprintf("%s: %s after %s s", batch, e.Outcome, e.At2)
		if len(e.Failed) > 0 {
			out += ", because of " + s.labels(e.Failed)
		}
		return out
	case engine.KindFilter:
		return ids
	case engine.KindDenied:
		return queue
	}
	return ""
}

func (s *script) queues() string {
	var b strings.Builder
	for qi, c := range s.sim.Config().Queues {
		q := &s.sim.Queues[qi]
		fmt.Fprintf(&b, "%s: %d visible, %d in flight, %d delayed, oldest %s s; sent %d, received %d, deleted %d", c.ID, q.Visible, q.InFlight, q.Delayed,
			s.sim.Oldest(qi), q.Sent, q.Received, q.Deleted)
		for _, x := range []struct {
			word string
			n    int64
		}{{"filtered", q.Filtered}, {"expired", q.Expired}, {"purged", q.Purged}, {"moved", q.Moved}, {"moved in", q.MovedIn}, {"redriven", q.Redriven},
			{"deduplicated", q.Deduplicated}, {"rejected", q.Rejected}, {"deletions failed", q.DeletesFailed}} {
			if x.n > 0 {
				fmt.Fprintf(&b, ", %s %d", x.word, x.n)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (s *script) pollers() string {
	var b strings.Builder
	for mi, c := range s.sim.Config().Mappings {
		p := &s.sim.Mappings[mi].Polls
		fmt.Fprintf(&b, "%s: %d pollers of at most %d\n", c.ID, p.Target, s.sim.Ceiling(mi))
		for i := range p.Slots {
			slot := &p.Slots[i]
			switch {
			case i >= 8 && i < len(p.Slots)-1:
			case slot.Phase == engine.PollerWaits && i < int(p.Target):
				fmt.Fprintf(&b, "  %d waits until %s\n", i+1, s.sim.PollEnds(slot))
			case slot.Phase != engine.PollerWaits:
				fmt.Fprintf(&b, "  %d %s until %s: batch %d, %s\n", i+1, slot.Phase, slot.Due, slot.Batch, s.labels(slot.Records))
			}
		}
	}
	return b.String()
}

func (s *script) groups() string {
	var b strings.Builder
	for qi, c := range s.sim.Config().Queues {
		for _, gi := range s.sim.Queues[qi].Groups {
			g := &s.sim.Groups[gi]
			state := "free"
			switch {
			case c.FIFO && g.Locked():
				state = "LOCKED"
			case s.sim.Noisy(&s.sim.Queues[qi], g):
				state = "noisy"
			}
			fmt.Fprintf(&b, "%s %s: %s, %d visible, %d in flight, %d delayed\n", c.ID, g.Name, state, g.Visible, g.InFlight, g.Delayed)
		}
	}
	return b.String()
}

func (s *script) receipts() string {
	var b strings.Builder
	for qi, c := range s.sim.Config().Queues {
		for _, r := range s.sim.Receipts(qi, 0) {
			fmt.Fprintf(&b, "%s: %s hidden until %s, receive %d\n", c.ID, s.labels(r.Messages), r.Until, s.sim.Message(r.Messages[0]).Receives)
		}
	}
	if b.Len() == 0 {
		return "nothing in flight\n"
	}
	return b.String()
}

func (s *script) contents() string {
	var b strings.Builder
	for qi, c := range s.sim.Config().Queues {
		ids := s.sim.Contents(qi, 0)
		for i := 0; i < len(ids); {
			m, j := s.sim.Message(ids[i]), i
			for j+1 < len(ids) && s.sim.Message(ids[j+1]).State == m.State && s.sim.Message(ids[j+1]).Receives == m.Receives {
				j++
			}
			fmt.Fprintf(&b, "%s: %s %s, received %d times\n", c.ID, s.labels(ids[i:j+1]), m.State, m.Receives)
			i = j + 1
		}
	}
	if b.Len() == 0 {
		return "nothing\n"
	}
	return b.String()
}

func (s *script) bodies() string {
	var b strings.Builder
	for qi, c := range s.sim.Config().Queues {
		for _, id := range s.sim.Contents(qi, 0) {
			fmt.Fprintf(&b, "%s: %s, group %s: %s\n", c.ID, s.sim.MessageLabel(id), s.sim.GroupName(id), s.sim.Body(id))
		}
	}
	return b.String()
}
