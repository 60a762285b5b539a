package template

import (
	"cmp"
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// This file knows the types of AWS's resources, and refuses a slip of one. Any other
// type may be newer than the list, so it is left alone and a note says so.

//go:embed types.txt
var typesText string

// knownTypes are all types of the namespaces of which esmlab reads something.
var knownTypes = sync.OnceValue(func() []string {
	var out []string
	for namespace, k := range table(typesText) {
		for _, name := range k.names {
			out = append(out, namespace+"::"+name)
		}
	}
	slices.Sort(out)
	return out
})

var (
	// typeForm is how every type is called that can be registered.
	typeForm = regexp.MustCompile(`^(?:[A-Za-z0-9]{2,64}(?:::[A-Za-z0-9]{2,64}){2}(?:::MODULE)?|Custom::.+)$`)
	ownType  = regexp.MustCompile(`^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$`)
)

// slipOf gives the name that another one is a slip of, "" where it is none: at most so many
// letters are left out, added, changed or swapped, or some are of the other case.
func slipOf(name string, known []string, most int) string {
	low, found := strings.ToLower(name), ""
	for _, k := range known {
		if max(len(k)-len(name), len(name)-len(k)) > most {
			continue
		}
		if d := distance(low, strings.ToLower(k)); d < most || d == most && found == "" {
			found, most = k, d
		}
	}
	return found
}

// slipOfType gives the type that another one is a slip of, "" where it is none. No two real
// types of these namespaces are within two letters of each other; those of other namespaces
// are within two, and not within one.
func slipOfType(kind string, known []string) string {
	most := 1
	if inNamespaceOf(kind, known) {
		most = 2
	}
	return slipOf(kind, known, most)
}

// inNamespaceOf tells whether a type is in the namespace of one of the known.
func inNamespaceOf(kind string, known []string) bool {
	i := strings.LastIndex(kind, "::")
	return i > 0 && slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, kind[:i+2]) })
}

// plainText gives the text of a node that is one, and no function.
func plainText(n *yaml.Node) (string, bool) {
	if n == nil || n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
		return "", false
	}
	return n.Value, true
}

// isResource tells whether a node is a resource, wherever it stands.
func isResource(n *yaml.Node) bool {
	kind, ok := plainText(child(n, "Type"))
	return ok && (ownType.MatchString(kind) || slipOfType(kind, knownTypes()) != "")
}

// readType reads the type of a resource.
func (t *Template) readType(r *Resource, key *yaml.Node) {
	at := "Template format error: [/Resources/" + short(r.ID) + "] "
	n := child(r.Node, "Type")
	kind, ok := plainText(n)
	switch {
	case kind != "":
		r.Type = kind
	case r.Node.Kind != yaml.MappingNode && !t.brings:
		t.Problems.Add(key, "ValidationError", "Template format error: [/Resources/"+short(r.ID)+"] resource definition is malformed", "{Type: AWS::Kinesis::Stream}")
	case n == nil && t.brings:
	case n == nil, n.ShortTag() == "!!null", ok:
		t.Problems.Add(key, "ValidationError", at+"Every Resources object must contain a Type member.", "Type: AWS::Kinesis::Stream")
	default:
		t.Problems.Add(n, "ValidationError", at+"Every Type member must be a string.", "the type itself: no function is carried out there")
	}
}

// judgeType refuses a type that is a slip of another one, or that cannot be one. CloudFormation
// asks that only of resources that are built.
func (t *Template) judgeType(r *Resource) {
	if r.Type == "" || r.absent || slices.Contains(knownTypes(), r.Type) {
		return
	}
	near := slipOfType(r.Type, knownTypes())
	switch {
	case near != "", !typeForm.MatchString(r.Type) && !t.brings:
		right := "SERVICE::NAME behind AWS::, such as AWS::SQS::Queue"
		if like := cmp.Or(near, slipOf("AWS::"+r.Type, knownTypes(), 1), slipOf(r.Type, knownTypes(), 4)); like != "" {
			right = "did you mean " + like + "?"
		}
		t.Problems.Add(child(r.Node, "Type"), "ValidationError", "Template format error: Unrecognized resource types: ["+short(r.Type)+"]", right)
		r.Type = near // what else is wrong with it is said too
	case inNamespaceOf(r.Type, knownTypes()):
		t.Note(r.Type + ", the type of " + r.ID + ", is not among those that AWS had in November 2026")
	}
}

// samEventTypes are the types of a function's events.
var samEventTypes = []string{"AlexaSkill", "Api", "CloudWatchEvent", "CloudWatchLogs", "Cognito", "DocumentDB", "DynamoDB", "EventBridgeRule", "HttpApi",
	"IoTRule", "Kinesis", "MQ", "MSK", "S3", "SNS", "SQS", "Schedule", "ScheduleV2", "SelfManagedKafka"}

// eventType refuses a type of an event that is a slip of another one, or that is none.
func (t *Template) eventType(r *Resource, f Field, kind *Value) bool {
	most := 1
	if len(kind.Text) > 4 {
		most = 2
	}
	near := slipOf(kind.Text, samEventTypes, most)
	if kind.Kind == Outside || slices.Contains(samEventTypes, kind.Text) || kind.Kind == Scalar && near == "" && !strings.Contains(kind.Text, "::") {
		return true
	}
	right := OneOf(kind.Text, []string{"Kinesis", "DynamoDB", "SQS"})
	switch {
	case near != "":
		right = "did you mean " + near + "?"
	case isResource(f.Node):
		right = f.Name + " is a resource: below Resources, beside " + r.ID
	}
	t.Problems.Add(kind.Node, "InvalidResourceException", "Resource with id ["+short(r.ID)+"] is invalid. Event with id ["+short(f.Name)+"] is invalid. Resource dict has missing or invalid value for key Type. Event Type is: "+strings.Trim(kind.String(), "'")+".", right)
	return false
}
