package user

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"esmlab/engine/finding"
	"esmlab/engine/scenario"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

// This file lets findings read the code that a template points at, and opens their worlds.

// Bounds of what is read of a folder of code.
const (
	mostSources = 300
	largest     = 512 << 10
)

var (
	sources  = []string{".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".go", ".java", ".kt"}
	notOwned = []string{"node_modules", "vendor", "site-packages", "__pycache__", "venv", "dist-info", "target", "cdk.out"}
)

// Findings are what will hurt in a scenario's template.
func (u *User) Findings(sc *scenario.Scenario) []finding.Finding {
	return finding.All(sc, finding.Options{Code: u.codeBeside(sc.File)})
}

// codeBeside reads folders of code that a template names. What cannot be read is not there.
func (u *User) codeBeside(file string) func(uri string) finding.Code {
	if !IsFile(file) || file == "-" || file == "<stdin>" || u.Dir == nil {
		return nil
	}
	return func(uri string) finding.Code {
		dir := uri
		if !filepath.IsAbs(uri) {
			dir = filepath.Join(filepath.Dir(file), uri)
		}
		files := finding.Code{}
		root := u.Dir(dir)
		_ = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil
			case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains(notOwned, d.Name()) || strings.Count(name, "/") > 12):
				return fs.SkipDir
			case len(files) >= mostSources:
				return fs.SkipAll
			case d.IsDir() || !slices.Contains(sources, path.Ext(name)):
				return nil
			}
			if info, err := d.Info(); err != nil || info.Size() > largest {
				return nil
			}
			if text, err := fs.ReadFile(root, name); err == nil {
				files[name] = string(text)
			}
			return nil
		})
		if len(files) == 0 { // a single file
			if text, err := u.ReadFile(dir); err == nil && slices.Contains(sources, path.Ext(dir)) {
				files[filepath.Base(dir)] = string(text)
			}
		}
		return files
	}
}

// FindingOpening opens the lab in the world of a finding, just before it bites. id is its
// name, of the template's own.
func (u *User) FindingOpening(screens *kit.ScreenStack, f *finding.Finding, id, of string) kit.Opening {
	return kit.Opening{Name: "the world of " + id, Read: func() (func() error, error) {
		p, err := f.Prove()
		if err != nil {
			return nil, err
		}
		return func() error {
			sc := p.Scenario
			title := id + " in " + sc.Name
			intro := &kit.Card{Title: title, Body: []kit.Para{{Text: kit.Capitalize(f.Sentence) + "."}, {}, {Style: kit.Strong, Text: f.World.Watch}, {},
				{Style: kit.Dim, Text: kit.WithKeys("Time stands just before that: {next} shows it happen, {why} says why, {back} goes back.")}}}
			if !p.Bit {
				intro.Body[4].Text = kit.WithKeys("It did not happen in this run, which stands at its end: {prev} goes back through it.")
			}
			l, err := lab.New(screens, lab.Options{Scenario: &lab.Scenario{Name: sc.Name, Title: title, About: f.World.Watch, Config: sc.Config, Notes: sc.Notes},
				Message: Message, Stopped: true, Mapping: p.Mapping, Intro: intro,
				Uncopied: "This is the world of a finding: esmlab lab --finding " + kit.Quote(id) + " " + AsArgument(of) + " opens it"})
			if err != nil {
				return err
			}
			l.Timeline().SeekStep(p.Steps)
			screens.Open(l)
			return nil
		}, nil
	}}
}
