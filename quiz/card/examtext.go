package card

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"esmlab/quiz/markdown"
)

// This file reads questions that stand in a note as exams print them, outside of callouts.

// examText reads questions as exams and their dumps print them, outside of callouts: what
// is asked, options with letters or numbers, and a line, a heading or a <details> that begins
// with Answer, or a [!success] callout.
func (r *reader) examText(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock:
			r.answerLine(n)
		case ast.KindHeading:
			r.answerHeading(n)
		case ast.KindHTMLBlock:
			r.answerDetails(n.(*ast.HTMLBlock))
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

// printedAnswer is an answer that stands in a note by itself, and where its question is looked
// for.
type printedAnswer struct {
	node  ast.Node // where it is given
	last  ast.Node // its last block
	own   []piece  // what stands above it in its own paragraph
	above ast.Node // the first block above it
	title string   // what its title says
	lines []piece
	// maybe tells that the text may be no answer at all, so that nothing is said where it
	// names no option.
	maybe bool
	// end is the line at which it ends; 0: where its last block does.
	end int
}

// answerLine reads the question whose answer is a line of a paragraph.
func (r *reader) answerLine(n ast.Node) {
	if r.taken[n] {
		return
	}
	lines := r.pieces([]ast.Node{n})
	at := slices.IndexFunc(lines, func(p piece) bool { return answerLead(Text(p.spans)) >= 0 })
	if at < 0 {
		return
	}
	for next := r.nextQuestion(lines, at); next > 0; next = r.nextQuestion(lines, at) { // several in one paragraph
		a := printedAnswer{node: n, last: n, own: lines[:at], lines: lines[at:next], end: lines[next-1].line}
		if lines[0].line == r.doc.Line(n) {
			a.above = n.PreviousSibling()
		}
		r.printed(a)
		lines = lines[next:]
		at = slices.IndexFunc(lines, func(p piece) bool { return answerLead(Text(p.spans)) >= 0 })
	}
	a := printedAnswer{node: n, last: n, own: lines[:at], above: n.PreviousSibling(), lines: lines[at:]}
	if lines[0].line != r.doc.Line(n) {
		a.above = nil
	}
	next := n.NextSibling()
	if text := Text(lines[at].spans); next != nil && at == len(lines)-1 && strings.TrimSpace(text[answerLead(text):]) == "" && !r.taken[next] &&
		(next.Kind() == ast.KindParagraph || next.Kind() == ast.KindList) { // what it names comes below
		a.lines, a.last = append(a.lines, r.pieces([]ast.Node{next})...), next
		next = next.NextSibling()
	}
	if next != nil && next.Kind() == ast.KindParagraph && explanation.MatchString(Text(r.doc.Spans(next))) {
		a.lines, a.last = append(a.lines, r.pieces([]ast.Node{next})...), next
	}
	item, ok := n.Parent().(*ast.ListItem)
	text := Text(lines[len(lines)-1].spans)
	if ok && len(r.answerItems(item)) > 0 {
		a.lines = append(a.lines, r.answerItems(item)...)
	} else if ok && answerLead(text) >= 0 && strings.TrimSpace(text[answerLead(text):]) == "" {
		if next, isList := item.Parent().NextSibling().(*ast.List); isList {
			a.lines = append(a.lines, r.pieces([]ast.Node{next})...)
			r.taken[next] = true
		}
	}
	if ok && (item == n.Parent().Parent().LastChild() || len(r.answerItems(item)) > 0) && n.PreviousSibling() == nil && len(r.choices(a.own).options) == 0 {
		list := item.Parent() // the answer stands right below the list of options, or is its last item
		a.own, a.above, a.node, a.last = nil, list, list, list
	}
	if found, _ := r.printed(a); !found {
		r.answerFirst(a, lines[:at], n)
	}
}

// nextQuestion gives where, in the lines of a paragraph, another question begins below the answer
// at a line; 0 if none does.
func (r *reader) nextQuestion(lines []piece, at int) int {
	for i := at + 1; i < len(lines); i++ {
		letter, _, _ := labelOf(Text(lines[i].spans))
		if letter != "a" || i == at+1 {
			continue
		}
		if c := r.choices(lines[i:]); len(c.options) < 2 || !slices.ContainsFunc(c.tail, func(p piece) bool { return answerLead(Text(p.spans)) >= 0 }) {
			return 0
		}
		for j := at + 1; j < i; j++ {
			if questionStart.MatchString(Text(lines[j].spans)) {
				return j
			}
		}
		return i - 1
	}
	return 0
}

// answerFirst reads the question whose answer stands above its options.
func (r *reader) answerFirst(a printedAnswer, asked []piece, n ast.Node) {
	named := Text(a.lines[0].spans)
	if named = strings.TrimSpace(named[answerLead(named):]); !onlyLabels.MatchString(named) {
		return // a sentence
	}
	below, last := slices.Clone(a.lines[1:]), n
	var c choiceText
	for next := n.NextSibling(); ; next = next.NextSibling() {
		if c = r.choices(below); len(c.options) > 0 || len(below) > maxOptionBlocks || !r.mayBelong(next) {
			break
		}
		below, last = append(below, r.pieces([]ast.Node{next})...), next
	}
	if next := last.NextSibling(); len(c.options) > 0 && len(c.lead) == 0 && len(c.tail) == 0 && (next == nil || !r.answers(next)) {
		a.own, a.lines, a.last = append(slices.Clone(asked), below...), a.lines[:1], last
		if found, _ := r.printed(a); found {
			return
		}
	}
	if strings.ToUpper(named) == named && strings.ContainsAny(named, "ABCDEFGH") && len(c.options) == 0 {
		r.problem(a.lines[0].line, "the answer names "+named+", but there are no options with letters above it", "a line for each option: A. text")
	}
}

// answers reports whether a block gives an answer.
func (r *reader) answers(n ast.Node) bool {
	switch n.Kind() {
	case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading:
		return slices.ContainsFunc(markdown.Lines(r.doc.Spans(n)), func(l []Span) bool { return answerLead(Text(l)) >= 0 })
	case ast.KindHTMLBlock:
		return summary.MatchString(r.html(n.(*ast.HTMLBlock)))
	}
	h := markdown.HeadOf(n)
	return h != nil && h.Type == "success"
}

// explanation begins a paragraph that says why.
var explanation = regexp.MustCompile(`^(?i)\s*(explanation|explained|reason|why|because|rationale)\b`)

// answerHeading reads the question whose answer has a heading of its own.
func (r *reader) answerHeading(n ast.Node) {
	text := Text(r.doc.Spans(n))
	lead := answerLead(text)
	title := ""
	switch {
	case lead >= 0:
		title = strings.TrimSpace(text[lead:])
	case strings.Trim(answerTitle.ReplaceAllString(text, ""), " *_") != "":
		return
	}
	a := printedAnswer{node: n, last: n, above: n.PreviousSibling(), title: title, maybe: true}
	if next := n.NextSibling(); next != nil && (next.Kind() == ast.KindParagraph || title == "" && next.Kind() == ast.KindList) {
		a.lines, a.last = r.pieces([]ast.Node{next}), next
	}
	r.printed(a)
}

// summary is the line of a <details> that hides an answer.
var (
	summary = regexp.MustCompile(`(?is)<summary>[^\n]{0,40}\b(?:answers?|solution|key)\b[^\n]{0,40}</summary>`)
	tags    = regexp.MustCompile(`<[^>]*>`)
)

func (r *reader) html(n *ast.HTMLBlock) string {
	s := string(n.Lines().Value(r.doc.Source))
	if n.HasClosure() {
		s += string(n.ClosureLine.Value(r.doc.Source))
	}
	return s
}

// answerDetails reads the question whose answer is folded into a <details>.
func (r *reader) answerDetails(n *ast.HTMLBlock) {
	text := r.html(n)
	at := summary.FindStringIndex(text)
	if at == nil {
		return
	}
	a := printedAnswer{node: n, last: n, above: n.PreviousSibling(), maybe: true}
	first := r.doc.Line(n) + strings.Count(text[:at[1]], "\n")
	for i, line := range strings.Split(text[at[1]:], "\n") {
		if line = strings.TrimSpace(tags.ReplaceAllString(line, "")); line != "" {
			a.lines = append(a.lines, piece{spans: inline(line), line: first + i, node: n})
		}
	}
	if !strings.Contains(strings.ToLower(text), "</details>") {
		for next := n.NextSibling(); next != nil && next.Kind() != ast.KindHeading; next = next.NextSibling() {
			a.last = next
			if h, ok := next.(*ast.HTMLBlock); ok && strings.Contains(strings.ToLower(r.html(h)), "</details>") {
				break
			}
			a.lines = append(a.lines, r.pieces([]ast.Node{next})...)
		}
	}
	r.printed(a)
}

// answerCallout reads the question whose answer is a callout below it.
func (r *reader) answerCallout(q *ast.Blockquote, h *markdown.Head) {
	title := ""
	if h.Title != nil {
		title = Text(r.doc.Spans(h.Title))
	}
	if _, line := r.printed(printedAnswer{node: q, last: q, above: q.PreviousSibling(), title: title, lines: r.pieces(body(q))}); line > 0 {
		r.roles[q] = "the answer of the card in line " + strconv.Itoa(line)
		for i := range r.note.Callouts {
			if k := &r.note.Callouts[i]; k.Line == r.doc.Line(q) {
				k.Became = r.roles[q]
			}
		}
	}
}

// printed looks for the options above an answer, and for what is asked above these. It gives
// whether there are options, and the line of the card, 0 if there is none.
func (r *reader) printed(a printedAnswer) (found bool, line int) {
	c := r.choices(a.own)
	used := []ast.Node{a.node, a.last}
	above := a.above
	var nodes []ast.Node
	for len(c.options) == 0 && len(nodes) < maxOptionBlocks && r.mayBelong(above) {
		nodes = append([]ast.Node{above}, nodes...)
		c = r.choices(append(r.pieces(nodes), a.own...))
		above = above.PreviousSibling()
	}
	if len(c.options) == 0 {
		return false, 0
	}
	if a.maybe && (c.options[0].letter != "a" || len(a.lines) == 0) && len(r.readAnswer(keyReaderOf(c.options), a.title, append(slices.Clone(c.tail), a.lines...), 1).named) == 0 {
		return true, 0
	}
	x := r.begin(a.node, ExamText)
	asked := r.blocksOf(c.lead)
	if h, ok := above.(*ast.Heading); ok && len(asked) == 0 && optionsTitle.MatchString(Text(r.doc.Spans(h))) {
		above = above.PreviousSibling()
	}
	var shown []Block // what stands between the question and its options
	for len(asked) == 0 && r.mayBelong(above) && above.Kind() != ast.KindParagraph && above.Kind() != ast.KindTextBlock && len(shown) < maxOptionBlocks {
		shown = append(r.show(above), shown...)
		nodes = append(nodes, above)
		above = above.PreviousSibling()
	}
	heading, isHeading := above.(*ast.Heading)
	switch {
	case len(asked) > 0:
	case isHeading && heading.HasChildren():
		asked = []Block{{Spans: r.doc.Spans(heading), Line: r.doc.Line(heading)}}
	case r.mayBelong(above):
		asked = r.show(above)
		nodes = append(nodes, above)
		above = above.PreviousSibling()
	}
	if len(asked) > 0 && !isHeading {
		var before []Block
		before, nodes = r.situation(above, asked, nodes)
		asked = append(before, asked...)
	}
	used = append(used, nodes...)
	r.placed(x, used, asked, isHeading)
	r.take(used)
	if len(asked) == 0 {
		r.problem(c.options[0].line, "there are options and an answer, but nothing is asked", "the question above the options")
		return true, 0
	}
	x.Line, x.End = asked[0].Line, max(r.doc.End(a.last), c.options[len(c.options)-1].line)
	if a.end > 0 {
		x.End = a.end
	}
	last := len(asked) - 1
	x.Situation, x.Title = append(asked[:last:last], shown...), withoutQ(asked[last].Spans)
	x.answerLine = r.doc.Line(a.node)
	if len(a.lines) > 0 {
		x.answerLine = a.lines[0].line
	}
	if r.choose(x, c.options, r.readAnswer(keyReaderOf(c.options), a.title, append(c.tail, a.lines...), x.answerLine)) != "" {
		return true, 0
	}
	x.Dialect = ExamText
	r.idInBlocks(x, x.Rule)
	r.lineID(x, a.last)
	r.note.Cards = append(r.note.Cards, *x)
	return true, x.Line
}

// optionsTitle is a heading above options that asks nothing.
var optionsTitle = regexp.MustCompile(`^(?i)\s*(answer\s+)?(options|choices)\s*:?\s*$`)

// questionStart is how the first line of a question begins where questions are numbered.
var questionStart = regexp.MustCompile(`^(?i)[^\pL\pN]*(?:question\b|q\s*\.?\s*\d|\d{1,4}\s?[.):])`)

// situation gives the paragraphs above what is asked that belong to it: as many as there are up
// to where the question surely begins, which is below a heading, below a rule, at the start of the
// note, or with its number. Where that is not sure, there are none: what stands there may be
// the explanation of the question before.
func (r *reader) situation(above ast.Node, asked []Block, nodes []ast.Node) ([]Block, []ast.Node) {
	if questionStart.MatchString(Text(asked[0].Spans)) {
		return nil, nodes
	}
	var shown []ast.Node
	for n := above; ; n = n.PreviousSibling() {
		switch {
		case n == nil || n.Kind() == ast.KindHeading || n.Kind() == ast.KindThematicBreak:
			return r.show(shown...), append(nodes, shown...)
		case !r.mayBelong(n) || len(shown) == maxOptionBlocks:
			return nil, nodes
		}
		shown = append([]ast.Node{n}, shown...)
		if n.Kind() == ast.KindParagraph && questionStart.MatchString(Text(r.doc.Spans(n))) {
			return r.show(shown...), append(nodes, shown...)
		}
	}
}

// withoutQ takes Q: off a question.
func withoutQ(spans []Span) []Span {
	if text := Text(spans); strings.HasPrefix(text, "Q:") {
		return markdown.Cut(spans, len("Q:"), len(text))
	}
	return spans
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
		return !slices.ContainsFunc(r.pieces([]ast.Node{n}), func(p piece) bool { return answerLead(Text(p.spans)) >= 0 })
	case ast.KindList:
		return taskListOf([]ast.Node{n}) == nil
	case ast.KindFencedCodeBlock, ast.KindCodeBlock, east.KindTable:
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
