package lesson

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/lessons"
	"esmlab/quiz/card"
)

// Every lesson is finished by keys at 80x24: bytes as a terminal sends them, the solution
// by the palette, as the last tip writes it, and time by its key. What is pressed is decided
// from the lesson alone, and from what stands on the screen.
func TestEveryLessonByKeys(t *testing.T) {
	for i, h := range lessons.Builtin().Heads {
		if testing.Short() && i%16 != 3 {
			continue
		}
		t.Run(h.ID, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := read(t, h.ID)
				r := open(t, 80, 24, Options{Lesson: l, Number: "1/1"})
				closed := false
				defer func() {
					if !closed {
						r.close()
					}
				}()
				if what := byKeys(r, l); what != "" {
					t.Errorf("%s\n%s", what, r.frame())
				}
				r.close()
				closed = true
				if told := strings.Join(r.notes.lines, "\n"); !strings.Contains(told, l.ID+" finished") {
					t.Errorf("the lesson is not finished: %s", told)
				}
			})
		})
	}
}

// byKeys plays a lesson to its end and says what stood in the way; "" nothing.
func byKeys(r *program, l *lessons.Lesson) string {
	for i := range l.Steps {
		switch s := &l.Steps[i]; s.Kind {
		case lessons.Predict:
			choose(r, s)
		case lessons.Do:
			for k := range s.Solution {
				r.key(typed(&s.Solution[k]))
				r.key("enter")
			}
			if s.Sets != nil {
				r.key(":alarm " + s.Sets.Short())
				r.key("enter")
				if !strings.Contains(r.frame(), s.Sets.String()) {
					return "what the alarm did is not shown"
				}
				r.key("esc")
			}
			r.key("space")
			for n := 0; !strings.Contains(r.frame(), "Goal reached"); n++ {
				if s.Card != nil && strings.Contains(r.frame(), optionLine(s)) {
					choose(r, s)
				}
				if r.wait(time.Second); n > 90 {
					return "the goal is not reached by " + typed(&s.Solution[0])
				}
			}
			r.key("enter")
		case lessons.Run: // to its end, then on
			r.key("enter")
			for range verdicts(l, i) {
				r.key("enter")
			}
		default:
			r.key("enter")
		}
	}
	return ""
}

// choose presses the digits of a question's answer.
func choose(r *program, s *lessons.Step) {
	key := s.Card.Key()
	for _, n := range key {
		r.key(strconv.Itoa(n))
	}
	if len(key) > 1 {
		r.key("enter")
	}
}

// optionLine is how the first option of a question begins on the screen.
func optionLine(s *lessons.Step) string {
	words := strings.Fields(card.Text(s.Card.Option(1).Text))
	return "1  " + strings.Join(words[:min(2, len(words))], " ")
}

// verdicts counts the verdicts shown at a Run: one for each prediction before it.
func verdicts(l *lessons.Lesson, run int) int {
	n := 0
	for run > n && l.Steps[run-1-n].Kind == lessons.Predict {
		n++
	}
	return n
}

// What the palette takes is what lines take: each form does the same there.
func TestPaletteTakesSteps(t *testing.T) {
	for _, line := range []string{"set: {ShipOrders.BatchSize: 7}", "ShipOrders.BatchSize=7", "BatchSize=7", "fix: poison", "put: {to: Orders, count: 3}", "disable: ShipOrders", "set: {ShipOrders.BatchSize: 0}", "set: {Nobody.BatchSize: 1}", "put: Orders"} {
		l := read(t, "failing-batch")
		p := func() (*lessons.Player, *timeline.Timeline) {
			tl, err := timeline.New(l.Scenario.Config)
			if err != nil {
				t.Fatal(err)
			}
			return lessons.NewPlayer(l, tl, nil, nil), tl
		}
		typedThere, own := p()
		list, err := typedThere.Commands(line, 0)
		var want []engine.Command
		for _, c := range list {
			if own.Do(c) == nil {
				want = append(want, c)
			}
		}
		synctest.Test(t, func(t *testing.T) {
			r := open(t, 80, 24, Options{Lesson: l, Number: "1/1"})
			r.key(":" + line)
			r.key("enter")
			frame := r.frame()
			r.close()
			got := r.s.Timeline().Commands()
			for len(got) > 0 && got[len(got)-1].Refused {
				got = got[:len(got)-1]
			}
			if len(got) != len(want) {
				t.Errorf("%q: %d commands in the palette, %d in lines (%v)\n%s", line, len(got), len(want), err, frame)
			}
			if strings.Contains(frame, "There is no command") {
				t.Errorf("%q is not a command of the palette\n%s", line, frame)
			}
		})
	}
}
