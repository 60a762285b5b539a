package card

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"
)

// TestRules gives what the rules of the written format find wrong.
func TestRules(t *testing.T) {
	datadriven.RunTest(t, "testdata/rules", func(t *testing.T, d *datadriven.TestData) string {
		n := Read("note.md", []byte(d.Input), Options{})
		var b strings.Builder
		for i := range n.Cards {
			for _, p := range append(n.Problems, Check(&n.Cards[i])...) {
				fmt.Fprintf(&b, "%s:%d: %s (%s)\n", p.File, p.Line, p.Message, p.Right)
			}
		}
		if b.Len() == 0 {
			return "fine"
		}
		return b.String()
	})
}

// TestGrade judges answers of every kind.
func TestGrade(t *testing.T) {
	options := []Option{{N: 1, Right: true}, {N: 2}, {N: 3, Right: true}}
	text := func(s string) []Span { return []Span{{Text: s}} }
	single := &Card{Kind: Single, Options: []Option{{N: 0}, {N: 1, Right: true}}}
	multiple := &Card{Kind: Multiple, Options: options}
	blanks := &Card{Kind: Blanks, Blanks: [][]string{{"retried", "tried again"}, {"expires"}}}
	order := &Card{Kind: Order, Options: options, Order: []int{2, 3, 1}}
	match := &Card{Kind: Match, Pairs: []Pair{{text("a"), text("x")}, {text("b"), text("y")}, {text("c"), text("X ")}}}
	for i, c := range []struct {
		card  *Card
		a     Answer
		right bool
	}{
		{single, Answer{Options: []int{1}}, true},
		{single, Answer{Options: []int{0}}, false},
		{single, Answer{Options: []int{0, 1}}, false},
		{single, Answer{Options: []int{1, 7}}, false},
		{single, Answer{}, false},
		{multiple, Answer{Options: []int{3, 1}}, true},
		{multiple, Answer{Options: []int{1}}, false},
		{multiple, Answer{Options: []int{1, 2, 3}}, false},
		{blanks, Answer{Texts: []string{" Tried  AGAIN", "expires"}}, true},
		{blanks, Answer{Texts: []string{"tried", "expires"}}, false},
		{blanks, Answer{Texts: []string{"retried"}}, false},
		{blanks, Answer{Texts: []string{"retried", "expires", "x"}}, false},
		{order, Answer{Options: []int{2, 3, 1}}, true},
		{order, Answer{Options: []int{2, 1, 3}}, false},
		{order, Answer{Options: []int{2, 3}}, false},
		{match, Answer{Pairs: []int{0, 1, 2}}, true},
		{match, Answer{Pairs: []int{2, 1, 0}}, true}, // two partners that say the same
		{match, Answer{Pairs: []int{1, 0, 2}}, false},
		{match, Answer{Pairs: []int{0, 1, 9}}, false},
		{match, Answer{Pairs: []int{0, 1}}, false},
		{match, Answer{Pairs: []int{0, 1, 2, 0}}, false},
		{&Card{}, Answer{Knew: true}, true},
		{&Card{}, Answer{}, false},
		{&Card{Kind: Single}, Answer{}, false},
	} {
		if got := Grade(c.card, c.a); got.Right != c.right {
			t.Errorf("case %d: %s: %+v gives %+v", i, c.card.Kind, c.a, got)
		}
	}
	if got := Grade(multiple, Answer{Options: []int{1, 2}}); fmt.Sprint(got.Parts) != "[true false false]" {
		t.Errorf("parts %v", got.Parts)
	}
}

