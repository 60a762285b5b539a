package lab

import (
	"time"

	"esmlab/ui/flow"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// flowRows draws the flow line.
func (m *Lab) flowRows(c *pane.Ctx) []string {
	m.flow.Motion = m.screens.Motion
	if m.flowed != m.tl.Version() { // the run is another than the one that moved
		m.flow.Sync(c)
		m.flowed = m.tl.Version()
	}
	return m.flow.Draw(c, flow.View{W: m.lay.Flow.W, Rows: m.lay.Flow.H, Stopped: !m.running, Digits: m.digits()})
}

// follow lets what a step has brought move, once; what any other key has changed is
// there at once. While time runs, the frames follow.
func (m *Lab) follow() {
	if m.stepped {
		m.flowOn(speed{0, 1})
	}
	m.stepped = false
}

// flowOn lets what has happened since the last frame move.
func (m *Lab) flowOn(s speed) {
	m.flow.Motion = m.screens.Motion
	if log, known := m.history().Log, m.flow.Known(); m.flow.Motion != kit.NoMotion && len(log) > 0 && log[len(log)-1].N > known && known > 0 {
		m.fresh = fresh{after: known}
		if s.num > 0 {
			m.fresh.at = m.last
		}
	}
	m.flow.Follow(m.ctx(), s.num, s.den)
	m.flowed = m.tl.Version()
}

// fresh is what has just happened: the events after a number. It is bold for a moment.
type fresh struct {
	after int64
	at    time.Time // zero: from the next frame on
}

// bold is how long what has just happened is bold.
const bold = 150 * time.Millisecond

// moveOn begins a frame of what is under way.
func (m *Lab) moveOn(at time.Time) {
	m.flow.Frame(at)
	switch {
	case m.fresh.after == 0:
	case m.fresh.at.IsZero():
		m.fresh.at = at
	case at.Sub(m.fresh.at) >= bold:
		m.fresh = fresh{}
	}
}

// settle ends all that is under way: a key acts on what is there.
func (m *Lab) settle() {
	m.flow.End()
	m.fresh = fresh{}
}
