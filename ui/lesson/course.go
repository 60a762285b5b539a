package lesson

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"esmlab/engine"
	"esmlab/engine/template"
	"esmlab/engine/timeline"
	"esmlab/lessons"
	"esmlab/quiz/progress"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
	"esmlab/ui/plain"
)

// CourseOptions are what a course is given from outside.
type CourseOptions struct {
	// Prefix is added to the names of its lessons in the progress file, so that a
	// person's own lessons are not taken for built-in ones; "" for those.
	Prefix string
	// Command is the word by which esmlab run opens a lesson's template.
	Command func(*lessons.Lesson) string
	Store   *progress.Store
	// Peek reads the same progress into a store of its own, for use in a command.
	Peek func() *progress.Store
	Now  func() time.Time                   // the time, in the learner's zone
	Quiz func(*kit.ScreenStack) kit.Opening // what the end of a lesson leads to
	// Test opens the end test of a part; nil: there is none.
	Test func(screens *kit.ScreenStack, part string) kit.Opening
	// Message writes a failure record in the lab.
	Message func(s *engine.Sim, discard int) []string
	Sharing lab.Sharing
}

// Course is a library of lessons and how far a person came in each.
type Course struct {
	*lessons.Library
	o CourseOptions
}

// ErrNoLesson is a folder without lessons.
var ErrNoLesson = fmt.Errorf("no lessons here (files such as 01-name.md, see docs/lessons.md)")

// ReadCourse reads which lessons a folder has. The error is a template.Errors
// where none of them can be read.
func ReadCourse(fsys fs.FS, o CourseOptions) (*Course, error) {
	lib, err := lessons.Open(fsys)
	switch {
	case err != nil:
		return nil, err
	case len(lib.Heads) == 0 && len(lib.Broken) > 0:
		return nil, lib.Broken
	case len(lib.Heads) == 0:
		return nil, ErrNoLesson
	}
	return &Course{lib, o}, nil
}

// state is how far the person came in a lesson.
func (c *Course) state(id string) progress.LessonState { return c.o.Store.Lesson(c.o.Prefix + id) }

func (c *Course) write(l progress.Line) {
	// Not saved now is saved with the next line; what never is, the store's notes say at the end.
	_ = c.o.Store.Write(c.o.Store.Stamp(c.o.Now(), l))
}

// Reached records a step that was reached, or a prediction.
func (c *Course) Reached(id string, step int, said []int) {
	c.write(progress.Line{Kind: progress.KindLesson, Lesson: c.o.Prefix + id, Step: step + 1, Answer: said})
}

// Finished records a finished lesson: its cards become due.
func (c *Course) Finished(id string, cards []string) {
	c.write(progress.Line{Kind: progress.KindLessonDone, Lesson: c.o.Prefix + id, Cards: cards})
}

// place is where a lesson was left; a finished one begins again.
func (c *Course) place(id string) Place {
	s := c.state(id)
	if s.Done || s.Step < 2 {
		return Place{}
	}
	p := Place{Step: s.Step - 1, Said: map[int][]int{}}
	for l := range c.o.Store.Lines {
		if l.Kind == progress.KindLesson && l.Lesson == c.o.Prefix+id && len(l.Answer) > 0 {
			p.Said[l.Step-1] = l.Answer
		}
	}
	return p
}

// Forget takes back all progress in a lesson, or in all of them where id is "". It
// gives the number of lessons concerned.
func (c *Course) Forget(id string) int {
	var ids []string
	lessons := map[string]bool{}
	for l := range c.o.Store.Lines {
		if (l.Kind == progress.KindLesson || l.Kind == progress.KindLessonDone) && (id == "" && strings.HasPrefix(l.Lesson, c.o.Prefix) || l.Lesson == c.o.Prefix+id) {
			ids = append(ids, l.ID)
			lessons[l.Lesson] = true
		}
	}
	for _, id := range ids {
		c.write(progress.Line{Kind: progress.KindUndo, Of: id})
	}
	return len(lessons)
}

