package timeline

import (
	"slices"

	"esmlab/engine"
)

// grow makes a lane for each shard or poller that has come.
func (t *lanes) grow(s *engine.Sim, mi int) {
	if s.QueueOf(mi) < 0 {
		for n := len(s.Mappings[mi].Iterators); len(t.list) < n; {
			t.list = append(t.list, Lane{Kind: OfShard, ID: int32(len(t.list)), held: -1})
		}
		return
	}
	pollers := 0
	for i := range t.list {
		if t.list[i].Kind == OfPoller {
			pollers++
		}
	}
	for n := min(maxLanes, len(s.Mappings[mi].Polls.Slots)); pollers < n; pollers++ {
		t.list = append(t.list, Lane{Kind: OfPoller, ID: int32(pollers), held: -1})
	}
}

// group gives the lane of a message group, and makes one for a group that has none
// as long as there are not too many.
func (t *lanes) group(id engine.GroupID) *Lane {
	if id == engine.NoGroup {
		return nil
	}
	if l := t.of(OfGroup, int32(id)); l != nil {
		return l
	}
	n := 0
	for i := range t.list {
		if t.list[i].Kind == OfGroup {
			n++
		}
	}
	if n >= maxLanes {
		return nil
	}
	t.list = append(t.list, Lane{Kind: OfGroup, ID: int32(id), held: -1})
	return &t.list[len(t.list)-1]
}

// does is what a lane does now.
func (l *Lane) does(s *engine.Sim, mi int) (did Did, waits int32) {
	m := &s.Mappings[mi]
	switch l.Kind {
	case OfShard:
		it := &m.Iterators[l.ID]
		sh := &s.Streams[s.SourceOf(mi)].Shards[l.ID]
		waits = int32(sh.Len()) - it.Read
		for k := range it.Lanes {
			x := &it.Lanes[k]
			n := int32(len(x.Waiting()))
			waits += n
			switch {
			case x.Phase == engine.PhaseRunning:
				did |= DidRun
			case x.Blocked || x.Phase == engine.PhaseWaiting || x.Phase == engine.PhaseThrottled:
				did |= DidWait
			case n > 0 || x.Phase == engine.PhaseGather || len(x.Parts) > 0:
				did |= DidGather
			}
		}
		if did == 0 && !it.Finished {
			did = DidNothing
		}
	case OfPoller:
		if int(l.ID) >= len(m.Polls.Slots) {
			return 0, 0
		}
		switch m.Polls.Slots[l.ID].Phase {
		case engine.PollerRuns:
			did = DidRun
		case engine.PollerGathers:
			did = DidGather
		case engine.PollerThrottled:
			did = DidWait
		}
		if l.Held(s) >= 0 {
			did |= DidWait
		}
		if did == 0 && l.ID < m.Polls.Target {
			did = DidNothing
		}
	case OfGroup:
		g := &s.Groups[l.ID]
		waits = g.Visible + g.Delayed
		switch {
		case l.runs > 0 && g.InFlight > 0:
			did = DidRun
		case g.InFlight > 0:
			did = DidWait
		case g.Visible > 0:
			did = DidGather
		default:
			did = DidNothing
		}
	}
	return did, waits
}

// gauge gives the state of a mapping now.
func gauge(s *engine.Sim, mi int, waits int32) Gauge {
	g := Gauge{Oldest: engine.Never, Running: s.Functions[s.FunctionOf(mi)].Running}
	if qi := s.QueueOf(mi); qi >= 0 {
		q := &s.Queues[qi]
		g.Oldest, g.Waits, g.Hidden = s.OldestAt(qi), q.Visible+q.Delayed, q.InFlight
		g.Put, g.Done = q.Sent, q.Deleted
		return g
	}
	g.Waits = waits
	si, states := s.SourceOf(mi), &s.Mappings[mi].Counts.States
	g.Put, g.Done = int64(s.Streams[si].Records.Len()), states[engine.StateDone]
	for i := range s.Streams[si].Shards {
		if s.NextRecord(mi, i) > 0 {
			g.Oldest = min(g.Oldest, s.Now()-s.Age(mi, i))
		}
		if i >= len(s.Mappings[mi].Iterators) {
			g.Waits += int32(s.Behind(mi, i))
		}
	}
	return g
}

// upTo records the state in the cells that end before the next step: nothing has
// changed since the last one.
func (t *lanes) upTo(s *engine.Sim, mi int, next engine.Micros) {
	if t.width == 0 || int(next/t.width) <= t.gauged {
		return
	}
	t.grow(s, mi)
	end := t.number(next)
	sum := int32(0)
	for i := range t.list {
		l := &t.list[i]
		did, waits := l.does(s, mi)
		sum += waits
		rest := Cell{Did: did, Waits: waits}
		switch n := l.cells.Len(); {
		case n > t.gauged:
			for k := t.gauged; k < min(end, n); k++ {
				c := l.cells.Mut(k)
				c.Did, c.Waits = c.Did|did, waits
			}
		case rest != l.rest:
			l.write(t.gauged)
		}
		l.rest = rest
	}
	now := gauge(s, mi, sum)
	for k := t.gauged; k < min(end, t.gauges.Len()); k++ {
		g := t.gauges.Mut(k)
		running, arrived := max(g.Running, now.Running), g.Arrived
		*g = now
		g.Running, g.Arrived = running, arrived
	}
	t.gauges.Fill(end, now)
	t.gauges.Fill(end+1, Gauge{Oldest: engine.Never})
	t.gauged = end
}

