// Package home is the screen at the bottom of the stack: what can be opened.
package home

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui/kit"
)

// Home is the screen at the bottom of the stack: what can be opened. What was
// left for it stays as it is, and is offered first.
type Home struct {
	kit.BaseScreen
	Screens *kit.ScreenStack
	// Name makes it a list that lies over Home, such as the list of all lessons.
	Name string
	// Sections are what can be opened, from the top down. They are read each time
	// Home comes up, so that it shows what is due and new; never before, so that
	// the program starts quickly.
	Sections []Section
	// Template opens a file of the person's own; nil: it is not offered.
	Template func(path string) kit.Opening

	known    []section // what is known of the sections
	sel, top int
	dialogs  kit.DialogStack
	keys     *kit.Keymap
	notice   string    // in the footer's place until the next key
	areas    []int     // what is in each row: an index into items, -1 nothing
	hits     []kit.Hit // where the footer's actions stand
	foot     int       // the footer's row
}

// Section is a part of the list that is read by itself.
type Section struct {
	Head string // shown until the section has been read
	Name string // of what is being loaded, such as "lessons"
	// Read reads what is to be listed, in a command. What it gives lists it, in
	// Update; it is called again, before anything is read, when Home comes up again.
	Read func() (list func() []Group, err error)
}

// section is what is known of a Section.
type section struct {
	list    func() []Group
	groups  []Group
	loading bool
	err     error
}

// Group is some entries under a heading.
type Group struct {
	Head    string
	Entries []Entry
}

// Entry is something that Home opens.
type Entry struct {
	Name, Note string
	About      string // a sentence or two, shown while the cursor is on it
	Open       kit.Opening
}

// Listed is a section that needs no reading.
func Listed(list func() []Group) Section {
	return Section{Read: func() (func() []Group, error) { return list, nil }}
}

// Init lists what is known, and reads the sections anew.
func (h *Home) Init() tea.Cmd {
	h.sel = 0 // coming back one finds the cursor on "continue"
	if h.known == nil {
		h.known = make([]section, len(h.Sections))
	}
	var cmds []tea.Cmd
	for i := range h.Sections {
		s := &h.known[i]
		if s.list != nil {
			s.groups = s.list()
		}
		if s.loading { // its message is still to come
			continue
		}
		s.loading = true
		cmds = append(cmds, kit.Run(h.Sections[i].Read, func(list func() []Group, err error) tea.Cmd {
			s.loading, s.err = false, err
			if err == nil {
				s.list = list
				h.keep(func() { s.groups = list() })
			}
			return nil
		}))
	}
	return tea.Batch(cmds...)
}

// keep changes what is listed while the cursor stays on its line.
func (h *Home) keep(change func()) {
	was := item{}
	if list := h.items(); h.sel < len(list) {
		was = list[h.sel]
	}
	change()
	if i := slices.IndexFunc(h.items(), func(it item) bool { return it.action == was.action && it.name == was.name }); i >= 0 {
		h.sel = i
	}
}

// item is a line of Home.
type item struct {
	action                 string // of its own; "" one of the entries
	n                      int    // its digit; 0 none
	key, name, note, about string
	head                   string // the heading before it
	section                int    // from 1; 0: its own
	open                   kit.Opening
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
	if s := h.Screens.Left; s != nil && h.Name == "" {
		out = append(out, item{action: "continue", key: kit.KeyOf("continue"), name: "continue", note: s.Title()})
	}
	if h.Template != nil {
		out = append(out, item{action: "template", key: kit.KeyOf("template"), name: "a template…", note: "SAM or CloudFormation, YAML or JSON"})
	}
	n := 0
	for si, s := range h.known {
		for _, g := range s.groups {
			for i, e := range g.Entries {
				it := item{name: e.Name, note: e.Note, about: e.About, section: si + 1, open: e.Open}
				if n++; n <= 9 {
					it.n, it.key = n, string(rune('0'+n))
				}
				if i == 0 {
					it.head = g.Head
				}
				out = append(out, it)
			}
		}
		if s.list == nil { // more may stand before what follows: it gets no digits yet
			n = 9
		}
	}
	return out
}

// missing says what a section without entries is waiting for; "" if nothing.
func (h *Home) missing(i int) string {
	switch s := &h.known[i]; {
	case s.err != nil:
		return "▲ " + h.Sections[i].Name + " cannot be read: " + s.err.Error()
	case s.list == nil && h.Sections[i].Name != "":
		return "loading " + h.Sections[i].Name + "…"
	}
	return ""
}

