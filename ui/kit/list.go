package kit

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// List is a searchable list: the help and the palette.
type List struct {
	Title string
	Items []Item
	Foot  string
	// Free: what was typed may be carried out as it is (a command with its
	// arguments); tab completes it. What is typed then finds names by their letters, in
	// their order; otherwise it finds texts that contain it.
	Free  bool
	Input Input
	// Complete gives what can be typed after a word and a blank: whole lines.
	Complete func(typed string) []Item
	sel      int
	moved    bool // one of them was chosen with the arrows

	scroll
}

// Click chooses the item of a row.
func (l *List) Click(row int) Reply {
	if i := l.itemAt(row); i >= 0 {
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

// hit is an item that fits what is typed, and which letters of its text do.
type hit struct {
	*Item
	score int
	at    []int
}

// found are the items that fit what is typed, the best first.
func (l *List) found() []hit {
	typed := l.Input.String()
	var out []hit
	if l.completing() {
		list := l.Complete(typed)
		for i := range list {
			if strings.HasPrefix(strings.ToLower(list[i].Text), strings.ToLower(strings.TrimLeft(typed, " "))) {
				out = append(out, hit{Item: &list[i]})
			}
		}
		return out
	}
	want := strings.TrimSpace(typed)
	for i := range l.Items {
		it := &l.Items[i]
		h, ok := hit{Item: it}, want == ""
		switch {
		case ok:
		case l.Free:
			h, ok = byName(it, want)
		default:
			ok = strings.Contains(strings.ToLower(it.Key+" "+it.Text+" "+it.Note+" "+it.Off+" "+it.Find), strings.ToLower(want))
			h.at = contained(it.Text, want)
		}
		if ok {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b hit) int { return b.score - a.score })
	return out
}

// byName finds a name by its letters: that of the item, without its arguments, or its
// other one. After a blank only the name before it counts.
func byName(it *Item, want string) (hit, bool) {
	name, _, _ := strings.Cut(it.Text, " ")
	if word, _, more := strings.Cut(want, " "); more {
		ok := strings.EqualFold(name, word) || strings.HasPrefix(strings.ToLower(it.Text), strings.ToLower(want))
		return hit{Item: it}, ok
	}
	score, at := Fuzzy(want, name)
	if other, _ := Fuzzy(want, it.Find); other > score {
		score, at = other, nil
	}
	return hit{it, score, at}, score > 0
}

// contained are the letters of a text that are what is searched for.
func contained(text, want string) []int {
	i := strings.Index(strings.ToLower(text), strings.ToLower(want))
	if i < 0 || len(strings.ToLower(text)) != len(text) {
		return nil
	}
	from := len([]rune(text[:i]))
	at := make([]int, len([]rune(text[i:i+len(want)])))
	for k := range at {
		at[k] = from + k
	}
	return at
}

// HandleKey types, moves, or chooses. A key that it has no use for leaves it, and is
// passed on.
func (l *List) HandleKey(k tea.KeyPressMsg) Reply {
	found := l.found()
	last := max(0, len(found)-1)
	to := func(i int) Reply {
		l.sel, l.moved = max(0, min(last, i)), true
		return stay
	}
	switch k.String() {
	case "esc":
		return leave
	case "up":
		return to(l.sel - 1)
	case "down":
		if l.completing() && !l.moved { // the first one down chooses the first
			return to(l.sel)
		}
		return to(l.sel + 1)
	case "pgup":
		return to(l.sel - l.page())
	case "pgdown":
		return to(l.sel + l.page())
	case "tab":
		if !l.Free {
			return pass
		}
		if len(found) > 0 {
			text := found[min(l.sel, last)].Text
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
			r.Chosen = slices.IndexFunc(l.Items, func(it Item) bool { return it == *found[min(l.sel, last)].Item })
		case l.moved: // what was typed holds, unless one was chosen
			r.Text = found[min(l.sel, last)].Text
		}
		return r
	}
	if !l.Input.Uses(k) {
		return pass
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

// Draw shows what is typed and what it finds.
func (l *List) Draw(t *Theme, w, h int) ([]string, int, int) {
	found := l.found()
	l.sel = max(0, min(l.sel, len(found)-1))
	prompt := "/ "
	if l.Free {
		prompt = ": "
	}
	rows := []string{t.Paint(Key, prompt) + l.Input.String(), ""}
	wide := 0
	for _, it := range found {
		wide = max(wide, min(Width(it.Text), 28))
	}
	items := make([][]string, len(found))
	for i := range found {
		items[i] = itemRows(t, found[i].Item, i == l.sel && (l.moved || !l.completing()), wide, w-4, found[i].at)
	}
	list, in := l.show(items, l.sel, 2, max(1, h-4))
	rows = append(rows, list...)
	switch {
	case len(found) > 0:
	case l.completing():
		rows = append(rows, t.Paint(Dim, "enter does what is typed"))
	default:
		rows = append(rows, t.Paint(Dim, "nothing of that name"))
	}
	return box(t, l.Title, l.Foot, rows, w, h, in), 4 + l.Input.Column(), 1
}
