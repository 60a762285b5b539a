package lessons

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/quiz/markdown"
)

// stage is a lesson in a test, with the hands of a person.
type stage struct {
	p        *Player
	tl       *timeline.Timeline
	progress []string // what was told since it was looked at
}

func newStage(t *testing.T, id string) *stage {
	t.Helper()
	l, err := Builtin().Lesson(id)
	if err != nil {
		t.Fatal(err)
	}
	tl, err := timeline.New(l.Scenario.Config)
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{tl: tl}
	s.p = NewPlayer(l, tl, func(id string) string { return "<" + id + ">" }, s)
	return s
}

func (s *stage) Reached(lesson string, step int, said []int) {
	s.progress = append(s.progress, fmt.Sprintf("%s: step %d reached, said %v", lesson, step+1, said))
}

func (s *stage) Finished(lesson string, cards []string) {
	s.progress = append(s.progress, fmt.Sprintf("%s: finished, due: %s", lesson, strings.Join(cards, ", ")))
}

// screen shows where the lesson stands, and what is read.
func (s *stage) screen() string {
	var b strings.Builder
	p := s.p
	name := p.Step().Kind.String()
	if p.Finished() {
		name = "the end"
	}
	fmt.Fprintf(&b, "step %d %s: %s, t %s, %s, over %v\n", p.At()+1, name, p.Step().Title, s.tl.Now(), s.tl.Name(), p.StepDone())
	for _, x := range p.Paragraphs() {
		for _, line := range markdown.Hang(x.Lead, x.Spans, 78) {
			b.WriteString("  " + markdown.Text(line) + "\n")
		}
	}
	return b.String()
}

// TestPlayer plays the scripts in testdata/play. The commands:
//
//	open LESSON                          begins it
//	next back return skip hint restart   as the person's keys do
//	testout · resume STEP ANSWERS…       straight to a step
//	say N…                               a prediction; 0 don't know
//	set NAME VALUE                       a command in the lab
//	pass TIME · seek TIME · undo · over  time in the lab, its z and its R
//	show                                 the screen again
//	progress                             what Progress was told since the last time
func TestPlayer(t *testing.T) {
	datadriven.Walk(t, "testdata/play", func(t *testing.T, path string) {
		var s *stage
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			arg := func(i int) string { return d.CmdArgs[i].String() }
			number := func(text string) int {
				n, err := strconv.Atoi(text)
				if err != nil {
					t.Fatalf("%s: %s is not a number", d.Pos, text)
				}
				return n
			}
			duration := func() engine.Micros {
				at, ok := scenario.Duration(arg(0))
				if !ok {
					t.Fatalf("%s: %s is not a time", d.Pos, arg(0))
				}
				return at
			}
			ok := true
			switch d.Cmd {
			case "open":
				s = newStage(t, arg(0))
			case "next":
				ok = s.p.Next()
			case "back":
				ok = s.p.Back()
			case "return":
				s.p.RestartStep()
			case "skip":
				ok = s.p.Skip()
			case "hint":
				ok = s.p.Hint()
			case "restart":
				ok = s.p.Restart() == nil
			case "testout":
				ok = s.p.TestOut() == nil
			case "resume":
				answers := map[int][]int{}
				for _, a := range d.CmdArgs[1:] {
					answers[number(a.Key)-1] = []int{number(a.Vals[0])}
				}
				ok = s.p.Resume(number(arg(0))-1, answers) == nil
			case "say":
				var list []int
				for i := range d.CmdArgs {
					list = append(list, number(arg(i)))
				}
				s.p.Predict(list...)
			case "set":
				value := engine.TextValue(arg(1))
				if n, err := strconv.Atoi(arg(1)); err == nil {
					value = engine.IntValue(n)
				} else if arg(1) == "true" || arg(1) == "false" {
					value = engine.BoolValue(arg(1) == "true")
				}
				ok = s.tl.Do(engine.Command{Op: engine.OpSet, Target: arg(0), Value: value}) == nil
				s.p.Update()
			case "undo":
				_, ok = s.tl.Undo()
				s.p.Update()
			case "over":
				ok = s.tl.Restart(nil) == nil
				s.p.Update()
			case "pass":
				s.p.advanceTo(s.tl.Now() + duration())
			case "seek":
				s.tl.Seek(duration())
				s.p.Update()
			case "progress":
				out := strings.Join(s.progress, "\n")
				s.progress = nil
				return out
			case "show":
			default:
				t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
			}
			if !ok {
				return "no\n" + s.screen()
			}
			return s.screen()
		})
	})
}
