package lessons

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine/query"
	"esmlab/quiz/card"
)

// Verdict says what became of a prediction.
type Verdict struct {
	Card      *card.Card
	Predicted []int // 0: don't know; nil: nothing was said
	Actual    []int // the options that the run made true
	Right     bool
	title     string
	errs      map[int]error
}

// judge says what became of the predictions before this Run.
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
	said, came := slices.Sorted(slices.Values(v.Predicted)), slices.Sorted(slices.Values(v.Actual))
	v.Right = len(came) > 0 && slices.Equal(said, came)
	return v
}

// holds tells whether the option is what the run is like.
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

// verdictTitle is what tells the answer to a prediction from that to another
// before the same Run: its step's title, "" where it is the only one.
func (l *Lesson) verdictTitle(i int) string {
	if i > 0 && l.Steps[i-1].Kind == Predict || i+1 < len(l.Steps) && l.Steps[i+1].Kind == Predict {
		return l.Steps[i].Title
	}
	return ""
}

// Verdict is what became of the prediction that is told of; nil while its run
// goes on, and in other steps.
func (p *Player) Verdict() *Verdict {
	if p.shownVerdict < len(p.judged) {
		return p.judged[p.shownVerdict]
	}
	return nil
}

// Predict predicts: the options chosen, 0 for don't know.
func (p *Player) Predict(options ...int) {
	if p.Step().Kind == Predict && len(options) > 0 {
		p.answers[p.at] = options
		p.done = true
		if p.progress != nil {
			p.progress.Reached(p.Lesson.ID, p.at, options)
		}
	}
}

// said is what was predicted last.
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
