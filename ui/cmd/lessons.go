package cmd

import (
	"io/fs"
	"path/filepath"
	"slices"

	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/deck"
	"esmlab/ui/kit"
	"esmlab/ui/lesson"
)

// builtinLessons is what the lessons of the program are called where paths are
// named; a folder of that name goes before it.
const builtinLessons = "lessons"

// holdsLessons tells whether a path is a lesson, a folder of lessons, or the
// built-in ones.
func (w *Env) holdsLessons(path string) bool {
	switch {
	case w.isFolder(path):
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

// checkLessons reads lessons and plays them.
func (w *Env) checkLessons(path string) (found []finding, unreadable bool, err error) {
	lib, only, prefix := lessons.Builtin(), "", ""
	switch {
	case w.isFolder(path):
		prefix = path
	case path != builtinLessons:
		prefix, only = filepath.Split(path)
		if prefix == "" {
			prefix = "."
		}
	}
	if prefix != "" {
		if lib, err = lessons.Open(w.Dir(prefix)); err != nil {
			return nil, false, cannot("%s: cannot be read: %v", path, rootCause(err))
		}
	}
	say := func(errs template.Errors) {
		for _, e := range errs {
			found = append(found, finding{File: filepath.ToSlash(filepath.Join(prefix, e.File)), Line: e.Line, Col: e.Col, Code: e.Code, Message: e.Message, Right: e.Right})
		}
	}
	for _, e := range lib.Broken {
		if only == "" || e.File == only {
			say(template.Errors{e})
			unreadable = true
		}
	}
	cards := cardIDs(deck.Files())
	if prefix != "" {
		cards = append(cards, cardIDs(w.Dir(prefix))...)
	}
	built := lessons.Builtin()
	known := lessons.CheckOptions{
		HasLesson: func(id string) bool { return lib.Find(id) != nil || built.Find(id) != nil },
		HasCard:   func(id string) bool { return slices.Contains(cards, id) },
		HasKey:    func(action string) bool { return kit.KeyOf(action) != "" },
		Fit:       lesson.Fit,
	}
	for _, h := range lib.Heads {
		if only != "" && h.File != only {
			continue
		}
		l, err := lib.Lesson(h.File)
		if errs, ok := err.(template.Errors); ok {
			say(errs)
			unreadable = true
			continue
		} else if err != nil {
			return nil, false, cannot("%s: cannot be read: %v", h.File, rootCause(err))
		}
		errs := lessons.Check(l, known)
		say(errs)
		if len(errs) == 0 {
			found = append(found, finding{File: filepath.ToSlash(filepath.Join(prefix, h.File)), Line: 1, Col: 1, Level: "info",
				Message: h.ID + ": " + h.Title + ", " + kit.Count(h.Minutes, "minute") + ": it keeps what it promises"})
		}
	}
	return found, unreadable, nil
}

// cardIDs are the cards of a folder of notes.
func cardIDs(fsys fs.FS) []string {
	notes, err := card.Open(fsys).Notes(".", card.Options{})
	if err != nil {
		return nil // a folder that cannot be read has none
	}
	var out []string
	for _, n := range notes {
		for i := range n.Cards {
			out = append(out, n.Cards[i].ID)
		}
	}
	return out
}
