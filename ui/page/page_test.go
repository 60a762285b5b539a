package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"esmlab/engine/scenario"
)

// shelf is a storage in memory.
type shelf struct {
	mu   sync.Mutex
	kept map[string]string
	full bool
}

func (s *shelf) Get(key string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, ok := s.kept[key]
	return text, ok
}

func (s *shelf) Set(key, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full {
		return errors.New("there is no room")
	}
	if s.kept == nil {
		s.kept = map[string]string{}
	}
	s.kept[key] = text
	return nil
}

// screenOf collects what a page draws.
type screenOf struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screenOf) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screenOf) has(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.b.String(), text)
}

// visit opens a page, and gives what types on it and what ends it.
func visit(t *testing.T, s Storage, address string) (p *Page, out *screenOf, press func(string), leave func()) {
	t.Helper()
	in, typed := io.Pipe()
	out = &screenOf{}
	n := 0
	p = New(Options{Storage: s, Now: time.Now, NewID: func() string { n++; return fmt.Sprintf("%p-%d", out, n) }, Input: in, Output: out, Cols: 100, Rows: 30, Address: address})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	return p, out, func(keys string) { _, _ = io.WriteString(typed, keys) }, func() {
		_, _ = io.WriteString(typed, "\x03")
		if err := <-ended; err != nil && !strings.Contains(err.Error(), "there is no room") {
			t.Error(err)
		}
		cancel()
		_ = in.Close()
	}
}

func await(t *testing.T, out *screenOf, text string) {
	t.Helper()
	for until := time.Now().Add(time.Minute); !out.has(text); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(until) {
			out.mu.Lock()
			defer out.mu.Unlock()
			t.Fatalf("%q has not come, but %q", text, out.b.String())
		}
	}
}

// What is answered is there at the next visit, can be taken away, and is put into another
// browser; once more it counts once. A storage that keeps nothing stops nobody.
func TestProgress(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	p, out, press, leave := visit(t, s, "#quiz")
	await(t, out, "what is due")
	press("\r")
	await(t, out, "know")
	press("0")
	await(t, out, "yourself")
	leave()
	lines := p.Export()
	if strings.Count(lines, `"kind":"review"`) != 1 {
		t.Fatalf("the progress is %q", lines)
	}
	p, out, _, leave = visit(t, s, "")
	await(t, out, "Go on")
	if kept := p.Export(); strings.Count(kept, `"kind":"review"`) != 1 {
		t.Errorf("at the next visit the progress is %q", kept)
	}
	leave()
	other := &shelf{}
	p, _, _, leave = visit(t, other, "")
	if said := p.Import(lines); !strings.HasPrefix(said, "Added ") || strings.HasPrefix(said, "Added 0") {
		t.Errorf("into another browser: %s", said)
	}
	if said := p.Import(lines); said != "Added 0 lines of progress." {
		t.Errorf("once more: %s", said)
	}
	if said := p.Drop("progress.jsonl", []byte("rubbish")); said != "No line of it could be read as progress." {
		t.Errorf("rubbish: %s", said)
	}
	leave()
	_, out, press, leave = visit(t, &shelf{full: true}, "#quiz")
	await(t, out, "what is due")
	press("\r")
	await(t, out, "know")
	press("0")
	await(t, out, "yourself")
	leave()
}

// The first frame comes before anything is read; then the browser has its turn before each
// file: no card, lesson or scenario is read while it waits for one.
func TestTurn(t *testing.T) {
	t.Parallel()
	in, typed := io.Pipe()
	out := &screenOf{}
	turns := make(chan bool)
	var early atomic.Bool
	p := New(Options{Storage: &shelf{}, Now: time.Now, NewID: func() string { return "turn" }, Input: in, Output: out, Cols: 100, Rows: 30, Turn: func() {
		if !out.has(string(entering)) {
			early.Store(true)
		}
		<-turns
	}})
	ended := make(chan error, 1)
	go func() { ended <- p.Run(t.Context()) }()
	await(t, out, "Go on")
	for range 40 {
		turns <- true
	}
	if out.has("all lessons") {
		t.Error("the lessons were read in fewer turns than there are lessons")
	}
	close(turns)
	await(t, out, "all lessons")
	await(t, out, "cards due")
	if early.Load() {
		t.Error("something was read before the first frame")
	}
	_, _ = io.WriteString(typed, "\x03")
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// An address opens a scenario, a lesson, or says what is wrong with it.
func TestAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"#poison-record": "What happened", "#lesson:failing-batch": "stops its shard", "#nothing-like-it": "cannot be opened", "#/etc/passwd": "was not"} {
		_, out, _, leave := visit(t, &shelf{}, address)
		await(t, out, want)
		leave()
	}
}

// A template that is dropped on the page opens, whatever its name; so does the next.
func TestDrop(t *testing.T) {
	t.Parallel()
	src, _ := scenario.Builtin("calm-queue")
	p, out, _, leave := visit(t, &shelf{}, "")
	await(t, out, "all lessons")
	for name, title := range map[string]string{"mine.yaml": "mine", `C:\fakepath\yours.yaml`: "yours", "no ending": "no ending", "../../up.yaml": "up"} {
		out.mu.Lock()
		out.b.Reset()
		out.mu.Unlock()
		if said := p.Drop(name, src); said != "" {
			t.Errorf("%s: %s", name, said)
		}
		await(t, out, "esmlab "+title+"\a")
	}
	if said := p.Drop("large.yaml", make([]byte, 17<<20)); said == "" {
		t.Error("17 MB are taken")
	}
	leave()
}

// The files that were dropped are a folder like any other.
func TestFolder(t *testing.T) {
	p := New(Options{Storage: &shelf{}})
	p.dropped["a.yaml"], p.dropped["b.md"] = []byte("A: 1"), []byte("# b")
	if err := fstest.TestFS(p.folder("."), "a.yaml", "b.md"); err != nil {
		t.Error(err)
	}
	if _, err := fs.Stat(p.folder("."), "c"); err == nil {
		t.Error("c is there")
	}
}
