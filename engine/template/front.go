package template

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/iam"
	"esmlab/engine/pattern"
	"esmlab/engine/setting"
)

// This file reads what stands in front of queues: subscriptions of topics,
// notifications of buckets, rules of EventBridge; and whether the queues' policies let
// them send.

// services are who sends, by the kind of a front.
var services = map[engine.FrontKind]string{engine.FrontTopic: "sns.amazonaws.com", engine.FrontBucket: "s3.amazonaws.com", engine.FrontRule: "events.amazonaws.com"}

// fronts reads all of them.
func (t *Template) fronts() {
	subscriptions := map[string][]*Resource{} // by topic
	for _, r := range t.order {
		if r.Type == "AWS::SNS::Subscription" && !r.absent {
			topic := t.properties(r).Get("TopicArn").text()
			subscriptions[topic] = append(subscriptions[topic], r)
		}
	}
	for _, r := range t.order {
		if r.absent || r.Type != "AWS::SNS::Topic" && r.Type != "AWS::S3::Bucket" && r.Type != "AWS::Events::Rule" {
			continue
		}
		p := t.properties(r)
		switch r.Type {
		case "AWS::SNS::Topic":
			fifo, _ := p.Get("FifoTopic").Bool()
			c := engine.FrontConfig{ID: r.ID, Name: t.name(r), ARN: t.arn(r), FIFO: fifo}
			for _, s := range p.Get("Subscription").items() {
				t.subscription(&c, r.ID, s)
			}
			for _, other := range subscriptions[c.ARN] {
				t.subscription(&c, other.ID, t.properties(other))
			}
			t.front(c)
		case "AWS::S3::Bucket":
			c := engine.FrontConfig{ID: r.ID, Name: t.name(r), ARN: t.arn(r), Kind: engine.FrontBucket}
			for _, n := range p.Get("NotificationConfiguration").Get("QueueConfigurations").items() {
				queue := n.Get("Queue")
				if i := t.queueByARN(queue.text()); i >= 0 && t.Queues[i].FIFO {
					t.Problems.Add(queue.Node, "InvalidArgumentException", "Unable to validate the following destination configurations", "a standard queue: S3 cannot notify a FIFO queue; an EventBridge rule can")
					continue
				}
				s := engine.Subscription{ID: n.Get("Event").text(), Events: words(n.Get("Event"))}
				for _, x := range n.Get("Filter").Get("S3Key").Get("Rules").items() {
					switch strings.ToLower(x.Get("Name").text()) {
					case "prefix":
						s.Prefix = x.Get("Value").text()
					case "suffix":
						s.Suffix = x.Get("Value").text()
					}
				}
				t.sendsTo(&c, s, queue, nil)
			}
			t.front(c)
		case "AWS::Events::Rule":
			c := engine.FrontConfig{ID: r.ID, Name: r.ID, ARN: "arn:aws:events:" + t.Region + ":" + t.Account + ":rule/" + r.ID, Kind: engine.FrontRule, Source: "my.app", DetailType: "Something happened"}
			if v := p.Get("Name"); v != nil && v.Kind == Scalar {
				c.ARN, c.Name = strings.TrimSuffix(c.ARN, r.ID)+v.Text, v.Text
			}
			want := p.Get("EventPattern")
			for name, to := range map[string]*string{"source": &c.Source, "detail-type": &c.DetailType} {
				if list := want.Get(name).items(); len(list) > 0 && list[0].Kind == Scalar {
					*to = list[0].Text
				}
			}
			filter := t.pattern(want, "EventPattern of "+r.ID, "InvalidEventPatternException", "Event pattern is not valid. Reason: ", `{"source": ["my.app"]}`)
			for _, target := range p.Get("Targets").items() {
				s := engine.Subscription{ID: target.Get("Id").text(), Filter: filter, InBody: true, Group: target.Get("SqsParameters").Get("MessageGroupId").text()}
				if i := t.queueByARN(target.Get("Arn").text()); i >= 0 && t.Queues[i].FIFO && s.Group == "" {
					t.Problems.Add(target.Node, "ValidationException", "Parameter MessageGroupId must be specified for target: "+s.ID+".", "SqsParameters: {MessageGroupId: …}")
				}
				s.Input = t.targetInput(target)
				if v := target.Get("RetryPolicy").Get(setting.MaximumRetryAttempts); v != nil {
					if n, ok := t.within(v, "maximumRetryAttempts", 0, 185, "0 to 185"); ok {
						s.Retries = &n
					}
				}
				if v := target.Get("RetryPolicy").Get("MaximumEventAgeInSeconds"); v != nil {
					if n, ok := t.within(v, "maximumEventAgeInSeconds", 60, 86_400, "60 to 86,400"); ok {
						s.RetryAge = engine.Micros(n) * engine.Second
					}
				}
				t.sendsTo(&c, s, target.Get("Arn"), target.Get("DeadLetterConfig").Get("Arn"))
			}
			t.front(c)
		}
	}
}

