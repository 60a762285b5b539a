package lessons

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine/rule"
	"esmlab/engine/scenario"
	"esmlab/engine/template"
	"esmlab/engine/timeline"
	"esmlab/quiz/card"
)

// CheckOptions says what exists outside the lesson; a nil func accepts everything.
type CheckOptions struct {
	HasLesson func(id string) bool
	HasCard   func(id string) bool
	HasKey    func(action string) bool
	Keys      []string // the actions that have one
	// Fit says why paragraphs do not fit on the smallest screen, "" where they
	// do.
	Fit func([]Paragraph) string
}

// maxWords is the most words a screen may have.
const maxWords = 60

// Check plays a lesson in every way its author names and reports what does
// not hold: it is begun, gone through, solved, and every wrong turn taken;
// each option of a prediction is judged in the lesson's world and in its own.
func Check(l *Lesson, k CheckOptions) template.Errors {
	c := &checker{Problems: &template.Problems{File: l.File}, l: l, fit: k.Fit}
	c.names(k)
	c.form()
	if !c.through() {
		return c.errors()
	}
	c.turns()
	c.ways()
	c.worlds()
	return c.errors()
}

type checker struct {
	*template.Problems
	l       *Lesson
	fit     func([]Paragraph) string
	wall    float64 // seconds
	words   int
	code    int // lines of it
	asked   int
	reached int     // goals
	goal    *Player // at the start of the Do, where the lesson has come so far
}

func (c *checker) errors() template.Errors {
	errs, _ := c.Err().(template.Errors)
	return errs
}

func (c *checker) add(at place, message, right string) {
	c.Add(&yaml.Node{Line: at.line, Column: at.col}, "", message, right)
}

// names checks that what the lesson refers to exists.
func (c *checker) names(k CheckOptions) {
	look := func(field string, names []string, known func(string) bool, what string) {
		for _, n := range names {
			if known != nil && !known(n) {
				c.add(c.l.lines[field], "there is no "+what+" "+n, "the id of an existing "+what)
			}
		}
	}
	look("after", c.l.After, k.HasLesson, "lesson")
	look("cards", c.l.Cards, k.HasCard, "card")
	for i := range c.l.Steps {
		s := &c.l.Steps[i]
		for _, text := range s.texts() {
			for _, p := range text {
				if p.Kind == Key && k.HasKey != nil && !k.HasKey(p.Name) {
					c.add(p.at, "no action named "+p.Name+" has a key", oneOfKeys(p.Name, k.Keys))
				}
			}
		}
		for _, claim := range s.Claims {
			if id := claim.card.Never; id != "" {
				if _, ok := rule.Find(rule.ID(id)); !ok {
					ids := make([]string, len(rule.All))
					for i := range rule.All {
						ids[i] = string(rule.All[i].ID)
					}
					c.add(place{claim.card.Line, 1}, "there is no rule "+id, template.OneOf(id, ids))
				}
			}
		}
	}
}

// oneOfKeys says which action may be meant.
func oneOfKeys(name string, keys []string) string {
	if near := template.Nearest(name, keys); near != "" {
		return "did you mean {key:" + near + "}?"
	}
	return "such as {key:bisect} or {key:why}"
}

// texts are all texts of a step that may have placeholders.
func (s *Step) texts() [][]Segment {
	var out [][]Segment
	for _, p := range s.Text {
		out = append(out, p.Segments)
	}
	for _, g := range s.Goal {
		out = append(out, g.Met, g.Else)
	}
	for _, a := range slices.Concat(s.Also, s.Refused) {
		out = append(out, a.Say)
	}
	return append(out, s.Hints...)
}

// play begins the lesson in a world of its own.
func (c *checker) play(changes ...*yaml.Node) (*Player, error) {
	cfg := c.l.Scenario.Config
	if len(changes) > 0 {
		sc, err := scenario.Read(c.l.Template, c.l.source, scenario.Options{Changes: changes})
		if err != nil {
			return nil, err
		}
		cfg = sc.Config
	}
	tl, err := timeline.New(cfg)
	if err != nil {
		return nil, err
	}
	return NewPlayer(c.l, tl, nil, nil), nil
}

// through plays the lesson up to its goal and measures what is read on the
// way. It returns false if the rest cannot be played.
func (c *checker) through() bool {
	p, err := c.play()
	if err != nil {
		c.add(place{1, 1}, "the lesson cannot be played: "+err.Error(), "a template that the engine accepts")
		return false
	}
	ok := true
	for {
		s := p.Step()
		c.read(p)
		switch s.Kind {
		case Predict:
			c.asked++
			c.before(p)
			p.Predict(s.Card.Key()...)
		case Say, Run:
			c.wall += wall(p.stepLength)
			if w := wall(p.stepLength); w > maxWallSeconds {
				c.add(place{s.Line, 1}, fmt.Sprintf("the run takes %.0f s of wall time", w), "at most 20 s")
			}
			p.FinishRun()
			if s.Kind == Run {
				ok = c.judged(p) && ok
			}
		case Do:
			c.reached++
			if s.Card != nil { // and its evidence has to be read
				c.asked++
				c.wall += 60
			}
			if p.done {
				c.add(place{s.Line, 1}, "the goal is reached before anything has been done", "at least one condition that does not hold")
			}
			p.done = true // turns plays it
		}
		if p.err != nil {
			c.add(place{s.Line, 1}, "a text of this step cannot be filled: "+p.err.Error(), "an expression that has a value when the step begins")
			p.err = nil
		}
		if p.Next(); p.finished {
			break
		}
	}
	c.minutes()
	return ok
}

