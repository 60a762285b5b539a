package engine

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"esmlab/engine/internal/random"
	"esmlab/engine/rule"
)

// Forward is an event of a function that went, as of a failed asynchronous
// invocation, to the function's DLQ or on-failure destination: Lambda stopped a
// loop (FN-RECURSION-2).
type Forward struct {
	At          Micros
	Function    int32
	record      bool      // in a record of the asynchronous invocation (FN-RECURSION-3)
	functionARN string    // with its qualifier: a deployment may change both
	n           int32     // its place in Sim.Forwards: the record's request id
	messages    []Message // as they were when they were sent on
	size        int32     // bytes, and how many of them a JSON text would have to escape:
	escapes     int32     // quotes and backslashes
}

// forward sends the event of a poller's batch to the function's own DLQ and
// destinations.
func (r pollerRef) forward() {
	for _, a := range r.cfg.Functions[r.m.function].Async {
		if a.To == "" {
			continue
		}
		to := int32(r.DestinationIndex(a.To))
		f := Forward{At: r.now, Function: r.m.function, record: a.Record, functionARN: r.qualifiedARN(r.mi, "$LATEST"), n: int32(len(r.Forwards))}
		for _, id := range r.p.Records {
			f.messages = append(f.messages, *r.Message(id))
		}
		e := Event{Kind: KindForward, Rule: rule.FnForward, Function: r.m.function, Queue: to, Batch: r.p.Batch, Records: r.p.Records}
		if a.Record {
			e.Rule = rule.FnForwardRecord
		}
		r.weigh(&f)
		if by, denial := r.undeliverable(r.m, to, int(f.size)); by != "" {
			e.Kind, e.Rule, e.Details = KindForwardFailed, by, r.details(Details{Denial: denial})
		}
		if e.Kind == KindForward {
			r.Forwards = append(r.Forwards, f)
			if r.cfg.Target(to) != nil {
				t := r.target(to)
				t.Forwards = append(t.Forwards, f.n)
			} else {
				e.Record = r.sendMessage(to, messageOrigin{discard: -1, forward: f.n, function: r.m.function, loop: -1})
			}
		}
		// not the queue that r.emit would fill in, but the destination
		e.Source, e.Mapping, e.Poller, e.Discard = -1, r.mi, r.pi, -1
		r.Sim.emit(&e)
	}
}

// AppendForward appends an event of a function as it lies in its destination. It is
// built each time from the messages as they were: in a loop through the function's
// own DLQ each event holds the one before, up to the size that a destination takes.
func (s *Sim) AppendForward(b []byte, f *Forward) []byte {
	return s.appendForward(b, f, s.body)
}

// weigh fills in an event's size. It does not build the events that it holds, whose
// sizes are known: each is a text in it, so that its escapes double.
func (s *Sim) weigh(f *Forward) {
	b := s.appendForward(nil, f, func(m *Message) []byte {
		if m.Forward >= 0 {
			inner := &s.Forwards[m.Forward]
			f.size += inner.size + inner.escapes
			f.escapes += 2 * inner.escapes
			return nil
		}
		return s.body(m)
	})
	f.size += int32(len(b))
	f.escapes += int32(bytes.Count(b, []byte{'"'}) + bytes.Count(b, []byte{'\\'}))
}

// appendForward appends an event whose messages have the bodies that body gives.
func (s *Sim) appendForward(b []byte, f *Forward, body func(*Message) []byte) []byte {
	if !f.record {
		return s.appendEvent(b, f.messages, body)
	}
	// the record of an asynchronous invocation with an event that was stopped before
	// the function got it (FN-RECURSION-3)
	c := s.cfg
	b = append(b, `{"version":"1.0","timestamp":`...)
	b = AppendText(b, ISO(c.Start+int64(f.At), true))
	b = append(b, `,"requestContext":{"requestId":`...)
	b = AppendText(b, random.UUID(c.Seed, drawRequest, uint64(f.Function)|1<<32, uint64(f.n)))
	b = append(b, `,"functionArn":`...)
	b = AppendText(b, f.functionARN)
	b = append(b, `,"condition":"RecursiveInvocationException","approximateInvokeCount":0},"requestPayload":`...)
	return append(s.appendEvent(b, f.messages, body), '}')
}

// senderID is who sends all messages: AWS gives the id of a role or a user.
const senderID = "AROAESMLABPRODUCER:producer"

// AppendMessages appends the event that a queue's mapping hands to its function
// with these messages, as they are now. All attributes are texts, times are
// in milliseconds since 1970.
func (s *Sim) AppendMessages(b []byte, ids []int32) []byte {
	messages := make([]Message, len(ids))
	for i, id := range ids {
		messages[i] = *s.Message(id)
	}
	return s.appendEvent(b, messages, s.body)
}

func (s *Sim) appendEvent(b []byte, messages []Message, body func(*Message) []byte) []byte {
	b = append(b, `{"Records":[`...)
	for i := range messages {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.appendMessage(b, &messages[i], body(&messages[i]))
	}
	return append(b, "]}"...)
}

func (s *Sim) appendMessage(b []byte, m *Message, body []byte) []byte {
	c := s.cfg
	ms := func(at Micros) string { return strconv.FormatInt((c.Start+int64(at))/1000, 10) }
	sep := byte('{')
	field := func(name, value string) {
		b = append(AppendText(append(b, sep), name), ':')
		b, sep = AppendText(b, value), ','
	}
	field("messageId", s.awsMessageID(m))
	field("receiptHandle", s.receiptHandle(m))
	field("body", string(body))
	b, sep = append(b, `,"attributes":`...), '{'
	field("ApproximateReceiveCount", strconv.Itoa(int(m.Receives)))
	field("SentTimestamp", ms(m.At))
	if c.Queues[m.Queue].FIFO {
		field("SequenceNumber", sequenceOf(m))
	}
	if m.Group >= 0 {
		field("MessageGroupId", s.groupName(m))
	}
	field("SenderId", senderID)
	if c.Queues[m.Queue].FIFO {
		dedup, byContent := s.dedupID(m)
		if byContent {
			sum := sha256.Sum256(body)
			dedup = hex.EncodeToString(sum[:])
		}
		field("MessageDeduplicationId", dedup)
	}
	field("ApproximateFirstReceiveTimestamp", ms(m.First))
	if m.From >= 0 {
		field("DeadLetterQueueSourceArn", c.Queues[m.From].ARN)
	}
	b = append(b, `},"messageAttributes":`...)
	b = appendAttributes(b, s.messageAttributes(m))
	sum := md5.Sum(body)
	field("md5OfBody", hex.EncodeToString(sum[:]))
	field("eventSource", "aws:sqs")
	field("eventSourceARN", c.Queues[m.Queue].ARN)
	field("awsRegion", c.Region)
	return append(b, '}')
}

// Forwarded lists the events of functions that are in a destination, in order:
// indices into Forwards.
func (s *Sim) Forwarded(destination int) []int32 {
	if s.cfg.Target(int32(destination)) != nil {
		return s.target(int32(destination)).Forwards
	}
	var out []int32
	for _, msg := range s.PutTo(destination) {
		if msg.Forward >= 0 {
			out = append(out, msg.Forward)
		}
	}
	return slices.Clip(out)
}
