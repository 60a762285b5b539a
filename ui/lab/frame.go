package lab

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"esmlab/engine"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

func uitoa(n uint64) string { return strconv.FormatUint(n, 10) }

// cached is a pane as it was drawn last, and what it was drawn from.
type cached struct {
	key    cacheKey
	rows   []string
	things []int
	count  int
}

// cacheKey holds all that a pane's picture hangs on.
type cacheKey struct {
	rect    Rect
	boxed   bool
	focused bool
	look    viewState
	theme   *kit.Theme
	mapping int
	run     *engine.Config
	a, b, c int64
	set     engine.Settings
	state   engine.MappingState
	digits  bool
}

// Draw gives the frame of a screen of w x h cells.
func (m *Lab) Draw(w, h int) (string, *tea.Cursor) {
	m.w, m.h = w, h
	if m.w < 1 || m.h < 1 {
		return "", nil
	}
	shards := 2 // what pane 1 of a queue has room for
	if m.queue() < 0 {
		shards = len(m.sim().Streams[m.sim().SourceOf(m.at)].Shards)
	}
	m.lay = layout(m.w, m.h, shards, m.focus, m.zoom, m.o.Welcome, m.o.Region != nil)
	l := &m.lay
	if m.focus > 0 && l.Panes[m.focus].H == 0 { // no room beside the others: it fills the screen
		m.zoom = m.focus
		m.lay = layout(m.w, m.h, shards, m.focus, m.zoom, m.o.Welcome, m.o.Region != nil)
	}
	rows := make([]string, m.h)
	rows[0] = m.header()
	put := func(y int, row func() string) {
		if y >= 0 {
			rows[y] = row()
		}
	}
	put(l.Headline, m.headRow)
	put(l.Welcome, m.welcomeRow)
	put(l.Slider, m.sliderRow)
	put(l.Footer, m.footer)
	c := m.ctx()
	for _, i := range []int{1, 3, 4, 6} {
		m.place(c, rows, i)
	}
	if l.Split > 0 && m.zoom == 0 {
		m.split(rows)
	}
	for _, i := range []int{2, 5, 7} {
		m.place(c, rows, i)
	}
	for i := range rows {
		if rows[i] == "" {
			rows[i] = kit.Blanks(m.w)
		}
	}
	cursor := m.dialogs.Draw(m.screens.Theme, rows, m.w)
	if !m.dialogs.Open() {
		cursor = m.pointer()
	}
	return strings.Join(rows, "\n"), cursor
}

// pointer is the terminal's own cursor: it stands where the lab's does, so that
// a screen reader or a magnifier finds the place. nil: it is on no pane.
func (m *Lab) pointer() *tea.Cursor {
	r := m.lay.Panes[m.focus]
	if m.focus == 0 || r.H == 0 || r.W < 4 {
		return nil
	}
	x, y := r.X+2, r.Y
	if sel := m.views[m.focus].sel; sel >= 0 {
		at := slices.Index(m.cache[m.focus].things, sel)
		if at < 0 || y+1+at >= m.h {
			return nil
		}
		x, y = r.X, y+1+at
		if m.lay.Boxed {
			x++
		}
	}
	c := tea.NewCursor(x, y)
	c.Blink, c.Shape = false, tea.CursorUnderline
	return c
}

// split draws the line between left and right where panes have no boxes.
func (m *Lab) split(rows []string) {
	l := &m.lay
	for y := l.Panes[1].Y; y < l.Panes[6].Y; y++ {
		sign := "│"
		switch y {
		case l.Panes[1].Y:
			sign = "┬"
		case l.Panes[3].Y:
			sign = "┼"
		}
		rows[y] += m.screens.Theme.Paint(kit.Dim, sign)
	}
}

// place adds a pane's rows to those of the screen.
func (m *Lab) place(c *pane.Ctx, rows []string, i int) {
	r := m.lay.Panes[i]
	for k, row := range m.paneRows(c, i) {
		if r.Y+k < len(rows) {
			rows[r.Y+k] += row
		}
	}
}

