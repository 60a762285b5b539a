package query

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"

	"esmlab/engine"
)

// checker reads an expression before it is compiled: the names in its calls, the
// states it compares with, and what it asks about the past.
type checker struct {
	cfg   *engine.Config
	uses  uses
	calls []call
	err   *Error
}

// Visit looks at one node of the expression.
func (c *checker) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			c.call(id.Value, n)
			if id.Value == "record" {
				c.uses.records++
			}
		}
	case *ast.MemberNode:
		if p, ok := n.Property.(*ast.StringNode); ok {
			c.uses.event = c.uses.event || p.Value == "event"
			if call, ok := n.Node.(*ast.CallNode); ok && p.Value == "state" && call.Callee.String() == "record" {
				c.uses.states++
			}
		}
		c.seen(n)
	case *ast.BinaryNode:
		c.compare(n)
	}
}

// seen keeps the longest chain of a call and the fields read from it, for Saw.
func (c *checker) seen(n ast.Node) {
	root := n
	for {
		m, ok := root.(*ast.MemberNode)
		if !ok {
			break
		}
		root = m.Node
	}
	if call, ok := root.(*ast.CallNode); !ok || !known(call) {
		return
	}
	text := n.String()
	c.calls = slices.DeleteFunc(c.calls, func(t call) bool { return strings.HasPrefix(text, t.text) })
	c.calls = append(c.calls, call{text: text, root: root.String()})
}

var functions = []string{"record", "stream", "iterator", "queue", "function", "effect", "mapping", "destination", "front", "invocations", "discards", "events", "alarm"}

func known(n *ast.CallNode) bool {
	id, ok := n.Callee.(*ast.IdentifierNode)
	return ok && slices.Contains(functions, id.Value)
}

func (c *checker) call(name string, n *ast.CallNode) {
	if !known(n) {
		return
	}
	c.seen(n)
	arg := func(i int) (*ast.StringNode, bool) {
		if i >= len(n.Arguments) {
			return nil, false
		}
		s, ok := n.Arguments[i].(*ast.StringNode)
		return s, ok
	}
	first, ok := arg(0)
	if name == "invocations" {
		c.uses.invocations = true
	}
	if !ok { // a computed name is looked up when the question is evaluated
		if name == "events" {
			c.uses.kinds = append(c.uses.kinds, engine.KindNames[:]...)
		}
		return
	}
	switch name {
	case "record":
		second, _ := arg(1)
		c.record(first, second)
	case "stream":
		c.oneOf(first, "stream", ids(c.cfg.Streams, func(x engine.StreamConfig) string { return x.ID }))
	case "iterator":
		c.mapping(first)
		for _, m := range c.cfg.Mappings {
			if m.ID == first.Value && slices.ContainsFunc(c.cfg.Queues, func(q engine.QueueConfig) bool { return q.ID == m.Source }) {
				c.refuse(first, m.ID+" reads a queue: it has no iterator", `queue("`+m.Source+`") or mapping("`+m.ID+`")`)
			}
		}
		if len(n.Arguments) > 1 {
			if minus, ok := n.Arguments[1].(*ast.UnaryNode); ok && minus.Operator == "-" {
				c.refuse(minus, "there is no shard "+minus.String(), "a number from 0")
			}
		}
	case "mapping", "discards":
		c.mapping(first)
	case "destination":
		names := ids(c.cfg.Queues, func(x engine.QueueConfig) string { return x.ID })
		c.oneOf(first, "destination", append(names, ids(c.cfg.Targets, func(x engine.TargetConfig) string { return x.ID })...))
	case "front":
		c.oneOf(first, "topic, bucket or rule in front of a queue", ids(c.cfg.Fronts, func(x engine.FrontConfig) string { return x.ID }))
	case "queue":
		c.oneOf(first, "queue", ids(c.cfg.Queues, func(x engine.QueueConfig) string { return x.ID }))
	case "effect":
		c.effect(first, n)
	case "function", "invocations":
		c.oneOf(first, "function", ids(c.cfg.Functions, func(x engine.FunctionConfig) string { return x.ID }))
	case "events":
		c.oneOf(first, "kind of event", engine.KindNames[:])
		c.uses.kinds = append(c.uses.kinds, first.Value)
	}
}

func ids[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = id(x)
	}
	return out
}

