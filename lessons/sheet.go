package lessons

import (
	"strings"

	"esmlab/engine/timeline"
	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// Sheet is the summary of a part, on a page.
type Sheet struct {
	Part  string
	Notes []Note
}

// Note is the summary of a lesson.
type Note struct {
	Title, WrongIdea string // Not: the wrong idea
	Rules            []card.Block
	Why              []card.Block
	Sources          []card.Block
}

// Sheet makes the summary of a part. It plays each lesson, because its texts
// have values of the run.
func (l *Library) Sheet(part string, keys func(action string) string) (*Sheet, error) {
	out := &Sheet{Part: PartName(part)}
	for _, h := range l.InPart(part) {
		lesson, err := l.Lesson(h.ID)
		if err != nil {
			return nil, err
		}
		tl, err := timeline.New(lesson.Scenario.Config)
		if err != nil {
			return nil, err
		}
		p := NewPlayer(lesson, tl, keys, nil)
		if err := p.Jump(len(lesson.Steps) - 1); err != nil {
			return nil, err
		}
		n := Note{Title: h.Title, WrongIdea: h.WrongIdea, Why: p.text}
		for i := range lesson.Steps {
			s := &lesson.Steps[i]
			if s.Card != nil {
				n.Rules = append(n.Rules, s.Card.Rule...)
			}
			n.Sources = append(n.Sources, p.fillAll(s.Sources)...)
		}
		out.Notes = append(out.Notes, n)
	}
	return out, nil
}

// Markdown formats the sheet as a note.
func (s *Sheet) Markdown() string {
	var b strings.Builder
	b.WriteString("# " + s.Part + "\n")
	for _, n := range s.Notes {
		b.WriteString("\n## " + n.Title + "\n\nNot: " + n.WrongIdea + "\n")
		for _, r := range n.Rules {
			b.WriteString("\n- " + marked(r.Spans))
		}
		if len(n.Rules) > 0 {
			b.WriteString("\n")
		}
		for _, w := range n.Why {
			lead := ""
			if w.Marker != "" {
				lead = w.Marker + " "
			}
			b.WriteString("\n" + lead + marked(w.Spans) + "\n")
		}
		for _, src := range n.Sources {
			b.WriteString("\n" + marked(src.Spans) + "\n")
		}
	}
	return b.String()
}

// marked formats spans as Markdown again.
func marked(spans []card.Span) string {
	var b strings.Builder
	for _, s := range spans {
		text := s.Text
		switch {
		case s.Style&markdown.Code != 0:
			text = "`" + text + "`"
		case s.Style&markdown.Strong != 0:
			text = "**" + text + "**"
		case s.Style&markdown.Em != 0:
			text = "*" + text + "*"
		}
		if s.Link != "" {
			text = "[" + text + "](" + s.Link + ")"
		}
		b.WriteString(text)
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

// Paragraphs formats the sheet for a screen.
func (s *Sheet) Paragraphs() []Paragraph {
	var out paragraphs
	out.say(Plain, strings.ToUpper(s.Part))
	for _, n := range s.Notes {
		out.say(Plain, "")
		out.say(Plain, n.Title)
		out.add(Plain, "  ", card.Span{Text: "Not: " + n.WrongIdea})
		for _, r := range n.Rules {
			out.add(Plain, "  · ", markdown.Flow(r.Spans)...)
		}
		for _, w := range n.Why {
			out.add(Plain, "  ", markdown.Flow(w.Spans)...)
		}
	}
	return out
}
