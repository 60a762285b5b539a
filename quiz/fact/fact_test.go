package fact

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"esmlab/engine/rule"
	"esmlab/quiz/card"
)

func find(t *testing.T, file string) []Place {
	t.Helper()
	src, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return Find(card.Read(file, src, card.Options{Units: true}))
}

// TestNote finds every fact in a note on event source mappings, each in the
// line that says it.
func TestNote(t *testing.T) {
	src, err := os.ReadFile("testdata/lambda.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(src), "\n")
	says := map[string]string{"N01": "Which ones", "N04": "event source mapping polls", "N05": "has to create", "N11": "Quiet", "N13": "whole batch", "N18": "batch size",
		"N20": "DLQ", "N21": "destination for failures", "N22": "execution role", "N24": "Standard: not", "N31": "60 additional", "N32": "FIFO scales"}
	places := find(t, "lambda.md")
	found := map[string]Place{}
	for _, p := range places {
		found[p.Fact.ID] = p
	}
	for i := range All {
		p, ok := found[All[i].ID]
		if !ok {
			t.Errorf("%s is not found: %s", All[i].ID, All[i].Says)
			continue
		}
		if want := says[All[i].ID]; !strings.Contains(lines[p.Line-1], want) {
			t.Errorf("%s is found in line %d: %s", All[i].ID, p.Line, lines[p.Line-1])
		}
	}
	if n := find(t, "lambda.md"); len(n) != 32 {
		t.Errorf("%d facts", len(n))
	}
}

// TestOtherNotes finds none in notes on other things.
func TestOtherNotes(t *testing.T) {
	for _, file := range []string{"s3.md", "iam.md", "kafka.md"} {
		for _, p := range find(t, file) {
			t.Errorf("%s:%d: %s in %q", file, p.Line, p.Fact.ID, p.Text)
		}
	}
}

// TestMixedNote takes from a note on several things only what it says of
// streams and queues.
func TestMixedNote(t *testing.T) {
	var got []string
	for _, p := range find(t, "mixed.md") {
		got = append(got, p.Fact.ID)
	}
	if !slices.Equal(got, []string{"N08"}) {
		t.Errorf("found %v", got)
	}
}

// TestRegistry keeps the registry whole.
func TestRegistry(t *testing.T) {
	if len(All) != card.Facts {
		t.Errorf("%d facts", len(All))
	}
	for i, f := range All {
		if want := "N" + strconv.Itoa(101 + i)[1:]; f.ID != want || ByID(f.Tag()) != &All[i] {
			t.Errorf("%s stands in the place of %s", f.ID, want)
		}
		if exists, known := card.HasTag(f.Tag()); !exists || !known {
			t.Errorf("%s has no tag", f.ID)
		}
		if len(f.Phrases) < 2 || len(f.Phrases) > 5 {
			t.Errorf("%s has %d phrases", f.ID, len(f.Phrases))
		}
		for _, p := range f.Phrases {
			if p != strings.ToLower(p) {
				t.Errorf("%s: %q is not in lower case", f.ID, p)
			}
			if !in(normal(strings.NewReplacer("+", " ", "…", " ").Replace(p)), f.phrases()) {
				t.Errorf("%s: %q does not find itself", f.ID, p)
			}
		}
		if f.Says == "" || f.AWS == "" || f.Read == "" || !strings.HasPrefix(f.Source, "https://docs.aws.amazon.com/") {
			t.Errorf("%s is not whole", f.ID)
		}
		for _, id := range f.Rules {
			if _, ok := rule.Find(id); !ok {
				t.Errorf("%s: there is no rule %s", f.ID, id)
			}
		}
		if odd := slices.Contains([]string{"N21", "N31"}, f.ID); odd != (f.State != Holds) {
			t.Errorf("%s: %s", f.ID, f.State)
		}
	}
}
