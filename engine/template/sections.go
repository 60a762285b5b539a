package template

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// This file refuses what stands where a template has no place for it: CloudFormation does,
// and what was left out silently would be deleted by the next deployment.

// sections are what a template may have at its top: CloudFormation's, and SAM's Globals.
var sections = []string{"AWSTemplateFormatVersion", "Conditions", "Description", "Globals", "Hooks", "Mappings", "Metadata", "Outputs", "Parameters", "Resources", "Rules", "Transform"}

// attributes are what a resource may have: CloudFormation's, and SAM's Connectors and IgnoreGlobals.
var attributes = []string{"Condition", "Connectors", "CreationPolicy", "DeletionPolicy", "DependsOn", "Description", "IgnoreGlobals", "Metadata", "Properties", "Type", "UpdatePolicy", "UpdateReplacePolicy", "Version"}

// misplaced are the words for a resource in another section.
var misplaced = map[string]string{
	"Conditions": "this is not a condition",
	"Mappings":   "Template format error: Every Mappings attribute must be a String or a List.",
	"Outputs":    "Template format error: Every Outputs member must contain a Value object",
	"Parameters": "Template format error: Unrecognized parameter type: ",
}

// placesOfSections refuses sections that a template does not have, and resources in others
// than Resources. A macro may ask for more.
func (t *Template) placesOfSections() {
	var others []*yaml.Node // that are no slip of a section, and no resource
	for i := 0; i+1 < len(t.Root.Content); i += 2 {
		key, n := t.Root.Content[i], aliased(t.Root.Content[i+1])
		words := misplaced[key.Value]
		switch {
		case words != "":
			for k := 0; k+1 < len(n.Content) && n.Kind == yaml.MappingNode; k += 2 {
				if id, item := n.Content[k], aliased(n.Content[k+1]); isResource(item) {
					if key.Value == "Parameters" {
						words = misplaced[key.Value] + short(child(item, "Type").Value)
					}
					t.Problems.Add(id, "ValidationError", words, short(id.Value)+" is a resource: below Resources")
				}
			}
		case t.brings || slices.Contains(sections, key.Value) || strings.HasPrefix(key.Value, "Fn::"):
		default:
			near := slipOf(key.Value, sections, 2)
			t.misnamed = t.misnamed || near == "Resources"
			switch {
			case near != "":
				t.noSection(key, key.Value, "did you mean "+near+"?")
			case isResource(n):
				t.noSection(key, key.Value, short(key.Value)+" is a resource: below Resources, indented")
			default:
				others = append(others, key)
			}
		}
	}
	if len(others) > 0 && t.section("Resources") != nil {
		names := make([]string, len(others))
		for i, n := range others {
			names[i] = n.Value
		}
		t.noSection(others[0], strings.Join(names, ", "), "Metadata, if it is for people or other tools")
	}
}

func (t *Template) noSection(at *yaml.Node, names, right string) {
	t.Problems.Add(at, "ValidationError", "Invalid template property or properties ["+short(names)+"]", right)
}

// placesOf refuses what stands beside a resource's properties and has no place there, and
// another resource among its properties.
func (t *Template) placesOf(r *Resource) {
	if r.Node.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(r.Node.Content); i += 2 {
		key, n := r.Node.Content[i], aliased(r.Node.Content[i+1])
		switch {
		case key.Value == "Properties" && n.Kind == yaml.SequenceNode && !tagged(n):
			t.Problems.Add(n, "", "Properties of "+short(r.ID)+" is a map, not a list", "NAME: VALUE, indented")
		case key.Value == "Properties" && n.Kind == yaml.ScalarNode && !tagged(n) && n.ShortTag() != "!!null":
			t.Problems.Add(n, "", "Properties of "+short(r.ID)+" is a map, not '"+short(n.Value)+"'", "NAME: VALUE, indented")
		case t.brings || slices.Contains(attributes, key.Value) || strings.HasPrefix(key.Value, "Fn::") || key.Value == "<<":
		default:
			near, right := slipOf(key.Value, attributes, 2), "one of "+strings.Join(attributes, ", ")
			switch {
			case isResource(n):
				right = short(key.Value) + " is a resource: below Resources, beside " + short(r.ID)
			case near != "":
				right = "did you mean " + near + "?"
			case strings.HasPrefix(r.Type, "AWS::Serverless::"):
				t.Note(short(key.Value) + " beside the Properties of " + r.ID + " is left alone, as by SAM")
				continue
			case hasProperty(r.Type, key.Value):
				right = "below Properties"
			}
			t.Problems.Add(key, "ValidationError", "Invalid template resource property '"+short(key.Value)+"'", right)
		}
	}
	t.nested(r)
}

// nested refuses a resource among the properties of another one, and leaves it out there.
// What is not AWS's may have properties of any kind.
func (t *Template) nested(r *Resource) {
	at := slices.IndexFunc(r.Node.Content, func(n *yaml.Node) bool { return n.Value == "Properties" })
	if at < 0 || at%2 == 1 || !ownType.MatchString(r.Type) || r.Type == "AWS::CloudFormation::CustomResource" {
		return
	}
	props := aliased(r.Node.Content[at+1])
	var left []*yaml.Node
	for i := 0; i+1 < len(props.Content) && props.Kind == yaml.MappingNode; i += 2 {
		key, n := props.Content[i], aliased(props.Content[i+1])
		if !isResource(n) || slices.ContainsFunc(keys(n), func(name string) bool { return !slices.Contains(attributes, name) }) {
			left = append(left, key, props.Content[i+1])
			continue
		}
		t.extraneous(r, "#", key, short(key.Value)+" is a resource: below Resources, beside "+short(r.ID))
	}
	if len(left) == len(props.Content) {
		return
	}
	copied, inside := *r.Node, *props
	inside.Content, copied.Content = left, slices.Clone(r.Node.Content)
	copied.Content[at+1] = &inside
	r.Node = &copied
}

// conditional reads the condition of a resource.
func (t *Template) conditional(r *Resource) {
	c := child(r.Node, "Condition")
	if c == nil {
		return
	}
	if c.Kind != yaml.ScalarNode || tagged(c) {
		t.Problems.Add(c, "ValidationError", "Template format error: [/Resources/"+short(r.ID)+"] Every Condition member must be a string.", "the name of a condition")
		return
	}
	r.absent = !t.condition(c, c.Value)
}
