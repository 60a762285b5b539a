package engine_test

import (
	"fmt"
	"hash/maphash"
	"runtime/debug"

	"esmlab/engine"
	"esmlab/engine/setting"
	"esmlab/engine/timeline"
	"esmlab/engine/trace"
)

// How far a world is followed: one that does more in its time is cut short, so
// that a hundred thousand of them can be run.
const (
	swarmEvents = 2000
	swarmSteps  = 5000
	swarmShards = 200
)

// runSeed runs one world; nil if everything holds.
func runSeed(seed uint64, off []string, total *swarmTotal) *broken {
	var r *swarmRun
	copied := make(chan *broken, 1)
	copied <- nil
	found := caught(func() {
		r = &swarmRun{swarmWorld: newSwarmWorld(seed, off), total: total}
		r.shorten()
		r.whole()
		if r.copy != nil { // the original goes on at the same time
			<-copied
			go func() { copied <- caught(r.followCopy) }()
		}
		r.refused()
		r.mendAll()
		r.backAndForth()
	})
	if b := <-copied; found == nil {
		found = b
	}
	return found
}

// caught gives the invariant that a function finds broken.
func caught(f func()) (found *broken) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case broken:
			found = &r
		default:
			found = &broken{fmt.Sprint("panic: ", r), string(debug.Stack())}
		}
	}()
	f()
	return nil
}

// swarmRun is a world and what its whole run was like.
type swarmRun struct {
	*swarmWorld
	total *swarmTotal
	check *checker
	lines []uint64    // a sum of each line of its trace
	end   *engine.Sim // a copy of it when its time is over
	copy  *engine.Sim // a copy of it somewhere on the way; nil if it did not come so far
	cut   engine.Micros
	buf   []byte
}

var lineSeed = maphash.MakeSeed()

// sum is the sum of the line of an event.
func (r *swarmRun) sum(s *engine.Sim, e *engine.Event) uint64 {
	r.buf = trace.AppendJSON(r.buf[:0], s, e)
	return maphash.Bytes(lineSeed, r.buf)
}

// shorten ends a world's time where it has done enough.
func (r *swarmRun) shorten() {
	s := r.start()
	s.Keep(false)
	for s.NextAt() <= r.until {
		if now := s.Now(); s.NextAt() > now && (s.Emitted() > swarmEvents || s.Steps() > swarmSteps || shards(s) > swarmShards) {
			r.endAt(now)
			r.total.short.Add(1)
			return
		}
		s.Step()
	}
}

// shards counts the shards of all streams, closed ones included.
func shards(s *engine.Sim) (n int) {
	for i := range s.Streams {
		n += len(s.Streams[i].Shards)
	}
	return n
}

// whole runs the world from beginning to end with every check, and keeps what
// its trace was.
func (r *swarmRun) whole() {
	s := r.start()
	c := newChecker(s)
	r.check = c
	c.see = func(e *engine.Event) { r.lines = append(r.lines, r.sum(s, e)) }
	size := r.d.n("cut size", 12)
	at := int64(1)<<size + int64(r.d.n("cut", 1<<size))
	c.stepped = func() {
		if s.Steps() == at {
			r.copy, r.cut = s.Clone(), s.Now()
		}
	}
	for i := range 6 {
		c.advance(r.until * engine.Micros(i+1) / 6)
		c.state()
	}
	c.see, c.stepped = nil, nil
	r.end = s.Clone()
	r.total.events.Add(s.Emitted())
	if s.Stopped() != nil {
		r.total.stopped.Add(1)
	}
}

func (w *swarmWorld) start() *engine.Sim {
	s, err := engine.New(w.Config)
	if err != nil {
		panic(broken{"config", err.Error()})
	}
	return s
}

// refused holds that a command which is refused changes nothing.
func (r *swarmRun) refused() {
	if len(r.ops) == 0 {
		return
	}
	for i := range 3 {
		s := r.end.Clone()
		c := r.command(fmt.Sprint("refused", i))
		if s.Do(c) == nil {
			continue
		}
		if d := difference(s, r.end, "steps", "emitted", "commands", "instant"); d != "" {
			panic(broken{"refusal", fmt.Sprintf("at %s %s %s is refused, and changes %s", s.Now(), c.Op, c.Target, d)})
		}
	}
}

