package quiz

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"esmlab/ui/kit"
)

// screen is what the screens of the quiz have in common: a header, a headline,
// a page that scrolls, a footer.
type screen struct {
	kit.BaseScreen
	screens *kit.ScreenStack
	o       *Options
	dialogs kit.DialogStack
	notice  string // in the headline's place until the next key
	top     int    // first row of the page that is seen
	at      int    // first row of the page on the screen
	seen    *page
	hints   []kit.Hint
	room    int
	left    int // column of the page
}

// widest is how wide text gets: longer lines are hard to read.
const widest = 88

// column is where the page stands on a screen of w cells.
func column(w int) (left, width int) {
	switch {
	case w < 40:
		return min(1, w-1), max(1, w-2)
	case w < widest+8:
		return 2, w - 4
	}
	return (w - widest) / 2, widest
}

// headline is the row that is looked at first.
type headline struct {
	sign  string
	style kit.Style
	text  []string // from long to short
}

// head are the words of the header, what matters least last.
type header struct{ title, where, right string }

// draw makes a frame.
func (s *screen) draw(w, h int, top header, news headline, p *page, hints []kit.Hint) (string, *tea.Cursor) {
	if w < 1 || h < 1 {
		return "", nil
	}
	t := s.screens.Theme
	if s.notice != "" {
		news = headline{"▸", kit.Info, []string{s.notice}}
	}
	rows := []string{s.header(top, w)}
	if h >= 3 {
		l := kit.NewLine(t, w).Text(" ").Add(news.style, news.sign).Text(" ")
		rows = append(rows, l.Add(kit.Strong, kit.Pick(max(0, w-l.Col()-1), append(news.text, "")[:max(1, len(news.text))]...)).String())
	}
	if h >= 14 {
		rows = append(rows, t.Paint(kit.Dim, strings.Repeat("─", w)), kit.Blanks(w))
	}
	foot := 0
	if h >= 4 {
		foot = 1
	}
	if h >= 16 {
		foot = 2
	}
	s.at, s.room, s.seen, s.hints = len(rows), max(0, h-len(rows)-foot), p, hints
	var width int
	s.left, width = column(w)
	if p.keep >= 0 && s.room > 0 { // what must be seen
		s.top = min(max(s.top, p.keep-s.room+1), p.keep)
	}
	s.top = max(0, min(s.top, len(p.rows)-s.room))
	for i := range s.room {
		y := s.top + i
		switch {
		case y >= len(p.rows):
			rows = append(rows, kit.Blanks(w))
		default:
			rows = append(rows, kit.Fit(kit.Blanks(s.left)+kit.Fit(p.rows[y], width), w))
		}
	}
	if below := len(p.rows) - s.top - s.room; below > 0 && s.room > 0 { // where more is to come, say so
		s.more(rows, s.at+s.room-1, "↓ "+kit.Count(below, "row")+" more", w)
	}
	if s.top > 0 && s.room > 1 {
		s.more(rows, s.at, "↑ "+kit.Count(s.top, "row"), w)
	}
	if foot == 2 {
		rows = append(rows, kit.Blanks(w))
	}
	if foot > 0 {
		rows = append(rows, kit.Footer(t, w, hints))
	}
	cursor := s.dialogs.Draw(t, rows, w)
	if !s.dialogs.Open() && p.y >= s.top && p.y < s.top+s.room {
		cursor = tea.NewCursor(min(w-1, s.left+p.x), s.at+p.y-s.top)
		cursor.Blink, cursor.Shape = false, tea.CursorUnderline
	}
	return strings.Join(rows, "\n"), cursor
}

// more lays a note on how much is not seen over the end of a row.
func (s *screen) more(rows []string, y int, text string, w int) {
	if w >= 40 {
		kit.Overlay(rows[y:y+1], []string{s.screens.Theme.Paint(kit.Dim, " "+text+" ")}, w-kit.Width(text)-3, 0)
		rows[y] = kit.Fit(rows[y], w)
	}
}

func (s *screen) header(top header, w int) string {
	l := kit.NewLine(s.screens.Theme, w).Text(" ")
	if w >= 100 {
		l.Add(kit.Dim, "esmlab").Text("  ")
	}
	tail := "? keys"
	if long := top.right + "   ? keys"; top.right != "" && kit.Width(long)+kit.Width(top.title)+l.Col()+3 <= w {
		tail = long
	}
	room := max(0, w-l.Col()-kit.Width(tail)-2)
	l.Add(kit.Strong, kit.Cut(top.title, room))
	if room -= kit.Width(top.title) + 3; top.where != "" && room > 8 {
		l.Text("   ").Add(kit.Info, kit.Cut(top.where, room))
	}
	return l.Right(kit.Plain, tail, w-1).String()
}

// scroll moves the page.
func (s *screen) scroll(by int) {
	s.top = max(0, s.top+by)
	if s.seen != nil {
		s.top = max(0, min(s.top, len(s.seen.rows)-s.room))
	}
}

