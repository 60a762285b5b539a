package template

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// This file knows files that are brought here by mistake, and says what they are and
// what to do.

// notTemplate is a kind of file that is not a template.
type notTemplate struct {
	what, todo string
	// is tells a file by its base name and its text; of tells it by what it holds, nil
	// where it is not a map or a list.
	is func(name string, src []byte) bool
	of func(root *yaml.Node) bool
	// give names the files to give in its place, as the file itself does; nil where it does
	// not, and where it gives none todo is said.
	give func(name string, root *yaml.Node) []string
}

var (
	terraform = regexp.MustCompile(`(?m)^\s*(resource|data|module|variable|provider|terraform)\s*("[^"\n]*"\s*)*\{`)
	cdkSource = regexp.MustCompile(`aws-cdk-lib|aws_cdk|@aws-cdk/|software\.amazon\.awscdk|Amazon\.CDK|github\.com/aws/aws-cdk-go`)
	// placeholder is a line that Jinja, Go or Ruby would carry out.
	placeholder = regexp.MustCompile(`(?m)^\s*(?:\{%|\{\{[^r\n]|<%)|\{\{[-% ]*(?:range|if|end|for|include)\b`)
	service     = regexp.MustCompile(`(?m)^service:`)
	provider    = regexp.MustCompile(`(?m)^provider:`)
)

const (
	synth   = "cdk synth, then the folder it writes: cdk.out"
	convert = "esmlab reads CloudFormation: the stream or queue, the function and the mapping as a SAM template"
)

func extension(list ...string) func(string, []byte) bool {
	return func(name string, _ []byte) bool { return slices.Contains(list, path.Ext(name)) }
}

func with(names ...string) func(*yaml.Node) bool {
	return func(root *yaml.Node) bool {
		for _, name := range names {
			if child(root, name) == nil {
				return false
			}
		}
		return true
	}
}