// subtitle is shown beside the program's name.
func (h *Home) subtitle() string {
	if h.Name != "" {
		return h.Name
	}
	return "a lab for AWS Lambda event source mappings"
}

// keymap is made when it is first asked for: a Home is a literal.
func (h *Home) keymap() *kit.Keymap {
	if h.keys == nil {
		h.keys = kit.NewKeymap(kit.OnHome, &h.dialogs, func(reason string) { h.notice = reason }, kit.Bindings{
			"up":        kit.Act(func() { h.move(-1) }),
			"down":      kit.Act(func() { h.move(1) }),
			"page-up":   kit.Act(func() { h.move(-10) }),
			"page-down": kit.Act(func() { h.move(10) }),
			"inside":    kit.Simple(func() tea.Cmd { return h.choose(h.sel) }).DisabledIf(h.empty),
			"filter":    kit.Simple(h.search).DisabledIf(h.empty),
			"entry":     {Do: func(inv kit.Invocation) tea.Cmd { return h.choose(h.numbered(inv.N)) }, Disabled: h.empty, Names: h.names},
			"continue":  kit.Simple(func() tea.Cmd { return h.choose(h.line("continue")) }).DisabledIf(h.nothingLeft),
			"template":  kit.Simple(func() tea.Cmd { return h.choose(h.line("template")) }).DisabledIf(h.noTemplate),
			"back":      kit.Act(h.back).DisabledIf(h.nowhere),
			"quit":      kit.Simple(func() tea.Cmd { return kit.Quit(h.Screens, &h.dialogs) }),
		})
	}
	return h.keys
}

// The reasons why an action is not possible now; "" where it is.

func (h *Home) empty() string {
	if len(h.items()) == 0 {
		return "There is nothing to open"
	}
	return ""
}

func (h *Home) nothingLeft() string {
	if h.Name != "" || h.Screens.Left == nil {
		return "There is no screen to go back to"
	}
	return ""
}

func (h *Home) noTemplate() string {
	if h.Template == nil {
		return kit.WithKeys("Templates are opened from Home: {back} goes there")
	}
	return ""
}

func (h *Home) nowhere() string {
	if h.Name == "" && h.Screens.Left == nil {
		return kit.WithKeys("This is the top level: {quit} leaves")
	}
	return ""
}

// HandleKey carries out the action of a key.
func (h *Home) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	h.notice = ""
	return h.dialogs.Keys(k, func(k tea.KeyPressMsg) tea.Cmd { return h.keymap().HandleKey(k) })
}

// Run carries out an action by its id.
func (h *Home) Run(id string) tea.Cmd { return h.keymap().Run(id, kit.Invocation{}) }

func (h *Home) move(by int) { h.sel = max(0, min(len(h.items())-1, h.sel+by)) }

// back goes to the screen below, or from Home on with what was left.
func (h *Home) back() {
	if h.Name != "" {
		h.Screens.Back()
	} else {
		h.Screens.Open(h.Screens.Left)
	}
}

// line is the index of the line with that action, -1 where there is none.
func (h *Home) line(action string) int {
	return slices.IndexFunc(h.items(), func(it item) bool { return it.action == action })
}

// numbered is the index of the line with a digit, -1 where there is none.
func (h *Home) numbered(n int) int {
	return slices.IndexFunc(h.items(), func(it item) bool { return n > 0 && it.n == n })
}

// names are the lines with digits.
func (h *Home) names() []string {
	var out []string
	for _, it := range h.items() {
		if it.n > 0 {
			out = append(out, "open "+it.name)
		}
	}
	return out
}

// choose opens a line.
func (h *Home) choose(i int) tea.Cmd {
	list := h.items()
	if i < 0 || i >= len(list) {
		return nil
	}
	h.sel = i
	switch it := &list[i]; it.action {
	case "continue":
		h.Screens.Open(h.Screens.Left)
		return nil
	case "template":
		return h.askTemplate("", nil)
	default:
		return h.Screens.Load(it.open, func(err error) tea.Cmd {
			return h.dialogs.Show(&kit.Card{Title: it.name + " cannot be opened", Body: []kit.Para{{Text: err.Error()}}}, nil)
		})
	}
}

