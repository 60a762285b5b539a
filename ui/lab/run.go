package lab

import (
	"context"
	"errors"
	"io"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// Options are what the lab is given from outside.
type Options struct {
	Scenario *Scenario
	// Reload reads the scenario's file again; nil for a built-in. Changed tells
	// whether the file was saved since it was last read; it is asked once a
	// second while the lab is open.
	Reload  func() (*Scenario, error)
	Changed func() bool
	// Open and Names let Home open other scenarios; nil: it offers none.
	Open  func(name string) (*Scenario, error)
	Names func() []Entry
	// Message writes the failure record of a discard as AWS would, in lines; nil:
	// its fields are listed.
	Message func(s *engine.Sim, discard int) []string
	// Command is how this run is started from the command line: the words
	// after `esmlab run`.
	Command string
	Env     []string
	Input   io.Reader
	Output  io.Writer
	// Welcome shows a line above the footer that says what to press next.
	Welcome bool
	Stopped bool // begin with time stopped
	Mouse   bool
}

// Entry is a scenario that Home can open.
type Entry struct{ Name, Title string }

// Run opens the lab and stays until the person leaves it.
func Run(ctx context.Context, o Options) error {
	m, err := newModel(o)
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
	if noColor(o.Env) {
		opts = append(opts, tea.WithColorProfile(colorprofile.ASCII))
		m.theme = kit.NewTheme(colorprofile.ASCII)
	}
	_, err = tea.NewProgram(m, opts...).Run()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil
	}
	return err
}

// New gives the lab as a model, for tests and for other screens.
func New(o Options) (tea.Model, error) { return newModel(o) }

// noColor follows no-color.org: set to anything but nothing.
func noColor(env []string) bool {
	for _, e := range env {
		if len(e) > len("NO_COLOR=") && e[:len("NO_COLOR=")] == "NO_COLOR=" {
			return true
		}
	}
	return false
}
