package lesson

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine/timeline"
	"esmlab/lessons"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

// While a prediction is open, no text on the screen tells the worlds of its options
// apart: the frames of all of them are the same, at each size, whatever pane fills the
// screen, of each mapping. The values of settings, which a question is about, are left
// out of the comparison.
func TestQuestionsHideTheirAnswers(t *testing.T) {
	questions, worlds := 0, 0
	for i, h := range lessons.Builtin().Heads {
		if testing.Short() && i%5 != 1 {
			continue
		}
		l := read(t, h.ID)
		tl, err := timeline.New(l.Scenario.Config)
		if err != nil {
			t.Fatal(err)
		}
		p := lessons.NewPlayer(l, tl, nil, nil)
		for !p.Finished() {
			if p.Asking() {
				questions++
				all := append([]*timeline.Timeline{tl}, p.Worlds()...)
				worlds += len(all) - 1
				var first []string
				for j, own := range all {
					others := slices.Delete(slices.Clone(all), j, j+1)
					frames := coveredFrames(t, l, own, others, p.Covers())
					if j == 0 {
						first = frames
						continue
					}
					for k := range frames {
						if frames[k] != first[k] {
							t.Errorf("%s, step %d: the screen tells world %d apart\n%s", h.ID, p.At()+1, j, difference(first[k], frames[k]))
							break
						}
					}
				}
				p.Predict(p.Step().Card.Key()...)
			} else if p.Step().Kind == lessons.Do && !p.StepDone() {
				p.Skip()
			}
			p.Next()
		}
	}
	if questions == 0 || worlds == 0 {
		t.Error("there are no questions, or no worlds")
	}
}

// coveredFrames draws a run while a question is open, without the cursor.
func coveredFrames(t *testing.T, l *lessons.Lesson, own *timeline.Timeline, others []*timeline.Timeline, panes []int) []string {
	t.Helper()
	plain := strings.NewReplacer("› ", "", "›", " ")
	var out []string
	draw := func(m *lab.Lab, w, h int) {
		text, _ := m.Draw(w, h)
		out = append(out, rules.ReplaceAllString(plain.Replace(ansi.Strip(text)), "═"))
	}
	for _, c := range own.Sim().Config().Mappings {
		m, err := lab.New(&kit.ScreenStack{Theme: kit.NewTheme(colorprofile.ASCII)}, lab.Options{Scenario: &lab.Scenario{Name: l.ID, Config: own.Config()}, At: own.Now(), Stopped: true,
			Mapping: c.ID, Hide: l.Hides("faults")})
		if err != nil {
			t.Fatal(err)
		}
		m.Cover(&lab.Cover{Worlds: others, Panes: append(slices.Clone(panes), 5)})
		draw(m, 80, 24)
		draw(m, 120, 36)
		draw(m, 160, 50)
		for _, zoom := range []string{"1", "2", "3", "4", "6", "7", "8"} {
			m.HandleKey(monkeyKey(zoom))
			m.HandleKey(monkeyKey(zoom))
			draw(m, 120, 36)
		}
	}
	return out
}

// rules are the lines of frames.
var rules = regexp.MustCompile("[═─]+")

// difference gives the rows in which two frames differ.
func difference(a, b string) string {
	var out []string
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range x {
		if i < len(y) && x[i] != y[i] {
			out = append(out, "- "+x[i], "+ "+y[i])
		}
	}
	return strings.Join(out, "\n")
}
