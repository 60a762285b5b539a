package handback

import (
	"encoding/json"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine/tree"
)

// This file edits a template's text at the nodes that were read from it: everything else
// stays as it is, comments, order and quotes among it.

// doc is a text and the tree that was read from it.
type doc struct {
	text string
	root *yaml.Node
	json bool // JSON, not YAML
}

// parse reads a text.
func parse(text string) (*doc, bool) {
	var n yaml.Node
	if tree.Unmarshal([]byte(text), &n) != nil || len(n.Content) == 0 || n.Content[0].Kind != yaml.MappingNode {
		return nil, false
	}
	return &doc{text: text, root: n.Content[0], json: strings.HasPrefix(strings.TrimSpace(text), "{")}, true
}

// offset is where a line and a column are in the text; columns count characters.
func (d *doc) offset(line, col int) int {
	at := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(d.text[at:], '\n')
		if i < 0 {
			return len(d.text)
		}
		at += i + 1
	}
	for _, r := range d.text[at:] {
		if col--; col == 0 || r == '\n' {
			break
		}
		at += len(string(r))
	}
	return at
}

func (d *doc) start(n *yaml.Node) int { return d.offset(n.Line, n.Column) }

// entry finds a name in a map; -1: it is not there. Of a name that stands twice the last
// counts.
func entry(m *yaml.Node, name string) int {
	found := -1
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == name {
			found = i
		}
	}
	return found
}

// plainMap tells whether a node is a map of its own: no alias, no anchor, no intrinsic
// function.
func plainMap(n *yaml.Node) bool {
	if n == nil || n.Kind != yaml.MappingNode || n.Anchor != "" || n.Tag != "" && n.Tag != "!!map" {
		return false
	}
	if len(n.Content) == 2 {
		if k := n.Content[0].Value; k == "Ref" || k == "<<" || strings.HasPrefix(k, "Fn::") {
			return false
		}
	}
	return true
}

// flow tells whether a map or a list is written between braces.
func (d *doc) flow(n *yaml.Node) bool {
	at := d.start(n)
	return at < len(d.text) && (d.text[at] == '{' || d.text[at] == '[')
}

// at walks a path of names to a map; the names that are not there are left over.
func (d *doc) at(path []string) (m *yaml.Node, rest []string, ok bool) {
	m = d.root
	for i, name := range path {
		if !plainMap(m) {
			return nil, nil, false
		}
		k := entry(m, name)
		if k < 0 {
			return m, path[i:], true
		}
		next := m.Content[k+1]
		if next.Kind == yaml.ScalarNode && next.ShortTag() == "!!null" && next.Value == "" { // "Properties:" alone
			return nil, nil, false
		}
		m = next
	}
	return m, nil, plainMap(m)
}

// set gives the text with a value at a path of names, in flow style: nested maps are made
// where they are missing. It is false where the place is not plain text of the file.
func (d *doc) set(path []string, value string) (string, bool) {
	m, rest, ok := d.at(path[:len(path)-1])
	if !ok {
		return "", false
	}
	name := path[len(path)-1]
	if len(rest) > 0 { // the outermost that is missing
		for i := len(rest) - 1; i >= 0; i-- {
			value = "{" + d.name(name) + ": " + value + "}"
			name = rest[i]
		}
	}
	if k := entry(m, name); k >= 0 {
		return d.replace(m, k, value)
	}
	return d.add(m, name, value)
}

func (d *doc) name(name string) string {
	if d.json {
		text, _ := json.Marshal(name)
		return string(text)
	}
	return name
}

// replace puts another value into an entry of a map.
func (d *doc) replace(m *yaml.Node, k int, value string) (string, bool) {
	v := m.Content[k+1]
	from, to, ok := d.span(m, k)
	if !ok {
		return "", false
	}
	if v.Kind == yaml.ScalarNode && !d.json {
		if q := d.text[from]; (q == '"' || q == '\'') && !strings.ContainsAny(value, "{}[]'\"\\") {
			value = string(q) + value + string(q) // quoted as it was
		}
	}
	if v.Kind != yaml.ScalarNode && !d.flow(v) { // a block: the value comes behind the colon
		key := d.start(m.Content[k])
		colon := strings.IndexByte(d.text[key:], ':')
		if colon < 0 {
			return "", false
		}
		from, value = key+colon+1, " "+value
	}
	return d.text[:from] + value + d.text[to:], true
}

