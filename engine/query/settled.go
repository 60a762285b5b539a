package query

import (
	"slices"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Settled tells whether a question's answer is now what it will be whatever comes: what
// only grows has passed a number, or a record is in a state that it does not leave. It
// looks at that only: false means that nothing is known.
func (q *Query) Settled(w *World) (answer, settled bool) {
	tree, err := parser.Parse(q.Text)
	if err != nil { // it was compiled before
		return false, false
	}
	s := settler{w}
	yes, no := s.of(tree.Node)
	return yes, yes || no
}

// settler finds out what is settled in a world.
type settler struct{ w *World }

// of reports whether a node is true, or false, from now on.
func (s settler) of(n ast.Node) (yes, no bool) {
	switch n := n.(type) {
	case *ast.VariableDeclaratorNode:
		ast.Walk(&n.Expr, named{n.Name, n.Value})
		return s.of(n.Expr)
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			yes, no := s.of(n.Node)
			return no, yes
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "&&", "and":
			ly, ln := s.of(n.Left)
			ry, rn := s.of(n.Right)
			return ly && ry, ln || rn
		case "||", "or":
			ly, ln := s.of(n.Left)
			ry, rn := s.of(n.Right)
			return ly || ry, ln && rn
		}
		return s.compared(n)
	case *ast.BuiltinNode:
		if len(n.Arguments) == 2 && lasting(n.Arguments[0], n.Arguments[1]) {
			v, _ := s.value(n).(bool)
			switch n.Name {
			case "any":
				return v, false
			case "all", "none":
				return false, !v
			}
		}
	}
	return false, false
}

// compared is about a comparison with a number or a word.
func (s settler) compared(n *ast.BinaryNode) (yes, no bool) {
	left, op, right := n.Left, n.Operator, n.Right
	if mirrored, ok := map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}[op]; ok && constant(left) {
		left, op, right = right, mirrored, left
	}
	if m, ok := left.(*ast.MemberNode); ok && property(m) == "state" && calls(m.Node, "record") {
		state, _ := s.value(left).(string)
		if !slices.Contains(finalStates, state) {
			return false, false
		}
		v, _ := s.value(n).(bool)
		return v, !v
	}
	if !constant(right) || !grows(left) {
		return false, false
	}
	now, ok := number(s.value(left))
	than, is := number(s.value(right))
	if !ok || !is {
		return false, false
	}
	switch op {
	case "<":
		return false, now >= than
	case "<=":
		return false, now > than
	case "==":
		return false, now > than
	case ">":
		return now > than, false
	case ">=":
		return now >= than, false
	case "!=":
		return now > than, false
	}
	return false, false
}

// finalStates are the states that a record does not leave.
var finalStates = []string{"done", "filtered", "discarded", "expired", "deduplicated", "unchanged", "rejected", "purged"}

// growing are the fields of what a call gives that only grow.
var growing = map[string][]string{
	"stream":      {"put", "rejected", "expired"},
	"queue":       {"sent", "deleted", "expired", "moved"},
	"function":    {"invocations", "errors", "timeouts", "throttles", "peak", "cold_starts", "destination_failures"},
	"effect":      {"done", "twice", "again"},
	"record":      {"deliveries", "failures", "receives"},
	"destination": {"delivered", "failed"},
	"front":       {"published", "sent", "filtered", "dead", "lost", "retried"},
	"mapping": {"PolledEventCount", "FilteredOutEventCount", "InvokedEventCount", "FailedInvokeEventCount", "DeletedEventCount",
		"DroppedEventCount", "OnFailureDestinationDeliveredEventCount"},
}

// grows reports whether a number never becomes smaller.
func grows(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value == "t"
	case *ast.MemberNode:
		for name, fields := range growing {
			if calls(n.Node, name) {
				return slices.Contains(fields, property(n))
			}
		}
	case *ast.BinaryNode:
		return n.Operator == "+" && (grows(n.Left) || constant(n.Left)) && (grows(n.Right) || constant(n.Right))
	case *ast.BuiltinNode:
		switch {
		case n.Name == "len" && len(n.Arguments) == 1:
			return history(n.Arguments[0])
		case n.Name == "count" && len(n.Arguments) == 2:
			return lasting(n.Arguments[0], n.Arguments[1])
		}
	}
	return false
}

// named puts what a name stands for in its place.
type named struct {
	name  string
	value ast.Node
}

func (v named) Visit(node *ast.Node) {
	if id, ok := (*node).(*ast.IdentifierNode); ok && id.Value == v.name {
		*node = v.value
	}
}

// history reports whether a node is a list that things are only added to.
func history(n ast.Node) bool {
	if f, ok := n.(*ast.BuiltinNode); ok && f.Name == "filter" && len(f.Arguments) == 2 {
		return lasting(f.Arguments[0], f.Arguments[1])
	}
	return calls(n, "events") || calls(n, "discards") || calls(n, "invocations")
}

// lasting reports whether a predicate has one answer for each element of a list of what
// has happened: that of a call changes when it returns.
func lasting(list, predicate ast.Node) bool {
	p, ok := predicate.(*ast.PredicateNode)
	if !ok || !history(list) {
		return false
	}
	f := &fixedParts{ok: true}
	ast.Walk(&p.Node, f)
	for {
		inner, ok := list.(*ast.BuiltinNode)
		if !ok {
			break
		}
		list = inner.Arguments[0] // it is a filter
	}
	return f.ok && !(calls(list, "invocations") && f.outcome)
}

// fixedParts looks for what in a predicate may change with time.
type fixedParts struct{ ok, outcome bool }

func (f *fixedParts) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		f.ok = f.ok && n.Value != "t"
	case *ast.CallNode:
		f.ok = f.ok && !known(n)
	case *ast.MemberNode:
		f.outcome = f.outcome || property(n) == "outcome" || property(n) == "took"
	}
}

func calls(n ast.Node, name string) bool {
	c, ok := n.(*ast.CallNode)
	if !ok {
		return false
	}
	id, ok := c.Callee.(*ast.IdentifierNode)
	return ok && id.Value == name
}

func property(m *ast.MemberNode) string {
	if p, ok := m.Property.(*ast.StringNode); ok {
		return p.Value
	}
	return ""
}

func constant(n ast.Node) bool {
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.StringNode:
		return true
	}
	return false
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// value is what a part of the question gives now; nil: it has no value.
func (s settler) value(n ast.Node) any {
	p, err := expr.Compile(n.String(), append(options(), expr.Patch(bodies{}), expr.Patch(&limiter{}))...)
	if err != nil {
		return nil
	}
	v, err := run(p, s.w)
	if err != nil {
		return nil
	}
	return v
}
