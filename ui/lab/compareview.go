package lab

import (
	"cmp"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// firstDifference is where the events of two runs part, and what each says there.
type firstDifference struct {
	at     engine.Micros
	a, b   string
	found  bool
	looked uint64 // version of the timeline that was looked at
}

// ctxOf is what the panes of a run are drawn from.
func (s *compareDialog) ctxOf(r *timeline.Run, t *kit.Theme) *pane.Ctx {
	c := &pane.Ctx{S: r.Sim(), M: s.m.at, History: r.History(), Theme: t, Long: true, End: s.m.sliderEnd()}
	for _, d := range r.Commands() {
		c.Commands = append(c.Commands, d.At)
	}
	return c
}

// Fill draws the comparison on the whole screen; false: there is no room for it.
func (s *compareDialog) Fill(t *kit.Theme, rows []string, w int) bool {
	h := len(rows)
	if w < 110 || h < 30 {
		return false
	}
	s.look()
	s.findFirst()
	v := &pane.Versus{A: s.ctxOf(s.m.tl.Run, t), B: s.ctxOf(s.other, t), NameA: s.m.tl.Name(), NameB: s.other.Name()}
	y := 2
	put := func(f kit.Frame, text []string, x, w, h int) {
		f.Boxed = true
		for i, row := range f.Draw(t, text, w, h) {
			if x == 0 {
				rows[y+i] = row
			} else {
				rows[y+i] += row
			}
		}
	}
	l := kit.NewLine(t, w).Text(" ").Add(kit.Dim, "esmlab").Text("  ").Add(kit.Strong, s.m.sc.Name).Text("   two runs, one seed   ").Add(kit.Info, s.m.mappingID())
	rows[0] = l.Right(kit.Plain, "t "+pane.Clock(s.m.tl.Now())+"   seed "+kit.Cut(uitoa(s.m.sim().Config().Seed), 20)+"   ? keys", w-1).String()
	sign, style := "▲", kit.Bad
	if s.c.Same {
		sign, style = "●", kit.Good
	}
	rows[1] = kit.NewLine(t, w).Text(" ").Add(style, sign).Text(" ").Add(kit.Strong, kit.Pick(w-4, s.headlines(v)...)).String()
	left := w * 35 / 100
	settings, same := v.Settings(left-2, 3)
	put(kit.Frame{Title: "5 Settings that differ", Aside: "same: " + itoa(same)}, settings, 0, left, 5)
	title, text := s.firstRows(t, w-left-2)
	put(kit.Frame{Title: title, Aside: cmp.Or(s.none, kit.WithKeys("{cause} the next difference"))}, text, left, w-left, 5)
	y += 5
	table, what := v.Table(w-2), "record"
	if s.m.queue() >= 0 {
		what = "message"
	}
	put(kit.Frame{Title: "What became of " + kit.Count(int(v.A.Totals().Put), what) + ", at " + pane.Secs(s.m.tl.Now()), Aside: "A ▌ solid  B ░ shaded",
		Legend: "Δ is A − B · better or worse is said in words, never by colour"}, table, 0, w, len(table)+2)
	y += len(table) + 2
	room := h - 2 - y // the slider and the footer
	plots := room
	if room >= 14 {
		plots = max(8, room*15/28)
	}
	k := pane.ViewState{W: w - 2, Axis: s.m.axis(), Full: false}
	k.Axis.Gutter, k.Axis.Cells = 13, w-16
	k.H = plots - 2
	put(kit.Frame{Title: "7 Metrics, one over the other", Legend: "A ⣀ line  B ⠂ dots: age of the oldest not finished, and what waits"}, v.Plots(k), 0, w, plots)
	y += plots
	if k.H = h - 2 - y - 2; k.H >= 4 {
		put(kit.Frame{Title: "8 Timeline, one under the other", Aside: "▒ here they differ", Legend: v.A.LaneLegend(w - 6)}, v.Lanes(k), 0, w, k.H+2)
		y += k.H + 2
	}
	for ; y < h-2; y++ {
		rows[y] = kit.Blanks(w)
	}
	band := s.m.lay.Band
	s.m.lay.Band = true
	zoom := s.m.zoom
	s.m.zoom = 0
	rows[h-2] = s.m.sliderRow()
	s.m.lay.Band, s.m.zoom = band, zoom
	rows[h-1] = kit.NewLine(t, w).Text(" ").Add(kit.Key, kit.WithKeys("{prev}{next}")).Text(" both  ").Add(kit.Key, kit.WithKeys("{cause}")).Text(" next difference  ").
		Add(kit.Key, kit.WithKeys("{pane-next}")).Text(" another run  ").Add(kit.Key, kit.WithKeys("{inside}")).Text(" go on with it │ ").Add(kit.Key, "esc").Text(" back").String()
	return true
}

// headlines say how the runs differ: the facts first, then by what.
func (s *compareDialog) headlines(v *pane.Versus) []string {
	who := "A, " + v.NameA + ", against B, " + v.NameB + ": "
	by, facts, ok := strings.Cut(s.c.Sentence, ": ")
	if !ok {
		return []string{who + s.c.Sentence}
	}
	return []string{who + facts + ". A has " + by, who + facts, facts}
}

// firstRows say where the runs first differ, and what each did last.
func (s *compareDialog) firstRows(t *kit.Theme, w int) (title string, rows []string) {
	row := func(who, text string, at engine.Micros) {
		stamp := pane.Clock(at)
		rows = append(rows, kit.NewLine(t, w).Text(" ").Add(kit.Info, who).Text("  "+kit.Cut(text, w-6-len(stamp))).Right(kit.Dim, stamp, w-1).String())
	}
	title = "6 Nothing that is told differs yet"
	switch {
	case s.c.Same:
		title = "6 They do not differ: no command tells one from the other"
	case s.first.found:
		title = "6 First they differ at " + pane.Secs(s.first.at)
		row("A", s.first.a, s.first.at)
		row("B", s.first.b, s.first.at)
	}
	a, b := s.latest(s.m.tl.Run), s.latest(s.other)
	if len(rows) == 0 {
		row("A", "now: "+a, s.m.tl.Now())
		row("B", "now: "+b, s.m.tl.Now())
		return title, rows
	}
	half := (w - 10) / 2
	rows = append(rows, kit.NewLine(t, w).Add(kit.Dim, " last  ").Add(kit.Info, "A").Text("  "+kit.Clip(a, half-5)).PadTo(7+half).Add(kit.Info, "B").Text("  "+kit.Clip(b, half-5)).String())
	return title, rows
}

// latest is the newest line of a run's story.
func (s *compareDialog) latest(r *timeline.Run) string {
	if list := s.ctxOf(r, s.m.screens.Theme).Stories(0, 1, ""); len(list) > 0 {
		return list[0].Text
	}
	return "nothing"
}

// mostCompared is how many events of each run are looked through for the first
// difference.
const mostCompared = 20000

// findFirst looks for the first line of the story that differs, from the first command in
// which the runs differ on.
func (s *compareDialog) findFirst() {
	now, version := s.m.tl.Now(), s.m.tl.Version()
	switch {
	case s.first.found && s.first.at <= now:
		return
	case s.first.looked == version || s.m.running && s.first.looked != 0: // while time runs it is not sought in each frame
		return
	}
	s.first = firstDifference{looked: version}
	from := engine.Micros(engine.Never)
	for _, d := range slices.Concat(s.c.OnlyA, s.c.OnlyB) {
		from = min(from, d.At)
	}
	if from == engine.Never {
		return
	}
	collect := func(r *timeline.Run) (out []engine.Event) {
		r.Replay(from, func(_ *engine.Sim, e *engine.Event) bool {
			if e.Applied == nil && timeline.StopOf(e) != timeline.Raw {
				out = append(out, *e)
			}
			return len(out) < mostCompared
		})
		return out
	}
	a, b := s.lines(s.m.tl.Run, collect(s.m.tl.Run)), s.lines(s.other, collect(s.other))
	for i := range max(len(a), len(b)) {
		x, y := storyLine{now, "nothing yet"}, storyLine{now, "nothing yet"}
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			s.first.at, s.first.found = min(x.at, y.at), true
			s.first.a, s.first.b = x.text, y.text
			if x.at > y.at {
				s.first.a += ", at " + pane.Secs(x.at)
			} else if y.at > x.at {
				s.first.b += ", at " + pane.Secs(y.at)
			}
			return
		}
	}
}

// storyLine is a line of a run's story.
type storyLine struct {
	at   engine.Micros
	text string
}

// lines are what the events of a run say, oldest first.
func (s *compareDialog) lines(r *timeline.Run, events []engine.Event) (out []storyLine) {
	n := &narrate.Narrator{World: r.Sim(), Short: true, Shown: true, Mapping: s.m.at, Own: func(int64) bool { return false }}
	lines := n.Read()
	for i := len(events) - 1; i >= 0; i-- {
		if l, ok := lines.Line(events, i); ok {
			out = append(out, storyLine{events[i].At, l.Text})
		}
	}
	slices.Reverse(out)
	return out
}
