package user

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"strings"

	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/quiz/progress"
	"esmlab/quiz/proof"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
	"esmlab/ui/quiz"
)

// EndTest is the end test of a part of the lessons of a folder ("" the built-in
// ones): its questions, asked without help and without a clock, and judged at the end.
// Its results are kept apart by part, so that before can be compared with after.
func (u *User) EndTest(fsys fs.FS, dir, name string) (*quiz.Options, quiz.Mode, error) {
	none := quiz.Mode{}
	lib, err := lessons.Open(fsys)
	if err != nil {
		return nil, none, err
	}
	part := lib.FindPart(name)
	if part == "" {
		var names []string
		for _, p := range lib.Parts() {
			names = append(names, lessons.PartName(p))
		}
		return nil, none, fmt.Errorf("there is no part %q (%s)", name, template.OneOf(name, names))
	}
	note, open, err := lib.Test(part)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, none, fmt.Errorf("the part %s has no end test (a note %s in its folder, see docs/lessons.md)", lessons.PartName(part), lessons.TestFile)
	case err != nil:
		return nil, none, err
	case len(note.Cards) == 0:
		return nil, none, fmt.Errorf("%s has no questions", note.File)
	}
	run := testRun(dir, part)
	o := &quiz.Options{Store: u.Progress(), Name: "the end test of " + lessons.PartName(part), Now: u.Now, Run: run + u.newID(), NewRun: func() string { return run + u.newID() }, Message: Message}
	if o.Again = "esmlab learn"; dir != "" {
		o.Again += " " + dir
	}
	o.Again += " --test " + part
	prover := &proof.Prover{Open: open}
	for i := range note.Cards {
		o.Deck = append(o.Deck, &quiz.Entry{Card: &note.Cards[i], Prover: prover})
	}
	o.Store.Refresh()
	before := u.testResults(run)
	o.Seed = uint64(1 + len(before)) // another order each time
	if text := testsSaid(before); text != "" {
		o.Notes = append(o.Notes, text)
	}
	return o, quiz.Mode{Exam: &session.ExamOptions{Version: session.C03, Questions: len(o.Deck), Timer: session.TimerOff}}, nil
}

// testRun begins the names of a part's tests in the progress file.
func testRun(dir, part string) string {
	return "test/" + path.Join(strings.Trim(dir, "/."), part) + "/"
}

func (u *User) newID() string {
	if u.NewID == nil {
		return fmt.Sprint(rand.Uint64())
	}
	return u.NewID()
}

// testResults lists how a part's tests went, each with its day.
func (u *User) testResults(run string) []string {
	var all []string
	for l := range u.Progress().Lines {
		if l.Kind == progress.KindExamEnd && strings.HasPrefix(l.Run, run) {
			all = append(all, fmt.Sprintf("%d of %d right on %s", l.Correct, l.Asked, l.Day))
		}
	}
	return all
}

// testsSaid says how tests went: the first, and the last.
func testsSaid(all []string) string {
	switch n := len(all); n {
	case 0:
		return ""
	case 1:
		return "Before: " + all[0] + "."
	default:
		return "First: " + all[0] + ". Last: " + all[n-1] + "."
	}
}

// TestResults says how the end tests of a part went, after one more.
func (u *User) TestResults(fsys fs.FS, dir, name string) string {
	lib, err := lessons.Open(fsys)
	if err != nil {
		return ""
	}
	all := u.testResults(testRun(dir, lib.FindPart(name)))
	if len(all) == 1 {
		return "Kept, to compare with after the lessons: " + all[0] + "."
	}
	return testsSaid(all)
}

// EndTestOpening opens the end test of a part of the built-in lessons.
func (u *User) EndTestOpening(screens *kit.ScreenStack, part string) kit.Opening {
	return kit.Opening{Name: "the end test", Read: func() (func() error, error) {
		fetched := u.Progress().Fetch()
		return func() error {
			fetched()
			o, mode, err := u.EndTest(u.Lessons, "", part)
			if err != nil {
				return err
			}
			return quiz.Open(screens, o, mode)
		}, nil
	}}
}
