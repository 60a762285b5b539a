package lab

import (
	"cmp"
	"slices"
	"strings"

	"esmlab/engine"
	"esmlab/engine/narrate"
	"esmlab/engine/rule"
	"esmlab/engine/timeline"
	"esmlab/ui/kit"
	"esmlab/ui/pane"
)

// firstDifference is where the events of two runs part, and what each says there.
type firstDifference struct {
	at     engine.Micros
	a, b   storyLine
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
	tail := s.m.speedText() + "   t " + pane.Clock(s.m.tl.Now()) + "   seed " + kit.Cut(uitoa(s.m.sim().Config().Seed), 20) + kit.WithKeys("   {help} keys")
	if reads := s.m.readsText()[len(s.m.mappingID()):]; l.Col()+kit.Width(reads)+kit.Width(tail)+3 < w {
		l.Text(reads)
	}
	rows[0] = l.Right(kit.Plain, tail, w-1).String()
	sign, style := "▲", kit.Bad
	if s.c.Same {
		sign, style = "●", kit.Good
	}
	why := kit.WithKeys("{why} why")
	rows[1] = kit.NewLine(t, w).Text(" ").Add(style, sign).Text(" ").Add(kit.Strong, kit.Pick(w-5-kit.Width(why), s.headlines(v)...)).Right(kit.Key, why, w-1).String()
	left := max(50, w*35/100) // a name of a setting and two values
	title, text := s.firstRows(t, w-left-2)
	settings, same := v.Settings(left-2, len(text))
	put(kit.Frame{Title: "5 Settings that differ", Aside: "same: " + itoa(same)}, settings, 0, left, len(text)+2)
	put(kit.Frame{Title: title, Aside: cmp.Or(s.none, kit.WithKeys("{cause} the next difference"))}, text, left, w-left, len(text)+2)
	y += len(text) + 2
	table, what := v.Table(w-2), "record"
	if s.m.queue() >= 0 {
		what = "message"
	}
	put(kit.Frame{Title: "What became of " + kit.Count(int(v.A.Totals().Put), what) + ", at " + pane.Secs(s.m.tl.Now()), Aside: "A ▌ solid  B ░ shaded",
		Legend: "Δ is A − B · better or worse is said in words, never by colour"}, table, 0, w, len(table)+2)
	y += len(table) + 2
	room := h - 2 - y // the slider and the footer
	plots := room
	if room >= 12 {
		plots = max(6, room*15/28, room-2-v.LaneRows())
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
		Add(kit.Key, kit.WithKeys("{pane-next}")).Text(" another run  ").Add(kit.Key, kit.WithKeys("{inside}")).Text(" go on with it │ ").
		Add(kit.Key, kit.WithKeys("{copy}")).Text(" copy  ").Add(kit.Key, kit.WithKeys("{why}")).Text(" why  ").Add(kit.Key, "esc").Text(" back").String()
	return true
}

// headlines say how the runs differ: what became of the records of each, else the figures,
// and by what.
func (s *compareDialog) headlines(v *pane.Versus) []string {
	who := "A, " + v.NameA + ", against B, " + v.NameB + ": "
	by, facts, ok := strings.Cut(s.c.Sentence, ": ")
	if !ok {
		return []string{who + s.c.Sentence}
	}
	a, b := v.A.Totals(), v.B.Totals()
	if a.Discarded == b.Discarded && a.Done == b.Done {
		return []string{who + facts + ". A has " + by, who + facts, facts}
	}
	held := func(c *pane.Ctx, t *pane.Totals) string {
		n := t.Batch + t.Wait
		if n == 0 {
			return "nothing held"
		}
		return kit.Thousands(int(n)) + " held, the oldest for " + pane.Secs(c.Oldest())
	}
	A, B := strings.ToUpper(v.NameA), kit.Capitalize(v.NameB)
	if s.other == s.m.tl.Baseline() {
		B = "The untouched run"
	}
	doneA, doneB := kit.Thousands(int(a.Done)), kit.Thousands(int(b.Done))
	if a.Discarded == b.Discarded {
		return []string{A + " IS DONE WITH " + doneA + ", " + held(v.A, &a) + ". " + B + " is done with " + doneB + ": " + held(v.B, &b) + ".",
			A + " IS DONE WITH " + doneA + ". " + B + " is done with " + doneB + ": " + held(v.B, &b) + ".", facts}
	}
	nA, nB := s.givenUp(v.A, a.Discarded), s.givenUp(v.B, b.Discarded)
	return []string{A + strings.ToUpper(nA) + " AND IS DONE WITH " + doneA + ". " + B + strings.TrimSuffix(nB, ",") + ": " + doneB + " done, " + held(v.B, &b) + ".",
		A + strings.ToUpper(nA) + " AND IS DONE WITH " + doneA + ". " + B + strings.TrimSuffix(nB, ",") + ": " + doneB + " done.", facts}
}

// givenUp says how many records were given up, or how many messages moved to the DLQ, and
// which if it is one.
func (s *compareDialog) givenUp(c *pane.Ctx, n int64) string {
	verb, what, to := " gave up ", "record", ""
	if s.m.queue() >= 0 {
		verb, what, to = " moved ", "message", " to the DLQ"
	}
	if n == 0 {
		return verb + "none" + to
	}
	text := verb + kit.Count(int(n), what) + to
	if one := c.GivenUp(); n == 1 && one != "" {
		text += ", " + one + ","
	}
	return text
}

// firstRows say where the runs first differ, and what each did last. No text is cut: what has
// no room in a row has two.
func (s *compareDialog) firstRows(t *kit.Theme, w int) (title string, rows []string) {
	row := func(who, text string, at engine.Micros) {
		stamp := pane.Stamp(at)
		for i, part := range kit.Wrap(text, w-7-len(stamp)) {
			l := kit.NewLine(t, w)
			if i == 0 {
				l.Text(" ").Add(kit.Info, who)
			}
			if l.PadTo(4).Text(part); i == 0 {
				l.Right(kit.Dim, stamp, w-1)
			}
			rows = append(rows, l.String())
		}
	}
	title = "6 Nothing that is told differs yet"
	switch {
	case s.c.Same:
		title = "6 They do not differ: no command tells one from the other"
	case s.first.found:
		title = "6 First they differ at " + pane.Secs(s.first.at)
		row("A", s.first.a.text, s.first.a.at)
		row("B", s.first.b.text, s.first.b.at)
	}
	a, b := s.latest(s.m.tl.Run), s.latest(s.other)
	if len(rows) == 0 {
		row("A", strings.TrimSpace("now: "+a.Mark+" "+a.Text), a.At)
		row("B", strings.TrimSpace("now: "+b.Mark+" "+b.Text), b.At)
		return title, append(rows, kit.Blanks(w))
	}
	half := (w - 7) / 2
	cut := func(x *pane.Story) bool {
		return strings.HasSuffix(kit.Clip(x.Text, half-9-len(pane.Stamp(x.At))), "…")
	}
	apart := cut(&a) || cut(&b) // a row each
	l := kit.NewLine(t, w).Add(kit.Dim, " last ")
	for i, x := range []*pane.Story{&a, &b} {
		at, end := 7+i*half, 7+(i+1)*half
		if apart {
			if i == 1 {
				rows = append(rows, l.String())
				l = kit.NewLine(t, w)
			}
			at, end = 7, w
		}
		stamp := "  " + pane.Stamp(x.At)
		l.PadTo(at).Add(kit.Info, string(rune('A'+i))).Text("  ")
		if x.Mark != "" {
			l.Add(x.Style, x.Mark).Text(" ")
		}
		l.Text(kit.Clip(x.Text, end-l.Col()-len(stamp)-2)).Add(kit.Dim, stamp)
	}
	return title, append(rows, l.String())
}

// latest is the newest line of a run's story.
func (s *compareDialog) latest(r *timeline.Run) pane.Story {
	if list := s.ctxOf(r, s.m.screens.Theme).Stories(0, 1, ""); len(list) > 0 {
		return list[0]
	}
	return pane.Story{Text: "nothing"}
}

// why explains the first difference by the rules that decided it.
func (s *compareDialog) why() *kit.Card {
	card := &kit.Card{Title: "Why they differ", Body: []kit.Para{{Style: kit.Strong, Text: "A, " + s.m.tl.Name() + ", has " + s.c.Sentence}, {}}}
	if !s.first.found {
		return card
	}
	card.Body = append(card.Body, kit.Para{Style: kit.Dim, Text: "first they differ at " + pane.Clock(s.first.at)}, kit.Para{Text: "A  " + s.first.a.text}, kit.Para{Text: "B  " + s.first.b.text}, kit.Para{})
	for i, id := range slices.Concat(s.first.a.rules, s.first.b.rules) {
		if r, ok := rule.Find(id); ok && !(i >= len(s.first.a.rules) && slices.Contains(s.first.a.rules, id)) {
			card.Body = append(card.Body, ruleParas(&r)...)
		}
	}
	return card
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
		x, y := storyLine{at: now, text: "nothing yet"}, storyLine{at: now, text: "nothing yet"}
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x.at != y.at || x.text != y.text {
			s.first.at, s.first.found, s.first.a, s.first.b = min(x.at, y.at), true, x, y
			return
		}
	}
}

// storyLine is a line of a run's story.
type storyLine struct {
	at    engine.Micros
	text  string
	rules []rule.ID
}

// lines are what the events of a run say, oldest first.
func (s *compareDialog) lines(r *timeline.Run, events []engine.Event) (out []storyLine) {
	n := &narrate.Narrator{World: r.Sim(), Short: true, Shown: true, Mapping: s.m.at, Own: func(int64) bool { return false }}
	lines := n.Read()
	for i := len(events) - 1; i >= 0; i-- {
		if l, ok := lines.Line(events, i); ok {
			out = append(out, storyLine{events[i].At, l.Text, l.Rules})
		}
	}
	slices.Reverse(out)
	return out
}
