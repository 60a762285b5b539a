package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui/kit"
)

// Home is the screen at the bottom of the stack: what can be opened. What was
// left for it stays as it is, and is offered first.
type Home struct {
	kit.BaseScreen
	Desk *kit.ScreenStack
	// Name makes it a list that lies over Home, as that of all lessons.
	Name string
	// Groups lists what there is. It is asked each time Home comes up, so what
	// is due or new stands there; never before, so the start is quick.
	Groups func() []Group
	// Template opens a file of the person's own; its error is shown.
	Template func(path string) error

	groups   []Group // what was listed; nil: to be asked
	sel, top int
	dialogs  kit.DialogStack
	areas    []int // what stands in each row: an index into items, -1 none
}

// Group is some entries under a heading.
type Group struct {
	Head    string
	Entries []Entry
}

// Entry is something that Home opens. Its error is shown.
type Entry struct {
	Name, Note string
	About      string // a sentence or two, shown while the cursor is on it
	Open       func() error
}

// item is a line of Home.
type item struct {
	key, name, note, about string
	head                   string // the heading before it
	open                   func() error
}

// Title of the screen.
func (h *Home) Title() string {
	if h.Name != "" {
		return h.Name
	}
	return "Home"
}

// items lists all lines as things are now. The first nine have digits.
func (h *Home) items() []item {
	var out []item
	if s := h.Desk.Left; s != nil && h.Name == "" {
		out = append(out, item{key: "c", name: "continue", note: s.Title(), open: func() error { h.Desk.Open(s); return nil }})
	}
	if h.Template != nil {
		out = append(out, item{key: "t", name: "a template…", note: "SAM or CloudFormation, YAML or JSON", open: h.askTemplate})
	}
	if h.groups == nil && h.Groups != nil {
		h.groups = h.Groups()
	}
	n := 0
	for _, g := range h.groups {
		for i, e := range g.Entries {
			it := item{name: e.Name, note: e.Note, about: e.About, open: e.Open}
			if n++; n <= 9 {
				it.key = string(rune('0' + n))
			}
			if i == 0 {
				it.head = g.Head
			}
			out = append(out, it)
		}
	}
	return out
}

// subtitle is what stands beside the program's name.
func (h *Home) subtitle() string {
	if h.Name != "" {
		return h.Name
	}
	return "a lab for AWS Lambda event source mappings"
}

// HandleKey chooses a line.
func (h *Home) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	if h.dialogs.Open() {
		return h.dialogs.HandleKey(k)
	}
	list, s := h.items(), k.String()
	for i := range list {
		if list[i].key == s {
			h.sel = i
			return h.open(&list[i])
		}
	}
	switch s {
	case "pgdown":
		h.sel = min(len(list)-1, h.sel+10)
	case "pgup":
		h.sel = max(0, h.sel-10)
	}
	a := kit.ActionOf(kit.OnHome, s)
	if a == nil {
		return nil
	}
	switch a.ID {
	case "up":
		h.sel = max(0, h.sel-1)
	case "down":
		h.sel = min(len(list)-1, h.sel+1)
	case "inside":
		if len(list) > 0 {
			return h.open(&list[min(h.sel, len(list)-1)])
		}
	case "back":
		if h.Name != "" {
			h.Desk.Back()
		} else if h.Desk.Left != nil {
			h.Desk.Open(h.Desk.Left)
		}
	case "filter", "help":
		return h.search()
	case "quit":
		return h.quit()
	}
	return nil
}

// Mouse chooses the line that is clicked.
func (h *Home) Mouse(msg tea.MouseMsg) tea.Cmd {
	e := msg.Mouse()
	if _, wheel := msg.(tea.MouseWheelMsg); wheel {
		if h.dialogs.Open() {
			return h.dialogs.Wheel(e.Button == tea.MouseWheelUp)
		}
		if e.Button == tea.MouseWheelUp {
			return h.HandleKey(tea.KeyPressMsg{Code: tea.KeyUp})
		}
		return h.HandleKey(tea.KeyPressMsg{Code: tea.KeyDown})
	}
	if _, click := msg.(tea.MouseClickMsg); click && h.dialogs.Open() {
		return h.dialogs.Click(e.X, e.Y)
	}
	if list := h.items(); !h.dialogs.Open() && e.Y < len(h.areas) && h.areas[e.Y] >= 0 && h.areas[e.Y] < len(list) {
		h.sel = h.areas[e.Y]
		return h.open(&list[h.sel])
	}
	return nil
}

// Update takes a pasted path.
func (h *Home) Update(msg tea.Msg) tea.Cmd {
	if p, ok := msg.(tea.PasteMsg); ok {
		return h.dialogs.Paste(p.Content)
	}
	return nil
}

func (h *Home) open(it *item) tea.Cmd {
	if err := it.open(); err != nil {
		return h.failed(it.name, err)
	}
	if h.Desk.Top() != h {
		h.groups, h.sel = nil, 0 // coming back one finds the cursor on "continue"
	}
	return nil
}

