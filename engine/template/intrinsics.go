package template

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// functions are the intrinsic functions that are carried out.
var functions = []string{"Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::FindInMap", "Fn::If",
	"Fn::ImportValue", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Length", "Fn::ToJsonString"}

// call carries out an intrinsic function.
func (t *Template) call(n *yaml.Node, name string, arg *yaml.Node, depth int) *Value {
	bad := func(right string) *Value {
		t.Problems.Add(n, "", name+" is not written right", right)
		return &Value{Node: n, Kind: Outside, Text: name}
	}
	text := func(s string) *Value { return scalar(n, s) }
	outside := func(what string) *Value { return &Value{Node: n, Kind: Outside, Text: what} }
	args := func() []*Value {
		v := t.value(arg, depth+1)
		if v.Kind == List {
			return v.Items
		}
		return []*Value{v}
	}
	switch name {
	case "Ref":
		if arg.Kind != yaml.ScalarNode {
			if v := t.value(arg, depth+1); t.extended && v.Kind == Scalar {
				return t.ref(n, v.Text)
			}
			return bad("!Ref Orders")
		}
		return t.ref(n, arg.Value)
	case "Fn::GetAtt":
		id, attr := "", ""
		if arg.Kind == yaml.ScalarNode {
			id, attr, _ = strings.Cut(arg.Value, ".")
		} else if v := t.value(arg, depth+1); v.Kind == List && len(v.Items) == 2 {
			id, attr = v.Items[0].Text, v.Items[1].Text
		}
		if id == "" || attr == "" {
			return bad("!GetAtt Orders.Arn")
		}
		return t.getAtt(n, id, attr)
	case "Fn::Sub":
		return t.sub(n, arg, depth)
	case "Fn::Join":
		a := args()
		if len(a) != 2 || a[0].Kind != Scalar || a[1].Kind != List && a[1].Kind != Outside {
			return bad(`!Join [":", [a, b]]`)
		}
		if a[1].Kind == Outside {
			return outside(a[1].Text)
		}
		parts, known := texts(a[1].Items), true
		for i, item := range a[1].Items {
			if item.Kind == Outside {
				parts[i], known = unknown(item.Text), false
			}
		}
		switch {
		case !known && len(parts) == 1:
			return outside(a[1].Items[0].Text)
		case !known:
			return outside(strings.Join(parts, a[0].Text))
		}
		return text(strings.Join(parts, a[0].Text))
	case "Fn::Split":
		a := args()
		if len(a) != 2 || a[0].Text == "" || a[1].Kind != Scalar && a[1].Kind != Outside {
			return bad(`!Split [",", "a,b"]`)
		}
		if a[1].Kind == Outside {
			return &Value{Node: n, Kind: Outside, Text: a[1].Text, split: a[0].Text != ","}
		}
		v := &Value{Node: n, Kind: List}
		for _, s := range strings.Split(a[1].Text, a[0].Text) {
			v.Items = append(v.Items, text(s))
		}
		return v
	case "Fn::Select":
		a := args()
		if len(a) != 2 {
			return bad("!Select [0, [a, b]]")
		}
		if a[1].Kind == Outside {
			if i, ok := a[0].Int(); ok && !a[1].split { // of a list, not a part of an ARN
				return outside(a[1].Text + "[" + strconv.Itoa(i) + "]")
			}
			return a[1]
		}
		i, ok := a[0].Int()
		if !ok || i < 0 || i >= len(a[1].Items) {
			return bad("!Select [0, [a, b]], with an index that the list has: it holds " + strconv.Itoa(len(a[1].Items)))
		}
		return a[1].Items[i]
	case "Fn::FindInMap":
		return t.findInMap(n, args())
	case "Fn::If":
		if arg.Kind != yaml.SequenceNode || len(arg.Content) != 3 {
			return bad("!If [Condition, then, else]")
		}
		c := aliased(arg.Content[0])
		if t.condition(c, c.Value) {
			return t.value(arg.Content[1], depth+1)
		}
		return t.value(arg.Content[2], depth+1)
	case "Fn::ImportValue":
		return outside("Fn::ImportValue " + strings.Join(texts(args()), " "))
	case "Fn::Length":
		if v := t.value(arg, depth+1); v.Kind == List {
			return text(strconv.Itoa(len(v.Items)))
		}
		return outside(name)
	case "Fn::ToJsonString":
		if v := t.value(arg, depth+1); !fromOutside(v) {
			return text(v.JSON())
		}
		return outside(name)
	case "Fn::Transform":
		what := textOf(child(arg, "Name"))
		if place := textOf(child(child(arg, "Parameters"), "Location")); place != "" {
			what += " of " + short(place)
		}
		t.Note("Fn::Transform " + what + " is not carried out: what it brings is left alone")
		return outside(name)
	case "Fn::GetAZs", "Fn::Base64", "Fn::Cidr", "Fn::ForEach":
		return outside(name)
	}
	t.Problems.Add(n, "", name+" is not an intrinsic function that esmlab knows", OneOf(name, functions))
	return outside(name)
}

func texts(list []*Value) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = v.Text
	}
	return out
}

