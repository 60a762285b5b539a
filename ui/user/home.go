package user

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
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

// Home is the screen that lists what can be opened. Of the changes, the seed counts for
// all that is opened there: the others belong to the scenario they were given with.
func (u *User) Home(screens *kit.ScreenStack, c Changes) *home.Home {
	o := Changes{Seed: c.Seed}
	scenario := func(name string) kit.Opening {
		return kit.Opening{Name: name, Read: func() (func() error, error) {
			if name == "-" { // standard input is the keyboard
				return nil, refused("-: type the name of a file, such as template.yaml")
			}
			opts, err := u.LabOptions(name, o)
			return func() error { return u.OpenOn(screens, opts) }, err
		}}
	}
	seen := func(name string) bool { return u.seen[name] || u.Progress().Seen(name) }
	h := &home.Home{Screens: screens}
	for _, more := range u.More {
		h.Sections = append(h.Sections, more(screens))
	}
	h.Sections = append(h.Sections,
		u.leftSection(screens, o),
		lesson.Section(screens, u.Lessons, u.CourseOptions("")),
		u.Questions().Section(screens),
		home.Scenarios(u.Builtin, scenario, seen, u.aboutScenario),
		u.talksSection(screens))
	if u.ReadFile != nil {
		h.Template, h.Files = scenario, u.templates
		if u.WriteFile != nil {
			h.Create = u.newOpening(screens, o)
		}
		h.Sections = append(h.Sections, u.ownSection(screens, o, scenario))
	}
	h.Sections = append(h.Sections, u.Questions().Decks(screens))
	return h
}

// aboutScenario says what else there is about a built-in scenario.
func (u *User) aboutScenario(name string) []string {
	switch n := u.Questions().About(name); n {
	case 0:
		return nil
	case 1:
		return []string{"1 card is about it"}
	default:
		return []string{fmt.Sprintf("%d cards are about it", n)}
	}
}

// templates lists a folder for the choice of a template: folders, and what can be one.
func (u *User) templates(dir string) ([]home.File, error) {
	if u.Dir == nil {
		return nil, nil
	}
	if dir == "" {
		dir = "."
	}
	entries, err := fs.ReadDir(u.Dir(filepath.Clean(dir)), ".")
	if err != nil {
		return nil, err
	}
	var folders, files []home.File
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, "."):
		case e.IsDir():
			folders = append(folders, home.File{Name: name, Folder: true})
		case slices.Contains(templateNames, strings.ToLower(filepath.Ext(name))):
			f := home.File{Name: name}
			if info, err := e.Info(); err == nil {
				f.Note = kit.Thousands(int((info.Size()+1023)/1024)) + " KB"
			}
			files = append(files, f)
		}
	}
	return slices.Concat(files, u.templatesBelow(dir, folders), folders), nil
}

// Bounds of the search for templates below a folder.
const (
	deepest    = 5
	mostFound  = 200
	mostLooked = 3000
	headOfFile = 64 << 10
)

// templatesBelow finds the templates in the folders below one, by their paths from there.
func (u *User) templatesBelow(dir string, folders []home.File) []home.File {
	var out []home.File
	looked := 0
	for _, f := range folders {
		root := u.Dir(filepath.Join(dir, f.Name))
		_ = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
			looked++
			switch {
			case err != nil:
				return nil
			case len(out) >= mostFound || looked > mostLooked:
				return fs.SkipAll
			case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains(notOwned, d.Name()) || strings.Count(name, "/") >= deepest):
				return fs.SkipDir
			case d.IsDir() || !slices.Contains(templateNames, strings.ToLower(path.Ext(name))):
				return nil
			}
			if info, err := d.Info(); err == nil && info.Size() < MaxFile && looksLikeTemplate(root, name) {
				out = append(out, home.File{Name: f.Name + "/" + name, Note: kit.Thousands(int((info.Size()+1023)/1024)) + " KB"})
			}
			return nil
		})
	}
	return out
}

var templateNames = []string{".yaml", ".yml", ".json", ".template"}

// looksLikeTemplate tells whether a file has Resources with types of AWS.
func looksLikeTemplate(root fs.FS, name string) bool {
	f, err := root.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, headOfFile))
	return err == nil && bytes.Contains(head, []byte("Resources")) && bytes.Contains(head, []byte("AWS::"))
}

