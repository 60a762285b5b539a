package template

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// This file gives parameters their values, and judges them.

// readParams gives the parameters their values.
func (t *Template) readParams(given map[string]string) {
	n := t.section("Parameters")
	known := slices.Clone(pseudoParameters)
	if n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			name, def := n.Content[i].Value, aliased(n.Content[i+1])
			known = append(known, name)
			t.alphanumeric(n.Content[i], "Parameter")
			kind := ""
			if k := child(def, "Type"); k != nil {
				kind = k.Value
			}
			p := param{list: strings.HasPrefix(kind, "List<") || kind == "CommaDelimitedList"}
			at := n.Content[i]
			if d := child(def, "Default"); d != nil && d.Kind == yaml.ScalarNode {
				// the default of a parameter from SSM is a name there, not its value
				p.text, p.known, at = d.Value, !strings.HasPrefix(kind, "AWS::SSM::"), d
			}
			if v, ok := given[name]; ok {
				p.text, p.known = v, true
			}
			if allowed := child(def, "AllowedValues"); p.known && allowed != nil && allowed.Kind == yaml.SequenceNode {
				var words []string
				found := false
				for _, a := range allowed.Content {
					words = append(words, a.Value)
					found = found || a.Value == p.text
				}
				if !found {
					t.Problems.Add(at, "ValidationError", "Parameter '"+name+"' must be one of AllowedValues", strings.Join(words, ", "))
				}
			}
			if p.known {
				t.limits(name, kind, p.text, def, at)
			}
			t.params[name] = p
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, ok := t.params[name]; !ok && !slices.Contains(pseudoParameters, name) {
			t.AddError(Error{File: "--param " + name, Code: "ValidationError", Message: "Parameters: [" + short(name) + "] do not exist in the template", Right: OneOf(name, known)})
		}
	}
}

// limits refuses a parameter's value that is outside what the template allows.
func (t *Template) limits(name, kind, value string, def, at *yaml.Node) {
	refuse := func(words, right string) {
		t.Problems.Add(at, "ValidationError", "Parameter '"+name+"' "+words, right)
	}
	limit := func(field string) (float64, bool) {
		c := child(def, field)
		if c == nil {
			return 0, false
		}
		n, err := strconv.ParseFloat(c.Value, 64)
		return n, err == nil
	}
	if n, err := strconv.ParseFloat(value, 64); kind == "Number" && err != nil {
		refuse("must be a number", "not '"+short(value)+"'")
	} else if lo, ok := limit("MinValue"); kind == "Number" && ok && n < lo {
		refuse("must be a number not less than "+child(def, "MinValue").Value, "not "+short(value))
	} else if hi, ok := limit("MaxValue"); kind == "Number" && ok && n > hi {
		refuse("must be a number not greater than "+child(def, "MaxValue").Value, "not "+short(value))
	}
	if kind != "String" {
		return
	}
	length := float64(len([]rune(value)))
	if lo, ok := limit("MinLength"); ok && length < lo {
		refuse("must contain at least "+child(def, "MinLength").Value+" characters", "not '"+short(value)+"'")
	}
	if hi, ok := limit("MaxLength"); ok && length > hi {
		refuse("must contain at most "+child(def, "MaxLength").Value+" characters", "not '"+short(value)+"'")
	}
	if c := child(def, "AllowedPattern"); c != nil {
		// what only Java's expressions have is not judged
		if re, err := regexp.Compile("^(?:" + c.Value + ")$"); err == nil && !re.MatchString(value) {
			refuse("must match pattern "+short(c.Value), "not '"+short(value)+"'")
		}
	}
}
