package quiz

import (
	"strings"
	"testing"
	"time"

	"esmlab/quiz/progress"
	"esmlab/quiz/session"
)

// The daily mix asks what is due and new, and drills between; it ends by count or by time,
// and is written down.
func TestMix(t *testing.T) {
	r := newRig(t)
	out := r.plain(strings.Repeat("0\n", 60), Mode{Mix: true})
	for _, want := range []string{"Ten minutes, about ", "Question 1 of about", "The question was about this:", " questions answered, "} {
		if want != "The question was about this:" && !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	count := map[progress.Kind]int{}
	for _, k := range r.kinds() {
		count[k]++
	}
	if count[progress.KindReview] < 4 || count[progress.KindDrill] < 1 || count[progress.KindMix] != 1 {
		t.Errorf("%v in\n%s", count, out)
	}
	if l := r.last(progress.KindMix); l.Asked < mixLeast || l.Asked > mixMost {
		t.Errorf("%+v", l)
	}
	r = newRig(t, "one-choice", "two-choices")
	play(t, r, 80, 24, func(d *Today) { _ = d.Mix() }, func(s *term) {
		s.has("ten minutes", "1 of about")
		s.keys("0", "enter")
		s.has("2 of about")
		s.wait(11 * time.Minute)
		s.keys("0", "enter")
		s.has("That was today's mix")
		s.keys("enter")
		s.has("5  ten minutes  done today, 0 of 2 right")
	})
}

// Where nothing is due, that is said with its reason and with what brings more; on the
// screen the first line brings it.
func TestNothingDue(t *testing.T) {
	r := newRig(t)
	r.o.NewPerDay = 1
	out := r.plain("0\n", Mode{})
	for _, want := range []string{"1 card due"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	r = newRig(t)
	r.o.NewPerDay = -1
	out = strings.Join(strings.Fields(r.plain("", Mode{})), " ")
	for _, want := range []string{"Nothing is due now", "None is to be new today, and 5 cards never asked wait: esmlab quiz --new 10 brings more of them, --cram asks all.", "Tomorrow 0 to review"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	play(t, r, 80, 24, nil, func(s *term) {
		s.has("Nothing is due now", "nothing is due; this brings 5 more new cards", "1 brings 5 of them")
		s.keys("1")
		s.has("1 of 5  new")
	})
}

// w never tells the run of a question before; a grade after an undo is for the card shown.
func TestLinesAreAboutTheCardShown(t *testing.T) {
	r := newRig(t, "one-choice", "two-choices")
	r.o.Typed = true
	out := r.plain("w\n0\n5\nw\n\nw\nq\n", Mode{})
	if n := strings.Count(out, "Answer first: then w tells the run"); n != 2 {
		t.Errorf("w on an open question, %d times refused:\n%s", n, out)
	}
	if !strings.Contains(out, "Enter goes on, ? says what else there is.") || strings.Count(out, "what happened") != 1 {
		t.Errorf("at the pause:\n%s", out)
	}
	r = newRig(t, "one-choice")
	out = r.plain("0\nz\ngood\n", Mode{})
	if l := r.last(progress.KindReview); l.Grade != 3 || l.Right || !strings.Contains(out, "The answer that you took back counts, as good: in 10 minutes.") {
		t.Errorf("%+v\n%s", l, out)
	}
}

// The end of the input hands an exam in only if all is answered and nothing flagged.
func TestExamEndsWithTheInput(t *testing.T) {
	all := session.ExamOptions{Version: session.C03, Seed: 3}
	for input, handed := range map[string]bool{"": false, "1\n": false, "1 2\n1\n": true, "1 2\n1\nh\n": true, "1 2\n!\n1\n": false, "1 2\n>\nh\n": false, "1 2\n>\nh\ny\n": true, "q\n": false, "q\ny\n": false} {
		r := newRig(t)
		opts := all
		out := r.plain(input, Mode{Exam: &opts})
		if got := r.last(progress.KindExamEnd).Asked > 0; got != handed {
			t.Errorf("%q: handed in %v\n%s", input, got, out)
		}
		if !handed && !strings.Contains(out, "The exam is not handed in: ") {
			t.Errorf("%q:\n%s", input, out)
		}
	}
	r := newRig(t)
	opts := all
	r.plain("1 2\n!\n", Mode{Exam: &opts})
	r.o.Typed = true
	opts = all
	out := r.plain("\nq\ny\n", Mode{Exam: &opts})
	if !strings.Contains(out, "An exam is not handed in: C03, 1 of 2 answered, 4 min left. (enter goes on with it, n a new one)") || !strings.Contains(out, "1 of 2 answered, 1 flagged") {
		t.Errorf("gone on with:\n%s", out)
	}
}
