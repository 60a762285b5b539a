package talks

import (
	"fmt"
	"strconv"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/share"
	"esmlab/engine/timeline"
	"esmlab/lessons"
	"esmlab/quiz/card"
)

// This file makes presentations of what was not written as one.

func sentence(text string) []card.Block { return []card.Block{{Spans: []card.Span{{Text: text}}}} }

// OfScenario makes a presentation of a scenario: its beginning, its `stops`, and its end.
func OfScenario(sc *scenario.Scenario) *Talk {
	t := &Talk{Name: sc.Name, File: sc.File, Title: sc.Title}
	if t.Title == "" {
		t.Title = sc.Name
	}
	t.Stops = append(t.Stops, Stop{Title: t.Title, Text: sentence(sc.About), World: sc})
	at := engine.Micros(0)
	for i, s := range sc.Stops {
		to := s.At
		title := "Second " + to.String()
		if s.Query != nil {
			found, ok := instant(sc, s.Query, at, sc.Config.For)
			if !ok {
				continue
			}
			to, title = found, s.Query.Text
		}
		if to < at || to > sc.Config.For {
			continue
		}
		at = to
		t.Stops = append(t.Stops, Stop{Title: "Stop " + strconv.Itoa(i+1) + ": " + title, World: sc, At: at, Continues: true})
	}
	t.Stops = append(t.Stops, Stop{Title: "The end", World: sc, At: sc.Config.For, Continues: true})
	return t
}

// OfLesson makes a presentation of a lesson: a stop for each of its steps. A prediction is
// a poll, and the goal is reached by the lesson's own solution. key gives the key of an
// action.
func OfLesson(l *lessons.Lesson, key func(action string) string) (*Talk, error) {
	t := &Talk{Name: l.ID, File: l.File, Title: l.Title, Minutes: l.Minutes}
	tl, err := timeline.New(l.Scenario.Config)
	if err != nil {
		return nil, err
	}
	p := lessons.NewPlayer(l, tl, key, nil)
	sc, commands := l.Scenario, 0
	for {
		s := p.Step()
		title := s.Title
		if title == "" {
			title = s.Kind.String()
		}
		stop := Stop{Title: title, Line: s.Line, Continues: len(t.Stops) > 0}
		if len(s.Focus) > 0 {
			stop.Pane = lessons.Panes[s.Focus[0]]
		}
		if s.Kind != lessons.Do {
			p.FinishRun()
		}
		text := p.Paragraphs()
		switch s.Kind {
		case lessons.Predict:
			stop.Poll = s.Card
			if s.Card != nil && len(s.Card.Key()) != 1 {
				stop.Poll = nil
			}
			p.Predict(0)
			text = nil
		case lessons.Do:
			p.Skip()
		}
		for _, x := range text {
			stop.Text = append(stop.Text, card.Block{Spans: x.Spans, Marker: x.Lead})
		}
		if passed := tl.Passed(); passed > commands { // the goal was reached by commands
			commands = passed
			steps := share.Steps(tl.Commands())
			if sc, err = scenario.Read(l.Template, l.Scenario.Source, scenario.Options{Steps: steps}); err != nil {
				return nil, fmt.Errorf("%s: %w", l.ID, err)
			}
		}
		stop.World, stop.At = sc, tl.Now()
		t.Stops = append(t.Stops, stop)
		for at := p.At(); p.At() == at; { // a Run after two predictions shows both verdicts
			if !p.Next() || p.Finished() {
				return t, nil
			}
		}
	}
}
