package cmd

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hinshun/vt10x"

	"esmlab/engine/scenario"
)

// tty is a terminal in which a command runs: keys go in, cells come out.
type tty struct {
	t     testing.TB
	mu    sync.Mutex
	vt    vt10x.Terminal
	in    *io.PipeWriter
	files map[string][]byte
	exit  chan int
	begin time.Time
}

func (w *tty) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.vt.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), nil
}

func (w *tty) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.vt.String()
}

func (w *tty) save(name string, src []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files[name] = src
}

// open starts a command in a terminal of 80x24.
func open(t testing.TB, files map[string][]byte, args ...string) *tty {
	t.Helper()
	pr, pw := io.Pipe()
	w := &tty{t: t, vt: vt10x.New(vt10x.WithSize(80, 24)), in: pw, files: files, exit: make(chan int, 1), begin: time.Now()}
	go func() {
		w.exit <- Run(context.Background(), args, Env{In: pr, Out: w, Err: io.Discard, Interactive: true, OutIsTerminal: true, Cols: 80, Rows: 24,
			Env: []string{"TERM=xterm-256color"},
			ReadFile: func(name string) ([]byte, error) {
				w.mu.Lock()
				defer w.mu.Unlock()
				if src, ok := w.files[name]; ok {
					return bytes.Clone(src), nil
				}
				return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
			}})
	}()
	t.Cleanup(func() {
		go io.WriteString(pw, "\x03")
		select {
		case <-w.exit:
		case <-time.After(10 * time.Second):
			t.Error("ctrl+c does not leave")
		}
		pw.Close()
	})
	return w
}

// until waits for texts to be on the screen, and gives how long after the
// start that was.
func (w *tty) until(want ...string) time.Duration {
	w.t.Helper()
	for range 2000 {
		text, missing := w.text(), ""
		for _, x := range want {
			if !strings.Contains(text, x) {
				missing = x
			}
		}
		if missing == "" {
			return time.Since(w.begin)
		}
		time.Sleep(5 * time.Millisecond)
	}
	w.t.Fatalf("no %q on the screen:\n%s", want, w.text())
	return 0
}

