package lessons

import (
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// keyStyle marks the name of a key in a text.
const keyStyle = markdown.Mark

// ParagraphKind is what a Paragraph is.
type ParagraphKind uint8

// The kinds of paragraphs.
const (
	Plain  ParagraphKind = iota
	Asked                // what is asked
	Option               // something to choose
	Chosen               // an option that was chosen
	Unmet                // a condition that does not hold
	Good                 // reached, predicted rightly
	Bad                  // predicted wrongly
	Hint
	Next // what comes after the lesson
)

// Paragraph is a part of what the person reads now. A screen wraps its spans
// to its own width, beside Lead.
type Paragraph struct {
	Kind   ParagraphKind
	Lead   string // what stands before the first line: "2  ", "[ ] "
	Spans  []card.Span
	Option int // the number that a click chooses; -1 none
}

// paragraphs collects what is read.
type paragraphs []Paragraph

func (s *paragraphs) add(kind ParagraphKind, lead string, spans ...card.Span) {
	*s = append(*s, Paragraph{kind, lead, spans, -1})
}

func (s *paragraphs) say(kind ParagraphKind, text string) { s.add(kind, "", card.Span{Text: text}) }

func (s *paragraphs) blocks(blocks []card.Block) {
	for _, b := range blocks {
		lead := strings.Repeat("  ", max(0, b.Indent-1))
		if b.Marker != "" {
			lead += b.Marker + " "
		}
		s.add(Plain, lead, b.Spans...)
	}
}

// Paragraphs is what the person reads now.
func (p *Player) Paragraphs() []Paragraph {
	var s paragraphs
	if p.finished {
		p.closing(&s)
		return s
	}
	switch step := p.Step(); step.Kind {
	case Predict:
		s.blocks(p.text)
		p.question(&s, step.Card)
	case Run:
		if v := p.Verdict(); v != nil {
			p.explain(&s, v)
		} else {
			s.blocks(p.text)
			if len(p.text) == 0 {
				s.say(Plain, "You said "+p.said()+". Watch.")
			}
		}
	case Do:
		p.goal(&s)
	default:
		s.blocks(p.text)
		p.alarms(&s)
	}
	return s
}

func (p *Player) question(s *paragraphs, c *card.Card) {
	s.blocks(c.Situation)
	s.add(Asked, "", markdown.Flow(c.Title)...)
	for _, o := range c.Options {
		kind, lead := Option, strconv.Itoa(o.N)+"  "
		if slices.Contains(p.answers[p.at], o.N) {
			kind, lead = Chosen, strconv.Itoa(o.N)+"› "
		}
		*s = append(*s, Paragraph{kind, lead, markdown.Flow(o.Text), o.N})
	}
}

// explain says what became of a prediction, and why.
func (p *Player) explain(s *paragraphs, v *Verdict) {
	title := ""
	if v.title != "" {
		title = v.title + ": "
	}
	came := numbers(v.Actual)
	unsure := len(v.Predicted) == 1 && v.Predicted[0] == 0
	yours := !slices.Equal(v.Actual, v.Card.Key())
	switch {
	case len(v.Actual) == 0 && p.timedOut:
		s.say(Bad, title+"What this step waits for did not happen within "+p.Step().MaxRun.String()+" s: your changes made this a different run.")
		return
	case len(v.Actual) == 0:
		s.say(Bad, title+"None of them came true: your changes made this a different run.")
		return
	case v.Predicted == nil || unsure:
		s.say(Plain, title+"It was "+came+".")
	case v.Right:
		s.say(Good, title+"You said "+numbers(v.Predicted)+", and that was right.")
	default:
		s.say(Bad, title+"You said "+numbers(v.Predicted)+". It was "+came+".")
	}
	if yours { // the reasons are those of the lesson's world
		s.say(Plain, "That is because of your changes. Without them it would be "+numbers(v.Card.Key())+".")
		return
	}
	s.blocks(v.Card.Rule)
	for _, o := range v.Card.Options {
		if !o.Right && slices.Contains(v.Predicted, o.N) {
			s.add(Plain, strconv.Itoa(o.N)+"  ", markdown.Flow(o.Reason)...)
		}
	}
}

// goal says what is to be reached, what holds already, and what is still wrong.
func (p *Player) goal(s *paragraphs) {
	step := p.Step()
	switch {
	case p.done && p.solutionShown:
		how := p.commands(step.Solution)
		if step.Sets != nil {
			how += ", alarm " + step.Sets.Short()
		}
		s.say(Plain, "This is how: "+how+".")
	case p.done && p.also() != nil:
		s.add(Good, "", append([]card.Span{{Text: "Goal reached. Also right: "}}, markdown.Flow(p.fill(p.also()))...)...)
	case p.done:
		s.say(Good, "Goal reached.")
	}
	switch {
	case p.done && step.Caused > 0:
		s.say(Plain, "The cause began at second "+step.Caused.String()+": ◆ on the timeline.")
	case p.done:
	case p.AsksCause():
		p.cause(s)
		return
	case p.Lost() != nil:
		p.outOfReach(s, p.Lost())
	case p.hints > 0: // a hint takes the place of the text
		s.add(Hint, "", append([]card.Span{{Text: "Tip " + strconv.Itoa(p.hints) + ": "}}, markdown.Flow(p.hint())...)...)
	default:
		s.blocks(p.text)
	}
	unmet := p.Unmet()
	for i, c := range step.Goal {
		switch {
		case slices.Contains(unmet, i) && p.done: // reached, and the run has gone on
		case slices.Contains(unmet, i):
			s.add(Unmet, "[ ] ", markdown.Flow(p.fill(c.Else))...)
		case c.Met != nil:
			s.add(Good, "[x] ", markdown.Flow(p.fill(c.Met))...)
		}
	}
	switch left := p.HoldsFor(); {
	case p.done:
	case p.trick() != nil && p.Lost() == nil:
		s.add(Bad, "", append([]card.Span{{Text: "This does not count: "}}, markdown.Flow(p.fill(p.trick()))...)...)
	case left > 0:
		s.say(Plain, "So far, so good: it must stay so for "+seconds(left)+" more.")
	}
}

// outOfReach says what put the goal out of reach, and what helps.
func (p *Player) outOfReach(s *paragraphs, o *Outcome) {
	text := "Out of reach since second " + (o.Since / tenth * tenth).String()
	if o.Command != nil {
		text += ", " + p.commands([]engine.Command{*o.Command})
	}
	s.add(Bad, "", append([]card.Span{{Text: text + ": "}}, markdown.Flow(o.Why)...)...)
	var ways []card.Span
	way := func(action, does string) {
		if len(ways) > 0 {
			ways = append(ways, card.Span{Text: ", "})
		}
		ways = append(ways, p.key(action), card.Span{Text: does})
	}
	switch {
	case o.Command != nil:
		way("undo", " takes that back")
	case p.CanUndo():
		way("undo", " takes back your last command")
	}
	way("again", " begins the step again")
	way("skip-step", " shows how")
	s.add(Plain, "", append(ways, card.Span{Text: "."})...)
}

// cause asks for the cause of an incident.
func (p *Player) cause(s *paragraphs) {
	c := p.Step().Card
	if p.named != nil { // not rightly: else the question would not be open
		for _, n := range p.named {
			if o := c.Option(n); o != nil {
				s.add(Bad, strconv.Itoa(n)+"  Not here. ", markdown.Flow(o.Reason)...)
			}
		}
	}
	s.add(Asked, "", markdown.Flow(c.Title)...)
	for _, o := range c.Options {
		*s = append(*s, Paragraph{Option, strconv.Itoa(o.N) + "  ", markdown.Flow(o.Text), o.N})
	}
}

// hint is the text of the hint that was asked for last.
func (p *Player) hint() []card.Span {
	if step := p.Step(); p.hints <= len(step.Hints) {
		return p.fill(step.Hints[p.hints-1])
	}
	return p.how()
}

// how says what to do: the commands of the solution, as this person gives them.
func (p *Player) how() []card.Span {
	if p.typed == nil {
		return []card.Span{{Text: p.commands(p.Step().Solution) + "."}}
	}
	var out []card.Span
	for i := range p.Step().Solution {
		if i > 0 {
			out = append(out, card.Span{Text: ", then "})
		}
		out = append(out, card.Span{Text: p.typed(&p.Step().Solution[i]), Style: keyStyle})
	}
	if a := p.Step().Sets; a != nil {
		out = append(out, card.Span{Text: ", then "}, card.Span{Text: p.palette + "alarm " + a.Short(), Style: keyStyle})
	}
	return append(out, card.Span{Text: "."})
}

// seconds writes a length of time that is left: a whole number, at least 1.
func seconds(m engine.Micros) string {
	return strconv.Itoa(int(max(1, (m+engine.Second-1)/engine.Second))) + " s"
}

// commands names commands by what they do.
func (p *Player) commands(list []engine.Command) string {
	n := narrate.Narrator{World: p.tl.Sim()}
	out := make([]string, len(list))
	for i := range list {
		out[i] = n.Brief(&list[i])
	}
	return strings.Join(out, ", ")
}

// closing is the screen after the last step: what was learnt, what comes next, and what
// else is to be known of the lesson.
func (p *Player) closing(s *paragraphs) {
	l := p.Lesson
	if l.Truth != "" {
		s.say(Good, "You now know: "+l.Truth)
	} else {
		s.say(Plain, "You now know that this is wrong: "+l.WrongIdea)
	}
	if next := l.Onward(); next != "" {
		s.say(Next, "Next: "+next)
	}
	var about []string
	if n := len(l.Skills); n > 0 {
		about = append(about, map[bool]string{true: "Skill ", false: "Skills "}[n == 1]+SkillNumbers(l.Skills)+" of DVA-C03.")
	}
	switch n := len(l.Cards); n {
	case 0:
	case 1:
		about = append(about, "1 of its cards is due tomorrow.")
	default:
		about = append(about, strconv.Itoa(n)+" of its cards are due tomorrow.")
	}
	if len(about) > 0 {
		s.say(Plain, strings.Join(about, " "))
	}
	for i := range l.Steps {
		for _, b := range l.Steps[i].Sources {
			s.blocks(p.fillAll([]Text{b}))
		}
	}
}

// Onward is the next lesson and why it comes next; after the last one, what its author
// names instead.
func (l *Lesson) Onward() string {
	switch {
	case l.NextTitle == "":
		return l.NextWhy
	case l.NextWhy == "":
		return l.NextTitle
	}
	return strings.TrimSuffix(l.NextWhy, ".") + " (" + l.NextTitle + ")."
}

// fillAll fills the holes of a text as the run stands.
func (p *Player) fillAll(text []Text) []card.Block {
	var out []card.Block
	for _, t := range text {
		out = append(out, card.Block{Indent: t.Indent, Marker: t.Marker, Spans: p.fill(t.Segments)})
	}
	return out
}

func (p *Player) fill(list []Segment) []card.Span {
	var out []card.Span
	for _, piece := range list {
		s := piece.Span
		switch piece.Kind {
		case Value:
			v, err := piece.Query.Value(p.eval.currentWorld())
			if err != nil {
				if p.err == nil {
					p.err = err
				}
				v = "?"
			}
			s.Text = formatValue(v)
		case Predicted:
			s.Text = p.said()
		case Key:
			key := p.key(piece.Name)
			s.Text, s.Style = key.Text, s.Style|key.Style
		}
		out = append(out, s)
	}
	return out
}

// key is the key of an action, as a text has it.
func (p *Player) key(action string) card.Span {
	s := card.Span{Text: action, Style: keyStyle}
	if p.keys != nil {
		s.Text = p.keys(action)
	}
	return s
}

// tenth is how exactly an instant is said.
const tenth = engine.Second / 10
