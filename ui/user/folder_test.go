package user

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"
)

// tree is a machine's files, for Locate.
func tree() fstest.MapFS {
	const mapping = "Resources:\n  Q: {Type: AWS::SQS::Queue}\n  F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}}}}\n"
	const stack = `{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}, "F": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": {"Fn::Sub": "f-${AWS::Region}-${AWS::AccountId}"}}},
		"M": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"EventSourceArn": {"Fn::GetAtt": ["Q", "Arn"]}, "FunctionName": {"Ref": "F"}}}}}`
	artifact := func(file, env, name string) string {
		return `{"type": "aws:cloudformation:stack", "environment": "` + env + `", "displayName": "` + name + `", "properties": {"templateFile": "` + file + `"}}`
	}
	files := map[string]string{
		"one/infra/template.yaml": mapping, "one/infra/other.yaml": "Resources: {T: {Type: AWS::SNS::Topic}}", "one/node_modules/x/template.yaml": mapping,
		"one/.git/template.yaml": mapping, "one/events/sqs.json": `{"Records": [], "Type": "SQS"}`, "one/samconfig.toml": "version = 0.1\n",
		"two/a.yaml": mapping, "two/b.json": stack, "none/notes.md": "Nothing.\n", "tf/main.tf": "resource \"aws_sqs_queue\" \"q\" {\n}\n",
		"app/cdk.json": `{"app": "node bin/app.js"}`, "built/.aws-sam/build/template.yaml": mapping, "built/.aws-sam/build.toml": "", "half/.aws-sam/build.toml": "",
		"sls/serverless.yml": "service: x\nprovider: {name: aws}\n", "packed/serverless.yml": "service: x\nprovider: {name: aws}\n",
		"packed/.serverless/cloudformation-template-update-stack.json": stack, "packed/.serverless/cloudformation-template-create-stack.json": "{}",
		"cdk/cdk.json": `{"app": "node bin/app.js"}`, "cdk/cdk.out/cdk.out": "{}",
		"cdk/cdk.out/manifest.json": `{"version": "1", "artifacts": {"A": ` + artifact("A.template.json", "aws://444455556666/eu-west-1", "App/A") + `, "B": ` + artifact("B.template.json", "aws://unknown-account/unknown-region", "App/B") +
			`, "Empty": ` + artifact("Empty.template.json", "aws://unknown-account/unknown-region", "App/Empty") + `, "Out": ` + artifact("../../two/b.json", "", "Out") + `, "Tree": {"type": "cdk:tree"}, "assembly-Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}}}`,
		"cdk/cdk.out/A.template.json": stack, "cdk/cdk.out/B.template.json": stack, "cdk/cdk.out/Empty.template.json": "{}",
		"cdk/cdk.out/assembly-Prod/manifest.json":   `{"artifacts": {"C": ` + artifact("C.template.json", "aws://444455556666/us-west-2", "Prod/C") + `}}`,
		"cdk/cdk.out/assembly-Prod/C.template.json": stack, "single/cdk.out/manifest.json": `{"artifacts": {"S": ` + artifact("S.template.json", "", "S") + `}}`, "single/cdk.out/cdk.out": "{}", "single/cdk.out/S.template.json": stack,
		"broken/cdk.out/manifest.json": "{", "bare/cdk.out/manifest.json": "{}",
	}
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func of(files fstest.MapFS) *User {
	u := &User{ReadFile: func(name string) ([]byte, error) { return fs.ReadFile(files, path.Clean(name)) },
		Dir: func(name string) fs.FS {
			sub, err := fs.Sub(files, path.Clean(name))
			if err != nil {
				return fstest.MapFS{}
			}
			return sub
		}}
	u.Complete()
	return u
}

// TestLocate: a folder stands for the template in it, and what is not one says what to do.
func TestLocate(t *testing.T) {
	u := of(tree())
	for _, c := range []struct{ name, stack, want string }{
		{"one", "", "one/infra/template.yaml"},
		{"one/infra/template.yaml", "", "one/infra/template.yaml"},
		{"calm-stream", "", "calm-stream"},
		{"two", "", "2 templates with an event source mapping (name one of them):\n  two/a.yaml\n  two/b.json"},
		{"none", "", "there is no template with an event source mapping in this folder"},
		{"tf", "", "this is Terraform"},
		{"app", "", "cdk synth, then esmlab run app/cdk.out"},
		{"built/.aws-sam", "", "built/.aws-sam/build/template.yaml"},
		{"built/.aws-sam/build", "", "built/.aws-sam/build/template.yaml"},
		{"half/.aws-sam", "", "sam build writes it"},
		{"sls", "", "sls package"},
		{"packed", "", "packed/.serverless/cloudformation-template-update-stack.json"},
		{"packed/.serverless", "", "packed/.serverless/cloudformation-template-update-stack.json"},
		{"cdk", "", "choose one with --stack\n  App/A\n  App/B\n  Prod/C"},
		{"cdk", "App/B", "cdk/cdk.out/B.template.json"},
		{"cdk/cdk.out", "A", "cdk/cdk.out/A.template.json"},
		{"cdk/cdk.out", "Prod/C", "cdk/cdk.out/assembly-Prod/C.template.json"},
		{"cdk/cdk.out/manifest.json", "A", "cdk/cdk.out/A.template.json"},
		{"cdk/cdk.out", "App/C", "there is no such stack in cdk/cdk.out (did you mean"},
		{"cdk/cdk.out", "Out", "there is no such stack"},
		{"single/cdk.out", "", "single/cdk.out/S.template.json"},
		{"single", "", "single/cdk.out/S.template.json"},
		{"broken/cdk.out", "", "not the manifest of a CDK app"},
		{"bare/cdk.out", "", "there is no stack in it"},
		{"one", "A", "one is not a CDK app with a cdk.out"},
		{"two/a.yaml", "A", "two/a.yaml is not a cdk.out"},
	} {
		got, err := u.Locate(c.name, c.stack)
		var refusal Refused
		if err != nil && !errors.As(err, &refusal) {
			t.Errorf("%s %s: not a refusal: %v", c.name, c.stack, err)
		}
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s %s: %s, not %s", c.name, c.stack, got, c.want)
		}
	}
	all, err := u.LocateAll("cdk", "")
	if err != nil || len(all) != 3 {
		t.Errorf("of all: %q, %v", all, err)
	}
	if all, err := u.LocateAll(".", ""); err != nil || len(all) != 7 {
		t.Errorf("of everything: %q, %v", all, err)
	}
}

// TestPlaceOfStack: the Region and the account of a stack are those of the manifest, unless
// they are given.
func TestPlaceOfStack(t *testing.T) {
	u := of(tree())
	for _, c := range []struct {
		file, want string
		params     []string
	}{
		{"cdk/cdk.out/A.template.json", "f-eu-west-1-444455556666", nil},
		{"cdk/cdk.out/A.template.json", "f-sa-east-1-444455556666", []string{"AWS::Region=sa-east-1"}},
		{"cdk/cdk.out/B.template.json", "f-us-east-1-111122223333", nil},
	} {
		src, file, err := u.Source(c.file)
		if err != nil {
			t.Fatal(err)
		}
		sc, err := u.Read(file, src, Changes{Params: c.params})
		if err != nil || sc.Config.Functions[0].Name != c.want {
			t.Errorf("%s %v: %v", c.file, c.params, err)
		}
	}
}
