package session

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"esmlab/quiz/card"
	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
)

func drawDeck(t *rapid.T) []Card {
	var deck []Card
	for i := range rapid.IntRange(1, 12).Draw(t, "cards") {
		c := Card{Ref: progress.Ref{ID: fmt.Sprint("c", i)}, Sources: []string{rapid.SampledFrom([]string{"kinesis", "sqs", "fifo"}).Draw(t, "source")},
			Pair: rapid.SampledFrom([]string{"", "", "x", "y"}).Draw(t, "pair")}
		for n := range rapid.IntRange(0, 5).Draw(t, "options") {
			c.Options = append(c.Options, n+1)
		}
		if len(c.Options) > 0 {
			c.Right = []int{rapid.IntRange(1, len(c.Options)).Draw(t, "right")}
		}
		deck = append(deck, c)
	}
	return deck
}

// respond answers the open question somehow.
func respond(t *rapid.T, s *Session, now time.Time) {
	q := s.Current()
	var err error
	if q.Card.Recall() {
		_, err = s.Recall(now, fsrs.Grade(rapid.IntRange(1, 4).Draw(t, "grade")))
	} else {
		_, err = s.Answer(now, []int{rapid.SampledFrom(q.Options).Draw(t, "pick")}, progress.Confidence(rapid.IntRange(0, 3).Draw(t, "sure")))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever is answered, undo gives back what was known of every card, the
// same question and the same work left; a file that is replayed knows the
// same; and no card comes twice in a row while another could.
func TestQuizInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlayer()
		deck := drawDeck(t)
		s := New(p.store, deck, Options{NewPerDay: 5, MaxPerDay: 4, Cram: rapid.IntRange(0, 4).Draw(t, "cram") == 0})
		now := time.Date(2026, 12, 1, 9, 0, 0, 0, zone)
		known := func(st *progress.Store) (out []progress.Card) {
			for _, c := range deck {
				k := st.Card(c.ID)
				k.Reviews = slices.Clone(k.Reviews)
				out = append(out, k)
			}
			return out
		}
		last := ""
		for range rapid.IntRange(1, 30).Draw(t, "rounds") {
			now = now.Add(time.Duration(rapid.IntRange(1, 3*24*60).Draw(t, "minutes")) * time.Minute)
			left := s.Remaining(now)
			q, _ := s.Next(now)
			if q == nil {
				continue
			}
			resting := slices.ContainsFunc(deck, func(c Card) bool {
				l := p.store.Card(c.ID).Last()
				return c.ID != q.Card.ID && l != nil && l.Confidence == progress.Sure && !l.Right // it may rest
			})
			if q.Card.ID == last && left > 1 && !s.o.Cram && !resting {
				t.Fatalf("%s is asked twice in a row, %d are left", last, left)
			}
			again, _ := s.Next(now)
			if again != q {
				t.Fatal("a question that is open is not asked again")
			}
			before, options, id, just := known(p.store), slices.Clone(q.Options), q.Card.ID, s.last.ID
			respond(t, s, now)
			if rapid.Bool().Draw(t, "regrade") && !s.o.Cram {
				if err := s.Regrade(now, fsrs.Grade(rapid.IntRange(1, 4).Draw(t, "grade"))); err != nil {
					t.Fatal(err)
				}
			}
			last = id
			if rapid.Bool().Draw(t, "undo") {
				if ok, err := s.Undo(now); !ok || err != nil {
					t.Fatal(ok, err)
				}
				if got := known(p.store); !reflect.DeepEqual(got, before) {
					t.Fatalf("after undo:\n%+v\n%+v", got, before)
				}
				if q, _ := s.Next(now); q.Card.ID != id || !slices.Equal(q.Options, options) {
					t.Fatalf("after undo %s %v is asked, it was %s %v", q.Card.ID, q.Options, id, options)
				}
				if s.last.ID != just {
					t.Fatalf("after undo %s is taken for the card before, it was %s", s.last.ID, just)
				}
				if got := s.Remaining(now); got != left {
					t.Fatalf("after undo %d are left, it was %d", got, left)
				}
				respond(t, s, now)
			}
			if s.o.Cram && !reflect.DeepEqual(known(p.store), before) {
				t.Fatal("a cram touched the schedule")
			}
		}
		replayed := progress.Open(&progress.Memory{Data: p.file.Data}, progress.Options{})
		if !reflect.DeepEqual(known(replayed), known(p.store)) {
			t.Fatal("the file does not give what the session knew")
		}
	})
}

