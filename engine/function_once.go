package engine

import (
	"slices"
	"strconv"
)

// This file keeps what idempotent handlers have done (Once): the items of their
// tables, which no stream shows. As Powertools does, a handler writes an item before
// it works on a record and completes it afterwards.

// store is the table of idempotent handlers, by its logical id: a hash table with
// open addressing, so that cloning it is one copy of memory.
type store struct {
	id    string
	slots []storeSlot
	used  int
}

type storeSlot struct {
	key   string // "" free
	done  bool
	gone  bool // deleted; the slot stays, for what lies behind it
	until Micros
}

// storeOf returns the table of a function's handler, nil if it has none.
func (s *Sim) storeOf(inv *invocation) *store {
	id := inv.work.h.Once.Table
	if id == "" {
		return nil
	}
	for i := range s.stores {
		if s.stores[i].id == id {
			return &s.stores[i]
		}
	}
	s.stores = append(s.stores, store{id: id})
	return &s.stores[len(s.stores)-1]
}

// onceKey is by what a handler knows a record again. It is never empty.
func (s *Sim) onceKey(inv *invocation, n int32) string {
	m := &s.Mappings[inv.mapping]
	switch inv.work.h.Once.By {
	case OnceBody:
		return "b" + s.textOf(m, n)
	case OnceKey:
		return "k" + s.keyOf(m, n)
	}
	if m.queue >= 0 { // its message id: a redrive gives it a new one
		return "m" + strconv.Itoa(int(n)) + "." + strconv.Itoa(int(s.msg(n).life))
	}
	return "s" + strconv.Itoa(int(m.source)) + "." + strconv.Itoa(int(n))
}

// find returns the slot of a key, or the free one where it belongs.
func (st *store) find(key string) *storeSlot {
	mask := uint64(len(st.slots) - 1)
	for i := hashText(key) & mask; ; i = (i + 1) & mask {
		if slot := &st.slots[i]; slot.key == "" || slot.key == key {
			return slot
		}
	}
}

// grow makes room for one more and forgets what has expired.
func (st *store) grow(now Micros) {
	if 4*(st.used+1) <= 3*len(st.slots) {
		return
	}
	old, n := st.slots, 0
	for i := range old {
		if old[i].key != "" && !old[i].gone && old[i].until > now {
			n++
		}
	}
	size := 16
	for size < 3*(n+1) {
		size *= 2
	}
	st.slots, st.used = make([]storeSlot, size), n
	for i := range old {
		if old[i].key != "" && !old[i].gone && old[i].until > now {
			*st.find(old[i].key) = old[i]
		}
	}
}

// seenBefore asks an idempotent handler's table for a record, and says why it is
// passed over, if it is: it was done, or another invocation is at it. Else its item
// says now that this one is, as long as the invocation may run.
func (s *Sim) seenBefore(inv *invocation, n int32) Why {
	st := s.storeOf(inv)
	if st == nil {
		return WhyNone
	}
	st.grow(s.now)
	key := s.onceKey(inv, n)
	slot := st.find(key)
	switch {
	case slot.key == "":
		st.used++
	case slot.gone || slot.until <= s.now:
	case slot.done:
		return WhyDoneBefore
	default:
		return WhyInProgress
	}
	*slot = storeSlot{key: key, until: inv.work.limit}
	return WhyNone
}

// remember completes the item of a record.
func (s *Sim) remember(inv *invocation, n int32) {
	if st := s.storeOf(inv); st != nil {
		st.grow(s.now) // its item may be gone if another handler has the same table
		key := s.onceKey(inv, n)
		slot := st.find(key)
		if slot.key == "" {
			st.used++
		}
		*slot = storeSlot{key: key, done: true, until: s.now + inv.work.h.Once.TTL}
	}
}

// forgetOnce deletes the item of a record whose handling raised an error.
func (s *Sim) forgetOnce(inv *invocation, n int32) {
	if st := s.storeOf(inv); st != nil && len(st.slots) > 0 {
		if slot := st.find(s.onceKey(inv, n)); slot.key != "" && !slot.done {
			slot.gone = true
		}
	}
}

func cloneStores(list []store) []store {
	c := slices.Clone(list)
	for i := range c {
		c[i].slots = slices.Clone(c[i].slots)
	}
	return c
}
