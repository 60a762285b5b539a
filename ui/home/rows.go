package home

import (
	"strings"

	"esmlab/ui/kit"
)

// list draws the screen where there is little room: one list.
func (h *Home) list(rows []string, w, bottom int) []string {
	t := h.theme()
	body, about := h.goOn(w, columns{2, 4, 18, 0, 40, 0})
	if g := h.open(); g != nil {
		f := kit.Frame{Title: "‹ " + g.Head + " ›"}
		body, about = append(body, f.Draw(t, nil, w, 1)...), append(about, place{})
		list, to := h.entryRows(w, len(g.Entries)+20, 0)
		for i, at := range to { // without what fills the rest
			if at != (place{}) || i < len(list) && strings.TrimSpace(plainOf(list[i])) != "" {
				body, about = append(body, list[i]), append(about, at)
			}
		}
	} else if text := h.missing(); text != "" {
		body, about = append(body, kit.NewLine(t, w).Text("    ").Add(kit.Dim, text).String()), append(about, place{})
	}
	question := ""
	if e := h.entry(h.shown()); e != nil && bottom-len(rows) >= 12 {
		question = e.About
	}
	room := bottom - len(rows)
	if question != "" {
		room -= 3
	}
	body, about = window(body, about, room, h.at)
	h.click(0, len(rows), w, about)
	rows = append(rows, body...)
	if question == "" {
		return rows
	}
	for len(rows) < bottom-2 {
		rows = append(rows, kit.Blanks(w))
	}
	for _, text := range kit.Wrap(question, max(1, w-4)) {
		rows = append(rows, kit.NewLine(t, w).Text("  ").Add(kit.Info, text).String())
	}
	return rows
}

// window cuts rows to those around the cursor.
func window(rows []string, about []place, room int, at place) ([]string, []place) {
	if len(rows) <= room {
		return rows, about
	}
	room = max(0, room)
	first := 0
	for i := range about {
		if about[i] == at && i >= room {
			first = i - room + 1
		}
	}
	return rows[first : first+room], about[first : first+room]
}

// missing says what is being waited for; "" if nothing.
func (h *Home) missing() string {
	for i := range h.known {
		if text := h.missingOf(i); text != "" {
			return text
		}
	}
	return ""
}

func (h *Home) missingOf(i int) string {
	switch s := &h.known[i]; {
	case s.err != nil:
		return "▲ " + h.Sections[i].Name + " cannot be read: " + s.err.Error()
	case s.list == nil && h.Sections[i].Name != "":
		return "loading " + h.Sections[i].Name + "…"
	}
	return ""
}

// shelfRows lists the shelves. lead is the column of the cursor.
func (h *Home) shelfRows(w, room, lead int) (rows []string, about []place) {
	t := h.theme()
	open := h.open()
	sel := 0
	for i := range h.known {
		if text := h.missingOf(i); text != "" {
			rows = append(rows, kit.NewLine(t, w).PadTo(lead+5).Add(kit.Dim, text).String())
			about = append(about, place{})
		}
		for g := range h.known[i].groups {
			group := &h.known[i].groups[g]
			if group.Top || len(group.Entries) == 0 {
				continue
			}
			if group.Gap && lead == 0 && len(rows) > 0 {
				rows, about = append(rows, kit.Blanks(w)), append(about, place{})
			}
			l := kit.NewLine(t, w).PadTo(lead)
			style := kit.Plain
			if group == open {
				l.Add(kit.Key, "›")
				style, sel = kit.Strong, len(rows)
			}
			count := kit.Thousands(len(group.Entries))
			l.PadTo(lead+2).Add(kit.Key, digit(group.Digit)).PadTo(lead + 4 + lead)
			short := group.Short
			if short == "" {
				short = group.Head
			}
			l.Add(style, kit.Pick(max(0, w-l.Col()-kit.Width(count)-2), group.Head, short)).Right(kit.Dim, count, w-1)
			rows, about = append(rows, l.String()), append(about, place{shelf: group.Head})
		}
	}
	legend := ""
	if open != nil && open.Seen != "" {
		legend = " ▮ " + open.Seen + "  ▯ not yet"
	}
	if legend != "" && lead == 0 && len(rows)+2 <= room {
		for len(rows) < room-2 {
			rows, about = append(rows, kit.Blanks(w)), append(about, place{})
		}
		rows, about = append(rows, kit.NewLine(t, w).Add(kit.Dim, legend).String()), append(about, place{})
	}
	if len(rows) > room && room > 0 {
		first := max(0, min(sel-room/2, len(rows)-room))
		rows, about = rows[first:first+room], about[first:first+room]
	}
	return rows, about
}

