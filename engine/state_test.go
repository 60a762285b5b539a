package engine

import (
	"testing"
	"unsafe"
)

// TestSizes holds how much memory there is of what there are many of: a run over a
// thousand shards takes as long as it waits for memory.
func TestSizes(t *testing.T) {
	t.Parallel()
	if unsafe.Sizeof(uintptr(0)) != 8 {
		t.Skip("the sizes are those of 64-bit machines")
	}
	var l Lane
	for _, x := range []struct {
		what      string
		got, want uintptr
	}{
		{"a record", unsafe.Sizeof(Record{}), 32},
		{"a record in its shard", unsafe.Sizeof(shardRecord{}), 12},
		{"a record's track", unsafe.Sizeof(Track{}), 8},
		{"a key's place", unsafe.Sizeof(keyPlace{}), 8},
		{"an invocation", unsafe.Sizeof(invocation{}), 64},
		{"a lane", unsafe.Sizeof(l), 192},
		{"what is asked of all lanes", unsafe.Offsetof(l.Records), 64},
		{"what a batch asks of its lane", unsafe.Offsetof(l.BlockedAt), 128},
		{"a shard, beyond whole cache lines", unsafe.Sizeof(Shard{}) % 64, 0},
	} {
		if x.got != x.want {
			t.Errorf("%s takes %d bytes, not %d", x.what, x.got, x.want)
		}
	}
}
