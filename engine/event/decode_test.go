package event_test

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"esmlab/engine"
	"esmlab/engine/event"
)

// run plays a stream or table with one mapping and gives the events that its
// function got, and the simulation.
func run(t *testing.T, stream engine.StreamConfig, m engine.Settings, traffic []engine.Traffic, faults ...engine.Fault) (*engine.Sim, [][]byte) {
	t.Helper()
	stream.ID, stream.Name = "Orders", "Orders"
	stream.Retention = 24 * engine.Hour
	for i := range traffic {
		traffic[i].To, traffic[i].Shard, traffic[i].AtOnce, traffic[i].Per = "Orders", -1, true, 1
	}
	s, err := engine.New(&engine.Config{Seed: 3, Start: 1796083200_250000, For: engine.Hour, Region: "eu-central-1", Account: "111122223333",
		Concurrency: 1000, Chosen: engine.DefaultChosen(), Streams: []engine.StreamConfig{stream},
		Targets: []engine.TargetConfig{{ID: "Kept", Name: "Kept", Bucket: true}},
		Functions: []engine.FunctionConfig{{ID: "Ship", ARN: "arn:aws:lambda:eu-central-1:111122223333:function:Ship", RoleARN: "arn:aws:iam::111122223333:role/ShipRole",
			FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Takes: engine.Takes{Base: 100 * engine.Millisecond}, Reserved: -1}, Faults: faults}},
		Mappings: []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, UUID: "9b2c1f1e-0000-4000-8000-000000000001", Settings: m}},
		Traffic:  traffic})
	if err != nil {
		t.Fatal(err)
	}
	s.RunUntil(10 * engine.Minute)
	var got [][]byte
	for _, e := range s.Drain() {
		if e.Kind == engine.KindInvoke {
			got = append(got, event.Function(s, 0, e.Shard, e.Records, e.Window()))
		}
	}
	if len(got) == 0 {
		t.Fatal("the function was never called")
	}
	return s, got
}

// lossless decodes an event strictly into a type of aws-lambda-go and back: the
// same fields and values must come out.
func lossless(t *testing.T, raw []byte, into any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	back, err := json.Marshal(into)
	if err != nil {
		t.Fatal(err)
	}
	var was, is any
	if json.Unmarshal(raw, &was) != nil || json.Unmarshal(back, &is) != nil {
		t.Fatal("no JSON")
	}
	if !reflect.DeepEqual(plain(was), plain(is)) {
		t.Errorf("lost on the way:\n%s\n%s", raw, back)
	}
}

// plain leaves out what aws-lambda-go writes for a missing field.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, x := range v {
			if x = plain(x); x != nil && x != "" && x != false {
				out[name] = x
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	case float64: // its times are floats, a little off
		return math.Round(v*100) / 100
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	}
	return v
}

func TestDecodeKinesis(t *testing.T) {
	s, got := run(t, engine.StreamConfig{ARN: "arn:aws:kinesis:eu-central-1:111122223333:stream/Orders", StreamSettings: engine.StreamSettings{ShardCount: 2}}, engine.DefaultSettings(),
		[]engine.Traffic{{Count: 5, Keys: []string{"truck-7", "é\"<"}, Body: `{"temp": {n}, "of": "{key}"}`}})
	for _, raw := range got {
		var e events.KinesisEvent
		lossless(t, raw, &e)
		for _, r := range e.Records {
			if r.EventName != "aws:kinesis:record" || r.EventVersion != "1.0" || r.Kinesis.KinesisSchemaVersion != "1.0" ||
				r.EventID != "shardId-00000000000"+r.EventID[19:20]+":"+r.Kinesis.SequenceNumber || r.InvokeIdentityArn != s.Config().Functions[0].RoleARN {
				t.Errorf("%+v", r)
			}
			if at := r.Kinesis.ApproximateArrivalTimestamp.Round(time.Millisecond).UnixMilli(); at != 1796083200250 {
				t.Errorf("it arrived at %d", at)
			}
			if !strings.HasPrefix(string(r.Kinesis.Data), `{"temp": `) || !strings.Contains(string(r.Kinesis.Data), r.Kinesis.PartitionKey) {
				t.Errorf("its data is %s", r.Kinesis.Data)
			}
		}
	}
}

const tableARN = "arn:aws:dynamodb:eu-central-1:111122223333:table/Orders/stream/2026-12-01T00:00:00.000"

