package serve

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui/home"
	"esmlab/ui/kit"
)

// Status is the teacher's screen: how to come in, who is there, and what they have
// answered. Guests have numbers and no names. It is not shown to the class.
type Status struct {
	kit.BaseScreen
	class   *Class
	screens *kit.ScreenStack
	join    []string // how to come in, a line each
	keys    *kit.Keymap
	dialogs kit.DialogStack
	notice  string
	top     int
	looked  time.Time
	foot    []kit.Hit
	footRow int
}

// statusName is what Home calls it.
const statusName = "the class"

// NewStatus makes the screen. join are the lines that say how to come in.
func NewStatus(c *Class, screens *kit.ScreenStack, join []string) *Status {
	s := &Status{class: c, screens: screens, join: join}
	s.keys = kit.NewKeymap(kit.InClass, &s.dialogs, func(reason string) { s.notice = reason }, kit.Bindings{
		"up":        kit.Act(func() { s.scroll(-1) }),
		"down":      kit.Act(func() { s.scroll(1) }),
		"page-up":   kit.Act(func() { s.scroll(-10) }),
		"page-down": kit.Act(func() { s.scroll(10) }),
		"take-copy": kit.Unavailable("A guest takes a copy; this screen is the teacher's"),
		"cast":      kit.Unavailable("A guest votes while the presenter asks; this screen is the teacher's"),
		"back":      kit.Act(s.leave),
		"quit":      kit.Simple(s.quit),
	})
	return s
}

// Section is the class on the teacher's Home.
func (c *Class) Section(join []string) func(*kit.ScreenStack) home.Section {
	return func(screens *kit.ScreenStack) home.Section {
		return home.Listed(func() []home.Group {
			here, _, _ := c.Guests()
			return []home.Group{{Top: true, Entries: []home.Entry{{Name: statusName, Note: kit.Count(len(here), "guest") + ", and how to come in",
				Open: kit.Opening{Name: statusName, Read: func() (func() error, error) {
					return func() error { screens.Open(NewStatus(c, screens, join)); return nil }, nil
				}}}}}}
		})
	}
}

// Title of the screen.
func (s *Status) Title() string { return statusName }

func (s *Status) scroll(by int) { s.top = max(0, s.top+by) }

func (s *Status) leave() {
	left := s.screens.Left
	s.screens.Back()
	s.screens.Left = left
}

// quit asks first while somebody is there: they would be sent home.
func (s *Status) quit() tea.Cmd {
	here, _, _ := s.class.Guests()
	if len(here) == 0 {
		return kit.Quit(s.screens, &s.dialogs)
	}
	m := &kit.Menu{Title: "Leave?", Intro: []string{kit.Count(len(here), "guest") + " would be sent home, each with their answers."},
		Items: []kit.Item{{Key: "q", Text: "end the class and leave"}, {Key: "n", Text: "stay"}}}
	return s.dialogs.Show(m, func(r kit.Reply) tea.Cmd {
		if r.Chosen == 0 {
			return tea.Quit
		}
		return nil
	})
}

// HandleKey carries out an action.
func (s *Status) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	s.notice = ""
	return s.dialogs.Keys(k, func(k tea.KeyPressMsg) tea.Cmd { return s.keys.HandleKey(k) })
}

// Mouse scrolls, and does what stands in the footer.
func (s *Status) Mouse(e tea.MouseMsg) tea.Cmd {
	m := e.Mouse()
	up := m.Button == tea.MouseWheelUp
	switch e.(type) {
	case tea.MouseWheelMsg:
		if s.dialogs.Open() {
			return s.dialogs.Wheel(up)
		}
		s.scroll(map[bool]int{true: -1, false: 1}[up])
	case tea.MouseClickMsg:
		if s.dialogs.Open() {
			return s.dialogs.Click(m.X, m.Y)
		}
		if m.Y == s.footRow {
			return s.keys.Click(s.foot, m.X)
		}
	}
	return nil
}

// Animating: guests come and go.
func (s *Status) Animating() bool { return true }

// Tick looks about once a second.
func (s *Status) Tick(at time.Time) bool {
	if at.Sub(s.looked) < time.Second {
		return false
	}
	s.looked = at
	return true
}

// Draw lists who is there.
func (s *Status) Draw(w, h int) (string, *tea.Cursor) {
	t := s.screens.Theme
	here, came, refused := s.class.Guests()
	following, answered, right := 0, 0, 0
	for _, g := range here {
		answered, right = answered+g.Answered, right+g.Right
		if g.Follows {
			following++
		}
	}
	tally := kit.Count(came, "guest") + " so far"
	if refused > 0 {
		tally += ", " + strconv.Itoa(refused) + " found no place"
	}
	rows := []string{kit.NewLine(t, w).Text(" ").Add(kit.Strong, statusName).Right(kit.Dim, tally, w-1).String(), kit.Blanks(w)}
	for _, line := range s.join {
		for _, part := range kit.Wrap(line, max(1, w-2)) {
			rows = append(rows, kit.NewLine(t, w).Text(" "+part).String())
		}
	}
	shown := "Nothing is shown to the class: open a lab or a lesson."
	if s.class.stage.shows() {
		s.class.stage.smu.Lock()
		shown = "Shown to the class: " + s.class.stage.title + "."
		s.class.stage.smu.Unlock()
	}
	rows = append(rows, kit.Blanks(w), kit.NewLine(t, w).Text(" ").Add(kit.Info, kit.Cut(shown, w-2)).String(),
		kit.NewLine(t, w).Text(" ").Add(kit.Strong, kit.Cut(fmt.Sprintf("%s here, %d following, %s, %d right", kit.Count(len(here), "guest"), following, kit.Count(answered, "answer"), right), w-2)).String())
	room := max(0, h-1-len(rows))
	s.top = max(0, min(s.top, len(here)-room))
	now := s.class.o.Now()
	for _, g := range here[s.top:min(len(here), s.top+room)] {
		l := kit.NewLine(t, w).Text(" ").Right(kit.Dim, strconv.Itoa(g.N), 5).Text("  ")
		where := g.Where
		if g.Follows {
			where = "follows you"
		}
		work := ""
		if g.Answered > 0 {
			work = fmt.Sprintf("%d of %d right", g.Right, g.Answered)
		}
		if g.Lessons > 0 {
			work = strings.TrimPrefix(work+", "+kit.Count(g.Lessons, "lesson"), ", ")
		}
		l.Text(kit.Cut(where, max(8, w-48))).PadTo(max(16, w-40)).Text(kit.Cut(work, 24)).Right(kit.Dim, g.By+" "+minutes(now.Sub(g.Since)), w-1)
		rows = append(rows, l.String())
	}
	for len(rows) < h-1 {
		rows = append(rows, kit.Blanks(w))
	}
	rows = rows[:max(0, h-1)]
	s.footRow = len(rows)
	foot := ""
	if s.notice != "" {
		foot, s.foot = kit.NewLine(t, w).Text(" ").Add(kit.Strong, kit.Cut(s.notice, w-2)).String(), nil
	} else {
		foot, s.foot = kit.Footer(t, w, []kit.Hint{kit.HintOf("back", "what you present, and Home"), kit.HintPair("up", "down", "guests"), kit.HintOf("help", "keys"), kit.HintOf("quit", "end the class")})
	}
	rows = append(rows, foot)
	cursor := s.dialogs.Draw(t, rows, w)
	return strings.Join(rows, "\n"), cursor
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d.Minutes())) + " min" }
