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
	m.tell()
}

// flowOn lets what has happened since the last frame move.
func (m *Lab) flowOn(s speed) {
	m.flow.Motion = m.screens.Motion
	if log, known := m.history().Log, m.flow.Known(); m.flow.Motion != kit.NoMotion && len(log) > 0 && log[len(log)-1].N > known && known > 0 {
		m.newest, m.fresh = known, moment{on: true}
		if s.num > 0 {
			m.fresh.at = m.last
		}
	}
	m.flow.Follow(m.ctx(), s.num, s.den)
	m.flowed = m.tl.Version()
}

// told is what the headline says, but for its figures.
type told struct {
	claim, text string
	about       pane.Subject
}

// tell looks whether the headline says something else than before.
func (m *Lab) tell() {
	h := m.headline()
	now := told{claim: h.claim, about: h.about}
	if h.claim == "" {
		now.text = h.text[0]
	}
	if m.told != (told{}) && now != m.told && m.screens.Motion != kit.NoMotion {
		m.newHead = moment{on: true}
	}
	m.told = now
}

// bold is how long what is new is bold.
const bold = 150 * time.Millisecond

// moment is a time in which something is bold.
type moment struct {
	on bool
	at time.Time // its begin; zero: with the next frame
}

// frame is the time of the next frame.
func (b *moment) frame(at time.Time) {
	switch {
	case !b.on:
	case b.at.IsZero():
		b.at = at
	case at.Sub(b.at) >= bold:
		*b = moment{}
	}
}

// newLines gives the number of the event after which all are new; 0: none are.
func (m *Lab) newLines() int64 {
	if !m.fresh.on {
		return 0
	}
	return m.newest
}

// moveOn begins a frame of what is under way.
func (m *Lab) moveOn(at time.Time) {
	m.flow.Frame(at)
	m.fresh.frame(at)
	m.newHead.frame(at)
}

// settle ends all that is under way: a key acts on what is there.
func (m *Lab) settle() {
	m.flow.End()
	m.fresh, m.newHead = moment{}, moment{}
}
