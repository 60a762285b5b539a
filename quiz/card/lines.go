package card

import (
	"net/netip"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"esmlab/quiz/markdown"
)

// lineCards reads dialects E and F, and clozes, in the text that is not a card
// yet.
func (r *reader) lineCards() {
	skip := map[ast.Node]bool{}
	for i := range r.blocks {
		b := &r.blocks[i]
		if skip[b.node] {
			continue
		}
		lines := markdown.Lines(b.spans)
		first := r.doc.Line(b.node)
		switch {
		case r.questionLines(b, lines, first, skip):
		case r.marked && r.multiLine(b, lines, first, skip):
		default:
			for j, l := range lines {
				if !r.frontBack(b, l, first+j) {
					r.cloze(b, l, first+j)
				}
			}
		}
	}
}

// at begins a card in a text block.
func (r *reader) at(b *textBlock, d Dialect, line int) *Card {
	return &Card{File: r.note.File, Line: line, End: line, Dialect: d, Heading: b.headings, Deck: b.deck, Tags: append([]string(nil), r.note.Tags...)}
}

func (r *reader) put(c *Card) { r.note.Cards = append(r.note.Cards, *c) }

// starts tells which of Q:, A: and C: a line begins with.
func starts(l []Span) byte {
	t := Text(l)
	if len(t) > 2 && t[1] == ':' && (t[0] == 'Q' || t[0] == 'A' || t[0] == 'C') && t[2] == ' ' {
		return t[0]
	}
	return 0
}

// questionLines reads dialect E: Q: … A: … and C: … with [hidden] parts.
func (r *reader) questionLines(b *textBlock, lines [][]Span, first int, skip map[ast.Node]bool) bool {
	if k := starts(lines[0]); k != 'Q' && k != 'C' || b.node.Parent() != ast.Node(r.doc.Root) {
		return false
	}
	type part struct {
		kind byte
		line int
		text []Block
	}
	var parts []part
	take := func(lines [][]Span, at int) {
		for j, l := range lines {
			if k := starts(l); k != 0 {
				parts = append(parts, part{k, at + j, nil})
				l = markdown.Cut(l, 2, len(Text(l)))
			}
			p := &parts[len(parts)-1]
			if n := len(p.text); n > 0 && j > 0 && starts(lines[j]) == 0 && p.text[n-1].Kind == markdown.Para {
				p.text[n-1].Spans = append(append(p.text[n-1].Spans, Span{Text: "\n"}), l...)
			} else if len(l) > 0 {
				p.text = append(p.text, Block{Spans: l, Line: at + j})
			}
		}
	}
	take(lines, first)
	end := first + len(lines) - 1
	for n := b.node.NextSibling(); n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindHeading || n.Kind() == ast.KindThematicBreak || n.Kind() == ast.KindBlockquote && markdown.HeadOf(n) != nil {
			break
		}
		if n.Kind() == ast.KindParagraph {
			next := markdown.Lines(r.doc.Spans(n))
			if k := starts(next[0]); k == 'Q' || k == 'C' || k == 0 && parts[len(parts)-1].kind == 'C' {
				break
			}
			skip[n] = true
			take(next, r.doc.Line(n))
		} else {
			if parts[len(parts)-1].kind == 'C' {
				break
			}
			p := &parts[len(parts)-1]
			p.text = append(p.text, r.show(n)...)
			r.skipUnder(n, skip)
		}
		end = r.doc.End(n)
	}
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		switch {
		case p.kind == 'C':
			for _, blk := range p.text {
				r.brackets(b, blk)
			}
		case p.kind == 'Q' && i+1 < len(parts) && parts[i+1].kind == 'A' && len(p.text) > 0:
			c := r.at(b, QuestionAnswerLines, p.line)
			last := len(p.text) - 1
			c.Title, c.Situation, c.Rule, c.End = p.text[last].Spans, p.text[:last], parts[i+1].text, end
			if i+2 < len(parts) {
				c.End = parts[i+2].line - 1
			}
			r.idInBlocks(c, c.Rule)
			r.put(c)
			i++
		case p.kind == 'Q':
			r.problem(p.line, "the question has no answer", "a line that begins with A:")
		}
	}
	return true
}

