package scenario

import (
	"slices"
	"testing"
)

// Each built-in scenario stands on one shelf.
func TestShelves(t *testing.T) {
	var all []string
	for _, s := range Shelves() {
		all = append(all, s.Scenarios...)
	}
	slices.Sort(all)
	want := slices.Sorted(slices.Values(Names()))
	if !slices.Equal(all, want) {
		t.Errorf("on the shelves stand\n%v, not\n%v", all, want)
	}
}
