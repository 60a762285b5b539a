package cmd

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"esmlab/quiz/progress"
)

// mainEnv makes the test binary esmlab itself.
const mainEnv = "ESMLAB_TEST_MAIN"

// statusEnv names a file to which such a process writes its /proc/self/status.
const statusEnv = "ESMLAB_TEST_STATUS"

// esmlab is the whole program in a process of its own.
func esmlab(t testing.TB, data string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe, args...)
	c.Env = append(os.Environ(), mainEnv+"=1", "XDG_DATA_HOME="+data)
	return c
}

// reviews counts the reviews in a progress file, and fails where one stands
// there twice.
func reviews(t *testing.T, data string) int {
	t.Helper()
	path := filepath.Join(data, "esmlab", "progress.jsonl")
	for id, n := range counts(t, path) {
		if n != 1 {
			t.Errorf("%s stands %d times in the file", id, n)
		}
	}
	n := 0
	for l := range openStore(progressFile{path}).Lines {
		if l.Kind == progress.KindReview {
			n++
		}
	}
	return n
}

// The whole command, killed at any moment: what it said of an answer is on
// disk, once.
func TestQuizIsKilled(t *testing.T) {
	var wg sync.WaitGroup
	times := 8
	if testing.Short() {
		times = 1
	}
	for range times {
		data := t.TempDir()
		wg.Go(func() {
			before := 0
			for range times {
				c := esmlab(t, data, "quiz", "--plain", "--new", "1000")
				in, err := c.StdinPipe()
				if err != nil {
					t.Error(err)
					return
				}
				go func() {
					for {
						if _, err := io.WriteString(in, "1\n2\n"); err != nil {
							return
						}
					}
				}()
				said := len(killed(t, c, func(line string) bool {
					return strings.HasPrefix(line, "RIGHT") || strings.HasPrefix(line, "NOT SO") || strings.HasPrefix(line, "PARTLY")
				}))
				now := reviews(t, data)
				if d := now - before; d < said || d > said+1 {
					t.Errorf("%d answers were judged, %d came to the file", said, d)
				}
				before = now
			}
			if before == 0 {
				t.Error("nothing was answered")
			}
		})
	}
	wg.Wait()
}

