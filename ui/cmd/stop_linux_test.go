package cmd

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
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
		// The kernel's own peak: what wait reports counts the memory of the
		// process that forked, too.
		text, _ := os.ReadFile(status)
		most := 0
		if _, peak, ok := strings.Cut(string(text), "VmHWM:"); ok {
			_, _ = fmt.Sscan(peak, &most)
		}
		if most == 0 || most > 400<<10 {
			t.Errorf("%v: %d MB", args, most>>10)
		}
	}
}
