package talks

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/printable"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/engine/tree"
	"esmlab/lessons"
	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// maxFile is how large a presentation may be.
const maxFile = 1 << 20

type reader struct {
	*template.Problems
	t     *Talk
	named Named
	given Cards
	doc   *markdown.Doc
	cards []card.Card
	runs  runs

	begun    bool   // a stop has named a scenario
	after    *Stop  // what comes after the stop that is read, by itself
	apart    bool   // the stop before shows a run of its card
	scenario string // of the front matter
	seed     string
}

func (r *reader) add(line, col int, message, right string) {
	r.Add(&yaml.Node{Line: line, Column: col}, "", message, right)
}

// Read reads a presentation; named gives the scenarios and given the cards that it names
// (nil: there are none). Its error is a template.Errors:
// everything that is wrong, each with its place.
func Read(file string, src []byte, named Named, given Cards) (*Talk, error) {
	base := path.Base(strings.ReplaceAll(file, "\\", "/"))
	t := &Talk{File: file, Name: strings.TrimSuffix(base, path.Ext(base))}
	r := &reader{Problems: &template.Problems{File: file}, t: t, named: named, given: given}
	if len(src) > maxFile {
		r.add(1, 1, "the presentation is larger than 1 MB", "a smaller one")
		return nil, r.Err()
	}
	src = markdown.Clean(src)
	body := r.front(src)
	note := card.Read(file, src, card.Options{})
	r.cards = note.Cards
	for _, p := range note.Problems {
		r.add(p.Line, p.Col, p.Message, p.Right)
	}
	r.stops(body)
	if len(t.Stops) == 0 && r.Err() == nil {
		r.add(1, 1, "the presentation has no stops", "## and a title, for each stop")
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	return t, nil
}

// front reads the front matter, and gives the text with its lines blanked.
func (r *reader) front(src []byte) []byte {
	rest, ok := bytes.CutPrefix(src, []byte("---\n"))
	end := bytes.Index(rest, []byte("\n---"))
	if !ok || end < 0 {
		r.add(1, 1, "the presentation has no front matter", "---, title, minutes, scenario, ---")
		return src
	}
	var doc yaml.Node
	if err := tree.Unmarshal(rest[:end+1], &doc); err != nil || len(doc.Content) != 1 {
		r.add(2, 1, "the front matter is not YAML", "key: value, a line each")
	} else {
		for _, f := range r.fields(doc.Content[0], 1, 0, "the front matter", "title", "minutes", "scenario", "seed", "tags") {
			switch f.name {
			case "title":
				r.t.Title = f.value.Value
			case "minutes":
				r.t.Minutes = r.whole(f)
			case "scenario":
				r.scenario = f.value.Value
			case "seed":
				r.seed = f.value.Value
			}
		}
	}
	if r.t.Title == "" {
		r.add(1, 1, "the front matter has no title", "title: …")
	}
	body := slices.Clone(src)
	for i := range body[:min(len(body), 4+end+4)] {
		if body[i] != '\n' {
			body[i] = ' '
		}
	}
	return body
}

// field is an entry of a YAML map, with its place in the file.
type field struct {
	name      string
	line, col int
	value     *yaml.Node
}

// fields lists the entries of a map that stands after so many lines; it refuses unknown ones.
func (r *reader) fields(n *yaml.Node, after, indent int, what string, names ...string) []field {
	if n.Kind != yaml.MappingNode {
		r.add(after+n.Line, n.Column, what+" is a map", strings.Join(names, ", "))
		return nil
	}
	var out []field
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		f := field{k.Value, after + v.Line, indent + v.Column, v}
		switch {
		case !slices.Contains(names, k.Value):
			r.add(after+k.Line, indent+k.Column, what+" has no "+printable.Line(k.Value), template.OneOf(k.Value, names))
		case slices.ContainsFunc(out, func(g field) bool { return g.name == k.Value }):
			r.add(after+k.Line, indent+k.Column, k.Value+" is given twice", "once")
		default:
			out = append(out, f)
		}
	}
	return out
}

