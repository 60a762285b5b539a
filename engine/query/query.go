// Package query asks a simulation yes-or-no questions in one expression
// language (expr-lang/expr): expectations, lessons' goals, proofs of quiz
// cards and --stop-when. Questions only read. Unknown
// names, fields and states are refused before the run.
package query

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"esmlab/engine"
)

// Query is a compiled question. It can be evaluated for any simulation of the
// Config it was compiled for.
type Query struct {
	Text    string
	program *vm.Program
	uses    uses
	calls   []call // for Saw
}

// uses says what a question needs to know about a run's past.
type uses struct {
	invocations bool
	event       bool     // the JSON of invocations
	kinds       []string // of events
	// records counts the calls of record, states those of which only the state
	// is read: of a record that has gone long ago nothing else is known.
	records, states int
}

// call is a call inside a question: with the fields read from it, and on its
// own.
type call struct{ text, root string }

// Error says what is wrong with a question, and at which column (from 0).
type Error struct {
	Column  int
	Message string
	Right   string
}

func (e *Error) Error() string {
	if e.Right == "" {
		return e.Message
	}
	return e.Message + " (" + e.Right + ")"
}

const maxText = 4000

// Compile compiles a question whose answer is true or false.
func Compile(text string, cfg *engine.Config) (*Query, *Error) {
	return compile(text, cfg, expr.AsBool())
}

// CompileValue compiles an expression for any value.
func CompileValue(text string, cfg *engine.Config) (*Query, *Error) {
	return compile(text, cfg, nil)
}

func options() []expr.Option {
	return append(bounded(), expr.Env(env{}), expr.Optimize(false), expr.DisableBuiltin("now"), expr.MaxNodes(2000),
		expr.Function(parsed, func(args ...any) (any, error) { return parse(args[0]), nil }, new(func(*Body) map[string]any), new(func(any) any)),
		// The library's own functions go through a map in random order.
		expr.DisableBuiltin("toPairs"), expr.DisableBuiltin("keys"), expr.DisableBuiltin("values"),
		expr.Function("keys", func(args ...any) (any, error) { return sortedKeys(args[0]), nil }, new(func(map[string]any) []string)),
		expr.Function("values", func(args ...any) (any, error) {
			m := args[0].(map[string]any) // the type above says so
			var out []any
			for _, k := range sortedKeys(m) {
				out = append(out, m[k])
			}
			return out, nil
		}, new(func(map[string]any) []any)))
}

func sortedKeys(m any) []string {
	return slices.Sorted(maps.Keys(m.(map[string]any))) // the function's type says so
}

func compile(text string, cfg *engine.Config, kind expr.Option) (*Query, *Error) {
	switch {
	case strings.TrimSpace(text) == "":
		return nil, &Error{Message: "the expression is empty", Right: `as record("Orders#1").state == "done"`}
	case len(text) > maxText:
		return nil, &Error{Message: "the expression is too long", Right: "at most 4,000 characters"}
	}
	c := &checker{cfg: cfg}
	opts := append(options(), expr.Patch(c), expr.Patch(bodies{}), expr.Patch(recent{}), expr.Patch(&limiter{}))
	if kind != nil {
		opts = append(opts, kind)
	}
	program, err := expr.Compile(text, opts...)
	if c.err != nil { // an unknown name comes first
		return nil, c.err
	}
	if err != nil {
		return nil, wrong(err, text)
	}
	return &Query{Text: text, program: program, uses: c.uses, calls: c.calls}, nil
}

// wrong turns an error of the expression compiler into one line.
func wrong(err error, text string) *Error {
	if strings.HasPrefix(err.Error(), "expected bool") { // of the expression as a whole: it has no place
		return &Error{Message: "the answer is not true or false: " + firstLine(err.Error()), Right: `a comparison, as function("Ship").errors == 0`}
	}
	var fe *file.Error
	if !errors.As(err, &fe) {
		return &Error{Message: "the expression cannot be read: " + firstLine(err.Error())}
	}
	e := &Error{Column: min(fe.From, len(text)), Message: firstLine(fe.Message)}
	switch {
	case strings.HasPrefix(e.Message, "unknown name"):
		e.Right = "t, record, stream, iterator, queue, function, effect, mapping, destination, front, invocations, discards, events, alarm"
	case strings.Contains(e.Message, "has no field"):
		e.noField()
	case strings.HasPrefix(e.Message, "unexpected token EOF"):
		e.Message, e.Right = "the expression ends too early", "as record(\"Orders#1\").state == \"done\""
	}
	return e
}

