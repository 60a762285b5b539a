// Package home is the screen at the bottom of the stack: what to go on with, and the
// shelves of what can be opened.
package home

import (
	"cmp"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/draft"
	"esmlab/ui/kit"
)

// Home is the screen at the bottom of the stack: what can be opened. What was
// left for it stays as it is, and is offered first.
type Home struct {
	kit.BaseScreen
	Screens *kit.ScreenStack
	// Sections are what can be opened, in the order of the shelves. They are read each
	// time Home comes up, so that it shows what is due and new, and once before, when the
	// program has started (ReadAhead), so that Home is there whole at once.
	Sections []Section
	// Template opens a file of the person's own; nil: it is not offered.
	Template func(path string) kit.Opening
	// Create writes a new template from answers and opens it; nil: it is not offered.
	Create func(a draft.Answers, file string) kit.Opening
	// Files lists a folder for the choice of a template, in a command; nil: the name of
	// the file is typed.
	Files func(dir string) ([]File, error)

	known   []section // what is known of the sections
	at      place     // the cursor
	shelf   string    // the shelf that is open
	tops    map[string]int
	seen    map[place]*preview
	asked   int  // how many times the cursor has come to rest
	resting bool // a command waits whether it stays there
	moved   bool // the person has chosen a line
	dialogs kit.DialogStack
	keys    *kit.Keymap
	notice  string // in the footer's place until the next key
	areas   []area // what is where on the screen
	hits    []kit.Hit
	foot    int // the footer's row
}

// place is a line: an entry of a shelf, or of what to go on with (shelf "").
type place struct{ shelf, name string }

// area is a part of the screen that can be clicked: a line, or a shelf.
type area struct {
	x, y, w int
	to      place
}

// ReadAhead reads the sections before Home comes up for the first time.
func (h *Home) ReadAhead() tea.Cmd {
	if h.known != nil {
		return nil
	}
	return h.read()
}

// Init lists what is known, and reads the sections anew.
func (h *Home) Init() tea.Cmd {
	for i := range h.known {
		if s := &h.known[i]; s.list != nil {
			s.groups = s.list()
		}
	}
	cmd := h.read()
	h.moved = false // coming back one finds the cursor on what goes on
	h.settle()
	return tea.Batch(cmd, h.rest())
}

// read reads the sections, but for those that are being read.
func (h *Home) read() tea.Cmd {
	if h.known == nil {
		h.known = make([]section, len(h.Sections))
	}
	cmds := []tea.Cmd{}
	for i := range h.Sections {
		s := &h.known[i]
		if s.loading { // its message is still to come
			continue
		}
		s.loading = true
		cmds = append(cmds, kit.Run(h.Sections[i].Read, func(list func() []Group, err error) tea.Cmd {
			s.loading, s.err = false, err
			if err == nil {
				s.list = list
				for i := range h.known { // what is read may say more about what is there
					if k := &h.known[i]; k.list != nil {
						k.groups = k.list()
					}
				}
			}
			if h.Screens.Top() != kit.Screen(h) {
				return nil
			}
			return h.rest()
		}))
	}
	return tea.Batch(cmds...)
}

// Title of the screen.
func (h *Home) Title() string { return "Home" }

// line is a line of what to go on with.
type line struct {
	action string // "continue", "template"; "" an entry
	key    string
	Entry
}

// top lists what to go on with.
func (h *Home) top() []line {
	var out []line
	if s := h.Screens.Left; s != nil {
		out = append(out, line{"continue", kit.KeyOf("continue"), Entry{Name: "continue", Note: s.Title()}})
	}
	for i := range h.known {
		for g := range h.known[i].groups {
			group := &h.known[i].groups[g]
			if !group.Top {
				continue
			}
			for _, e := range group.Entries {
				l := line{key: digit(e.Digit), Entry: e}
				if e.Last {
					if len(out) > 0 && out[0].action == "continue" {
						continue
					}
					l.action, l.key = "continue", kit.KeyOf("continue")
				}
				out = append(out, l)
			}
		}
	}
	if h.Template != nil {
		out = append(out, line{"template", kit.KeyOf("template"), Entry{Name: "a template…", Note: "SAM or CloudFormation, YAML or JSON: your own runs as it is"}})
	}
	if h.Create != nil {
		out = append(out, line{"new", kit.KeyOf("new"), Entry{Name: "new template", Note: "four questions, and it can be deployed"}})
	}
	slices.SortStableFunc(out, func(a, b line) int { return cmp.Compare(order(&a), order(&b)) })
	return out
}

