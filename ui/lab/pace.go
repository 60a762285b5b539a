package lab

import (
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// speed is how many virtual seconds pass in a second of wall time: num/den.
type speed struct{ num, den int64 }

var speeds = []speed{{1, 8}, {1, 4}, {1, 2}, {1, 1}, {2, 1}, {4, 1}, {8, 1}, {16, 1}, {32, 1}, {64, 1}, {128, 1}, {256, 1},
	{512, 1}, {1024, 1}, {2048, 1}, {4096, 1}, {8192, 1}, {10000, 1}}

func (s speed) String() string {
	if s.den > 1 {
		return strconv.FormatInt(s.num, 10) + "/" + strconv.FormatInt(s.den, 10) + "x"
	}
	return kit.Thousands(int(s.num)) + "x"
}

// of is how much virtual time passes in d of wall time.
func (s speed) of(d time.Duration) engine.Micros {
	return engine.Micros(d.Microseconds() * s.num / s.den)
}

// meter measures the speed that is actually reached, over about a second.
type meter struct {
	wall time.Duration
	gone engine.Micros
	per  int64 // thousandths of a virtual second per second; 0: not known yet
}

func (r *meter) add(wall time.Duration, gone engine.Micros) {
	r.wall += wall
	r.gone += gone
	if r.wall >= time.Second {
		r.per = int64(r.gone) * 1000 / r.wall.Microseconds()
		*r = meter{per: r.per}
	}
}

// less gives the speed that is reached if it is clearly less than the one that is
// set, else "".
func (r *meter) less(set speed) string {
	if r.per == 0 || r.per*set.den >= set.num*900 {
		return ""
	}
	if r.per < 10000 {
		return tenth(r.per/100) + "x"
	}
	return kit.Thousands(int(r.per/1000)) + "x"
}

func tenth(n int64) string {
	return strconv.FormatInt(n/10, 10) + "." + strconv.FormatInt(n%10, 10)
}

// Animating tells whether time runs, or something is still on its way.
func (m *Lab) Animating() bool {
	return m.running || m.fresh.on || m.newHead.on || m.lay.Flow.H > 0 && m.flow.Moving()
}

// Tick lets time go on by one frame.
func (m *Lab) Tick(at time.Time) bool {
	m.moveOn(at)
	if !m.running {
		return true
	}
	defer m.after()
	frame := m.screens.Frame()
	wall := frame
	if !m.last.IsZero() {
		// A late frame is made up for, within bounds: after a laptop has slept, time
		// must not leap.
		late := at.Sub(m.last)
		wall = min(max(late, 0), 4*frame)
		if late > 3*frame/2 {
			m.steps = max(fewestSteps, m.steps/2)
		} else {
			m.steps = min(mostSteps, m.steps+m.steps/8)
		}
	}
	m.last = at
	s := m.sim()
	want := speeds[m.speed].of(wall)
	if s.Idle() && !m.tl.Ahead() {
		m.running, m.stoppedIdle = false, true
		m.tell()
		return true
	}
	want = m.skipQuietStretch(want)
	from := m.tl.Now()
	m.advance(from + want)
	m.ring()
	m.flowOn(speeds[m.speed])
	m.reached.add(wall, m.tl.Now()-from)
	m.holdBounds(wall)
	if m.skipFrom >= 0 && m.tl.Now() >= m.skipTo {
		m.skips = append(m.skips, pane.Skip{From: m.skipFrom, To: m.skipTo})
		m.skipFrom = -1
	}
	m.dropEffective()
	// Drawing is most of the work. While nothing leaps, eight frames a second are enough:
	// figures are read no faster.
	m.undrawn += wall
	if m.undrawn < time.Second/8-frame/2 && m.running && (m.lay.Flow.H == 0 || !m.flow.Leaps()) {
		return false
	}
	m.undrawn = 0
	m.tell()
	return true
}

// advance lets time pass up to an instant, or until the awaited condition holds.
func (m *Lab) advance(to engine.Micros) {
	if m.until == nil {
		if p := m.foresee(to, 0); p != nil {
			m.askPrediction(p)
			return
		}
		m.tl.Advance(to, m.steps)
		return
	}
	for range m.steps {
		there := m.tl.Advance(to, 1)
		if m.until(m.tl.Sim()) {
			m.until = nil
			m.setRunning(false)
			return
		}
		if there {
			return
		}
	}
}

// skipQuietStretch gives how far to go in a frame: further than want in a stretch in
// which nothing happens, so that it takes two thirds of a second.
func (m *Lab) skipQuietStretch(want engine.Micros) engine.Micros {
	if m.skipFrom >= 0 {
		return max(want, (m.skipTo-m.skipFrom)/20)
	}
	s := m.sim()
	next := s.NextAt()
	if m.noSkip || next == engine.Never || m.tl.Ahead() {
		return want
	}
	if gap := next - s.Now(); gap > speeds[m.speed].of(time.Second) && gap > 2*engine.Second {
		m.skipFrom, m.skipTo = s.Now(), next
		return max(want, gap/20)
	}
	return want
}

// dropEffective drops the settings that have taken effect from those pending.
func (m *Lab) dropEffective() {
	for name, w := range m.pending {
		if !m.isPending(w) {
			delete(m.pending, name)
		}
	}
}

func (m *Lab) isPending(w pendingSetting) bool {
	if m.queue() >= 0 {
		return false
	}
	l := m.sim().ActiveLane(m.at, int(w.shard))
	if l == nil || len(l.Parts) == 0 || l.Root != w.batch {
		return false
	}
	p, _ := l.Part()
	switch w.when {
	case narrate.NextFailure:
		// The try under way, or the next one, has not ended yet.
		return p.Tries == w.tries || p.Tries == w.tries+1 && l.Phase == engine.PhaseRunning
	case narrate.NextTry:
		return p.Tries == w.tries && l.Phase != engine.PhaseRunning
	}
	return true
}

// setRunning lets time run, or stops it.
func (m *Lab) setRunning(on bool) tea.Cmd {
	m.stoppedIdle = false
	if on == m.running {
		return nil
	}
	m.running = on
	m.last, m.reached = time.Time{}, meter{}
	if !on && m.skipFrom >= 0 {
		m.skips, m.skipFrom = append(m.skips, pane.Skip{From: m.skipFrom, To: m.tl.Now()}), -1
	}
	return nil
}

// step stops time and goes to another change; if there is none, none says so.
func (m *Lab) step(to func(timeline.Stop) bool, kind timeline.Stop, none string) tea.Cmd {
	cmd := m.setRunning(false)
	m.skipFrom, m.stepped = -1, true
	if !to(kind) {
		m.notice = none
	}
	m.dropEffective()
	m.trimSkips()
	return cmd
}

// seek stops time and goes to an instant.
func (m *Lab) seek(at engine.Micros) tea.Cmd {
	cmd := m.setRunning(false)
	m.skipFrom = -1
	m.tl.Seek(at)
	m.dropEffective()
	m.trimSkips()
	return cmd
}

// trimSkips forgets the skipped stretches that are in the future again.
func (m *Lab) trimSkips() {
	for len(m.skips) > 0 && m.skips[len(m.skips)-1].To > m.tl.Now() {
		m.skips = m.skips[:len(m.skips)-1]
	}
}

func (m *Lab) setSpeed(i int) {
	m.speed = max(0, min(len(speeds)-1, i))
	m.reached = meter{}
}