// A full disk, a place that cannot be written, a newer file, a broken one: it
// is said, and the quiz goes on.
func TestQuizWithoutPlace(t *testing.T) {
	dir := t.TempDir()
	newer := filepath.Join(dir, "newer")
	full := filepath.Join(dir, "full")
	for _, d := range []string{newer, full} {
		if err := os.MkdirAll(filepath.Join(d, "esmlab"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	const line = `{"v":2,"kind":"review"}` + "\nrubbish\n"
	if err := os.WriteFile(filepath.Join(newer, "esmlab", "progress.jsonl"), []byte(line), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	cases := map[string][]string{
		newer:                      {"Written by a newer esmlab, kept", "Line 2 of the progress file cannot be read", "NOT SO", "2 questions answered"},
		filepath.Join(dir, "file"): {"Not saved: ", "not a directory", "The answer counts", "2 questions answered", "4 lines of progress could not be saved."},
	}
	if _, err := os.Stat("/dev/full"); err == nil {
		if err := os.Symlink("/dev/full", filepath.Join(full, "esmlab", "progress.jsonl")); err != nil {
			t.Fatal(err)
		}
		cases[full] = []string{"Not saved: ", "no space left on device", "The answer counts", "2 questions answered", "4 lines of progress could not be saved."}
	}
	for data, want := range cases {
		c := esmlab(t, data, "quiz")
		c.Stdin = strings.NewReader("1\n2\n2\n2\n")
		out, err := c.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v", data, err)
		}
		for _, w := range want {
			if w == "NOT SO" && strings.Contains(string(out), "RIGHT") {
				continue
			}
			if !strings.Contains(strings.Join(strings.Fields(string(out)), " "), w) {
				t.Errorf("%s: no %q in\n%s", data, w, out)
			}
		}
	}
	if b, err := os.ReadFile(filepath.Join(newer, "esmlab", "progress.jsonl")); err != nil || !strings.HasPrefix(string(b), line) {
		t.Errorf("the newer file was written over: %s", b)
	}
}

const note = `## Event source mappings

- Lambda polls the records of a Kinesis stream; it is invoked synchronously.
- After an error the entire batch is reprocessed until it succeeds, or the batch expires.
- SQS standard: Lambda adds 60 more instances per minute.

> [!question] Where is a mapping of a DynamoDB stream made?
> On the side of Lambda.
`

// A person's own note: its question, the built-in cards of its facts with
// their lines, and what AWS has changed since.
func TestQuizOnANote(t *testing.T) {
	w := &world{files: map[string][]byte{"mine.md": []byte(note)}, stdin: strings.Repeat(">\n", 300)}
	code, out, errOut := w.run("quiz", "mine.md", "--new", "1000", "--cram")
	flatOut := strings.Join(strings.Fields(out), " ")
	for _, want := range []string{"your note, line 7 Where is a mapping of a DynamoDB stream made?", "On the side of Lambda.", "your note, line 4", "“After an error the entire batch is reprocessed",
		"your note, line 5: “SQS standard: Lambda adds 60 more instances per minute.” has changed since. AWS today: 300 more a minute"} {
		if !strings.Contains(flatOut, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if code != exitFine || errOut != "" {
		t.Errorf("exit %d, %s", code, errOut)
	}
	w.files["other.md"] = []byte(note)
	if _, out, _ := w.run("quiz", "mine.md", "other.md", "--cram"); !strings.Contains(out, "mine.md, line 7") {
		t.Errorf("two notes are not told apart:\n%s", out)
	}
	w.files["s3.md"] = []byte("# S3\n\nA bucket holds objects.\n")
	if code, out, errOut := w.run("quiz", "s3.md"); code != exitCannot || out != "" || !strings.Contains(errOut, "no questions in it") {
		t.Errorf("exit %d, %q, %q", code, out, errOut)
	}
}

// A question that was edited keeps its schedule, and one that is gone is named.
func TestEditedQuestion(t *testing.T) {
	file := &progress.Memory{}
	ask := func(text, stdin string) string {
		var out bytes.Buffer
		w := &world{files: map[string][]byte{"mine.md": []byte(text)}, stdin: stdin}
		w.file = file
		code, o, e := w.run("quiz", "mine.md")
		fmt.Fprint(&out, o, e)
		if code != exitFine {
			t.Errorf("exit %d: %s", code, e)
		}
		return strings.Join(strings.Fields(out.String()), " ")
	}
	const q = "> [!question] Where is the mapping of a stream made, and by whom?\n> In Lambda.\n\n"
	const other = "> [!question] What does a queue hide?\n> Messages.\n"
	ask(q+other, "\n3\n\n3\n")
	out := ask(strings.Replace(q, "by whom", "by which one", 1), "")
	for _, want := range []string{"A question was edited, and keeps its schedule: “where is the mapping", "A question that you were asked is no longer in these notes: “what does a queue hide?”", "1 being learned"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	w := &world{files: map[string][]byte{"mine.md": []byte(q)}}
	w.file = file
	if code, out, errOut := w.run("cards", "mine.md", "--orphans"); code != exitFine || !strings.HasPrefix(out, "mine.md: what does a queue hide?, asked 1 time ^") || strings.Count(out, "\n") != 1 {
		t.Errorf("orphans: exit %d, %q, %q", code, out, errOut)
	}
	w.files["mine.md"] = []byte(q + other)
	if code, out, errOut := w.run("cards", "mine.md", "--orphans"); code != exitFine || out != "" || !strings.Contains(errOut, "is still in these notes") {
		t.Errorf("no orphans: exit %d, %q, %q", code, out, errOut)
	}
}

// A note with a hundred thousand questions is asked like any other: nothing
// takes longer than its length.
func TestQuizOnAHugeNote(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 100,000 cards; the full run does")
	}
	const n = 100_000
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "> [!question] What is number %d of the Kinesis mapping?\n> It is %d.\n\n", i, i)
	}
	done := make(chan string, 1)
	go func() {
		w := &world{files: map[string][]byte{"huge.md": b.Bytes()}, stdin: "\n3\n\n3\n"}
		_, out, _ := w.run("quiz", "huge.md")
		done <- out
	}()
	select {
	case out := <-done:
		if !strings.Contains(out, "2 questions answered, 2 right.") {
			t.Error(out)
		}
	case <-time.After(2 * time.Minute):
		t.Error("it hangs")
	}
}

// What is due can be asked for alone.
func TestWhatIsDue(t *testing.T) {
	w := &world{file: &progress.Memory{}, stdin: ">\n"}
	w.run("quiz")
	code, out, errOut := w.run("quiz", "--due")
	for _, want := range []string{"10 cards due, about", "1 being learned, 9 new", "Answers of the last 14 weeks", "Cards coming due", "today    1"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if code != exitFine || errOut != "" || strings.Contains(out, "Answer (") {
		t.Errorf("exit %d, %q", code, errOut)
	}
}

// What cannot be asked for is refused before anything opens.
func TestQuizRefuses(t *testing.T) {
	for args, want := range map[string]string{
		"quiz --exam c04":               `there is no exam "c04" (c02, until 2026-11-30, or c03)`,
		"quiz --timer x3 --exam c02":    `there is no timer "x3"`,
		"quiz --questions 5":            "--timer and --questions are for an exam",
		"quiz --exam c02 --questions 0": "at least one question",
		"quiz --drill=nothing":          `there is no drill "nothing"`,
		"quiz nowhere.md":               "there is no such note",
		"quiz --cram --drill":           "none of the others can be",
	} {
		w := &world{files: map[string][]byte{}}
		if code, out, errOut := w.run(strings.Fields(args)...); code != exitCannot || out != "" || !strings.Contains(errOut, want) {
			t.Errorf("%s: exit %d, %q, %q", args, code, out, errOut)
		}
	}
}

// Without input each mode ends at once, with exit code 0.
func TestQuizEnds(t *testing.T) {
	for _, args := range []string{"quiz", "quiz --plain", "quiz --cram", "quiz --drill", "quiz --drill kinesis", "quiz --drill=checkpoint", "quiz --exam c02 --timer off", "quiz --exam DVA-C03 --questions 300"} {
		w := &world{files: map[string][]byte{}}
		code, out, errOut := w.run(strings.Fields(args)...)
		if code != exitFine || errOut != "" || !strings.Contains(out, "Answer (") && !strings.Contains(out, "Choose ") {
			t.Errorf("%s: exit %d, %q\n%s", args, code, errOut, out)
		}
	}
}

// In a terminal: from Home to the quiz and back, and each mode from the
// command line.
func TestQuizInATerminal(t *testing.T) {
	w := open(t, nil)
	w.until("Shards · Orders")
	w.keys("\x1b")
	w.until("3  quiz", "10 cards due")
	w.keys("33") // the first one after esc opens nothing
	w.until("what is due", "the built-in deck")
	w.keys("\r")
	w.until("1 of 10", "don't know")
	w.keys("0")
	w.until("It is ", "1-4 grade")
	w.keys("\x1b")
	w.until("what is due", "Answers of the last")
	w.keys("\x1b")
	w.until("c  continue", "quiz")
	for args, want := range map[string]string{"quiz --exam c03 --questions 3 --timer x2": " left", "quiz --cram": "question 1", "quiz --drill age": "drill age", "quiz": "about"} {
		open(t, nil, strings.Fields(args)...).until(want, "? all")
	}
}

// ctrl+c ends the quiz that asks line by line, too.
func TestPlainQuizIsStopped(t *testing.T) {
	c := esmlab(t, t.TempDir(), "quiz", "--plain")
	in, err := c.StdinPipe() // stays open
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out lockedBuffer
	c.Stdout = &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if strings.Contains(out.String(), "q leave") {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	_ = c.Process.Signal(os.Interrupt)
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	select {
	case <-done:
		if code := c.ProcessState.ExitCode(); code != exitStopped {
			t.Errorf("exit %d", code)
		}
	case <-time.After(10 * time.Second):
		_ = c.Process.Kill()
		t.Error("it goes on")
	}
}

// lockedBuffer is written to and read at once.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
