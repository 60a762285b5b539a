package card

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/quiz/markdown"
)

// hidden is one deletion of a cloze.
type hidden struct {
	from, to int    // in the plain text
	hint     string // ^[hint]
	group    string // [^1]: hidden together; [^ash]: what it is in each card
}

// cloze reads the ==hidden== parts of a paragraph: a card for each, or for each group.
func (r *reader) cloze(b *textBlock, paragraph []Block, end int) {
	if len(paragraph) == 0 {
		return
	}
	l := paragraph[0].Spans
	var parts []hidden
	text := Text(l)
	at := 0
	for _, s := range l {
		if s.Style&markdown.Mark != 0 {
			h := hidden{from: at, to: at + len(s.Text)}
			if n := len(parts); n > 0 && parts[n-1].to == at { // one mark in several styles
				parts[n-1].to = h.to
			} else {
				parts = append(parts, h)
			}
		}
		at += len(s.Text)
	}
	if len(parts) == 0 {
		return
	}
	var drop [][2]int
	for i := range parts {
		rest := text[parts[i].to:]
		if t, ok := strings.CutPrefix(rest, "^["); ok {
			if end := strings.IndexByte(t, ']'); end >= 0 {
				parts[i].hint = t[:end]
				drop = append(drop, [2]int{parts[i].to, parts[i].to + end + 3})
				rest = t[end+1:]
			}
		}
		if t, ok := strings.CutPrefix(rest, "[^"); ok {
			if end := strings.IndexByte(t, ']'); end >= 0 {
				parts[i].group = t[:end]
				from := len(text) - len(rest)
				drop = append(drop, [2]int{from, from + end + 3})
			}
		}
	}
	r.siblings(b, l, parts, drop, paragraph[0].Line, end, FrontBackLines)
}

// brackets reads the [hidden] parts of a C: text.
func (r *reader) brackets(b *textBlock, blk Block, end int) {
	var parts []hidden
	var drop [][2]int
	text := Text(blk.Spans)
	for at := 0; ; {
		from := strings.IndexByte(text[at:], '[')
		if from < 0 {
			break
		}
		from += at
		to := strings.IndexByte(text[from:], ']')
		if to < 0 {
			break
		}
		to += from
		if to > from+1 {
			parts = append(parts, hidden{from: from + 1, to: to})
			drop = append(drop, [2]int{from, from + 1}, [2]int{to, to + 1})
		}
		at = to + 1
	}
	r.siblings(b, blk.Spans, parts, drop, blk.Line, end, QuestionAnswerLines)
}

// siblings puts a card for each deletion.
func (r *reader) siblings(b *textBlock, l []Span, parts []hidden, drop [][2]int, line, end int, d Dialect) {
	if !r.o.Cloze {
		r.note.SkippedClozes += len(parts)
		return
	}
	var groups []string
	name := func(i int) string {
		if parts[i].group != "" {
			return parts[i].group
		}
		return "\x00" + string(rune(i))
	}
	actions := 0
	for i := range parts {
		if g := parts[i].group; g != "" && strings.Trim(g, "ash") == "" {
			actions = max(actions, len(g))
			continue
		}
		known := false
		for _, g := range groups {
			known = known || g == name(i)
		}
		if !known {
			groups = append(groups, name(i))
		}
	}
	whole := clozeText(l, parts, drop, groups, name)
	if actions > 0 {
		whole = nil
	}
	siblings := 0
	put := func(does func(i int) byte) {
		c := r.at(b, d, line)
		c.Kind, c.Cloze, c.End = Cloze, whole, end
		var asked []string
		at := 0
		emit := func(to int) {
			for _, x := range drop {
				if x[0] >= at && x[1] <= to {
					c.Title = append(c.Title, CutSpans(l, at, x[0])...)
					at = x[1]
				}
			}
			c.Title = append(c.Title, CutSpans(l, at, to)...)
			at = to
		}
		for i, p := range parts {
			what := does(i)
			if what == 's' {
				continue
			}
			emit(p.from)
			if what == 'a' {
				asked = append(asked, Text(CutSpans(l, p.from, p.to)))
				c.Title = append(c.Title, blank)
				if c.Hint == "" {
					c.Hint = p.hint
				}
			} else {
				c.Title = append(c.Title, Span{Text: "[…]"})
			}
			at = p.to
		}
		emit(len(Text(l)))
		if len(asked) == 0 {
			return
		}
		for _, a := range asked {
			c.Blanks = append(c.Blanks, []string{a})
		}
		c.Title = r.idAtEnd(c, markdown.Trim(c.Title))
		if siblings++; c.Named && siblings > 1 {
			c.ID += "-" + strconv.Itoa(siblings)
		}
		c.Rule = []Block{{Spans: []Span{{Text: strings.Join(asked, ", ")}}, Line: line}}
		r.put(c)
	}
	for _, g := range groups {
		put(func(i int) byte {
			if name(i) == g {
				return 'a'
			}
			return 's'
		})
	}
	for k := range actions {
		put(func(i int) byte {
			if g := parts[i].group; g != "" && strings.Trim(g, "ash") == "" && k < len(g) {
				return g[k]
			}
			return 's'
		})
	}
}

// CutSpans gives the part of spans between two offsets, with the space around it.
func CutSpans(spans []Span, from, to int) []Span {
	var out []Span
	at := 0
	for _, s := range spans {
		lo, hi := max(from-at, 0), min(to-at, len(s.Text))
		at += len(s.Text)
		if lo < hi {
			s.Text = s.Text[lo:hi]
			out = append(out, s)
		}
	}
	return out
}

// clozeText is the sentence without the marks that are dropped, and where its parts are in it.
func clozeText(l []Span, parts []hidden, drop [][2]int, groups []string, name func(int) string) *ClozeText {
	t := &ClozeText{}
	at, length := 0, 0
	emit := func(to int) {
		for _, x := range drop {
			if x[0] >= at && x[1] <= to {
				t.Text = append(t.Text, CutSpans(l, at, x[0])...)
				length += x[0] - at
				at = x[1]
			}
		}
		t.Text = append(t.Text, CutSpans(l, at, to)...)
		length += to - at
		at = to
	}
	for i, p := range parts {
		emit(p.from)
		from := length
		emit(p.to)
		n := slices.Index(groups, name(i)) + 1
		t.Parts = append(t.Parts, ClozePart{From: from, To: length, N: n, Hint: p.hint})
	}
	end := len(Text(l))
	if id, before := endID(Text(l)); id != "" && before >= at {
		end = before
	}
	emit(end)
	for i := range t.Text {
		t.Text[i].Style &^= markdown.Mark
	}
	return t
}
