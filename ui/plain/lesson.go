package plain

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/printable"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/engine/timeline"
	"esmlab/lessons"
	"esmlab/quiz/markdown"
	"esmlab/ui/kit"
)

// Lesson takes a person through a lesson in lines: nothing is drawn over, the
// prompt stands last. It ends with the lesson, with q, or with the input. apart:
// nobody types, so the prompt's line is ended here.
func Lesson(in io.Reader, out io.Writer, p *lessons.Player, tl *timeline.Timeline, apart bool) error {
	l := &linear{p: p, tl: tl, out: bufio.NewWriter(out), seen: -1, explained: map[int]bool{}}
	l.story = newStory(l.out, current{tl})
	l.story.Fold()
	p.Typed(Typed, "")
	l.bind()
	lines := bufio.NewScanner(in)
	l.print("%s\n", printable.Line(p.Lesson.Title))
	l.print("Line by line; %s lists what you can type.\n", kit.KeyOf("help"))
	if len(tl.Sim().Config().Mappings) > 1 {
		l.mappings()
	}
	l.screen()
	for {
		l.prompt()
		if err := l.out.Flush(); err != nil {
			return err
		}
		if p.Finished() || !lines.Scan() {
			break
		}
		if apart {
			l.print("%s\n", printable.Line(lines.Text()))
		}
		if l.take(strings.TrimSpace(lines.Text())); l.left {
			break
		}
	}
	l.print("\n")
	if err := l.out.Flush(); err != nil {
		return err
	}
	return lines.Err()
}

// Keys says what is typed in place of a key.
func Keys(*lessons.Lesson) func(action string) string {
	words := map[string]string{"stop": "10s", "settings": "settings", "menu": "menu", "inside": "event", "palette": "set", "next": "seek 20s", "prev": "seek 20s",
		"bisect": "set BisectBatchOnFunctionError", "retries": "set", "tries": "set", "age": "set", "failures": "set", "items": "set", "visibility": "set"}
	return func(action string) string {
		if w := words[action]; w != "" {
			return w
		}
		if a := kit.FindAction(action); a != nil {
			if a.In&kit.InLines != 0 && len(a.Label) == 1 && a.Word != "" && a.ID != "help" {
				return a.ID // a letter alone is easily overlooked in a line
			}
			return a.Label
		}
		return action
	}
}

// Typed is how a command is given in lines.
func Typed(c *engine.Command) string {
	text := scenario.StepText(c)
	if c.Op == engine.OpSet && len(c.Also) == 0 {
		name, value, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(text, "set: {"), "}"), ": ")
		return name + "=" + value
	}
	return text
}

type linear struct {
	keys  *kit.Keymap
	left  bool // the person leaves
	p     *lessons.Player
	tl    *timeline.Timeline
	out   *bufio.Writer
	story *Story
	seen  int64 // number of the last event told
	// explained are the steps whose new words were written.
	explained map[int]bool
	at        int // the mapping that names without a resource belong to
}

// current gives names as the run that is current has them: a lesson may begin
// another.
type current struct{ *timeline.Timeline }

func (c current) Config() *engine.Config { return c.Sim().Config() }

func (c current) Message(id int32) *engine.Message { return c.Sim().Message(id) }

func (l *linear) print(format string, args ...any) { fmt.Fprintf(l.out, format, args...) }

// screen writes what is read now.
func (l *linear) screen() {
	p := l.p
	if !p.Finished() {
		title := p.Step().Kind.String()
		if p.Step().Title != "" {
			title += ": " + printable.Line(p.Step().Title)
		}
		l.print("\n%s (%d of %d, second %s)\n", title, p.At()+1, len(p.Lesson.Steps), l.tl.Now())
		if len(p.Step().Code) > 0 && !l.explained[p.At()] {
			l.code()
		}
	}
	for _, row := range Paragraphs(p.Paragraphs(), 78) {
		l.print("%s\n", row)
	}
	if at := p.At(); !l.explained[at] { // once: the words stay on the terminal
		if l.explained[at] = true; len(p.NewWords()) > 0 {
			l.newWords()
		}
	}
	if p.Finished() {
		for _, s := range p.Lesson.Steps[p.At()].Sources {
			for _, piece := range s.Segments {
				if piece.Span.Link != "" {
					l.print("%s\n", piece.Span.Link)
				}
			}
		}
	}
}

