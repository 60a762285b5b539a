package serve

import (
	"context"
	_ "embed"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// joining is what a browser sees where the page of the browser door was not built.
//
//go:embed joining.html
var joining []byte

// Messages between the page and the server, text in both directions but for what a
// terminal is sent, which is binary. From the page: what was typed, a size, the
// password, or the wish for the progress so far. To the page: a refusal, or progress.
type (
	fromPage struct {
		Keys     string `json:"keys,omitempty"`
		Cols     int    `json:"cols,omitempty"`
		Rows     int    `json:"rows,omitempty"`
		Password string `json:"password,omitempty"`
		Progress bool   `json:"progress,omitempty"`
	}
	toPage struct {
		Ask      bool   `json:"ask,omitempty"`      // for the password
		Say      string `json:"say,omitempty"`      // the last word: the screens have ended
		Progress string `json:"progress,omitempty"` // lines of JSON, to be kept as a file
	}
)

// maxMessage is how many bytes a message of the page may have: a long paste.
const maxMessage = 32 << 10

// serveWeb opens the browser door. closing shuts it, with all connections.
func (c *Class) serveWeb(l net.Listener) (closing func()) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		page := c.o.Door
		if page == nil {
			page = joining
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		_, _ = w.Write(page)
	})
	mux.HandleFunc("GET /terminal", c.terminal)
	if c.o.Vote != nil { // it has the limits of a page: short requests, and no password
		mux.Handle("/vote", c.o.Vote)
	}
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	go func() { _ = srv.Serve(limit(l, c.o.Guests+waiting)) }() // it ends when the door is shut
	return func() { _ = srv.Close() }
}

// terminal is a guest who comes in by a browser. Only the page that was served here can
// open it: websocket.Accept compares the origin with the host.
func (c *Class) terminal(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionContextTakeover})
	if err != nil {
		return // it has answered
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(maxMessage)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), c.o.Stay)
	defer cancel()
	tell := func(m toPage) {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		b, _ := json.Marshal(m) // it can be written
		_ = conn.Write(ctx, websocket.MessageText, b)
	}
	first, ok := c.greet(ctx, conn, tell)
	if !ok {
		return
	}
	in, typed := io.Pipe()
	resizes := make(chan size, 1)
	file := make(chan *memory, 1)
	go func() {
		var mine *memory
		for {
			m, err := receive(ctx, conn)
			if err != nil {
				_ = typed.CloseWithError(io.EOF)
				return
			}
			switch {
			case m.Progress:
				if mine == nil {
					mine = <-file
				}
				data, _ := mine.ReadAll()
				tell(toPage{Progress: string(data)})
			case m.Cols > 0:
				latest(resizes, size{m.Cols, m.Rows})
			case m.Keys != "":
				if _, err := io.WriteString(typed, m.Keys); err != nil {
					return
				}
			}
		}
	}()
	defer in.Close()
	err = c.play(ctx, terminal{by: "browser", in: in, out: &toTerminal{ctx, conn}, env: []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, size: first, resizes: resizes,
		came: func(m *memory) { file <- m }, plain: func(text string) { tell(toPage{Say: text + " "}) }, shut: func() { _ = conn.CloseNow() }})
	if err != nil {
		tell(toPage{Say: refusal(err)})
	}
	_ = conn.Close(websocket.StatusNormalClosure, "")
}

// greet waits for the size of the page's terminal, and for the password.
func (c *Class) greet(ctx context.Context, conn *websocket.Conn, tell func(toPage)) (first size, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	knows := c.o.Password == ""
	if !knows {
		tell(toPage{Ask: true})
	}
	for wrong := 0; wrong < 3; {
		m, err := receive(ctx, conn)
		switch {
		case err != nil:
			return size{}, false
		case m.Cols > 0:
			first = size{m.Cols, m.Rows}
		case !knows && m.Keys == "":
			if knows = c.ponder(m.Password); !knows {
				wrong++
				tell(toPage{Ask: true, Say: "This is not the password."})
			}
		}
		if knows && first.w > 0 {
			return first, true
		}
	}
	tell(toPage{Say: "Three times the wrong password."})
	return size{}, false
}

// receive reads a message of the page.
func receive(ctx context.Context, conn *websocket.Conn) (m fromPage, err error) {
	kind, b, err := conn.Read(ctx)
	if err != nil {
		return m, err
	}
	if kind != websocket.MessageText {
		return m, errNotText
	}
	return m, json.Unmarshal(b, &m)
}

type notText struct{}

func (notText) Error() string { return "the page sends text" }

var errNotText = notText{}

// toTerminal sends what a program draws to the page's terminal.
type toTerminal struct {
	ctx  context.Context
	conn *websocket.Conn
}

func (t *toTerminal) Write(p []byte) (int, error) {
	if err := t.conn.Write(t.ctx, websocket.MessageBinary, p); err != nil {
		return 0, err
	}
	return len(p), nil
}
