package event_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/scenario"
)

// received plays a template and gives each event that the function Work got,
// as it was at its instant.
func received(t *testing.T, src string) (*engine.Sim, [][]byte) {
	t.Helper()
	sc, err := scenario.Read("t.yaml", []byte(src), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := engine.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	var got [][]byte
	for s.NextAt() <= sc.Config.For {
		s.RunUntil(s.NextAt())
		for _, e := range s.Drain() {
			if e.Kind == engine.KindInvoke {
				got = append(got, event.Function(s, int(e.Mapping), e.Shard, e.Records, e.Window()))
			}
		}
	}
	return s, got
}

const standardQueue = `
Metadata:
  esmlab:
    starts: 2026-12-01T00:00:00.5Z
    for: 60s
    traffic: [{to: Jobs, at: 1s, count: 2, body: {text: "a \"<b>\" ü\n", n: "{n}"}}, {to: Jobs, at: 30s, keys: [tenant]}]
    functions: {Work: {takes: 1s, faults: [{records: [Jobs#1], deliveries: 1}]}}
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 6, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}}}
  Dead: {Type: AWS::SQS::Queue}
  Work: {Type: AWS::Serverless::Function, Properties: {Events: {J: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}}
`

// decode reads an event as aws-lambda-go does, without loss.
func decode(t *testing.T, raw []byte) []events.SQSMessage {
	t.Helper()
	var e events.SQSEvent
	lossless(t, raw, &e)
	return e.Records
}

func TestStandardQueueEvent(t *testing.T) {
	_, got := received(t, standardQueue)
	if len(got) != 3 {
		t.Fatalf("%d events", len(got))
	}
	first, again, fair := decode(t, got[0]), decode(t, got[1]), decode(t, got[2])
	if len(first) != 2 || len(again) != 2 || len(fair) != 1 {
		t.Fatalf("%d, %d and %d messages", len(first), len(again), len(fair))
	}
	r := first[0]
	sum := md5.Sum([]byte(r.Body))
	want := map[string]string{"ApproximateReceiveCount": "1", "SentTimestamp": "1796083201500", "ApproximateFirstReceiveTimestamp": "1796083201500"}
	for name, value := range want {
		if r.Attributes[name] != value {
			t.Errorf("%s is %q, not %q", name, r.Attributes[name], value)
		}
	}
	if len(r.Attributes) != 4 || r.Attributes["SenderId"] == "" {
		t.Errorf("attributes %v", r.Attributes)
	}
	if r.Body != "{\"text\":\"a \\\"<b>\\\" ü\\n\",\"n\":1}" || r.Md5OfBody != hex.EncodeToString(sum[:]) {
		t.Errorf("body %q, md5 %s", r.Body, r.Md5OfBody)
	}
	if r.EventSource != "aws:sqs" || r.EventSourceARN != "arn:aws:sqs:us-east-1:111122223333:Jobs" || r.AWSRegion != "us-east-1" || r.MessageAttributes == nil {
		t.Errorf("source %s %s %s", r.EventSource, r.EventSourceARN, r.AWSRegion)
	}
	if a := again[0]; a.MessageId != r.MessageId || a.ReceiptHandle == r.ReceiptHandle || a.Attributes["ApproximateReceiveCount"] != "2" ||
		a.Attributes["ApproximateFirstReceiveTimestamp"] != r.Attributes["ApproximateFirstReceiveTimestamp"] || a.Attributes["SentTimestamp"] != r.Attributes["SentTimestamp"] {
		t.Errorf("the same message received again: %+v, after %+v", a, r)
	}
	if first[0].MessageId == first[1].MessageId {
		t.Error("two messages have one id")
	}
	if fair[0].Attributes["MessageGroupId"] != "tenant" || fair[0].Attributes["SequenceNumber"] != "" {
		t.Errorf("a fair queue's attributes %v", fair[0].Attributes)
	}
}

// TestMessageTimes: a message that waits for its delay was sent before it is
// received, and one that a throttled poller gives back is received more often
// than it is delivered.
func TestMessageTimes(t *testing.T) {
	_, got := received(t, `
Metadata:
  esmlab:
    starts: 2026-12-01T00:00:00Z
    for: 60s
    traffic: [{to: Jobs, at: 0s}, {to: Jobs, at: 1s}]
    functions: {Work: {takes: 10s}}
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 10, DelaySeconds: 5}}
  Work: {Type: AWS::Serverless::Function, Properties: {Timeout: 10, ReservedConcurrentExecutions: 1, Events: {J: {Type: SQS, Properties: {BatchSize: 1, Queue: !GetAtt Jobs.Arn}}}}}
`)
	if len(got) != 2 {
		t.Fatalf("%d events", len(got))
	}
	want := []map[string]string{
		{"SentTimestamp": "1796083200000", "ApproximateFirstReceiveTimestamp": "1796083205000", "ApproximateReceiveCount": "1"},
		{"SentTimestamp": "1796083201000", "ApproximateFirstReceiveTimestamp": "1796083206000", "ApproximateReceiveCount": "2"},
	}
	for i, raw := range got {
		m := decode(t, raw)[0]
		for name, value := range want[i] {
			if m.Attributes[name] != value {
				t.Errorf("message %d: %s is %s, not %s", i+1, name, m.Attributes[name], value)
			}
		}
	}
}

// TestRedrivenMessage: a redriven message has a new id, counts its receives from 1
// and comes from no other queue.
func TestRedrivenMessage(t *testing.T) {
	_, got := received(t, `
Metadata:
  esmlab:
    for: 60s
    traffic: [{to: Jobs, at: 0s}]
    functions: {Work: {faults: [{until: 10s}]}}
    steps: [{at: 20s, redrive: {queue: Dead}}]
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 5, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1}}}
  Dead: {Type: AWS::SQS::Queue}
  Work: {Type: AWS::Serverless::Function, Properties: {Events: {J: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}}
`)
	if len(got) != 2 {
		t.Fatalf("%d events", len(got))
	}
	first, again := decode(t, got[0])[0], decode(t, got[1])[0]
	if first.MessageId == again.MessageId || again.Attributes["ApproximateReceiveCount"] != "1" || again.Attributes["DeadLetterQueueSourceArn"] != "" ||
		again.Attributes["SentTimestamp"] == first.Attributes["SentTimestamp"] {
		t.Errorf("%+v, after %+v", again, first)
	}
}

func TestFIFOQueueEvent(t *testing.T) {
	_, got := received(t, `
Metadata:
  esmlab:
    for: 90s
    traffic: [{to: Line, at: 0s, count: 12, keys: [A]}, {to: Line, at: 1s, keys: [B], dedup: "mine-{n}"}]
    functions: {Work: {faults: [{keys: [B]}]}, Late: {takes: 1s}}
Resources:
  Line: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, ContentBasedDeduplication: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2}}}
  Dead: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  Work: {Type: AWS::Serverless::Function, Properties: {Events: {J: {Type: SQS, Properties: {Queue: !GetAtt Line.Arn}}}}}
  Late: {Type: AWS::Serverless::Function, Properties: {Events: {D: {Type: SQS, Properties: {Queue: !GetAtt Dead.Arn}}}}}
`)
	var all []events.SQSMessage
	for _, raw := range got {
		all = append(all, decode(t, raw)...)
	}
	if len(all) != 15 { // twelve of A; B twice, and once out of the DLQ
		t.Fatalf("%d messages", len(all))
	}
	var numbers []string
	for _, m := range all[:12] {
		if m.Attributes["MessageGroupId"] != "A" || len(m.Attributes) != 7 || len(m.Attributes["SequenceNumber"]) != 20 || len(m.Attributes["MessageDeduplicationId"]) != 64 {
			t.Errorf("attributes %v", m.Attributes)
		}
		numbers = append(numbers, m.Attributes["SequenceNumber"])
	}
	if !slices.IsSorted(numbers) || len(slices.Compact(numbers)) != 12 {
		t.Errorf("sequence numbers do not grow: %v", numbers)
	}
	b, dead := all[12], all[14]
	if b.Attributes["MessageDeduplicationId"] != "mine-13" || b.Attributes["MessageGroupId"] != "B" || b.EventSourceARN != "arn:aws:sqs:us-east-1:111122223333:Line.fifo" {
		t.Errorf("explicit id: %+v", b)
	}
	if dead.MessageId != b.MessageId || dead.Attributes["MessageDeduplicationId"] != b.MessageId || dead.Attributes["ApproximateReceiveCount"] != "3" ||
		dead.Attributes["DeadLetterQueueSourceArn"] != b.EventSourceARN || dead.Body != b.Body || dead.EventSourceARN != "arn:aws:sqs:us-east-1:111122223333:Dead.fifo" {
		t.Errorf("moved to the DLQ: %+v", dead)
	}
}

// TestFailureRecordInAQueue: what a stream gave up is a message like any other,
// with a size and a body that filters see.
func TestFailureRecordInAQueue(t *testing.T) {
	s, got := received(t, `
Metadata:
  esmlab:
    for: 10s
    traffic: [{to: Orders, at: 0s}]
    functions: {Ship: {faults: [{nth: 1}]}}
Resources:
  Orders: {Type: AWS::Kinesis::Stream}
  Failures: {Type: AWS::SQS::Queue}
  Ship: {Type: AWS::Serverless::Function, Properties: {Events: {O: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON, MaximumRetryAttempts: 0, DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Failures.Arn}}}}}}}
  Work: {Type: AWS::Serverless::Function, Properties: {Events: {F: {Type: SQS, Properties: {Queue: !GetAtt Failures.Arn, FilterCriteria: {Filters: [{Pattern: '{"body":{"requestContext":{"condition":["RetryAttemptsExhausted"]}}}'}]}}}}}}
`)
	m := decode(t, got[len(got)-1])
	if len(m) != 1 {
		t.Fatalf("%d messages", len(m))
	}
	var record struct{ RequestContext struct{ Condition string } }
	if err := json.Unmarshal([]byte(m[0].Body), &record); err != nil || record.RequestContext.Condition != "RetryAttemptsExhausted" {
		t.Errorf("%v: %s", err, m[0].Body)
	}
	if size := int(s.Message(s.MessageID(0, 1)).Bytes); size != len(m[0].Body) {
		t.Errorf("it is %d bytes, not %d", size, len(m[0].Body))
	}
}
