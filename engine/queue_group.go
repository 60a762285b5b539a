package engine

// groupIndex returns the index of a group of a queue, adding it if it is new.
func (q *Queue) groupIndex(name string) int32 {
	for i := range q.Groups {
		if q.Groups[i].Name == name {
			return int32(i)
		}
	}
	q.Groups = append(q.Groups, Group{Name: name, waiting: emptyList})
	return int32(len(q.Groups) - 1)
}

// addToGroup puts a message into its group's list, at its place in the order.
func (s *Sim) addToGroup(q *Queue, id int32, m *Message) {
	g := &q.Groups[m.Group]
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
func (s *Sim) listIfFree(q *Queue, gi int32) {
	g := &q.Groups[gi]
	if g.InFlight > 0 || g.waiting.head < 0 {
		return
	}
	first := s.msg(g.waiting.head)
	if first.State == StateDelayed || g.offered == first.order {
		return
	}
	g.offered = first.order
	q.freeGroups.Push(first.order, 0, gi)
}

// nextFreeGroup returns the group whose first message is the oldest that can be
// received, -1 if none is within reach: only the first 120,000 messages are
// searched (Q-F11).
func (s *Sim) nextFreeGroup(q *Queue) int32 {
	for len(q.freeGroups) > 0 {
		top := q.freeGroups[0]
		g := &q.Groups[top.Value]
		if g.offered != top.Key {
			q.freeGroups.Pop()
			continue
		}
		if g.InFlight > 0 || g.waiting.head < 0 || s.msg(g.waiting.head).order != top.Key {
			g.offered = 0
			q.freeGroups.Pop()
			s.listIfFree(q, top.Value)
			continue
		}
		if q.scanEnd >= 0 && top.Key > s.msg(q.scanEnd).order {
			return -1
		}
		return top.Value
	}
	return -1
}

// groupIndices returns the indices of several groups, adding those that are
// new.
func (q *Queue) groupIndices(names []string) []int32 {
	out := make([]int32, len(names))
	if len(q.Groups) > 0 || len(names) < 100 {
		for i, name := range names {
			out[i] = q.groupIndex(name)
		}
		return out
	}
	at := make(map[string]int32, len(names)) // a long list is all new: do not search for each
	for i, name := range names {
		g, ok := at[name]
		if !ok {
			g = int32(len(q.Groups))
			q.Groups = append(q.Groups, Group{Name: name, waiting: emptyList})
			at[name] = g
		}
		out[i] = g
	}
	return out
}
