package lab

import (
	"strings"
	"testing"
	"time"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// large is a lab on a 160x50 screen with a shard blocked.
func large(tb testing.TB) *Lab {
	sc := poison(2)
	sc.Config.For = 1000 * engine.Hour
	m := lab(tb, sc, 160, 50, drawn)
	m.Draw(160, 50)
	return m
}

// Drawing keeps within the budgets: a frame under 1,000 allocations, one in which
// time has passed under 2,000.
func TestDrawingBudget(t *testing.T) {
	m := large(t)
	if n := testing.AllocsPerRun(20, func() { m.Draw(160, 50) }); n > 1000 {
		t.Errorf("a frame takes %.0f allocations", n)
	} else {
		t.Logf("%.0f allocations", n)
	}
	if n := testing.AllocsPerRun(20, func() {
		m.tl.Advance(m.tl.Now()+33*engine.Millisecond, -1)
		m.Draw(160, 50)
	}); n > 2000 {
		t.Errorf("a frame later takes %.0f allocations", n)
	}
}

// The history of a long run stays bounded.
func TestMemoryIsBounded(t *testing.T) {
	m := large(t)
	m.chooseFault(5, 0)
	m.tl.Advance(2*engine.Hour, -1)
	history := m.tl.History()
	if n := len(history.Log); n > 4000 {
		t.Errorf("%d events are kept", n)
	}
	if n := history.Charts[0].Buckets.Len(); n > 512 {
		t.Errorf("%d buckets are kept", n)
	}
}

func BenchmarkFrame(b *testing.B) {
	m := large(b)
	b.ReportAllocs()
	for b.Loop() {
		m.Draw(160, 50)
	}
}

// BenchmarkTick10000x is a tick at the highest speed, with its frame.
func BenchmarkTick10000x(b *testing.B) {
	m := large(b)
	m.setSpeed(len(speeds) - 1)
	at := time.Unix(0, 0)
	b.ReportAllocs()
	for b.Loop() {
		at = at.Add(time.Second / kit.Frames)
		m.Tick(at)
		m.Draw(160, 50)
	}
}

// At the highest speed what is computed for a frame is bounded, however much
// there is to compute: BenchmarkTick10000x says how long that takes.
func TestWorkOfAFrame(t *testing.T) {
	for _, every := range []engine.Micros{200 * engine.Millisecond, engine.Millisecond} {
		sc := poison(2)
		sc.Config.For = 1000 * engine.Hour
		sc.Config.Traffic[0].Every = every
		m := lab(t, sc, 160, 50, 0)
		m.setSpeed(len(speeds) - 1)
		at := time.Unix(0, 0)
		frames := 60
		if testing.Short() {
			frames = 10
		}
		for range frames {
			before := m.sim().Emitted()
			at = at.Add(time.Second / kit.Frames)
			m.Tick(at)
			if n := m.sim().Emitted() - before; n > 10*mostSteps {
				t.Fatalf("a record each %s s: %d events in one frame", every, n)
			}
		}
	}
}

// BenchmarkTwoHistories draws all panes, the slider and two runs side by side,
// each of which has changed: under 4 ms.
func BenchmarkTwoHistories(b *testing.B) {
	m := large(b)
	m.tl.Branch()
	m.tl.Do(engine.Command{Op: engine.OpSet, Target: m.mappingID() + ".MaximumRetryAttempts", Value: engine.IntValue(2)})
	m.compare(-1)
	at := m.tl.Now()
	b.ReportAllocs()
	for b.Loop() {
		at += 33 * engine.Millisecond
		m.tl.Advance(at, -1)
		m.Draw(160, 50)
	}
}

// From four fifths of the budget on the title says how much is kept, and how close
// the instants lie. The slider begins at second 0 all the same.
func TestHistoryInTitle(t *testing.T) {
	sc := poison(2)
	sc.Config.For = 1000 * engine.Hour
	m := lab(t, sc, 120, 36, drawn)
	if row := strings.Split(m.text(), "\n")[0]; strings.Contains(row, "history") {
		t.Errorf("with little in it the title says %q", row)
	}
	m.tl.SetBudget(1)
	m.tl.Advance(3*engine.Hour, -1)
	used, _ := m.tl.Memory()
	m.tl.SetBudget(max(1, used))
	row := strings.Split(m.text(), "\n")
	if !strings.Contains(row[0], "history ") || !strings.Contains(row[0], " MB, kept each ") {
		t.Errorf("the title says %q", row[0])
	}
	if m.tl.Begin() != 0 || !strings.HasPrefix(row[len(row)-2], " 0 s ") {
		t.Errorf("the history begins at %s, the slider is %q", m.tl.Begin(), row[len(row)-2])
	}
}
