package kit

import (
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

// box puts a dialog's rows into a frame. Rows may hold styles. more counts the rows
// that do not fit.
func box(t *Theme, title, foot string, rows []string, w, h, more int) []string {
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
	f := Frame{Title: title, Legend: foot, More: max(0, more), Focused: true, Boxed: true}
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
	case "esc", "enter", "space", "q":
		return leave
	default:
		return Reply{Close: true, Chosen: -1, Pass: true}
	}
	return stay
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
	return box(t, c.Title, foot, rows[c.top:], w, h, len(rows)-c.top-room), -1, -1
}

// Item is a line of a menu or a list.
type Item struct {
	Key  string // a digit or letter that chooses it; "" none
	Text string
	Note string
	Find string // what a search finds it by, beside its text
	Off  string // why it is not possible now; "" it is
}

// Menu lets a person choose one of a few things.
type Menu struct {
	Title string
	Intro []string
	Items []Item
	Foot  string
	// About is shown below the items, as far as there is room.
	About []Para
	// Cycle are choices that left and right go through; Turn is the current
	// one. They stand in the line that begins with Label.
	Label string
	Cycle []string
	Turn  int
	Sel   int

	first, from int // the row of the first item shown, and which that is
}

// Click chooses the item of a row.
func (m *Menu) Click(row int) Reply {
	if i := m.from + row - m.first; row >= m.first && i < len(m.Items) {
		return Reply{Close: true, Chosen: i}
	}
	return stay
}

