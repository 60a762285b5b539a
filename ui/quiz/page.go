package quiz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"esmlab/quiz/card"
	"esmlab/quiz/fact"
	"esmlab/quiz/markdown"
	"esmlab/ui/kit"
)

// page is text of one width, longer than the screen perhaps.
type page struct {
	t      *kit.Theme
	w      int
	rows   []string
	option map[int]int // which option, from 0, is in a row
	x, y   int         // where the text cursor stands; y -1: nowhere
	keep   int         // a row that must be seen; -1 none
	linear bool        // for plain lines
	ruled  bool        // the card's rule was given as the reason of its key
}

func newPage(t *kit.Theme, w int) *page {
	return &page{t: t, w: max(1, w), option: map[int]int{}, y: -1, keep: -1}
}

func (p *page) add(rows ...string) { p.rows = append(p.rows, rows...) }

// gap leaves a row free, unless one is.
func (p *page) gap() {
	if n := len(p.rows); n > 0 && p.rows[n-1] != "" {
		p.add("")
	}
}

func (p *page) say(text string, st kit.Style) { p.add(say(p.t, text, p.w, st)...) }

// hang lays rows out beside a lead of some cells, which stands in the first.
func (p *page) hang(lead string, cells int, rows []string) {
	for i, r := range rows {
		if i > 0 {
			lead = kit.Blanks(cells)
		}
		p.add(lead + r)
	}
}

// keepBreaks reports whether line breaks of a card's text are meant: in esmlab's own
// cards they are not, in a person's notes they are.
func keepBreaks(c *card.Card) bool { return c.Dialect != card.CalloutOptions }

// head is what is above the options: where the question comes from, the situation,
// and what is asked.
func (p *page) head(s *sheet) {
	if w := s.e.where(); w != "" {
		p.say(w, kit.Dim)
		p.gap()
	}
	p.situation(s.e, kit.Plain)
	p.gap()
	p.title(s)
	p.gap()
}

// situation is what is asked about: text, or the settings of a drill.
func (p *page) situation(e *Entry, st kit.Style) {
	if e.item == nil {
		if len(e.Card.Situation) > 0 {
			p.add(blocks(p.t, e.Card.Situation, p.w, st, keepBreaks(e.Card))...)
		}
		return
	}
	left, right := p.w*5/9, p.w-p.w*5/9-2
	var first, rest []string
	for _, s := range e.item.Settings {
		text := p.t.Paint(kit.Dim, s.Name+"  ") + p.t.Paint(st, s.Value)
		switch n := kit.Width(s.Name) + 2 + kit.Width(s.Value); {
		case p.w < 72 || n > left:
			lead := s.Name + "  "
			if kit.Width(lead) > p.w/2 {
				p.say(s.Name, kit.Dim)
				lead = "  "
			}
			p.hang(p.t.Paint(kit.Dim, lead), kit.Width(lead), say(p.t, s.Value, p.w-kit.Width(lead), st))
		case n > right: // it has room on the left only
			first = append(first, text)
		default:
			rest = append(rest, text)
		}
	}
	first = append(first, rest...)
	rows := (len(first) + 1) / 2
	for i := range rows {
		row := kit.Fit(first[i], left+2)
		if i+rows < len(first) {
			row += first[i+rows]
		}
		p.add(row)
	}
}

func (p *page) title(s *sheet) {
	c := s.e.Card
	if len(c.Title) > 0 {
		p.add(wrap(p.t, c.Title, p.w, kit.Strong, keepBreaks(c))...)
	}
}

// asked is a question that waits for its answer.
func (p *page) asked(s *sheet) {
	p.head(s)
	switch c := s.e.Card; {
	case s.recall():
		p.say("Say the answer to yourself, then look.", kit.Dim)
	case c.Kind == card.Match:
		p.match(s)
	case c.Kind == card.Order:
		p.order(s)
	case s.typed():
		p.blanks(s)
	default:
		p.choices(s)
	}
	if s.tip != "" {
		p.gap()
		p.hang(p.t.Paint(kit.Info, "tip  "), 5, say(p.t, s.tip, p.w-5, kit.Plain))
	}
}