// mendedTimeout is the Timeout of every function once a world is mended, in
// seconds.
const mendedTimeout = 3

// mendAll takes away everything that keeps work from being done, and holds that
// all work gets done.
func (r *swarmRun) mendAll() {
	c := r.check
	s := c.s
	if s.Stopped() != nil {
		return
	}
	c.most = s.Steps() + 4*swarmSteps
	r.mend(s, func() { c.advance(s.Now() + 10*engine.Second) })
	left, since := c.left(), s.Now()
	for wait := 10 * engine.Second; left != "" && s.Now()-since < 14*engine.Hour; wait = min(2*wait, 2*engine.Hour) {
		if c.looped || c.tooMuch() || s.Stopped() != nil {
			return // too busy to be followed so far
		}
		c.advance(s.Now() + wait)
		if now := c.left(); now != left { // a handler may meet a message in progress elsewhere more than once, and each time it is hidden
			left, since = now, s.Now()
		}
	}
	if c.tooMuch() {
		return
	}
	if left != "" {
		c.fail("liveness", "%s, and nothing has become of it for 14 hours in which nothing stands in the way", left)
	}
	c.state()
	r.total.mended.Add(1)
}

// mend takes away everything that keeps work from being done, also of what a
// deployment has made.
func (w *swarmWorld) mend(s *engine.Sim, wait func()) {
	set := func(target string, v engine.Value) { s.Do(engine.Command{Op: engine.OpSet, Target: target, Value: v}) }
	for _, f := range s.Config().Functions {
		s.Do(engine.Command{Op: engine.OpFix, Target: f.ID})
		set(f.ID+"."+setting.ReservedConcurrentExecutions, engine.IntValue(-1))
		set(f.ID+"."+setting.Timeout, engine.IntValue(mendedTimeout))
		set(f.ID+"."+setting.TakesTime, engine.TimeValue(10*engine.Millisecond))
		set(f.ID+"."+setting.Cold, engine.TimeValue(0))
	}
	for _, m := range s.Config().Mappings {
		s.Do(engine.Command{Op: engine.OpAllow, Target: m.ID, Actions: swarmActions})
	}
	wait() // for mappings that change their state
	for _, m := range s.Config().Mappings {
		s.Do(engine.Command{Op: engine.OpEnable, Target: m.ID})
	}
	wait()
}

// left says what is still to be done, "" if nothing is that can be.
func (c *checker) left() string {
	s := c.s
	works := func(mi int) bool {
		m := s.Config().Mappings[mi]
		return s.Mappings[mi].State == engine.Enabled && !c.removed[m.Function] && !c.removed[m.Source] && !s.RunsOut(mi)
	}
	gone := map[string]bool{} // queues some of whose messages may go to a reader that does not work, or cannot be deleted
	if c.feeds() {
		return ""
	}
	for _, f := range s.Config().Functions {
		c.looped = c.looped || f.Sends != "" && s.Functions[s.FunctionIndex(f.ID)].RecursiveLoop == "Allow"
	}
	for _, q := range s.Config().Queues {
		gone[q.ID] = q.FailedDeletes > 0
	}
	for mi, m := range s.Config().Mappings {
		gone[m.Source] = gone[m.Source] || !works(mi)
		if qi := s.QueueOf(mi); qi >= 0 { // its messages may be visible again before they are deleted, each time
			held := s.Mappings[mi].MaximumBatchingWindowInSeconds + mendedTimeout
			gone[m.Source] = gone[m.Source] || held >= s.Queues[qi].VisibilityTimeout
		}
	}
	for mi, m := range s.Config().Mappings {
		if s.SourceOf(mi) >= 0 {
			is := s.CountStates(mi)
			if n := is[engine.StateWaiting] + is[engine.StateBatched] + is[engine.StateRunning] + is[engine.StateRetrying]; n > 0 && works(mi) {
				return fmt.Sprintf("%s has %d records to do", m.ID, n)
			}
		} else if q := &s.Queues[s.QueueOf(mi)]; !c.looped && !gone[m.Source] && q.Visible+q.Delayed+q.InFlight > 0 {
			return fmt.Sprintf("%s holds %d messages", m.Source, q.Visible+q.Delayed+q.InFlight)
		}
	}
	return ""
}

