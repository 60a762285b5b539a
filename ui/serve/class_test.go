package serve

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/hinshun/vt10x"
	gossh "golang.org/x/crypto/ssh"

	"esmlab/engine/scenario"
	"esmlab/ui"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

// open starts a class on loopback. Its doors are shut when the test ends.
func open(t testing.TB, o Options) (c *Class, ssh, web string) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := gossh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	o.HostKey = pem.EncodeToMemory(block)
	o.NewID = func() string {
		var b [8]byte
		_, _ = rand.Read(b[:])
		return hex.EncodeToString(b[:])
	}
	c = New(o)
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	s, w := listen(), listen()
	if err := c.Serve(s, w); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, s.Addr().String(), w.Addr().String()
}

// esc is the key as kitty writes it: a lone escape may begin another key's sequence.
const esc = "\x1b[27u"

// student is a guest's SSH client.
type student struct {
	t      testing.TB
	client *gossh.Client
	s      *gossh.Session
	in     io.WriteCloser
	mu     sync.Mutex
	screen vt10x.Terminal
	ended  chan struct{}
}

// dial connects, with a password; the connection is closed when the test ends.
func dial(t testing.TB, addr, password string) (*gossh.Client, error) {
	t.Helper()
	config := &gossh.ClientConfig{User: "guest", HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: time.Minute}
	if password != "" {
		config.Auth = []gossh.AuthMethod{gossh.Password(password)}
	}
	c, err := gossh.Dial("tcp", addr, config)
	if err == nil {
		t.Cleanup(func() { _ = c.Close() })
	}
	return c, err
}

// join comes in with a terminal.
func join(t testing.TB, addr string, cols, rows int) *student {
	t.Helper()
	client, err := dial(t, addr, "")
	if err != nil {
		t.Fatal(err)
	}
	return shell(t, client, cols, rows)
}

// shell opens the terminal of a connection.
func shell(t testing.TB, client *gossh.Client, cols, rows int) *student {
	t.Helper()
	s, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	d := &student{t: t, client: client, s: s, screen: vt10x.New(vt10x.WithSize(cols, rows)), ended: make(chan struct{})}
	if d.in, err = s.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := s.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RequestPty("xterm-256color", rows, cols, gossh.TerminalModes{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Shell(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(d.ended)
		for in := bufio.NewReader(out); ; { // whole runes: a packet may end inside one
			r, _, err := in.ReadRune()
			if err != nil {
				return
			}
			d.mu.Lock()
			_, _ = d.screen.Write(utf8.AppendRune(nil, r))
			d.mu.Unlock()
		}
	}()
	return d
}

func (d *student) press(keys string) {
	d.t.Helper()
	if _, err := io.WriteString(d.in, keys); err != nil {
		d.t.Fatal(err)
	}
}

// expect waits until a text stands on the screen: of what is sent, a program may draw it
// in pieces, and in any order.
func (d *student) expect(text string) {
	d.t.Helper()
	if !d.await(text, time.Minute) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.t.Fatalf("%q has not come, but\n%s", text, d.screen)
	}
}

func (d *student) await(text string, most time.Duration) bool {
	for until := time.Now().Add(most); time.Now().Before(until); time.Sleep(2 * time.Millisecond) {
		d.mu.Lock()
		there := strings.Contains(d.screen.String(), text)
		d.mu.Unlock()
		if there {
			return true
		}
	}
	return false
}

// gone waits until nobody is there.
func gone(t testing.TB, c *Class) {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		here, _, _ := c.Guests()
		if len(here) == 0 {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("still there: %+v", here)
		}
	}
}

// A guest sees Home, opens what is there, answers a question, and takes the answer home.
func TestGuest(t *testing.T) {
	t.Parallel()
	c, addr, _ := open(t, Options{})
	d := join(t, addr, 80, 24)
	d.expect("10 cards due")
	d.press("3")
	d.expect("what is due")
	d.press("\r")
	d.expect("know")
	d.press("0")
	here, _, _ := c.Guests()
	if len(here) != 1 || here[0].N != 1 || here[0].By != "ssh" {
		t.Errorf("who is there: %+v", here)
	}
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if here, _, _ = c.Guests(); here[0].Answered == 1 {
			break
		}
	}
	if here[0].Answered != 1 || here[0].Right != 0 {
		t.Errorf("what was answered: %+v", here[0])
	}
	d.press("\x03")
	d.expect("esmlab progress --import esmp1:")
	gone(t, c)
}

