package kit

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Reply is what a dialog answers to a key.
type Reply struct {
	Close  bool
	Chosen int    // index of what was chosen, -1 none
	Text   string // what was typed
	Done   bool   // it was finished, not left, even if nothing was typed
}

var stay = Reply{Chosen: -1}
var leave = Reply{Close: true, Chosen: -1}

// Dialog is something that lies over the lab and takes all keys until it is
// left with esc.
type Dialog interface {
	Press(k tea.KeyPressMsg) Reply
	// Draw gives rows of one width, at most w x h cells, and where the text
	// cursor stands in them (-1, -1: nowhere).
	Draw(t *Theme, w, h int) (rows []string, x, y int)
}

// box puts a dialog's rows into a frame. Rows may hold styles.
func box(t *Theme, title, foot string, rows []string, w, h int) []string {
	if w < 6 || h < 3 {
		return nil
	}
	want := min(w, max(44, Width(title)+8, Width(foot)+6))
	for _, r := range rows {
		want = max(want, min(w, visible(r)+4))
	}
	inner := make([]string, 0, len(rows))
	for _, r := range rows[:min(len(rows), h-2)] {
		inner = append(inner, " "+Fit(r, want-4)+" ")
	}
	f := Frame{Title: title, Legend: foot, Focused: true, Boxed: true}
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
	rows  int
}

// Para is a paragraph of a card.
type Para struct {
	Style Style
	Text  string
	Raw   bool // not wrapped: a picture, a line to copy
}

// Press scrolls, or leaves.
func (c *Card) Press(k tea.KeyPressMsg) Reply {
	switch k.String() {
	case "down", "j":
		c.top++
	case "up", "k":
		c.top = max(0, c.top-1)
	case "pgdown":
		c.top += 10
	case "pgup":
		c.top = max(0, c.top-10)
	default:
		return leave
	}
	return stay
}

// Draw wraps the text.
func (c *Card) Draw(t *Theme, w, h int) ([]string, int, int) {
	width := min(w-4, 76)
	var rows []string
	for _, p := range c.Body {
		if p.Raw {
			rows = append(rows, t.Paint(p.Style, Cut(p.Text, w-4)))
			continue
		}
		for _, l := range Wrap(p.Text, width) {
			rows = append(rows, t.Paint(p.Style, l))
		}
	}
	c.rows = len(rows)
	room := max(1, h-2)
	c.top = max(0, min(c.top, len(rows)-room))
	foot := "esc back"
	if len(rows) > room {
		foot = "↑↓ more · esc back"
	}
	return box(t, c.Title, foot, rows[c.top:], w, h), -1, -1
}

// Item is a line of a menu or a list.
type Item struct {
	Key  string // a digit or letter that chooses it; "" none
	Text string
	Note string
	Find string // what a search finds it by, beside its text
}

// Menu lets a person choose one of a few things.
type Menu struct {
	Title string
	Intro []string
	Items []Item
	Foot  string
	// Cycle are choices that left and right go through; Turn is the current
	// one. They stand in the line that begins with Label.
	Label string
	Cycle []string
	Turn  int
	Sel   int
}

// Press moves or chooses.
func (m *Menu) Press(k tea.KeyPressMsg) Reply {
	s := k.String()
	for i := range m.Items {
		if m.Items[i].Key != "" && m.Items[i].Key == s {
			return Reply{Close: true, Chosen: i}
		}
	}
	switch s {
	case "esc", "q":
		return leave
	case "up", "k":
		m.Sel = max(0, m.Sel-1)
	case "down", "j":
		m.Sel = min(len(m.Items)-1, m.Sel+1)
	case "left", "right", "tab", "shift+tab":
		if n := len(m.Cycle); n > 0 {
			step := 1
			if s == "left" || s == "shift+tab" {
				step = n - 1
			}
			m.Turn = (m.Turn + step) % n
		}
	case "enter", "space":
		if len(m.Items) > 0 {
			return Reply{Close: true, Chosen: m.Sel}
		}
		return leave
	}
	return stay
}

