package card

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"go.yaml.in/yaml/v4"

	"esmlab/engine/printable"
	"esmlab/engine/tree"
	"esmlab/quiz/markdown"
)

// maxNote is how large a note may be.
const maxNote = 64 << 20

// Read reads one note. What cannot be read is among its problems; it never
// fails. Embeds are shown as text: a Library knows the other notes.
func Read(file string, src []byte, o Options) *Note { return read(file, src, o, nil) }

func read(file string, src []byte, o Options, lib *Library) *Note {
	n := &Note{File: file}
	r := &reader{note: n, o: o, lib: lib, roles: map[ast.Node]string{}, taken: map[ast.Node]bool{}, covered: map[int]int{}}
	if len(src) > maxNote {
		r.problem(1, "the note is larger than 64 MB and is not read", "a smaller note")
		return n
	}
	body := r.frontMatter(markdown.Clean(src))
	if !o.Units && !r.mayHold(body) {
		return n
	}
	r.doc = markdown.Parse(body)
	for _, line := range r.doc.Cut {
		r.problem(line, "this is too long and was cut", "at most 8 KB in a paragraph or a line")
	}
	unset(r.doc)
	r.walk(r.doc.Root)
	lines := r.sourceLines()
	if r.marked {
		r.multiLines(lines)
	}
	r.hascard()
	r.examText(r.doc.Root)
	r.questionLines(lines)
	r.lineCards()
	r.name()
	slices.SortStableFunc(n.Callouts, func(a, b Callout) int { return a.Line - b.Line })
	slices.SortStableFunc(n.Problems, func(a, b Problem) int { return a.Line - b.Line })
	if o.Units {
		r.units()
	}
	return n
}

type reader struct {
	note *Note
	doc  *markdown.Doc
	o    Options
	lib  *Library
	// headings are those above the place that is read, with their levels.
	headings []heading
	above    []string            // their texts; nil: not made yet
	deck     string              // of the last card tag
	marked   bool                // the note has a card tag
	roles    map[ast.Node]string // callouts that belong to a card, and as what
	taken    map[ast.Node]bool   // blocks that a question in exam text is made of
	blocks   []textBlock         // text outside of cards, for lineCards
	places   []place             // where headings and decks begin
	covered  map[int]int         // lines that are part of a card of lines, to its first
	embeds   int                 // blocks of other notes taken in so far
}

// mayHold reports whether a note can hold a card or a callout at all: most notes
// of a vault need not be parsed.
func (r *reader) mayHold(src []byte) bool {
	for _, sign := range []string{"[!", "[x]", "[X]", "::", "?\n", "? \n", "?\t\n", "Q:", "Q*", "Q_", "C: ", "==", "nswer", "NSWER", "ns:", "NS:", "orrect", "CORRECT", "olution", "ey:", "ight:"} {
		if bytes.Contains(src, []byte(sign)) {
			return true
		}
	}
	return bytes.HasPrefix(bytes.TrimLeft(src, " \n"), []byte("# ")) && bytes.ContainsAny(src, "*_0123456789")
}

type heading struct {
	level int
	text  string
	node  ast.Node
	used  bool // it is the title of a card
}

// textBlock is a paragraph or an item's text, and where it stands.
type textBlock struct {
	node     ast.Node
	spans    []Span
	headings []string // shared by those under one heading
	deck     string
}

func (r *reader) problem(line int, message, right string) {
	if len(r.note.Problems) < 1000 {
		r.note.Problems = append(r.note.Problems, Problem{File: r.note.File, Line: line, Col: 1, Message: message, Right: right})
	}
}

