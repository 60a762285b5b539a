package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/scenario"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
	"esmlab/ui/lesson"
	"esmlab/ui/quiz"
)

func labCommand(w *Env) *cobra.Command {
	o := &runOptions{}
	plainly := false
	c := &cobra.Command{
		Use:   "lab [SCENARIO]",
		Short: "Open the lab on a built-in scenario or a template file",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := defaultScenario
			if len(args) > 0 {
				name = args[0]
			}
			return openLab(c.Context(), w, name, o, plainly, false)
		},
	}
	o.flags(c)
	c.Flags().BoolVar(&plainly, "plain", false, "tell the story in plain lines instead")
	return c
}

// openLab opens the lab, or tells the run's story where there is no screen.
func openLab(ctx context.Context, w *Env, name string, o *runOptions, plainly, welcome bool) error {
	if plainly || !w.Interactive || name == "-" {
		err := runScenario(ctx, w, name, o, false, false, "")
		if e, failed := err.(*exit); err == nil || failed && e.code == exitFailed {
			fmt.Fprintf(w.Out, "\nIn a terminal, `esmlab lab %s` opens this as a lab.\n", asArgument(name))
			return nil
		}
		return err
	}
	return w.screen(ctx, "the lab", func(screens *kit.ScreenStack) error {
		home := w.home(screens, o)
		screens.Open(home)
		opts, err := w.labOptions(name, o) // what cannot be read is refused before anything opens
		if err != nil {
			return err
		}
		if welcome {
			opts.Welcome, opts.Begin = true, w.begin(screens, home)
		}
		return w.openOn(screens, opts)
	})
}

// begin is what the welcome line of the first lab offers.
func (w *Env) begin(screens *kit.ScreenStack, home *home.Home) []lab.Begin {
	open := func(o kit.Opening) func() tea.Cmd {
		return func() tea.Cmd {
			return screens.Load(o, func(err error) tea.Cmd {
				if l, ok := screens.Top().(*lab.Lab); ok {
					l.Say(err.Error())
				}
				return nil
			})
		}
	}
	return []lab.Begin{
		{Text: "two-minute tour", Open: open(lesson.FolderOpening(screens, w.Lessons, w.courseOptions(""), "tour"))},
		{Text: "quiz", Open: open(w.questions().Opening(screens, quiz.Request{}, quiz.Mode{}))},
		{Text: "my own template", Open: func() tea.Cmd {
			screens.Back()
			return home.Run("template")
		}},
	}
}

// labOptions reads a scenario for the lab: a built-in one, or a file, which can be
// read again when it was saved.
func (w *Env) labOptions(name string, o *runOptions) (lab.Options, error) {
	var last atomic.Pointer[scenario.Scenario]
	read := func() (*lab.Scenario, []byte, error) {
		src, file, err := w.source(name)
		if err != nil {
			return nil, nil, err
		}
		sc, err := o.read(w, file, src)
		if err != nil {
			return nil, nil, err
		}
		last.Store(sc)
		return &lab.Scenario{Name: sc.Name, Title: sc.Title, About: sc.About, Config: sc.Config, Notes: sc.Notes}, src, nil
	}
	sc, src, err := read()
	if err != nil {
		return lab.Options{}, err
	}
	opts := lab.Options{Scenario: sc, Message: message, Command: o.command(name), Steps: o.steps}
	if len(o.sets)+len(o.params) == 0 && name != "-" { // otherwise it would be another run at the next start
		opts.Name = name
	}
	var was atomic.Pointer[[]byte] // what was read last
	was.Store(&src)
	opts.Deploy = func(file string) (engine.Command, error) {
		own := file == ""
		if own {
			file = name
		}
		src, err := w.ReadFile(file)
		if err != nil {
			return engine.Command{}, cannot("%s: cannot be read: %v", file, rootCause(err))
		}
		d, err := last.Load().Deploy(file, src)
		if err != nil {
			return engine.Command{}, err
		}
		if own {
			was.Store(&src)
		}
		return engine.Command{Op: engine.OpDeploy, Target: besideOf(name, file), Deploy: d}, nil
	}
	if !isFile(name) {
		return opts, nil
	}
	opts.Changed = func() bool {
		now, err := w.ReadFile(name)
		return err == nil && !bytes.Equal(now, *was.Load())
	}
	opts.Reload = func() (*lab.Scenario, error) {
		sc, src, err := read()
		if err == nil {
			was.Store(&src)
		}
		return sc, err
	}
	return opts, nil
}

// besideOf names a file as a step of a scenario names it: from where the scenario is.
func besideOf(name, file string) string {
	whole, err := filepath.Abs(file)
	if err != nil {
		return file
	}
	if isFile(name) {
		if dir, err := filepath.Abs(filepath.Dir(name)); err == nil {
			if rel, err := filepath.Rel(dir, whole); err == nil {
				return filepath.ToSlash(rel)
			}
		}
	}
	return whole
}

// openOn lays a lab on the screens, and notes that its scenario was seen.
func (w *Env) openOn(screens *kit.ScreenStack, opts lab.Options) error {
	l, err := lab.New(screens, opts)
	if err != nil {
		return err
	}
	if isBuiltin(opts.Name) {
		if w.seen == nil {
			w.seen = map[string]bool{}
		}
		w.seen[opts.Name] = true
	}
	screens.Open(l)
	return nil
}

// message is the failure record of a discard, in lines of JSON.
func message(s *engine.Sim, discard int) []string {
	var b bytes.Buffer
	if err := json.Indent(&b, event.Failure(s, &s.Discards[discard]), "", "  "); err != nil {
		return nil
	}
	return strings.Split(b.String(), "\n")
}

// command is the command line that starts this run again.
func (o *runOptions) command(name string) string {
	words := []string{asArgument(name)}
	if o.cmd.Flags().Changed("seed") {
		words = append(words, fmt.Sprintf("--seed %d", o.seed))
	}
	if o.length != "" {
		words = append(words, "--for "+kit.Quote(o.length))
	}
	for _, s := range o.sets {
		words = append(words, "--set "+kit.Quote(s))
	}
	for _, s := range o.steps {
		words = append(words, "--step "+kit.Quote(s))
	}
	for _, p := range o.params {
		words = append(words, "--param "+kit.Quote(p))
	}
	return strings.Join(words, " ")
}

// asArgument writes a scenario's name for a shell, so that a name with a leading
// dash is not taken for a flag.
func asArgument(name string) string {
	if len(name) > 1 && name[0] == '-' {
		name = "./" + name
	}
	return kit.Quote(name)
}