// before checks that a question is asked before what it asks about: when it is asked, its
// key is not true yet, and no option is out of the question; and that something hides its
// answer.
func (c *checker) before(p *Player) {
	s := p.Step()
	v := p.verdict(p.at)
	key := s.Card.Key()
	if len(key) > 0 && !slices.ContainsFunc(key, func(n int) bool { return !slices.Contains(v.Actual, n) }) {
		c.add(place{s.Card.Line, 1}, "when this is asked, at second "+p.tl.Now().String()+", its answer is true already", "a question before the event, or an expression about what comes after it: t > 8 && …")
	}
	for _, claim := range s.Claims {
		if claim.card.That == "" {
			continue
		}
		if answer, settled := claim.query.Settled(p.eval.currentWorld()); settled && !answer {
			c.add(place{claim.card.Line, 1}, "when this is asked, at second "+p.tl.Now().String()+", option "+strconv.Itoa(claim.card.N)+" cannot come true any more", "an option that what has happened leaves open, or a question before it")
		}
	}
	if len(s.Hide) == 0 && !slices.ContainsFunc(s.Claims, func(k Claim) bool { return k.card.In != nil }) {
		c.add(place{s.Card.Line, 1}, "no option has a world, so what shows the answer is not known and not covered", "hide: the panes that show it, in an esmlab block below the heading")
	}
}

// judged checks that the run made the key true and nothing else.
func (c *checker) judged(p *Player) bool {
	s := p.Step()
	if p.timedOut {
		_, err := s.Until.Eval(p.eval.currentWorld())
		message := "`until` does not come true in " + s.MaxRun.String() + " s"
		if err != nil {
			message += ": " + err.Error()
		}
		c.add(s.untilAt, message, c.orRecord(p, s.Until, "an expression that does, or a longer `most`"))
	}
	good := true
	for i := p.at - 1; i >= 0 && c.l.Steps[i].Kind == Predict; i-- {
		v := p.verdict(i)
		for _, claim := range c.l.Steps[i].Claims {
			n := claim.card.N
			right, came := v.Card.Option(n).Right, slices.Contains(v.Actual, n)
			message := ""
			switch {
			case v.errs[n] != nil:
				message = "option " + strconv.Itoa(n) + " has no answer: " + v.errs[n].Error()
			case right && !came:
				message = "option " + strconv.Itoa(n) + " is right, but false at the end of the Run"
			case !right && came:
				message = "option " + strconv.Itoa(n) + " is wrong, but true at the end of the Run"
			default:
				continue
			}
			good = false
			c.add(place{claim.card.Line, 1}, message, c.orRecord(p, claim.query, "a key that the engine confirms"))
		}
	}
	return good
}

// read counts the words of the step's screens and checks that they fit.
func (c *checker) read(p *Player) {
	s := p.Step()
	where := place{s.Line, 1}
	n := countTextWords(s.Text)
	count := func(spans ...[]card.Span) int {
		sum := 0
		for _, x := range spans {
			sum += len(strings.Fields(card.Text(x)))
		}
		return sum
	}
	for _, code := range s.Code {
		c.code += 1 + strings.Count(code.Text, "\n")
	}
	c.words += n + len(strings.Fields(s.Title))
	switch s.Kind {
	case Predict:
		rule, longest := 0, 0
		n += count(s.Card.Title)
		for _, b := range s.Card.Situation {
			n += count(b.Spans)
		}
		for _, b := range s.Card.Rule {
			rule += count(b.Spans)
		}
		for _, o := range s.Card.Options {
			n += count(o.Text)
			longest = max(longest, count(o.Reason))
		}
		c.words += n - countTextWords(s.Text) + rule + longest
		if rule+longest > maxWords {
			c.add(place{s.Card.Line, 1}, "the answer shows "+plural(rule+longest, "word"), "at most 60 for the rule and a reason together")
		}
	case Do:
		for _, g := range s.Goal {
			n += countWords(g.Else)
		}
		for _, h := range s.Hints {
			c.words += countWords(h)
		}
	}
	if n > maxWords {
		c.add(where, "this screen has "+plural(n, "word"), "at most 60: two steps")
	}
	c.fits("this screen", p.Paragraphs(), where)
	if s.Kind == Predict { // the screens of the answer
		for _, o := range s.Card.Options {
			var answer paragraphs
			p.explain(&answer, &Verdict{Card: s.Card, title: p.Lesson.verdictTitle(p.at), Predicted: []int{o.N}, Actual: s.Card.Key()})
			c.fits("the answer to option "+strconv.Itoa(o.N), answer, place{o.Line, 1})
		}
	}
	for i := range s.Hints {
		q := *p
		q.hints, q.done = i+1, false
		c.fits("this screen", q.Paragraphs(), where)
	}
}

// fits checks that the smallest screen has room for what is read.
func (c *checker) fits(what string, list []Paragraph, where place) {
	if c.fit == nil {
		return
	}
	if why := c.fit(list); why != "" {
		c.add(where, what+" "+why, "fewer words, or two steps")
	}
}

// minutes checks how long the lesson is said to take.
func (c *checker) minutes() {
	sum := float64(c.words)/180 + (2*float64(c.code)+c.wall+20*float64(c.asked)+60*float64(c.reached))/60
	code := ""
	if c.code > 0 {
		code = ", " + plural(c.code, "line") + " of code"
	}
	if want := int(math.Ceil(sum - 1e-9)); want != c.l.Minutes {
		c.add(c.l.lines["minutes"], "the lesson takes "+plural(want, "minute")+", not "+strconv.Itoa(c.l.Minutes),
			fmt.Sprintf("minutes: %d, for %d words%s, %.0f s of runs, %s, %s", want, c.words, code, c.wall, plural(c.asked, "question"), plural(c.reached, "goal")))
	}
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
