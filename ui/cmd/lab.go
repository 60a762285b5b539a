package cmd

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/ui/lab"
)

func labCommand(w *IO) *cobra.Command {
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
func openLab(ctx context.Context, w *IO, name string, o *runOptions, plainly, welcome bool) error {
	if plainly || !w.Interactive || name == "-" {
		err := runScenario(ctx, w, name, o, false, "")
		if e, failed := err.(*exit); err == nil || failed && e.code == exitFailed {
			fmt.Fprintf(w.Out, "\nIn a terminal, `esmlab lab %s` opens this as a lab.\n", name)
			return nil
		}
		return err
	}
	src, file, err := w.source(name)
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
	first, err := open(file, src)
	if err != nil {
		return err
	}
	opts := lab.Options{Scenario: first, Env: w.Env, Input: w.In, Output: w.Out, Welcome: welcome, Mouse: true, Message: message,
		Command: o.command(name),
		Names: func() []lab.Entry {
			var out []lab.Entry
			for _, n := range scenario.Names() {
				out = append(out, lab.Entry{Name: n, Title: title(n)})
			}
			return out
		},
		Open: func(n string) (*lab.Scenario, error) {
			src, ok := scenario.Builtin(n)
			if !ok {
				return nil, fmt.Errorf("there is no scenario %s (%s)", n, template.OneOf(n, scenario.Names()))
			}
			return open(n, src)
		}}
	if isFile(name) {
		read := src
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
	if err := lab.Run(ctx, opts); err != nil {
		return cannot("esmlab: the terminal cannot show the lab: %v (--plain tells the story)", err)
	}
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

// title is what a built-in scenario is called.
func title(name string) string {
	src, _ := scenario.Builtin(name)
	sc, err := scenario.Read(name, src, scenario.Options{})
	if err != nil {
		return ""
	}
	return sc.Title
}

// command is how this run is started again.
func (o *runOptions) command(name string) string {
	words := []string{name}
	if o.cmd.Flags().Changed("seed") {
		words = append(words, fmt.Sprintf("--seed %d", o.seed))
	}
	if o.length != "" {
		words = append(words, "--for "+o.length)
	}
	for _, s := range o.sets {
		words = append(words, "--set "+s)
	}
	for _, p := range o.params {
		words = append(words, "--param "+p)
	}
	return strings.Join(words, " ")
}
