package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/ui"
	"esmlab/ui/kit"
	"esmlab/ui/user"
)

// screen shows screens until the person leaves, as the environment and the
// person's keys want them. what is shown there, as "the lab"; open lays the first
// ones on the stack.
func (w *Env) screen(ctx context.Context, what string, open func(*kit.ScreenStack) error) error {
	if err := w.keys(); err != nil {
		return err
	}
	theme, err := w.preferred(themePreference)
	if err != nil {
		return err
	}
	motion, err := w.motion()
	if err != nil {
		return err
	}
	u := w.user()
	store := u.Progress()
	store.Defer()
	o := ui.Options{Theme: theme, Motion: motion, Keep: w.prefer,
		Env: w.Env, Input: w.In, Output: w.screenOut, Mouse: true, ASCII: w.ascii || w.env("ESMLAB_ASCII") != "", Cols: w.Cols, Rows: w.Rows, Progress: store}
	if w.class != nil {
		o.Stage, o.Started = w.class, w.class.Host
	}
	w.terminal.lend(&o, w.stop)
	var screens *kit.ScreenStack
	err = ui.Run(ctx, o, func(s *kit.ScreenStack) error {
		screens = s
		return open(s)
	})
	if err == nil {
		u.Remember(screens)
	}
	_ = store.Flush() // what was answered last; what cannot be saved is said below
	w.unsaved()
	var e *exit
	var refused user.Refused
	if err == nil || errors.As(err, &e) || errors.As(err, &refused) {
		return err
	}
	return cannot("esmlab: the terminal cannot show %s: %v (--plain needs no screen)", what, err)
}

// show shows what is to be opened, over Home. Until it was read, a screen says so.
func (w *Env) show(ctx context.Context, what string, first func(*kit.ScreenStack) kit.Opening) error {
	return w.screen(ctx, what, func(screens *kit.ScreenStack) error {
		screens.Open(w.user().Home(screens, user.Changes{})) // scenarios that are opened from Home are as they are
		screens.Open(kit.NewLoading(screens, first(screens)))
		return nil
	})
}

// env gives a variable of the environment, "" where it is not set.
func (w *Env) env(name string) string {
	for _, e := range w.Env {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}

// keysPath is the person's keys.yaml, under XDG_CONFIG_HOME or else ~/.config; ""
// where there is neither.
func (w *Env) keysPath() string {
	dir := w.env("XDG_CONFIG_HOME")
	if !filepath.IsAbs(dir) { // the standard ignores a relative one
		if dir = w.env("HOME"); dir == "" {
			return ""
		}
		dir = filepath.Join(dir, ".config")
	}
	return filepath.Join(dir, "esmlab", "keys.yaml")
}

// keys reads the person's keys.yaml and gives the actions those keys.
func (w *Env) keys() error {
	path := w.keysPath()
	if path == "" || w.ReadFile == nil {
		return nil
	}
	src, err := w.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = kit.Configure(path, src)
	}
	if err != nil {
		return &exit{exitCannot, err.Error()}
	}
	return nil
}

func keysCommand(w *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "keys",
		Short: "All actions with their keys, and the file that changes them",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := w.keys(); err != nil {
				return err
			}
			for _, g := range kit.Groups {
				for i := range kit.Actions {
					if a := &kit.Actions[i]; a.Group == g {
						fmt.Fprintf(w.Out, "%-13s %-22s %s\n", a.ID, strings.Join(a.Keys, " "), a.Does)
					}
				}
			}
			if path := w.keysPath(); path != "" {
				fmt.Fprintf(w.Out, "\n%s changes them, a line for each action:\n\nbisect: B\nnext: [right, ctrl+f]\n", path)
			}
			return nil
		},
	}
}
