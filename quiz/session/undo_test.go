package session

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
)

// turn is what a person does with one question.
type turn struct {
	after                time.Duration // since the turn before
	hint, aside          bool
	wrong                bool
	sure                 progress.Confidence
	grade, regrade       fsrs.Grade // of a recall; put in the place of the one proposed
	retire, looks, takes bool       // set aside once it was answered; then the next question is looked at, with a tip
}

// diary is what a session came to.
type diary struct {
	asked            []string // each question as it was shown
	verdicts         []string
	known            []progress.Card
	lines            []progress.Line // that count; without their ids
	right, of, still int
}

// live plays turns, with an undo after the one at k (-1: none): what it takes back is done
// again, and the session goes on.
func live(t *testing.T, deck []Card, o Options, turns []turn, k int) diary {
	t.Helper()
	p := newPlayer()
	s := New(p.store, deck, o)
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, zone)
	var d diary
	say := func(q *Question) string {
		return fmt.Sprint(q.Card.ID, q.Options, q.New, q.Hint, now.Sub(q.At))
	}
	act := func(x turn) (verdict string) {
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		q := s.Current()
		if x.hint {
			s.Hint()
		}
		var v Verdict
		var err error
		switch {
		case x.aside && !o.Cram:
			must(s.Suspend(now))
			return "aside"
		case q.Card.Recall():
			v, err = s.Recall(now, x.grade)
		case q.Card.Typed:
			v, err = s.AnswerTyped(now, !x.wrong, x.sure)
		default:
			pick := q.Card.Right
			if i := slices.IndexFunc(q.Options, func(n int) bool { return !slices.Contains(q.Card.Right, n) }); x.wrong && i >= 0 {
				pick = []int{q.Options[i]}
			}
			v, err = s.Answer(now, pick, x.sure)
		}
		must(err)
		for i := 1; i < 4 && !o.Cram; i++ {
			if earlier(v.Due[i], v.Due[i-1], now) {
				t.Fatalf("grade %d comes before grade %d: %+v", i+1, i, v.Due)
			}
		}
		if x.regrade > 0 && !o.Cram {
			must(s.Regrade(now, x.regrade))
		}
		if x.retire && !o.Cram {
			must(s.Suspend(now))
		}
		return fmt.Sprint(v.Right, v.Grade, v.Due, v.AskedAgain)
	}
	for i, x := range turns {
		now = now.Add(x.after)
		q, wait := s.Next(now)
		if q == nil {
			d.asked = append(d.asked, "none until "+wait.Format(time.TimeOnly))
			continue
		}
		now = now.Add(3 * time.Second)
		d.asked = append(d.asked, say(q))
		verdict := act(x)
		if i == k {
			if x.looks {
				if q, _ := s.Next(now); q != nil && x.takes {
					s.Hint()
				}
			}
			if ok, err := s.Undo(now); !ok || err != nil {
				t.Fatal(ok, err)
			}
			if again := say(s.Current()); again != d.asked[i] && !(x.hint && s.Current().Hint) {
				t.Fatalf("after undo %s, it was %s", again, d.asked[i])
			}
			verdict = act(x)
		}
		if x.looks { // the next question's time begins, and its tip stays taken
			if q, _ := s.Next(now); q != nil && x.takes {
				s.Hint()
			}
		}
		d.verdicts = append(d.verdicts, verdict)
	}
	d.still = s.Remaining(now)
	d.right, d.of = s.Score()
	replayed := progress.Open(&progress.Memory{Data: p.file.Data}, progress.Options{})
	for _, c := range deck {
		known := replayed.Card(c.ID)
		for i := range known.Reviews {
			known.Reviews[i].ID = ""
		}
		d.known = append(d.known, known)
	}
	for l := range replayed.Lines {
		if l.ID = ""; l.Kind == progress.KindGrade { // its grade stands in the reviews
			continue
		}
		d.lines = append(d.lines, l)
	}
	return d
}

// earlier reports whether a date comes before another.
func earlier(a, b DueDate, now time.Time) bool {
	at := func(w DueDate) time.Time {
		if w.Day > 0 {
			return w.Day.Start(now.Location())
		}
		return w.At
	}
	return a.Day == 0 && b.Day > 0 || (a.Day > 0) == (b.Day > 0) && at(a).Before(at(b))
}