func (h *Home) failed(what string, err error) tea.Cmd {
	return h.dialogs.Show(&kit.Card{Title: what + " cannot be opened", Body: []kit.Para{{Text: err.Error()}}}, nil)
}

func (h *Home) askTemplate() error {
	h.dialogs.Show(kit.NewEditor(kit.Editor{Title: "Your own template", Label: "file", Allowed: "a SAM or CloudFormation template, YAML or JSON",
		Say:  func(string) string { return "It needs nothing added. Saved while it is open, R reads it again." },
		Foot: "enter opens it · esc back",
		Check: func(path string) string {
			if path == "" {
				return "a file is wanted, as template.yaml"
			}
			if err := h.Template(path); err != nil {
				return err.Error()
			}
			return ""
		}}), nil)
	return nil
}

// search lists all lines, and the keys that work here.
func (h *Home) search() tea.Cmd {
	list := h.items()
	var found []kit.Item
	for i := range list {
		found = append(found, kit.Item{Key: kit.Fit(list[i].key, 2), Text: kit.Fit(list[i].name, 26), Note: list[i].note})
	}
	return h.dialogs.Show(&kit.List{Title: "What can be opened", Items: found, Foot: "type to search · enter opens · esc back"}, func(r kit.Reply) tea.Cmd {
		if r.Chosen < 0 {
			return nil
		}
		h.sel = r.Chosen
		return h.open(&list[r.Chosen])
	})
}

func (h *Home) quit() tea.Cmd {
	lost := h.Desk.Unsaved()
	if lost == "" {
		return tea.Quit
	}
	return h.dialogs.Show(&kit.Menu{Title: "Leave?", Intro: []string{lost}, Items: []kit.Item{{Key: "q", Text: "leave"}, {Key: "n", Text: "stay"}}},
		func(r kit.Reply) tea.Cmd {
			if r.Chosen == 0 {
				return tea.Quit
			}
			return nil
		})
}

// Draw lists what can be opened.
func (h *Home) Draw(w, hh int) (string, *tea.Cursor) {
	if w < 1 || hh < 1 {
		return "", nil
	}
	t, list := h.Desk.Theme, h.items()
	h.sel = max(0, min(h.sel, len(list)-1))
	var body []string
	var areas []int
	at, col := 0, 0
	for i := range list {
		col = max(col, 7+kit.Width(list[i].name)+3)
	}
	for i := range list {
		if head := list[i].head; head != "" {
			body = append(body, kit.Blanks(w), kit.NewLine(t, w).Text("    ").Add(kit.Dim, head).String())
			areas = append(areas, -1, -1)
		}
		if i == h.sel {
			at = len(body)
		}
		body, areas = append(body, itemRow(t, &list[i], i == h.sel, w, col)), append(areas, i)
	}
	head := []string{kit.NewLine(t, w).Text(" ").Add(kit.Strong, "esmlab").Add(kit.Dim, kit.Pick(max(0, w-8), "   "+h.subtitle(), "")).String(), kit.Blanks(w)}
	head = head[:min(len(head), max(1, hh-2))]
	foot := h.about(list, w, hh)
	room := max(0, hh-len(head)-1-len(foot))
	h.top = max(0, min(h.top, at, len(body)-room))
	if at >= h.top+room {
		h.top = at - room + 1
	}
	rows := head
	h.areas = append(make([]int, 0, hh), -1, -1)[:len(head)]
	for i := h.top; i < len(body) && len(rows) < hh-1-len(foot); i++ {
		rows, h.areas = append(rows, body[i]), append(h.areas, areas[i])
	}
	for len(rows) < hh-1-len(foot) {
		rows = append(rows, kit.Blanks(w))
	}
	rows = append(rows, foot...)
	if hh > 1 {
		rows = append(rows, kit.Footer(t, w, []kit.Hint{{Key: "↑↓", Text: "choose"}, {Key: "enter", Text: "open"}, {Key: "/", Text: "search"}, {Key: "q", Text: "leave"}}))
	}
	cursor := h.dialogs.Draw(t, rows, w)
	return strings.Join(rows, "\n"), cursor
}

// about says what the line under the cursor is about, in three rows where there
// is room for them.
func (h *Home) about(list []item, w, hh int) []string {
	if hh < 18 || h.sel >= len(list) {
		return nil
	}
	rows := []string{kit.Blanks(w)}
	for _, l := range kit.Wrap(list[h.sel].about, max(1, min(w-8, 76))) {
		if len(rows) < 3 {
			rows = append(rows, kit.NewLine(h.Desk.Theme, w).To(4).Add(kit.Info, l).String())
		}
	}
	for len(rows) < 4 {
		rows = append(rows, kit.Blanks(w))
	}
	return rows
}

func itemRow(t *kit.Theme, it *item, selected bool, w, col int) string {
	l, style := kit.NewLine(t, w), kit.Plain
	if selected {
		l.Add(kit.Key, " ›")
		style = kit.Strong
	}
	l.To(4).Add(kit.Key, it.key).To(7).Add(style, it.name)
	if it.note == "" {
		return l.String()
	}
	l.To(col)
	return l.Add(kit.Dim, kit.Cut(it.note, w-l.Col()-1)).String()
}