// TestHash knows a card again after changes that do not matter, and not after
// those that do.
func TestHash(t *testing.T) {
	hash := func(note string) string {
		n := Read("note.md", []byte(note), Options{})
		if len(n.Cards) != 1 {
			t.Fatalf("%d cards in %s", len(n.Cards), note)
		}
		return n.Cards[0].Hash
	}
	base := hash("> [!question] What is it?\n> A shard.\n>\n> 1. one\n> 2. two\n>\n> > [!success] Answer: 2\n> > x\n")
	for _, same := range []string{
		"> [!faq]+ What  is **it**?\n> a `shard`.\n>\n> 1. TWO\n> 2. one\n>\n> > [!success] Answer: 1\n> > other\n",
		"> [!question|id=x] what is it?\n> A shard.\n>\n> 1. one\n> 2. ==two==\n>\n> > [!success] Answer: 2\n> > x\n",
	} {
		if hash(same) != base {
			t.Errorf("not known again: %s", same)
		}
	}
	for _, other := range []string{
		"> [!question] What was it?\n> A shard.\n>\n> 1. one\n> 2. two\n>\n> > [!success] Answer: 2\n> > x\n",
		"> [!question] What is it?\n> A queue.\n>\n> 1. one\n> 2. two\n>\n> > [!success] Answer: 2\n> > x\n",
		"> [!question] What is it?\n> A shard.\n>\n> 1. one\n> 2. three\n>\n> > [!success] Answer: 2\n> > x\n",
	} {
		if hash(other) == base {
			t.Errorf("taken for the same: %s", other)
		}
	}
}

// TestAnyText reads any text without failing; lines and control codes are
// right in what comes of it.
func TestAnyText(t *testing.T) {
	pieces := []string{"> ", ">> ", "> > > ", "[!question]", "[!success]- Answer: 1", "[!example]", "- [x] ", "- [ ] ", "- ", "* ", "1. ", "0. ", "# ", "## ", "---", "***", "::", ":::", "?", "??", "Q: ", "A: ", "C: [a]",
		"==a==", "^[h]", "[^1]", "[^ash]", "^id", "%%", "<!--", "-->", "```", "~~~", "`", "`__`", "[[a|b]]", "![[note]]", "![[note#a]]", "[a](b)", "#flashcards", "a) ", "a) -> b)", "true", "_a|b_", "**", "*", "_", "~~", "|", "|---|", "&#27;", "&lt;",
		"\x1b[31m", "\x00", "\x9b", "\xff", "\u202e", "\r", "\t", "    ", "word", "AWS::Region", "arn:aws:x::y", "[*] ", "[ ] ", "=", "scenario: x\noptions: {1: {that: a}}", "\n", "\n", "\n", "\n\n"}
	rapid.Check(t, func(t *rapid.T) {
		src := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 60).Draw(t, "pieces"), "")
		lines := strings.Count(strings.ReplaceAll(src, "\r", "\n"), "\n") + 1
		n := Read("note.md", []byte(src), Options{Cloze: true, Units: true})
		check := func(what, s string) {
			for _, r := range s {
				if r != '\n' && r != '\t' && (unicode.IsControl(r) || r == '\u202e' || r == unicode.ReplacementChar && utf8.ValidString(src)) {
					t.Fatalf("%s holds %q: %q", what, r, s)
				}
			}
		}
		ids := map[string]bool{}
		for i := range n.Cards {
			c := &n.Cards[i]
			if c.Line < 1 || c.End < c.Line || c.End > lines+1 || c.ID == "" || c.Hash == "" {
				t.Fatalf("card %d-%d of %d lines, id %q", c.Line, c.End, lines, c.ID)
			}
			if len(c.Title) == 0 {
				t.Fatalf("a card asks nothing: %+v", c)
			}
			ids[c.ID] = true
			check("a card", dump(&Note{Cards: n.Cards[i : i+1]}))
			Check(c)
			Grade(c, Answer{Options: []int{1}, Texts: []string{"a"}, Pairs: []int{0}})
		}
		check("the note", dump(&Note{Callouts: n.Callouts, Problems: n.Problems}))
		for _, u := range n.Units {
			check("a unit", u.Text)
			if u.Own > len(u.Text) {
				t.Fatalf("unit %+v", u)
			}
		}
	})
}
