package home

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"esmlab/ui/kit"
)

// Draw shows what to go on with, the shelves, the entries of the one that is open, and
// what is to be seen of the entry under the cursor: beside each other where there is
// room, below each other at 80x24, and in one list where there is less.
func (h *Home) Draw(w, hh int) (string, *tea.Cursor) {
	if w < 1 || hh < 1 {
		return "", nil
	}
	h.settle()
	h.areas = h.areas[:0]
	rows := make([]string, 0, hh)
	rows = append(rows, h.header(w))
	bottom := hh
	if hh > 1 {
		bottom--
	}
	h.foot = bottom
	switch {
	case w >= 110 && hh >= 30:
		rows = h.boxed(append(rows, kit.Blanks(w)), w, bottom-1)
	case w >= 60 && hh >= 16:
		rows = h.ruled(rows, w, bottom)
	default:
		rows = h.list(rows, w, bottom)
	}
	for len(rows) < bottom {
		rows = append(rows, kit.Blanks(w))
	}
	rows = rows[:bottom]
	if hh > 1 {
		rows = append(rows, h.footer(w))
	}
	cursor := h.dialogs.Draw(h.Screens.Theme, rows, w)
	return strings.Join(rows, "\n"), cursor
}

func (h *Home) theme() *kit.Theme { return h.Screens.Theme }

// header says how much there is.
func (h *Home) header(w int) string {
	l := kit.NewLine(h.theme(), w).Text(" ").Add(kit.Strong, "esmlab")
	var groups []*Group
	for i := range h.known {
		for g := range h.known[i].groups {
			groups = append(groups, &h.known[i].groups[g])
		}
	}
	slices.SortStableFunc(groups, func(a, b *Group) int { return a.Rank - b.Rank })
	var long, brief []string
	for _, g := range groups {
		if g.Tally != "" {
			long = append(long, g.Tally)
		}
		if g.Brief != "" {
			brief = append(brief, g.Brief)
		}
	}
	tally := strings.Join(brief, " · ")
	if w >= 100 {
		l.Add(kit.Dim, "   a lab for AWS Lambda event source mappings")
		tally = strings.Join(long, " · ")
	}
	return l.Right(kit.Dim, tally, w-1).String()
}

// footer names the keys.
func (h *Home) footer(w int) string {
	if h.notice != "" {
		h.hits = nil
		return kit.NewLine(h.theme(), w).Text(" ").Add(kit.Strong, kit.Cut(h.notice, w-2)).String()
	}
	arrows := kit.Hint{ID: "down", Key: kit.KeyOf("up") + kit.KeyOf("down") + kit.KeyOf("shelf-prev") + kit.KeyOf("shelf-next"), Text: "choose"}
	find := "search"
	if w >= 110 {
		find = "search in all"
	}
	hints := []kit.Hint{arrows, kit.HintOf("inside", "open"), kit.HintOf("filter", find), {ID: "entry", Key: "1 … 9", Text: "at once"}}
	if h.Template != nil {
		hints = append(hints, kit.HintOf("template", "template"))
	}
	if w >= 110 {
		hints = append(hints, kit.HintOf("palette", "command"))
	}
	row, hits := kit.Footer(h.theme(), w, append(hints, kit.HintOf("help", "keys"), kit.HintOf("quit", "leave")))
	h.hits = nil
	for _, hit := range hits {
		if hit.ID == "down" { // two pairs of keys in one hint
			from := hit.From + ansi.StringWidth(kit.KeyOf("up")+kit.KeyOf("down"))
			to := from + ansi.StringWidth(kit.KeyOf("shelf-prev")+kit.KeyOf("shelf-next"))
			h.hits = append(h.hits, kit.Hit{From: hit.From, To: from, ID: "down"}, kit.Hit{From: from, To: to, ID: "shelf-next"})
			hit.From = to
		}
		h.hits = append(h.hits, hit)
	}
	return row
}

// columns are where the parts of a line to go on with stand.
type columns struct{ key, name, note, more, head, bar int }

var (
	wideColumns   = columns{3, 6, 21, 48, 60, 75}
	narrowColumns = columns{3, 6, 19, 0, 42, 0}
)

// goOn draws what to go on with into rows of w cells, and gives what each is about.
func (h *Home) goOn(w int, at columns) (rows []string, about []place) {
	t := h.theme()
	add := func(l *kit.Line, to place) { rows, about = append(rows, l.String()), append(about, to) }
	tail := ""
	for _, e := range h.top() {
		here := place{"", e.Name}
		l := kit.NewLine(t, w).Text(" ")
		style := kit.Plain
		if h.at == here {
			l.Add(kit.Key, "›")
			style = kit.Strong
		}
		l.PadTo(at.key).Add(kit.Key, e.key).PadTo(at.name).Add(style, e.Name).PadTo(at.note)
		st := h.standing(&e)
		switch {
		case st.Note != "" && at.more > 0:
			l.Text(kit.Cut(st.Note, at.head-at.note-1)).PadTo(at.head)
			l.Add(st.Style, kit.Pick(max(0, w-l.Col()-1), append(st.Head, "")...))
		case st.Note != "":
			l.Text(kit.Cut(st.Brief, at.head-at.note-1)).PadTo(at.head)
			l.Add(st.Style, kit.Pick(max(0, w-l.Col()-1), append(st.Head, "")...))
		case e.More == "":
			l.Text(kit.Clip(e.Note, max(0, w-l.Col()-1)))
		case at.more > 0:
			l.Text(kit.Cut(e.Note, at.more-at.note-1)).PadTo(at.more).Add(kit.Dim, e.More)
			if n := e.Bar[1]; n > 0 && max(l.Col()+1, at.bar)+n < w {
				l.PadTo(at.bar).Repeat(kit.Good, "▮", e.Bar[0]).Repeat(kit.Rule, "▯", n-e.Bar[0])
			}
		default:
			note := e.Note
			if e.More != "" {
				note += ", " + e.More
			}
			l.Text(kit.Pick(max(0, w-l.Col()-1), note, e.Note))
		}
		if tail != "" && at.more > 0 {
			l.Right(kit.Dim, tail, w-2)
		}
		tail = e.Tail
		add(l, here)
		if at.more == 0 || st.Rows == nil {
			continue
		}
		picture := st.Rows(min(57, w-at.note-1), 2)
		for i, row := range picture {
			l := kit.NewLine(t, w).PadTo(at.note)
			text := l.String()
			over := []string{text}
			kit.Overlay(over, []string{row}, at.note, 0)
			if i == len(picture)-1 && st.Course != nil && w >= 106 {
				kit.Overlay(over, []string{st.Course(26)}, 79, 0)
			}
			rows, about = append(rows, over[0]), append(about, here)
		}
	}
	return rows, about
}