func (r *reader) whole(f field) int {
	n, err := strconv.Atoi(f.value.Value)
	if err != nil || n < 1 || n > 600 {
		r.add(f.line, f.col, f.name+" is a whole number", f.name+": 3")
	}
	return n
}

// stops reads what is under each ## heading.
func (r *reader) stops(body []byte) {
	r.doc = markdown.Parse(body)
	for _, line := range r.doc.Cut {
		r.add(line, 1, "this is too long and was cut", "at most 8 KB in a paragraph or a line")
	}
	var head *ast.Heading
	var under []ast.Node
	finish := func() {
		if head != nil {
			r.stop(head, under)
		}
		under = nil
	}
	for n := r.doc.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level <= 2 {
			finish()
			if head = h; h.Level == 1 { // the title of the page
				head = nil
			}
			continue
		}
		under = append(under, n)
	}
	finish()
}

// stop reads one.
func (r *reader) stop(h *ast.Heading, under []ast.Node) {
	s := Stop{Title: strings.TrimSpace(card.Text(r.doc.Spans(h))), Line: r.doc.Line(h)}
	if s.Title == "" {
		r.add(s.Line, 1, "a stop has a title", "## Two shards, two iterators")
	}
	var block *ast.FencedCodeBlock
	var text []ast.Node
	for _, n := range under {
		line := r.doc.Line(n)
		f, fenced := n.(*ast.FencedCodeBlock)
		callout := markdown.HeadOf(n)
		switch {
		case fenced && string(f.Language(r.doc.Source)) == "esmlab" && block != nil:
			r.add(line, 1, "a stop has one esmlab block", "leave out the second")
		case fenced && string(f.Language(r.doc.Source)) == "esmlab":
			block = f
		case callout != nil && callout.Type == "question":
			r.poll(&s, line)
		case callout != nil && (callout.Type == "note" || callout.Type == "tip"):
			s.Notes = append(s.Notes, r.doc.Blocks(calloutBody(n), nil)...)
		default:
			text = append(text, n)
		}
	}
	s.Text = r.doc.Blocks(text, nil)
	r.machine(&s, block)
	r.t.Stops = append(r.t.Stops, s)
	if r.after != nil {
		r.t.Stops, r.after = append(r.t.Stops, *r.after), nil
	}
}

// calloutBody are the paragraphs of a callout.
func calloutBody(n ast.Node) []ast.Node {
	var out []ast.Node
	head := markdown.HeadOf(n)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if p, ok := c.(*ast.Paragraph); ok && head.Title == p {
			continue
		}
		out = append(out, c)
	}
	return out
}

// poll takes the card that was read at a line.
func (r *reader) poll(s *Stop, line int) {
	i := slices.IndexFunc(r.cards, func(c card.Card) bool { return c.Line == line })
	switch {
	case s.Poll != nil:
		r.add(line, 1, "a stop has one poll", "another stop for the second")
	case i < 0:
		r.add(line, 1, "this question cannot be read", "a title, options, and [!success]- Answer: 2")
	case len(r.cards[i].Options) < 2 || len(r.cards[i].Options) > 6 || len(r.cards[i].Key()) != 1:
		r.add(line, 1, "a class votes for one of two to six options", "> 1. … and one answer")
	default:
		s.Poll = &r.cards[i]
	}
}