// entriesFrame is the border of the shelf that is open.
func (h *Home) entriesFrame() kit.Frame {
	f := kit.Frame{Focused: h.at.shelf != ""}
	g := h.open()
	if g == nil {
		return f
	}
	f.Title = g.Head
	if g.Seen != "" {
		n := 0
		for i := range g.Entries {
			if g.Entries[i].Seen {
				n++
			}
		}
		f.Aside = kit.Thousands(n) + " of " + kit.Thousands(len(g.Entries)) + " " + g.Seen
	}
	return f
}

// scrolled says in the border which entries are in sight, where not all are.
func (h *Home) scrolled(f *kit.Frame, about []place) {
	g := h.open()
	if g == nil {
		return
	}
	first, last := -1, -1
	for _, at := range about {
		if i := g.find(at.name); at.name != "" && i >= 0 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first >= 0 && last-first+1 < len(g.Entries) {
		f.From, f.To, f.Of = first+1, last+1, len(g.Entries)
	}
}

// noun is what a line of the shelf is.
func (h *Home) noun() string {
	if g := h.open(); g != nil && g.Noun != "" {
		return g.Noun
	}
	return "choose"
}

// entryRows lists the entries of the shelf that is open, each with its title below it
// where there is room for all.
func (h *Home) entryRows(w, room, lead int) (rows []string, about []place) {
	t := h.theme()
	g := h.open()
	if g == nil || room < 1 {
		return nil, nil
	}
	here, heads := h.shown(), 0
	for i := range g.Entries {
		if g.Entries[i].Head != "" {
			heads++
		}
	}
	two := 2*len(g.Entries)+heads <= room && lead > 0
	add := func(l *kit.Line, to place) { rows, about = append(rows, l.String()), append(about, to) }
	for i := range g.Entries {
		e := &g.Entries[i]
		to := place{g.Head, e.Name}
		if e.Head != "" {
			add(kit.NewLine(t, w).PadTo(lead+4).Add(kit.Dim, e.Head), place{})
		}
		l := kit.NewLine(t, w).PadTo(lead)
		style := kit.Plain
		if to == here {
			cursor := kit.Key
			if h.at != to {
				cursor = kit.Dim
			}
			l.Add(cursor, "›")
			style = kit.Strong
		}
		l.PadTo(lead + 2)
		if g.Seen != "" {
			mark := kit.Rule
			if e.Seen {
				mark = kit.Good
			}
			l.Add(mark, markOf(e)).PadTo(lead + 4)
		}
		l.Add(style, e.Name)
		if note := e.Note; !two && note != "" && l.Room() > kit.Width(note)+3 {
			l.Right(kit.Dim, note, w-1)
		}
		add(l, to)
		if two {
			l = kit.NewLine(t, w).PadTo(lead + 3)
			l.Add(kit.Dim, kit.Cut(e.Note, max(0, w-l.Col())))
			add(l, to)
		}
	}
	if len(rows) <= room {
		return rows, about
	}
	sel := 0
	for i := range about {
		if about[i] == here {
			sel = i
		}
	}
	first := max(0, min(sel-room/2, len(rows)-room))
	return rows[first : first+room], about[first : first+room]
}
