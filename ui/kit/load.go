package kit

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

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
	What string // as "loading the tour"; "" the screen says it
	top  Screen
	stop bool // esc ends this wait and does nothing else
}

// BeginWait begins a wait of the screen on top.
func (d *ScreenStack) BeginWait(what string) *Wait {
	d.wait = &Wait{What: what, top: d.Top()}
	return d.wait
}

// CurrentWait is the wait that is under way, nil where there is none.
func (d *ScreenStack) CurrentWait() *Wait { return d.wait }

// EndWait ends a wait. It is false where that wait was ended before, by esc or by
// another one, or where its screen is no longer on top: what was waited for then
// comes too late.
func (d *ScreenStack) EndWait(w *Wait) bool {
	if w == nil || d.wait != w {
		return false
	}
	d.wait = nil
	return d.Top() == w.top
}

// CancelWait ends the wait that is under way because esc was pressed. It tells
// whether that is all the key does.
func (d *ScreenStack) CancelWait() bool {
	w := d.wait
	d.wait = nil
	return w != nil && w.stop
}

// Opening is something that can be opened once it was read.
type Opening struct {
	Name string // of what is being loaded, as "the tour"
	// Read reads it, in a command, and gives what opens it, in Update.
	Read func() (open func() error, err error)
}

// Load opens something. Until it was read the screen on top stays. failed shows an
// error of reading or opening.
func (d *ScreenStack) Load(o Opening, failed func(error) tea.Cmd) tea.Cmd {
	w := d.BeginWait("loading " + o.Name)
	w.stop = true
	return d.load(w, o, failed)
}

func (d *ScreenStack) load(w *Wait, o Opening, failed func(error) tea.Cmd) tea.Cmd {
	return Run(o.Read, func(open func() error, err error) tea.Cmd {
		if !d.EndWait(w) {
			return nil
		}
		if err == nil {
			err = open()
		}
		if err != nil {
			return failed(err)
		}
		return nil
	})
}

// Loading is a screen that stands until what is to be seen first was read, and
// then gives way to it.
type Loading struct {
	BaseScreen
	screens *ScreenStack
	o       Opening
	err     error
}

// NewLoading makes a screen for what is to be opened.
func NewLoading(screens *ScreenStack, o Opening) *Loading { return &Loading{screens: screens, o: o} }

// Title says what is being opened.
func (l *Loading) Title() string { return l.o.Name }

// Init begins to read. esc goes to the screen below without waiting for it.
func (l *Loading) Init() tea.Cmd {
	read := l.o.Read
	return l.screens.load(l.screens.BeginWait(""), Opening{Read: func() (func() error, error) {
		open, err := read()
		return func() error {
			l.leave()
			below := l.screens.screens
			if err := open(); err != nil { // with all that it had opened already
				l.screens.screens = append(below[:len(below):len(below)], l)
				return err
			}
			return nil
		}, err
	}}, func(err error) tea.Cmd {
		l.err = err
		return nil
	})
}

// leave takes the screen away; it is not what Home goes on with.
func (l *Loading) leave() {
	left := l.screens.Left
	l.screens.Back()
	l.screens.Left = left
}

// HandleKey goes to the screen below: with esc, and with any key once loading has failed.
func (l *Loading) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "esc" || l.err != nil {
		l.leave()
	}
	return nil
}

// Draw says what is being loaded, or why it cannot be.
func (l *Loading) Draw(w, h int) (string, *tea.Cursor) {
	if w < 1 || h < 1 {
		return "", nil
	}
	t, text, foot := l.screens.Theme, []string{"loading " + l.o.Name + "…"}, " esc home"
	style := Dim
	if l.err != nil {
		style, foot = Plain, " any key: home"
		text = append([]string{Capitalize(l.o.Name) + " cannot be opened.", ""}, Wrap(l.err.Error(), max(1, min(w-4, 76)))...)
	}
	rows := make([]string, h)
	for i := range rows {
		l := NewLine(t, w)
		if n := i - max(0, (h-len(text))/3); n >= 0 && n < len(text) && i < h-1 {
			l.Text("  ").Add(style, Cut(text[n], max(0, w-2)))
		} else if i == h-1 && h > 1 {
			l.Add(Dim, Cut(foot, w))
		}
		rows[i] = l.String()
	}
	return strings.Join(rows, "\n"), nil
}