// Undone is the first lesson that is not done; nil where all are.
func (c *Course) Undone() *lessons.Head {
	for i := range c.Heads {
		if h := &c.Heads[i]; !c.state(h.ID).Done {
			return h
		}
	}
	return nil
}

// left counts the lessons that are not done, and their minutes.
func (c *Course) left(heads []*lessons.Head) (undone, minutes int) {
	for _, h := range heads {
		if !c.state(h.ID).Done {
			undone++
			minutes += h.Minutes
		}
	}
	return undone, minutes
}

// standing says how far the person came in a lesson.
func (c *Course) standing(h *lessons.Head) string {
	switch s := c.state(h.ID); {
	case s.Done:
		return "done"
	case s.Step > 1:
		return fmt.Sprintf("%d min, at step %d", h.Minutes, s.Step)
	}
	return fmt.Sprintf("%d min", h.Minutes)
}

// Opening is a lesson, to be opened where it was left.
func (c *Course) Opening(screens *kit.ScreenStack, id string) kit.Opening {
	o := kit.Opening{Name: "the lesson", Read: func() (func() error, error) {
		l, err := c.Lesson(id)
		if err == nil {
			c.inCourse(l)
		}
		fetched := c.o.Store.Fetch()
		return func() error {
			fetched()
			return c.open(screens, l)
		}, err
	}}
	if h := c.Find(id); h != nil {
		o.Name = h.Title
	}
	return o
}

// FolderOpening is a lesson to be opened, of a folder that has not been read yet. Where id
// is "" it is the first lesson that is not done.
func FolderOpening(screens *kit.ScreenStack, fsys fs.FS, o CourseOptions, id string) kit.Opening {
	return kit.Opening{Name: "the lesson", Read: func() (func() error, error) {
		c, err := ReadCourse(fsys, o)
		if err != nil {
			return nil, err
		}
		if id == "" {
			id = c.Heads[0].ID
			peek := o
			peek.Store = o.Peek()
			if h := (&Course{c.Library, peek}).Undone(); h != nil {
				id = h.ID
			}
		}
		return c.Opening(screens, id).Read()
	}}
}

// inCourse tells a lesson what stands before and after it. It reads the lessons before.
func (c *Course) inCourse(l *lessons.Lesson) {
	l.NewWords = c.NewWords(l)
	if next := c.Next(l.ID); next != nil {
		l.NextTitle = next.Title
	}
}

// open lays a lesson on the screens.
func (c *Course) open(screens *kit.ScreenStack, l *lessons.Lesson) error {
	h := c.Find(l.ID)
	quiz := c.o.Quiz(screens)
	o := Options{Lesson: l, Command: c.o.Command(l), Number: c.Number(h), Place: c.place(h.ID), Progress: c, Message: c.o.Message, Sharing: c.o.Sharing, Quiz: &quiz}
	if next := c.Next(h.ID); next != nil {
		o.NextName = next.Title
		opening := c.Opening(screens, next.ID)
		o.Next = &opening
	}
	if part := c.InPart(h.Part); part[len(part)-1].ID == h.ID {
		if c.o.Test != nil && c.o.Prefix == "" {
			test := c.o.Test(screens, h.Part)
			o.Test = &test
		}
		o.Sheet = func() ([]string, error) {
			s, err := c.Sheet(h.Part)
			if err != nil {
				return nil, err
			}
			return plain.Paragraphs(s.Paragraphs(), 74), nil
		}
	}
	s, err := New(screens, o)
	if err != nil {
		return err
	}
	screens.Open(s)
	return nil
}

// entry is a lesson as Home lists it.
func (c *Course) entry(screens *kit.ScreenStack, h *lessons.Head) home.Entry {
	return home.Entry{Name: h.Title, Note: c.standing(h), Seen: c.state(h.ID).Done, About: "Not so: " + h.WrongIdea, Open: c.Opening(screens, h.ID)}
}

