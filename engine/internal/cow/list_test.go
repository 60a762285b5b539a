package cow_test

import (
	"maps"
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
			list    *cow.List[int]
			plain   []int
			dropped map[int]bool
		}
		all := []pair{{list: &cow.List[int]{}, dropped: map[int]bool{}}}
		for range rapid.IntRange(1, 40).Draw(t, "commands") {
			p := &all[rapid.IntRange(0, len(all)-1).Draw(t, "which")]
			switch rapid.IntRange(0, 4).Draw(t, "command") {
			case 0:
				for i := range rapid.SampledFrom([]int{1, 300, 600, 20_000}).Draw(t, "more") {
					*p.list.Grow() += i // a new element is zero
					p.plain = append(p.plain, i)
				}
			case 4:
				n := len(p.plain) + rapid.SampledFrom([]int{-1, 0, 1, 255, 256, 700}).Draw(t, "fill")
				p.list.Fill(n, 7)
				for len(p.plain) < n {
					p.plain = append(p.plain, 7)
				}
			case 1:
				if n := len(p.plain); n > 0 {
					i, v := rapid.IntRange(0, n-1).Draw(t, "at"), rapid.Int().Draw(t, "value")
					if p.list.Holds(i) {
						*p.list.Mut(i), p.plain[i] = v, v
					}
				}
			case 2:
				if len(all) < 6 {
					c := p.list.Clone()
					all = append(all, pair{&c, slices.Clone(p.plain), maps.Clone(p.dropped)})
				}
			case 3: // a list is only dropped from where it is complete
				from := rapid.IntRange(0, len(p.plain)/cow.ChunkLen).Draw(t, "from")
				for c := from; c < from+80 && c < len(p.plain)/cow.ChunkLen; c++ {
					if !p.dropped[c] {
						p.list.Drop(c)
						p.dropped[c] = true
					}
				}
			}
		}
		for k, p := range all {
			if p.list.Len() != len(p.plain) {
				t.Fatalf("list %d holds %d, not %d", k, p.list.Len(), len(p.plain))
			}
			if n := (len(p.plain)+cow.ChunkLen-1)/cow.ChunkLen - len(p.dropped); p.list.Chunks() != n {
				t.Fatalf("list %d has %d chunks, not %d", k, p.list.Chunks(), n)
			}
			for i, v := range p.plain {
				if p.list.Holds(i) == p.dropped[i/cow.ChunkLen] {
					t.Fatalf("list %d, element %d: held is %v", k, i, p.list.Holds(i))
				}
				if !p.dropped[i/cow.ChunkLen] && *p.list.At(i) != v {
					t.Fatalf("list %d, element %d: %d, not %d", k, i, *p.list.At(i), v)
				}
			}
		}
	})
}

// TestFreeChunk: the chunk that a list has dropped is the next one of that list alone.
func TestFreeChunk(t *testing.T) {
	var a cow.List[int]
	for a.Len() < 2*cow.ChunkLen {
		a.Append(1)
	}
	a.Drop(0)
	b := a.Clone()
	a.Append(2)
	b.Append(3)
	if is, was := *a.At(2 * cow.ChunkLen), *b.At(2 * cow.ChunkLen); is != 2 || was != 3 {
		t.Errorf("the list holds %d, its clone %d", is, was)
	}
}
