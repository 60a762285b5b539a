package engine_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"esmlab/engine"
	"esmlab/engine/setting"
	"esmlab/engine/timeline"
	"esmlab/engine/trace"
)

// The swarm runs random worlds, each from a seed, and holds what must be true
// of every one. It runs any range of seeds:
//
//	go test ./engine -run Swarm -from 1000 -seeds 5000
//
// and one world without some of its parts, as a failure prints it:
//
//	go test ./engine -run Swarm -from 1234 -seeds 1 -drop step3,Q0.row1
var (
	swarmFrom  = flag.Uint64("from", 1, "the first seed of the swarm")
	swarmSeeds = flag.Int("seeds", 0, "how many seeds the swarm runs (0: 200, with -short 12)")
	swarmDrop  = flag.String("drop", "", "parts of the swarm's worlds to leave out, with commas between")
)

// failedOnce are seeds that found a fault in the engine: they run each time.
var failedOnce = []uint64{}

// exchangeDLQs lets queues be each other's DLQ, directly or through others.
const exchangeDLQs = false

// TestSwarm runs the worlds of a range of seeds, and those that failed once.
func TestSwarm(t *testing.T) {
	n := *swarmSeeds
	if n == 0 {
		if n = 200; testing.Short() {
			n = 2
		}
	}
	var off []string
	if *swarmDrop != "" {
		off = strings.Split(*swarmDrop, ",")
	}
	seeds := make([]uint64, n)
	for i := range seeds {
		seeds[i] = *swarmFrom + uint64(i)
	}
	if *swarmFrom == 1 && off == nil {
		seeds = append(slices.Clone(failedOnce), seeds...)
	}
	for _, seed := range seeds {
		if b := runSeed(seed, off); b != nil {
			off, b := shrink(seed, off, b)
			t.Errorf("%s: %s\n%s\n%s", b.invariant, b.text, reproduce(seed, off), newSwarmWorld(seed, off))
		}
	}
}

// reproduce is the line that runs a world again.
func reproduce(seed uint64, off []string) string {
	line := fmt.Sprint("go test ./engine -run Swarm -seeds 1 -from ", seed)
	if len(off) > 0 {
		line += " -drop '" + strings.Join(off, ",") + "'"
	}
	return line
}

// shrink leaves out what the failure does not need.
func shrink(seed uint64, off []string, b *broken) ([]string, *broken) {
	began := time.Now()
	for again := true; again; {
		again = false
		parts := newSwarmWorld(seed, off).d.on
		for size := max(1, len(parts)/2); size > 0; size /= 2 { // many at once, then one by one
			for i := 0; i < len(parts) && time.Since(began) < 20*time.Second; {
				try := slices.Concat(off, parts[i:min(i+size, len(parts))])
				if less := runSeed(seed, try); less != nil && less.invariant == b.invariant {
					off, b, again = try, less, true
					parts = slices.Delete(parts, i, min(i+size, len(parts)))
				} else {
					i += size
				}
			}
		}
	}
	return off, b
}

// String says what is in the world, what is as usual left out.
func (w *swarmWorld) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "until %s, concurrency %d, chosen %+v\n", w.until, w.Concurrency, w.Chosen)
	of := func(kind, id, more string) {
		fmt.Fprintf(&b, "%s %s%s", kind, id, more)
		r, _ := w.SettingsOf(id)
		for _, p := range r.Rows() {
			if v, ok := p.Get(&r); ok && v != p.Default {
				fmt.Fprintf(&b, " %s=%s", p.Name, v)
			}
		}
		b.WriteByte('\n')
	}
	for _, x := range w.Streams {
		of([]string{"stream", "table"}[x.Kind], x.ID, "")
	}
	for _, x := range w.Queues {
		of("queue", x.ID, fmt.Sprintf(" FifoQueue=%v duplicates=%v failed_deletes=%v", x.FIFO, x.Duplicates, x.FailedDeletes))
	}
	for _, x := range w.Functions {
		of("function", x.ID, " sends="+x.Sends)
		for _, f := range x.Faults {
			fmt.Fprintf(&b, "  fault %+v\n", f)
		}
	}
	for _, x := range w.Mappings {
		of("mapping", x.ID, fmt.Sprintf(" %s to %s enabled=%v %s consumer=%q activates=%s updates=%s disables=%s", x.Source, x.Function, x.Enabled, x.Start, x.Consumer, x.Activates, x.Updates, x.Disables))
	}
	for _, x := range w.Traffic {
		fmt.Fprintf(&b, "put %+v\n", x)
	}
	for _, x := range w.Steps {
		fmt.Fprintf(&b, "at %s %s %s %v %v\n", x.At, x.Op, x.Target, x.Value, x.Command)
	}
	return b.String()
}

