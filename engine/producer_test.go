package engine_test

import (
	"testing"

	"pgregory.net/rapid"

	"esmlab/engine"
)

// A rate that changes puts record after record, as many as the area under it, and
// never one before the one in front of it.
func TestRates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := engine.Micros(0)
		var rates []engine.Rate
		for range rapid.IntRange(1, 5).Draw(t, "points") {
			rates = append(rates, engine.Rate{At: at, PerHour: rapid.Int64Range(0, 20).Draw(t, "rate") * 3600})
			at += engine.Micros(rapid.IntRange(1, 30).Draw(t, "length")) * engine.Second
		}
		row := engine.Traffic{To: "S", Until: engine.Never, Per: 1, Shard: -1, Producer: engine.Producer{Rates: rates}}
		if rapid.Bool().Draw(t, "repeats") {
			row.Repeat = at
		}
		cfg := engine.Config{For: 3 * at, Chosen: engine.DefaultChosen(), Streams: []engine.StreamConfig{{ID: "S", StreamSettings: engine.StreamSettings{ShardCount: 1, Retention: 24 * engine.Hour}}}, Traffic: []engine.Traffic{row}}
		s, err := engine.New(&cfg)
		if err != nil {
			t.Fatal(err)
		}
		s.RunUntil(at)
		area := 0.0
		for i, r := range rates {
			to, end := engine.Rate{PerHour: r.PerHour}, at
			if i+1 < len(rates) {
				to = rates[i+1]
				end = to.At
			}
			area += float64(r.PerHour+to.PerHour) / 2 / 3600 * (end - r.At).Seconds()
		}
		if n := float64(s.Streams[0].Records.Len()); n < area-1 || n > area+2 {
			t.Fatalf("%v records of %v", n, area)
		}
		s.RunUntil(3 * at)
		if n := float64(s.Streams[0].Records.Len()); row.Repeat > 0 && (n < 3*area-3 || n > 3*area+4) {
			t.Fatalf("%v records of %v in three rounds", n, 3*area)
		}
	})
}
