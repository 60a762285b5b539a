package user

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/lessons"
)

// LessonPrefix begins the name of a lesson's template, as lesson:failing-batch.
const LessonPrefix = "lesson:"

// IsFile reports whether a scenario's name is that of a file: it has a dot or a
// slash, or is standard input.
func IsFile(name string) bool { return name == "-" || strings.ContainsAny(name, `./\`) }

// IsBuiltin reports whether a scenario of that name is part of the program.
func IsBuiltin(name string) bool {
	_, ok := scenario.Builtin(name)
	return ok
}

// Refused says why something cannot be read or opened, as a person should read it.
type Refused string

func (r Refused) Error() string { return string(r) }

func refused(format string, args ...any) error { return Refused(fmt.Sprintf(format, args...)) }

// unreadable is what is wrong with a template, a template.Errors.
type unreadable struct{ error }

func (u unreadable) Unwrap() error { return u.error }

// As lets it pass for a refusal.
func (u unreadable) As(target any) bool {
	r, is := target.(*Refused)
	if is {
		*r = Refused(u.Error())
	}
	return is
}

// The largest files that are read, in bytes: templates, notes, lessons and
// keys.yaml; and a person's progress.
const (
	MaxFile     = 16 << 20
	MaxProgress = 256 << 20
)

// ReadAll reads at most `most` bytes; more is an error.
func ReadAll(r io.Reader, most int64) ([]byte, error) {
	src, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(src)) > most {
		return nil, fmt.Errorf("it is larger than %d MB", most>>20)
	}
	return src, err
}

// Changes are what changes a scenario as it is read: the flags of a command.
type Changes struct {
	For    string  // how long to simulate; "" as the scenario says
	Seed   *uint64 // nil: the scenario's
	Sets   []string
	Params []string // of the template, as NAME=VALUE
	Steps  []string
	Stack  string // of a CDK app, where a folder is named
}

// Lesson reads a built-in lesson.
func (u *User) Lesson(id string) (*lessons.Lesson, error) {
	lib, err := lessons.Open(u.Lessons)
	if err != nil {
		return nil, err
	}
	return lib.Lesson(id)
}

var errNoFiles = errors.New("no file can be read here")

func (u *User) readFile(name string) ([]byte, error) {
	if u.ReadFile == nil {
		return nil, errNoFiles
	}
	return u.ReadFile(name)
}

// Source reads the bytes of a scenario: a built-in one, a file, or - for standard
// input. The second value is its name in error messages.
func (u *User) Source(name string) ([]byte, string, error) {
	switch {
	case name == "-":
		src, err := ReadAll(u.In, MaxFile)
		if err != nil {
			return nil, "", refused("<stdin>: cannot be read: %v", err)
		}
		return src, "<stdin>", nil
	case IsFile(name):
		src, err := u.readFile(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, "", refused("%s: there is no such file (esmlab list shows the built-in scenarios)", name)
		case err != nil:
			return nil, "", refused("%s: cannot be read: %v", name, RootCause(err))
		}
		return src, name, nil
	}
	if id, ok := strings.CutPrefix(name, LessonPrefix); ok {
		l, err := u.Lesson(id)
		if err != nil {
			return nil, "", refused("esmlab: %v", err)
		}
		return l.Scenario.Source, l.Template, nil
	}
	src, ok := u.Builtin(name)
	if !ok {
		return nil, "", refused("esmlab: there is no file and no built-in scenario %q (%s; esmlab list shows all)", name, template.OneOf(name, scenario.Names()))
	}
	return src, name, nil
}

// RootCause is the innermost of an error: what a person has to know of it.
func RootCause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}

// Beside reads files that stand beside a scenario.
func (u *User) Beside(file string) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if !filepath.IsAbs(name) && IsFile(file) {
			name = filepath.Join(filepath.Dir(file), name)
		}
		src, err := u.readFile(name)
		if err != nil {
			return nil, RootCause(err)
		}
		return src, nil
	}
}

// Read reads a scenario from its bytes. file is its name in errors.
func (u *User) Read(file string, src []byte, c Changes) (*scenario.Scenario, error) {
	opts := scenario.Options{Sets: c.Sets, Steps: c.Steps, Params: map[string]string{}, Seed: c.Seed, Open: u.Beside(file)}
	for _, p := range append(u.ofStack(file), c.Params...) {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return nil, refused("--param %s: not a parameter (--param NAME=VALUE)", p)
		}
		opts.Params[name] = value
	}
	if c.For != "" {
		d, ok := scenario.Duration(c.For)
		if !ok {
			return nil, refused("--for %s: not a length of time (such as 200ms, 60s, 24h)", c.For)
		}
		opts.For = &d
	}
	sc, err := scenario.Read(file, src, opts)
	if err != nil {
		return nil, unreadable{err}
	}
	return sc, nil
}
