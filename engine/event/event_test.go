package event_test

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/event"
)

// play runs one shard with four records, put 100 ms apart from 0.25 s on, to
// an instant; change alters the Config before.
func play(t *testing.T, until engine.Micros, change func(*engine.Config)) (*engine.Sim, []engine.Event) {
	t.Helper()
	m := engine.MappingConfig{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: engine.DefaultSettings()}
	m.OnFailure = "Failures"
	m.MaximumRetryAttempts = 1
	m.MaximumBatchingWindowInSeconds = 1
	c := &engine.Config{Seed: 1, Start: 1796083200_000000, For: engine.Hour, Region: "eu-central-1", Account: "111122223333", Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Streams: []engine.StreamConfig{{ID: "Orders", Name: "orders", ARN: "arn:aws:kinesis:eu-central-1:111122223333:stream/orders", StreamSettings: engine.StreamSettings{ShardCount: 1, Retention: 24 * engine.Hour}}},
		Queues:  []engine.QueueConfig{{ID: "Failures", Name: "failures", ARN: "arn:aws:sqs:eu-central-1:111122223333:failures"}},
		Functions: []engine.FunctionConfig{{ID: "Ship", Name: "ship", ARN: "arn:aws:lambda:eu-central-1:111122223333:function:ship", RoleARN: "arn:aws:iam::111122223333:role/ship",
			FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Takes: engine.Takes{Base: 100 * engine.Millisecond}, Reserved: -1}}},
		Mappings: []engine.MappingConfig{m},
		Traffic:  []engine.Traffic{{To: "Orders", From: 250 * engine.Millisecond, Until: engine.Never, Count: 4, Every: 100 * engine.Millisecond, Per: 1, Keys: []string{"truck-7", "Lkw <ü>"}, Shard: -1, Body: `{"temp":{n},"of":"{key}"}`}}}
	if change != nil {
		change(c)
	}
	s, err := engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.RunUntil(until)
	return s, s.Drain()
}

func same(t *testing.T, got []byte, want string) {
	t.Helper()
	want = strings.ReplaceAll(strings.ReplaceAll(want, "\n", ""), "\t", "")
	if string(got) != want {
		t.Errorf("got\n%s\nnot\n%s", got, want)
	}
	if !json.Valid(got) {
		t.Error("this is not JSON")
	}
}

// TestKinesisEvent pins the event of a Kinesis mapping (S-9.1):
// its fields, their order, times with milliseconds, data in base64.
func TestKinesisEvent(t *testing.T) {
	s, _ := play(t, engine.Second, nil)
	same(t, event.Function(s, 0, 0, []int32{1, 2}, nil), `{"Records":[
{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"truck-7","sequenceNumber":"`+s.SequenceNumber(0, 1)+`",
"data":"`+base64.StdEncoding.EncodeToString([]byte(`{"temp":1,"of":"truck-7"}`))+`","approximateArrivalTimestamp":1796083200.25},
"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-000000000000:`+s.SequenceNumber(0, 1)+`","eventName":"aws:kinesis:record",
"invokeIdentityArn":"arn:aws:iam::111122223333:role/ship","awsRegion":"eu-central-1","eventSourceARN":"arn:aws:kinesis:eu-central-1:111122223333:stream/orders"},
{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"Lkw <ü>","sequenceNumber":"`+s.SequenceNumber(0, 2)+`",
"data":"`+base64.StdEncoding.EncodeToString([]byte(`{"temp":2,"of":"Lkw <ü>"}`))+`","approximateArrivalTimestamp":1796083200.35},
"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-000000000000:`+s.SequenceNumber(0, 2)+`","eventName":"aws:kinesis:record",
"invokeIdentityArn":"arn:aws:iam::111122223333:role/ship","awsRegion":"eu-central-1","eventSourceARN":"arn:aws:kinesis:eu-central-1:111122223333:stream/orders"}]}`)
}

// TestTumblingEvent pins what a tumbling window adds (S-9.5).
func TestTumblingEvent(t *testing.T) {
	s, _ := play(t, engine.Second, nil)
	w := &engine.Window{Start: 1796083200_000000, End: 1796083320_000000, State: `{"truck-7":42}`, Final: true}
	same(t, event.Function(s, 0, 0, nil, w), `{"Records":[],"window":{"start":"2026-12-01T00:00:00Z","end":"2026-12-01T00:02:00Z"},"state":{"truck-7":42},
"shardId":"shardId-000000000000","eventSourceARN":"arn:aws:kinesis:eu-central-1:111122223333:stream/orders","isFinalInvokeForWindow":true,"isWindowTerminatedEarly":false}`)
}

