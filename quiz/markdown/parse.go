// Package markdown reads notes with goldmark: CommonMark with what Obsidian
// adds to it (callouts, wikilinks, embeds, comments, ==marks==), into plain
// blocks and spans. What it gives holds no control codes, and no input makes
// it slow: what goldmark would take too long for is cut.
package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"esmlab/engine/printable"
)

// What one block may hold. Goldmark needs time quadratic in the length of a
// paragraph and of a line, so longer ones are cut; nobody writes them by hand.
const (
	maxBlock  = 8 << 10
	maxIndent = 64
)

// Head is the first line of a callout, without its title.
type Head struct {
	Type  string // lower case, aliases made one
	Meta  string // what follows | in the brackets
	Title *ast.Paragraph
}

var aliases = map[string]string{"help": "question", "faq": "question", "summary": "abstract", "tldr": "abstract", "hint": "tip", "important": "tip",
	"check": "success", "done": "success", "caution": "warning", "attention": "warning", "fail": "failure", "missing": "failure", "error": "danger", "cite": "quote"}

// HeadOf gives the head of a blockquote that is a callout, or nil.
func HeadOf(n ast.Node) *Head {
	if q, ok := n.(*ast.Blockquote); ok {
		if h, ok := q.AttributeString("callout"); ok {
			return h.(*Head)
		}
	}
	return nil
}

// Doc is a note as a tree, with what finds its lines.
type Doc struct {
	Root   *ast.Document
	Source []byte
	Cut    []int // lines at which something too long was cut
	lines  []int // offsets of the line starts
}

// Clean makes text of a note harmless: it is UTF-8, its lines end in \n, and
// it holds only what is printable, line breaks and tabs.
// The number of lines stays.
func Clean(src []byte) []byte {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(src))
	return []byte(printable.Text(text))
}

// bound cuts lines and indents that are too long.
func (d *Doc) bound() {
	long := false
	for i, start := range d.lines {
		end := len(d.Source)
		if i+1 < len(d.lines) {
			end = d.lines[i+1]
		}
		if end-start > maxIndent {
			long = true
		}
	}
	if !long {
		return
	}
	out := make([]byte, 0, len(d.Source))
	for i, start := range d.lines {
		end := len(d.Source)
		if i+1 < len(d.lines) {
			end = d.lines[i+1] - 1
		}
		line := d.Source[start:end]
		indent := len(line) - len(bytes.TrimLeft(line, " \t"))
		if indent > maxIndent {
			line = line[indent-maxIndent:]
		}
		if len(line) > maxBlock {
			at := maxBlock
			for !utf8.RuneStart(line[at]) {
				at--
			}
			line = line[:at]
			d.Cut = append(d.Cut, i+1)
		}
		out = append(out, line...)
		if i+1 < len(d.lines) {
			out = append(out, '\n')
		}
	}
	d.Source = out
	d.index()
}

func (d *Doc) index() {
	d.lines = append(d.lines[:0], 0)
	for i, c := range d.Source {
		if c == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
}

// Parse reads a note that is already clean.
func Parse(src []byte) *Doc {
	d := &Doc{Source: src}
	d.index()
	d.bound()
	pc := parser.NewContext()
	pc.Set(docKey, d)
	d.Root = reader.Parse(text.NewReader(d.Source), parser.WithContext(pc)).(*ast.Document)
	return d
}

// LineAt gives the line of an offset, from 1.
func (d *Doc) LineAt(offset int) int {
	lo, hi := 0, len(d.lines)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; d.lines[mid] <= offset {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo + 1
}

// Line gives the first line of a node.
func (d *Doc) Line(n ast.Node) int {
	for x := n; x != nil; x = x.FirstChild() {
		if p := x.Pos(); p >= 0 {
			return d.LineAt(p)
		}
		if x.Type() == ast.TypeBlock && x.Lines() != nil && x.Lines().Len() > 0 {
			return d.LineAt(x.Lines().At(0).Start)
		}
	}
	return 1
}

// LineText gives a line of the note, without its end.
func (d *Doc) LineText(line int) string {
	if line < 1 || line > len(d.lines) {
		return ""
	}
	text, _, _ := bytes.Cut(d.Source[d.lines[line-1]:], []byte{'\n'})
	return string(text)
}

// End gives the last line of a block.
func (d *Doc) End(n ast.Node) int {
	for x := n; x != nil; x = x.LastChild() {
		if x.Type() != ast.TypeBlock {
			break
		}
		if l := x.Lines(); l != nil && l.Len() > 0 {
			last := l.At(l.Len() - 1)
			line := d.LineAt(max(last.Start, last.Stop-1))
			if x.Kind() == ast.KindFencedCodeBlock {
				line++
			}
			return line
		}
	}
	return d.Line(n)
}

var docKey = parser.NewContextKey()

var reader = parser.NewParser(
	parser.WithBlockParsers(append(parser.DefaultBlockParsers(), util.Prioritized(commentBlock{}, 650))...),
	parser.WithInlineParsers(append(parser.DefaultInlineParsers(),
		util.Prioritized(extension.NewTaskCheckBoxParser(), 50),
		util.Prioritized(wikiParser{}, 60),
		util.Prioritized(commentInline{}, 70),
		util.Prioritized(mathParser{}, 150), // after code
		util.Prioritized(extension.NewStrikethroughParser(), 500),
		util.Prioritized(markParser{}, 500))...),
	parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
		util.Prioritized(bounder{}, 1), util.Prioritized(callouts{}, 2),
		util.Prioritized(extension.NewTableParagraphTransformer(), 200))...),
)

