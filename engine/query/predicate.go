package query

import (
	"encoding/json"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"esmlab/engine"
)

// Predicate is an expression about one record: a selector of faults and of what
// handlers do.
type Predicate struct {
	text    string
	program *vm.Program
}

// record is what such an expression may name. What a record does not have is nil, and
// a field of nil is nil.
type record struct {
	N                 int            `expr:"n"`
	Key               string         `expr:"key"`
	Deliveries        int            `expr:"deliveries"`
	EventName         string         `expr:"eventName"`
	Data              any            `expr:"data"`
	Body              any            `expr:"body"`
	Dynamodb          any            `expr:"dynamodb"`
	Attributes        any            `expr:"attributes"`
	MessageAttributes any            `expr:"messageAttributes"`
	Spend             func(any) bool `expr:"__spend"`
}

// predicates are those compiled so far, by their texts: two of the same text are one.
var predicates sync.Map

// CompilePredicate compiles an expression about a record whose answer is true or
// false.
func CompilePredicate(text string) (*Predicate, *Error) {
	if p, ok := predicates.Load(text); ok {
		return p.(*Predicate), nil
	}
	if len(text) > maxText {
		return nil, &Error{Message: "the expression is too long", Right: "at most 4,000 characters"}
	}
	opts := append(bounded(), expr.Env(record{}), expr.Optimize(false), expr.DisableBuiltin("now"), expr.MaxNodes(2000),
		expr.DisableBuiltin("toPairs"), expr.DisableBuiltin("keys"), expr.DisableBuiltin("values"), expr.Patch(&limiter{}), expr.AsBool())
	program, err := expr.Compile(text, opts...)
	if err != nil {
		e := wrong(err, text)
		e.Right = "data.amount > 100, body.kind == \"refund\", eventName == \"REMOVE\", key, n, deliveries"
		return nil, e
	}
	p, _ := predicates.LoadOrStore(text, &Predicate{text, program})
	return p.(*Predicate), nil
}

func (p *Predicate) String() string { return p.text }

// Holds tells whether the expression is true of a record. One that cannot be
// evaluated for it, as data.amount > 100 where there is no amount, is not.
func (p *Predicate) Holds(c engine.Content) bool {
	left := maxSteps
	r := record{N: c.N, Key: c.Key, Deliveries: c.Deliveries, EventName: c.EventName, Data: decoded(c.Data), Body: decoded(c.Body),
		Spend: func(v any) bool {
			if left = weigh(v, left-1); left < 0 {
				panic(errSteps)
			}
			return true
		}}
	if doc, ok := decoded(c.JSON).(map[string]any); ok && c.Body != nil {
		r.Attributes, r.MessageAttributes = doc["attributes"], doc["messageAttributes"]
	} else {
		r.Dynamodb = decoded(c.JSON)
	}
	return holds(p.program, &r)
}

func holds(p *vm.Program, r *record) (ok bool) {
	defer func() { // a function of the language may panic
		if recover() != nil {
			ok = false
		}
	}()
	v, err := vm.Run(p, *r)
	ok, _ = v.(bool)
	return ok && err == nil
}

// decoded is what stands in a record: JSON, or a text.
func decoded(b []byte) any {
	if b == nil {
		return nil
	}
	var v any
	if json.Unmarshal(b, &v) != nil {
		return string(b)
	}
	return v
}