// esc presses esc and waits until a text is gone: a key that follows too
// closely would be taken for one with alt.
func (w *tty) esc(gone string) {
	w.t.Helper()
	w.keys("\x1b")
	for range 2000 {
		if !strings.Contains(w.text(), gone) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	w.t.Fatalf("%q is still on the screen:\n%s", gone, w.text())
}

func (w *tty) keys(keys string) { io.WriteString(w.in, keys) }

// Without a word on the command line the lab opens.
func TestFirstFrame(t *testing.T) {
	w := open(t, nil)
	w.until("Shards · Orders", "Iterators", "seed 7")
}

// BenchmarkFirstFrame is from the command line to the first frame: under 100 ms.
func BenchmarkFirstFrame(b *testing.B) {
	for b.Loop() {
		w := open(b, nil)
		w.until("Shards · Orders", "Iterators", "seed 7")
		w.keys("\x03")
		w.exit <- <-w.exit
	}
}

// A file that was saved while it is open is told of, and read at R; one that
// cannot be used leaves the run as it was.
func TestFileSavedWhileOpen(t *testing.T) {
	src, _ := scenario.Builtin("poison-record")
	files := map[string][]byte{"mine.yaml": src}
	w := open(t, files, "lab", "mine.yaml")
	w.until("1 Shards · Orders", "2x")
	w.save("mine.yaml", bytes.Replace(src, []byte("BatchSize: 8"), []byte("BatchSize: 20000"), 1))
	w.until("The file has changed")
	w.keys("R")
	w.until("The file cannot be used", "mine.yaml:")
	w.esc("The file cannot be used")
	w.save("mine.yaml", bytes.Replace(src, []byte("BatchSize: 8"), []byte("BatchSize: 5"), 1))
	w.until("The file has changed")
	w.keys("R")
	w.until("The file was read again", "BatchSize 5")
}

// A file that was saved is deployed at this instant, and so is another one: the run
// goes on, and z takes it back. One that CloudFormation refuses changes nothing.
func TestDeployInTheLab(t *testing.T) {
	src, _ := scenario.Builtin("poison-record")
	next := bytes.Replace(src, []byte("BatchSize: 8"), []byte("BatchSize: 5"), 1)
	files := map[string][]byte{"mine.yaml": src, "next.yaml": bytes.Replace(src, []byte("StartingPosition: TRIM_HORIZON"), []byte("StartingPosition: LATEST"), 1)}
	w := open(t, files, "lab", "mine.yaml")
	w.until("1 Shards · Orders", "BatchSize 8")
	w.save("mine.yaml", next)
	w.until("The file has changed")
	deploy := func(file string) {
		w.keys(":deploy" + file)
		w.until(": deploy" + file)
		w.keys("\r")
	}
	deploy("")
	w.until("BatchSize 5", "CloudFormation updates")
	w.keys("z")
	w.until("BatchSize 8")
	deploy(" next.yaml")
	w.until("Refused", "ResourceConflictException")
	w.esc("Refused")
	deploy(" nothing.yaml")
	w.until("The file cannot be deployed")
}

// A template with a slip in it that would take a thing away is refused as a whole, and the run
// goes on with all it has; what is left alone is said.
func TestDeploySlips(t *testing.T) {
	src, _ := scenario.Builtin("poison-record")
	change := func(from, to string) []byte {
		if !bytes.Contains(src, []byte(from)) {
			t.Fatal("no ", from)
		}
		return bytes.Replace(src, []byte(from), []byte(to), 1)
	}
	slips := []struct {
		file, said string
		src        []byte
	}{
		{"stream.yaml", "AWS::Kinesis::Stream?", change("AWS::Kinesis::Stream", "AWS::Kinesis::Steam")},
		{"function.yaml", "AWS::Serverless::Function?", change("AWS::Serverless::Function", "AWS::Serverless::Funktion")},
		{"event.yaml", "did you mean Kinesis?", change("Type: Kinesis\n", "Type: Kineses\n")},
		{"section.yaml", "did you mean Resources?", change("\nResources:", "\nResurces:")},
		{"inside.yaml", "Failures is a resource", change("  Failures:\n    Type", "    Failures:\n      Type")},
	}
	files := map[string][]byte{"mine.yaml": src,
		"new.yaml": append(change("BatchSize: 8", "BatchSize: 5"), "  New: {Type: AWS::Kinesis::Tap}\n"...)}
	for _, x := range slips {
		files[x.file] = x.src
	}
	w := open(t, files, "lab", "mine.yaml")
	w.until("1 Shards · Orders", "BatchSize 8")
	deploy := func(file string) {
		w.keys(":deploy " + file)
		w.until(": deploy " + file)
		w.keys("\r")
	}
	for _, x := range slips {
		deploy(x.file)
		w.until("The file cannot be deployed", x.said, "The run goes on as it was.")
		w.esc("The file cannot be deployed")
		w.until("1 Shards · Orders", "BatchSize 8")
	}
	deploy("new.yaml")
	w.until("BatchSize 5", "Deployed, with notes", "AWS::Kinesis::Tap, the type of New, is not among")
	w.esc("Deployed, with notes")
	w.keys(":notes\r")
	w.until("Notes on mine", "New (AWS::Kinesis::Tap)")
	w.esc("Notes on mine")

	// what is undone is noted no more, and again when it is redone
	w.keys("z")
	w.until("BatchSize 8")
	w.keys(":notes\r")
	w.until("Everything in this template is simulated as it stands.")
	w.esc("Everything in this template")
	w.keys("Z")
	w.until("BatchSize 5")
	w.keys(":notes\r")
	w.until("Notes on mine", "New (AWS::Kinesis::Tap)")
}

// esc leads to Home, from there another scenario and a template of one's own
// are opened, and what was left goes on.
func TestHomeOpens(t *testing.T) {
	src, _ := scenario.Builtin("eight-records")
	w := open(t, map[string][]byte{"mine.yaml": src})
	w.until("Shards · Orders")
	w.esc("Shards · Orders")
	w.until("continue", "1  next lesson  The tour", "2  all lessons", "4  Streams: flow", "a template…")
	w.keys("44\r") // the first one after esc opens nothing
	w.until("calm-stream", "1 Shards")
	w.esc("1 Shards")
	w.until("c  continue", "calm-stream")
	w.keys("tmine.yml\r")
	w.until("mine.yml: there is no such file")
	w.keys("\x15mine.yaml\r")
	w.until("1 Shards", "mine")
}

// The first line of the first lab leads to the tour and to a template of one's
// own; any other key just works, and then the digits are the panes'.
func TestBegin(t *testing.T) {
	w := open(t, nil)
	w.until("New here?  1 two-minute tour  2 quiz  3 my own template")
	w.keys("1")
	w.until("Say: A few words to begin with", "1 of 7")
	w.esc("Say: A few words to begin with")
	w.until("New here?")
	w.keys("3")
	w.until("Your own template", "file")
	w.esc("Your own template")
	w.keys("c")
	w.until("New here?")
	w.keys("b")
	w.until("you set BisectBatchOnFunctionError", "1 Shards · Orders")
	w.keys("1")
	w.until("═ 1 Shards")
}

// learn opens the lesson that is next; Home lies below it.
func TestLearnOpens(t *testing.T) {
	w := open(t, nil, "learn", "failing-batch")
	w.until("Say: Two shards", "1 of 9")
	w.esc("› 1 Shards") // the cursor goes first
	w.esc("Say: Two shards")
	w.until("c  continue", "A failing batch", "2  all lessons")
	w.keys("22") // the first one after esc opens nothing
	w.until("═ all lessons ═", "0 of 51 done", "A failing batch stops")
	w.keys("1")
	w.until("Say: A few words to begin with")
	w.esc("Say: A few words to begin with")
	w.until("c  continue", "The tour")
}
