package template

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// This file judges conditions, and says which parameters they hang on.

// condition tells whether a named condition holds.
func (t *Template) condition(at *yaml.Node, name string) bool {
	if v, ok := t.conditions[name]; ok {
		return v
	}
	section := t.section("Conditions")
	n := child(section, name)
	switch {
	case n == nil && t.brings: // the transform's own: taken to hold
		t.conditions[name] = true
		return true
	case n == nil:
		t.missing(name, keys(section))
		t.Problems.Add(at, "", "there is no condition "+short(name), OneOf(name, keys(section)))
	case t.asking[name]:
		t.Problems.Add(at, "", "the condition "+short(name)+" hangs on itself", "conditions that come to an end")
	}
	if n == nil || t.asking[name] {
		t.conditions[name] = false
		return false
	}
	t.asking[name] = true
	v := t.holds(n, 0)
	delete(t.asking, name)
	t.conditions[name] = v
	return v
}

// holds judges the expression of a condition.
func (t *Template) holds(n *yaml.Node, depth int) bool {
	n = aliased(n)
	name, arg := intrinsic(n)
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 && n.Content[0].Value == "Condition" {
		name, arg = "Condition", aliased(n.Content[1])
	}
	bad := func(right string) bool {
		t.Problems.Add(n, "", "this is not a condition", right)
		return false
	}
	t.nodes++
	if name == "" || depth > maxDepth || t.nodes > maxNodes {
		return bad("Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition")
	}
	switch name {
	case "Condition":
		return t.condition(n, arg.Value)
	case "Fn::Equals":
		if arg.Kind != yaml.SequenceNode || len(arg.Content) != 2 {
			return bad("!Equals [a, b]")
		}
		x, y := t.value(arg.Content[0], depth+1), t.value(arg.Content[1], depth+1)
		return x.Kind == y.Kind && x.Text == y.Text
	case "Fn::Not":
		if arg.Kind != yaml.SequenceNode || len(arg.Content) != 1 {
			return bad("!Not [condition]")
		}
		return !t.holds(arg.Content[0], depth+1)
	case "Fn::And", "Fn::Or":
		if arg.Kind != yaml.SequenceNode || len(arg.Content) < 2 || len(arg.Content) > 10 {
			return bad("two to ten conditions")
		}
		all, some := true, false
		for _, c := range arg.Content {
			v := t.holds(c, depth+1)
			all, some = all && v, some || v
		}
		if name == "Fn::And" {
			return all
		}
		return some
	}
	return bad("Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition")
}

// switchedOff is a resource that would be, or have, an event source mapping, and is not
// built; nil where there is none.
func (t *Template) switchedOff() *Resource {
	for _, r := range t.order {
		if !r.absent {
			continue
		}
		switch r.Type {
		case "AWS::Lambda::EventSourceMapping":
			return r
		case "AWS::Serverless::Function":
			events := child(child(r.Node, "Properties"), "Events")
			for _, name := range keys(events) {
				if kind := child(child(events, name), "Type"); kind != nil && slices.Contains([]string{"Kinesis", "DynamoDB", "SQS"}, kind.Value) {
					return r
				}
			}
		}
	}
	return nil
}

// switchesOn says which parameters a condition asks for, and how they are given.
func (t *Template) switchesOn(condition string) string {
	if names := t.parametersOf(child(t.section("Conditions"), condition)); len(names) > 0 {
		return given(names) + " may switch it on"
	}
	return "another condition: this one never holds"
}

// Enables says how a mapping that is switched off is switched on: by the parameters that its
// Enabled asks for, or by itself.
func (t *Template) Enables(mapping string) string {
	if p := t.propertiesOf(mapping); p != nil {
		if names := t.parametersOf(child(p.Node, "Enabled")); len(names) > 0 {
			return given(names) + " may do that"
		}
	}
	return "--set " + mapping + ".Enabled=true does that"
}

// given are parameters as they are given on the command line.
func given(names []string) string {
	for i, name := range names {
		names[i] = "--param " + name + "=…"
	}
	return strings.Join(names, " ")
}

// parametersOf are the parameters that a node asks for, itself or by its conditions.
func (t *Template) parametersOf(n *yaml.Node) []string {
	var names []string
	seen := map[string]bool{}
	var walk func(n *yaml.Node, depth int)
	ask := func(name string) {
		if !seen[name] {
			seen[name] = true
			walk(child(t.section("Conditions"), name), 0)
		}
	}
	walk = func(n *yaml.Node, depth int) {
		if n == nil || depth > maxDepth {
			return
		}
		n = aliased(n)
		switch name, arg := intrinsic(n); {
		case name == "Ref" && arg.Kind == yaml.ScalarNode:
			if !slices.Contains(names, arg.Value) {
				names = append(names, arg.Value)
			}
			return
		case name == "Condition" && arg.Kind == yaml.ScalarNode:
			ask(arg.Value)
			return
		case name == "Fn::If" && arg.Kind == yaml.SequenceNode && len(arg.Content) > 0:
			ask(aliased(arg.Content[0]).Value)
		case n.Kind == yaml.MappingNode && len(n.Content) == 2 && n.Content[0].Value == "Condition":
			ask(n.Content[1].Value)
			return
		}
		for _, c := range n.Content {
			walk(c, depth+1)
		}
	}
	walk(n, 0)
	return names
}
