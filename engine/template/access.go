package template

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// This file is what others ask a template that was read: its resources, their properties,
// and where each is written.

// Resources lists the resources of some types that are built, in the order of the file; no
// types: all.
func (t *Template) Resources(types ...string) []*Resource {
	var out []*Resource
	for _, r := range t.order {
		if !r.absent && (len(types) == 0 || slices.Contains(types, r.Type)) {
			out = append(out, r)
		}
	}
	return out
}

// Property is a property of a resource, or a parameter of a mapping; nil where it has none.
func (t *Template) Property(id string, path ...string) *Value {
	v := t.propertiesOf(id)
	for _, name := range path {
		v = v.Get(name)
	}
	return v
}

// Path is where the parameters of a mapping stand in the template: those of a resource, or
// of an event of a SAM function.
func (t *Template) Path(id, function string) []string {
	if t.byID[id] != nil {
		return []string{"Resources", id, "Properties"}
	}
	return []string{"Resources", function, "Properties", "Events", strings.TrimPrefix(id, function), "Properties"}
}

// Inside is the resource in whose lines a line of the file stands, "" where it is none.
// Comment lines right before a resource are its own.
func (t *Template) Inside(line int) string {
	n := t.section("Resources")
	if n == nil || n.Kind != yaml.MappingNode {
		return ""
	}
	in := ""
	for i := 0; i+1 < len(n.Content); i += 2 {
		first := n.Content[i].Line
		if c := strings.TrimSpace(n.Content[i].HeadComment); c != "" {
			first -= strings.Count(c, "\n") + 1
		}
		if first > line {
			break
		}
		in = n.Content[i].Value
	}
	for i := 0; i+1 < len(t.Root.Content); i += 2 { // a section behind the resources
		if at := t.Root.Content[i].Line; at > n.Line && at <= line {
			return ""
		}
	}
	return in
}

// Grants tells whether the policies of a function's role allow an action on a resource by
// its ARN, not by allowing it on everything; named: they name it, and not only the whole
// service.
func (t *Template) Grants(function, action, arn string) (granted, named bool) {
	who := t.principalOf(function)
	if who == nil {
		return false, false
	}
	for i := range who.statements {
		s := &who.statements[i]
		if s.Deny || s.NotAction || s.NotResource || !slices.Contains(s.Resources, arn) {
			continue
		}
		for _, a := range s.Actions {
			before, wild := strings.CutSuffix(a, "*")
			if strings.EqualFold(a, action) || wild && len(action) >= len(before) && strings.EqualFold(action[:len(before)], before) {
				granted, named = true, named || before != "" && !strings.HasSuffix(before, ":")
			}
		}
	}
	return granted, named
}

// Asset is the folder of a function's code beside the template: its CodeUri or Code, or
// what the CDK notes of an asset; "" where the code is elsewhere.
func (t *Template) Asset(function string) string {
	r := t.byID[function]
	if r == nil {
		return ""
	}
	if n := child(child(r.Node, "Metadata"), "aws:asset:path"); n != nil && n.Kind == yaml.ScalarNode {
		return n.Value
	}
	p := t.properties(r)
	for _, name := range []string{"CodeUri", "Code"} {
		if uri := p.Get(name).text(); uri != "" && !strings.Contains(uri, "://") {
			return uri
		}
	}
	if n := child(child(t.section("Globals"), "Function"), "CodeUri"); n != nil && p.Get("InlineCode") == nil && p.Get("CodeUri") == nil && n.Kind == yaml.ScalarNode && !strings.Contains(n.Value, "://") {
		return n.Value
	}
	return ""
}
