package lab

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"esmlab/engine"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// frames is how often a second time moves on while it runs.
const frames = 30

// stepsPerTick bounds the work between two frames, so that the screen stays
// quick when time runs faster than it can be computed.
const stepsPerTick = 6000

type tickMsg struct {
	at  time.Time
	run int
}

// model is the lab. It is the only tea.Model; everything it shows is a plain
// struct or a function.
type model struct {
	o     Options
	sc    *Scenario
	tl    *timeline.Timeline
	theme *kit.Theme
	w, h  int
	at    int // mapping shown

	running  bool
	idled    bool // stopped by itself: nothing could happen any more
	run      int  // counts starts; a tick of another run is void
	speed    int  // index into speeds
	last     time.Time
	reached  meter
	noSkip   bool
	skipFrom engine.Micros // a stretch that is being passed over; -1 none
	skipTo   engine.Micros
	skips    []pane.Skip

	focus, zoom int
	looks       [8]look
	noMouse     bool

	dialogs []open
	notice  string // one line in the headline's place until the next key
	stale   bool   // the file was saved since it was read
	changed map[string]waiting
	lastHit func() // what e e does again
	names   int    // faults named so far
	deeds   int    // what the person did in this session

	lay     Layout
	cache   [8]cached
	frame   string
	dirty   bool
	cursor  *tea.Cursor
	footers []hit // where the footer's actions stand
}

// look is how a pane is looked at.
type look struct {
	sel, top int // sel -1: its title
	filter   string
}

// waiting is a changed setting that does not count yet.
type waiting struct {
	when  string
	shard int32
	batch int32
	tries int32
}

type open struct {
	d    kit.Dialog
	done func(kit.Reply) tea.Cmd
}

func newModel(o Options) (*model, error) {
	m := &model{o: o, theme: kit.NewTheme(colorprofile.ANSI), running: !o.Stopped, speed: 4, changed: map[string]waiting{}, skipFrom: -1, w: 80, h: 24}
	m.noMouse = !o.Mouse
	return m, m.load(o.Scenario)
}

// load begins with a scenario.
func (m *model) load(sc *Scenario) error {
	tl, err := timeline.New(sc.Config)
	if err != nil {
		return err
	}
	m.sc, m.tl, m.at = sc, tl, 0
	m.forget()
	for i := range m.looks {
		m.looks[i] = look{sel: -1}
	}
	return nil
}

// forget drops what was said about the run so far.
func (m *model) forget() {
	clear(m.changed)
	m.skips, m.skipFrom = nil, -1
	m.dirty = true
}

// Init starts time.
func (m *model) Init() tea.Cmd {
	return m.tick()
}

// look asks whether the scenario's file was saved: once a second while time
// runs, at each key, and when the terminal gets the focus back.
func (m *model) look() {
	if !m.stale && m.o.Changed != nil && m.o.Changed() {
		m.stale, m.dirty = true, true
	}
}

// tick asks for the next one while time runs; there is none when it is stopped.
func (m *model) tick() tea.Cmd {
	if !m.running {
		return nil
	}
	run := m.run
	return tea.Tick(time.Second/frames, func(t time.Time) tea.Msg { return tickMsg{t, run} })
}

// Update takes one message.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h, m.dirty = msg.Width, msg.Height, true
	case tea.ColorProfileMsg:
		if noColor(m.o.Env) {
			break // the person's wish goes before what the terminal can
		}
		m.theme, m.dirty = kit.NewTheme(msg.Profile), true
	case tickMsg:
		if msg.run == m.run && m.running {
			m.pass(msg.at)
			return m, m.tick()
		}
	case tea.FocusMsg:
		m.look()
	case tea.KeyPressMsg:
		m.look()
		m.dirty = true
		return m, m.press(msg)
	case tea.PasteMsg:
		m.dirty = true
		m.paste(msg.Content)
	case tea.MouseClickMsg:
		m.dirty = true
		return m, m.click(msg.Mouse())
	case tea.MouseWheelMsg:
		m.dirty = true
		return m, m.wheel(msg.Mouse())
	}
	return m, nil
}

// press gives a key to the dialog on top, or carries out its action.
func (m *model) press(k tea.KeyPressMsg) tea.Cmd {
	s := k.String()
	if s == "ctrl+c" {
		return tea.Quit
	}
	m.notice = ""
	if n := len(m.dialogs); n > 0 {
		top := m.dialogs[n-1]
		return m.answer(top, top.d.Press(k))
	}
	if a := kit.ActionOf(s); a != nil {
		return m.do(a.ID, s)
	}
	return nil
}

func (m *model) answer(top open, r kit.Reply) tea.Cmd {
	if !r.Close {
		return nil
	}
	for i := range m.dialogs { // it may not be the top one any more
		if m.dialogs[i].d == top.d {
			m.dialogs = append(m.dialogs[:i:i], m.dialogs[i+1:]...)
			break
		}
	}
	if top.done != nil && (r.Chosen >= 0 || r.Text != "" || r.Done) {
		return top.done(r)
	}
	return nil
}

// show opens a dialog over what is there.
func (m *model) show(d kit.Dialog, done func(kit.Reply) tea.Cmd) tea.Cmd {
	m.dialogs = append(m.dialogs, open{d, done})
	m.dirty = true
	return nil
}

// paste types a text into the dialog on top.
func (m *model) paste(s string) {
	if n := len(m.dialogs); n > 0 {
		for _, r := range strings.TrimSpace(s) {
			m.dialogs[n-1].d.Press(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
}

// ctx is what the panes look at.
func (m *model) ctx() *pane.Ctx {
	c := &pane.Ctx{S: m.tl.Sim(), M: m.at, Trail: m.tl.Trail(), Theme: m.theme, Boxed: m.lay.Boxed, Skips: m.skips}
	if len(m.changed) > 0 {
		c.Changed = make(map[string]string, len(m.changed))
		for name, w := range m.changed {
			c.Changed[name] = w.when
		}
	}
	return c
}

func (m *model) sim() *engine.Sim { return m.tl.Sim() }

func (m *model) mappingID() string { return m.sim().Config().Mappings[m.at].ID }

func (m *model) streamID() string {
	s := m.sim()
	return s.Config().Streams[s.SourceOf(m.at)].ID
}

func (m *model) functionID() string {
	s := m.sim()
	return s.Config().Functions[s.FunctionOf(m.at)].ID
}
