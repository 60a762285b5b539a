// Package flow draws the flow line: one line for each shard or message group, on
// which records move from where they wait to the function, and to what is done or
// given up. Where a record is drawn follows from its event, from when that was seen
// on the wall, and from now: no state is stepped from frame to frame.
package flow

import (
	"math"
	"slices"
	"time"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// Line is the flow line of one mapping. The zero Line is ready.
type Line struct {
	Motion kit.Motion

	now     time.Time // of the last frame
	seenTo  int64     // the newest event that was looked at
	mapping int
	moves   []moved
	read    []int32 // by shard: how far the iterator had read
	last    map[lane]time.Time
	hands   []hands
	tails   map[int32]*tail
	waited  map[int32]int // how long each line's tail was last
	endings endings
	paint   canvas
	belted  int // how far its dashes were when a belt was drawn last; -1: none was
}

// lane is a stretch of one line.
type lane struct {
	what step
	key  int32
}

// hands are the hand-overs of a line within one frame.
type hands struct {
	at      time.Time
	time    engine.Micros // virtual
	key     int32
	batches int
	records int
}

// Sync takes what has happened so far as known: nothing of it moves.
func (l *Line) Sync(c *pane.Ctx) {
	l.End()
	l.hands, l.last, l.tails = nil, nil, nil
	l.mapping = c.M
	l.seenTo = c.S.Emitted()
	l.read = l.read[:0]
	for i := range c.S.Mappings[c.M].Iterators {
		l.read = append(l.read, c.S.Mappings[c.M].Iterators[i].Read)
	}
}

// Leaps reports whether something has moved so far since it was drawn, a 32nd of the width,
// that the eye would miss a frame.
func (l *Line) Leaps() bool {
	cells := max(1, len(l.paint.r)/32)
	return l.belted >= 0 && l.belted != l.dashes() || slices.ContainsFunc(l.moves, func(m moved) bool { return m.leaps(l.now, cells) })
}

// Known is the number of the newest event that the line has followed.
func (l *Line) Known() int64 { return l.seenTo }

// End ends all travel: everything is where it goes.
func (l *Line) End() { l.moves, l.tails, l.waited = l.moves[:0], nil, nil }

// Moving reports whether the next frame differs from this one though no virtual time
// passes.
func (l *Line) Moving() bool { return len(l.moves) > 0 || len(l.tails) > 0 }

// Frame begins a frame: what was waiting for one begins to move, and what is over is
// forgotten.
func (l *Line) Frame(at time.Time) {
	l.now = at
	for i := range l.moves {
		if l.moves[i].at.IsZero() {
			l.moves[i].at = at
		}
	}
	l.moves = slices.DeleteFunc(l.moves, func(m moved) bool { return m.over(at) })
	for key, t := range l.tails {
		if t.at.IsZero() {
			t.at = at
		}
		if at.Sub(t.at) >= settles {
			delete(l.tails, key)
		}
	}
	l.hands = slices.DeleteFunc(l.hands, func(h hands) bool { return at.Sub(h.at) >= time.Second })
}

// Follow takes what has happened since it was last asked. speed is how many virtual
// microseconds pass in one of the wall, as num/den; 0: time is stopped, and what a
// step brought plays in full with the next frames.
func (l *Line) Follow(c *pane.Ctx, num, den int64) {
	log, from := c.History.Log, 0
	if l.mapping != c.M || c.S.Emitted() < l.seenTo || l.Motion == kit.NoMotion {
		l.Sync(c)
		return
	}
	for from = len(log); from > 0 && log[from-1].N > l.seenTo; from-- {
	}
	l.seenTo = c.S.Emitted()
	f := follower{Line: l, c: c, num: num, den: den, events: log[from:]}
	if f.at = l.now; num == 0 {
		f.at = time.Time{}
	}
	f.reads()
	for i := range f.events {
		if e := &f.events[i]; int(e.Mapping) == c.M {
			f.event(e, f.events[i+1:])
		}
	}
	if n := len(l.moves); n > 96 {
		l.moves = append(l.moves[:0], l.moves[n-96:]...)
	}
}

// follower turns events into moves.
type follower struct {
	*Line
	c        *pane.Ctx
	num, den int64
	at       time.Time
	events   []engine.Event
}

const long = time.Hour // no next event is known

// wall is how long a virtual duration takes on the wall.
func (f *follower) wall(d engine.Micros) time.Duration {
	if f.num == 0 {
		return long
	}
	return time.Duration(d) * time.Microsecond * time.Duration(f.den) / time.Duration(f.num)
}

// since is how long ago the event before was on the same stretch: where nothing else
// is known, the next one is as far.
func (f *follower) since(what step, key int32) time.Duration {
	if f.num == 0 {
		return long
	}
	if f.last == nil {
		f.last = map[lane]time.Time{}
	}
	at := lane{what, key}
	was, ok := f.last[at]
	f.last[at] = f.at
	if !ok {
		return long
	}
	return f.at.Sub(was)
}

// add lets something move. It takes the place of what is on the same stretch of the
// same line.
func (f *follower) add(m moved, next time.Duration) {
	m.at, m.travels = f.at, travel(m.what, f.Motion, next)
	f.moves = slices.DeleteFunc(f.moves, func(o moved) bool { return o.what == m.what && o.key == m.key })
	f.moves = append(f.moves, m)
}

// reads finds what the iterators have read: the log leaves that out.
func (f *follower) reads() {
	its := f.c.S.Mappings[f.c.M].Iterators
	for i := range its {
		if i == len(f.read) {
			f.read = append(f.read, 0)
		}
		if n := int(its[i].Read - f.read[i]); n > 0 {
			f.add(moved{what: polled, key: int32(i), n: n}, f.since(polled, int32(i)))
		}
		f.read[i] = its[i].Read
	}
}

// keyOf is the line that an event belongs to: its shard, or the message group.
func keyOf(c *pane.Ctx, e *engine.Event) int32 {
	if !c.OnQueue() {
		return e.Shard
	}
	if len(e.Records) > 0 && c.S.Queues[c.S.QueueOf(c.M)].FIFO {
		if id := e.Records[0]; c.S.Knows(id) {
			return int32(c.S.Message(id).Group)
		}
	}
	return -1
}

// event lets an event move; later are those that have come after it.
func (f *follower) event(e *engine.Event, later []engine.Event) {
	key, n := keyOf(f.c, e), len(e.Records)
	switch e.Kind {
	case engine.KindReceive:
		f.add(moved{what: polled, key: key, n: n}, f.since(polled, key))
	case engine.KindInvoke:
		f.hand(key, n)
		f.add(moved{what: handed, key: key, n: n}, f.invoked(e, later))
	case engine.KindThrottle:
		f.add(moved{what: failed, key: key, n: n}, f.again(e, later))
	case engine.KindReturn:
		f.returned(e, key, later)
	case engine.KindBisect:
		f.add(moved{what: split, key: key, n: n}, f.again(e, later))
	case engine.KindDiscard, engine.KindMove:
		f.add(moved{what: givenUp, key: key, n: max(1, n)}, f.since(givenUp, key))
	case engine.KindBlock:
		f.add(moved{what: locked, key: key}, 0)
	}
}

// returned lets what an invocation has done go on to what is done, and what failed
// back.
func (f *follower) returned(e *engine.Event, key int32, later []engine.Event) {
	back := len(e.Records)
	switch e.Outcome {
	case engine.OutcomeOK:
		back = 0
	case engine.OutcomePartial:
		back = len(e.Failed)
		if !f.c.OnQueue() && back > 0 { // a stream goes back to the first that failed
			back = len(e.Records) - max(0, slices.Index(e.Records, e.Failed[0]))
		}
	}
	if done := len(e.Records) - back; done > 0 {
		f.add(moved{what: finished, key: key, n: done, took: e.At2}, f.since(finished, key))
	}
	if back > 0 {
		of := "X"
		if len(e.Failed) > 0 {
			of += itoa(int(f.number(e.Failed[0])))
		}
		f.add(moved{what: failed, key: key, n: back, took: e.At2, of: of}, f.again(e, later))
	}
}

// number is the number of a record in its label.
func (f *follower) number(n int32) int32 {
	if f.c.OnQueue() && f.c.S.Knows(n) {
		return f.c.S.Message(n).N
	}
	return n
}

// hand counts a hand-over.
func (f *follower) hand(key int32, records int) {
	if f.num == 0 {
		return
	}
	for i := len(f.hands) - 1; i >= 0 && f.hands[i].at.Equal(f.at); i-- {
		if f.hands[i].key == key {
			f.hands[i].batches++
			f.hands[i].records += records
			return
		}
	}
	f.hands = append(f.hands, hands{f.at, f.c.S.Now(), key, 1, records})
}

// invoked is how long from now the invocation of e ends.
func (f *follower) invoked(e *engine.Event, later []engine.Event) time.Duration {
	for i := range later {
		if o := &later[i]; o.Kind == engine.KindReturn && o.Function == e.Function && o.Invocation == e.Invocation {
			return 0
		}
	}
	m := &f.c.S.Mappings[f.c.M]
	if f.c.OnQueue() {
		if int(e.Poller) < len(m.Polls.Slots) {
			return f.wall(m.Polls.Slots[e.Poller].Due - f.c.S.Now())
		}
		return long
	}
	return f.wall(m.Iterators[e.Shard].Lanes[e.Lane].Due - f.c.S.Now())
}

// again is how long from now what failed is tried again.
func (f *follower) again(e *engine.Event, later []engine.Event) time.Duration {
	for i := range later {
		if o := &later[i]; o.Kind == engine.KindInvoke && o.Mapping == e.Mapping && o.Shard == e.Shard && o.Lane == e.Lane && o.Poller == e.Poller {
			return 0
		}
	}
	m := &f.c.S.Mappings[f.c.M]
	if f.c.OnQueue() {
		return long
	}
	l := &m.Iterators[e.Shard].Lanes[e.Lane]
	if l.Phase == engine.PhaseIdle || l.Phase == engine.PhaseGather || l.Due <= f.c.S.Now() {
		return long
	}
	return f.wall(l.Due - f.c.S.Now())
}

// rate is how many batches a second of the wall, and how many records a virtual
// second, were handed over on the lines that has accepts.
func (l *Line) rate(now engine.Micros, has func(int32) bool) (batches, records int) {
	first := now
	for i := range l.hands {
		if h := &l.hands[i]; has(h.key) {
			first = min(first, h.time)
			batches += h.batches
			records += h.records
		}
	}
	if now > first {
		records = int(int64(records) * int64(engine.Second) / int64(now-first))
	}
	return batches, records
}

// newest is the newest move of a kind on the lines that has accepts, nil if there is
// none.
func (l *Line) newest(what step, has func(int32) bool) *moved {
	for i := len(l.moves) - 1; i >= 0; i-- {
		if m := &l.moves[i]; m.what == what && has(m.key) {
			return m
		}
	}
	return nil
}

// length is the length of what waits on a line, in cells, on its way to what it is
// now.
func (l *Line) length(key int32, goal int, stopped bool) int {
	if l.waited == nil {
		l.waited = map[int32]int{}
	}
	was, known := l.waited[key]
	l.waited[key] = goal
	t := l.tails[key]
	switch {
	case l.Motion != kit.FullMotion || stopped && len(l.moves) == 0 && t == nil:
		return goal
	case t != nil && t.to != float64(goal):
		*t = tail{from: t.length(l.now), to: float64(goal), at: l.now}
	case t == nil && known && was != goal:
		if l.tails == nil {
			l.tails = map[int32]*tail{}
		}
		t = &tail{from: float64(was), to: float64(goal)}
		if l.tails[key] = t; !stopped {
			t.at = l.now
		}
	}
	if t == nil {
		return goal
	}
	return int(math.Round(t.length(l.now)))
}
