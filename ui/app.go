// Package ui is what a person sees: the one Bubble Tea model. Each screen is a
// plain struct in a package of its own. Screens lie on a kit.ScreenStack, and the
// one on top gets the keys.
//
// Update and View never read or write a file. A screen that needs one returns a
// command (kit.Run, ScreenStack.Load); while it waits for the result, the model
// holds back keys. Progress is added to a Store in Update and flushed to disk in
// a command.
package ui

import (
	"cmp"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine/printable"
	"esmlab/ui/kit"
)

// Options are what the program is given from outside.
type Options struct {
	Env    []string
	Input  io.Reader
	Output io.Writer
	Mouse  bool
	ASCII  bool // draw with ASCII characters only
	// Theme is one of kit.ThemeNames, "" auto. Keep keeps a theme, or how much moves,
	// that is chosen on a screen for the next start, in a command; nil: it is not kept.
	Theme  string
	Motion kit.Motion
	Keep   func(preference, value string) error
	// Cols and Rows are the terminal's size where it cannot be asked for; 0: ask.
	Cols, Rows int
	// Suspend prepares for Ctrl+Z, which gives the terminal back to the shell; nil:
	// there is no shell that could bring the program back.
	Suspend func()
	// FPS is how often what has changed is sent to the terminal, in times a second; 0: 60.
	// Pace gives how long a frame of time lasts now; nil: the kit.Frames-th part of a
	// second. Bounds are what the screens may take.
	FPS    int
	Pace   func() time.Duration
	Bounds kit.Bounds
	// Started is called as the program starts, with what sends it a message from any
	// goroutine, such as a tea.WindowSizeMsg where the terminal cannot be asked.
	Started func(send func(tea.Msg))
	// Entered is called when a screen comes to the top, in the program's goroutine.
	Entered func(kit.Screen)
	// Stage is who watches the screens; nil: nobody can.
	Stage Stage
	// Progress is where screens write a person's progress; nil: they write none.
	Progress Progress
}

// Progress is what has to be kept on disk. Screens add to it; the model flushes it
// in a command and sends them a kit.SavedMsg.
type Progress interface {
	Unsaved() int // lines that are not on disk
	Flush() error // writes them; it is called in a goroutine of its own
}

// Run shows screens until the person leaves. open lays the first ones on the
// stack, the lowest first.
func Run(ctx context.Context, o Options, open func(*kit.ScreenStack) error) error {
	m, err := newModel(o, open)
	if err != nil {
		return err
	}
	opts := []tea.ProgramOption{tea.WithContext(ctx), tea.WithFPS(cmp.Or(o.FPS, 60)), tea.WithoutSignalHandler()} // signals end the context
	if o.Input != nil {
		opts = append(opts, tea.WithInput(o.Input))
	}
	if o.Output != nil {
		opts = append(opts, tea.WithOutput(o.Output))
	}
	if o.Env != nil {
		opts = append(opts, tea.WithEnvironment(o.Env))
	}
	if o.Cols > 0 {
		opts = append(opts, tea.WithWindowSize(o.Cols, o.Rows))
	}
	opts = append(opts, tea.WithFilter(func(_ tea.Model, msg tea.Msg) tea.Msg {
		if _, ok := msg.(tea.SuspendMsg); ok {
			if o.Suspend == nil {
				return nil
			}
			o.Suspend()
		}
		return msg
	}))
	if m.look.NoColor {
		opts = append(opts, tea.WithColorProfile(colorprofile.ASCII))
	}
	p := tea.NewProgram(m, opts...)
	if o.Started != nil {
		o.Started(p.Send)
	}
	_, err = p.Run()
	if m.watching && o.Output != nil { // Bubble Tea does not know of this mode
		_, _ = io.WriteString(o.Output, ansi.ResetModeLightDark)
	}
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil
	}
	return err
}

// Model gives the program as a Bubble Tea model, for tests.
func Model(o Options, open func(*kit.ScreenStack) error) (tea.Model, error) { return newModel(o, open) }

// model is the only tea.Model. It hands messages to the screen on top and draws
// it.
type model struct {
	screens  *kit.ScreenStack
	look     kit.Appearance
	watching bool // the terminal was asked to tell when its ground changes
	w, h     int
	ticking  bool       // a tick is on its way
	top      kit.Screen // whose Init was called last
	pace     func() time.Duration
	stage    Stage
	entered  func(kit.Screen)
	themes   map[string]*kit.Theme // of the looks in which it is watched
	progress Progress
	saving   bool      // a Flush is under way
	unsaved  int       // lines that the last Flush could not write: they are tried again with the next one
	held     []tea.Msg // keys, clicks and pastes that came while something was waited for
	waited   *kit.Wait // that slowMsg was asked for
	slow     bool      // the wait is long enough to be shown
	dirty    bool
	frame    string
	cursor   *tea.Cursor
}

