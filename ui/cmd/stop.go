package cmd

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"

	"esmlab/ui"
)

// How long a command that was told to stop may take: to end a screen by the key
// itself, and to end in good order. After both, the process ends whatever it does.
const (
	keyGrace  = 300 * time.Millisecond
	stopGrace = 400 * time.Millisecond
)

// stopping gives a context that Ctrl+C, SIGTERM and SIGHUP end. Where the command
// does not end with it, because it computes or waits for input, the process does.
func stopping(restore func()) (ctx context.Context, stop context.CancelFunc) {
	stopped := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		stopped = append(stopped, syscall.SIGHUP)
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, stopped...)
	ctx, stop = context.WithCancel(context.Background())
	go func() {
		select {
		case <-told:
			stop()
		case <-ctx.Done():
		}
		time.Sleep(stopGrace)
		restore()
		os.Exit(exitStopped)
	}()
	return ctx, stop
}

// terminal is the terminal as it was when the program began.
type terminal struct {
	in, out *os.File
	was     *term.State // nil: there is none
	screen  bool        // a screen has taken it
	mu      sync.Mutex
}

func newTerminal(in, out *os.File) *terminal {
	t := &terminal{in: in, out: out}
	if term.IsTerminal(in.Fd()) {
		t.was, _ = term.GetState(in.Fd()) // without it, nothing is put back
	}
	return t
}

// lend gives the terminal to a screen. stop ends the program.
func (t *terminal) lend(o *ui.Options, stop func()) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.screen = true
	if t.was != nil && runtime.GOOS != "windows" { // there, keys are not read as bytes
		k := newKeyboard(t.in, stop)
		o.Input = k
		if underShell() {
			o.Suspend = k.release
		}
	}
}

// restore puts the terminal back for a screen that cannot do so itself: no mouse,
// no pastes and focus told, the keyboard's own codes, cursor, main screen, modes.
func (t *terminal) restore() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.screen {
		return
	}
	const modes = "\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2026l\x1b[<u\x1b[>4;0m\x1b[m\x1b[?25h\x1b[?1049l"
	_, _ = t.out.WriteString(modes)
	if t.was != nil {
		_ = term.Restore(t.in.Fd(), t.was)
	}
}

// keyboard is a terminal's input for a screen. It reads ahead, so that Ctrl+C is
// seen while the screen computes, and within a paste that has no end.
type keyboard struct {
	*file
	read      chan []byte
	rest      []byte
	wake      chan struct{}
	interrupt func() // ends the program
	once      sync.Once
}

// file hides the name of a file: a reader that knows it waits on the descriptor
// itself, and would not see what was read ahead.
type file struct{ f *os.File }

func (f *file) Write(p []byte) (int, error) { return f.f.Write(p) }
func (f *file) Close() error                { return f.f.Close() }
func (f *file) Fd() uintptr                 { return f.f.Fd() }

// newKeyboard begins to read a terminal. interrupt is called where Ctrl+C was
// pressed and the screen has not ended soon after.
func newKeyboard(f *os.File, interrupt func()) *keyboard {
	k := &keyboard{file: &file{f}, read: make(chan []byte, 1024), wake: make(chan struct{}), interrupt: interrupt}
	go k.pump()
	return k
}

// ctrlC is what terminals send for it: the code, and its forms in the keyboard
// protocols of kitty and xterm.
var ctrlC = [][]byte{{3}, []byte("\x1b[99;5u"), []byte("\x1b[27;5;99~")}

func (k *keyboard) pump() {
	defer close(k.read)
	for {
		p := make([]byte, 4096)
		n, err := k.f.Read(p)
		for _, code := range ctrlC {
			if bytes.Contains(p[:n], code) {
				k.once.Do(func() { time.AfterFunc(keyGrace, k.interrupt) })
			}
		}
		if n > 0 {
			select {
			case k.read <- p[:n]:
			default: // no one reads now: only Ctrl+C counts
			}
		}
		if err != nil {
			return
		}
	}
}

// Read gives what was typed. It gives nothing where release asks for that.
func (k *keyboard) Read(p []byte) (int, error) {
	if len(k.rest) == 0 {
		select {
		case typed, ok := <-k.read:
			if !ok {
				return 0, io.EOF
			}
			k.rest = typed
		case <-k.wake:
			return 0, nil
		}
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}

// release ends a Read that waits, so that a reader that was told to stop can: it
// would take the first key after a pause otherwise.
func (k *keyboard) release() {
	for _, wait := range []time.Duration{20, 60, 200} {
		time.AfterFunc(wait*time.Millisecond, func() {
			select {
			case k.wake <- struct{}{}:
			default:
			}
		})
	}
}
