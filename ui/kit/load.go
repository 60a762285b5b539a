package kit

import tea "charm.land/bubbletea/v2"

// This file is how screens come to what is in files. Update and View never
// read or write one: work that does runs as a command, and what follows from it
// happens in Update, when the command's message arrives.

// DoneMsg says that work is done; the model calls Then in Update.
type DoneMsg struct{ Then func() tea.Cmd }

// Run does work in a command; then gets what it gave, in Update.
func Run[T any](work func() (T, error), then func(T, error) tea.Cmd) tea.Cmd {
	return func() tea.Msg {
		v, err := work()
		return DoneMsg{func() tea.Cmd { return then(v, err) }}
	}
}

// SavedMsg says that progress was written to disk, or why it was not.
type SavedMsg struct{ Err error }

// Wait is something that must come before the next key is taken: what is to be
// opened is being read, or an answer is being written. Keys typed meanwhile are
// held back and then taken in their order; esc ends the wait.
type Wait struct {
	What string // as "loading the tour"
	top  Screen
	stop bool // esc ends this wait and does nothing else
}

// Await begins a wait of the screen on top.
func (d *ScreenStack) Await(what string) *Wait {
	d.wait = &Wait{What: what, top: d.Top()}
	return d.wait
}

// Awaited is the wait that is under way, nil where there is none.
func (d *ScreenStack) Awaited() *Wait { return d.wait }

// Over ends a wait. It is false where that wait was ended before, by esc or by
// another one, or where its screen is no longer on top: what was waited for then
// comes too late.
func (d *ScreenStack) Over(w *Wait) bool {
	if w == nil || d.wait != w {
		return false
	}
	d.wait = nil
	return d.Top() == w.top
}

// Leave ends the wait that is under way because esc was pressed. It tells
// whether that is all the key does.
func (d *ScreenStack) Leave() bool {
	w := d.wait
	d.wait = nil
	return w != nil && w.stop
}

// Load opens something that must be read first. work reads it, as a command, and
// gives what opens it, which is called in Update. Until then the screen on top
// stays. failed shows an error of either; nil: it is not shown.
func (d *ScreenStack) Load(what string, work func() (open func() error, err error), failed func(error) tea.Cmd) tea.Cmd {
	w := d.Await("loading " + what)
	w.stop = true
	return Run(work, func(open func() error, err error) tea.Cmd {
		if !d.Over(w) {
			return nil
		}
		if err == nil {
			err = open()
		}
		if err != nil && failed != nil {
			return failed(err)
		}
		return nil
	})
}
