package engine_test

import (
	"encoding/json"
	"testing"

	"esmlab/engine"
)

// TestForwardedEvents: an event that Lambda stops lies in the function's own DLQ with
// the size that it has, however many such events it holds, until it is too large for the
// queue; the memory that the loop takes does not grow with it.
func TestForwardedEvents(t *testing.T) {
	t.Parallel()
	m := engine.DefaultSettings()
	m.BatchSize, m.MaximumBatchingWindowInSeconds = 100, 3 // what is sent on is in one batch with what will be
	queue := engine.DefaultQueueSettings()
	queue.VisibilityTimeout = 5
	for _, record := range []bool{false, true} {
		s, err := engine.New(&engine.Config{Seed: 1, For: engine.Hour, Concurrency: 10, Chosen: engine.DefaultChosen(),
			Queues: []engine.QueueConfig{{ID: "Jobs", QueueSettings: queue}},
			Functions: []engine.FunctionConfig{{ID: "Work", Sends: "Jobs", FunctionSettings: engine.FunctionSettings{Timeout: engine.Second, Takes: engine.Takes{Base: 100 * engine.Millisecond}, Reserved: -1},
				Async: []engine.AsyncDestination{{To: "Jobs", Record: record}}}},
			Mappings: []engine.MappingConfig{{ID: "WorkJobs", Source: "Jobs", Function: "Work", Enabled: true, Settings: m}},
			Traffic:  []engine.Traffic{{To: "Jobs", Per: 1, Every: 300 * engine.Millisecond, Until: engine.Never, Body: `{"say": "\"\\\u0001 é"}`}}})
		if err != nil {
			t.Fatal(err)
		}
		deepest, failed, largest := 0, 0, int32(0)
		for failed == 0 && s.Now() < 10*engine.Minute && s.Step() {
			for _, e := range s.Drain() {
				switch e.Kind {
				case engine.KindForwardFailed:
					failed++
				case engine.KindForward:
					if s.Message(e.Record).Bytes < largest*3/2 {
						continue
					}
					largest = s.Message(e.Record).Bytes
					body := s.Body(e.Record)
					if n := int(s.Message(e.Record).Bytes); n != len(body) || n > 1<<20 {
						t.Fatalf("%s: %d bytes are told, it has %d", s.MessageLabel(e.Record), n, len(body))
					}
					deepest = max(deepest, nesting(t, body))
				}
			}
		}
		if deepest < 6 || failed == 0 {
			t.Errorf("at %s: %d events in each other, %d too large", s.Now(), deepest, failed)
		}
	}
}

// nesting counts the events that are in each other.
func nesting(t *testing.T, body []byte) int {
	var event struct {
		RequestPayload json.RawMessage `json:"requestPayload"`
		Records        []struct{ Body string }
	}
	if err := json.Unmarshal(body, &event); err != nil {
		t.Fatalf("%v in %.200s", err, body)
	}
	if event.RequestPayload != nil {
		return nesting(t, event.RequestPayload)
	}
	if len(event.Records) == 0 {
		return 0
	}
	deepest := 0
	for _, r := range event.Records {
		deepest = max(deepest, nesting(t, []byte(r.Body)))
	}
	return deepest + 1
}
