package lessons

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// Every lesson that is part of the program keeps what its author promises: it
// is played in every way it names.
func TestBuiltin(t *testing.T) {
	l := Builtin()
	for _, e := range l.Broken {
		t.Error(e)
	}
	for _, h := range l.Heads {
		t.Run(h.ID, func(t *testing.T) {
			t.Parallel()
			lesson, err := l.Lesson(h.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range Check(lesson, Known{Lesson: func(id string) bool { return l.Find(id) != nil }}) {
				t.Error(e)
			}
		})
	}
}

// script runs the commands of a file in testdata.
func script(t *testing.T, file string, run func(t *testing.T, d *datadriven.TestData) string) {
	t.Helper()
	datadriven.RunTest(t, filepath.Join("testdata", file), run)
}

// Each edit of a lesson that is right gives what is wrong with it: an edit is
// OLD => NEW, a line each.
func TestCheck(t *testing.T) {
	const file = "2-streams/02-failing-batch.md"
	src, err := builtin.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	script(t, "check", func(t *testing.T, d *datadriven.TestData) string {
		text := string(src)
		for _, line := range strings.Split(d.Input, "\n") {
			old, to, ok := strings.Cut(line, " => ")
			old, to = strings.ReplaceAll(old, `\n`, "\n"), strings.ReplaceAll(to, `\n`, "\n")
			if !ok || !strings.Contains(text, old) {
				t.Fatalf("%s: nothing to edit: %s", d.Pos, line)
			}
			text = strings.Replace(text, old, to, 1)
		}
		l, err := Read(file, []byte(text), builtin.ReadFile)
		if err != nil {
			return err.Error()
		}
		known := Known{Lesson: func(id string) bool { return id == "tour" }, Card: func(id string) bool { return id != "none" }, Key: func(id string) bool { return id != "nothing" }}
		if errs := Check(l, known); len(errs) > 0 {
			return errs.Error()
		}
		return "nothing is wrong"
	})
}
