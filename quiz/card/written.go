package card

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"esmlab/quiz/markdown"
)

// This file reads esmlab's own format of a callout: options, answer, reasons, source, proof.

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
