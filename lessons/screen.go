package lessons

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"

	"esmlab/engine"
	"esmlab/quiz/card"
	"esmlab/quiz/markdown"
)

// keyStyle marks the name of a key in a text.
const keyStyle = markdown.Mark

// RowKind is what a row of a screen is.
type RowKind uint8

// The kinds of rows.
const (
	Plain  RowKind = iota
	Asked          // what is asked
	Option         // something to choose
	Chosen         // an option that was chosen
	Unmet          // a condition that does not hold
	Good           // reached, predicted rightly
	Bad            // predicted wrongly
	Hint
)

// Row is one row of a screen: spans of together at most the width asked for.
type Row struct {
	Kind   RowKind
	Spans  []card.Span
	Option int // the number that a click on the row chooses; -1 none
}

// Room is what a screen has at 80x24: rows, and cells of each.
const (
	RoomRows  = 6
	RoomCells = 78
)

type screen struct {
	width int
	rows  []Row
}

// add appends spans, wrapped; what follows the first row is indented.
func (s *screen) add(kind RowKind, option, indent int, spans ...card.Span) {
	for i, line := range wrap(spans, s.width, indent) {
		if i > 0 && indent > 0 {
			line = append([]card.Span{{Text: strings.Repeat(" ", indent)}}, line...)
		}
		s.rows = append(s.rows, Row{kind, line, option})
	}
}

func (s *screen) say(kind RowKind, text string) { s.add(kind, -1, 0, card.Span{Text: text}) }

func (s *screen) blocks(blocks []card.Block) {
	for _, b := range blocks {
		lead := strings.Repeat("  ", max(0, b.Indent-1))
		if b.Marker != "" {
			lead += b.Marker + " "
		}
		for _, line := range markdown.Lines(b.Spans) {
			s.add(Plain, -1, len(lead), append([]card.Span{{Text: lead}}, line...)...)
			lead = strings.Repeat(" ", len(lead))
		}
	}
}

// Rows is what the person reads now, wrapped to a width.
func (p *Player) Rows(width int) []Row {
	s := &screen{width: max(1, width)}
	if p.finished {
		p.closing(s)
		return s.rows
	}
	switch step := p.Step(); step.Kind {
	case Predict:
		s.blocks(p.text)
		p.question(s, step.Card)
	case Run:
		if v := p.Verdict(); v != nil {
			p.tell(s, v)
		} else {
			s.blocks(p.text)
			if len(p.text) == 0 {
				s.say(Plain, "You said "+p.said()+". Watch.")
			}
		}
	case Do:
		p.goal(s)
	default:
		s.blocks(p.text)
	}
	return s.rows
}

func (p *Player) question(s *screen, c *card.Card) {
	s.blocks(c.Situation)
	s.add(Asked, -1, 0, c.Title...)
	for _, o := range c.Options {
		kind := Option
		for _, n := range p.answers[p.at] {
			if n == o.N {
				kind = Chosen
			}
		}
		lead := card.Span{Text: strconv.Itoa(o.N) + "  "}
		if kind == Chosen {
			lead.Text = strconv.Itoa(o.N) + "› "
		}
		s.add(kind, o.N, 3, append([]card.Span{lead}, o.Text...)...)
	}
}

// tell says what became of a prediction, and why.
func (p *Player) tell(s *screen, v *Verdict) {
	title := ""
	if v.title != "" {
		title = v.title + ": "
	}
	came := numbers(v.Came)
	unsure := len(v.Said) == 1 && v.Said[0] == 0
	yours := !slices.Equal(v.Came, v.Card.Key())
	switch {
	case len(v.Came) == 0 && p.short:
		s.say(Bad, title+"What was waited for did not come in "+p.Step().Most.String()+" s: your changes made this run another one.")
		return
	case len(v.Came) == 0:
		s.say(Bad, title+"None of them came true: your changes made this run another one.")
		return
	case v.Said == nil || unsure:
		s.say(Plain, title+"It was "+came+".")
	case v.Right:
		s.say(Good, title+"You said "+numbers(v.Said)+", and so it was.")
	default:
		s.say(Bad, title+"You said "+numbers(v.Said)+". It was "+came+".")
	}
	if yours { // the reasons are those of the lesson's world
		s.say(Plain, "Your changes made it so. Without them it would be "+numbers(v.Card.Key())+".")
		return
	}
	s.blocks(v.Card.Rule)
	for _, o := range v.Card.Options {
		if !o.Right && slices.Contains(v.Said, o.N) {
			s.add(Plain, -1, 3, append([]card.Span{{Text: strconv.Itoa(o.N) + "  "}}, o.Reason...)...)
		}
	}
}

