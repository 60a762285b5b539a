package lessons

import (
	"iter"
	"testing"

	"esmlab/quiz/card"
)

// lessonCards gives each question of each lesson, with the lesson's id.
func lessonCards(t *testing.T, l *Library) iter.Seq2[string, *card.Card] {
	return func(yield func(string, *card.Card) bool) {
		for i := range l.Heads {
			lesson, err := l.Lesson(l.Heads[i].ID)
			if err != nil {
				t.Fatal(err)
			}
			for k := range lesson.Steps {
				if c := lesson.Steps[k].Card; c != nil && !yield(lesson.ID, c) {
					return
				}
			}
		}
	}
}

// Each part has an end test of ten questions, well formed, of which none is a question
// of a lesson or of another test.
func TestEndTests(t *testing.T) {
	l := Builtin()
	asked := map[string]string{} // by title and right answer
	key := func(c *card.Card) string {
		text := card.Text(c.Title)
		for _, o := range c.Options {
			if o.Right {
				text += "\n" + card.Text(o.Text)
			}
		}
		return text
	}
	for id, c := range lessonCards(t, l) {
		asked[key(c)] = id
	}
	ids := map[string]bool{}
	for _, part := range l.Parts() {
		note, _, err := l.Test(part)
		if err != nil {
			t.Errorf("%s: %v", part, err)
			continue
		}
		if len(note.Cards) != 10 || len(note.Problems) > 0 {
			t.Errorf("%s: %d questions, problems %v", part, len(note.Cards), note.Problems)
		}
		keys := map[int]int{}
		for i := range note.Cards {
			c := &note.Cards[i]
			if where := asked[key(c)]; where != "" {
				t.Errorf("%s:%d is a question of %s", note.File, c.Line, where)
			}
			asked[key(c)] = note.File
			if ids[c.ID] {
				t.Errorf("%s:%d: %s is there twice", note.File, c.Line, c.ID)
			}
			ids[c.ID] = true
			for _, p := range card.CheckQuestion(c) {
				t.Errorf("%s:%d: %s (%s)", note.File, p.Line, p.Message, p.Right)
			}
			keys[c.Key()[0]]++
		}
		for n, times := range keys {
			if times > 6 {
				t.Errorf("%s: option %d is right %d times", part, n, times)
			}
		}
	}
}
