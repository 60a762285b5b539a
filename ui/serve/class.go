// Package serve lets guests in: by SSH, and by a browser over a websocket. Each guest
// has their own screens, with progress in memory, or follows what the presenter shows.
// Nothing of the host can be reached: there is no shell, no command, no file, no
// forwarding and no agent, and what a guest may take is limited.
//
// Reading order: class.go (who is there, and the limits), guest.go (the program of one
// guest), ssh.go and web.go (the doors), stage.go, follow.go and vote.go (what the
// presenter shows and asks), status.go (the teacher's screen), home.go (progress to take home).
package serve

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui/kit"
	"esmlab/ui/present"
	"esmlab/ui/quiz"
)

// Options are what a class is given from outside.
type Options struct {
	// Password is asked of each guest; "" nobody is asked.
	Password string
	// Guests is how many may be there at once, Idle how long one may do nothing, and
	// Stay how long a connection may last.
	Guests     int
	Idle, Stay time.Duration
	// Version of the program, for those who ask by SSH.
	Version string
	// HostKey is the private key of the SSH door, in PEM.
	HostKey []byte
	// Door is the page that opens a guest's terminal in a browser; nil: it was not built.
	Door []byte
	// Asked is the poll that the presenter asks now, nil where there is none: those who
	// follow vote on it with a digit. Vote is the page on which a phone does, at /vote of
	// the browser door. nil: there are no polls.
	Asked func() *present.Question
	Vote  http.Handler
	// NewID gives a new id, unique over all machines; Now the time.
	NewID func() string
	Now   func() time.Time
}

// The limits of a guest. What they bound is named in each.
const (
	maxCols, maxRows = 240, 70          // of a frame; a larger terminal leaves the rest empty
	fps              = 30               // how often in a second a frame is sent at most
	inputRate        = 512              // bytes a second that are read from a guest in the long run
	inputBurst       = 8 << 10          // bytes that are read at once
	patience         = 20 * time.Second // how long a guest may not take what is sent
	history          = 1 << 20          // bytes that the past of a run takes
	mostWaiting      = 20_000           // records and messages that wait in a simulation
)

// framesOfClass is how many frames of time all guests have in a second, for each core:
// with more guests each has fewer, so that keys are answered.
const framesOfClass = 300

// Class is who is there, and what the presenter shows.
type Class struct {
	o    Options
	deck quiz.Deck // read once for all
	stage

	mu      sync.Mutex
	guests  map[int]*guest
	came    int // how many have come so far; the last one's number
	refused int // how many found no place
	doors   []func()
	closed  bool
}

// New makes a class in which nobody is yet. What is 0 in the options becomes usual: 60
// guests, an hour of nothing, twelve hours in all.
func New(o Options) *Class {
	o.Guests = cmp.Or(o.Guests, 60)
	o.Idle = cmp.Or(o.Idle, time.Hour)
	o.Stay = cmp.Or(o.Stay, 12*time.Hour)
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Class{o: o, guests: map[int]*guest{}}
}

// errFull is why a guest is not let in.
var errFull = errors.New("the class is full")

// enter gives a guest a place. leave must be called when they go.
func (c *Class) enter(g *guest) (leave func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.guests) >= c.o.Guests || c.closed {
		c.refused++
		return nil, fmt.Errorf("%w: %s are here, and no more can be", errFull, kit.Count(len(c.guests), "guest"))
	}
	c.came++
	g.n, g.since = c.came, c.o.Now()
	c.guests[g.n] = g
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.guests, g.n)
		c.stage.forget(g.n)
	}, nil
}

// knows reports whether a password is the class's. It takes as long for a wrong one.
func (c *Class) knows(password string) bool {
	return c.o.Password == "" || subtle.ConstantTimeCompare([]byte(password), []byte(c.o.Password)) == 1
}

// pace is how long a frame of time lasts for a guest now.
func (c *Class) pace() time.Duration {
	c.mu.Lock()
	n := len(c.guests)
	c.mu.Unlock()
	return max(time.Second/20, time.Duration(n)*time.Second/time.Duration(framesOfClass*min(runtime.GOMAXPROCS(0), 8)))
}

// asked is the poll that the presenter asks now; nil: there is none.
func (c *Class) asked() *present.Question {
	if c.o.Asked == nil {
		return nil
	}
	return c.o.Asked()
}

// Guest is what the teacher sees of a guest: a number, and no name.
type Guest struct {
	N               int
	By              string // "ssh" or "browser"
	Since           time.Time
	Where           string // what they look at
	Follows         bool   // the presenter
	Answered, Right int    // questions
	Lessons         int    // finished
}

// Guests lists who is there, in the order in which they came; came is how many have come
// so far, refused how many found no place.
func (c *Class) Guests() (here []Guest, came, refused int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, g := range c.guests {
		here = append(here, g.seen())
	}
	slices.SortFunc(here, func(a, b Guest) int { return cmp.Compare(a.N, b.N) })
	return here, c.came, c.refused
}

// Serve opens doors: ssh and web are listened to until Close; nil: that door stays shut.
func (c *Class) Serve(ssh, web net.Listener) error {
	if ssh != nil {
		closing, err := c.serveSSH(ssh)
		if err != nil {
			return err
		}
		c.doors = append(c.doors, closing)
	}
	if web != nil {
		c.doors = append(c.doors, c.serveWeb(web))
	}
	return nil
}

// Close sends everybody home, and shuts the doors. It waits a little for the guests'
// programs to end.
func (c *Class) Close() {
	c.mu.Lock()
	c.closed = true
	var going []*guest
	for _, g := range c.guests {
		going = append(going, g)
	}
	c.mu.Unlock()
	for _, g := range going {
		g.hangUp("the class is over")
	}
	until := time.Now().Add(2 * time.Second)
	for time.Now().Before(until) {
		if here, _, _ := c.Guests(); len(here) == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	for _, closing := range c.doors {
		closing()
	}
}

// Host is told how to send the presenter's program a message: when somebody begins to
// follow, it draws its screen for them. The program is given the class as its Stage.
func (c *Class) Host(send func(tea.Msg)) { c.stage.host(send) }

// errorsOf is what a guest is told who cannot come in.
func refusal(err error) string { return "esmlab: " + err.Error() + ".\r\n" }

// Wait returns when the context ends.
func (c *Class) Wait(ctx context.Context) { <-ctx.Done() }