// follow records what the events of a step did.
func (t *lanes) follow(s *engine.Sim, mi int, events []engine.Event) {
	for i := range events {
		e := &events[i]
		switch {
		case e.Kind == engine.KindInvoke && int(e.Function) == s.FunctionOf(mi):
			g := t.gauges.Mut(t.cell(e.At))
			g.Running = max(g.Running, s.Functions[e.Function].Running)
		case e.Kind == engine.KindMove && s.QueueOf(mi) >= 0 && int(e.Queue) == s.QueueOf(mi) && int(e.To) == s.DeadLetterOf(int(e.Queue)):
			t.gauges.Mut(t.cell(e.At)).Arrived += int32(len(e.Records))
		}
		if int(e.Mapping) != mi {
			continue
		}
		switch e.Kind {
		case engine.KindDeliver, engine.KindForward:
			t.gauges.Mut(t.cell(e.At)).Arrived++
		case engine.KindInvoke, engine.KindReturn:
			t.grow(s, mi)
			if e.Source >= 0 || s.QueueOf(mi) < 0 {
				if l := t.of(OfShard, e.Shard); l != nil {
					t.call(s, l, e)
				}
				break
			}
			if l := t.of(OfPoller, e.Poller); l != nil {
				t.call(s, l, e)
				if e.Kind == engine.KindReturn && e.Outcome != engine.OutcomeOK {
					l.held = leftHidden(s, e)
				}
			}
			t.callOfGroups(s, e)
		case engine.KindReceive:
			for _, id := range e.Records {
				t.group(s.Message(id).Group)
			}
		}
	}
}

// see records what the lanes do right after a step at this instant, which the end of
// the interval may no longer show.
func (t *lanes) see(s *engine.Sim, mi int, e *engine.Event) {
	if s.QueueOf(mi) < 0 {
		if int(e.Mapping) != mi || e.Kind == engine.KindReturn {
			return
		}
		t.grow(s, mi)
		if l := t.of(OfShard, e.Shard); l != nil {
			did, _ := l.does(s, mi)
			t.at(l, t.cell(e.At)).Did |= did
		}
	}
}

// leftHidden is a message that a failed invocation left hidden, -1 none.
func leftHidden(s *engine.Sim, e *engine.Event) int32 {
	for _, id := range e.Records {
		if s.Message(id).State == engine.StateHidden {
			return id
		}
	}
	return -1
}

// call records that an invocation began or ended in a lane: when it fails, all the
// time that it took becomes that of a failure.
func (t *lanes) call(s *engine.Sim, l *Lane, e *engine.Event) {
	at := t.cell(e.At)
	l.used = true
	if e.Kind == engine.KindInvoke {
		c := t.at(l, at)
		c.Did |= DidRun
		c.Try = max(c.Try, tryOf(s, e))
		if n := len(e.Records); n > 0 && e.Source >= 0 {
			age := e.At - s.Streams[e.Source].Records.At(int(e.Records[n-1])-1).At
			c.Age = max(c.Age, int32(min(age/engine.Millisecond, 1<<31-1)))
		}
		return
	}
	did := DidRun
	if e.Outcome != engine.OutcomeOK {
		did |= DidFail
	}
	from := int((e.At - e.At2) / t.width)
	for k := from; k < max(from+1, at); k++ {
		t.at(l, k).Did |= did
	}
}

// tryOf is which try an invocation is, or how many times one of its messages was
// received.
func tryOf(s *engine.Sim, e *engine.Event) uint8 {
	n := max(e.Attempt, 1)
	if e.Source < 0 {
		n = 1
		for _, id := range e.Records {
			n = max(n, s.Message(id).Receives)
		}
	}
	return uint8(min(n, 255))
}

// callOfGroups records an invocation in the lanes of the groups whose messages it
// has, once each.
func (t *lanes) callOfGroups(s *engine.Sim, e *engine.Event) {
	for i, id := range e.Records {
		g := s.Message(id).Group
		if g == engine.NoGroup || slices.ContainsFunc(e.Records[:i], func(other int32) bool { return s.Message(other).Group == g }) {
			continue
		}
		l := t.group(g)
		if l == nil {
			continue
		}
		t.call(s, l, e)
		if l.runs++; e.Kind == engine.KindReturn {
			l.runs = max(0, l.runs-2)
		}
	}
}
