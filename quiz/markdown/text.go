package markdown

import (
	"bytes"
	"path"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"esmlab/engine/printable"
)

// Style is a set of marks that a span has.
type Style uint8

// The marks. Blank is a place to be filled in; Under says that the emphasis
// was written with underscores.
const (
	Code Style = 1 << iota
	Strong
	Em
	Mark
	Del
	Blank
	Under
	Math // a formula; its $ signs are part of the text
)

// Span is a run of text with the same marks; \n is the end of a line. Link is
// where it leads, "" for nowhere.
type Span struct {
	Text  string
	Style Style
	Link  string
	Image string // the file or address of an image, which Text stands for
	Break bool   // a <br>: its \n does not end the line of the note
}

// BlockKind is what a Block is.
type BlockKind uint8

// The kinds of blocks.
const (
	Para BlockKind = iota
	Heading
	CodeBlock
	Rule
)

// Block is a paragraph, a heading, a list item's text or a piece of code.
type Block struct {
	Kind   BlockKind
	Indent int    // how deep in lists and quotes
	Marker string // "-", "1.", "[x]" in front of a list item, else ""
	Lang   string // of code
	Row    bool   // of a table
	Spans  []Span
	Line   int
}

// Text gives spans as plain text.
func Text(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// BlocksText gives blocks as plain text, a block a line.
func BlocksText(blocks []Block) string {
	var b strings.Builder
	for i, x := range blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(Text(x.Spans))
	}
	return b.String()
}

// Lines splits spans at the ends of lines.
func Lines(spans []Span) [][]Span {
	out := [][]Span{nil}
	for _, s := range spans {
		if s.Break {
			out[len(out)-1] = append(out[len(out)-1], s)
			continue
		}
		for i, part := range strings.Split(s.Text, "\n") {
			if i > 0 {
				out = append(out, nil)
			}
			if part != "" {
				c := s
				c.Text = part
				out[len(out)-1] = append(out[len(out)-1], c)
			}
		}
	}
	return out
}

// Cut gives the part of spans between two offsets into their plain text,
// without space around it.
func Cut(spans []Span, from, to int) []Span {
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
	return Trim(out)
}

// Trim takes the space around spans away.
func Trim(spans []Span) []Span {
	out := append([]Span(nil), spans...)
	for len(out) > 0 && out[0].Style&(Code|Blank) == 0 {
		if out[0].Text = strings.TrimLeft(out[0].Text, " \t\n"); out[0].Text != "" {
			break
		}
		out = out[1:]
	}
	for n := len(out); n > 0 && out[n-1].Style&(Code|Blank) == 0; n = len(out) {
		if out[n-1].Text = strings.TrimRight(out[n-1].Text, " \t\n"); out[n-1].Text != "" {
			break
		}
		out = out[:n-1]
	}
	return out
}

// Embedder gives the blocks that an embed shows in its place; ok is false
// where it is shown as text.
type Embedder func(target string) (blocks []Block, ok bool)

// Spans gives the text of a block's inlines.
func (d *Doc) Spans(n ast.Node) []Span {
	w := &writer{d: d}
	w.children(n, 0, "")
	return Trim(w.out)
}

type writer struct {
	d   *Doc
	out []Span
}

func (w *writer) add(s string, style Style, link string) {
	s = printable.Text(s)
	if s == "" {
		return
	}
	if n := len(w.out); n > 0 && w.out[n-1].Style == style && w.out[n-1].Link == link && w.out[n-1].Image == "" && !w.out[n-1].Break && style&(Code|Math) == 0 {
		w.out[n-1].Text += s
		return
	}
	w.out = append(w.out, Span{Text: s, Style: style, Link: printable.Text(link)})
}

// image stands for an image with its name.
func (w *writer) image(target string, style Style) {
	target = printable.Text(target)
	w.out = append(w.out, Span{Text: "[image: " + path.Base(target) + "]", Style: style, Image: target})
}

func (w *writer) children(n ast.Node, style Style, link string) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.inline(c, style, link)
	}
}

