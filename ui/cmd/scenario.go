package cmd

import (
	"errors"
	"io/fs"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/lessons"
)

// defaultScenario is opened where none is named.
const defaultScenario = "poison-record"

// version is the version that `go install` recorded in the program.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "built from source"
}

// runOptions are the flags that change a scenario as it is read.
type runOptions struct {
	length, stopWhen string
	seed             uint64
	sets, params     []string
	steps            []string
	cmd              *cobra.Command
}

func (o *runOptions) flags(c *cobra.Command) {
	o.cmd = c
	c.Flags().StringVar(&o.length, "for", "", "how long to simulate, such as 60s or 24h")
	c.Flags().Uint64Var(&o.seed, "seed", 1, "seed for everything random")
	c.Flags().StringArrayVar(&o.sets, "set", nil, "set a parameter from the start: `NAME=VALUE`, such as ShipOrders.BatchSize=50")
	c.Flags().StringArrayVar(&o.steps, "step", nil, "add a `STEP` to the scenario, such as '{at: 20s, set: {ShipOrders.BatchSize: 50}}'")
	c.Flags().StringArrayVar(&o.params, "param", nil, "set a parameter of the template: `NAME=VALUE`")
}

// lessonPrefix begins the name of a lesson's template, as lesson:failing-batch.
const lessonPrefix = "lesson:"

// isFile reports whether a scenario's name is that of a file: it has a dot or a
// slash, or is standard input.
func isFile(name string) bool { return name == "-" || strings.ContainsAny(name, `./\`) }

func isBuiltin(name string) bool {
	_, ok := scenario.Builtin(name)
	return ok
}

// lesson reads a built-in lesson.
func (w *Env) lesson(id string) (*lessons.Lesson, error) {
	lib, err := lessons.Open(w.Lessons)
	if err != nil {
		return nil, err
	}
	return lib.Lesson(id)
}

// source reads the bytes of a scenario: a built-in one, a file, or - for standard
// input. The second value is its name in error messages.
func (w *Env) source(name string) ([]byte, string, error) {
	switch {
	case name == "-":
		src, err := readAll(w.In, maxFile)
		if err != nil {
			return nil, "", cannot("<stdin>: cannot be read: %v", err)
		}
		return src, "<stdin>", nil
	case isFile(name):
		src, err := w.ReadFile(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, "", cannot("%s: there is no such file (esmlab list shows the built-in scenarios)", name)
		case err != nil:
			return nil, "", cannot("%s: cannot be read: %v", name, rootCause(err))
		}
		return src, name, nil
	}
	if id, ok := strings.CutPrefix(name, lessonPrefix); ok {
		l, err := w.lesson(id)
		if err != nil {
			return nil, "", cannot("esmlab: %v", err)
		}
		return l.Scenario.Source, l.Template, nil
	}
	src, ok := w.Builtin(name)
	if !ok {
		return nil, "", cannot("esmlab: there is no file and no built-in scenario %q (%s; esmlab list shows all)", name, template.OneOf(name, scenario.Names()))
	}
	return src, name, nil
}

func rootCause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

// load reads a scenario with the flags applied.
func (w *Env) load(name string, o *runOptions) (*scenario.Scenario, error) {
	src, file, err := w.source(name)
	if err != nil {
		return nil, err
	}
	return o.read(w, file, src)
}

// beside reads files that stand beside a scenario.
func (w *Env) beside(file string) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if !filepath.IsAbs(name) && isFile(file) {
			name = filepath.Join(filepath.Dir(file), name)
		}
		src, err := w.ReadFile(name)
		if err != nil {
			return nil, rootCause(err)
		}
		return src, nil
	}
}

func (o *runOptions) read(w *Env, file string, src []byte) (*scenario.Scenario, error) {
	opts := scenario.Options{Sets: o.sets, Steps: o.steps, Params: map[string]string{}, Open: w.beside(file)}
	for _, p := range o.params {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return nil, cannot("--param %s: not a parameter (--param NAME=VALUE)", p)
		}
		opts.Params[name] = value
	}
	if o.cmd.Flags().Changed("seed") {
		opts.Seed = &o.seed
	}
	if o.length != "" {
		d, ok := scenario.Duration(o.length)
		if !ok {
			return nil, cannot("--for %s: not a length of time (such as 200ms, 60s, 24h)", o.length)
		}
		opts.For = &d
	}
	sc, err := scenario.Read(file, src, opts)
	if err != nil {
		return nil, &exit{exitCannot, err.Error()}
	}
	return sc, nil
}

// stopQuery compiles --stop-when.
func (o *runOptions) stopQuery(cfg *engine.Config) (*query.Query, error) {
	if !o.cmd.Flags().Changed("stop-when") {
		return nil, nil
	}
	q, err := query.Compile(o.stopWhen, cfg)
	if err != nil {
		return nil, cannot("--stop-when:1:%d: %s", err.Column+1, err.Error())
	}
	return q, nil
}
