package lesson

import (
	"fmt"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"esmlab/lessons"
	"esmlab/quiz/markdown"
	"esmlab/ui/kit"
)

// region is the lesson's part of the screen.
type region struct{ s *Screen }

// Draw shows what is read now.
func (r region) Draw(t *kit.Theme, w, h int, boxed, focused bool) []string {
	s := r.s
	f := kit.Frame{Title: s.heading(), Boxed: boxed, Focused: focused}
	iw, ih := f.Inner(w, h)
	if focused && !s.Digits() {
		f.Title = "› " + f.Title
	}
	lines := s.lines(t, iw)
	s.top = max(0, min(s.top, len(lines)-ih))
	var rows []string
	s.areas = s.areas[:0]
	for i := s.top; i < len(lines) && len(rows) < ih; i++ {
		row, option := lines[i].text, lines[i].option
		if len(rows) == ih-1 && i+1 < len(lines) {
			row, option = kit.NewLine(t, iw).Text(" ").Add(kit.Key, "6").Text(", then ").Add(kit.Key, "↓").Text(": "+kit.Count(len(lines)-i, "row")+" more").String(), -1
		}
		rows, s.areas = append(rows, row), append(s.areas, option)
	}
	return f.Draw(t, rows, w, h)
}

// heading is the title of the region.
func (s *Screen) heading() string {
	l, step := s.o.Lesson, s.p.Step()
	where := strconv.Itoa(s.p.At()+1) + " of " + strconv.Itoa(len(l.Steps))
	if s.o.Number != "" {
		where = s.o.Number + ", " + where
	}
	if s.p.Finished() {
		return l.Title + " · finished"
	}
	title := step.Kind.String()
	if step.Title != "" {
		title += ": " + step.Title
	}
	title += " · " + where
	if step.Kind == lessons.Do && !s.p.Over() {
		if n := s.p.HintsLeft(); n > 0 {
			title += " · " + kit.KeyOf("hint") + " tip (" + strconv.Itoa(n) + ")"
		}
		title += " · " + kit.KeyOf("skip-step") + " shows how"
	}
	return title
}

// line is a row of the region, and the option a click on it chooses.
type line struct {
	text   string
	option int
}

var styles = map[lessons.ParagraphKind]kit.Style{lessons.Asked: kit.Strong, lessons.Chosen: kit.Select, lessons.Good: kit.Good, lessons.Bad: kit.Strong, lessons.Hint: kit.Info}

func (s *Screen) lines(t *kit.Theme, w int) []line {
	var out []line
	for _, p := range s.p.Paragraphs() {
		kind := p.Kind
		if kind == lessons.Option && slices.Contains(s.choice, p.Option) {
			kind = lessons.Chosen
		}
		for _, spans := range markdown.Hang(p.Lead, p.Spans, w-2) {
			l := kit.NewLine(t, w).Text(" ")
			for i, span := range spans {
				style := styles[kind]
				switch {
				case i == 0 && p.Option >= 0, span.Style&markdown.Mark != 0:
					style = kit.Key
				case style == kit.Plain && span.Style&(markdown.Code|markdown.Strong|markdown.Em) != 0:
					style = kit.Strong
				}
				l.Add(style, span.Text)
			}
			out = append(out, line{l.String(), p.Option})
		}
	}
	if s.p.Finished() {
		for _, way := range s.ways() {
			n, _ := strconv.Atoi(way.key)
			out = append(out, line{kit.NewLine(t, w).Text(" ").Add(kit.Key, way.key).Text("  " + way.text).String(), n})
		}
	}
	return out
}

// Fit says why paragraphs do not fit where 80x24 has room for a lesson: in the
// place of panes 6 and 7.
func Fit(list []lessons.Paragraph) string {
	const cells, most = 78, 6
	rows := 0
	for _, p := range list {
		rows += len(markdown.Hang(p.Lead, p.Spans, cells))
	}
	if rows <= most {
		return ""
	}
	return fmt.Sprintf("takes %d rows of %d cells at 80x24, which has room for %d", rows, cells, most)
}

// asks tells whether a prediction is open.
func (s *Screen) asks() bool { return s.p.Step().Kind == lessons.Predict && !s.p.Finished() }

// Digits tells whether they choose here.
func (s *Screen) Digits() bool { return s.asks() || s.p.Finished() }

// Digits tells whether they choose here.
func (r region) Digits() bool { return r.s.Digits() }

