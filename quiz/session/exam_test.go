package session

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"esmlab/quiz/card"
	"esmlab/quiz/deck"
	"esmlab/quiz/progress"
)

func builtIn(t *testing.T) []Card {
	t.Helper()
	notes, err := card.Open(deck.Files()).Notes(".", card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var cards []*card.Card
	for _, n := range notes {
		for i := range n.Cards {
			cards = append(cards, &n.Cards[i])
		}
	}
	return FromCards(cards)
}

// Exams on the built-in deck: the domains within three points of AWS's weights, no two of
// a cluster, no card twice, and each time others.
func TestExamsAreWeighed(t *testing.T) {
	cards := builtIn(t)
	now := time.Date(2026, 12, 2, 9, 0, 0, 0, zone)
	exams := uint64(200)
	if testing.Short() {
		exams = 40
	}
	seen := map[string]int{}
	for _, size := range []int{FullExam, 30, 20} {
		for seed := range exams {
			e, err := NewExam(newPlayer().store, cards, ExamOptions{Version: C03, Questions: size, Seed: seed}, now)
			if err != nil {
				t.Fatal(err)
			}
			ids, clusters, domains := map[string]bool{}, map[string]string{}, map[int]int{}
			for _, x := range e.Items {
				c := x.Card
				if ids[c.ID] {
					t.Errorf("seed %d: %s comes twice", seed, c.ID)
				}
				ids[c.ID] = true
				if other := clusters[c.Cluster]; c.Cluster != "" && other != "" {
					t.Errorf("seed %d: %s and %s are near-doubles", seed, c.ID, other)
				}
				clusters[c.Cluster] = c.ID
				domains[DomainOf(c.Skill(C03))]++
				if c.Own {
					t.Errorf("seed %d: %s asks for what AWS does not document", seed, c.ID)
				}
				if seen[c.ID]++; len(x.Options) != len(c.Options) {
					t.Errorf("seed %d: %s does not show all its options", seed, c.ID)
				}
			}
			for _, d := range Domains(C03) {
				if share := float64(domains[d.N]) * 100 / float64(len(e.Items)); math.Abs(share-float64(d.Percent)) > 3 {
					t.Errorf("seed %d, %d questions: %s is %.1f %%, AWS has %d %%", seed, len(e.Items), d.Name, share, d.Percent)
				}
			}
			if len(e.Items) != size || !e.Drawn.Even {
				t.Errorf("seed %d: %d questions of %d (%+v)", seed, len(e.Items), size, e.Drawn)
			}
		}
	}
	if len(seen) < len(cards)/2 {
		t.Errorf("of %d cards only %d are ever asked", len(cards), len(seen))
	}
}

// domained makes a deck with so many cards of each domain.
func domained(n ...int) []Card {
	var out []Card
	for d, n := range n {
		for i := range n {
			c := Card{Ref: progress.Ref{ID: fmt.Sprint("d", d, "-", i)}, Options: []int{1, 2, 3, 4}, Right: []int{2}, Sources: []string{"sqs"}}
			if d > 0 {
				c.Skills = []string{fmt.Sprintf("c03-%d-1-%d", d, i%3+1)}
			}
			out = append(out, c)
		}
	}
	return out
}

// A deck with too little of a domain gives a shorter exam, in which the weights hold; one
// that has nothing of a domain is drawn from as it is.
func TestSmallDecks(t *testing.T) {
	now := time.Date(2026, 12, 2, 9, 0, 0, 0, zone)
	for _, c := range []struct {
		deck []Card
		n    int
		even bool
		want int
	}{
		{domained(0, 50, 50, 50, 50), 65, true, 65},
		{domained(9, 50, 10, 50, 50), 65, true, 40},
		{domained(9, 50, 0, 50, 50), 65, false, 65},
		{domained(5, 1, 0, 0, 0), 65, false, 6},
		{domained(0, 3, 3, 2, 2), 10, true, 10},
		{domained(40, 0, 0, 0, 0), 20, false, 20},
	} {
		e, err := NewExam(newPlayer().store, c.deck, ExamOptions{Version: C03, Questions: c.n, Seed: 1}, now)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Items) != c.want || e.Drawn.Even != c.even {
			t.Errorf("%d questions, even %v; want %d, %v (%+v)", len(e.Items), e.Drawn.Even, c.want, c.even, e.Drawn)
		}
	}
}

