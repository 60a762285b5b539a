package engine

import (
	"encoding/json"
	"strconv"
	"strings"

	"esmlab/engine/rule"
)

// This file is what a rule's target gets of an event: all of it, a constant, a part, or
// what an InputTransformer makes of it (EB-INPUT-1).

// TargetInput says what a rule's target gets in the place of the event. At most one of
// Input, Path and Template is set.
type TargetInput struct {
	Input    string      // a constant, JSON
	Path     string      // InputPath: $.detail
	Paths    []InputPath // InputPathsMap
	Template string      // InputTemplate
}

// InputPath is a variable of an InputTransformer.
type InputPath struct{ Name, Path string }

// targetInput is the body that a target gets of an event, and the rule for it.
func (s *Sim) targetInput(c *FrontConfig, in *TargetInput, event string) (string, rule.ID) {
	switch {
	case in == nil:
		return event, rule.EbEvent
	case in.Template != "":
		return s.transformed(c, in, event), rule.EbInput
	case in.Path != "":
		if part, ok := jsonPath(event, in.Path); ok {
			return part, rule.EbInput
		}
		return "null", rule.EbInput
	}
	return in.Input, rule.EbInput
}

// transformed fills an InputTemplate in. Outside a text of the template a variable is
// written as JSON, inside as it is, without quotes; one whose path leads nowhere leaves
// nothing.
func (s *Sim) transformed(c *FrontConfig, in *TargetInput, event string) string {
	var out strings.Builder
	inText := false
	for i := 0; i < len(in.Template); i++ {
		switch b := in.Template[i]; {
		case b == '\\' && inText && i+1 < len(in.Template):
			out.WriteString(in.Template[i : i+2])
			i++
			continue
		case b == '"':
			inText = !inText
		case b == '<':
			if end := strings.IndexByte(in.Template[i:], '>'); end > 0 {
				value, known := s.variable(c, in, event, in.Template[i+1:i+end])
				if !known {
					break
				}
				if inText {
					value = bare(value)
				}
				out.WriteString(value)
				i += end
				continue
			}
		}
		out.WriteByte(in.Template[i])
	}
	return out.String()
}

// variable is the JSON of a variable of a template; known is false for a name that is
// none.
func (s *Sim) variable(c *FrontConfig, in *TargetInput, event, name string) (value string, known bool) {
	switch name {
	case "aws.events.rule-arn":
		return string(AppendText(nil, c.ARN)), true
	case "aws.events.rule-name":
		return string(AppendText(nil, c.Name)), true
	case "aws.events.event.ingestion-time":
		return string(AppendText(nil, ISO(s.cfg.Start+int64(s.now), false))), true
	case "aws.events.event.json":
		return event, true
	case "aws.events.event":
		head, _, _ := strings.Cut(event, `,"detail":`) // the last of its fields
		return head + "}", true
	}
	for _, p := range in.Paths {
		if p.Name == name {
			value, _ = jsonPath(event, p.Path)
			return value, true
		}
	}
	return "", false
}

// bare is a value as it stands in a text: a text as it is, anything else without quotes.
func bare(value string) string {
	var text string
	if json.Unmarshal([]byte(value), &text) == nil {
		return text
	}
	return strings.ReplaceAll(value, `"`, "")
}

// jsonPath follows a path in dot notation with indices: $.detail.items[0].id.
func jsonPath(doc, path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, "$")
	if !ok {
		return "", false
	}
	for rest != "" {
		if index, after, is := strings.Cut(rest, "]"); is && rest[0] == '[' {
			n, err := strconv.Atoi(index[1:])
			var list []json.RawMessage
			if err != nil || json.Unmarshal([]byte(doc), &list) != nil || n < 0 || n >= len(list) {
				return "", false
			}
			doc, rest = string(list[n]), after
			continue
		}
		if rest[0] != '.' {
			return "", false
		}
		name := rest[1:]
		if end := strings.IndexAny(name, ".["); end >= 0 {
			name = name[:end]
		}
		var fields map[string]json.RawMessage
		if json.Unmarshal([]byte(doc), &fields) != nil {
			return "", false
		}
		part, has := fields[name]
		if name == "" || !has {
			return "", false
		}
		doc, rest = string(part), rest[1+len(name):]
	}
	return doc, true
}
