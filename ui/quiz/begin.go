package quiz

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/quiz/drill"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// This file asks which exam or drill is begun.

// left says what was done in an exam that is not handed in, and how much time it has.
func left(x *session.ExamRun, now time.Time) string {
	text := fmt.Sprintf("%s, %d of %d answered", x.Version, x.Answered, x.Questions)
	if x.Limit > 0 {
		text += ", " + spell(x.Limit-now.Sub(x.Started)) + " left"
	}
	return text
}

// length is a length that an exam can have.
type length struct {
	questions int
	timer     session.Timer
}

func lengths() []length {
	var out []length
	for _, n := range []int{session.FullExam, 30, 20, 10} {
		out = append(out, length{n, session.TimerNormal})
	}
	for _, t := range []session.Timer{session.TimerHalfMore, session.TimerTwice, session.TimerOff} {
		out = append(out, length{session.FullExam, t}, length{20, t})
	}
	return out
}

func (l length) String() string {
	time := "no limit"
	if l.timer != session.TimerOff {
		time = spell(l.timer.Limit(l.questions))
	}
	return fmt.Sprintf("%d questions, %s", l.questions, time)
}

func (d *Today) askExam() tea.Cmd {
	m := &kit.Menu{Title: "An exam", Label: "length", Intro: []string{"Drawn by AWS's weights of the domains. No feedback until the end; then a result by domain and skill, what to do next, and each question with its reasons. The schedule stays as it is."},
		Items: []kit.Item{{Key: "2", Text: "DVA-C02", Note: "until 2026-11-30"}, {Key: "3", Text: "DVA-C03", Note: "from 2026-12-01"}}}
	for _, l := range lengths() {
		m.Cycle = append(m.Cycle, l.String())
	}
	if d.state.version == session.C03 {
		m.Sel = 1
	}
	if u := d.state.unfinished; u != nil {
		m.Items = append(m.Items, kit.Item{Key: "c", Text: "go on", Note: left(u, d.o.Now())})
		m.Sel = 2
	}
	return d.dialogs.Show(m, func(r kit.Reply) tea.Cmd {
		if r.Chosen == 2 {
			if x := reopen(d.screens, d.o, d.state.unfinished.Run); x != nil {
				d.screens.Open(x)
			} else {
				d.notice = "Its questions are not in this deck"
			}
			return nil
		}
		l := lengths()[m.Turn]
		v := []session.Version{session.C02, session.C03}[r.Chosen]
		if err := d.Exam(session.ExamOptions{Version: v, Questions: l.questions, Timer: l.timer}); err != nil {
			d.notice = err.Error()
		}
		return nil
	})
}

func (d *Today) askDrill() tea.Cmd {
	l := &kit.List{Title: "Drill what?", Foot: "type to search · enter begins · esc back", Items: []kit.Item{{Text: kit.Fit("everything", 18), Note: "what was missed lately comes more often"}}}
	names := []string{""}
	for _, s := range drill.Scores(d.o.Store) {
		note := s.Family.About
		if s.Asked > 0 {
			note += fmt.Sprintf(" (%d of %d right)", s.Right, s.Asked)
		}
		l.Items = append(l.Items, kit.Item{Text: kit.Fit(s.Family.Name, 18), Note: note, Find: s.Family.Source})
		names = append(names, s.Family.Name)
	}
	return d.dialogs.Show(l, func(r kit.Reply) tea.Cmd {
		if r.Chosen >= 0 {
			if err := d.Drill(names[r.Chosen]); err != nil {
				d.notice = err.Error()
			}
		}
		return nil
	})
}
