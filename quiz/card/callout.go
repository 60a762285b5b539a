package card

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"esmlab/quiz/markdown"
)

// question reads a [!question] callout: the written format, or dialect A, B
// or C inside a callout. If it is not a card, it says why.
func (r *reader) question(q *ast.Blockquote, h *markdown.Head) (*Card, string) {
	c := r.begin(q, TitleAndBody)
	if h.Title != nil {
		c.Title = r.doc.Spans(h.Title)
	}
	if id := metaID(h.Meta); id != "" {
		c.ID, c.Named = id, true
	}
	var before, after []ast.Node // up to the answer, and below it
	var answer *ast.Blockquote
	var groups []*ast.Blockquote
	for n := q.FirstChild(); n != nil; n = n.NextSibling() {
		if h.Title != nil && n == ast.Node(h.Title) {
			continue
		}
		inner := markdown.HeadOf(n)
		switch {
		case inner != nil && inner.Type == "success" && answer == nil:
			answer = n.(*ast.Blockquote)
			r.roles[n] = "the answer of the card in line " + strconv.Itoa(c.Line)
		case inner != nil && inner.Type == "example" && answer == nil:
			groups = append(groups, n.(*ast.Blockquote))
		default:
			if answer == nil {
				before = append(before, n)
			} else {
				after = append(after, n)
			}
		}
	}
	if line := r.callWithin(q); line > 0 {
		r.problem(line, "a callout begins within the text of another", "an empty > line above it")
		return nil, "a callout in it is taken for text"
	}
	if len(r.choices(r.pieces(before)).options) == 0 && taskListOf(before) == nil && len(r.choices(r.pieces(after)).options) > 0 { // the answer above the options
		before = append(before, after...)
	}
	c.Tags = append(c.Tags, r.tagsUnder(q)...)
	if next := markdown.HeadOf(q.NextSibling()); answer == nil && next != nil && next.Type == "success" && len(r.choices(r.pieces(before)).options) > 0 {
		answer = q.NextSibling().(*ast.Blockquote)
		r.roles[answer] = "the answer of the card in line " + strconv.Itoa(c.Line)
		c.End = r.doc.End(answer)
		c.Tags = append(c.Tags, r.tagsUnder(answer)...)
	}
	if answer != nil {
		c.answerLine = r.doc.Line(answer)
	}
	var asked ast.Node // the paragraph that asks, where there is no title
	if len(c.Title) == 0 {
		if len(before) == 0 {
			r.problem(c.Line, "the question asks nothing", "> [!question] What is asked?")
			return nil, "it asks nothing"
		}
		c.Title = r.doc.Spans(before[len(before)-1]) // the situation ends with what is asked
		if x := r.choices(r.pieces(before)); len(x.options) > 0 && len(x.lead) > 0 {
			lead := r.blocksOf(x.lead)
			c.Title, asked = lead[len(lead)-1].Spans, x.lead[len(x.lead)-1].node
		} else if before[len(before)-1].Kind() == ast.KindParagraph {
			before = before[:len(before)-1]
		} else {
			c.Title = []Span{{Text: "?"}}
		}
	}
	switch tasks := taskListOf(before); {
	case answer == nil && tasks == nil:
		if x := r.choices(r.pieces(before)); len(x.options) > 0 && (len(x.tail) > 0 && answerLead(Text(x.tail[0].spans)) >= 0 || x.options[0].letter == "a") { // the answer is a line of it
			c.Situation = r.blocksOf(x.lead)
			c.answerLine = c.End
			if why := r.choose(c, x.options, r.readAnswer(keyReaderOf(x.options), "", x.tail, c.answerLine)); why != "" {
				return nil, why
			}
			r.idInBlocks(c, c.Rule)
			return c, ""
		}
		for _, g := range groups {
			before = append(before, g)
		}
		if c.Rule = r.show(before...); len(c.Rule) == 0 {
			r.problem(c.Line, "the question has no answer", "a body, or a [!success] callout inside")
			return nil, "it has no answer"
		}
		r.idInBlocks(c, c.Rule)
		return c, ""
	case tasks != nil:
		c.Dialect = TaskList
		r.tasks(c, tasks)
		c.Situation = r.show(without(before, tasks)...)
		if answer != nil {
			c.Rule = r.show(body(answer)...)
		}
		if why := r.ticked(c, r.doc.Line(tasks)); why != "" {
			return nil, why
		}
		return c, ""
	}
	if list := optionList(before); list != nil && len(numbers(r.answerTitle(answer))) > 0 {
		if !r.written(c, before, list, answer) {
			return nil, "its answer is not clear"
		}
		return c, ""
	}
	x := r.choices(r.pieces(before))
	if len(x.options) == 0 && len(groups) == 0 {
		x = r.bullets(before, answer)
	}
	if len(groups) == 0 && len(x.options) > 0 {
		if asked != nil { // the title is its last line above the options
			x.lead = slices.DeleteFunc(x.lead, func(p piece) bool { return p.node == asked })
		}
		c.Situation = r.blocksOf(append(x.lead, x.tail...))
		if why := r.choose(c, x.options, r.readAnswer(keyReaderOf(x.options), r.answerTitle(answer), r.pieces(body(answer)), c.answerLine)); why != "" {
			return nil, why
		}
		r.idInBlocks(c, c.Rule)
		return c, ""
	}
	r.lettered(c, before, groups, answer)
	r.idInBlocks(c, c.Rule)
	if len(c.Options) == 0 && c.Kind == Recall && r.swallowed(before) {
		r.problem(c.answerLine, "there are options above, but the answer names none of them", "> > [!success]- Answer: 2, and an empty line above the list")
	}
	return c, ""
}

