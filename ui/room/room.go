// Package room is the small server of a presentation: a page on which phones vote, and one
// on which the speaker reads the notes. The pages need no script. Who votes has no name: a
// random token in a cookie tells browsers apart, and nothing is written down.
package room

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"esmlab/talks"
	"esmlab/ui/kit"
	"esmlab/ui/present"
)

// Server serves a room. It implements present.Room.
type Server struct {
	votes, speaker string // addresses, "" where nobody can come

	mu      sync.Mutex
	asked   *present.Question
	notes   present.Notes
	changed int
	servers []*http.Server
}

// Listen opens the doors: the notes at an address of this machine alone, and where room is
// not "" the votes at an address of the network. Both are as net.Listen takes them.
func Listen(ctx context.Context, local, room string) (*Server, error) {
	s := &Server{}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", local)
	if err != nil {
		return nil, err
	}
	if host, _, _ := net.SplitHostPort(l.Addr().String()); !net.ParseIP(host).IsLoopback() {
		_ = l.Close()
		return nil, fmt.Errorf("%s: the notes are for this machine alone: an address of loopback, as 127.0.0.1:8017", local)
	}
	s.speaker = "http://" + l.Addr().String() + "/notes"
	s.serve(l, s.Handler(true))
	if room == "" {
		return s, nil
	}
	l, err = (&net.ListenConfig{}).Listen(ctx, "tcp", room)
	if err != nil {
		s.Close()
		return nil, err
	}
	s.votes = "http://" + reachable(l.Addr())
	s.serve(l, s.Handler(false))
	return s, nil
}

// reachable is an address under which others find this machine: of all its addresses, the
// first of a private network.
func reachable(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return at.String()
	}
	if ip := net.ParseIP(host); ip != nil && !ip.IsUnspecified() {
		return at.String()
	}
	addrs, _ := net.InterfaceAddrs()
	best := ""
	for _, a := range addrs {
		n, ok := a.(*net.IPNet)
		if !ok || n.IP.To4() == nil || n.IP.IsLoopback() {
			continue
		}
		if best == "" || n.IP.IsPrivate() && !net.ParseIP(best).IsPrivate() {
			best = n.IP.String()
		}
	}
	if best == "" {
		best = "127.0.0.1"
	}
	return net.JoinHostPort(best, port)
}

func (s *Server) serve(l net.Listener, h http.Handler) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: 30 * time.Second, MaxHeaderBytes: 8 << 10}
	s.servers = append(s.servers, srv)
	go func() { _ = srv.Serve(l) }() // until Close
}

// Close closes the doors.
func (s *Server) Close() {
	for _, srv := range s.servers {
		_ = srv.Close()
	}
}

// Votes is where the class votes, Speaker where the notes are.
func (s *Server) Votes() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.votes
}

// VoteAt says where else the class votes: at the address of a server that uses Handler.
func (s *Server) VoteAt(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.votes = address
}

// Speaker is the address of the notes.
func (s *Server) Speaker() string { return s.speaker }

// Ask shows a question to those who vote.
func (s *Server) Ask(q *present.Question) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = q
}

// Tell gives the speaker's notes.
func (s *Server) Tell(n present.Notes) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = n
	s.changed++
}

// Asked is the question that is put to the class now, nil where there is none.
func (s *Server) Asked() *present.Question {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// Handler serves the pages; notes tells whether the speaker's are among them. The page on
// which a phone votes is at / and, for a server that has another page there, at /vote.
// It looks again by itself at the address where it is, so both must answer a GET.
func (s *Server) Handler(notes bool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /vote", s.page)
	mux.HandleFunc("POST /vote", s.vote)
	if notes {
		mux.HandleFunc("GET /notes", s.notesPage)
		mux.HandleFunc("GET /notes.txt", s.notesText)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		mux.ServeHTTP(w, r)
	})
}

// cookie is the name of the token that tells browsers apart.
const cookie = "esmlab"