// Draw lists the items.
func (m *Menu) Draw(t *Theme, w, h int) ([]string, int, int) {
	var rows []string
	for _, s := range m.Intro {
		rows = append(rows, Wrap(s, min(w-4, 76))...)
	}
	if len(m.Cycle) > 0 {
		rows = append(rows, m.Label+" "+t.Paint(Strong, "‹ "+m.Cycle[m.Turn]+" ›")+t.Paint(Dim, "  ←→ changes it"))
	}
	if len(rows) > 0 {
		rows = append(rows, "")
	}
	room := max(1, h-2-len(rows))
	from := max(0, min(m.Sel-room/2, len(m.Items)-room))
	for i := from; i < len(m.Items); i++ {
		rows = append(rows, itemRow(t, &m.Items[i], i == m.Sel))
	}
	foot := m.Foot
	if foot == "" {
		foot = "enter chooses · esc back"
	}
	return box(t, m.Title, foot, rows, w, h), -1, -1
}

func itemRow(t *Theme, it *Item, selected bool) string {
	lead, key := "  ", it.Key
	if selected {
		lead = t.Paint(Key, "› ")
	}
	if key == "" {
		key = " "
	}
	row := lead + t.Paint(Key, key) + "  " + it.Text
	if selected {
		row = lead + t.Paint(Key, key) + "  " + t.Paint(Strong, it.Text)
	}
	if it.Note != "" {
		row += "  " + t.Paint(Dim, it.Note)
	}
	return row
}

// List is a searchable list: the help and the palette.
type List struct {
	Title string
	Items []Item
	Foot  string
	// Free: what was typed may be carried out as it is (a command with its
	// arguments); tab completes it.
	Free  bool
	Input Input
	sel   int
}

func (l *List) found() []int {
	want := strings.ToLower(strings.TrimSpace(string(l.Input.Text)))
	var out []int
	for i := range l.Items {
		it := &l.Items[i]
		if l.Free {
			if word, _, _ := strings.Cut(want, " "); !strings.HasPrefix(strings.ToLower(it.Text), word) && !strings.HasPrefix(strings.ToLower(it.Text), want) {
				continue
			}
		} else if !strings.Contains(strings.ToLower(it.Key+" "+it.Text+" "+it.Note+" "+it.Find), want) {
			continue
		}
		out = append(out, i)
	}
	return out
}

// Press types, moves, or chooses.
func (l *List) Press(k tea.KeyPressMsg) Reply {
	found := l.found()
	switch k.String() {
	case "esc":
		return leave
	case "up":
		l.sel = max(0, l.sel-1)
		return stay
	case "down":
		l.sel = min(max(0, len(found)-1), l.sel+1)
		return stay
	case "tab":
		if l.Free && len(found) > 0 {
			word, _, _ := strings.Cut(l.Items[found[min(l.sel, len(found)-1)]].Text, " ")
			l.Input.Set(word + " ")
		}
		return stay
	case "enter":
		r := Reply{Close: true, Chosen: -1, Text: strings.TrimSpace(string(l.Input.Text)), Done: true}
		if len(found) > 0 {
			r.Chosen = found[min(l.sel, len(found)-1)]
		}
		return r
	}
	if l.Input.Press(k) {
		l.sel = 0
	}
	return stay
}

// Draw shows what is typed and what it finds.
func (l *List) Draw(t *Theme, w, h int) ([]string, int, int) {
	found := l.found()
	l.sel = max(0, min(l.sel, len(found)-1))
	prompt := "/ "
	if l.Free {
		prompt = ": "
	}
	rows := []string{t.Paint(Key, prompt) + string(l.Input.Text), ""}
	room := max(1, h-4)
	from := max(0, min(l.sel-room/2, len(found)-room))
	for i := from; i < len(found); i++ {
		rows = append(rows, itemRow(t, &l.Items[found[i]], i == l.sel))
	}
	if len(found) == 0 {
		rows = append(rows, t.Paint(Dim, "nothing of that name"))
	}
	for len(rows) < min(h-2, len(l.Items)+2) {
		rows = append(rows, "")
	}
	return box(t, l.Title, l.Foot, rows, w, h), 4 + l.Input.Column(), 1
}
