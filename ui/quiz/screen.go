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
	keys    *kit.Keymap
	shows   func() *Entry // the question that is on the screen; nil: there is never one
	notice  string        // in the headline's place until the next key
	top     int           // first row of the page that is seen
	at      int           // first row of the page on the screen
	seen    *page
	hits    []kit.Hit // where the footer's actions stand
	foot    int       // the footer's row; -1 there is none
	room    int
	left    int // column of the page

	saving  bool      // something was written that is not known to be on disk
	unsaved error     // why the last write is not on disk
	pause   *kit.Wait // until it is; nil: nobody waits
	then    func()    // what waits
}

// wrote records the outcome of a write to the store, so that it is flushed.
func (s *screen) wrote(err error) {
	s.saving, s.unsaved = err == nil && s.o.Store.Unsaved() > 0, err
}

// saved calls a function once everything written is on disk, because the next
// question then counts as asked. Where it cannot be saved the quiz goes on all the
// same, and says so.
func (s *screen) saved(then func()) {
	if !s.saving {
		then()
		return
	}
	s.pause, s.then = s.screens.BeginWait("saving"), then
}

// flushed takes the news of a Flush.
func (s *screen) flushed(msg kit.SavedMsg) {
	if !s.saving || msg.Err == nil && s.o.Store.Unsaved() > 0 { // written after that Flush: there is another one
		return
	}
	s.saving, s.unsaved = false, msg.Err
	pause, then := s.pause, s.then
	if s.pause, s.then = nil, nil; s.screens.EndWait(pause) {
		then()
	}
}

// bind gives the screen its actions.
func (s *screen) bind(actions kit.Bindings) {
	s.keys = kit.NewKeymap(kit.InQuiz, &s.dialogs, func(reason string) { s.notice = reason }, actions)
	add := func(id string, b kit.Binding) {
		if _, ok := actions[id]; !ok {
			actions[id] = b
		}
	}
	add("up", kit.Act(func() { s.scroll(-1) }))
	add("down", kit.Act(func() { s.scroll(1) }))
	add("page-up", kit.Act(func() { s.scroll(-max(1, s.room-2)) }))
	add("page-down", kit.Act(func() { s.scroll(max(1, s.room-2)) }))
	s.keys.Handlers = kit.Handlers{"poll": {Do: func([]string) tea.Cmd { return s.poll() }}}
	add("quit", kit.Simple(func() tea.Cmd { return kit.Quit(s.screens, &s.dialogs) }))
}

// HandleKey gives a key to the dialog on top, or carries out its action.
func (s *screen) HandleKey(k tea.KeyPressMsg) tea.Cmd {
	return s.dialogs.Keys(k, func(k tea.KeyPressMsg) tea.Cmd {
		s.notice = ""
		return s.keys.HandleKey(k)
	})
}

// poll puts the question on the screen to a class: vote, talk, vote again, run it.
func (s *screen) poll() tea.Cmd {
	var e *Entry
	if s.shows != nil {
		e = s.shows()
	}
	switch {
	case e == nil:
		s.notice = "No question is on the screen: open a card first"
	case s.o.Poll == nil:
		s.notice = "No class can be asked from here"
	case e.item != nil:
		s.notice = "This question cannot be a poll: it was made for you by a drill"
	default:
		return s.screens.Load(s.o.Poll(s.screens, e.Card, e.Prover), s.showError)
	}
	return nil
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

// rowsAround are the rows of a screen of h rows above a page, and below it.
func rowsAround(h int) (head, foot int) {
	switch {
	case h >= 16:
		return 4, 2
	case h >= 14:
		return 4, 1
	case h >= 4:
		return 2, 1
	case h >= 3:
		return 2, 0
	}
	return 1, 0
}

// pageRoom is how many rows of a page a screen of h rows shows.
func pageRoom(h int) int {
	head, foot := rowsAround(h)
	return max(0, h-head-foot)
}

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
		rows = append(rows, t.Paint(kit.Rule, strings.Repeat("─", w)), kit.Blanks(w))
	}
	_, foot := rowsAround(h)
	s.at, s.room, s.seen, s.foot = len(rows), pageRoom(h), p, -1
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
		row, hits := kit.Footer(t, w, hints)
		s.foot, s.hits = len(rows), hits
		rows = append(rows, row)
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

// mouse is the wheel, and clicks on options and on the footer. option takes the
// place of an option from 0, -1 for "don't know"; nil: there are none.
func (s *screen) mouse(msg tea.MouseMsg, option func(int) tea.Cmd) tea.Cmd {
	e := msg.Mouse()
	switch msg.(type) {
	case tea.MouseWheelMsg:
		up := e.Button == tea.MouseWheelUp
		if s.dialogs.Open() {
			return s.dialogs.Wheel(up)
		}
		s.scroll(map[bool]int{true: -3, false: 3}[up])
	case tea.MouseClickMsg:
		switch at := e.Y - s.at; {
		case s.dialogs.Open():
			return s.dialogs.Click(e.X, e.Y)
		case s.seen == nil:
		case e.Y == s.foot:
			return s.keys.Click(s.hits, e.X)
		case at >= 0 && at < s.room && option != nil:
			if i, ok := s.seen.option[s.top+at]; ok {
				return option(i)
			}
		}
	}
	return nil
}

// chosen carries out the choice of an option by its place; -1 is "don't know".
func (s *screen) chosen(i int) tea.Cmd {
	if i < 0 {
		return s.keys.Run("unknown", kit.Invocation{})
	}
	return s.keys.Run("choose", kit.Invocation{N: i + 1})
}

// Unsaved reports answers that are not on disk and that a last Flush is unlikely to save.
func (s *screen) Unsaved() string {
	if n := s.o.Store.Unsaved(); n > 0 && s.o.Store.Failed() != nil {
		return kit.Count(n, "line") + " of progress could not be saved and would be lost."
	}
	return ""
}

// Update takes a pasted text for the dialog on top, and the news of what was
// written.
func (s *screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		return s.dialogs.Paste(msg.Content)
	case kit.SavedMsg:
		s.flushed(msg)
	}
	return nil
}

// update is Update, and says in the headline what could not be saved.
func (s *screen) update(msg tea.Msg) tea.Cmd {
	was := s.saving
	cmd := s.Update(msg)
	if was && !s.saving && s.unsaved != nil {
		s.notice = notSaved(s.unsaved)
	}
	return cmd
}
