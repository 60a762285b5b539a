package card

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"esmlab/quiz/markdown"
)

// taskListOf gives the list in which tasks are ticked, or nil.
func taskListOf(nodes []ast.Node) *ast.List {
	for _, n := range nodes {
		l, ok := n.(*ast.List)
		if !ok {
			continue
		}
		boxes, ticked := 0, 0
		for item := l.FirstChild(); item != nil; item = item.NextSibling() {
			if box := markdown.CheckBox(item); box != nil {
				boxes++
				if box.IsChecked {
					ticked++
				}
			}
		}
		if boxes > 1 && ticked > 0 && boxes == l.ChildCount() {
			return l
		}
	}
	return nil
}

// tasks makes options of a task list: what is ticked is right.
func (r *reader) tasks(c *Card, l *ast.List) {
	c.Kind = Single
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		c.Options = append(c.Options, Option{N: len(c.Options) + 1, Text: r.itemSpans(item), Right: markdown.CheckBox(item).IsChecked, Line: r.doc.Line(item)})
	}
	if len(c.Key()) > 1 {
		c.Kind = Multiple
	}
}

// ticked says where a question asks for another number of answers than are ticked; "" it
// does not.
func (r *reader) ticked(c *Card, line int) string {
	asked, key := wanted(markdown.BlocksText(c.Situation)+" "+Text(c.Title)), len(c.Key())
	if asked == 0 || asked == key {
		return ""
	}
	r.problem(line, "it is not clear which options are right: the question asks for "+strconv.Itoa(asked)+", "+strconv.Itoa(key)+" are ticked", "as many ticks as it asks for")
	return "its answer is not clear"
}

// asks reports whether a text is a question rather than the name of a list of
// things to do.
func asks(s string) bool {
	s = strings.ToLower(s)
	return strings.Contains(s, "?") || strings.Contains(s, "choose") || strings.Contains(s, "select")
}

// taskCard reads dialect C: a question in a heading or a paragraph, and a task
// list below it. It gives true when the list became a card.
func (r *reader) taskCard(l *ast.List) bool {
	if taskListOf([]ast.Node{l}) == nil {
		return false
	}
	c := r.begin(l, TaskList)
	prev := l.PreviousSibling()
	var asked ast.Node
	if prev != nil && (prev.Kind() == ast.KindParagraph || prev.Kind() == ast.KindTextBlock) {
		asked = prev
	}
	if h := len(r.headings) - 1; h >= 0 && !r.headings[h].used {
		above := r.headings[h].node
		switch {
		case asked == nil || asked.PreviousSibling() == above && !asks(Text(r.doc.Spans(asked))):
			if asked != nil {
				c.Situation = r.show(asked)
			}
			asked = above
			c.Heading = c.Heading[:len(c.Heading)-1]
			r.headings[h].used = true
		case asked.PreviousSibling() == above:
			c.Situation = r.show(above)
			c.Heading = c.Heading[:len(c.Heading)-1]
			r.headings[h].used = true
		}
	}
	if asked == nil || asked == prev && strings.HasSuffix(Text(r.doc.Spans(asked)), "\n?") { // the answer of a ? block
		return false
	}
	c.Title, c.Line = r.doc.Spans(asked), r.doc.Line(asked)
	if len(c.Title) == 0 || !r.marked && !asks(Text(c.Title)) {
		return false
	}
	if asked == prev && len(c.Situation) == 0 && asked.Kind() == ast.KindParagraph {
		if above, ok := asked.PreviousSibling().(*ast.Heading); !ok || above == nil {
			before, nodes := r.situation(asked.PreviousSibling(), []Block{{Spans: c.Title}}, nil)
			c.Situation = before
			for _, n := range nodes {
				r.drop(n)
			}
			if len(before) > 0 {
				c.Line = before[0].Line
			}
		}
	}
	r.tasks(c, l)
	r.lineID(c, l)
	r.drop(asked)
	if r.ticked(c, r.doc.Line(l)) == "" {
		r.note.Cards = append(r.note.Cards, *c)
	}
	return true
}

