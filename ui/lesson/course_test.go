package lesson

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/quiz/progress"
)

// course is the built-in lessons with progress in memory.
func course(t *testing.T, prefix string, f progress.File) *Course {
	t.Helper()
	n := 0
	store := progress.Open(f, progress.Options{NewID: func() string { n++; return fmt.Sprint(prefix, n) }})
	c, err := ReadCourse(lessons.Files(), CourseOptions{Prefix: prefix, Store: store, Now: func() time.Time { return time.Date(2026, 12, 1, 9, 0, n, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A course knows how far one came, where to go on, and how to forget; another
// course in the same file knows nothing of it.
func TestCourse(t *testing.T) {
	f := &progress.Memory{}
	c, other := course(t, "", f), course(t, "mine/", f)
	first, second := &c.Heads[0], &c.Heads[1]
	if h := c.Undone(); h != first {
		t.Errorf("it begins with %s", h.ID)
	}
	c.Reached(first.ID, 2, nil)
	c.Reached(first.ID, 1, []int{2})
	c.Reached(first.ID, 3, nil)
	if p := c.place(first.ID); p.Step != 3 || !slices.Equal(p.Said[1], []int{2}) {
		t.Errorf("it was left at %+v", p)
	}
	if got := c.standing(first); !strings.HasSuffix(got, "min, at step 4") {
		t.Errorf("%q", got)
	}
	c.Finished(first.ID, []string{"a-card"})
	if h := c.Undone(); h != second || c.standing(first) != "done" || c.place(first.ID).Step != 0 {
		t.Errorf("after the first: %s, %s, %+v", h.ID, c.standing(first), c.place(first.ID))
	}
	if other.o.Store.Refresh(); other.Undone().ID != first.ID {
		t.Error("one's own lesson of the same name counts as done")
	}
	other.Finished(second.ID, nil)
	c.o.Store.Refresh()
	if n := c.Forget(second.ID) + other.Forget(""); n != 1 {
		t.Errorf("%d lessons were forgotten", n)
	}
	if n := c.Forget(first.ID); n != 1 || c.Undone() != first {
		t.Errorf("%d lessons were forgotten, %s is next", n, c.Undone().ID)
	}
}

// A folder without lessons, and one in which none can be read, say so.
func TestReadCourse(t *testing.T) {
	if _, err := ReadCourse(fstest.MapFS{"notes.md": {Data: []byte("# Notes\n")}}, CourseOptions{}); !errors.Is(err, ErrNoLesson) {
		t.Errorf("%v", err)
	}
	var broken template.Errors
	if _, err := ReadCourse(fstest.MapFS{"01-x.md": {Data: []byte("---\nwrong-idea: x\n---\n```esmlab\n```\n")}}, CourseOptions{}); !errors.As(err, &broken) {
		t.Errorf("%v", err)
	}
}

func TestWriteSheet(t *testing.T) {
	c := course(t, "", &progress.Memory{})
	var out bytes.Buffer
	if err := c.WriteSheet(&out, "2", SheetMarkdown); err != nil || !strings.HasPrefix(out.String(), "# Streams\n") {
		t.Errorf("%v: %s", err, out.String())
	}
	if err := c.WriteSheet(&out, "stream", SheetText); err == nil || !strings.Contains(err.Error(), "did you mean Streams?") {
		t.Errorf("%v", err)
	}
}
