package markdown

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/cockroachdb/datadriven"
	"github.com/yuin/goldmark/ast"
	"pgregory.net/rapid"
)

// names of the styles, in the order of their bits.
var names = []string{"code", "strong", "em", "mark", "del", "blank", "under"}

// spanText writes spans with their marks: <strong>text</strong@link>.
func spanText(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		var marks []string
		for i, name := range names {
			if s.Style&(1<<i) != 0 {
				marks = append(marks, name)
			}
		}
		if s.Link != "" {
			marks = append(marks, "to "+s.Link)
		}
		text := strings.NewReplacer("\n", "⏎", "\t", "⇥").Replace(s.Text)
		if len(marks) == 0 {
			b.WriteString(text)
		} else {
			fmt.Fprintf(&b, "{%s: %s}", strings.Join(marks, " "), text)
		}
	}
	return b.String()
}

func children(n ast.Node) []ast.Node {
	var out []ast.Node
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out = append(out, c)
	}
	return out
}

var kinds = [...]string{"para", "heading", "code", "rule"}

// TestMarkdown runs the files in testdata/scripts. The commands:
//
//	blocks             the blocks of a note, with their lines, indents and marks
//	callouts           the callouts of a note: type, meta and title
//	clean              the note without what a terminal would obey
//	wrap width=20      the text of a note's blocks in lines, between bars
//	hang width=20 lead="1. "   the same, each block beside the lead
//	cut from=3 to=8    a part of the first block
//
// In the input, \xNN and \uNNNN stand for a byte and a rune.
func TestMarkdown(t *testing.T) {
	datadriven.Walk(t, "testdata/scripts", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			src := []byte(unescape(d.Input))
			var b strings.Builder
			width, from, to, lead := 0, 0, 0, ""
			d.MaybeScanArgs(t, "width", &width)
			d.MaybeScanArgs(t, "from", &from)
			d.MaybeScanArgs(t, "to", &to)
			d.MaybeScanArgs(t, "lead", &lead)
			doc := Parse(Clean(src))
			blocks := doc.Blocks(children(doc.Root), func(target string) ([]Block, bool) {
				return []Block{{Spans: []Span{{Text: "the text of " + target}}}}, target == "known"
			})
			switch d.Cmd {
			case "blocks":
				for _, x := range blocks {
					fmt.Fprintf(&b, "%d %s%s", x.Line, strings.Repeat("  ", x.Indent), kinds[x.Kind])
					if x.Lang != "" {
						b.WriteString(" " + x.Lang)
					}
					if x.Marker != "" {
						b.WriteString(" " + x.Marker)
					}
					b.WriteString(": " + spanText(x.Spans) + "\n")
				}
				for _, line := range doc.Cut {
					fmt.Fprintf(&b, "cut in line %d\n", line)
				}
			case "callouts":
				var walk func(n ast.Node, depth int)
				walk = func(n ast.Node, depth int) {
					if h := HeadOf(n); h != nil {
						title := ""
						if h.Title != nil {
							title = Text(doc.Spans(h.Title))
						}
						fmt.Fprintf(&b, "%slines %d to %d: %s (%s) %s\n", strings.Repeat("  ", depth), doc.Line(n), doc.End(n), h.Type, h.Meta, title)
						depth++
					}
					for _, c := range children(n) {
						walk(c, depth)
					}
				}
				walk(doc.Root, 0)
			case "clean":
				fmt.Fprintf(&b, "%q\n", Clean(src))
			case "wrap", "hang":
				for _, x := range blocks {
					lines := Wrap(x.Spans, width)
					if d.Cmd == "hang" {
						lines = Hang(strings.ReplaceAll(lead, "_", " "), x.Spans, width)
					}
					for _, line := range lines {
						text := Text(line)
						fmt.Fprintf(&b, "|%s%s| %s\n", text, strings.Repeat(" ", max(0, width-Width(text))), spanText(line))
					}
				}
			case "cut":
				fmt.Fprintf(&b, "%q\n", spanText(Cut(blocks[0].Spans, from, to)))
			default:
				t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
			}
			return b.String()
		})
	})
}