// runSeed runs one world; nil if everything holds.
func runSeed(seed uint64, off []string) (found *broken) {
	stop := watch(seed, off)
	defer stop()
	defer func() {
		switch r := recover().(type) {
		case nil:
		case broken:
			found = &r
		default:
			found = &broken{fmt.Sprint("panic: ", r), string(debug.Stack())}
		}
	}()
	w := newSwarmWorld(seed, off)
	lines := w.whole()
	w.branches(lines)
	w.backAndForth(lines)
	return nil
}

// watch ends the test with the line that reproduces it when a world takes too
// long or too much memory: such a world cannot be stopped from inside.
func watch(seed uint64, off []string) (stop func()) {
	done := make(chan bool)
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		began := time.Now()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				var m runtime.MemStats
				if runtime.ReadMemStats(&m); time.Since(began) > 2*time.Minute || m.HeapAlloc > 3<<30 {
					fmt.Printf("endless: %s and %d MB so far\n%s\n%s\n", time.Since(began), m.HeapAlloc>>20, reproduce(seed, off), newSwarmWorld(seed, off))
					os.Exit(2)
				}
			}
		}
	}()
	return func() { close(done) }
}

// whole runs the world from beginning to end with every check, and gives its
// trace. Then it mends everything and holds that all work gets done.
func (w *swarmWorld) whole() [][]byte {
	s := w.start()
	c := newChecker(s)
	var lines [][]byte
	c.see = func(e *engine.Event) { lines = append(lines, trace.AppendJSON(nil, s, e)) }
	for i := range 12 {
		c.advance(w.until * engine.Micros(i+1) / 12)
		c.state()
	}
	c.see = nil
	w.mend(s, func() { c.advance(s.Now() + 10*engine.Second) })
	left := c.left()
	for wait := 10 * engine.Second; left != "" && wait < 14*engine.Hour; wait *= 2 {
		if c.left(); c.looped || s.Steps() > 200_000 {
			return lines // too busy to be followed so far
		}
		c.advance(s.Now() + wait)
		left = c.left()
	}
	c.must(left == "", "liveness", "%s after 14 hours in which nothing stands in the way", left)
	c.state()
	return lines
}

func (w *swarmWorld) start() *engine.Sim {
	s, err := engine.New(w.Config)
	if err != nil {
		panic(broken{"config", err.Error()})
	}
	return s
}

// mendedTimeout is the Timeout of every function once a world is mended, in
// seconds.
const mendedTimeout = 3

// mend takes away everything that keeps work from being done.
func (w *swarmWorld) mend(s *engine.Sim, wait func()) {
	set := func(target string, v engine.Value) { s.Do(engine.Command{Op: engine.OpSet, Target: target, Value: v}) }
	for _, f := range w.Functions {
		s.Do(engine.Command{Op: engine.OpFix, Target: f.ID})
		set(f.ID+"."+setting.ReservedConcurrentExecutions, engine.IntValue(-1))
		set(f.ID+"."+setting.Timeout, engine.IntValue(mendedTimeout))
		set(f.ID+"."+setting.TakesTime, engine.TimeValue(10*engine.Millisecond))
		set(f.ID+"."+setting.Cold, engine.TimeValue(0))
	}
	for _, m := range w.Mappings {
		s.Do(engine.Command{Op: engine.OpAllow, Target: m.ID, Actions: swarmActions})
	}
	wait() // for mappings that change their state
	for _, m := range w.Mappings {
		s.Do(engine.Command{Op: engine.OpEnable, Target: m.ID})
	}
	wait()
}