// token gives the browser's token, and a new one where it has none.
func token(w http.ResponseWriter, r *http.Request) (t string, known bool) {
	if c, err := r.Cookie(cookie); err == nil && len(c.Value) == 32 {
		return c.Value, true
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	t = hex.EncodeToString(b[:])
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: t, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	return t, false
}

const style = `:root{color-scheme:light dark}body{font:1.15rem/1.4 system-ui,sans-serif;margin:0 auto;max-width:34rem;padding:1rem}h1{font-size:1.3rem}button{display:block;width:100%;margin:.6rem 0;padding:.9rem;font:inherit;text-align:left;border:2px solid;border-radius:.5rem;background:transparent;color:inherit}button b{margin-right:.7rem}fieldset{border:0;padding:0;margin:1rem 0}label{display:inline-block;padding:.5rem 1rem .5rem 0}.said{border-left:.4rem solid;padding:.3rem .8rem;font-weight:600}p.small{font-size:.9rem;opacity:.75}`

func begin(title, refresh string) string {
	if refresh != "" {
		refresh = `<meta http-equiv="refresh" content="` + refresh + `">`
	}
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` + refresh + `<title>` + html.EscapeString(title) + `</title><style>` + style + `</style></head><body>`
}

// page is what a phone shows now.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	t, _ := token(w, r)
	s.write(w, http.StatusOK, t, "")
}

// write writes the page for a browser; said is what became of its vote.
func (s *Server) write(w http.ResponseWriter, status int, t, said string) {
	q := s.Asked()
	var b strings.Builder
	open := q != nil && q.Poll.Phase().Open()
	mine := -1
	if open {
		mine = q.Poll.Said(t)
	}
	refresh := "3"
	if open && mine < 0 { // somebody is choosing
		refresh = ""
	}
	b.WriteString(begin("esmlab: vote", refresh))
	if said != "" {
		fmt.Fprintf(&b, `<p class="said" role="status">%s</p>`, html.EscapeString(said))
	}
	switch {
	case q == nil:
		b.WriteString("<h1>No vote is open</h1><p>This page asks as soon as there is one. It looks again by itself.</p>")
	case open && mine >= 0:
		fmt.Fprintf(&b, "<h1>%s</h1><p>Your vote: <b>%d</b> %s</p><p>It counts once. The result is shown when both votes have ended.</p>", html.EscapeString(q.Title), mine+1, html.EscapeString(q.Options[mine]))
	case open:
		again := ""
		if q.Poll.Phase() == talks.Second {
			again = "<p>The second vote: choose again, whatever you chose first.</p>"
		}
		fmt.Fprintf(&b, `<h1>%s</h1><p>%s</p>%s<form method="post" action="/vote"><input type="hidden" name="round" value="%d"><fieldset><legend>How sure are you?</legend><label><input type="radio" name="sure" value="1"> a guess</label><label><input type="radio" name="sure" value="2" checked> fairly</label><label><input type="radio" name="sure" value="3"> sure</label></fieldset>`, html.EscapeString(q.Title), html.EscapeString(q.Situation), again, q.Poll.Phase())
		for i, o := range q.Options {
			fmt.Fprintf(&b, `<button name="option" value="%d"><b>%[1]d</b>%s</button>`, i+1, html.EscapeString(o))
		}
		b.WriteString("</form>")
	case q.Poll.Phase() == talks.Talking:
		fmt.Fprintf(&b, "<h1>%s</h1><p>The vote is closed. Talk with your neighbours: what did you choose, and why? Then you vote again, on this page.</p>", html.EscapeString(q.Title))
	case q.Poll.Phase() == talks.Shown:
		b.WriteString("<h1>The votes are closed</h1><p>Look at the screen: it is run now.</p>")
	default:
		fmt.Fprintf(&b, "<h1>%s</h1><p>Read the question on the screen. The vote has not begun.</p>", html.EscapeString(q.Title))
	}
	b.WriteString(`<p class="small">No names are asked and nothing is stored. A cookie tells this browser from the others, so that each votes once.</p></body></html>`)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(b.String()))
}

// vote takes a vote.
func (s *Server) vote(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<10)
	t, known := token(w, r)
	option, err := strconv.Atoi(r.PostFormValue("option"))
	sure, _ := strconv.Atoi(r.PostFormValue("sure"))
	round, _ := strconv.Atoi(r.PostFormValue("round"))
	q := s.Asked()
	switch {
	case err != nil:
		s.write(w, http.StatusBadRequest, t, "No option was chosen: press one of the buttons.")
	case !known:
		s.write(w, http.StatusBadRequest, t, "This browser keeps no cookie, so its votes cannot be told apart. Allow one for this page and vote again.")
	case q == nil:
		s.write(w, http.StatusConflict, t, says(talks.ErrClosed))
	case round != int(q.Poll.Phase()):
		s.write(w, http.StatusConflict, t, says(talks.ErrClosed))
	default:
		if err := q.Poll.Cast(t, option-1, sure); err != nil {
			s.write(w, http.StatusConflict, t, says(err))
			return
		}
		s.write(w, http.StatusOK, t, "Counted.")
	}
}

func says(err error) string {
	for _, known := range []error{talks.ErrClosed, talks.ErrTwice, talks.ErrOption, talks.ErrFull} {
		if errors.Is(err, known) {
			text := known.Error()
			return strings.ToUpper(text[:1]) + text[1:] + "."
		}
	}
	return "The vote does not count."
}

func (s *Server) told() (present.Notes, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notes, s.changed
}

// notesPage is for the speaker; it looks again by itself.
func (s *Server) notesPage(w http.ResponseWriter, _ *http.Request) {
	n, _ := s.told()
	var b strings.Builder
	b.WriteString(begin("notes: "+n.Talk, "2"))
	fmt.Fprintf(&b, "<p>%s · stop %d of %d · <b>%s</b></p><h1>%s</h1>", html.EscapeString(n.Talk), n.N, n.Of, html.EscapeString(clock(n)), html.EscapeString(n.Stop))
	for _, text := range n.Say {
		fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(text))
	}
	if n.Poll != "" {
		fmt.Fprintf(&b, `<p class="said">%s</p>`, html.EscapeString(n.Poll))
	}
	fmt.Fprintf(&b, "<p>Next: %s</p></body></html>", html.EscapeString(n.Next))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(b.String()))
}

// clock is how long it has taken by now; "" before anything is shown.
func clock(n present.Notes) string {
	if n.Clock == nil {
		return ""
	}
	return n.Clock()
}

// notesText is the same for a second terminal.
func (s *Server) notesText(w http.ResponseWriter, _ *http.Request) {
	n, _ := s.told()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(Text(n)))
}

// Text writes notes for a terminal.
func Text(n present.Notes) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nstop %d of %d   %s\n\n%s\n\n", n.Talk, n.N, n.Of, clock(n), n.Stop)
	for _, text := range n.Say {
		for line := range strings.Lines(text) {
			for _, part := range kit.Wrap(strings.TrimSpace(line), 76) {
				b.WriteString("  " + part + "\n")
			}
		}
	}
	if n.Poll != "" {
		b.WriteString("\n" + strings.Join(kit.Wrap(n.Poll, 78), "\n") + "\n")
	}
	b.WriteString("\nNext: " + n.Next + "\n")
	return b.String()
}
