package lessons

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine/printable"
	"esmlab/engine/template"
)

// Library is a folder of lessons; its folders are the parts.
type Library struct {
	fsys fs.FS
	// Heads are the lessons in their order; Broken is what could not be read.
	Heads  []Head
	Broken template.Errors
}

//go:embed [1-9]-*
var builtin embed.FS

// Files gives the lessons that are part of the program, and the templates beside
// them.
func Files() fs.FS { return builtin }

// Builtin opens the lessons that are part of the program.
func Builtin() *Library {
	l, err := Open(builtin)
	if err != nil {
		return &Library{fsys: builtin} // an embedded folder can be listed
	}
	return l
}

// Open finds the lessons of a folder: Markdown files whose names begin with a
// number, in it or in its folders. Only their front matter is read.
func Open(fsys fs.FS) (*Library, error) {
	l := &Library{fsys: fsys}
	var files, unnumbered []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return err
		case err != nil:
			return nil
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !d.IsDir() && IsLessonName(name):
			files = append(files, name)
		case !d.IsDir() && strings.HasSuffix(name, ".md") && path.Base(name) != TestFile && path.Base(name) != SheetFile:
			unnumbered = append(unnumbered, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, file := range unnumbered {
		if src, err := fs.ReadFile(fsys, file); err == nil && LooksLikeLesson(src) {
			l.Broken = append(l.Broken, template.Error{File: file, Line: 1, Col: 1, Message: "this looks like a lesson, but its name has no number", Right: "a number that gives its place: 01-" + path.Base(file)})
		}
	}
	slices.Sort(files)
	ids := map[string]string{}
	for _, file := range files {
		src, err := fs.ReadFile(fsys, file)
		if err != nil {
			l.Broken = append(l.Broken, template.Error{File: file, Line: 1, Col: 1, Message: "cannot be read: " + err.Error()})
			continue
		}
		if !LooksLikeLesson(src) {
			continue
		}
		h, err := readHead(file, src)
		if errs, ok := err.(template.Errors); ok {
			l.Broken = append(l.Broken, errs...)
			continue
		}
		if other := ids[h.ID]; other != "" {
			l.Broken = append(l.Broken, template.Error{File: file, Line: 1, Col: 1, Message: "there is a lesson " + h.ID + " already: " + other, Right: "another name after the number"})
			continue
		}
		ids[h.ID] = file
		l.Heads = append(l.Heads, h)
	}
	return l, nil
}

// IsLessonName reports whether a file's name is that of a lesson: a number, a
// dash, a name, .md.
func IsLessonName(name string) bool {
	num, rest, ok := strings.Cut(path.Base(name), "-")
	return ok && num != "" && strings.Trim(num, "0123456789") == "" && strings.HasSuffix(rest, ".md") && rest != ".md"
}

// LooksLikeLesson reports whether a file is meant to be a lesson: notes may have
// similar names.
func LooksLikeLesson(src []byte) bool {
	return bytes.Contains(src, []byte("```esmlab")) || bytes.Contains(src, []byte("\nwrong-idea:"))
}

// Find finds the head of a lesson by its id, the name of its file or "2/3":
// part and number; nil if there is none.
func (l *Library) Find(name string) *Head {
	for i := range l.Heads {
		h := &l.Heads[i]
		base := strings.TrimSuffix(path.Base(h.File), ".md")
		if name != "" && (name == h.ID || name == h.File || name == base || name == l.Number(h)) {
			return h
		}
	}
	return nil
}

// Number is the place of a lesson: "2/3" is the third of the second part.
func (l *Library) Number(h *Head) string {
	part, n := 0, 0
	last := ""
	for i := range l.Heads {
		if l.Heads[i].Part != last || i == 0 {
			part, n, last = part+1, 0, l.Heads[i].Part
		}
		n++
		if l.Heads[i].ID == h.ID {
			return strconv.Itoa(part) + "/" + strconv.Itoa(n)
		}
	}
	return ""
}

// Lesson reads a lesson of the library.
func (l *Library) Lesson(id string) (*Lesson, error) {
	h := l.Find(id)
	if h == nil {
		names := make([]string, len(l.Heads))
		for i := range l.Heads {
			names[i] = l.Heads[i].ID
		}
		return nil, fmt.Errorf("there is no lesson %s (%s)", printable.Line(id), template.OneOf(id, names))
	}
	src, err := fs.ReadFile(l.fsys, h.File)
	if err != nil {
		return nil, err
	}
	return Read(h.File, src, func(name string) ([]byte, error) { return fs.ReadFile(l.fsys, name) })
}

// Next is the lesson after the given one, nil after the last.
func (l *Library) Next(id string) *Head {
	for i := range l.Heads {
		if l.Heads[i].ID == id && i+1 < len(l.Heads) {
			return &l.Heads[i+1]
		}
	}
	return nil
}

// Parts are the folders of the lessons, in their order.
func (l *Library) Parts() []string {
	var out []string
	for i := range l.Heads {
		if !slices.Contains(out, l.Heads[i].Part) {
			out = append(out, l.Heads[i].Part)
		}
	}
	return out
}

// InPart lists the lessons of a part.
func (l *Library) InPart(part string) []*Head {
	var out []*Head
	for i := range l.Heads {
		if l.Heads[i].Part == part {
			out = append(out, &l.Heads[i])
		}
	}
	return out
}

// partNames are the parts whose names differ from their folder's.
var partNames = map[string]string{"4-fifo": "FIFO and scale", "6-build": "Build it"}

// PartName is what a part is called.
func PartName(part string) string {
	if name := partNames[part]; name != "" {
		return name
	}
	if num, rest, ok := strings.Cut(part, "-"); ok && strings.Trim(num, "0123456789") == "" {
		part = rest
	}
	part = strings.ReplaceAll(part, "-", " ")
	if part == "" || part == "." {
		return "Lessons"
	}
	return strings.ToUpper(part[:1]) + part[1:]
}
