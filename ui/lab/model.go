package lab

import (
	"maps"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/timeline"
	"esmlab/ui/flow"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// Bounds of the work between two frames, in steps of the engine. If time runs faster
// than it can be computed, the work is halved when frames are late and grows while
// they are on time, so that the screen stays responsive on any machine.
const (
	fewestSteps = 250
	mostSteps   = 20000
)

// Lab is a screen: a timeline in seven panes, and what keys do with it.
type Lab struct {
	o       Options
	screens *kit.ScreenStack
	sc      *Scenario
	tl      *timeline.Timeline
	w, h    int
	at      int // the mapping shown

	running     bool
	stoppedIdle bool // stopped by itself, because nothing more could happen
	speed       int  // index into speeds
	last        time.Time
	reached     meter
	steps       int           // at most so many in the next frame
	unlooked    time.Duration // since what waits was counted last
	until       func(*engine.Sim) bool
	noSkip      bool
	skipFrom    engine.Micros // the start of a stretch that is being skipped; -1: none
	skipTo      engine.Micros
	skips       []pane.Skip

	flow    flow.Line
	fresh   moment // what has just happened is bold: the events after newest
	newest  int64
	newHead moment // the headline is bold: it says something new
	told    told
	undrawn time.Duration // since a frame was drawn
	// deployNotes are the notes on what was deployed, also where that is undone.
	deployNotes map[*engine.Deployment][]string

	flowed  uint64 // the version of the timeline that the flow line follows
	stepped bool   // the key has stepped time: what that brought is to move

	focus, zoom int
	mark        string // in the border of a pane that is shown to a class
	views       [pane.Last + 1]viewState

	predict     predicting
	keys        *kit.Keymap
	dialogs     kit.DialogStack
	cause       engine.Micros       // where the slider has a mark; -1: nowhere
	heard       int                 // changes of the alarm's state that were said
	cover       *Cover              // a question is open
	hidden      [pane.Last + 1]bool // rows of the pane are hidden for it
	notice      string              // shown in the headline's place until the next key
	refused     string              // why the last command was
	stale       bool                // the file was saved since it was read
	looking     bool                // a command is finding out whether it was
	reads       int                 // how many times a scenario was loaded
	watch       int                 // how many times the lab came to the top: a watch that began earlier has ended
	pending     map[string]pendingSetting
	repeatFault func() // what e e repeats
	faultNames  int    // faults named so far
	commands    int    // how many commands the person gave in this session
	saved       int    // how many of them were saved in a file
	touched     bool   // a key or the mouse was pressed

	parts [pane.Parts]parts // what stands below the lines of pane 6, as it was last drawn
	lines struct {          // how many lines pane 6 has, as they were last counted
		of linesOf
		n  int
	}

	lay     Layout
	kept    [2]kept                  // panes 7 and 8
	shown   [pane.Last + 1]shows     // what panes show, where they have room to say it
	drawn   [pane.Last + 1]pane.Body // the panes as they were last drawn, for mouse and pointer
	signs   []string                 // what explains the signs of pane 1, while no rule had room for it
	footers []kit.Hit                // where the footer's actions are
	helpAt  int                      // the column of "? keys" in the first row, 0 if it is not shown
}

// viewState is the cursor, scroll position and filter of a pane: see pane.ViewState.
type viewState struct {
	sel     pane.Subject // the zero Subject: the title
	want    pane.Subject // what the person put the cursor on
	at, top int
	filter  string
	level   int // how many times pane 8 was zoomed in
}

// linesOf is what the number of lines of pane 6 depends on.
type linesOf struct {
	version uint64
	mapping int
	filter  string
}

// put puts the cursor on a thing.
func (v *viewState) put(about pane.Subject) { v.sel, v.want = about, about }

// pendingSetting is a changed setting that does not count yet.
type pendingSetting struct {
	when  narrate.Moment
	shard int32
	batch int32
	tries int32
}

// New opens a scenario. It fails if the engine refuses the Config.
func New(screens *kit.ScreenStack, o Options) (*Lab, error) {
	m := &Lab{o: o, screens: screens, running: !o.Stopped, speed: 4, pending: map[string]pendingSetting{}, skipFrom: -1, cause: -1, steps: 4000, w: 80, h: 24, focus: o.Focus, dialogs: kit.DialogStack{Foot: 2}}
	if err := m.Load(o.Scenario); err != nil {
		return nil, err
	}
	m.keys = kit.NewKeymap(kit.InLab|o.Also, &m.dialogs, m.Say, m.bind())
	m.keys.Handlers, m.keys.Step = m.handlers(), o.Step
	maps.Copy(m.keys.Bindings, o.Bindings)
	maps.Copy(m.keys.Handlers, o.Handlers)
	m.guard()
	m.at = max(0, m.MappingIndex(o.Mapping))
	own := make([]timeline.PlacedCommand, len(o.Own))
	for i, s := range o.Own {
		own[i] = timeline.PlacedCommand{At: s.At, Command: s.Command}
	}
	if o.Shared != nil {
		m.tl = o.Shared.Timeline
		if says := o.Shared.Differs(o.Sharing.Version); says != "" {
			m.askAnyway(says)
		}
	} else {
		m.tl.Recall(own)
		m.tl.Seek(o.At)
	}
	m.tell()
	if o.Intro != nil {
		m.dialogs.Show(o.Intro, nil)
	}
	return m, nil
}

// Load begins a scenario, at second 0.
func (m *Lab) Load(sc *Scenario) error {
	tl, err := timeline.New(sc.Config)
	if err != nil {
		return err
	}
	if most := m.screens.Bounds.History; most > 0 {
		tl.SetBudget(most)
	}
	m.sc, m.tl, m.at = sc, tl, 0
	m.flow, m.told = flow.Line{}, told{}
	m.reads++
	m.predict = predicting{on: m.predict.on}
	m.forget()
	m.views = [pane.Last + 1]viewState{}
	return nil
}

// forget drops the notes on the run so far.
func (m *Lab) forget() {
	clear(m.pending)
	m.skips, m.skipFrom = nil, -1
}

// Init begins to watch the scenario's file.
func (m *Lab) Init() tea.Cmd {
	if m.o.Changed == nil {
		return nil
	}
	m.watch++
	return m.watching(m.watch)
}

// watching looks at the file once a second while the lab is on top.
func (m *Lab) watching(watch int) tea.Cmd {
	return tea.Tick(time.Second, func(time.Time) tea.Msg {
		return kit.DoneMsg{Then: func() tea.Cmd {
			if m.watch != watch || m.screens.Top() != m {
				return nil
			}
			return tea.Batch(m.checkFile(), m.watching(watch))
		}}
	})
}

// checkFile asks whether the file was saved since it was read.
func (m *Lab) checkFile() tea.Cmd {
	if m.stale || m.looking || m.o.Changed == nil {
		return nil
	}
	m.looking = true
	reads := m.reads
	return kit.Run(func() (bool, error) { return m.o.Changed(), nil }, func(changed bool, _ error) tea.Cmd {
		m.looking = false
		m.stale = changed && m.reads == reads
		return nil
	})
}

// Title names the scenario.
func (m *Lab) Title() string { return m.sc.Name }

// Unsaved says what would be lost: the person's commands; "" if there are none.
func (m *Lab) Unsaved() string {
	n := m.commands - m.saved
	if n <= 0 {
		return ""
	}
	verb := " are"
	if n == 1 {
		verb = " is"
	}
	return kit.Count(n, "command") + " of yours in the run of " + m.sc.Name + verb + " saved nowhere else."
}

// HandleKey gives a key to the dialog on top, or carries out its action.
func (m *Lab) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	defer m.after()
	m.settle()
	defer m.follow()
	m.notice = ""
	cmd := m.dialogs.Keys(k, m.act)
	m.wholeNotice()
	return cmd
}

