package lab

import (
	"esmlab/ui/flow"
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
	m.flow.Follow(m.ctx(), s.num, s.den)
	m.flowed = m.tl.Version()
}
