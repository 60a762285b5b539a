package random_test

import (
	"regexp"
	"testing"

	"esmlab/engine/internal/random"
)

// TestPinned holds what a seed means: other values would change every saved
// run and link.
func TestPinned(t *testing.T) {
	t.Parallel()
	if got := random.Draw(1, 2, 3, 4); got != 0xd55ccd4aeb3ccafb {
		t.Errorf("Draw(1, 2, 3, 4) = %#x", got)
	}
	if got := random.UUID(1, 2, 3, 4); got != "36c68843-47b6-4fd7-8b80-479a60c2324f" {
		t.Errorf("UUID(1, 2, 3, 4) = %s", got)
	}
}

func TestUUIDIsVersion4(t *testing.T) {
	t.Parallel()
	v4 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for n := range uint64(1000) {
		id := random.UUID(7, 1, 2, n)
		if !v4.MatchString(id) || seen[id] {
			t.Fatalf("UUID %d: %s (seen before: %t)", n, id, seen[id])
		}
		seen[id] = true
	}
}

// TestUniform counts draws in ten equal ranges.
func TestUniform(t *testing.T) {
	t.Parallel()
	const draws = 100_000
	var below, unit [10]int
	for n := range uint64(draws) {
		b := random.Draw(1, 1, 1, n)
		below[random.Below(b, 10)]++
		unit[int(random.Float64(b)*10)]++
	}
	for i := range 10 {
		for _, got := range []int{below[i], unit[i]} {
			if got < draws/10*95/100 || got > draws/10*105/100 {
				t.Errorf("range %d: %d of %d draws", i, got, draws)
			}
		}
	}
}
