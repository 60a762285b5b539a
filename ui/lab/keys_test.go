package lab

import (
	"bytes"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/hinshun/vt10x"

	"esmlab/engine"
	"esmlab/ui"
	"esmlab/ui/home"
	"esmlab/ui/kit"
)

// screen is a whole program under a clock that the test moves: bytes go in as
// a terminal sends them, cells come out.
type screen struct {
	t     *testing.T
	m     *Lab
	p     *tea.Program
	vt    vt10x.Terminal
	in    *io.PipeWriter
	done  chan error
	turns atomic.Int32 // orders what a test reads before what the program writes next
	wrote int
	raw   bytes.Buffer
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

// play runs the lab at the frames' instant, stopped unless o says otherwise.
func play(t *testing.T, o Options, do func(*screen)) {
	t.Helper()
	playEnv(t, []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, o, do)
}

func playEnv(t *testing.T, env []string, o Options, do func(*screen)) {
	t.Helper()
	o.At = drawn
	run(t, env, o, do)
}

// playAt runs the lab from an instant on.
func playAt(t *testing.T, at engine.Micros, o Options, do func(*screen)) {
	t.Helper()
	o.At = at
	run(t, []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, o, do)
}

func run(t *testing.T, env []string, o Options, do func(*screen)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if o.Scenario == nil {
			o.Scenario = poison(2)
		}
		var lab *Lab
		m, err := ui.Model(ui.Options{Mouse: true, Env: env}, func(screens *kit.ScreenStack) (err error) {
			screens.Open(&home.Home{Screens: screens})
			lab, err = New(screens, o)
			screens.Open(lab)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s := &screen{t: t, m: lab, vt: vt10x.New(vt10x.WithSize(120, 36)), done: make(chan error, 1)}
		out := writer(func(p []byte) (int, error) {
			s.turns.Load()
			s.wrote += len(p)
			s.raw.Write(p)
			s.vt.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
			return len(p), nil
		})
		pr, pw := io.Pipe()
		s.in = pw
		p := tea.NewProgram(m, tea.WithInput(pr), tea.WithOutput(out), tea.WithWindowSize(120, 36), tea.WithFPS(60), tea.WithoutSignalHandler(),
			tea.WithEnvironment(env), tea.WithColorProfile(colorprofile.Env(env)))
		s.p = p
		go func() { _, err := p.Run(); s.done <- err }()
		s.wait(200 * time.Millisecond)
		do(s)
		p.Quit()
		<-s.done
		pw.Close()
		time.Sleep(time.Second)
	})
}

func (s *screen) wait(d time.Duration) {
	s.turns.Add(1)
	time.Sleep(d)
	synctest.Wait()
}

// keys sends keys one after the other.
func (s *screen) keys(list ...string) {
	for _, k := range list {
		pause := 100 * time.Millisecond
		if k == "esc" {
			pause *= 3 // the reader waits whether a sequence follows
		}
		if b, ok := bytesOf[k]; ok {
			k = b
		}
		io.WriteString(s.in, k)
		s.wait(pause)
	}
}

var bytesOf = map[string]string{"space": " ", "enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "right": "\x1b[C", "left": "\x1b[D",
	"up": "\x1b[A", "down": "\x1b[B", "pgdown": "\x1b[6~", "pgup": "\x1b[5~", "home": "\x1b[H", "end": "\x1b[F", "f1": "\x1bOP", "ctrl+p": "\x10", "ctrl+s": "\x13",
	"ctrl+c": "\x03", "shift+right": "\x1b[1;2C", "shift+left": "\x1b[1;2D", "backspace": "\x7f"}

func (s *screen) text() string { return s.vt.String() }

func (s *screen) has(want ...string) {
	s.t.Helper()
	for _, w := range want {
		if !strings.Contains(s.text(), w) {
			s.t.Errorf("no %q on the screen:\n%s", w, s.text())
		}
	}
}

func (s *screen) hasNot(not string) {
	s.t.Helper()
	if strings.Contains(s.text(), not) {
		s.t.Errorf("%q is on the screen:\n%s", not, s.text())
	}
}

type keyTest struct {
	action, name string
	running      bool
	keys         []string
	want         []string
	not          string
}

// One whole-program test for each action: the keys that reach it, and what is
// on the screen then.
var keyTests = []keyTest{
	{action: "stop", name: "space goes", keys: []string{"space"}, want: []string{"▶ 2x", "space stop"}},
	{action: "stop", name: "space stops", running: true, keys: []string{"space"}, want: []string{"‖ 2x", "space go"}},
	{action: "next", keys: []string{"right"}, want: []string{"t 00:19.2", "batch 8 done: the checkpoint of shard 1 moves to #93"}},
	{action: "next", name: "l stops time", running: true, keys: []string{"l"}, want: []string{"‖ 2x"}},
	{action: "prev", keys: []string{"left"}, want: []string{"t 00:19.0", "0 of 200 ms"}},
	{action: "prev", name: "h", keys: []string{"h", "h"}, want: []string{"t 00:16.2"}},
	{action: "cause", keys: []string{"n"}, want: []string{"t 00:23.7", "try 6. All 8 go again in 16 s"}},
	{action: "cause", name: "PgDn", keys: []string{"pgdown"}, want: []string{"t 00:23.7"}},
	{action: "cause", name: "shift right", keys: []string{"shift+right"}, want: []string{"t 00:23.7"}},
	{action: "cause-back", keys: []string{"N"}, want: []string{"t 00:15.5", "Try 6 in 8.0 s"}},
	{action: "cause-back", name: "PgUp", keys: []string{"pgup", "pgup"}, want: []string{"t 00:11.3"}},
	{action: "cause-back", name: "shift left", keys: []string{"shift+left"}, want: []string{"t 00:15.5"}},
	{action: "raw", keys: []string{"."}, want: []string{"t 00:19.2"}},
	{action: "faster", keys: []string{"+", "="}, want: []string{"‖ 8x"}},
	{action: "slower", keys: []string{"-", "-", "-"}, want: []string{"‖ 1/4x"}},
	{action: "start", keys: []string{"g"}, want: []string{"t 00:00.0"}},
	{action: "start", name: "Home", keys: []string{"home"}, want: []string{"t 00:00.0"}},
	{action: "newest", keys: []string{"g", "G"}, want: []string{"t 00:19.1", "SHARD 0 IS BLOCKED"}},
	{action: "newest", name: "End", keys: []string{"g", "end"}, want: []string{"t 00:19.1"}},
	{action: "pane", keys: []string{"3"}, want: []string{"╔ 3 Batches", "›4  shard 0"}},
	{action: "pane", name: "each", keys: []string{"1", "2", "4", "5", "7"}, want: []string{"╔ 7 Metrics", "›"}},
	{action: "pane", name: "without room beside the others", keys: []string{"8"}, want: []string{"╔ 8 Timeline", "0 ■ batch 4   8 records"}, not: "5 Settings"},
	{action: "pane", name: "and back", keys: []string{"8", "esc"}, want: []string{"5 Settings", "1 Shards"}},
	{action: "inside", name: "zooms the timeline in", keys: []string{"8", "enter", "enter"}, want: []string{"8 Timeline · 17.2 … 19.2 s"}},
	{action: "back", name: "zooms the timeline out", keys: []string{"8", "enter", "enter", "esc"}, want: []string{"8 Timeline · "}},
	{action: "pane", name: "twice fills the screen", keys: []string{"6", "6"}, want: []string{"╔ 6 What happened", "batch 1 done"}, not: "5 Settings"},
	{action: "pane-next", keys: []string{"tab", "tab"}, want: []string{"╔ 2 Iterators", "›0 ■    #16"}},
	{action: "pane-prev", keys: []string{"shift+tab"}, want: []string{"╔ 8 Timeline"}},
	{action: "down", keys: []string{"1", "down", "up", "j"}, want: []string{"›1 ● flows"}},
	{action: "down", name: "begins on the first row", keys: []string{"down"}, want: []string{"›0 ■ BLOCKED"}},
	{action: "page", keys: []string{"6", "pgdown"}, want: []string{"t 00:19.1", "›■ batch 4 failed, try 2", " 1–8 of 13 "}},
	{action: "page", name: "is time's where all is in sight", keys: []string{"3", "pgdown"}, want: []string{"t 00:23.7"}},
	{action: "page-back", keys: []string{"6", "pgdown", "pgdown", "pgup", "pgup"}, want: []string{"t 00:19.1", "›▸ batch 8 (8 records of shard 1)"}},
	{action: "last", keys: []string{"6", "end"}, want: []string{"t 00:19.1", "›  ShipOrders is Enabled", " 6–13 of 13 "}},
	{action: "last", name: "is time's where all is in sight", keys: []string{"g", "3", "end"}, want: []string{"t 00:19.1"}},
	{action: "first", keys: []string{"6", "end", "home"}, want: []string{"t 00:19.1", "›▸ batch 8 (8 records of shard 1)"}},
	{action: "up", name: "to the title", keys: []string{"1", "up"}, want: []string{"╔ › 1 Shards"}},
	{action: "up", keys: []string{"1", "down", "k"}, want: []string{"›0 ■ BLOCKED"}},
	{action: "inside", name: "on a title", keys: []string{"2", "up", "enter"}, want: []string{"What an iterator is", "holds no copy of anything"}},
	{action: "inside", name: "on a shard", keys: []string{"1", "enter"}, want: []string{"shardId-000000000000", "The iterator stands before #18", "b splits the batch"}},
	{action: "inside", name: "on a line", keys: []string{"6", "down", "enter"}, want: []string{"Why, at 00:16.2", "MAP-CHECKPOINT-1 · documented", "values of that instant"}},
	{action: "inside", name: "on a setting", keys: []string{"5", "enter"}, want: []string{"╔ BisectBatchOnFunctionError", "off: a batch that fails is tried again as a whole", "on or off"}},
	{action: "inside", name: "on a batch", keys: []string{"3", "enter"}, want: []string{"Batch 4 of shard 0", `{"n":22}`, "5 times"}},
	{action: "menu", keys: []string{"1", "down", "a"}, want: []string{"What can be done to shard 1", "poison #81", "disable ShipOrders", "restart ShipOrders"}},
	{action: "menu", name: "disables", keys: []string{"a", "3"}, want: []string{"you disable ShipOrders", "0 ○ disabled", "ShipOrders is Disabled: nothing is read"}},
	{action: "mapping", keys: []string{"m"}, want: []string{"There is only one mapping"}},
	{action: "mapping-back", keys: []string{"M"}, want: []string{"There is only one mapping"}},
	{action: "filter", keys: []string{"/", "f", "a", "i", "l", "e", "d", "enter"}, want: []string{"/ failed", "try 1."}, not: "batch 7 done"},
	{action: "filter", name: "of shards", keys: []string{"1", "/", "flows", "enter"}, want: []string{"/ flows · ■ 1 OF 2 BLOCKED", "1 ● flows", "1 ●    #77"}, not: "0 ■ BLOCKED"},
	{action: "filter", name: "of batches", keys: []string{"3", "/", "81", "enter"}, want: []string{"/ 81 ", "›8  shard 1"}, not: "4  shard 0"},
	{action: "inside", name: "on a filtered row", keys: []string{"3", "/", "81", "enter", "enter"}, want: []string{"Batch 8 of shard 1"}},
	{action: "filter", name: "of settings", keys: []string{"5", "/", "max", "enter", "down", "enter"}, want: []string{"╔ MaximumRecordAgeInSeconds"}, not: "ReportBatchItemFailures"},
	{action: "filter", name: "off", keys: []string{"5", "/", "max", "enter", "/"}, want: []string{"The filter is off", "ReportBatchItemFailures"}},
	{action: "filter", name: "left with esc", keys: []string{"5", "/", "max", "enter", "esc"}, want: []string{"╔ 5 Settings ═", "ReportBatchItemFailures"}},
	{action: "break", name: "poison the next", keys: []string{"e", "1"}, want: []string{"you break Ship: poison Orders#97", "poison Orders#97"}},
	{action: "break", name: "poison one", keys: []string{"e", "2", "9", "9", "enter"}, want: []string{"you break Ship: poison Orders#99"}},
	{action: "break", name: "throws", keys: []string{"e", "3", "right", "right"}, want: []string{"next invocation throws"}},
	{action: "break", name: "times out", keys: []string{"e", "4"}, want: []string{"you break Ship: next invocation times out"}},
	{action: "break", name: "crashes", keys: []string{"e", "5"}, want: []string{"you break Ship: next invocation crashes"}},
	{action: "break", name: "every", keys: []string{"e", "6"}, want: []string{"you break Ship: every invocation throws"}},
	{action: "break", name: "slow", keys: []string{"e", "7", "enter"}, want: []string{"every invocation takes 2 s"}},
	{action: "break", name: "again", keys: []string{"e", "1", "e", "e"}, want: []string{"poison Orders#97", "poison Orders#99"}},
	{action: "break", name: "take off", keys: []string{"e", "8"}, want: []string{"you remove the fault poison"}, not: "poison Orders#22"},
	{action: "put", keys: []string{"p", "2"}, want: []string{"you put 10 records to Orders", "done 48 of 106"}},
	{action: "put", name: "to a shard", keys: []string{"p", "right", "right", "1"}, want: []string{"you put 1 record to Orders, shard 1"}},
	{action: "put", name: "to a key", keys: []string{"p", "left", "1"}, want: []string{"you put 1 record to Orders, key k8"}},
	{action: "put", name: "a burst", keys: []string{"p", "right", "4"}, want: []string{"you put 1,000 records to Orders, shard 0"}},
	{action: "bisect", keys: []string{"b"}, want: []string{"BisectBatchOnFunctionError       on   next fail", "you set BisectBatchOnFunctionError: off → on; from the next failure "}},
	{action: "retries", keys: []string{"r", "2"}, want: []string{"2: a batch is tried 3 times, then given up", "-1 for no limit, or 0 to 10,000"}},
	{action: "retries", name: "is set", keys: []string{"r", "2", "enter"}, want: []string{"you set MaximumRetryAttempts: -1 → 2", "5 of 3"}},
	{action: "age", keys: []string{"d", "3", "0", "enter"}, want: []string{"InvalidParameterValueException", "value  › 30"}},
	{action: "age", name: "steps", keys: []string{"d", "up", "enter"}, want: []string{"you set MaximumRecordAgeInSeconds: -1 → 60"}},
	{action: "failures", keys: []string{"o", "down", "enter"}, want: []string{"you set OnFailure: Failures → none", "4 Queues · no OnFailure"}},
	{action: "items", keys: []string{"i"}, want: []string{"you set ReportBatchItemFailures: off → on"}},
	{action: "visibility", keys: []string{"v"}, want: []string{"A stream has no visibility timeout"}},
	{action: "settings", keys: []string{"s", "enter"}, want: []string{"╔ BatchSize", "8: the function is handed at most 8 records"}},
	{action: "settings", name: "of the function", keys: []string{"s", "up", "up", "up", "up", "enter", "5", "0", "enter"}, want: []string{"you set Ship.ReservedConcurrentExecutions: -1 → 50"}},
	{action: "settings", name: "the function's time", keys: []string{"s", "up", "enter", "1", ".", "5", "s", "enter"}, want: []string{"you set Ship.takes: 0.2 s → 1.5 s"}},
	{action: "settings", name: "out of range", keys: []string{"s", "up", "up", "enter", "9", "0", "1", "enter"}, want: []string{"ValidationException: 1 validation error detected: Value '901' at"}},
	{action: "palette", name: "a setting of the function", keys: []string{":", "set Timeout 10", "enter"}, want: []string{"you set Ship.Timeout: 30 → 10"}},
	{action: "undo", keys: []string{"b", "z"}, want: []string{"Taken back", "BisectBatchOnFunctionError      off"}, not: "you set"},
	{action: "redo", keys: []string{"b", "z", "Z"}, want: []string{"you set BisectBatchOnFunctionError"}},
	{action: "branch", keys: []string{"f"}, want: []string{"Here begins run 2", "poison-record · run 2"}},
	{action: "compare", keys: []string{"e", "8", "n", "n", "n", "n", "c"}, want: []string{"two runs, one seed", "B untouched", "RUN 1 IS DONE WITH 301, nothing held. The untouched run is done with 160: 141 held", "worst IteratorAge", "▒ here they differ"}},
	{action: "palette", name: "over a text, which has no use for it", keys: []string{"w", ":", "set Timeout 10", "enter"}, want: []string{"you set Ship.Timeout: 30 → 10"}},
	{action: "palette", name: "over two runs", keys: []string{"c", ":", "set Timeout 10", "enter"}, want: []string{"you set Ship.Timeout: 30 → 10"}},
	{action: "why", name: "twice leaves it", keys: []string{"w", "w"}, want: []string{"space go"}, not: "esc back"},
	{action: "next", name: "over a text", keys: []string{"w", "right"}, want: []string{"t 00:19.2"}, not: "esc back"},
	{action: "compare", name: "that nobody touched with itself", keys: []string{"c"}, want: []string{"no difference"}},
	{action: "palette", name: "seeks a record", keys: []string{":", "seek Orders#22", "enter"}, want: []string{"Orders#22 at 00:04.2: put", "t 00:04.2"}},
	{action: "palette", name: "what if", keys: []string{":", "what-if MaximumRetryAttempts=1", "enter", "c"}, want: []string{"A run 2", "RUN 2 GAVE UP 8 RECORDS"}},
	{action: "palette", name: "an alarm", keys: []string{"g", ":", "alarm Ship.Errors > 0", "enter", "esc", ":", "seek 130s", "enter", ":", "alarm", "enter"}, want: []string{"Ship.Errors > 0 Sum 60s 1: ALARM at second 130", "ALARM at second 60: Sum was"}},
	{action: "palette", name: "an alarm after the way back", keys: []string{":", "alarm Ship.Errors > 0", "enter", "esc", ":", "seek 130s", "enter", ":", "seek 59s", "enter", ":", "alarm", "enter"}, want: []string{"INSUFFICIENT_DATA at second 59", "It would not have rung"}},
	{action: "palette", name: "an alarm taken away", keys: []string{":", "alarm Ship.Errors > 0", "enter", "esc", ":", "alarm off", "enter", ":", "alarm", "enter"}, want: []string{"No alarm is set"}},
	{action: "palette", name: "an alarm on nothing", keys: []string{":", "alarm Ship.Eror > 0", "enter"}, want: []string{"did you mean Ship.Errors?"}},
	{action: "palette", name: "history", keys: []string{"b", ":", "history", "enter"}, want: []string{"BisectBatchOnFunctionError on", "It takes 0 of 64 MB"}},
	{action: "palette", name: "switches a command off", keys: []string{"b", ":", "history", "enter", "1"}, want: []string{"is off: this is the run without it"}},
	{action: "palette", name: "branches", keys: []string{"f", ":", "branches", "enter"}, want: []string{"└─ run 2, from 00:19.1", "you are here"}},
	{action: "palette", name: "life", keys: []string{":", "life Orders#22", "enter"}, want: []string{"put → read by ShipOrders → batch 4 → in Ship, try 1 → failed"}},
	{action: "palette", name: "mapping", keys: []string{":", "get-event", "enter"}, want: []string{"in force now", "ShipOrders"}},
	{action: "palette", name: "event", keys: []string{":", "event", "enter"}, want: []string{"Invocation 12 of Ship", `"partitionKey"`}},
	{action: "why", name: "of a shard", keys: []string{"1", "w"}, want: []string{"shard 0 is blocked for ShipOrders", "MAP-ORDER-1", "tries 5", "what led to it"}},
	{action: "why", name: "of an iterator", keys: []string{"2", "down", "w"}, want: []string{"the iterator of ShipOrders in shard 1 stands before Orders#81"}},
	{action: "why", name: "of a setting", keys: []string{"5", "w"}, want: []string{"ShipOrders.BisectBatchOnFunctionError is off", "MAP-BISECT-1"}},
	{action: "over", keys: []string{"R"}, want: []string{"t 00:00.0", "The old run stays as a branch"}},
	{action: "why", keys: []string{"w"}, want: []string{"Why, at 00:15.5", "To keep the order", "MAP-ORDER-1 · documented · AWS, read 2026-10-01", "try 5", "MaximumRetryAttempts -1"}},
	{action: "save", keys: []string{"b", "ctrl+s"}, want: []string{"There is no template behind this run that could be saved"}},
	{action: "findings", keys: []string{"F"}, want: []string{"What will hurt in poison-record", "Nothing was found that AWS accepts and that goes wrong later."}},
	{action: "help", keys: []string{"?", "s", "l", "o", "w", "e", "r", "enter"}, want: []string{"‖ 1x"}},
	{action: "help", name: "F1", keys: []string{"f1"}, want: []string{"What works here", "stop and go"}},
	{action: "palette", keys: []string{":", "seek 20s", "enter"}, want: []string{"t 00:20.0"}},
	{action: "palette", name: "completes", keys: []string{"ctrl+p", "lim", "enter"}, want: []string{"Limits in force", "MAP-RETRY-2"}},
	{action: "palette", name: "describes", keys: []string{":", "describe", "enter"}, want: []string{"Shard 0 has been blocked for 11.9 s by #22; its iterator stands before #18,", "40 records not finished, the oldest 15.7 s old.", "goes again in 4.4 s.", "Broken on purpose: poison Orders#22."}},
	{action: "palette", name: "speed", keys: []string{":", "speed 10000", "enter"}, want: []string{"‖ 10,000x"}},
	{action: "copy", keys: []string{"b", "y"}, want: []string{"esm1:", "esmlab run poison-record --seed 7 --for 19.1s", "set: {ShipOrders.BisectBatchOnFunctionError: true}"}},
	{action: "back", keys: []string{"3", "3", "esc"}, want: []string{"5 Settings", "╔ 3 Batches"}},
	{action: "back", name: "Home", keys: []string{"esc"}, want: []string{"esmlab   a lab for AWS Lambda", "› c  continue", "poison-record at 00:19.1"}, not: "1 Shards"},
	{action: "quit", name: "asks", keys: []string{"b", "q"}, want: []string{"Leave?", "1 command of yours"}},
}

func TestKeys(t *testing.T) {
	tested := map[string]bool{"quit-now": true, "suspend": true} // TestLeaving, and TestSuspend of ui/cmd
	for i, k := range keyTests {
		tested[k.action] = true
		if testing.Short() && i%3 > 0 {
			continue
		}
		t.Run(k.action+" "+k.name, func(t *testing.T) {
			play(t, Options{Stopped: !k.running}, func(s *screen) {
				s.keys(k.keys...)
				s.has(k.want...)
				if k.not != "" {
					s.hasNot(k.not)
				}
			})
		})
	}
	for i := range kit.Actions {
		if a := &kit.Actions[i]; !tested[a.ID] && a.In&kit.InLab != 0 {
			t.Errorf("no test presses %s (%s)", a.Label, a.Does)
		}
	}
}

// q and ctrl+c end the program and give the terminal back, also from a dialog.
func TestLeaving(t *testing.T) {
	for name, keys := range map[string][]string{"q": {"q"}, "ctrl+c": {"ctrl+c"}, "ctrl+c in an editor": {"r", "2", "ctrl+c"}, "ctrl+c in a dialog": {"e", "ctrl+c"},
		"ctrl+c in a search": {"?", "x", "ctrl+c"}, "ctrl+c in a card": {"w", "ctrl+c"}, "ctrl+c after a command": {"b", "ctrl+c"}, "ctrl+c at Home": {"esc", "ctrl+c"},
		"ctrl+c while asked": {"b", "q", "ctrl+c"}, "ctrl+c at full speed": {":", "speed 10000", "enter", "ctrl+c"}, "ctrl+c when stopped": {"space", "ctrl+c"},
		"q at Home": {"esc", "q"}, "q after a command": {"b", "q", "q"}} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{}, func(s *screen) {
				s.keys(keys...)
				select {
				case err := <-s.done:
					s.done <- err
					if err != nil {
						t.Error(err)
					}
				default:
					t.Fatal("it is still running")
				}
				for _, want := range []string{"\x1b[?1049l", "\x1b[?25h", "\x1b[?1002l"} {
					if !strings.Contains(s.raw.String(), want) {
						t.Errorf("the terminal did not get %q", want)
					}
				}
			})
		})
	}
}