// A day's work ends: as often as every card is answered with Good, all that
// was due is asked once, and near misses follow each other.
func TestADayEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlayer()
		deck := drawDeck(t)
		s := New(p.store, deck, Options{NewPerDay: 50})
		now := time.Date(2026, 12, 1, 9, 0, 0, 0, zone)
		var order []Card
		for {
			q, wait := s.Next(now)
			if q == nil && wait.IsZero() {
				break
			}
			if len(order) > 3*len(deck) {
				t.Fatalf("%d questions for %d cards", len(order), len(deck))
			}
			if q == nil {
				now = wait
				continue
			}
			if q.New {
				order = append(order, q.Card)
			}
			now = now.Add(time.Second)
			if q.Card.Recall() {
				_, _ = s.Recall(now, fsrs.Good)
			} else {
				_, _ = s.Answer(now, q.Card.Right, progress.Fairly)
			}
		}
		if len(order) != len(deck) {
			t.Fatalf("%d of %d cards were asked", len(order), len(deck))
		}
		for i, c := range order[1:] {
			prev := order[i]
			first := prev.Pair != "" && (i == 0 || order[i-1].Pair != prev.Pair)
			near := func(x Card) bool { return x.Pair == prev.Pair && x.source() != prev.source() }
			if first && !near(c) && slices.ContainsFunc(order[i+1:], near) {
				t.Fatalf("a near miss of %s was left behind", prev.ID)
			}
		}
	})
}

func TestPropose(t *testing.T) {
	quick := Circumstances{Confidence: progress.Sure, Unseen: true, Took: 4 * time.Second, Words: 20}
	hinted, guessed, known, slow := quick, quick, quick, quick
	hinted.Hint, guessed.Confidence, known.Unseen, slow.Took = true, progress.Guess, false, time.Minute
	for _, c := range []struct {
		name  string
		right bool
		c     Circumstances
		want  fsrs.Grade
	}{
		{"wrong", false, quick, fsrs.Again}, {"quick, sure, new wording", true, quick, fsrs.Easy}, {"after a tip", true, hinted, fsrs.Hard},
		{"guessed", true, guessed, fsrs.Hard}, {"known wording", true, known, fsrs.Good}, {"slow", true, slow, fsrs.Good},
	} {
		if g := ProposeGrade(c.right, c.c); g != c.want {
			t.Errorf("%s: %v, want %v", c.name, g, c.want)
		}
	}
}

// Options keep their order where the list begins with 0; a card that is not
// stable shows the key and the two wrong ones that tempted before.
func TestShown(t *testing.T) {
	c := Card{Ref: progress.Ref{ID: "x"}, Options: []int{1, 2, 3, 4, 5}, Right: []int{3}, Tempting: []int{5, 1}}
	day := progress.DayOf(time.Date(2026, 12, 1, 9, 0, 0, 0, zone))
	sorted := func(o []int) []int { o = slices.Clone(o); slices.Sort(o); return o }
	if o := ShownOptions(c, progress.Card{}, day, false); !slices.Equal(sorted(o), []int{1, 3, 5}) {
		t.Errorf("new: %v", o)
	}
	slipped := progress.Card{Reviews: []progress.Line{{Answer: []int{2}}, {Answer: []int{3}}}}
	if o := ShownOptions(c, slipped, day, false); !slices.Equal(sorted(o), []int{2, 3, 5}) {
		t.Errorf("after choosing 2: %v", o)
	}
	stable := progress.Card{}
	stable.Stability = 7.5
	if o := ShownOptions(c, stable, day, false); len(o) != 5 {
		t.Errorf("stable: %v", o)
	}
	c.Multiple = true
	if o := ShownOptions(c, progress.Card{}, day, false); len(o) != 5 {
		t.Errorf("multiple: %v", o)
	}
	places := map[int]bool{}
	for i := range 40 {
		o := ShownOptions(c, stable, day+progress.Day(i), true)
		if !slices.Equal(o, ShownOptions(c, stable, day+progress.Day(i), true)) {
			t.Fatal("not the same twice")
		}
		places[slices.Index(o, 3)] = true
	}
	if len(places) != 5 {
		t.Errorf("the key stood in %d places only", len(places))
	}
	c.Ordered, c.Options = true, []int{0, 1, 2}
	if o := ShownOptions(c, stable, day, true); !slices.Equal(o, c.Options) {
		t.Errorf("ordered: %v", o)
	}
}

