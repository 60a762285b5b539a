package plain

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"esmlab/engine/timeline"
	"esmlab/lessons"
)

// told is a Progress that notes whether a lesson was finished.
type told struct{ finished bool }

func (d *told) Reached(string, int, []int) {}
func (d *told) Finished(string, []string)  { d.finished = true }

// Every lesson is finished from standard input, by what it says can be typed: the tips are
// asked for one after the other, and the last one is typed as it stands.
func TestEveryLessonInLines(t *testing.T) {
	t.Parallel()
	for i, h := range lessons.Builtin().Heads {
		if testing.Short() && i%4 > 0 {
			continue
		}
		l, err := lessons.Builtin().Lesson(h.ID)
		if err != nil {
			t.Fatal(err)
		}
		player := func(d *told) (*lessons.Player, *timeline.Timeline) {
			tl, err := timeline.New(l.Scenario.Config)
			if err != nil {
				t.Fatal(err)
			}
			if d == nil {
				return lessons.NewPlayer(l, tl, Keys(l), nil), tl
			}
			return lessons.NewPlayer(l, tl, Keys(l), d), tl
		}
		var typed []string
		p, tl := player(nil)
		var out bytes.Buffer
		x := &linear{p: p, tl: tl, out: bufio.NewWriter(&out), seen: -1, explained: map[int]bool{}}
		x.story = newStory(x.out, current{tl})
		x.bind()
		line := func(text string) {
			typed = append(typed, text)
			x.take(text)
		}
		for n := 0; !p.Finished() && n < 60; n++ {
			switch step := p.Step(); {
			case p.Asking() || p.AsksCause():
				line(strings.Trim(fmt.Sprint(step.Card.Key()), "[]"))
			case step.Kind == lessons.Do && !p.StepDone():
				for p.HintsLeft() > 0 {
					line("t")
				}
				for k := range step.Solution {
					line(Typed(&step.Solution[k]))
				}
				if step.Sets != nil {
					line("alarm " + step.Sets.String())
				}
				line("run " + step.Within.String() + "s")
			default:
				line("")
			}
		}
		if !p.Finished() {
			x.out.Flush()
			t.Errorf("%s is not finished by %q\n%s", h.ID, typed, out.String())
			continue
		}
		d := &told{}
		p, tl = player(d)
		out.Reset()
		if err := Lesson(strings.NewReader(strings.Join(typed, "\n")+"\n"), &out, p, tl, true); err != nil || !d.finished {
			t.Errorf("%s is not finished from standard input (%v)\n%s", h.ID, err, out.String())
		}
	}
}