// HandleKey moves or chooses.
func (m *Menu) HandleKey(k tea.KeyPressMsg) Reply {
	s := k.String()
	for i := range m.Items {
		if m.Items[i].Key != "" && m.Items[i].Key == s {
			return Reply{Close: true, Chosen: i}
		}
	}
	switch s {
	case "esc", "q":
		return leave
	case "up", "k": // from the first to the last, and back
		m.Sel = (m.Sel + len(m.Items) - 1) % max(1, len(m.Items))
	case "down", "j":
		m.Sel = (m.Sel + 1) % max(1, len(m.Items))
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
	m.first, m.from = len(rows), from
	for i := from; i < len(m.Items); i++ {
		rows = append(rows, itemRow(t, &m.Items[i], i == m.Sel, 0))
	}
	if len(m.About) > 0 {
		rows = append(append(rows, ""), paragraphs(t, m.About, min(w-4, 76), w-4)...)
	}
	foot := m.Foot
	if foot == "" {
		foot = "enter chooses · esc back"
	}
	return box(t, m.Title, foot, rows, w, h, len(m.Items)-from-room), -1, -1
}

// itemRow draws an item; its note begins after wide cells of text.
func itemRow(t *Theme, it *Item, selected bool, wide int) string {
	lead, key := "  ", it.Key
	if selected {
		lead = t.Paint(Key, "› ")
	}
	if key == "" {
		key = " "
	}
	style, note := Plain, it.Note
	switch {
	case it.Off != "":
		style, note = Dim, "not now: "+it.Off
	case selected:
		style = Strong
	}
	row := lead + t.Paint(Key, key) + "  " + t.Paint(style, it.Text)
	if note != "" {
		row += Blanks(wide-Width(it.Text)) + "  " + t.Paint(Dim, note)
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
	// Complete gives what can be typed after a word and a blank: whole lines.
	Complete func(typed string) []Item
	sel      int
	from     int  // which of the found is shown first
	moved    bool // one of them was chosen with the arrows
}

// Click chooses the item of a row.
func (l *List) Click(row int) Reply {
	if i := l.from + row - 2; row >= 2 && i < len(l.found()) {
		l.sel, l.moved = i, true
		return l.HandleKey(tea.KeyPressMsg{Code: tea.KeyEnter})
	}
	return stay
}

// Moved reports whether an item was chosen with the arrows or a click.
func (l *List) Moved() bool { return l.moved }

// completing reports whether arguments are typed that can be completed.
func (l *List) completing() bool {
	return l.Complete != nil && strings.Contains(strings.TrimLeft(l.Input.String(), " "), " ")
}

// found are the items that fit what is typed.
func (l *List) found() []*Item {
	typed := l.Input.String()
	if l.completing() {
		var out []*Item
		for _, it := range l.Complete(typed) {
			if strings.HasPrefix(strings.ToLower(it.Text), strings.ToLower(strings.TrimLeft(typed, " "))) {
				out = append(out, &it)
			}
		}
		return out
	}
	want := strings.ToLower(strings.TrimSpace(typed))
	var out []*Item
	for i := range l.Items {
		it := &l.Items[i]
		if l.Free {
			word, _, _ := strings.Cut(want, " ")
			text := strings.ToLower(it.Text)
			if !strings.HasPrefix(text, word) && !strings.HasPrefix(text, want) && (it.Find == "" || !strings.HasPrefix(it.Find, word)) {
				continue
			}
		} else if !strings.Contains(strings.ToLower(it.Key+" "+it.Text+" "+it.Note+" "+it.Find), want) {
			continue
		}
		out = append(out, it)
	}
	return out
}

// HandleKey types, moves, or chooses.
func (l *List) HandleKey(k tea.KeyPressMsg) Reply {
	found := l.found()
	switch k.String() {
	case "esc":
		return leave
	case "up":
		l.sel, l.moved = max(0, l.sel-1), true
		return stay
	case "down":
		if !l.completing() || l.moved { // the first one down chooses the first
			l.sel++
		}
		l.sel, l.moved = min(max(0, len(found)-1), l.sel), true
		return stay
	case "tab":
		if l.Free && len(found) > 0 {
			text := found[min(l.sel, len(found)-1)].Text
			if word, _, _ := strings.Cut(text, " "); !l.completing() {
				text = word + " "
			}
			l.Input.Set(text)
			l.sel, l.moved = 0, false
		}
		return stay
	case "enter":
		r := Reply{Close: true, Chosen: -1, Text: strings.TrimSpace(l.Input.String()), Done: true}
		switch {
		case len(found) == 0:
		case !l.completing():
			r.Chosen = slices.IndexFunc(l.Items, func(it Item) bool { return it == *found[min(l.sel, len(found)-1)] })
		case l.moved: // what was typed holds, unless one was chosen
			r.Text = found[min(l.sel, len(found)-1)].Text
		}
		return r
	}
	if l.Input.HandleKey(k) {
		l.sel, l.moved = 0, false
	}
	return stay
}

// Paste inserts a text into what is searched for.
func (l *List) Paste(text string) {
	l.Input.Insert(text)
	l.sel, l.moved = 0, false
}

// reason is why the item under the cursor is not possible now, in two rows where
// a list has such items, so that the box keeps its size.
func (l *List) reason(t *Theme, found []*Item, w, h int) []string {
	if h < 12 || !slices.ContainsFunc(l.Items, func(it Item) bool { return it.Off != "" }) {
		return nil
	}
	rows := []string{"", "", ""}
	if len(found) == 0 || l.completing() || found[l.sel].Off == "" {
		return rows
	}
	for i, text := range Wrap("Not now: "+found[l.sel].Off, w) {
		if i < 2 {
			rows[1+i] = t.Paint(Busy, text)
		}
	}
	return rows
}

// Draw shows what is typed and what it finds.
func (l *List) Draw(t *Theme, w, h int) ([]string, int, int) {
	found := l.found()
	l.sel = max(0, min(l.sel, len(found)-1))
	prompt := "/ "
	if l.Free {
		prompt = ": "
	}
	rows := []string{t.Paint(Key, prompt) + l.Input.String(), ""}
	off := l.reason(t, found, min(w-4, 92), h)
	h -= len(off)
	room := max(1, h-4)
	from := max(0, min(l.sel-room/2, len(found)-room))
	l.from = from
	wide := 0
	for _, it := range found {
		wide = max(wide, min(Width(it.Text), 44))
	}
	for i := from; i < len(found); i++ {
		rows = append(rows, itemRow(t, found[i], i == l.sel && (l.moved || !l.completing()), wide))
	}
	switch {
	case len(found) > 0:
	case l.completing():
		rows = append(rows, t.Paint(Dim, "enter does what is typed"))
	default:
		rows = append(rows, t.Paint(Dim, "nothing of that name"))
	}
	for len(rows) < min(h-2, len(l.Items)+2) {
		rows = append(rows, "")
	}
	rows = append(rows, off...)
	return box(t, l.Title, l.Foot, rows, w, h+len(off), len(found)-from-room), 4 + l.Input.Column(), 1
}
