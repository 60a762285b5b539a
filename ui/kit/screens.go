package kit

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// Screen is something that fills the terminal: the lab, a lesson, a quiz. It
// is a plain struct; the one Bubble Tea model (package ui) gives keys to the
// screen on top, and draws it. A screen may hold another and hand on to it
// what it does not take itself.
type Screen interface {
	// Title is what it is called: in the terminal's title, and on Home.
	Title() string
	// Init is called each time the screen comes to the top of the stack. What
	// it has to read from files, the command reads.
	Init() tea.Cmd
	// HandleKey takes a key. ctrl+c never comes here: it leaves at once.
	HandleKey(k tea.KeyPressMsg) tea.Cmd
	// Mouse takes a click or the wheel.
	Mouse(e tea.MouseMsg) tea.Cmd
	// Update takes what else comes: tea.PasteMsg, tea.FocusMsg, and what
	// commands of screens give.
	Update(msg tea.Msg) tea.Cmd
	// Animating reports whether time runs in it: it then gets a Tick each frame.
	Animating() bool
	// Tick lets time pass. It reports whether there is anything new to draw.
	Tick(at time.Time) bool
	// Draw gives h rows of exactly w cells, joined by line breaks, and where the
	// text cursor stands; nil: it is hidden.
	Draw(w, h int) (string, *tea.Cursor)
	// Unsaved says in a sentence what would be lost by leaving; "" nothing.
	Unsaved() string
}

// BaseScreen is what a screen embeds that has no time, no mouse, and nothing to lose.
type BaseScreen struct{}

func (BaseScreen) Init() tea.Cmd              { return nil }
func (BaseScreen) Mouse(tea.MouseMsg) tea.Cmd { return nil }
func (BaseScreen) Update(tea.Msg) tea.Cmd     { return nil }
func (BaseScreen) Animating() bool            { return false }
func (BaseScreen) Tick(time.Time) bool        { return false }
func (BaseScreen) Unsaved() string            { return "" }

// Stands is a Screen that can say where it stands, for Home, which offers to go on
// with it.
type Stands interface{ Standing(t *Theme) Standing }

// Works is a Screen that has something to find out while it is seen. Work is called
// after each message; nil: there is nothing now.
type Works interface{ Work() tea.Cmd }

// Standing is where a screen stands.
type Standing struct {
	Note, Brief string   // "poison-record at 00:19.1, 2 commands", and in fewer words
	Head        []string // its headline, in fewer and fewer words
	Style       Style    // of Head
	// Rows draws its picture in at most n rows of w cells, Course what has happened in
	// a row of w cells; nil: it has none.
	Rows   func(w, n int) []string
	Course func(w int) string
}

// Frames is how many times a second a screen in which time runs is drawn, where it has
// a machine to itself.
const Frames = 30

// Shown is a Screen that a class may watch while its owner works on it. Nobody
// else sees other screens, such as Home with the names of a person's files.
type Shown interface {
	Screen
	// Copy gives what opens a copy of it as it is now, on other screens and in another
	// goroutine; nil: it can be watched and not be copied. The copy reaches no file.
	Copy() func(*ScreenStack) (Screen, error)
}

// Bounds are what screens may take where many people share a machine; 0: no bound.
type Bounds struct {
	History int64 // bytes that a run's past may take
	Waiting int64 // records and messages that may wait in a simulation
}

// ScreenStack is what all screens share: how things are drawn, and the stack of open
// screens. The one on top is seen and takes the keys.
type ScreenStack struct {
	Theme *Theme
	// ThemeName is the theme that was chosen, one of ThemeNames or "": the model makes
	// Theme anew when it changes.
	ThemeName string
	Motion    Motion
	// Keep keeps what was chosen for the next start: "theme" or "motion", and its
	// value; nil: it is not kept.
	Keep func(preference, value string) error
	// Bounds are kept by the labs on these screens.
	Bounds Bounds
	// Every is how long a frame of time lasts now; 0: the Frames-th part of a second.
	Every time.Duration
	// Mouse: clicks and the wheel are the program's; otherwise they are the
	// terminal's, which then can select text.
	Mouse bool
	// Left is the screen that was last left for the one at the bottom: Home
	// offers to go on with it.
	Left    Screen
	screens []Screen
	// returned is 2 while a key is handled that goes back, 1 with the next key.
	returned int
	wait     *Wait // what keys are held back for; nil: nothing
}

// Frame is how long a frame of time lasts now.
func (d *ScreenStack) Frame() time.Duration {
	if d.Every > 0 {
		return d.Every
	}
	return time.Second / Frames
}

// Shown is the topmost screen that a class may watch; nil: there is none.
func (d *ScreenStack) Shown() Shown {
	for i := len(d.screens) - 1; i >= 0; i-- {
		if s, ok := d.screens[i].(Shown); ok {
			return s
		}
	}
	return nil
}

// Top is the screen that is seen; nil where there is none.
func (d *ScreenStack) Top() Screen {
	if len(d.screens) == 0 {
		return nil
	}
	return d.screens[len(d.screens)-1]
}

// Open lays a screen on the stack.
func (d *ScreenStack) Open(s Screen) { d.screens = append(d.screens, s) }

// Back leaves the screen on top; the one below it is seen again. The last one
// stays.
func (d *ScreenStack) Back() {
	if n := len(d.screens); n > 1 {
		if n == 2 {
			d.Left = d.screens[1]
		}
		d.screens, d.returned = d.screens[:n-1], 2
	}
}

// KeyDone says that a key was handled.
func (d *ScreenStack) KeyDone() { d.returned = max(0, d.returned-1) }

// JustReturned reports whether the key before this one came back here from another screen.
// A digit that was meant for that one must not open something on this one.
func (d *ScreenStack) JustReturned() bool { return d.returned == 1 }

// Screens are all that are open, and the one that was left last: the order is
// from the bottom up.
func (d *ScreenStack) Screens() []Screen {
	out := append([]Screen(nil), d.screens...)
	if d.Left != nil && len(d.screens) == 1 {
		out = append(out, d.Left)
	}
	return out
}

// Unsaved says what would be lost by leaving the program; "" nothing.
func (d *ScreenStack) Unsaved() string {
	for _, s := range d.Screens() {
		if text := s.Unsaved(); text != "" {
			return text
		}
	}
	return ""
}
