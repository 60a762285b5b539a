package user

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"esmlab/engine/template"
)

// This file finds the template that a folder stands for: a stack of a CDK app's cdk.out,
// what sam build or sls package wrote, or the one template that is in it.

// IsFolder reports whether a name is that of a folder.
func (u *User) IsFolder(name string) bool {
	return name != "-" && !IsBuiltin(name) && u.Notes().IsFolder(name)
}

// Locate finds the one template that a name means: of a file itself, of a folder the
// template in it. stack names a stack of a CDK app, "" the one with a mapping.
func (u *User) Locate(name, stack string) (string, error) {
	list, err := u.locate(name, stack)
	switch {
	case err != nil:
		return "", Refused(err.Error())
	case len(list) == 1:
		return list[0], nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s holds %d templates with an event source mapping (name one of them):", name, len(list))
	for i, file := range list {
		if i == 20 {
			fmt.Fprintf(&b, "\n  … and %d more", len(list)-20)
			break
		}
		b.WriteString("\n  " + AsArgument(file))
	}
	return "", Refused(b.String())
}

// LocateAll finds all templates with a mapping that a name means: where Locate asks to
// choose, it takes all.
func (u *User) LocateAll(name, stack string) ([]string, error) {
	list, err := u.locate(name, stack)
	if errors.As(err, &several{}) {
		err = nil
	}
	return list, err
}

// locate finds the templates; its error is several where the stack is to be chosen.
func (u *User) locate(name, stack string) ([]string, error) {
	if !u.IsFolder(name) {
		if stack != "" {
			if base := path.Base(filepath.ToSlash(name)); base == "manifest.json" || strings.HasSuffix(base, ".template.json") {
				return u.assembly(filepath.Dir(name), stack)
			}
			return nil, refused("--stack %s: %s is not a cdk.out (the folder that cdk synth writes)", stack, name)
		}
		return []string{name}, nil
	}
	name = filepath.Clean(name)
	at := u.Dir(name)
	has := func(file string) bool { _, err := fs.Stat(at, file); return err == nil }
	switch {
	case has("manifest.json") && has("cdk.out"), strings.HasPrefix(filepath.Base(name), "cdk.out") && has("manifest.json"):
		return u.assembly(name, stack)
	case has("cdk.out/manifest.json") && (has("cdk.json") || stack != ""):
		return u.assembly(filepath.Join(name, "cdk.out"), stack)
	case stack != "":
		return nil, refused("--stack %s: %s is not a CDK app with a cdk.out (cdk synth writes it)", stack, name)
	case has("cdk.json"):
		return nil, refused("%s: this is a CDK app, not a template (cdk synth, then esmlab run %s)", name, AsArgument(filepath.Join(name, "cdk.out")))
	case filepath.Base(name) == ".aws-sam" && has("build/template.yaml"):
		return []string{filepath.Join(name, "build", "template.yaml")}, nil
	case filepath.Base(name) == ".aws-sam":
		return nil, refused("%s: there is no build/template.yaml in it (sam build writes it)", name)
	case filepath.Base(name) == "build" && filepath.Base(filepath.Dir(name)) == ".aws-sam" && has("template.yaml"):
		return []string{filepath.Join(name, "template.yaml")}, nil
	case has(packaged):
		return []string{filepath.Join(name, filepath.FromSlash(packaged))}, nil
	case filepath.Base(name) == ".serverless" && has(path.Base(packaged)):
		return []string{filepath.Join(name, path.Base(packaged))}, nil
	case has("serverless.yml") || has("serverless.yaml") || has("serverless.ts"):
		return nil, refused("%s: this is a service of the Serverless Framework, not a template (sls package, then esmlab run %s)", name, AsArgument(name))
	}
	return u.search(name, at)
}

// packaged is what sls package writes.
const packaged = ".serverless/cloudformation-template-update-stack.json"

// mappingIn finds what only a template with an event source mapping has.
var mappingIn = regexp.MustCompile(`AWS::Lambda::EventSourceMapping|SqsSubscription|["']?Type["']?\s*:\s*["']?(SQS|Kinesis|DynamoDB)\b`)

// The most that is looked at in a folder.
const (
	mostFiles = 20_000
	mostDepth = 12
	mostBytes = 4 << 20 // of one file
)

// search looks through a folder, in the order of the names.
func (u *User) search(name string, at fs.FS) ([]string, error) {
	var out []string
	seen, others := 0, map[string]bool{}
	_ = fs.WalkDir(at, ".", func(file string, e fs.DirEntry, err error) error {
		base := path.Base(file)
		switch {
		case err != nil && e == nil:
			return fs.SkipAll
		case err != nil: // a folder that cannot be read
			return nil
		case e.IsDir() && file != "." && (strings.HasPrefix(base, ".") || base == "node_modules" || strings.Count(file, "/") > mostDepth):
			return fs.SkipDir
		case e.IsDir():
			return nil
		}
		if seen++; seen > mostFiles {
			return fs.SkipAll
		}
		switch ext := strings.ToLower(path.Ext(base)); ext {
		case ".tf":
			others["Terraform"] = true
		case ".yaml", ".yml", ".json", ".template":
			if info, err := e.Info(); err != nil || info.Size() > mostBytes || !info.Mode().IsRegular() {
				return nil
			}
			src, err := fs.ReadFile(at, file)
			if err == nil && mappingIn.Match(src) && template.IsTemplate(base, src) {
				out = append(out, filepath.Join(name, filepath.FromSlash(file)))
			}
		}
		return nil
	})
	if len(out) > 0 {
		return out, nil
	}
	if others["Terraform"] {
		return nil, refused("%s: this is Terraform, and there is no template in it (esmlab reads CloudFormation: the stream or queue, the function and the mapping as a SAM template)", name)
	}
	return nil, refused("%s: there is no template with an event source mapping in this folder (a SAM or CloudFormation template, .yaml or .json)", name)
}

// manifest is what is read of a cloud assembly's manifest.json.
type manifest struct {
	Artifacts map[string]struct {
		Type        string
		Environment string // aws://ACCOUNT/REGION
		DisplayName string
		Properties  struct {
			TemplateFile, StackName, DirectoryName string
		}
	}
}

// stackOf is a stack of a cloud assembly.
type stackOf struct {
	names  []string // that it is known by
	file   string
	params []string // its Region and its account, as NAME=VALUE
}

// stacks lists the stacks of a cloud assembly, those of its stages too.
func (u *User) stacks(dir string, depth int) ([]stackOf, error) {
	src, err := u.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return nil, refused("%s: its manifest.json cannot be read: %v", dir, RootCause(err))
	}
	var m manifest
	if err := json.Unmarshal(src, &m); err != nil {
		return nil, refused("%s: this is not the manifest of a CDK app (cdk synth writes it anew)", filepath.Join(dir, "manifest.json"))
	}
	var out []stackOf
	ids := make([]string, 0, len(m.Artifacts))
	for id := range m.Artifacts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		a := m.Artifacts[id]
		p := a.Properties
		switch {
		case a.Type == "aws:cloudformation:stack" && filepath.IsLocal(p.TemplateFile):
			s := stackOf{names: []string{id}, file: filepath.Join(dir, p.TemplateFile), params: place(a.Environment)}
			for _, name := range []string{a.DisplayName, p.StackName} {
				if name != "" && !slices.Contains(s.names, name) {
					s.names = append(s.names, name)
				}
			}
			out = append(out, s)
		case a.Type == "cdk:cloud-assembly" && filepath.IsLocal(p.DirectoryName) && depth < 4:
			inner, err := u.stacks(filepath.Join(dir, p.DirectoryName), depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
		}
	}
	return out, nil
}

