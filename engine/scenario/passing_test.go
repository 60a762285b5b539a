package scenario_test

import (
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/scenario"
)

// Default traffic passes the filters of a mapping where values in a pattern say what
// does; where it does not, a note says which field decides.
func TestDefaultTrafficPasses(t *testing.T) {
	const head = "Resources:\n  Jobs: {Type: AWS::SQS::Queue}\n  Line: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}\n  Scans: {Type: AWS::Kinesis::Stream}\n" +
		"  Rides: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}}}\n" +
		"  Work: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: TYPE, Properties: {SOURCE, FilterCriteria: {Filters: [{Pattern: 'PATTERN'}]}}}}}}\n"
	sources := map[string][2]string{"queue": {"SQS", "Queue: !GetAtt Jobs.Arn"}, "fifo": {"SQS", "Queue: !GetAtt Line.Arn"},
		"stream": {"Kinesis", "Stream: !GetAtt Scans.Arn, StartingPosition: LATEST"}, "table": {"DynamoDB", "Stream: !GetAtt Rides.StreamArn, StartingPosition: LATEST"}}
	for _, x := range []struct {
		source, pattern string
		note            string // "": records pass
	}{
		{"queue", `{"body":{"kind":["parcel","letter"]}}`, ""},
		{"fifo", `{"body":{"kind":[{"anything-but":["letter"]}]}}`, ""},
		{"queue", `{"body":{"weight":[{"numeric":[">",10,"<=",20]}],"gone":[{"exists":false}],"from":{"city":[{"prefix":"Ber"}]}}}`, ""},
		{"queue", `{"body":["hello"]}`, ""},
		{"queue", `{"body":{"a":[{"wildcard":"x*y"}],"b":[{"suffix":".png"}],"c":[{"equals-ignore-case":"Yes"}],"d":[true],"e":[null],"f":[{"cidr":"10.0.0.0/24"}]}}`, ""},
		{"queue", `{"body":{"$or":[{"kind":["parcel"]},{"weight":[{"numeric":["=",3]}]}]}}`, ""},
		{"queue", `{"messageAttributes":{"kind":["parcel"]}}`, "messageAttributes.kind decides"},
		{"stream", `{"data":{"n":[{"numeric":["<",5]}]}}`, ""},
		{"stream", `{"data":{"kind":["parcel"]}}`, ""},
		{"stream", `{"kinesis":{"data":["parcel"]}}`, "decides"},
		{"stream", `{"partitionKey":["shop-1"]}`, ""},
		{"stream", `{"partitionKey":[{"prefix":"shop-"}],"data":{"kind":["parcel"]}}`, ""},
		{"table", `{"dynamodb":{"OldImage":{"state":{"S":["open"]}},"NewImage":{"state":{"S":["paid"]}}}}`, ""},
		{"table", `{"eventName":["REMOVE"],"dynamodb":{"OldImage":{"state":{"S":["paid"]},"by":{"M":{"name":{"S":["Ann"]}}}}}}`, ""},
		{"table", `{"dynamodb":{"Keys":{"id":{"S":[{"prefix":"ride#"}]}}}}`, ""},
		{"table", `{"eventName":["INSERT"],"dynamodb":{"NewImage":{"id":{"S":[{"prefix":"USER#"}]},"kind":{"S":["profile"]}}}}`, ""},
		{"table", `{"eventName":["REMOVE"],"dynamodb":{"OldImage":{"id":{"S":[{"prefix":"USER#"}]}}}}`, ""},
		{"table", `{"eventName":["REMOVE"]}`, ""},
		{"table", `{"eventName":["INSERT"],"dynamodb":{"NewImage":{"kind":{"S":["ride"]},"km":{"N":["12"]}}}}`, ""},
		{"table", `{"eventName":["MODIFY"]}`, ""},
		{"table", `{"dynamodb":{"NewImage":{"km":{"N":[{"numeric":[">",3]}]}}}}`, "decides"},
	} {
		src := strings.NewReplacer("TYPE", sources[x.source][0], "SOURCE", sources[x.source][1], "PATTERN", x.pattern).Replace(head)
		sc, err := scenario.Read("t.yaml", []byte(src), scenario.Options{})
		if err != nil {
			t.Errorf("%s %s: %v", x.source, x.pattern, err)
			continue
		}
		r, err := scenario.NewRunner(sc, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Advance(20 * engine.Second)
		passed := r.Sim.Mappings[0].Counts.InvokedEventCount
		notes := strings.Join(sc.Notes, "\n")
		enough := int64(40)
		if x.source == "table" { // one of three: an item is put, changed and removed
			enough = 30
		}
		if x.note == "" && (passed < enough || strings.Contains(notes, "default traffic")) || x.note != "" && (passed > 0 || !strings.Contains(notes, x.note)) {
			t.Errorf("%s %s: %d records pass; %s", x.source, x.pattern, passed, notes)
		}
	}
}

// Where something stands in front of a queue, it sends the default traffic: an envelope
// hides from a mapping's filter what raw delivery shows it.
func TestDefaultTrafficComesThroughFronts(t *testing.T) {
	const head = `Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Policy: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Jobs], PolicyDocument: {Statement: {Effect: Allow, Principal: {Service: [sns.amazonaws.com, s3.amazonaws.com, events.amazonaws.com]}, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}}}}
  Work: {Type: AWS::Serverless::Function, Properties: {Timeout: 3, Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, FilterCriteria: {Filters: [{Pattern: 'PATTERN'}]}}}}}}
`
	topic := func(more string) string {
		return "  News: {Type: AWS::SNS::Topic}\n  Sub: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref News, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn" + more + "}}\n"
	}
	for _, x := range []struct{ front, pattern, note string }{
		{topic(""), `{"body":{"kind":["order"]}}`, "body.kind decides"},
		{topic(", RawMessageDelivery: true"), `{"body":{"kind":["order"]}}`, ""},
		{topic(", RawMessageDelivery: true, FilterPolicy: {color: [red], price: [{numeric: ['>', 5]}]}"), `{"body":{"kind":["order"]}}`, ""},
		{topic(", RawMessageDelivery: true, FilterPolicyScope: MessageBody, FilterPolicy: {kind: [order]}"), `{"body":{"kind":["order"]}}`, ""},
		{"  Rule: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop], detail: {state: [paid]}}, Targets: [{Id: q, Arn: !GetAtt Jobs.Arn}]}}\n", `{"body":{"detail":{"state":["paid"]}}}`, ""},
		{"  Rule: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Jobs.Arn}]}}\n", `{"body":{"detail":{"state":["paid"]}}}`, ""},
		{"  Rule: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Jobs.Arn, InputPath: $.detail}]}}\n", `{"body":{"state":["paid"]}}`, ""},
		{"  Rule: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop], detail: {state: [paid]}}, Targets: [{Id: q, Arn: !GetAtt Jobs.Arn, InputTransformer: {InputPathsMap: {is: $.detail.state}, InputTemplate: '{\"now\": <is>}'}}]}}\n", `{"body":{"now":["paid"]}}`, ""},
		{"  Photos: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {QueueConfigurations: [{Event: 's3:ObjectCreated:*', Queue: !GetAtt Jobs.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: in/a+}, {Name: suffix, Value: .jpg}]}}}]}}}\n", `{"body":{"Records":{"s3":{"object":{"key":[{"prefix":"in/a+"}]}}}}}`, ""},
		{"  Photos: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {QueueConfigurations: [{Event: 's3:ObjectRemoved:*', Queue: !GetAtt Jobs.Arn}]}}}\n", `{"body":{"Records":{"eventName":["ObjectRemoved:Delete"]}}}`, ""},
	} {
		sc, err := scenario.Read("t.yaml", []byte(strings.Replace(head, "PATTERN", x.pattern, 1)+x.front), scenario.Options{})
		if err != nil {
			t.Errorf("%s: %v", x.front, err)
			continue
		}
		r, err := scenario.NewRunner(sc, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Advance(20 * engine.Second)
		passed := r.Sim.Mappings[0].Counts.InvokedEventCount
		notes := strings.Join(sc.Notes, "\n")
		if x.note == "" && passed < 40 || x.note != "" && (passed > 0 || !strings.Contains(notes, x.note)) {
			t.Errorf("%s with %s: %d messages pass; %s", x.front, x.pattern, passed, notes)
		}
	}
}

// Where several mappings of a source filter, default traffic has something for each. What
// was made up is said.
func TestDefaultTrafficForEach(t *testing.T) {
	src := "Resources:\n  Scans: {Type: AWS::Kinesis::Stream}\n"
	for i, pattern := range []string{`{"data":{"kind":["a"]}}`, "", `{"data":{"kind":["b"],"n":[{"numeric":[">",5]}]}}`, `{"partitionKey":["k"]}`, `{"data":{"kind":["a"]}}`} {
		filter := ""
		if pattern != "" {
			filter = ", FilterCriteria: {Filters: [{Pattern: '" + pattern + "'}]}"
		}
		src += "  F" + string(rune('0'+i)) + ": {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: Kinesis, Properties: {Stream: !GetAtt Scans.Arn, StartingPosition: LATEST" + filter + "}}}}}\n"
	}
	sc, err := scenario.Read("t.yaml", []byte(src), scenario.Options{Sets: []string{"F1.takes=2s"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "5 records a second, 100 ms a call"; sc.MadeUp != want {
		t.Errorf("%q is made up, not %q", sc.MadeUp, want)
	}
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Advance(20 * engine.Second)
	for i := range r.Sim.Mappings {
		if n := r.Sim.Mappings[i].Counts.InvokedEventCount; n < 20 {
			t.Errorf("mapping %d: %d records pass", i, n)
		}
	}
	given := "Metadata: {esmlab: {traffic: [{to: Scans, every: 1s}], functions: {F0: {takes: 1s}}}}\n" + src[:strings.Index(src, "  F1")]
	if sc, err := scenario.Read("t.yaml", []byte(given), scenario.Options{}); err != nil || sc.MadeUp != "" {
		t.Errorf("nothing is made up: %v %q", err, sc.MadeUp)
	}
}

// TestAllOff: where no mapping is enabled, a note says what enables it.
func TestAllOff(t *testing.T) {
	const head = "Parameters: {On: {Type: String, Default: 'no'}}\nConditions: {IsOn: !Equals [!Ref On, 'yes']}\nResources:\n  Jobs: {Type: AWS::SQS::Queue}\n" +
		"  Work: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, Enabled: ENABLED}}}}}\n"
	for _, x := range []struct {
		enabled, note string
		steps         []string
	}{
		{"!If [IsOn, true, false]", "WorkE is disabled: it reads nothing until it is enabled (--param On=… may do that)", nil},
		{"{'Fn::If': [IsOn, true, false]}", "(--param On=… may do that)", nil},
		{"false", "(--set WorkE.Enabled=true does that)", nil},
		{"false", "", []string{"{at: 5s, enable: WorkE}"}},
		{"!If [IsOn, false, true]", "", nil},
	} {
		sc, err := scenario.Read("t.yaml", []byte(strings.Replace(head, "ENABLED", x.enabled, 1)), scenario.Options{Steps: x.steps})
		if err != nil {
			t.Errorf("%s: %v", x.enabled, err)
			continue
		}
		if notes := strings.Join(sc.Notes, "\n"); x.note == "" && strings.Contains(notes, "disabled") || !strings.Contains(notes, x.note) {
			t.Errorf("%s %v: %s", x.enabled, x.steps, notes)
		}
	}
}

// TestBehindOneTopic: what a topic sends by default passes the filter of each queue behind it,
// in turn.
func TestBehindOneTopic(t *testing.T) {
	const src = `Resources:
  All: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Far.Arn}]}}
  Near: {Type: AWS::SQS::Queue}
  Far: {Type: AWS::SQS::Queue}
  Every: {Type: AWS::SQS::Queue}
  ToNear: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, RawMessageDelivery: true, Endpoint: !GetAtt Near.Arn, TopicArn: !Ref Topic}}
  ToFar: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, RawMessageDelivery: true, Endpoint: !GetAtt Far.Arn, TopicArn: !Ref Topic}}
  ToEvery: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, Endpoint: !GetAtt Every.Arn, TopicArn: !Ref Topic}}
  Topic: {Type: AWS::SNS::Topic}
  May: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Near, !Ref Far, !Ref Every], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: sqs:SendMessage, Resource: "*"}]}}}
  N: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Near.Arn, FilterCriteria: {Filters: [{Pattern: '{"body":{"kind":["near"]}}'}]}}}}}}
  F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Far.Arn, FilterCriteria: {Filters: [{Pattern: '{"body":{"kind":["far"]}}'}]}}}}}}
  E: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Every.Arn}}}}}
`
	sc, err := scenario.Read("t.yaml", []byte(src), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Advance(20 * engine.Second)
	for i := range r.Sim.Mappings {
		c := &r.Sim.Mappings[i].Counts
		if c.InvokedEventCount < 40 {
			t.Errorf("%s: %d of %d are handed over", sc.Config.Mappings[i].ID, c.InvokedEventCount, c.PolledEventCount)
		}
	}
	if notes := strings.Join(sc.Notes, "\n"); strings.Contains(notes, "default traffic") {
		t.Error(notes)
	}
}
