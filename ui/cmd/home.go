package cmd

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/quiz/progress"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
	"esmlab/ui/lesson"
	"esmlab/ui/pane"
	"esmlab/ui/quiz"
)

// home is the screen that lists what can be opened.
func (w *Env) home(screens *kit.ScreenStack, o *runOptions) *home.Home {
	o = &runOptions{cmd: o.cmd, seed: o.seed} // --set, --step and --for belong to the scenario they were given with
	scenario := func(name string) kit.Opening {
		return kit.Opening{Name: name, Read: func() (func() error, error) {
			if name == "-" { // standard input is the keyboard
				return nil, cannot("-: type the name of a file, such as template.yaml")
			}
			opts, err := w.labOptions(name, o)
			return func() error { return w.openOn(screens, opts) }, err
		}}
	}
	seen := func(name string) bool { return w.seen[name] || w.progress().Seen(name) }
	return &home.Home{Screens: screens, Template: scenario, Files: w.templates, Sections: []home.Section{
		w.leftSection(screens, o),
		lesson.Section(screens, w.Lessons, w.courseOptions("")),
		w.questions().Section(screens),
		home.Scenarios(w.Builtin, scenario, seen, w.aboutScenario),
		w.ownSection(screens, o, scenario),
		w.questions().Decks(screens),
	}}
}

// aboutScenario says what else there is about a built-in scenario.
func (w *Env) aboutScenario(name string) []string {
	switch n := w.questions().About(name); n {
	case 0:
		return nil
	case 1:
		return []string{"1 card is about it"}
	default:
		return []string{fmt.Sprintf("%d cards are about it", n)}
	}
}

// templates lists a folder for the choice of a template: folders, and what can be one.
func (w *Env) templates(dir string) ([]home.File, error) {
	if w.Dir == nil {
		return nil, nil
	}
	if dir == "" {
		dir = "."
	}
	entries, err := fs.ReadDir(w.Dir(filepath.Clean(dir)), ".")
	if err != nil {
		return nil, err
	}
	var folders, files []home.File
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, "."):
		case e.IsDir():
			folders = append(folders, home.File{Name: name, Folder: true})
		case slices.Contains([]string{".yaml", ".yml", ".json", ".template"}, strings.ToLower(filepath.Ext(name))):
			f := home.File{Name: name}
			if info, err := e.Info(); err == nil {
				f.Note = kit.Thousands(int((info.Size()+1023)/1024)) + " KB"
			}
			files = append(files, f)
		}
	}
	return append(files, folders...), nil
}

// leftSection is what was open when the program last ended.
func (w *Env) leftSection(screens *kit.ScreenStack, o *runOptions) home.Section {
	return home.Section{Read: func() (func() []home.Group, error) {
		fetched := w.progress().Fetch()
		return func() []home.Group {
			fetched()
			left := w.progress().Left()
			if len(left) == 0 {
				return nil
			}
			e := w.again(screens, o, &left[len(left)-1])
			e.Name, e.Last = "continue", true
			return []home.Group{{Top: true, Entries: []home.Entry{e}}}
		}, nil
	}}
}

// own is how many of the person's runs and templates have a line.
const own = 20

// ownSection are the person's templates, and the runs in which they gave commands, the
// newest first.
func (w *Env) ownSection(screens *kit.ScreenStack, o *runOptions, open func(name string) kit.Opening) home.Section {
	return home.Section{Read: func() (func() []home.Group, error) {
		fetched := w.progress().Fetch()
		return func() []home.Group {
			fetched()
			templates := home.Group{Head: "Your own templates", Noun: "a template", Gap: true}
			runs := home.Group{Head: "Your runs", Noun: "a run"}
			have := map[string]bool{}
			add := func(g *home.Group, e home.Entry) {
				if !have[e.Name] && len(g.Entries) < own {
					have[e.Name] = true
					g.Entries = append(g.Entries, e)
				}
			}
			left := w.progress().Left()
			for i := len(left) - 1; i >= 0; i-- {
				l := &left[i]
				if isFile(l.Scenario) {
					add(&templates, home.Entry{Name: l.Scenario, Note: "opened " + l.Day.String(), Open: open(l.Scenario), Preview: w.look(l.Scenario, nil, -1)})
				}
				if len(l.Steps) > 0 {
					e := w.again(screens, o, l)
					e.Name, e.Note, e.About = e.Note, l.Day.String(), strings.Join(l.Steps, "\n")
					add(&runs, e)
				}
			}
			return []home.Group{templates, runs}
		}, nil
	}}
}

