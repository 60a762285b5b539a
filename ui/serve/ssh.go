package serve

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"charm.land/ssh"
	"charm.land/wish/v2"
	gossh "golang.org/x/crypto/ssh"
)

// waiting is how many connections there may be beside the guests': those that have not
// said the password yet, or find the class full.
const waiting = 32

// wrong is how long a wrong password is pondered over.
const wrong = time.Second / 2

// serveSSH opens the SSH door. closing shuts it, with all connections.
func (c *Class) serveSSH(l net.Listener) (closing func(), err error) {
	options := []ssh.Option{
		wish.WithHostKeyPEM(c.o.HostKey),
		wish.WithVersion("esmlab-" + tidy(c.o.Version)),
		ssh.EmulatePty(),
		wish.WithMiddleware(func(ssh.Handler) ssh.Handler { return c.session }),
		func(s *ssh.Server) error {
			s.ServerConfigCallback = func(ssh.Context) *gossh.ServerConfig { return &gossh.ServerConfig{MaxAuthTries: 3} }
			s.HandshakeTimeout = 15 * time.Second
			s.MaxTimeout = c.o.Stay
			// One session, and nothing else: no forwarding, no agent, no subsystem.
			s.ChannelHandlers = map[string]ssh.ChannelHandler{"session": c.channel, "default": func(_ *ssh.Server, _ *gossh.ServerConn, ch gossh.NewChannel, _ ssh.Context) {
				_ = ch.Reject(gossh.Prohibited, "esmlab has no "+tidy(ch.ChannelType()))
			}}
			s.RequestHandlers = map[string]ssh.RequestHandler{"keepalive@openssh.com": func(ssh.Context, *ssh.Server, *gossh.Request) (bool, []byte) { return true, nil }}
			s.SubsystemHandlers = map[string]ssh.SubsystemHandler{}
			return nil
		},
	}
	if c.o.Password != "" {
		options = append(options, wish.WithPasswordAuth(func(_ ssh.Context, password string) bool { return c.ponder(password) }),
			wish.WithKeyboardInteractiveAuth(func(_ ssh.Context, ask gossh.KeyboardInteractiveChallenge) bool {
				answers, err := ask("", "", []string{"password of the class: "}, []bool{false})
				return err == nil && len(answers) == 1 && c.ponder(answers[0])
			}))
	}
	srv, err := wish.NewServer(options...)
	if err != nil {
		return nil, err
	}
	go func() { _ = srv.Serve(limit(l, c.o.Guests+waiting)) }() // it ends when the door is shut
	return func() { _ = srv.Close() }, nil
}

// ponder tells whether a password is right, and takes its time where it is not.
func (c *Class) ponder(password string) bool {
	if c.knows(password) {
		return true
	}
	time.Sleep(wrong)
	return false
}

// tidy is what of a text may stand in an answer.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._@", r) {
			return r
		}
		return '-'
	}, s)
	return s[:min(len(s), 64)]
}

// connection is what is kept of an SSH connection.
type connection struct {
	taken   atomic.Bool // it has its session
	resizes chan size
}

type connectionKey struct{}

// channel lets one session in for each connection, with what it may ask for.
func (c *Class) channel(srv *ssh.Server, conn *gossh.ServerConn, ch gossh.NewChannel, ctx ssh.Context) {
	ctx.Lock()
	state, ok := ctx.Value(connectionKey{}).(*connection)
	if !ok {
		state = &connection{resizes: make(chan size, 1)}
		ctx.SetValue(connectionKey{}, state)
	}
	ctx.Unlock()
	if state.taken.Swap(true) {
		_ = ch.Reject(gossh.ResourceShortage, "one session for each connection")
		return
	}
	ssh.DefaultSessionHandler(srv, conn, &onlyTerminal{ch, state}, ctx)
}

// onlyTerminal is a channel for a terminal and nothing else.
type onlyTerminal struct {
	gossh.NewChannel
	state *connection
}

// What a guest's terminal may say of itself, and how long that may be.
var terminalEnv = []string{"COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "TERM_PROGRAM"}

const maxEnv = 64

// Accept hands on the requests for a terminal and its shell, which is esmlab. All others
// are refused: exec, subsystems, agent, X11 and variables of the environment that are
// not about the terminal. Sizes are kept to the last.
func (o *onlyTerminal) Accept() (gossh.Channel, <-chan *gossh.Request, error) {
	ch, in, err := o.NewChannel.Accept()
	if err != nil {
		return ch, in, err
	}
	out := make(chan *gossh.Request)
	go func() {
		defer close(out)
		variables := 0
		for req := range in {
			ok := false
			switch req.Type {
			case "pty-req":
				ok = len(req.Payload) < 4096
			case "shell":
				ok = true
			case "env":
				var kv struct{ Name, Value string }
				if gossh.Unmarshal(req.Payload, &kv) == nil && slices.Contains(terminalEnv, kv.Name) && len(kv.Value) <= maxEnv {
					variables++
					ok = variables <= len(terminalEnv)
				}
			case "window-change":
				if len(req.Payload) >= 8 {
					latest(o.state.resizes, size{int(binary.BigEndian.Uint32(req.Payload)), int(binary.BigEndian.Uint32(req.Payload[4:]))})
				}
				_ = req.Reply(len(req.Payload) >= 8, nil)
				continue
			}
			if !ok {
				_ = req.Reply(false, nil)
				continue
			}
			out <- req
		}
	}()
	return ch, out, nil
}

// session is a guest who has come in by SSH.
func (c *Class) session(s ssh.Session) {
	pty, _, ok := s.Pty()
	if !ok {
		_, _ = fmt.Fprint(s.Stderr(), refusal(errors.New("this needs a terminal (ssh -t)")))
		_ = s.Exit(1)
		return
	}
	state := s.Context().Value(connectionKey{}).(*connection)
	conn, _ := s.Context().Value(ssh.ContextKeyConn).(*gossh.ServerConn)
	env := []string{"TERM=" + tidy(pty.Term)}
	for _, e := range s.Environ() {
		if name, value, ok := strings.Cut(e, "="); ok {
			env = append(env, name+"="+tidy(value))
		}
	}
	err := c.play(s.Context(), terminal{by: "ssh", in: s, out: s, env: env, size: size{pty.Window.Width, pty.Window.Height}, resizes: state.resizes,
		plain: func(text string) { say(s, text) }, shut: func() { _ = conn.Close() }})
	if err != nil && !errors.Is(err, context.Canceled) {
		say(s, refusal(err))
		_ = s.Exit(1)
	}
}

// say writes a last word, and does not wait for a guest who takes nothing.
func say(s ssh.Session, text string) {
	done := make(chan bool)
	go func() {
		defer close(done)
		_, _ = s.Write([]byte(text))
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
}

// limit gives a listener that has at most n connections at once: one more is shut.
func limit(l net.Listener, n int) net.Listener {
	return &limited{Listener: l, room: make(chan bool, n)}
}

type limited struct {
	net.Listener
	room chan bool
}

func (l *limited) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case l.room <- true:
			return &counted{Conn: conn, leave: func() { <-l.room }}, nil
		default:
			_ = conn.Close()
		}
	}
}

// counted is a connection that leaves its room once.
type counted struct {
	net.Conn
	leave func()
	left  atomic.Bool
}

func (c *counted) Close() error {
	if !c.left.Swap(true) {
		c.leave()
	}
	return c.Conn.Close()
}
