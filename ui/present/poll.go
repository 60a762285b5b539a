package present

import (
	"strings"
	"time"

	"esmlab/quiz/card"
	"esmlab/talks"
)

// poll is a stop's poll under way.
type poll struct {
	votes   *talks.Poll
	title   string
	until   time.Time // of the open vote
	length  time.Duration
	shown   int   // the seconds left, as they were last drawn
	fingers []int // counted one after the other in the open vote
}

// voteTime is how long a vote is open, as it is said; it stays open until it is closed.
const voteTime = 60 * time.Second

// poll is that of the stop, nil where it has none.
func (s *Screen) poll() *poll {
	c := s.stop().Poll
	if c == nil {
		return nil
	}
	p := s.polls[s.at]
	if p == nil {
		right := 0
		for i, o := range c.Options {
			if o.Right {
				right = i
			}
		}
		p = &poll{votes: talks.NewPoll(len(c.Options), right), title: strings.TrimSpace(card.Text(c.Title))}
		s.polls[s.at] = p
	}
	return p
}

// left is how many seconds are left of a vote.
func (p *poll) left(now time.Time) int { return max(0, int(p.until.Sub(now).Seconds()+0.999)) }

// phase goes to another phase.
func (s *Screen) phase(by int) {
	p := s.poll()
	to := talks.Phase(max(0, int(p.votes.Phase())+by))
	p.votes.Go(to)
	p.fingers = nil
	if to.Open() {
		p.until, p.length = s.o.Now().Add(voteTime), voteTime
	}
	s.ask()
}

// moreTime lengthens the vote.
func (s *Screen) moreTime() {
	p := s.poll()
	now := s.o.Now()
	if p.until.Before(now) {
		p.until = now
	}
	p.until, p.length = p.until.Add(20*time.Second), p.length+20*time.Second
}

// finger counts one.
func (s *Screen) finger(n int) {
	p := s.poll()
	if p.votes.Finger(n-1, false) {
		p.fingers = append(p.fingers, n-1)
		return
	}
	if p.votes.Phase().Open() {
		s.say("There is no such option")
	}
}

// fingerBack takes the last one back.
func (s *Screen) fingerBack() {
	p := s.poll()
	if n := len(p.fingers); n > 0 && p.votes.Finger(p.fingers[n-1], true) {
		p.fingers = p.fingers[:n-1]
	}
}

// ask shows the poll of the stop to the phones, and the notes to the speaker.
func (s *Screen) ask() {
	p := s.poll()
	if p == nil || s.going {
		s.o.Room.Ask(nil)
	} else {
		c := s.stop().Poll
		q := &Question{Poll: p.votes, Title: p.title, Situation: flat(c.Situation)}
		for _, o := range c.Options {
			q.Options = append(q.Options, strings.TrimSpace(card.Text(o.Text)))
		}
		s.o.Room.Ask(q)
	}
	s.tell()
}

func flat(blocks []card.Block) string {
	var out []string
	for _, b := range blocks {
		if text := strings.TrimSpace(card.Text(b.Spans)); text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, " ")
}
