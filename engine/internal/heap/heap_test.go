package heap_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"esmlab/engine/internal/heap"
)

// TestOrder compares pushes and pops in random order with a sorted list.
func TestOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var h heap.Heap[int]
		var sorted []heap.Item[int]
		for i := range rapid.IntRange(0, 200).Draw(t, "commands") {
			if push := rapid.Bool().Draw(t, "push"); len(sorted) == 0 || push || rapid.Bool().Draw(t, "replace") {
				item := heap.Item[int]{Key: rapid.Int64Range(-3, 3).Draw(t, "key"), Seq: uint64(i), Value: i}
				if push || len(sorted) == 0 {
					h.Push(item.Key, item.Seq, item.Value)
				} else {
					h.Replace(item.Key, item.Seq, item.Value)
					sorted = sorted[1:]
				}
				sorted = append(sorted, item)
				slices.SortFunc(sorted, func(a, b heap.Item[int]) int {
					return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Seq, b.Seq))
				})
				continue
			}
			if got := h.Pop(); got != sorted[0] {
				t.Fatalf("popped %v, lowest is %v", got, sorted[0])
			}
			sorted = sorted[1:]
		}
		if len(h) != len(sorted) {
			t.Fatalf("%d items are left, not %d", len(h), len(sorted))
		}
	})
}
