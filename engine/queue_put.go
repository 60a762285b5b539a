package engine

import (
	"esmlab/engine/internal/random"
	"strings"

	"esmlab/engine/rule"
)

// Limits of sending (Q-S3, Q-S11, Q-F6, Q-F7).
const (
	sendBatchMax   = 10
	sendBatchBytes = 1 << 20
	fifoCalls      = 300   // per second, of each action
	fifoCallsHigh  = 2_400 // in high throughput mode, in Regions that fifoRegions does not name
)

// fifoRegions are the calls per second of a FIFO queue in high throughput mode
// (Q-F7).
var fifoRegions = map[string]int64{
	"us-east-1": 70_000, "us-west-2": 70_000, "eu-west-1": 70_000,
	"us-east-2": 19_000, "eu-central-1": 19_000,
	"ap-south-1": 9_000, "ap-southeast-1": 9_000, "ap-southeast-2": 9_000, "ap-northeast-1": 9_000,
	"eu-west-2": 4_500, "sa-east-1": 4_500,
}

// addQueueRow resolves a traffic row that goes to a queue.
func (s *Sim) addQueueRow(t Traffic, qi int32) error {
	if t.Body == "" {
		t.Body = defaultBody
	}
	q := &s.Queues[qi]
	if len(t.Keys) == 0 && q.FIFO {
		t.Keys = []string{"k1"}
	}
	row := trafficRow{Traffic: t, stream: -1, queue: qi}
	row.ns, row.ks = strings.Count(t.Body, "{n}"), strings.Count(t.Body, "{key}")
	row.fixedLen = len(t.Body) - row.ns*len("{n}") - row.ks*len("{key}")
	row.groups = make([]GroupID, len(t.Keys))
	for i, name := range t.Keys {
		row.groups[i] = s.groupOf(qi, name)
	}
	s.rows = append(s.rows, row)
	return s.beginRow(int32(len(s.rows) - 1))
}

// sendCalls sends n messages of a row at this instant, in as many
// SendMessageBatch calls as AWS needs. What is rejected of one call is one
// event.
func (s *Sim) sendCalls(ri int32, n int) {
	qi := s.rows[ri].queue
	var room [sendBatchMax]int32
	rejected, why := room[:0], WhyNone
	inCall, bytes := 0, 0
	flush := func() {
		if len(rejected) > 0 {
			s.emitSendRejected(qi, rejected, why)
		}
		if inCall > 0 {
			s.Queues[qi].requests.Sends += units(int64(bytes), requestUnit)
		}
		rejected, inCall, bytes = room[:0], 0, 0
	}
	throttled := false
	for range min(n, s.mostPuts()-s.Queues[qi].Put.Len()) {
		size := s.nextBytes(ri)
		if inCall == sendBatchMax || inCall > 0 && bytes+size > sendBatchBytes {
			flush()
		}
		if inCall == 0 {
			throttled = !s.takeSendCapacity(qi)
		}
		inCall++
		bytes += size
		id, w := s.sendOne(ri, size, throttled)
		if w == WhyNone {
			continue
		}
		if len(rejected) > 0 && w != why {
			flush()
		}
		why = w
		rejected = append(rejected, id)
	}
	flush()
}

// emitSendRejected emits which messages of a call a queue rejected.
func (s *Sim) emitSendRejected(qi int32, rejected []int32, why Why) {
	by := rule.SqsSize
	switch why {
	case WhyFifoRate:
		by = rule.FifoRate
	case WhyInternal:
		by = rule.PutFails
	case WhyNoQueue:
		by = rule.SqsGone
	}
	s.emit(&Event{Kind: KindReject, Rule: by, Source: -1, Queue: qi, Records: rejected, Why: why})
}

// nextBytes is the size of a row's next message.
func (s *Sim) nextBytes(ri int32) int {
	row := &s.rows[ri]
	if row.Size > 0 {
		return row.Size
	}
	q := &s.Queues[row.queue]
	size := row.fixedLen + row.ns*digits(int32(q.Put.Len()+1))
	if row.ks > 0 && len(row.groups) > 0 {
		size += row.ks * len(s.Groups[s.rowGroup(ri)].Name)
	}
	return size
}

// rowGroup returns the group of a row's next message: the next in turn, or
// drawn from the seed.
func (s *Sim) rowGroup(ri int32) GroupID {
	row := &s.rows[ri]
	if row.Random {
		return row.groups[random.Below(random.Draw(s.cfg.Seed, drawKey, uint64(ri), uint64(row.nextN)), uint64(len(row.groups)))]
	}
	return row.groups[row.nextN%int64(len(row.groups))]
}

