package cmd

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"esmlab/engine/printable"
)

// endless is a scenario whose run takes far longer than any test.
const endless = `
Metadata: {esmlab: {for: 87600h, traffic: [{to: Orders, rate: 100/s}]}}
Resources:
  Orders: {Type: AWS::Kinesis::Stream}
  Ship: {Type: AWS::Serverless::Function, Properties: {Events: {Orders: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON}}}}}
`

// Every command ends within a second of a signal: while it computes, waits for
// input, or reads a FIFO that nobody writes to.
func TestStoppedBySignal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, fifo := filepath.Join(dir, "endless.yaml"), filepath.Join(dir, "fifo.md")
	if err := os.WriteFile(file, []byte(endless), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skip("this file system has no FIFOs: ", err)
	}
	signals := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}
	for i, args := range [][]string{
		{"run", file}, {"run", file, "--json"}, {"run", file, "--trace", filepath.Join(dir, "trace")}, {"check", file}, {"lab", file},
		{"run", "-"}, {"check", "-"}, {"learn", "--plain"}, {"quiz", "--plain"}, {"quiz", "--exam", "c03", "--plain"},
		{"run", fifo}, {"check", fifo}, {"cards", fifo}, {"quiz", fifo}, {"lab", fifo},
	} {
		for k, sig := range signals {
			if testing.Short() && (i%5 > 0 || k != i/5) {
				continue
			}
			t.Run(strings.Join(args[:min(2, len(args))], " ")+" "+sig.String(), func(t *testing.T) {
				c := esmlab(t, dir, args...)
				in, err := c.StdinPipe() // nothing comes
				if err != nil {
					t.Fatal(err)
				}
				defer in.Close()
				c.Stdout = io.Discard
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(400 * time.Millisecond)
				ended := make(chan error, 1)
				go func() { ended <- c.Wait() }()
				select {
				case err := <-ended:
					t.Fatalf("it ended by itself: %v", err)
				default:
				}
				_ = c.Process.Signal(sig)
				endsSoon(t, sig.String(), c, ended)
				if code := c.ProcessState.ExitCode(); code != exitStopped && code != -1 { // -1: the signal came before the program began
					t.Errorf("exit code %d", code)
				}
			})
		}
	}
}

// hostileTemplates take memory or time without end where nothing bounds them.
func hostileTemplates() map[string]string {
	const stream = "  Orders: {Type: AWS::Kinesis::Stream}\n"
	ship := func(more string) string {
		return "  Ship: {Type: AWS::Serverless::Function, Properties: {Events: {Orders: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON" + more + "}}}}}\n"
	}
	head := func(esmlab string) string { return "Metadata: {esmlab: {" + esmlab + "}}\nResources:\n" }
	twice := "let a0 = [1]; "
	for i := range 40 {
		twice += fmt.Sprintf("let a%d = [a%d, a%d]; ", i+1, i, i)
	}
	arrays := "{"
	for i := range 8 {
		arrays += fmt.Sprintf(`"k%d": [%s], `, i, strings.TrimSuffix(strings.Repeat("1, ", 30), ", "))
	}
	other := "  %s: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 3, RedrivePolicy: {deadLetterTargetArn: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:%s', maxReceiveCount: 1}}}\n"
	fails := "  Work: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: SQS, Properties: {Queue: !GetAtt A.Arn}}, B: {Type: SQS, Properties: {Queue: !GetAtt B.Arn}}}}}\n"
	return map[string]string{
		"long":        head("for: 87600h, traffic: [{to: Orders, rate: 1000/s}]") + stream + ship(""),
		"mutual DLQs": head("for: 1h, traffic: [{to: A, at: 0s, count: 100}], functions: {Work: {faults: [{how: error}]}}") + fmt.Sprintf(other, "A", "B") + fmt.Sprintf(other, "B", "A") + fails,
		"own DLQ": head("for: 1h, traffic: [{to: Jobs, at: 0s, count: 1000, size: 100000}], functions: {Work: {sends: Jobs, takes: 1ms}}") +
			"  Dead: {Type: AWS::SQS::Queue}\n  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 3, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1}}}\n" +
			"  Work: {Type: AWS::Serverless::Function, Properties: {DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Jobs.Arn}, Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}}\n",
		"doubling":     head("for: 5s, traffic: [{to: Orders, rate: 10/s}], expect: [{at: 1s, that: '"+twice+"len(string(a40)) > 0'}]") + stream + ship(""),
		"loops":        head("for: 5s, traffic: [{to: Orders, rate: 10/s}], stops: ['all(1..1000000, all(1..1000000, # > 0))']") + stream + ship(""),
		"filter":       head("for: 5s") + stream + ship(", FilterCriteria: {Filters: [{Pattern: '{\"data\": "+strings.TrimSuffix(arrays, ", ")+"}}'}]}"),
		"large bodies": head("for: 24h, traffic: [{to: Orders, rate: 1000/s, size: 900000}]") + stream + ship(""),
		"many keys":    head("for: 1h, traffic: [{to: Orders, rate: 1000/s, keys: 100000}]") + stream + ship(""),
	}
}

