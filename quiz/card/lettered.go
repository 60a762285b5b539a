package card

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"esmlab/quiz/markdown"
)

// This file reads the other callouts: true or false, blanks, pairs, and free recall.

// letters splits paragraphs into lines "a) text"; what has no letter is rest.
func (r *reader) letters(nodes []ast.Node) (lines []lettered, rest []ast.Node) {
	for _, n := range nodes {
		if l, ok := n.(*ast.List); ok && l.IsOrdered() && l.Marker == ')' {
			i := l.Start
			for item := l.FirstChild(); item != nil; item = item.NextSibling() {
				lines = append(lines, lettered{strconv.Itoa(i), r.itemSpans(item), r.doc.Line(item)})
				i++
			}
			continue
		}
		if n.Kind() != ast.KindParagraph {
			rest = append(rest, n)
			continue
		}
		at, some := r.doc.Line(n), false
		for i, spans := range markdown.Lines(r.doc.Spans(n)) {
			text := Text(spans)
			name, _, ok := strings.Cut(text, ")")
			name = strings.ToLower(strings.TrimSpace(name))
			if ok && len(name) == 1 && name[0] >= 'a' && name[0] <= 'z' {
				some = true
				lines = append(lines, lettered{name, markdown.Cut(spans, strings.IndexByte(text, ')')+1, len(text)), at + i})
			} else if some && len(lines) > 0 && strings.TrimSpace(text) != "" { // a line that goes on
				last := &lines[len(lines)-1]
				last.text = append(append(last.text, Span{Text: " "}), spans...)
			}
		}
		if !some {
			rest = append(rest, n)
		}
	}
	return lines, rest
}

// lettered reads dialect B, and where there are no options a free recall.
func (r *reader) lettered(c *Card, before []ast.Node, groups []*ast.Blockquote, answer *ast.Blockquote) {
	c.Dialect = LetteredLines
	options, rest := r.letters(before)
	given, _ := r.letters(body(answer))
	shown := r.show(body(answer)...)
	if title := strings.TrimSpace(answerTitle.ReplaceAllString(r.answerTitle(answer), "")); len(shown) == 0 && title != "" {
		shown = []Block{{Spans: []Span{{Text: title}}, Line: c.answerLine}}
	}
	said, why := firstLineOf(shown)
	if verdict, more, ok := strings.Cut(said, "."); ok && strings.Contains(strings.ToLower(Text(c.Title)), "true or false") && (strings.EqualFold(verdict, "true") || strings.EqualFold(verdict, "false")) {
		said = verdict
		if more = strings.TrimSpace(more); more != "" {
			why = append([]Block{{Spans: []Span{{Text: more}}, Line: c.answerLine}}, why...)
		}
	}
	all := strings.TrimSpace(markdown.BlocksText(shown))
	blanks := countCode(c.Title)
	for _, b := range r.show(before...) {
		blanks += countCode(b.Spans)
	}
	if filled := comma.Split(said, -1); blanks > 0 && len(why) > 0 && len(filled) != blanks { // an answer on each line
		filled = comma.Split(strings.ReplaceAll(all, "\n", ", "), -1)
		said, why = strings.Join(filled, ", "), nil
	}
	switch {
	case len(groups) == 2 && len(given) > 0:
		r.pairs(c, groups, given)
		c.Situation = r.show(rest...)
	case len(options) == 0 && (strings.EqualFold(said, "true") || strings.EqualFold(said, "false")):
		trueFalse(c, strings.EqualFold(said, "true"))
		c.Situation, c.Rule = r.show(rest...), why
	case blankSpans(c.Title) || r.anyBlank(before):
		c.Kind = Blanks
		c.Title = markBlanks(c.Title)
		c.Situation = r.show(before...)
		for i := range c.Situation {
			c.Situation[i].Spans = markBlanks(c.Situation[i].Spans)
		}
		c.Rule = why
		for _, w := range comma.Split(said, -1) {
			c.Blanks = append(c.Blanks, []string{strings.TrimSpace(w)})
		}
		n := countBlanks(c.Title)
		for _, b := range c.Situation {
			n += countBlanks(b.Spans)
		}
		if n != len(c.Blanks) {
			r.problem(c.answerLine, "there are "+strconv.Itoa(n)+" blanks and "+strconv.Itoa(len(c.Blanks))+" answers", "as many answers as blanks, with a comma and a space between")
		}
	default:
		c.Situation = r.show(before...)
		if c.Rule = shown; len(c.Rule) == 0 {
			if h := markdown.HeadOf(answer); h.Title != nil {
				c.Rule = []Block{{Spans: r.doc.Spans(h.Title), Line: c.answerLine}}
			}
			r.problem(c.answerLine, "the answer is empty", "> > [!success]- Answer: 2, or a text below it")
		}
	}
}

