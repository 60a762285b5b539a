package lab

import (
	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// footer names the keys that matter now, by group. While a shard is blocked, the
// commands are those that would unblock it.
func (m *Lab) footer() string {
	stop := "stop"
	if !m.running {
		stop = "go"
	}
	blocked := len(pane.Blocked(m.sim(), m.at)) > 0
	set := &m.sim().Mappings[m.at].Settings
	time := []kit.Hint{kit.HintOf("stop", stop), kit.HintPair("prev", "next", "step"), kit.HintOf("cause", "next cause")}
	commands := []kit.Hint{kit.HintOf("break", "break"), kit.HintOf("put", "put"), kit.HintOf("settings", "settings"), kit.HintOf("items", "items"), kit.HintOf("undo", "undo")}
	switch {
	case m.queue() >= 0:
		commands = []kit.Hint{kit.HintOf("break", "break"), kit.HintOf("items", "items"), kit.HintOf("retries", "receives"), kit.HintOf("visibility", "visibility"), kit.HintOf("failures", "DLQ"), kit.HintOf("put", "put")}
	case blocked && m.throttled():
		commands = []kit.Hint{kit.HintOf("menu", "concurrency"), kit.HintOf("age", "discard"), kit.HintOf("failures", "queue"), kit.HintOf("put", "put")}
	case blocked:
		commands = []kit.Hint{kit.HintOf("break", "break")}
		if !set.BisectBatchOnFunctionError {
			commands = append(commands, kit.HintOf("bisect", "bisect"))
		}
		commands = append(commands, kit.HintOf("retries", "retries"), kit.HintOf("age", "discard"), kit.HintOf("failures", "queue"), kit.HintOf("put", "put"))
	}
	know := []kit.Hint{kit.HintOf("why", "why"), kit.HintOf("branch", "branch"), kit.HintOf("help", "all")}
	if m.o.Region != nil {
		if hints := m.o.Region.Hints(); len(hints) > 0 {
			time, commands = nil, nil
			time = hints
		}
	}
	wide := m.w >= 110
	if !wide {
		if m.lay.Paged && len(time) == 3 { // the other panes are a digit away
			time[2] = kit.HintOf("pane", "panes")
		} else if len(commands) > 0 {
			time[2].Text = "next"
		}
		know = []kit.Hint{know[0], know[2]}
		commands = commands[:min(len(commands), 4)]
	}
	for m.footerWidth(wide, time, commands, know) > m.w {
		switch {
		case len(commands) > 1:
			commands = commands[:len(commands)-1]
		case len(time) > 1:
			time = time[:len(time)-1]
		case len(commands) > 0:
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

// throttled tells whether the first blocked shard is blocked because the function is
// throttled: then neither a split nor a limit of tries unblocks it.
func (m *Lab) throttled() bool {
	for _, i := range pane.Blocked(m.sim(), m.at) {
		return m.sim().ActiveLane(m.at, i).Phase == engine.PhaseThrottled
	}
	return false
}

func (m *Lab) footerWidth(wide bool, groups ...[]kit.Hint) int {
	gap, sep := 1, 1
	if wide {
		gap, sep = 2, 3
	}
	n, some := 1, 0
	for _, g := range groups {
		for i, w := range g {
			n += kit.Width(w.Key) + 1 + kit.Width(w.Text)
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
