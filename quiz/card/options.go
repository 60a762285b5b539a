package card

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"esmlab/quiz/markdown"
)

// lettered is an option with its label, or a line of an answer.
type lettered struct {
	letter string // lower case; of a numbered list the number
	text   []Span
	line   int
}

// optionLabel begins a line of an option: a) text, (a) text, A. text.
var optionLabel = regexp.MustCompile(`^\s*\(?([A-Za-z])\s?([).])\s*`)

// piece is a line of a paragraph, or a block that is none.
type piece struct {
	spans []Span
	line  int
	node  ast.Node // the paragraph, or the block
	block bool
}

func (r *reader) pieces(nodes []ast.Node) []piece {
	var out []piece
	for _, n := range nodes {
		if n.Kind() != ast.KindParagraph && n.Kind() != ast.KindTextBlock {
			out = append(out, piece{line: r.doc.Line(n), node: n, block: true})
			continue
		}
		first := r.doc.Line(n)
		for i, l := range markdown.Lines(r.doc.Spans(n)) {
			out = append(out, piece{spans: l, line: first + i, node: n})
		}
	}
	return out
}

// question is text that has been taken apart: what is asked, the options, and what follows
// them.
type choiceText struct {
	lead, tail []piece
	options    []lettered
}

// choices looks for options in a text: lines with letters that follow each other from a, or a
// list. Nothing is an option unless there are two.
func (r *reader) choices(pieces []piece) choiceText {
	var c choiceText
	for i, p := range pieces {
		if p.block {
			options := r.listed(p.node)
			switch {
			case len(c.options) == 0 && len(options) > 1:
				c.options = options
			case len(c.options) == 0:
				c.lead = append(c.lead, p)
			default:
				c.tail = append(c.tail, p)
			}
			continue
		}
		text := Text(p.spans)
		m := optionLabel.FindStringSubmatch(text)
		switch {
		case len(c.tail) > 0, len(c.options) > 1 && answerWord.MatchString(text):
			c.tail = append(c.tail, p)
		case m != nil && strings.ToLower(m[1]) == string(rune('a'+len(c.options))) && (m[2] == ")" || len(c.options) > 0 || followed(pieces[i+1:])):
			c.options = append(c.options, lettered{strings.ToLower(m[1]), markdown.Cut(p.spans, len(m[0]), len(text)), p.line})
		case len(c.options) > 0 && strings.TrimSpace(text) == "":
		case len(c.options) > 0 && pieces[i-1].node != p.node: // another paragraph
			c.tail = append(c.tail, p)
		case len(c.options) > 0: // a line that goes on
			last := &c.options[len(c.options)-1]
			last.text = append(append(last.text, Span{Text: " "}), p.spans...)
		default:
			c.lead = append(c.lead, p)
		}
	}
	if len(c.options) < 2 {
		return choiceText{lead: pieces}
	}
	return c
}

// followed reports whether option b comes: a line that begins with A. may be a sentence.
func followed(pieces []piece) bool {
	return slices.ContainsFunc(pieces, func(p piece) bool {
		m := optionLabel.FindStringSubmatch(Text(p.spans))
		return m != nil && strings.EqualFold(m[1], "b")
	})
}

// listed gives the options of a list: numbered, or each item with a letter of its own.
func (r *reader) listed(n ast.Node) []lettered {
	l, ok := n.(*ast.List)
	if !ok || taskListOf([]ast.Node{n}) != nil {
		return nil
	}
	var out []lettered
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		spans := r.itemSpans(item)
		text := Text(spans)
		o := lettered{strconv.Itoa(l.Start + len(out)), spans, r.doc.Line(item)}
		if m := optionLabel.FindStringSubmatch(text); !l.IsOrdered() {
			if m == nil || strings.ToLower(m[1]) != string(rune('a'+len(out))) {
				return nil
			}
			o.letter, o.text = strings.ToLower(m[1]), markdown.Cut(spans, len(m[0]), len(text))
		}
		out = append(out, o)
	}
	return out
}

// blocksOf gives pieces as blocks: whole paragraphs as they are, parts of one joined.
func (r *reader) blocksOf(pieces []piece) []Block {
	var out []Block
	for i := 0; i < len(pieces); {
		j := i + 1
		for j < len(pieces) && pieces[j].node == pieces[i].node {
			j++
		}
		n := pieces[i].node
		switch {
		case pieces[i].block || j-i == len(markdown.Lines(r.doc.Spans(n))) && pieces[i].line == r.doc.Line(n):
			out = append(out, r.show(n)...)
		default:
			var lines [][]Span
			for _, p := range pieces[i:j] {
				lines = append(lines, p.spans)
			}
			out = append(out, joined(lines, pieces[i].line)...)
		}
		i = j
	}
	return out
}

