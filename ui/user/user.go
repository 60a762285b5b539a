// Package user is somebody who uses esmlab: the files, the progress and the clock they
// have, and what opens for them with these. The command line has one user with the
// machine's files; a guest of a class and the page have one with what they may reach.
// Nothing here touches files, the network or the wall clock itself.
package user

import (
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"esmlab/engine/scenario"
	"esmlab/lessons"
	"esmlab/quiz/deck"
	"esmlab/quiz/notes"
	"esmlab/quiz/progress"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/lesson"
	"esmlab/ui/present"
	"esmlab/ui/quiz"
)

// User is what somebody has. It belongs to the goroutine of their screens, but for
// what runs in commands.
type User struct {
	In io.Reader // standard input, which is the scenario -
	// ReadFile reads a file, Dir a folder; nil: the user has none, and Home offers none.
	ReadFile func(name string) ([]byte, error)
	Dir      func(name string) fs.FS
	// WriteFile writes a file; nil: the user can write none.
	WriteFile func(name string, text []byte) error
	// NewFile writes a new file, or with over one in the place of another; nil: the user
	// can write none. Version is the program's.
	NewFile func(name string, src []byte, over bool) error
	Version string
	// Deck, Lessons and Builtin are the deck, the lessons and the scenarios that
	// are part of the program; nil: its own.
	Deck, Lessons fs.FS
	Builtin       func(name string) ([]byte, bool)
	// Parsed is the built-in deck as it was read for several people; nil: for this one.
	Parsed *quiz.Deck
	// File is where progress is kept; nil: in memory. Machine and NewID are as in
	// progress.Options.
	File    progress.File
	Machine string
	NewID   func() string
	Now     func() time.Time // the time in the user's zone
	// Kept says where answers are kept, as the end of "Each answer is kept …"; "" on this
	// machine.
	Kept string
	// Room is where a class votes and the speaker's notes are; nil: in a presentation the
	// user counts fingers.
	Room present.Room
	// More are sections of Home before the others.
	More []func(*kit.ScreenStack) home.Section

	store   *progress.Store // of File, once it was asked for
	library *quiz.Library   // likewise
	seen    map[string]bool // built-in scenarios that were opened
}

// Complete fills in the program's own deck, lessons and scenarios.
func (u *User) Complete() {
	if u.Deck == nil {
		u.Deck = deck.Files()
	}
	if u.Lessons == nil {
		u.Lessons = lessons.Files()
	}
	if u.Builtin == nil {
		u.Builtin = scenario.Builtin
	}
}

// Notes is where the user's notes are found.
func (u *User) Notes() notes.Files { return notes.Files{Dir: u.Dir, Deck: u.Deck} }

// Questions is where the user's questions come from.
func (u *User) Questions() *quiz.Library {
	if u.library == nil {
		u.library = &quiz.Library{Files: u.Notes(), Store: u.Progress(), Now: u.Now, NewRun: u.NewID, Message: Message, Deck: u.Parsed, Lessons: u.Lessons, Kept: u.Kept}
		u.library.Sharing = u.sharing()
		u.library.Poll = u.pollOpening
	}
	return u.library
}

// Progress is the store of the user's progress; nothing is read yet.
func (u *User) Progress() *progress.Store {
	if u.store == nil {
		if u.File == nil {
			u.File = &progress.Memory{}
		}
		u.store = progress.New(u.File, progress.Options{Machine: u.Machine, NewID: u.NewID})
	}
	return u.store
}

// CourseOptions are those of the lessons in a folder; "" the built-in ones.
func (u *User) CourseOptions(dir string) lesson.CourseOptions {
	prefix := ""
	if dir != "" {
		prefix = strings.Trim(dir, "/.") + "/"
	}
	command := func(l *lessons.Lesson) string {
		if dir != "" {
			return kit.Quote(filepath.Join(dir, l.Template))
		}
		return LessonPrefix + l.ID
	}
	return lesson.CourseOptions{Prefix: prefix, Command: command, Store: u.Progress(), Now: u.Now, Message: Message, Sharing: u.sharing(),
		Peek: func() *progress.Store { return progress.Open(u.File, progress.Options{}) },
		Test: func(screens *kit.ScreenStack, part string) kit.Opening { return u.EndTestOpening(screens, part) },
		Quiz: func(screens *kit.ScreenStack) kit.Opening {
			return u.Questions().Opening(screens, quiz.Request{}, quiz.Mode{})
		}}
}

// LessonOpening opens a built-in lesson by its name; "" the first that is not done.
func (u *User) LessonOpening(screens *kit.ScreenStack, id string) kit.Opening {
	return lesson.FolderOpening(screens, u.Lessons, u.CourseOptions(""), id)
}

// QuizOpening opens the quiz on what is due.
func (u *User) QuizOpening(screens *kit.ScreenStack) kit.Opening {
	return u.Questions().Opening(screens, quiz.Request{}, quiz.Mode{})
}
