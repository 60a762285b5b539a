package engine_test

import (
	"testing"

	"esmlab/engine"
)

// Puts that are carried out together are at the same places as those that are carried out
// one by one: what is done at an instant comes after as many tasks.
func TestPutsTogether(t *testing.T) {
	t.Parallel()
	row := func(from, until engine.Micros) engine.Traffic {
		return engine.Traffic{To: "Orders", From: from, Until: until, Every: 7 * engine.Millisecond, Per: 3, Keys: []string{"k1", "k2"}, Shard: -1}
	}
	begin := func() *engine.Sim {
		s, err := engine.New(&engine.Config{Seed: 1, For: engine.Minute, Concurrency: 1000, Chosen: engine.DefaultChosen(),
			Streams: []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: 2, Retention: 24 * engine.Hour}}},
			Traffic: []engine.Traffic{row(0, 40*engine.Millisecond), row(0, engine.Never), row(100*engine.Millisecond, 200*engine.Millisecond)}})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	together, single := begin(), begin()
	for at := engine.Micros(0); at <= 300*engine.Millisecond; at += 777 {
		together.RunUntil(at)
		for single.NextAt() <= at {
			single.Step()
		}
		if last := single.Now(); together.Steps() != single.Steps() || together.Emitted() != single.Emitted() || last == at && together.Tick() != single.Tick() {
			t.Fatalf("at %s: %d tasks, %d events, place %d, not %d, %d, %d", at, together.Steps(), together.Emitted(), together.Tick(), single.Steps(), single.Emitted(), single.Tick())
		}
	}
	for i := range 200 { // at the instants of the puts themselves
		s, one := begin(), begin()
		at := engine.Micros(i) * 7 * engine.Millisecond / 3
		s.RunUntil(at)
		for one.NextAt() <= at {
			one.Step()
		}
		if s.Tick() != one.Tick() || s.Steps() != one.Steps() {
			t.Errorf("put %d, at %s, has place %d of %d tasks, not %d of %d", i, at, s.Tick(), s.Steps(), one.Tick(), one.Steps())
		}
	}
}
