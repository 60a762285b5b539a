package talks

import (
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Phase is where a poll is.
type Phase uint8

// The phases, in their order.
const (
	Asked   Phase = iota // the question is read
	First                // each votes alone
	Talking              // neighbours talk; nobody sees how the vote went
	Second               // each votes again
	Shown                // both votes are seen
	NPhases              // how many there are
)

var phaseNames = [...]string{"ask", "vote", "talk", "vote again", "run it"}

func (p Phase) String() string { return phaseNames[p] }

// Open tells whether votes count now.
func (p Phase) Open() bool { return p == First || p == Second }

// How sure somebody is who votes.
const (
	NotAsked = iota
	Guess
	Fairly
	Sure
)

// Why a vote does not count.
var (
	ErrClosed = errors.New("the vote is closed: this one came too late and does not count")
	ErrTwice  = errors.New("you have voted already: your first vote counts")
	ErrOption = errors.New("there is no such option")
	ErrFull   = errors.New("more have voted than a class can have")
)

// mostVoters bounds what a vote keeps.
const mostVoters = 2000

// Tally is how a vote went.
type Tally struct {
	Counts []int // by option
	Sure   []int // of them, those who are sure
}

// Votes is how many have voted.
func (t *Tally) Votes() (n int) {
	for _, c := range t.Counts {
		n += c
	}
	return n
}

// Share is how many of a hundred have chosen an option; 0 of none.
func (t *Tally) Share(option int) int {
	if n := t.Votes(); n > 0 {
		return (t.Counts[option]*100 + n/2) / n
	}
	return 0
}

// Poll is a question to a class, and its votes. Several goroutines may use it at once. Who
// votes is known by a token that only tells them apart.
type Poll struct {
	mu      sync.Mutex
	right   int // the index of the right option
	phase   Phase
	tallies [2]Tally
	said    [2]map[string]int // by token: the option
	version int
}

// NewPoll begins a poll with so many options; right is the index of the right one.
func NewPoll(options, right int) *Poll {
	p := &Poll{right: right}
	for i := range p.tallies {
		p.tallies[i] = Tally{make([]int, options), make([]int, options)}
		p.said[i] = map[string]int{}
	}
	return p
}

// round is which vote is under way: 0 or 1.
func (p *Poll) round() int {
	if p.phase >= Second {
		return 1
	}
	return 0
}

// Phase is where the poll is. Version changes with each vote and phase.
func (p *Poll) Phase() Phase {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.phase
}

// Version changes whenever anything has.
func (p *Poll) Version() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.version
}

// Go goes to a phase. Going back to a vote opens it again; its votes still count.
func (p *Poll) Go(to Phase) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.phase = min(to, Shown)
	p.version++
}

// Cast is the vote of somebody for the option at an index.
func (p *Poll) Cast(token string, option, sure int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.round()
	t := &p.tallies[n]
	switch {
	case !p.phase.Open():
		return ErrClosed
	case option < 0 || option >= len(t.Counts) || sure < NotAsked || sure > Sure || token == "":
		return ErrOption
	case len(p.said[n]) >= mostVoters:
		return ErrFull
	}
	if _, twice := p.said[n][token]; twice {
		return ErrTwice
	}
	p.said[n][token] = option
	p.count(n, option, sure, 1)
	return nil
}

func (p *Poll) count(round, option, sure, by int) {
	t := &p.tallies[round]
	t.Counts[option] += by
	if sure == Sure {
		t.Sure[option] += by
	}
	p.version++
}

// Said is the option that somebody has voted for in the vote under way; -1: none.
func (p *Poll) Said(token string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if option, ok := p.said[p.round()][token]; ok {
		return option
	}
	return -1
}

// Finger counts a finger that was raised, while a vote is open; back takes one off.
func (p *Poll) Finger(option int, back bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := &p.tallies[p.round()]
	if !p.phase.Open() || option < 0 || option >= len(t.Counts) || back && t.Counts[option] == 0 {
		return false
	}
	if back {
		p.count(p.round(), option, NotAsked, -1)
	} else {
		p.count(p.round(), option, NotAsked, 1)
	}
	return true
}

// Votes is how many have voted in the vote under way, or in the last one.
func (p *Poll) Votes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tallies[p.round()].Votes()
}

// Result is how both votes went. Nobody is to see it before Shown but the speaker.
type Result struct {
	First, Second Tally
	Right         int
	// Towards and Away are how many of those who voted twice changed to the right option,
	// and away from it. Fingers are not known by their hands.
	Towards, Away int
}

// Result gives how the votes went so far.
func (p *Poll) Result() Result {
	p.mu.Lock()
	defer p.mu.Unlock()
	clone := func(t Tally) Tally { return Tally{slices.Clone(t.Counts), slices.Clone(t.Sure)} }
	r := Result{First: clone(p.tallies[0]), Second: clone(p.tallies[1]), Right: p.right}
	for token, was := range p.said[0] {
		now, again := p.said[1][token]
		switch {
		case !again || now == was:
		case now == p.right:
			r.Towards++
		case was == p.right:
			r.Away++
		}
	}
	return r
}

// Advice says what the first vote calls for (peer instruction): with few right answers
// there is nobody to learn from, with many nothing to talk about.
func (r *Result) Advice() string {
	if r.First.Votes() == 0 {
		return "Nobody has voted."
	}
	switch share := r.First.Share(r.Right); {
	case share < 40:
		return fmt.Sprintf("%d %% are right: explain, then ask again.", share)
	case share <= 80:
		return fmt.Sprintf("%d %% are right: let them talk, then vote again.", share)
	default:
		return fmt.Sprintf("%d %% are right: run it.", share)
	}
}

// Line writes the figures as one line, to be kept: the question, both votes by option, and
// who changed.
func (r *Result) Line(question string) string {
	out := fmt.Sprintf("%q", question)
	for i := range r.First.Counts {
		mark := ""
		if i == r.Right {
			mark = " right"
		}
		out += fmt.Sprintf("; %d%s: %d, then %d (%d sure)", i+1, mark, r.First.Counts[i], r.Second.Counts[i], r.Second.Sure[i])
	}
	return out + fmt.Sprintf("; %d %% right, then %d %%", r.First.Share(r.Right), r.Second.Share(r.Right))
}
