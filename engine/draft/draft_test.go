package draft_test

import (
	"testing"

	"esmlab/engine/draft"
	"esmlab/engine/finding"
	"esmlab/engine/scenario"
)

// TestDrafts writes the template of each combination of answers: it is read without a note
// that matters, its expectations hold, and nothing is found in it that is not meant.
func TestDrafts(t *testing.T) {
	t.Parallel()
	n := 0
	for _, source := range draft.Questions("")[0].Options {
		q := draft.Questions(source.Word)
		for _, failures := range q[1].Options {
			for _, traffic := range q[2].Options {
				for _, language := range q[3].Options {
					a := draft.Answers{Source: source.Word, Failures: failures.Word, Traffic: traffic.Word, Language: language.Word}
					if name, wrong, _ := a.Check(); name != "" {
						t.Fatalf("%+v: %s %s", a, name, wrong)
					}
					n++
					text := a.Template()
					sc, err := scenario.Read("new.yaml", []byte(text), scenario.Options{})
					if err != nil {
						t.Errorf("%+v: %v\n%s", a, err, text)
						continue
					}
					for _, f := range finding.Open(finding.All(sc, finding.Options{})) {
						t.Errorf("%+v: %s: %s", a, f.Kind.ID, f.Sentence)
					}
					for _, note := range sc.Notes {
						if len(note) < 10 || note[:10] != "left alone" {
							t.Errorf("%+v: note: %s", a, note)
						}
					}
					r, err := scenario.NewRunner(sc, nil)
					if err != nil {
						t.Fatal(err)
					}
					r.Advance(r.End())
					for _, res := range r.Results {
						if res.OK == nil || !*res.OK {
							t.Errorf("%+v: %s does not hold: %v %v", a, res.That, res.Error, res.Saw)
						}
					}
				}
			}
		}
	}
	if n != 72 {
		t.Errorf("%d combinations", n)
	}
}

// An answer that is none is named, with those that are.
func TestWrongAnswer(t *testing.T) {
	name, wrong, right := draft.Answers{Source: "queue", Failures: "store", Traffic: "little", Language: "node"}.Check()
	if name != "failures" || wrong != "store" || right != "keep, expire" {
		t.Error(name, wrong, right)
	}
}