// look makes the preview of a scenario with the person's steps, at an instant; -1: at
// its stop.
func (w *Env) look(name string, steps []string, at engine.Micros) func() (home.Preview, error) {
	return func() (home.Preview, error) {
		src, file, err := w.source(name)
		if err != nil {
			return home.Preview{}, err
		}
		sc, err := scenario.Read(file, src, scenario.Options{Steps: steps, Open: w.beside(file)})
		if err != nil {
			return home.Preview{}, err
		}
		if at < 0 {
			at = home.StopOf(sc)
		}
		return home.LookAt(sc, at, nil)
	}
}

// again is the entry that opens what was left once more.
func (w *Env) again(screens *kit.ScreenStack, o *runOptions, l *progress.Line) home.Entry {
	switch {
	case l.Scenario != "":
		at := engine.Micros(l.Instant * float64(engine.Second))
		e := home.Entry{Note: filepath.Base(l.Scenario) + " at " + pane.Clock(at)}
		if len(l.Steps) > 0 {
			e.Note += ", " + kit.Count(len(l.Steps), "command")
		}
		e.Open = kit.Opening{Name: l.Scenario, Read: func() (func() error, error) {
			opts, err := w.labOptions(l.Scenario, o)
			if err == nil {
				opts.Own, err = w.commandsOf(l.Scenario, o, l.Steps)
			}
			opts.At, opts.Stopped = at, true
			return func() error { return w.openOn(screens, opts) }, err
		}}
		e.Preview = w.look(l.Scenario, l.Steps, at)
		return e
	case l.File != "":
		return home.Entry{Note: "the quiz on " + filepath.Base(l.File), Open: w.questions().Opening(screens, quiz.Request{Paths: []string{l.File}}, quiz.Mode{})}
	case l.Lesson != "":
		return home.Entry{Note: "the lesson " + l.Lesson, Open: lesson.FolderOpening(screens, w.Lessons, w.courseOptions(""), l.Lesson)}
	}
	return home.Entry{Note: "the quiz", Open: w.questions().Opening(screens, quiz.Request{}, quiz.Mode{})}
}

// commandsOf reads the steps that a run was left with as commands.
func (w *Env) commandsOf(name string, o *runOptions, steps []string) ([]engine.Step, error) {
	src, file, err := w.source(name)
	if err != nil {
		return nil, err
	}
	plain, err := o.read(w, file, src)
	if err != nil {
		return nil, err
	}
	with := *o
	with.steps = steps
	sc, err := with.read(w, file, src)
	if err != nil {
		return nil, err
	}
	return sc.Config.Steps[len(plain.Config.Steps):], nil // the template's come first
}

// full is the whole path of a note, so that it is found from any folder.
func (w *Env) full(path string) string {
	if w.notes().InDeck(path) {
		return path
	}
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// remember notes which scenarios were opened, and what is open as the program ends.
func (w *Env) remember(screens *kit.ScreenStack) {
	if screens == nil {
		return
	}
	store := w.progress()
	list := screens.Screens()
	store.Refresh()
	write := func(l progress.Line) { _ = store.Write(store.Stamp(w.now(), l)) } // what cannot be saved is said below
	for name := range w.seen {
		if !store.Seen(name) {
			write(progress.Line{Kind: progress.KindSeen, Scenario: name})
		}
	}
	for i := len(list) - 1; i >= 0; i-- {
		switch s := list[i].(type) {
		case *lesson.Screen:
			write(progress.Line{Kind: progress.KindLeft, Lesson: s.ID()})
			return
		case *lab.Lab:
			name, at, steps := s.Again()
			if name == "" {
				continue
			}
			if isFile(name) {
				if full, err := filepath.Abs(name); err == nil {
					name = full
				}
			}
			write(progress.Line{Kind: progress.KindLeft, Scenario: name, Instant: float64(at) / float64(engine.Second), Steps: steps})
			return
		case *quiz.Today:
			paths := s.Paths()
			for _, path := range slices.Backward(paths) { // the first one is gone on with
				write(progress.Line{Kind: progress.KindLeft, File: w.full(path)})
			}
			if len(paths) == 0 {
				write(progress.Line{Kind: progress.KindLeft})
			}
			return
		}
	}
}
