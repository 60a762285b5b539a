package notes

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"esmlab/quiz/card"
	"esmlab/quiz/fact"
)

const question = "> [!question] Where is the mapping of a stream made?\n> In Lambda.\n"

// files is a folder of notes, one of which lies in a vault.
func files() Files {
	all := fstest.MapFS{}
	for name, text := range map[string]string{
		"one.md":              question,
		"folder/two.md":       strings.Replace(question, "stream", "queue", 1) + "\nA sentence.\n",
		"folder/sub/three.md": "# Nothing to ask\n",
		"vault/deep/note.md":  strings.Replace(question, "stream", "table", 1),
		"vault/.obsidian/x":   "",
		"deck/built-in.md":    "> [!question] What polls?\n> The mapping.\n",
	} {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	deck, _ := fs.Sub(all, "deck")
	return Files{Deck: deck, Dir: func(name string) fs.FS {
		sub, _ := fs.Sub(all, path.Clean(name))
		return sub
	}}
}

// Notes are found by file, by folder, in their vault, and in the built-in deck,
// and are named as the person would.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		paths []string
		names []string // of the notes
		cards int
		err   string
	}{
		{[]string{"one.md"}, []string{"one.md"}, 1, ""},
		{[]string{"folder"}, []string{"folder/sub/three.md", "folder/two.md"}, 1, ""},
		{[]string{"vault/deep/note.md"}, []string{"vault/deep/note.md"}, 1, ""},
		{[]string{Deck, "one.md"}, []string{"deck/built-in.md", "one.md"}, 2, ""},
		{[]string{"none.md"}, nil, 0, "none.md: there is no such note (a file, a folder, or deck for the built-in one)"},
	} {
		folders, err := files().Read(c.paths, card.Options{})
		if fmt.Sprint(err) != c.err && (err != nil || c.err != "") {
			t.Errorf("%v: %v", c.paths, err)
		}
		var names []string
		cards := 0
		for _, f := range folders {
			for _, n := range f.Notes {
				names = append(names, n.File)
				cards += len(n.Cards)
			}
			if len(f.Names) != len(f.Notes) {
				t.Errorf("%v: %d notes, %d names", c.paths, len(f.Notes), len(f.Names))
			}
		}
		if slices.Sort(names); !slices.Equal(names, c.names) || cards != c.cards {
			t.Errorf("%v: %v, %d cards", c.paths, names, cards)
		}
	}
}

// A vault is where links are resolved, so its notes are known by their path in it.
func TestVault(t *testing.T) {
	folders, err := files().Read([]string{"vault/deep/note.md"}, card.Options{})
	if err != nil || folders[0].Prefix != "vault" || folders[0].Names[0] != "deep/note.md" {
		t.Errorf("%+v, %v", folders, err)
	}
}

func TestIsFolder(t *testing.T) {
	for name, want := range map[string]bool{"folder": true, "one.md": false, "nowhere": false} {
		if files().IsFolder(name) != want {
			t.Errorf("%s: a folder %v", name, !want)
		}
	}
	if (Files{}).IsFolder("folder") {
		t.Error("there are folders where there are no files")
	}
}

// Check says what a question became and which fact a line states; a card states
// none.
func TestCheck(t *testing.T) {
	f := Files{Dir: func(string) fs.FS {
		return fstest.MapFS{"n.md": {Data: []byte("## Event source mappings\n\n- Lambda polls a Kinesis stream.\n- After an error the entire batch is reprocessed until it succeeds, or the batch expires.\n\n" +
			"> [!question] Is the entire batch reprocessed after an error until it succeeds, or the batch expires?\n> - [x] yes\n> - [ ] no\n\n> [!question]\n")}}
	}}
	found, err := f.Check(".")
	if err != nil {
		t.Fatal(err)
	}
	facts, wrong := 0, 0
	for _, x := range found {
		if x.Fact != "" {
			if facts++; x.Line > 4 || x.File != "n.md" || !x.Info {
				t.Errorf("%+v", x)
			}
		}
		if !x.Info {
			wrong++
		}
	}
	if facts == 0 || wrong == 0 {
		t.Errorf("%d facts, %d problems: %+v", facts, wrong, found)
	}
}

// What is not so is wrong; what AWS has changed since is told.
func TestCheckFacts(t *testing.T) {
	check := func(text string) []Finding {
		f := Files{Dir: func(string) fs.FS {
			return fstest.MapFS{"n.md": {Data: []byte("## Event source mappings\n\n- Lambda polls the queue.\n- " + text + "\n")}}
		}}
		found, err := f.Check(".")
		if err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(found, func(x Finding) bool { return x.Line != 4 })
	}
	if x := check("If the queue fails, use a Lambda destination for failures."); len(x) != 1 || x[0].Info || x[0].State != fact.Wrong {
		t.Errorf("%+v", x)
	}
	if x := check("SQS standard: Lambda adds 60 more instances per minute."); len(x) != 1 || !x[0].Info || x[0].State != fact.Changed {
		t.Errorf("%+v", x)
	}
}

func TestShort(t *testing.T) {
	if got := Short(" a\n b "); got != "a b" {
		t.Errorf("%q", got)
	}
	if got := []rune(Short(strings.Repeat("ä", 99))); len(got) != 60 || got[59] != '…' {
		t.Errorf("%d runes", len(got))
	}
}