func (w *writer) inline(n ast.Node, style Style, link string) {
	switch n := n.(type) {
	case *ast.Text:
		raw := n.Segment.Value(w.d.Source)
		if !n.IsRaw() {
			raw = decode(raw)
		}
		w.add(string(raw), style, link)
		if n.SoftLineBreak() || n.HardLineBreak() {
			w.add("\n", style&^(Code|Mark), "")
		}
	case *ast.String:
		w.add(string(n.Value), style, link)
	case *ast.CodeSpan:
		var b strings.Builder
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				b.Write(t.Segment.Value(w.d.Source))
			}
		}
		w.add(strings.ReplaceAll(b.String(), "\n", " "), style|Code, link)
	case *ast.Emphasis:
		switch p := n.Pos(); {
		case n.Level == 2:
			style |= Strong
		case p >= 0 && p < len(w.d.Source) && w.d.Source[p] == '_':
			style |= Em | Under
		default:
			style |= Em
		}
		w.children(n, style, link)
	case *markNode:
		w.children(n, style|Mark, link)
	case *east.Strikethrough:
		w.children(n, style|Del, link)
	case *ast.Link:
		w.children(n, style, string(n.Destination))
	case *ast.AutoLink:
		w.add(string(n.Label(w.d.Source)), style, string(n.URL(w.d.Source)))
	case *ast.Image:
		w.image(string(n.Destination), style)
	case *mathNode:
		w.add(n.text, style|Math, link)
	case *wikiNode:
		w.wiki(n, style)
	case *ast.RawHTML:
		var b strings.Builder
		for i := range n.Segments.Len() {
			seg := n.Segments.At(i)
			b.Write(seg.Value(w.d.Source))
		}
		if s := withoutTags(b.String()); s == "\n" && !strings.Contains(b.String(), "\n") {
			w.out = append(w.out, Span{Text: "\n", Style: style &^ (Code | Mark), Break: true})
		} else {
			w.add(s, style, link)
		}
	case *east.TaskCheckBox, *commentInlineNode:
	default:
		w.children(n, style, link)
	}
}

// decode carries out escapes and entities.
func decode(raw []byte) []byte {
	if bytes.IndexByte(raw, '&') >= 0 {
		raw = util.ResolveEntityNames(util.ResolveNumericReferences(raw))
	}
	if bytes.IndexByte(raw, '\\') >= 0 {
		raw = util.UnescapePunctuations(raw)
	}
	return raw
}

var images = map[string]bool{".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".svg": true, ".webp": true, ".bmp": true, ".avif": true}

func (w *writer) wiki(n *wikiNode, style Style) {
	switch {
	case n.Embed && images[strings.ToLower(path.Ext(n.Target))]:
		w.image(n.Target, style)
	case n.Embed:
		w.add("[embed: "+n.Target+"]", style, n.Target)
	case n.Alias != "":
		w.add(n.Alias, style, n.Target)
	default:
		name := n.Target
		if i := strings.LastIndexAny(name, "/#"); i >= 0 && i+1 < len(name) {
			name = name[i+1:]
		}
		w.add(strings.TrimPrefix(name, "^"), style, n.Target)
	}
}

var htmlTags = func() map[string]bool {
	m := map[string]bool{}
	for _, t := range strings.Fields("a abbr b big blockquote br center code del details div em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre s script small span strike strong style sub summary sup table tbody td th thead tr u ul") {
		m[t] = true
	}
	return m
}()

// withoutTags takes comments and HTML's own tags out of raw HTML. Other words
// in angle brackets are placeholders, and stay.
func withoutTags(s string) string {
	var b strings.Builder
	for {
		at := strings.IndexByte(s, '<')
		if at < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:at])
		s = s[at:]
		if strings.HasPrefix(s, "<!--") {
			end := strings.Index(s, "-->")
			if end < 0 {
				return b.String()
			}
			s = s[end+3:]
			continue
		}
		end := strings.IndexByte(s, '>')
		if end < 0 {
			b.WriteString(s)
			return b.String()
		}
		name := strings.Trim(s[1:end], "/ ")
		if i := strings.IndexAny(name, " \t\n/"); i >= 0 {
			name = name[:i]
		}
		switch name = strings.ToLower(name); {
		case name == "br":
			b.WriteByte('\n')
		case !htmlTags[name]:
			b.WriteString(s[:end+1])
		}
		s = s[end+1:]
	}
}

