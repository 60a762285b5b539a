package engine_test

import (
	"strings"
	"testing"

	"esmlab/engine"
)

// TestSixMegabytes: a batch whose event has exactly 6 MB is one batch, with one
// byte more it is two (MAP-BATCH-3).
func TestSixMegabytes(t *testing.T) {
	t.Parallel()
	// world has four records of 1 MB and a smaller one, to be read at once, and
	// gives how many bytes their event has.
	world := func(size, key int) (*engine.Sim, int) {
		const big = 1 << 20
		m := engine.DefaultSettings()
		s, err := engine.New(&engine.Config{Seed: 1, For: engine.Hour, Concurrency: 10, Start: 1796083200_000000, Chosen: engine.DefaultChosen(),
			Streams:   []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: 1, Retention: 24 * engine.Hour}}},
			Functions: []engine.FunctionConfig{{ID: "Ship", FunctionSettings: engine.FunctionSettings{Timeout: engine.Second, Reserved: -1}}},
			Mappings:  []engine.MappingConfig{{ID: "ShipOrders", Source: "Orders", Function: "Ship", Enabled: true, Settings: m, Activates: 10 * engine.Second}},
			Traffic: []engine.Traffic{{To: "Orders", Every: engine.Second, Per: 1, Count: 4, Until: engine.Never, Size: big, Keys: []string{"k"}, Shard: -1},
				{To: "Orders", At: 5 * engine.Second, AtOnce: true, Size: size, Keys: []string{strings.Repeat("k", key)}, Shard: -1}}})
		if err != nil {
			t.Fatal(err)
		}
		s.RunUntil(9 * engine.Second)
		total := len(`{"Records":[,,,,]}`)
		for n := 1; n <= 5; n++ {
			total += s.EventSize(0, n)
		}
		return s, total
	}
	_, small := world(1000, 1)
	size := 1000 + (6<<20-small)/4*3 // three bytes are four in base64
	for want := 6 << 20; want <= 6<<20+1; want++ {
		found := false
		for more := -6; more < 6 && !found; more++ {
			for key := 1; key < 6 && !found; key++ {
				s, total := world(size+more+key, key)
				if found = total == want; !found {
					continue
				}
				s.Drain()
				s.RunUntil(11 * engine.Second)
				var sizes []int
				for _, e := range s.Drain() {
					if e.Kind == engine.KindBatch {
						sizes = append(sizes, len(e.Records))
					}
				}
				if whole := len(sizes) == 1; whole != (want == 6<<20) {
					t.Errorf("%d bytes: batches of %v", total, sizes)
				}
			}
		}
		if !found {
			t.Errorf("no event of %d bytes was made", want)
		}
	}
}