// No skill of a domain takes most of its seats while others have cards.
func TestSkillsAreSpread(t *testing.T) {
	cards := domained(0, 30, 30, 30, 30)
	for i := range 100 {
		cards = append(cards, Card{Ref: progress.Ref{ID: fmt.Sprint("many", i)}, Options: []int{1, 2}, Right: []int{1}, Skills: []string{"c03-1-1-1"}})
	}
	for seed := range uint64(20) {
		e, _ := NewExam(newPlayer().store, cards, ExamOptions{Version: C03, Seed: seed}, time.Date(2026, 12, 2, 9, 0, 0, 0, zone))
		perSkill := map[string]int{}
		for _, x := range e.Items {
			perSkill[x.Card.Skill(C03)]++
		}
		if n := perSkill["1.1.1"]; n > 14 {
			t.Errorf("seed %d: 1.1.1 has %d of 20", seed, n)
		}
	}
}

// An exam that was left can be gone on with: its questions, options, answers, marks and
// time. Once it is handed in it can be looked at, with the same result.
func TestReopen(t *testing.T) {
	p := newPlayer()
	cards := domained(0, 9, 9, 9, 9)
	now := time.Date(2026, 12, 2, 9, 0, 0, 0, zone)
	e, err := NewExam(p.store, cards, ExamOptions{Version: C03, Questions: 10, Seed: 3, Run: "first"}, now)
	if err != nil {
		t.Fatal(err)
	}
	if Unfinished(p.store, now) != nil {
		t.Error("an exam in which nothing was done left a trace")
	}
	for i := range 4 {
		now = now.Add(time.Minute)
		e.GoTo(i, now)
		if err := e.Answer(now, []int{1 + i%2}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Flag(now); err != nil {
		t.Fatal(err)
	}
	e.GoTo(1, now)
	for range 2 { // a mark that was taken away again
		_ = e.Flag(now)
	}
	u := Unfinished(p.store, now)
	if u == nil || u.Run != "first" || u.Answered != 4 || u.Questions != 10 || u.Limit != 20*time.Minute || !u.Started.Equal(e.Started) {
		t.Fatalf("%+v", u)
	}
	store := progress.Open(&progress.Memory{Data: p.file.Data}, progress.Options{NewID: func() string { return fmt.Sprint(time.Now().UnixNano()) }})
	again, gone := Reopen(store, cards, "first", now)
	if gone != 0 || !reflect.DeepEqual(again.Items, e.Items) || again.Limit != e.Limit || !again.Started.Equal(e.Started) {
		t.Errorf("%+v\n%+v", again.Items, e.Items)
	}
	if left, _ := again.TimeLeft(now); left != 16*time.Minute {
		t.Errorf("%v left", left)
	}
	if Unfinished(store, now.Add(17*time.Minute)) != nil {
		t.Error("the time is over")
	}
	want, err := again.Finish(now)
	if err != nil {
		t.Fatal(err)
	}
	if Unfinished(store, now) != nil {
		t.Error("it is handed in")
	}
	past, gone := Reopen(store, cards[1:], "first", now.Add(99*time.Hour))
	if past.Result() == nil || past.Result().Right+gone < want.Right || !slices.ContainsFunc(past.Items, func(x ExamItem) bool { return x.Flagged }) {
		t.Errorf("%+v", past.Result())
	}
	if got := past.Result(); gone == 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\n%+v", got, want)
	}
	if runs := ExamRuns(store, now); len(runs) != 1 || runs[0].Right != want.Right || runs[0].Of != 10 || runs[0].Took != 4*time.Minute || !runs[0].CanReview() {
		t.Errorf("%+v", runs)
	}
	total := DomainResult{}
	for _, d := range want.Domains {
		total.Asked, total.Good = total.Asked+d.Asked, total.Good+d.Good
	}
	if total.Asked != want.Of || total.Good != want.Right {
		t.Errorf("domains come to %d of %d, the exam to %d of %d", total.Good, total.Asked, want.Right, want.Of)
	}
}
