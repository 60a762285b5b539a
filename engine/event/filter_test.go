package event_test

import (
	"encoding/json"
	"testing"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/pattern"
)

// everything is a filter that looks at all keys of a record and matches none:
// what filters see of the record is then all of it.
func everything(t *testing.T, keys []string) *pattern.Criteria {
	t.Helper()
	p := map[string][]string{}
	for _, k := range keys {
		p[k] = []string{"no such value"}
	}
	src, _ := json.Marshal(p)
	c, err := pattern.NewCriteria([]string{string(src)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestFiltersSeeTheEvent: what filters see of a record is what the function's
// event has. Of a Kinesis record, what is inside "kinesis" stands beside the
// other keys, and data is decoded.
func TestFiltersSeeTheEvent(t *testing.T) {
	for name, change := range map[string]func(*engine.Config){
		"kinesis": nil,
		"fan-out": func(c *engine.Config) { c.Mappings[0].Consumer = "Reader" },
		"table": func(c *engine.Config) {
			c.Streams[0] = engine.StreamConfig{ID: "Orders", ARN: "arn:aws:dynamodb:eu-central-1:111122223333:table/orders/stream/x", Kind: engine.DynamoDB,
				View: engine.NewAndOldImages, KeyName: "id", StreamSettings: engine.StreamSettings{ShardCount: 1, Retention: 24 * engine.Hour}}
			c.Traffic[0].Body = `{"n":{n},"tags":["a",{"b":null}],"ok":true,"of":"{key}"}`
			c.Traffic[0].Keys = []string{"truck-7"}
			ttl := c.Traffic[0]
			ttl.From, ttl.Count, ttl.Op = engine.Second, 1, engine.WriteTTL
			c.Traffic = append(c.Traffic, ttl)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := play(t, 2*engine.Second, change)
			records := s.Streams[0].Records.Len()
			for n := 1; n <= records; n++ {
				var in struct{ Records []map[string]any }
				if err := json.Unmarshal(event.Function(s, 0, 0, []int32{int32(n)}, nil), &in); err != nil {
					t.Fatal(err)
				}
				want := in.Records[0]
				if own, ok := want["kinesis"].(map[string]any); ok {
					delete(want, "kinesis")
					for k, v := range own {
						want[k] = v
					}
					data, _ := pattern.Decode(s.Payload(0, n))
					want["data"] = data
				}
				var keys []string
				for k := range want {
					keys = append(keys, k)
				}
				r, v, ok := s.WhyFiltered(0, n, everything(t, keys))
				if !ok || v.Match {
					t.Fatalf("#%d: %+v %v", n, v, ok)
				}
				got, _ := json.Marshal(r.Doc)
				expect, _ := json.Marshal(want)
				if string(got) != string(expect) {
					t.Errorf("#%d: filters see\n%s\nthe event has\n%s", n, got, expect)
				}
			}
		})
	}
}
