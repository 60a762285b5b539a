// Package cmd is esmlab's command line: commands, flags and exit codes. It is
// the only place that touches files, the environment, signals and the wall
// clock; everything below is given what it needs.
package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"charm.land/fang/v2"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"esmlab/engine/printable"
	"esmlab/quiz/progress"
	"esmlab/ui/serve"
	"esmlab/ui/user"
)

// Env is the world outside, as a command sees it.
type Env struct {
	In       io.Reader
	Out, Err io.Writer
	Env      []string
	// OutIsTerminal and ErrIsTerminal: a person reads there. Interactive: one can
	// be asked as well.
	OutIsTerminal, ErrIsTerminal, Interactive bool
	// InIsTerminal: what is read is typed there.
	InIsTerminal bool
	// Cols and Rows are the terminal's size where it cannot be asked for; 0: ask.
	Cols, Rows int
	ReadFile   func(string) ([]byte, error)
	Create     func(string) (io.WriteCloser, error)
	MakeDir    func(string) error // with those above it
	// NewFile writes a new file, or with over one in the place of another.
	NewFile func(name string, src []byte, over bool) error
	// Replace writes a file as a whole, in the place of another if there is one; nil: it is
	// written with Create.
	Replace func(name string, src []byte) error
	Dir     func(string) fs.FS // a folder to read notes from
	// Deck, Lessons and Builtin are the deck, the lessons and the scenarios that
	// are part of the program; nil: its own.
	Deck, Lessons fs.FS
	Builtin       func(name string) ([]byte, bool)

	terminal  *terminal // nil: the program does not have it
	stop      func()    // ends the command; nil: nothing does
	screenOut io.Writer // where a screen draws: Out as it was given
	cursor    io.Writer // where the cursor is moved: Err as it was given

	ascii bool // --ascii: draw with ASCII characters only
	// File is where progress is kept; nil: in memory.
	File progress.File
	// Now is the time in the person's zone; nil: the clock's.
	Now func() time.Time

	class *serve.Class // that follows the screens; nil: there is none
	who   *user.User   // who uses the command, once it was asked for
}

// complete fills in the program's own deck, lessons and scenarios.
func (w *Env) complete() {
	u := w.user()
	w.Deck, w.Lessons, w.Builtin = u.Deck, u.Lessons, u.Builtin
}

// user is who uses the command.
func (w *Env) user() *user.User {
	if w.who == nil {
		w.who = &user.User{In: w.In, ReadFile: w.ReadFile, Dir: w.Dir, Deck: w.Deck, Lessons: w.Lessons, Builtin: w.Builtin,
			File: w.File, Machine: machine(), NewID: newLineID, Now: w.now, NewFile: w.NewFile, Version: version()}
		if w.Create != nil {
			w.who.WriteFile = w.writeFile
		}
		w.who.Complete()
	}
	return w.who
}

// writeFile writes a file, in the place of one that was there.
func (w *Env) writeFile(name string, text []byte) error {
	if w.Replace != nil {
		return w.Replace(name, text)
	}
	f, err := w.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if bad := f.Close(); err == nil {
		err = bad
	}
	return err
}

func (w *Env) now() time.Time {
	if w.Now == nil {
		return time.Now()
	}
	return w.Now()
}

// Exit codes.
const (
	exitFine    = 0
	exitFailed  = 1 // an expectation or a check failed
	exitCannot  = 2 // the command could not run
	exitStopped = 130
)

// exit is an error that knows its exit code; a message of "" prints nothing.
type exit struct {
	code    int
	message string
}

func (e *exit) Error() string { return e.message }

func cannot(format string, args ...any) error {
	return &exit{exitCannot, fmt.Sprintf(format, args...)}
}

// Main runs esmlab on the process's own arguments and files.
func Main() int {
	tty := newTerminal(os.Stdin, os.Stdout)
	ctx, stop := stopping(tty.restore)
	signal.Ignore(syscall.SIGPIPE)
	in, out, errOut := term.IsTerminal(os.Stdin.Fd()), term.IsTerminal(os.Stdout.Fd()), term.IsTerminal(os.Stderr.Fd())
	dumb := os.Getenv("TERM") == "dumb" || os.Getenv("TERM") == ""
	return Run(ctx, os.Args[1:], Env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Environ(),
		OutIsTerminal: out, ErrIsTerminal: errOut, InIsTerminal: in, Interactive: out && !dumb && in,
		ReadFile: readFile, NewFile: newFile, Replace: replaceFile, Dir: dirFS, File: openFile(), terminal: tty, stop: stop,
		Create:  func(name string) (io.WriteCloser, error) { return os.Create(name) },
		MakeDir: func(name string) error { return os.MkdirAll(name, 0o755) }})
}