// place gives the Region and the account of an environment, where it says them.
func place(environment string) []string {
	account, region, ok := strings.Cut(strings.TrimPrefix(environment, "aws://"), "/")
	var out []string
	if ok && !strings.HasPrefix(account, "unknown") && account != "" {
		out = append(out, "AWS::AccountId="+account)
	}
	if ok && !strings.HasPrefix(region, "unknown") && region != "" {
		out = append(out, "AWS::Region="+region)
	}
	return out
}

// assembly finds stacks of a cdk.out: the one that is named, else those with a mapping.
func (u *User) assembly(dir, stack string) ([]string, error) {
	all, err := u.stacks(dir, 0)
	if err != nil {
		return nil, err
	}
	var names []string
	var out []string
	for _, s := range all {
		names = append(names, s.names[len(s.names)-1])
		if slices.Contains(s.names, stack) {
			return []string{s.file}, nil
		}
		if src, err := u.ReadFile(s.file); err == nil && mappingIn.Match(src) {
			out = append(out, s.file)
		}
	}
	switch {
	case len(all) == 0:
		return nil, refused("%s: there is no stack in it (cdk synth writes them)", dir)
	case stack != "":
		return nil, refused("--stack %s: there is no such stack in %s (%s)", stack, dir, template.OneOf(stack, names))
	case len(out) == 0:
		return nil, refused("%s: none of its stacks has an event source mapping (they are %s)", dir, strings.Join(names, ", "))
	case len(out) > 1:
		var with []string
		for _, s := range all {
			if slices.Contains(out, s.file) {
				with = append(with, s.names[len(s.names)-1])
			}
		}
		return out, several{dir, with}
	}
	return out, nil
}

// several is the error of an assembly of which more than one stack has a mapping; the
// stacks are given with it, for who wants all.
type several struct {
	dir   string
	names []string
}

func (s several) Error() string {
	return fmt.Sprintf("%s has %d stacks with an event source mapping: choose one with --stack\n  %s", s.dir, len(s.names), strings.Join(s.names, "\n  "))
}

// ofStack gives the Region and the account of a template that is one of a cdk.out, as
// NAME=VALUE.
func (u *User) ofStack(file string) []string {
	if !strings.HasSuffix(file, ".template.json") {
		return nil
	}
	if all, err := u.stacks(filepath.Dir(file), 4); err == nil {
		for _, s := range all {
			if filepath.Clean(s.file) == filepath.Clean(file) {
				return s.params
			}
		}
	}
	return nil
}