// notTemplates are such kinds, the surest first.
var notTemplates = []notTemplate{
	{"a cookiecutter: the template of a template", "make a project of it (sam init --location, or cookiecutter), then the template.yaml in it",
		func(_ string, src []byte) bool {
			return bytes.Contains(src, []byte("{{cookiecutter.")) || bytes.Contains(src, []byte("{{ cookiecutter."))
		}, nil, nil},
	{"Terraform", convert, func(name string, src []byte) bool {
		return path.Ext(name) == ".tf" || strings.HasSuffix(name, ".tf.json") || path.Ext(name) == ".hcl" || path.Ext(name) == ".tfvars" || path.Ext(name) == "" && terraform.Match(src)
	}, func(root *yaml.Node) bool {
		return child(root, "planned_values") == nil && (with("terraform_version")(root) || with("format_version")(root))
	}, nil},
	{"the source of a CDK app", synth, func(name string, src []byte) bool {
		return slices.Contains([]string{".ts", ".js", ".mjs", ".py", ".java", ".cs", ".go"}, path.Ext(name)) && cdkSource.Match(src)
	}, nil, nil},
	{"a CDK app's settings", synth, nil, func(root *yaml.Node) bool {
		return textOf(child(root, "app")) != "" && (child(root, "context") != nil || child(root, "watch") != nil || len(root.Content) <= 8)
	}, nil},
	{"the manifest of a CDK app's cdk.out", "the folder it is in, with --stack NAME", nil, with("artifacts", "version"), stackFiles},
	{"the construct tree of a CDK app", "the folder it is in, with --stack NAME", nil, func(root *yaml.Node) bool { return strings.HasPrefix(textOf(child(root, "version")), "tree-") }, treeFiles},
	{"a list of the assets of a CDK stack", "the stack's .template.json beside it", nil, with("files", "dockerImages"), assetFiles},
	{"settings of an integration test of a CDK app", "the stack's .template.json beside it", nil, with("testCases"), nil},
	{"what a CDK app has looked up", synth, func(name string, _ []byte) bool { return name == "cdk.context.json" }, nil, nil},
	{"a plan of Terraform", convert, nil, with("planned_values"), nil},
	{"a change set as `aws cloudformation describe-change-set` prints it", "its template: aws cloudformation get-template --change-set-name NAME --stack-name NAME, then what is in TemplateBody", nil, with("Changes", "ChangeSetName"), nil},
	{"what `aws cloudformation get-template` prints", "what is in its TemplateBody, in a file of its own", nil, with("TemplateBody"), nil},
	{"what `aws cloudformation describe-stacks` prints", "the template of the stack: aws cloudformation get-template --stack-name NAME, then what is in TemplateBody", nil, with("Stacks"), nil},
	{"a buildspec of CodeBuild", "the template that it packages or deploys", func(name string, _ []byte) bool { return strings.HasPrefix(name, "buildspec") }, with("phases"), nil},
	{"an appspec of CodeDeploy", "the template that it deploys", func(name string, _ []byte) bool { return strings.HasPrefix(name, "appspec.") }, nil, nil},
	{"a policy of IAM", "the template whose role or queue it is for", nil, with("Statement"), nil},
	{"a file of parameters for a deployment", "the template, with --param NAME=VALUE", nil, func(root *yaml.Node) bool {
		if root.Kind == yaml.SequenceNode { // NAME=VALUE
			return len(root.Content) > 0 && strings.Contains(textOf(aliased(root.Content[0])), "=")
		}
		return child(root, "Parameters") != nil && (child(root, "Tags") != nil || child(root, "StackPolicy") != nil || plainTexts(child(root, "Parameters")))
	}, nil},
	{"the schema of a resource type", "a template that has a resource of the type", nil, with("typeName", "properties"), nil},
	{"a JSON schema", "a SAM or CloudFormation template", nil, with("$schema", "properties"), nil},
	{"settings of the TypeScript compiler", "the template, or cdk synth for a CDK app", func(name string, _ []byte) bool { return strings.HasPrefix(name, "tsconfig") }, nil, nil},
	{"a service of the Serverless Framework", "sls package, then .serverless/cloudformation-template-update-stack.json",
		func(name string, src []byte) bool { return service.Match(src) && provider.Match(src) },
		func(root *yaml.Node) bool {
			return with("service", "provider")(root) || with("service", "functions")(root)
		}, nil},
	{"settings of the SAM command line", "the template.yaml beside it", func(name string, _ []byte) bool { return strings.HasPrefix(name, "samconfig.") }, nil, nil},
	{"a mapping as `aws lambda get-event-source-mapping` prints it", "a template with an AWS::Lambda::EventSourceMapping of these settings", nil, with("UUID", "EventSourceArn"), nil},
	{"the list that `aws lambda list-event-source-mappings` prints", "a template with an AWS::Lambda::EventSourceMapping of these settings", nil, with("EventSourceMappings"), nil},
	{"an event that a function gets", "the template that its function stands in", nil, with("Records"), nil},
	{"a list of template parameters", "the template, with --param NAME=VALUE", nil, func(root *yaml.Node) bool {
		return root.Kind == yaml.SequenceNode && len(root.Content) > 0 && child(aliased(root.Content[0]), "ParameterKey") != nil
	}, nil},
	{"the definition of a state machine", "the template that it belongs to", nil, with("StartAt", "States"), nil},
	{"an OpenAPI definition", "the template that it belongs to", nil, func(root *yaml.Node) bool { return with("openapi")(root) || with("swagger")(root) }, nil},
	{"a manifest of Kubernetes", convert, nil, with("apiVersion", "kind"), nil},
	{"a file of Docker Compose", convert, func(name string, _ []byte) bool { return strings.HasPrefix(name, "docker-compose") }, nil, nil},
	{"a Pulumi project", convert, func(name string, _ []byte) bool { return strings.HasPrefix(name, "Pulumi.") }, nil, nil},
	{"a Node package", "the template beside it, or cdk synth for a CDK app", func(name string, _ []byte) bool { return name == "package.json" || name == "package-lock.json" }, nil, nil},
	{"a workflow of GitHub", "the template that it deploys", nil, with("jobs", "on"), nil},
	{"a fragment: resources without the section around them", "Resources: above it, indented below", nil, isFragment, nil},
	{"a fragment: the parts of one resource", "Resources: and the resource's logical id above it, indented below", nil,
		func(root *yaml.Node) bool { return strings.HasPrefix(textOf(child(root, "Type")), "AWS::") }, nil},
	{"a fragment: an event of a function", "the function that it belongs to, in Resources", nil, func(root *yaml.Node) bool {
		for _, name := range keys(root) {
			event := child(root, name)
			if slices.Contains([]string{"SQS", "Kinesis", "DynamoDB", "SNS"}, textOf(child(event, "Type"))) && child(event, "Properties") != nil {
				return true
			}
		}
		return false
	}, nil},
	{"a fragment: the settings of an event source mapping", "the mapping that they belong to, in Resources", nil, func(root *yaml.Node) bool {
		return with("EventSourceArn")(root) || with("Stream", "StartingPosition")(root) || with("Queue", "BatchSize")(root)
	}, nil},
	{"the source of a template, with placeholders in it", "the file that sceptre, jinja or helm makes of it",
		func(_ string, src []byte) bool { return placeholder.Match(src) }, nil, nil},
	{"a text", "a SAM or CloudFormation template", extension(".md", ".txt", ".rst", ".html"), nil, nil},
}