// What is hostile takes at most 1 GB, writes no control code, and ends by itself or
// within a second of a signal.
func TestHostileTemplates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, src := range hostileTemplates() {
		if testing.Short() && name != "mutual DLQs" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, name+".yaml")
			if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			c, status := esmlab(t, dir, "run", file), filepath.Join(t.TempDir(), "status")
			c.Env = append(c.Env, statusEnv+"="+status)
			c.Stdout, c.Stderr = &out, &out
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- c.Wait() }()
			most, own, long := 0, false, 4*time.Second
			if testing.Short() {
				long = time.Second
			}
			for end := time.Now().Add(long); time.Now().Before(end) && !own; {
				most = max(most, peak(fmt.Sprintf("/proc/%d/status", c.Process.Pid)))
				select {
				case err := <-ended:
					ended <- err
					own = true
				case <-time.After(20 * time.Millisecond):
				}
			}
			if !own {
				_ = c.Process.Signal(syscall.SIGINT)
				endsSoon(t, "SIGINT", c, ended)
			}
			if most = max(most, peak(status)); most > 1<<20 {
				t.Errorf("%d MB", most>>10)
			}
			if text := out.String(); text != printable.Text(text) {
				t.Errorf("%q", text)
			}
			t.Logf("%d MB, ended by itself: %v: %.200s", most>>10, own, out.String())
		})
	}
}

// peak is the most memory that a process has had, in kB, as its status in /proc
// says: what wait reports counts the process that forked, too.
func peak(status string) (kb int) {
	text, _ := os.ReadFile(status)
	if _, hwm, ok := strings.Cut(string(text), "VmHWM:"); ok {
		_, _ = fmt.Sscan(hwm, &kb)
	}
	return kb
}

// In a terminal, Ctrl+C ends a screen: at once, within a paste that has no end, and
// after it other keys; so does a signal. The terminal is as it was.
func TestStoppedInTerminal(t *testing.T) {
	t.Parallel()
	for what, stop := range map[string]func(*ptty){
		"ctrl+c":       func(p *ptty) { p.types("\x03") },
		"in a paste":   func(p *ptty) { p.types("\x1b[200~some text"); time.Sleep(50 * time.Millisecond); p.types("\x03") },
		"kitty's code": func(p *ptty) { p.types("\x1b[200~some text\x1b[99;5u") },
		"SIGTERM":      func(p *ptty) { _ = p.c.Process.Signal(syscall.SIGTERM) },
		"SIGHUP":       func(p *ptty) { _ = p.c.Process.Signal(syscall.SIGHUP) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			p := inTerminal(t, esmlab(t, t.TempDir()))
			p.sees("Shards", 0)
			stop(p)
			p.ends(what)
			p.sees("\x1b[?1049l", 0)
		})
	}
}

// Ctrl+Z gives the terminal back to the shell, and fg draws the screen anew. Where
// no shell controls jobs, nothing happens.
func TestSuspend(t *testing.T) {
	t.Parallel()
	alone := inTerminal(t, esmlab(t, t.TempDir()))
	alone.sees("Shards", 0)
	alone.types("\x1a")
	time.Sleep(200 * time.Millisecond)
	alone.types("?")
	alone.sees("What works here", 0)
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("job control needs a shell that has it: ", err)
	}
	c := esmlab(t, t.TempDir())
	shell := exec.Command(bash, "--norc", "--noprofile", "-i")
	shell.Env = append(c.Env, "PS1=shell> ")
	p := inTerminal(t, shell)
	p.sees("shell> ", 0)
	p.types(c.Path + "\n")
	p.sees("Shards", 0)
	p.types("\x1a")
	p.sees("Stopped", 0)
	p.sees("\x1b[?1049l", 0)
	n := len(p.text())
	p.types("fg\n")
	p.sees("\x1b[?1049h", n)
	p.sees("Shards", n)
	p.types("?") // the first key after it is not lost
	p.sees("What works here", n)
	n = len(p.text())
	p.types("\x03")
	p.sees("shell> ", n)
	p.types("exit\n")
	p.ends("exit")
}

// Of a file that does not end, no more than the limit is read.
func TestEndlessFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	note := filepath.Join(dir, "01-zero.md")
	if err := os.Symlink("/dev/zero", note); err != nil {
		t.Skip("this file system has no symbolic links: ", err)
	}
	config := filepath.Join(dir, "esmlab")
	if err := os.Mkdir(config, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", filepath.Join(config, "keys.yaml")); err != nil {
		t.Fatal(err)
	}
	for i, args := range [][]string{{"run", "/dev/zero"}, {"check", "/dev/zero"}, {"check", note}, {"cards", dir}, {"quiz", "--plain", note}, {"keys"}, {"learn", dir}} {
		c := esmlab(t, t.TempDir(), args...)
		if testing.Short() && i > 0 {
			break
		}
		status := filepath.Join(t.TempDir(), "status")
		c.Env = append(c.Env, "XDG_CONFIG_HOME="+dir, statusEnv+"="+status)
		out, _ := c.CombinedOutput()
		if !strings.Contains(string(out), "larger than 16 MB") {
			t.Errorf("%v: %s", args, out)
		}
		if most := peak(status); most == 0 || most > 400<<10 {
			t.Errorf("%v: %d MB", args, most>>10)
		}
	}
}
