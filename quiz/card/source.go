package card

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"

	"esmlab/quiz/markdown"
)

// This file reads the dialects that a program reads line by line, whatever Markdown makes of
// the lines: a block with ? or ?? on a line of its own, up to an empty line (Spaced
// Repetition), and Q:, A: and C: at the start of a line (hashcards). A list, a heading, a
// table or a rule ends neither.

// lineKind is what a line of a note is.
type lineKind uint8

const (
	plainLine lineKind = iota
	emptyLine
	codeLine    // in a fence, or one of its ends
	commentLine // not shown
)

type sourceLine struct {
	text string
	kind lineKind
}

// sourceLines gives the lines of the note as they are written.
func (r *reader) sourceLines() []sourceLine {
	var out []sourceLine
	fence, comment := "", ""
	for _, text := range strings.Split(string(r.doc.Source), "\n") {
		l := sourceLine{text: text}
		t := strings.TrimSpace(text)
		switch {
		case comment != "":
			l.kind = commentLine
			if strings.Contains(t, comment) {
				comment = ""
			}
		case fence != "":
			l.kind = codeLine
			if strings.HasPrefix(t, fence) && strings.Trim(t, fence[:1]) == "" {
				fence = ""
			}
		case t == "":
			l.kind = emptyLine
		case fenceOf(t) != "":
			l.kind, fence = codeLine, fenceOf(t)
		case strings.HasPrefix(t, "<!--"):
			if l.kind = commentLine; !strings.Contains(t, "-->") {
				comment = "-->"
			} else if t[strings.Index(t, "-->")+3:] != "" {
				l.kind = plainLine
			}
		case strings.HasPrefix(t, "%%") && !strings.Contains(t[2:], "%%"):
			l.kind, comment = commentLine, "%%"
		}
		out = append(out, l)
	}
	return out
}

// fenceOf gives the mark with which a line opens a fence of code, or "".
func fenceOf(t string) string {
	for _, mark := range []string{"`", "~"} {
		n := len(t) - len(strings.TrimLeft(t, mark))
		if n >= 3 && (mark == "~" || !strings.Contains(t[n:], mark)) {
			return t[:n]
		}
	}
	return ""
}

// place is from which line on text has these headings above it and belongs to this deck.
type place struct {
	line     int
	headings []string
	deck     string
}

// placeOf gives where a line stands, as a block that cards can be made in.
func (r *reader) placeOf(line int) *textBlock {
	b := &textBlock{deck: r.note.Deck}
	if i := sort.Search(len(r.places), func(i int) bool { return r.places[i].line >= line }); i > 0 {
		b.headings, b.deck = r.places[i-1].headings, r.places[i-1].deck
	}
	return b
}

// here notes where text stands from a line on.
func (r *reader) here(line int) {
	r.places = append(r.places, place{line, r.path(), r.deck})
}

// cover marks lines that are part of a card: no other card is made of them.
func (r *reader) cover(from, to int) {
	for line := from; line <= to; line++ {
		r.covered[line] = from
	}
}