// answer is what an answer says: the labels, and what is said of them.
type answerText struct {
	named []string
	why   []Block
	doubt string
	line  int
}

// read reads an answer: its title, or what follows its answer word, and its lines.
func (r *reader) readAnswer(k keyReader, title string, lines []piece, line int) answerText {
	a := answerText{line: line}
	title = answerTitle.ReplaceAllString(title, "")
	if t := strings.TrimSpace(title); t != "" {
		named, rest, doubt := k.read(t)
		a.named, a.doubt = named, doubt
		if said := strings.TrimSpace(t[saidOf(t, rest):]); said != "" && len(named) > 0 {
			a.why = append(a.why, Block{Spans: []Span{{Text: said}}, Line: line})
		}
		if len(named) == 0 && doubt == "" && len(lines) == 0 {
			a.doubt = "“" + t + "” names no option"
		}
	}
	fromTitle := len(a.named) > 0
	var rest []piece
	for i, p := range lines {
		text := Text(p.spans)
		if p.block || text == "" || len(rest) > 0 {
			rest = append(rest, p)
			continue
		}
		from := 0
		if m := answerWord.FindString(text); m != "" {
			from = len(m)
		}
		named, end, doubt := k.read(text[from:])
		switch {
		case fromTitle && from == 0: // an explanation, or the same again
			if len(named) > 0 && doubt == "" && within(named, a.named) && strings.Trim(text[end:], " .") == "" {
				continue
			}
			rest = append(rest, p)
		case doubt != "":
			a.doubt, a.line = doubt, p.line
			return a
		case len(named) == 0:
			rest = append(rest, p)
		default:
			if i == 0 || a.named == nil {
				a.line = p.line
			}
			for _, n := range named {
				if !slices.Contains(a.named, n) {
					a.named = append(a.named, n)
				}
			}
			if said := markdown.Cut(p.spans, from+saidOf(text[from:], end), len(text)); Text(said) != "" {
				a.why = append(a.why, Block{Spans: said, Line: p.line})
			}
		}
	}
	a.why = append(a.why, r.blocksOf(rest)...)
	return a
}

func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// choose makes a choice of options and an answer. It says why not, where that is not clear.
func (r *reader) choose(c *Card, options []lettered, a answerText) (doubt string) {
	asked := wanted(markdown.BlocksText(c.Situation) + " " + Text(c.Title))
	switch {
	case a.doubt != "":
		doubt = a.doubt
	case len(a.named) == 0:
		doubt = "there are options, but the answer names none of them"
	case asked > 0 && asked != len(a.named):
		doubt = "the question asks for " + strconv.Itoa(asked) + ", the answer names " + strconv.Itoa(len(a.named))
	}
	if doubt != "" {
		r.problem(a.line, "it is not clear which options are right: "+doubt, "Answer: "+options[0].letter+") and "+options[len(options)-1].letter+"), each label once, and the reasons on lines of their own")
		return "its answer is not clear"
	}
	c.Kind, c.Dialect = Single, LetteredLines
	for i, o := range options {
		c.Options = append(c.Options, Option{N: i + 1, Text: o.text, Line: o.line, Right: slices.Contains(a.named, o.letter)})
	}
	if len(a.named) > 1 {
		c.Kind = Multiple
	}
	c.Rule = a.why
	return ""
}

func keyReaderOf(options []lettered) keyReader {
	k := keyReader{texts: map[string]string{}}
	for _, o := range options {
		k.labels = append(k.labels, o.letter)
		k.texts[o.letter] = normal(Text(o.text))
	}
	return k
}

// examText reads questions as exams and their dumps print them, outside of callouts: what
// is asked, options with letters or numbers, and a line that begins with Answer, or a
// [!success] callout.
func (r *reader) examText(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock:
			r.answerLine(n)
		case ast.KindBlockquote:
			if h := markdown.HeadOf(n); h == nil {
				r.examText(n)
			} else if h.Type == "success" && r.roles[n] == "" {
				r.answerCallout(n.(*ast.Blockquote), h)
			}
		case ast.KindList, ast.KindListItem:
			r.examText(n)
		}
	}
}

// answerLine reads the question whose answer is a line of a paragraph.
func (r *reader) answerLine(n ast.Node) {
	if r.taken[n] {
		return
	}
	lines := r.pieces([]ast.Node{n})
	at := slices.IndexFunc(lines, func(p piece) bool { return answerWord.MatchString(Text(p.spans)) })
	if at < 0 {
		return
	}
	body := lines[at:]
	last := n
	if next := n.NextSibling(); next != nil && next.Kind() == ast.KindParagraph && explanation.MatchString(Text(r.doc.Spans(next))) {
		body, last = append(body, r.pieces([]ast.Node{next})...), next
	}
	r.printed(n, lines[:at], "", body, last)
}