// callWithin gives the line of a callout's paragraph that begins like a callout, 0 if none does:
// without an empty line above it, it is text.
func (r *reader) callWithin(n ast.Node) int {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.Kind() {
		case ast.KindParagraph, ast.KindTextBlock:
			for i, l := range markdown.Lines(r.doc.Spans(c)) {
				if calloutStart.MatchString(Text(l)) {
					return r.doc.Line(c) + i
				}
			}
		case ast.KindBlockquote:
			if line := r.callWithin(c); line > 0 {
				return line
			}
		}
	}
	return 0
}

var calloutStart = regexp.MustCompile(`^(?i)\[!(success|check|done|example)[^\]]*\]`)

// bullets gives the items of a list without labels as options, where the answer is the text of
// one of them.
func (r *reader) bullets(nodes []ast.Node, answer *ast.Blockquote) choiceText {
	var x choiceText
	said := strings.TrimSpace(answerTitle.ReplaceAllString(r.answerTitle(answer), ""))
	for _, n := range body(answer) {
		if said == "" && n.Kind() == ast.KindParagraph {
			said = Text(r.doc.Spans(n))
		}
	}
	right := 0
	for _, n := range nodes {
		if l, ok := n.(*ast.List); ok && !l.IsOrdered() && len(x.options) == 0 && l.ChildCount() < 27 {
			for item := l.FirstChild(); item != nil; item = item.NextSibling() {
				o := lettered{string(rune('a' + len(x.options))), r.itemSpans(item), r.doc.Line(item)}
				if normal(Text(o.text)) == normal(said) {
					right++
				}
				x.options = append(x.options, o)
			}
			continue
		}
		if len(x.options) == 0 {
			x.lead = append(x.lead, r.pieces([]ast.Node{n})...)
		} else {
			x.tail = append(x.tail, r.pieces([]ast.Node{n})...)
		}
	}
	if right != 1 || len(x.options) < 2 {
		return choiceText{}
	}
	return x
}

// swallowed reports whether a paragraph holds a line that would be a list's if
// there were an empty line above it.
func (r *reader) swallowed(nodes []ast.Node) bool {
	for _, n := range nodes {
		if n.Kind() != ast.KindParagraph {
			continue
		}
		for _, l := range markdown.Lines(r.doc.Spans(n)) {
			if num, _, ok := strings.Cut(Text(l), ". "); ok && len(num) == 1 && num[0] >= '0' && num[0] <= '9' {
				return true
			}
		}
	}
	return false
}

// body gives what is in a callout below its title.
func body(q *ast.Blockquote) []ast.Node {
	var out []ast.Node
	h := markdown.HeadOf(q)
	for n := q.FirstChild(); n != nil; n = n.NextSibling() {
		if h == nil || h.Title == nil || n != ast.Node(h.Title) {
			out = append(out, n)
		}
	}
	return out
}

func without(list []ast.Node, n ast.Node) []ast.Node {
	var out []ast.Node
	for _, x := range list {
		if x != n {
			out = append(out, x)
		}
	}
	return out
}

// optionList gives the last ordered list with a period.
func optionList(nodes []ast.Node) *ast.List {
	var found *ast.List
	for _, n := range nodes {
		if l, ok := n.(*ast.List); ok && l.IsOrdered() {
			found = l
		}
	}
	return found
}

func (r *reader) answerTitle(answer *ast.Blockquote) string {
	if h := markdown.HeadOf(answer); h != nil && h.Title != nil {
		return Text(r.doc.Spans(h.Title))
	}
	return ""
}