// takeCovered takes the blocks within covered lines, so that no other card is made of them.
func (r *reader) takeCovered() {
	if len(r.covered) == 0 {
		return
	}
	within := func(n ast.Node) bool {
		at := r.covered[r.doc.Line(n)]
		return at > 0 && at == r.covered[r.doc.End(n)]
	}
	_ = ast.Walk(r.doc.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch {
		case n.Type() == ast.TypeInline:
			return ast.WalkSkipChildren, nil
		case entering && n != ast.Node(r.doc.Root) && within(n):
			r.taken[n] = true
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	r.blocks = slices.DeleteFunc(r.blocks, func(b textBlock) bool { return within(b.node) })
}

// part gives what lines of the note show by themselves; from is the index of the first.
func (r *reader) part(lines []sourceLine, from int) []Block {
	var text []string
	indent := -1
	for _, l := range lines {
		text = append(text, l.text)
		if n := len(l.text) - len(strings.TrimLeft(l.text, " \t")); l.kind == plainLine && (indent < 0 || n < indent) {
			indent = n
		}
	}
	for i, t := range text {
		if indent > 0 {
			text[i] = t[min(indent, len(t)-len(strings.TrimLeft(t, " \t"))):]
		}
	}
	doc := markdown.Parse([]byte(strings.Join(text, "\n")))
	unset(doc)
	out := doc.Blocks(children(doc.Root), r.embedder(0, nil))
	for i := range out {
		out[i].Line += from
	}
	for len(out) > 0 && out[0].Kind == markdown.Rule {
		out = out[1:]
	}
	for len(out) > 0 && out[len(out)-1].Kind == markdown.Rule {
		out = out[:len(out)-1]
	}
	return out
}

// asCard gives the lines of a card the headings and the deck of their place.
func (r *reader) asCard(d Dialect, lines []sourceLine, from, to int) *Card {
	for to > from+1 && (lines[to-1].kind == emptyLine || strings.Trim(lines[to-1].text, "- ") == "") {
		to--
	}
	c := r.at(r.placeOf(from+1), d, from+1)
	c.End = to
	return c
}

// busy gives the lines of the cards that there are already.
func (r *reader) busy() map[int]bool {
	out := map[int]bool{}
	for i := range r.note.Cards {
		for line := r.note.Cards[i].Line; line <= r.note.Cards[i].End; line++ {
			out[line] = true
		}
	}
	return out
}

// multiLines reads lines, ? or ?? alone on a line, lines.
func (r *reader) multiLines(lines []sourceLine) {
	busy := r.busy()
	from, mark := 0, -1
	end := func(to int) {
		if mark >= 0 {
			r.multiLine(lines, from, mark, to)
		}
		from, mark = to+1, -1
	}
	for i, l := range lines {
		t := strings.TrimSpace(l.text)
		switch {
		case busy[i+1] || l.kind == emptyLine:
			end(i)
		case l.kind != plainLine:
		case strings.Contains(t, "::") && separator(inline(t)) >= 0:
			if mark < 0 { // a card of its own, as the plugin has it; what is above it belongs to none
				from = i + 1
				break
			}
			r.problem(i+1, "it is not clear to which card this line belongs: it has :: and stands in the answer of a ? card, which a plugin drops for it", "an empty line above it, or code marks around ::")
		case mark < 0 && (t == "?" || t == "??"):
			if len(r.part(lines[from:i], from)) > 0 {
				mark = i
				break
			}
			r.problem(i+1, "a card needs lines above and below its ?", "front, ?, back, without empty lines")
			from = i + 1
		}
	}
	end(len(lines))
	r.takeCovered()
}

func (r *reader) multiLine(lines []sourceLine, from, mark, to int) {
	front, back := r.part(lines[from:mark], from), r.part(lines[mark+1:to], mark+1)
	c := r.asCard(FrontBackLines, lines, from, to)
	for i := range front {
		if front[i].Kind == markdown.Para {
			front[i].Spans = ownTags(c, front[i].Spans)
		}
	}
	front = slices.DeleteFunc(front, func(b Block) bool { return len(b.Spans) == 0 && b.Kind != markdown.Rule })
	if len(front) == 0 || len(back) == 0 {
		r.problem(mark+1, "a card needs lines above and below its ?", "front, ?, back, without empty lines")
		return
	}
	r.idInBlocks(c, back)
	r.cover(from+1, to)
	r.twoSided(c, front, back, strings.TrimSpace(lines[mark].text) == "??")
}

// boldTag is Q: or A: in bold.
var boldTag = regexp.MustCompile(`^(?:\*\*|__)([QA])(?::(?:\*\*|__)|(?:\*\*|__):)`)

// starts tells which of Q:, A: and C: a line begins with, 0 for none.
func starts(l sourceLine) byte {
	t := l.text
	if m := boldTag.FindStringSubmatch(t); m != nil && l.kind == plainLine {
		return m[1][0]
	}
	if l.kind != plainLine || len(t) < 2 || t[1] != ':' || len(t) > 2 && t[0] == 'C' && t[2] != ' ' && t[2] != '\t' {
		return 0
	}
	if t[0] == 'Q' || t[0] == 'A' || t[0] == 'C' {
		return t[0]
	}
	return 0
}

// questionLines reads Q: … A: …, and C: … with [hidden] parts. Both go on to the next of them, to
// a rule, a heading or a callout.
func (r *reader) questionLines(lines []sourceLine) {
	busy := r.busy()
	ends := func(i int) bool {
		l := lines[i]
		k, t := starts(l), strings.TrimLeft(l.text, "> ")
		return k == 'Q' || k == 'C' || busy[i+1] || l.kind == plainLine && (rule(l.text) || heading1(l.text) || strings.HasPrefix(l.text, ">") && strings.HasPrefix(t, "[!"))
	}
	for i := 0; i < len(lines); i++ {
		k := starts(lines[i])
		if k != 'Q' && k != 'C' || busy[i+1] || r.covered[i+1] > 0 {
			continue
		}
		to, answer := i+1, -1
		for ; to < len(lines) && !ends(to); to++ {
			if k == 'C' && lines[to].kind == emptyLine {
				break
			}
			if answer < 0 && starts(lines[to]) == 'A' {
				answer = to
			}
		}
		body := slices.Clone(lines[i:to])
		for _, at := range []int{0, answer - i} {
			if at >= 0 {
				width := 2
				if m := boldTag.FindString(body[at].text); m != "" {
					width = len(m)
				}
				body[at].text = strings.TrimLeft(body[at].text[width:], " \t")
			}
		}
		if k == 'C' {
			for _, blk := range r.part(body, i) {
				r.brackets(r.placeOf(i+1), blk, to)
			}
			r.cover(i+1, to)
		} else if answer < 0 {
			r.problem(i+1, "the question has no answer", "a line that begins with A:")
		} else if front, back := r.part(body[:answer-i], i), r.part(body[answer-i:], answer); len(front) > 0 && len(back) > 0 {
			c := r.asCard(QuestionAnswerLines, lines, i, to)
			r.idInBlocks(c, front)
			r.idInBlocks(c, back)
			r.cover(i+1, c.End)
			r.twoSided(c, front, back, false)
		} else {
			r.problem(i+1, "the question or its answer is empty", "Q: what is asked, A: the answer")
		}
		i = to - 1
	}
	r.takeCovered()
}

// rule reports whether a line is a rule of Markdown's.
func rule(text string) bool {
	t := strings.ReplaceAll(strings.TrimSpace(text), " ", "")
	return len(t) >= 3 && (strings.Trim(t, "-") == "" || strings.Trim(t, "*") == "" || strings.Trim(t, "_") == "")
}

// heading1 reports whether a line is a heading that begins with #.
func heading1(text string) bool {
	t := strings.TrimLeft(text, "#")
	return len(t) < len(text) && len(text)-len(t) <= 6 && (t == "" || t[0] == ' ' || t[0] == '\t')
}

// unset makes text and a rule of what Markdown takes for a heading: lines with --- right
// below them. People divide cards by that; a heading of this kind has one line, and is not a card.
func unset(d *markdown.Doc) {
	var found []*ast.Heading
	_ = ast.Walk(d.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if h, ok := n.(*ast.Heading); ok && entering && h.Level == 2 && h.Lines().Len() > 0 && d.Source[lineStart(d.Source, h.Lines().At(0).Start)] != '#' {
			found = append(found, h)
		}
		if n.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	for _, h := range found {
		spans := d.Spans(h)
		if h.Lines().Len() == 1 && separator(spans) < 0 && answerLead(Text(spans)) < 0 && starts(sourceLine{text: Text(spans)}) == 0 && !slices.ContainsFunc(spans, func(s Span) bool { return s.Style&markdown.Mark != 0 }) {
			continue
		}
		p := ast.NewParagraph()
		p.SetLines(h.Lines())
		for h.HasChildren() {
			p.AppendChild(p, h.FirstChild())
		}
		parent := h.Parent()
		parent.InsertAfter(parent, h, ast.NewThematicBreak())
		parent.ReplaceChild(parent, h, p)
	}
}

// lineStart gives where the text of a line begins, behind what quotes and indents it.
func lineStart(src []byte, at int) int {
	for at > 0 && src[at-1] != '\n' {
		at--
	}
	for at < len(src)-1 && strings.ContainsRune(" \t>", rune(src[at])) {
		at++
	}
	return at
}
