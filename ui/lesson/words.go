package lesson

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/template"
	"esmlab/lessons"
	"esmlab/ui/kit"
)

// words shows the words that are new at this step, then all of the glossary.
func (s *Screen) words() tea.Cmd {
	var body []kit.Para
	add := func(head string, list []lessons.Word) {
		if len(list) == 0 {
			return
		}
		if len(body) > 0 {
			body = append(body, kit.Para{})
		}
		body = append(body, kit.Para{Style: kit.Strong, Text: head})
		for i := range list {
			body = append(body, kit.Para{Text: list[i].Line()})
		}
	}
	add("New at this step", s.p.NewWords())
	add("All words, in the order of the lessons", lessons.Glossary())
	return s.Dialog(&kit.Card{Title: "Words", Body: body}, nil)
}

// glossary shows one word.
func (s *Screen) glossary(args []string) tea.Cmd {
	name := strings.Join(args, " ")
	if name == "" {
		return s.words()
	}
	w := lessons.FindWord(name)
	if w == nil {
		s.Say("The glossary does not have " + name + " (" + template.OneOf(name, lessons.Terms()) + ")")
		return nil
	}
	return s.Dialog(&kit.Card{Title: w.Term, Body: []kit.Para{{Text: w.Says}, {}, {Style: kit.Dim, Text: "The lesson on it: " + w.Lesson}}}, nil)
}

// completeWord offers the terms that begin with what is typed.
func completeWord(typed string) []kit.Item {
	var out []kit.Item
	for _, w := range lessons.Glossary() {
		if strings.HasPrefix(strings.ToLower(w.Term), strings.ToLower(typed)) {
			out = append(out, kit.Item{Text: w.Term, Note: w.Says})
		}
	}
	return out
}