// Mouse chooses the line that is clicked.
func (h *Home) Mouse(msg tea.MouseMsg) tea.Cmd {
	e := msg.Mouse()
	if _, wheel := msg.(tea.MouseWheelMsg); wheel {
		if h.dialogs.Open() {
			return h.dialogs.Wheel(e.Button == tea.MouseWheelUp)
		}
		if e.Button == tea.MouseWheelUp {
			return h.Run("up")
		}
		return h.Run("down")
	}
	if _, click := msg.(tea.MouseClickMsg); click && h.dialogs.Open() {
		return h.dialogs.Click(e.X, e.Y)
	}
	switch {
	case h.dialogs.Open():
		return nil
	case e.Y < len(h.areas):
		return h.choose(h.areas[e.Y])
	}
	if e.Y != h.foot {
		return nil
	}
	return h.keymap().Click(h.hits, e.X)
}

// Update takes a pasted path.
func (h *Home) Update(msg tea.Msg) tea.Cmd {
	if p, ok := msg.(tea.PasteMsg); ok {
		return h.dialogs.Paste(p.Content)
	}
	return nil
}

// askTemplate asks for a file; err says what is wrong with the one that was named.
func (h *Home) askTemplate(path string, err error) tea.Cmd {
	e := kit.NewEditor(kit.Editor{Title: "Your own template", Label: "file", Allowed: "a SAM or CloudFormation template, YAML or JSON",
		Say: func(string) string {
			return "It needs nothing added. If you save it while it is open, " + kit.WithKeys("{over} reads it again.")
		},
		Foot: "enter opens it · esc back",
		Check: func(path string) string {
			if path == "" {
				return "Type the name of a file, such as template.yaml"
			}
			return ""
		}})
	if err != nil {
		e.Refuse(path, err.Error())
	}
	return h.dialogs.Show(e, func(r kit.Reply) tea.Cmd {
		return h.Screens.Load(h.Template(r.Text), func(err error) tea.Cmd { return h.askTemplate(r.Text, err) })
	})
}

// search lists all lines.
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
		return h.choose(r.Chosen)
	})
}

// Draw lists what can be opened.
func (h *Home) Draw(w, hh int) (string, *tea.Cursor) {
	if w < 1 || hh < 1 {
		return "", nil
	}
	t, list := h.Screens.Theme, h.items()
	h.sel = max(0, min(h.sel, len(list)-1))
	var body []string
	var areas []int
	at, col := 0, 0
	for i := range list {
		col = max(col, 7+kit.Width(list[i].name)+3)
	}
	add := func(row string, area int) { body, areas = append(body, row), append(areas, area) }
	heading := func(text string) {
		add(kit.Blanks(w), -1)
		add(kit.NewLine(t, w).Text("    ").Add(kit.Dim, text).String(), -1)
	}
	missing := func(from, to int) { // what is not known of the sections from, up to to
		for i := from; i < to; i++ {
			if text := h.missing(i); text != "" {
				heading(h.Sections[i].Head)
				add(kit.NewLine(t, w).PadTo(7).Add(kit.Dim, kit.Cut(text, max(0, w-8))).String(), -1)
			}
		}
	}
	drawn := 0 // sections before this one have been drawn
	for i := range list {
		if s := list[i].section - 1; s > drawn {
			missing(drawn, s)
			drawn = s
		}
		if head := list[i].head; head != "" {
			heading(head)
		}
		if i == h.sel {
			at = len(body)
		}
		add(itemRow(t, &list[i], i == h.sel, w, col), i)
	}
	missing(drawn, len(h.known))
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
		row, hits := kit.Footer(t, w, []kit.Hint{kit.HintPair("up", "down", "choose"), kit.HintOf("inside", "open"), kit.HintOf("filter", "search"), kit.HintOf("quit", "leave"), kit.HintOf("help", "all")})
		h.foot = hh - 1
		if h.hits = hits; h.notice != "" {
			row, h.hits = kit.NewLine(t, w).Text(" ").Add(kit.Strong, kit.Cut(h.notice, w-2)).String(), nil
		}
		rows = append(rows, row)
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
			rows = append(rows, kit.NewLine(h.Screens.Theme, w).PadTo(4).Add(kit.Info, l).String())
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
	l.PadTo(4).Add(kit.Key, it.key).PadTo(7).Add(style, it.name)
	if it.note == "" {
		return l.String()
	}
	l.PadTo(col)
	return l.Add(kit.Dim, kit.Cut(it.note, w-l.Col()-1)).String()
}
