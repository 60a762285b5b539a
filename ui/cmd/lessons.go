package cmd

import (
	"path/filepath"
	"slices"

	"esmlab/lessons"
	"esmlab/quiz/notes"
	"esmlab/ui/kit"
	"esmlab/ui/lesson"
	"esmlab/ui/user"
)

// builtinLessons is what the lessons of the program are called where paths are
// named; a folder of that name goes before it.
const builtinLessons = "lessons"

// holdsLessons reports whether a path is a lesson, a folder of lessons, or the
// built-in ones.
func (w *Env) holdsLessons(path string) bool {
	switch {
	case w.notes().IsFolder(path):
		l, err := lessons.Open(w.Dir(path))
		return err == nil && len(l.Heads)+len(l.Broken) > 0
	case path == builtinLessons:
		return true
	case !lessons.IsLessonName(filepath.ToSlash(path)):
		return false
	}
	src, err := w.ReadFile(path)
	return err == nil && lessons.LooksLikeLesson(src)
}

// actionIDs lists the actions that a lesson's text may name the key of.
func actionIDs() []string {
	var out []string
	for i := range kit.Actions {
		out = append(out, kit.Actions[i].ID)
	}
	return out
}

// checkLessons reads lessons and plays them.
func (w *Env) checkLessons(path string) (list []found, unreadable bool, err error) {
	fsys, only, prefix := w.Lessons, "", ""
	switch {
	case w.notes().IsFolder(path):
		prefix = path
	case path != builtinLessons:
		prefix, only = filepath.Split(path)
		if prefix == "" {
			prefix = "."
		}
	}
	cards := notes.CardIDs(w.Deck)
	if prefix != "" {
		fsys = w.Dir(prefix)
		cards = append(cards, notes.CardIDs(fsys)...)
	}
	lib, err := lessons.Open(fsys)
	if err != nil {
		return nil, false, cannot("%s: cannot be read: %v", path, user.RootCause(err))
	}
	built, err := lessons.Open(w.Lessons)
	if err != nil {
		return nil, false, cannot("the built-in lessons cannot be read: %v", err)
	}
	checked, err := lib.Check(only, lessons.CheckOptions{
		HasLesson: func(id string) bool { return lib.Find(id) != nil || built.Find(id) != nil },
		HasCard:   func(id string) bool { return slices.Contains(cards, id) },
		Keys:      actionIDs(),
		HasKey:    func(action string) bool { return kit.KeyOf(action) != "" },
		Fit:       lesson.Fit,
	})
	if err != nil {
		return nil, false, cannot("%s: cannot be read: %v", path, user.RootCause(err))
	}
	file := func(name string) string { return filepath.ToSlash(filepath.Join(prefix, name)) }
	for _, c := range checked {
		unreadable = unreadable || c.Unreadable
		for _, e := range c.Errors {
			list = append(list, found{File: file(e.File), Line: e.Line, Col: e.Col, Code: e.Code, Message: e.Message, Right: e.Right})
		}
		if h := c.Head; len(c.Errors) == 0 {
			list = append(list, found{File: file(h.File), Line: 1, Col: 1, Level: "info",
				Message: h.ID + ": " + h.Title + ", " + kit.Count(h.Minutes, "minute") + ": it keeps what it promises"})
		}
	}
	return list, unreadable, nil
}