type tickMsg time.Time

// slowMsg says that a wait has become long enough to be shown.
type slowMsg struct{ wait *kit.Wait }

// patience is how long a wait is not shown: most are over by then.
const patience = 150 * time.Millisecond

func newModel(o Options, open func(*kit.ScreenStack) error) (*model, error) {
	m := &model{screens: &kit.ScreenStack{Mouse: o.Mouse}, progress: o.Progress, w: 80, h: 24, dirty: true,
		look: kit.Appearance{Profile: colorprofile.ANSI, Name: o.Theme, NoColor: noColor(o.Env), ASCII: o.ASCII}}
	m.screens.ThemeName, m.screens.Motion, m.screens.Keep = o.Theme, o.Motion, o.Keep
	m.screens.Bounds, m.pace, m.stage, m.entered = o.Bounds, o.Pace, o.Stage, o.Entered
	m.restyle()
	if err := open(m.screens); err != nil {
		return nil, err
	}
	return m, nil
}

// restyle prepares the styles for what is known of the terminal and was chosen.
func (m *model) restyle() {
	m.look.Name = m.screens.ThemeName
	m.screens.Theme = m.look.Theme()
}

// askGround asks the terminal for its ground. The first frame does not wait for
// the answer, and a terminal that gives none keeps its sixteen colours.
func (m *model) askGround() tea.Cmd {
	if m.look.NoColor {
		return nil
	}
	return tea.RequestBackgroundColor
}

// noColor follows no-color.org: set to anything that is not empty.
func noColor(env []string) bool {
	for _, e := range env {
		if value, ok := strings.CutPrefix(e, "NO_COLOR="); ok && value != "" {
			return true
		}
	}
	return false
}

// Init starts time, and tells the first screen that it is on top.
func (m *model) Init() tea.Cmd { return tea.Batch(m.askGround(), m.follow(), m.readAhead()) }

// settled is when the program has started: the first frames are drawn.
const settled = 400 * time.Millisecond

// readAhead lets the lowest screen read what it will show, once the program has started.
func (m *model) readAhead() tea.Cmd {
	s, ok := m.screens.Screens()[0].(interface{ ReadAhead() tea.Cmd })
	if !ok {
		return nil
	}
	return tea.Tick(settled, func(time.Time) tea.Msg { return kit.DoneMsg{Then: s.ReadAhead} })
}

// follow is what every message may have made necessary.
func (m *model) follow() tea.Cmd {
	if m.look.Name != m.screens.ThemeName { // a screen has chosen another
		m.restyle()
		m.dirty = true
	}
	return tea.Batch(m.enter(), m.save(), m.await(), m.work(), m.tick())
}

// work begins what the screen on top wants to find out beside being seen.
func (m *model) work() tea.Cmd {
	if s, ok := m.screens.Top().(kit.Works); ok {
		return s.Work()
	}
	return nil
}

// enter tells a screen that it has come to the top.
func (m *model) enter() tea.Cmd {
	top := m.screens.Top()
	if top == m.top {
		return nil
	}
	m.top = top
	if m.entered != nil {
		m.entered(top)
	}
	return top.Init()
}

// save brings progress to disk. One Flush at a time: there is no hurry, and it
// takes all that is there.
func (m *model) save() tea.Cmd {
	if m.progress == nil || m.saving {
		return nil
	}
	n := m.progress.Unsaved()
	if n <= m.unsaved {
		m.unsaved = n
		return nil
	}
	m.saving, m.unsaved = true, n
	return func() tea.Msg { return kit.SavedMsg{Err: m.progress.Flush()} }
}

// await has a wait shown when it takes long.
func (m *model) await() tea.Cmd {
	w := m.screens.CurrentWait()
	if w == m.waited {
		return nil
	}
	m.waited, m.slow = w, false
	if w == nil {
		return nil
	}
	return tea.Tick(patience, func(time.Time) tea.Msg { return slowMsg{w} })
}

