package cmd

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"charm.land/bubbles/v2/progress"
	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"esmlab/engine"
	"esmlab/engine/cost"
	"esmlab/engine/printable"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/engine/trace"
	"esmlab/ui/plain"
	"esmlab/ui/user"
)

func runCommand(w *Env) *cobra.Command {
	o := &runOptions{}
	asJSON, bill, traceTo := false, false, ""
	c := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "Run a scenario without a screen and tell its story",
		Long: "Runs a built-in scenario, a lesson's template (lesson:failing-batch), a template file,\n" +
			"standard input (-), or a run that was shared (esm1:…), and prints the lines that matter, what\n" +
			"whether the expectations hold. Exit code 0: all hold; 1: one fails, or --stop-when never\n" +
			"came true; 2: it could not run.",
		Args: oneScenario,
		RunE: func(c *cobra.Command, args []string) error {
			if asJSON && traceTo == "-" {
				return cannot("esmlab run: --json and --trace - both write to standard output (write the trace to a file)")
			}
			if bill && (asJSON || traceTo == "-") {
				return cannot("esmlab run: --cost goes with the story (--json has the cost in any case)")
			}
			return runScenario(c.Context(), w, args[0], o, asJSON, bill, traceTo)
		},
	}
	o.flags(c)
	c.Flags().StringVar(&o.stopWhen, "stop-when", "", "stop as soon as this `EXPRESSION` is true")
	c.Flags().BoolVar(&asJSON, "json", false, "print the summary as JSON instead of the story")
	c.Flags().BoolVar(&bill, "cost", false, "print after the story what AWS would bill for the run")
	c.Flags().BoolVar(&o.anyway, "anyway", false, "run a shared run (esm1:…) even where this version simulates it differently")
	c.Flags().StringVar(&traceTo, "trace", "", "write the trace as JSON lines to `FILE`, - for standard output")
	return c
}

func oneScenario(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 1:
		return nil
	case 0:
		return cannot("esmlab run: which scenario? (a template file, or one from esmlab list)")
	}
	return cannot("esmlab run: one scenario at a time, not %d (flags are written --name value)", len(args))
}

// tracer writes a trace and computes its SHA-256.
type tracer struct {
	w    *bufio.Writer
	file io.Closer
	sum  hash.Hash
	line []byte
	err  error
}

func (t *tracer) write(s *engine.Sim, events []engine.Event) {
	for i := range events {
		if t.err != nil {
			return
		}
		t.line = append(trace.AppendJSON(t.line[:0], s, &events[i]), '\n')
		t.sum.Write(t.line)
		_, t.err = t.w.Write(t.line)
	}
}

// close ends the trace and gives the SHA-256 of its bytes.
func (t *tracer) close() (string, error) {
	if err := t.w.Flush(); t.err == nil {
		t.err = err
	}
	if t.file != nil {
		if err := t.file.Close(); t.err == nil {
			t.err = err
		}
	}
	return hex.EncodeToString(t.sum.Sum(nil)), t.err
}

func (w *Env) tracer(to string) (*tracer, error) {
	t := &tracer{sum: sha256.New()}
	if to == "-" {
		t.w = bufio.NewWriterSize(w.Out, 1<<16)
		return t, nil
	}
	f, err := w.Create(to)
	if err != nil {
		return nil, cannot("--trace %s: cannot be written: %v", to, user.RootCause(err))
	}
	t.file, t.w = f, bufio.NewWriterSize(f, 1<<16)
	return t, nil
}

func runScenario(ctx context.Context, w *Env, name string, o *runOptions, asJSON, bill bool, traceTo string) error {
	sc, shared, err := w.loadRun(name, o)
	if err != nil {
		return err
	}
	stop, err := o.stopQuery(sc.Config)
	if err != nil {
		return err
	}
	if shared != nil {
		sc.Config = timeline.Keeping(sc.Config, shared.Commands())
	}
	r, err := scenario.NewRunner(sc, stop)
	if err != nil {
		return cannot("%s: %v", sc.File, err)
	}
	if shared != nil {
		r.Course, r.Until = timeline.Follow(r.Sim, shared.Commands()), max(1, shared.Newest())
		if length, ok := scenario.Duration(o.length); ok {
			r.Until = length
		}
	}
	var hooks []func(*engine.Sim, []engine.Event)
	var tr *tracer
	if traceTo != "" {
		if tr, err = w.tracer(traceTo); err != nil {
			return err
		}
		hooks = append(hooks, tr.write)
	}
	var story *plain.Story
	var out *bufio.Writer
	if !asJSON && traceTo != "-" {
		out = bufio.NewWriterSize(w.Out, 1<<16)
		defer out.Flush()
		story = plain.NewStory(out, r)
		hooks = append(hooks, func(_ *engine.Sim, events []engine.Event) { story.Tell(events) })
	}
	r.OnEvents = func(s *engine.Sim, events []engine.Event) {
		for _, h := range hooks {
			h(s, events)
		}
	}
	if err := w.drive(ctx, r); err != nil {
		if tr != nil {
			_, _ = tr.close() // what was traced before it was stopped
		}
		return err
	}
	for _, note := range sc.Notes {
		fmt.Fprintln(w.Err, "note: "+printable.Line(note))
	}
	switch {
	case o.verbose:
		for _, detail := range sc.Details {
			fmt.Fprintln(w.Err, "  "+printable.Line(detail))
		}
	case len(sc.Details) > 3:
		fmt.Fprintln(w.Err, "note: --verbose names all that is left alone")
	}
	sum := r.Summary()
	if tr != nil {
		if sum.TraceSHA256, err = tr.close(); err != nil {
			return traceError(traceTo, err)
		}
	}
	switch {
	case asJSON:
		if err := w.json(sum); err != nil {
			return err
		}
	case story != nil:
		if err := story.End(); err != nil {
			return err
		}
		if b := cost.Of(r.Sim); bill {
			b.Write(out)
		}
	}
	switch {
	case r.Sim.Stopped() != nil:
		return &exit{exitFailed, "esmlab run: " + r.Sim.Stopped().Error()}
	case stop != nil && !r.Stopped:
		why := ""
		if r.StopError != nil {
			why = " (asked at the end: " + r.StopError.Error() + ")"
		}
		return &exit{exitFailed, "esmlab run: --stop-when never came true: " + o.stopWhen + why}
	case r.Failed() > 0:
		return &exit{exitFailed, ""}
	}
	return nil
}

func traceError(to string, err error) error {
	if to == "-" {
		return err
	}
	return cannot("--trace %s: cannot be written: %v", to, user.RootCause(err))
}

// drive runs to the end in slices, so that it can be stopped and can show its
// progress.
func (w *Env) drive(ctx context.Context, r *scenario.Runner) error {
	const slices = 200
	end := r.End()
	bar := progress.New(progress.WithWidth(30), progress.WithoutPercentage())
	for i := engine.Micros(1); ; i++ {
		until := end
		if i < slices {
			until = end/slices*i + end%slices*i/slices
		}
		more := r.Advance(until)
		if ctx.Err() != nil {
			return &exit{exitStopped, ""}
		}
		if w.ErrIsTerminal && end > engine.Hour {
			fmt.Fprintf(w.cursor, "\r%s second %s of %s ", ansi.Strip(bar.ViewAs(float64(i)/slices)), r.Sim.Now(), end)
		}
		if !more || i >= slices {
			break
		}
	}
	if w.ErrIsTerminal && end > engine.Hour {
		fmt.Fprint(w.cursor, "\r\x1b[K")
	}
	return nil
}
