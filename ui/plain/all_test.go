package plain

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"testing"

	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/lessons"
)

// pupil types what gets through a lesson: each line is decided when it is asked for.
type pupil struct {
	p     *lessons.Player
	typed []string // what reaches the goal, still to be typed
	begun bool
	lines int
	rest  []byte
}

func (u *pupil) Read(b []byte) (int, error) {
	if len(u.rest) == 0 {
		if u.lines++; u.lines > 400 || u.p.Finished() {
			return 0, io.EOF
		}
		u.rest = []byte(u.line() + "\n")
	}
	n := copy(b, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}

func (u *pupil) line() string {
	step := u.p.Step()
	numbers := func() string {
		var list []string
		for _, n := range step.Card.Key() {
			list = append(list, strconv.Itoa(n))
		}
		return strings.Join(list, " ")
	}
	switch {
	case step.Kind == lessons.Predict && !u.p.StepDone():
		return numbers()
	case step.Kind != lessons.Do || u.p.StepDone():
		return ""
	case !u.begun:
		u.begun = true
		for i := range step.Solution {
			u.typed = append(u.typed, scenario.StepText(&step.Solution[i]))
		}
		if step.Sets != nil {
			u.typed = append(u.typed, "alarm "+step.Sets.Short())
		}
	}
	switch {
	case len(u.typed) > 0:
		line := u.typed[0]
		u.typed = u.typed[1:]
		return line
	case u.p.AsksCause():
		return numbers()
	case u.p.CanNameCause():
		return "name-cause"
	}
	return "10s"
}

// Every lesson is finished by what is typed: the answers, the solution as its steps are
// written, and time.
func TestEveryLesson(t *testing.T) {
	t.Parallel()
	lib := lessons.Builtin()
	for i := range lib.Heads {
		if testing.Short() && i%6 > 0 {
			continue
		}
		id := lib.Heads[i].ID
		l, err := lib.Lesson(id)
		if err != nil {
			t.Fatal(err)
		}
		tl, err := timeline.New(l.Scenario.Config)
		if err != nil {
			t.Fatal(err)
		}
		p := lessons.NewPlayer(l, tl, Keys(l), nil)
		var out bytes.Buffer
		if err := Lesson(&pupil{p: p}, &out, p, tl, true); err != nil {
			t.Fatal(err)
		}
		if !p.Finished() || p.SolutionShown() {
			text := out.String()
			t.Errorf("%s is not finished by what is typed:\n…%s", id, text[max(0, len(text)-1500):])
		}
	}
}