// fingerprint is what a pane shows, in numbers: equal ones draw equal.
func (m *Lab) fingerprint(i int) (a, b, c int64) {
	s, history := m.sim(), m.history()
	tenth := int64(s.Now() / (100 * engine.Millisecond))
	changed := int64(len(m.changed))
	switch i {
	case 1, 2:
		return tenth, s.Emitted(), 0
	case 3:
		return int64(s.Now()), s.Emitted(), 0
	case 4:
		return s.Emitted(), 0, 0
	case 5:
		faults := int64(0)
		for _, f := range m.ctx().Faults() {
			faults = faults*31 + int64(len(f.Name)) + int64(f.How) + 7
		}
		if m.queue() >= 0 {
			faults = faults*31 + s.Emitted() // a step may change the queue
		}
		return faults, int64(len(history.Own)), changed
	case 6:
		last := int64(0)
		if n := len(history.Log); n > 0 {
			last = history.Log[n-1].N
		}
		return last, int64(len(m.skips)), changed
	}
	return s.Emitted(), int64(s.Now() / history.Charts[m.at].Width), 0
}

func (m *Lab) paneRows(c *pane.Ctx, i int) []string {
	r := m.lay.Panes[i]
	if r.H == 0 || r.W == 0 {
		m.cache[i] = cached{}
		return nil
	}
	if i == 6 && m.o.Region != nil {
		return m.regionRows(r)
	}
	s := m.sim()
	key := cacheKey{rect: r, boxed: m.lay.Boxed, focused: m.focus == i, look: m.views[i], theme: m.screens.Theme, mapping: m.at,
		run: s.Config(), digits: m.digits(), set: s.Mappings[m.at].Settings, state: s.Mappings[m.at].State}
	key.a, key.b, key.c = m.fingerprint(i)
	if m.focus != i {
		key.look.sel = -1
	}
	if k := &m.cache[i]; k.rows != nil && k.key == key {
		return k.rows
	}
	f := kit.Frame{Boxed: m.lay.Boxed, Focused: m.focus == i}
	w, h := f.Inner(r.W, r.H)
	look := pane.ViewState{W: w, H: h, Sel: key.look.sel, Top: key.look.top, Filter: key.look.filter}
	b := drawPane(c, i, look)
	if look.Filter != "" && i != 6 {
		b.Count = len(c.Visible(i, look.Filter))
	}
	f.Title, f.Note, f.Legend, f.More = b.Title, b.Note, b.Legend, b.More()
	if !key.digits {
		f.Title = f.Title[2:]
	}
	if !m.lay.Boxed && i == 1 && f.More == 0 && !b.Told {
		f.Note = "" // the row itself says it, and is in sight
	}
	if f.Focused && key.look.sel < 0 {
		f.Title = "› " + f.Title
	}
	rows := f.Draw(m.screens.Theme, b.Rows, r.W, r.H)
	if i == 6 {
		m.closeSplit(rows)
	}
	m.cache[i] = cached{key, rows, b.Things, b.Count}
	return rows
}

// closeSplit ends the line between left and right in the rule of pane 6.
func (m *Lab) closeSplit(rows []string) {
	if m.lay.Split <= 0 || m.zoom > 0 || len(rows) == 0 {
		return
	}
	if c := []rune(ansi.Strip(rows[0])); m.lay.Split < len(c) && (c[m.lay.Split] == '─' || c[m.lay.Split] == '═') { // not over a title
		kit.Overlay(rows[:1], []string{m.screens.Theme.Paint(kit.Dim, "┴")}, m.lay.Split, 0)
	}
}

// digits tells whether the digits choose a pane now.
func (m *Lab) digits() bool {
	return (m.o.Region == nil || !m.o.Region.Digits()) && !m.begins()
}

func (m *Lab) regionRows(r Rect) []string {
	m.cache[6] = cached{}
	rows := m.o.Region.Draw(m.screens.Theme, r.W, r.H, m.lay.Boxed, m.focus == 6)
	m.closeSplit(rows)
	return rows
}

func drawPane(c *pane.Ctx, i int, k pane.ViewState) pane.Body {
	switch i {
	case 1:
		return pane.Shards(c, k)
	case 2:
		return pane.Iterators(c, k)
	case 3:
		return pane.BatchesPane(c, k)
	case 4:
		return pane.Queues(c, k)
	case 5:
		return pane.SettingsPane(c, k)
	case 6:
		return pane.Happened(c, k)
	}
	return pane.Metrics(c, k)
}
