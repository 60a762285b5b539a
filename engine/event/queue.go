package event

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"esmlab/engine"
)

// senderID is who sends all messages: AWS gives the id of a role or a user.
const senderID = "AROAESMLABPRODUCER:producer"

// Messages gives the event that a queue's mapping hands to its function with
// these messages, as they are now. All attributes are texts,
// times are in milliseconds since 1970.
func Messages(s *engine.Sim, ids []int32) []byte {
	w := &writer{}
	w.raw(`{"Records":[`)
	for i, id := range ids {
		if i > 0 {
			w.raw(",")
		}
		w.message(s, id)
	}
	w.raw("]}")
	return w.b
}

func (w *writer) message(s *engine.Sim, id int32) {
	m := s.Message(id)
	c := s.Config()
	body := s.Body(id)
	ms := func(at engine.Micros) string { return strconv.FormatInt((c.Start+int64(at))/1000, 10) }
	w.raw("{")
	w.field("messageId", s.AWSMessageID(id))
	w.raw(",")
	w.field("receiptHandle", s.ReceiptHandle(id))
	w.raw(",")
	w.field("body", string(body))
	w.raw(`,"attributes":{`)
	w.field("ApproximateReceiveCount", strconv.Itoa(int(m.Receives)))
	w.raw(",")
	w.field("SentTimestamp", ms(m.At))
	if c.Queues[m.Queue].FIFO {
		w.raw(",")
		w.field("SequenceNumber", s.MessageSequence(id))
	}
	if m.Group >= 0 {
		w.raw(",")
		w.field("MessageGroupId", s.GroupName(id))
	}
	w.raw(",")
	w.field("SenderId", senderID)
	if c.Queues[m.Queue].FIFO {
		dedup, byContent := s.DedupID(id)
		if byContent {
			sum := sha256.Sum256(body)
			dedup = hex.EncodeToString(sum[:])
		}
		w.raw(",")
		w.field("MessageDeduplicationId", dedup)
	}
	w.raw(",")
	w.field("ApproximateFirstReceiveTimestamp", ms(m.First))
	if m.From >= 0 {
		w.raw(",")
		w.field("DeadLetterQueueSourceArn", c.Queues[m.From].ARN)
	}
	w.raw(`},"messageAttributes":{},`)
	sum := md5.Sum(body)
	w.field("md5OfBody", hex.EncodeToString(sum[:]))
	w.raw(`,"eventSource":"aws:sqs",`)
	w.field("eventSourceARN", c.Queues[m.Queue].ARN)
	w.raw(",")
	w.field("awsRegion", c.Region)
	w.raw("}")
}