func TestDecodeDynamoDB(t *testing.T) {
	body := `{"qty":{n},"note":"n{n}","ok":true,"none":null,"tags":["a",1],"deep":{"x":1.5}}`
	for view := engine.KeysOnly; view <= engine.NewAndOldImages; view++ {
		_, got := run(t, engine.StreamConfig{Kind: engine.DynamoDB, View: view, KeyName: "pk", ARN: tableARN}, engine.DefaultSettings(), []engine.Traffic{
			{At: 0, Keys: []string{"order-1"}, Body: body}, {At: engine.Second, Keys: []string{"order-1"}, Body: body},
			{At: 2 * engine.Second, Keys: []string{"order-1"}, Op: engine.WriteRemove}, {At: 3 * engine.Second, Keys: []string{"order-2"}, Body: body},
			{At: 4 * engine.Second, Keys: []string{"order-2"}, Op: engine.WriteTTL}})
		var all []events.DynamoDBEventRecord
		for _, raw := range got {
			var e events.DynamoDBEvent
			lossless(t, raw, &e)
			all = append(all, e.Records...)
		}
		if len(all) != 5 {
			t.Fatalf("%d records", len(all))
		}
		for i, r := range all {
			hasNew, hasOld := i == 0 || i == 1 || i == 3, i == 1 || i == 2 || i == 4
			if got, want := len(r.Change.NewImage) > 0, hasNew && (view == engine.NewImage || view == engine.NewAndOldImages); got != want {
				t.Errorf("%s, record %d: NewImage %t", view, i, got)
			}
			if got, want := len(r.Change.OldImage) > 0, hasOld && (view == engine.OldImage || view == engine.NewAndOldImages); got != want {
				t.Errorf("%s, record %d: OldImage %t", view, i, got)
			}
			if r.EventName != []string{"INSERT", "MODIFY", "REMOVE", "INSERT", "REMOVE"}[i] || r.EventVersion != "1.1" || r.Change.StreamViewType != view.String() {
				t.Errorf("%+v", r)
			}
			if (r.UserIdentity != nil) != (i == 4) || i == 4 && (r.UserIdentity.Type != "Service" || r.UserIdentity.PrincipalID != "dynamodb.amazonaws.com") {
				t.Errorf("record %d: userIdentity %+v", i, r.UserIdentity)
			}
			if n := len(r.Change.SequenceNumber); n < 21 || n > 40 {
				t.Errorf("a sequence number of %d digits", n)
			}
			if i > 0 && r.Change.SequenceNumber <= all[i-1].Change.SequenceNumber {
				t.Error("sequence numbers do not grow")
			}
		}
	}
}

// TestSizeBytes is a recorded item: a key name of 16 bytes and a value of 11,
// counted for Keys and for NewImage.
func TestSizeBytes(t *testing.T) {
	_, got := run(t, engine.StreamConfig{Kind: engine.DynamoDB, View: engine.NewImage, KeyName: "my_partition_key", ARN: tableARN}, engine.DefaultSettings(),
		[]engine.Traffic{{Keys: []string{"hello world"}, Body: "{}"}})
	var e events.DynamoDBEvent
	lossless(t, got[0], &e)
	if n := e.Records[0].Change.SizeBytes; n != 54 {
		t.Errorf("SizeBytes %d, recorded was 54", n)
	}
	// The key in Keys and in the image, a name, and a byte for two digits and one
	// more; what the body has under the key's name is not the item's.
	_, got = run(t, engine.StreamConfig{Kind: engine.DynamoDB, View: engine.NewImage, KeyName: "pk", ARN: tableARN}, engine.DefaultSettings(),
		[]engine.Traffic{{Keys: []string{"k"}, Body: `{"n":123,"pk":"other"}`}})
	e = events.DynamoDBEvent{}
	lossless(t, got[0], &e)
	if c := e.Records[0].Change; c.SizeBytes != 3+3+1+3 || len(c.NewImage) != 2 || c.NewImage["pk"].String() != "k" {
		t.Errorf("SizeBytes %d of %v", c.SizeBytes, c.NewImage)
	}
}

