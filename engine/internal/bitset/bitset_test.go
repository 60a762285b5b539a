package bitset_test

import (
	"testing"

	"esmlab/engine/internal/bitset"
)

func TestSet(t *testing.T) {
	t.Parallel()
	var set bitset.Set
	if !set.Empty() || set.Next(200) != -1 {
		t.Error("a new set has members")
	}
	set.Remove(1000) // beyond its end: nothing happens
	for _, i := range []int32{0, 63, 64, 200} {
		set.Add(i)
	}
	for _, c := range []struct{ from, want int32 }{{0, 0}, {1, 63}, {63, 63}, {64, 64}, {65, 200}, {200, 200}, {201, -1}, {1000, -1}} {
		if got := set.Next(c.from); got != c.want {
			t.Errorf("Next(%d) = %d, want %d", c.from, got, c.want)
		}
	}
	for _, i := range []int32{63, 0, 200, 64} {
		set.Remove(i)
	}
	if !set.Empty() {
		t.Errorf("%d is still a member", set.Next(0))
	}
}