// unescape carries out \xNN and \uNNNN.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		var n, size int
		switch {
		case strings.HasPrefix(s[i:], `\x`):
			size = 4
		case strings.HasPrefix(s[i:], `\u`):
			size = 6
		}
		if size > 0 && i+size <= len(s) {
			if _, err := fmt.Sscanf(s[i+2:i+size], "%x", &n); err == nil {
				if size == 4 {
					b.WriteByte(byte(n))
				} else {
					b.WriteRune(rune(n))
				}
				i += size - 1
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// hostile are notes of about a size that a reader could be slow on.
func hostile(size int) map[string]string {
	fill := func(s string) string { return strings.Repeat(s, size/len(s)+1) }
	return map[string]string{
		"callouts":       fill("> [!question] a\n> b\n\n"),
		"nested quotes":  fill(strings.Repeat(">", 200) + "x\n"),
		"nested lists":   fill(strings.Repeat("- ", 100) + "x\n"),
		"indents":        fill(strings.Repeat("  ", 200) + "x\n"),
		"one line":       fill("word [x] *a* "),
		"one paragraph":  fill("word [x] *a*\n"),
		"brackets":       fill("["),
		"wikilinks":      fill("![[a"),
		"half links":     fill("[a](b [a](b\n"),
		"stars":          fill("*a **b "),
		"marks":          fill("==a "),
		"comments":       fill("%%a "),
		"backticks":      fill("`a ``b "),
		"html comments":  fill("<!-- "),
		"entities":       fill("&amp;&#27;"),
		"control codes":  fill("\x1b[31m\x00\x9b\r"),
		"one long word":  fill("x"),
		"combining":      fill("e\u0301"),
		"wide":           fill("漢"),
		"zero width":     fill("\u200b"),
		"tables":         fill("| a | b |\n|---|---|\n| c | d |\n\n"),
		"fences":         fill("```\n"),
		"open emphasis":  fill("_a "),
		"definitions":    fill("[a]: b\n"),
		"invalid UTF-8":  fill("\xff\xfe"),
		"ends in middle": fill("[!question]\n> ")[:size],
	}
}

// TestHostile reads and wraps them; a reader whose time grows with the square
// of a note's size does not come to its end here.
func TestHostile(t *testing.T) {
	size := 1 << 20
	if testing.Short() {
		size = 1 << 16
	}
	for name, src := range hostile(size) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			check(t, []byte(src), 40)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// check reads a note, and holds of what it gives what every reader relies on.
func check(t tester, src []byte, width int) {
	t.Helper()
	src = Clean(src)
	if again := Clean(src); string(again) != string(src) {
		t.Fatalf("what is clean is changed: %q is %q", src, again)
	}
	d := Parse(src)
	total := strings.Count(string(d.Source), "\n") + 1
	for _, b := range d.Blocks(children(d.Root), nil) {
		if b.Line < 1 || b.Line > total {
			t.Fatalf("a block in line %d of %d", b.Line, total)
		}
		text := Text(b.Spans)
		if !utf8.ValidString(text) {
			t.Fatalf("no UTF-8: %q", text)
		}
		for _, r := range text {
			if unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' {
				t.Fatalf("a control code %U in %q", r, text)
			}
		}
		checkWrap(t, b.Spans, width)
	}
}

// checkWrap holds of wrapped spans: no line is too wide, nothing but spaces
// and breaks is lost, and styles stay with their text.
func checkWrap(t tester, spans []Span, width int) {
	t.Helper()
	type letter struct {
		r    rune
		mark Style
		link string
	}
	letters := func(lines ...[]Span) []letter {
		var out []letter
		for _, line := range lines {
			for _, s := range line {
				for _, r := range s.Text {
					if r != ' ' && r != '\n' && r != '\t' {
						out = append(out, letter{r, s.Style, s.Link})
					}
				}
			}
		}
		return out
	}
	lines := Wrap(spans, width)
	for _, line := range lines {
		text := Text(line)
		if n := Width(text); n > max(width, 1) && !oneCharacter(text) {
			t.Fatalf("%d cells of %d: %q", n, width, text)
		}
		if strings.HasSuffix(text, " ") || strings.Contains(text, "\n") {
			t.Fatalf("a line that does not end: %q", text)
		}
	}
	got, want := letters(lines...), letters(spans)
	if len(got) != len(want) {
		t.Fatalf("%d characters of %d: %q", len(got), len(want), Text(spans))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("character %d is %v, not %v", i, got[i], want[i])
		}
	}
}

// TestWrapProperty wraps random spans.
func TestWrapProperty(t *testing.T) {
	letter := rapid.SampledFrom([]rune("aab  \n\t-漢e\u0301👩\u200d👧…"))
	rapid.Check(t, func(t *rapid.T) {
		var spans []Span
		for range rapid.IntRange(0, 6).Draw(t, "spans") {
			spans = append(spans, Span{Text: string(rapid.SliceOfN(letter, 0, 12).Draw(t, "text")), Style: Style(rapid.IntRange(0, 3).Draw(t, "style"))})
		}
		checkWrap(t, spans, rapid.IntRange(0, 12).Draw(t, "width"))
	})
}

// FuzzMarkdown reads and wraps anything.
func FuzzMarkdown(f *testing.F) {
	for _, src := range hostile(200) {
		f.Add([]byte(src), 20)
	}
	f.Add([]byte("# A *b* `c`\n\n> [!question|id=x]- Who? ^id\n> 1. [[a|b]] ==c== ~~d~~\n>\n> > [!success] 1\n\n%%\nhidden\n%%\n\n| a | b |\n|---|---|\n| c | d |\n"), 10)
	f.Fuzz(func(t *testing.T, src []byte, width int) {
		check(t, src, min(max(width, -1), 200))
	})
}

// oneCharacter tells whether a text is one character and others of no width:
// no line is too narrow for that.
func oneCharacter(text string) bool {
	n := 0
	for g := displaywidth.StringGraphemes(text); g.Next(); {
		n += min(g.Width(), 1)
	}
	return n == 1
}
