package lessons

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// maxFile is how large a lesson may be.
const maxFile = 1 << 20

type reader struct {
	*template.Problems
	l            *Lesson
	cfg          *engine.Config
	doc          *markdown.Doc
	placeholders []placeholder
	cards        []card.Card
}

func (r *reader) add(at place, message, right string) {
	r.Add(&yaml.Node{Line: at.line, Column: at.col}, "", message, right)
}

// Read reads a lesson; open gives the template beside it, by its name. Its
// error is a template.Errors: everything that is wrong, each with its place.
func Read(file string, src []byte, open func(name string) ([]byte, error)) (*Lesson, error) {
	l := &Lesson{lines: map[string]place{}, Template: strings.TrimSuffix(file, path.Ext(file)) + ".yaml"}
	r := &reader{Problems: &template.Problems{File: file}, l: l}
	body := r.head(file, src)
	if body == nil {
		return nil, r.Err()
	}
	tpl, inside := TemplateIn(markdown.Clean(src))
	if inside {
		l.Template, body = file, withoutTemplate(body)
	} else {
		var err error
		if tpl, err = open(l.Template); err != nil {
			r.add(place{1, 1}, "its template cannot be read: "+err.Error(), "a SAM or CloudFormation template "+path.Base(l.Template)+" beside the lesson, or in it, in a block "+templateFence)
			return nil, r.Err()
		}
	}
	var err error
	l.source = tpl
	if l.Scenario, err = scenario.Read(l.Template, tpl, scenario.Options{}); err != nil {
		return nil, err
	}
	r.cfg = l.Scenario.Config
	note := card.Read(file, src, card.Options{})
	r.cards = note.Cards
	for _, p := range note.Problems {
		r.add(place{p.Line, p.Col}, p.Message, p.Right)
	}
	r.steps(body)
	r.order()
	if err := r.Err(); err != nil {
		return nil, err
	}
	return l, nil
}

// readHead reads the front matter alone.
func readHead(file string, src []byte) (Head, error) {
	r := &reader{Problems: &template.Problems{File: file}, l: &Lesson{lines: map[string]place{}}}
	r.head(file, src)
	return r.l.Head, r.Err()
}

// head reads the front matter and returns the lesson with its lines blanked; nil
// if there is no front matter.
func (r *reader) head(file string, src []byte) []byte {
	l := r.l
	base := strings.TrimSuffix(path.Base(file), path.Ext(file))
	l.File, l.Part, l.ID = file, path.Base(path.Dir(file)), base
	if num, name, ok := strings.Cut(base, "-"); ok && strings.Trim(num, "0123456789") == "" && num != "" {
		l.ID = name
	}
	if len(src) > maxFile {
		r.add(place{1, 1}, "the lesson is larger than 1 MB", "a smaller one")
		return nil
	}
	src = markdown.Clean(src)
	rest, ok := bytes.CutPrefix(src, []byte("---\n"))
	end := bytes.Index(rest, []byte("\n---"))
	if !ok || end < 0 {
		r.add(place{1, 1}, "the lesson has no front matter", "---, title, minutes, facts, wrong-idea, cards, ---")
		return nil
	}
	doc, ok := r.yaml(rest[:end+1], place{1, 0})
	if !ok {
		return nil
	}
	r.front(doc)
	closing := 4 + end + 4
	body := slices.Clone(src)
	for i := range body[:closing] {
		if body[i] != '\n' {
			body[i] = ' '
		}
	}
	return body
}

