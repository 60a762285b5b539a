package present

import (
	"fmt"
	"time"
)

// Notes are what the speaker sees, and the class does not.
type Notes struct {
	Talk, Stop string
	N, Of      int
	Say        []string // what to say at this stop
	Next       string
	Clock      func() string // how long it has taken by now, of how long it may
	Poll       string        // how the vote goes
}

// minutes is how long the presentation takes as planned; 0: it is not said.
func (s *Screen) minutes() int {
	if s.o.Talk.Minutes > 0 {
		return s.o.Talk.Minutes
	}
	n := 0
	for i := range s.o.Talk.Stops {
		n += s.o.Talk.Stops[i].Minutes
	}
	return n
}

// clock says how long it has taken.
func (s *Screen) clock() string { return s.ticking()() }

// ticking says it at any later time, from any goroutine: the speaker's clock runs on while
// no key is pressed.
func (s *Screen) ticking() func() string {
	now, began, minutes := s.o.Now, s.began, s.minutes()
	return func() string {
		gone := max(0, now().Sub(began))
		text := fmt.Sprintf("%d:%02d", int(gone.Minutes()), int(gone/time.Second)%60)
		if minutes > 0 {
			text += fmt.Sprintf(" of %d min", minutes)
		}
		return text
	}
}

// upcoming says what comes next.
func (s *Screen) upcoming() string {
	if s.at+1 >= len(s.o.Talk.Stops) {
		return "this is the last stop"
	}
	to := &s.o.Talk.Stops[s.at+1]
	if to.Poll != nil {
		return "a poll, “" + to.Title + "”"
	}
	return to.Title
}

// notes are those of the stop.
func (s *Screen) notes() Notes {
	stop := s.stop()
	n := Notes{Talk: s.o.Talk.Title, Stop: stop.Title, N: s.at + 1, Of: len(s.o.Talk.Stops), Say: stop.Say(), Next: s.upcoming(), Clock: s.ticking()}
	if p := s.poll(); p != nil {
		r := p.votes.Result()
		n.Poll = fmt.Sprintf("The poll is at: %s. First vote %v, second %v; the right option is %d. %s", p.votes.Phase(), r.First.Counts, r.Second.Counts, r.Right+1, r.Advice())
	}
	return n
}

// tell shows the notes to the speaker.
func (s *Screen) tell() { s.o.Room.Tell(s.notes()) }
