package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"esmlab/ui/kit"
	"esmlab/ui/user"
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