// front reads the fields of the front matter.
func (r *reader) front(doc *yaml.Node) {
	l := r.l
	for _, f := range r.fields(doc, "the front matter", "title", "minutes", "after", "facts", "skills", "wrong-idea", "truth", "next", "cards", "tags") {
		l.lines[f.name] = at(f.key)
		switch f.name {
		case "title":
			l.Title = r.text(f)
		case "minutes":
			n, err := strconv.Atoi(f.value.Value)
			if err != nil || n < 1 {
				r.add(at(f.value), "minutes is a whole number", "minutes: 6")
			}
			l.Minutes = n
		case "after":
			l.After = r.list(f)
		case "facts":
			l.Facts = r.list(f)
			for i, fact := range l.Facts {
				if exists, known := card.HasTag(fact); !known || !exists || !strings.HasPrefix(fact, "n") {
					r.add(at(f.value.Content[i]), fact+" is not in the coverage list", "n01 to n32")
				}
			}
		case "skills":
			l.Skills = r.list(f)
			for i, skill := range l.Skills {
				if exists, known := card.HasTag(skill); !known || !exists || !strings.HasPrefix(skill, "c0") {
					r.add(at(f.value.Content[i]), skill+" is not a skill of the exam guide", "such as c03-1-2-4: skill 1.2.4 of DVA-C03")
				}
			}
		case "wrong-idea":
			l.WrongIdea = r.text(f)
		case "truth":
			l.Truth = r.text(f)
		case "next":
			l.NextWhy = r.text(f)
		case "cards":
			l.Cards = r.list(f)
		}
	}
	for _, name := range []string{"title", "minutes", "wrong-idea"} {
		if _, ok := l.lines[name]; !ok {
			r.add(place{1, 1}, "the front matter has no "+name, "title, minutes, after, facts, wrong-idea, cards")
		}
	}
}

// steps reads what is under each ## heading.
func (r *reader) steps(body []byte) {
	r.doc = markdown.Parse(r.withoutPlaceholders(body))
	for _, line := range r.doc.Cut {
		r.add(place{line, 1}, "this is too long and was cut", "at most 8 KB in a paragraph or a line")
	}
	var under []ast.Node
	var head *ast.Heading
	finish := func() {
		if head != nil {
			r.step(head, under)
		} else if len(under) > 0 {
			r.add(place{r.doc.Line(under[0]), 1}, "this stands before the first step", "## Say: …")
		}
		under = nil
	}
	for _, n := range children(r.doc.Root) {
		if h, ok := n.(*ast.Heading); ok && h.Level <= 2 {
			finish()
			head = h
			continue
		}
		under = append(under, n)
	}
	finish()
}