func (c *checker) mapping(n *ast.StringNode) {
	c.oneOf(n, "mapping", ids(c.cfg.Mappings, func(x engine.MappingConfig) string { return x.ID }))
}

// record checks a record's label, and that it is clear which mapping is meant.
func (c *checker) record(label, mapping *ast.StringNode) {
	source, num, ok := strings.Cut(label.Value, "#")
	if n, err := strconv.Atoi(num); !ok || err != nil || n < 1 {
		c.refuse(label, strconv.Quote(label.Value)+" is not a record", `a source and a number from 1, as "Orders#6"`)
		return
	}
	queues := ids(c.cfg.Queues, func(x engine.QueueConfig) string { return x.ID })
	sources := append(ids(c.cfg.Streams, func(x engine.StreamConfig) string { return x.ID }), queues...)
	if !slices.Contains(sources, source) {
		c.oneOf(&ast.StringNode{Value: source}, "stream or queue", sources)
		if c.err != nil {
			c.err.Column = label.Location().From
		}
		return
	}
	var readers []string
	for _, m := range c.cfg.Mappings {
		if m.Source == source {
			readers = append(readers, m.ID)
		}
	}
	switch {
	case mapping != nil:
		c.oneOf(mapping, "mapping of "+source, readers)
	case len(readers) > 1 && !slices.Contains(queues, source): // a message has one state for all
		c.refuse(label, source+" has several mappings: say which one's state is meant", `as record("`+label.Value+`", "`+readers[0]+`")`)
	}
}

// effect checks what a function's handler is asked for: one of the services that it
// calls, or of where it sends.
func (c *checker) effect(function *ast.StringNode, n *ast.CallNode) {
	c.oneOf(function, "function", ids(c.cfg.Functions, func(x engine.FunctionConfig) string { return x.ID }))
	if len(n.Arguments) < 2 {
		return
	}
	to, ok := n.Arguments[1].(*ast.StringNode)
	if !ok {
		return
	}
	var names []string
	for _, f := range c.cfg.Functions {
		for _, a := range f.Handler.Does {
			if f.ID == function.Value && a.To != "" {
				names = append(names, a.To)
			}
		}
	}
	c.oneOf(to, "service that "+function.Value+" calls or sends to", names)
}

func (c *checker) oneOf(n *ast.StringNode, what string, names []string) {
	if slices.Contains(names, n.Value) {
		return
	}
	right := "there is none"
	if len(names) > 0 {
		sorted := slices.Sorted(slices.Values(names))
		right = "one of " + strings.Join(sorted, ", ")
	}
	c.refuse(n, strconv.Quote(n.Value)+" is not a "+what+" of this run", right)
}

// compare checks the words that a state is compared with.
func (c *checker) compare(n *ast.BinaryNode) {
	if n.Operator != "==" && n.Operator != "!=" && n.Operator != "in" {
		return
	}
	for _, side := range [][2]ast.Node{{n.Left, n.Right}, {n.Right, n.Left}} {
		m, ok := side[0].(*ast.MemberNode)
		if !ok {
			continue
		}
		if p, ok := m.Property.(*ast.StringNode); !ok || p.Value != "state" {
			continue
		}
		var words []string
		switch m.Node.Type() {
		case reflect.TypeFor[Record]():
			words = States
		case reflect.TypeFor[Mapping]():
			words = engine.MappingStates[:]
		default:
			continue
		}
		values := []ast.Node{side[1]}
		if list, ok := side[1].(*ast.ArrayNode); ok {
			values = list.Nodes
		}
		for _, v := range values {
			if s, ok := v.(*ast.StringNode); ok {
				c.state(s, words)
			}
		}
	}
}

// States are all states that a record or a message can be in.
var States = []string{"", "waiting", "batched", "running", "retrying", "hidden", "delayed", "done", "filtered", "missed", "discarded",
	"expired", "dead", "deduplicated", "unchanged", "rejected", "purged"}

func (c *checker) state(s *ast.StringNode, words []string) {
	if !slices.Contains(words, s.Value) {
		c.refuse(s, strconv.Quote(s.Value)+" is not a state", "one of "+strings.TrimPrefix(strings.Join(words, ", "), ", "))
	}
}

// refuse keeps the first error.
func (c *checker) refuse(n ast.Node, message, right string) {
	if c.err == nil {
		c.err = &Error{Column: n.Location().From, Message: message, Right: right}
	}
}
