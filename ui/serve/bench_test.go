package serve

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// class of n guests at 80x24, each in a lab that runs. Each presses a key a second, for
// some seconds. It gives how long they waited for what the key shows, sorted, and how
// much memory a guest takes, with that of its client, which lives in this process.
func crowd(tb testing.TB, n, seconds int) (waits []time.Duration, bytes int64) {
	c, addr, _ := open(tb, Options{Guests: n})
	heap := func() int64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc + m.StackInuse)
	}
	first := join(tb, addr, 80, 24) // reads the deck, for all
	first.expect("10 cards due")
	before := heap()
	guests := make([]*student, n-1)
	for i := range guests {
		d := join(tb, addr, 80, 24)
		d.expect("A calm")
		d.press("4\r")
		d.expect("ShipOrders")
		guests[i] = d
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	for i, d := range guests {
		all.Go(func() {
			time.Sleep(time.Duration(i) * time.Second / time.Duration(n)) // not all at once
			for range seconds {
				from := time.Now()
				d.press("?")
				if !d.await("What works here", time.Minute) {
					tb.Error("no answer in a minute")
					return
				}
				wait := time.Since(from)
				mu.Lock()
				waits = append(waits, wait)
				mu.Unlock()
				time.Sleep(max(0, time.Second-wait))
				d.press(esc)
				time.Sleep(time.Second)
			}
		})
	}
	all.Wait()
	bytes = (heap() - before) / int64(len(guests))
	here, _, _ := c.Guests()
	if len(here) != n {
		tb.Errorf("%d of %d guests are there", len(here), n)
	}
	slices.Sort(waits)
	return waits, bytes
}

// BenchmarkGuests is a class of 200:
//
//	go test ./ui/serve -run '^$' -bench Guests -benchtime 1x
func BenchmarkGuests(b *testing.B) {
	for b.Loop() {
		waits, bytes := crowd(b, 200, 10)
		b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "ms-median")
		b.ReportMetric(float64(waits[len(waits)*95/100].Microseconds())/1000, "ms-95%")
		b.ReportMetric(float64(bytes)/(1<<20), "MB/guest")
	}
}

// A small class is answered (how fast, BenchmarkGuests measures), and takes as much memory as it may.
func TestCrowd(t *testing.T) {
	n, seconds := 12, 2
	if testing.Short() {
		n, seconds = 6, 1
	}
	waits, bytes := crowd(t, n, seconds)
	if len(waits) == 0 {
		t.Fatal("nobody was answered")
	}
	if bytes > 8<<20 {
		t.Errorf("a guest takes %d kB", bytes>>10)
	}
}