// machine reads the esmlab block of a stop: which run, which instant.
func (r *reader) machine(s *Stop, block *ast.FencedCodeBlock) {
	var m machine
	if !r.begun {
		m.scenario, m.seed = r.scenario, r.seed
	}
	if block != nil && block.Lines().Len() > 0 {
		after := r.doc.LineAt(block.Lines().At(0).Start) - 1
		var src []byte
		for i := range block.Lines().Len() {
			l := block.Lines().At(i)
			src = append(src, l.Value(r.doc.Source)...)
		}
		var doc yaml.Node
		if err := tree.Unmarshal(src, &doc); err != nil || len(doc.Content) != 1 {
			r.add(after+1, 1, "the esmlab block is not YAML", "at: 6s")
			return
		}
		for _, f := range r.fields(doc.Content[0], after, 0, "the esmlab block of a stop", "scenario", "seed", "at", "when", "within", "set", "steps", "look", "mapping", "minutes", "poll") {
			r.machineField(s, &m, f)
		}
	}
	if m.at.name != "" && m.when.name != "" {
		r.add(m.when.line, m.when.col, "a stop has `at` or `when`, not both", "leave one out")
		return
	}
	if m.poll.name != "" && r.pollOf(s, &m) {
		return
	}
	if m.scenario == "" && !r.begun {
		r.add(s.Line, 1, "the first stop names no scenario", "scenario: poison-record, in its esmlab block or in the front matter")
		return
	}
	if m.line == 0 {
		m.line = s.Line
	}
	r.begun = true
	r.place(s, &m)
	if r.apart { // what is on the screen is another run
		s.Continues, r.apart = false, false
	}
}

// pollOf makes a poll of the card that a stop names. true: the card's own run is shown,
// and the stop has another one after it, with the answer. Where the stop names a run or an
// instant itself, the poll is about that.
func (r *reader) pollOf(s *Stop, m *machine) bool {
	f := m.poll
	switch {
	case s.Poll != nil:
		r.add(f.line, f.col, "this stop has a question already", "leave out `poll`, or the question")
		return true
	case r.given == nil:
		r.add(f.line, f.col, "no cards are known here", "a question in this file")
		return true
	}
	c, prover, err := r.given(f.value.Value)
	if err != nil {
		r.add(f.line, f.col, printable.Line(err.Error()), "the id of a card: esmlab cards lists them")
		return true
	}
	if m.own || m.at.name != "" || m.when.name != "" || len(m.steps) > 0 {
		if s.Poll, err = votable(c); err != nil {
			r.add(f.line, f.col, err.Error(), "a card with one right option of two to six")
		} else {
			s.Poll.Proof, s.Card = nil, c
		}
		return err != nil
	}
	stops, err := cardStops(c, prover)
	if err != nil {
		r.add(f.line, f.col, printable.Line(err.Error()), "a card with one right option of two to six")
		return true
	}
	vote := &stops[0]
	vote.Title, vote.Line, vote.Text, vote.Notes, vote.Minutes, vote.Pane = s.Title, s.Line, s.Text, s.Notes, s.Minutes, s.Pane
	stops[1].Line, stops[1].Pane = s.Line, s.Pane
	*s, r.after, r.apart = *vote, &stops[1], true
	return true
}

// machine is what the esmlab block of a stop says.
type machine struct {
	line           int
	scenario, seed string
	own            bool // the block names the scenario
	at, when, poll field
	within         engine.Micros
	steps          []*yaml.Node
}

func (r *reader) machineField(s *Stop, m *machine, f field) {
	switch f.name {
	case "scenario":
		m.scenario, m.line, m.own = f.value.Value, f.line, true
		if m.seed == "" {
			m.seed = r.seed
		}
	case "seed":
		m.seed = f.value.Value
	case "at":
		m.at = f
	case "when":
		m.when = f
	case "poll":
		m.poll = f
	case "within":
		m.within, _ = scenario.Duration(f.value.Value)
	case "set":
		m.steps = append(m.steps, &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "set"}, f.value}})
		m.line = f.line
	case "steps":
		if f.value.Kind != yaml.SequenceNode {
			r.add(f.line, f.col, "steps is a list", "- {put: {to: Orders, count: 10}}")
			return
		}
		m.steps, m.line = append(m.steps, f.value.Content...), f.line
	case "look":
		n, ok := lessons.Panes[f.value.Value]
		if other := map[string]int{"happened": 6, "metrics": 7, "timeline": 8}[f.value.Value]; other > 0 {
			n, ok = other, true
		}
		if !ok {
			r.add(f.line, f.col, "there is no pane "+printable.Line(f.value.Value), "shards, queue, iterators, pollers, batches, queues, settings, happened, metrics or timeline")
		}
		s.Pane = n
	case "mapping":
		s.Mapping = f.value.Value
	case "minutes":
		s.Minutes = r.whole(f)
	}
}
