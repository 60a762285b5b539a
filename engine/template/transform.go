package template

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// This file carries out Fn::ForEach, and knows which other transforms change a
// template in ways that esmlab does not see.

const (
	languageExtensions = "AWS::LanguageExtensions"
	forEach            = "Fn::ForEach::"
)

// carriedOut are the transforms whose work esmlab does itself.
var carriedOut = []string{"AWS::Serverless-2016-10-31", languageExtensions}

// macros finds the transforms of the template, and notes those that are not carried
// out. What they bring is not known: names that the template has not are theirs.
func (t *Template) macros() {
	n := t.section("Transform")
	list := []*yaml.Node{n}
	if n != nil && n.Kind == yaml.SequenceNode {
		list = n.Content
	}
	for _, n := range list {
		if n == nil {
			continue
		}
		n = aliased(n)
		name := n.Value
		if inner := child(n, "Name"); inner != nil {
			name = inner.Value
		}
		if name == languageExtensions {
			t.extended = true
		}
		if near := slipOf(name, carriedOut, 2); near != "" && near != name {
			t.Problems.Add(n, "", "there is no transform "+short(name), "did you mean "+near+"?")
		} else if name != "" && near == "" {
			t.foreign("Transform "+name, child(n, "Parameters"))
		}
	}
	for _, name := range []string{"Resources", "Conditions", "Mappings", "Parameters"} {
		if inner := child(t.section(name), "Fn::Transform"); inner != nil {
			t.foreign("Fn::Transform "+textOf(child(inner, "Name"))+" in "+name, child(inner, "Parameters"))
		}
	}
}

// foreign notes a transform that is not carried out.
func (t *Template) foreign(what string, params *yaml.Node) {
	t.brings = true
	if at := textOf(child(params, "Location")); at != "" {
		what += " of " + short(at)
	}
	t.Note(what + " is not carried out: what it brings is left alone")
}

func textOf(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// loops carries out Fn::ForEach wherever it stands below Conditions and Resources. The
// nodes that it makes stand where the loop's body does.
func (t *Template) loops() {
	if !t.extended {
		return
	}
	root := *t.Root
	root.Content = slices.Clone(t.Root.Content)
	for i := 0; i+1 < len(root.Content); i += 2 {
		if name := root.Content[i].Value; name == "Conditions" || name == "Resources" {
			root.Content[i+1] = t.unrolled(aliased(root.Content[i+1]), nil, 0)
		}
	}
	t.Root = &root
}

// turn is one round of a loop: what its identifier stands for.
type turn struct {
	name, value string
	outer       *turn
}

// unrolled copies a node with the loops in it carried out, and with the identifiers of
// the loops around it replaced.
func (t *Template) unrolled(n *yaml.Node, in *turn, depth int) *yaml.Node {
	t.nodes++
	if depth > maxDepth || t.nodes > maxNodes {
		t.tooLarge(n)
		return n
	}
	switch n.Kind {
	case yaml.AliasNode:
		return t.unrolled(n.Alias, in, depth+1)
	case yaml.ScalarNode:
		if in == nil {
			return n
		}
		out := *n
		if out.Value = in.replaced(n.Value); n.Tag == "!Ref" {
			if value, is := in.of(n.Value); is {
				out.Tag, out.Value = "!!str", value
			}
		}
		return &out
	}
	if name, arg := intrinsic(n); name == "Ref" && arg.Kind == yaml.ScalarNode {
		if value, is := in.of(arg.Value); is {
			return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: n.Line, Column: n.Column}
		}
	}
	out := *n
	out.Content = nil
	for i := 0; i < len(n.Content); i++ {
		if n.Kind != yaml.MappingNode || i+1 >= len(n.Content) || !strings.HasPrefix(n.Content[i].Value, forEach) {
			out.Content = append(out.Content, t.unrolled(n.Content[i], in, depth+1))
			continue
		}
		out.Content = append(out.Content, t.loop(n.Content[i], aliased(n.Content[i+1]), in, depth+1)...)
		i++
	}
	return &out
}

// loop gives the names and values that one Fn::ForEach makes.
func (t *Template) loop(key, n *yaml.Node, in *turn, depth int) (out []*yaml.Node) {
	const right = `[Name, [Boxes, Bills], {"${Name}Queue": {…}}]`
	if n.Kind != yaml.SequenceNode || len(n.Content) != 3 || aliased(n.Content[0]).Kind != yaml.ScalarNode || aliased(n.Content[2]).Kind != yaml.MappingNode {
		t.Problems.Add(key, "ValidationError", "Template error: "+short(key.Value)+" is not written right", right)
		return nil
	}
	over := t.resolve(t.unrolled(n.Content[1], in, depth))
	if over.Kind == Outside {
		t.Note(short(key.Value) + " is left alone: what it goes over comes from outside the template (" + short(over.Text) + ")")
		t.brings = true
		return nil
	}
	if over.Kind != List {
		t.Problems.Add(n.Content[1], "ValidationError", "Template error: the collection of "+short(key.Value)+" is "+over.String()+", not a list", right)
		return nil
	}
	body := aliased(n.Content[2])
	for _, item := range over.Items {
		if t.rounds++; t.rounds > maxResources {
			t.tooLarge(n)
			return out
		}
		if item.Kind != Scalar {
			t.Note("a round of " + short(key.Value) + " is left alone: its value comes from outside the template (" + short(item.String()) + ")")
			t.brings = true
			continue
		}
		made := t.unrolled(body, &turn{aliased(n.Content[0]).Value, item.Text, in}, depth+1)
		for i := 0; i+1 < len(made.Content); i += 2 {
			out = append(out, made.Content[i], made.Content[i+1])
		}
	}
	return out
}

// of gives what an identifier stands for.
func (in *turn) of(name string) (string, bool) {
	for ; in != nil; in = in.outer {
		if in.name == name {
			return in.value, true
		}
	}
	return "", false
}

// replaced puts values in the place of identifiers: ${Name}, and &{Name}, which leaves
// letters and digits only.
func (in *turn) replaced(s string) string {
	for ; in != nil && strings.Contains(s, "{"); in = in.outer {
		s = strings.ReplaceAll(s, "${"+in.name+"}", in.value)
		if strings.Contains(s, "&{") {
			s = strings.ReplaceAll(s, "&{"+in.name+"}", alphanumerics(in.value))
		}
	}
	return s
}

func alphanumerics(s string) string {
	return strings.Map(func(r rune) rune {
		if isAlphanumeric(string(r)) {
			return r
		}
		return -1
	}, s)
}

// tooLarge refuses, once, a template that is nested too deeply or too large.
func (t *Template) tooLarge(n *yaml.Node) {
	if !t.tooDeep {
		t.tooDeep = true
		t.Problems.Add(n, "", "the template is nested too deeply, or too large", "at most "+strconv.Itoa(maxDepth)+" levels, and "+strconv.Itoa(maxNodes)+" values with aliases counted as often as they stand")
	}
}
