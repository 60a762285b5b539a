package engine

import "slices"

// groupTable finds a queue's group by its name: a hash table with open
// addressing over GroupIDs, so that cloning it is one copy of memory.
type groupTable struct {
	slots []GroupID // plus one; 0 free
}

func (t *groupTable) clone() groupTable { return groupTable{slices.Clone(t.slots)} }

// groupOf returns a queue's group of that name, adding it if it is new.
func (s *Sim) groupOf(qi int32, name string) GroupID {
	if t := &s.groups; 4*(len(s.Groups)+1) > 3*len(t.slots) {
		*t = groupTable{make([]GroupID, max(16, 2*len(t.slots)))}
		for i := range s.Groups {
			slot, _ := s.groupSlot(s.Groups[i].Queue, s.Groups[i].Name)
			t.slots[slot] = GroupID(i + 1)
		}
	}
	slot, found := s.groupSlot(qi, name)
	if found {
		return s.groups.slots[slot] - 1
	}
	s.Groups = append(s.Groups, Group{Name: name, Queue: qi, waiting: emptyList})
	id := GroupID(len(s.Groups) - 1)
	s.groups.slots[slot] = id + 1
	s.Queues[qi].Groups = append(s.Queues[qi].Groups, id)
	return id
}

// groupSlot returns the slot of a group in the table, or the free one where it
// belongs.
func (s *Sim) groupSlot(qi int32, name string) (slot uint64, found bool) {
	slots := s.groups.slots
	mask := uint64(len(slots) - 1)
	for i := (hashText(name) + uint64(qi)) & mask; ; i = (i + 1) & mask {
		if slots[i] == 0 {
			return i, false
		}
		if g := &s.Groups[slots[i]-1]; g.Queue == qi && g.Name == name {
			return i, true
		}
	}
}

// addToGroup puts a message into its group's list, at its place in the order.
func (s *Sim) addToGroup(id int32, m *Message) {
	g := &s.Groups[m.Group]
	after := g.waiting.tail
	if after >= 0 && s.msg(after).order > m.order { // it is received again: its place is near the front
		after = -1
		for next := g.waiting.head; next >= 0 && s.msg(next).order < m.order; next = s.msg(next).next {
			after = next
		}
	}
	m.place = placeGroup
	s.linkAfter(&g.waiting, id, m, after)
}

// listIfFree lists a group of a FIFO queue as one to receive from, if it is not
// locked and its first message is visible.
func (s *Sim) listIfFree(gi GroupID) {
	g := &s.Groups[gi]
	if g.InFlight > 0 || g.waiting.head < 0 {
		return
	}
	first := s.msg(g.waiting.head)
	if first.State == StateDelayed || g.offered == first.order {
		return
	}
	g.offered = first.order
	s.Queues[g.Queue].freeGroups.Push(first.order, 0, gi)
}

// nextFreeGroup returns the group whose first message is the oldest that can be
// received, NoGroup if none is within reach: only the first 120,000 messages
// are searched (Q-F11).
func (s *Sim) nextFreeGroup(q *Queue) GroupID {
	for len(q.freeGroups) > 0 {
		top := q.freeGroups[0]
		g := &s.Groups[top.Value]
		if g.offered != top.Key {
			q.freeGroups.Pop()
			continue
		}
		if g.InFlight > 0 || g.waiting.head < 0 || s.msg(g.waiting.head).order != top.Key {
			g.offered = 0
			q.freeGroups.Pop()
			s.listIfFree(top.Value)
			continue
		}
		if q.scanEnd >= 0 && top.Key > s.msg(q.scanEnd).order {
			return NoGroup
		}
		return top.Value
	}
	return NoGroup
}