// numbers reads "Answer: 2, 5".
func numbers(title string) []int {
	_, list, ok := strings.Cut(title, ":")
	if !ok {
		list = strings.TrimLeft(title, "AaNnSsWwEeRr ")
	}
	var out []int
	for _, w := range strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' || c == ';' || c == '&' || c == '+' || c == '.' }) {
		n, err := strconv.Atoi(w)
		if w == "and" {
			continue
		}
		if err != nil {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// written reads esmlab's own format: options, answer, reasons, source, proof. It gives false where
// the answer names an option that there is not.
func (r *reader) written(c *Card, before []ast.Node, list *ast.List, answer *ast.Blockquote) bool {
	c.Dialect, c.Kind, c.KeepOrder = CalloutOptions, Single, list.Start == 0
	c.Situation = r.show(without(before, list)...)
	n := list.Start
	if zero := r.zeroLine(list); zero != nil { // right below text, 0. begins no list
		c.Situation = r.blocksOf(slices.DeleteFunc(r.pieces(without(before, list)), func(p piece) bool { return p.line == zero.line }))
		c.Options, c.KeepOrder = []Option{{N: 0, Text: zero.spans, Line: zero.line}}, true
	}
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		c.Options = append(c.Options, Option{N: n, Text: r.itemSpans(item), Line: r.doc.Line(item)})
		n++
	}
	clear := true
	key := numbers(r.answerTitle(answer))
	if len(key) > 1 {
		c.Kind = Multiple
	}
	for i, n := range key {
		o := c.Option(n)
		switch {
		case o == nil:
			r.problem(c.answerLine, "the answer names option "+strconv.Itoa(n)+", which does not exist", "one of the list's numbers")
			clear = false
		case o.Right:
			r.problem(c.answerLine, "the answer names option "+strconv.Itoa(key[i])+" twice", "each once")
		default:
			o.Right = true
		}
	}
	reasons := false
	for _, n := range body(answer) {
		switch n := n.(type) {
		case *ast.List:
			if n.IsOrdered() && !reasons {
				reasons = true
				r.reasons(c, n)
				continue
			}
		case *ast.Paragraph:
			spans := r.doc.Spans(n)
			if strings.HasPrefix(Text(spans), "Source") {
				r.sources(c, n, spans)
				continue
			}
			if tags := Tags(spans); len(tags) > 0 && strings.HasPrefix(Text(spans), "#") {
				continue
			}
		case *ast.Blockquote:
			if h := markdown.HeadOf(n); h != nil && h.Type == "example" {
				r.roles[n] = "the proof of the card in line " + strconv.Itoa(c.Line)
				r.proof(c, n)
				continue
			}
		}
		c.Rule = append(c.Rule, r.show(n)...)
	}
	return clear
}

// zeroLine gives the line “0. text” at the end of the paragraph right above a list that begins
// with 1, or nil.
func (r *reader) zeroLine(list *ast.List) *piece {
	prev := list.PreviousSibling()
	if list.Start != 1 || prev == nil || prev.Kind() != ast.KindParagraph {
		return nil
	}
	lines := r.pieces([]ast.Node{prev})
	last := &lines[len(lines)-1]
	text := Text(last.spans)
	if len(text) < 4 || text[0] != '0' || text[1] != '.' && text[1] != ')' || text[2] != ' ' {
		return nil
	}
	last.spans = markdown.Cut(last.spans, 2, len(text))
	return last
}

// itemSpans gives the text of a list item.
func (r *reader) itemSpans(item ast.Node) []Span {
	var out []Span
	for _, b := range r.show(children(item)...) {
		if len(out) > 0 {
			out = append(out, Span{Text: "\n"})
		}
		out = append(out, b.Spans...)
	}
	return out
}

func children(n ast.Node) []ast.Node {
	var out []ast.Node
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out = append(out, c)
	}
	return out
}

// reasons reads the line of every option.
func (r *reader) reasons(c *Card, list *ast.List) {
	n := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		spans, line := r.itemSpans(item), r.doc.Line(item)
		if o := c.Option(n); o == nil {
			r.problem(line, "there is a reason for option "+strconv.Itoa(n)+", which does not exist", "one reason for each option, with its number")
		} else {
			o.Reason, o.ReasonKind = spans, because(Text(spans))
		}
		n++
	}
}

func because(s string) ReasonKind {
	switch {
	case strings.HasPrefix(s, "Right here"):
		return RightHere
	case strings.HasPrefix(s, "Right "):
		return RightElsewhere
	case strings.HasPrefix(s, "Never:"):
		return NeverRight
	}
	return NoReason
}

// sources reads "Source: [title](URL), date."
func (r *reader) sources(c *Card, n ast.Node, spans []Span) {
	line := r.doc.Line(n)
	for i, s := range spans {
		if s.Link == "" || i > 0 && spans[i-1].Link == s.Link {
			continue
		}
		src := Source{Title: s.Text, URL: s.Link, Line: line}
		for _, after := range spans[i+1:] {
			if after.Link != "" && after.Link != s.Link {
				break
			}
			for _, w := range strings.FieldsFunc(after.Text, func(c rune) bool { return c != '-' && (c < '0' || c > '9') }) {
				if src.Read == "" && len(w) == len("2026-11-23") && w[4] == '-' && w[7] == '-' {
					src.Read = w
				}
			}
		}
		c.Sources = append(c.Sources, src)
	}
}

// tagsUnder gives the tags in the text of a callout.
func (r *reader) tagsUnder(n ast.Node) []string {
	var out []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.Kind() {
		case ast.KindParagraph, ast.KindTextBlock:
			out = append(out, Tags(r.doc.Spans(c))...)
		case ast.KindList, ast.KindListItem, ast.KindBlockquote:
			out = append(out, r.tagsUnder(c)...)
		}
	}
	return out
}

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