// plainTexts tells whether all values of a map are texts: parameters that are given, and
// not declared.
func plainTexts(n *yaml.Node) bool {
	for _, name := range keys(n) {
		if child(n, name).Kind != yaml.ScalarNode {
			return false
		}
	}
	return len(keys(n)) > 0
}

// stackFiles are the templates that a manifest of cdk.out names.
func stackFiles(_ string, root *yaml.Node) (out []string) {
	artifacts := child(root, "artifacts")
	for _, id := range keys(artifacts) {
		if a := child(artifacts, id); textOf(child(a, "type")) == "aws:cloudformation:stack" {
			out = append(out, textOf(child(child(a, "properties"), "templateFile")))
		}
	}
	return out
}

// treeFiles are the templates of the stacks in a construct tree.
func treeFiles(_ string, root *yaml.Node) (out []string) {
	children := child(child(root, "tree"), "children")
	for _, id := range keys(children) {
		if c := child(children, id); strings.HasSuffix(textOf(child(child(c, "constructInfo"), "fqn")), ".Stack") {
			out = append(out, id+".template.json")
		}
	}
	return out
}

// assetFiles are the templates among the assets of a stack.
func assetFiles(name string, root *yaml.Node) (out []string) {
	files := child(root, "files")
	for _, hash := range keys(files) {
		if file := textOf(child(child(child(files, hash), "source"), "path")); strings.HasSuffix(file, ".template.json") && !strings.HasSuffix(file, ".nested.template.json") {
			out = append(out, file)
		}
	}
	if stack, is := strings.CutSuffix(name, ".assets.json"); is && len(out) == 0 {
		out = append(out, stack+".template.json")
	}
	return out
}

// isFragment tells whether a map's values are resources.
func isFragment(root *yaml.Node) bool {
	for _, name := range keys(root) {
		if kind := textOf(child(child(root, name), "Type")); strings.HasPrefix(kind, "AWS::") || strings.HasPrefix(kind, "Custom::") {
			return true
		}
	}
	return false
}

// recognize says what a file is that is not a template, and what to do; "" where nobody
// knows. root is what it holds, nil where it could not be read.
func recognize(file string, src []byte, root *yaml.Node) (what, todo string) {
	name := path.Base(strings.ReplaceAll(file, "\\", "/"))
	for _, k := range notTemplates {
		if k.is != nil && k.is(name, src) || k.of != nil && root != nil && k.of(root) {
			if k.give != nil && root != nil {
				if files := slices.DeleteFunc(k.give(name, root), func(s string) bool { return s == "" }); len(files) > 0 {
					if len(files) > 3 {
						files = append(files[:3:3], "…")
					}
					return k.what, strings.Join(files, ", ") + " beside it, or the folder"
				}
			}
			return k.what, k.todo
		}
	}
	return "", ""
}

// refuseAs replaces what was found wrong with a file by what the file is, where that is
// known and it is not a template.
func (p *Problems) refuseAs(src []byte, root *yaml.Node) bool {
	what, todo := recognize(p.File, src, root)
	if what == "" {
		return false
	}
	p.list = nil
	is := "this is "
	if strings.HasPrefix(what, "settings") {
		is = "these are "
	}
	p.Add(start, "", is+what+", not a SAM or CloudFormation template", todo)
	return true
}

// missing notes a name that stands nowhere in the template, and that is not a slip of one of
// the known.
func (t *Template) missing(name string, known []string) {
	if Nearest(name, known) == "" && !slices.Contains(t.nowhere, name) {
		t.nowhere = append(t.nowhere, name)
	}
}

// part replaces what was found wrong with a part of a template by what it is: without
// parameters of its own it names several things that are elsewhere.
func (t *Template) part() {
	if len(t.nowhere) < 2 || t.section("Parameters") != nil || t.was != nil {
		return
	}
	names, more := t.nowhere, ""
	if len(names) > 3 {
		names, more = names[:3], " and "+strconv.Itoa(len(names)-3)+" more"
	}
	t.list = nil
	t.Problems.Add(start, "", "this is a part of a template: "+short(strings.Join(names, ", "))+more+" stand nowhere in it", "the template that its parts are put together into")
}

// IsTemplate tells whether a file is a template: it has Resources, and nothing says that
// it is another kind of file.
func IsTemplate(file string, src []byte) bool {
	p := &Problems{File: file}
	root := Parse(file, src, p)
	return root != nil && child(root, "Resources") != nil
}
