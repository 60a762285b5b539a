package cmd

import (
	"strings"
	"testing"
	"time"

	"github.com/hinshun/vt10x"
)

// BenchmarkStart is how long the program takes in a terminal: from the start of the process
// to the lab's first frame, and from esc to Home with all that it lists. The latter includes
// the 50 ms for which a terminal's reader waits whether esc begins a sequence.
//
//	go test ./ui/cmd -run '^$' -bench Start -benchtime 20x
func BenchmarkStart(b *testing.B) {
	data := b.TempDir()
	var lab, home time.Duration
	for b.Loop() {
		begin := time.Now()
		p := inTerminal(b, esmlab(b, data))
		until := func(want ...string) time.Duration {
			for time.Since(begin) < 20*time.Second {
				vt := vt10x.New(vt10x.WithSize(80, 24))
				_, _ = vt.Write([]byte(p.text()))
				missing := 0
				for _, w := range want {
					if !strings.Contains(vt.String(), w) {
						missing++
					}
				}
				if missing == 0 {
					return time.Since(begin)
				}
				time.Sleep(time.Millisecond)
			}
			b.Fatalf("no %q in %q", want, p.text())
			return 0
		}
		lab += until("Shards · Orders", "Iterators", "seed 7")
		time.Sleep(time.Second)
		begin = time.Now()
		p.types("\x1b")
		home += until("next lesson", "cards due", "all lessons", "Streams: flow")
		_ = p.c.Process.Kill()
	}
	b.ReportMetric(float64(lab.Milliseconds())/float64(b.N), "ms-to-the-lab")
	b.ReportMetric(float64(home.Milliseconds())/float64(b.N), "ms-to-Home")
	b.ReportMetric(0, "ns/op")
}
