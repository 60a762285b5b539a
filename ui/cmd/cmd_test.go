package cmd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/cockroachdb/datadriven"

	"esmlab/quiz/progress"
)

// world is a place without a terminal in which commands are run: its files
// are in memory.
type world struct {
	files map[string][]byte
	stdin string
	file  progress.File // nil: in memory, for one command
	now   func() time.Time
}

// ReadAll, Append and Sync make the world's file progress a progress.File.
func (w *world) ReadAll() ([]byte, error) { return w.files["progress"], nil }
func (w *world) Append(b []byte) error {
	w.files["progress"] = append(w.files["progress"], b...)
	return nil
}
func (w *world) Sync() error { return nil }

// perRun is what differs from run to run in a progress file.
var perRun = regexp.MustCompile(`"id":"[0-9a-f]+"|"machine":"[^"]*"`)

type memFile struct {
	bytes.Buffer
	w    *world
	name string
}

func (f *memFile) Close() error {
	f.w.files[f.name] = f.Bytes()
	return nil
}

// noon is today at noon, and what the test has taken since: a day of learning ends at
// four, and what is due in minutes then is due tomorrow.
func noon() time.Time {
	y, m, d := began.Date()
	return time.Date(y, m, d, 12, 0, 0, 0, time.Local).Add(time.Since(began))
}

var began = time.Now()

// run carries out a command line and gives exit code, stdout and stderr.
func (w *world) run(args ...string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	if w.now == nil {
		w.now = noon
	}
	code = Run(context.Background(), args, Env{In: strings.NewReader(w.stdin), Out: &o, Err: &e, File: w.file,
		ReadFile: func(name string) ([]byte, error) {
			if src, ok := w.files[name]; ok {
				return src, nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
		Now: w.now,
		Create: func(name string) (io.WriteCloser, error) {
			if strings.HasPrefix(name, "nowhere/") {
				return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
			}
			return &memFile{w: w, name: name}, nil
		},
		Dir: func(name string) fs.FS {
			files := fstest.MapFS{}
			for name, src := range w.files {
				files[name] = &fstest.MapFile{Data: src}
			}
			if sub, err := fs.Sub(files, filepath.ToSlash(filepath.Clean(name))); err == nil {
				return sub
			}
			return fstest.MapFS{}
		}})
	return code, o.String(), e.String()
}

// words splits a command line; single quotes keep spaces together.
func words(line string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(line, -1) {
		out = append(out, m[1]+m[2])
	}
	return out
}

// TestCommands plays the scripts under testdata/commands. The commands:
//
//	file NAME       writes a file
//	stdin           what stands on standard input
//	keep            from here on progress is kept, in the file progress
//	show NAME       what stands in a file
//	esmlab          runs the command line below it and prints exit code, stdout
//	                and stderr; `grep=(a,b)` keeps lines of stdout that hold a
//	                or b, `head=N` the first N lines
func TestCommands(t *testing.T) {
	datadriven.Walk(t, "testdata/commands", func(t *testing.T, path string) {
		if testing.Short() && filepath.Base(path) == "lessons" {
			t.Skip("checks every lesson")
		}
		w := &world{files: map[string][]byte{}}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var keep []string
			head := 0
			for _, a := range d.CmdArgs {
				switch a.Key {
				case "grep":
					keep = a.Vals
				case "head":
					_, _ = fmt.Sscan(a.Vals[0], &head)
				}
			}
			filter := func(s string) string {
				var out []string
				for line := range strings.Lines(s) {
					if len(keep) == 0 || slices.ContainsFunc(keep, func(k string) bool { return strings.Contains(line, k) }) {
						out = append(out, strings.TrimRight(line, " \n"))
					}
				}
				if head > 0 && len(out) > head {
					out = append(out[:head], "…")
				}
				if len(out) == 0 {
					return ""
				}
				return strings.Join(out, "\n") + "\n"
			}
			switch d.Cmd {
			case "file":
				w.files[d.CmdArgs[0].Key] = []byte(d.Input)
				return "ok\n"
			case "stdin":
				w.stdin = d.Input
				return "ok\n"
			case "show":
				return filter(perRun.ReplaceAllString(string(w.files[d.CmdArgs[0].Key]), "…"))
			case "keep":
				w.file = w
				w.now = func() time.Time { return time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC) }
				return "ok\n"
			case "esmlab":
				code, out, errOut := w.run(words(d.Input)...)
				s := fmt.Sprintf("exit %d\n%s", code, filter(out))
				if errOut != "" {
					s += "stderr: " + strings.TrimSuffix(errOut, "\n") + "\n"
				}
				return s
			}
			d.Fatalf(t, "there is no command %s", d.Cmd)
			return ""
		})
	})
}

//go:embed testdata/contract.yaml testdata/contract.json
var testdata embed.FS