// takeSendCapacity takes one call from a FIFO queue's throughput limit, and
// reports whether it allows it.
func (s *Sim) takeSendCapacity(qi int32) bool {
	q := &s.Queues[qi]
	if !q.FIFO {
		return true
	}
	s.refilled(&q.sends, s.fifoCalls(q))
	return q.sends.Take(1)
}

// fifoCalls is how many calls per second of one action a FIFO queue accepts.
func (s *Sim) fifoCalls(q *Queue) int64 {
	if q.FifoThroughputLimit != "perMessageGroupId" || q.DeduplicationScope != "messageGroup" {
		return fifoCalls
	}
	if calls, ok := fifoRegions[s.cfg.Region]; ok {
		return calls
	}
	return fifoCallsHigh
}

// sendOne sends one message of a row now. It returns why it was rejected; the
// message keeps its number all the same.
func (s *Sim) sendOne(ri int32, size int, throttled bool) (int32, Why) {
	row := &s.rows[ri]
	qi := row.queue
	q := &s.Queues[qi]
	id, m := s.newMessage(qi)
	m.row, m.Bytes = ri, int32(size)
	if len(row.groups) > 0 {
		m.Group = s.rowGroup(ri)
	}
	row.nextN++
	why := WhyNone
	switch {
	case q.removed:
		why = WhyNoQueue
	case row.refuse:
		why = WhyInternal
	case throttled:
		why = WhyFifoRate
	case size > q.MaximumMessageSize:
		why = WhyMessageSize
	}
	if why != WhyNone {
		m.DoneAt, m.gone = s.now, true
		s.setMessageState(m, StateRejected)
		return id, why
	}
	if q.FIFO {
		if key := s.dedupKey(q, m); key != "" {
			if of := s.findDuplicate(q, id, key); of >= 0 {
				m.DoneAt, m.gone = s.now, true
				s.setMessageState(m, StateDeduplicated)
				by := rule.FifoDedup
				if row.Dedup == "" {
					by = rule.FifoDedupContent
				}
				if q.DeduplicationScope == "messageGroup" {
					by = rule.FifoDedupScope
				}
				s.emit(&Event{Kind: KindDedup, Rule: by, Source: -1, Queue: qi, Record: id, Of: of, Records: []int32{id}})
				return id, WhyNone
			}
		}
	}
	delay := q.DelaySeconds
	wait := Micros(delay) * Second
	by := rule.SqsSend
	switch {
	case q.FIFO:
		by = rule.FifoSend
	case row.HasDelay:
		wait, by = row.Delay, rule.SqsTimer
	case m.Group >= 0:
		by = rule.SqsFairSend
	}
	if wait > 0 && by != rule.SqsTimer {
		by = ruleOr(q.FIFO, rule.FifoDelay, rule.SqsDelay)
	}
	if row.by != "" {
		by = row.by
	}
	s.emit(&Event{Kind: KindPut, Rule: by, Source: -1, Queue: qi, Record: id, Key: int32(m.Group), Bytes: m.Bytes, Of: row.of})
	s.enqueue(qi, id, m, wait)
	return id, WhyNone
}

// sendOnSuccess sends the message that `sends` asks for after a successful
// invocation. A message carries how many times its chain of invocations has
// come round to the function where it began (Q-C13).
func (s *Sim) sendOnSuccess(inv *invocation, m *Mapping, p *Poller) {
	to := s.cfg.Functions[inv.function].Sends
	if to == "" {
		return
	}
	s.sendMessage(int32(s.QueueIndex(to)), s.nextRound(inv.function, p.Records))
}

// nextRound is where a message comes from that a function sends because of some
// messages.
func (s *Sim) nextRound(function int32, ids []int32) messageOrigin {
	msg := messageOrigin{discard: -1, forward: -1, function: function, loop: int16(function), hops: 1}
	for _, id := range ids {
		of := s.msg(id)
		if of.loop < 0 {
			continue
		}
		hops := of.hops
		if of.loop == int16(function) {
			hops = min(hops, recursionMax) + 1 // with RecursiveLoop Allow a chain has no end
		}
		if hops >= msg.hops {
			msg.loop, msg.hops = of.loop, hops
		}
	}
	return msg
}

// recursionMax is about how many times a chain may come round (Q-C13).
const recursionMax = 16

// isRecursive reports whether a batch has come round so many times that Lambda
// stops it.
func (s *Sim) isRecursive(m *Mapping, p *Poller) bool {
	if s.Functions[m.function].RecursiveLoop == "Allow" {
		return false
	}
	for _, id := range p.Records {
		if of := s.msg(id); of.loop == int16(m.function) && of.hops >= recursionMax {
			return true
		}
	}
	return false
}
