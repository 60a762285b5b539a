package kit

import (
	"math"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Reply is what a dialog answers to a key.
type Reply struct {
	Close  bool
	Chosen int    // index of what was chosen, -1 none
	Text   string // what was typed
	Done   bool   // it was finished, not left, even if nothing was typed
	Pass   bool   // the key is for what lies below
}

var stay = Reply{Chosen: -1}
var leave = Reply{Close: true, Chosen: -1}
var pass = Reply{Close: true, Chosen: -1, Pass: true}

// Dialog is something that lies over the lab and takes all keys until it is
// left with esc.
//
// One that has Click(row int) Reply takes clicks on its rows as well.
type Dialog interface {
	HandleKey(k tea.KeyPressMsg) Reply
	// Draw gives rows of one width, at most w x h cells, and where the text
	// cursor stands in them (-1, -1: nowhere).
	Draw(t *Theme, w, h int) (rows []string, x, y int)
}

// part is which of a dialog's lines are in sight: those from, counted from 0, up to to, of
// so many.
type part struct{ from, to, of int }

// box puts a dialog's rows into a frame. Rows may hold styles.
func box(t *Theme, title, foot string, rows []string, w, h int, in part) []string {
	if w < 6 || h < 3 {
		return nil
	}
	want := min(w, max(44, Width(title)+8, Width(foot)+6))
	for _, r := range rows {
		want = max(want, min(w, visible(r)+4))
	}
	inner := make([]string, 0, len(rows))
	for _, r := range rows[:min(len(rows), h-2)] {
		inner = append(inner, " "+Fit(cut(r, want-4), want-4)+" ")
	}
	f := Frame{Title: title, Legend: foot, Focused: true, Boxed: true}
	if in.to-in.from < in.of {
		f.From, f.To, f.Of = in.from+1, in.to, in.of
	}
	return f.Draw(t, inner, want, len(inner)+2)
}

func visible(s string) int {
	if strings.Contains(s, "\x1b") {
		return VisibleWidth(s)
	}
	return Width(s)
}

// Card is a page of text.
type Card struct {
	Title string
	Body  []Para
	top   int
}

// Para is a paragraph of a card.
type Para struct {
	Style Style
	Text  string
	Raw   bool // not wrapped: a picture, a line to copy
}

// paragraphs writes paragraphs as rows: wrapped at width, raw ones cut at most.
func paragraphs(t *Theme, body []Para, width, most int) []string {
	var rows []string
	for _, p := range body {
		if p.Raw {
			rows = append(rows, t.Paint(p.Style, cut(p.Text, most)))
			continue
		}
		for _, l := range Wrap(p.Text, width) {
			rows = append(rows, t.Paint(p.Style, l))
		}
	}
	return rows
}

// HandleKey scrolls, or leaves. A key that a text has no use for leaves as well, and
// is passed on.
func (c *Card) HandleKey(k tea.KeyPressMsg) Reply {
	switch k.String() {
	case "down", "j":
		c.top++
	case "up", "k":
		c.top = max(0, c.top-1)
	case "pgdown":
		c.top += 10
	case "pgup":
		c.top = max(0, c.top-10)
	case "home":
		c.top = 0
	case "end":
		c.top = math.MaxInt / 2
	case "esc", "enter", "space", "q":
		return leave
	default:
		return pass
	}
	return stay
}

// Rows writes the page where it stands in a pane: its title, then its text without
// addresses, w cells wide at most.
func (c *Card) Rows(t *Theme, w int) []string {
	body := slices.DeleteFunc(slices.Clone(c.Body), func(p Para) bool { return strings.HasPrefix(p.Text, "https://") })
	for i := range body {
		body[i].Raw = false
	}
	return append([]string{t.Paint(Dim, cut(c.Title, w))}, paragraphs(t, body, min(w, 96), w)...)
}

// Draw wraps the text.
func (c *Card) Draw(t *Theme, w, h int) ([]string, int, int) {
	rows := paragraphs(t, c.Body, min(w-4, 76), w-4)
	room := max(1, h-2)
	c.top = max(0, min(c.top, len(rows)-room))
	foot := "esc back"
	if len(rows) > room {
		foot = "↑↓ more · esc back"
	}
	return box(t, c.Title, foot, rows[c.top:], w, h, part{c.top, min(len(rows), c.top+room), len(rows)}), -1, -1
}