// Section is what Home offers of the lessons of a folder: the next one, and the
// list of all. Which lessons there are is read once: a section is never read
// twice at the same time.
func Section(screens *kit.ScreenStack, fsys fs.FS, o CourseOptions) home.Section {
	var c *Course
	return home.Section{Head: "Learn", Name: "lessons", Read: func() (func() []home.Group, error) {
		var err error
		if c == nil {
			c, err = ReadCourse(fsys, o)
		}
		fetched := o.Store.Fetch()
		return func() []home.Group {
			fetched()
			return c.groups(screens)
		}, err
	}}
}

// groups are the next lesson, and the shelf of all lessons by their parts.
func (c *Course) groups(screens *kit.ScreenStack) []home.Group {
	done := 0
	all := home.Group{Head: "all lessons", Digit: 2, Seen: "done", Noun: "a lesson", Rank: 2, Tally: kit.Count(len(c.Heads), "lesson")}
	for _, part := range c.Parts() {
		heads := c.InPart(part)
		undone, minutes := c.left(heads)
		for i, h := range heads {
			e := c.entry(screens, h)
			if e.Seen {
				done++
			}
			switch {
			case i > 0:
			case undone > 0:
				e.Head = fmt.Sprintf("%s · %d of %d done, %d min left", lessons.PartName(part), len(heads)-undone, len(heads), minutes)
			default:
				e.Head = lessons.PartName(part) + " · done"
			}
			all.Entries = append(all.Entries, e)
		}
	}
	all.Brief = fmt.Sprintf("%d of %s", done, all.Tally)
	next := home.Group{Top: true}
	if h := c.Undone(); h != nil {
		e := c.entry(screens, h)
		e.Digit, e.Name, e.Note, e.More = 1, "next lesson", h.Title, c.standing(h)
		e.Bar, e.Tail = [2]int{done, len(c.Heads)}, all.Brief+" done"
		next.Entries = append(next.Entries, e)
	}
	return []home.Group{next, all}
}

// WriteList lists the lessons, with what is done.
func (c *Course) WriteList(out io.Writer) {
	for _, part := range c.Parts() {
		undone, minutes := c.left(c.InPart(part))
		fmt.Fprintf(out, "%s: %s, %d to do, %d min\n", lessons.PartName(part), kit.Count(len(c.InPart(part)), "lesson"), undone, minutes)
		for _, h := range c.InPart(part) {
			fmt.Fprintf(out, "  %-4s %-22s %-50s %s\n", c.Number(h), h.ID, h.Title, c.standing(h))
		}
	}
}

// The forms in which a sheet is written.
const (
	SheetText = iota
	SheetMarkdown
	SheetHTML
)

// WriteSheet writes the sheet of a part, given its name, folder or number.
func (c *Course) WriteSheet(out io.Writer, name string, form int) error {
	part := c.FindPart(name)
	if part == "" {
		var names []string
		for _, part := range c.Parts() {
			names = append(names, lessons.PartName(part))
		}
		return fmt.Errorf("there is no part %q (%s)", name, template.OneOf(name, names))
	}
	s, err := c.Sheet(part)
	if err != nil {
		return err
	}
	switch form {
	case SheetMarkdown:
		fmt.Fprint(out, s.Markdown())
	case SheetHTML:
		fmt.Fprint(out, s.HTML())
	default:
		fmt.Fprintln(out, strings.Join(plain.Paragraphs(s.Paragraphs(), 78), "\n"))
	}
	return nil
}

// Plain takes a person through a lesson line by line. apart: what is typed is not
// echoed.
func (c *Course) Plain(in io.Reader, out io.Writer, id string, apart bool) error {
	l, err := c.Lesson(id)
	if err != nil {
		return err
	}
	tl, err := timeline.New(l.Scenario.Config)
	if err != nil {
		return fmt.Errorf("%s: %w", l.Template, err)
	}
	c.inCourse(l)
	p := lessons.NewPlayer(l, tl, plain.Keys(l), c)
	if at := c.place(l.ID); at.Step > 0 {
		if err := p.Resume(at.Step, at.Said); err != nil {
			return fmt.Errorf("%s: %w", l.Template, err)
		}
	}
	return plain.Lesson(in, out, p, tl, apart)
}
