package engine_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/pattern"
	"esmlab/engine/setting"
)

// inFront is a queue with a mapping and something in front of it.
func inFront(t *testing.T, f engine.FrontConfig, traffic ...engine.Traffic) *engine.Sim {
	t.Helper()
	for i := range traffic {
		traffic[i].To, traffic[i].Per, traffic[i].Shard, traffic[i].AtOnce = f.ID, 1, -1, true
	}
	m := engine.DefaultQueueMapping()
	s, err := engine.New(&engine.Config{Seed: 1, Start: 1796083200_000000, For: engine.Hour, Region: "eu-central-1", Account: "111122223333", Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Queues:    []engine.QueueConfig{{ID: "Jobs", Name: "Jobs", ARN: "arn:aws:sqs:eu-central-1:111122223333:Jobs", QueueSettings: engine.DefaultQueueSettings()}, {ID: "Lost", QueueSettings: engine.DefaultQueueSettings()}},
		Functions: []engine.FunctionConfig{{ID: "Work", FunctionSettings: setting.NewFunction()}},
		Mappings:  []engine.MappingConfig{{ID: "WorkJobs", Source: "Jobs", Function: "Work", Enabled: true, Settings: m}},
		Fronts:    []engine.FrontConfig{f}, Traffic: traffic})
	if err != nil {
		t.Fatal(err)
	}
	s.RunUntil(10 * engine.Second)
	return s
}

// given is the event that the function gets with the first messages of the queue.
func given(t *testing.T, s *engine.Sim, n int) events.SQSEvent {
	t.Helper()
	var ids []int32
	for i := range n {
		ids = append(ids, s.MessageID(0, i+1))
	}
	var got events.SQSEvent
	strict(t, event.Function(s, 0, 0, ids, nil), &got)
	return got
}

// strict decodes JSON into a type that has all its fields.
func strict(t *testing.T, b []byte, into any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
}

var red = []engine.Attribute{{Name: "color", Type: "String", Value: "red"}, {Name: "price", Type: "Number", Value: "7"}}

// TestMessageAttributes: attributes of a message reach the function's event, and those
// of a topic those of the message where delivery is raw (N-E6, N-E2).
func TestMessageAttributes(t *testing.T) {
	s := inFront(t, engine.FrontConfig{ID: "News", ARN: "arn:aws:sns:eu-central-1:111122223333:News", Sends: []engine.Subscription{{ID: "Sub", Queue: "Jobs", Raw: true}}}, engine.Traffic{Body: `{"kind":"order"}`, Attributes: red})
	r := given(t, s, 1).Records[0]
	if r.Body != `{"kind":"order"}` || *r.MessageAttributes["color"].StringValue != "red" || r.MessageAttributes["price"].DataType != "Number" {
		t.Errorf("%+v", r)
	}
}

