package user

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/event"
	"esmlab/engine/finding"
	"esmlab/engine/handback"
	"esmlab/engine/scenario"
	"esmlab/engine/share"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
	"esmlab/ui/lesson"
	"esmlab/ui/quiz"
)

// LabOptions reads a scenario for the lab: a built-in one, or a file, which can be
// read again when it was saved.
func (u *User) LabOptions(name string, o Changes) (lab.Options, error) {
	if IsShared(name) {
		return u.sharedOptions(name)
	}
	if u.IsFolder(name) || o.Stack != "" {
		file, err := u.Locate(name, o.Stack)
		if err != nil {
			return lab.Options{}, err
		}
		name, o.Stack = file, ""
	}
	var last atomic.Pointer[scenario.Scenario]
	read := func() (*lab.Scenario, []byte, error) {
		src, file, err := u.Source(name)
		if err != nil {
			return nil, nil, err
		}
		sc, err := u.Read(file, src, o)
		if err != nil {
			return nil, nil, err
		}
		last.Store(sc)
		return &lab.Scenario{Name: sc.Name, Title: sc.Title, About: sc.About, Config: sc.Config, Notes: sc.Notes, Details: sc.Details, MadeUp: sc.MadeUp, Findings: u.Findings(sc), World: worldOf(sc, name)}, src, nil
	}
	sc, src, err := read()
	if err != nil {
		return lab.Options{}, err
	}
	opts := lab.Options{Scenario: sc, Message: Message, Command: o.Command(name), Steps: o.Steps, Sharing: u.sharing()}
	opts.Finding = func(screens *kit.ScreenStack, f *finding.Finding, all []finding.Finding) kit.Opening {
		return u.FindingOpening(screens, f, f.Name(all), name)
	}
	if len(o.Sets)+len(o.Params) == 0 && name != "-" { // otherwise it would be another run at the next start
		opts.Name = name
	}
	var was atomic.Pointer[[]byte] // what was read last
	was.Store(&src)
	opts.Deploy = func(file string, before *engine.Deployment) (lab.Deployed, error) {
		own := file == ""
		if own {
			file = name
		}
		src, err := u.readFile(file)
		if err != nil {
			return lab.Deployed{}, refused("%s: cannot be read: %v", file, RootCause(err))
		}
		sc := last.Load()
		d, err := sc.Deploy(file, src, before)
		if err != nil {
			return lab.Deployed{}, err
		}
		if own {
			was.Store(&src)
		}
		return lab.Deployed{Command: engine.Command{Op: engine.OpDeploy, Target: besideOf(name, file), Deploy: d}, Notes: sc.NotesOn(d)}, nil
	}
	opts.HandBack = func(done []handback.Done) (*handback.Result, error) {
		return handback.Write(last.Load(), handback.Given{Seed: o.Seed, For: o.For, Sets: o.Sets, Steps: o.Steps}, done, u.Beside(name))
	}
	opts.SaveAs = name
	if !IsFile(name) || name == "-" {
		opts.SaveAs = strings.TrimPrefix(name, LessonPrefix) + ".yaml"
		if name == "-" {
			opts.SaveAs = "template.yaml"
		}
	}
	if u.WriteFile != nil {
		var saved atomic.Pointer[[]byte] // what the file has from here
		opts.WriteFile = func(file string, text []byte) error {
			own := IsFile(name) && name != "-" && filepath.Clean(file) == filepath.Clean(name)
			switch now, err := u.readFile(file); {
			case errors.Is(err, fs.ErrNotExist):
			case !own: // also what cannot be read is not to be lost
				return refused("%s is there already, and is not this template: another name", file)
			case err == nil && !bytes.Equal(now, last.Load().Source) && (saved.Load() == nil || !bytes.Equal(now, *saved.Load())): // and a step may deploy what it has now
				return refused("%s was edited since this run began with it, and would be lost: another name", file)
			}
			if err := u.WriteFile(file, text); err != nil {
				return refused("%s: cannot be written: %v", file, RootCause(err))
			}
			if own {
				saved.Store(&text)
				was.Store(&text)
			}
			return nil
		}
	}
	if !IsFile(name) {
		return opts, nil
	}
	opts.Changed = func() bool {
		now, err := u.readFile(name)
		return err == nil && !bytes.Equal(now, *was.Load())
	}
	opts.Reload = func() (*lab.Scenario, error) {
		sc, src, err := read()
		if err == nil {
			was.Store(&src)
		}
		return sc, err
	}
	return opts, nil
}

