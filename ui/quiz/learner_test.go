package quiz

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"esmlab/quiz/card"
	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
	"esmlab/ui/kit"
)

// Each prompt of the line mode fits in a line of 80 cells, and offers the run only where one
// proves the card.
func TestPrompts(t *testing.T) {
	r := newRig(t)
	r.o.Typed = true
	out := r.plain(strings.Repeat("0\n\n", 12), Mode{})
	var prompts []string // nothing is echoed: one may follow another on a line
	for line := range strings.Lines(out) {
		for part := range strings.SplitAfterSeq(line, "): ") {
			if strings.HasSuffix(part, "leave): ") || strings.HasSuffix(part, "the run): ") {
				prompts = append(prompts, part)
			}
		}
	}
	if len(prompts) < 6 { // a choice, one of several, what is said, what is typed
		t.Fatalf("%d prompts in\n%s", len(prompts), out)
	}
	for _, p := range prompts {
		if n := kit.Width(p); n >= 80 {
			t.Errorf("%d cells: %s", n, p)
		}
	}
	for id, want := range map[string]bool{"one-choice": true, "two-choices": false} {
		r := newRig(t, id)
		r.o.Typed = true
		out := r.plain("0\n", Mode{})
		if !strings.Contains(out, "Enter: next (") || strings.Contains(out, "(w the run, z") != want {
			t.Errorf("%s: the run is offered, or not:\n%s", id, out)
		}
	}
	if s, n := (&sheet{e: &Entry{Card: &card.Card{Kind: card.Multiple, Options: []card.Option{{N: 1, Right: true}, {N: 2, Right: true}, {N: 3, Right: true}, {N: 4}, {N: 5}, {N: 6}}}}, options: []int{1, 2, 3, 4, 5, 6}}).prompt(), 80; kit.Width(s+", 0 don't know, t tip, > skip, ? more, q leave): ") >= n {
		t.Errorf("%s is too long", s)
	}
}

// What the run of a card tells is the card's: not what the scenario expects of itself.
func TestRunOfACardExpectsNothing(t *testing.T) {
	r := newRig(t, "one-choice")
	r.o.Typed = true
	out := r.plain("0\nw\n", Mode{})
	if !strings.Contains(out, "What became of the records") || strings.Contains(out, "Expected") {
		t.Error(out)
	}
}

