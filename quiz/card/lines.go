package card

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"esmlab/quiz/markdown"
)

// lineCards reads front::back lines and clozes in the text that is not a card yet. A cloze
// is asked with all the lines of its paragraph, up to a front::back line.
func (r *reader) lineCards() {
	for i := range r.blocks {
		b := &r.blocks[i]
		lines := markdown.Lines(b.spans)
		first := r.doc.Line(b.node)
		from := 0
		text := func(to int) {
			if from < to {
				r.cloze(b, joined(lines[from:to], first+from), first+to-1)
			}
			from = to + 1
		}
		for j, l := range lines {
			if r.covered[first+j] > 0 || r.frontBack(b, l, first+j) {
				text(j)
			}
		}
		text(len(lines))
	}
}

// at begins a card in a text block.
func (r *reader) at(b *textBlock, d Dialect, line int) *Card {
	return &Card{File: r.note.File, Line: line, End: line, Dialect: d, Heading: b.headings, Deck: b.deck, Tags: append([]string(nil), r.note.Tags...)}
}

func (r *reader) put(c *Card) { r.note.Cards = append(r.note.Cards, *c) }

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
		ask := len(front) - 1 // what is asked is the last paragraph; lists, code and tables are shown with it
		for i, b := range front {
			if (b.Kind == markdown.Para || b.Kind == markdown.Heading) && b.Marker == "" && b.Indent == 0 && !b.Row {
				ask = i
			}
		}
		x.Title, x.Situation, x.Rule = front[ask].Spans, slices.Delete(slices.Clone(front), ask, ask+1), back
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
