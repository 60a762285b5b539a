package lab

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/finding"
	"esmlab/engine/handback"
	"esmlab/engine/share"
	"esmlab/ui/kit"
)

// Deployed is a template that was read to be deployed, and the notes on what the one before
// had not.
type Deployed struct {
	Command engine.Command
	Notes   []string
}

// Options are what the lab is given from outside.
type Options struct {
	Scenario *Scenario
	// Reload reads the scenario's file again; nil for a built-in. Changed tells
	// whether the file was saved since it was last read; it is asked once a
	// second while the lab is on top. Both are called in commands.
	Reload  func() (*Scenario, error)
	Changed func() bool
	// Deploy reads a template that is to be deployed now: by its file, or "" the
	// scenario's own as it was saved. last is what was deployed last, nil for nothing but
	// the scenario's own. It is called in a command; nil: none can be read.
	Deploy func(file string, last *engine.Deployment) (Deployed, error)
	// Finding opens the world of a finding, one of several; nil: there is none.
	Finding func(screens *kit.ScreenStack, f *finding.Finding, all []finding.Finding) kit.Opening
	// HandBack writes the template with commands of the person's; nil: there is no template.
	// WriteFile writes a file, and SaveAs is the name that is offered. They are called in
	// commands.
	HandBack  func(done []handback.Done) (*handback.Result, error)
	WriteFile func(name string, text []byte) error
	SaveAs    string
	// Intro is a card that lies over the lab at first; nil: none.
	Intro *kit.Card
	// Message writes the failure record of a discard as AWS would, in lines; nil:
	// its fields are listed.
	Message func(s *engine.Sim, discard int) []string
	// Command is how this run is started from the command line: the words
	// after `esmlab run`; "" it is by the scenario's name.
	Command string
	// Name is the scenario's name or its file, and Steps the steps that came with it:
	// what opens it again at another start; "" nothing does.
	Name  string
	Steps []string
	// Own are commands that the person gave at an earlier start: they are in force, and
	// can be taken back.
	Own []engine.Step
	// Shared is a run that was shared and computed again: the lab shows it.
	Shared *share.Opened
	// Present shows the scenario to a class; nil: it cannot be.
	Present func() tea.Cmd
	// Sharing is what it takes to hand out the run.
	Sharing Sharing
	// Uncopied says why no command line opens this run; "" one does.
	Uncopied string
	// Welcome shows a line above the footer that says what to press next.
	Welcome bool
	Stopped bool // time is stopped at first
	// Where to begin: an instant, a mapping by its id, a pane.
	At      engine.Micros
	Mapping string
	Focus   int
	// Region takes the place of panes 6 and 7.
	Region Region
	// Hide: an incident. It does not show which record or fault is behind it.
	Hide bool
	// Also are the actions and commands of the region, Bindings and Handlers what
	// they do: they stand in the help and the palette with those of the lab.
	Also     kit.Scope
	Bindings kit.Bindings
	Handlers kit.Handlers
	// Step carries out a line of the palette that names none of its commands, such as a step of a
	// scenario; nil: it is refused.
	Step func(line string) tea.Cmd
	// Begin is what the welcome line offers while nothing has happened yet.
	Begin []Begin
	// After is called after each key, click and frame of time, so that the holder of
	// this lab can check whether a condition now holds.
	After func()
	// Leave is what esc does on the lab's top level; nil: it goes back to the screen
	// below.
	Leave func() tea.Cmd
}

// Sharing is what it takes to hand out a run.
type Sharing struct {
	Version string // the program's
	// Write writes a file: a new one, or with over one in the place of another. It is
	// called in a command; nil: none can be written.
	Write func(name string, src []byte, over bool) error
	// Template gives the template of a world, to be written with a run's commands in it;
	// nil: there is none.
	Template func(w *share.World) ([]byte, error)
}

// Begin is a way to begin: a digit opens it from the welcome line.
type Begin struct {
	Text string
	Open func() tea.Cmd
}