// A grade says when the card comes again.
func TestGradeSaysWhen(t *testing.T) {
	r := newRig(t, "one-choice")
	r.o.Typed = true
	out := r.plain("0\neasy\nhard\n", Mode{})
	for _, want := range []string{`It counts as easy: in \d+ days\.`, `It counts as hard: in \d+ minutes\.`} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

// How many answers of a confidence were right is told once there are a few.
func TestCalibratedFrom(t *testing.T) {
	r := newRig(t, "one-choice")
	for i := 1; i <= calibratedFrom; i++ {
		if text := calibrated(r.o.Store, progress.Sure); text != "" {
			t.Errorf("after %d answers: %s", i-1, text)
		}
		l := progress.Line{Kind: progress.KindReview, Card: "one-choice", Grade: fsrs.Good, Right: i != 2, Confidence: progress.Sure}
		if err := r.o.Store.Write(r.o.Store.Stamp(r.now, l)); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := calibrated(r.o.Store, progress.Sure), "Of 5 answers that you were sure of so far, 80 % were right."; got != want || calibrated(r.o.Store, progress.Guess) != "" || calibrated(r.o.Store, 0) != "" {
		t.Error(got)
	}
}

// The foot speaks of scrolling only where the page that is seen is longer than the screen, not
// where the one before was.
func TestFootIsOfThisPage(t *testing.T) {
	play(t, newRig(t, "one-choice", "two-choices"), 80, 24, nil, func(s *term) {
		s.keys("enter")
		s.hasNot("scroll")
		s.keys("0")
		if !strings.Contains(s.text(), "more") {
			t.Fatalf("the answer fits:\n%s", s.text())
		}
		s.has("scroll")
		s.keys("enter")
		s.hasNot("scroll")
	})
}

// After the last question of an exam the list shows how to hand in.
func TestHandInIsSeen(t *testing.T) {
	play(t, newRig(t), 80, 24, func(d *Today) { _ = d.Exam(session.ExamOptions{Version: session.C03, Seed: 1}) }, func(s *term) {
		s.keys("right", "enter")
		s.has("› h  hand in", "h hands in")
		s.keys("enter")
		s.has("Hand in?", "2 questions without a whole answer")
	})
}

// In the mix a question that the engine made is called a drill.
func TestMixNamesDrills(t *testing.T) {
	r := newRig(t)
	out := r.plain(strings.Repeat("0\n", 60), Mode{Mix: true})
	if !regexp.MustCompile(`Question 4 of about \d+, a drill\.`).MatchString(out) || strings.Contains(out, "Question 1 of about 20, a drill") {
		t.Error(out)
	}
}

// One card is told as one.
func TestWhyOfOne(t *testing.T) {
	for n, want := range map[int]string{
		1: "1 card was new today, which is the day's number; 1 card never asked waits: more.|1 more is due, beyond the day's most: those you know least come first on the next days.|1 card asks nearly what another of today asks, and waits for another day.|1 card was set aside.",
		2: "2 cards were new today, which is the day's number; 2 cards never asked wait: more.|2 more are due, beyond the day's most: those you know least come first on the next days.|2 cards ask nearly what another of today asks, and wait for another day.|2 cards were set aside.",
	} {
		s := state{today: session.Today{Begun: n, Unseen: n, Capped: n, Apart: n}, perDay: 10, retired: make([]string, n)}
		if got := strings.Join(s.why("more"), "|"); got != want {
			t.Errorf("%d:\n%s\nnot\n%s", n, got, want)
		}
	}
}

// New cards of the built-in deck: the basics, then something of every folder in each day's
// ten, each folder in its order. Notes keep theirs.
func TestNewCardsComeFromEverywhere(t *testing.T) {
	sizes := []struct {
		part string
		n    int
	}{{"basics", 7}, {"deployment", 26}, {"queues", 88}, {"streams", 110}, {"security", 22}, {"scaling", 11}}
	build := func(parts bool) (*Options, []session.Card) {
		o := &Options{}
		var cards []session.Card
		for _, x := range sizes {
			for i := range x.n {
				c := &card.Card{ID: fmt.Sprintf("%s-%03d", x.part, i)}
				e := &Entry{Card: c}
				if parts {
					e.part = x.part
				}
				o.Deck, cards = append(o.Deck, e), append(cards, session.Card{Ref: progress.Ref{ID: c.ID}})
			}
		}
		return o, cards
	}
	o, cards := build(true)
	got := o.spread(cards)
	if len(got) != len(cards) {
		t.Fatalf("%d of %d cards", len(got), len(cards))
	}
	last := map[string]string{}
	for i, c := range got {
		part, _, _ := strings.Cut(c.ID, "-")
		if (part == "basics") != (i < 7) {
			t.Errorf("%s is number %d", c.ID, i+1)
		}
		if c.ID <= last[part] {
			t.Errorf("%s comes after %s", c.ID, last[part])
		}
		last[part] = c.ID
	}
	for from := 7; from+30 <= len(got); from += 30 { // three days
		seen := map[string]int{}
		for _, c := range got[from : from+30] {
			part, _, _ := strings.Cut(c.ID, "-")
			seen[part]++
		}
		if len(seen) != 5 {
			t.Errorf("cards %d to %d are of %v", from+1, from+30, seen)
		}
	}
	o, cards = build(false)
	for i, c := range o.spread(cards) {
		if c.ID != cards[i].ID {
			t.Fatalf("a note's card %d is %s, not %s", i+1, c.ID, cards[i].ID)
		}
	}
}

// The prompts of an exam fit as well, and the list says how to go to a question.
func TestExamPrompts(t *testing.T) {
	r := newRig(t)
	r.o.Typed = true
	out := r.plain("l\n!\n1\n1 2\nh\ny\n\n\nq\n", Mode{Exam: &session.ExamOptions{Version: session.C03, Seed: 3}})
	if !strings.Contains(out, "g and a number goes to a question.") || !strings.Contains(out, "Hand in all the same? (") {
		t.Error(out)
	}
	for line := range strings.Lines(out) {
		for part := range strings.SplitAfterSeq(line, "): ") {
			if n := kit.Width(part); strings.HasSuffix(part, "): ") && n >= 80 {
				t.Errorf("%d cells: %s", n, part)
			}
		}
	}
}