// ref carries out Ref: a parameter, a pseudo parameter or a resource.
func (t *Template) ref(n *yaml.Node, name string) *Value {
	if v, ok := t.pseudo(name); ok {
		return &Value{Node: n, Kind: Scalar, Text: v}
	}
	switch name {
	case "AWS::NoValue":
		return &Value{Node: n}
	case "AWS::NotificationARNs":
		return &Value{Node: n, Kind: List}
	}
	if p, ok := t.params[name]; ok {
		if p.list && p.known {
			v := &Value{Node: n, Kind: List}
			for _, s := range strings.Split(p.text, ",") {
				v.Items = append(v.Items, &Value{Node: n, Kind: Scalar, Text: strings.TrimSpace(s)})
			}
			return v
		}
		if !p.known {
			return &Value{Node: n, Kind: Outside, Text: "parameter " + name}
		}
		return &Value{Node: n, Kind: Scalar, Text: p.text}
	}
	if r := t.byID[name]; r != nil {
		return &Value{Node: n, Kind: Scalar, Text: t.refText(r)}
	}
	if s, ok := t.made(name); ok {
		return &Value{Node: n, Kind: Scalar, Text: s}
	}
	if t.brings {
		return &Value{Node: n, Kind: Outside, Text: name}
	}
	t.missing(name, t.names())
	t.Problems.Add(n, "", "Ref to "+short(name)+", which is neither a resource nor a parameter of this template", OneOf(name, t.names()))
	return &Value{Node: n, Kind: Outside, Text: name}
}

// pseudo gives the value of a pseudo parameter.
func (t *Template) pseudo(name string) (string, bool) {
	if v := t.given[name]; v != "" && slices.Contains(pseudoParameters, name) {
		return v, true
	}
	switch name {
	case "AWS::Region":
		return t.Region, true
	case "AWS::AccountId":
		return t.Account, true
	case "AWS::Partition":
		return "aws", true
	case "AWS::StackName":
		return Stack, true
	case "AWS::StackId":
		return "arn:aws:cloudformation:" + t.Region + ":" + t.Account + ":stack/" + Stack + "/00000000-0000-4000-8000-000000000000", true
	case "AWS::URLSuffix":
		return "amazonaws.com", true
	}
	return "", false
}

// getAtt carries out Fn::GetAtt.
func (t *Template) getAtt(n *yaml.Node, id, attr string) *Value {
	r := t.byID[id]
	if r == nil {
		if s, ok := t.made(id); ok {
			if attr == "Arn" && strings.HasSuffix(s, "Role") {
				return &Value{Node: n, Kind: Scalar, Text: "arn:aws:iam::" + t.Account + ":role/" + s}
			}
			return &Value{Node: n, Kind: Outside, Text: id + "." + attr}
		}
		if t.brings {
			return &Value{Node: n, Kind: Outside, Text: id + "." + attr}
		}
		t.missing(id, t.resourceNames())
		t.Problems.Add(n, "", "GetAtt of "+short(id)+", which is not a resource of this template", OneOf(id, t.resourceNames()))
		return &Value{Node: n, Kind: Outside, Text: id + "." + attr}
	}
	if s, ok := t.attText(r, attr); ok {
		return &Value{Node: n, Kind: Scalar, Text: s}
	}
	return &Value{Node: n, Kind: Outside, Text: id + "." + attr}
}