// comma divides the answers of blanks; within a number it stands without a space.
var comma = regexp.MustCompile(`\s*,\s+`)

// firstLineOf gives the first line of an answer as text, and what follows it.
func firstLineOf(blocks []Block) (string, []Block) {
	if len(blocks) == 0 {
		return "", nil
	}
	lines := markdown.Lines(blocks[0].Spans)
	rest := slices.Clone(blocks[1:])
	if len(lines) > 1 {
		rest = append(joined(lines[1:], blocks[0].Line+1), rest...)
	}
	return strings.TrimSpace(Text(lines[0])), rest
}

// countCode counts the places `____` of a text.
func countCode(spans []Span) int {
	n := 0
	for _, s := range spans {
		if isBlank(s) {
			n++
		}
	}
	return n
}

func trueFalse(c *Card, right bool) {
	c.Kind, c.KeepOrder = TrueFalse, true
	c.Options = []Option{{N: 1, Text: []Span{{Text: "True"}}, Right: right, Line: c.Line}, {N: 2, Text: []Span{{Text: "False"}}, Right: !right, Line: c.Line}}
}

// pairs reads two groups and lines "a) -> o)".
func (r *reader) pairs(c *Card, groups []*ast.Blockquote, given []lettered) {
	c.Kind = Match
	sides := [2]map[string][]Span{{}, {}}
	for i, g := range groups {
		r.roles[g] = "a group of the card in line " + strconv.Itoa(c.Line)
		lines, _ := r.letters(body(g))
		for _, l := range lines {
			sides[i][l.letter] = l.text
		}
	}
	for _, g := range given {
		to := strings.ToLower(strings.TrimSpace(strings.TrimLeft(Text(g.text), "-=> ")))
		to = strings.TrimSpace(strings.TrimSuffix(to, ")"))
		left, right := sides[0][g.letter], sides[1][to]
		if left == nil || right == nil {
			r.problem(g.line, "the pair "+g.letter+") and "+to+") is not in the groups", "a) -> n)")
			continue
		}
		c.Pairs = append(c.Pairs, Pair{left, right})
	}
	if len(c.Pairs) != len(sides[0]) {
		r.problem(c.answerLine, "not every line of the first group has its partner", "a) -> n) for each")
	}
}

func isBlank(s Span) bool {
	return s.Style&markdown.Code != 0 && s.Text != "" && strings.Trim(s.Text, "_") == ""
}

func blankSpans(spans []Span) bool {
	for _, s := range spans {
		if isBlank(s) {
			return true
		}
	}
	return false
}

func (r *reader) anyBlank(nodes []ast.Node) bool {
	for _, b := range r.show(nodes...) {
		if blankSpans(b.Spans) {
			return true
		}
	}
	return false
}

func markBlanks(spans []Span) []Span {
	out := append([]Span(nil), spans...)
	for i := range out {
		if isBlank(out[i]) {
			out[i] = blank
		}
	}
	return out
}

var blank = Span{Text: "____", Style: markdown.Blank}

func countBlanks(spans []Span) int {
	n := 0
	for _, s := range spans {
		if s.Style&markdown.Blank != 0 {
			n++
		}
	}
	return n
}
