package cmd

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"esmlab/engine/template"
	"esmlab/engine/timeline"
	"esmlab/lessons"
	"esmlab/quiz/progress"
	"esmlab/ui"
	"esmlab/ui/kit"
	"esmlab/ui/lesson"
	"esmlab/ui/plain"
	"esmlab/ui/quiz"
)

// course is a library of lessons with what a person has done of it.
type course struct {
	lib    *lessons.Library
	dir    string // that they were read from; "" they are the built-in ones
	prefix string // of the lessons' names in the progress file: own ones do not meet the built-in ones
	store  *progress.Store
	now    func() time.Time
	quiz   func(screens *kit.ScreenStack) error
}

// course opens the built-in lessons, or those of a folder.
func (w *Env) course(dir string) (*course, error) {
	c := &course{lib: lessons.Builtin(), store: w.progress(), now: w.now, quiz: func(screens *kit.ScreenStack) error {
		o, err := w.quizOn(nil, &quizFlags{})
		if err != nil {
			return err
		}
		return openQuiz(screens, o, quiz.Mode{})
	}}
	c.store.Refresh()
	if dir == "" {
		return c, nil
	}
	lib, err := lessons.Open(w.Dir(dir))
	if err != nil {
		return nil, cannot("%s: cannot be read: %v", dir, rootCause(err))
	}
	if len(lib.Heads) == 0 {
		if len(lib.Broken) > 0 {
			return nil, &exit{exitCannot, lib.Broken.Error()}
		}
		return nil, cannot("%s: there is no lesson here (files as 01-name.md, see docs/lessons.md)", dir)
	}
	c.lib, c.dir, c.prefix = lib, dir, strings.Trim(dir, "/.")+"/"
	return c, nil
}

// state is how far the person came in a lesson.
func (c *course) state(id string) progress.LessonState { return c.store.Lesson(c.prefix + id) }

func (c *course) write(l progress.Line) {
	// Not saved now is saved with the next line; what never is, the store's notes say at the end.
	_ = c.store.Write(c.store.Stamp(c.now(), l))
}

// Reached keeps a step that was reached, or a prediction.
func (c *course) Reached(id string, step int, said []int) {
	c.write(progress.Line{Kind: progress.KindLesson, Lesson: c.prefix + id, Step: step + 1, Answer: said})
}

// Finished keeps a finished lesson: its cards become due.
func (c *course) Finished(id string, cards []string) {
	c.write(progress.Line{Kind: progress.KindLessonDone, Lesson: c.prefix + id, Cards: cards})
}

// place is where a lesson was left; one that is done begins anew.
func (c *course) place(id string) lesson.Place {
	s := c.state(id)
	if s.Done || s.Step < 2 {
		return lesson.Place{}
	}
	p := lesson.Place{Step: s.Step - 1, Said: map[int][]int{}}
	for l := range c.store.Lines {
		if l.Kind == progress.KindLesson && l.Lesson == c.prefix+id && len(l.Answer) > 0 {
			p.Said[l.Step-1] = l.Answer
		}
	}
	return p
}

// forget takes back all that was kept of a lesson; "" of all of them.
func (c *course) forget(id string) int {
	var ids []string
	lessons := map[string]bool{}
	for l := range c.store.Lines {
		if (l.Kind == progress.KindLesson || l.Kind == progress.KindLessonDone) && (id == "" && strings.HasPrefix(l.Lesson, c.prefix) || l.Lesson == c.prefix+id) {
			ids = append(ids, l.ID)
			lessons[l.Lesson] = true
		}
	}
	for _, id := range ids {
		c.write(progress.Line{Kind: progress.KindUndo, Of: id})
	}
	return len(lessons)
}

// next is the first lesson that is not done, from one on; nil where all are.
func (c *course) next(after *lessons.Head) *lessons.Head {
	from := 0
	if after != nil {
		from = slices.IndexFunc(c.lib.Heads, func(h lessons.Head) bool { return h.ID == after.ID }) + 1
	}
	for i := from; i < len(c.lib.Heads); i++ {
		if h := &c.lib.Heads[i]; !c.state(h.ID).Done {
			return h
		}
	}
	return nil
}

// left counts what is not done, and its minutes.
func (c *course) left(heads []*lessons.Head) (undone, minutes int) {
	for _, h := range heads {
		if !c.state(h.ID).Done {
			undone++
			minutes += h.Minutes
		}
	}
	return undone, minutes
}