// standing is what is known of the screen that was left.
func (h *Home) standing(e *line) kit.Standing {
	if e.action != "continue" {
		return kit.Standing{}
	}
	if s, ok := h.Screens.Left.(kit.Stands); ok {
		return s.Standing(h.theme())
	}
	if h.Screens.Left != nil || !e.Last {
		return kit.Standing{}
	}
	st := kit.Standing{Note: e.Note, Brief: e.Note}
	if p := h.seen[place{"", e.Name}]; p != nil && p.done && p.Picture != nil {
		st.Rows = func(w, n int) []string { return p.Picture(h.theme(), w, n) }
	}
	return st
}

// click makes rows from y on clickable.
func (h *Home) click(x, y, w int, about []place) {
	for i, to := range about {
		if to != (place{}) {
			h.areas = append(h.areas, area{x, y + i, w, to})
		}
	}
}

// boxed draws the screen from 110x30 on.
func (h *Home) boxed(rows []string, w, bottom int) []string {
	t := h.theme()
	body, about := h.goOn(w-2, wideColumns)
	body, about = window(body, about, max(3, bottom-len(rows)-14), h.at)
	f := kit.Frame{Title: "Go on", Boxed: true, Focused: h.at.shelf == ""}
	h.click(1, len(rows)+1, w-2, about)
	rows = append(rows, f.Draw(t, body, w, len(body)+2)...)
	y, room := len(rows), bottom-len(rows)
	extra := w - 120
	left := 33 + max(0, extra)/6
	middle := 48 + max(0, extra)/4
	right := w - left - middle
	f = kit.Frame{Title: "Shelves", Legend: "←→ shelf", Boxed: true}
	body, about = h.shelfRows(left-2, room-2, 0)
	h.click(1, y+1, left-2, about)
	a := f.Draw(t, body, left, room)
	f = h.entriesFrame()
	f.Boxed, f.Legend = true, "↑↓ "+h.noun()+" · enter opens"
	body, about = h.entryRows(middle-2, room-2, 1)
	h.scrolled(&f, about)
	h.click(left+1, y+1, middle-2, about)
	b := f.Draw(t, body, middle, room)
	title, body, legend := h.previewRows(right-2, room-2)
	f = kit.Frame{Title: title, Legend: legend, Boxed: true}
	c := f.Draw(t, body, right, room)
	for i := range room {
		rows = append(rows, a[i]+b[i]+c[i])
	}
	return rows
}

// ruled draws the screen from 60x16 on.
func (h *Home) ruled(rows []string, w, bottom int) []string {
	t := h.theme()
	body, about := h.goOn(w, narrowColumns)
	body, about = window(body, about, max(2, (bottom-len(rows))/4), h.at)
	f := kit.Frame{Title: "Go on", Focused: h.at.shelf == ""}
	h.click(0, len(rows)+1, w, about)
	rows = append(rows, f.Draw(t, body, w, len(body)+1)...)
	room := bottom - len(rows) - 1 // before the footer a row is blank
	below := 0                     // rows of the preview
	if e := h.entry(h.shown()); e != nil && room >= 12 {
		below = 2 + len(kit.Wrap(e.About, w-2))
		if e.Preview != nil && room >= 15 {
			below = 7 + min(6, (room-17)/3)
		}
	}
	left := max(31, w*36/80)
	lists := room - below
	y := len(rows)
	f = kit.Frame{Title: "Shelves"}
	body, about = h.shelfRows(left, lists-1, 1)
	h.click(0, y+1, left, about)
	a := f.Draw(t, body, left, lists)
	f = h.entriesFrame()
	body, about = h.entryRows(w-left-1, lists-1, 1)
	h.scrolled(&f, about)
	h.click(left+1, y+1, w-left-1, about)
	b := f.Draw(t, body, w-left-1, lists)
	for i := range lists {
		sign := "│"
		if i == 0 {
			sign = "┬"
		}
		rows = append(rows, a[i]+t.Paint(kit.Rule, sign)+b[i])
	}
	if below == 0 {
		return rows
	}
	title, body := h.previewBrief(w, below-1)
	f = kit.Frame{Title: title}
	c := f.Draw(t, body, w, below)
	if strip := []rune(plainOf(c[0])); strip[left] == '─' {
		kit.Overlay(c[:1], []string{t.Paint(kit.Rule, "┴")}, left, 0)
	}
	return append(rows, c...)
}