func order(l *line) int {
	switch l.action {
	case "continue":
		return 0
	case "template":
		return 2
	case "new":
		return 3
	}
	return 1
}

func digit(n int) string {
	if n < 1 {
		return ""
	}
	return string(rune('0' + n))
}

// shelves lists the shelves that are known.
func (h *Home) shelves() []*Group {
	var out []*Group
	for i := range h.known {
		for g := range h.known[i].groups {
			if group := &h.known[i].groups[g]; !group.Top && (len(group.Entries) > 0) {
				out = append(out, group)
			}
		}
	}
	return out
}

// open is the shelf that is open, nil while there is none. Before one was chosen it is
// that of what was left.
func (h *Home) open() *Group {
	list := h.shelves()
	left := ""
	if h.Screens.Left != nil {
		left = h.Screens.Left.Title()
	}
	for _, is := range []func(*Group) bool{
		func(g *Group) bool { return g.Head == h.shelf },
		func(g *Group) bool { return g.find(left) >= 0 },
		func(g *Group) bool { return g.First },
		func(*Group) bool { return true },
	} {
		if i := slices.IndexFunc(list, is); i >= 0 {
			return list[i]
		}
	}
	return nil
}

// lines are the places that the cursor goes through: what to go on with, then the
// entries of the shelf that is open.
func (h *Home) lines() []place {
	var out []place
	for _, l := range h.top() {
		out = append(out, place{"", l.Name})
	}
	if g := h.open(); g != nil {
		for i := range g.Entries {
			out = append(out, place{g.Head, g.Entries[i].Name})
		}
	}
	return out
}

// settle puts the cursor on a line that is there: before anything was chosen, on the
// first.
func (h *Home) settle() {
	list := h.lines()
	if len(list) > 0 && (!h.moved || !slices.Contains(list, h.at)) {
		h.at = list[0]
	}
}

// entry finds the entry of a place; nil if it is none.
func (h *Home) entry(at place) *Entry {
	if at.shelf == "" {
		for _, l := range h.top() {
			if l.Name == at.name {
				return &l.Entry
			}
		}
		return nil
	}
	for _, g := range h.shelves() {
		if g.Head == at.shelf {
			if i := g.find(at.name); i >= 0 {
				return &g.Entries[i]
			}
		}
	}
	return nil
}

// shown is the entry that the preview is of: the one under the cursor, or on the shelf
// that is open.
func (h *Home) shown() place {
	if at := h.at; at.shelf != "" {
		return at
	}
	g := h.open()
	if g == nil {
		return h.at
	}
	return place{g.Head, g.Entries[min(h.last(g), len(g.Entries)-1)].Name}
}

// last is the entry of a shelf that the cursor was on last, or what was left.
func (h *Home) last(g *Group) int {
	if at, ok := h.tops[g.Head]; ok {
		return max(0, at)
	}
	if h.Screens.Left != nil {
		return max(0, g.find(h.Screens.Left.Title()))
	}
	return 0
}

// idle is how long the cursor rests on an entry before its preview is made.
const idle = 80 * time.Millisecond

// rest has the previews made of what is to be seen, once no key has come for a moment.
func (h *Home) rest() tea.Cmd {
	h.settle()
	h.asked++
	if h.resting || !h.lacking() {
		return nil
	}
	h.resting = true
	asked := h.asked
	return tea.Tick(idle, func(time.Time) tea.Msg {
		return kit.DoneMsg{Then: func() tea.Cmd {
			h.resting = false
			if asked != h.asked { // a key has come meanwhile
				return h.rest()
			}
			var cmds []tea.Cmd
			for _, at := range h.toShow() {
				cmds = append(cmds, h.preview(at))
			}
			return tea.Batch(cmds...)
		}}
	})
}