// frontMatter reads the YAML between --- lines at the very top, and gives the
// note with these lines emptied.
func (r *reader) frontMatter(src []byte) []byte {
	rest, ok := bytes.CutPrefix(src, []byte("---\n"))
	if !ok {
		return src
	}
	end := 0
	for {
		line := rest[end:]
		nl := bytes.IndexByte(line, '\n')
		if nl >= 0 {
			line = line[:nl]
		}
		if t := strings.TrimRight(string(line), " \t"); t == "---" || t == "..." {
			break
		}
		if nl < 0 || end > 1<<16 {
			return src // a rule, not front matter
		}
		end += nl + 1
	}
	r.matter(rest[:end])
	closing := len(src) - len(rest) + end
	out := append([]byte(nil), src...)
	for i := range out[:min(closing+3, len(out))] {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
	return out
}

func (r *reader) matter(src []byte) {
	var doc yaml.Node
	if err := unmarshal(src, &doc); err != nil {
		r.problem(1, "the front matter is not YAML: "+err.Error(), "tags: [aws/kinesis]")
		return
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return
	}
	m := doc.Content[0]
	for i := 0; i+1 < len(m.Content); i += 2 {
		v := m.Content[i+1]
		switch strings.ToLower(m.Content[i].Value) {
		case "tags", "tag":
			for _, t := range words(v) {
				r.note.Tags = append(r.note.Tags, t)
				r.tag(t)
			}
		case "deck":
			r.note.Deck = printable.Text(v.Value)
			r.deck = r.note.Deck
		}
	}
}

// words gives a list of texts, or a text of words.
func words(v *yaml.Node) []string {
	var list []string
	if v.Kind == yaml.SequenceNode {
		for _, c := range v.Content {
			list = append(list, c.Value)
		}
	} else {
		list = strings.FieldsFunc(v.Value, func(c rune) bool { return c == ',' || c == ' ' })
	}
	var out []string
	for _, t := range list {
		if t = strings.TrimPrefix(strings.TrimSpace(printable.Text(t)), "#"); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// unmarshal reads YAML; a panic of the library is an error.
func unmarshal(src []byte, into *yaml.Node) (err error) {
	defer func() {
		if recover() != nil {
			err = errYAML
		}
	}()
	if err := tree.Unmarshal(src, into); err != nil {
		return firstLine(err)
	}
	return nil
}

type textError string

func (e textError) Error() string { return string(e) }

const errYAML = textError("it cannot be read")

func firstLine(err error) error {
	s, _, _ := strings.Cut(err.Error(), "\n")
	return textError(strings.TrimPrefix(strings.TrimSpace(s), "yaml: "))
}

// tag takes note of a tag: a card tag begins a deck.
func (r *reader) tag(t string) {
	if deck, ok := deckTag(t); ok {
		r.marked, r.deck = true, deck
	}
}

// deckTag gives the deck that a card tag names.
func deckTag(t string) (deck string, ok bool) {
	for _, root := range []string{"flashcards", "flashcard", "cards"} {
		if t == root || strings.HasPrefix(t, root+"/") {
			return strings.Trim(strings.TrimPrefix(t, root), "/"), true
		}
	}
	return "", false
}

// ownTags takes the tags at the start of a card's first line off it.
func ownTags(c *Card, l []Span) []Span {
	for {
		text := Text(l)
		tags := Tags(l)
		if len(tags) == 0 || !strings.HasPrefix(text, "#"+tags[0]) {
			return l
		}
		c.Tags = append(c.Tags, tags[0])
		if deck, ok := deckTag(tags[0]); ok {
			c.Deck = deck
		}
		l = markdown.Cut(l, len(tags[0])+1, len(text))
	}
}

// walk goes through the note in its order: headings, callouts, task lists,
// and the text that lines are looked for in.
func (r *reader) walk(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			for len(r.headings) > 0 && r.headings[len(r.headings)-1].level >= n.Level {
				r.headings = r.headings[:len(r.headings)-1]
			}
			r.above = nil
			if spans := r.doc.Spans(n); r.marked && separator(spans) >= 0 { // front::back in a heading
				r.blocks = append(r.blocks, textBlock{n, spans, r.path(), r.deck})
			}
			r.headings = append(r.headings, heading{level: n.Level, text: Text(r.doc.Spans(n)), node: n})
			r.here(r.doc.Line(n))
		case *ast.Blockquote:
			if h := markdown.HeadOf(n); h != nil && r.callout(n, h) {
				continue
			}
			r.walk(n)
		case *ast.List:
			if !r.taskCard(n) {
				r.walk(n)
			}
		case *ast.ListItem:
			r.walk(n)
		case *east.Table:
			for row := n.FirstChild(); row != nil; row = row.NextSibling() { // a line right below a table is none of its rows
				if line := r.doc.Line(row); !strings.Contains(r.doc.LineText(line), "|") {
					r.blocks = append(r.blocks, textBlock{row, r.doc.Spans(row), r.path(), r.deck})
				}
			}
		case *ast.Paragraph, *ast.TextBlock:
			spans := r.doc.Spans(n)
			r.lineTags(spans, r.doc.Line(n))
			r.blocks = append(r.blocks, textBlock{n, spans, r.path(), r.deck})
		}
	}
}

// lineTags takes note of the tags of a paragraph. One on the first line of a
// card is for that card alone.
func (r *reader) lineTags(spans []Span, line int) {
	if !strings.Contains(Text(spans), "#") {
		return
	}
	before := r.deck
	lines := markdown.Lines(spans)
	card := slices.ContainsFunc(lines, func(l []Span) bool { t := strings.TrimSpace(Text(l)); return t == "?" || t == "??" })
	for _, l := range lines {
		deck, own := r.deck, card || separator(l) >= 0
		for _, t := range Tags(l) {
			r.tag(t)
		}
		if own {
			r.deck = deck
		}
	}
	if r.deck != before {
		r.here(line)
	}
}

// path gives the texts of the headings above.
func (r *reader) path() []string {
	if r.above == nil {
		for _, h := range r.headings {
			r.above = append(r.above, h.text)
		}
	}
	return r.above[:len(r.above):len(r.above)]
}

// callout reads one callout; it gives true when nothing inside is left to be
// read.
func (r *reader) callout(n *ast.Blockquote, h *markdown.Head) bool {
	title := ""
	if h.Title != nil {
		title = Text(r.doc.Spans(h.Title))
	}
	seen := Callout{Line: r.doc.Line(n), Type: h.Type, Title: title, Became: "no card"}
	switch {
	case r.roles[n] != "":
		seen.Became = r.roles[n]
	case h.Type == "question":
		c, why := r.question(n, h)
		if c == nil {
			seen.Became = "no card: " + why
			break
		}
		seen.Became = "a card, " + c.Kind.String()
		r.note.Callouts = append(r.note.Callouts, seen)
		r.note.Cards = append(r.note.Cards, *c)
		r.inner(n)
		return true
	}
	r.note.Callouts = append(r.note.Callouts, seen)
	return false
}

// inner notes the callouts within a card, and reads no cards there.
func (r *reader) inner(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if h := markdown.HeadOf(n); h != nil {
			c := Callout{Line: r.doc.Line(n), Type: h.Type, Became: r.roles[n]}
			if h.Title != nil {
				c.Title = Text(r.doc.Spans(h.Title))
			}
			if c.Became == "" {
				c.Became = "text of the card around it"
			}
			r.note.Callouts = append(r.note.Callouts, c)
		}
		if n.Type() == ast.TypeBlock {
			r.inner(n)
		}
	}
}

