package engine_test

import (
	"testing"
	"time"

	"esmlab/engine"
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