// What a guest may not do is refused: a command, a subsystem, forwarding in both
// directions, an agent, X11, variables of the environment, a second session, and no
// terminal. Nothing that has a file's name is read.
func TestRefused(t *testing.T) {
	t.Parallel()
	_, addr, _ := open(t, Options{})
	refuse := func(what string, try func(*gossh.Client, *gossh.Session) error) {
		t.Helper()
		client, err := dial(t, addr, "")
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		s, err := client.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		if err := try(client, s); err == nil {
			t.Errorf("%s was not refused", what)
		}
	}
	request := func(name string, payload []byte) func(*gossh.Client, *gossh.Session) error {
		return func(_ *gossh.Client, s *gossh.Session) error {
			ok, err := s.SendRequest(name, true, payload)
			if err == nil && !ok {
				err = errors.New("refused")
			}
			return err
		}
	}
	refuse("exec", func(_ *gossh.Client, s *gossh.Session) error { return s.Run("id") })
	refuse("exec with a terminal", func(_ *gossh.Client, s *gossh.Session) error {
		if err := s.RequestPty("xterm", 24, 80, nil); err != nil {
			t.Error(err)
		}
		return s.Run("sh -c 'cat /etc/passwd'")
	})
	refuse("sftp", func(_ *gossh.Client, s *gossh.Session) error { return s.RequestSubsystem("sftp") })
	refuse("a subsystem", func(_ *gossh.Client, s *gossh.Session) error { return s.RequestSubsystem("default") })
	refuse("the agent", request("auth-agent-req@openssh.com", nil))
	refuse("X11", request("x11-req", gossh.Marshal(struct {
		Single          bool
		Protocol, Cooke string
		Screen          uint32
	}{false, "MIT-MAGIC-COOKIE-1", "00", 0})))
	for _, name := range []string{"PATH", "HOME", "XDG_DATA_HOME", "ESMLAB_THEME", "LD_PRELOAD", "TEA_TRACE", "BASH_ENV", "TERM_PROGRAM_VERSION"} {
		refuse("the variable "+name, func(_ *gossh.Client, s *gossh.Session) error { return s.Setenv(name, "x") })
	}
	refuse("a long variable", func(_ *gossh.Client, s *gossh.Session) error { return s.Setenv("LANG", strings.Repeat("x", 65)) })
	refuse("local forwarding", func(c *gossh.Client, _ *gossh.Session) error {
		conn, err := c.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
		}
		return err
	})
	refuse("forwarding to a socket", func(c *gossh.Client, _ *gossh.Session) error {
		conn, err := c.Dial("unix", "/var/run/docker.sock")
		if err == nil {
			_ = conn.Close()
		}
		return err
	})
	refuse("remote forwarding", func(c *gossh.Client, _ *gossh.Session) error {
		l, err := c.Listen("tcp", "127.0.0.1:0")
		if err == nil {
			_ = l.Close()
		}
		return err
	})
	refuse("a second session", func(c *gossh.Client, _ *gossh.Session) error {
		_, err := c.NewSession()
		return err
	})
	refuse("a shell without a terminal", func(_ *gossh.Client, s *gossh.Session) error {
		if err := s.Shell(); err != nil {
			t.Error(err)
		}
		return s.Wait()
	})
	for _, allowed := range []string{"LANG", "COLORTERM"} {
		client, err := dial(t, addr, "")
		if err != nil {
			t.Fatal(err)
		}
		s, err := client.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Setenv(allowed, "en_US.UTF-8"); err != nil {
			t.Errorf("%s is refused, and says only what the terminal can do", allowed)
		}
	}
	// In the lab, a file can be named by a command: nothing is read or written.
	d := join(t, addr, 100, 30)
	d.expect("calm-stream")
	d.press("4")
	d.expect("cards are about it")
	d.press("\r")
	d.expect("What happened")
	d.press(" :deploy /etc/passwd\r")
	d.expect("no file can be read here")
	d.press(esc)
	time.Sleep(100 * time.Millisecond)
	d.press("\x1a") // there is no shell that ctrl+z could give the terminal to
	d.press("?")
	d.expect("What works here")
}

