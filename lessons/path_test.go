package lessons

import (
	"slices"
	"testing"
)

// The order of the lessons is one in which each comes after those that it needs, and
// each says what it teaches and what follows.
func TestPath(t *testing.T) {
	l := Builtin()
	var before []string
	for i, h := range l.Heads {
		for _, id := range h.After {
			if !slices.Contains(before, id) {
				t.Errorf("%s comes after %s, which is not before it", h.ID, id)
			}
		}
		before = append(before, h.ID)
		if len(h.After) == 0 && i > 0 {
			t.Errorf("%s does not say what it comes after", h.ID)
		}
		if len(h.Skills) == 0 || h.Truth == "" || h.NextWhy == "" && i+1 < len(l.Heads) {
			t.Errorf("%s: skills %v, truth %q, next %q", h.ID, h.Skills, h.Truth, h.NextWhy)
		}
		if h.Truth == h.WrongIdea {
			t.Errorf("%s tells its error as the truth", h.ID)
		}
	}
}
