package home

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"esmlab/ui/kit"
)

func plainOf(s string) string { return ansi.Strip(s) }

// previewRows draws what is to be seen of the entry that is shown, in a column.
func (h *Home) previewRows(w, room int) (title string, rows []string, legend string) {
	t, at := h.theme(), h.shown()
	e := h.entry(at)
	if e == nil {
		return "", nil, ""
	}
	p := h.seen[at]
	add := func(st kit.Style, text string) {
		rows = append(rows, kit.NewLine(t, w).Text(" ").Add(st, kit.Cut(text, w-2)).String())
	}
	gap := func() {
		if len(rows) > 0 {
			rows = append(rows, kit.Blanks(w))
		}
	}
	about := e.About
	if e.Note != "" && at.shelf != "" {
		for _, s := range kit.Wrap(e.Note, w-2) {
			add(kit.Strong, s)
		}
	}
	if about != "" {
		gap()
		for _, s := range kit.Wrap(about, w-2) {
			add(kit.Plain, s)
		}
	}
	switch {
	case p == nil || !p.done:
		if e.Preview != nil {
			gap()
			add(kit.Dim, "…")
		}
		return e.Name, rows, ""
	case p.err != nil:
		gap()
		for _, s := range kit.Wrap("▲ "+p.err.Error(), w-2) {
			add(kit.Bad, s)
		}
		return e.Name, rows, ""
	}
	gap()
	for i, s := range p.Chain {
		if s != "" {
			rows = append(rows, kit.NewLine(t, w).Text(" ").Add(kit.Key, digit(i+1)).Text(" "+kit.Cut(s, w-4)).String())
		}
	}
	if p.Picture != nil {
		gap()
		left := room - len(rows)
		if len(p.Facts) > 0 {
			left -= len(p.Facts) + 1
		}
		for _, row := range p.Picture(t, w-3, max(0, left)) {
			rows = append(rows, " "+row+"  ")
		}
	}
	gap()
	for _, s := range p.Facts {
		add(kit.Dim, s)
	}
	return e.Name, rows, p.Legend
}

// previewBrief draws the same in a few rows of the whole width.
func (h *Home) previewBrief(w, room int) (title string, rows []string) {
	t, at := h.theme(), h.shown()
	e := h.entry(at)
	if e == nil {
		return "", nil
	}
	p := h.seen[at]
	add := func(st kit.Style, text string) {
		rows = append(rows, kit.NewLine(t, w).Text(" ").Add(st, kit.Cut(text, w-2)).String())
	}
	text := e.About
	if text == "" {
		text = e.Note
	}
	for i, s := range kit.Wrap(text, w-2) {
		if i < 2 {
			add(kit.Plain, s)
		}
	}
	var facts []string
	if p != nil && p.done && p.err == nil {
		l := kit.NewLine(t, w).Text(" ")
		for i, s := range p.Brief {
			if s == "" || l.Room() < kit.Width(s)+4 {
				continue
			}
			if i > 0 {
				l.Text("  ")
			}
			l.Add(kit.Key, digit(i+1)).Text(" " + s)
		}
		rows = append(rows, l.String())
		facts = p.Facts
		if p.Picture != nil {
			for _, row := range p.Picture(t, w-2, max(0, room-len(rows)-2)) {
				rows = append(rows, " "+row+" ")
			}
		}
	} else if p != nil && p.err != nil {
		add(kit.Bad, "▲ "+p.err.Error())
	}
	for len(rows) < room-1 {
		rows = append(rows, kit.Blanks(w))
	}
	legend := ""
	if g := h.open(); g != nil && g.Seen != "" {
		legend = "▮ " + g.Seen + "  ▯ not yet   "
	}
	rows = rows[:max(0, min(len(rows), room-1))]
	add(kit.Dim, legend+strings.Join(facts, " · "))
	return e.Name, rows
}