// standing says of a lesson how far one came.
func (c *course) standing(h *lessons.Head) string {
	switch s := c.state(h.ID); {
	case s.Done:
		return "done"
	case s.Step > 1:
		return fmt.Sprintf("%d min, at step %d", h.Minutes, s.Step)
	}
	return fmt.Sprintf("%d min", h.Minutes)
}

// open lays a lesson on the screens.
func (c *course) open(screens *kit.ScreenStack, id string) error {
	l, err := c.lib.Lesson(id)
	if err != nil {
		return err
	}
	h := c.lib.Find(id)
	o := lesson.Options{Lesson: l, Command: lessonPrefix + h.ID, Number: c.lib.Number(h), Place: c.place(h.ID), Progress: c, Message: message, Quiz: func() error { return c.quiz(screens) }}
	if c.dir != "" {
		o.Command = kit.Quote(filepath.Join(c.dir, l.Template))
	}
	if next := c.lib.Next(h.ID); next != nil {
		o.NextName = next.Title
		o.Next = func() error { return c.open(screens, next.ID) }
	}
	if part := c.lib.InPart(h.Part); part[len(part)-1].ID == h.ID {
		o.Sheet = func() []string {
			s, err := c.lib.Sheet(h.Part, kit.KeyOf)
			if err != nil {
				return []string{err.Error()}
			}
			return plain.Paragraphs(s.Paragraphs(), 74)
		}
	}
	s, err := lesson.New(screens, o)
	if err != nil {
		return err
	}
	screens.Open(s)
	return nil
}

// entry is a lesson as Home lists it.
func (c *course) entry(screens *kit.ScreenStack, h *lessons.Head, note string) ui.Entry {
	return ui.Entry{Name: h.Title, Note: note, About: "Not so: " + h.WrongIdea, Open: func() error { return c.open(screens, h.ID) }}
}

// group is what Home offers of lessons: the next one, and the list of all.
func (c *course) group(screens *kit.ScreenStack) ui.Group {
	g := ui.Group{Head: "Learn"}
	if h := c.next(nil); h != nil {
		g.Entries = append(g.Entries, c.entry(screens, h, "the next lesson, "+c.standing(h)))
	}
	var all []*lessons.Head
	for i := range c.lib.Heads {
		all = append(all, &c.lib.Heads[i])
	}
	undone, minutes := c.left(all)
	note := "all done"
	if undone > 0 {
		note = fmt.Sprintf("%d of %d done, %d min left", len(all)-undone, len(all), minutes)
	}
	g.Entries = append(g.Entries, ui.Entry{Name: "all lessons…", Note: note, Open: func() error {
		screens.Open(&ui.Home{Desk: screens, Name: "Lessons", Groups: func() []ui.Group { return c.parts(screens) }})
		return nil
	}})
	return g
}

// parts are all lessons, by their parts.
func (c *course) parts(screens *kit.ScreenStack) []ui.Group {
	var out []ui.Group
	for _, part := range c.lib.Parts() {
		heads := c.lib.InPart(part)
		g := ui.Group{Head: lessons.PartName(part)}
		if undone, minutes := c.left(heads); undone > 0 {
			g.Head += fmt.Sprintf(" · %d of %d done, %d min left", len(heads)-undone, len(heads), minutes)
		} else {
			g.Head += " · done"
		}
		for _, h := range heads {
			g.Entries = append(g.Entries, c.entry(screens, h, c.standing(h)))
		}
		out = append(out, g)
	}
	return out
}