// The mouse reaches panes, rows, the slider, the footer.
func TestMouse(t *testing.T) {
	play(t, Options{Stopped: true}, func(s *screen) {
		s.keys("\x1b[<0;10;8M")
		s.has("›1 ● flows")
		s.keys("\x1b[<0;10;8M")
		s.has("Shard 1 of Orders")
		s.keys("esc", "\x1b[<65;90;15M", "\x1b[<65;90;15M")
		s.has("╔", "›r  MaximumRetryAttempts")
		s.keys("\x1b[<0;30;35M")
		s.has("t 00:13.8")
		s.keys("\x1b[<0;3;36M")
		s.has("▶ 2x")
		s.keys(":", "mouse off", "enter")
		if !strings.HasSuffix(s.raw.String()[:strings.LastIndex(s.raw.String(), "\x1b[?1002l")+8], "\x1b[?1002l") {
			t.Error("the mouse is still on")
		}
	})
}

// A stopped lab has no tick and writes not one byte.
func TestStoppedIsStill(t *testing.T) {
	play(t, Options{Stopped: true}, func(s *screen) {
		before := s.wrote
		s.wait(10 * time.Minute)
		if s.wrote != before {
			t.Errorf("%d bytes written while stopped", s.wrote-before)
		}
		s.keys("space")
		s.wait(time.Second)
		if s.wrote == before {
			t.Error("nothing is written while it runs")
		}
		s.keys("space")
		before = s.wrote
		s.wait(time.Minute)
		if s.wrote != before {
			t.Errorf("%d bytes written after it was stopped again", s.wrote-before)
		}
	})
}

