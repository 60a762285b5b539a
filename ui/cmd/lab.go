package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"esmlab/engine/finding"
	"esmlab/engine/printable"
	"esmlab/engine/template"
	"esmlab/ui/kit"
	"esmlab/ui/user"
)

func labCommand(w *Env) *cobra.Command {
	o := &runOptions{}
	plainly, id := false, ""
	c := &cobra.Command{
		Use:   "lab [SCENARIO]",
		Short: "Open the lab on a built-in scenario or a template file",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := defaultScenario
			if len(args) > 0 {
				name = args[0]
			}
			if c.Flags().Changed("finding") {
				return openFinding(c.Context(), w, name, id, o, plainly)
			}
			return openLab(c.Context(), w, name, o, plainly, false)
		},
	}
	o.flags(c)
	c.Flags().StringVar(&id, "finding", "", "open the world of a finding of `ID`, just before it bites")
	c.Flags().BoolVar(&plainly, "plain", false, "tell the story in plain lines instead")
	return c
}

// openLab opens the lab, or tells the run's story where there is no screen.
func openLab(ctx context.Context, w *Env, name string, o *runOptions, plainly, welcome bool) error {
	if plainly || !w.Interactive || name == "-" {
		err := runScenario(ctx, w, name, o, false, false, "")
		if e, failed := err.(*exit); err == nil || failed && e.code == exitFailed {
			fmt.Fprintf(w.Out, "\nIn a terminal, `esmlab lab %s` opens this as a lab.\n", user.AsArgument(name))
			return nil
		}
		return err
	}
	return w.screen(ctx, "the lab", func(screens *kit.ScreenStack) error {
		u, c := w.user(), o.changes()
		home := u.Home(screens, c)
		screens.Open(home)
		opts, err := u.LabOptions(name, c) // what cannot be read is refused before anything opens
		if err != nil {
			return err
		}
		if welcome {
			opts.Welcome, opts.Begin = true, u.Begin(screens, home)
		}
		return u.OpenOn(screens, opts)
	})
}

// openFinding opens the world of a finding of a template, just before it bites; without a
// screen it says what happens there.
func openFinding(ctx context.Context, w *Env, name, id string, o *runOptions, plainly bool) error {
	sc, err := w.load(name, o)
	if err != nil {
		return err
	}
	all := w.user().Findings(sc)
	f := finding.Find(all, id)
	if f == nil {
		var has []string
		for i := range all {
			has = append(has, all[i].Name(all))
		}
		return cannot("%s has no finding %s (%s)", name, printable.Line(id), template.OneOf(id, has))
	}
	if f.World == nil {
		_, err := f.Prove()
		return cannot("%s: %v", f.Kind.ID, err)
	}
	if plainly || !w.Interactive || name == "-" {
		p, err := f.Prove()
		if err != nil {
			return cannot("%s: %v", name, err)
		}
		fmt.Fprintf(w.Out, "%s: %s\n\n%s\n\n%s\n", f.Severity, f.Name(all), f.Sentence, f.World.Watch)
		if p.Bit {
			fmt.Fprintf(w.Out, "It bites at second %s of this run of the template:\n\n%s", p.At, f.World.Change())
			return nil
		}
		return &exit{exitFailed, "esmlab lab: " + didNotBite}
	}
	return w.screen(ctx, "the lab", func(screens *kit.ScreenStack) error {
		u, c := w.user(), o.changes()
		screens.Open(u.Home(screens, c))
		opts, err := u.LabOptions(name, c)
		if err != nil {
			return err
		}
		opts.Stopped = true
		if err := u.OpenOn(screens, opts); err != nil {
			return err
		}
		open, err := u.FindingOpening(screens, f, f.Name(all), name).Read()
		if err != nil {
			return err
		}
		return open()
	})
}
