package lab

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/ui/kit"
)

// commands are what the palette knows beside the actions: words with
// arguments, that need no key.
var commands = []kit.Item{
	{Text: "seek 20s", Note: "go to an instant, or to a record: Orders#22, Orders#22 last"},
	{Text: "history", Note: "what is kept of the past; your commands, to switch off and on"},
	{Text: "what-if BisectBatchOnFunctionError=true", Note: "a second run in which it was so from the start"},
	{Text: "life Orders#22", Note: "a record's, or a message's, whole life"},
	{Text: "get-event-source-mapping", Note: "the mapping with all that is in force, and as AWS prints it"},
	{Text: "event", Note: "the JSON that the function got last, or at invocation n"},
	{Text: "speed 4", Note: "1/8 to 10,000"},
	{Text: "skip off", Note: "show quiet stretches at their own pace (on: pass over them)"},
	{Text: "mouse off", Note: "let the terminal select text (on: click and wheel)"},
	{Text: "set BatchSize 50", Note: "change a setting by its name"},
	{Text: "describe", Note: "what is on the screen, in sentences"},
	{Text: "limits", Note: "every number in force, AWS's and the chosen ones"},
	{Text: "branches", Note: "the runs that were left; enter goes there"},
	{Text: "notes", Note: "what was simulated with defaults or left alone"},
	{Text: "quit", Note: "leave"},
}

// help lists every action; enter does it.
func (m *Lab) help() tea.Cmd {
	var items []kit.Item
	var ids []string
	for _, g := range kit.Groups {
		for i := range kit.Actions {
			a := &kit.Actions[i]
			if a.Group != g || a.ID == "pane" || a.In&(kit.InLab|m.o.Also) == 0 {
				continue
			}
			items = append(items, kit.Item{Key: a.Label + kit.Blanks(9-kit.Width(a.Label)), Text: a.Does, Find: a.Group + " " + a.Word + " " + a.Also()})
			ids = append(ids, a.ID)
		}
	}
	for i := range paneNames[1:] {
		n := strconv.Itoa(i + 1)
		items = append(items, kit.Item{Key: n + "        ", Text: "pane " + paneNames[i+1] + "; again: it fills the screen", Find: "things panes"})
		ids = append(ids, n)
	}
	return m.dialogs.Show(&kit.List{Title: "What works here", Items: items, Foot: "type to search · enter does it · esc back"}, func(r kit.Reply) tea.Cmd {
		if r.Chosen < 0 {
			return nil
		}
		if id := ids[r.Chosen]; len(id) == 1 {
			return m.do("pane", id)
		}
		return m.do(ids[r.Chosen], "")
	})
}

var paneNames = [8]string{"", "Shards", "Iterators", "Batches", "Queues", "Settings", "What happened", "Metrics"}

// palette takes any command, with arguments.
func (m *Lab) palette(text string) tea.Cmd {
	items := append([]kit.Item(nil), commands...)
	n := len(items)
	var ids []string
	for i := range kit.Actions {
		a := &kit.Actions[i]
		if a.ID == "pane" || a.ID == "palette" || a.In&(kit.InLab|m.o.Also) == 0 {
			continue
		}
		items = append(items, kit.Item{Text: a.Command(), Note: a.Label + "  " + a.Does})
		ids = append(ids, a.ID)
	}
	l := &kit.List{Title: "Command", Items: items, Free: true, Complete: m.complete, Foot: "tab completes · enter does it · esc back"}
	l.Input.Set(text)
	return m.dialogs.Show(l, func(r kit.Reply) tea.Cmd {
		typed := r.Text
		if a := kit.Typed(kit.InLab, typed); a != nil && (r.Chosen < n || !l.Moved()) {
			return m.do(a.ID, "") // its whole name goes before what only begins so
		}
		if r.Chosen >= n && (typed == "" || strings.HasPrefix(items[r.Chosen].Text, typed)) {
			return m.do(ids[r.Chosen-n], "")
		}
		if r.Chosen >= 0 && r.Chosen < n && (typed == "" || !strings.Contains(typed, " ") && strings.HasPrefix(items[r.Chosen].Text, typed)) {
			word, rest, takes := strings.Cut(items[r.Chosen].Text, " ")
			if takes && rest != "off" {
				return m.palette(word + " ") // its argument is still to be typed
			}
			typed = items[r.Chosen].Text
		}
		return m.typedCommand(typed)
	})
}

