package cow_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"esmlab/engine/internal/cow"
)

// TestClones makes random writes to lists, clones and clones of clones, next to
// plain slices: no list sees the writes of another.
func TestClones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type pair struct {
			list  *cow.List[int]
			plain []int
		}
		all := []pair{{list: &cow.List[int]{}}}
		for range rapid.IntRange(1, 40).Draw(t, "commands") {
			p := &all[rapid.IntRange(0, len(all)-1).Draw(t, "which")]
			switch rapid.IntRange(0, 2).Draw(t, "command") {
			case 0:
				for i := range rapid.IntRange(1, 600).Draw(t, "more") {
					p.list.Append(i)
					p.plain = append(p.plain, i)
				}
			case 1:
				if n := len(p.plain); n > 0 {
					i, v := rapid.IntRange(0, n-1).Draw(t, "at"), rapid.Int().Draw(t, "value")
					*p.list.Mut(i), p.plain[i] = v, v
				}
			case 2:
				if len(all) < 6 {
					c := p.list.Clone()
					all = append(all, pair{&c, slices.Clone(p.plain)})
				}
			}
		}
		for k, p := range all {
			if p.list.Len() != len(p.plain) {
				t.Fatalf("list %d holds %d, not %d", k, p.list.Len(), len(p.plain))
			}
			for i, v := range p.plain {
				if *p.list.At(i) != v {
					t.Fatalf("list %d, element %d: %d, not %d", k, i, *p.list.At(i), v)
				}
			}
		}
	})
}
