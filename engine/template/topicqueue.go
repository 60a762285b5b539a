package template

import (
	"go.yaml.in/yaml/v4"
)

// This file makes what SAM makes of a function's SNS event with SqsSubscription: a queue
// between the topic and the function, or a subscription of one that is there, with a
// policy that lets the topic send, and an event source mapping.

// topicEvent is an SNS event of a function that has SqsSubscription.
type topicEvent struct {
	id         string // SAM's logical id for what it makes
	key, props *yaml.Node
	existing   *yaml.Node // SqsSubscription where it names a queue, else nil
}

// topicEvents lists them.
func (t *Template) topicEvents(r *Resource) (out []topicEvent) {
	if r.Type != "AWS::Serverless::Function" || r.absent {
		return nil
	}
	events := child(child(r.Node, "Properties"), "Events")
	if events == nil || events.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(events.Content); i += 2 {
		key, event := events.Content[i], aliased(events.Content[i+1])
		props := child(event, "Properties")
		sub := child(props, "SqsSubscription")
		if textOf(child(event, "Type")) != "SNS" || sub == nil || !isAlphanumeric(key.Value) {
			continue
		}
		e := topicEvent{id: r.ID + key.Value, key: key, props: props}
		if v := t.resolve(sub); v.Kind == Map {
			e.existing = sub
		} else if on, ok := v.Bool(); !ok || !on {
			continue
		}
		out = append(out, e)
	}
	return out
}

// topicQueues adds the resources that SAM makes of them.
func (t *Template) topicQueues() {
	for _, r := range t.order[:len(t.order):len(t.order)] {
		for _, e := range t.topicEvents(r) {
			at := e.key
			arn, url, batch := call(at, "Fn::GetAtt", e.id+"Queue.Arn"), call(at, "Ref", e.id+"Queue"), text(at, "10")
			policy := e.id + "QueuePolicy"
			if e.existing != nil {
				t.topicFields(e.existing)
				if arn, url = child(e.existing, "QueueArn"), child(e.existing, "QueueUrl"); arn == nil || url == nil {
					t.Problems.Add(at, "InvalidEventException", "Event with id ["+short(at.Value)+"] is invalid. No QueueARN or QueueURL provided.", "SqsSubscription: {QueueArn: !GetAtt Jobs.Arn, QueueUrl: !Ref Jobs}")
					continue
				}
				if n := child(e.existing, "BatchSize"); n != nil {
					batch = n
				}
				if n := child(e.existing, "QueuePolicyLogicalId"); n != nil {
					policy = n.Value
				}
			} else {
				own := mapping(at)
				if fifo := child(child(child(t.section("Resources"), topicOf(child(e.props, "Topic"))), "Properties"), "FifoTopic"); fifo != nil {
					own = mapping(at, "FifoQueue", fifo)
				}
				t.samMakes(at, e.id+"Queue", "AWS::SQS::Queue", own)
			}
			topic := child(e.props, "Topic")
			if topic == nil {
				t.Problems.Add(at, "InvalidEventException", "Event with id ["+short(at.Value)+"] is invalid. Missing required property 'Topic'.", "Topic: !Ref Alerts")
				continue
			}
			sub := []any{"Protocol", text(at, "sqs"), "TopicArn", topic, "Endpoint", arn}
			for _, name := range []string{"FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "Region"} {
				if n := child(e.props, name); n != nil {
					sub = append(sub, name, n)
				}
			}
			t.samMakes(at, e.id, "AWS::SNS::Subscription", mapping(at, sub...))
			allow := mapping(at, "Effect", text(at, "Allow"), "Action", text(at, "sqs:SendMessage"), "Resource", arn, "Principal", text(at, "*"),
				"Condition", mapping(at, "ArnEquals", mapping(at, "aws:SourceArn", topic)))
			t.samMakes(at, policy, "AWS::SQS::QueuePolicy", mapping(at, "Queues", list(at, url), "PolicyDocument", mapping(at, "Statement", list(at, allow))))
			fn := call(at, "Ref", r.ID)
			if alias := child(child(r.Node, "Properties"), "AutoPublishAlias"); alias != nil {
				fn = call(at, "Ref", r.ID+".Alias")
			}
			t.samMakes(at, e.id+"EventSourceMapping", "AWS::Lambda::EventSourceMapping", mapping(at, "EventSourceArn", arn, "FunctionName", fn, "BatchSize", batch, "Enabled", text(at, "true")))
		}
	}
}

// topicFields refuses what SqsSubscription does not have.
func (t *Template) topicFields(n *yaml.Node) {
	t.only(t.resolve(n), "SqsSubscription", "BatchSize", "Enabled", "QueueArn", "QueuePolicyLogicalId", "QueueUrl")
}

// topicOf is the logical id that a Ref names.
func topicOf(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	if name, arg := intrinsic(n); name == "Ref" {
		return arg.Value
	}
	return ""
}

// samMakes adds a resource that SAM makes of something at a place.
func (t *Template) samMakes(at *yaml.Node, id, kind string, props *yaml.Node) {
	if t.byID[id] != nil {
		return
	}
	r := &Resource{ID: id, Type: kind, Node: mapping(at, "Type", text(at, kind), "Properties", props)}
	t.byID[id], t.Where[id] = r, at
	t.order = append(t.order, r)
}

// text, list, mapping and call make nodes that stand at a place.
func text(at *yaml.Node, s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Line: at.Line, Column: at.Column}
}

func list(at *yaml.Node, items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items, Line: at.Line, Column: at.Column}
}

func mapping(at *yaml.Node, pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: at.Line, Column: at.Column}
	for _, p := range pairs {
		if name, is := p.(string); is {
			n.Content = append(n.Content, text(at, name))
		} else {
			n.Content = append(n.Content, p.(*yaml.Node))
		}
	}
	return n
}

func call(at *yaml.Node, function, arg string) *yaml.Node {
	return mapping(at, function, text(at, arg))
}
