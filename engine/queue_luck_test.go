package engine_test

import (
	"fmt"
	"slices"
	"testing"

	"esmlab/engine"
)

// TestLuckIsOfOneQueue: which messages come twice, and which deletions fail,
// does not depend on other queues, or on what they get.
func TestLuckIsOfOneQueue(t *testing.T) {
	const n = 40
	run := func(others []string, noise int) []string {
		cfg := &engine.Config{Seed: 3, For: engine.Hour, Concurrency: 1000, Chosen: engine.DefaultChosen()}
		work := engine.FunctionConfig{ID: "Work", FunctionSettings: engine.FunctionSettings{Reserved: -1, Timeout: 3 * engine.Second}}
		cfg.Functions = append(cfg.Functions, work)
		for _, id := range append([]string{"Jobs"}, others...) {
			q := engine.QueueConfig{ID: id, QueueSettings: engine.DefaultQueueSettings(), Duplicates: 0.3, FailedDeletes: 0.3}
			q.VisibilityTimeout = 5
			cfg.Queues = append(cfg.Queues, q)
			cfg.Mappings = append(cfg.Mappings, engine.MappingConfig{ID: "Work" + id, Source: id, Function: "Work", Enabled: true, Settings: engine.DefaultQueueMapping()})
		}
		for _, id := range others {
			for i := range noise {
				cfg.Traffic = append(cfg.Traffic, engine.Traffic{To: id, AtOnce: true, Count: 3, At: engine.Micros(i) * engine.Second / 2, Until: engine.Never, Per: 1})
			}
		}
		cfg.Traffic = append(cfg.Traffic, engine.Traffic{To: "Jobs", Every: engine.Second, Per: 1, Count: n, Until: engine.Never})
		s, err := engine.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		s.RunUntil(engine.Minute)
		var out []string
		for _, e := range s.Drain() {
			if e.Source < 0 && (e.Kind == engine.KindReappear || e.Kind == engine.KindDeleteFailed) && s.Config().Queues[e.Queue].ID == "Jobs" {
				line := fmt.Sprint(e.At, " ", e.Kind)
				for _, id := range e.Records {
					line += " " + s.MessageLabel(id)
				}
				out = append(out, line)
			}
		}
		return out
	}
	alone := run(nil, 0)
	if len(alone) < n/4 {
		t.Fatalf("too little happens to compare: %q", alone)
	}
	for _, c := range []struct {
		others []string
		noise  int
	}{{[]string{"Zoo"}, 0}, {[]string{"Another"}, 7}, {[]string{"Another", "Between", "Zoo"}, 20}} {
		if got := run(c.others, c.noise); !slices.Equal(got, alone) {
			t.Errorf("beside %v with %d puts Jobs has %q, alone %q", c.others, c.noise, got, alone)
		}
	}
}

// TestFilteredTwice: a message that comes twice is visible at once. A filter that drops
// it, and may not delete it, leaves it so. Here all pollers are busy then: two each with
// messages 1 and 2, and 3 and 4, and the last with 5, beside which it dropped 6.
func TestFilteredTwice(t *testing.T) {
	cfg := &engine.Config{Seed: 3, For: engine.Hour, Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Queues:    []engine.QueueConfig{{ID: "Jobs", QueueSettings: engine.DefaultQueueSettings(), Duplicates: 1}},
		Functions: []engine.FunctionConfig{{ID: "Work", FunctionSettings: engine.FunctionSettings{Reserved: -1, Timeout: 3 * engine.Second}}},
		Mappings: []engine.MappingConfig{{ID: "WorkJobs", Source: "Jobs", Function: "Work", Enabled: true, Settings: engine.DefaultQueueMapping(),
			Deny: []engine.Denial{{Action: "sqs:DeleteMessage"}}}},
		Traffic: []engine.Traffic{{To: "Jobs", AtOnce: true, Count: 6, Until: engine.Never, Per: 1}}}
	cfg.Mappings[0].BatchSize = 2
	cfg.Mappings[0].FilterCriteria = criteria(t, `{"body":{"n":[{"anything-but":[6]}]}}`)
	s, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for s.Queues[0].Received == 0 {
		if !s.Step() {
			t.Fatal("nothing is received")
		}
	}
	if got := s.RecordState(0, 6); s.Queues[0].Visible != 2 || got == engine.StateHidden {
		t.Errorf("with %d visible messages, of which it is one, message 6 is %s", s.Queues[0].Visible, got)
	}
}
