package cmd

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/scenario"
	"esmlab/ui"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
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

// openLab opens the lab, or tells the story where there is no screen for it.
func openLab(ctx context.Context, w *Env, name string, o *runOptions, plainly, welcome bool) error {
	if plainly || !w.Interactive || name == "-" {
		err := runScenario(ctx, w, name, o, false, "")
		if e, failed := err.(*exit); err == nil || failed && e.code == exitFailed {
			fmt.Fprintf(w.Out, "\nIn a terminal, `esmlab lab %s` opens this as a lab.\n", name)
			return nil
		}
		return err
	}
	err := w.screen(ctx, func(screens *kit.ScreenStack) error {
		home := w.home(screens, o)
		screens.Open(home)
		return w.openOn(screens, name, o, w.begin(screens, home, welcome))
	})
	if e, ok := err.(*exit); ok {
		return e
	}
	if err != nil {
		return cannot("esmlab: the terminal cannot show the lab: %v (--plain tells the story)", err)
	}
	return nil
}

// home offers what there is to open.
func (w *Env) home(screens *kit.ScreenStack, o *runOptions) *ui.Home {
	o = &runOptions{cmd: o.cmd, seed: o.seed} // --set and --for are meant for what was named with them
	home := &ui.Home{Desk: screens, Template: func(path string) error { return w.openOn(screens, path, o, nil) }}
	home.Groups = func() []ui.Group {
		var out []ui.Group
		if k, err := w.course(""); err == nil { // of the built-in ones, there is none
			out = append(out, k.group(screens))
		}
		var list []ui.Entry
		for _, n := range scenario.Names() {
			title, about := told(n)
			list = append(list, ui.Entry{Name: n, Note: title, About: about, Open: func() error { return w.openOn(screens, n, o, nil) }})
		}
		return append(out, w.quizGroup(screens), ui.Group{Head: "Scenarios", Entries: list})
	}
	return home
}

// begin is what the first line of the first lab offers.
func (w *Env) begin(screens *kit.ScreenStack, home *ui.Home, welcome bool) []lab.Begin {
	if !welcome {
		return nil
	}
	return []lab.Begin{
		{Text: "two minutes' tour", Open: func() tea.Cmd {
			k, err := w.course("")
			if err == nil {
				err = k.open(screens, "tour")
			}
			return w.failed(screens, err)
		}},
		{Text: "quiz", Open: func() tea.Cmd {
			o, err := w.quizOn(nil, &quizFlags{})
			if err == nil {
				err = openQuiz(screens, o, quiz.Mode{})
			}
			return w.failed(screens, err)
		}},
		{Text: "my own template", Open: func() tea.Cmd {
			screens.Back()
			return home.Run("template")
		}},
	}
}

// failed says in the lab what went wrong with what was to be opened.
func (w *Env) failed(screens *kit.ScreenStack, err error) tea.Cmd {
	if l, ok := screens.Top().(*lab.Lab); ok && err != nil {
		l.Say(err.Error())
	}
	return nil
}

// openOn lays a lab on the screens: a built-in scenario, or a file, which is read
// again when it was saved.
func (w *Env) openOn(screens *kit.ScreenStack, name string, o *runOptions, begin []lab.Begin) error {
	read, file, err := w.source(name)
	if err != nil {
		return err
	}
	open := func(file string, src []byte) (*lab.Scenario, error) {
		sc, err := o.read(file, src)
		if err != nil {
			return nil, err
		}
		return &lab.Scenario{Name: sc.Name, Title: sc.Title, About: sc.About, Config: sc.Config, Notes: sc.Notes}, nil
	}
	first, err := open(file, read)
	if err != nil {
		return err
	}
	opts := lab.Options{Scenario: first, Welcome: begin != nil, Begin: begin, Message: message, Command: o.command(name)}
	if isFile(name) {
		opts.Changed = func() bool {
			now, err := w.ReadFile(name)
			return err == nil && !bytes.Equal(now, read)
		}
		opts.Reload = func() (*lab.Scenario, error) {
			now, file, err := w.source(name)
			if err != nil {
				return nil, err
			}
			sc, err := open(file, now)
			if err == nil {
				read = now
			}
			return sc, err
		}
	}
	l, err := lab.New(screens, opts)
	if err != nil {
		return err
	}
	screens.Open(l)
	return nil
}

// message is the failure record of a discard, in lines of JSON.
func message(s *engine.Sim, discard int) []string {
	var b bytes.Buffer
	if err := indent(&b, event.Failure(s, &s.Discards[discard])); err != nil {
		return nil
	}
	return strings.Split(b.String(), "\n")
}

// told is what a built-in scenario is called, and what it asks.
func told(name string) (title, about string) {
	src, _ := scenario.Builtin(name)
	sc, err := scenario.Read(name, src, scenario.Options{})
	if err != nil {
		return "", ""
	}
	return sc.Title, sc.About
}

// command is how this run is started again.
func (o *runOptions) command(name string) string {
	words := []string{kit.Quote(name)}
	if o.cmd.Flags().Changed("seed") {
		words = append(words, fmt.Sprintf("--seed %d", o.seed))
	}
	if o.length != "" {
		words = append(words, "--for "+o.length)
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
