package template

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// Merge gives a template's node with a changed part of it put in: maps are merged key
// by key, null takes a key out, anything else takes the place of what was there. What
// an intrinsic function gives is replaced as a whole.
func Merge(was, part *yaml.Node) *yaml.Node {
	was, part = aliased(was), aliased(part)
	if !mergeable(was) || !mergeable(part) {
		return part
	}
	out := *was
	out.Content = append([]*yaml.Node(nil), was.Content...)
	for i := 0; i+1 < len(part.Content); i += 2 {
		key, value := part.Content[i], aliased(part.Content[i+1])
		at := -1
		for k := 0; k+1 < len(out.Content); k += 2 {
			if out.Content[k].Value == key.Value {
				at = k
			}
		}
		switch none := value.Kind == yaml.ScalarNode && value.Tag == "!!null"; {
		case none && at >= 0:
			out.Content = append(out.Content[:at:at], out.Content[at+2:]...)
		case none:
		case at >= 0:
			out.Content[at+1] = Merge(out.Content[at+1], value)
		default:
			out.Content = append(out.Content, key, value)
		}
	}
	return &out
}

// mergeable reports whether a node is a map of its own, not an intrinsic function.
func mergeable(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode || n.Tag != "" && n.Tag != "!!map" {
		return false
	}
	if len(n.Content) != 2 {
		return true
	}
	name := n.Content[0].Value
	return name != "Ref" && !strings.HasPrefix(name, "Fn::")
}
