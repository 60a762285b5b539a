package engine_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
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
var failedOnce = []uint64{103890, 202396, 481, 2013749, 3000831, 10050309, 10007843, 10062515, 20062216, 40005504, 70062928, 91023135}

// TestSwarm runs the worlds of a range of seeds, and those that failed once, as
// many at a time as there are processors.
func TestSwarm(t *testing.T) {
	n := *swarmSeeds
	if n == 0 {
		if n = 200; testing.Short() {
			n = 12
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
	var total swarmTotal
	began := time.Now()
	next := make(chan uint64)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		w := &swarmWorker{off: off}
		done := make(chan bool)
		go w.watch(done)
		workers.Go(func() {
			defer close(done)
			for seed := range next {
				w.begin(seed)
				if b := runSeed(seed, off, &total); b != nil {
					off, b := shrink(seed, off, b)
					t.Errorf("%s: %s\n%s\n%s", b.invariant, b.text, reproduce(seed, off), newSwarmWorld(seed, off))
				}
			}
		})
	}
	for _, seed := range seeds {
		if !t.Failed() || n <= 1000 { // of a long run, the first failures are enough
			next <- seed
		}
	}
	close(next)
	workers.Wait()
	t.Logf("%d worlds in %s: %s", len(seeds), time.Since(began).Round(time.Millisecond), &total)
}

// swarmTotal counts what the worlds of a run had.
type swarmTotal struct {
	events  atomic.Int64 // in the part that is compared
	short   atomic.Int64 // worlds that were cut off, so busy were they
	stopped atomic.Int64 // worlds that stopped in a loop that takes no time
	mended  atomic.Int64 // worlds followed until all work was done
}

func (n *swarmTotal) String() string {
	return fmt.Sprintf("%d events, %d cut short, %d stopped in a loop, %d followed until all work was done", n.events.Load(), n.short.Load(), n.stopped.Load(), n.mended.Load())
}

// swarmWorker runs one world after the other.
type swarmWorker struct {
	off  []string
	seed atomic.Uint64
	at   atomic.Int64 // when the seed began, in nanoseconds
}

func (w *swarmWorker) begin(seed uint64) {
	w.seed.Store(seed)
	w.at.Store(time.Now().UnixNano())
}

// watch ends the test with the line that reproduces it when a world takes too
// long or too much memory: such a world cannot be stopped from inside.
func (w *swarmWorker) watch(done chan bool) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	w.at.Store(math.MaxInt64)
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			var m runtime.MemStats
			took := time.Duration(time.Now().UnixNano() - w.at.Load())
			if runtime.ReadMemStats(&m); took > 20*time.Minute || m.HeapAlloc > 3<<30 {
				seed := w.seed.Load()
				fmt.Printf("endless: %s and %d MB so far\n%s\n%s\n", took, m.HeapAlloc>>20, reproduce(seed, w.off), newSwarmWorld(seed, w.off))
				os.Exit(2)
			}
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
				if less := runSeed(seed, try, &swarmTotal{}); less != nil && less.invariant == b.invariant {
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
	for _, x := range w.Services {
		fmt.Fprintf(&b, "service %+v\n", x)
	}
	for _, x := range w.Receivers {
		fmt.Fprintf(&b, "receiver %+v\n", x)
	}
	for _, x := range w.Functions {
		of("function", x.ID, " sends="+x.Sends)
		for _, f := range x.Faults {
			fmt.Fprintf(&b, "  fault %+v\n", f)
		}
		if h := x.Handler; h.Loop != 0 || len(h.Does) > 0 || h.Once.Table != "" {
			fmt.Fprintf(&b, "  handler %+v\n", h)
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