func (r *reader) skipUnder(n ast.Node, skip map[ast.Node]bool) {
	skip[n] = true
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() == ast.TypeBlock {
			r.skipUnder(c, skip)
		}
	}
}

// multiLine reads lines, ? or ?? alone on a line, lines (dialect F).
func (r *reader) multiLine(b *textBlock, lines [][]Span, first int, skip map[ast.Node]bool) bool {
	at, both := -1, false
	for j, l := range lines {
		if t := strings.TrimSpace(Text(l)); at < 0 && (t == "?" || t == "??") {
			at, both = j, t == "??"
		}
	}
	if at < 0 {
		return false
	}
	from := 0
	for j := range at { // a card of its own, as the plugin has it; what is above it belongs to none
		if r.frontBack(b, lines[j], first+j) {
			from = j + 1
		}
	}
	for j, l := range lines[at+1:] {
		if separator(l) >= 0 {
			r.problem(first+at+1+j, "it is not clear to which card this line belongs: it has :: and stands in the answer of a ? card, which a plugin drops for it", "an empty line above it, or code marks around ::")
		}
	}
	front, back := joined(lines[from:at], first+from), joined(lines[at+1:], first+at+1)
	c := r.at(b, FrontBackLines, first+from)
	c.End = first + len(lines) - 1
	if prev := b.node.PreviousSibling(); len(front) == 0 && from == 0 && prev != nil && r.doc.End(prev)+1 == first && prev.Kind() != ast.KindHeading {
		front = r.show(prev)
		c.Line = r.doc.Line(prev)
	}
	for n := b.node.NextSibling(); n != nil && r.doc.Line(n) == c.End+1; n = n.NextSibling() {
		if n.Kind() == ast.KindHTMLBlock { // the schedule that a plugin wrote
			c.End = r.doc.End(n)
			continue
		}
		back = append(back, r.show(n)...)
		r.skipUnder(n, skip)
		c.End = r.doc.End(n)
	}
	if len(front) > 0 {
		if front[0].Spans = ownTags(c, front[0].Spans); len(front[0].Spans) == 0 {
			front = front[1:]
		}
	}
	if len(front) == 0 || len(back) == 0 {
		r.problem(first+at, "a card needs lines above and below its ?", "front, ?, back, without empty lines")
		return true
	}
	r.idInBlocks(c, back)
	r.twoSided(c, front, back, both)
	return true
}

func joined(lines [][]Span, line int) []Block {
	var spans []Span
	for i, l := range lines {
		if i > 0 {
			spans = append(spans, Span{Text: "\n"})
		}
		spans = append(spans, l...)
	}
	if spans = markdown.Trim(spans); len(spans) == 0 {
		return nil
	}
	return []Block{{Spans: spans, Line: line}}
}

// twoSided puts a card, and where asked its other side.
func (r *reader) twoSided(c *Card, front, back []Block, both bool) {
	side := func(front, back []Block, suffix string) {
		x := *c
		last := len(front) - 1
		x.Title, x.Situation, x.Rule = front[last].Spans, front[:last], back
		if x.Named {
			x.ID += suffix
		}
		r.put(&x)
	}
	side(front, back, "")
	if both {
		side(back, front, "-back")
	}
}

// frontBack reads front::back and front:::back.
func (r *reader) frontBack(b *textBlock, l []Span, line int) bool {
	at := separator(l)
	if at < 0 {
		return false
	}
	text := Text(l)
	width, both := 2, false
	if strings.HasPrefix(text[at:], ":::") {
		width, both = 3, true
	}
	c := r.at(b, FrontBackLines, line)
	l = r.idAtEnd(c, l)
	front, back := markdown.Cut(l, 0, at), markdown.Cut(l, at+width, len(text))
	front = ownTags(c, front)
	if len(front) == 0 || len(back) == 0 {
		return false
	}
	r.twoSided(c, []Block{{Spans: front, Line: line}}, []Block{{Spans: back, Line: line}}, both)
	return true
}