// What a session needs is read from the cards of a note.
func TestOfNote(t *testing.T) {
	src := "---\ntags: [aws/sqs, aws/fifo, topic/dlq]\n---\n\n# Queues\n\n> [!question] Who moves it?\n> A message fails again and again.\n>\n> 1. Lambda\n> 2. SQS\n> 3. The function\n>\n" +
		"> > [!success]- Answer: 2\n> > SQS moves it.\n> >\n> > Source: [x](https://docs.aws.amazon.com/x), 2026-11-23. #c03-1-2-4 #n20\n\n^dlq-who\n\n> [!question] Why?\n> Because.\n"
	note := card.Read("q.md", []byte(src), card.Options{})
	if len(note.Cards) != 2 {
		t.Fatalf("%d cards", len(note.Cards))
	}
	got := FromCards([]*card.Card{&note.Cards[0], &note.Cards[1]})
	want := Card{Ref: progress.Ref{ID: "dlq-who", File: "q.md", Heading: "Queues", Text: "a message fails again and again. who moves it?"},
		Sources: []string{"fifo", "sqs"}, Pair: "topic/dlq", Skills: []string{"c03-1-2-4"}, Options: []int{1, 2, 3}, Right: []int{2}, Words: 13}
	if !reflect.DeepEqual(got[0], want) {
		t.Errorf("%+v\n%+v", got[0], want)
	}
	if !got[1].Recall() || got[1].ID == "" || got[1].Text != "why?" {
		t.Errorf("%+v", got[1])
	}
	typed := FromCard(&card.Card{ID: "b", Kind: card.Blanks})
	p := newPlayer()
	s := New(p.store, []Card{typed}, Options{})
	if q, _ := s.Next(p.now); q == nil || q.Card.Recall() {
		t.Fatalf("%+v", q)
	}
	if _, err := s.Answer(p.now, nil, 0); err == nil {
		t.Error("options chosen where there are none")
	}
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, zone)
	if v, err := s.AnswerTyped(now, true, progress.Fairly); err != nil || v.Grade != fsrs.Good {
		t.Errorf("%+v %v", v, err)
	}
}

// In an exam near misses do not stand side by side: they would give each other
// away.
func TestExamKeepsPairsApart(t *testing.T) {
	p := newPlayer()
	var deck []Card
	for i := range 9 {
		c := Card{Ref: progress.Ref{ID: fmt.Sprint("c", i)}, Sources: []string{"sqs"}, Options: []int{1, 2, 3, 4}, Right: []int{1}}
		if i < 4 {
			c.Pair, c.Sources = "x", []string{fmt.Sprint("source", i)}
		}
		deck = append(deck, c)
	}
	for seed := range uint64(50) {
		e, err := NewExam(p.store, deck, ExamOptions{Questions: 9, Seed: seed}, time.Date(2026, 12, 1, 9, 0, 0, 0, zone))
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range e.Items[1:] {
			if x.Card.Pair != "" && x.Card.Pair == e.Items[i].Card.Pair && i < 5 {
				t.Errorf("seed %d: near misses at %d", seed, i)
			}
		}
	}
}