func learnCommand(w *Env) *cobra.Command {
	plainly, list, md, reset, resetAll := false, false, false, false, false
	sheet := ""
	c := &cobra.Command{
		Use:   "learn [LESSON|DIR]",
		Short: "Open the next lesson, one by its name, or a folder of your own",
		Long: "Without a name: the first lesson that is not done, where you left it. A lesson is named by its\n" +
			"file (failing-batch) or its place (2/2: the second of the second part). docs/lessons.md says how\n" +
			"lessons are written.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name, dir := "", ""
			if len(args) > 0 {
				if name = args[0]; w.isFolder(name) {
					name, dir = "", name
				}
			}
			k, err := w.course(dir)
			if err != nil {
				return err
			}
			defer w.unsaved()
			var h *lessons.Head
			if name != "" {
				if h = k.lib.Find(name); h == nil {
					_, err := k.lib.Lesson(name)
					return cannot("esmlab: %v", err)
				}
			}
			switch {
			case list:
				w.listLessons(k)
				return nil
			case sheet != "":
				return w.sheet(k, sheet, md)
			case resetAll || reset && h != nil:
				id := ""
				if h != nil && !resetAll {
					id = h.ID
				}
				fmt.Fprintln(w.Out, "forgotten: what was kept of "+kit.Count(k.forget(id), "lesson"))
				return nil
			case reset:
				return cannot("esmlab: --reset needs the lesson that is to begin anew (--reset-all forgets all of them)")
			}
			if h == nil {
				if h = k.next(nil); h == nil {
					h = &k.lib.Heads[0]
				}
			}
			return w.learn(c, k, h, plainly)
		},
	}
	f := c.Flags()
	f.BoolVar(&plainly, "plain", false, "in plain lines: read, type a number, a command, or enter")
	f.BoolVar(&list, "list", false, "list the lessons, with what is done")
	f.StringVar(&sheet, "sheet", "", "print what is to be known of a part (its name or number)")
	f.BoolVar(&md, "markdown", false, "the sheet as Markdown")
	f.BoolVar(&reset, "reset", false, "forget what was done in the lesson")
	f.BoolVar(&resetAll, "reset-all", false, "forget what was done in all lessons")
	return c
}

// learn opens a lesson on the screen, or in lines where there is none.
func (w *Env) learn(c *cobra.Command, k *course, h *lessons.Head, plainly bool) error {
	if plainly || !w.Interactive {
		l, err := k.lib.Lesson(h.ID)
		if err != nil {
			return &exit{exitCannot, err.Error()}
		}
		return w.learnPlainly(k, l)
	}
	asTheyAre := &runOptions{} // scenarios that are opened from Home
	asTheyAre.flags(&cobra.Command{})
	err := w.screen(c.Context(), func(screens *kit.ScreenStack) error {
		screens.Open(w.home(screens, asTheyAre))
		if err := k.open(screens, h.ID); err != nil {
			return &exit{exitCannot, err.Error()}
		}
		return nil
	})
	if e, ok := err.(*exit); ok {
		return e
	}
	if err != nil {
		return cannot("esmlab: the terminal cannot show the lesson: %v (--plain asks in lines)", err)
	}
	return nil
}

func (w *Env) listLessons(k *course) {
	for _, part := range k.lib.Parts() {
		undone, minutes := k.left(k.lib.InPart(part))
		fmt.Fprintf(w.Out, "%s: %s, %d to do, %d min\n", lessons.PartName(part), kit.Count(len(k.lib.InPart(part)), "lesson"), undone, minutes)
		for _, h := range k.lib.InPart(part) {
			fmt.Fprintf(w.Out, "  %-4s %-22s %-50s %s\n", k.lib.Number(h), h.ID, h.Title, k.standing(h))
		}
	}
}

func (w *Env) sheet(k *course, name string, md bool) error {
	parts := k.lib.Parts()
	for i, part := range parts {
		if !strings.EqualFold(name, part) && !strings.EqualFold(name, lessons.PartName(part)) && name != fmt.Sprint(i+1) {
			continue
		}
		s, err := k.lib.Sheet(part, kit.KeyOf)
		if err != nil {
			return &exit{exitCannot, err.Error()}
		}
		if md {
			fmt.Fprint(w.Out, s.Markdown())
		} else {
			fmt.Fprintln(w.Out, strings.Join(plain.Paragraphs(s.Paragraphs(), 78), "\n"))
		}
		return nil
	}
	var names []string
	for _, part := range parts {
		names = append(names, lessons.PartName(part))
	}
	return cannot("esmlab: there is no part %q (%s)", name, template.OneOf(name, names))
}

// learnPlainly takes a person through a lesson in lines.
func (w *Env) learnPlainly(k *course, l *lessons.Lesson) error {
	tl, err := timeline.New(l.Scenario.Config)
	if err != nil {
		return cannot("%s: %v", l.Template, err)
	}
	p := lessons.NewPlayer(l, tl, plain.Keys(l), k)
	if at := k.place(l.ID); at.Step > 0 {
		if err := p.Resume(at.Step, at.Said); err != nil {
			return cannot("%s: %v", l.Template, err)
		}
	}
	return plain.Lesson(w.In, w.Out, p, tl, !w.Interactive)
}
