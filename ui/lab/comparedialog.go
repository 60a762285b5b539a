package lab

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"esmlab/engine/inspect"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// compareDialog shows two runs of one scenario and seed at the same instant, on the whole
// screen: the settings in which they differ, what differs first, their figures, plots and
// lanes. Where there is no room for it, a sentence and the figures that differ.
type compareDialog struct {
	m     *Lab
	other *timeline.Run
	at    uint64 // version of the timeline that was compared
	c     inspect.Comparison
	first firstDifference
	none  string // where a difference was sought in vain, until the next key
}

// compare shows this run beside another: the branch of that index, the newest one
// (-1), or, if there is none, the run nobody touched.
func (m *Lab) compare(branch int) tea.Cmd {
	list := m.otherRuns()
	if branch < 0 {
		branch = len(list) - 1
	}
	run := m.tl.Baseline()
	if branch >= 0 && branch < len(list) {
		run = list[branch]
	}
	s := &compareDialog{m: m, other: run}
	s.look()
	return m.dialogs.Show(s, func(kit.Reply) tea.Cmd {
		m.tl.Alone()
		return nil
	})
}

// look takes the other run to this one's instant, and compares them.
func (s *compareDialog) look() {
	if s.at == s.m.tl.Version() {
		return
	}
	s.m.tl.CompareWith(s.other)
	s.c = inspect.Compare(s.m.tl.Run, s.other, s.m.at)
	s.at = s.m.tl.Version()
}

// HandleKey moves both runs in time, or leaves. tab compares with the next run, enter goes
// on with the other one. Keys that say nothing here are passed on.
func (s *compareDialog) HandleKey(k tea.KeyPressMsg) kit.Reply {
	stay := kit.Reply{Chosen: -1}
	s.none = ""
	if a := kit.ActionOf(kit.InLab, k.String()); a != nil {
		switch a.ID {
		case "pane-next":
			all := append(s.m.otherRuns(), s.m.tl.Baseline())
			i := slices.Index(all, s.other)
			s.other, s.at, s.first = all[(i+1)%len(all)], 0, firstDifference{}
			return stay
		case "inside":
			if i := slices.Index(s.m.tl.Runs(), s.other); i >= 0 {
				now := s.m.tl.Now()
				s.m.setRunning(false)
				s.m.tl.Switch(i)
				s.m.tl.Seek(now)
				s.m.forget()
			}
		case "cause", "cause-back":
			s.toDifference(a.ID == "cause-back")
			return stay
		case "why":
			s.m.dialogs.Show(s.why(), nil)
			return stay
		case "stop", "next", "prev", "raw", "start", "newest":
			s.m.keys.Run(a.ID, kit.Invocation{})
			return stay
		}
	}
	return kit.Reply{Close: true, Done: true, Chosen: -1, Pass: !slices.Contains([]string{"esc", "enter", "q"}, k.String())}
}

// Draw shows the sentence and the figures that differ.
func (s *compareDialog) Draw(t *kit.Theme, w, h int) ([]string, int, int) {
	s.look()
	if w < 24 || h < 8 {
		return (&kit.Card{Title: "Two runs", Body: []kit.Para{{Text: s.c.Sentence}}}).Draw(t, w, h)
	}
	f := kit.Frame{Title: s.title(), Legend: kit.WithKeys("{prev}{next} both · {cause} next difference · {pane-next} another run · esc back"), Focused: true, Boxed: true}
	iw, ih := f.Inner(w, h)
	var rows []string
	for _, l := range kit.Wrap(s.c.Sentence, iw-2) {
		rows = append(rows, kit.Fit(" "+t.Paint(kit.Strong, l), iw))
	}
	rows = append(rows, s.table(t, iw)...)
	if len(rows) > ih {
		hidden := len(rows) - ih + 1
		rows = append(rows[:ih-1], kit.Fit(t.Paint(kit.Dim, " +"+itoa(hidden)+" more"), iw))
	}
	return f.Draw(t, rows, w, min(h, len(rows)+2)), -1, -1
}

func (s *compareDialog) title() string {
	return "Two runs, seed " + uitoa(s.m.sim().Config().Seed) + ", at " + pane.Clock(s.m.tl.Now())
}

// table lists the figures that differ.
func (s *compareDialog) table(t *kit.Theme, w int) []string {
	if s.c.Equal() {
		return nil
	}
	col := min(30, w*2/5)
	rows := []string{kit.NewLine(t, w).Text(" ").PadTo(col).Right(kit.Info, s.m.tl.Name(), col+10).Right(kit.Info, s.other.Name(), col+24).String()}
	for _, r := range s.c.Rows {
		rows = append(rows, kit.NewLine(t, w).Text(" "+kit.Cut(r.Name, col-1)).Right(kit.Strong, r.A, col+10).Right(kit.Plain, r.B, col+24).String())
	}
	return rows
}