// worldOf is the world of a scenario, to be shared. A lesson's template has a name.
func worldOf(sc *scenario.Scenario, name string) *share.World {
	w := share.WorldOf(sc)
	if strings.HasPrefix(name, LessonPrefix) {
		w.Name, w.Source = name, ""
	}
	return &w
}

// besideOf names a file as a step of a scenario names it: from where the scenario is.
func besideOf(name, file string) string {
	whole, err := filepath.Abs(file)
	if err != nil {
		return file
	}
	if IsFile(name) {
		if dir, err := filepath.Abs(filepath.Dir(name)); err == nil {
			if rel, err := filepath.Rel(dir, whole); err == nil {
				return filepath.ToSlash(rel)
			}
		}
	}
	return whole
}

// OpenOn lays a lab on the screens, and notes that its scenario was seen.
func (u *User) OpenOn(screens *kit.ScreenStack, opts lab.Options) error {
	if opts.Name != "" && opts.Present == nil {
		opts.Present = func() tea.Cmd {
			return screens.Load(u.PresentOpening(screens, opts.Name), func(err error) tea.Cmd {
				if l, ok := screens.Top().(*lab.Lab); ok {
					l.Say(err.Error())
				}
				return nil
			})
		}
	}
	l, err := lab.New(screens, opts)
	if err != nil {
		return err
	}
	if IsBuiltin(opts.Name) {
		if u.seen == nil {
			u.seen = map[string]bool{}
		}
		u.seen[opts.Name] = true
	}
	screens.Open(l)
	return nil
}

// Message is the failure record of a discard, in lines of JSON.
func Message(s *engine.Sim, discard int) []string {
	var b bytes.Buffer
	if err := json.Indent(&b, event.Failure(s, &s.Discards[discard]), "", "  "); err != nil {
		return nil
	}
	return strings.Split(b.String(), "\n")
}

// Begin is what the welcome line of the first lab offers.
func (u *User) Begin(screens *kit.ScreenStack, home *home.Home) []lab.Begin {
	open := func(o kit.Opening) func() tea.Cmd {
		return func() tea.Cmd {
			return screens.Load(o, func(err error) tea.Cmd {
				if l, ok := screens.Top().(*lab.Lab); ok {
					l.Say(err.Error())
				}
				return nil
			})
		}
	}
	return []lab.Begin{
		{Text: "two-minute tour", Open: open(lesson.FolderOpening(screens, u.Lessons, u.CourseOptions(""), "tour"))},
		{Text: "quiz", Open: open(u.Questions().Opening(screens, quiz.Request{}, quiz.Mode{}))},
		{Text: "my own template", Open: func() tea.Cmd {
			screens.Back()
			return home.Run("template")
		}},
	}
}

// Command is the command line that starts this run again.
func (o Changes) Command(name string) string {
	words := []string{AsArgument(name)}
	if o.Seed != nil {
		words = append(words, fmt.Sprintf("--seed %d", *o.Seed))
	}
	if o.For != "" {
		words = append(words, "--for "+kit.Quote(o.For))
	}
	for _, s := range o.Sets {
		words = append(words, "--set "+kit.Quote(s))
	}
	for _, s := range o.Steps {
		words = append(words, "--step "+kit.Quote(s))
	}
	for _, p := range o.Params {
		words = append(words, "--param "+kit.Quote(p))
	}
	return strings.Join(words, " ")
}

// AsArgument writes a scenario's name for a shell, so that a name with a leading
// dash is not taken for a flag.
func AsArgument(name string) string {
	if len(name) > 1 && name[0] == '-' {
		name = "./" + name
	}
	return kit.Quote(name)
}
