package engine_test

import (
	"fmt"
	"testing"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// TestSlotsAreShared: where a function has fewer slots than batches, every
// shard gets its share of them, and no slot is idle for long.
func TestSlotsAreShared(t *testing.T) {
	t.Parallel()
	for _, shards := range []int{2, 3, 4, 7, 12} {
		for _, factor := range []int{1, 2, 4} {
			for _, slots := range []int{1, 2, 3, 5} {
				if slots >= shards*factor || testing.Short() && (shards+factor+slots)%7 != 0 {
					continue
				}
				for _, load := range []string{"all at once", "as it comes"} {
					name := fmt.Sprintf("%d shards, factor %d, %d slots, %s", shards, factor, slots, load)
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						sharesSlots(t, shards, factor, slots, load == "all at once")
					})
				}
			}
		}
	}
}

func sharesSlots(t *testing.T, shards, factor, slots int, backlog bool) {
	const length = 300 * engine.Second
	c := &engine.Config{Seed: 1, For: engine.Hour, Start: 1796083200_000000, Concurrency: 1000, Chosen: engine.DefaultChosen()}
	f := engine.FunctionConfig{ID: "F", FunctionSettings: setting.NewFunction()}
	f.Reserved, f.Takes.Base = slots, 900*engine.Millisecond
	c.Functions = []engine.FunctionConfig{f}
	st := engine.StreamConfig{ID: "S", StreamSettings: setting.NewStream()}
	st.ShardCount = shards
	c.Streams = []engine.StreamConfig{st}
	m := engine.MappingConfig{ID: "M", Source: "S", Function: "F", Enabled: true, Settings: engine.DefaultSettings()}
	m.ParallelizationFactor = factor
	if backlog {
		m.BatchSize = 1
	}
	c.Mappings = []engine.MappingConfig{m}
	for shard := range shards {
		var keys []string
		for k := range 40 {
			keys = append(keys, fmt.Sprint("k", shard, "-", k))
		}
		row := engine.Traffic{To: "S", Until: engine.Never, Every: 50 * engine.Millisecond, Per: 1, Shard: shard, Keys: keys}
		if backlog {
			row.AtOnce, row.Count = true, 900
		}
		c.Traffic = append(c.Traffic, row)
	}
	sim, err := engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	sim.RunUntil(length)
	calls, all := make([]int, shards), 0
	for _, e := range sim.Drain() {
		if e.Kind == engine.KindInvoke {
			calls[e.Shard]++
			all++
		}
	}
	fair := all / shards
	for shard, n := range calls {
		if n < fair/3 {
			t.Errorf("shard %d was given %d of %d invocations, a fair share is %d: %v", shard, n, all, fair, calls)
		}
	}
	if most := slots * int(length/f.Takes.Base); backlog && all < most*4/5 {
		t.Errorf("%d invocations, %d had room", all, most)
	}
}

// TestReadsAreShared: of equal readers of a shard that answers fewer reads than
// they ask for, each is refused now and then, and none starves.
func TestReadsAreShared(t *testing.T) {
	t.Parallel()
	for _, w := range []struct {
		kind    engine.StreamKind
		readers int
		size    int
	}{{engine.DynamoDB, 3, 0}, {engine.DynamoDB, 4, 0}, {engine.DynamoDB, 7, 0}, {engine.Kinesis, 6, 0}, {engine.Kinesis, 9, 0}, {engine.Kinesis, 12, 1000}} {
		for seed := range uint64(3) {
			if testing.Short() && (seed > 0 || w.readers > 6) {
				continue
			}
			c := &engine.Config{Seed: seed, For: engine.Hour, Start: 1796083200_000000, Concurrency: 1000, Chosen: engine.DefaultChosen()}
			st := engine.StreamConfig{ID: "S", Kind: w.kind, View: engine.NewAndOldImages, KeyName: "pk", StreamSettings: setting.NewStream()}
			c.Streams = []engine.StreamConfig{st}
			for i := range w.readers {
				f := engine.FunctionConfig{ID: fmt.Sprint("F", i), FunctionSettings: setting.NewFunction()}
				c.Functions = append(c.Functions, f)
				c.Mappings = append(c.Mappings, engine.MappingConfig{ID: fmt.Sprint("M", i), Source: "S", Function: f.ID, Enabled: true, Settings: engine.DefaultSettings()})
			}
			c.Traffic = []engine.Traffic{{To: "S", Until: engine.Never, Every: 200 * engine.Millisecond, Per: 1, Shard: -1, Keys: []string{"a", "b", "c"}, Size: w.size}}
			sim, err := engine.New(c)
			if err != nil {
				t.Fatal(err)
			}
			sim.RunUntil(10 * engine.Minute)
			refused := make([]int, w.readers)
			for _, e := range sim.Drain() {
				if e.Kind == engine.KindReadThrottled {
					refused[e.Mapping]++
				}
			}
			for i := range sim.Mappings {
				if n := sim.Mappings[i].Counts.PolledEventCount; n < 2700 || refused[i] == 0 {
					t.Errorf("%d readers, kind %d, seed %d: %s got %d of 3000 records and was refused %d times", w.readers, w.kind, seed, c.Mappings[i].ID, n, refused[i])
				}
			}
		}
	}
}

// TestCatchingUp: a lone reader of a backlog of large records gets 2 MB a
// second: 10 MB, and the next 10 MB five seconds later.
func TestCatchingUp(t *testing.T) {
	t.Parallel()
	c := &engine.Config{Seed: 1, For: 100 * engine.Second, Start: 1796083200_000000, Concurrency: 1000, Chosen: engine.DefaultChosen()}
	c.Streams = []engine.StreamConfig{{ID: "S", StreamSettings: setting.NewStream()}}
	c.Functions = []engine.FunctionConfig{{ID: "F", FunctionSettings: setting.NewFunction()}}
	c.Mappings = []engine.MappingConfig{{ID: "M", Source: "S", Function: "F", Enabled: true, Settings: engine.DefaultSettings(), Activates: 100 * engine.Second}}
	c.Traffic = []engine.Traffic{{To: "S", Until: engine.Never, Every: 1100 * engine.Millisecond, Per: 1, Shard: -1, Size: 1_000_000}}
	sim, err := engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	sim.RunUntil(140 * engine.Second)
	var polls []engine.Micros
	for _, e := range sim.Drain() {
		switch e.Kind {
		case engine.KindPoll:
			polls = append(polls, e.At)
		case engine.KindReadThrottled:
			if text := e.Rule; text != "KIN-READ-1" {
				t.Errorf("at %s a read is refused by %s, with one reader and after 10 MB", e.At, text)
			}
		}
	}
	for i := 1; i < 6; i++ {
		if gap := polls[i] - polls[i-1]; gap != 5*engine.Second {
			t.Errorf("read %d came %s after the one before, not 5 s", i+1, gap.Words())
		}
	}
}
