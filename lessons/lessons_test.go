package lessons

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/quiz/markdown"
)

// Every lesson that is part of the program keeps what its author promises: it
// is played in every way it names.
func TestBuiltin(t *testing.T) {
	l := Builtin()
	for _, e := range l.Broken {
		t.Error(e)
	}
	for i, h := range l.Heads {
		if testing.Short() && i%4 > 0 {
			continue
		}
		t.Run(h.ID, func(t *testing.T) {
			t.Parallel()
			lesson, err := l.Lesson(h.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range Check(lesson, CheckOptions{HasLesson: func(id string) bool { return l.Find(id) != nil }, Fit: fit}) {
				t.Error(e)
			}
		})
	}
}

// fit is a screen with room for six rows of 78 cells.
func fit(list []Paragraph) string {
	rows := 0
	for _, p := range list {
		rows += len(markdown.Hang(p.Lead, p.Spans, 78))
	}
	if rows > 6 {
		return fmt.Sprintf("takes %d rows of 6", rows)
	}
	return ""
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
		known := CheckOptions{HasLesson: func(id string) bool { return id == "tour" }, HasCard: func(id string) bool { return id != "none" }, HasKey: func(id string) bool { return id != "nothing" }, Fit: fit}
		if errs := Check(l, known); len(errs) > 0 {
			return errs.Error()
		}
		return "nothing is wrong"
	})
}

// The course has six parts of at least 48 lessons; an incident ends each part. Each
// lesson takes 4 to 10 minutes and has a wrong idea of its own.
func TestCourse(t *testing.T) {
	l := Builtin()
	if len(l.Parts()) != 6 || len(l.Heads) < 48 {
		t.Errorf("%d parts, %d lessons", len(l.Parts()), len(l.Heads))
	}
	ideas := map[string]string{}
	for _, h := range l.Heads {
		if h.Minutes < 4 || h.Minutes > 10 {
			t.Errorf("%s takes %d minutes", h.ID, h.Minutes)
		}
		if other := ideas[h.WrongIdea]; other != "" {
			t.Errorf("%s and %s have the same wrong idea", h.ID, other)
		}
		ideas[h.WrongIdea] = h.ID
		if len(h.Cards) == 0 {
			t.Errorf("%s makes no card due", h.ID)
		}
	}
	for _, part := range l.Parts() {
		of := l.InPart(part)
		last, err := l.Lesson(of[len(of)-1].ID)
		if err != nil {
			t.Fatal(err)
		}
		if !last.Hides("faults") {
			t.Errorf("part %s does not end with an incident: %s hides nothing", part, last.ID)
		}
	}
}