// sub carries out Fn::Sub, short or with a map of its own names.
func (t *Template) sub(n, arg *yaml.Node, depth int) *Value {
	own := map[string]*Value{}
	format := arg
	if arg.Kind == yaml.SequenceNode && len(arg.Content) == 2 {
		format = arg.Content[0]
		for _, f := range t.value(arg.Content[1], depth+1).Fields {
			own[f.Name] = f.Value
		}
	}
	if format.Kind != yaml.ScalarNode {
		t.Problems.Add(n, "", "Fn::Sub is not written right", `!Sub "${Orders}-suffix"`)
		return &Value{Node: n, Kind: Outside, Text: "Fn::Sub"}
	}
	var b strings.Builder
	var outside *Value
	rest := format.Value
	for {
		before, after, ok := strings.Cut(rest, "${")
		b.WriteString(before)
		if !ok {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			b.WriteString("${" + after)
			break
		}
		rest = tail
		if strings.HasPrefix(name, "!") { // ${!literal}
			b.WriteString("${" + name[1:] + "}")
			continue
		}
		name = strings.TrimSpace(name)
		var v *Value
		if own[name] != nil {
			v = own[name]
		} else if id, attr, dotted := strings.Cut(name, "."); dotted {
			v = t.getAtt(n, id, attr)
		} else {
			v = t.ref(n, name)
		}
		switch v.Kind {
		case Outside:
			if outside == nil {
				outside = &Value{Node: n, Kind: Outside, Text: v.Text}
			}
			b.WriteString(unknown(v.Text))
			continue
		case List, Map:
			t.Problems.Add(n, "", "${"+short(name)+"} in Fn::Sub is "+v.String(), "a text")
		}
		b.WriteString(v.Text)
	}
	if outside != nil {
		if whole := b.String(); whole != unknown(outside.Text) {
			outside.Text = whole
		}
		return outside
	}
	return scalar(n, b.String())
}

// dynamic is how a dynamic reference begins. Between the braces and resolve the reference
// says nothing of spaces.
var dynamic = regexp.MustCompile(`\{\{ *resolve:`)

// partition is how the ARN of another partition than aws begins.
var partition = regexp.MustCompile(`^arn:aws-(?:cn|us-gov|eusc|iso[a-z-]*):`)

// scalar is a text, or a value from outside where a dynamic reference is in it. All
// partitions are simulated alike.
func scalar(n *yaml.Node, s string) *Value {
	s = partition.ReplaceAllString(s, "arn:aws:")
	if dynamic.MatchString(s) {
		return &Value{Node: n, Kind: Outside, Text: s}
	}
	return &Value{Node: n, Kind: Scalar, Text: s}
}

// unknown stands in a text for a part of it that comes from outside. What is known
// beside it tells two such texts apart.
func unknown(what string) string {
	if strings.Contains(what, "${") {
		return what
	}
	return "${" + strings.TrimPrefix(what, "parameter ") + "}"
}

const noSuchMap = "Mappings has no "

func (t *Template) findInMap(n *yaml.Node, a []*Value) *Value {
	if len(a) < 3 {
		t.Problems.Add(n, "", "Fn::FindInMap is not written right", "!FindInMap [Map, Key, Name]")
		return &Value{Node: n, Kind: Outside, Text: "Fn::FindInMap"}
	}
	if v := t.mappings.Get(a[0].Text).Get(a[1].Text).Get(a[2].Text); v != nil {
		return v
	}
	if len(a) == 4 {
		if d := a[3].Get("DefaultValue"); d != nil {
			return d
		}
	}
	for _, v := range a[:3] {
		if v.Kind == Outside {
			names := texts(a[:3])
			for i, v := range a[:3] {
				if v.Kind == Outside {
					names[i] = unknown(v.Text)
				}
			}
			return &Value{Node: n, Kind: Outside, Text: "Fn::FindInMap " + strings.Join(names, ".")}
		}
	}
	if t.brings {
		return &Value{Node: n, Kind: Outside, Text: "Fn::FindInMap " + a[0].Text + "." + a[1].Text + "." + a[2].Text}
	}
	t.Problems.Add(n, "", noSuchMap+short(a[0].Text)+"."+short(a[1].Text)+"."+short(a[2].Text),
		"a map, key and name that stand in Mappings; --param AWS::Region=… sets another Region")
	return &Value{Node: n, Kind: Outside, Text: "Fn::FindInMap"}
}