// withoutPlaceholders cuts the placeholders out of the lesson, except in fenced
// blocks and in questions, which have none.
func (r *reader) withoutPlaceholders(body []byte) []byte {
	lines := strings.Split(string(body), "\n")
	fence := ""
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		switch {
		case fence != "":
			if strings.HasPrefix(trimmed, fence) {
				fence = ""
			}
		case strings.HasPrefix(trimmed, "```"), strings.HasPrefix(trimmed, "~~~"):
			fence = trimmed[:3]
		case !strings.HasPrefix(trimmed, ">"):
			lines[i] = r.cutPlaceholders(line, place{i + 1, 1})
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

func children(n ast.Node) []ast.Node {
	var out []ast.Node
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out = append(out, c)
	}
	return out
}

// step reads one step.
func (r *reader) step(h *ast.Heading, under []ast.Node) {
	line := r.doc.Line(h)
	title := strings.TrimSpace(card.Text(r.doc.Spans(h)))
	word, rest, _ := strings.Cut(title, ":")
	kind := slices.Index(kindNames[:], strings.TrimSpace(word))
	if kind < 0 || h.Level != 2 {
		r.add(place{line, 1}, "this heading is not a step: "+title, "## and Say, Predict, Run, Compare, Do or Explain, then a colon and a title")
		return
	}
	s := Step{Kind: StepKind(kind), Title: strings.TrimSpace(rest), Line: line, MaxRun: 60 * engine.Second}
	var block *ast.FencedCodeBlock
	var text []ast.Node
	for _, n := range under {
		if f, ok := n.(*ast.FencedCodeBlock); ok && string(f.Language(r.doc.Source)) == "esmlab" {
			if block != nil {
				r.add(place{r.doc.Line(f), 1}, "a step has one esmlab block", "leave out the second")
				continue
			}
			block = f
			continue
		}
		if f, ok := n.(*ast.FencedCodeBlock); ok {
			s.Code = append(s.Code, r.code(f))
			continue
		}
		if head := markdown.HeadOf(n); head != nil && head.Type == "question" && (s.Kind == Predict || s.Kind == Do) {
			r.question(&s, r.doc.Line(n))
			continue
		}
		text = append(text, n)
	}
	r.body(&s, text)
	r.machine(&s, block)
	if s.Kind == Predict && s.Card == nil {
		r.add(place{line, 1}, "Predict has no question", "> [!question] What comes next?")
		return
	}
	r.l.Steps = append(r.l.Steps, s)
}

// code reads a fenced block that is shown beside the text.
func (r *reader) code(f *ast.FencedCodeBlock) Code {
	info := ""
	if f.Info != nil {
		info = string(f.Info.Segment.Value(r.doc.Source))
	}
	language, title, _ := strings.Cut(strings.TrimSpace(info), " ")
	c := Code{Language: language, Title: strings.TrimSpace(title), Text: strings.TrimRight(string(f.Lines().Value(r.doc.Source)), "\n")}
	if f.Lines().Len() == 0 {
		r.add(place{r.doc.Line(f), 1}, "this code is empty", "lines between ```"+language+" and ```")
		return c
	}
	where := r.doc.LineAt(f.Lines().At(0).Start)
	for i, line := range strings.Split(c.Text, "\n") {
		if n := utf8.RuneCountInString(line); n > maxCodeWidth {
			r.add(place{where + i, 1}, strconv.Itoa(n)+" characters of code on a line", "at most "+strconv.Itoa(maxCodeWidth)+", so that a screen of 80 columns shows them")
		}
	}
	return c
}

// maxCodeWidth is how long a line of code may be.
const maxCodeWidth = 76

// body reads the text of a step.
func (r *reader) body(s *Step, nodes []ast.Node) {
	for _, b := range r.doc.Blocks(nodes, nil) {
		if b.Kind != markdown.Para && b.Kind != markdown.CodeBlock {
			r.add(place{b.Line, 1}, "a step's text has no headings and no horizontal rules", "paragraphs, lists, code")
			continue
		}
		p := Text{Indent: b.Indent, Marker: b.Marker, Segments: r.segments(b.Spans)}
		plain := strings.TrimSpace(card.Text(b.Spans))
		if s.Kind == Explain && (strings.HasPrefix(plain, "Sources:") || strings.HasPrefix(plain, "Source:")) {
			r.source(b)
			s.Sources = append(s.Sources, p)
			continue
		}
		if len(s.Sources) > 0 {
			r.add(place{b.Line, 1}, "text stands after the sources", "the sources last")
		}
		s.Text = append(s.Text, p)
	}
	switch {
	case s.Kind == Explain && len(s.Sources) == 0:
		r.add(place{s.Line, 1}, "Explain does not end with its sources", "Sources: [title](https://docs.aws.amazon.com/…), 2026-11-23.")
	case len(s.Text) == 0 && s.Kind != Predict && s.Kind != Run && s.Kind != Do:
		r.add(place{s.Line, 1}, s.Kind.String()+" says nothing", "a text below the heading")
	}
}

// source checks that a source is an AWS page and has its date.
func (r *reader) source(b markdown.Block) {
	links, dated := 0, false
	for i, s := range b.Spans {
		if s.Link != "" && (i == 0 || b.Spans[i-1].Link != s.Link) {
			links++
			if !strings.HasPrefix(s.Link, "https://docs.aws.amazon.com/") && !strings.HasPrefix(s.Link, "https://aws.amazon.com/") {
				r.add(place{b.Line, 1}, "the source "+s.Link+" is not an AWS page", "a page of docs.aws.amazon.com or aws.amazon.com, with https")
			}
		}
		for _, w := range strings.FieldsFunc(s.Text, func(c rune) bool { return c != '-' && (c < '0' || c > '9') }) {
			dated = dated || len(w) == len("2026-11-23") && w[4] == '-' && w[7] == '-'
		}
	}
	if links == 0 || !dated {
		r.add(place{b.Line, 1}, "the sources need a link and the day they were read", "Sources: [title](https://docs.aws.amazon.com/…), 2026-11-23.")
	}
}

// question takes the card that was read at a line.
func (r *reader) question(s *Step, line int) {
	i := slices.IndexFunc(r.cards, func(c card.Card) bool { return c.Line == line })
	switch {
	case s.Card != nil:
		r.add(place{line, 1}, s.Kind.String()+" has one question", "another Predict for the second")
		return
	case i < 0: // the card's own problem says why
		r.add(place{line, 1}, "this question cannot be read", "a title, options, and [!success]- Answer: 2")
		return
	}
	c := &r.cards[i]
	s.Card = c
	if c.Dialect != card.CalloutOptions || c.Proof == nil {
		r.add(place{line, 1}, "a prediction has options, reasons and a proof", "[!example]- Proof inside the answer")
		return
	}
	for _, p := range card.CheckQuestion(c) {
		r.add(place{p.Line, p.Col}, p.Message, p.Right)
	}
	if c.Proof.Scenario != "" || c.Proof.At != "" || c.Proof.When != "" || c.Proof.Show != "" || c.Proof.World != nil {
		r.add(place{c.Proof.Line, 1}, "the proof of a prediction is about the lesson's own run, at the end of the next Run", "only options, and ask where the options give values")
	}
	for i := range c.Options {
		o := &c.Options[i]
		k := c.Proof.Claim(o.N)
		if k == nil {
			r.add(place{c.Proof.Line, 1}, "the proof says nothing about option "+strconv.Itoa(o.N), strconv.Itoa(o.N)+": {that: '…'}")
			continue
		}
		switch {
		case o.Right && (k.In != nil || k.Never != ""):
			r.add(place{k.Line, 1}, "option "+strconv.Itoa(o.N)+" is right here and needs no other world", "leave out `in` and `never`")
		case !o.Right && (k.In == nil) == (k.Never == ""):
			r.add(place{k.Line, 1}, "option "+strconv.Itoa(o.N)+" is wrong and needs the world in which it is right", "in: {set: {…}}, or never: RULE")
		}
		var q *query.Query
		var err *query.Error
		if k.That != "" {
			q, err = query.Compile(k.That, r.cfg)
		} else {
			q, err = query.CompileValue(c.Proof.Ask, r.cfg)
		}
		if err != nil {
			r.add(place{k.Line, 1}, err.Message, err.Right)
			continue
		}
		s.Claims = append(s.Claims, Claim{k, q})
	}
}

// order checks the order of the steps.
func (r *reader) order() {
	steps := r.l.Steps
	if len(steps) == 0 {
		r.add(place{1, 1}, "the lesson has no steps", "## Say: …")
		return
	}
	seen := map[StepKind]int{}
	for i, s := range steps {
		where := place{s.Line, 1}
		switch {
		case s.Kind == Run && i > 0 && steps[i-1].Kind != Predict:
			r.add(where, "Run comes after a Predict", "Predict, Run, Compare")
		case s.Kind == Compare && i > 0 && steps[i-1].Kind != Run:
			r.add(where, "Compare comes after a Run", "Predict, Run, Compare")
		case s.Kind == Predict && (i+1 == len(steps) || steps[i+1].Kind != Run && steps[i+1].Kind != Predict):
			r.add(where, "after a Predict comes the Run that shows it", "## Run")
		case s.Kind == Run && (i+1 == len(steps) || steps[i+1].Kind != Compare):
			r.add(where, "after a Run comes the Compare", "## Compare")
		case s.Kind == Do && seen[Compare] == 0:
			r.add(where, "a prediction comes before the Do", "Predict, Run, Compare, then Do")
		case s.Kind == Do && seen[Do] > 0:
			r.add(where, "a lesson has one Do", "another lesson for the second")
		case s.Kind == Explain && i+1 < len(steps):
			r.add(where, "Explain is the last step", "## Explain at the end")
		}
		seen[s.Kind]++
	}
	last := steps[len(steps)-1]
	if last.Kind != Explain {
		r.add(place{last.Line, 1}, "the lesson does not end with Explain", "## Explain")
	}
	if seen[Do] == 0 {
		r.add(place{last.Line, 1}, "the lesson has no Do", "## Do: the goal to reach")
	}
}