// Within five seconds of wall time, without a key, a shard is blocked and the
// line above the footer says what to press.
func TestFirstSeconds(t *testing.T) {
	play(t, Options{Welcome: true}, func(s *screen) {
		s.keys(":", "seek 0s", "enter", "space")
		s.has("Orders flow: 2 shards, 2 iterators, 1 function", "New here?")
		s.wait(5 * time.Second)
		s.has("SHARD 0 IS BLOCKED by #22", "Blocked:  w why")
	})
}

// A stretch in which nothing happens is passed over within a second, and
// marked; `:skip off` lets it pass at its own pace.
func TestQuietStretch(t *testing.T) {
	sc := poison(1)
	sc.Config.For = 10 * engine.Second
	sc.Config.Mappings[0].MaximumBatchingWindowInSeconds = 0
	for _, skip := range []bool{true, false} {
		play(t, Options{Scenario: sc, Stopped: true}, func(s *screen) {
			s.keys(":", "seek 38s", "enter")
			if !skip {
				s.keys(":", "skip off", "enter")
			}
			next := s.m.sim().NextAt()
			if next < 45*engine.Second {
				t.Fatalf("the next try is at %s", next)
			}
			s.keys("space")
			s.wait(1200 * time.Millisecond)
			if skip {
				s.has(" skipped: nothing happens in them")
			} else {
				s.hasNot("skipped")
			}
		})
	}
}

