package engine

import (
	"encoding/json"
	"maps"
	"net/url"
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
	// Events are those of a notification: s3:ObjectCreated:*.
	Events []string
	Group  string // MessageGroupId of a rule's target
	DLQ    string // "" for none: what cannot be sent is lost
	// Denied is why the queue's policy keeps it out, "" where it does not.
	Denied string
}

// Attribute is a message attribute.
type Attribute struct{ Name, Type, Value string }

// front is what stands in front, with its names resolved.
type front struct {
	sent int32
	rows []int32 // by subscription: the row of what it sends
	dead []int32 // … to its DLQ, -1
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
		s.sendFront(int32(i), k, 0, "", s.testEvent(int32(i)), nil, rule.S3Test)
	}
}

// publishCalls publishes n messages of a row that goes to a front.
func (s *Sim) publishCalls(ri int32, n int) {
	for range n {
		s.publish(ri)
	}
}

func (s *Sim) publish(ri int32) {
	row := &s.rows[ri]
	fi := row.front
	c, f := &s.cfg.Fronts[fi], &s.fronts[fi]
	f.sent++
	n := f.sent
	key := row.Keys[row.nextN%int64(len(row.Keys))]
	if row.Random {
		key = row.Keys[random.Below(random.Draw(s.cfg.Seed, drawKey, uint64(ri), uint64(row.nextN)), uint64(len(row.Keys)))]
	}
	row.nextN++
	text := filledIn(row.Body, int(n), key)
	attributes, op := row.Attributes, row.Op
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
			body, by = s.objectEvent(fi, n, sub.ID, name, key, row.Size), rule.S3Event
		case FrontRule:
			body, by = s.busEvent(fi, n, text), rule.EbEvent
		case FrontTopic:
			if body = s.envelope(fi, k, n, text, attributes); sub.Raw {
				body, by = text, rule.SnsRaw
			}
		}
		if sub.Filter != nil && !sub.Filter.Match(seen(c.Kind, sub, text, body, attributes)) {
			s.emitFront(fi, k, n, WhyNotMatched, ruleOr(c.Kind == FrontRule, rule.EbPattern, ruleOr(sub.InBody, rule.SnsFilterBody, rule.SnsFilter)))
			continue
		}
		group := key
		if c.Kind == FrontRule {
			group = sub.Group
		} else if !c.FIFO {
			group = ""
		}
		var passed []Attribute
		if sub.Raw {
			passed = attributes
		}
		s.sendFront(fi, k, n, group, body, passed, by)
	}
}

// matchesEvent reports whether an event of S3 is one of a notification's.
func matchesEvent(want, name string) bool {
	if head, any := strings.CutSuffix(want, "*"); any {
		return strings.HasPrefix(name, head)
	}
	return want == name
}

// seen is what a filter looks at.
func seen(kind FrontKind, sub *Subscription, text, body string, attributes []Attribute) any {
	if kind == FrontRule {
		text = body
	}
	if kind == FrontRule || sub.InBody {
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

// sendFront sends something to the queue of a subscription, or to its DLQ.
func (s *Sim) sendFront(fi int32, k int, n int32, group, body string, attributes []Attribute, by rule.ID) {
	sub, f := &s.cfg.Fronts[fi].Sends[k], &s.fronts[fi]
	q := &s.Queues[s.rows[f.rows[k]].queue]
	why := WhyNone
	switch {
	case sub.Denied != "":
		why, by = WhyPolicy, rule.FrontPolicy
	case q.removed:
		why, by = WhyNoQueue, rule.FrontGone
	case sub.Raw && len(attributes) > 10:
		why, by = WhyAttributes, rule.SnsAttributes
	}
	if why == WhyNone {
		s.emitFront(fi, k, n, WhySent, by)
		s.putFront(f.rows[k], group, body, attributes)
		return
	}
	s.emitFront(fi, k, n, why, by)
	if dead := f.dead[k]; dead >= 0 && !s.Queues[s.rows[dead].queue].removed {
		s.emitFront(fi, k, n, WhyDead, rule.FrontDead)
		s.putFront(dead, group, body, attributes)
	}
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

// testEvent is what S3 sends when a notification is configured (N-E4).
func (s *Sim) testEvent(fi int32) string {
	o := object{}
	o.text("Service", "Amazon S3")
	o.text("Event", "s3:TestEvent")
	o.text("Time", s.timestamp())
	o.text("Bucket", s.cfg.Fronts[fi].Name)
	o.text("RequestId", strings.ToUpper(strings.ReplaceAll(s.frontUUID(fi, -1), "-", "")[:16]))
	o.text("HostId", "esmlab")
	return o.end()
}

// objectEvent is the event of an object as S3 sends it to a queue (N-E3).
func (s *Sim) objectEvent(fi, n int32, id, name, key string, size int) string {
	c := &s.cfg.Fronts[fi]
	bucket, owner := object{}, object{}
	owner.text("principalId", "ESMLAB")
	bucket.text("name", c.Name)
	bucket.raw("ownerIdentity", owner.end())
	bucket.text("arn", c.ARN)
	obj := object{}
	obj.text("key", strings.ReplaceAll(url.QueryEscape(key), "%2F", "/"))
	if strings.HasPrefix(name, "ObjectCreated") {
		obj.raw("size", strconv.Itoa(max(1, size)))
		obj.text("eTag", strings.ReplaceAll(s.frontUUID(fi, n), "-", ""))
	}
	obj.text("sequencer", "00"+strings.ToUpper(strconv.FormatInt(s.cfg.Start+int64(s.now), 16))+strings.ToUpper(strconv.FormatInt(int64(n)+1<<16, 16)))
	s3 := object{}
	s3.text("s3SchemaVersion", "1.0")
	s3.text("configurationId", id)
	s3.raw("bucket", bucket.end())
	s3.raw("object", obj.end())
	one := func(name, value string) string { o := object{}; o.text(name, value); return o.end() }
	request := object{}
	request.text("x-amz-request-id", strings.ToUpper(strings.ReplaceAll(s.frontUUID(fi, n), "-", "")[:16]))
	request.text("x-amz-id-2", "esmlab")
	record := object{}
	record.text("eventVersion", "2.1")
	record.text("eventSource", "aws:s3")
	record.text("awsRegion", s.cfg.Region)
	record.text("eventTime", s.timestamp())
	record.text("eventName", name)
	record.raw("userIdentity", one("principalId", "ESMLAB"))
	record.raw("requestParameters", one("sourceIPAddress", "192.0.2.1"))
	record.raw("responseElements", request.end())
	record.raw("s3", s3.end())
	return `{"Records":[` + record.end() + `]}`
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
