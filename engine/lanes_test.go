package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// TestLanesAreUsed: as many keys are worked on at a time as there are lanes,
// whatever the keys are called; a key has one invocation at a time, its records
// come in order, and no lane has nothing to do while a key waits behind a batch
// that it is not in.
func TestLanesAreUsed(t *testing.T) {
	t.Parallel()
	seeds := 2000
	if testing.Short() {
		seeds = 150
	}
	for seed := range seeds + 1 {
		if seed == seeds {
			seed = 292 // one of the few in which idle lanes that nobody feeds show
		}
		if text := usesLanes(t, uint64(seed)); text != "" {
			t.Errorf("seed %d: %s", seed, text)
		}
	}
}

// usesLanes draws a shard with lanes and follows it to its end. It returns what
// does not hold.
func usesLanes(t *testing.T, seed uint64) string {
	draw := rand.New(rand.NewPCG(seed, 1))
	of := func(values ...int) int { return values[draw.IntN(len(values))] }
	c := &engine.Config{Seed: seed, For: engine.Hour, Start: 1796083200_000000, Concurrency: 1000, Chosen: engine.DefaultChosen()}
	f := engine.FunctionConfig{ID: "F", FunctionSettings: setting.NewFunction()}
	f.Takes.Base, f.Timeout = engine.Micros(of(50, 700, 2000))*engine.Millisecond, engine.Minute
	c.Streams = []engine.StreamConfig{{ID: "S", StreamSettings: setting.NewStream()}}
	m := engine.MappingConfig{ID: "M", Source: "S", Function: "F", Enabled: true, Settings: engine.DefaultSettings()}
	m.ParallelizationFactor, m.BatchSize, m.MaximumBatchingWindowInSeconds = of(2, 3, 4, 7, 10), of(1, 1, 2, 5), of(0, 0, 0, 3)
	row := engine.Traffic{To: "S", Until: engine.Never, Per: 1, Count: 150, Shard: -1, AtOnce: draw.IntN(2) == 0, Random: draw.IntN(2) == 0}
	row.Every = engine.Micros(of(20, 150, 600)) * engine.Millisecond
	keys := of(1, 2, 3, 5, 10, 40)
	for range keys {
		row.Keys = append(row.Keys, fmt.Sprint("k", draw.Uint32()))
	}
	if draw.IntN(2) == 0 {
		f.Faults = append(f.Faults, engine.Fault{Name: "slow", Keys: row.Keys[:1], How: engine.HowSlow, Takes: engine.Takes{Base: 10 * engine.Second}, Until: engine.Never})
	}
	if draw.IntN(2) == 0 {
		f.Faults = append(f.Faults, engine.Fault{Name: "poison", Records: []engine.Label{{Source: "S", N: 1 + draw.IntN(20)}}, How: engine.HowError, Until: engine.Never})
		m.MaximumRetryAttempts, m.BisectBatchOnFunctionError = of(3, 5), draw.IntN(2) == 0
	}
	f.Reserved = of(-1, -1, max(1, m.ParallelizationFactor/2))
	c.Functions, c.Mappings, c.Traffic = []engine.FunctionConfig{f}, []engine.MappingConfig{m}, []engine.Traffic{row}
	s, err := engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	it := &s.Mappings[0].Iterators
	newest, has, batch := map[int32]int32{}, map[int32]int32{}, engine.Micros(-1)
	for s.NextAt() < c.For && s.Mappings[0].Counts.States[engine.StateDone]+s.Mappings[0].Counts.States[engine.StateDiscarded] < int64(row.Count) {
		s.Step()
		for _, e := range s.Drain() {
			switch e.Kind {
			case engine.KindBatch:
				batch = s.Now()
			case engine.KindInvoke:
				for _, n := range e.Records {
					key := s.Streams[0].Records.At(int(n) - 1).Key
					if by := has[key]; by != 0 && by != e.Invocation {
						return fmt.Sprintf("%s: invocations %d and %d both have key %d", s.Now(), by, e.Invocation, key)
					}
					if s.Deliveries(0, int(n)) == 1 {
						if n <= newest[key] {
							return fmt.Sprintf("%s: record %d of key %d comes after %d", s.Now(), n, key, newest[key])
						}
						newest[key] = n
					}
					has[key] = e.Invocation
				}
			case engine.KindReturn:
				for key, by := range has {
					if by == e.Invocation {
						delete(has, key)
					}
				}
			}
		}
		if s.NextAt() == s.Now() || len(*it) == 0 {
			continue // the instant is not over
		}
		if row.AtOnce && !row.Random && f.Reserved < 0 && m.MaximumBatchingWindowInSeconds == 0 && s.Functions[0].Invocations == int64(s.Functions[0].Running) && len(has) > 0 && int(s.Functions[0].Running) != min(keys, m.ParallelizationFactor) {
			return fmt.Sprintf("%s: %d invocations of %d keys in %d lanes at first", s.Now(), s.Functions[0].Running, keys, m.ParallelizationFactor)
		}
		if key, lane := behindOthers(s, &(*it)[0]); lane != nil && hasIdle(&(*it)[0]) {
			return fmt.Sprintf("%s: a lane has nothing, and key %d waits behind a batch that it is not in", s.Now(), key)
		} else if lane != nil && lane.Blocked && lane.BlockedAt < s.Now() && batch == s.Now() {
			return fmt.Sprintf("%s: a lane takes a batch, and key %d waits behind a blocked one that it is not in", s.Now(), key)
		}
	}
	for n := range row.Count {
		if got := s.RecordState(0, n+1); got != engine.StateDone && got != engine.StateDiscarded {
			return fmt.Sprintf("after an hour record %d is %v", n+1, got)
		}
	}
	return ""
}

func hasIdle(it *engine.Iterator) bool {
	for i := range it.Lanes {
		if l := &it.Lanes[i]; l.Phase == engine.PhaseIdle && len(l.Waiting()) == 0 {
			return true
		}
	}
	return false
}

// behindOthers finds a key that waits behind a batch that it is not in, and the
// lane of that batch, a blocked one if there is one.
func behindOthers(s *engine.Sim, it *engine.Iterator) (key int32, lane *engine.Lane) {
	for i := range it.Lanes {
		l := &it.Lanes[i]
		if !slices.IsSorted(l.Waiting()) {
			panic("what waits for a lane is out of order")
		}
		if l.Phase <= engine.PhaseGather {
			continue
		}
		held := map[int32]bool{}
		for _, n := range l.Records {
			held[s.Streams[0].Records.At(int(n)-1).Key] = true
		}
		for _, n := range l.Waiting() {
			if k := s.Streams[0].Records.At(int(n) - 1).Key; !held[k] && (lane == nil || l.Blocked) {
				key, lane = k, l
			}
		}
	}
	return key, lane
}
