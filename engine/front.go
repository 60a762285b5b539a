package engine

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine/internal/random"
	"esmlab/engine/pattern"
	"esmlab/engine/rule"
)

// This file is what stands in front of queues: SNS topics, S3 notifications and
// EventBridge rules. Each puts what it sends to a queue as a message of that queue.

// FrontKind is what stands in front.
type FrontKind uint8

// The kinds of fronts.
const (
	FrontTopic FrontKind = iota
	FrontBucket
	FrontRule
)

// FrontKinds are words for FrontKind.
var FrontKinds = [...]string{"topic", "bucket", "rule"}

func (k FrontKind) String() string { return FrontKinds[k] }

// FrontConfig is a topic, a bucket or a rule that sends to queues.
type FrontConfig struct {
	ID, Name, ARN string
	Kind          FrontKind
	FIFO          bool // a FIFO topic
	// Source and DetailType are those of the events that a rule is asked about.
	Source, DetailType string
	Sends              []Subscription
}

// Subscription is one of the queues that a front sends to: a subscription, a
// notification, a target.
type Subscription struct {
	ID    string // a subscription's logical id, a notification's or a target's Id
	ARN   string
	Queue string
	// Filter is the FilterPolicy or the EventPattern, nil for none; InBody: it looks into
	// what was published, and not at the message attributes.
	Filter *pattern.Pattern
	InBody bool
	Raw    bool // RawMessageDelivery
	// Events are those of a notification: s3:ObjectCreated:*. Prefix and Suffix are its
	// Filter, as they are compared with the key in the event, which is URL-encoded.
	Events         []string
	Prefix, Suffix string
	Group          string       // MessageGroupId of a rule's target
	Input          *TargetInput // of a rule's target, nil for the whole event
	// Retries and RetryAge are the RetryPolicy of a rule's target: tries after the first,
	// and for how long; nil and 0 for what EventBridge does by itself.
	Retries  *int
	RetryAge Micros
	DLQ      string // "" for none: what cannot be sent is lost
	// Denied is why the queue's policy keeps it out, "" where it does not.
	Denied string
}

// Attribute is a message attribute.
type Attribute struct{ Name, Type, Value string }

// front is what stands in front, with its names resolved.
type front struct {
	sent    int32
	rows    []int32 // by subscription: the row of what it sends
	dead    []int32 // … to its DLQ, -1
	sends   []FrontCounts
	waiting []delivery // what it will try again; a place is used anew once it is free
	filters []oldFilter
}

// FrontCounts are what became of what a topic, a bucket or a rule sent to one queue.
type FrontCounts struct {
	ID             string // of the subscription, the notification or the target
	Sent, Filtered int64
	Dead           int64 // in the DLQ of the subscription or the target
	Lost           int64
	Retried        int64 // tries after the first
}

// oldFilter is a subscription's filter that still counts after it was changed.
type oldFilter struct {
	until  Micros
	filter *pattern.Pattern
	inBody bool
}

// FrontIndex returns the index of the topic, bucket or rule with that logical id that
// sends to a queue, or -1.
func (s *Sim) FrontIndex(id string) int {
	return slices.IndexFunc(s.cfg.Fronts, func(x FrontConfig) bool { return x.ID == id })
}

// openFront resolves what a front sends to.
func (s *Sim) openFront(i int) error {
	f := &s.fronts[i]
	f.rows, f.dead = nil, nil
	before := f.sends
	f.sends = nil
	for k := range s.cfg.Fronts[i].Sends {
		x := FrontCounts{ID: s.cfg.Fronts[i].Sends[k].ID}
		if at := slices.IndexFunc(before, func(y FrontCounts) bool { return y.ID == x.ID }); at >= 0 {
			x = before[at]
		}
		f.sends = append(f.sends, x)
	}
	for k := range s.cfg.Fronts[i].Sends {
		sub := &s.cfg.Fronts[i].Sends[k]
		ri, err := s.addOwnRow(sub.Queue)
		if err != nil {
			return err
		}
		dead := int32(-1)
		if sub.DLQ != "" {
			if dead, err = s.addOwnRow(sub.DLQ); err != nil {
				return err
			}
		}
		f.rows, f.dead = append(f.rows, ri), append(f.dead, dead)
	}
	return nil
}

// testFront sends the events with which a bucket tries its notifications (S3-TEST-1).
func (s *Sim) testFront(i int) {
	if s.cfg.Fronts[i].Kind != FrontBucket {
		return
	}
	for k := range s.cfg.Fronts[i].Sends {
		s.sendFront(int32(i), k, delivery{body: s.testEvent(int32(i)), by: rule.S3Test, first: s.now})
	}
}

