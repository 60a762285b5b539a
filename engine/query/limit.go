package query

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
)

// maxSteps bounds one evaluation: rounds of loops, and what values hold that are
// made, compared or gone through (an element each, four bytes of a text each).
const maxSteps = 5_000_000

// maxString is how long a text that a function makes may be, in bytes.
const maxString = 1 << 20

var (
	errSteps  = errors.New("the expression takes more than 5,000,000 steps (shorter lists, fewer loops in loops)")
	errString = errors.New("the expression makes a text longer than 1 MB (shorter texts)")
)

// limiter has an expression pay for what it does: the language bounds neither loops
// in loops nor values that double. Each node that may cost much becomes
// `let v = node; spend(v); v`.
type limiter struct{ n int }

const spend = "__spend"

func (l *limiter) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.PredicateNode:
		n.Node = &ast.SequenceNode{Nodes: []ast.Node{l.call(&ast.IntegerNode{Value: 1}), n.Node}}
	case *ast.BinaryNode:
		switch n.Operator {
		case "in", "not in", "==", "!=", "contains", "matches":
			n.Left, n.Right = l.paid(n.Left), l.paid(n.Right)
		case "+", "..":
			*node = l.paid(n)
		}
	case *ast.BuiltinNode:
		if !slices.ContainsFunc(n.Arguments, isPredicate) { // else each round pays
			for i, a := range n.Arguments {
				n.Arguments[i] = l.paid(a)
			}
		}
		*node = l.paid(n)
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); !ok || id.Value != spend && id.Value != parsed {
			*node = l.paid(n)
		}
	case *ast.ArrayNode, *ast.MapNode:
		*node = l.paid(n)
	}
}

func isPredicate(n ast.Node) bool {
	_, ok := n.(*ast.PredicateNode)
	return ok
}

func (l *limiter) call(v ast.Node) ast.Node {
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: spend}, Arguments: []ast.Node{v}}
}

// paid is a node whose value is paid for. One that costs nothing stays.
func (l *limiter) paid(n ast.Node) ast.Node {
	switch n.(type) {
	case *ast.NilNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode, *ast.VariableDeclaratorNode:
		return n
	}
	l.n++
	name := "__v" + strconv.Itoa(l.n)
	v := func() ast.Node { return &ast.IdentifierNode{Value: name} }
	return &ast.VariableDeclaratorNode{Name: name, Value: n, Expr: &ast.SequenceNode{Nodes: []ast.Node{l.call(v()), v()}}}
}

// spend takes what a value holds off the steps that are left.
func (w *World) spend(v any) bool {
	if w.left = weigh(v, w.left-1); w.left < 0 {
		panic(errSteps)
	}
	return true
}

// weigh gives what is left of `left` after a value's parts; below 0 it stops.
func weigh(v any, left int) int {
	switch v := v.(type) {
	case string:
		return left - len(v)/4
	case []any:
		for _, x := range v {
			if left = weigh(x, left-1); left < 0 {
				break
			}
		}
		return left
	case map[string]any:
		for k, x := range v {
			if left = weigh(x, left-1-len(k)/4); left < 0 {
				break
			}
		}
		return left
	case nil, bool, int, float64:
		return left
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Slice || r.Kind() == reflect.Map {
		return left - r.Len()
	}
	return left
}

// bounded are functions of the language that make long texts of short ones, or of lists,
// with a bound.
func bounded() []expr.Option {
	checked := func(size int, text func() string) (any, error) {
		if size > maxString {
			return nil, errString
		}
		return text(), nil
	}
	written := func(write func(v any) (any, error)) func(args ...any) (any, error) {
		return func(args ...any) (any, error) {
			if _, whole := appendJSON(nil, args[0], maxString); !whole {
				return nil, errString
			}
			return write(args[0])
		}
	}
	return []expr.Option{
		expr.DisableBuiltin("toJSON"), expr.DisableBuiltin("string"),
		expr.Function("toJSON", written(func(v any) (any, error) {
			b, err := json.MarshalIndent(v, "", "  ")
			return string(b), err
		}), new(func(any) string)),
		expr.Function("string", written(func(v any) (any, error) { return fmt.Sprint(v), nil }), new(func(any) string)),
		expr.DisableBuiltin("repeat"), expr.DisableBuiltin("replace"), expr.DisableBuiltin("join"),
		expr.Function("repeat", func(args ...any) (any, error) {
			s, n := args[0].(string), args[1].(int)
			if n < 0 {
				return nil, errors.New("repeat: a text cannot stand there " + strconv.Itoa(n) + " times")
			}
			if n > maxString {
				return nil, errString
			}
			return checked(len(s)*n, func() string { return strings.Repeat(s, n) })
		}, new(func(string, int) string)),
		expr.Function("replace", func(args ...any) (any, error) {
			s, old, with := args[0].(string), args[1].(string), args[2].(string)
			n := strings.Count(s, old)
			most := -1
			if len(args) > 3 {
				if most = args[3].(int); most >= 0 {
					n = min(n, most)
				}
			}
			return checked(len(s)+n*len(with), func() string { return strings.Replace(s, old, with, most) })
		}, new(func(string, string, string) string), new(func(string, string, string, int) string)),
		expr.Function("join", func(args ...any) (any, error) {
			list, between := reflect.ValueOf(args[0]), ""
			if len(args) > 1 {
				between = args[1].(string)
			}
			words, size := make([]string, list.Len()), 0
			for i := range words {
				word, ok := list.Index(i).Interface().(string)
				if !ok {
					return nil, errors.New("join: the list holds something that is not a text")
				}
				words[i], size = word, size+len(word)+len(between)
			}
			return checked(size, func() string { return strings.Join(words, between) })
		}, new(func([]any) string), new(func([]any, string) string), new(func([]string) string), new(func([]string, string) string)),
	}
}