// drop takes a paragraph that became part of a card out of the text that
// lines are looked for in.
func (r *reader) drop(n ast.Node) {
	for i := len(r.blocks) - 1; i >= 0 && i >= len(r.blocks)-4; i-- {
		if r.blocks[i].node == n {
			r.blocks = append(r.blocks[:i], r.blocks[i+1:]...)
			return
		}
	}
}

// section is one card of dialect D: a first-level heading, and what follows up
// to a rule.
type section struct {
	title ast.Node
	body  []ast.Node
}

// hascard reads dialect D. A note is a deck of this kind if rules divide it
// into sections that each begin with a first-level heading and have no other,
// and if at least one of them is asked in a way that nothing else is.
func (r *reader) hascard() {
	var all []section
	var s section
	for n := r.doc.Root.FirstChild(); ; n = n.NextSibling() {
		h, isHeading := n.(*ast.Heading)
		setext := isHeading && h.Level == 2 && !r.atx(h)
		if n == nil || n.Kind() == ast.KindThematicBreak || setext {
			if setext { // text, and the rule right below it
				s.body = append(s.body, n)
			}
			if s.title == nil && len(s.body) > 0 {
				return
			}
			if s.title != nil {
				all = append(all, s)
			}
			s = section{}
			if n == nil {
				break
			}
			continue
		}
		switch {
		case isHeading && h.Level == 1 && s.title == nil && len(s.body) == 0 && h.HasChildren():
			s.title = n
		case isHeading:
			return
		default:
			s.body = append(s.body, n)
		}
	}
	shaped := false
	cards := make([]*Card, len(all))
	for i, s := range all {
		c := r.begin(s.title, MarkedHeadings)
		if c.Title, c.Heading = r.doc.Spans(s.title), nil; len(c.Title) == 0 {
			return
		}
		if len(s.body) > 0 {
			c.End = r.doc.End(s.body[len(s.body)-1])
		}
		if r.shaped(c, s.body) {
			shaped = true
			cards[i] = c
		} else if len(all) > 1 && len(s.body) > 0 {
			c.Rule = r.show(s.body...)
			cards[i] = c
		}
	}
	if !shaped {
		return
	}
	taken := map[int]bool{} // lines at which a card begins
	for i := range r.note.Cards {
		taken[r.note.Cards[i].Line] = true
	}
	used := map[ast.Node]bool{}
	for i, c := range cards {
		free := c != nil
		for line := 0; free && line <= c.End-c.Line; line++ {
			free = !taken[c.Line+line]
		}
		if !free {
			continue
		}
		r.note.Cards = append(r.note.Cards, *c)
		for _, n := range all[i].body {
			used[n] = true
		}
	}
	r.blocks = slices.DeleteFunc(r.blocks, func(b textBlock) bool {
		for n := b.node; n != nil; n = n.Parent() {
			if used[n] {
				return true
			}
		}
		return false
	})
}

// atx reports whether a heading begins with #.
func (r *reader) atx(h *ast.Heading) bool {
	p := h.Pos()
	return p >= 0 && p < len(r.doc.Source) && r.doc.Source[p] == '#'
}

