package notes

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"esmlab/quiz/card"
	"esmlab/quiz/deck"
)

// TestAudited runs the checks over cards that an audit of the deck once found: wrong,
// underspecified, with a key that AWS does not document, easy to guess, or doubles of each
// other. They stand in testdata/audited as they were, with what the audit said of them
// in why.txt. Each is caught; the script says by which checks.
func TestAudited(t *testing.T) {
	if testing.Short() {
		t.Skip("runs each proof many times")
	}
	why, err := os.ReadFile("testdata/audited/why.txt")
	if err != nil {
		t.Fatal(err)
	}
	found, err := Files{Dir: func(string) fs.FS { return os.DirFS("testdata/audited") }}.Check(".")
	if err != nil {
		t.Fatal(err)
	}
	caught, lines := map[string][]string{}, map[string]map[int]string{}
	add := func(id, check string) {
		if !slices.Contains(caught[id], check) {
			caught[id] = append(caught[id], check)
		}
	}
	for _, f := range found { // a card's findings stand between its first line and the next card's
		if f.Card != "" && strings.Contains(f.Message, "[!question]") {
			if lines[f.File] == nil {
				lines[f.File] = map[int]string{}
			}
			lines[f.File][f.Line] = f.Card
		}
	}
	owner := func(file string, line int) string {
		id, at := "", 0
		for from, first := range lines[file] {
			if from <= line && from > at {
				id, at = first, from
			}
		}
		return id
	}
	for _, f := range found {
		if f.Check != "" && f.Check != card.CheckDouble && !f.Info {
			add(owner(f.File, f.Line), f.Check)
		}
	}
	// How rare a word is depends on the deck: doubles are looked for among all its cards.
	var all []*card.Card
	audited := map[string]bool{}
	for _, folder := range []fs.FS{os.DirFS("testdata/audited"), deck.Files()} {
		notes, err := card.Open(folder).Notes(".", card.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notes {
			for i := range n.Cards {
				if c := &n.Cards[i]; !audited[c.ID] {
					all = append(all, c)
				}
			}
		}
		if len(audited) == 0 {
			for _, c := range all {
				audited[c.ID] = true
			}
		}
	}
	for _, d := range card.NearDoubles(all) {
		if audited[d.A.ID] && audited[d.B.ID] {
			add(d.A.ID, card.CheckDouble)
			add(d.B.ID, card.CheckDouble)
		}
	}
	datadriven.RunTest(t, "testdata/audit", func(t *testing.T, d *datadriven.TestData) string {
		var b strings.Builder
		for _, line := range strings.Split(strings.TrimSpace(string(why)), "\n") {
			id, said, _ := strings.Cut(line, ": ")
			slices.Sort(caught[id])
			by := strings.Join(caught[id], ", ")
			if by == "" {
				by = "nothing"
				t.Errorf("%s (%s) is caught by no check", id, said)
			}
			fmt.Fprintf(&b, "%s (%s): %s\n", id, said, by)
		}
		return b.String()
	})
}
