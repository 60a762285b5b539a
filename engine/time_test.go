package engine_test

import (
	"strconv"
	"testing"
	"time"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// TestMicros: seconds are written exactly, without needless zeros.
func TestMicros(t *testing.T) {
	for m, want := range map[engine.Micros]string{0: "0", 1: "0.000001", 100_000: "0.1", 19_100_000: "19.1", 60_000_000: "60", 1_020_304: "1.020304", -1_500_000: "-1.5"} {
		if got := m.String(); got != want {
			t.Errorf("%d µs is written %s, not %s", int64(m), got, want)
		}
	}
}

// TestISO compares with the standard library over 800 years.
func TestISO(t *testing.T) {
	for us := int64(0); us < 800*365*86_400_000_000; us += 7_777_777_777_777 {
		at := time.UnixMicro(us).UTC()
		if got, want := engine.ISO(us, true), at.Format("2006-01-02T15:04:05.000Z"); got != want {
			t.Fatalf("%s, not %s", got, want)
		}
		if got, want := engine.ISO(us, false), at.Format("2006-01-02T15:04:05Z"); got != want {
			t.Fatalf("%s, not %s", got, want)
		}
	}
	leap := time.Date(2028, 2, 29, 23, 59, 59, 999_000_000, time.UTC)
	if got := engine.ISO(leap.UnixMicro(), true); got != "2028-02-29T23:59:59.999Z" {
		t.Error(got)
	}
}

// TestManyAtOneInstant: 8,000 shards that three mappings read all have something
// to do at the same instant. That is much, and no loop: time goes on (SIM-STOP-1).
func TestManyAtOneInstant(t *testing.T) {
	const shards = 8000
	c := &engine.Config{Seed: 1, For: 2 * engine.Second, Concurrency: 1000, Chosen: engine.DefaultChosen(),
		Streams: []engine.StreamConfig{{ID: "Orders", StreamSettings: engine.StreamSettings{ShardCount: shards, Retention: 24 * engine.Hour}}}}
	for _, id := range []string{"A", "B", "C"} {
		c.Functions = append(c.Functions, engine.FunctionConfig{ID: id, FunctionSettings: setting.NewFunction()})
		c.Mappings = append(c.Mappings, engine.MappingConfig{ID: "M" + id, Source: "Orders", Function: id, Enabled: true, Settings: engine.DefaultSettings()})
	}
	row := engine.Traffic{To: "Orders", AtOnce: true, At: engine.Second, Count: 3 * shards, Shard: -1}
	for k := range row.Count {
		row.Keys = append(row.Keys, strconv.Itoa(k))
	}
	c.Traffic = append(c.Traffic, row)
	s, err := engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.Keep(false)
	s.RunUntil(2 * engine.Second)
	if r := s.Stopped(); r != nil {
		t.Error(r)
	}
}
