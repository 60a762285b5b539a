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

// optionLabel begins a line of an option: a) text, (a) text, A. text, [A] text, A: text, A - text.
var optionLabel = regexp.MustCompile(`^\s*(?:\(?([A-Za-z])\s?([).])|\[([A-Za-z])(\])|([A-Za-z])(:|\s[–—-])\s)\s*`)

// labelOf gives the letter at the beginning of an option, lower case, and where its text begins.
// sure is false where the line may as well be a sentence: A. Smith wrote this.
func labelOf(text string) (letter string, from int, sure bool) {
	m := optionLabel.FindStringSubmatch(text)
	if m == nil {
		return "", 0, false
	}
	sign := m[2] + m[4] + m[6]
	return strings.ToLower(m[1] + m[3] + m[5]), len(m[0]), sign == ")"
}

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
		if n.Kind() == ast.KindCodeBlock { // options that are indented
			lines := n.Lines()
			if letter, _, _ := labelOf(strings.TrimSpace(string(n.Lines().Value(r.doc.Source)))); letter == "a" {
				for i := range lines.Len() {
					seg := lines.At(i)
					out = append(out, piece{spans: inline(string(seg.Value(r.doc.Source))), line: r.doc.LineAt(seg.Start), node: n})
				}
				continue
			}
		}
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

// choiceText is text that has been taken apart: what is asked, the options, and what follows
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
			case len(c.tail) == 0 && r.codeOf(p.node) != "" && slices.ContainsFunc(pieces[i+1:], func(p piece) bool {
				letter, _, _ := labelOf(Text(p.spans))
				return letter == string(rune('a'+len(c.options)))
			}): // code of an option
				last := &c.options[len(c.options)-1]
				last.text = append(append(last.text, Span{Text: "\n"}), Span{Text: r.codeOf(p.node), Style: markdown.Code})
			default:
				c.tail = append(c.tail, p)
			}
			continue
		}
		text := Text(p.spans)
		letter, from, sure := labelOf(text)
		switch {
		case len(c.tail) > 0, len(c.options) > 1 && answerLead(text) >= 0:
			c.tail = append(c.tail, p)
		case letter == string(rune('a'+len(c.options))) && (sure || len(c.options) > 0 || followed(pieces[i+1:])):
			c.options = append(c.options, lettered{letter, markdown.Cut(p.spans, from, len(text)), p.line})
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

// codeOf gives the text of a block of code, or "".
func (r *reader) codeOf(n ast.Node) string {
	if n.Kind() != ast.KindFencedCodeBlock && n.Kind() != ast.KindCodeBlock {
		return ""
	}
	return markdown.BlocksText(r.show(n))
}

// followed reports whether option b comes: a line that begins with A. may be a sentence.
func followed(pieces []piece) bool {
	return slices.ContainsFunc(pieces, func(p piece) bool {
		letter, _, _ := labelOf(Text(p.spans))
		return letter == "b"
	})
}

// listed gives the options of a list: numbered, or each item with a letter of its own.
func (r *reader) listed(n ast.Node) []lettered {
	l, ok := n.(*ast.List)
	if !ok || taskListOf([]ast.Node{n}) != nil {
		return nil
	}
	var out []lettered
	ended := false
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		spans := r.itemSpans(item)
		if at := answerWithin(spans); at >= 0 && len(r.answerItems(item)) > 0 { // its labels are the items below
			if at > 0 {
				spans = markdown.Cut(spans, 0, at)
			}
			ended = true
		} else if at == 0 && item == l.LastChild() {
			break // the answer as an item of its own
		} else if at > 0 && item == l.LastChild() { // a line that goes on right below the list
			spans = markdown.Cut(spans, 0, at)
		} else if at >= 0 {
			return nil
		}
		text := Text(spans)
		o := lettered{strconv.Itoa(l.Start + len(out)), spans, r.doc.Line(item)}
		if letter, from, _ := labelOf(text); !l.IsOrdered() {
			if letter != string(rune('a'+len(out))) {
				return nil
			}
			o.letter, o.text = letter, markdown.Cut(spans, from, len(text))
		}
		out = append(out, o)
		if ended {
			break
		}
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
