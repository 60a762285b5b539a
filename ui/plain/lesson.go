package plain

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/scenario"
	"esmlab/engine/timeline"
	"esmlab/lessons"
	"esmlab/quiz/markdown"
	"esmlab/ui/kit"
)

// Lesson takes a person through a lesson in lines: nothing is drawn over, the
// prompt stands last. It ends with the lesson, with q, or with the input. apart:
// nobody types, so the prompt's line is ended here.
func Lesson(in io.Reader, out io.Writer, p *lessons.Player, tl *timeline.Timeline, apart bool) error {
	l := &linear{p: p, tl: tl, out: bufio.NewWriter(out), seen: -1}
	l.story = newStory(l.out, current{tl})
	lines := bufio.NewScanner(in)
	l.print("%s\n", clean(p.Lesson.Title))
	l.print("Line by line; a text's keys that are letters or arrows are those of the screen.\n")
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
			l.print("%s\n", clean(lines.Text()))
		}
		if !l.take(strings.TrimSpace(lines.Text())) {
			break
		}
	}
	l.print("\n")
	if err := l.out.Flush(); err != nil {
		return err
	}
	return lines.Err()
}

// Keys says what is typed in place of a key; what only a screen has keeps its
// key.
func Keys(l *lessons.Lesson) func(action string) string {
	words := map[string]string{"stop": "10s", "undo": "undo", "help": "?", "settings": "NAME=VALUE", "bisect": "BisectBatchOnFunctionError=true", "retries": "MaximumRetryAttempts=N", "tries": "MaximumRetryAttempts=N",
		"age": "MaximumRecordAgeInSeconds=N", "failures": "OnFailure=NAME", "items": "FunctionResponseTypes=[ReportBatchItemFailures]"}
	for _, m := range l.Scenario.Config.Mappings {
		for _, q := range l.Scenario.Config.Queues {
			if q.ID == m.Source {
				words["retries"], words["tries"] = q.ID+".maxReceiveCount=N", q.ID+".maxReceiveCount=N"
				words["visibility"], words["age"], words["failures"] = q.ID+".VisibilityTimeout=N", q.ID+".MessageRetentionPeriod=N", q.ID+".deadLetterTargetArn=NAME"
			}
		}
	}
	return func(action string) string {
		if w := words[action]; w != "" {
			return w
		}
		if a := kit.FindAction(action); a != nil {
			return a.Label
		}
		return action
	}
}

type linear struct {
	p     *lessons.Player
	tl    *timeline.Timeline
	out   *bufio.Writer
	story *Story
	seen  int64 // number of the last event told
}

// current gives names as the run that is current has them: a lesson may begin
// another.
type current struct{ *timeline.Timeline }

func (c current) Config() *engine.Config { return c.Sim().Config() }

func (c current) MessageLabel(id int32) string { return c.Sim().MessageLabel(id) }

func (l *linear) print(format string, args ...any) { fmt.Fprintf(l.out, format, args...) }

// screen writes what is read now.
func (l *linear) screen() {
	p := l.p
	if !p.Finished() {
		title := p.Step().Kind.String()
		if p.Step().Title != "" {
			title += ": " + clean(p.Step().Title)
		}
		l.print("\n%s (%d of %d, second %s)\n", title, p.At()+1, len(p.Lesson.Steps), l.tl.Now())
	}
	for _, row := range Paragraphs(p.Paragraphs(), 78) {
		l.print("%s\n", row)
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
			out = append(out, strings.TrimRight(clean(markdown.Text(spans)), " "))
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
	case step.Kind == lessons.Do && !p.StepDone():
		l.print("a command (as %s), a time to run (10s), t tip, > show how, ?: ", l.example())
	default:
		l.print("enter goes on: ")
	}
}

// example is a command as it would be typed.
func (l *linear) example() string {
	for _, m := range l.tl.Sim().Config().Mappings {
		return m.ID + ".BatchSize=5"
	}
	return "fix: poison"
}

const help = `enter goes on · a number predicts · NAME=VALUE changes a setting · 10s lets time run
t a tip · > skips or shows how · < a step back · again this step again · undo takes back a command
over the lesson from the start · goal straight to it · q leaves
`

// take carries out a line; false: the person leaves.
func (l *linear) take(text string) bool {
	p := l.p
	ok := true
	switch text {
	case "q", "quit":
		return false
	case "?", "help":
		l.print(help)
		return true
	case "", "next":
		if step := p.Step().Kind; step == lessons.Say || step == lessons.Run {
			if !p.StepDone() {
				p.FinishRun()
				l.tell()
				if step == lessons.Run {
					l.screen()
					return true
				}
			}
		}
		ok = p.Next()
	case "t":
		if ok = p.Hint(); !ok {
			l.print("There is no further tip here.\n")
			return true
		}
	case ">":
		ok = p.Skip()
		l.tell()
	case "<":
		ok = p.Back()
	case "again":
		p.RestartStep()
	case "over":
		ok = p.Restart() == nil
	case "goal":
		ok = p.TestOut() == nil
	case "undo":
		_, ok = l.tl.Undo()
	default:
		return l.other(text)
	}
	if !ok {
		l.print("Not here: %s\n", map[bool]string{true: "say what you expect first.", false: "the goal is not reached yet, or there is nothing to do so."}[p.Step().Kind == lessons.Predict])
		return true
	}
	if text != ">" && text != "" && text != "next" && text != "t" {
		l.seen = l.tl.Sim().Emitted() // what happened elsewhere was not watched
	}
	l.screen()
	return true
}

// other takes numbers, times and commands.
func (l *linear) other(text string) bool {
	p := l.p
	if p.Step().Kind == lessons.Predict {
		if said := numbers(text); said != nil && (len(said) == 1 && said[0] == 0 || !slices.ContainsFunc(said, func(n int) bool { return p.Step().Card.Option(n) == nil })) {
			p.Predict(said...)
			p.Next()
			p.FinishRun()
			l.tell()
			l.screen()
			return true
		}
	}
	if d, ok := scenario.Duration(text); ok && p.Step().Kind != lessons.Predict {
		if p.Step().Kind == lessons.Do && !p.StepDone() {
			p.Advance(d)
			l.tell()
			l.screen()
			return true
		}
	}
	if !strings.ContainsAny(text, "=:") {
		l.print("There is nothing to do for %s; ? lists what can be typed.\n", strconv.Quote(text))
		return true
	}
	list, err := p.Lesson.Commands(text)
	if err != nil {
		l.print("%v\n", err)
		return true
	}
	for _, c := range list {
		if refused := l.tl.Do(c); refused != nil {
			l.print("%s\n", clean(refused.Error()))
		}
	}
	l.tl.Advance(l.tl.Now(), -1)
	p.Update()
	l.tell()
	return true
}

func numbers(text string) []int {
	var out []int
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		n, err := strconv.Atoi(w)
		if err != nil {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// tell writes what happened since the last time. In an incident nothing is
// told until its cause is found: what there is to know stands in the text.
func (l *linear) tell() {
	hide := l.p.HidesCause()
	l.tl.Replay(0, func(s *engine.Sim, e *engine.Event) bool {
		if e.N > l.seen {
			l.seen = e.N
			if !hide {
				l.story.Tell([]engine.Event{*e})
			}
		}
		return true
	})
	l.story.story.Flush()
}
