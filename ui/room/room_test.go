package room

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"

	"esmlab/talks"
	"esmlab/ui/present"
)

// browser is a phone: it keeps its cookie.
type browser struct {
	http.Client
	at string
}

func newBrowser(at string) *browser {
	jar, _ := cookiejar.New(nil) // no options, no error
	return &browser{Client: http.Client{Jar: jar}, at: at}
}

func (b *browser) get(t *testing.T, path string) (int, string) {
	t.Helper()
	res, err := b.Get(b.at + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

func (b *browser) vote(t *testing.T, option, sure int, round talks.Phase) (int, string) {
	t.Helper()
	res, err := b.PostForm(b.at+"/vote", url.Values{"option": {fmt.Sprint(option)}, "sure": {fmt.Sprint(sure)}, "round": {fmt.Sprint(int(round))}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

// A hundred browsers vote on loopback: each once; a late and a double vote are said to be.
func TestHundredVotes(t *testing.T) {
	t.Parallel()
	s, err := Listen(context.Background(), "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	poll := talks.NewPoll(4, 2)
	s.Ask(&present.Question{Poll: poll, Title: "What <becomes> of shard 0?", Situation: "Record 22 throws.", Options: []string{"one", "two", "three", "four"}})

	late := newBrowser(s.Votes())
	if _, text := late.get(t, "/"); !strings.Contains(text, "The vote has not begun") {
		t.Error(text)
	}
	if status, text := late.vote(t, 1, 1, talks.First); status != http.StatusConflict || !strings.Contains(text, "came too late") {
		t.Errorf("before the vote: %d %s", status, text)
	}
	poll.Go(talks.First)
	var all sync.WaitGroup
	list := make([]*browser, 100)
	for i := range list {
		list[i] = newBrowser(s.Votes())
		all.Go(func() {
			_, text := list[i].get(t, "/")
			if len(text) > 20_000 || strings.Contains(text, "<script") || !strings.Contains(text, "What &lt;becomes&gt; of shard 0?") || strings.Count(text, "<button") != 4 {
				t.Errorf("the page has %d bytes:\n%s", len(text), text)
			}
			if status, text := list[i].vote(t, 1+i%4, 1+i%3, talks.First); status != http.StatusOK || !strings.Contains(text, "Counted") || strings.Contains(text, "<button") {
				t.Errorf("%d %s", status, text)
			}
			if status, text := list[i].vote(t, 1, 3, talks.First); status != http.StatusConflict || !strings.Contains(text, "You have voted already") {
				t.Errorf("a double vote: %d %s", status, text)
			}
		})
	}
	all.Wait()
	if n := poll.Votes(); n != 100 {
		t.Errorf("%d votes", n)
	}
	if r := poll.Result(); r.First.Counts[0] != 25 || r.First.Counts[3] != 25 {
		t.Errorf("%v", r.First.Counts)
	}
	poll.Go(talks.Talking)
	if status, text := late.vote(t, 2, 1, talks.First); status != http.StatusConflict || !strings.Contains(text, "came too late") || !strings.Contains(text, "Talk with your neighbours") {
		t.Errorf("after the vote: %d %s", status, text)
	}
	poll.Go(talks.Second)
	if status, text := late.vote(t, 2, 1, talks.First); status != http.StatusConflict || !strings.Contains(text, "came too late") {
		t.Errorf("the page of the first vote in the second: %d %s", status, text)
	}
	if status, _ := list[0].vote(t, 3, 3, talks.Second); status != http.StatusOK {
		t.Error("the second vote is not counted")
	}
	for _, bad := range [][2]int{{0, 1}, {5, 1}, {1, 9}} {
		if status, _ := list[1].vote(t, bad[0], bad[1], talks.Second); status != http.StatusConflict {
			t.Errorf("%v: %d", bad, status)
		}
	}
	without := &browser{at: s.Votes()}
	if status, text := without.vote(t, 1, 1, talks.Second); status != http.StatusBadRequest || !strings.Contains(text, "cookie") {
		t.Errorf("without a cookie: %d %s", status, text)
	}
	poll.Go(talks.Shown)
	if _, text := late.get(t, "/"); !strings.Contains(text, "The votes are closed") {
		t.Error(text)
	}
	s.Ask(nil)
	if _, text := late.get(t, "/"); !strings.Contains(text, "No vote is open") || !strings.Contains(text, `http-equiv="refresh"`) {
		t.Error(text)
	}
}

// The notes are read on this machine, and nowhere else.
func TestNotes(t *testing.T) {
	t.Parallel()
	s, err := Listen(context.Background(), "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Tell(present.Notes{Talk: "T", Stop: "<S>", N: 3, Of: 7, Say: []string{"Ask first\nthen listen"}, Next: "a poll", Clock: func() string { return "12:40 of 45 min" }, Poll: "42 % are right"})
	b := newBrowser(strings.TrimSuffix(s.Speaker(), "/notes"))
	if _, text := b.get(t, "/notes"); !strings.Contains(text, "Ask first") || !strings.Contains(text, "&lt;S&gt;") || !strings.Contains(text, "12:40 of 45 min") {
		t.Error(text)
	}
	if _, text := b.get(t, "/notes.txt"); !strings.Contains(text, "stop 3 of 7   12:40 of 45 min") || !strings.Contains(text, "  Ask first\n  then listen\n") {
		t.Error(text)
	}
	b.at = s.Votes()
	if status, _ := b.get(t, "/notes"); status != http.StatusNotFound {
		t.Errorf("the class reads the notes: %d", status)
	}
	if _, err := Listen(context.Background(), "0.0.0.0:0", ""); err == nil || !strings.Contains(err.Error(), "this machine alone") {
		t.Errorf("the notes are open to all: %v", err)
	}
}