// bounder cuts a paragraph that is too long.
type bounder struct{}

func (bounder) Transform(n *ast.Paragraph, _ text.Reader, pc parser.Context) {
	size, lines := 0, n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		size += line.Len()
		if size > maxBlock && i > 0 {
			d := pc.Get(docKey).(*Doc)
			d.Cut = append(d.Cut, d.LineAt(line.Start))
			lines.SetSliced(0, i)
			return
		}
	}
}

// callouts turns the first line of a blockquote, [!type|meta]± title, into
// the head of a callout and a paragraph of its own.
type callouts struct{}

func (callouts) Transform(n *ast.Paragraph, r text.Reader, _ parser.Context) {
	q, ok := n.Parent().(*ast.Blockquote)
	if !ok || n.PreviousSibling() != nil || n.Lines().Len() == 0 {
		return
	}
	first := n.Lines().At(0)
	line := first.Value(r.Source())
	h, rest := head(line)
	if h == nil {
		return
	}
	q.SetAttributeString("callout", h)
	if title := bytes.TrimSpace(line[rest:]); len(title) > 0 {
		h.Title = ast.NewParagraph()
		h.Title.Lines().Append(text.NewSegment(first.Start+rest, first.Stop))
		q.InsertBefore(q, n, h.Title)
	}
	if n.Lines().Len() == 1 {
		q.RemoveChild(q, n)
		return
	}
	n.Lines().SetSliced(1, n.Lines().Len())
}

// head reads [!type|meta]± and gives where the title begins.
func head(line []byte) (*Head, int) {
	if !bytes.HasPrefix(line, []byte("[!")) {
		return nil, 0
	}
	end := bytes.IndexByte(line, ']')
	if end < 3 {
		return nil, 0
	}
	kind, meta, _ := strings.Cut(string(line[2:end]), "|")
	h := &Head{Type: strings.ToLower(strings.TrimSpace(kind)), Meta: strings.TrimSpace(meta)}
	if h.Type == "" {
		return nil, 0
	}
	if one := aliases[h.Type]; one != "" {
		h.Type = one
	}
	end++
	if end < len(line) && (line[end] == '+' || line[end] == '-') {
		end++
	}
	for end < len(line) && (line[end] == ' ' || line[end] == '\t') {
		end++
	}
	return h, end
}

// commentNode is a %%comment%%: it is not shown.
type commentNode struct{ ast.BaseBlock }

var kindComment = ast.NewNodeKind("Comment")

func (*commentNode) Kind() ast.NodeKind         { return kindComment }
func (n *commentNode) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }
func (*commentNode) IsRaw() bool                { return true }

// commentBlock reads a comment whose %% stand on lines of their own.
type commentBlock struct{}

func (commentBlock) Trigger() []byte { return []byte{'%'} }

