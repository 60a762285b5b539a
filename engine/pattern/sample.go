package pattern

import (
	"encoding/json"
	"strings"
)

// Sample makes a document that the pattern matches, out of the values in it; false
// where none is found so.
func (p *Pattern) Sample() (map[string]any, bool) {
	var src map[string]any
	if json.Unmarshal([]byte(p.src), &src) != nil {
		return nil, false
	}
	doc := map[string]any{}
	sampleObject(src, doc)
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, false
	}
	written, ok := Decode(text)
	return doc, ok && p.Match(written)
}

func sampleObject(src, doc map[string]any) {
	for name, v := range src {
		switch v := v.(type) {
		case map[string]any:
			inner, _ := doc[name].(map[string]any)
			if inner == nil {
				inner = map[string]any{}
			}
			doc[name] = inner
			sampleObject(v, inner)
		case []any:
			if len(v) == 0 {
				continue
			}
			if first, ok := v[0].(map[string]any); name == "$or" && ok {
				sampleObject(first, doc)
				continue
			}
			for _, c := range v {
				if value, ok := sampleValue(c); ok {
					doc[name] = value
					break
				}
			}
		}
	}
}

// sampleValue is a value for which a condition holds; false for a key that must not be
// there.
func sampleValue(condition any) (any, bool) {
	c, ok := condition.(map[string]any)
	if !ok {
		return condition, true
	}
	for name, v := range c {
		text, _ := v.(string)
		switch name {
		case "exists":
			return "x", v == true
		case "wildcard":
			return strings.ReplaceAll(text, "*", ""), true
		case "cidr":
			address, _, _ := strings.Cut(text, "/")
			return address, true
		case "numeric":
			return sampleNumber(v)
		case "anything-but":
			return "something else", true
		default: // prefix, suffix, equals-ignore-case
			if inner, is := v.(map[string]any); is {
				text, _ = inner["equals-ignore-case"].(string)
			}
			return text, true
		}
	}
	return nil, false
}

// sampleNumber is a number between the limits of a numeric condition.
func sampleNumber(v any) (any, bool) {
	list, _ := v.([]any)
	lo, hi, low, high := 0.0, 0.0, false, false
	for i := 0; i+1 < len(list); i += 2 {
		n, _ := list[i+1].(float64)
		switch list[i] {
		case "=":
			return n, true
		case ">", ">=":
			lo, low = n, true
			if list[i] == ">=" {
				return n, true
			}
		case "<", "<=":
			hi, high = n, true
			if list[i] == "<=" && !low {
				return n, true
			}
		}
	}
	switch {
	case low && high:
		return (lo + hi) / 2, true
	case low:
		return lo + 1, true
	case high:
		return hi - 1, true
	}
	return nil, false
}