// choices lists the options, with what is chosen of them.
func (p *page) choices(s *sheet) {
	if s.multiple() && !strings.Contains(strings.ToLower(card.Text(s.e.Card.Title)), "choose ") {
		p.say(s.ask()+".", kit.Dim)
		p.gap()
	}
	for i, n := range s.options {
		mark, chosen := "○ ", slices.Contains(s.picks, n)
		switch {
		case s.multiple() && chosen:
			mark = "[x] "
		case s.multiple():
			mark = "[ ] "
		case chosen:
			mark = "● "
		}
		st := kit.Plain
		if chosen {
			st = kit.Strong
		}
		cursor := "  "
		if s.at == i {
			cursor = p.t.Paint(kit.Key, "› ")
			p.x, p.y = 0, len(p.rows)
		}
		from := len(p.rows)
		cells := 2 + 3 + kit.Width(mark)
		rows := wrap(p.t, s.e.Card.Option(n).Text, p.w-cells, st, false)
		p.hang(cursor+p.t.Paint(kit.Key, strconv.Itoa(i+1))+"  "+p.t.Paint(st, mark), cells, rows)
		for y := from; y < len(p.rows); y++ {
			p.option[y] = i
		}
	}
	p.option[len(p.rows)] = -1
	p.add("  " + p.t.Paint(kit.Key, "0") + p.t.Paint(kit.Dim, "  don't know"))
}

// input is a line to be typed in.
func (p *page) input(s *sheet, i int, label string) {
	in := &s.inputs[i]
	st := kit.Dim
	if s.at == i {
		st = kit.Key
		p.x, p.y = kit.Width(label)+3+in.Column(), len(p.rows)
	}
	p.add(p.t.Paint(st, label+" › ") + p.t.Paint(kit.Strong, clean(in.String())))
}

func (p *page) blanks(s *sheet) {
	for i := range s.inputs {
		label := "blank"
		if len(s.inputs) > 1 {
			label += " " + strconv.Itoa(i+1)
		}
		p.input(s, i, label)
	}
}

func (p *page) match(s *sheet) {
	for i, x := range s.e.Card.Pairs {
		p.hang(p.t.Paint(kit.Strong, "  "+letter(i)+"  "), 5, wrap(p.t, x.Left, p.w-5, kit.Plain, false))
	}
	p.gap()
	p.numbered(s)
	p.gap()
	p.input(s, 0, s.typeWhat())
}

// numbered lists what a number is typed for.
func (p *page) numbered(s *sheet) {
	for i, spans := range s.listed() {
		lead := fmt.Sprintf("%3d  ", i+1)
		if p.linear {
			lead = fmt.Sprintf("%3d. ", i+1)
		}
		p.hang(p.t.Paint(kit.Key, lead), 5, wrap(p.t, spans, p.w-5, kit.Plain, false))
	}
}

func (p *page) order(s *sheet) {
	p.numbered(s)
	p.gap()
	p.input(s, 0, s.typeWhat())
}

// answer is what a recall shows: what the card says is right.
func (p *page) answer(s *sheet) {
	p.gap()
	bar := p.t.Paint(kit.Good, "│ ")
	for _, r := range blocks(p.t, s.e.Card.Rule, p.w-2, kit.Plain, keepBreaks(s.e.Card)) {
		p.add(bar + r)
	}
	p.beside(s.e)
	p.sources(s.e.Card)
}

// judgedPage is a question with its answer, and why of each option.
func (p *page) judgedPage(s *sheet) {
	p.title(s)
	p.gap()
	p.reasons(s)
	if len(s.e.Card.Situation) > 0 || s.e.item != nil {
		p.gap()
		p.say("The question was about this:", kit.Dim)
		p.situation(s.e, kit.Dim)
	}
}

// reasons is the answer and what is said of it.
func (p *page) reasons(s *sheet) {
	c := s.e.Card
	switch {
	case s.choices():
		p.judged(s)
	case c.Kind == card.Match:
		for i, x := range c.Pairs {
			p.hang(p.t.Paint(kit.Strong, "  "+letter(i)+"  "), 5, wrap(p.t, append(slices.Clone(x.Left), append([]card.Span{{Text: " → "}}, x.Right...)...), p.w-5, kit.Plain, false))
		}
	case c.Kind == card.Order:
		for i, n := range c.Order {
			p.hang(p.t.Paint(kit.Key, fmt.Sprintf("%3d  ", i+1)), 5, wrap(p.t, c.Option(n).Text, p.w-5, kit.Plain, false))
		}
	case s.typed():
		r := card.Grade(c, s.answer())
		for i, b := range c.Blanks {
			sign, st := "● ", kit.Good
			if i >= len(r.Parts) || !r.Parts[i] {
				sign, st = "X ", kit.Bad
			}
			text := flat(strings.Join(b, " or "))
			if typed := flat(s.inputs[i].String()); st == kit.Bad && typed != "" {
				text += " (you wrote: " + typed + ")"
			}
			p.hang(p.t.Paint(st, sign), 2, say(p.t, text, p.w-2, kit.Strong))
		}
	}
	rule := c.Rule
	if p.ruled && len(rule) > 0 {
		rule = rule[1:]
	}
	if len(rule) > 0 {
		p.gap()
		p.add(blocks(p.t, rule, p.w, kit.Strong, keepBreaks(c))...)
	}
	p.unseen(s)
	p.beside(s.e)
	p.sources(c)
}