// separator finds the first :: of a line that divides a card. It stands not in
// code or a link, not in an ARN, an address or a cloze of Anki's, and not in the name of a
// resource type.
func separator(l []Span) int {
	var b strings.Builder
	for _, s := range l {
		if s.Style&markdown.Code != 0 || s.Link != "" {
			b.WriteString(strings.Repeat("\x00", len(s.Text)))
		} else {
			b.WriteString(s.Text)
		}
	}
	text := b.String()
	for at := 0; at < len(text); {
		i := strings.Index(text[at:], "::")
		if i < 0 {
			return -1
		}
		i += at
		if end := typeName(text, i); end > i {
			at = end
			continue
		}
		if end := bracesEnd(text, i); end > i {
			at = end
			continue
		}
		if strings.HasPrefix(text[i:], "::::") || inARN(text, i) || inAddress(text, i) {
			at = i + 2
			for at < len(text) && text[at] == ':' {
				at++
			}
			continue
		}
		return i
	}
	return -1
}

// word gives the start of the word that ends at i.
func word(text string, i int) int {
	for i > 0 && wordByte(text[i-1]) {
		i--
	}
	return i
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// typeName gives the end of a resource type's name whose first :: is at i:
// AWS, Alexa or Custom and one or two Capitalised parts, or three Capitalised
// parts; i if there is none.
func typeName(text string, i int) int {
	start := word(text, i)
	first := text[start:i]
	if first == "" || !unicode.IsUpper(rune(first[0])) {
		return i
	}
	need := 2
	if first == "AWS" || first == "Alexa" || first == "Custom" {
		need = 1
	}
	end, parts := i, 0
	for parts < 2 && strings.HasPrefix(text[end:], "::") {
		next := end + 2
		if next >= len(text) || !unicode.IsUpper(rune(text[next])) {
			break
		}
		for next < len(text) && wordByte(text[next]) {
			next++
		}
		end, parts = next, parts+1
	}
	if parts >= need {
		return end
	}
	return i
}

// inARN reports whether the place lies in an ARN.
func inARN(text string, i int) bool {
	start := i
	for start > 0 && text[start-1] != ' ' && text[start-1] != '\t' {
		start--
	}
	return strings.HasPrefix(strings.TrimLeft(text[start:i], `"'([{<`), "arn:")
}

// bracesEnd gives the end of the {{…}} around a place, as in {{c1::hidden::hint}}; the place
// itself if there is none.
func bracesEnd(text string, i int) int {
	from := strings.LastIndex(text[:i], "{{")
	if from < 0 || strings.Contains(text[from:i], "}}") {
		return i
	}
	if end := strings.Index(text[i:], "}}"); end >= 0 {
		return i + end + 2
	}
	return i
}

// inAddress reports whether the place lies in an IPv6 address, or in an address with a
// scheme.
func inAddress(text string, i int) bool {
	start, end := i, i
	for start > 0 && !unicode.IsSpace(rune(text[start-1])) {
		start--
	}
	for end < len(text) && !unicode.IsSpace(rune(text[end])) {
		end++
	}
	token := text[start:end]
	if at := strings.Index(token, "://"); at > 0 && at < i-start {
		return true
	}
	if at := strings.IndexAny(token, "])}"); at > i-start {
		token = token[:at]
	}
	token = strings.TrimRight(strings.TrimLeft(token, "\"'([{<`"), "\"'>`.,;!?")
	if strings.HasSuffix(token, ":") && !strings.HasSuffix(token, "::") {
		token = token[:len(token)-1]
	}
	token, _, _ = strings.Cut(token, "%")
	plain, _, _ := strings.Cut(token, "/")
	if a, err := netip.ParseAddr(plain); err != nil || !a.Is6() || plain == "::" {
		return false
	}
	first, _, _ := strings.Cut(plain, ":") // 10::20 is a card, 2001:db8::1 is none
	return len(first) == 4 || strings.HasPrefix(plain, "::") || strings.Count(plain, ":") > 2
}
