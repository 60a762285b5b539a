package lab

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
)

// large is a lab on a 160x50 screen with a shard blocked.
func large(tb testing.TB) *model {
	sc := poison(2)
	sc.Config.For = 1000 * engine.Hour
	m := lab(tb, sc, 160, 50, drawn)
	m.View()
	return m
}

// Drawing keeps within the budgets: a changed pane under 1,000 allocations, a
// frame in which time has passed as well, an equal frame none.
func TestDrawingBudget(t *testing.T) {
	m := large(t)
	for i := 1; i <= 7; i++ {
		n := testing.AllocsPerRun(20, func() {
			m.cache[i].key.a = -1
			m.dirty = true
			m.View()
		})
		if n > 1000 {
			t.Errorf("with pane %d changed a frame takes %.0f allocations", i, n)
		}
		t.Logf("pane %d: %.0f allocations", i, n)
	}
	if n := testing.AllocsPerRun(20, func() {
		m.tl.Advance(m.tl.Now()+33*engine.Millisecond, -1)
		m.dirty = true
		m.View()
	}); n > 2000 {
		t.Errorf("a frame later takes %.0f allocations", n)
	}
	if n := testing.AllocsPerRun(20, func() { m.View() }); n > 1 {
		t.Errorf("an equal frame takes %.0f allocations", n)
	}
}

// The history of a long run stays bounded.
func TestMemoryIsBounded(t *testing.T) {
	m := large(t)
	m.breakIt(5, 0)
	m.tl.Advance(2*engine.Hour, -1)
	trail := m.tl.Trail()
	if n := len(trail.Log); n > 4000 {
		t.Errorf("%d events are kept", n)
	}
	if n := len(trail.Charts[0].Buckets); n > 512 {
		t.Errorf("%d buckets are kept", n)
	}
}

func BenchmarkChangedPane(b *testing.B) {
	m := large(b)
	b.ReportAllocs()
	for b.Loop() {
		m.cache[3].key.a = -1
		m.dirty = true
		m.View()
	}
}

func BenchmarkEverything(b *testing.B) {
	m := large(b)
	b.ReportAllocs()
	for b.Loop() {
		m.cache = [8]cached{}
		m.dirty = true
		m.View()
	}
}

// BenchmarkTick10000x is a tick at the highest speed, with its frame.
func BenchmarkTick10000x(b *testing.B) {
	m := large(b)
	m.setSpeed(len(speeds) - 1)
	at := time.Unix(0, 0)
	m.Update(tea.WindowSizeMsg{Width: 160, Height: 50})
	b.ReportAllocs()
	for b.Loop() {
		at = at.Add(time.Second / frames)
		m.Update(tickMsg{at, m.run})
		m.View()
	}
}
