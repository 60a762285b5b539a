package engine_test

import (
	"testing"

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
