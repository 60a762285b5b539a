package card

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

const oneCallout = "> [!question]- What is it, number %d?\n> Once **more** with `code`.\n>\n> 1. one\n> 2. two\n>\n> > [!success]- Answer: 2\n> > Because.\n\n"

// hard are notes that a reader could be slow on, of about a given size. Each
// ends with a card that must still be found.
func hard(size int) map[string]string {
	nest := func(unit string, depth int) string { return strings.Repeat(unit, depth) + "x\n" }
	fill := func(s string) string { return strings.Repeat(s, size/len(s)+1) + "\n\n" }
	return map[string]string{
		"a paragraph of many lines": fill("word word [x] *a* ::\n"),
		"one long line":             fill("word word [x] *a* :: "),
		"brackets":                  fill("["),
		"wikilinks":                 fill("[[a"),
		"embeds":                    fill("![["),
		"half links":                fill("[a](b"),
		"half links in lines":       fill("[a](b [a](b [a](b\n"),
		"link definitions":          fill("[a]: b\n"),
		"stars":                     fill("*a **b "),
		"marks":                     fill("==a "),
		"comments":                  fill("%%a "),
		"html comments":             fill("<!-- "),
		"tags":                      fill("<a "),
		"colons":                    fill(":: "),
		"colons without space":      fill("A::B"),
		"quotes in quotes":          fill(nest(">", 200)),
		"quotes, one line":          fill(">"),
		"lists in lists":            fill(nest("- ", 100)),
		"indents":                   fill(nest("  ", 200)),
		"open callouts":             fill("> [!question] a\n"),
		"callouts in callouts":      fill("> [!question] a\n> > [!question] b\n> > > [!success] c\n> > > d\n\n"),
		"code in lines":             fill("`a ``b "),
		"question marks":            "#flashcards\n\n" + fill("a\n?\nb\n\n"),
		"question lines":            fill("Q: a\nA: b\n\n"),
		"questions without answer":  fill("Q: a\n\n"),
		"tasks":                     fill("a?\n\n- [ ] b\n- [x] c\n\n"),
		"rules and headings":        fill("# a\n- b\n* c\n\n---\n"),
		"headings":                  fill("# a?\n"),
		"tables":                    fill("| a | b |\n|---|---|\n| c | d |\n\n"),
		"rows":                      "| a | b |\n|---|---|\n" + fill("| c | d |\n"),
		"ids":                       fill("> [!question] a\n> b\n\n^c\n\n"),
		"entities":                  fill("&amp;&#27;"),
		"control codes":             fill("\x1b[31m\x00\x9b\r"),
	}
}

// TestHardNotes reads them; a reader whose time grows with the square of a
// note's size does not come to its end here.
func TestHardNotes(t *testing.T) {
	size := 1 << 19
	if testing.Short() {
		size = 1 << 15
	}
	for name, src := range hard(size) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := Read("note.md", []byte(src+"\n\n# Last\n> [!question] Last?\n> Found.\n\n^the-last\n"), Options{Cloze: true, Units: true})
			for _, c := range n.Cards {
				if c.ID == "the-last" {
					return
				}
			}
			if name != "html comments" { // all of the rest is a comment
				t.Errorf("the last card is lost among %d; %v", len(n.Cards), n.Problems)
			}
		})
	}
}

// TestManyCallouts finds every one of 100,000 cards.
func TestManyCallouts(t *testing.T) {
	var b bytes.Buffer
	many := 100_000
	if testing.Short() {
		many = 5_000
	}
	for i := range many {
		fmt.Fprintf(&b, oneCallout, i)
	}
	if n := Read("note.md", b.Bytes(), Options{}); len(n.Cards) != many || len(n.Problems) > 0 {
		t.Errorf("%d cards, %d problems", len(n.Cards), len(n.Problems))
	}
}

// BenchmarkLarge reads a note of 50 MB.
func BenchmarkLarge(b *testing.B) {
	var src bytes.Buffer
	for i := 0; src.Len() < 50<<20; i++ {
		fmt.Fprintf(&src, oneCallout+"A paragraph with a [[link]], and `code`, that is not a card.\n\n- an item\n- another\n\n", i)
	}
	b.SetBytes(int64(src.Len()))
	for b.Loop() {
		Read("note.md", src.Bytes(), Options{})
	}
}

// BenchmarkVault reads 10,000 notes.
func BenchmarkVault(b *testing.B) {
	files := fstest.MapFS{}
	text := strings.Repeat("# Heading\n\nSome text with a [[link]] and a list:\n\n- **one** item\n- another one, `code`\n\n", 12)
	for i := range 10_000 {
		files[fmt.Sprintf("%02d/note-%d.md", i%50, i)] = &fstest.MapFile{Data: []byte("---\ntags: [a]\n---\n" + text + fmt.Sprintf(oneCallout, i))}
	}
	for b.Loop() {
		notes, err := Open(files).Notes(".", Options{})
		if err != nil || len(notes) != 10_000 || len(notes[0].Cards) != 1 {
			b.Fatal(err, len(notes))
		}
	}
}