// explanation begins a paragraph that says why.
var explanation = regexp.MustCompile(`^(?i)\s*(explanation|explained|reason|why|because|rationale)\b`)

// answerCallout reads the question whose answer is a callout below it.
func (r *reader) answerCallout(q *ast.Blockquote, h *markdown.Head) {
	title := ""
	if h.Title != nil {
		title = Text(r.doc.Spans(h.Title))
	}
	if line := r.printed(q, nil, title, r.pieces(body(q)), q); line > 0 {
		r.roles[q] = "the answer of the card in line " + strconv.Itoa(line)
		for i := range r.note.Callouts {
			if k := &r.note.Callouts[i]; k.Line == r.doc.Line(q) {
				k.Became = r.roles[q]
			}
		}
	}
}

// printed looks for the options above an answer, and for what is asked above these. It gives
// the line of the card, 0 if there is none.
func (r *reader) printed(n ast.Node, own []piece, title string, answer []piece, last ast.Node) int {
	c := r.choices(own)
	used := []ast.Node{n, last}
	above := n.PreviousSibling()
	var nodes []ast.Node
	for len(c.options) == 0 && len(nodes) < maxOptionBlocks && r.mayBelong(above) {
		nodes = append([]ast.Node{above}, nodes...)
		c = r.choices(append(r.pieces(nodes), own...))
		above = above.PreviousSibling()
	}
	if len(c.options) == 0 {
		return 0
	}
	x := r.begin(n, ExamText)
	asked := r.blocksOf(c.lead)
	heading, isHeading := above.(*ast.Heading)
	switch {
	case len(asked) > 0:
	case isHeading && heading.HasChildren():
		asked = []Block{{Spans: r.doc.Spans(heading), Line: r.doc.Line(heading)}}
	case r.mayBelong(above) && above.Kind() == ast.KindParagraph:
		asked = r.show(above)
		nodes = append(nodes, above)
	}
	used = append(used, nodes...)
	r.placed(x, used, asked, isHeading)
	r.take(used)
	if len(asked) == 0 {
		r.problem(c.options[0].line, "there are options and an answer, but nothing is asked", "the question above the options")
		return 0
	}
	x.Situation, x.Title = asked[:len(asked)-1], asked[len(asked)-1].Spans
	x.Line, x.End = asked[0].Line, r.doc.End(last)
	x.answerLine = r.doc.Line(n)
	if len(answer) > 0 {
		x.answerLine = answer[0].line
	}
	if r.choose(x, c.options, r.readAnswer(keyReaderOf(c.options), title, append(c.tail, answer...), x.answerLine)) != "" {
		return 0
	}
	x.Dialect = ExamText
	r.idInBlocks(x, x.Rule)
	r.lineID(x, last)
	r.note.Cards = append(r.note.Cards, *x)
	return x.Line
}

// maxOptionBlocks is over how many paragraphs options may be spread.
const maxOptionBlocks = 12

// mayBelong reports whether a block can be part of the question above an answer: it is not a
// heading, nor part of another card, nor an answer itself.
func (r *reader) mayBelong(n ast.Node) bool {
	if n == nil || r.taken[n] {
		return false
	}
	switch n.Kind() {
	case ast.KindParagraph, ast.KindTextBlock:
		return !slices.ContainsFunc(r.pieces([]ast.Node{n}), func(p piece) bool { return answerWord.MatchString(Text(p.spans)) })
	case ast.KindList:
		return taskListOf([]ast.Node{n}) == nil
	case ast.KindFencedCodeBlock, ast.KindCodeBlock:
		return true
	}
	return false
}

// placed gives a card the headings and the deck of the text that it was made of.
func (r *reader) placed(c *Card, used []ast.Node, asked []Block, ofHeading bool) {
	for i := range r.blocks {
		b := &r.blocks[i]
		for n := b.node; n != nil; n = n.Parent() {
			if slices.Contains(used, n) {
				c.Heading, c.Deck = b.headings, b.deck
				if k := len(c.Heading); ofHeading && k > 0 && len(asked) == 1 && Text(asked[0].Spans) == c.Heading[k-1] {
					c.Heading = c.Heading[:k-1]
				}
				return
			}
		}
	}
}

// take marks what became part of a card, so that no other card is made of it.
func (r *reader) take(nodes []ast.Node) {
	for _, n := range nodes {
		r.taken[n] = true
	}
	r.blocks = slices.DeleteFunc(r.blocks, func(b textBlock) bool {
		for n := b.node; n != nil; n = n.Parent() {
			if r.taken[n] {
				return true
			}
		}
		return false
	})
}