// TestFronts: what arrives in a queue has the shape that AWS gives it, by the types of
// aws-lambda-go (N-E1, N-E3 to N-E5).
func TestFronts(t *testing.T) {
	s := inFront(t, engine.FrontConfig{ID: "News", ARN: "arn:aws:sns:eu-central-1:111122223333:News", Sends: []engine.Subscription{{ID: "Sub", ARN: "arn:sub", Queue: "Jobs"}}}, engine.Traffic{Body: `{"kind":"order"}`, Attributes: red})
	r := given(t, s, 1).Records[0]
	var sns events.SNSEntity
	strict(t, []byte(strings.ReplaceAll(strings.ReplaceAll(r.Body, "SigningCertURL", "SigningCertUrl"), "UnsubscribeURL", "UnsubscribeUrl")), &sns) // a queue gets URL, a function Url
	if sns.Type != "Notification" || sns.Message != `{"kind":"order"}` || sns.TopicArn == "" || len(sns.MessageAttributes) != 2 || len(r.MessageAttributes) != 0 {
		t.Errorf("%+v", sns)
	}
	s = inFront(t, engine.FrontConfig{ID: "Photos", Name: "photos", ARN: "arn:aws:s3:::photos", Kind: engine.FrontBucket, Sends: []engine.Subscription{{ID: "n", Queue: "Jobs", Events: []string{"s3:ObjectCreated:*"}}}},
		engine.Traffic{Keys: []string{"a b/ü.jpg"}, Size: 1000}, engine.Traffic{Keys: []string{"gone"}, Op: engine.WriteRemove})
	if n := s.Queues[0].Put.Len(); n != 2 {
		t.Fatalf("%d messages: the test and one object", n)
	}
	both := given(t, s, 2).Records
	var test struct{ Service, Event, Time, Bucket, RequestId, HostId string }
	strict(t, []byte(both[0].Body), &test)
	if test.Event != "s3:TestEvent" || test.Bucket != "photos" {
		t.Errorf("%+v", test)
	}
	var s3 events.S3Event
	if err := json.Unmarshal([]byte(both[1].Body), &s3); err != nil || len(s3.Records) != 1 {
		t.Fatal(err, both[1].Body)
	}
	if one := s3.Records[0]; one.EventName != "ObjectCreated:Put" || one.S3.Object.Key != "a+b/%C3%BC.jpg" || one.S3.Object.URLDecodedKey != "a b/ü.jpg" || one.S3.Object.Size != 1000 || one.S3.Bucket.Name != "photos" || one.S3.Object.Sequencer == "" {
		t.Errorf("%+v", one)
	}
	s = inFront(t, engine.FrontConfig{ID: "Photos", Kind: engine.FrontBucket, Sends: []engine.Subscription{{ID: "n", Queue: "Jobs", Events: []string{"s3:*"}}}},
		engine.Traffic{Keys: []string{"a", "b"}, Count: 5, Producer: engine.Producer{Batch: 3}})
	three := given(t, s, 2).Records[1]
	if err := json.Unmarshal([]byte(three.Body), &s3); err != nil || len(s3.Records) != 3 || s3.Records[1].S3.Object.Key != "b" || s3.Records[1].S3.Object.ETag == s3.Records[0].S3.Object.ETag || s.Queues[0].Put.Len() != 3 {
		t.Errorf("%v %s", err, three.Body)
	}
	s = inFront(t, engine.FrontConfig{ID: "Orders", Kind: engine.FrontRule, Source: "shop", DetailType: "Order placed", Sends: []engine.Subscription{{ID: "t", Queue: "Jobs"}}}, engine.Traffic{Body: `{"id":{n}}`})
	var bus events.EventBridgeEvent
	strict(t, []byte(given(t, s, 1).Records[0].Body), &bus)
	if bus.Source != "shop" || bus.DetailType != "Order placed" || string(bus.Detail) != `{"id":1}` || bus.AccountID != "111122223333" {
		t.Errorf("%+v", bus)
	}
}

// TestWayBackOfAFront: a copy of a run with a topic goes the same way.
func TestWayBackOfAFront(t *testing.T) {
	p, err := pattern.Compile(`{"color":["red"]}`)
	if err != nil {
		t.Fatal(err)
	}
	f := engine.FrontConfig{ID: "News", Sends: []engine.Subscription{{ID: "Sub", Queue: "Jobs", Filter: p}, {ID: "Deaf", Queue: "Jobs", DLQ: "Lost", Denied: "no policy"}}}
	s := inFront(t, f, engine.Traffic{At: engine.Second, Count: 3, Attributes: red}, engine.Traffic{At: 20 * engine.Second, Count: 3, Attributes: red}, engine.Traffic{At: 21 * engine.Second, Count: 2})
	c := s.Clone()
	s.RunUntil(30 * engine.Second)
	c.RunUntil(30 * engine.Second)
	if d := difference(s, c); d != "" {
		t.Error(d)
	}
	if jobs, lost := s.Queues[0].Put.Len(), s.Queues[1].Put.Len(); jobs != 6 || lost != 8 {
		t.Errorf("%d in Jobs, %d in Lost", jobs, lost)
	}
}

