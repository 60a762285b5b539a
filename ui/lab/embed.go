package lab

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// This file is for screens that hold a lab: a lesson beside it, a quiz card whose
// world it shows.

// Region takes the place of panes 6 and 7, as pane 6: a lesson's text, a question.
type Region interface {
	// Draw gives h rows of exactly w cells. boxed: the panes beside it have
	// borders on all sides, otherwise titled rules (kit.Frame draws both).
	Draw(t *kit.Theme, w, h int, boxed, focused bool) []string
	// Takes tells whether a key that stands for an action of the region and one of
	// the lab is the region's now.
	Takes(action, rival string) bool
	// Scrolls tells whether not all of its text is in sight.
	Scrolls() bool
	// Scroll moves its text by some rows; the cursor is on it.
	Scroll(by int)
	// Click takes a click on a cell of it.
	Click(x, y int) tea.Cmd
	// Digits tells whether the digits are the region's now: then the panes show
	// none.
	Digits() bool
	// Hints are its keys for the footer; they stand before the lab's.
	Hints() []kit.Hint
}

// Inset is what takes the place of panes.
type Inset interface {
	Draw(t *kit.Theme, w, h int, boxed, focused bool) []string
	Scrolls() bool
	Scroll(by int)
}

// Covering is a Region that may put something in the place of panes 1 to 5, as pane
// 1: the code of a lesson. nil: the panes are shown.
type Covering interface{ Above() Inset }

// above is what takes the place of panes 1 to 5 now.
func (m *Lab) above() Inset {
	if r, ok := m.o.Region.(Covering); ok {
		return r.Above()
	}
	return nil
}

// inset is what takes the place of a pane; nil: the pane is shown.
func (m *Lab) inset(pane int) Inset {
	switch {
	case pane == 6 && m.o.Region != nil:
		return m.o.Region
	case pane == 1:
		return m.above()
	}
	return nil
}

// Keymap carries out the lab's actions, and those of the region.
func (m *Lab) Keymap() *kit.Keymap { return m.keys }

// Timeline is the run that is shown.
func (m *Lab) Timeline() *timeline.Timeline { return m.tl }

// Scenario is what was opened last.
func (m *Lab) Scenario() *Scenario { return m.sc }

// Running tells whether time runs.
func (m *Lab) Running() bool { return m.running }

// Go lets time run until a condition holds, which is asked after each step; nil:
// until it is stopped. If the condition holds already, time does not run.
func (m *Lab) Go(until func(*engine.Sim) bool) {
	m.until = until
	m.setRunning(until == nil || !until(m.tl.Sim()))
}

// Stop stops time.
func (m *Lab) Stop() { m.setRunning(false) }

// Seek stops time and goes to an instant.
func (m *Lab) Seek(at engine.Micros) { m.seek(at) }

// Do carries out a command as the person's own.
func (m *Lab) Do(c engine.Command) *engine.Refusal {
	refused := m.tl.Do(c)
	m.afterCommand()
	return refused
}

// Say puts a sentence in the headline's place until the next key.
func (m *Lab) Say(text string) { m.notice = text }

// Show shows the mapping with that id; false: there is none.
func (m *Lab) Show(mapping string) bool {
	i := m.MappingIndex(mapping)
	if i >= 0 {
		m.toMapping(i - m.at)
	}
	return i >= 0
}

// Mapping is the index of the mapping that is shown.
func (m *Lab) Mapping() int { return m.at }

// MappingIndex finds a mapping by its id; -1: there is none.
func (m *Lab) MappingIndex(id string) int {
	for i, c := range m.sim().Config().Mappings {
		if c.ID == id {
			return i
		}
	}
	return -1
}

// Pace sets how many virtual seconds pass in a second: 1, 2, 4, ….
func (m *Lab) Pace(n int) {
	for i, s := range speeds {
		if s.den == 1 && s.num <= int64(n) {
			m.setSpeed(i)
		}
	}
}

// Dialog opens a dialog over the lab. done is called with its reply, unless nil.
func (m *Lab) Dialog(d kit.Dialog, done func(kit.Reply) tea.Cmd) tea.Cmd {
	return m.dialogs.Show(d, done)
}

// Mark marks an instant on the slider; -1: none.
func (m *Lab) Mark(at engine.Micros) { m.cause = at }

// Hide hides, or shows, which record or fault is behind what fails.
func (m *Lab) Hide(on bool) { m.o.Hide = on }
