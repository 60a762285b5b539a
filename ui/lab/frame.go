package lab

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

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
	look    look
	theme   *kit.Theme
	mapping int
	run     *engine.Config
	a, b, c int64
	set     engine.Settings
	state   engine.MappingState
}

// View is the frame. It is made anew only when something has changed.
func (m *model) View() tea.View {
	if m.dirty || m.frame == "" {
		m.frame, m.dirty = m.draw(), false
	}
	v := tea.NewView(m.frame)
	v.AltScreen, v.ReportFocus = true, m.o.Changed != nil
	v.WindowTitle = "esmlab " + m.sc.Name
	v.Cursor = m.cursor
	if !m.noMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

func (m *model) draw() string {
	if m.w < 1 || m.h < 1 {
		return ""
	}
	shards := len(m.sim().Streams[m.sim().SourceOf(m.at)].Shards)
	m.lay = layout(m.w, m.h, shards, m.focus, m.zoom, m.o.Welcome)
	l := &m.lay
	if m.focus > 0 && l.Panes[m.focus].H == 0 { // no room beside the others: it fills the screen
		m.zoom = m.focus
		m.lay = layout(m.w, m.h, shards, m.focus, m.zoom, m.o.Welcome)
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
	m.cursor = nil
	m.overlay(rows)
	for i := range rows {
		if rows[i] == "" {
			rows[i] = kit.Blanks(m.w)
		}
	}
	return strings.Join(rows, "\n")
}

// split draws the line between left and right where panes have no boxes.
func (m *model) split(rows []string) {
	l := &m.lay
	for y := l.Panes[1].Y; y < l.Panes[6].Y; y++ {
		sign := "│"
		switch y {
		case l.Panes[1].Y:
			sign = "┬"
		case l.Panes[3].Y:
			sign = "┼"
		}
		rows[y] += m.theme.Paint(kit.Dim, sign)
	}
}

// place adds a pane's rows to those of the screen.
func (m *model) place(c *pane.Ctx, rows []string, i int) {
	r := m.lay.Panes[i]
	for k, row := range m.paneRows(c, i) {
		if r.Y+k < len(rows) {
			rows[r.Y+k] += row
		}
	}
}

// fingerprint is what a pane shows, in numbers: equal ones draw equal.
func (m *model) fingerprint(i int) (a, b, c int64) {
	s, trail := m.sim(), m.tl.Trail()
	tenth := int64(s.Now() / (100 * engine.Millisecond))
	changed := int64(len(m.changed))
	switch i {
	case 1, 2:
		return tenth, s.Emitted(), 0
	case 3:
		return int64(s.Now()), s.Emitted(), 0
	case 4:
		return int64(len(s.Discards)), int64(len(s.Queues)), 0
	case 5:
		faults := int64(0)
		for _, f := range m.ctx().Faults() {
			faults = faults*31 + int64(len(f.Name)) + int64(f.How) + 7
		}
		return faults, int64(len(trail.Own)), changed
	case 6:
		last := int64(0)
		if n := len(trail.Log); n > 0 {
			last = trail.Log[n-1].N
		}
		return last, int64(len(m.skips)), changed
	}
	return s.Emitted(), int64(s.Now() / trail.Charts[m.at].Width), 0
}

func (m *model) paneRows(c *pane.Ctx, i int) []string {
	r := m.lay.Panes[i]
	if r.H == 0 || r.W == 0 {
		m.cache[i] = cached{}
		return nil
	}
	s := m.sim()
	key := cacheKey{rect: r, boxed: m.lay.Boxed, focused: m.focus == i, look: m.looks[i], theme: m.theme, mapping: m.at,
		run: s.Config(), set: s.Mappings[m.at].Settings, state: s.Mappings[m.at].State}
	key.a, key.b, key.c = m.fingerprint(i)
	if m.focus != i {
		key.look.sel = -1
	}
	if k := &m.cache[i]; k.rows != nil && k.key == key {
		return k.rows
	}
	f := kit.Frame{Boxed: m.lay.Boxed, Focused: m.focus == i}
	w, h := f.Inner(r.W, r.H)
	look := pane.Look{W: w, H: h, Sel: key.look.sel, Top: key.look.top, Filter: key.look.filter}
	b := drawPane(c, i, look)
	f.Title, f.Note, f.Legend = b.Title, b.Note, b.Legend
	if !m.lay.Boxed && i == 1 && b.Count <= h {
		f.Note = "" // the row itself says it, and is in sight
	}
	if f.Focused && key.look.sel < 0 {
		f.Title = "› " + f.Title
	}
	rows := f.Draw(m.theme, b.Rows, r.W, r.H)
	if i == 6 && m.lay.Split > 0 && m.zoom == 0 {
		kit.Overlay(rows[:1], []string{m.theme.Paint(kit.Dim, "┴")}, m.lay.Split, 0)
	}
	m.cache[i] = cached{key, rows, b.Things, b.Count}
	return rows
}

func drawPane(c *pane.Ctx, i int, k pane.Look) pane.Body {
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

// overlay lays the dialogs over the frame, the newest on top.
func (m *model) overlay(rows []string) {
	for i := range rows {
		if rows[i] == "" && len(m.dialogs) > 0 {
			rows[i] = kit.Blanks(m.w)
		}
	}
	for _, d := range m.dialogs {
		box, cx, cy := d.d.Draw(m.theme, min(m.w, 96), max(3, m.h-4))
		if len(box) == 0 {
			continue
		}
		x, y := kit.Centre(m.w, m.h, kit.VisibleWidth(box[0]), len(box))
		kit.Overlay(rows, box, x, y)
		m.cursor = nil
		if cx >= 0 {
			m.cursor = tea.NewCursor(x+cx, y+cy)
		}
	}
}
