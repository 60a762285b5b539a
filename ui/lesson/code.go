package lesson

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"esmlab/engine/printable"
	"esmlab/lessons"
	"esmlab/ui/kit"
	"esmlab/ui/lab"
)

// code is the code of a step, in the place of panes 1 to 5.
type code struct {
	list    []lessons.Code
	panes   bool // the person looks at the panes in its place
	top     int  // first row shown
	scrolls bool
}

// Above puts the code of the step in the place of the panes.
func (r region) Above() lab.Inset {
	c := &r.s.code
	if len(c.list) == 0 || c.panes || r.s.p.Finished() {
		return nil
	}
	return c
}

// toggleCode shows the panes in the place of the code, or the code again.
func (s *Screen) toggleCode() {
	s.code.panes = !s.code.panes
	s.Focus(map[bool]int{true: 0, false: 1}[s.code.panes])
}

func (s *Screen) noCode() string {
	if len(s.code.list) == 0 {
		return "There is no code at this step"
	}
	return ""
}

// Scrolls reports whether not all of the code is in sight.
func (c *code) Scrolls() bool { return c.scrolls }

// Scroll moves the code.
func (c *code) Scroll(by int) { c.top += by }

// Draw shows the code: two pieces beside each other where there is room, else one
// below the other.
func (c *code) Draw(t *kit.Theme, w, h int, boxed, focused bool) []string {
	f := kit.Frame{Title: kit.WithKeys("Code · {code} shows the panes"), Boxed: boxed, Focused: focused}
	if focused {
		f.Title = "› " + f.Title
	}
	iw, ih := f.Inner(w, h)
	rows := c.beside(t, iw)
	if rows == nil {
		for i := range c.list {
			if i > 0 {
				rows = append(rows, kit.Blanks(iw))
			}
			rows = append(rows, piece(t, &c.list[i], iw)...)
		}
	}
	c.top, c.scrolls = max(0, min(c.top, len(rows)-ih)), len(rows) > ih
	if c.scrolls {
		f.From, f.To, f.Of = c.top+1, min(len(rows), c.top+ih), len(rows)
	}
	return f.Draw(t, rows[c.top:min(len(rows), c.top+ih)], w, h)
}

// beside draws two pieces side by side; nil if there are not two, or no room.
func (c *code) beside(t *kit.Theme, w int) []string {
	if len(c.list) != 2 {
		return nil
	}
	var widths [2]int
	for i := range c.list {
		for line := range strings.Lines(c.list[i].Text) {
			widths[i] = max(widths[i], kit.Width(printable.Line(strings.TrimRight(line, "\n")))+2)
		}
	}
	left := max(widths[0]+1, w/2)
	if left+widths[1] > w {
		left = w - widths[1]
	}
	if left < widths[0]+1 {
		return nil
	}
	a, b := piece(t, &c.list[0], left), piece(t, &c.list[1], w-left)
	var rows []string
	for i := range max(len(a), len(b)) {
		l, r := kit.Blanks(left), kit.Blanks(w-left)
		if i < len(a) {
			l = a[i]
		}
		if i < len(b) {
			r = b[i]
		}
		rows = append(rows, l+r)
	}
	return rows
}

// piece draws one piece of code, each row exactly w cells wide. Comments are dim.
func piece(t *kit.Theme, c *lessons.Code, w int) []string {
	var rows []string
	if head := c.Heading(); head != "" {
		rows = append(rows, kit.NewLine(t, w).Text(" ").Add(kit.Strong, head).String())
	}
	for line := range strings.Lines(c.Text) {
		text := ansi.Truncate(printable.Line(strings.TrimRight(line, "\n")), w-1, "…")
		l := kit.NewLine(t, w).Text(" ")
		switch at := comment(text); {
		case at < 0:
			l.Text(text)
		default:
			l.Text(text[:at]).Add(kit.Dim, text[at:])
		}
		rows = append(rows, l.String())
	}
	return rows
}

// comment is where the comment of a line begins, -1 if it has none.
func comment(line string) int {
	for _, sign := range []string{"# ", "// "} {
		if at := strings.Index(line, sign); at == 0 || at > 0 && line[at-1] == ' ' {
			return at
		}
	}
	return -1
}