// goal says what is to be reached, and what is still wrong.
func (p *Player) goal(s *screen) {
	step := p.Step()
	if p.over {
		if p.shown {
			s.say(Plain, "This is how: "+commands(step.Solution)+".")
		} else {
			s.say(Good, "Reached: all of it holds.")
		}
	}
	if p.hints > 0 && !p.over { // a hint takes the place of the text
		s.add(Hint, -1, 0, append([]card.Span{{Text: "Tip " + strconv.Itoa(p.hints) + ": "}}, p.fill(step.Hints[p.hints-1])...)...)
	} else {
		s.blocks(p.text)
	}
	unmet := p.Unmet()
	for _, i := range unmet {
		s.add(Unmet, -1, 4, append([]card.Span{{Text: "[ ] "}}, p.fill(step.Goal[i].Else)...)...)
	}
	if n := len(step.Goal) - len(unmet); n > 0 && len(unmet) > 0 {
		s.say(Good, "[x] "+strconv.Itoa(n)+" of "+strconv.Itoa(len(step.Goal))+" conditions hold")
	}
}

// commands tells what commands do, in the words of a scenario.
func commands(list []engine.Command) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.Op.String() + " " + c.Target
		if c.Op == engine.OpSet {
			out[i] = strings.TrimSpace(c.Target + " " + c.Value.String())
		}
	}
	return strings.Join(out, ", ")
}

// closing is the screen after the last step.
func (p *Player) closing(s *screen) {
	l := p.Lesson
	s.say(Plain, "You know better now than: "+l.WrongIdea)
	switch n := len(l.Cards); n {
	case 0:
	case 1:
		s.say(Plain, "1 card of it becomes due tomorrow.")
	default:
		s.say(Plain, strconv.Itoa(n)+" cards of it become due tomorrow.")
	}
	for i := range l.Steps {
		for _, b := range l.Steps[i].Sources {
			s.blocks(p.fillAll([]Para{b}))
		}
	}
}

// wrap breaks spans at blanks into lines of at most width cells; the lines
// after the first are narrower by the indent.
func wrap(spans []card.Span, width, indent int) [][]card.Span {
	var out [][]card.Span
	var line []card.Span
	room := width
	used := 0
	flush := func() {
		out = append(out, line)
		line, used, room = nil, 0, max(1, width-indent)
	}
	put := func(word []card.Span, n int) {
		line = append(line, word...)
		used += n
	}
	for _, w := range wordsIn(spans) {
		n := 0
		for _, s := range w.spans {
			n += uniseg.StringWidth(s.Text)
		}
		switch {
		case w.space && used+n <= room:
			put(w.spans, n)
		case w.space:
			flush()
		case used+n <= room:
			put(w.spans, n)
		default:
			if used > 0 {
				flush()
			}
			for n > room { // a word longer than a line
				head, tail := split(w.spans, room)
				put(head, room)
				flush()
				w.spans, n = tail, 0
				for _, s := range tail {
					n += uniseg.StringWidth(s.Text)
				}
			}
			put(w.spans, n)
		}
	}
	if len(line) > 0 || len(out) == 0 {
		out = append(out, line)
	}
	for i := range out {
		out[i] = trimRight(out[i])
	}
	return out
}

type word struct {
	spans []card.Span
	space bool
}

// wordsIn splits spans into words, which may have several styles, and the
// blanks between them.
func wordsIn(spans []card.Span) []word {
	var out []word
	for _, s := range spans {
		rest := strings.ReplaceAll(s.Text, "\n", " ")
		for rest != "" {
			space := rest[0] == ' '
			n := strings.IndexFunc(rest, func(r rune) bool { return (r == ' ') != space })
			if n < 0 {
				n = len(rest)
			}
			part := s
			part.Text, rest = rest[:n], rest[n:]
			if k := len(out); k > 0 && out[k-1].space == space {
				out[k-1].spans = append(out[k-1].spans, part)
			} else {
				out = append(out, word{[]card.Span{part}, space})
			}
		}
	}
	return out
}

// split cuts a word after so many cells.
func split(spans []card.Span, cells int) (head, tail []card.Span) {
	for i, s := range spans {
		n := uniseg.StringWidth(s.Text)
		if n <= cells {
			head, cells = append(head, s), cells-n
			continue
		}
		g := uniseg.NewGraphemes(s.Text)
		at := 0
		for g.Next() && (g.Width() <= cells || at == 0 && len(head) == 0) {
			_, at = g.Positions()
			cells -= g.Width()
		}
		a, b := s, s
		a.Text, b.Text = s.Text[:at], s.Text[at:]
		if a.Text != "" {
			head = append(head, a)
		}
		return head, append([]card.Span{b}, spans[i+1:]...)
	}
	return head, nil
}

func trimRight(spans []card.Span) []card.Span {
	for n := len(spans); n > 0; n-- {
		last := &spans[n-1]
		if last.Text = strings.TrimRight(last.Text, " "); last.Text != "" {
			return spans[:n]
		}
	}
	return nil
}
