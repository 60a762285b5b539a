package kit

import (
	tea "charm.land/bubbletea/v2"
)

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

	scroll
}

// Click chooses the item of a row.
func (m *Menu) Click(row int) Reply {
	if i := m.itemAt(row); i >= 0 {
		return Reply{Close: true, Chosen: i}
	}
	return stay
}

// HandleKey moves or chooses. A key that the menu has no use for leaves it, and is
// passed on.
func (m *Menu) HandleKey(k tea.KeyPressMsg) Reply {
	s := k.String()
	for i := range m.Items {
		if m.Items[i].Key != "" && m.Items[i].Key == s {
			return Reply{Close: true, Chosen: i}
		}
	}
	last := max(0, len(m.Items)-1)
	switch s {
	case "esc", "q":
		return leave
	case "up", "k": // from the first to the last, and back
		m.Sel = (m.Sel + last) % (last + 1)
	case "down", "j":
		m.Sel = (m.Sel + 1) % (last + 1)
	case "pgup":
		m.Sel = max(0, m.Sel-m.page())
	case "pgdown":
		m.Sel = min(last, m.Sel+m.page())
	case "home":
		m.Sel = 0
	case "end":
		m.Sel = last
	case "left", "right", "tab", "shift+tab":
		n := len(m.Cycle)
		if n == 0 {
			return pass
		}
		step := 1
		if s == "left" || s == "shift+tab" {
			step = n - 1
		}
		m.Turn = (m.Turn + step) % n
	case "enter", "space":
		if len(m.Items) > 0 {
			return Reply{Close: true, Chosen: m.Sel}
		}
		return leave
	default:
		return pass
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
		now, how := "‹ "+m.Cycle[m.Turn]+" ›", "  ←→ changes it"
		rows = append(rows, m.Label+" "+t.Paint(Strong, now))
		if last := len(rows) - 1; Width(m.Label)+1+Width(now)+Width(how) <= w-4 {
			rows[last] += t.Paint(Dim, how)
		} else {
			rows = append(rows, t.Paint(Dim, how))
		}
	}
	if len(rows) > 0 {
		rows = append(rows, "")
	}
	room := max(1, h-2-len(rows))
	items := make([][]string, len(m.Items))
	for i := range m.Items {
		items[i] = itemRows(t, &m.Items[i], i == m.Sel, 0, w-4, nil)
	}
	list, in := m.show(items, m.Sel, len(rows), room)
	rows = append(rows, list...)
	if rest := h - 2 - len(rows); len(m.About) > 0 && rest > 1 {
		about := paragraphs(t, m.About, min(w-4, 76), w-4)
		if len(about) > rest-1 {
			about = append(about[:max(0, rest-2):max(0, rest-2)], t.Paint(Dim, "…"))
		}
		rows = append(append(rows, ""), about...)
	}
	foot := m.Foot
	if foot == "" {
		foot = "enter chooses · esc back"
	}
	return box(t, m.Title, foot, rows, w, h, in), -1, -1
}

// scroll is which items of a dialog are in sight.
type scroll struct {
	from, to int   // the items
	first    int   // the row of the first of them
	of       []int // by row, from first on: its item
}

// show gives the rows of as many items as there is room for. Item sel is among them.
// first is the row at which they begin.
func (s *scroll) show(items [][]string, sel, first, room int) (rows []string, in part) {
	s.from = max(0, min(s.from, sel, len(items)-1))
	height := 0
	for i := s.from; i < len(items) && i <= sel; i++ {
		for height += len(items[i]); height > room && s.from < i; s.from++ {
			height -= len(items[s.from])
		}
	}
	for s.from > 0 { // no room is left below
		rest := len(items[s.from-1])
		for _, it := range items[s.from:] {
			rest += len(it)
		}
		if rest > room {
			break
		}
		s.from--
	}
	s.first, s.of, s.to = first, s.of[:0], s.from
	for i := s.from; i < len(items) && (len(rows)+len(items[i]) <= room || i == s.from); i++ {
		for _, r := range items[i] {
			rows, s.of = append(rows, r), append(s.of, i)
		}
		s.to++
	}
	return rows[:min(len(rows), room)], part{s.from, s.to, len(items)}
}

// itemAt is the item of a row, -1 none.
func (s *scroll) itemAt(row int) int {
	if i := row - s.first; i >= 0 && i < len(s.of) {
		return s.of[i]
	}
	return -1
}

// page is how many items are in sight, less one.
func (s *scroll) page() int { return max(1, s.to-s.from-1) }

// itemRows draws an item in rows of at most width cells. Its note begins after wide
// cells of text; what does not fit into one row goes on in the next. marked are the
// letters of the text that were searched for.
func itemRows(t *Theme, it *Item, selected bool, wide, width int, marked []int) []string {
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
	head := 2 + Width(key) + 2
	texts := []string{it.Text}
	if Width(it.Text) > width-head && width-head > 10 {
		texts, marked = Wrap(it.Text, width-head), nil
	}
	var rows []string
	for i, text := range texts {
		if i == 0 {
			rows = append(rows, lead+t.Paint(Key, key)+"  "+mark(t, style, text, marked))
		} else {
			rows = append(rows, Blanks(head)+t.Paint(style, text))
		}
	}
	if note == "" {
		return rows
	}
	used := head + Width(texts[len(texts)-1])
	col := head + max(wide, Width(texts[len(texts)-1])) + 2
	room := width - col
	if len(texts) > 1 || room < 24 && room < Width(note) { // below
		col, room, used = head+2, width-head-2, width
	}
	for i, text := range Wrap(note, max(8, room)) {
		if i == 0 && used < width {
			rows[len(rows)-1] += Blanks(col-used) + t.Paint(Dim, text)
		} else {
			rows = append(rows, Blanks(col)+t.Paint(Dim, text))
		}
	}
	return rows
}

// mark writes a text with some of its letters standing out.
func mark(t *Theme, style Style, text string, at []int) string {
	if len(at) == 0 {
		return t.Paint(style, text)
	}
	out, from := "", 0
	letters := []rune(text)
	for _, i := range at {
		out += t.Paint(style, string(letters[from:i])) + t.Paint(Key, string(letters[i:i+1]))
		from = i + 1
	}
	return out + t.Paint(style, string(letters[from:]))
}
