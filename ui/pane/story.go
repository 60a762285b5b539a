package pane

import (
	"iter"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/rule"
	"esmlab/ui/kit"
)

// Story is a line of pane 6: what happened, in a sentence.
type Story struct {
	Mark  string // ▸ under way, ■ failed, ● free again, "" the rest
	Style kit.Style
	Text  string
	Brief string // for where there is no room for it; "" none
	At    engine.Micros
	Event *engine.Event // nil where time was skipped
	// Rules are those that decided it, the most important first.
	Rules []rule.ID
}

// Subject is what the line is about: the event, or the skip.
func (s *Story) Subject() Subject {
	if s.Event == nil {
		return Subject{Kind: KindSkip, N: int64(s.At)}
	}
	return Subject{Kind: KindEvent, N: s.Event.N}
}

// Stories gives the newest lines, newest first, beginning after the first
// skip of them, at most n. Lines that do not contain the filter are left out.
func (c *Ctx) Stories(skip, n int, filter string) []Story {
	var out []Story
	for s := range c.stories(filter) {
		if skip > 0 {
			skip--
			continue
		}
		if out = append(out, s); len(out) >= n {
			break
		}
	}
	return out
}

// Story finds the line that is about an event or a skip, and its place among the
// lines; -1 if there is none.
func (c *Ctx) Story(about Subject, filter string) (Story, int) {
	i := 0
	for s := range c.stories(filter) {
		if s.Subject() == about {
			return s, i
		}
		i++
	}
	return Story{}, -1
}

// CountStories counts all lines there are.
func (c *Ctx) CountStories(filter string) int {
	n := 0
	for range c.stories(filter) {
		n++
	}
	return n
}

// Narrator says what happened from the point of view of the mapping shown, briefly
// enough for a pane.
func (c *Ctx) Narrator() *narrate.Narrator {
	return &narrate.Narrator{World: c.S, Short: true, Shown: true, Mapping: c.M, Own: func(n int64) bool { return slices.Contains(c.History.Own, n) }}
}

// stories goes through the lines, newest first. Of more shards than have a row each, what goes
// as planned is summed, unless something is sought.
func (c *Ctx) stories(filter string) iter.Seq[Story] {
	return func(yield func(Story) bool) {
		log := c.History.Log
		skips := c.Skips
		lines := c.Narrator().Read()
		filter := strings.ToLower(filter)
		sums := filter == "" && !c.OnQueue() && len(c.stream().Shards) > 12
		take := func(s Story) bool {
			return filter != "" && !strings.Contains(strings.ToLower(s.Text), filter) || yield(s)
		}
		for i := len(log) - 1; i >= 0; i-- {
			for len(skips) > 0 && skips[len(skips)-1].To >= log[i].At {
				s := skips[len(skips)-1]
				skips = skips[:len(skips)-1]
				if s.To <= c.S.Now() && !take(Story{Text: Dur(s.To-s.From) + " skipped: nothing happens in them", Style: kit.Dim, At: s.To}) {
					return
				}
			}
			if sums {
				list, next := lines.Planned(log, i)
				for k := range list {
					s := c.story(&list[k].Line, &log[list[k].First])
					if s.At = list[k].At; !take(s) {
						return
					}
				}
				if next < i {
					i = next + 1
					continue
				}
			}
			if l, ok := lines.Line(log, i); ok && !take(c.story(&l, &log[i])) {
				return
			}
		}
	}
}

// story gives a line its mark. A queue's failure has another mark than a stream's,
// because it blocks nothing.
func (c *Ctx) story(l *narrate.Line, e *engine.Event) Story {
	s := Story{Text: l.Text, Brief: l.Brief, At: e.At, Event: e, Rules: l.Rules}
	switch l.Mark {
	case narrate.Running:
		s.Mark, s.Style = "▸", kit.Busy
	case narrate.Good:
		s.Mark, s.Style = "●", kit.Good
	case narrate.Command:
		s.Style = kit.Strong
	case narrate.Bad:
		s.Mark, s.Style = "■", kit.Bad
		if e.Source < 0 {
			s.Mark = "▲"
		}
	}
	return s
}
