package talks

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"esmlab/engine/scenario"
	"esmlab/lessons"
)

func named(name string) ([]byte, string, error) {
	if src, ok := scenario.Builtin(name); ok {
		return src, name, nil
	}
	return nil, "", errors.New("there is no " + name)
}

func builtIn(t *testing.T, name string) *Talk {
	t.Helper()
	src, ok := Builtin(name)
	if !ok {
		t.Fatalf("there is no presentation %s", name)
	}
	talk, err := Read("talks/builtin/"+name+".md", src, named, nil)
	if err != nil {
		t.Fatal(err)
	}
	return talk
}

// The built-in presentations keep what they say: half an hour, four polls or more, notes at
// each stop, and each poll's answer is what happens.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		talk := builtIn(t, name)
		for _, f := range talk.Check() {
			t.Errorf("%s:%d: %s (%s)", name, f.Line, f.Message, f.Right)
		}
		minutes := 0
		for i := range talk.Stops {
			s := &talk.Stops[i]
			minutes += s.Minutes
			if len(s.Say()) == 0 || s.Class() == "" || s.Minutes == 0 || s.Pane == 0 {
				t.Errorf("%s: stop %q has no notes, text, minutes or pane", name, s.Title)
			}
		}
		if minutes < 27 || minutes > 33 || talk.Polls() < 4 {
			t.Errorf("%s takes %d minutes and has %d polls", name, minutes, talk.Polls())
		}
	}
}

// Each mistake in a file is refused with its place.
func TestRefused(t *testing.T) {
	t.Parallel()
	const head = "---\ntitle: T\nscenario: poison-record\n---\n"
	for _, c := range []struct{ src, want string }{
		{"", "1:1: the presentation has no front matter"},
		{"---\nminutes: 3\n---\n\n## A\n", "has no title"},
		{"---\ntitle: T\nsize: 3\n---\n\n## A\n", "3:1: the front matter has no size"},
		{"---\ntitle: T\n---\n\n## A\n", "5:1: the first stop names no scenario"},
		{"---\ntitle: T\nscenario: no-such\n---\n\n## A\n", "there is no no-such"},
		{head, "has no stops"},
		{head + "\n## A\n\n```esmlab\nat: soon\n```\n", "9:5: at is not a time"},
		{head + "\n## A\n\n```esmlab\nat: 5s\nwhen: 'true'\n```\n", "`at` or `when`"},
		{head + "\n## A\n\n```esmlab\nwhen: nonsense(\n```\n", "9:"},
		{head + "\n## A\n\n```esmlab\nwhen: function(\"Ship\").errors > 1000\nwithin: 30s\n```\n", "does not come true from second 0 to 30"},
		{head + "\n## A\n\n```esmlab\nat: 5s\n```\n\n## B\n\n```esmlab\nat: 4s\n```\n", "before the one that it follows"},
		{head + "\n## A\n\n```esmlab\nset: {ShipOrders.BatchSize: 0}\n```\n", "BatchSize"},
		{head + "\n## A\n\n```esmlab\nlook: moon\n```\n", "there is no pane moon"},
		{head + "\n## A\n\n```esmlab\nmapping: Other\n```\n", "Other is not a mapping"},
		{head + "\n## A\n\n> [!question] What?\n>\n> 1. only one\n>\n> > [!success]- Answer: 1\n> > Yes.\n", "two to six"},
	} {
		_, err := Read("x.md", []byte(c.src), named, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "x.md:") {
			t.Errorf("%q: %v, not %q", c.src, err, c.want)
		}
	}
}

// A poll whose answer is not what happens is found.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	src, _ := Builtin("streams")
	wrong := bytes.Replace(src, []byte("> > [!success]- Answer: 3"), []byte("> > [!success]- Answer: 2"), 1)
	talk, err := Read("x.md", wrong, named, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(talk.Check())
	for _, want := range []string{"option 2 is false at the stop after the poll", "option 3 is true"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s says nothing like %q", text, want)
		}
	}
}