// tick asks for the next one while time runs in the screen on top; there is
// none when it is stopped, and never more than one under way.
func (m *model) tick() tea.Cmd {
	if m.ticking || !m.screens.Top().Animating() {
		return nil
	}
	m.ticking = true
	if m.pace != nil {
		m.screens.Every = m.pace()
	}
	return tea.Tick(m.screens.Frame(), func(t time.Time) tea.Msg { return tickMsg(t) })
}

// Update takes one message, and then what was held back for it.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmds := []tea.Cmd{m.take(msg), m.follow()}
	for len(m.held) > 0 && m.screens.CurrentWait() == nil {
		next := m.held[0]
		m.held = m.held[1:]
		cmds = append(cmds, m.take(next), m.follow())
	}
	return m, tea.Batch(cmds...)
}

// hold reports whether a message has to wait.
func (m *model) hold(msg tea.Msg) bool {
	if m.screens.CurrentWait() == nil {
		return false
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch msg.String() {
		case "ctrl+c", "ctrl+z":
			return false
		case "esc":
			m.held, m.dirty = nil, true
			return m.screens.CancelWait()
		}
	case tea.MouseClickMsg, tea.MouseWheelMsg, tea.PasteMsg:
	default:
		return false
	}
	m.held = append(m.held, msg)
	return true
}

func (m *model) take(msg tea.Msg) tea.Cmd {
	if m.hold(msg) {
		return nil
	}
	top := m.screens.Top()
	switch msg := msg.(type) {
	case tickMsg:
		m.ticking = false
		if top.Animating() && top.Tick(time.Time(msg)) {
			m.dirty = true
		}
		return nil
	case tea.MouseMotionMsg, tea.MouseReleaseMsg, tea.KeyReleaseMsg:
		return nil
	}
	m.dirty = true
	switch msg := msg.(type) {
	case kit.DoneMsg:
		return msg.Then()
	case slowMsg:
		m.slow = msg.wait == m.screens.CurrentWait()
		return nil
	case kit.SavedMsg:
		if m.saving = false; msg.Err == nil {
			m.unsaved = 0
		}
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		return nil
	case tea.ColorProfileMsg:
		m.look.Profile = msg.Profile
		m.restyle()
		return nil
	case tea.BackgroundColorMsg:
		m.look.Ground = msg.Color
		m.restyle()
		if m.watching {
			return nil
		}
		m.watching = true // a terminal that tells its ground may tell when it changes
		return tea.Raw(ansi.SetModeLightDark)
	case uv.DarkColorSchemeEvent, uv.LightColorSchemeEvent:
		return m.askGround()
	case tea.KeyPressMsg:
		if msg.String() == "ctrl+c" {
			return tea.Quit
		}
		if msg.String() == "ctrl+z" {
			return tea.Suspend
		}
		defer m.screens.KeyDone()
		return top.HandleKey(msg)
	case tea.ResumeMsg:
		return tea.ClearScreen // whatever the shell has left there
	case tea.MouseMsg:
		return top.Mouse(msg)
	case tea.PasteMsg, tea.FocusMsg, tea.BlurMsg:
		return top.Update(msg)
	}
	var cmds []tea.Cmd // what a command gave, whoever asked for it
	for _, s := range m.screens.Screens() {
		cmds = append(cmds, s.Update(msg))
	}
	return tea.Batch(cmds...)
}

// View is the frame. It is made anew only when something may have changed.
func (m *model) View() tea.View {
	top := m.screens.Top()
	if m.dirty {
		m.show() // before the screen is drawn for its own terminal, where clicks count
		m.frame, m.cursor = top.Draw(m.w, m.h)
		if w := m.screens.CurrentWait(); w != nil && w.What != "" && m.slow {
			m.frame = m.waiting(w)
		}
		m.frame = m.screens.Theme.Frame(printable.Styled(m.frame))
		m.dirty = false
	}
	v := tea.NewView(m.frame)
	v.AltScreen, v.ReportFocus = true, true
	v.WindowTitle = "esmlab " + printable.Line(top.Title())
	v.Cursor = m.cursor
	if m.screens.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

// waiting puts what is waited for in the last row of the frame.
func (m *model) waiting(w *kit.Wait) string {
	l := kit.NewLine(m.screens.Theme, m.w).Text(" ").Add(kit.Info, w.What+"…")
	if m.w >= kit.Width(w.What)+14 {
		l.Right(kit.Dim, "esc stops", m.w-1)
	}
	above := m.frame[:strings.LastIndexByte(m.frame, '\n')+1]
	return above + l.String()
}