// A password is asked for where there is one: a wrong one does not let in.
func TestPassword(t *testing.T) {
	t.Parallel()
	c, addr, _ := open(t, Options{Password: "otter"})
	for _, wrong := range []string{"", "Otter", "otter ", "ott"} {
		if _, err := dial(t, addr, wrong); err == nil {
			t.Errorf("%q lets in", wrong)
		}
	}
	client, err := dial(t, addr, "otter")
	if err != nil {
		t.Fatal(err)
	}
	shell(t, client, 80, 24).expect("all lessons")
	if here, _, _ := c.Guests(); len(here) != 1 {
		t.Errorf("%d guests are there", len(here))
	}
}

// The class is full, and says so; a place that was left can be taken.
func TestFull(t *testing.T) {
	t.Parallel()
	c, addr, _ := open(t, Options{Guests: 2})
	a, b := join(t, addr, 80, 24), join(t, addr, 80, 24)
	a.expect("all lessons")
	b.expect("all lessons")
	third := join(t, addr, 80, 24)
	third.expect("the class is full")
	<-third.ended
	_ = a.client.Close()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if here, _, _ := c.Guests(); len(here) == 1 {
			break
		}
	}
	join(t, addr, 80, 24).expect("all lessons")
}

// A guest who does nothing for long is sent home, and told so.
func TestIdle(t *testing.T) {
	t.Parallel()
	c, addr, _ := open(t, Options{Idle: time.Second})
	d := join(t, addr, 80, 24)
	d.expect("Nothing was pressed for 1s")
	gone(t, c)
}