// A scenario with stops, and every built-in lesson, can be presented.
func TestMade(t *testing.T) {
	t.Parallel()
	src, _ := scenario.Builtin("batch-mates")
	sc, err := scenario.Read("batch-mates", src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	talk := OfScenario(sc)
	var at []string
	for _, s := range talk.Stops {
		at = append(at, s.At.String())
	}
	if got := strings.Join(at, " "); got != "0 0.3 20.2 54 60" {
		t.Errorf("its stops are at %s", got)
	}
	lib, err := lessons.Open(lessons.Files())
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range lib.Heads {
		if testing.Short() && i%6 > 0 {
			continue
		}
		l, err := lib.Lesson(h.ID)
		if err != nil {
			t.Fatal(err)
		}
		talk, err := OfLesson(l, func(action string) string { return action })
		if err != nil {
			t.Fatalf("%s: %v", h.ID, err)
		}
		if len(talk.Stops) != len(l.Steps) {
			t.Errorf("%s: %d stops for %d steps", h.ID, len(talk.Stops), len(l.Steps))
		}
		for k := 1; k < len(talk.Stops); k++ {
			if talk.Stops[k].At < talk.Stops[k-1].At {
				t.Errorf("%s: stop %d goes back in time", h.ID, k+1)
			}
		}
	}
}

// The handout has each stop with its picture and question; the answers come last.
func TestHandout(t *testing.T) {
	t.Parallel()
	talk := builtIn(t, "queues")
	md := string(talk.Markdown(func(i int) string { return fmt.Sprintf("queues-%02d.svg", i+1) }))
	for i, s := range talk.Stops {
		if !strings.Contains(md, fmt.Sprintf("## %d. %s", i+1, s.Title)) || !strings.Contains(md, fmt.Sprintf("(queues-%02d.svg)", i+1)) {
			t.Errorf("stop %d is not in the handout", i+1)
		}
	}
	if strings.Index(md, "## Answers") < strings.LastIndex(md, "**Question") || strings.Contains(md, "Ask who deletes") {
		t.Error("the answers do not come last, or the speaker's notes are in it")
	}
	page := talk.HTML(func(int) []byte {
		return []byte("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">\n<style>\n.f0{fill:#fff}.f1{fill:#000}\n</style><path class=\"f0\" d=\"M0 0\"/></svg>")
	})
	dec := xml.NewDecoder(bytes.NewReader(page))
	dec.Strict, dec.Entity, dec.AutoClose = false, xml.HTMLEntity, xml.HTMLAutoClose
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if text := string(page); !strings.Contains(text, `<svg id="p3" `) || !strings.Contains(text, "#p3 .f1{fill:#000}") || strings.Contains(text, "<script") {
		t.Error("the pictures are not apart from each other")
	}
}

// Votes count once, and only while a vote is open.
func TestVotes(t *testing.T) {
	t.Parallel()
	p := NewPoll(4, 2)
	if err := p.Cast("a", 1, Sure); !errors.Is(err, ErrClosed) {
		t.Errorf("before the vote: %v", err)
	}
	p.Go(First)
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			token := fmt.Sprint("voter", i)
			if err := p.Cast(token, i%4, 1+i%3); err != nil {
				t.Error(err)
			}
			if err := p.Cast(token, 0, Sure); !errors.Is(err, ErrTwice) {
				t.Errorf("a double vote: %v", err)
			}
		})
	}
	all.Wait()
	if p.Votes() != 100 || p.Said("voter5") != 1 || p.Cast("x", 7, Sure) != ErrOption {
		t.Errorf("%d votes", p.Votes())
	}
	p.Go(Talking)
	if err := p.Cast("late", 1, Sure); !errors.Is(err, ErrClosed) || p.Finger(1, false) {
		t.Errorf("a late vote: %v", err)
	}
	p.Go(Second)
	for i := range 50 {
		_ = p.Cast(fmt.Sprint("voter", i), 2, Sure)
	}
	first, second := p.Finger(3, false), p.Finger(3, false)
	if !first || !second || !p.Finger(3, true) || p.Finger(0, true) {
		t.Error("fingers are not counted")
	}
	p.Go(Shown)
	r := p.Result()
	if r.First.Counts[2] != 25 || r.Second.Counts[2] != 50 || r.Second.Counts[3] != 1 || r.Second.Sure[2] != 50 || r.Towards != 38 || r.Away != 0 {
		t.Errorf("%+v", r)
	}
	if !strings.Contains(r.Advice(), "25 % are right: explain") || !strings.Contains(r.Line("Q"), "3 right: 25, then 50 (50 sure)") {
		t.Errorf("%s\n%s", r.Advice(), r.Line("Q"))
	}
}
