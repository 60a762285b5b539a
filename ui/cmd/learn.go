package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/ui/kit"
	"esmlab/ui/lesson"
	"esmlab/ui/quiz"
	"esmlab/ui/user"
)

// course reads which lessons there are: the built-in ones, or those of a folder.
func (w *Env) course(dir string) (*lesson.Course, error) {
	fsys := w.Lessons
	if dir != "" {
		fsys = w.Dir(dir)
	}
	k, err := lesson.ReadCourse(fsys, w.user().CourseOptions(dir))
	var broken template.Errors
	switch {
	case err == nil:
		return k, nil
	case errors.As(err, &broken):
		return nil, &exit{exitCannot, err.Error()}
	case errors.Is(err, lesson.ErrNoLesson):
		return nil, cannot("%s: %v", dir, err)
	}
	return nil, cannot("%s: cannot be read: %v", dir, user.RootCause(err))
}

func learnCommand(w *Env) *cobra.Command {
	plainly, list, md, html, reset, resetAll := false, false, false, false, false, false
	sheet, test := "", ""
	c := &cobra.Command{
		Use:   "learn [LESSON|DIR]",
		Short: "Open the next lesson, one by its name, or a folder of your own",
		Long: "Without a name, it opens the first unfinished lesson where you left it. Name a lesson by its file\n" +
			"(failing-batch) or its place (2/2: the second in part two). docs/lessons.md says how lessons are\n" +
			"written.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name, dir := "", ""
			if len(args) > 0 && user.IsShared(args[0]) {
				return w.learnShared(c.Context(), args[0], plainly)
			}
			if len(args) > 0 {
				if name = args[0]; w.notes().IsFolder(name) {
					name, dir = "", name
				}
			}
			if !plainly && w.Interactive && name+dir+sheet+test == "" && !list && !reset && !resetAll {
				return w.show(c.Context(), "the lesson", func(screens *kit.ScreenStack) kit.Opening {
					return w.user().LessonOpening(screens, "")
				})
			}
			k, err := w.course(dir)
			if err != nil {
				return err
			}
			w.user().Progress().Refresh()
			var h *lessons.Head
			if name != "" {
				if h = k.Find(name); h == nil {
					_, err := k.Lesson(name)
					return cannot("esmlab: %v", err)
				}
			}
			switch {
			case list:
				k.WriteList(w.Out)
				return nil
			case sheet != "":
				form := lesson.SheetText
				switch {
				case html:
					form = lesson.SheetHTML
				case md:
					form = lesson.SheetMarkdown
				}
				if err := k.WriteSheet(w.Out, sheet, form); err != nil {
					return cannot("esmlab: %v", err)
				}
				return nil
			case test != "":
				return w.endTest(c.Context(), dir, test, plainly)
			case resetAll || reset && h != nil:
				id := ""
				if h != nil && !resetAll {
					id = h.ID
				}
				fmt.Fprintln(w.Out, "forgot your progress in "+kit.Count(k.Forget(id), "lesson"))
				w.unsaved()
				return nil
			case reset:
				return cannot("esmlab: --reset needs a lesson (--reset-all forgets all of them)")
			}
			if h == nil {
				if h = k.Undone(); h == nil {
					h = &k.Heads[0]
				}
			}
			return w.learn(c.Context(), k, h, plainly)
		},
	}
	f := c.Flags()
	f.BoolVar(&plainly, "plain", false, "go line by line: read, then type a number, a command or enter")
	f.BoolVar(&list, "list", false, "list the lessons and what is done")
	f.StringVar(&sheet, "sheet", "", "print the summary sheet of a part (its name or number)")
	f.StringVar(&test, "test", "", "ask the ten questions of a part's end test, for before and after (its name or number)")
	f.BoolVar(&md, "markdown", false, "print the sheet as Markdown")
	f.BoolVar(&html, "html", false, "print the sheet as an HTML page, to hand out on paper")
	f.BoolVar(&reset, "reset", false, "forget your progress in the lesson")
	f.BoolVar(&resetAll, "reset-all", false, "forget your progress in all lessons")
	return c
}

// endTest asks the questions of a part's end test, on the screen or line by line.
func (w *Env) endTest(ctx context.Context, dir, part string, plainly bool) error {
	fsys := w.Lessons
	if dir != "" {
		fsys = w.Dir(dir)
	}
	o, mode, err := w.user().EndTest(fsys, dir, part)
	if err != nil {
		return cannot("esmlab learn: %v", err)
	}
	if !plainly && w.Interactive {
		return w.show(ctx, "the end test", func(screens *kit.ScreenStack) kit.Opening {
			return kit.Opening{Name: "the end test", Read: func() (func() error, error) {
				return func() error { return quiz.Open(screens, o, mode) }, nil
			}}
		})
	}
	defer w.unsaved()
	o.Typed = w.InIsTerminal
	if err := quiz.Plain(ctx, w.In, w.Out, o, mode); err != nil {
		var e *exit
		if ctx.Err() == nil && !errors.As(err, &e) {
			return cannot("esmlab learn: %v", err)
		}
		return err
	}
	if text := w.user().TestResults(fsys, dir, part); text != "" {
		fmt.Fprintln(w.Out, text)
	}
	return nil
}

// learn opens a lesson on the screen, or line by line where there is no screen.
func (w *Env) learn(ctx context.Context, k *lesson.Course, h *lessons.Head, plainly bool) error {
	if !plainly && w.Interactive {
		return w.show(ctx, "the lesson", func(screens *kit.ScreenStack) kit.Opening { return k.Opening(screens, h.ID) })
	}
	defer w.unsaved()
	if err := k.Plain(w.In, w.Out, h.ID, !w.Interactive); err != nil {
		return &exit{exitCannot, err.Error()}
	}
	return nil
}

// learnShared opens a run that was shared; below it lies the lesson whose template it is.
func (w *Env) learnShared(ctx context.Context, line string, plainly bool) error {
	if plainly || !w.Interactive {
		return openLab(ctx, w, line, &runOptions{cmd: &cobra.Command{}}, plainly, false)
	}
	return w.screen(ctx, "the lab", func(screens *kit.ScreenStack) error {
		u := w.user()
		screens.Open(u.Home(screens, user.Changes{}))
		opts, err := u.LabOptions(line, user.Changes{})
		if err != nil {
			return err
		}
		if id, ok := strings.CutPrefix(opts.Shared.World.Name, user.LessonPrefix); ok {
			open, err := u.LessonOpening(screens, id).Read()
			if err == nil {
				err = open()
			}
			if err != nil {
				return err
			}
		}
		return u.OpenOn(screens, opts)
	})
}