// A line says that the file was saved; R reads it.
func TestReload(t *testing.T) {
	saved := false
	o := Options{Stopped: true, Changed: func() bool { return saved }, Reload: func() (*Scenario, error) {
		sc := poison(3)
		sc.Title = "another"
		saved = false
		return sc, nil
	}}
	play(t, o, func(s *screen) {
		s.hasNot("has changed")
		saved = true
		s.keys("\x1b[I") // the terminal has the focus again
		s.has("The file has changed. R reads it again")
		s.keys("R")
		s.has("The file was read again: another", "t 00:00.0")
		if n := len(s.m.sim().Streams[0].Shards); n != 3 {
			t.Errorf("%d shards", n)
		}
	})
}

// A block in a mapping that is not shown is said in the headline; m shows it.
func TestSeveralMappings(t *testing.T) {
	sc := poison(2)
	second := sc.Config.Mappings[0]
	second.ID, second.Function = "AuditOrders", "Audit"
	sc.Config.Functions = append(sc.Config.Functions, engine.FunctionConfig{ID: "Audit", FunctionSettings: engine.FunctionSettings{Timeout: 3 * engine.Second, Takes: engine.Takes{Base: 100 * engine.Millisecond}, Reserved: -1}})
	sc.Config.Mappings = append(sc.Config.Mappings, second)
	play(t, Options{Scenario: sc, Stopped: true}, func(s *screen) {
		s.has("AuditOrders: Kinesis Orders → Audit", "ShipOrders: SHARD 0 IS BLOCKED by #22", "m shows it")
		s.keys("m")
		s.has("ShipOrders: Kinesis Orders → Ship", "SHARD 0 IS BLOCKED by #22", "mapping 2 of 2")
		s.keys("M")
		s.has("mapping 1 of 2")
	})
}

