package engine

import "slices"

// Clone copies the simulation: a branch of its history, with the events that were
// not drained yet. Neither sees what the other does afterwards.
func (s *Sim) Clone() *Sim {
	c := *s
	c.readOnly = false
	c.tasks = slices.Clone(s.tasks)
	c.invocations = slices.Clone(s.invocations)
	specials := make([]special, len(c.invocations))
	for i := range c.invocations {
		inv := &c.invocations[i]
		specials[i] = *inv.special
		inv.special = &specials[i]
		inv.failures, inv.faults, inv.answer.named = slices.Clone(inv.failures), slices.Clone(inv.faults), slices.Clone(inv.answer.named)
		inv.work = inv.work.clone()
	}
	c.free = slices.Clone(s.free)
	c.fronts = cloneFronts(s.fronts)
	c.Discards, c.Forwards = slices.Clip(s.Discards), slices.Clip(s.Forwards)
	c.rows, c.stores, c.Services = cloneRows(s.rows), cloneStores(s.stores), slices.Clone(s.Services)
	c.receivers, c.resends = cloneReceivers(s.receivers), slices.Clone(s.resends)
	c.events, c.arena, c.keyLanes = slices.Clone(s.events), nil, keyLanes{}
	c.unread = nil
	c.Queues = slices.Clone(s.Queues)
	for i := range c.Queues {
		c.Queues[i].copyLists(&s.Queues[i])
	}
	c.Targets = slices.Clone(s.Targets)
	for i := range c.Targets {
		c.Targets[i].Discards, c.Targets[i].Forwards = slices.Clip(c.Targets[i].Discards), slices.Clip(c.Targets[i].Forwards)
	}
	c.Groups, c.groups = slices.Clone(s.Groups), s.groups.clone()
	c.Functions = slices.Clone(s.Functions)
	for i := range c.Functions {
		f := &c.Functions[i]
		f.Faults, f.faults, f.throttled.lanes = slices.Clone(f.Faults), slices.Clip(f.faults), slices.Clone(f.throttled.lanes)
		f.Effects = cloneEffects(f.Effects)
		f.published, f.past = slices.Clip(f.published), slices.Clip(f.past)
	}
	c.Streams = slices.Clone(s.Streams)
	for i := range c.Streams {
		st, from := &c.Streams[i], &s.Streams[i]
		// Keys and positions are only appended to: clipped, both copies can
		// share them.
		st.Keys, st.places, st.Records = slices.Clip(st.Keys), from.places.Clone(), from.Records.Clone()
		st.items, st.oldImages = from.items.Clone(), from.oldImages.Clone()
		st.past, st.unready = from.past.Clone(), slices.Clip(st.unready)
		st.room, st.olds = nil, slices.Clip(st.olds)
		st.Shards = slices.Clone(st.Shards)
		for j := range st.Shards {
			st.Shards[j].records = from.Shards[j].records.Clone()
		}
	}
	c.Mappings = slices.Clone(s.Mappings)
	for i := range c.Mappings {
		m := &c.Mappings[i]
		from := &s.Mappings[i]
		m.Track, m.tries, m.compacted = from.Track.Clone(), from.tries.Clone(), from.compacted.Clone()
		m.reads, m.Polls = slices.Clone(m.reads), m.Polls.clone()
		m.denied, m.verdicts = slices.Clone(m.denied), slices.Clone(m.verdicts)
		m.Iterators = slices.Clone(m.Iterators)
		for j := range m.Iterators {
			it := &m.Iterators[j]
			it.Lanes = slices.Clone(it.Lanes)
			for k := range it.Lanes {
				l := &it.Lanes[k]
				l.Parts, l.FailedRecords, l.queue = slices.Clone(l.Parts), slices.Clone(l.FailedRecords), slices.Clone(l.queue)
				if l.isTumbling {
					t := *l.tumble
					l.tumble = &t
				}
				if !l.told {
					l.Records = slices.Clone(l.Records)
				}
			}
		}
	}
	return &c
}
