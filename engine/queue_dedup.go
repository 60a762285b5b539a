package engine

import (
	"esmlab/engine/internal/random"
	"slices"
	"strconv"
	"strings"
)

// dedupWindow is how long a FIFO queue remembers a deduplication id (Q-F3).
const dedupWindow = 5 * Minute

// dedupTable finds the message with a deduplication id: a hash table with open
// addressing over message ids, so that cloning it is one copy of memory.
type dedupTable struct {
	slots []dedupSlot
	used  int
}

type dedupSlot struct {
	hash uint64
	id   int32 // of a message, plus one; 0 free
}

func (d *dedupTable) clone() dedupTable { return dedupTable{slices.Clone(d.slots), d.used} }

// findDuplicate returns the message with that deduplication id that a queue
// accepted in the last five minutes, or -1 and remembers id. The time of the
// first acceptance counts, whatever became of the message.
func (s *Sim) findDuplicate(q *Queue, id int32, key string) int32 {
	t := &q.dedup
	if 4*(t.used+1) > 3*len(t.slots) {
		s.rehash(t)
	}
	h := hashText(key)
	i := h & uint64(len(t.slots)-1)
	for ; t.slots[i].id != 0; i = (i + 1) & uint64(len(t.slots)-1) {
		slot := &t.slots[i]
		if slot.hash != h {
			continue
		}
		if !s.isRemembered(slot.id-1) || s.dedupKey(q, s.msg(slot.id-1)) != key {
			continue
		}
		return slot.id - 1
	}
	t.slots[i] = dedupSlot{h, id + 1}
	t.used++
	return -1
}

// isRemembered reports whether a message's deduplication id still counts.
func (s *Sim) isRemembered(id int32) bool {
	return s.Knows(id) && s.now-s.msg(id).PutAt < dedupWindow
}

// rehash makes room in the table: it forgets entries older than five minutes,
// and grows if that is not enough.
func (s *Sim) rehash(t *dedupTable) {
	old := t.slots
	n := 0
	for _, slot := range old {
		if slot.id != 0 && s.isRemembered(slot.id-1) {
			n++
		}
	}
	size := 64
	for size < 3*n {
		size *= 2
	}
	*t = dedupTable{slots: make([]dedupSlot, size), used: n}
	for _, slot := range old {
		if slot.id == 0 || !s.isRemembered(slot.id-1) {
			continue
		}
		i := slot.hash & uint64(size-1)
		for t.slots[i].id != 0 {
			i = (i + 1) & uint64(size-1)
		}
		t.slots[i] = slot
	}
}

// hashText is FNV-1a, mixed.
func hashText(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return random.Mix(h)
}

// dedupKey is what a FIFO queue recognizes duplicates of a message by: its
// deduplication id, or its body with ContentBasedDeduplication, together with
// its group if that is the scope. It is "" for a message that cannot have
// duplicates.
func (s *Sim) dedupKey(q *Queue, m *Message) string {
	if m.row < 0 {
		return ""
	}
	key := ""
	switch row := &s.rows[m.row]; {
	case row.Dedup != "":
		key = "i" + s.expand(row.Dedup, m)
	case row.own && q.ContentBasedDeduplication:
		key = "b" + string(s.body(m))
	case q.ContentBasedDeduplication && row.ns == 0 && row.ks == 0: // else bodies differ, or only groups'
		key = "b" + row.Body
	case q.ContentBasedDeduplication:
		key = "b" + s.expand(row.Body, m)
	default:
		return ""
	}
	if q.DeduplicationScope == "messageGroup" {
		group := s.groupName(m)
		key = strconv.Itoa(len(group)) + group + key
	}
	return key
}

// expand replaces {n} and {key} with a message's number and group.
func (s *Sim) expand(text string, m *Message) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return filledIn(text, s.original(m.row, int(m.N)), s.groupName(m))
}