// The footer says first what frees the state, whatever the width; follows the pane with the
// cursor; and where something has no room it says … instead.
func TestFooter(t *testing.T) {
	foot := func(m *Lab) string {
		rows := strings.Split(m.text(), "\n")
		return strings.TrimSpace(rows[len(rows)-1])
	}
	commands := func(m *Lab) string {
		if parts := strings.Split(foot(m), "│"); len(parts) > 1 {
			return strings.TrimSpace(parts[1])
		}
		return ""
	}
	for _, c := range []struct {
		world, keys string
		at          engine.Micros
		want        string
	}{
		{"poison-record", "", 20 * engine.Second, "b bisect  r retries  d discard  o queue  e break  p put"},
		{"poison-record", "b", 20 * engine.Second, "r retries  d discard  o queue  e break  p put"},
		{"throttled", "", 30 * engine.Second, "a concurrency  d discard  o queue  e break  p put"},
		{"permission-lost", "", 30 * engine.Second, "a allow  i items  r receives"},
		{"off-for-too-long", "", 20000 * engine.Second, "a enable  e break"},
		{"batch-mates", "", 20 * engine.Second, "i items  r receives  v visibility  o DLQ  e break  p put"},
		{"visibility-too-short", "", 23100 * engine.Millisecond, "v visibility  i items"},
		{"calm-stream", "", 10 * engine.Second, "e break  p put  s settings  i items  z undo"},
		{"calm-queue", "", 10 * engine.Second, "e break  i items"},
		{"poison-record", "1", 20 * engine.Second, "b bisect  ↑↓ a shard  enter look inside  a act  / filter"},
		{"poison-record", "1 up", 20 * engine.Second, "b bisect  ↑↓ a shard  enter what it is  a act"},
		{"poison-record", "5", 20 * engine.Second, "b bisect  ↑↓ a setting  enter change"},
		{"poison-record", "6", 20 * engine.Second, "b bisect  ↑↓ a line  enter why, rule, source  PgDn page"},
		{"calm-stream", "7", 10 * engine.Second, "↑↓ a plot  enter its rule and source"},
		{"calm-queue", "2", 10 * engine.Second, "↑↓ a poller  enter look inside  a act"},
	} {
		m := lab(t, builtin(t, c.world), 120, 36, c.at)
		for _, k := range strings.Fields(c.keys) {
			m.HandleKey(keyPress(k))
		}
		if got := commands(m); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s at %s, %s: %q, not %q", c.world, c.at, c.keys, got, c.want)
		}
	}
	for _, world := range []string{"poison-record", "batch-mates", "throttled", "calm-stream"} {
		for _, focus := range []int{0, 1, 5, 6} {
			m := lab(t, builtin(t, world), 120, 36, 20*engine.Second)
			m.toPane(focus)
			all := len(m.footerCommands(true))
			apart := 3
			if testing.Short() {
				apart = 17
			}
			for w := 20; w <= 200; w += apart {
				m.w = w
				foot, shown := foot(m), 0
				for _, h := range m.footers {
					if h.ID != "help" && h.ID != "why" && h.ID != "branch" && h.ID != "stop" && h.ID != "next" && h.ID != "cause" && h.ID != "pane" {
						shown++
					}
				}
				if most := len(m.footerCommands(w >= 110)); shown < min(most, all) && w > 30 && !strings.Contains(foot, "…") {
					t.Errorf("%s, pane %d, %d cells: %d of %d commands, and nothing says so: %q", world, focus, w, shown, most, foot)
				}
				if free := m.worstNow().frees; free.ID != "" && w >= 40 && !strings.Contains(foot, "│"+free.Key+" "+free.Text) && !strings.Contains(foot, "│ "+free.Key+" "+free.Text) {
					t.Errorf("%s, pane %d, %d cells: what frees the state does not come first: %q", world, focus, w, foot)
				}
			}
		}
	}
}
