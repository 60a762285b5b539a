package lab

import (
	"math"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
)

// bind gives the actions of the registry their handlers, and the reasons why they
// are not possible now.
func (m *Lab) bind() kit.Bindings {
	nothing := kit.WithKeys("Nothing more will happen: {put} puts records")
	step := func(to func(timeline.Stop) bool, kind timeline.Stop, none string) kit.Binding {
		return kit.Simple(func() tea.Cmd { return m.step(to, kind, none) })
	}
	forward := func(kind timeline.Stop) bool { // the timeline changes with the scenario
		if p := m.foresee(engine.Never-1, kind); p != nil {
			m.askPrediction(p)
			return true
		}
		return m.tl.Next(kind)
	}
	backward := func(kind timeline.Stop) bool { return m.tl.Prev(kind) }
	return kit.Bindings{
		"stop":       kit.Simple(func() tea.Cmd { return m.setRunning(!m.running) }),
		"next":       m.across(1, step(forward, timeline.Visible, nothing)),
		"prev":       m.across(-1, step(backward, timeline.Visible, "This is the start")),
		"cause":      m.toBlocked(1, step(forward, timeline.Cause, "There is no later cause")),
		"cause-back": m.toBlocked(-1, step(backward, timeline.Cause, "This is the start")),
		"raw":        step(forward, timeline.Raw, nothing),
		"faster":     kit.Act(func() { m.setSpeed(m.speed + 1) }).DisabledIf(m.pace(len(speeds)-1, "is the fastest")),
		"slower":     kit.Act(func() { m.setSpeed(m.speed - 1) }).DisabledIf(m.pace(0, "is the slowest")),
		"start":      kit.Simple(func() tea.Cmd { return m.seek(0) }),
		"newest":     kit.Simple(func() tea.Cmd { return m.seek(m.tl.Newest()) }),

		"pane":         {Do: m.pane, Disabled: m.digitsTaken, Names: m.paneList},
		"pane-next":    kit.Act(func() { m.nextPane(1) }),
		"pane-prev":    kit.Act(func() { m.nextPane(-1) }),
		"up":           kit.Act(func() { m.move(-1) }),
		"down":         kit.Act(func() { m.move(1) }),
		"page":         kit.Act(func() { m.moveTo(m.rowAt()+m.pageRows(), false) }).DisabledIf(m.allInSight),
		"page-back":    kit.Act(func() { m.moveTo(m.rowAt()-m.pageRows(), false) }).DisabledIf(m.allInSight),
		"first":        kit.Act(func() { m.moveTo(0, false) }).DisabledIf(m.allInSight),
		"last":         kit.Act(func() { m.moveTo(math.MaxInt32, false) }).DisabledIf(m.allInSight),
		"inside":       kit.Simple(m.inside),
		"menu":         kit.Simple(m.menu),
		"mapping":      kit.Act(func() { m.toMapping(1) }).DisabledIf(m.oneMapping),
		"mapping-back": kit.Act(func() { m.toMapping(-1) }).DisabledIf(m.oneMapping),
		"filter":       kit.Simple(m.filter).DisabledIf(m.noRows),

		"break":      kit.Simple(func() tea.Cmd { return m.breakMenu(-1, nil) }),
		"put":        kit.Simple(m.putMenu),
		"bisect":     m.setting("bisect").DisabledIf(m.neverSplit),
		"items":      m.setting("items"),
		"retries":    m.setting("retries"),
		"age":        m.setting("age"),
		"failures":   m.setting("failures"),
		"visibility": m.setting("visibility").DisabledIf(m.hidesNothing),
		"settings":   kit.Simple(m.settings),
		"undo":       kit.Act(m.undo).DisabledIf(m.nothingDone),
		"redo":       kit.Act(m.redo).DisabledIf(m.nothingUndone),
		"branch":     kit.Simple(m.branch),
		"compare":    kit.Simple(func() tea.Cmd { return m.compare(-1) }),
		"over":       kit.Simple(m.startOver),

		"save":     kit.Simple(m.save).DisabledIf(m.notSaved),
		"findings": kit.Simple(m.showFindings).DisabledIf(m.noFindings),
		"why":      kit.Simple(m.why),
		"copy":     kit.Simple(m.copyRun).DisabledIf(m.unshared),
		"back":     kit.Simple(m.back),
		"quit": kit.Simple(func() tea.Cmd {
			return kit.Quit(m.screens, &m.dialogs, kit.QuitOption{Key: "y", Text: "copy the run first", Do: m.copyRun})
		}),
	}
}

