package template

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// This file knows which properties AWS's resources have, and refuses the others.

//go:embed properties.txt
var propertiesText string

// known is what a resource type, or a property of one, may have.
type known struct {
	names []string
	read  []string // those that esmlab reads, of a type
}

// knownProperties are those of the types that are simulated, by path.
var knownProperties = sync.OnceValue(func() map[string]*known { return table(propertiesText) })

// table reads a list of names by what has them.
func table(text string) map[string]*known {
	out := map[string]*known{}
	var at *known
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] != ' ':
			at = &known{}
			out[line] = at
		default:
			for _, name := range strings.Fields(line) {
				plain, read := strings.CutSuffix(name, "*")
				if at.names = append(at.names, plain); read {
					at.read = append(at.read, plain)
				}
			}
		}
	}
	return out
}

// hasProperty tells whether a type has a property, as far as that is known.
func hasProperty(kind, property string) bool {
	k := knownProperties()[kind]
	return k != nil && slices.Contains(k.names, property) || kind == "AWS::Lambda::EventSourceMapping" && slices.Contains(mappingFields, property)
}

// simulated tells whether resources of a type are read.
func simulated(kind string) bool {
	return knownProperties()[kind] != nil || kind == "AWS::Lambda::EventSourceMapping"
}

// reads tells whether esmlab reads a property of a type.
func reads(kind, property string) bool {
	k := knownProperties()[kind]
	return k == nil || slices.Contains(k.read, property)
}

// plainly are properties of which nobody thinks that they change a run.
var plainly = []string{"Description", "Handler", "Tags"}

// misspelt refuses the properties of a resource that its type does not have, and
// counts those that change nothing here.
func (t *Template) misspelt(r *Resource) {
	k := knownProperties()[r.Type]
	if k == nil {
		return
	}
	for _, f := range t.properties(r).fields() {
		if slices.Contains(k.names, f.Name) && !slices.Contains(k.read, f.Name) && !slices.Contains(plainly, f.Name) {
			t.unused = append(t.unused, r.ID+"."+f.Name)
		}
	}
	t.misspeltIn(r, r.Type, "#", t.properties(r))
}

func (t *Template) misspeltIn(r *Resource, path, pointer string, v *Value) {
	k := knownProperties()[path]
	if k == nil || v == nil {
		return
	}
	for _, item := range v.Items {
		t.misspeltIn(r, path, pointer, item)
	}
	for _, f := range v.fields() {
		switch {
		case strings.HasPrefix(f.Name, "Fn::"):
		case slices.Contains(k.names, f.Name):
			t.misspeltIn(r, path+"/"+f.Name, pointer+"/"+f.Name, f.Value)
		default:
			t.extraneous(r, pointer, f.Key, OneOf(f.Name, k.names))
		}
	}
}

// extraneous refuses a property that a resource does not have.
func (t *Template) extraneous(r *Resource, pointer string, key *yaml.Node, right string) {
	if name := short(key.Value); strings.HasPrefix(r.Type, "AWS::Serverless::") && pointer == "#" {
		t.Problems.Add(key, "InvalidResourceException", "Resource with id ["+short(r.ID)+"] is invalid. property "+name+" not defined for resource of type "+r.Type, right)
	} else {
		t.Problems.Add(key, "", "Properties validation failed for resource "+short(r.ID)+" with message: ["+pointer+": extraneous key ["+name+"] is not permitted]", right)
	}
}

// globalProperties are those that Globals may have for functions.
var globalProperties = []string{"Architectures", "AssumeRolePolicyDocument", "AutoPublishAlias", "AutoPublishAliasAllProperties", "CapacityProviderConfig",
	"CodeSigningConfigArn", "CodeUri", "DeadLetterQueue", "DeploymentPreference", "Description", "DurableConfig", "Environment", "EphemeralStorage",
	"EventInvokeConfig", "FileSystemConfigs", "FunctionScalingConfig", "FunctionUrlConfig", "Handler", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize",
	"PermissionsBoundary", "PropagateTags", "ProvisionedConcurrencyConfig", "PublishToLatestPublished", "RecursiveLoop", "ReservedConcurrentExecutions",
	"RolePath", "Runtime", "RuntimeManagementConfig", "SnapStart", "SourceKMSKeyArn", "Tags", "TenancyConfig", "Timeout", "Tracing", "VersionDeletionPolicy", "VpcConfig"}

// functionGlobals is what Globals have for functions that SAM takes, nil for nothing.
func (t *Template) functionGlobals() *yaml.Node {
	n := child(t.section("Globals"), "Function")
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	out := *n
	out.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		if slices.Contains(globalProperties, n.Content[i].Value) {
			out.Content = append(out.Content, n.Content[i], n.Content[i+1])
		}
	}
	return &out
}

// globals refuses what Globals cannot have for functions.
func (t *Template) globals() {
	all := t.section("Globals")
	for i := 0; all != nil && i+1 < len(all.Content); i += 2 {
		if k := all.Content[i]; k.Value != "Function" && slipOf(k.Value, []string{"Function"}, 2) != "" {
			t.Problems.Add(k, "InvalidGlobalsSectionException", "'Globals' section is invalid. '"+short(k.Value)+"' is not supported.", "did you mean Function?")
		}
	}
	n := child(all, "Function")
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i]; !slices.Contains(globalProperties, k.Value) && !strings.HasPrefix(k.Value, "Fn::") {
			t.Problems.Add(k, "InvalidGlobalsSectionException", "'Globals' section is invalid. '"+short(k.Value)+"' is not a supported property of 'Function'.", OneOf(k.Value, globalProperties))
		}
	}
}

// withGlobals puts what Globals have for functions below a function's own properties, as
// SAM does before anything else is carried out: a property that the function has counts,
// also where Fn::If makes nothing of it; maps are merged and lists joined.
func withGlobals(global, own *yaml.Node) *yaml.Node {
	if own == nil {
		return global
	}
	global, own = aliased(global), aliased(own)
	switch {
	case global.Kind == yaml.SequenceNode && own.Kind == yaml.SequenceNode && !tagged(global) && !tagged(own):
		out := *own
		out.Content = append(slices.Clone(global.Content), own.Content...)
		return &out
	case !mergeable(global) || !mergeable(own):
		return own
	}
	out := *own
	out.Content = slices.Clone(own.Content)
	for i := 0; i+1 < len(global.Content); i += 2 {
		key, at := global.Content[i], -1
		for k := 0; k+1 < len(out.Content); k += 2 {
			if out.Content[k].Value == key.Value {
				at = k + 1
			}
		}
		if at < 0 {
			out.Content = append(out.Content, key, global.Content[i+1])
		} else {
			out.Content[at] = withGlobals(global.Content[i+1], out.Content[at])
		}
	}
	return &out
}
