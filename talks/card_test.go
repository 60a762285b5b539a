package talks

import (
	"fmt"
	"strings"
	"testing"

	"esmlab/engine/timeline"
	"esmlab/quiz/card"
	"esmlab/quiz/deck"
	"esmlab/quiz/notes"
	"esmlab/quiz/proof"
)

// deckCards gives a card of the built-in deck by its id.
func deckCards(t *testing.T) ([]*card.Card, Cards) {
	t.Helper()
	folders, err := notes.Files{Deck: deck.Files()}.Read([]string{notes.Deck}, card.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all []*card.Card
	of := map[string]*proof.Prover{}
	for _, f := range folders {
		p := f.Prover()
		for _, n := range f.Notes {
			for i := range n.Cards {
				all, of[n.Cards[i].ID] = append(all, &n.Cards[i]), p
			}
		}
	}
	return all, func(id string) (*card.Card, *proof.Prover, error) {
		for _, c := range all {
			if c.ID == id {
				return c, of[id], nil
			}
		}
		return nil, nil, fmt.Errorf("the built-in deck has no card %q", id)
	}
}

// Any card with one right option is a poll: its options are numbered as a class sees them,
// and where a run proves it, that run goes on from the vote to the answer.
func TestAnyCard(t *testing.T) {
	t.Parallel()
	all, given := deckCards(t)
	polls, runs := 0, 0
	for i, c := range all {
		if testing.Short() && i%8 != 0 {
			continue
		}
		_, p, _ := given(c.ID)
		talk, err := OfCard(c, p)
		if votes := len(c.Options) >= 2 && len(c.Options) <= 6 && len(c.Key()) == 1; votes != (err == nil) {
			t.Errorf("%s: %v", c.ID, err)
		}
		if err != nil {
			continue
		}
		polls++
		vote, answer := &talk.Stops[0], &talk.Stops[1]
		for k, o := range vote.Poll.Options {
			if o.N != k+1 || o.Right != c.Options[k].Right {
				t.Errorf("%s: option %d is %+v", c.ID, k+1, o)
			}
		}
		if answer.Poll != nil || answer.Class() == "" || (vote.World == nil) != (c.Proof == nil) {
			t.Errorf("%s: the answer is %+v", c.ID, answer)
		}
		if vote.World == nil {
			continue
		}
		runs++
		if !answer.Continues || vote.World != answer.World || vote.At > answer.At || answer.At > vote.World.Config.For {
			t.Errorf("%s: the vote is at %s, the answer at %s", c.ID, vote.At, answer.At)
		}
		tl, err := timeline.New(vote.World.Config)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		tl.Advance(vote.At, -1)
	}
	if polls < 20 || runs < 10 {
		t.Errorf("%d polls, %d of them with a run", polls, runs)
	}
}

// A stop of a file asks a card: its own run is shown and the answer follows, or, where the
// stop names a run, the poll is about that.
func TestPollOfCard(t *testing.T) {
	t.Parallel()
	all, given := deckCards(t)
	var proved, told, other *card.Card
	for _, c := range all {
		one := len(c.Options) >= 2 && len(c.Options) <= 6 && len(c.Key()) == 1
		switch {
		case one && c.Proof != nil && c.Proof.Scenario != "calm-stream" && proved == nil:
			proved = c
		case one && c.Proof == nil && told == nil:
			told = c
		case !one && other == nil:
			other = c
		}
	}
	read := func(stops ...string) (*Talk, error) {
		src := "---\ntitle: T\nscenario: calm-stream\n---\n"
		for i, s := range stops {
			src += fmt.Sprintf("\n## Stop %d\n\nText %d.\n\n```esmlab\n%s\n```\n", i+1, i+1, s)
		}
		return Read("x.md", []byte(src), named, given)
	}
	talk, err := read("poll: "+proved.ID, "at: 3s", "poll: "+told.ID, "at: 6s", "{poll: "+proved.ID+", at: 9s}", "at: 12s")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range talk.Stops {
		s := &talk.Stops[i]
		world := "none"
		if s.World != nil {
			world = s.World.Name
		}
		if world == proved.Proof.Scenario {
			world = "its own"
		}
		got = append(got, fmt.Sprintf("%s: %s %t %t", s.Title, world, s.Poll != nil, s.Continues))
	}
	want := "Stop 1: its own true false|The answer: its own false true|Stop 2: calm-stream false false|Stop 3: none true false|The answer: none false false|Stop 4: calm-stream false false|Stop 5: calm-stream true true|Stop 6: calm-stream false true"
	if text := strings.Join(got, "|"); text != want {
		t.Errorf("the stops are\n%s\nnot\n%s", text, want)
	}
	if talk.Stops[0].Class() != "Text 1." || talk.Polls() != 3 {
		t.Errorf("%q, %d polls", talk.Stops[0].Class(), talk.Polls())
	}
	for _, f := range talk.Check() {
		if !f.Info && f.Line != talk.Stops[6].Poll.Line {
			t.Errorf("check: %+v", f)
		}
	}
	if text := string(talk.HTML(func(int) []byte { return nil })) + string(talk.Markdown(func(int) string { return "p.svg" })); !strings.Contains(text, "Question 3.") {
		t.Error("the handout has no third question")
	}
	for block, message := range map[string]string{"poll: no-such-card": "no card", "poll: " + other.ID: "a card of another kind"} {
		if _, err := read(block); err == nil || !strings.Contains(err.Error(), message) || !strings.Contains(err.Error(), "x.md:") {
			t.Errorf("%s: %v", block, err)
		}
	}
}
