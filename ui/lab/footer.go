package lab

import (
	"slices"

	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// footer names the keys that matter now, by group: time; what frees the state that the
// headline names, then what the pane with the cursor offers, else the other commands;
// what helps to understand.
func (m *Lab) footer() string {
	stop := "stop"
	if !m.running {
		stop = "go"
	}
	time := []kit.Hint{kit.HintOf("stop", stop), kit.HintPair("prev", "next", "step"), kit.HintOf("cause", "next cause")}
	wide := m.w >= 110
	commands := m.footerCommands(wide)
	know := []kit.Hint{kit.HintOf("why", "why"), kit.HintOf("branch", "branch"), kit.HintOf("help", "all")}
	switch {
	case m.zoom > 0 && m.digits():
		know[1] = kit.Hint{ID: "pane", N: m.zoom, Key: itoa(m.zoom), Text: "back"}
	case m.focus > 0 && m.o.Region == nil:
		know = slices.Delete(know, 1, 2)
	case m.w >= 150 && m.o.Region == nil && m.digits():
		know = slices.Insert(know, 2, kit.Hint{ID: "pane", N: 8, Key: "8", Text: "timeline"})
	}
	if m.o.Region != nil {
		if hints := m.o.Region.Hints(); len(hints) > 0 {
			time, commands = hints, nil
		}
	}
	if hints := m.gridHints(); hints != nil {
		time = hints
	}
	if !wide {
		if m.lay.Paged && len(time) == 3 { // the other panes are a digit away
			time[2] = kit.HintOf("pane", "panes")
		} else if len(commands) > 0 && len(time) == 3 {
			time[2].Text = "next"
		}
		all := know
		know = []kit.Hint{know[0], know[len(know)-1]}
		if m.focus > 0 && m.o.Region == nil { // where there is room, as on a wide screen
			moves := m.footerCommands(true)
			if m.footerWidth(wide, time, moves, know) <= m.w {
				commands = moves
			}
			if m.zoom > 0 && m.digits() && m.footerWidth(wide, time, commands, all) <= m.w {
				know = all
			}
		}
	}
	more := kit.Hint{ID: "help", Key: "…"} // stands for what has no room
	for m.footerWidth(wide, time, commands, know) > m.w {
		n := len(commands)
		switch i := lastWord(commands); {
		case i > 1: // its key stays
			commands[i].Text = ""
		case know[len(know)-1].ID == "help" && know[len(know)-1].Text != "":
			know[len(know)-1].Text = ""
		case n > 1 && commands[n-1] != more:
			commands[n-1] = more
		case n > 2:
			commands = append(commands[:n-2], more)
		case len(time) > 1 && n == 0 && time[len(time)-1] != more:
			time[len(time)-1] = more
		case len(time) > 1:
			i := len(time) - 1
			if time[i] == more {
				i--
			}
			time = slices.Delete(time, i, i+1)
		case n > 1:
			commands = []kit.Hint{more}
		case n > 0:
			commands = nil
		case len(time) > 0:
			time = nil
		case len(know) > 1:
			know = know[1:]
		default:
			know[0].Text = ""
			return m.footerLine(wide, know)
		}
	}
	return m.footerLine(wide, time, commands, know)
}

// lastWord is the last of some hints that has a word, -1 if none has.
func lastWord(hints []kit.Hint) int {
	for i := len(hints) - 1; i >= 0; i-- {
		if hints[i].Text != "" {
			return i
		}
	}
	return -1
}

// footerCommands are the commands that matter now: first those that free the state.
func (m *Lab) footerCommands(wide bool) []kit.Hint {
	if m.cover != nil {
		return nil
	}
	h := m.worstNow()
	commands := []kit.Hint{kit.HintOf("break", "break"), kit.HintOf("put", "put"), kit.HintOf("settings", "settings"), kit.HintOf("items", "items"), kit.HintOf("undo", "undo")}
	switch {
	case m.queue() >= 0 && h.calm:
		commands = []kit.Hint{kit.HintOf("break", "break"), kit.HintOf("items", "items"), kit.HintOf("retries", "receives"), kit.HintOf("visibility", "visibility"), kit.HintOf("failures", "DLQ"), kit.HintOf("put", "put")}
	case m.queue() >= 0:
		commands = []kit.Hint{kit.HintOf("items", "items"), kit.HintOf("retries", "receives"), kit.HintOf("visibility", "visibility"), kit.HintOf("failures", "DLQ"), kit.HintOf("break", "break"), kit.HintOf("put", "put")}
	case h.claim == "blocked":
		commands = []kit.Hint{kit.HintOf("retries", "retries"), kit.HintOf("age", "discard"), kit.HintOf("failures", "queue"), kit.HintOf("break", "break"), kit.HintOf("put", "put")}
		if !m.sim().Mappings[m.at].BisectBatchOnFunctionError {
			commands = slices.Insert(commands, 0, kit.HintOf("bisect", "bisect"))
		}
	case h.claim == "throttled" || h.claim == "never called":
		commands = []kit.Hint{kit.HintOf("age", "discard"), kit.HintOf("failures", "queue"), kit.HintOf("break", "break"), kit.HintOf("put", "put")}
	}
	if m.focus > 0 && m.o.Region == nil {
		commands = m.paneHints(wide)
	}
	frees := h.frees
	if frees.ID == "" || m.o.Hide {
		return commands
	}
	commands = slices.DeleteFunc(commands, func(x kit.Hint) bool { return x.ID == frees.ID })
	return slices.Insert(commands, 0, frees)
}

// paneHints are what one can do in the pane with the cursor.
func (m *Lab) paneHints(wide bool) []kit.Hint {
	var out []kit.Hint
	does := "what it is"
	if about := m.subject(); about != (pane.Subject{}) {
		if does = subjectHandlers[about.Kind].does; does == "" {
			does = "look inside"
		}
	}
	if m.focus == 8 {
		does = "zoom in"
	}
	out = append(out, kit.HintOf("inside", does))
	if m.scrolls() {
		out = append(out, kit.HintOf("page", "page"))
	}
	if m.focus < 7 {
		out = append(out, kit.HintOf("menu", "act"), kit.HintOf("filter", "filter"))
	}
	if move := kit.HintPair("up", "down", m.ctx().Pane(m.focus).Row); wide {
		out = slices.Insert(out, 0, move)
	}
	return out
}

func (m *Lab) footerWidth(wide bool, groups ...[]kit.Hint) int {
	gap, sep := 1, 1
	if wide {
		gap, sep = 2, 3
	}
	n, some := 1, 0
	for _, g := range groups {
		for i, w := range g {
			if n += kit.Width(w.Key); w.Text != "" {
				n += 1 + kit.Width(w.Text)
			}
			if i > 0 {
				n += gap
			}
		}
		if len(g) > 0 {
			some++
		}
	}
	return n + sep*(some-1)
}

func (m *Lab) footerLine(wide bool, groups ...[]kit.Hint) string {
	gap, sep := " ", "│"
	if wide {
		gap, sep = "  ", " │ "
	}
	l := kit.NewLine(m.screens.Theme, m.w).Text(" ")
	m.footers = m.footers[:0]
	for _, g := range groups {
		if len(g) == 0 {
			continue
		}
		if l.Col() > 1 {
			l.Add(kit.Dim, sep)
		}
		for i, w := range g {
			if i > 0 {
				l.Text(gap)
			}
			from := l.Col()
			l.Add(kit.Key, w.Key)
			if w.Text != "" {
				l.Text(" " + w.Text)
			}
			m.footers = append(m.footers, kit.Hit{From: from, To: l.Col(), ID: w.ID, N: w.N})
		}
	}
	return l.String()
}