// TestWayBackOfDeliveries: a copy made while a topic tries again what a queue did not
// take goes the same way, and nothing is lost on it.
func TestWayBackOfDeliveries(t *testing.T) {
	f := engine.FrontConfig{ID: "News", Sends: []engine.Subscription{{ID: "Sub", Queue: "Jobs"}}}
	cfg := inFront(t, f, engine.Traffic{At: engine.Second, Count: 3}, engine.Traffic{At: 20 * engine.Second, Count: 3}).Config()
	cfg.Queues[0].Away = []engine.Span{{From: engine.Second, Until: 25 * engine.Second}}
	s, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []engine.Micros{engine.Second, 7 * engine.Second, 22 * engine.Second} {
		s.RunUntil(at)
		c := s.Clone()
		c.RunUntil(engine.Minute)
		d := s.Clone()
		d.RunUntil(engine.Minute)
		if x := difference(c, d); x != "" {
			t.Errorf("from %v: %s", at, x)
		}
		if n := c.Queues[0].Put.Len(); n != 6 {
			t.Errorf("from %v: %d of 6 arrived", at, n)
		}
	}
}

// TestTargetInput: what a rule's target gets in the place of the event (EB-INPUT-1).
func TestTargetInput(t *testing.T) {
	paths := []engine.InputPath{{Name: "id", Path: "$.detail.id"}, {Name: "name", Path: "$.detail.name"}, {Name: "second", Path: "$.detail.items[1]"}, {Name: "gone", Path: "$.detail.gone"}, {Name: "from", Path: "$.source"}}
	for _, x := range []struct {
		in   engine.TargetInput
		want string
	}{
		{engine.TargetInput{Input: `{"kind": "order"}`}, `{"kind": "order"}`},
		{engine.TargetInput{Path: "$.detail"}, `{"id":7,"name":"a \"b\"","items":[1,{"n":"x"}]}`},
		{engine.TargetInput{Path: "$.detail.items[1].n"}, `"x"`},
		{engine.TargetInput{Path: "$.detail.items[2]"}, `null`},
		{engine.TargetInput{Path: "$.detail..id"}, `null`},
		{engine.TargetInput{Template: `{"id":<id>,"of":<from>,"second":<second>,"said":"<name>, \"<id>\"","x":<y}`, Paths: paths}, `{"id":7,"of":"shop","second":{"n":"x"},"said":"a "b", \"7\"","x":<y}`},
		{engine.TargetInput{Template: `"<second> by <aws.events.rule-name><gone>" <what>`, Paths: paths}, `"{n:x} by Orders" <what>`},
		{engine.TargetInput{Template: `[<aws.events.rule-arn>,<aws.events.event.ingestion-time>]`}, `["arn:rule","2026-12-01T00:00:00Z"]`},
	} {
		s := inFront(t, engine.FrontConfig{ID: "Orders", Name: "Orders", ARN: "arn:rule", Kind: engine.FrontRule, Source: "shop", DetailType: "Order placed", Sends: []engine.Subscription{{ID: "t", Queue: "Jobs", Input: &x.in}}},
			engine.Traffic{Body: `{"id":7,"name":"a \"b\"","items":[1,{"n":"x"}]}`})
		if got := given(t, s, 1).Records[0].Body; got != x.want {
			t.Errorf("%+v: %s, not %s", x.in, got, x.want)
		}
	}
	s := inFront(t, engine.FrontConfig{ID: "Orders", Kind: engine.FrontRule, Source: "shop", Sends: []engine.Subscription{{ID: "t", Queue: "Jobs", Input: &engine.TargetInput{Template: `{"all":<aws.events.event.json>,"head":<aws.events.event>}`}}}}, engine.Traffic{Body: `{"id":1}`})
	var both struct {
		All  events.EventBridgeEvent
		Head map[string]any
	}
	if err := json.Unmarshal([]byte(given(t, s, 1).Records[0].Body), &both); err != nil || string(both.All.Detail) != `{"id":1}` || both.Head["source"] != "shop" || both.Head["detail"] != nil {
		t.Errorf("%v %+v", err, both)
	}
}
