package home

import (
	tea "charm.land/bubbletea/v2"

	"esmlab/ui/kit"
)

// keymap is made when it is first asked for: a Home is a literal.
func (h *Home) keymap() *kit.Keymap {
	if h.keys == nil {
		h.keys = kit.NewKeymap(kit.OnHome, &h.dialogs, func(reason string) { h.notice = reason }, kit.Bindings{
			"up":         kit.Simple(func() tea.Cmd { return h.move(-1) }),
			"down":       kit.Simple(func() tea.Cmd { return h.move(1) }),
			"page-up":    kit.Simple(func() tea.Cmd { return h.move(-10) }),
			"page-down":  kit.Simple(func() tea.Cmd { return h.move(10) }),
			"shelf-next": kit.Simple(func() tea.Cmd { return h.turn(1) }).DisabledIf(h.oneShelf),
			"shelf-prev": kit.Simple(func() tea.Cmd { return h.turn(-1) }).DisabledIf(h.oneShelf),
			"inside":     kit.Simple(func() tea.Cmd { return h.choose(h.at) }).DisabledIf(h.empty),
			"filter":     kit.Simple(h.search).DisabledIf(h.empty),
			"entry":      {Do: h.digit, Disabled: h.empty, Names: h.names},
			"continue":   kit.Simple(func() tea.Cmd { return h.choose(place{"", "continue"}) }).DisabledIf(h.nothingLeft),
			"template":   kit.Simple(func() tea.Cmd { return h.choose(place{"", "a template…"}) }).DisabledIf(h.noTemplate),
			"new":        kit.Simple(func() tea.Cmd { return h.choose(place{"", "new template"}) }).DisabledIf(h.noNew),
			"back":       kit.Simple(func() tea.Cmd { return h.choose(place{"", "continue"}) }).DisabledIf(h.nowhere),
			"quit":       kit.Simple(func() tea.Cmd { return kit.Quit(h.Screens, &h.dialogs) }),
		})
	}
	return h.keys
}

// digit opens what has that digit. It keeps one esc too many from opening something: the
// digit after it was meant for a pane, or for an answer.
func (h *Home) digit(inv kit.Invocation) tea.Cmd {
	if h.Screens.JustReturned() {
		h.notice = kit.WithKeys("A digit opens something here: press it again to do so, or {back} to go back")
		return nil
	}
	return h.numbered(inv.N)
}

// The reasons why an action is not possible now; "" where it is.

func (h *Home) empty() string {
	if len(h.lines()) == 0 {
		return "There is nothing to open"
	}
	return ""
}

func (h *Home) oneShelf() string {
	if len(h.shelves()) < 2 {
		return "There is no other shelf"
	}
	return ""
}

func (h *Home) nothingLeft() string {
	if h.entry(place{"", "continue"}) == nil {
		return "There is nothing that was left"
	}
	return ""
}

func (h *Home) noTemplate() string {
	if h.Template == nil {
		return "No template can be opened here"
	}
	return ""
}

func (h *Home) nowhere() string {
	if h.Screens.Left == nil {
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

// numbered opens the entry to go on with that has a digit, or the shelf.
func (h *Home) numbered(n int) tea.Cmd {
	for _, l := range h.top() {
		if l.Digit == n && l.action == "" {
			return h.choose(place{"", l.Name})
		}
	}
	for _, g := range h.shelves() {
		if g.Digit == n {
			return h.toShelf(g)
		}
	}
	return nil
}

// names are what the digits do.
func (h *Home) names() []string {
	out := map[int]string{}
	for _, l := range h.top() {
		if l.action == "" {
			out[l.Digit] = "open: " + l.Name
		}
	}
	for _, g := range h.shelves() {
		out[g.Digit] = "the shelf " + g.Head
	}
	delete(out, 0)
	var list []string
	for n := 1; n <= 9; n++ {
		if out[n] != "" {
			list = append(list, out[n])
		}
	}
	return list
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
	if _, click := msg.(tea.MouseClickMsg); !click {
		return nil
	}
	if h.dialogs.Open() {
		return h.dialogs.Click(e.X, e.Y)
	}
	for _, a := range h.areas {
		if a.y != e.Y || e.X < a.x || e.X >= a.x+a.w {
			continue
		}
		if a.to.name != "" {
			return h.choose(a.to)
		}
		for _, g := range h.shelves() {
			if g.Head == a.to.shelf {
				return h.toShelf(g)
			}
		}
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