// span is where the value of an entry begins and ends.
func (d *doc) span(m *yaml.Node, k int) (from, to int, ok bool) {
	key, v := m.Content[k], m.Content[k+1]
	if v.Kind == yaml.AliasNode || v.Anchor != "" || v.Tag != "" && !strings.HasPrefix(v.Tag, "!!") {
		return 0, 0, false
	}
	from = d.start(v)
	switch {
	case v.Kind != yaml.ScalarNode && d.flow(v):
		to, ok = d.flowEnd(from)
		return from, to, ok
	case v.Kind == yaml.ScalarNode && v.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0:
		to, ok = d.scalarEnd(from, v)
		return from, to, ok
	}
	return from, d.blockEnd(key), true
}

// scalarEnd is where a scalar that begins at a place ends.
func (d *doc) scalarEnd(from int, v *yaml.Node) (int, bool) {
	text := d.text[from:]
	switch {
	case v.Style&yaml.DoubleQuotedStyle != 0:
		for i := 1; i < len(text); i++ {
			if text[i] == '\\' {
				i++
			} else if text[i] == '"' {
				return from + i + 1, true
			}
		}
	case v.Style&yaml.SingleQuotedStyle != 0:
		for i := 1; i < len(text); i++ {
			if text[i] != '\'' {
				continue
			}
			if i+1 < len(text) && text[i+1] == '\'' {
				i++
				continue
			}
			return from + i + 1, true
		}
	case strings.HasPrefix(text, v.Value):
		return from + len(v.Value), true
	}
	return 0, false
}

// flowEnd is where a map or a list between braces ends, its last brace included.
func (d *doc) flowEnd(from int) (int, bool) {
	depth := 0
	for i := from; i < len(d.text); i++ {
		switch c := d.text[i]; c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		case '"', '\'':
			if prev := strings.TrimRight(d.text[:i], " \t\r\n"); prev == "" || !strings.ContainsAny(prev[len(prev)-1:], "{[,:") {
				continue // inside a plain text: it's
			}
			style := yaml.DoubleQuotedStyle
			if c == '\'' {
				style = yaml.SingleQuotedStyle
			}
			end, ok := d.scalarEnd(i, &yaml.Node{Style: style})
			if !ok {
				return 0, false
			}
			i = end - 1
		case '#':
			if i > 0 && strings.ContainsAny(d.text[i-1:i], " \t\n") && !d.json {
				for i < len(d.text) && d.text[i] != '\n' {
					i++
				}
			}
		}
	}
	return 0, false
}

// blockEnd is where the entry of a block map that begins with a key ends: before the line
// break of its last line.
func (d *doc) blockEnd(key *yaml.Node) int {
	at := d.offset(key.Line, 1)
	end := lineEnd(d.text, at)
	for next := end + 1; next < len(d.text); {
		stop := lineEnd(d.text, next)
		line := d.text[next:stop]
		body := strings.TrimLeft(line, " ")
		indent := len(line) - len(body)
		switch {
		case strings.TrimSpace(body) == "", strings.HasPrefix(body, "#") && indent < key.Column:
		case indent >= key.Column, indent == key.Column-1 && (strings.HasPrefix(body, "- ") || body == "-"):
			end = stop
		default:
			return end
		}
		next = stop + 1
	}
	return end
}

// lineEnd is where the line with a place ends: at its line break, or the end of the text.
func lineEnd(text string, at int) int {
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}

// add puts a new entry at the end of a map.
func (d *doc) add(m *yaml.Node, name, value string) (string, bool) {
	line := d.name(name) + ": " + value
	if !d.flow(m) {
		if len(m.Content) == 0 {
			return "", false
		}
		last := m.Content[len(m.Content)-2]
		at := d.blockEnd(last)
		return d.text[:at] + "\n" + strings.Repeat(" ", last.Column-1) + line + d.text[at:], true
	}
	end, ok := d.flowEnd(d.start(m))
	if !ok {
		return "", false
	}
	at := end - 1 // the brace
	if len(m.Content) == 0 {
		return d.text[:at] + line + d.text[at:], true
	}
	before := strings.TrimRight(d.text[:at], " \t\r\n")
	sep := ", "
	if last := m.Content[len(m.Content)-2]; last.Line != m.Line { // an entry a line
		sep = ",\n" + strings.Repeat(" ", last.Column-1)
	}
	if strings.HasSuffix(before, ",") {
		sep = strings.TrimPrefix(sep, ",")
	}
	return before + sep + line + d.text[len(before):], true
}

