package lessons

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine/query"
	"esmlab/quiz/card"
)

// Verdict is a prediction compared with the run.
type Verdict struct {
	Card      *card.Card
	Predicted []int // 0: don't know; nil: no prediction was made
	Actual    []int // the options that the run made true
	Right     bool
	title     string
	errs      map[int]error
}

// judge compares the predictions before this Run with it.
func (p *Player) judge() {
	first := p.at
	for first > 0 && p.Lesson.Steps[first-1].Kind == Predict {
		first--
	}
	p.judged, p.shownVerdict = nil, 0
	for i := first; i < p.at; i++ {
		p.judged = append(p.judged, p.verdict(i))
	}
}

func (p *Player) verdict(i int) *Verdict {
	s := &p.Lesson.Steps[i]
	v := &Verdict{Card: s.Card, title: p.Lesson.verdictTitle(i), Predicted: p.answers[i], errs: map[int]error{}}
	w := p.eval.currentWorld()
	for _, c := range s.Claims {
		ok, err := c.holds(w)
		if err != nil {
			v.errs[c.card.N] = err
		}
		if ok {
			v.Actual = append(v.Actual, c.card.N)
		}
	}
	v.Right = len(v.Actual) > 0 && sameOptions(v.Predicted, v.Actual)
	return v
}

// sameOptions reports whether two lists have the same options, in any order.
func sameOptions(a, b []int) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// holds reports whether the option is true of the run.
func (c *Claim) holds(w *query.World) (bool, error) {
	if c.card.That != "" {
		return c.query.Eval(w)
	}
	v, err := c.query.Value(w)
	if err != nil {
		return false, err
	}
	return c.card.Equal(v)
}

// verdictTitle distinguishes the verdict on a prediction from that on another
// before the same Run: its step's title, "" if it is the only one.
func (l *Lesson) verdictTitle(i int) string {
	if i > 0 && l.Steps[i-1].Kind == Predict || i+1 < len(l.Steps) && l.Steps[i+1].Kind == Predict {
		return l.Steps[i].Title
	}
	return ""
}

// Verdict is the verdict shown now; nil while the run goes on, and in other
// steps.
func (p *Player) Verdict() *Verdict {
	if p.shownVerdict < len(p.judged) {
		return p.judged[p.shownVerdict]
	}
	return nil
}

// Predict takes a prediction: the options chosen, 0 for don't know.
func (p *Player) Predict(options ...int) {
	if p.Step().Kind == Predict && len(options) > 0 {
		p.answers[p.at] = options
		p.done = true
		if p.progress != nil {
			p.progress.Reached(p.Lesson.ID, p.at, options)
		}
	}
}

// said is the last prediction.
func (p *Player) said() string {
	for i := p.at; i >= 0; i-- {
		if a := p.answers[i]; a != nil {
			return numbers(a)
		}
	}
	return "nothing"
}

// numbers writes the numbers of options: 2, or 2 and 5.
func numbers(list []int) string {
	out := make([]string, len(list))
	for i, n := range list {
		if n == 0 {
			return "you do not know"
		}
		out[i] = strconv.Itoa(n)
	}
	if len(out) > 1 {
		return strings.Join(out[:len(out)-1], ", ") + " and " + out[len(out)-1]
	}
	return strings.Join(out, "")
}
