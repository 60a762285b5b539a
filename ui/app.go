// Package ui is what a person sees: the one Bubble Tea model, and Home. Each
// screen is a plain struct in a room of its own; they lie in a stack on a
// kit.Desk, and the one on top gets the keys.
package ui

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"esmlab/ui/kit"
)

// Options are what the program is given from outside.
type Options struct {
	Env    []string
	Input  io.Reader
	Output io.Writer
	Mouse  bool
	ASCII  bool // draw with the signs of ASCII alone
	// Cols and Rows are the terminal's size where it cannot be asked; 0: it is.
	Cols, Rows int
}

// Run shows screens until the person leaves. open lays the first ones on the
// screens, the lowest first.
func Run(ctx context.Context, o Options, open func(*kit.ScreenStack) error) error {
	m, err := newModel(o, open)
	if err != nil {
		return err
	}
	opts := []tea.ProgramOption{tea.WithContext(ctx), tea.WithFPS(60)}
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
	if m.colourless {
		opts = append(opts, tea.WithColorProfile(colorprofile.ASCII))
	}
	_, err = tea.NewProgram(m, opts...).Run()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil
	}
	return err
}

// Model gives the program as a Bubble Tea model, for tests.
func Model(o Options, open func(*kit.ScreenStack) error) (tea.Model, error) { return newModel(o, open) }

// model is the only tea.Model. It hands messages to the screen on top, and
// draws that.
type model struct {
	screens    *kit.ScreenStack
	colourless bool // the person wishes no colours
	ascii      bool // nor signs beyond ASCII
	w, h       int
	ticking    bool // a tick is on its way
	dirty      bool
	frame      string
	cursor     *tea.Cursor
}

type tickMsg time.Time

func newModel(o Options, open func(*kit.ScreenStack) error) (*model, error) {
	m := &model{screens: &kit.ScreenStack{Mouse: o.Mouse}, colourless: noColor(o.Env), ascii: o.ASCII, w: 80, h: 24, dirty: true}
	m.theme(colorprofile.ANSI)
	if err := open(m.screens); err != nil {
		return nil, err
	}
	return m, nil
}

// theme prepares the styles for what the terminal can and the person wishes;
// the wish goes first.
func (m *model) theme(p colorprofile.Profile) {
	if m.colourless {
		p = colorprofile.ASCII
	}
	m.screens.Theme = kit.NewTheme(p)
	m.screens.Theme.ASCII = m.ascii
}

// noColor follows no-color.org: set to anything but nothing.
func noColor(env []string) bool {
	for _, e := range env {
		if value, ok := strings.CutPrefix(e, "NO_COLOR="); ok && value != "" {
			return true
		}
	}
	return false
}

// Init starts time.
func (m *model) Init() tea.Cmd { return m.tick() }

// tick asks for the next one while time runs in the screen on top; there is
// none when it is stopped, and never more than one under way.
func (m *model) tick() tea.Cmd {
	if m.ticking || !m.screens.Top().Animating() {
		return nil
	}
	m.ticking = true
	return tea.Tick(time.Second/kit.Frames, func(t time.Time) tea.Msg { return tickMsg(t) })
}

// Update takes one message.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.take(msg)
	return m, tea.Batch(cmd, m.tick())
}

func (m *model) take(msg tea.Msg) tea.Cmd {
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
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tea.ColorProfileMsg:
		m.theme(msg.Profile)
	case tea.KeyPressMsg:
		if msg.String() == "ctrl+c" {
			return tea.Quit
		}
		return top.HandleKey(msg)
	case tea.MouseMsg:
		return top.Mouse(msg)
	case tea.PasteMsg, tea.FocusMsg, tea.BlurMsg:
		return top.Update(msg)
	default: // what a command gave, whoever asked for it
		var cmds []tea.Cmd
		for _, s := range m.screens.Screens() {
			cmds = append(cmds, s.Update(msg))
		}
		return tea.Batch(cmds...)
	}
	return nil
}

// View is the frame. It is made anew only when something may have changed.
func (m *model) View() tea.View {
	top := m.screens.Top()
	if m.dirty {
		m.frame, m.cursor = top.Draw(m.w, m.h)
		m.frame = m.screens.Theme.Signs(m.frame)
		m.dirty = false
	}
	v := tea.NewView(m.frame)
	v.AltScreen, v.ReportFocus = true, true
	v.WindowTitle = "esmlab " + top.Title()
	v.Cursor = m.cursor
	if m.screens.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}
