package lessons

import (
	"slices"
	"strings"
	"testing"
)

// The lesson that teaches a word uses it, and no lesson before it does without
// explaining it: the step that uses it first explains it. The glossary has the order of
// the lessons.
func TestGlossary(t *testing.T) {
	l := Builtin()
	var order []string
	first, uses := map[string]int{}, map[string]map[string]bool{}
	for i := range l.Heads {
		order = append(order, l.Heads[i].ID)
		lesson, err := l.Lesson(l.Heads[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range l.NewWords(lesson) {
			for _, w := range words {
				if _, twice := first[w.Term]; twice {
					t.Errorf("%s is new in %s for the second time", w.Term, lesson.ID)
				}
				first[w.Term] = i
			}
		}
		for k := range lesson.Steps {
			wordsIn(lesson.Title+"\n"+lesson.Steps[k].reads(), func(at int) {
				term := Glossary()[at].Term
				if uses[term] == nil {
					uses[term] = map[string]bool{}
				}
				uses[term][lesson.ID] = true
			})
		}
	}
	last := 0
	for _, w := range Glossary() {
		at := slices.Index(order, w.Lesson)
		switch used, ok := first[w.Term]; {
		case at < 0:
			t.Errorf("%s: there is no lesson %s", w.Term, w.Lesson)
		case !ok || used > at || !uses[w.Term][w.Lesson]:
			t.Errorf("%s: the lesson %s does not use it", w.Term, w.Lesson)
		case at < last:
			t.Errorf("%s stands after the words of later lessons", w.Term)
		}
		last = max(last, at)
		if strings.Count(w.Says, ".") > 3 || !strings.HasSuffix(w.Says, ".") || len(w.Says) > 160 {
			t.Errorf("%s: not a sentence or three: %s", w.Term, w.Says)
		}
	}
}

// A word is found under each of its forms, and not within another.
func TestFindWord(t *testing.T) {
	for name, want := range map[string]string{"dlq": "Dead-letter queue", "batches": "Batch", "Shards": "Shard", "redrive": "Redrive", "retry": ""} {
		got := ""
		if w := FindWord(name); w != nil {
			got = w.Term
		}
		if got != want {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}
}