// Guests who mean no good hurt nobody: one sends rubbish, one opens 100 channels, one
// resizes 1,000 times, one never reads, one hangs up in the middle, and some do not even
// speak SSH. Somebody else is answered all the while.
func TestTroublemakers(t *testing.T) {
	t.Parallel()
	c, addr, web := open(t, Options{})
	good := join(t, addr, 80, 24)
	good.expect("all lessons")
	var all sync.WaitGroup
	trouble := func(do func()) { all.Go(do) }
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	trouble(func() { // rubbish
		d := join(t, addr, 80, 24)
		rubbish := make([]byte, 4096)
		for ctx.Err() == nil {
			_, _ = rand.Read(rubbish)
			for i := range rubbish {
				if rubbish[i] == 3 || rubbish[i] == 'q' { // it would leave
					rubbish[i] = 0x1b
				}
			}
			if _, err := d.in.Write(rubbish); err != nil {
				return
			}
		}
	})
	trouble(func() { // channels
		client, err := dial(t, addr, "")
		if err != nil {
			t.Error(err)
			return
		}
		opened := 0
		for i := range 100 {
			kind := []string{"session", "direct-tcpip", "forwarded-tcpip", "auth-agent@openssh.com", "x11", "\x00\xff"}[i%6]
			if ch, reqs, err := client.OpenChannel(kind, nil); err == nil {
				opened++
				go gossh.DiscardRequests(reqs)
				defer ch.Close()
			}
		}
		if opened != 1 {
			t.Errorf("%d channels were opened", opened)
		}
	})
	trouble(func() { // sizes
		d := join(t, addr, 80, 24)
		for i := range 1000 {
			if err := d.s.WindowChange([]int{24, 0, 1, 1 << 30, 70}[i%5], []int{80, 0, 1, 1 << 30, 240}[i%5]); err != nil {
				t.Error(err)
				return
			}
		}
		if err := d.s.WindowChange(24, 80); err != nil {
			t.Error(err)
		}
		d.press("?")
		d.expect("What works here")
	})
	trouble(func() { // never reads
		client, err := dial(t, addr, "")
		if err != nil {
			t.Error(err)
			return
		}
		s, err := client.NewSession()
		if err != nil {
			t.Error(err)
			return
		}
		in, _ := s.StdinPipe()
		_, _ = s.StdoutPipe() // its window fills
		if err := errors.Join(s.RequestPty("xterm", 70, 240, nil), s.Shell()); err != nil {
			t.Error(err)
			return
		}
		for ctx.Err() == nil {
			if _, err := io.WriteString(in, "?"+esc); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	trouble(func() { // hangs up
		for range 10 {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				if ctx.Err() == nil { // else the class has been closed
					t.Error(err)
				}
				return
			}
			sc, chans, reqs, err := gossh.NewClientConn(conn, addr, &gossh.ClientConfig{User: "x", HostKeyCallback: gossh.InsecureIgnoreHostKey()})
			if err != nil {
				continue
			}
			client := gossh.NewClient(sc, chans, reqs)
			if s, err := client.NewSession(); err == nil {
				_ = s.RequestPty("xterm", 24, 80, nil)
				_ = s.Shell()
			}
			_ = conn.Close()
		}
	})
	trouble(func() { // no SSH, no HTTP
		for range 10 {
			for _, at := range []string{addr, web} {
				conn, err := net.Dial("tcp", at)
				if err != nil {
					continue
				}
				_, _ = conn.Write(bytes.Repeat([]byte{0, 0xff, '\n'}, 5000))
				_ = conn.Close()
			}
		}
	})
	rounds := 20
	if testing.Short() {
		rounds = 6
	}
	for range rounds {
		good.press("?")
		good.expect("What works here")
		good.press(esc)
		good.expect("Shelves") // both in one frame would change nothing
	}
	cancel()
	c.Close() // who writes and is not read is freed
	all.Wait()
	gone(t, c)
}

// presenter runs the host's program on a lab, with the class as its stage.
func presenter(t testing.TB, c *Class) (send func(tea.Msg)) {
	t.Helper()
	src, _ := scenario.Builtin("poison-record")
	sc, err := scenario.Read("poison-record", src, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return presenting(t, c, func(s *kit.ScreenStack) error {
		l, err := lab.New(s, lab.Options{Scenario: &lab.Scenario{Name: sc.Name, Title: sc.Title, About: sc.About, Config: sc.Config}, Stopped: true})
		if err == nil {
			s.Open(l)
		}
		return err
	})
}

// presenting runs the host's program on what open opens.
func presenting(t testing.TB, c *Class, open func(*kit.ScreenStack) error) (send func(tea.Msg)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	started, ended := make(chan func(tea.Msg), 1), make(chan bool)
	in, keep := io.Pipe()
	go func() {
		defer close(ended)
		_ = ui.Run(ctx, ui.Options{Env: []string{"TERM=xterm-256color"}, Input: in, Output: io.Discard, Cols: 100, Rows: 30, Stage: c,
			Started: func(send func(tea.Msg)) { c.Host(send); started <- send }}, open)
	}()
	t.Cleanup(func() {
		cancel()
		_ = keep.Close()
		<-ended
	})
	return <-started
}

// Guests of several sizes follow the presenter, each in their own size; one takes a copy,
// does something to it, and comes back. The presenter's run does not change by it.
func TestFollow(t *testing.T) {
	t.Parallel()
	c, addr, _ := open(t, Options{})
	send := presenter(t, c)
	for until := time.Now().Add(time.Minute); !c.shows() && time.Now().Before(until); time.Sleep(time.Millisecond) {
	}
	small, large := join(t, addr, 80, 24), join(t, addr, 170, 55)
	small.expect("00:00.0")
	small.expect("take a copy")
	large.expect("take a copy")
	for range 4 {
		send(tea.KeyPressMsg{Code: 'n', Text: "n"})
	}
	large.expect("BLOCKED")
	small.expect("BLOCKED")
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if looks := c.Looks(); len(looks) == 2 {
			break
		}
	}
	if looks := c.Looks(); len(looks) != 2 || looks[0].W != 160 || looks[1].W != 80 {
		t.Errorf("drawn are %v", looks)
	}
	small.press("f")
	follows := func(want bool, where string) {
		t.Helper()
		var here []Guest
		for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
			if here, _, _ = c.Guests(); here[0].Follows == want && here[0].Where == where && here[1].Follows {
				return
			}
		}
		t.Errorf("who follows: %+v", here)
	}
	follows(false, "poison-record")
	small.press("b")
	small.expect("you set BisectBatchOnFunctionError")
	small.press(esc)
	follows(true, "the presenter")
	small.expect("take a copy")
	large.press(esc)
	large.expect("all lessons")
	_ = small.client.Close()
	for until := time.Now().Add(time.Minute); time.Now().Before(until) && len(c.Looks()) > 0; time.Sleep(5 * time.Millisecond) {
	}
	if looks := c.Looks(); len(looks) != 0 {
		t.Errorf("nobody follows, and %v are drawn", looks)
	}
}
