package template

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Kind is what a Value is.
type Kind uint8

// The kinds of values. Outside is a value that comes from outside the
// template: an import, an attribute of a resource that is not simulated.
const (
	Null Kind = iota
	Scalar
	List
	Map
	Outside
)

// Value is a node of the template with all intrinsic functions carried out.
type Value struct {
	Node   *yaml.Node
	Kind   Kind
	Text   string // Scalar; Outside: what it is called
	Items  []*Value
	Fields []Field
}

// Field is one entry of a Map.
type Field struct {
	Name string
	Key  *yaml.Node
	*Value
}

// Get gives the field of that name, or nil where it is absent or null.
func (v *Value) Get(name string) *Value {
	if v == nil || v.Kind != Map {
		return nil
	}
	for _, f := range v.Fields {
		if f.Name == name && f.Kind != Null {
			return f.Value
		}
	}
	return nil
}

// Int reads a whole number, written as a number or as a text.
func (v *Value) Int() (int, bool) {
	if v == nil || v.Kind != Scalar {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSpace(v.Text))
	return n, err == nil
}

// Bool reads true or false, written as a switch or as a text.
func (v *Value) Bool() (value, ok bool) {
	if v == nil || v.Kind != Scalar {
		return false, false
	}
	switch strings.ToLower(v.Text) {
	case "true", "yes", "on":
		return true, true
	case "false", "no", "off":
		return false, true
	}
	return false, false
}

// String describes a value in an error.
func (v *Value) String() string {
	switch v.Kind {
	case Scalar:
		return "'" + short(v.Text) + "'"
	case List:
		return "a list"
	case Map:
		return "a map"
	case Outside:
		return v.Text
	}
	return "nothing"
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

const (
	maxDepth = 100       // of nesting, aliases counted in
	maxNodes = 1_000_000 // nodes read of one template, aliases counted as often as used
)

// Raw reads a node as it stands, without intrinsic functions.
func (t *Template) Raw(n *yaml.Node) *Value {
	t.raw = true
	defer func() { t.raw = false }()
	return t.value(n, 0)
}

// resolve carries out the intrinsic functions in a node.
func (t *Template) resolve(n *yaml.Node) *Value { return t.value(n, 0) }

func (t *Template) value(n *yaml.Node, depth int) *Value {
	t.nodes++
	if depth > maxDepth || t.nodes > maxNodes {
		if !t.tooDeep {
			t.tooDeep = true
			t.Problems.Add(n, "", "the template is nested too deeply", "at most "+strconv.Itoa(maxDepth)+" levels")
		}
		return &Value{Node: n}
	}
	if n.Kind == yaml.AliasNode {
		return t.value(n.Alias, depth+1)
	}
	if name, arg := intrinsic(n); name != "" && !t.raw {
		return t.call(n, name, arg, depth)
	}
	v := &Value{Node: n}
	switch n.Kind {
	case yaml.ScalarNode:
		if n.ShortTag() == "!!null" {
			return v
		}
		v.Kind, v.Text = Scalar, n.Value
	case yaml.SequenceNode:
		v.Kind = List
		for _, c := range n.Content {
			if item := t.value(c, depth+1); item.Kind != Null || c.ShortTag() == "!!null" {
				v.Items = append(v.Items, item)
			}
		}
	case yaml.MappingNode:
		v.Kind = Map
		t.checkKeys(n)
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			if k.Value == "<<" && n.Content[i+1].Kind == yaml.AliasNode {
				v.Fields = append(v.Fields, t.value(n.Content[i+1], depth+1).Fields...)
				continue
			}
			v.Fields = append(v.Fields, Field{Name: k.Value, Key: k, Value: t.value(n.Content[i+1], depth+1)})
		}
	}
	return v
}

// checkKeys refuses a key that stands twice in a map.
func (t *Template) checkKeys(n *yaml.Node) {
	if len(n.Content) > 40 { // long maps: by a set
		seen := make(map[string]bool, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			if seen[n.Content[i].Value] {
				t.twice(n.Content[i])
			}
			seen[n.Content[i].Value] = true
		}
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		for j := 0; j < i; j += 2 {
			if n.Content[i].Value == n.Content[j].Value && n.Content[i].Value != "<<" {
				t.twice(n.Content[i])
			}
		}
	}
}

func (t *Template) twice(k *yaml.Node) {
	t.Problems.Add(k, "", "'"+short(k.Value)+"' stands here twice", "each name once")
}

// intrinsic gives the name of the function that a node calls ("Ref",
// "Fn::Sub", …) and its argument, or "".
func intrinsic(n *yaml.Node) (string, *yaml.Node) {
	if tag := n.Tag; strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") {
		if tag == "!Ref" || tag == "!Condition" {
			return tag[1:], n
		}
		return "Fn::" + tag[1:], n
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 {
		if k := n.Content[0].Value; k == "Ref" || strings.HasPrefix(k, "Fn::") {
			return k, n.Content[1]
		}
	}
	return "", nil
}

// plain is a node without the tag of a short intrinsic, to be read as what it
// holds.
func plain(n *yaml.Node) *yaml.Node {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		c := *n
		c.Tag = ""
		return &c
	}
	return n
}