// left says what is still to be done, "" if nothing is that can be.
func (c *checker) left() string {
	s := c.s
	works := func(mi int) bool {
		m := s.Config().Mappings[mi]
		return s.Mappings[mi].State == engine.Enabled && !c.removed[m.Function] && !c.removed[m.Source]
	}
	gone := map[string]bool{} // queues some of whose messages may go to a reader that does not work, or cannot be deleted
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
func same(invariant string, at engine.Micros, s *engine.Sim, events []engine.Event, lines [][]byte) {
	for i := range events {
		line := trace.AppendJSON(nil, s, &events[i])
		k := events[i].N - 1
		if int(k) >= len(lines) || !bytes.Equal(line, lines[k]) {
			other := "nothing"
			if int(k) < len(lines) {
				other = string(lines[k])
			}
			panic(broken{invariant, fmt.Sprintf("the run parted at %s has\n%s\nwhere the whole run has\n%s", at, line, other)})
		}
	}
}

// branches runs the world again, copies it at some instant, and runs copy, copy
// of the copy and original on in turns: all go the way of the whole run.
func (w *swarmWorld) branches(lines [][]byte) {
	s := w.start()
	cut := w.d.between("cut", 0, w.until)
	s.RunUntil(cut)
	same("same twice", cut, s, s.Drain(), lines)
	for range w.d.n("cut after", 5) {
		if s.NextAt() <= w.until {
			s.Step()
		}
	}
	same("same twice", cut, s, s.Drain(), lines)
	twin := s.Clone()
	third := twin.Clone()
	emitted := s.Emitted()
	for i := range 6 {
		to := cut + (w.until-cut)*engine.Micros(i+1)/6
		for _, sim := range []*engine.Sim{s, twin} {
			sim.RunUntil(to)
			same("copied", cut, sim, sim.Drain(), lines)
		}
	}
	third.RunUntil(w.until)
	same("copied", cut, third, third.Drain(), lines)
	for _, sim := range []*engine.Sim{s, twin, third} {
		if sim.Emitted() != int64(len(lines)) {
			panic(broken{"copied", fmt.Sprintf("the run copied at %s after %d events has %d events, the whole run %d", cut, emitted, sim.Emitted(), len(lines))})
		}
	}
}

// backAndForth moves about in the world's history, does and undoes a command,
// and holds that the past it plays is that of the whole run.
func (w *swarmWorld) backAndForth(lines [][]byte) {
	h, err := timeline.New(w.Config)
	if err != nil {
		panic(broken{"config", err.Error()})
	}
	h.Seek(w.until)
	for i := range 4 {
		name := fmt.Sprint("move", i)
		switch w.d.n(name, 4) {
		case 0:
			h.Seek(w.d.between(name+" to", 0, w.until))
		case 1:
			h.Prev(timeline.Visible)
		case 2:
			h.SeekStep(int64(w.d.n(name+" step", 400)))
		case 3:
			h.Seek(w.d.between(name+" to", 0, w.until))
			if len(w.ops) > 0 {
				h.Do(w.command(name + " do"))
				h.Seek(min(w.until, h.Now()+10*engine.Second))
				h.Undo()
			}
		}
	}
	h.Seek(w.until)
	if n := h.Sim().Emitted(); n != int64(len(lines)) {
		panic(broken{"back and forth", fmt.Sprintf("%d events, the whole run has %d", n, len(lines))})
	}
	h.Replay(-1, func(s *engine.Sim, e *engine.Event) bool {
		same("back and forth", h.Now(), s, []engine.Event{*e}, lines)
		return true
	})
}
