package cmd

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"esmlab/quiz/fsrs"
	"esmlab/quiz/progress"
	"esmlab/quiz/session"
)

// childEnv makes the test binary answer cards on the file it names until it
// is killed, or as many as childCards says.
const (
	childEnv   = "ESMLAB_TEST_PROGRESS"
	childCards = "ESMLAB_TEST_CARDS"
)

func TestMain(m *testing.M) {
	if os.Getenv(mainEnv) != "" {
		code := Main()
		if path := os.Getenv(statusEnv); path != "" { // what the kernel says of this process as it ends
			status, _ := os.ReadFile("/proc/self/status")
			_ = os.WriteFile(path, status, 0o600)
		}
		os.Exit(code)
	}
	if path := os.Getenv(childEnv); path != "" {
		quizChild(path)
		return
	}
	os.Exit(m.Run())
}

// openStore reads a progress file.
func openStore(f progress.File) *progress.Store {
	s := progress.New(f, progress.Options{Machine: machine(), NewID: newLineID})
	s.Refresh()
	return s
}

// quizChild takes the quiz, twelve hours after its last answer and on from
// there, and says the id of each answer as soon as the session has taken it.
func quizChild(path string) {
	store := openStore(progressFile{path})
	var deck []session.Card
	for i := range 7 {
		deck = append(deck, session.Card{Ref: progress.Ref{ID: fmt.Sprint("card-", i), File: "note.md", Text: strings.Repeat("a question of some length ", os.Getpid()%40)}})
	}
	most := 1 << 30
	if v := os.Getenv(childCards); v != "" {
		_, _ = fmt.Sscan(v, &most)
	}
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	for l := range store.Lines {
		now = l.At
	}
	quiz := session.New(store, deck, session.Options{})
	for done := 0; done < most; now = now.Add(12 * time.Hour) {
		q, _ := quiz.Next(now)
		if q == nil {
			continue
		}
		id := q.Card.ID
		if v, err := quiz.Recall(now, fsrs.Hard); err != nil || v.Err != nil {
			fmt.Println("error", err, v.Err)
			return
		}
		fmt.Println(store.Card(id).Last().ID)
		done++
	}
}

func child(t *testing.T, path string, env ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe)
	c.Env = append(os.Environ(), append(env, childEnv+"="+path)...)
	return c
}

// counts gives how many times each id is in a file that can be read.
func counts(t *testing.T, path string) map[string]int {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for line := range strings.Lines(string(data)) {
		if _, rest, ok := strings.Cut(line, `"id":"`); ok && strings.HasSuffix(strings.TrimSpace(line), "}") {
			id, _, _ := strings.Cut(rest, `"`)
			out[id]++
		}
	}
	return out
}

// A quiz that is killed a thousand times, at any moment, loses no review that
// was answered and has none twice. Most of the time is spent waiting for the
// disk, so several are killed at once, each with a file of its own.
func TestKilledAThousandTimes(t *testing.T) {
	files, times := 40, 25
	if testing.Short() {
		files, times = 2, 4
	}
	var answered atomic.Int64
	var wg sync.WaitGroup
	most := make(chan bool, 10) // at once
	for range files {
		path := filepath.Join(t.TempDir(), "data", "progress.jsonl")
		wg.Go(func() {
			most <- true
			defer func() { <-most }()
			acknowledged := map[string]bool{}
			for range times { // each goes on where the one before was killed
				for _, id := range killed(t, child(t, path), func(string) bool { return true }) {
					acknowledged[id] = true
				}
			}
			complete(t, path, acknowledged, times)
			answered.Add(int64(len(acknowledged)))
		})
	}
	wg.Wait()
	if n := answered.Load(); n < int64(files*times) {
		t.Errorf("only %d reviews were answered", n)
	}
}

// complete fails where a review that was answered is not in a file, or twice.
func complete(t *testing.T, path string, acknowledged map[string]bool, times int) {
	t.Helper()
	seen := map[string]bool{}
	for l := range openStore(progressFile{path}).Lines {
		if l.Kind == progress.KindReview {
			seen[l.ID] = true
		}
	}
	for id := range acknowledged {
		if !seen[id] {
			t.Errorf("the review %s was answered and is lost", id)
		}
	}
	for id, n := range counts(t, path) {
		if n != 1 {
			t.Errorf("%s stands %d times in the file", id, n)
		}
	}
	if extra := len(seen) - len(acknowledged); extra > times { // a kill may come between writing and saying so
		t.Errorf("%d more reviews than were answered", extra)
	}
}

// killed runs a quiz, kills it a moment after its first answer, and gives the
// lines in which it says that one was saved.
func killed(t *testing.T, c *exec.Cmd, saved func(line string) bool) (said []string) {
	t.Helper()
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Error(err)
		return nil
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "error") {
			t.Error(lines.Text())
		}
		if !saved(lines.Text()) {
			continue
		}
		if len(said) == 0 {
			time.AfterFunc(time.Duration(rand.IntN(1500))*time.Microsecond, func() { _ = c.Process.Kill() })
		}
		said = append(said, lines.Text())
	}
	_ = c.Wait()
	return said
}

// Several esmlab at once on one file lose nothing.
func TestSeveralAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "progress.jsonl")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if out, err := child(t, path, childCards+"=50").Output(); err != nil || strings.Count(string(out), "\n") != 50 {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	s := openStore(progressFile{path})
	reviews := 0
	for l := range s.Lines {
		if l.Kind == progress.KindReview {
			reviews++
		}
	}
	if reviews != 200 || len(s.Notes()) != 0 {
		t.Errorf("%d reviews, %q", reviews, s.Notes())
	}
}

// Where nothing can be written or read, the person is told, and the quiz
// knows what was answered.
func TestNoPlaceForProgress(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("not a directory"), 0o400); err != nil {
		t.Fatal(err)
	}
	full := filepath.Join(dir, "full")
	if err := os.Symlink("/dev/full", full); err != nil {
		t.Skip("this file system has no symbolic links: ", err)
	}
	for path, want := range map[string]string{
		filepath.Join(file, "esmlab", "progress.jsonl"): "not a directory", // as in a home that cannot be written
		full: "no space left on device",
		dir:  "is a directory",
	} {
		if path == full {
			if _, err := os.Stat("/dev/full"); err != nil {
				continue
			}
		}
		s := openStore(progressFile{path})
		err := s.Write(s.Stamp(time.Now(), progress.Line{Kind: progress.KindReview, Card: "a", Grade: fsrs.Good}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
		if !s.Card("a").Seen() || len(s.Notes()) == 0 || s.Unsaved() != 1 {
			t.Errorf("%s: %q", path, s.Notes())
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "not a directory" {
		t.Errorf("the file was changed: %s", b)
	}
}

func TestProgressPath(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	for xdg, want := range map[string]string{"/data": "/data/esmlab/progress.jsonl", "": "/home/me/.local/share/esmlab/progress.jsonl", "rel": "/home/me/.local/share/esmlab/progress.jsonl"} {
		t.Setenv("XDG_DATA_HOME", xdg)
		if p, err := progressPath(); err != nil || filepath.ToSlash(p) != want {
			t.Errorf("%q: %s, %v", xdg, p, err)
		}
	}
}