// noField lists the fields that there are.
func (e *Error) noField() {
	words := strings.Fields(e.Message) // type query.Record has no field stat
	for _, v := range []any{Record{}, Stream{}, Shard{}, Iterator{}, Lane{}, Queue{}, Group{}, Function{}, Mapping{}, Destination{}, Effect{}, Alarm{}, Invocation{}, Discard{}, Event{}} {
		t := reflect.TypeOf(v)
		if len(words) < 2 || strings.TrimPrefix(words[1], "*") != t.String() {
			continue
		}
		var names []string
		for i := range t.NumField() {
			if !t.Field(i).IsExported() {
				continue
			}
			name := t.Field(i).Tag.Get("expr")
			if name == "" {
				name = t.Field(i).Name
			}
			names = append(names, name)
		}
		name, article := strings.ToLower(t.Name()), "a "
		if strings.ContainsRune("aeiou", rune(name[0])) {
			article = "an "
		}
		e.Message = article + name + " has no field " + words[len(words)-1]
		e.Right = "one of " + strings.Join(names, ", ")
		return
	}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return strings.TrimSpace(s)
}

// Eval evaluates the question in a world. What goes wrong on the way (an index
// past the end) is an error.
func (q *Query) Eval(w *World) (bool, error) {
	v, err := q.Value(w)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, errors.New("the answer is not true or false: " + line(fmt.Sprint(v)))
	}
	return b, nil
}

// Value evaluates the expression in a world.
func (q *Query) Value(w *World) (any, error) {
	w.statesOnly = q.uses.records == q.uses.states
	v, err := run(q.program, w)
	if err == nil {
		if _, whole := appendJSON(nil, v, maxString); !whole { // its callers write it
			return nil, errValue
		}
	}
	return v, err
}

func run(p *vm.Program, w *World) (v any, err error) {
	defer func() { // a function of the env panics to refuse
		if r := recover(); r != nil {
			err = errors.New(line(fmt.Sprint(r)))
		}
	}()
	w.left = maxSteps
	w.env.T = w.Sim.Now().Seconds()
	v, err = w.vm.Run(p, w.env)
	if err != nil {
		return nil, errors.New(line(firstLine(err.Error())))
	}
	return v, nil
}

// Saw evaluates each call in the question now, with the fields read from it, or
// without them where reading them fails. They are compiled here: most questions
// are never asked what they saw.
func (q *Query) Saw(w *World) []Seen {
	var out []Seen
	for _, c := range q.calls {
		part := func(text string) (any, error, bool) {
			p, err := expr.Compile(text, append(options(), expr.Patch(bodies{}), expr.Patch(&limiter{}))...)
			if err != nil {
				return nil, err, false
			}
			v, err := run(p, w)
			return v, err, true
		}
		text := c.text
		v, err, alone := part(text)
		if !alone {
			continue // one inside a predicate cannot stand alone
		}
		if err != nil && c.root != c.text {
			text = c.root
			v, err, _ = part(text) // a part of what was just compiled
		}
		if err != nil {
			v = err.Error()
		}
		out = append(out, see(text, v))
	}
	return out
}

// Past reports whether the question is about the past: a World can answer it
// only if it has observed the events.
func (q *Query) Past() bool { return q.uses.invocations || len(q.uses.kinds) > 0 }

// need merges what several questions need to know.
func need(qs []*Query) uses {
	var u uses
	for _, q := range qs {
		if q == nil {
			continue
		}
		u.invocations = u.invocations || q.uses.invocations
		u.event = u.event || q.uses.event
		for _, k := range q.uses.kinds {
			if !slices.Contains(u.kinds, k) {
				u.kinds = append(u.kinds, k)
			}
		}
	}
	return u
}