// judged lists the options with what they are worth, and when each would be
// right.
func (p *page) judged(s *sheet) {
	for i, n := range s.options {
		o := s.e.Card.Option(n)
		sign, st, tag := "  ", kit.Plain, ""
		chosen := slices.Contains(s.picks, n)
		switch {
		case o.Right && chosen:
			sign, st, tag = "● ", kit.Good, "right, your answer"
		case o.Right:
			sign, st, tag = "● ", kit.Good, "right"
		case chosen:
			sign, st, tag = "X ", kit.Bad, "your answer"
		}
		text := slices.Clone(o.Text)
		rows := wrap(p.t, text, p.w-5, map[bool]kit.Style{true: kit.Strong, false: kit.Plain}[o.Right || chosen], false)
		if last := &rows[len(rows)-1]; tag != "" {
			if kit.VisibleWidth(*last)+3+kit.Width(tag) <= p.w-5 {
				*last += "   " + p.t.Paint(st, tag)
			} else {
				rows = append(rows, p.t.Paint(st, kit.Cut(tag, p.w-5)))
			}
		}
		p.option[len(p.rows)] = i
		p.hang(p.t.Paint(st, sign)+p.t.Paint(kit.Key, strconv.Itoa(i+1))+"  ", 5, rows)
		reason, ruled := s.e.Card.Why(o)
		if st := kit.Plain; len(reason) > 0 {
			if p.ruled = p.ruled || ruled; ruled {
				st = kit.Strong
			}
			p.hang(kit.Blanks(5), 5, wrap(p.t, reason, p.w-5, st, false))
		}
	}
}

// unseen lists the options that were left out, as the card is new to the
// person, and when each would be right.
func (p *page) unseen(s *sheet) {
	if !s.choices() {
		return
	}
	first := true
	for _, o := range s.e.Card.Options {
		if slices.Contains(s.options, o.N) {
			continue
		}
		if first {
			p.gap()
			p.say("Also an option, once you know the card better:", kit.Dim)
			first = false
		}
		p.hang(kit.Blanks(5), 5, wrap(p.t, o.Text, p.w-5, kit.Plain, false))
		if len(o.Reason) > 0 {
			p.hang(kit.Blanks(5), 5, wrap(p.t, o.Reason, p.w-5, kit.Dim, false))
		}
	}
}

// beside sets the lines of the person's note beside what AWS does today.
func (p *page) beside(e *Entry) {
	for _, x := range e.Places {
		f := x.Fact
		if f == nil {
			continue
		}
		p.gap()
		lead := flat(x.String()) + ": "
		if kit.Width(lead) > p.w/2 {
			p.say(x.String(), kit.Dim)
			lead = "  "
		}
		p.hang(p.t.Paint(kit.Dim, lead), kit.Width(lead), say(p.t, "“"+flat(x.Text)+"”", p.w-kit.Width(lead), kit.Plain))
		word := "AWS: "
		if f.State != fact.Holds {
			word = "▲ " + f.State.String() + ". AWS today: "
		}
		if kit.Width(word) > p.w/2 {
			p.say(word, kit.Busy)
			word = ""
		}
		p.hang(p.t.Paint(kit.Busy, word), kit.Width(word), say(p.t, f.AWS, p.w-kit.Width(word), kit.Plain))
	}
}

func (p *page) sources(c *card.Card) {
	if len(c.Sources) == 0 {
		return
	}
	p.gap()
	for _, src := range c.Sources {
		text := flat(src.Title)
		if src.Read != "" {
			text += ", read " + flat(src.Read)
		}
		p.say(text, kit.Dim)
		if p.linear { // what is copied must be whole
			p.add(flat(src.URL))
		} else {
			p.say(strings.TrimPrefix(flat(src.URL), "https://"), kit.Dim) // it fits into a row more often
		}
	}
}

// oneLine gives a text in one line.
func oneLine(spans []card.Span) string { return flat(card.Text(spans)) }

// name is a card in a list: what it asks.
func name(c *card.Card) string {
	if s := oneLine(c.Title); s != "" {
		return s
	}
	return flat(markdown.BlocksText(c.Situation))
}
