package card

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cockroachdb/datadriven"

	"esmlab/quiz/markdown"
)

// TestNotes reads notes: `note` gives what became of one, `file` puts one
// beside it that it may embed.
func TestNotes(t *testing.T) {
	datadriven.Walk(t, "testdata/notes", func(t *testing.T, path string) {
		files := fstest.MapFS{}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			name := "note.md"
			if d.HasArg("name") {
				d.ScanArgs(t, "name", &name)
			}
			src := strings.ReplaceAll(d.Input, "<tab>", "\t")
			files[name] = &fstest.MapFile{Data: []byte(src)}
			if d.Cmd == "file" {
				return ""
			}
			n, err := Open(files).Note(name, Options{Cloze: d.HasArg("cloze")})
			if err != nil {
				return err.Error()
			}
			return dump(n)
		})
	})
}

func dump(n *Note) string {
	var b strings.Builder
	for i := range n.Cards {
		c := &n.Cards[i]
		fmt.Fprintf(&b, "%d-%d %s (%s)", c.Line, c.End, c.Kind, c.Dialect)
		if c.Named {
			fmt.Fprintf(&b, " ^%s", c.ID)
		}
		if len(c.Heading) > 0 {
			fmt.Fprintf(&b, " under %s", strings.Join(c.Heading, " > "))
		}
		if c.Deck != "" {
			fmt.Fprintf(&b, " deck %s", c.Deck)
		}
		if len(c.Tags) > 0 {
			fmt.Fprintf(&b, " #%s", strings.Join(c.Tags, " #"))
		}
		b.WriteByte('\n')
		blocks := func(name string, list []Block) {
			for _, x := range list {
				mark := x.Marker
				if x.Kind == markdown.CodeBlock {
					mark = "code " + x.Lang
				}
				fmt.Fprintf(&b, "  %s: %s%s %s\n", name, strings.Repeat(" ", x.Indent), mark, spans(x.Spans))
			}
		}
		blocks("situation", c.Situation)
		fmt.Fprintf(&b, "  asks: %s\n", spans(c.Title))
		for _, o := range c.Options {
			fmt.Fprintf(&b, "  %d right=%v %s", o.N, o.Right, spans(o.Text))
			if o.Reason != nil {
				fmt.Fprintf(&b, " <- %d %s", o.ReasonKind, spans(o.Reason))
			}
			b.WriteByte('\n')
		}
		blocks("answer", c.Rule)
		for _, x := range c.Blanks {
			fmt.Fprintf(&b, "  blank: %s\n", strings.Join(x, " or "))
		}
		if c.Hint != "" {
			fmt.Fprintf(&b, "  hint: %s\n", c.Hint)
		}
		for _, p := range c.Pairs {
			fmt.Fprintf(&b, "  pair: %s = %s\n", spans(p.Left), spans(p.Right))
		}
		if len(c.Order) > 0 {
			fmt.Fprintf(&b, "  order: %v\n", c.Order)
		}
		for _, s := range c.Sources {
			fmt.Fprintf(&b, "  source: %s %s %s\n", s.Title, s.URL, s.Read)
		}
		if c.Proof != nil {
			fmt.Fprintf(&b, "  proof in line %d: %s ask %q show %q at %q when %q\n", c.Proof.Line, c.Proof.Scenario, c.Proof.Ask, c.Proof.Show, c.Proof.At, c.Proof.When)
			for _, o := range c.Proof.Options {
				fmt.Fprintf(&b, "    %d line %d that %q is %v in %v never %q\n", o.N, o.Line, o.That, o.Is != nil, o.In != nil, o.Never)
			}
		}
	}
	for _, c := range n.Callouts {
		fmt.Fprintf(&b, "line %d [!%s] %q: %s\n", c.Line, c.Type, c.Title, c.Became)
	}
	if n.SkippedClozes > 0 {
		fmt.Fprintf(&b, "%d clozes left alone\n", n.SkippedClozes)
	}
	for _, p := range n.Problems {
		fmt.Fprintf(&b, "%s:%d: %s (%s)\n", p.File, p.Line, p.Message, p.Right)
	}
	if b.Len() == 0 {
		return "no cards"
	}
	return b.String()
}

// spans writes styles so that a reader of the test sees them.
func spans(list []Span) string {
	var b strings.Builder
	for _, s := range list {
		var marks string
		for i, m := range []string{"code", "strong", "em", "mark", "del", "blank"} {
			if s.Style&(1<<i) != 0 {
				marks += m + " "
			}
		}
		if s.Link != "" {
			marks += "-> " + s.Link + " "
		}
		text := strings.ReplaceAll(s.Text, "\n", "⏎")
		if marks != "" {
			text = "{" + marks + text + "}"
		}
		b.WriteString(text)
	}
	return b.String()
}

// TestDialects reads a folder of notes in all dialects: each file has what became of it
// beside it.
func TestDialects(t *testing.T) {
	names, err := filepath.Glob("testdata/dialects/*.md")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	rewrite := false
	if f := flag.Lookup("rewrite"); f != nil {
		rewrite = f.Value.String() == "true"
	}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n := Read(filepath.Base(name), src, Options{Cloze: true})
		want := strings.TrimSuffix(name, ".md") + ".txt"
		if rewrite {
			if err := os.WriteFile(want, []byte(dump(n)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		golden, err := os.ReadFile(want)
		if err != nil {
			t.Fatal(err)
		}
		if got := dump(n); got != string(golden) {
			t.Errorf("%s became\n%s", name, got)
		}
	}
}

// The table of dialects in docs/cards.md is right: each example becomes what its row says.
func TestTableOfDialects(t *testing.T) {
	page, err := os.ReadFile("../../docs/cards.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "| dialect | example | becomes |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := 0
	seen := map[Dialect]bool{}
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.ReplaceAll(strings.TrimSpace(row), `\|`, "\x00"), "|")
		if len(cells) != 5 || strings.HasPrefix(cells[1], "---") {
			continue
		}
		var lines []string
		for _, code := range strings.Split(cells[2], "<br>") {
			code = strings.TrimSpace(strings.ReplaceAll(code, "\x00", "|"))
			if inner, ok := strings.CutPrefix(code, "``"); ok {
				lines = append(lines, strings.TrimSuffix(inner, "``"))
			} else {
				lines = append(lines, strings.Trim(code, "`"))
			}
		}
		src := "---\ntags: [flashcards]\n---\n" + strings.Join(lines, "\n") + "\n"
		n := Read("n.md", []byte(src), Options{Cloze: true})
		var kinds []string
		for i := range n.Cards {
			kinds = append(kinds, n.Cards[i].Kind.String())
			seen[n.Cards[i].Dialect] = true
		}
		if got := strings.Join(kinds, ", "); got != strings.TrimSpace(cells[3]) || len(n.Problems) > 0 {
			t.Errorf("%s: %q, %v\n%s", cells[1], got, n.Problems, src)
		}
		rows++
	}
	for _, d := range []Dialect{TitleAndBody, LetteredLines, TaskList, ExamText, MarkedHeadings, QuestionAnswerLines, FrontBackLines} {
		if !seen[d] {
			t.Errorf("no row is a %s", d)
		}
	}
	if rows < 15 {
		t.Errorf("%d rows", rows)
	}
}