// TestSequenceNumbers: 56 digits, growing with the place in the shard (S-E44).
func TestSequenceNumbers(t *testing.T) {
	s, _ := play(t, engine.Second, nil)
	last := new(big.Int)
	for n := 1; n <= 4; n++ {
		text := s.SequenceNumber(0, n)
		if !regexp.MustCompile(`^49\d{54}$`).MatchString(text) {
			t.Errorf("%q is not a sequence number", text)
		}
		now, _ := new(big.Int).SetString(text, 10)
		if now.Cmp(last) <= 0 {
			t.Errorf("#%d does not come after #%d", n, n-1)
		}
		last = now
	}
	if s.SequenceNumber(0, 5) != "" || s.SequenceNumber(0, 0) != "" {
		t.Error("a record that was not put has a sequence number")
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// failure gives the first failure record that a run leaves, and its request id.
func failure(t *testing.T, s *engine.Sim) (record []byte, id string) {
	t.Helper()
	if len(s.Discards) == 0 {
		t.Fatal("nothing was discarded")
	}
	record = event.Failure(s, &s.Discards[0])
	var v struct {
		RequestContext struct{ RequestID string }
	}
	if err := json.Unmarshal(record, &v); err != nil {
		t.Fatal(err)
	}
	if id = v.RequestContext.RequestID; !uuid.MatchString(id) {
		t.Errorf("%q is not a UUID", id)
	}
	return record, id
}

func fails(how engine.How) func(*engine.Config) {
	return func(c *engine.Config) {
		c.Functions[0].Faults = []engine.Fault{{Name: "bad", How: how, Until: engine.Never}}
	}
}

// TestFailureRecord pins the record of a batch whose retries are used up (S-9.3),
// in the order that was recorded on AWS.
func TestFailureRecord(t *testing.T) {
	s, _ := play(t, engine.Minute, fails(engine.HowError))
	got, id := failure(t, s)
	// the read of 1 s comes after the end of the first window: the batch closes
	// at 2 s, its tries end at 2.1 and 2.7 s
	same(t, got, `{"requestContext":{"requestId":"`+id+`","functionArn":"arn:aws:lambda:eu-central-1:111122223333:function:ship","condition":"RetryAttemptsExhausted","approximateInvokeCount":2},
"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},"version":"1.0","timestamp":"2026-12-01T00:00:02.700Z",
"KinesisBatchInfo":{"shardId":"shardId-000000000000","startSequenceNumber":"`+s.SequenceNumber(0, 1)+`","endSequenceNumber":"`+s.SequenceNumber(0, 4)+`",
"approximateArrivalOfFirstRecord":"2026-12-01T00:00:00.250Z","approximateArrivalOfLastRecord":"2026-12-01T00:00:00.550Z","batchSize":4,"streamArn":"arn:aws:kinesis:eu-central-1:111122223333:stream/orders"}}`)
}

// TestFailureReported: where batchItemFailures was the cause, functionError is
// there and null (S-E21).
func TestFailureReported(t *testing.T) {
	s, _ := play(t, engine.Minute, func(c *engine.Config) {
		fails(engine.HowReport)(c)
		c.Mappings[0].ReportBatchItemFailures = true
	})
	got, _ := failure(t, s)
	if want := `"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":null},`; !strings.Contains(string(got), want) {
		t.Errorf("no %s in %s", want, got)
	}
}

// TestFailureAge: a record given up for its age has no responseContext (S-E20),
// and n + 1 for n invocations (S-E19); each has a request id of its own.
func TestFailureAge(t *testing.T) {
	s, _ := play(t, 2*engine.Minute, func(c *engine.Config) {
		c.Functions[0].Reserved = 0
		c.Mappings[0].MaximumRecordAgeInSeconds = 60
		c.Mappings[0].BatchSize = 2
	})
	got, id := failure(t, s)
	if strings.Contains(string(got), "responseContext") || !strings.Contains(string(got), `"condition":"RecordAgeExceeded","approximateInvokeCount":1},"version":"1.0","timestamp":`) {
		t.Errorf("got %s", got)
	}
	var other struct {
		RequestContext struct{ RequestID string }
	}
	if err := json.Unmarshal(event.Failure(s, &s.Discards[1]), &other); err != nil {
		t.Fatal(err)
	}
	if other.RequestContext.RequestID == id {
		t.Error("two failure records have the same request id")
	}
}
