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

func (r *reader) answerTitle(answer *ast.Blockquote) string {
	if h := markdown.HeadOf(answer); h != nil && h.Title != nil {
		return Text(r.doc.Spans(h.Title))
	}
	return ""
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