// Paragraphs writes paragraphs of a lesson in rows of at most width cells.
func Paragraphs(list []lessons.Paragraph, width int) []string {
	var out []string
	for _, p := range list {
		for _, spans := range markdown.Hang(p.Lead, p.Spans, width) {
			out = append(out, strings.TrimRight(printable.Line(markdown.Text(spans)), " "))
		}
	}
	return out
}

// prompt says what can be typed.
func (l *linear) prompt() {
	p := l.p
	switch step := p.Step(); {
	case p.Finished():
	case step.Kind == lessons.Predict && len(step.Card.Key()) > 1:
		l.print("the numbers, or 0 for don't know: ")
	case step.Kind == lessons.Predict:
		l.print("a number, or 0 for don't know: ")
	case p.AsksCause():
		l.print("the number of the cause: ")
	case step.Kind == lessons.Do && !p.StepDone():
		more := ""
		if p.Lesson.Hides("faults") {
			more = "evidence, cause, "
		}
		l.print("a command (as %s), a time to run (10s), %sundo, again, %s: ", l.example(), more, kit.WithKeys("{hint} tip, {skip-step} show how, {help}"))
	default:
		l.print("enter goes on: ")
	}
}

// example is a command as it would be typed.
func (l *linear) example() string {
	if m := l.tl.Sim().Config().Mappings; len(m) > 0 {
		return m[min(l.at, len(m)-1)].ID + ".BatchSize=5"
	}
	return "fix: poison"
}

// code writes the code of this step. What is on a line stays on it, so that it can
// be copied.
func (l *linear) code() {
	for _, c := range l.p.Step().Code {
		l.print("\n%s\n\n", printable.Line(c.Heading()))
		for line := range strings.Lines(c.Text) {
			l.print("    %s\n", printable.Line(strings.TrimRight(line, "\n")))
		}
	}
	l.print("\n")
}

func (l *linear) noCode() string {
	if len(l.p.Step().Code) == 0 {
		return "There is no code at this step"
	}
	return ""
}

// newWords writes what the words mean that are new at this step.
func (l *linear) newWords() {
	for _, w := range l.p.NewWords() {
		l.wrapped(w.Line())
	}
}

// words writes the new words again, and where all of them are.
func (l *linear) words() {
	l.newWords()
	if len(l.p.NewWords()) == 0 {
		l.print("No word is new at this step.\n")
	}
	l.print("glossary and a word says what it means; glossary alone lists all words.\n")
}

// glossary writes what a word means, or all of them.
func (l *linear) glossary(args []string) {
	name := strings.Join(args, " ")
	if name == "" {
		for _, w := range lessons.Glossary() {
			l.wrapped(w.Line())
		}
		return
	}
	w := lessons.FindWord(name)
	if w == nil {
		l.print("The glossary does not have %s (%s).\n", strconv.Quote(name), template.OneOf(name, lessons.Terms()))
		return
	}
	l.wrapped(w.Line())
}

// wrapped writes a sentence in rows, the second and later ones indented.
func (l *linear) wrapped(text string) {
	for i, row := range kit.Wrap(text, 76) {
		l.print("%s%s\n", map[bool]string{true: "* ", false: "  "}[i == 0], row)
	}
}

// tell writes what happened since the last time. In an incident whose cause is not
// found it does not say which record or fault was behind it.
func (l *linear) tell() {
	if l.p.Asking() && l.tellsApart() {
		l.print("What happened is told once you have said what you expect.\n")
		return
	}
	hide := l.p.HidesCause()
	l.tl.Replay(0, func(s *engine.Sim, e *engine.Event) bool {
		if e.N > l.seen {
			l.seen = e.N
			told := *e
			if hide {
				told = e.Redacted()
			}
			l.story.Tell([]engine.Event{told})
		}
		return true
	})
	l.story.story.Flush()
	l.story.release()
}

// tellsApart reports whether what has not been told yet differs between the worlds of
// the open question's options.
func (l *linear) tellsApart() bool {
	told := func(tl *timeline.Timeline) string {
		var out strings.Builder
		st := newStory(&out, current{tl})
		tl.Replay(0, func(_ *engine.Sim, e *engine.Event) bool {
			if e.N > l.seen {
				st.Tell([]engine.Event{*e})
			}
			return true
		})
		st.story.Flush()
		return out.String()
	}
	own := told(l.tl)
	return slices.ContainsFunc(l.p.Worlds(), func(tl *timeline.Timeline) bool { return told(tl) != own })
}
