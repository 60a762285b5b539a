package cow_test

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"esmlab/engine/internal/cow"
)

// TestSparse makes random writes to sparse lists and their clones, next to plain maps: no
// list sees the writes of another, and what was not written or was dropped is zero.
func TestSparse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type pair struct {
			list  *cow.Sparse[int]
			plain map[int]int
			first int // chunks before it are not written to
		}
		const chunks = 300
		all := []pair{{list: &cow.Sparse[int]{}, plain: map[int]int{}}}
		for range rapid.IntRange(1, 60).Draw(t, "commands") {
			p := &all[rapid.IntRange(0, len(all)-1).Draw(t, "which")]
			switch rapid.IntRange(0, 3).Draw(t, "command") {
			case 0, 1:
				i := rapid.IntRange(p.first*cow.ChunkLen, chunks*cow.ChunkLen-1).Draw(t, "at")
				v := rapid.Int().Draw(t, "value")
				*p.list.Mut(i), p.plain[i] = v, v
			case 2:
				if len(all) < 6 {
					c := p.list.Clone()
					all = append(all, pair{&c, maps.Clone(p.plain), p.first})
				}
			case 3:
				c := rapid.IntRange(p.first, chunks-1).Draw(t, "drop")
				if rapid.Bool().Draw(t, "all before") {
					p.first = c
				}
				p.list.Drop(c, p.first)
				for i := range p.plain {
					if i/cow.ChunkLen == c {
						delete(p.plain, i)
					}
				}
			}
		}
		for k, p := range all {
			for i := p.first * cow.ChunkLen; i < chunks*cow.ChunkLen; i++ {
				if got := p.list.At(i); got != p.plain[i] {
					t.Fatalf("list %d, element %d: %d, not %d", k, i, got, p.plain[i])
				}
			}
		}
	})
}
