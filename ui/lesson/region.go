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
	s.top, s.scrolls = max(0, min(s.top, len(lines)-ih)), len(lines) > ih
	if s.scrolls {
		f.From, f.To, f.Of = s.top+1, min(len(lines), s.top+ih), len(lines)
	}
	var rows []string
	s.areas = s.areas[:0]
	for i := s.top; i < len(lines) && len(rows) < ih; i++ {
		row, option := lines[i].text, lines[i].option
		if len(rows) == ih-1 && i+1 < len(lines) {
			row, option = kit.NewLine(t, iw).Text(" ").Add(kit.Key, "6").Text(", then ").Add(kit.Key, kit.KeyOf("down")).Text(": "+kit.Count(len(lines)-i, "row")+" more").String(), -1
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
	if step.Kind == lessons.Do && !s.p.StepDone() {
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
	ways := func() { // they stand below what was learnt
		if !s.p.Finished() {
			return
		}
		for _, way := range s.ways() {
			n, _ := strconv.Atoi(way.key)
			for i, row := range kit.Wrap(way.text, w-5) {
				l := kit.NewLine(t, w).Text(" ")
				if i == 0 {
					l.Add(kit.Key, way.key)
				} else {
					l.Text(" ")
				}
				out = append(out, line{l.Text("  " + row).String(), n})
			}
		}
	}
	list := s.p.Paragraphs()
	for at, p := range list {
		kind := p.Kind
		if at == 1 {
			ways()
		}
		if kind == lessons.Next { // it is the first of the ways
			continue
		}
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
	if len(list) < 2 {
		ways()
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

// predicts reports whether a prediction is open.
func (s *Screen) predicts() bool { return s.p.Step().Kind == lessons.Predict && !s.p.Finished() }

// asks reports whether a question is open.
func (s *Screen) asks() bool { return s.predicts() || s.p.AsksCause() }

// Digits reports whether they choose here.
func (s *Screen) Digits() bool { return s.asks() || s.p.Finished() }

// Digits reports whether they choose here.
func (r region) Digits() bool { return r.s.Digits() }

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
		s.answer([]int{0})
	case c.Option(n) == nil:
	case len(c.Key()) == 1:
		s.answer([]int{n})
	case slices.Contains(s.choice, n):
		s.choice = slices.DeleteFunc(s.choice, func(x int) bool { return x == n })
	default:
		s.choice = append(s.choice, n)
	}
	return nil
}

// Takes reports whether a key of both is the lesson's now. While the person acts
// all keys are the lab's; enter looks inside where the cursor is on a row, and
// space stops time while it runs.
func (r region) Takes(action, rival string) bool {
	s := r.s
	switch action {
	case "choose", "unknown":
		return s.Digits()
	case "go-on":
		_, onRow := s.Cursor()
		switch {
		case rival == "inside" && onRow:
			return false
		case s.p.StepDone():
			return true
		}
		return s.p.Step().Kind != lessons.Do && rival != "stop"
	}
	return true
}

// Scrolls reports whether not all of the text is in sight.
func (r region) Scrolls() bool { return r.s.scrolls }

// Scroll moves the text.
func (r region) Scroll(by int) { r.s.top += by }

// Click chooses what is clicked.
func (r region) Click(_, y int) tea.Cmd {
	s := r.s
	if y--; y >= 0 && y < len(s.areas) && s.areas[y] >= 0 && s.Digits() {
		return s.digit(s.areas[y])
	}
	return nil
}

// Hints are the actions that matter now.
func (r region) Hints() []kit.Hint {
	s := r.s
	step := s.p.Step()
	back := kit.HintOf("step-back", "step back")
	var words []kit.Hint
	if n := len(s.p.NewWords()); n > 0 {
		words = []kit.Hint{kit.HintOf("words", kit.Count(n, "new word"))}
	}
	digits := func(text string) kit.Hint {
		return kit.Hint{ID: "choose", Key: "1-" + strconv.Itoa(len(step.Card.Options)), Text: text}
	}
	switch {
	case s.p.Finished():
		return []kit.Hint{kit.HintOf("go-on", s.ways()[0].word), back, kit.HintOf("back", "leave")}
	case s.asks() && len(step.Card.Key()) > 1:
		return append([]kit.Hint{digits("toggle"), kit.HintOf("go-on", "done"), kit.HintOf("unknown", "don't know"), back}, words...)
	case s.asks() && s.p.StepDone():
		return []kit.Hint{kit.HintOf("go-on", "go on"), digits("say otherwise"), back}
	case s.asks():
		return append([]kit.Hint{digits("choose"), kit.HintOf("unknown", "don't know"), back}, words...)
	case s.p.StepDone():
		return append(append([]kit.Hint{kit.HintOf("go-on", "go on")}, words...), back, kit.HintPair("prev", "next", "time"), kit.HintOf("lesson", "lesson"))
	case step.Kind == lessons.Do:
		hints := []kit.Hint{kit.HintOf("stop", map[bool]string{true: "stop", false: "go"}[s.Running()]), kit.HintOf("undo", "undo"), kit.HintOf("again", "again"), kit.HintOf("hint", "tip")}
		if s.o.Lesson.Hides("faults") {
			hints = append(hints, kit.HintOf("evidence", "evidence"), kit.HintOf("name-cause", "cause"))
		}
		return append(hints, kit.HintOf("skip-step", "shows how"))
	}
	return append(append([]kit.Hint{kit.HintOf("stop", map[bool]string{true: "stop", false: "go"}[s.Running()]), kit.HintOf("go-on", "to the end")}, words...), back)
}
