package lessons

import (
	"testing"

	"esmlab/quiz/card"
)

// No question of an end test gives its key away by its form, and over all questions of
// the lessons and the end tests the key is not the longest option too often. The form of a
// lesson's questions is part of its check (TestBuiltin).
func TestForm(t *testing.T) {
	l := Builtin()
	var asked []*card.Card
	for _, c := range lessonCards(t, l) {
		asked = append(asked, c)
	}
	for _, part := range l.Parts() {
		note, _, err := l.Test(part)
		if err != nil {
			t.Fatal(err)
		}
		for i := range note.Cards {
			c := &note.Cards[i]
			asked = append(asked, c)
			for _, p := range card.CheckForm(c) {
				t.Errorf("%s:%d: %s: %s (%s)", note.File, p.Line, p.Check, p.Message, p.Right)
			}
		}
	}
	if b := card.Weigh(asked); b.TooLong() {
		t.Errorf("%v: at most %d %%", b, card.MaxLongest)
	}
}