// clicked gives the option and the hint at a cell; -1 and "" where there is
// none. The option -1 may also be "don't know": known tells.
func (s *screen) clicked(x, y int) (option int, known bool, hint string) {
	if s.seen == nil {
		return 0, false, ""
	}
	if at := y - s.at; at >= 0 && at < s.room {
		option, known = s.seen.option[s.top+at]
		return option, known, ""
	}
	if y < s.at+s.room {
		return 0, false, ""
	}
	col := 1
	for i, h := range s.hints {
		if i > 0 {
			col += 2
		}
		end := col + kit.Width(h.Key) + 1 + kit.Width(h.Text)
		if x >= col && x < end {
			return 0, false, h.Key
		}
		col = end
	}
	return 0, false, ""
}

// press gives a key by its name to a screen, as the help and the mouse do.
func pressed(s kit.Screen, key string) tea.Cmd {
	switch key {
	case "enter":
		return s.HandleKey(tea.KeyPressMsg{Code: tea.KeyEnter})
	case "space":
		return s.HandleKey(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})
	case "tab":
		return s.HandleKey(tea.KeyPressMsg{Code: tea.KeyTab})
	case "esc":
		return s.HandleKey(tea.KeyPressMsg{Code: tea.KeyEscape})
	case "up":
		return s.HandleKey(tea.KeyPressMsg{Code: tea.KeyUp})
	case "down":
		return s.HandleKey(tea.KeyPressMsg{Code: tea.KeyDown})
	case "left", "←":
		return s.HandleKey(tea.KeyPressMsg{Code: tea.KeyLeft})
	case "right", "→":
		return s.HandleKey(tea.KeyPressMsg{Code: tea.KeyRight})
	case "pgdown":
		return s.HandleKey(tea.KeyPressMsg{Code: tea.KeyPgDown})
	case "pgup":
		return s.HandleKey(tea.KeyPressMsg{Code: tea.KeyPgUp})
	}
	if r := []rune(key); len(r) == 1 {
		return s.HandleKey(tea.KeyPressMsg{Code: r[0], Text: key})
	}
	return nil
}

// mouse is the wheel, and clicks on options and on the footer.
func (s *screen) mouse(self kit.Screen, msg tea.MouseMsg, option func(int) tea.Cmd) tea.Cmd {
	e := msg.Mouse()
	switch msg.(type) {
	case tea.MouseWheelMsg:
		up := e.Button == tea.MouseWheelUp
		if s.dialogs.Open() {
			return s.dialogs.Wheel(up)
		}
		s.scroll(map[bool]int{true: -3, false: 3}[up])
	case tea.MouseClickMsg:
		if s.dialogs.Open() {
			return s.dialogs.Click(e.X, e.Y)
		}
		i, known, hint := s.clicked(e.X, e.Y)
		if hint != "" {
			return pressed(self, hint)
		}
		if known && option != nil {
			return option(i)
		}
	}
	return nil
}

// help lists what works here; enter does it.
func (s *screen) help(self kit.Screen, works func(id string) bool) tea.Cmd {
	var items []kit.Item
	var keys []string
	for i := range kit.Actions {
		a := &kit.Actions[i]
		if a.In&kit.InQuiz == 0 || a.ID == "help" || a.ID == "palette" || !works(a.ID) {
			continue
		}
		items = append(items, kit.Item{Key: kit.Fit(a.Label, 6), Text: kit.Fit(a.Word, 14), Note: a.Does, Find: a.ID + " " + a.Also()})
		keys = append(keys, a.Keys[0])
	}
	return s.dialogs.Show(&kit.List{Title: "What works here", Items: items, Foot: "type to search · enter does it · esc back"}, func(r kit.Reply) tea.Cmd {
		if r.Chosen < 0 {
			return nil
		}
		if keys[r.Chosen] == "ctrl+c" {
			return tea.Quit
		}
		return pressed(self, keys[r.Chosen])
	})
}

// quit leaves the program; it asks where something would be lost.
func (s *screen) quit() tea.Cmd {
	lost := s.screens.Unsaved()
	if lost == "" {
		return tea.Quit
	}
	return s.dialogs.Show(&kit.Menu{Title: "Leave?", Intro: []string{lost}, Items: []kit.Item{{Key: "q", Text: "leave"}, {Key: "n", Text: "stay"}}},
		func(r kit.Reply) tea.Cmd {
			if r.Chosen == 0 {
				return tea.Quit
			}
			return nil
		})
}

// Unsaved tells of answers that are not on disk.
func (s *screen) Unsaved() string {
	if n := s.o.Store.Unsaved(); n > 0 {
		_ = s.o.Store.Flush() // it may work by now
		if n = s.o.Store.Unsaved(); n > 0 {
			return kit.Count(n, "line") + " of progress could not be saved and would be lost."
		}
	}
	return ""
}

// Update takes a pasted text for the dialog on top.
func (s *screen) Update(msg tea.Msg) tea.Cmd {
	if p, ok := msg.(tea.PasteMsg); ok {
		return s.dialogs.Paste(p.Content)
	}
	return nil
}