// refuse says why something was not done.
func (m *Lab) refuse(why string) {
	m.refused = kit.Capitalize(why)
	m.notice = m.refused
	m.wholeNotice()
}

// wholeNotice shows why something was refused on a card, where the headline has no room for
// all of it: what would be right comes last.
func (m *Lab) wholeNotice() {
	if rows := max(1, m.lay.Rows.Headline); m.notice == "" || m.notice != m.refused || m.w < 24 || m.h < 8 || kit.Width(m.notice) <= (m.w-13)*rows {
		return
	}
	m.dialogs.Show(&kit.Card{Title: "Refused", Body: []kit.Para{{Text: m.notice}}}, nil)
	m.notice = ""
}

// act carries out the action of a key.
func (m *Lab) act(k tea.KeyPressMsg) tea.Cmd {
	a := m.action(k.String())
	if a == nil {
		m.touched = true
		return nil
	}
	inv := kit.Pressed(k)
	if a.ID == "pane" && m.showsBeginnings() && inv.N <= len(m.o.Begin) {
		return m.o.Begin[inv.N-1].Open()
	}
	m.touched = true
	return m.keys.Run(a.ID, inv)
}

// action is what a key does. If the key stands for an action of the lab and one of
// the region, the region decides.
func (m *Lab) action(key string) *kit.Action {
	a := kit.ActionOf(kit.InLab, key)
	if p := kit.PagingOf(key); p != nil && m.scrolls() {
		return p
	}
	if m.o.Region != nil {
		if r := kit.ActionOf(m.o.Also, key); r != nil && (a == nil || m.o.Region.Takes(r.ID, a.ID)) {
			return r
		}
	}
	return a
}

// Update gives pasted text to the dialog on top, and checks the file when the
// terminal gets the focus.
func (m *Lab) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		return m.dialogs.Paste(msg.Content)
	case tea.FocusMsg:
		return m.checkFile()
	}
	return nil
}

func (m *Lab) after() {
	if m.o.After != nil {
		m.o.After()
	}
}

// ctx is what the panes are drawn from.
func (m *Lab) ctx() *pane.Ctx {
	c := &pane.Ctx{S: m.sim(), M: m.at, History: m.history(), Theme: m.screens.Theme, Long: m.lay.Boxed, Fresh: m.newLines(), Skips: m.skips, End: m.sliderEnd()}
	for _, d := range m.tl.Commands() {
		c.Commands = append(c.Commands, d.At)
	}
	if !m.o.Hide && m.cover == nil { // it would be the answer
		c.Stands = m.standing
	}
	c.Bare = m.cover != nil
	if len(m.pending) > 0 {
		c.Pending = make(map[string]string, len(m.pending))
		for name, w := range m.pending {
			c.Pending[name] = w.when.String()
		}
	}
	return c
}

func (m *Lab) mappingID() string { return m.sim().Config().Mappings[m.at].ID }

// streamID is the id of what the mapping reads: a stream, or a queue.
func (m *Lab) streamID() string {
	s := m.sim()
	if q := m.queue(); q >= 0 {
		return s.Config().Queues[q].ID
	}
	return s.Config().Streams[s.SourceOf(m.at)].ID
}

func (m *Lab) functionID() string {
	s := m.sim()
	return s.Config().Functions[s.FunctionOf(m.at)].ID
}

// queue is the index of the queue that the mapping reads; -1: it reads a stream.
func (m *Lab) queue() int { return m.sim().QueueOf(m.at) }
