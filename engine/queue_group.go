package engine

// group gives the index of a group of a queue, adding it if it is new.
func (q *Queue) group(name string) int32 {
	for i := range q.Groups {
		if q.Groups[i].Name == name {
			return int32(i)
		}
	}
	q.Groups = append(q.Groups, Group{Name: name, waiting: emptyChain})
	return int32(len(q.Groups) - 1)
}

// intoGroup puts a message into its group's list, at its place in the order.
func (s *Sim) intoGroup(q *Queue, id int32, m *Message) {
	g := &q.Groups[m.Group]
	after := g.waiting.tail
	if after >= 0 && s.msg(after).order > m.order { // it comes back: its place is near the front
		after = -1
		for next := g.waiting.head; next >= 0 && s.msg(next).order < m.order; next = s.msg(next).next {
			after = next
		}
	}
	m.place = placeGroup
	s.link(&g.waiting, id, m, after)
}

// offer lists a group of a FIFO queue as one to receive from, if it is free
// and its first message can be seen.
func (s *Sim) offer(q *Queue, gi int32) {
	g := &q.Groups[gi]
	if g.InFlight > 0 || g.waiting.head < 0 {
		return
	}
	first := s.msg(g.waiting.head)
	if first.State == StateDelayed || g.offered == first.order {
		return
	}
	g.offered = first.order
	q.free.push(entry{key: first.order, id: gi})
}

// freeGroup gives the group whose first message is the oldest that can be
// received, -1 where there is none within reach: only the first 120,000
// messages are searched (Q-F11).
func (s *Sim) freeGroup(q *Queue) int32 {
	for len(q.free) > 0 {
		top := q.free[0]
		g := &q.Groups[top.id]
		if g.offered != top.key {
			q.free.pop()
			continue
		}
		if g.InFlight > 0 || g.waiting.head < 0 || s.msg(g.waiting.head).order != top.key {
			g.offered = 0
			q.free.pop()
			s.offer(q, top.id)
			continue
		}
		if q.edge >= 0 && top.key > s.msg(q.edge).order {
			return -1
		}
		return top.id
	}
	return -1
}

// groups gives the indices of several groups, adding those that are new.
func (q *Queue) groups(names []string) []int32 {
	out := make([]int32, len(names))
	if len(q.Groups) > 0 || len(names) < 100 {
		for i, name := range names {
			out[i] = q.group(name)
		}
		return out
	}
	at := make(map[string]int32, len(names)) // a long list is known to be new: no search
	for i, name := range names {
		g, ok := at[name]
		if !ok {
			g = int32(len(q.Groups))
			q.Groups = append(q.Groups, Group{Name: name, waiting: emptyChain})
			at[name] = g
		}
		out[i] = g
	}
	return out
}
