package engine

import (
	"slices"

	"esmlab/engine/rule"
)

// Denial is an action that a mapping's role may not carry out, and why.
type Denial struct {
	Action string // as "sqs:ReceiveMessage"; of a command it may end in a star
	On     string // logical id of the source or the destination; "" everywhere
	By     string // what decided, in a few words; "" a command
	// Chain are the steps by which the policies came to it, in their order.
	Chain []string
}

// String says what is denied, and by what where that is known.
func (d *Denial) String() string {
	switch {
	case d == nil:
		return "the role may not"
	case d.By == "":
		return d.Action + " is not allowed"
	}
	return d.Action + " is not allowed: " + d.By
}

// is tells whether another denial is of the same action on the same resource.
func (d Denial) is(o Denial) bool { return d.Action == o.Action && d.On == o.On }

// matches tells whether a denial is of an action on a resource.
func (d *Denial) matches(on, action string) bool {
	if d.On != "" && d.On != on {
		return false
	}
	a := d.Action
	return a == action || len(a) > 0 && a[len(a)-1] == '*' && len(action) >= len(a)-1 && action[:len(a)-1] == a[:len(a)-1]
}

// firstDenied returns the denial of the first of some actions on a resource
// that the mapping's role may not carry out, nil if it may do all of them.
func (m *Mapping) firstDenied(on string, actions ...string) *Denial {
	for _, a := range actions {
		for i := range m.denied {
			if d := &m.denied[i]; d.matches(on, a) {
				return &Denial{Action: a, On: on, By: d.By, Chain: d.Chain}
			}
		}
	}
	return nil
}

// receiveDenied is what keeps a mapping from receiving; nil if it may
// (SQS-DENY-1).
func (s *Sim) receiveDenied(qi int32, m *Mapping) *Denial {
	if len(m.denied) == 0 {
		return nil
	}
	q := &s.cfg.Queues[qi]
	if d := m.firstDenied(q.ID, "sqs:ReceiveMessage", "sqs:GetQueueAttributes"); d != nil || !q.KMS {
		return d
	}
	return m.firstDenied(q.ID, "kms:Decrypt")
}

// streamDenied is what keeps a mapping from reading its stream, nil if it may
// (MAP-DENY-1). again asks for the records of a batch that an enhanced fan-out
// consumer reads once more: with GetRecords (KIN-FANOUT-2).
func (s *Sim) streamDenied(m *Mapping, again bool) *Denial {
	if len(m.denied) == 0 {
		return nil
	}
	c := &s.cfg.Streams[m.source]
	var d *Denial
	switch {
	case c.Kind == DynamoDB:
		d = m.firstDenied(c.ID, "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream")
	case m.standard || again:
		d = m.firstDenied(c.ID, "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream")
	default:
		d = m.firstDenied(c.ID, "kinesis:SubscribeToShard")
	}
	if d == nil && c.KMS {
		d = m.firstDenied(c.ID, "kms:Decrypt")
	}
	return d
}

// emitDenied says once that an iterator may not read.
func (r iteratorRef) emitDenied(d *Denial, by rule.ID) {
	if !r.it.refused {
		r.it.refused = true
		r.emit(&Event{Kind: KindDenied, Rule: by, Details: r.details(Details{Denial: d})})
	}
}

// waitsToReread reports whether a batch that failed waits because its records
// may not be read again: an enhanced fan-out consumer is sent them once, and
// Lambda gets them for another try with GetRecords (KIN-FANOUT-2). The wait is
// looked at again at each poll interval.
func (r laneRef) waitsToReread() bool {
	l := r.l
	if r.m.standard || !l.Blocked {
		return false
	}
	d := r.streamDenied(r.m, true)
	if d == nil {
		return false
	}
	r.emitDenied(d, rule.KinFanOutAgain)
	l.Phase, l.Since, l.Due = PhaseWaiting, r.now, r.now+r.st.poll
	r.schedule(l.Due, r.nextDue(), task{kind: taskRetry, a: r.mi, b: r.it.Shard, lane: int16(r.li), gen: l.gen})
	return true
}

// sendDenied is what keeps what the role of a mapping's function sends from a
// destination; nil if it may go there (S-3.2).
func (s *Sim) sendDenied(m *Mapping, to int32) *Denial {
	id, t := s.cfg.DestinationID(to), s.cfg.Target(to)
	switch {
	case t == nil && s.cfg.Queues[to].KMS:
		return m.firstDenied(id, "sqs:SendMessage", "kms:GenerateDataKey", "kms:Decrypt")
	case t == nil:
		return m.firstDenied(id, "sqs:SendMessage")
	case t.Bucket:
		return m.firstDenied(id, "s3:PutObject", "s3:ListBucket")
	}
	return m.firstDenied(id, "sns:Publish")
}

// actDenied is what keeps the handler of a mapping's function from changing the
// visibility of its messages (to: ""), or from sending to a queue, a stream or a table;
// nil if its role may (FN-ACT-5).
func (s *Sim) actDenied(m *Mapping, to string) *Denial {
	if len(m.denied) == 0 {
		return nil
	}
	if to == "" {
		return m.firstDenied(s.cfg.Queues[m.queue].ID, "sqs:ChangeMessageVisibility")
	}
	action := s.cfg.SendAction(to)
	if s.QueueIndex(to) >= 0 && s.cfg.Queues[s.QueueIndex(to)].KMS {
		return m.firstDenied(to, action, "kms:GenerateDataKey", "kms:Decrypt")
	}
	return m.firstDenied(to, action)
}

// SendAction is what a role must be allowed to put something to a queue, a stream or a
// table.
func (c *Config) SendAction(to string) string {
	st := c.stream(to)
	switch {
	case st == nil:
		return "sqs:SendMessage"
	case st.Kind == DynamoDB:
		return "dynamodb:PutItem"
	}
	return "kinesis:PutRecord"
}

// ReadDenied is the action that mapping mi needs to read its source and that
// its role is denied; "" if it may read.
func (s *Sim) ReadDenied(mi int) string {
	m := &s.Mappings[mi]
	d := (*Denial)(nil)
	if m.queue >= 0 {
		d = s.receiveDenied(m.queue, m)
	} else {
		d = s.streamDenied(m, false)
	}
	if d == nil {
		return ""
	}
	return d.Action
}

// Denied lists the actions that the mapping's role is denied.
func (m *Mapping) Denied() []string {
	var out []string
	for i := range m.denied {
		if !slices.Contains(out, m.denied[i].Action) {
			out = append(out, m.denied[i].Action)
		}
	}
	return out
}