// HandleKey takes the keys of the lesson.
func (r region) HandleKey(k tea.KeyPressMsg) (tea.Cmd, bool) {
	s, key := r.s, k.String()
	pane, onRow := s.Cursor()
	if pane == 6 {
		switch key {
		case "up", "k":
			s.top--
			return nil, true
		case "down", "j":
			s.top++
			return nil, true
		}
	}
	if len(key) == 1 && key[0] >= '0' && key[0] <= '9' && s.Digits() {
		return s.digit(int(key[0] - '0')), true
	}
	a := kit.ActionOf(kit.InLesson, key)
	if a == nil {
		return nil, false
	}
	if a.ID == "go-on" && (key == "enter" && onRow || !s.ready(key)) {
		return nil, false // it is the lab's: look inside, stop and go
	}
	return s.act(a.ID), true
}

// act carries out an action of the lesson.
func (s *Screen) act(id string) tea.Cmd {
	switch id {
	case "go-on":
		return s.goOn()
	case "hint":
		if !s.p.Hint() {
			s.Say("There is no further tip here")
		}
		s.top = 0
	case "step-back":
		if s.p.Back() {
			s.again(nil)
		} else {
			s.Say("This is the first step")
		}
	case "skip-step":
		switch {
		case s.p.Finished():
		case s.asks():
			s.Say("A prediction is not skipped: 0 says that you do not know")
		default:
			s.p.Skip()
			s.follow()
		}
	case "lesson":
		return s.menu()
	}
	return nil
}

// ready tells whether a key goes on now. In a Do the person acts: all keys are
// the lab's until the goal is reached; and space stops time while it runs.
func (s *Screen) ready(key string) bool {
	if s.p.Over() {
		return true
	}
	return s.p.Step().Kind != lessons.Do && key != "space"
}

func (s *Screen) goOn() tea.Cmd {
	switch {
	case s.p.Finished():
		return s.ways()[0].do()
	case s.asks() && len(s.choice) > 0:
		s.say(slices.Clone(s.choice))
	case s.asks() && !s.p.Over():
		s.Say("Say what you expect first: a digit, or 0 where you do not know")
	default:
		s.next()
	}
	return nil
}

// digit chooses an option, or what to do at the end.
func (s *Screen) digit(n int) tea.Cmd {
	if s.p.Finished() {
		if ways := s.ways(); n >= 1 && n <= len(ways) {
			return ways[n-1].do()
		}
		return nil
	}
	c := s.p.Step().Card
	switch {
	case n == 0 && c.Option(0) == nil:
		s.say([]int{0})
	case c.Option(n) == nil:
	case len(c.Key()) == 1:
		s.say([]int{n})
	case slices.Contains(s.choice, n):
		s.choice = slices.DeleteFunc(s.choice, func(x int) bool { return x == n })
	default:
		s.choice = append(s.choice, n)
	}
	return nil
}

// Click chooses what is clicked.
func (r region) Click(_, y int) tea.Cmd {
	s := r.s
	if y--; y >= 0 && y < len(s.areas) && s.areas[y] >= 0 && s.Digits() {
		return s.digit(s.areas[y])
	}
	return nil
}

// Hints are the keys that matter now.
func (r region) Hints() []kit.Hint {
	s := r.s
	step := s.p.Step()
	back := kit.Hint{Key: kit.KeyOf("step-back"), Text: "step back"}
	switch {
	case s.p.Finished():
		return []kit.Hint{{Key: kit.KeyOf("go-on"), Text: s.ways()[0].text}, back, {Key: kit.KeyOf("back"), Text: "leave"}}
	case s.asks() && len(step.Card.Key()) > 1:
		return []kit.Hint{{Key: "1-" + strconv.Itoa(len(step.Card.Options)), Text: "toggle"}, {Key: kit.KeyOf("go-on"), Text: "done"}, {Key: "0", Text: "don't know"}, back}
	case s.asks() && s.p.Over():
		return []kit.Hint{{Key: kit.KeyOf("go-on"), Text: "go on"}, {Key: "1-" + strconv.Itoa(len(step.Card.Options)), Text: "say otherwise"}, back}
	case s.asks():
		return []kit.Hint{{Key: "1-" + strconv.Itoa(len(step.Card.Options)), Text: "choose"}, {Key: "0", Text: "don't know"}, back}
	case s.p.Over():
		return []kit.Hint{{Key: kit.KeyOf("go-on"), Text: "go on"}, back, {Key: kit.KeyOf("prev") + kit.KeyOf("next"), Text: "time"}, {Key: kit.KeyOf("lesson"), Text: "lesson"}}
	case step.Kind == lessons.Do:
		return nil // the lab's own commands are what counts
	}
	return []kit.Hint{{Key: kit.KeyOf("stop"), Text: map[bool]string{true: "stop", false: "go"}[s.Running()]}, {Key: kit.KeyOf("go-on"), Text: "to the end"}, back}
}