// targetInput reads what a rule's target gets in the place of the event, nil for all of it.
func (t *Template) targetInput(target *Value) *engine.TargetInput {
	in := engine.TargetInput{Input: target.Get("Input").text(), Path: target.Get("InputPath").text(), Template: target.Get("InputTransformer").Get("InputTemplate").text()}
	if paths := target.Get("InputTransformer").Get("InputPathsMap"); paths != nil {
		for _, f := range paths.Fields {
			in.Paths = append(in.Paths, engine.InputPath{Name: f.Name, Path: f.text()})
		}
	}
	given := 0
	for _, text := range []string{in.Input, in.Path, in.Template} {
		if text != "" {
			given++
		}
	}
	switch {
	case given == 0:
		return nil
	case given > 1:
		t.Problems.Add(target.Node, "ValidationException", "Only one of Input, InputPath, or InputTransformer must be provided for target "+target.Get("Id").text()+".", "one of the three")
	case in.Input != "" && !json.Valid([]byte(in.Input)):
		t.Problems.Add(target.Get("Input").Node, "ValidationException", "JSON syntax error in input for target "+target.Get("Id").text()+".", `'{"kind": "order"}'`)
	}
	return &in
}

// within reads a whole number between two limits; right says them.
func (t *Template) within(v *Value, name string, least, most int, right string) (int, bool) {
	n, err := strconv.Atoi(v.text())
	if err != nil || n < least || n > most {
		t.Problems.Add(v.Node, "ValidationException", fmt.Sprintf("Value '%s' at 'targets.retryPolicy.%s' failed to satisfy constraint", v.text(), name), right)
		return 0, false
	}
	return n, true
}

// front keeps a front that sends to a queue of the run.
func (t *Template) front(c engine.FrontConfig) {
	if len(c.Sends) > 0 {
		t.Fronts = append(t.Fronts, c)
	}
}

// subscription reads a subscription of a topic.
func (t *Template) subscription(c *engine.FrontConfig, id string, p *Value) {
	if p.Get("Protocol").text() != "sqs" {
		return
	}
	s := engine.Subscription{ID: id, ARN: c.ARN + ":" + mappingUUID(id), InBody: p.Get("FilterPolicyScope").text() == "MessageBody"}
	s.Raw, _ = p.Get("RawMessageDelivery").Bool()
	s.Filter = t.pattern(p.Get("FilterPolicy"), "FilterPolicy of "+id, "InvalidParameter", "Invalid parameter: FilterPolicy: ", `{"kind": ["order"]}`)
	dead := p.Get("RedrivePolicy").Get("deadLetterTargetArn")
	if v := p.Get("RedrivePolicy"); v != nil && v.Kind == Scalar {
		var policy struct{ DeadLetterTargetArn string }
		if json.Unmarshal([]byte(v.Text), &policy) == nil {
			dead = &Value{Node: v.Node, Kind: Scalar, Text: policy.DeadLetterTargetArn}
		}
	}
	t.sendsTo(c, s, p.Get("Endpoint"), dead)
}

// sendsTo adds what a front sends to a queue, if it is a queue of the template.
func (t *Template) sendsTo(c *engine.FrontConfig, s engine.Subscription, queue, dead *Value) {
	i := t.queueByARN(queue.text())
	if i < 0 {
		return
	}
	q := &t.Queues[i]
	if c.Kind == engine.FrontTopic && q.FIFO && !c.FIFO {
		t.Problems.Add(queue.Node, "InvalidParameter", "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics", "FifoTopic: true, or a standard queue")
		return
	}
	s.Queue = q.ID
	if k := t.queueByARN(dead.text()); k >= 0 {
		s.DLQ = t.Queues[k].ID
	}
	if t.byID[q.ID] != nil {
		request := &iam.Request{Action: "sqs:SendMessage", Resource: q.ARN, Principal: services[c.Kind], Account: t.Account, Resources: t.resourcePolicies(q.ARN),
			Context: map[string][]string{"aws:sourcearn": {c.ARN}, "aws:sourceaccount": {t.Account}, "aws:principalisawsservice": {"true"}, "aws:principalservicename": {services[c.Kind]},
				"aws:principaltype": {"Service"}, "aws:securetransport": {"true"}, "aws:requestedregion": {t.Region}}}
		if d := iam.Decide(request); !d.Allowed {
			s.Denied = d.Why
			t.Note(c.ID + " cannot send to " + q.ID + ": " + d.Why + ". Nothing arrives; needed: an AWS::SQS::QueuePolicy that lets " + services[c.Kind] + " sqs:SendMessage")
		}
	}
	c.Sends = append(c.Sends, s)
}

// pattern compiles a policy or a pattern, as a map or as JSON in a text. code and words are
// AWS's where it refuses it.
func (t *Template) pattern(v *Value, what, code, words, right string) *pattern.Pattern {
	if v == nil || v.Kind == Null {
		return nil
	}
	if fromOutside(v) {
		t.Note("a part of the " + what + " comes from outside the template: it lets everything through")
		return nil
	}
	src := v.Text
	if v.Kind != Scalar {
		src = v.JSON()
	}
	p, err := pattern.Compile(src)
	if err != nil {
		t.Problems.Add(v.Node, code, words+err.Error(), right)
		return nil
	}
	return p
}

// JSON writes a value as JSON: numbers and switches as such, keys in their order.
func (v *Value) JSON() string {
	switch v.Kind {
	case List:
		var out []string
		for _, item := range v.Items {
			out = append(out, item.JSON())
		}
		return "[" + strings.Join(out, ",") + "]"
	case Map:
		var out []string
		for _, f := range v.Fields {
			out = append(out, string(engine.AppendText(nil, f.Name))+":"+f.JSON())
		}
		return "{" + strings.Join(out, ",") + "}"
	case Scalar:
		switch v.Node.ShortTag() {
		case "!!int", "!!float", "!!bool":
			if json.Valid([]byte(v.Text)) {
				return v.Text
			}
		}
		return string(engine.AppendText(nil, v.Text))
	}
	return "null"
}