// handlers are the typed commands.
func (m *Lab) handlers() kit.Handlers {
	simple := func(do func() tea.Cmd) kit.Handler { return kit.Handler{Do: func([]string) tea.Cmd { return do() }} }
	return kit.Handlers{
		"seek":                     {Do: m.seekTo, Complete: m.instants},
		"history":                  simple(m.showHistory),
		"what-if":                  {Do: m.whatIf, Complete: func(typed string) []kit.Item { return m.assignments(typed, "=") }},
		"life":                     {Do: func(args []string) tea.Cmd { return m.showLife(first(args)) }, Complete: func(string) []kit.Item { return texts(m.labels()) }},
		"get-event-source-mapping": simple(m.showMapping),
		"alarm":                    {Do: m.alarmTyped, Complete: m.alarmable},
		"event":                    {Do: func(args []string) tea.Cmd { return m.showInvocation(first(args)) }, Complete: m.invocations},
		"speed":                    {Do: func(args []string) tea.Cmd { return m.toSpeed(first(args)) }, Complete: speedItems},
		"skip":                     {Do: func(args []string) tea.Cmd { return m.skipQuiet(first(args) != "off") }, Complete: onOff},
		"mouse":                    {Do: func(args []string) tea.Cmd { return m.useMouse(first(args) != "off") }, Complete: onOff},
		"theme":                    {Do: func(args []string) tea.Cmd { return m.useTheme(first(args)) }, Complete: func(string) []kit.Item { return texts(kit.ThemeNames) }},
		"motion":                   {Do: func(args []string) tea.Cmd { return m.useMotion(first(args)) }, Complete: func(string) []kit.Item { return texts(kit.MotionNames) }},
		"set":                      {Do: m.setTyped, Complete: func(typed string) []kit.Item { return m.assignments(typed, " ") }},
		"deploy":                   {Do: m.deploy},
		"save":                     {Do: m.saveTyped},
		"diff":                     simple(m.showDiff),
		"describe":                 simple(m.describe),
		"limits":                   simple(m.showLimits),
		"branches":                 simple(m.showBranches),
		"notes":                    simple(m.showNotes),
		"share":                    simple(m.copyRun),
		"present":                  simple(m.present),
		"predict":                  {Do: func(args []string) tea.Cmd { return m.usePredict(first(args) != "off") }, Complete: onOff},
		"export":                   {Do: m.export, Complete: exports},
	}
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// The reasons why an action is not possible now; "" where it is.

func (m *Lab) pace(end int, why string) func() string {
	return func() string {
		if m.speed == end {
			return speeds[end].String() + " " + why
		}
		return ""
	}
}

func (m *Lab) digitsTaken() string {
	if m.o.Region != nil && m.o.Region.Digits() {
		return kit.WithKeys("The digits choose an answer now; {pane-next} goes through the panes")
	}
	return ""
}

func (m *Lab) allInSight() string {
	switch {
	case m.focus == 0:
		return kit.WithKeys("No pane has the cursor: {pane} puts it on one")
	case !m.scrolls():
		return "All rows of the pane are in sight: the key is time's"
	}
	return ""
}

func (m *Lab) oneMapping() string {
	if len(m.sim().Mappings) == 1 {
		return "There is only one mapping here"
	}
	return ""
}

func (m *Lab) noRows() string {
	if m.o.Region != nil && m.filterPane() == 6 {
		return "Put the cursor on a pane that has rows: 1 to 5"
	}
	if m.filterPane() == 7 {
		return kit.WithKeys("The metrics have no rows that a text could choose: {filter} is for lists, and marks lanes in 8")
	}
	return ""
}

func (m *Lab) neverSplit() string {
	if m.queue() >= 0 {
		return kit.WithKeys("A queue's batch is never split: bisect is for streams. {items} reports single messages")
	}
	return ""
}

func (m *Lab) hidesNothing() string {
	if m.queue() < 0 {
		return kit.WithKeys("A stream has no visibility timeout: reading hides nothing. {retries} and {age} say when to give up")
	}
	return ""
}

func (m *Lab) nothingDone() string {
	if len(m.tl.Commands()) == 0 {
		return "There is no command of yours to take back"
	}
	return ""
}

func (m *Lab) nothingUndone() string {
	if !m.tl.Undone() {
		return "There is nothing to do again"
	}
	return ""
}
