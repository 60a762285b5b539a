package lab

import (
	"time"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// holdBounds stops time where more waits than the screens allow: what waits is what a
// simulation's memory grows with. It is looked at about twice a second.
func (m *Lab) holdBounds(wall time.Duration) {
	most := m.screens.Bounds.Waiting
	if m.unlooked += wall; most == 0 || m.unlooked < time.Second/2 {
		return
	}
	m.unlooked = 0
	if n := waiting(m.tl.Sim()); n > most {
		m.setRunning(false)
		m.notice = kit.Thousands(int(n)) + " records and messages wait here, and a lab in a class holds " + kit.Thousands(int(most)) +
			kit.WithKeys(": {over} starts over, {prev} goes back")
	}
}

// waiting counts the records and messages that a simulation still has to work on.
func waiting(s *engine.Sim) (n int64) {
	add := func(states [engine.NumRecordStates]int64) {
		for _, st := range []engine.RecordState{engine.StateWaiting, engine.StateBatched, engine.StateRunning, engine.StateRetrying, engine.StateHidden, engine.StateDelayed, engine.StateDead} {
			n += states[st]
		}
	}
	for mi := range s.Mappings {
		if s.QueueOf(mi) < 0 {
			add(s.CountStates(mi))
		}
	}
	for q := range s.Queues {
		add(s.Queues[q].States)
	}
	return n
}