// Blocks gives what a list of nodes shows.
func (d *Doc) Blocks(nodes []ast.Node, embed Embedder) []Block {
	w := &blocks{d: d, embed: embed}
	for _, n := range nodes {
		w.block(n, 0)
	}
	return w.out
}

type blocks struct {
	d      *Doc
	embed  Embedder
	marker string
	out    []Block
}

func (w *blocks) add(b Block) {
	b.Marker, w.marker = w.marker, ""
	if len(b.Spans) > 0 || b.Kind == Rule {
		w.out = append(w.out, b)
	}
}

func (w *blocks) block(n ast.Node, indent int) {
	line := w.d.Line(n)
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		if c, ok := n.FirstChild().(*wikiNode); ok && c.Embed && c.NextSibling() == nil && w.embed != nil {
			if blocks, ok := w.embed(c.Target); ok {
				for _, b := range blocks {
					b.Indent += indent
					b.Line = line
					w.out = append(w.out, b)
				}
				w.marker = ""
				return
			}
		}
		w.add(Block{Indent: indent, Spans: w.d.Spans(n), Line: line})
	case *ast.Heading:
		w.add(Block{Kind: Heading, Indent: indent, Spans: w.d.Spans(n), Line: line})
	case *ast.ThematicBreak:
		w.add(Block{Kind: Rule, Indent: indent, Line: line})
	case *ast.CodeBlock:
		w.add(Block{Kind: CodeBlock, Indent: indent, Spans: w.code(n), Line: line})
	case *ast.FencedCodeBlock:
		w.add(Block{Kind: CodeBlock, Indent: indent, Lang: printable.Text(string(n.Language(w.d.Source))), Spans: w.code(n), Line: line})
	case *ast.HTMLBlock:
		s := string(n.Lines().Value(w.d.Source))
		if n.HasClosure() {
			s += string(n.ClosureLine.Value(w.d.Source))
		}
		if s = strings.TrimSpace(printable.Text(withoutTags(s))); s != "" {
			w.add(Block{Indent: indent, Spans: []Span{{Text: s}}, Line: line})
		}
	case *ast.List:
		i := 0
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			w.marker = "-"
			if n.IsOrdered() {
				w.marker = strconv.Itoa(n.Start+i) + "."
			} else if box := CheckBox(item); box != nil {
				w.marker = "[ ]"
				if box.IsChecked {
					w.marker = "[x]"
				}
			}
			i++
			for c := item.FirstChild(); c != nil; c = c.NextSibling() {
				w.block(c, indent+1)
			}
			w.marker = ""
		}
	case *ast.Blockquote:
		if h := HeadOf(n); h != nil && h.Type == "sr" { // the schedule that a plugin wrote
			return
		}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			w.block(c, indent+1)
		}
	case *east.Table:
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			var spans []Span
			for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
				if len(spans) > 0 {
					spans = append(spans, Span{Text: " | "})
				}
				spans = append(spans, w.d.Spans(cell)...)
			}
			w.add(Block{Indent: indent, Spans: spans, Line: w.d.Line(row), Row: true})
		}
	}
}

func (w *blocks) code(n ast.Node) []Span {
	s := strings.TrimRight(printable.Text(string(n.Lines().Value(w.d.Source))), "\n")
	if s == "" {
		return nil
	}
	return []Span{{Text: s, Style: Code}}
}

// CheckBox gives the box of a task, or nil.
func CheckBox(item ast.Node) *east.TaskCheckBox {
	if item.FirstChild() == nil || item.FirstChild().FirstChild() == nil {
		return nil
	}
	box, _ := item.FirstChild().FirstChild().(*east.TaskCheckBox)
	return box
}
