package finding

import (
	"fmt"
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// This file judges who reads a stream: mappings that share its shards, and consumers with
// enhanced fan-out.

// mostConsumers is how many consumers with enhanced fan-out AWS takes for a stream.
const mostConsumers = 20

func (l *looker) manyConsumers() {
	of := map[string][]string{}
	for _, r := range l.t.Resources("AWS::Kinesis::StreamConsumer") {
		arn := l.t.Text(r.ID, "StreamARN")
		of[arn] = append(of[arn], r.ID)
	}
	for i := range l.cfg.Streams {
		s := &l.cfg.Streams[i]
		ids := of[s.ARN]
		if len(ids) <= mostConsumers {
			continue
		}
		l.add(nil, l.t.At(ids[mostConsumers]), Finding{On: s.ID,
			Sentence: fmt.Sprintf("%s has %d consumers with enhanced fan-out, and AWS takes %d for a stream: from %s on they are refused, and the deployment with them", s.ID, len(ids), mostConsumers, ids[mostConsumers]),
			Right:    "at most 20 consumers (50 in an account with On-demand Advantage); others read the stream itself, or a second stream"})
	}
}

func (l *looker) consumerShared() {
	for i := range l.cfg.Streams {
		s := &l.cfg.Streams[i]
		first := map[string]*engine.MappingConfig{}
		for _, m := range l.readers(s.ID) {
			if m.Consumer == "" || l.function(m.Function) == nil {
				continue
			}
			a := first[m.Consumer]
			if a == nil {
				first[m.Consumer] = m
				continue
			}
			id, field := l.free(m.ID+"Consumer"), "EventSourceArn"
			if l.sam(m) {
				field = "Stream"
			}
			fix := ""
			if l.t.Has(s.ID) {
				fix = joined(resource(id, "{Type: AWS::Kinesis::StreamConsumer, Properties: {ConsumerName: "+id+", StreamARN: !GetAtt "+s.ID+".Arn}}"), l.parameter(m, field+": !Ref "+id))
			}
			l.add(nil, l.t.At(m.ID), Finding{On: m.ID,
				Sentence: a.ID + " and " + m.ID + " both read through the consumer " + m.Consumer + ", which has one subscription to a shard: they take it from each other in turn, and each waits while the other has it",
				Right:    "a consumer for each",
				Fix:      fix,
				World: l.world(nil, 2*engine.Minute, fmt.Sprintf("any(events(\"read-throttled\"), .mapping in [%q, %q])", a.ID, m.ID),
					"Both mappings are enabled. One of them is refused its subscription, takes it a few seconds later, and then the other one waits.").puts(l, m, "every: 1s, keys: 50")})
		}
	}
}

// tooMany judges how many mappings read a shard: each of Kinesis may be read five times a
// second, a table's by two readers, a global table's by one.
func (l *looker) tooMany() {
	for i := range l.cfg.Streams {
		s := &l.cfg.Streams[i]
		var readers []*engine.MappingConfig
		for _, m := range l.readers(s.ID) {
			if m.Consumer == "" {
				readers = append(readers, m)
			}
		}
		most, why, page := 5, "a shard is read five times a second at most, and each reader asks once a second", readersPage
		if s.Kind == engine.DynamoDB {
			most, why, page = 2, "two readers of a shard are what DynamoDB advises at most", tableReaders
		}
		if s.Global {
			most, why = 1, "and so does replication"
		}
		if len(readers) <= most {
			continue
		}
		what := "the stream " + s.ID
		switch {
		case s.Global:
			what = "the stream of the global table " + s.ID
		case s.Kind == engine.DynamoDB:
			what = "the stream of the table " + s.ID
		}
		m := readers[len(readers)-1]
		sentence := fmt.Sprintf("%d mappings read %s, %s: reads are throttled, and records wait", len(readers), what, why)
		right, fix := "one mapping, whose function passes on what others need", ""
		if s.Kind == engine.Kinesis {
			right = "a consumer with enhanced fan-out for some of them (AWS::Kinesis::StreamConsumer)"
			if l.t.Has(s.ID) {
				fix = l.consumers(s, readers[most:])
			}
		}
		l.add(nil, l.t.At(m.ID), Finding{On: s.ID, Source: page, Sentence: sentence, Right: right, Fix: fix,
			World: l.world(m, 2*engine.Minute, "len(events(\"read-throttled\")) > 0", "The mappings poll the same shard, and some of their reads are refused.").puts(l, m, "every: 100ms, keys: 50")})
	}
}

// consumers is a fragment that gives mappings of a stream consumers of their own.
func (l *looker) consumers(s *engine.StreamConfig, list []*engine.MappingConfig) string {
	var parts []string
	for _, m := range list {
		id, field := l.free(m.ID+"Consumer"), "EventSourceArn"
		if l.sam(m) {
			field = "Stream"
		}
		parts = append(parts, resource(id, "{Type: AWS::Kinesis::StreamConsumer, Properties: {ConsumerName: "+id+", StreamARN: !GetAtt "+s.ID+".Arn}}"), l.parameter(m, field+": !Ref "+id))
	}
	return joined(parts...)
}

// roleLacks names what AWS's pages ask of a role beside that without which it refuses a
// mapping.
func (l *looker) roleLacks() {
	l.streams(func(m *engine.MappingConfig, f *engine.FunctionConfig, s *engine.StreamConfig, _ string) {
		who, ref, actions := l.t.Lacks(m)
		if len(actions) == 0 {
			return
		}
		page, fix := kinesisCreate, ""
		if s.Kind == engine.DynamoDB {
			page = dynamodbCreate
		}
		if ref != "" {
			id := l.free(m.ID + "Policy")
			fix = fragment([]string{"Resources", id}, "Type: AWS::IAM::Policy", "Properties:\n  PolicyName: "+id+"\n  Roles: [!Ref "+ref+"]\n  PolicyDocument:\n    Version: \"2012-10-17\"\n    Statement:\n"+
				"      - {Effect: Allow, Action: ["+strings.Join(actions, ", ")+"], Resource: \"*\"}")
		}
		l.add(m, l.t.At(m.ID), Finding{On: m.ID, Source: page,
			Sentence: who + " may not " + strings.Join(actions, ", ") + " on " + s.ID + ", which AWS's page asks for to manage what " + m.ID + " reads. Templates without it are deployed, and AWS does not say what it checks before it makes a mapping",
			Right:    strings.Join(actions, ", ") + " for the role, or its managed policy", Fix: fix})
	})
}

// undeliverable names subscriptions whose messages are gone where the queue cannot be
// reached.
func (l *looker) undeliverable() {
	for i := range l.cfg.Fronts {
		front := &l.cfg.Fronts[i]
		if front.Kind != engine.FrontTopic || !l.t.Has(front.ID) {
			continue
		}
		for k := range front.Sends {
			send := &front.Sends[k]
			q := l.queue(send.Queue)
			if send.DLQ != "" || send.Denied != "" || q == nil || len(l.reads[send.Queue]) == 0 {
				continue
			}
			fix := ""
			if l.t.Has(send.ID) && send.ID != front.ID && l.t.Property(send.ID, setting.RedrivePolicy) == nil {
				id, fifo := l.free(front.ID+"Undelivered"), ""
				if q.FIFO {
					fifo = ", FifoQueue: true"
				}
				fix = joined(resource(id, "{Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600"+fifo+"}}"),
					fragment([]string{"Resources", l.free(id + "Policy")}, "Type: AWS::SQS::QueuePolicy", "Properties:\n  Queues: [!Ref "+id+"]\n  PolicyDocument:\n    Version: \"2012-10-17\"\n    Statement:\n"+
						"      - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: sqs:SendMessage, Resource: !GetAtt "+id+".Arn, Condition: {ArnEquals: {aws:SourceArn: !Ref "+front.ID+"}}}"),
					l.property(send.ID, "RedrivePolicy: {deadLetterTargetArn: !GetAtt "+id+".Arn}"))
			}
			if l.t.Property(send.ID, setting.RedrivePolicy) != nil { // to a queue from outside
				continue
			}
			at := send.ID
			if !l.t.Has(at) {
				at = front.ID
			}
			w := l.world(nil, engine.Minute, fmt.Sprintf("front(%q).lost > 0", front.ID), "The queue is deleted by mistake, and the topic is published to. SNS does not try again, and nothing is left of the message.").
				at(engine.Second, "remove: "+q.ID)
			keys := ""
			if front.FIFO {
				keys = ", keys: 3"
			}
			w.traffic = []string{"{to: " + front.ID + ", at: 5s, count: 1" + keys + "}"}
			l.add(nil, l.t.At(at), Finding{On: send.ID,
				Sentence: "the subscription of " + send.Queue + " to " + front.ID + " has no dead-letter queue: a message that SNS may not deliver, as after a change to the queue's policy or its key, is dropped at once and nothing says so",
				Right:    "a RedrivePolicy of the subscription, and a queue for it that the topic may send to", Fix: fix, World: w})
		}
	}
}