func (commentBlock) Open(_ ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, seg := r.PeekLine()
	rest := line[max(0, min(pc.BlockOffset(), len(line))):]
	if !bytes.HasPrefix(rest, []byte("%%")) || bytes.Contains(rest[2:], []byte("%%")) {
		return nil, parser.NoChildren
	}
	r.Advance(seg.Len() - 1)
	return &commentNode{}, parser.NoChildren
}

func (commentBlock) Continue(_ ast.Node, r text.Reader, _ parser.Context) parser.State {
	line, seg := r.PeekLine()
	if at := bytes.Index(line, []byte("%%")); at >= 0 {
		r.Advance(seg.Len() - 1)
		return parser.Close
	}
	r.Advance(seg.Len() - 1)
	return parser.Continue | parser.NoChildren
}

func (commentBlock) Close(ast.Node, text.Reader, parser.Context) {}
func (commentBlock) CanInterruptParagraph() bool                 { return true }
func (commentBlock) CanAcceptIndentedLine() bool                 { return false }

type commentInlineNode struct{ ast.BaseInline }

func (*commentInlineNode) Kind() ast.NodeKind         { return kindComment }
func (n *commentInlineNode) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

// commentInline reads %%a comment%% within a paragraph.
type commentInline struct{}

func (commentInline) Trigger() []byte { return []byte{'%'} }

func (commentInline) Parse(_ ast.Node, r text.Reader, _ parser.Context) ast.Node {
	line, _ := r.PeekLine()
	if !bytes.HasPrefix(line, []byte("%%")) {
		return nil
	}
	at, seg := r.Position()
	for from := 2; line != nil; from = 0 {
		if end := bytes.Index(line[from:], []byte("%%")); end >= 0 {
			r.Advance(from + end + 2)
			return &commentInlineNode{}
		}
		r.AdvanceLine()
		line, _ = r.PeekLine()
	}
	r.SetPosition(at, seg)
	return nil
}

// wikiNode is a [[link]] or an ![[embed]].
type wikiNode struct {
	ast.BaseInline
	Target, Alias string
	Embed         bool
}

// KindWiki is the kind of Wiki.
var kindWiki = ast.NewNodeKind("Wiki")

// Kind gives KindWiki.
func (*wikiNode) Kind() ast.NodeKind { return kindWiki }

// Dump is for debugging.
func (n *wikiNode) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

type wikiParser struct{}

func (wikiParser) Trigger() []byte { return []byte{'!', '['} }

func (wikiParser) Parse(_ ast.Node, r text.Reader, _ parser.Context) ast.Node {
	line, _ := r.PeekLine()
	n := &wikiNode{Embed: line[0] == '!'}
	at := 0
	if n.Embed {
		at = 1
	}
	if !bytes.HasPrefix(line[at:], []byte("[[")) {
		return nil
	}
	end := bytes.Index(line[at+2:], []byte("]]"))
	if end <= 0 {
		return nil
	}
	inner := string(line[at+2 : at+2+end])
	if strings.ContainsAny(inner, "[\n") {
		return nil
	}
	n.Target, n.Alias, _ = strings.Cut(inner, "|")
	n.Target, n.Alias = strings.TrimSpace(strings.TrimSuffix(n.Target, `\`)), strings.TrimSpace(n.Alias)
	r.Advance(at + end + 4)
	return n
}

// markNode is ==marked== text.
type markNode struct{ ast.BaseInline }

var kindMark = ast.NewNodeKind("Mark")

func (*markNode) Kind() ast.NodeKind         { return kindMark }
func (n *markNode) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

type markParser struct{}

func (markParser) IsDelimiter(b byte) bool { return b == '=' }
func (markParser) CanOpenCloser(open, closer *parser.Delimiter) bool {
	return open.Char == closer.Char
}
func (markParser) OnMatch(int) ast.Node { return &markNode{} }
func (markParser) Trigger() []byte      { return []byte{'='} }

func (p markParser) Parse(_ ast.Node, r text.Reader, pc parser.Context) ast.Node {
	before := r.PrecendingCharacter()
	line, seg := r.PeekLine()
	n := parser.ScanDelimiter(line, before, 2, p)
	if n == nil || n.OriginalLength != 2 || before == '=' {
		return nil
	}
	n.Segment = seg.WithStop(seg.Start + n.OriginalLength)
	r.Advance(n.OriginalLength)
	pc.PushDelimiter(n)
	return n
}
