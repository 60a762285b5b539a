package cmd

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// ptty is a program in a terminal of its own.
type ptty struct {
	t      testing.TB
	c      *exec.Cmd
	master *os.File
	mu     sync.Mutex
	out    bytes.Buffer
	ended  chan error
}

// inTerminal starts a program in a terminal, as the leader of a session.
func inTerminal(t testing.TB, c *exec.Cmd) *ptty {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminal on this machine: ", err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Skip("no pseudo-terminal on this machine: ", err)
	}
	_ = unix.IoctlSetWinsize(int(master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminal on this machine: ", err)
	}
	c.Stdin, c.Stdout, c.Stderr = slave, slave, slave
	c.Env = append(c.Env, "TERM=xterm-256color")
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	p := &ptty{t: t, c: c, master: master, ended: make(chan error, 1)}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := master.Read(b)
			p.mu.Lock()
			p.out.Write(b[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	go func() { p.ended <- c.Wait() }()
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = master.Close()
	})
	return p
}

func (p *ptty) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// sees waits until the terminal was given a text, after the first `from` bytes.
func (p *ptty) sees(text string, from int) {
	p.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if strings.Contains(p.text()[from:], text) {
			return
		}
	}
	p.t.Fatalf("no %q in %q", text, p.text()[max(from, len(p.text())-2000):])
}

func (p *ptty) types(s string) { _, _ = p.master.WriteString(s) }

// ends waits for the program, which was just told to stop.
func (p *ptty) ends(what string) {
	p.t.Helper()
	endsSoon(p.t, what, p.c, p.ended)
}

// A program that is told to stop may use a second, and take longer only where the
// machine has much else to do.
const (
	soon     = 3 * time.Second
	cpuAtEnd = time.Second
)

func endsSoon(t testing.TB, what string, c *exec.Cmd, ended chan error) {
	t.Helper()
	before := cpu(c.Process.Pid)
	select {
	case <-ended:
		if used := c.ProcessState.UserTime() + c.ProcessState.SystemTime() - before; used > cpuAtEnd {
			t.Errorf("%s: %v uses %s more", what, c.Args[1:], used)
		}
	case <-time.After(soon):
		t.Errorf("%s: %v goes on", what, c.Args[1:])
		_ = c.Process.Kill()
	}
}

// cpu is how much time of a processor a process has used, to a hundredth of a
// second; for ever if it has ended.
func cpu(pid int) time.Duration {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 13 {
		return math.MaxInt64
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}