// shaped reads the ways of asking that only dialect D has.
func (r *reader) shaped(c *Card, nodes []ast.Node) bool {
	stars, dashes := 0, 0
	var rest []ast.Node
	var ordered *ast.List
	for _, n := range nodes {
		l, ok := n.(*ast.List)
		switch {
		case !ok:
			rest = append(rest, n)
		case l.IsOrdered():
			ordered = l
		case l.Marker == '*':
			stars += l.ChildCount()
		case l.Marker == '-':
			dashes += l.ChildCount()
		}
	}
	if stars > 1 && dashes > 0 && ordered == nil && len(rest) == 0 {
		r.problem(c.Line, "it is not clear which option is right: "+strconv.Itoa(stars)+" of them have a *", "one *, or lines [*] and [ ] where several are right")
		return false
	}
	switch {
	case stars == 1 && dashes > 0 && ordered == nil:
		c.Kind = Single
		for _, n := range nodes {
			l, ok := n.(*ast.List)
			if !ok {
				continue
			}
			for item := l.FirstChild(); item != nil; item = item.NextSibling() {
				c.Options = append(c.Options, Option{N: len(c.Options) + 1, Text: r.itemSpans(item), Right: l.Marker == '*', Line: r.doc.Line(item)})
			}
		}
		c.Situation = r.show(rest...)
		return true
	case ordered != nil && stars+dashes == 0 && r.shuffled(c, ordered):
		c.Kind = Order
		c.Situation = r.show(rest...)
		return true
	}
	for i, n := range nodes {
		if n.Kind() != ast.KindParagraph && n.Kind() != ast.KindHeading {
			continue
		}
		spans := r.doc.Spans(n)
		if r.boxes(c, n) {
			c.Situation = r.show(append(append([]ast.Node(nil), nodes[:i]...), nodes[i+1:]...)...)
			return true
		}
		for _, s := range spans {
			if s.Style&markdown.Under != 0 {
				r.underscores(c, nodes)
				return true
			}
		}
	}
	return false
}

// shuffled reads a list whose written numbers say the right order.
func (r *reader) shuffled(c *Card, l *ast.List) bool {
	type place struct{ n, at int }
	var places []place
	sorted := true
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		at := max(item.Pos(), 0)
		end := at
		for end < len(r.doc.Source) && r.doc.Source[end] >= '0' && r.doc.Source[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(string(r.doc.Source[at:end]))
		if err != nil {
			return false
		}
		sorted = sorted && (len(places) == 0 || n > places[len(places)-1].n)
		places = append(places, place{n, len(places) + 1})
		c.Options = append(c.Options, Option{N: len(places), Text: r.itemSpans(item), Line: r.doc.Line(item)})
	}
	if sorted || len(places) < 2 {
		c.Options = nil
		return false
	}
	sort.SliceStable(places, func(i, j int) bool { return places[i].n < places[j].n })
	for _, p := range places {
		c.Order = append(c.Order, p.at)
	}
	return true
}

// boxes reads lines [*] or [x] right and [ ] wrong.
func (r *reader) boxes(c *Card, n ast.Node) bool {
	right := 0
	var out []Option
	lines := n.Lines()
	for i := range lines.Len() {
		seg := lines.At(i)
		text := strings.TrimSpace(string(seg.Value(r.doc.Source)))
		if len(text) < 3 || text[0] != '[' || !strings.ContainsRune("*x ", rune(text[1])) || text[2] != ']' {
			return false
		}
		if text[1] != ' ' {
			right++
		}
		out = append(out, Option{N: i + 1, Text: inline(text[3:]), Right: text[1] != ' ', Line: r.doc.LineAt(seg.Start)})
	}
	if right == 0 || len(out) < 2 {
		return false
	}
	c.Kind, c.Options = Multiple, out
	return true
}

// inline reads one line of Markdown.
func inline(text string) []Span {
	d := markdown.Parse([]byte(strings.TrimSpace(text)))
	if d.Root.FirstChild() == nil {
		return nil
	}
	return d.Spans(d.Root.FirstChild())
}

// underscores makes blanks of _text|other text_.
func (r *reader) underscores(c *Card, nodes []ast.Node) {
	c.Kind = Blanks
	c.Situation = r.show(nodes...)
	for i := range c.Situation {
		spans := c.Situation[i].Spans
		for j := range spans {
			if spans[j].Style&markdown.Under != 0 {
				var accepted []string
				for _, w := range strings.Split(spans[j].Text, "|") {
					accepted = append(accepted, strings.TrimSpace(w))
				}
				c.Blanks = append(c.Blanks, accepted)
				spans[j] = blank
			}
		}
	}
}
