package kit

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// Invocation is one call of an action, by a key, a click, the help, the palette
// or a typed line.
type Invocation struct {
	// N is the digit that was pressed, for actions that have digits as keys
	// (panes, options, lines of Home); 0 where the action was called by name.
	N int
}

// Binding is what an action does on a screen.
type Binding struct {
	Do func(Invocation) tea.Cmd
	// Disabled gives the reason why the action is not possible now, in a
	// sentence without its full stop; "" where it is possible. nil: it always
	// is. The help asks for it for every action, so it must be cheap.
	Disabled func() string
	// Names gives what the digits of the action stand for, in their order; each
	// then has a row of its own in the help. nil: one row for all of them.
	Names func() []string
}

// Bindings are the actions of a screen, by id.
type Bindings map[string]Binding

// Simple is a binding that is always possible and needs no Invocation.
func Simple(do func() tea.Cmd) Binding {
	return Binding{Do: func(Invocation) tea.Cmd { return do() }}
}

// Act is Simple for what gives the program nothing more to do.
func Act(do func()) Binding {
	return Binding{Do: func(Invocation) tea.Cmd { do(); return nil }}
}

// DisabledIf is the binding with a reason why it is not possible.
func (b Binding) DisabledIf(disabled func() string) Binding {
	b.Disabled = disabled
	return b
}

// Unavailable is the binding of an action that has no place on a screen.
func Unavailable(reason string) Binding {
	return Binding{Do: func(Invocation) tea.Cmd { return nil }, Disabled: func() string { return reason }}
}

// Keymap carries out the actions of one screen. Keys, clicks, the help and the
// palette all come to Run with an action's id; no one else calls a handler.
type Keymap struct {
	In       Scope
	Bindings Bindings
	// Handlers are the typed commands of the palette beside the actions.
	Handlers Handlers
	// Step carries out a line that is neither, such as a step of a scenario; nil: there is
	// nothing else.
	Step    func(line string) tea.Cmd
	Dialogs *DialogStack
	// Refuse shows why an action is not possible now.
	Refuse func(reason string)
}

// NewKeymap makes the keymap of a screen. The help, the palette and leaving at
// once are the same everywhere, so they need no binding.
func NewKeymap(in Scope, dialogs *DialogStack, refuse func(string), bindings Bindings) *Keymap {
	k := &Keymap{In: in, Bindings: bindings, Dialogs: dialogs, Refuse: refuse}
	bindings["help"] = Simple(k.Help)
	bindings["palette"] = Simple(func() tea.Cmd { return k.Palette("") })
	bindings["quit-now"] = Simple(func() tea.Cmd { return tea.Quit })
	bindings["suspend"] = Simple(func() tea.Cmd { return tea.Suspend })
	return k
}

// HandleKey carries out the action of a key, if it has one.
func (k *Keymap) HandleKey(key tea.KeyPressMsg) tea.Cmd {
	if a := ActionOf(k.In, key.String()); a != nil {
		return k.Run(a.ID, Pressed(key))
	}
	return nil
}

// Pressed is the invocation by a key.
func Pressed(key tea.KeyPressMsg) Invocation {
	if s := key.String(); len(s) == 1 && s[0] >= '1' && s[0] <= '9' {
		return Invocation{N: int(s[0] - '0')}
	}
	return Invocation{}
}

// Reason says why an action is not possible now; "" where it is.
func (k *Keymap) Reason(id string) string {
	if b := k.Bindings[id]; b.Disabled != nil {
		return b.Disabled()
	}
	return ""
}

// Run carries out an action, or says why it is not possible now.
func (k *Keymap) Run(id string, inv Invocation) tea.Cmd {
	b, ok := k.Bindings[id]
	if !ok {
		return nil
	}
	if reason := k.Reason(id); reason != "" {
		k.Refuse(reason)
		return nil
	}
	return b.Do(inv)
}

// Click carries out what stands at a column of a footer.
func (k *Keymap) Click(hits []Hit, x int) tea.Cmd {
	for _, h := range hits {
		if x >= h.From && x < h.To {
			return k.Run(h.ID, Invocation{N: h.N})
		}
	}
	return nil
}

// Quit leaves the program. It asks where something would be lost, and offers
// what else could be done first.
func Quit(screens *ScreenStack, dialogs *DialogStack, instead ...QuitOption) tea.Cmd {
	lost := screens.Unsaved()
	if lost == "" {
		return tea.Quit
	}
	m := &Menu{Title: "Leave?", Intro: []string{lost}, Items: []Item{{Key: "q", Text: "leave"}}}
	for _, i := range instead {
		m.Items = append(m.Items, Item{Key: i.Key, Text: i.Text})
	}
	m.Items = append(m.Items, Item{Key: "n", Text: "stay"})
	return dialogs.Show(m, func(r Reply) tea.Cmd {
		switch {
		case r.Chosen == 0:
			return tea.Quit
		case r.Chosen > 0 && r.Chosen <= len(instead):
			return instead[r.Chosen-1].Do()
		}
		return nil
	})
}

// QuitOption is a choice beside leaving and staying.
type QuitOption struct {
	Key, Text string
	Do        func() tea.Cmd
}

// Gaps lists where the screen and the registries do not fit: an action of its
// scope without a binding, a binding without an action, and so for the typed
// commands. Tests keep it empty.
func (k *Keymap) Gaps() []string {
	var out []string
	for i := range Actions {
		if a := &Actions[i]; a.In&k.In != 0 && k.Bindings[a.ID].Do == nil {
			out = append(out, "action "+a.ID+" has no binding")
		}
	}
	for id := range k.Bindings {
		if a := FindAction(id); a == nil || a.In&k.In == 0 {
			out = append(out, "binding "+id+" has no action")
		}
	}
	for i := range Commands {
		if c := &Commands[i]; c.In&k.In != 0 && k.Handlers[c.Name].Do == nil {
			out = append(out, "command "+c.Name+" has no handler")
		}
	}
	for name := range k.Handlers {
		if FindCommand(k.In, name) == nil {
			out = append(out, "handler "+name+" has no command")
		}
	}
	slices.Sort(out)
	return out
}