// leftSection is what was open when the program last ended.
func (u *User) leftSection(screens *kit.ScreenStack, o Changes) home.Section {
	return home.Section{Read: func() (func() []home.Group, error) {
		fetched := u.Progress().Fetch()
		return func() []home.Group {
			fetched()
			left := u.Progress().Left()
			if len(left) == 0 {
				return nil
			}
			e := u.again(screens, o, &left[len(left)-1])
			e.Name, e.Last = "continue", true
			return []home.Group{{Top: true, Entries: []home.Entry{e}}}
		}, nil
	}}
}

// own is how many of the person's runs and templates have a line.
const own = 20

// ownSection are the person's templates, and the runs in which they gave commands, the
// newest first.
func (u *User) ownSection(screens *kit.ScreenStack, o Changes, open func(name string) kit.Opening) home.Section {
	return home.Section{Read: func() (func() []home.Group, error) {
		fetched := u.Progress().Fetch()
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
			left := u.Progress().Left()
			for i := len(left) - 1; i >= 0; i-- {
				l := &left[i]
				if IsFile(l.Scenario) {
					add(&templates, home.Entry{Name: l.Scenario, Note: "opened " + l.Day.String(), Open: open(l.Scenario), Preview: u.look(l.Scenario, nil, -1)})
				}
				if len(l.Steps) > 0 {
					e := u.again(screens, o, l)
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
func (u *User) look(name string, steps []string, at engine.Micros) func() (home.Preview, error) {
	return func() (home.Preview, error) {
		src, file, err := u.Source(name)
		if err != nil {
			return home.Preview{}, err
		}
		sc, err := scenario.Read(file, src, scenario.Options{Steps: steps, Open: u.Beside(file)})
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
func (u *User) again(screens *kit.ScreenStack, o Changes, l *progress.Line) home.Entry {
	switch {
	case l.Scenario != "":
		at := engine.Micros(l.Instant * float64(engine.Second))
		e := home.Entry{Note: filepath.Base(l.Scenario) + " at " + pane.Clock(at)}
		if len(l.Steps) > 0 {
			e.Note += ", " + kit.Count(len(l.Steps), "command")
		}
		e.Open = kit.Opening{Name: l.Scenario, Read: func() (func() error, error) {
			opts, err := u.LabOptions(l.Scenario, o)
			if err == nil {
				opts.Own, err = u.commandsOf(l.Scenario, o, l.Steps)
			}
			opts.At, opts.Stopped = at, true
			return func() error { return u.OpenOn(screens, opts) }, err
		}}
		e.Preview = u.look(l.Scenario, l.Steps, at)
		return e
	case l.File != "":
		return home.Entry{Note: "the quiz on " + filepath.Base(l.File), Open: u.Questions().Opening(screens, quiz.Request{Paths: []string{l.File}}, quiz.Mode{})}
	case l.Lesson != "":
		return home.Entry{Note: "the lesson " + l.Lesson, Open: lesson.FolderOpening(screens, u.Lessons, u.CourseOptions(""), l.Lesson)}
	}
	return home.Entry{Note: "the quiz", Open: u.Questions().Opening(screens, quiz.Request{}, quiz.Mode{})}
}

// commandsOf reads the steps that a run was left with as commands.
func (u *User) commandsOf(name string, o Changes, steps []string) ([]engine.Step, error) {
	src, file, err := u.Source(name)
	if err != nil {
		return nil, err
	}
	plain, err := u.Read(file, src, o)
	if err != nil {
		return nil, err
	}
	with := o
	with.Steps = steps
	sc, err := u.Read(file, src, with)
	if err != nil {
		return nil, err
	}
	return sc.Config.Steps[len(plain.Config.Steps):], nil // the template's come first
}

// full is the whole path of a note, so that it is found from any folder.
func (u *User) full(path string) string {
	if u.Notes().InDeck(path) {
		return path
	}
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// Remember notes which scenarios were opened, and what is open as the program ends.
func (u *User) Remember(screens *kit.ScreenStack) {
	if screens == nil {
		return
	}
	store := u.Progress()
	list := screens.Screens()
	store.Refresh()
	write := func(l progress.Line) { _ = store.Write(store.Stamp(u.Now(), l)) } // what cannot be saved is said below
	for name := range u.seen {
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
			if IsFile(name) {
				if full, err := filepath.Abs(name); err == nil {
					name = full
				}
			}
			write(progress.Line{Kind: progress.KindLeft, Scenario: name, Instant: float64(at) / float64(engine.Second), Steps: steps})
			return
		case *quiz.Today:
			paths := s.Paths()
			for _, path := range slices.Backward(paths) { // the first one is gone on with
				write(progress.Line{Kind: progress.KindLeft, File: u.full(path)})
			}
			if len(paths) == 0 {
				write(progress.Line{Kind: progress.KindLeft})
			}
			return
		}
	}
}