// An undo at any point of a session, and then going on, is the session without it: the same
// questions, options, verdicts and dates, the same lines that count.
func TestUndoLeavesNothing(t *testing.T) {
	sessions := 1000
	if testing.Short() {
		sessions = 100
	}
	for seed := range uint64(sessions) {
		r := rand.New(rand.NewPCG(seed, 16))
		one := func(n int) bool { return r.IntN(n) == 0 }
		var deck []Card
		for i := range 2 + r.IntN(9) {
			c := Card{Ref: progress.Ref{ID: fmt.Sprint("c", i)}, Sources: []string{[]string{"kinesis", "sqs", "fifo"}[r.IntN(3)]}, Words: r.IntN(60),
				Pair: []string{"", "", "x", "y"}[r.IntN(4)], Cluster: []string{"", "", "", "k"}[r.IntN(4)], Deck: []string{"a", "b"}[r.IntN(2)], Proved: one(2)}
			switch r.IntN(5) {
			case 0:
			case 1:
				c.Typed = true
			default:
				c.Options, c.Right = []int{1, 2, 3, 4}[:2+r.IntN(3)], []int{1 + r.IntN(2)}
			}
			deck = append(deck, c)
		}
		var turns []turn
		for range 4 + r.IntN(8) {
			x := turn{after: time.Duration(r.IntN(20*60)) * time.Second, hint: one(5), aside: one(8), wrong: one(2), sure: progress.Confidence(r.IntN(4)),
				grade: fsrs.Grade(1 + r.IntN(4)), retire: one(9), looks: one(2), takes: one(2)}
			if one(6) {
				x.after = time.Duration(r.IntN(5*24)) * time.Hour
			}
			if one(3) {
				x.regrade = fsrs.Grade(1 + r.IntN(4))
			}
			turns = append(turns, x)
		}
		o := Options{NewPerDay: 1 + r.IntN(4), MaxPerDay: 1 + r.IntN(6), Cram: one(6), Seed: seed}
		without := live(t, deck, o, turns, -1)
		for k := range turns {
			if got := live(t, deck, o, turns, k); !reflect.DeepEqual(got, without) {
				t.Fatalf("session %d, undo after question %d:\n%+v\nwithout it\n%+v", seed, k+1, got, without)
			}
		}
	}
}

// A grade after an undo is for the card that is shown: its answer counts again.
func TestGradeAfterUndo(t *testing.T) {
	p := newPlayer()
	deck := []Card{{Ref: progress.Ref{ID: "a"}, Options: []int{1, 2}, Right: []int{1}}, {Ref: progress.Ref{ID: "b"}, Options: []int{1, 2}, Right: []int{1}}}
	s := New(p.store, deck, Options{})
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, zone)
	var ids []string
	for range 2 {
		q, _ := s.Next(now)
		ids = append(ids, q.Card.ID)
		if _, err := s.Answer(now, []int{1}, progress.Fairly); err != nil {
			t.Fatal(err)
		}
	}
	if ok, err := s.Undo(now); !ok || err != nil || !s.TakenBack() {
		t.Fatal(ok, err)
	}
	if err := s.Regrade(now, fsrs.Easy); err != nil {
		t.Fatal(err)
	}
	if first, shown := p.store.Card(ids[0]).Last(), p.store.Card(ids[1]).Last(); first.Grade != fsrs.Good || shown == nil || shown.Grade != fsrs.Easy || !shown.Right {
		t.Errorf("before it %+v, shown %+v", first, shown)
	}
	if right, of := s.Score(); right != 2 || of != 2 || s.Current() != nil {
		t.Errorf("%d of %d, open %v", right, of, s.Current())
	}
	for _, want := range []bool{true, true, false} { // both answers are taken back, and no more
		if ok, _ := s.Undo(now); ok != want {
			t.Errorf("undo: %v", ok)
		}
	}
	if err := s.Regrade(now, fsrs.Good); err != nil || p.store.Card(ids[0]).Last() == nil || p.store.Card(ids[1]).Seen() {
		t.Error("the grade is not for the card that is shown:", err)
	}
}

// Each deck has its number of new cards a day.
func TestNewCardsOfEachDeck(t *testing.T) {
	p := newPlayer()
	var deck []Card
	for i := range 8 {
		deck = append(deck, Card{Ref: progress.Ref{ID: fmt.Sprint("c", i)}, Deck: []string{"mine", "built in"}[i/4]})
	}
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, zone)
	ask := func(cards []Card) Today {
		s := New(p.store, cards, Options{NewPerDay: 3})
		for {
			q, _ := s.Next(now)
			if q == nil {
				return s.Today(now)
			}
			if _, err := s.Recall(now, fsrs.Easy); err != nil {
				t.Fatal(err)
			}
		}
	}
	if x := ask(deck[:4]); x.Begun != 3 || x.Unseen != 1 {
		t.Errorf("%+v", x)
	}
	if x := ask(deck[4:]); x.Begun != 3 || x.Unseen != 1 {
		t.Errorf("the second deck got what the first one left: %+v", x)
	}
	if x := ask(deck); x.Begun != 6 || x.Unseen != 2 {
		t.Errorf("%+v", x)
	}
}

// Of a cluster of near-doubles a day has one card, and a cram too.
func TestOneOfACluster(t *testing.T) {
	for _, cram := range []bool{false, true} {
		p := newPlayer()
		var deck []Card
		for i := range 9 {
			deck = append(deck, Card{Ref: progress.Ref{ID: fmt.Sprint("c", i)}, Cluster: []string{"", "x", "y"}[i%3]})
		}
		now := time.Date(2026, 12, 1, 9, 0, 0, 0, zone)
		for day := range 3 {
			s := New(p.store, deck, Options{Cram: cram})
			counts := map[string]int{}
			for {
				q, wait := s.Next(now)
				if q == nil && wait.IsZero() {
					break
				}
				if q == nil {
					now = wait
					continue
				}
				if _, err := s.Recall(now, fsrs.Easy); err != nil {
					t.Fatal(err)
				}
				counts[q.Card.Cluster]++
			}
			if counts["x"] != 1 || counts["y"] != 1 || counts[""] != 3 && (day == 0 || cram) {
				t.Errorf("cram %v, day %d: %v", cram, day, counts)
			}
			if x := s.Today(now); !cram && day == 0 && (x.Apart != 0 || x.Unseen != 4) { // they were never asked, and none is due
				t.Errorf("%+v", x)
			}
			now = now.Add(24 * time.Hour)
		}
	}
}