func sha(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// contract gives the example of the language in three forms.
func contract(t *testing.T) *world {
	t.Helper()
	w := &world{files: map[string][]byte{}}
	for _, name := range []string{"contract.yaml", "contract.json"} {
		src, err := testdata.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		w.files[name] = src
	}
	w.stdin = string(w.files["contract.yaml"])
	return w
}

// TestSameBytes: the same template as YAML, as JSON with its keys in another
// order, and from standard input gives the same trace, byte for byte, each
// time; another seed of anything random, another.
func TestSameBytes(t *testing.T) {
	w := contract(t)
	var want string
	for range 2 {
		for _, from := range []string{"contract.yaml", "contract.json", "-"} {
			code, out, errOut := w.run("run", from, "--trace", "-")
			if code != 0 || errOut != "" {
				t.Fatalf("%s: exit %d, %s", from, code, errOut)
			}
			if want == "" {
				want = out
			}
			if out != want {
				t.Errorf("%s gives another trace", from)
			}
		}
	}
	if n := strings.Count(want, "\n"); n < 500 {
		t.Errorf("the trace has only %d lines", n)
	}
	if _, out, _ := w.run("run", "contract.yaml", "--trace", "-", "--set", "Ship.takes=300ms"); out == want {
		t.Error("a slower function changes nothing")
	}
	random := strings.Replace(w.stdin, "keys: 8}", "keys: 8, random: true}", 1)
	w.stdin = random
	_, one, _ := w.run("run", "-", "--trace", "-", "--seed", "1")
	_, again, _ := w.run("run", "-", "--trace", "-", "--seed", "1")
	_, two, _ := w.run("run", "-", "--trace", "-", "--seed", "2")
	if one != again || one == two {
		t.Error("random keys do not follow the seed")
	}
}

// TestTraceLines: every line of a trace is a JSON object, numbered from 1,
// never earlier than the one before, with a rule unless a person did it.
func TestTraceLines(t *testing.T) {
	w := contract(t)
	_, out, _ := w.run("run", "contract.yaml", "--trace", "-")
	n, at := 0, 0.0
	byPerson := []string{"set", "fix", "puts", "fault"}
	for line := range strings.Lines(out) {
		var e struct {
			N    int      `json:"n"`
			At   *float64 `json:"at"`
			Kind string   `json:"kind"`
			Rule string   `json:"rule"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if n++; e.N != n || e.At == nil || *e.At < at || e.Kind == "" {
			t.Fatalf("line %d: %s", n, line)
		}
		at = *e.At
		if (e.Rule == "") != slices.Contains(byPerson, e.Kind) {
			t.Errorf("rule and kind do not agree: %s", line)
		}
	}
}

// TestTraceFile: --trace FILE writes what --trace - prints, and the summary
// has its sum.
func TestTraceFile(t *testing.T) {
	w := contract(t)
	_, want, _ := w.run("run", "contract.yaml", "--trace", "-")
	code, out, errOut := w.run("run", "contract.yaml", "--trace", "t.jsonl", "--json")
	if code != 0 || errOut != "" {
		t.Fatalf("exit %d, %s", code, errOut)
	}
	if string(w.files["t.jsonl"]) != want {
		t.Error("the file holds another trace")
	}
	var sum struct {
		SHA string `json:"trace_sha256"`
	}
	if err := json.Unmarshal([]byte(out), &sum); err != nil {
		t.Fatal(err)
	}
	if want := sha(want); sum.SHA != want {
		t.Errorf("trace_sha256 is %s, not %s", sum.SHA, want)
	}
}

// TestSummaryCountsTheTrace: what the summary counts is what the trace tells.
func TestSummaryCountsTheTrace(t *testing.T) {
	for _, name := range []string{"poison-record", "retries-then-destination", "partial-response", "records-too-old", "timeout"} {
		w := &world{files: map[string][]byte{}}
		_, out, _ := w.run("run", name, "--trace", "t", "--json")
		var sum struct {
			Streams   map[string]struct{ Put int }
			Functions map[string]struct{ Invocations, Errors, Timeouts, Throttles int }
			Mappings  map[string]struct{ PolledEventCount, InvokedEventCount, DroppedEventCount, OnFailureDestinationDeliveredEventCount int }
			Records   map[string]int
		}
		if err := json.Unmarshal([]byte(out), &sum); err != nil {
			t.Fatal(err)
		}
		var puts, invocations, errors, timeouts, throttles, polled, invoked, dropped, delivered int
		for line := range strings.Lines(string(w.files["t"])) {
			var e struct {
				Kind, Outcome string
				Records       []string
			}
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			switch e.Kind {
			case "put":
				puts++
			case "poll":
				polled += len(e.Records)
			case "invoke":
				invocations++
				invoked += len(e.Records)
			case "return":
				switch e.Outcome {
				case "timeout":
					timeouts++
					errors++
				case "error", "crash":
					errors++
				}
			case "throttle":
				throttles++
			case "discard":
				dropped += len(e.Records)
			case "deliver":
				delivered += len(e.Records)
			}
		}
		f, m := sum.Functions["Ship"], sum.Mappings["ShipOrders"]
		got := []int{sum.Streams["Orders"].Put, f.Invocations, f.Errors, f.Timeouts, f.Throttles, m.PolledEventCount, m.InvokedEventCount,
			m.DroppedEventCount + m.OnFailureDestinationDeliveredEventCount, m.OnFailureDestinationDeliveredEventCount}
		want := []int{puts, invocations, errors, timeouts, throttles, polled, invoked, dropped, delivered}
		if !slices.Equal(got, want) || puts == 0 || invocations == 0 {
			t.Errorf("%s: the summary counts %v, the trace %v", name, got, want)
		}
		states := 0
		for state, n := range sum.Records {
			if state != "put" {
				states += n
			}
		}
		if states != sum.Records["put"] {
			t.Errorf("%s: %d records were put, %d have a state", name, sum.Records["put"], states)
		}
	}
}

// TestStoryFollowsTheTrace: without a terminal esmlab tells the story of the
// default scenario, a line for a time, a rule and a sentence; other seeds,
// settings and scenarios tell other lines; it ends with exit code 0.
func TestStoryFollowsTheTrace(t *testing.T) {
	stories := map[string]string{}
	for _, args := range [][]string{{}, {"--seed", "8", "--set", "Ship.takes=300ms"}, {"--set", "ShipOrders.BisectBatchOnFunctionError=true"}, {"calm-stream"}, {"eight-records"},
		{"lab", "--seed", "3", "timeout"}, {"--plain"}} {
		w := &world{files: map[string][]byte{}}
		code, out, errOut := w.run(args...)
		if code != 0 || errOut != "" {
			t.Errorf("%v: exit %d, %s", args, code, errOut)
		}
		_, body, _ := strings.Cut(out, "what happened\n")
		body, _, _ = strings.Cut(body, "\n\n")
		lines := 0
		for line := range strings.Lines(body) {
			if strings.HasPrefix(line, strings.Repeat(" ", 28)) {
				continue // goes on
			}
			lines++
			if !regexp.MustCompile(`^ *[0-9.]+  ([A-Z]+-[A-Z]+-[0-9]+|\(a step\)) +\S.* .`).MatchString(line) {
				t.Errorf("%v: no time, rule and sentence: %q", args, line)
			}
		}
		if lines < 2 || !strings.Contains(out, "What became of the records") || !strings.Contains(out, "esmlab lab ") {
			t.Errorf("%v: this is not a story:\n%s", args, out)
		}
		if other, ok := stories[body]; ok && len(args) > 0 && args[0] != "--plain" {
			t.Errorf("%v tells the same as %s", args, other)
		}
		stories[body] = strings.Join(args, " ")
	}
}

// TestList: scenarios, lessons, presentations and decks, each in its group.
func TestList(t *testing.T) {
	var out bytes.Buffer
	if code := Run(context.Background(), []string{"list"}, Env{Out: &out, Err: io.Discard}); code != exitFine {
		t.Fatalf("exit %d", code)
	}
	text := out.String()
	last := 0
	for _, want := range []string{"Scenarios (", "\n  poison-record ", "\nLessons (", "\n  failing-batch ", "\nPresentations (", "\n  streams ", "30 minutes, 10 stops, 4 polls", "\nDecks (", "\n  deck ", "\n    streams/destinations.md "} {
		at := strings.Index(text, want)
		if at < last {
			t.Errorf("%q stands at %d, after %d:\n%s", want, at, last, text)
		}
		last = at
	}
}

// full is a place that takes nothing more.
type full struct{}

func (full) Write([]byte) (int, error) {
	return 0, &fs.PathError{Op: "write", Path: "/dev/stdout", Err: errors.New("no space left on device")}
}

// TestNothingMoreFits: what cannot be written is said, with exit code 2.
func TestNothingMoreFits(t *testing.T) {
	for _, args := range [][]string{{"run", "calm-stream"}, {"run", "calm-stream", "--json"}, {"run", "calm-stream", "--trace", "-"}, {"lab", "calm-stream"}, {"explain"}, {"list"}, {"check", "calm-stream"}} {
		var errOut bytes.Buffer
		code := Run(context.Background(), args, Env{In: strings.NewReader(""), Out: full{}, Err: &errOut})
		if code != exitCannot || errOut.String() != "esmlab: the output cannot be written: no space left on device\n" {
			t.Errorf("%v: exit %d, %q", args, code, errOut.String())
		}
	}
}

// TestStopped: a run that is interrupted ends with exit code 130 and says
// nothing about it.
func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errOut bytes.Buffer
	if code := Run(ctx, []string{"run", "calm-stream", "--trace", "-"}, Env{In: strings.NewReader(""), Out: &out, Err: &errOut}); code != exitStopped || errOut.Len() > 0 {
		t.Errorf("exit %d, %q", code, errOut.String())
	}
	if !strings.HasSuffix(out.String(), "}\n") {
		t.Error("the trace lacks what came before the end")
	}
}
