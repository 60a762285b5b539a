package template

import (
	"slices"
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
	split  bool // Outside: parts of one text, not a list
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

// text is a scalar's text, "" of anything else.
func (v *Value) text() string {
	if v == nil || v.Kind != Scalar {
		return ""
	}
	return v.Text
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
		t.tooLarge(n)
		return &Value{Node: n}
	}
	if n.Kind == yaml.AliasNode {
		return t.value(n.Alias, depth+1)
	}
	if name, arg := intrinsic(n); name != "" && !t.raw {
		return t.call(n, name, arg, depth)
	}
	if t.raw && tagged(n) {
		t.Problems.Add(n, "", n.Tag+" means nothing in Metadata.esmlab: nothing is carried out there", "the value itself")
	}
	v := &Value{Node: n}
	switch n.Kind {
	case yaml.ScalarNode:
		if n.ShortTag() == "!!null" {
			return v
		}
		if v.Kind, v.Text = Scalar, n.Value; !t.raw {
			v = scalar(n, n.Value)
		}
	case yaml.SequenceNode:
		v.Kind = List
		for _, c := range n.Content {
			if item := t.value(c, depth+1); item.Kind != Null || c.ShortTag() == "!!null" {
				v.Items = append(v.Items, item)
			}
		}
	case yaml.MappingNode:
		v.Kind = Map
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			if k.Value == "<<" && n.Content[i+1].Kind == yaml.AliasNode {
				v.Fields = append(v.Fields, t.value(n.Content[i+1], depth+1).Fields...)
				continue
			}
			if part := aliased(n.Content[i+1]); t.raw && k.Value == "deploy" && part.Kind == yaml.MappingNode {
				v.Fields = append(v.Fields, Field{Name: k.Value, Key: k, Value: &Value{Node: part, Kind: Map}}) // a part of a template, to be merged
				continue
			}
			if k.Value == "Fn::Transform" && !t.raw { // beside others: it would bring more of them
				t.call(n, k.Value, aliased(n.Content[i+1]), depth)
				continue
			}
			v.Fields = append(v.Fields, Field{Name: k.Value, Key: k, Value: t.value(n.Content[i+1], depth+1)})
		}
	}
	return v
}

// checkKeys looks at the names in all maps of a tree. In Metadata.esmlab none may stand
// twice; elsewhere the last one counts, and the others are taken out. within is how far
// down the path Metadata, esmlab the node is: 0 at the top, 2 inside, else -1.
func (p *Problems) checkKeys(n *yaml.Node, within int) {
	if n.Kind == yaml.MappingNode {
		first := make(map[string]int, len(n.Content)/2)
		var gone []int
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			before, twice := first[k.Value]
			switch {
			case k.Kind != yaml.ScalarNode && k.Kind != yaml.AliasNode:
				p.Add(k, "", "a name in a map is a text", "name: value")
			case twice && k.Value != "<<" && within == 2:
				p.Add(k, "", "'"+short(k.Value)+"' stands here twice, first in line "+strconv.Itoa(n.Content[before].Line), "each name once")
			case twice && k.Value != "<<":
				p.Doubled = append(p.Doubled, DoubledName{n.Content[before], k})
				gone = append(gone, before)
				first[k.Value] = i
			default:
				first[k.Value] = i
			}
		}
		slices.Sort(gone)
		for _, i := range slices.Backward(gone) {
			n.Content = slices.Delete(n.Content, i, i+2)
		}
	}
	for i, c := range n.Content {
		inside := within
		if within < 2 && n.Kind == yaml.MappingNode {
			if inside = -1; within >= 0 && i%2 == 1 && n.Content[i-1].Value == [...]string{"Metadata", "esmlab"}[within] {
				inside = within + 1
			}
		}
		p.checkKeys(c, inside)
	}
}

// tagged tells whether a node has the tag of a short intrinsic, as !Sub.
func tagged(n *yaml.Node) bool {
	return strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!")
}

// intrinsic gives the name of the function that a node calls ("Ref",
// "Fn::Sub", …) and its argument, or "".
func intrinsic(n *yaml.Node) (string, *yaml.Node) {
	if tagged(n) {
		if n.Tag == "!Ref" || n.Tag == "!Condition" {
			return n.Tag[1:], plain(n)
		}
		return "Fn::" + n.Tag[1:], plain(n)
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 {
		if k := n.Content[0].Value; k == "Ref" || strings.HasPrefix(k, "Fn::") {
			return k, aliased(n.Content[1])
		}
	}
	return "", nil
}

// plain is a node without the tag of a short intrinsic, to be read as what it
// holds.
func plain(n *yaml.Node) *yaml.Node {
	c := *n
	c.Tag = ""
	return &c
}

// aliased is the node that an alias stands for.
func aliased(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}