// publishCalls publishes n messages of a row that goes to a front; of a bucket, each
// event has as many objects as the row has in a batch.
func (s *Sim) publishCalls(ri int32, n int) {
	of := 1
	if row := &s.rows[ri]; s.cfg.Fronts[row.front].Kind == FrontBucket {
		of = max(1, row.Batch)
	}
	for ; n > 0; n -= of {
		s.publish(ri, min(n, of))
	}
}

// published is one thing that is published: a message, an object, an event.
type published struct {
	key, text string
	n         int32
}

// next takes the next of a row.
func (s *Sim) nextPublished(ri int32, n int32) published {
	row := &s.rows[ri]
	at := row.nextN
	row.nextN++
	if len(row.Lines) > 0 {
		l := &row.Lines[at%int64(len(row.Lines))]
		return published{l.Key, filledIn(l.Body, int(n), l.Key), n}
	}
	key := row.Keys[at%int64(len(row.Keys))]
	if row.Random {
		key = row.Keys[random.Below(random.Draw(s.cfg.Seed, drawKey, uint64(ri), uint64(at)), uint64(len(row.Keys)))]
	}
	return published{key, filledIn(row.Body, int(n), key), n}
}

// publish publishes the next of a row, of a bucket so many objects in one event.
func (s *Sim) publish(ri int32, objects int) {
	row := &s.rows[ri]
	fi := row.front
	c, f := &s.cfg.Fronts[fi], &s.fronts[fi]
	f.sent++
	n := f.sent
	p := s.nextPublished(ri, n)
	all := []published{p}
	for len(all) < objects {
		all = append(all, s.nextPublished(ri, n))
	}
	row = &s.rows[ri]
	attributes, op, size := row.Attributes, row.Op, row.Size
	for k := range c.Sends {
		sub := &c.Sends[k]
		var body string
		by := rule.SnsEnvelope
		switch c.Kind {
		case FrontBucket:
			name := "ObjectCreated:Put"
			if op == WriteRemove || op == WriteTTL {
				name = "ObjectRemoved:Delete"
			}
			if !slices.ContainsFunc(sub.Events, func(e string) bool { return matchesEvent(strings.TrimPrefix(e, "s3:"), name) }) {
				continue
			}
			list := slices.DeleteFunc(slices.Clone(all), func(x published) bool { return !sub.wants(x.key) })
			if len(list) == 0 {
				s.emitFront(fi, k, n, WhyNotMatched, rule.S3Filter)
				continue
			}
			body, by = s.objectEvent(fi, sub.ID, name, list, size), rule.S3Event
		case FrontRule:
			body = s.busEvent(fi, n, p.text)
		case FrontTopic:
			if body = s.envelope(fi, k, n, p.text, attributes); sub.Raw {
				body, by = p.text, rule.SnsRaw
			}
		}
		filter, inBody := sub.Filter, sub.InBody
		not := ruleOr(c.Kind == FrontRule, rule.EbPattern, ruleOr(inBody, rule.SnsFilterBody, rule.SnsFilter))
		if k < len(f.filters) && s.now < f.filters[k].until {
			filter, inBody, not, by = f.filters[k].filter, f.filters[k].inBody, rule.SnsFilterChange, rule.SnsFilterChange
		}
		if filter != nil && !filter.Match(seen(c.Kind, inBody, p.text, body, attributes)) {
			s.emitFront(fi, k, n, WhyNotMatched, not)
			continue
		}
		group := p.key
		if c.Kind == FrontRule {
			body, by = s.targetInput(c, sub.Input, body)
			group = sub.Group
		} else if !c.FIFO {
			group = ""
		}
		var passed []Attribute
		if sub.Raw {
			passed = attributes
		}
		s.sendFront(fi, k, delivery{n: n, group: group, body: body, attributes: passed, by: by, first: s.now})
	}
}

// seen is what a filter looks at.
func seen(kind FrontKind, inBody bool, text, body string, attributes []Attribute) any {
	if kind == FrontRule {
		text = body
	}
	if kind == FrontRule || inBody {
		doc, ok := pattern.Decode([]byte(text))
		if !ok {
			return map[string]any{}
		}
		return doc
	}
	doc := map[string]any{}
	for _, a := range attributes {
		switch a.Type {
		case "Number":
			doc[a.Name] = json.Number(a.Value)
		case "String.Array":
			if list, ok := pattern.Decode([]byte(a.Value)); ok {
				doc[a.Name] = list
			}
		case "String":
			doc[a.Name] = a.Value
		}
	}
	return doc
}

func (s *Sim) putFront(ri int32, group, body string, attributes []Attribute) {
	row := &s.rows[ri]
	row.groups = nil
	row.Attributes = nil
	before := len(row.puts)
	s.putOwn(ri, group, body, 0)
	if len(row.puts) > before {
		row.puts[len(row.puts)-1].attributes = attributes
	}
}

