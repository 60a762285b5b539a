package serve

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/scenario"
	"esmlab/talks"
	"esmlab/ui/kit"
	"esmlab/ui/present"
	"esmlab/ui/room"
)

// polled presents a built-in presentation to a class whose polls are votes of guests and
// phones. send sends its program a message.
func polled(t *testing.T, name string) (c *Class, doors *room.Server, ssh, web string, send func(tea.Msg)) {
	t.Helper()
	doors, err := room.Listen(context.Background(), "127.0.0.1:0", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(doors.Close)
	c, ssh, web = open(t, Options{Asked: doors.Asked, Vote: doors.Handler(false)})
	doors.VoteAt("http://" + web + "/vote")
	src, _ := talks.Builtin(name)
	talk, err := talks.Read(name+".md", src, func(name string) ([]byte, string, error) {
		src, _ := scenario.Builtin(name)
		return src, name, nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	send = presenting(t, c, func(s *kit.ScreenStack) error {
		p, err := present.New(s, present.Options{Talk: talk, Room: doors, Now: time.Now})
		if err == nil {
			s.Open(p)
		}
		return err
	})
	return c, doors, ssh, web, send
}

// within waits until something holds.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); !holds(); time.Sleep(3 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("not so in half a minute: " + what)
		}
	}
}

// A poll of the presenter's is one for all: a guest by SSH, one who has come in by a
// browser, and a phone at the browser door vote on it, each once in each vote.
func TestPoll(t *testing.T) {
	t.Parallel()
	c, doors, ssh, web, send := polled(t, "streams")
	within(t, "something is shown", c.shows)
	press := func(code rune) { send(tea.KeyPressMsg{Code: code}) }
	one, two := join(t, ssh, 80, 24), join(t, ssh, 120, 40)
	one.expect("take a copy")
	two.expect("take a copy")
	one.press("1") // nothing is asked yet
	one.expect("asks nothing now")
	for doors.Asked() == nil { // to the first poll; a press while time runs goes there at once
		press(tea.KeyPgDown)
		time.Sleep(20 * time.Millisecond)
	}
	votes := doors.Asked().Poll
	within(t, "the question is asked", func() bool { return votes.Phase() == talks.Asked })
	one.expect("becomes of shard 0")
	one.press("3")
	one.expect("vote has not begun")

	press(tea.KeyPgDown)
	one.expect("your vote")
	two.expect("your vote")
	two.expect(web + "/vote") // how a phone votes is on the screen of who has room for it
	one.press("3")
	one.expect("How sure are you?")
	one.press(esc) // the choice is taken back
	one.expect("your vote")
	one.press("4")
	one.expect("Your vote: 4")
	one.press("3")
	one.expect("Counted: 4")
	one.press("1")
	one.expect("You have voted for 4 already")
	two.press("3")
	two.expect("Your vote: 3")
	two.press("1")
	two.expect("Counted: 3")

	jar, _ := cookiejar.New(nil) // no options, no error
	phone := http.Client{Jar: jar}
	page := func() string {
		t.Helper()
		res, err := phone.Get("http://" + web + "/vote")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK {
			t.Errorf("the page of the votes: %s", res.Status)
		}
		return string(text)
	}
	cast := func(option, round string) string {
		t.Helper()
		res, err := phone.PostForm("http://"+web+"/vote", url.Values{"option": {option}, "sure": {"2"}, "round": {round}})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return string(text)
	}
	if text := page(); !strings.Contains(text, "<button") {
		t.Errorf("the phone is shown %s", text)
	}
	if text := cast("3", "1"); !strings.Contains(text, "Counted") {
		t.Errorf("the phone's vote: %s", text)
	}
	if text := page(); !strings.Contains(text, "Your vote: <b>3</b>") { // it looks again by itself, at this address
		t.Errorf("the phone is shown %s", text)
	}
	press('2') // and a raised finger
	within(t, "four votes", func() bool { return votes.Votes() == 4 })
	if r := votes.Result(); r.First.Counts[3] != 1 || r.First.Sure[3] != 1 || r.First.Counts[2] != 2 || r.First.Sure[2] != 0 || r.First.Counts[1] != 1 {
		t.Errorf("the first vote went %+v", r.First)
	}

	press(tea.KeyPgDown)
	one.expect("Talk with your neighbours")
	one.press("2")
	one.expect("then everybody votes again")
	press(tea.KeyPgDown)
	one.expect("1-4 your vote")
	one.press("3")
	one.expect("How sure")
	press(tea.KeyPgDown) // the vote is closed while somebody is choosing
	within(t, "the result is shown", func() bool { return votes.Phase() == talks.Shown })
	one.press("3")
	one.expect("too late")
	if r := votes.Result(); r.Second.Votes() != 0 {
		t.Errorf("a late vote counts: %+v", r.Second)
	}
	press(tea.KeyPgDown)
	within(t, "nothing is asked while time runs", func() bool { return doors.Asked() == nil })
}