// add begins a card at a node.
func (r *reader) begin(n ast.Node, d Dialect) *Card {
	deck := r.deck
	return &Card{File: r.note.File, Line: r.doc.Line(n), End: r.doc.End(n), Dialect: d, Heading: r.path(), Deck: deck, Tags: slices.Clone(r.note.Tags)}
}

// embed gives what an embed shows.
func (r *reader) show(nodes ...ast.Node) []Block {
	return r.doc.Blocks(nodes, r.embedder(0, nil))
}

// maxUnit is how long an item may be, with what is nested in it, for its text
// to hold that too.
const maxUnit = 600

// units gives the paragraphs and items of the note.
func (r *reader) units() {
	var path []heading
	var visit func(parent ast.Node) string
	visit = func(parent ast.Node) string {
		var b strings.Builder
		for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
			text := ""
			switch n := n.(type) {
			case *ast.Heading:
				for len(path) > 0 && path[len(path)-1].level >= n.Level {
					path = path[:len(path)-1]
				}
				path = append(path, heading{level: n.Level, text: Text(r.doc.Spans(n))})
			case *ast.Paragraph, *ast.TextBlock:
				text = Text(r.doc.Spans(n))
				if n.Kind() == ast.KindParagraph && n.Parent().Kind() != ast.KindListItem {
					r.unit(n, path, text, len(text))
				}
			case *ast.ListItem:
				at := len(r.note.Units)
				own := ""
				if c := n.FirstChild(); c != nil && (c.Kind() == ast.KindTextBlock || c.Kind() == ast.KindParagraph) {
					own = Text(r.doc.Spans(c))
				}
				r.unit(n, path, "", len(own))
				r.note.Units[at].Text = own
				text = visit(n)
				u := &r.note.Units[at]
				if len(text) <= maxUnit {
					u.Text = text
				}
				u.Own = min(u.Own, len(u.Text))
			default:
				if n.Type() == ast.TypeBlock && n.Kind() != ast.KindFencedCodeBlock && n.Kind() != ast.KindCodeBlock {
					text = visit(n)
				}
			}
			if b.Len() < 4096 && text != "" {
				b.WriteString(text)
				b.WriteByte('\n')
			}
		}
		return strings.TrimSpace(b.String())
	}
	visit(r.doc.Root)
}

func (r *reader) unit(n ast.Node, path []heading, text string, own int) {
	u := Unit{Line: r.doc.Line(n), Text: text, Own: own}
	for _, h := range path {
		u.Headings = append(u.Headings, h.text)
	}
	r.note.Units = append(r.note.Units, u)
}

// Tags gives the #tags in a text, without #.
func Tags(spans []Span) []string {
	var out []string
	for _, s := range spans {
		if s.Style&markdown.Code != 0 || s.Link != "" {
			continue
		}
		for _, w := range strings.Fields(s.Text) {
			t, ok := strings.CutPrefix(w, "#")
			if !ok {
				continue
			}
			end := strings.IndexFunc(t, func(c rune) bool {
				return !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-' || c == '/' || c > 127)
			})
			if end >= 0 {
				t = t[:end]
			}
			if strings.Trim(t, "0123456789") != "" {
				out = append(out, t)
			}
		}
	}
	return out
}
