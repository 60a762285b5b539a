package template

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// This file says where a template is deployed, and reads what YAML's own parser
// refuses and CloudFormation's takes.

// pseudoParameters are those that can be given a value.
var pseudoParameters = []string{"AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::StackName", "AWS::StackId", "AWS::URLSuffix"}

var literalARN = regexp.MustCompile(`^arn:aws[a-z-]*:(?:sqs|kinesis|dynamodb|lambda|sns):([a-z]{2}(?:-[a-z]+)+-\d):(\d{12}):`)

// sourceFields are the fields whose ARNs say first where a template is deployed.
var sourceFields = map[string]bool{"EventSourceArn": true, "Stream": true, "Queue": true}

// destinationFields are those whose ARNs say where failures go.
var destinationFields = map[string]bool{"Destination": true, "deadLetterTargetArn": true}

// place finds the Region and the account: those given, else those that all ARNs which
// the template has as event sources agree on, or all its other ARNs.
func (t *Template) place(given map[string]string) {
	var sources, others [2]agreed // each of the Region and the account
	var walk func(n *yaml.Node, field string, depth int)
	walk = func(n *yaml.Node, field string, depth int) {
		if depth > maxDepth || n == nil {
			return
		}
		switch n.Kind {
		case yaml.ScalarNode:
			m := literalARN.FindStringSubmatch(n.Value)
			if sourceFields[field] || destinationFields[field] {
				t.literal(n.Value)
			}
			for i := range m[min(1, len(m)):] {
				if others[i].add(m[i+1]); sourceFields[field] {
					sources[i].add(m[i+1])
				}
			}
		case yaml.SequenceNode:
			for _, c := range n.Content {
				walk(c, field, depth+1)
			}
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				if name := n.Content[i].Value; !strings.HasPrefix(name, "Fn::") { // what it makes is still for that field
					walk(n.Content[i+1], name, depth+1)
				} else {
					walk(n.Content[i+1], field, depth+1)
				}
			}
		}
	}
	walk(t.section("Resources"), "", 0)
	for _, part := range []string{"Parameters", "Mappings"} { // what only Resources use
		if others[0].said == "" {
			walk(t.section(part), "", 0)
		}
	}
	t.Region = cmp.Or(given["AWS::Region"], sources[0].text(), others[0].text(), t.chosen(regionName, DefaultRegion))
	// what is read of another account is common, unlike what stands elsewhere
	t.Account = cmp.Or(given["AWS::AccountId"], others[1].text(), t.chosen(accountNumber, DefaultAccount))
}

var (
	regionName    = regexp.MustCompile(`^[a-z]{2}(?:-[a-z]+)+-\d$`)
	accountNumber = regexp.MustCompile(`^\d{12}$`)
)

// chosen is the Region or the account that Mappings has where it chooses by that and does
// not have the usual one: the first that all such maps have.
func (t *Template) chosen(is *regexp.Regexp, usual string) string {
	var all []string
	maps := t.section("Mappings")
	for _, name := range keys(maps) {
		own := keys(child(maps, name))
		switch {
		case len(own) == 0 || slices.ContainsFunc(own, func(k string) bool { return !is.MatchString(k) }):
			continue
		case all == nil:
			all = own
		default:
			all = slices.DeleteFunc(slices.Clone(all), func(k string) bool { return !slices.Contains(own, k) })
		}
	}
	if len(all) == 0 || slices.Contains(all, usual) {
		return usual
	}
	return slices.Min(all)
}

// otherRegion says how a template is deployed to another Region.
func otherRegion(name string) string { return "; --param AWS::Region=" + name + " deploys there" }

// agreed is a text that several places have alike.
type agreed struct {
	said  string
	split bool // they differ
}

func (a *agreed) add(s string) {
	a.split = a.split || a.said != "" && a.said != s
	a.said = s
}

// text is the text, "" where none was said or they differ.
func (a *agreed) text() string {
	if a.split {
		return ""
	}
	return a.said
}

// loneDash is a dash that is an item of a list between brackets: PyYAML, SAM and
// CloudFormation read it as a text.
var loneDash = regexp.MustCompile(`([\[,]\s*)-([ \t]*[,\]])`)

// dash stands for one while a parser reads the file that knows none there. It is as
// wide, so that columns stay.
const dash = "\ue000"

// loneDashes gives a file with those dashes replaced, nil where it has none.
func loneDashes(src []byte) []byte {
	if bytes.Contains(src, []byte(dash)) || !loneDash.Match(src) {
		return nil
	}
	return loneDash.ReplaceAll(src, []byte("${1}"+dash+"${2}"))
}

// restoreDashes puts them back.
func restoreDashes(n *yaml.Node) {
	n.Value = strings.ReplaceAll(n.Value, dash, "-")
	for _, c := range n.Content {
		restoreDashes(c)
	}
}