// Run runs a command line and gives the exit code. Data goes to Out,
// everything else to Err.
func Run(ctx context.Context, args []string, w Env) int {
	out := &watched{Writer: w.Out}
	w.screenOut, w.cursor = w.Out, w.Err
	helpOut := w.Out // help has colours only where it is given the terminal itself
	if !w.Interactive {
		helpOut = out
	}
	w.Out, w.Err = printable.NewWriter(out), printable.NewWriter(w.Err)
	if args = slices.Clone(args); len(args) > 0 && (args[0] == "help" || strings.HasPrefix(args[0], "__")) {
		for i := range args { // cobra prints them itself
			args[i] = printable.Line(args[i])
		}
	}
	w.complete()
	root := newRoot(&w)
	root.SetArgs(append([]string{}, args...)) // of nil, cobra makes the process's own
	root.SetIn(w.In)
	root.SetOut(helpOut)
	root.SetErr(w.Err)
	code := exitFine
	handler := func(_ io.Writer, _ fang.Styles, err error) {
		var e *exit
		var refused user.Refused
		switch {
		case errors.As(err, &e):
			code = e.code
		case errors.As(err, &refused):
			code, e = exitCannot, &exit{exitCannot, refused.Error()}
			err = e
		case errors.Is(err, syscall.EPIPE):
			code, err = exitFine, &exit{}
		case ctx.Err() != nil:
			code, err = exitStopped, &exit{}
		default:
			code = exitCannot
		}
		if msg := err.Error(); msg != "" {
			if e == nil {
				msg = "esmlab: " + plainly(msg)
				if notWritten := (*fs.PathError)(nil); errors.As(err, &notWritten) {
					msg = noOutput(err)
				} else if !strings.Contains(msg, "--help") {
					msg += " (see esmlab --help)"
				}
			}
			fmt.Fprintln(w.Err, msg)
		}
	}
	if err := fang.Execute(ctx, root, fang.WithErrorHandler(handler), fang.WithoutManpage(), fang.WithoutVersion(), fang.WithColorSchemeFunc(w.helpColors)); err != nil && code == exitFine && !errors.Is(err, syscall.EPIPE) {
		code = exitCannot
	}
	if code == exitFine && out.err != nil && !errors.Is(out.err, syscall.EPIPE) {
		fmt.Fprintln(w.Err, noOutput(out.err))
		code = exitCannot
	}
	return code
}

// noOutput says why what was to be printed is not there.
func noOutput(err error) string {
	return "esmlab: the output cannot be written: " + user.RootCause(err).Error()
}

// plainly reports a wrong value of a flag without the parser's jargon.
func plainly(msg string) string {
	if before, _, ok := strings.Cut(msg, ": strconv."); ok {
		return before + ", which is not a whole number"
	}
	return msg
}

// json writes a value to Out. What is not printable is escaped, so nothing is lost.
func (w *Env) json(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Out.Write(printable.JSON(b.Bytes()))
	return err
}

// watched keeps a writer's first error: output that could not be written must not
// end with exit code 0.
type watched struct {
	io.Writer
	err error
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

func newRoot(w *Env) *cobra.Command {
	o := &runOptions{}
	plainly := false
	root := &cobra.Command{
		Use:   "esmlab",
		Short: "A lab for AWS Lambda event source mappings",
		Long: "Esmlab shows what Lambda's event source mappings really do with Kinesis, DynamoDB Streams\n" +
			"and SQS: it simulates streams, queues, mappings, functions and destinations in virtual\n" +
			"time, live in the terminal or without a screen. A scenario is a SAM or CloudFormation\n" +
			"template; your own runs as it is. Lessons and quiz questions are checked by running it.",
		Example: "esmlab                      # the lab, with one poison record in a shard\nesmlab lab template.yaml    # the lab, on your own template\nesmlab run poison-record    # the same without a screen\nesmlab learn                # lessons, starting with a two-minute tour\nesmlab quiz                 # what is due today",
		Args: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) > 0 && !user.IsFile(args[0]) && !user.IsBuiltin(args[0]) && !user.IsShared(args[0]) && !w.user().IsFolder(args[0]):
				return cannot("esmlab: there is no command and no scenario %q (%s)", args[0], nearestCommand(c, args[0]))
			case len(args) > 1:
				return cannot("esmlab: one scenario at a time, not %d (or did you mean esmlab run %s?)", len(args), args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			name := defaultScenario
			if len(args) > 0 {
				name = args[0]
			}
			return openLab(c.Context(), w, name, o, plainly, len(args) == 0)
		},
	}
	o.flags(root)
	root.Flags().BoolVar(&plainly, "plain", false, "tell the story in plain lines instead of opening the lab")
	root.PersistentFlags().BoolVar(&w.ascii, "ascii", false, "draw with ASCII characters only (or set ESMLAB_ASCII)")
	root.Version = versionLine()
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(labCommand(w), newCommand(w), learnCommand(w), presentCommand(w), serveCommand(w), runCommand(w), checkCommand(w), quizCommand(w), cardsCommand(w), progressCommand(w), explainCommand(w), glossaryCommand(w), listCommand(w), keysCommand(w), manCommand(w))
	return root
}