// same compares a part of a trace with the same part of the whole run's.
func (r *swarmRun) same(invariant string, buf []byte, s *engine.Sim, events []engine.Event) []byte {
	for i := range events {
		e := &events[i]
		buf = trace.AppendJSON(buf[:0], s, e)
		if k := int(e.N - 1); k >= len(r.lines) || maphash.Bytes(lineSeed, buf) != r.lines[k] {
			panic(broken{invariant, fmt.Sprintf("copied at %s, at %s the run has\n%s\nwhere the whole run has\n%s", r.cut, e.At, buf, r.line(e.N))})
		}
	}
	return buf
}

// line runs the world again for the text of one line of its trace.
func (r *swarmRun) line(n int64) string {
	s := r.start()
	for s.NextAt() <= r.until {
		s.Step()
		for _, e := range s.Drain() {
			if e.N == n {
				return string(trace.AppendJSON(nil, s, &e))
			}
		}
	}
	return "nothing"
}

// followCopy runs the copy, and a copy of the copy: both go the way of the
// original.
func (r *swarmRun) followCopy() {
	all := []*engine.Sim{r.copy}
	if r.d.one("twice", 3) {
		all = append(all, r.copy.Clone())
	}
	var buf []byte
	for i := range 3 {
		to := r.cut + (r.until-r.cut)*engine.Micros(i+1)/3
		for _, s := range all {
			s.RunUntil(to)
			buf = r.same("copied", buf, s, s.Drain())
		}
	}
	for _, s := range all {
		r.sameEnd("copied", s)
	}
}

// sameEnd compares a run that is over with the whole run: the same number of
// events, and the same in everything that the future depends on.
func (r *swarmRun) sameEnd(invariant string, s *engine.Sim) {
	if n := s.Emitted(); n != int64(len(r.lines)) {
		panic(broken{invariant, fmt.Sprintf("copied at %s, the run has %d events, the whole run %d", r.cut, n, len(r.lines))})
	}
	if d := difference(s, r.end); d != "" {
		panic(broken{invariant, fmt.Sprintf("copied at %s, the run ends in another state: %s", r.cut, d)})
	}
}

// backAndForth moves about in the world's history, does and undoes a command,
// and holds that the past it plays is that of the whole run.
func (r *swarmRun) backAndForth() {
	h, err := timeline.New(r.Config)
	if err != nil {
		panic(broken{"config", err.Error()})
	}
	h.SetGap(r.end.Steps() / int64(r.d.span("snapshots", 2, 8)))
	h.Seek(r.d.between("first", 0, r.until))
	moves := 3
	if r.end.Stopped() != nil {
		moves = 1
	}
	for i := range moves {
		name := fmt.Sprint("move", i)
		switch r.d.n(name, 4) {
		case 0:
			h.Seek(r.d.between(name+" to", 0, r.until))
		case 1:
			h.Prev([]timeline.Stop{timeline.Visible, timeline.Cause, timeline.Raw}[r.d.n(name+" kind", 3)])
		case 2:
			h.SeekStep(int64(r.d.bits(name+" step") % uint64(r.end.Steps()+1)))
		case 3:
			h.Seek(r.d.between(name+" to", 0, r.until))
			if len(r.ops) > 0 {
				h.Do(r.command(name + " do"))
				h.Seek(min(r.until, h.Now()+10*engine.Second))
				h.Undo()
			}
		}
	}
	h.Seek(r.until)
	r.sameEnd("back and forth", h.Sim())
	from := engine.Micros(-1)
	if !r.d.one("from the start", 3) {
		from = r.d.between("from", 0, r.until)
	}
	h.Replay(from, func(s *engine.Sim, e *engine.Event) bool {
		r.buf = r.same("back and forth", r.buf, s, []engine.Event{*e})
		return true
	})
}