// remove takes an entry out of the map at a path; what is not there is left as it is.
func (d *doc) remove(path []string) (string, bool) {
	m, rest, ok := d.at(path[:len(path)-1])
	if !ok {
		return "", false
	}
	k := -1
	if len(rest) == 0 {
		k = entry(m, path[len(path)-1])
	}
	if k < 0 {
		return d.text, true
	}
	if !d.flow(m) {
		if len(m.Content) == 2 {
			return "", false // a map without entries is not written
		}
		from := d.offset(m.Content[k].Line, 1)
		if strings.TrimSpace(d.text[from:d.start(m.Content[k])]) != "" { // "- key: value"
			return "", false
		}
		return d.text[:from] + d.text[min(len(d.text), d.blockEnd(m.Content[k])+1):], true
	}
	_, to, ok := d.span(m, k)
	if !ok {
		return "", false
	}
	from := d.start(m.Content[k])
	if k+2 < len(m.Content) { // with what is between it and the next
		return d.text[:from] + d.text[d.start(m.Content[k+2]):], true
	}
	before := strings.TrimRight(d.text[:from], " \t\r\n")
	if k > 0 {
		before = strings.TrimSuffix(before, ",")
	} else {
		before = d.text[:from]
	}
	return before + d.text[to:], true
}

// appendTo puts items at the end of the list at a path, each in flow style; the list is made
// where there is none.
func (d *doc) appendTo(path []string, items []string) (string, bool) {
	m, rest, ok := d.at(path[:len(path)-1])
	if !ok {
		return "", false
	}
	name := path[len(path)-1]
	k := -1
	if len(rest) == 0 {
		k = entry(m, name)
	}
	if k >= 0 {
		list := m.Content[k+1]
		if list.Kind != yaml.SequenceNode || list.Anchor != "" {
			return "", false
		}
		if d.flow(list) {
			end, ok := d.flowEnd(d.start(list))
			if !ok {
				return "", false
			}
			before, sep := strings.TrimRight(d.text[:end-1], " \t\r\n"), ", "
			if len(list.Content) == 0 {
				sep = ""
			} else if first := list.Content[0]; first.Line != list.Line {
				sep = ",\n" + strings.Repeat(" ", first.Column-1)
			}
			for _, item := range items {
				before += sep + item
				if sep == "" {
					sep = ", "
				}
			}
			return before + d.text[len(strings.TrimRight(d.text[:end-1], " \t\r\n")):], true
		}
		at := d.blockEnd(m.Content[k])
		return d.text[:at] + d.items(items, list.Column-1) + d.text[at:], true
	}
	if d.json || d.flow(m) {
		return d.set(path, "["+strings.Join(items, ", ")+"]")
	}
	// a block of its own
	indent, at := 0, len(strings.TrimRight(d.text, "\n"))
	if len(m.Content) > 0 {
		last := m.Content[len(m.Content)-2]
		indent, at = last.Column-1, d.blockEnd(last)
	}
	out := d.text[:at]
	for _, name := range append(rest, path[len(path)-1]) {
		out += "\n" + strings.Repeat(" ", indent) + name + ":"
		indent += 2
	}
	return out + d.items(items, indent) + d.text[at:], true
}

// items are the lines of a block list.
func (d *doc) items(list []string, indent int) string {
	out := ""
	for _, item := range list {
		out += "\n" + strings.Repeat(" ", indent) + "- " + item
	}
	return out
}

// asJSON writes a value in YAML's flow style as JSON.
func asJSON(flow string) (string, bool) {
	var v any
	if yaml.Unmarshal([]byte(flow), &v) != nil {
		return "", false
	}
	out, err := json.Marshal(v)
	return string(out), err == nil
}
