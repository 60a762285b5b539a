package engine

import (
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
	At       Micros
	Function int32
	Body     []byte // as it lies there; never written to
}

// forward sends the event of a poller's batch to the function's own DLQ and
// destinations.
func (r pollerRef) forward() {
	for _, a := range r.cfg.Functions[r.m.function].Async {
		if a.To == "" {
			continue
		}
		to := int32(r.DestinationIndex(a.To))
		body := r.AppendMessages(nil, r.p.Records)
		e := Event{Kind: KindForward, Rule: rule.FnForward, Function: r.m.function, Queue: to, Batch: r.p.Batch, Records: r.p.Records}
		if a.Record {
			e.Rule, body = rule.FnForwardRecord, r.stoppedRecord(body)
		}
		if by, denial := r.undeliverable(r.m, to, len(body)); by != "" {
			e.Kind, e.Rule, e.Denial = KindForwardFailed, by, denial
		}
		if e.Kind == KindForward {
			r.Forwards = append(r.Forwards, Forward{At: r.now, Function: r.m.function, Body: body})
			if at := int32(len(r.Forwards) - 1); r.cfg.Target(to) != nil {
				t := r.target(to)
				t.Forwards = append(t.Forwards, at)
			} else {
				e.Record = r.sendMessage(to, messageOrigin{discard: -1, forward: at, function: r.m.function, loop: -1})
			}
		}
		// not the queue that r.emit would fill in, but the destination
		e.Source, e.Mapping, e.Poller, e.Discard = -1, r.mi, r.pi, -1
		r.Sim.emit(&e)
	}
}

// stoppedRecord is the record of an asynchronous invocation with an event that was
// stopped before the function got it (FN-RECURSION-3).
func (r pollerRef) stoppedRecord(event []byte) []byte {
	c, m := r.cfg, &r.cfg.Mappings[r.mi]
	arn := c.Functions[r.m.function].ARN + ":$LATEST"
	if m.Qualifier != "" {
		arn = c.Functions[r.m.function].ARN + ":" + m.Qualifier
	}
	b := append([]byte(nil), `{"version":"1.0","timestamp":`...)
	b = AppendText(b, ISO(c.Start+int64(r.now), true))
	b = append(b, `,"requestContext":{"requestId":`...)
	b = AppendText(b, random.UUID(c.Seed, drawRequest, uint64(r.m.function)|1<<32, uint64(len(r.Forwards))))
	b = append(b, `,"functionArn":`...)
	b = AppendText(b, arn)
	b = append(b, `,"condition":"RecursiveInvocationException","approximateInvokeCount":0},"requestPayload":`...)
	return append(append(b, event...), '}')
}

// senderID is who sends all messages: AWS gives the id of a role or a user.
const senderID = "AROAESMLABPRODUCER:producer"

// AppendMessages appends the event that a queue's mapping hands to its function
// with these messages, as they are now. All attributes are texts, times are
// in milliseconds since 1970.
func (s *Sim) AppendMessages(b []byte, ids []int32) []byte {
	b = append(b, `{"Records":[`...)
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.appendMessage(b, id)
	}
	return append(b, "]}"...)
}

func (s *Sim) appendMessage(b []byte, id int32) []byte {
	m, c := s.Message(id), s.cfg
	body := s.Body(id)
	ms := func(at Micros) string { return strconv.FormatInt((c.Start+int64(at))/1000, 10) }
	sep := byte('{')
	field := func(name, value string) {
		b = append(AppendText(append(b, sep), name), ':')
		b, sep = AppendText(b, value), ','
	}
	field("messageId", s.AWSMessageID(id))
	field("receiptHandle", s.ReceiptHandle(id))
	field("body", string(body))
	b, sep = append(b, `,"attributes":`...), '{'
	field("ApproximateReceiveCount", strconv.Itoa(int(m.Receives)))
	field("SentTimestamp", ms(m.At))
	if c.Queues[m.Queue].FIFO {
		field("SequenceNumber", s.MessageSequence(id))
	}
	if m.Group >= 0 {
		field("MessageGroupId", s.GroupName(id))
	}
	field("SenderId", senderID)
	if c.Queues[m.Queue].FIFO {
		dedup, byContent := s.DedupID(id)
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
	b = append(b, `},"messageAttributes":{}`...)
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