// toShow are the places whose previews are on the screen.
func (h *Home) toShow() []place { return []place{h.shown(), {"", "continue"}} }

// lacking reports whether one of them is not made.
func (h *Home) lacking() bool {
	return slices.ContainsFunc(h.toShow(), func(at place) bool {
		e := h.entry(at)
		return e != nil && e.Preview != nil && h.seen[at] == nil
	})
}

// preview has the preview of a place made, once.
func (h *Home) preview(at place) tea.Cmd {
	e := h.entry(at)
	if e == nil || e.Preview == nil || h.seen[at] != nil {
		return nil
	}
	if h.seen == nil {
		h.seen = map[place]*preview{}
	}
	p := &preview{}
	h.seen[at] = p
	return kit.Run(e.Preview, func(made Preview, err error) tea.Cmd {
		*p = preview{made, err, true}
		return nil
	})
}

// move moves the cursor by some lines.
func (h *Home) move(by int) tea.Cmd {
	list := h.lines()
	if len(list) == 0 {
		return nil
	}
	i := max(0, slices.Index(list, h.at))
	return h.to(list[max(0, min(len(list)-1, i+by))])
}

// to puts the cursor on a line.
func (h *Home) to(at place) tea.Cmd {
	h.moved, h.at = true, at
	if at.shelf != "" {
		h.shelf = at.shelf
		g := h.open()
		if h.tops == nil {
			h.tops = map[string]int{}
		}
		h.tops[at.shelf] = g.find(at.name)
	}
	return h.rest()
}

// toShelf opens a shelf, with the cursor where it was there.
func (h *Home) toShelf(g *Group) tea.Cmd {
	h.shelf = g.Head
	return h.to(place{g.Head, g.Entries[min(h.last(g), len(g.Entries)-1)].Name})
}

// turn goes to the next shelf, or the one before.
func (h *Home) turn(by int) tea.Cmd {
	list := h.shelves()
	i := slices.Index(list, h.open())
	if h.at.shelf == "" && by > 0 { // first into the one that is open
		by = 0
	}
	return h.toShelf(list[(i+by+len(list))%len(list)])
}

// choose opens what is at a place.
func (h *Home) choose(at place) tea.Cmd {
	e := h.entry(at)
	if e == nil {
		return nil
	}
	h.to(at)
	switch {
	case at == place{"", "continue"} && h.Screens.Left != nil:
		h.Screens.Open(h.Screens.Left)
		return nil
	case at == place{"", "a template…"}:
		return h.askTemplate("", nil)
	case at == place{"", "new template"}:
		return h.AskNew(draft.Answers{}, "")
	}
	return h.Screens.Load(e.Open, func(err error) tea.Cmd {
		return h.dialogs.Show(&kit.Card{Title: at.name + " cannot be opened", Body: []kit.Para{{Text: err.Error()}}}, nil)
	})
}

// search finds an entry of any shelf by its name, its title or its question.
func (h *Home) search() tea.Cmd {
	var items []kit.Item
	var places []place
	for _, l := range h.top() {
		items = append(items, kit.Item{Key: kit.Fit(l.key, 2), Text: kit.Fit(l.Name, 26), Note: l.Note, Find: l.About})
		places = append(places, place{"", l.Name})
	}
	for _, g := range h.shelves() {
		for i := range g.Entries {
			e := &g.Entries[i]
			mark := "  "
			if g.Seen != "" {
				mark = markOf(e) + " "
			}
			items = append(items, kit.Item{Key: mark, Text: kit.Fit(e.Name, 26), Note: e.Note, Find: e.About + " " + g.Head})
			places = append(places, place{g.Head, e.Name})
		}
	}
	return h.dialogs.Show(&kit.List{Title: "Search in all shelves", Items: items, Foot: "type a name or a word of the question · enter opens · esc back"}, func(r kit.Reply) tea.Cmd {
		if r.Chosen < 0 {
			return nil
		}
		return h.choose(places[r.Chosen])
	})
}