// typedCommand carries out a typed line.
func (m *Lab) typedCommand(line string) tea.Cmd {
	f := strings.Fields(strings.TrimPrefix(line, ":"))
	if len(f) == 0 {
		return nil
	}
	arg := ""
	if len(f) > 1 {
		arg = f[1]
	}
	switch f[0] {
	case "seek":
		return m.seekTo(f[1:])
	case "history":
		return m.showHistory()
	case "what-if":
		return m.whatIf(f[1:])
	case "life":
		return m.life(arg)
	case "get-event-source-mapping":
		return m.inForce()
	case "event":
		return m.given(arg)
	case "speed":
		for i, s := range speeds {
			if arg == strings.TrimSuffix(s.String(), "x") || arg == s.String() || strings.ReplaceAll(s.String(), ",", "") == arg+"x" {
				m.setSpeed(i)
				return nil
			}
		}
		m.notice = ":speed takes 1/8, 1/4, 1/2, 1, 2, 4 … 8192, 10000"
	case "skip":
		m.noSkip = arg == "off"
		m.skipFrom = -1
		m.notice = map[bool]string{true: "Quiet stretches are shown at their own pace", false: "Quiet stretches are passed over"}[m.noSkip]
	case "mouse":
		m.screens.Mouse = arg != "off"
		m.notice = map[bool]string{true: "The mouse is the terminal's: select as usual", false: "The mouse is the lab's: click, wheel"}[!m.screens.Mouse]
	case "set":
		if len(f) < 3 {
			m.notice = ":set wants a name and a value, as :set BatchSize 50"
			return nil
		}
		return m.setByName(f[1], f[2])
	case "describe":
		return m.describe()
	case "limits":
		return m.limits()
	case "branches":
		return m.branches()
	case "notes":
		card := &kit.Card{Title: "Notes on " + m.sc.Name}
		for _, n := range m.sc.Notes {
			card.Body = append(card.Body, kit.Para{Text: "· " + n})
		}
		if len(m.sc.Notes) == 0 {
			card.Body = []kit.Para{{Text: "Everything in this template is simulated as it stands."}}
		}
		return m.dialogs.Show(card, nil)
	case "quit":
		return m.quit()
	default:
		if a := kit.Typed(kit.InLab, f[0]); a != nil {
			return m.do(a.ID, "")
		}
		m.notice = "There is no command " + f[0] + "; : lists them all"
	}
	return nil
}

// parseTime reads "20s", "1m30s" or a number of seconds.
func parseTime(s string) (engine.Micros, bool) {
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return engine.Micros(d.Microseconds()), true
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && n >= 0 && n < 1e9 {
		return engine.Micros(n * float64(engine.Second)), true
	}
	return 0, false
}

// readValue reads what a setting is to be set to.
func readValue(value string) engine.Value {
	if n, err := strconv.Atoi(value); err == nil {
		return engine.IntValue(n)
	}
	if value == "true" || value == "false" {
		return engine.BoolValue(value == "true")
	}
	if d, err := time.ParseDuration(value); err == nil {
		return engine.TimeValue(engine.Micros(d.Microseconds()))
	}
	return engine.TextValue(value)
}

// setByName changes a setting as a scenario's step would.
func (m *Lab) setByName(name, value string) tea.Cmd {
	v := readValue(value)
	if id, rest, ok := strings.Cut(name, "."); ok {
		if id != m.mappingID() {
			return m.apply(engine.Command{Op: engine.OpSet, Target: name, Value: v})
		}
		name = rest
	}
	if a := m.attribute(name); a != nil {
		return m.apply(engine.Command{Op: engine.OpSet, Target: a.target + "." + name, Value: v})
	}
	if m.queue() >= 0 && engine.FindIn(engine.QueueParams, name) != nil {
		return m.apply(engine.Command{Op: engine.OpSet, Target: m.streamID() + "." + name, Value: v})
	}
	return m.set(name, v)
}
