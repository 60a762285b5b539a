package kit

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// row is an action as the help lists it.
type row struct {
	id string
	n  int
}

// Help lists every action of the screen; enter or a click carries one out. What
// is not possible now stands last, with the reason.
func (k *Keymap) Help() tea.Cmd {
	var items, off []Item
	var rows, offRows []row
	for _, g := range Groups {
		for i := range Actions {
			a := &Actions[i]
			if a.Group != g || a.In&k.In == 0 {
				continue
			}
			b := k.Bindings[a.ID]
			it := Item{Key: keyCell(a.Label), Text: a.Does, Find: strings.Join([]string{a.ID, a.Group, a.Word, a.Also()}, " ")}
			if it.Off = k.Reason(a.ID); it.Off != "" {
				off, offRows = append(off, it), append(offRows, row{a.ID, 0})
				continue
			}
			if b.Names == nil {
				items, rows = append(items, it), append(rows, row{a.ID, 0})
				continue
			}
			for i, name := range b.Names() {
				key := ""
				if i < len(a.Keys) {
					key = a.Keys[i]
				}
				items, rows = append(items, Item{Key: keyCell(key), Text: name, Find: it.Find}), append(rows, row{a.ID, i + 1})
			}
		}
	}
	items, rows = append(items, off...), append(rows, offRows...)
	return k.Dialogs.Show(&List{Title: "What works here", Items: items, Foot: "type to search · enter does it · esc back"}, func(r Reply) tea.Cmd {
		if r.Chosen < 0 {
			return nil
		}
		return k.Run(rows[r.Chosen].id, Invocation{N: rows[r.Chosen].n})
	})
}

func keyCell(key string) string { return key + Blanks(9-Width(key)) }

// Palette takes a typed line: a command with its arguments, or an action.
func (k *Keymap) Palette(text string) tea.Cmd {
	var items []Item
	var commands []*Command
	for i := range Commands {
		if c := &Commands[i]; c.In&k.In != 0 && k.Handlers[c.Name].Do != nil {
			items, commands = append(items, Item{Text: c.Usage(), Note: c.Does}), append(commands, c)
		}
	}
	var ids []string
	for i := range Actions {
		a := &Actions[i]
		if a.In&k.In == 0 || a.ID == "palette" || k.Bindings[a.ID].Names != nil {
			continue
		}
		items, ids = append(items, Item{Text: a.Command(), Note: a.Label + "  " + a.Does, Find: a.ID, Off: k.Reason(a.ID)}), append(ids, a.ID)
	}
	l := &List{Title: "Command", Items: items, Free: true, Complete: k.complete, Foot: "tab completes · enter does it · esc back"}
	l.Input.Set(text)
	return k.Dialogs.Show(l, func(r Reply) tea.Cmd {
		typed := r.Text
		// A whole name goes before what only begins so.
		if a := Typed(k.In, typed); a != nil && (r.Chosen < len(commands) || !l.Moved()) {
			return k.Run(a.ID, Invocation{})
		}
		one := !strings.ContainsAny(typed, " =:") // of several words, the first is a whole name
		if i := r.Chosen - len(commands); i >= 0 && one {
			return k.Run(ids[i], Invocation{})
		}
		if r.Chosen >= 0 && r.Chosen < len(commands) && one {
			c := commands[r.Chosen]
			if c.Args != "" && !c.AsIs {
				return k.Palette(c.Name + " ") // its arguments are still to be typed
			}
			typed = c.Usage()
		}
		return k.RunLine(typed)
	})
}

// RunLine carries out a typed line.
func (k *Keymap) RunLine(line string) tea.Cmd {
	f := strings.Fields(strings.TrimPrefix(line, ":"))
	if len(f) == 0 {
		return nil
	}
	if h, c := k.Handlers[f[0]], FindCommand(k.In, f[0]); h.Do != nil && c != nil {
		if wrong := c.Wrong(f[1:]); wrong != "" {
			k.Refuse(wrong)
			return nil
		}
		return h.Do(f[1:])
	}
	switch a := Typed(k.In, f[0]); {
	case a != nil && len(f) > 1: // it would be done otherwise than was meant
		k.Refuse(":" + f[0] + " takes no arguments")
		return nil
	case a != nil:
		return k.Run(a.ID, Invocation{})
	}
	if k.Step != nil && strings.ContainsAny(line, "=:") {
		return k.Step(strings.TrimPrefix(line, ":"))
	}
	k.Refuse("There is no command " + strconv.Quote(f[0]) + WithKeys("; {palette} lists them all"))
	return nil
}

// complete gives what can be typed after a command's name: whole lines.
func (k *Keymap) complete(typed string) []Item {
	name, rest, _ := strings.Cut(strings.TrimLeft(typed, " "), " ")
	h := k.Handlers[name]
	if h.Complete == nil || FindCommand(k.In, name) == nil {
		return nil
	}
	out := slices.Clone(h.Complete(rest))
	for i := range out {
		out[i].Text = name + " " + out[i].Text
	}
	return out
}