// TestDecodeWindows decodes the events of a tumbling window. aws-lambda-go
// knows a state of texts only, so the handler here returns one.
func TestDecodeWindows(t *testing.T) {
	m := engine.DefaultSettings()
	m.TumblingWindowInSeconds = 10
	reply := engine.Fault{How: engine.HowReply, Reply: `{"state":{"truck-7":"42"}}`, Until: engine.Never}
	traffic := []engine.Traffic{{Keys: []string{"truck-7"}}, {At: 2 * engine.Second, Keys: []string{"truck-7"}}, {At: 12 * engine.Second, Keys: []string{"truck-7"}}}
	_, got := run(t, engine.StreamConfig{ARN: "arn:aws:kinesis:eu-central-1:111122223333:stream/Orders"}, m, traffic, reply)
	finals := 0
	for i, raw := range got {
		var e events.KinesisTimeWindowEvent
		lossless(t, raw, &e)
		if e.IsFinalInvokeForWindow {
			finals++
		}
		if e.ShardID != "shardId-000000000000" || e.Window.End.Sub(e.Window.Start.Time).Seconds() != 10 || i == 1 && e.State["truck-7"] != "42" || (len(e.Records) == 0) != e.IsFinalInvokeForWindow {
			t.Errorf("call %d: %s", i, raw)
		}
	}
	if finals != 2 {
		t.Errorf("%d final calls", finals)
	}
	_, got = run(t, engine.StreamConfig{Kind: engine.DynamoDB, View: engine.NewImage, KeyName: "pk", ARN: tableARN}, m, traffic, reply)
	for _, raw := range got {
		var e events.DynamoDBTimeWindowEvent
		lossless(t, raw, &e)
	}
}

// TestBucketObject looks into the object that a discarded batch leaves in a
// bucket: its payload is the event, as JSON text, of a table with both images.
func TestBucketObject(t *testing.T) {
	m := engine.DefaultSettings()
	m.MaximumRetryAttempts, m.OnFailure = 0, "Kept"
	fails := engine.Fault{How: engine.HowError, Until: engine.Never}
	object := func(source engine.StreamConfig) (key string, payload string) {
		s, got := run(t, source, m, []engine.Traffic{{Count: 2, Keys: []string{"a"}}}, fails)
		if len(s.Delivered(engine.FirstTarget)) != 1 {
			t.Fatal("nothing arrived")
		}
		d := &s.Discards[s.Delivered(engine.FirstTarget)[0]]
		var record struct{ Payload string }
		if err := json.Unmarshal(event.Failure(s, d), &record); err != nil {
			t.Fatal(err)
		}
		if record.Payload != string(got[0]) {
			t.Errorf("the payload is not a copy of the event:\n%s\n%s", record.Payload, got[0])
		}
		return event.ObjectKey(s, d), record.Payload
	}
	key, _ := object(engine.StreamConfig{ARN: "arn:aws:kinesis:eu-central-1:111122223333:stream/Orders"})
	head, id, _ := strings.Cut(key, "2026-12-01T00.00.00-")
	if head != "aws/lambda/9b2c1f1e-0000-4000-8000-000000000001/shardId-000000000000/2026/12/01/" || len(id) != 36 {
		t.Errorf("its key is %s", key)
	}
	_, payload := object(engine.StreamConfig{Kind: engine.DynamoDB, View: engine.NewAndOldImages, KeyName: "pk", ARN: tableARN})
	if n := strings.Count(payload, `"OldImage"`); n != 1 {
		t.Errorf("%d old images in %s", n, payload)
	}
}

// TestFailureQualified: a mapping of an alias tells in its failure record which
// version was executed.
func TestFailureQualified(t *testing.T) {
	s, _ := play(t, engine.Minute, func(c *engine.Config) {
		fails(engine.HowError)(c)
		c.Mappings[0].Qualifier, c.Mappings[0].Version = "live", "7"
	})
	got, _ := failure(t, s)
	for _, want := range []string{`"functionArn":"arn:aws:lambda:eu-central-1:111122223333:function:ship:live"`, `"executedVersion":"7"`} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

// TestEventSize: the engine measures an event without writing it, to the byte.
func TestEventSize(t *testing.T) {
	body := `{"qty":{n},"note":"é \\"{key}\\"","deep":{"x":1.5}}`
	for _, stream := range []engine.StreamConfig{{ARN: "arn:aws:kinesis:eu-central-1:111122223333:stream/Orders", StreamSettings: engine.StreamSettings{ShardCount: 2}},
		{Kind: engine.DynamoDB, View: engine.NewAndOldImages, KeyName: "pk", ARN: tableARN}} {
		s, got := run(t, stream, engine.DefaultSettings(), []engine.Traffic{{Count: 7, Keys: []string{"truck-7", "é\"<"}, Body: body}, {At: engine.Second + 20*engine.Millisecond, Keys: []string{"truck-7"}, Body: body}})
		size, records := 0, s.Streams[0].Records.Len()
		for n := 1; n <= records; n++ {
			size += s.EventSize(0, n)
		}
		total := 0
		for _, raw := range got {
			total += len(raw) - len(`{"Records":[]}`) + 1 // a comma less than records
		}
		if total -= records; total != size {
			t.Errorf("events of %d bytes measure %d", total, size)
		}
	}
}
