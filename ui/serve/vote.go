package serve

import (
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"esmlab/talks"
	"esmlab/ui/kit"
	"esmlab/ui/present"
)

// token tells a guest from the others who vote. A browser's has another form.
func (f *follow) token() string { return fmt.Sprint("guest ", f.g.n) }

// versionOf changes whenever anything of the poll has.
func versionOf(q *present.Question) int {
	if q == nil {
		return -1
	}
	return q.Poll.Version()
}

func phaseOf(q *present.Question) int {
	if q == nil {
		return -1
	}
	return int(q.Poll.Phase())
}

// said is the number of the option that the guest has voted for; 0: none.
func (f *follow) said(q *present.Question) int {
	if q == nil || !q.Poll.Phase().Open() {
		return 0
	}
	return q.Poll.Said(f.token()) + 1
}

// noVote is the reason why the guest cannot vote now.
func (f *follow) noVote() string {
	q := f.class.asked()
	switch {
	case q == nil:
		return "The presenter asks nothing now"
	case q.Poll.Phase() == talks.Asked:
		return "The vote has not begun: read the question first"
	case q.Poll.Phase() == talks.Talking:
		return "The vote is closed: talk with your neighbours, then everybody votes again"
	case !q.Poll.Phase().Open():
		return "The votes are closed"
	case f.said(q) > 0:
		return fmt.Sprintf("You have voted for %d already: that counts", f.said(q))
	}
	return ""
}

// choose asks how sure the guest is of an option, and counts the vote.
func (f *follow) choose(n int) tea.Cmd {
	q := f.class.asked()
	if q == nil || n < 1 || n > len(q.Options) {
		f.notice = "Choose with a digit of an option"
		return nil
	}
	round := q.Poll.Phase()
	m := &kit.Menu{Title: fmt.Sprintf("Your vote: %d", n), Intro: []string{q.Options[n-1], "How sure are you? esc takes the choice back."},
		Items: []kit.Item{{Key: "1", Text: "a guess"}, {Key: "2", Text: "fairly"}, {Key: "3", Text: "sure"}}}
	return f.dialogs.Show(m, func(r kit.Reply) tea.Cmd {
		if r.Chosen < 0 {
			return nil
		}
		err := talks.ErrClosed
		if q.Poll.Phase() == round { // not the next vote by now
			err = q.Poll.Cast(f.token(), n-1, talks.Guess+r.Chosen)
		}
		switch {
		case errors.Is(err, talks.ErrClosed):
			f.notice = "The vote has been closed: yours came too late and does not count"
		case err != nil:
			f.notice = kit.Capitalize(err.Error())
		default:
			f.notice = fmt.Sprintf("Counted: %d. The result is shown when both votes have ended", n)
		}
		return nil
	})
}
