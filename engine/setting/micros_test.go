package setting_test

import (
	"testing"

	"esmlab/engine/setting"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]setting.Micros{"0 s": 0, "7 us": 7, "200 us": 200, "12.5 ms": 12500, "0.5 s": setting.Second / 2, "8 s": 8 * setting.Second,
		"90 s": 90 * setting.Second, "2 min": 2 * setting.Minute, "96 h": 96 * setting.Hour} {
		if got := m.Words(); got != want {
			t.Errorf("%d: got %q, want %q", m, got, want)
		}
	}
}
