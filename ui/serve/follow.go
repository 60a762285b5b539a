package serve

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui"
	"esmlab/ui/home"
	"esmlab/ui/kit"
)

// follow is the screen of a guest who watches what the presenter shows.
type follow struct {
	kit.BaseScreen
	class   *Class
	g       *guest
	screens *kit.ScreenStack
	keys    *kit.Keymap
	dialogs kit.DialogStack
	notice  string
	version int // of what was drawn last
	voted   int // the version of the poll, as it was drawn last
	phase   int // that the poll was in, -1: there was none
	foot    []kit.Hit
	footRow int
}

// followed is what the entry of Home is called.
const followed = "follow"

// followSection is what to follow, on a guest's Home.
func (c *Class) followSection(g *guest) func(*kit.ScreenStack) home.Section {
	return func(screens *kit.ScreenStack) home.Section {
		return home.Listed(func() []home.Group {
			note := "what the presenter shows"
			if !c.stage.shows() {
				note = "the presenter shows nothing now"
			}
			return []home.Group{{Top: true, Entries: []home.Entry{{Name: followed, Note: note,
				Open: kit.Opening{Name: "the presenter", Read: func() (func() error, error) {
					return func() error { screens.Open(c.follow(g, screens)); return nil }, nil
				}}}}}}
		})
	}
}

// follow makes the screen.
func (c *Class) follow(g *guest, screens *kit.ScreenStack) *follow {
	f := &follow{class: c, g: g, screens: screens, version: -1}
	f.keys = kit.NewKeymap(kit.InClass, &f.dialogs, func(reason string) { f.notice = reason }, kit.Bindings{
		"take-copy": kit.Simple(f.takeCopy).DisabledIf(func() string {
			if c.stage.copy() == nil {
				return "Nothing that could be copied is shown now"
			}
			return ""
		}),
		"cast": {Do: func(inv kit.Invocation) tea.Cmd { return f.choose(inv.N) }, Disabled: f.noVote},
		"back": kit.Act(f.leave),
		"quit": kit.Simple(func() tea.Cmd { return kit.Quit(screens, &f.dialogs) }),
	})
	return f
}

// Title of the screen.
func (f *follow) Title() string { return "the presenter" }

// leave goes back to Home. What is no longer watched is no longer drawn.
func (f *follow) leave() {
	f.class.stage.forget(f.g.n)
	left := f.screens.Left
	f.screens.Back()
	f.screens.Left = left // following has an entry of its own
}

// takeCopy opens what is shown now as the guest's own.
func (f *follow) takeCopy() tea.Cmd {
	open := f.class.stage.copy()
	if open == nil {
		return nil
	}
	s, err := open(f.screens)
	if err != nil {
		f.notice = err.Error()
		return nil
	}
	f.class.stage.forget(f.g.n)
	f.screens.Open(s)
	return nil
}

// HandleKey carries out an action.
func (f *follow) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	f.phase, f.notice = phaseOf(f.class.asked()), ""
	return f.dialogs.Keys(k, func(k tea.KeyPressMsg) tea.Cmd { return f.keys.HandleKey(k) })
}

// Mouse does what stands in the footer.
func (f *follow) Mouse(e tea.MouseMsg) tea.Cmd {
	m := e.Mouse()
	_, wheel := e.(tea.MouseWheelMsg)
	_, click := e.(tea.MouseClickMsg)
	switch {
	case f.dialogs.Open() && wheel:
		return f.dialogs.Wheel(m.Button == tea.MouseWheelUp)
	case f.dialogs.Open() && click:
		return f.dialogs.Click(m.X, m.Y)
	case click && m.Y == f.footRow:
		return f.keys.Click(f.foot, m.X)
	}
	return nil
}

// Animating: something new may be shown at any moment.
func (f *follow) Animating() bool { return true }

// Tick looks whether it was, and whether a vote has begun or ended.
func (f *follow) Tick(time.Time) bool {
	if phase := phaseOf(f.class.asked()); phase != f.phase { // what was said of the one before is no longer so
		f.phase, f.notice = phase, ""
	}
	return f.class.stage.seen() != f.version || versionOf(f.class.asked()) != f.voted
}

// Draw shows the presenter's screen in the middle, and below it what can be done.
func (f *follow) Draw(w, h int) (string, *tea.Cursor) {
	t := f.screens.Theme
	room := size{w, h}
	if h > 24 { // the footer needs a row where there is one; at 80x24 it lies over the last
		room.h--
	}
	want := fitting(room)
	frame, title, version := f.class.stage.wish(f.g.n, ui.Look{W: want.w, H: want.h, Theme: t.Name})
	f.version, f.voted = version, versionOf(f.class.asked())
	rows := make([]string, 0, h)
	got := strings.Split(frame, "\n")
	if frame == "" {
		text := "The presenter shows nothing now. As soon as there is something, you see it here."
		if title != "" {
			text = "…"
		}
		got = kit.Wrap(text, max(1, min(w-4, 60)))
		for i := range got {
			got[i] = kit.NewLine(t, w).Text("  " + got[i]).String()
		}
	}
	across := 0
	for _, row := range got {
		across = max(across, kit.VisibleWidth(row))
	}
	left, above := max(0, (w-across)/2), max(0, (h-1-len(got))/2)
	for range above {
		rows = append(rows, kit.Blanks(w))
	}
	for _, row := range got {
		rows = append(rows, kit.Blanks(left)+row+kit.Blanks(max(0, w-left-kit.VisibleWidth(row))))
	}
	for len(rows) < h {
		rows = append(rows, kit.Blanks(w))
	}
	rows = rows[:h]
	f.footRow = h - 1
	rows[f.footRow], f.foot = f.footer(t, w)
	cursor := f.dialogs.Draw(t, rows, w)
	return strings.Join(rows, "\n"), cursor
}

// footer says what can be done.
func (f *follow) footer(t *kit.Theme, w int) (string, []kit.Hit) {
	if f.notice != "" {
		return kit.NewLine(t, w).Text(" ").Add(kit.Strong, kit.Cut(f.notice, w-2)).String(), nil
	}
	var hints []kit.Hint
	if q := f.class.asked(); f.noVote() == "" {
		hints = append(hints, kit.Hint{ID: "cast", Key: "1-" + strconv.Itoa(len(q.Options)), Text: "your vote"})
	} else if n := f.said(q); n > 0 {
		hints = append(hints, kit.Hint{ID: "cast", Key: strconv.Itoa(n), Text: "is your vote"})
	}
	return kit.Footer(t, w, append(hints, kit.HintOf("take-copy", "take a copy of this to play with"), kit.HintOf("back", "your own labs, lessons and quiz"), kit.HintOf("help", "keys"), kit.HintOf("quit", "leave")))
}
