package query

import (
	"sort"

	"github.com/expr-lang/expr/ast"
)

// recent shortens the lists that an expression goes through where only their newest part
// can count: in `filter(events("return"), .at > t - 20)` that of the last 20 seconds. A
// goal is asked at each instant of a run, and a run has many events.
type recent struct{}

// narrowed are the functions for which an element that its predicate refuses might as well
// not be there.
var narrowed = map[string]bool{"filter": true, "count": true, "any": true, "none": true, "one": true, "find": true, "findLast": true}

// since are the functions of env that shorten a list, by the function that gives it.
var since = map[string]string{"events": "__events_since", "invocations": "__invocations_since"}

func (recent) Visit(node *ast.Node) {
	n, ok := (*node).(*ast.BuiltinNode)
	if !ok || !narrowed[n.Name] || len(n.Arguments) != 2 {
		return
	}
	p, ok := n.Arguments[1].(*ast.PredicateNode)
	list, called := n.Arguments[0].(*ast.CallNode)
	if !ok || !called {
		return
	}
	name, ok := list.Callee.(*ast.IdentifierNode)
	if !ok || since[name.Value] == "" {
		return
	}
	if from := after(p.Node); from != nil {
		from = &ast.BinaryNode{Operator: "+", Left: from, Right: &ast.FloatNode{Value: 0}} // a whole number too
		n.Arguments[0] = &ast.CallNode{Callee: &ast.IdentifierNode{Value: since[name.Value]}, Arguments: []ast.Node{list, from}}
	}
}

// after gives what the instant of each element must be after for the predicate to be true;
// nil: there is no such bound, or it is not the same for all.
func after(n ast.Node) ast.Node {
	b, ok := n.(*ast.BinaryNode)
	if !ok {
		return nil
	}
	switch b.Operator {
	case "&&", "and":
		if from := after(b.Left); from != nil {
			return from
		}
		return after(b.Right)
	case ">", ">=":
		if isAt(b.Left) && fixed(b.Right) {
			return b.Right
		}
	case "<", "<=":
		if isAt(b.Right) && fixed(b.Left) {
			return b.Left
		}
	}
	return nil
}

// isAt reports whether a node is the instant of a list's element: .at.
func isAt(n ast.Node) bool {
	m, ok := n.(*ast.MemberNode)
	if !ok {
		return false
	}
	of, ok := m.Node.(*ast.PointerNode)
	field, named := m.Property.(*ast.StringNode)
	return ok && of.Name == "" && named && field.Value == "at"
}

// fixed reports whether a node is a number that does not hang on the element.
func fixed(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return true
	case *ast.IdentifierNode:
		return n.Value == "t"
	case *ast.BinaryNode:
		return (n.Operator == "+" || n.Operator == "-" || n.Operator == "*") && fixed(n.Left) && fixed(n.Right)
	}
	return false
}

// eventsSince are the events from an instant on, of a list in the order of time.
func eventsSince(list []*Event, at float64) []*Event {
	return list[sort.Search(len(list), func(i int) bool { return list[i].At >= at }):]
}

// invocationsSince are the invocations that began at an instant or later.
func invocationsSince(list []*Invocation, at float64) []*Invocation {
	return list[sort.Search(len(list), func(i int) bool { return list[i].At >= at }):]
}