// emitFront says what became of message n of a front, for one of its subscriptions.
func (s *Sim) emitFront(fi int32, k int, n int32, why Why, by rule.ID) {
	c := &s.cfg.Fronts[fi]
	e := &Event{Kind: KindFront, Rule: by, Why: why, Source: -1, Mapping: -1, Queue: -1, Function: -1, Times: n,
		Applied: &AppliedCommand{Command: Command{Op: OpPut, Target: c.ID}}}
	if k >= 0 {
		e.Applied.Command.To = c.Sends[k].Queue
		e.Applied.Command.Value = TextValue(c.Sends[k].ID)
		if why == WhyDead {
			e.Applied.Command.To = c.Sends[k].DLQ
		}
	}
	s.emit(e)
	if k < 0 {
		return
	}
	x := &s.fronts[fi].sends[k]
	switch why {
	case WhySent:
		x.Sent++
	case WhyNotMatched:
		x.Filtered++
	case WhyDead:
		x.Dead++
	case WhyUnavailable:
	default:
		x.Lost++
	}
}

// messageAttributes are those of a message.
func (s *Sim) messageAttributes(m *Message) []Attribute {
	if m.row < 0 || m.Discard >= 0 || m.Forward >= 0 {
		return nil
	}
	if p := s.rows[m.row].ownOf(int(m.N)); p != nil {
		return p.attributes
	}
	return s.rows[m.row].Attributes
}

// appendAttributes appends them as the function's event has them.
func appendAttributes(b []byte, list []Attribute) []byte {
	b = append(b, '{')
	for i, a := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendText(b, a.Name)
		name, kind := "stringValue", a.Type
		if kind == "Binary" {
			name = "binaryValue"
		}
		b = append(b, `:{"`+name+`":`...)
		b = AppendText(b, a.Value)
		b = append(b, `,"stringListValues":[],"binaryListValues":[],"dataType":`...)
		b = append(AppendText(b, kind), '}')
	}
	return append(b, '}')
}

// at is the time of now, as AWS writes it.
func (s *Sim) timestamp() string { return ISO(s.cfg.Start+int64(s.now), true) }

// object builds JSON with its fields in their order.
type object struct {
	b   []byte
	sep byte
}

func (o *object) raw(name, json string) {
	if o.sep == 0 {
		o.sep = '{'
	}
	o.b = append(append(AppendText(append(o.b, o.sep), name), ':'), json...)
	o.sep = ','
}

func (o *object) text(name, value string) { o.raw(name, string(AppendText(nil, value))) }
func (o *object) end() string             { return string(append(o.b, '}')) }

func (s *Sim) frontUUID(fi, n int32) string {
	return random.UUID(s.cfg.Seed, drawFront, uint64(fi), uint64(n))
}

// envelope is the message of a topic as a queue gets it without raw delivery (N-E1).
func (s *Sim) envelope(fi int32, k int, n int32, text string, attributes []Attribute) string {
	c := &s.cfg.Fronts[fi]
	o := object{}
	o.text("Type", "Notification")
	o.text("MessageId", s.frontUUID(fi, n))
	if c.FIFO {
		o.text("SequenceNumber", "1000000000000"+strconv.Itoa(1_000_000+int(n)))
	}
	o.text("TopicArn", c.ARN)
	o.text("Message", text)
	o.text("Timestamp", s.timestamp())
	o.text("SignatureVersion", "1")
	o.text("Signature", "esmlab")
	o.text("SigningCertURL", "https://sns."+s.cfg.Region+".amazonaws.com/SimpleNotificationService-esmlab.pem")
	o.text("UnsubscribeURL", "https://sns."+s.cfg.Region+".amazonaws.com/?Action=Unsubscribe&SubscriptionArn="+c.Sends[k].ARN)
	if len(attributes) > 0 {
		a := object{}
		for _, one := range attributes {
			v := object{}
			v.text("Type", one.Type)
			v.text("Value", one.Value)
			a.raw(one.Name, v.end())
		}
		o.raw("MessageAttributes", a.end())
	}
	return o.end()
}

// busEvent is an event as a rule sends it to a queue (N-E5); text is its detail.
func (s *Sim) busEvent(fi, n int32, text string) string {
	c := &s.cfg.Fronts[fi]
	if !json.Valid([]byte(text)) {
		text = string(AppendText(nil, text))
	}
	o := object{}
	o.text("version", "0")
	o.text("id", s.frontUUID(fi, n))
	o.text("detail-type", c.DetailType)
	o.text("source", c.Source)
	o.text("account", s.cfg.Account)
	o.text("time", ISO(s.cfg.Start+int64(s.now), false))
	o.text("region", s.cfg.Region)
	o.raw("resources", "[]")
	o.raw("detail", text)
	return o.end()
}

// SortedAttributes makes attributes of a map from names to values, by name.
func SortedAttributes(values map[string]Attribute) (out []Attribute) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		a := values[name]
		a.Name = name
		out = append(out, a)
	}
	return out
}
